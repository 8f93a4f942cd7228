"""Which first event, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import includes_one, is_significant, joined, keys_of, p_words, ratio_text
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.questions.competing_risks.table import INCIDENCE_AT
from oligoscope.results.analyses import COMPETING_RISKS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import in_sentence, parts_of, people_with
from oligoscope.study.vocabulary import name_of


def competing_risks_paragraph(results: Results, population: str) -> Paragraph | None:
    """Incidence of each first event at a year, then the variables whose Gray's test is below 0.05."""
    keys: dict[str, Any] = {"analysis": COMPETING_RISKS, "population": population}
    found = results.find(**keys, statistic=at_months(Statistic.INCIDENCE, INCIDENCE_AT))
    at = [e for e in found if e.value is not None]
    if not at:
        return None
    zh = "，".join(f"{name_of(e.group).zh} {_share(e, 'zh')}" for e in at)
    *first, last = (f"{_share(e, 'en')} for {in_sentence(name_of(e.group)).en}" for e in at)
    en = f"{', '.join(first)} and {last}" if first else last
    sentences = [
        Text(
            f"{INCIDENCE_AT} 个月时各首个事件的累积发生率：{zh}。",
            f"At {INCIDENCE_AT} months the cumulative incidence of each first event was {en}.",
        )
    ]
    used: list[Estimate | None] = [*at]
    compared = results.find(**keys)
    for ratio in results.find(**keys, statistic=Statistic.SUBDISTRIBUTION_HAZARD_RATIO):
        own: dict[str, Any] = keys | {"outcome": ratio.outcome, "variable": ratio.variable}
        p = results.get(**own, statistic=Statistic.P_VALUE_GRAY)
        if ratio.value is not None and is_significant(p):
            cause = results.get(**own, level=ratio.level, statistic=Statistic.CAUSE_SPECIFIC_HAZARD_RATIO)
            statistic = statistic_of(compared, p)
            sentences.append(_more_often_text(ratio, p, statistic, cause))
            used += [ratio, p, statistic, cause]
    return Paragraph(joined(sentences), keys_of(*used))


def _share(estimate: Estimate, language: Language) -> str:
    """Per cent, with its limits."""
    value = format_number(100 * (estimate.value or 0), 1)
    if estimate.low is None or estimate.high is None:
        return f"{value}%"
    limits = interval_words(100 * estimate.low, 100 * estimate.high, 1, language, "%")
    return {"zh": f"{value}%（{limits}）", "en": f"{value}% ({limits})"}[language]


def _more_often_text(
    ratio: Estimate, p: Estimate | None, statistic: Estimate | None, specific: Estimate | None
) -> Text:
    cause = in_sentence(name_of(ratio.outcome))
    a, b = (people_with(ratio.variable, level) for level in parts_of(ratio.level))
    start, numbers = cause.en[:1].upper() + cause.en[1:], _gray(ratio, p, statistic, specific)
    if (ratio.value or 0) < 1:
        return Text(
            f"{a.zh}{cause.zh}的发生率低于{b.zh}，差异有统计学意义（{numbers.zh}）。",
            f"{start} was less frequent in {a.en} than in {b.en} ({numbers.en}).",
        )
    return Text(
        f"{a.zh}{cause.zh}的发生率高于{b.zh}，差异有统计学意义（{numbers.zh}）。",
        f"{start} was more frequent in {a.en} than in {b.en} ({numbers.en}).",
    )


def _gray(ratio: Estimate, p: Estimate | None, statistic: Estimate | None, specific: Estimate | None) -> Text:
    """The P of Gray's test, then both ratios: of the subdistribution and, cause by cause, of the hazards."""
    numbers = ratio_text("sHR", ratio, None)
    zh, en = ("" if p is None else p_words(p, language, statistic) for language in LANGUAGES)
    both = Text("", "")
    if specific is not None and specific.value is not None:
        hazards = ratio_text("HR", specific, None)
        both = Text(f"；特定原因 {hazards.zh}", f"; cause-specific {hazards.en}")
    note = _including_one(ratio, specific)
    return Text(
        f"Gray 检验 {zh}；{numbers.zh}{both.zh}{note.zh}",
        f"Gray's test {en}; {numbers.en}{both.en}{note.en}",
    )


def _including_one(ratio: Estimate, specific: Estimate | None) -> Text:
    """Which of the two ratios has limits that include 1; blank where neither has."""
    own, other = includes_one(ratio), specific is not None and includes_one(specific)
    if own and other:
        return Text("；两者的置信区间均包含 1", "; the limits of both include 1")
    if own:
        return Text("；sHR 的置信区间包含 1", "; the limits of the sHR include 1")
    if other:
        return Text("；特定原因 HR 的置信区间包含 1", "; the limits of the cause-specific HR include 1")
    return Text("", "")
