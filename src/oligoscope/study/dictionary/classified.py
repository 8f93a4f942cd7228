"""Every column of a cohort that a team has classified, besides those of patients: labels, and times with their events."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.drugs import read_regimen
from oligoscope.study.dictionary.given import PROGRESSION_COLUMNS
from oligoscope.study.dictionary.levels import REGIMENS, RESPONSES
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Pattern, Resistance
from oligoscope.study.dictionary.variable import DAYS, MONTHS, WEEKS, LevelName, Variable, level

_PROGRESSED_ON, _N_LESIONS, _ORGANS, _DIFFUSE, _BASELINE_ORGANS = PROGRESSION_COLUMNS[2:]
_DIED = ("death", "died", "dead", "deceased", "expired", "死亡", "已死亡", "死亡病例", "去世", "故")
_ALIVE = ("alive", "living", "survived", "存活", "生存", "健在")
_PROGRESSED = (
    "progression",
    "progressed",
    "progressive disease",
    "PD",
    "relapse",
    "recurrence",
    "进展",
    "疾病进展",
    "复发",
)
_NOT_PROGRESSED = ("no progression", "not progressed", "progression-free", "未进展", "无进展")
_HAPPENED = ("1.0", "yes", "true", "y", "是", "有", "发生", "已发生")
_NOT_HAPPENED = (
    "0.0", "no", "false", "n", "否", "无", "未发生", "censor", "no event", "ongoing", "截尾", "失访", "lost to follow-up",
)  # fmt: skip
# As cBioPortal names them, too.
_ALSO = {
    Outcome.PFS: (
        "progress free survival",
        "progression free",
        "无进展生存时间",
        "无进展生存",
        "PFS时间",
        "PFS time",
    ),
    Outcome.OS: ("总生存时间", "总生存", "生存时间", "OS时间", "OS time", "survival time"),
    Outcome.PPS: ("进展后生存时间", "进展后生存", "PPS时间", "PPS time"),
}
# Names of columns that say whether a time ended in the event.
_EVENT_NAMES = {
    Outcome.PFS: ("是否进展", "是否进展或死亡", "进展事件", "Progression event", "PFS event indicator"),
    Outcome.OS: ("是否死亡", "死亡事件", "死亡结局", "Death event", "Death indicator", "OS event indicator"),
}
UNITS_OF_TIME = (DAYS, WEEKS, MONTHS)


def time_name(outcome: str, unit: str) -> str:
    """`os_months`: the column of a time as a team gives it."""
    return f"{outcome}_{unit}"


def _times(outcome: Outcome) -> tuple[Variable, ...]:
    """A time in each unit, and whether it ended in the event."""
    by_death = outcome in {Outcome.OS, Outcome.PPS}
    happened = (*_HAPPENED, *_DIED, *(() if by_death else _PROGRESSED))
    ended_without = (*_NOT_HAPPENED, *_ALIVE, *(() if by_death else _NOT_PROGRESSED))
    short, zh, en = (
        outcome.upper(),
        outcome.printed.zh,
        outcome.printed.en[:1].lower() + outcome.printed.en[1:],
    )
    times = (
        Variable(
            time_name(outcome, unit.word), outcome.printed, "number", unit=unit, low=0, high=40_000, decisive=True,
            aliases=(f"{short}({unit.word})", f"{short}, {unit.word}", f"{short}{unit.sign.zh}", f"{short}({unit.sign.zh})",
                     f"{zh}({unit.sign.zh})", *(f"{name}({unit.word})" for name in _ALSO.get(outcome, ()))),
            decides=Text(f"{zh}的时间", f"the time of {en}"),
            lost_without=Text(f"没有日期时，{zh}不可用", f"without dates, no {en}"),
        )
        for unit in UNITS_OF_TIME
        if unit.sign is not None
    )  # fmt: skip
    event = Variable(
        outcome.event, Text(f"{zh}的结局", f"{outcome.printed.en}: event"), "level",
        (
            LevelName("1", Text("事件", "Event"), synonyms=happened),
            LevelName("0", Text("删失", "Censored"), synonyms=ended_without),
        ),
        decisive=True,
        aliases=(f"{short} status", f"{short}状态", f"{short}事件", f"{short}结局", *_EVENT_NAMES.get(outcome, ()), *(f"{name} status" for name in (en, *_ALSO.get(outcome, ())))),
        decides=Text(f"{zh}以事件还是以删失结束", f"whether {en} ended in the event or was censored"),
        lost_without=Text(f"{zh}的时间不可用", f"the time of {en} cannot be used"),
    )  # fmt: skip
    return *times, event


COHORT_COLUMNS = (
    Variable(
        "pattern",
        Text("进展模式", "Progression pattern"),
        "level",
        (
            LevelName(
                Pattern.OLIGO,
                Text("寡进展", "Oligoprogression"),
                synonyms=("oligo", "oligoprogressive", "OP", "OPD", "寡", "寡转移进展"),
            ),
            LevelName(
                Pattern.SYSTEMIC,
                Text("广泛进展", "Systemic progression"),
                synonyms=("widespread", "diffuse", "polyprogression", "SP", "SPD", "系统性进展", "全身进展", "多发进展", "弥漫进展"),
            ),
        ),
        decisive=True,
        aliases=(
            "进展类型", "进展方式", "进展分型", "首次进展模式", "寡进展/广泛进展", "PD pattern", "Pattern of progression", "Pattern of PD",
            "Progression type", "Type of progression", "PD type", "First progression pattern",
        ),
        decides=Text("团队判定的进展模式：分组", "the team's pattern: the groups compared"),
        lost_without=Text("按我们的规则由进展病灶推导；两者皆无则无法按模式比较", "derived by our rules from the progressing lesions; without these no comparison by pattern"),
    ),
    Variable(
        "resistance",
        Text("耐药类型", "Resistance type"),
        "level",
        (
            LevelName(
                Resistance.PRIMARY, Text("原发性耐药", "Primary resistance"), synonyms=("原发", "原发耐药")
            ),
            LevelName(
                Resistance.ACQUIRED,
                Text("继发性耐药", "Acquired resistance"),
                synonyms=("secondary", "secondary resistance", "继发", "继发耐药", "获得性", "获得性耐药"),
            ),
            LevelName(Resistance.UNCONFIRMED_PRIMARY, Text("未确认的原发性耐药", "Unconfirmed primary resistance")),
            LevelName(Resistance.NOT_ACQUIRED, Text("不符合继发定义", "Not acquired by definition")),
            LevelName(Resistance.UNCLASSIFIABLE, Text("无法分类", "Unclassifiable")),
        ),
        decisive=True,
        aliases=(
            "耐药模式", "耐药类别", "耐药分型", "耐药分类", "免疫耐药类型", "原发/继发耐药", "Resistance pattern", "Type of resistance",
            "Resistance category", "Resistance class", "ICI resistance", "ICI resistance type",
        ),
        decides=Text("团队判定的耐药类型", "the team's type of resistance"),
        lost_without=Text("按我们的规则由最佳疗效与 PFS 推导", "derived by our rules from best response and PFS"),
    ),
    Variable(
        "best_response", Text("最佳疗效", "Best response"), "level", RESPONSES, decisive=True, aliases=("BOR", "最佳总体疗效"),
        decides=Text("缓解率与耐药类型", "response rates and the type of resistance"),
        lost_without=Text("缓解率不可用；耐药类型只能由团队给出", "no response rates; the type of resistance only as given"),
    ),
    _PROGRESSED_ON,
    _N_LESIONS,
    _ORGANS,
    _DIFFUSE,
    _BASELINE_ORGANS,
    Variable(
        "line_regimen",
        Text("后线治疗方案", "Later-line regimen"),
        "level",
        REGIMENS,
        aliases=("second_line_regimen", "二线方案", "二线治疗方案"),
        decides=Text("后线方案的比较", "the comparison of later regimens"),
        lost_without=Text("后线方案的比较不可用", "no comparison of later regimens"),
        composed=read_regimen,
    ),
    Variable(
        "local_after_progression", Text("进展后局部治疗", "Local treatment after progression"), "level",
        (level("yes", "是", "Yes", "y", "有", "true", "1"), level("no", "否", "No", "n", "无", "false", "0")),
        decides=Text("进展后是否接受局部治疗", "whether there was local treatment after progression"),
        lost_without=Text("局部治疗的分析不可用", "no analysis of local treatment"),
    ),
    *(column for outcome in Outcome for column in _times(outcome)),
)  # fmt: skip
