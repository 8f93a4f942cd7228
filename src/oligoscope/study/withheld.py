"""Why a number is withheld or must be read with care: warnings as sentences in both languages.

An estimate's `warning` holds one or more of the words below, divided by `; ` and followed where
needed by `name=value` parts: `too_few_events minimum=5`. A warning that begins with none of them
stands for itself.
"""

from __future__ import annotations

import re

from oligoscope.study.vocabulary import Text

WARNINGS: dict[str, Text] = {
    "too_few_events": Text("有一组的事件数少于 {minimum} 例", "a group has fewer than {minimum} events"),
    "one_group_only": Text("仅有一组患者，无法比较", "there is one group only, so nothing can be compared"),
    "no_events": Text("没有发生事件", "no event happened"),
    "no_patients": Text("没有患者", "there are no patients"),
    "not_reached": Text("未达到", "it was not reached"),
    "not_converged": Text("模型未收敛", "the model did not converge"),
    "too_few_patients": Text("患者太少，无法检验", "there are too few patients for the test"),
    "one_level_only": Text("该变量只有一个水平", "the variable has one level only"),
    "beyond_follow_up": Text("超出随访时间", "it lies beyond the follow-up"),
    "group_known_only_at_progression": Text(
        "分组在首次进展时才知道，而计时从治疗开始（永恒时间偏倚）",
        "the group is known only at the first progression, while time counts from treatment start (immortal time bias)",
    ),
    "true_by_construction": Text(
        "分组由该结局本身定义，差异是定义使然",
        "the groups are defined by this outcome, so the difference follows from the definition",
    ),
    "events are found on one side of the variable only": Text(
        "事件只出现在一组，风险比为 0 或无穷大",
        "events are found in one group only, so the hazard ratio is 0 or infinite",
    ),
    "the variable is constant or repeats other variables": Text(
        "变量为常数或与其他变量重复，风险比不存在",
        "the variable is constant or repeats others, so no hazard ratio exists",
    ),
    "the likelihood did not come to a maximum": Text(
        "似然未达到最大值", "the likelihood did not come to a maximum"
    ),
    "A standardized mean difference needs": Text(
        "患者太少，无法计算标准化均数差", "there are too few patients for a standardised mean difference"
    ),
}

_PART = re.compile(r"(\w+)=([\w.%-]+)")

# These say how far a curve goes, not that a comparison is in doubt.
OF_CURVES = frozenset({"not_reached", "beyond_follow_up"})


def reason(warning: str) -> Text:
    """The sentence part that says why, in both languages; unknown words stand for themselves."""
    found = list(dict.fromkeys(_one(part) for part in warning.split("; ") if part))
    return Text("；".join(t.zh for t in found), "; ".join(t.en for t in found))


def _one(warning: str) -> Text:
    template = next((text for word, text in WARNINGS.items() if warning.startswith(word)), None)
    if template is None:
        return Text(warning, warning)
    parts = dict(_PART.findall(warning))
    try:
        return Text(template.zh.format(**parts), template.en.format(**parts))
    except KeyError:
        return Text(warning, warning)
