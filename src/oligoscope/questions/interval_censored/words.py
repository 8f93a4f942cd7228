"""Interval-censored PFS in words."""

from __future__ import annotations

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cautions import is_described_only
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import is_significant, joined, keys_of, p_words
from oligoscope.questions.interval_censored.compared import NO_COMPARISON, Compared, compared
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.reported import ASSESSMENT_INTERVAL
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def intervals_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """Whether the ratio is another when progression is placed between assessments, and whether the groups were assessed alike."""
    found = compared(results, population, by)
    if found is None or found.ratio is None or found.ratio.value is None or found.as_dated is None:
        return None
    schedule = found.of_both(Statistic.P_VALUE, ASSESSMENT_INTERVAL.name)
    medians = [found.of(g, Statistic.MEDIAN, ASSESSMENT_INTERVAL.name) for g in found.groups]
    sentences = [_ratios(found.ratio, found.as_dated)]
    if is_described_only(population, by, Outcome.PFS):
        sentences.append(NO_COMPARISON)
    known = [m for m in medians if m is not None and m.value is not None]
    if schedule is not None and schedule.value is not None and len(known) == len(found.groups):
        sentences.append(_schedule(found, known, schedule))
        printed = (found.ratio, found.as_dated, *known, schedule)
    else:
        printed = (found.ratio, found.as_dated)
    return Paragraph(joined(sentences), keys_of(*printed))


def _ratios(ratio: Estimate, dated: Estimate) -> Text:
    shown = Text(*(_with_limits(ratio, language) for language in LANGUAGES))
    usual = Text(*(_with_limits(dated, language) for language in LANGUAGES))
    return Text(
        f"将进展置于两次评估之间时，无进展生存期的风险比为 {shown.zh}；按评估日期为 {usual.zh}。",
        f"With progression placed between two assessments the hazard ratio of progression-free survival was {shown.en}; with the times as "
        f"dated it was {usual.en}.",
    )


def _schedule(found: Compared, medians: list[Estimate], p: Estimate) -> Text:
    names = [in_sentence(name_of(g)) for g in found.groups]
    shown = [format_number(m.value, m.statistic.decimals) for m in medians]
    zh = "，".join(f"{n.zh}组 {x} 个月" for n, x in zip(names, shown, strict=True))
    en = " and ".join(f"{x} months with {n.en}" for n, x in zip(names, shown, strict=True))
    differ = Text("差异有统计学意义", "the difference was statistically significant")
    alike = Text("差异无统计学意义", "the difference was not statistically significant")
    verdict = differ if is_significant(p) else alike
    return Text(
        f"前半年评估间隔的中位数：{zh}，{verdict.zh}（{p_words(p, 'zh')}）。",
        f"The median time between assessments in the first half-year was {en}; {verdict.en} ({p_words(p, 'en')}).",
    )


def _with_limits(e: Estimate, language: Language) -> str:
    value = format_number(e.value, e.statistic.decimals)
    limits = interval_words(e.low, e.high, e.statistic.decimals, language)
    return {"zh": f"{value}（{limits}）", "en": f"{value} ({limits})"}[language]
