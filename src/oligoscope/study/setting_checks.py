"""Settings without effect given the others: refused, because their author expects an effect."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from oligoscope.bilingual import Text
from oligoscope.study.analysis_checks import Fault
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.protocol import (
    MatchingSettings,
    ProgressionSettings,
    Protocol,
    ResponseSettings,
    Settings,
)
from oligoscope.study.report_parts import FIGURES, TABLES, kind_of
from oligoscope.study.setting_types import nearest, not_among
from oligoscope.study.shown_names import words_not_made
from oligoscope.study.weighting_settings import WeightingSettings

# Where responses are those already given, nothing of these is derived.
_OF_LESIONS = ("criteria", "partial_sum_pd", "pr_continues_until_pd", "pd_date", "response_date")


def _says_something(text: str) -> bool:
    """Whether a reader finds a word in it: points, spaces and signs without width are none."""
    return any(sign.isalnum() for sign in text)


def check_settings(protocol: Protocol) -> Iterator[Fault]:
    """Settings of one section that rule each other out."""
    if protocol.response.source == "assessments":
        for name in _changed(protocol.response, _OF_LESIONS):
            yield _fault(protocol.response, "response", name, _GIVEN)
    matching = protocol.matching
    if matching.method == "optimal" or matching.replace:
        for name in _changed(matching, ("order",)):
            yield _fault(matching, "matching", name, _NO_ORDER)
    # The logit is what standard deviations of it are distances on; of a study preset the scale is not the author's choice.
    if matching.caliper is None and matching.caliper_scale == "logit" and protocol.study.preset is None:
        yield _fault(matching, "matching", "caliper_scale", _NO_CALIPER)
    if matching.unseal is not None and not all(
        map(_says_something, (matching.unseal.zh, matching.unseal.en))
    ):
        yield ("matching", "unseal"), None, _NO_REASON
    yield from _of_weighting(protocol.weighting)
    for setting, kinds in (("figures", FIGURES), ("tables", TABLES)):
        for name, part in getattr(protocol.report, setting).items():
            if kind_of(name, kinds) is None or not all(name.split("_")):  # `survival_` is no name
                listed = not_among(_NOT_SHOWN, nearest(name, tuple(kinds)), ", ".join(kinds))
                yield ("report", setting, name), part, listed
            elif strange := words_not_made(name, kinds, protocol):
                yield ("report", setting, name), part, _not_made(strange)


def _of_weighting(weighting: WeightingSettings) -> Iterator[Fault]:
    if weighting.lead not in weighting.targets:
        yield _fault(weighting, "weighting", "lead", _LEAD_NOT_MADE)
    if weighting.limits != "bootstrap":
        for name in _changed(weighting, ("resamples",)):
            yield _fault(weighting, "weighting", name, _NO_RESAMPLES)


def check_settings_with_data(
    protocol: Protocol, readers: Mapping[str, Collection[str]], *, has_lesions: bool, limits_organs: bool
) -> Iterator[Fault]:
    """Settings that the data, or the definition of progression, leave without an effect.

    Args:
        protocol: The settings.
        readers: The readers named in each table of measurements or given responses; there may be none.
        has_lesions: Whether there are lesions to derive responses from.
        limits_organs: Whether the definition of oligoprogression has a largest number of organs.
    """
    response, progression = protocol.response, protocol.progression
    if response.reader is not None:
        named = {table: sorted(found) for table, found in readers.items() if found}
        table, found = next((t for t in named.items() if response.reader not in t[1]), ("", []))
        if table or not named:
            yield _fault(response, "response", "reader", _no_reader(response.reader, table, found))
    if response.criteria != RECIST_1_1 and response.source == "lesions" and not has_lesions:
        yield _fault(response, "response", "criteria", _no_lesions(CRITERIA[response.criteria].printed))
    if progression.mediastinal_nodes_are_organ != "preset" and not limits_organs:
        yield _fault(progression, "progression", "mediastinal_nodes_are_organ", _NO_LIMIT)


def _changed(settings: Settings, names: tuple[str, ...]) -> Iterator[str]:
    """Those that do not have their default, which may always be written out."""
    fields = type(settings).model_fields
    return (name for name in names if getattr(settings, name) != fields[name].default)


def _fault(
    settings: MatchingSettings | ProgressionSettings | ResponseSettings | WeightingSettings,
    section: str,
    name: str,
    why: Text,
) -> Fault:
    value = getattr(settings, name)
    return (section, name), str(value).lower() if isinstance(value, bool) else str(value), why


_NO_REASON = Text(
    "须写明理由（中英文各一句，或一句通用），因为它会印在匹配后的每处结果旁；写 null 则不给出。",
    "must be a reason, in both languages or one sentence for both, because it is printed beside the estimates; null keeps them withheld",
)
_NOT_SHOWN = Text("报告中没有这样的图或表", "no such table or figure of the report")
_GIVEN = Text(
    "source: assessments 时疗效取自已有评价，此设置不起作用；请删去，或改为 source: lesions。",
    "has no effect with source: assessments, where responses are those already given; delete it, or set source: lesions",
)
_LEAD_NOT_MADE = Text(
    "不在 targets 之中：请加入，或改选其中之一", "is not among `targets`: add it there, or choose one of them"
)
_NO_RESAMPLES = Text(
    "只在 limits: bootstrap 时起作用；请删去", "has no effect unless `limits` is bootstrap; delete it"
)
_NO_ORDER = Text(
    "最优匹配（默认）或有放回的匹配没有先后次序，此设置不起作用；请删去，或改为 method: nearest。",
    "has no effect where matching is optimal (the default) or with replacement: the order does not matter; delete it, or set method: nearest",
)
_NO_CALIPER = Text(
    "未设卡钳值（caliper: null），距离本就按 logit 计，此设置不起作用；请删去，或设定卡钳值。",
    "has no effect without a caliper: distances are on the logit anyway; delete it, or set one",
)
_NO_LIMIT = Text(
    "所用的寡进展定义不限器官数，此设置不起作用；请删去，或设定 max_organs。",
    "has no effect: the definition of oligoprogression does not limit the number of organs; delete it, or set max_organs",
)


def _not_made(words: list[str]) -> Text:
    named = ", ".join(words)
    return Text(
        f"本研究不会生成这样的图或表：没有任何分析含有 {named}；请改正名称（figures 文件夹与 tables.xlsx 列有全部名称），或删去。",
        f"the study makes no such table or figure: no analysis has {named}; correct the name (the folder figures and tables.xlsx "
        "have all of them), or delete it",
    )


def _no_lesions(criteria: Text) -> Text:
    return Text(
        f"没有病灶资料，无法推导 {criteria.zh}；请补充 lesions 与 measurements，或改为 {RECIST_1_1}。",
        f"{criteria.en} is derived from lesions, and there are none; add lesions and measurements, or set {RECIST_1_1}",
    )


def _no_reader(reader: str, table: str, readers: list[str]) -> Text:
    if not readers:
        return Text(
            "资料中没有阅片者（reader）一列；请删去。", "the data have no column of readers; delete it"
        )
    what = Text(f"{table} 中没有此阅片者", f"{table} have no such reader")
    return not_among(what, nearest(reader, tuple(readers)), ", ".join(readers))
