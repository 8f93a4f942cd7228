"""Words that certainly mean that a value is not known, in a column of numbers, dates or levels.

A word that is a level of the column (`unknown` of a driver gene, not evaluated of a lesion) is that level. 未见 and
`none` are not here: nothing seen, or none, may be a finding.
"""

from __future__ import annotations

from oligoscope.study.dictionary.variable import Variable

_SIGNS = (
    "- -- '-- --- — —— – ― − / // \\ . na n/a n.a. n.a n\\a nd n.d. n.d n/d nk n.k. nan null nil <na> #na"
)
_WORDS = (
    "unk unknown unkn notknown notdone notavailable unavailable notapplicable notmeasured nottested nottaken notrecorded "
    "notreported notassessed notevaluated notevaluable notprovided nodata missing blank pending ne "
    "不详 未知 不明 不清 不清楚 未查 未测 未做 未检 未检测 未检查 未测定 未测量 未测得 未评估 未评价 未行 未行检查 未行检测 未送检 未提供 "
    "未记录 未记载 未填 未填写 未获得 无数据 无记录 无资料 资料缺失 数据缺失 缺失 缺 缺如 暂无 暂缺 待查 待补 待测 不适用 不可评估 无法评估 空 空白"
)
_ANYWHERE = frozenset(_SIGNS.split())
_UNKNOWN = frozenset(_WORDS.split())
_BRACKETS = "[](){}<>\"'【】“”"  # [Not Available]
_VALUES = frozenset((*_SIGNS.split(), *_WORDS.split()))
_NO_EVENT = frozenset(
    [
        "无",
        "否",
        "none",
        "no",
        "never",
        "未发生",
        "未出现",
        "无此事件",
        "未到",
        "notreached",
        "失访",
        "losttofollowup",
        "lost",
        "至今",
        "仍在",
    ]
)
# No day, because what the column dates has not happened.
_OF_COLUMN: dict[str, frozenset[str]] = {
    "died_on": _NO_EVENT | frozenset(["存活", "生存", "健在", "在世", "未死亡", "未死", "无死亡", "活", "alive", "living", "survived", "nodeath", "notdead", "surviving", "censored"]),
    "clinical_progression_on": _NO_EVENT
    | frozenset(["未进展", "无进展", "未pd", "无pd", "未见进展", "noprogression", "noprogress", "notprogressed", "progressionfree", "nopd", "censored"]),
    "last_dose_on": _NO_EVENT
    | frozenset(["用药中", "治疗中", "在治", "在用", "持续", "持续用药", "继续用药", "仍在用药", "仍在治疗", "未停药", "ongoing", "continuing", "ontreatment", "stillontreatment", "present"]),
}  # fmt: skip
_OF_COLUMN["progressed_on"] = _OF_COLUMN["clinical_progression_on"]
_OF_COLUMN["ended_on"] = _OF_COLUMN["last_dose_on"]


def means_missing(column: Variable, word: str) -> bool:
    """Whether a word, in the form of `plain`, certainly says that the value of a cell is not known, or that there is none.

    An identifier is never missing by its word; text only by a sign.
    """
    if column.kind == "id":
        return False
    if column.kind == "text" or not column.name:  # the user's own words may be levels
        return word in _ANYWHERE
    return (
        word in _VALUES
        or word.strip(_BRACKETS) in _UNKNOWN
        or word in _OF_COLUMN.get(column.name, frozenset())
    )
