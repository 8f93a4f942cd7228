"""Survival by what had happened until then, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.adjusted_ratios import with_adjusted
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.changing_hazards import change_of, changing_in_words
from oligoscope.printing.sentences import (
    is_significant,
    joined,
    keys_of,
    ratio_text,
)
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.questions.landmark.states import between_patterns
from oligoscope.questions.landmark.table import landmarks_of
from oligoscope.results.analyses import LANDMARK, TIME_DEPENDENT
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, parts_of
from oligoscope.study.vocabulary import name_of


def landmark_paragraph(results: Results, population: str) -> Paragraph | None:
    """The two patterns compared from each landmark."""
    sentences: list[Text] = []
    used: list[Estimate | None] = []
    for landmark in landmarks_of(results, population):
        keys: dict[str, Any] = {"population": population, "outcome": Outcome.OS, "variable": landmark}
        compared = between_patterns(results.find(analysis=LANDMARK, **keys))
        statistic = statistic_of(compared.values(), compared.get(Statistic.P_VALUE))
        ratio, p = compared.get(Statistic.HAZARD_RATIO), compared.get(Statistic.P_VALUE)
        if ratio is None:
            continue
        months = landmark.months
        when = Text(f"从 {months} 个月的界标起", f"from the {months}-month landmark")
        adjusted = [compared.get(s) for s in (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED)]
        sentences.append(survival_text(when, OVERALL, ratio, p, statistic, *adjusted))
        used += [ratio, p, statistic, *adjusted]
        if (change := change_of(results, ratio)) is not None:
            sentences += changing_in_words(change)
            used += change.printed
    return Paragraph(joined(sentences), keys_of(*used)) if sentences else None


def time_dependent_paragraph(results: Results, population: str) -> Paragraph | None:
    """The two patterns compared from the day each is known."""
    keys: dict[str, Any] = {"analysis": TIME_DEPENDENT, "population": population, "outcome": Outcome.OS}
    compared = between_patterns(results.find(**keys))
    ratio, p = compared.get(Statistic.HAZARD_RATIO), compared.get(Statistic.P_VALUE)
    if ratio is None:
        return None
    change = change_of(results, ratio)
    adjusted = [compared.get(s) for s in (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED)]
    used = (ratio, p, *adjusted, *(() if change is None else change.printed))
    return Paragraph(joined([_hazard_text(ratio, p, *adjusted), *changing_in_words(change)]), keys_of(*used))


def _hazard_text(
    ratio: Estimate, p: Estimate | None, adjusted: Estimate | None, p_adjusted: Estimate | None
) -> Text:
    """The hazard of death after either progression: such a ratio compares no survival curves."""
    a, b = (in_sentence(name_of(g)) for g in parts_of(ratio.group))
    if ratio.value is None:
        why = ratio.warning.printed
        return Text(
            f"时依 Cox 模型不给出风险比：{why.zh}。",
            f"In the time-dependent Cox model no hazard ratio is given: {why.en}.",
        )
    numbers = with_adjusted(ratio_text("HR", ratio, p), adjusted, p_adjusted)
    if p is None or p.value is None:
        return Text(
            f"时依 Cox 模型中，{a.zh}后与{b.zh}后的死亡风险相比：{numbers.zh}。",
            f"In the time-dependent Cox model the hazard of death after {a.en} against that after {b.en}: {numbers.en}.",
        )
    if not is_significant(p):
        return Text(
            f"时依 Cox 模型中，{a.zh}后与{b.zh}后的死亡风险差异无统计学意义（{numbers.zh}）。",
            f"In the time-dependent Cox model the difference in the hazard of death after {a.en} and after {b.en} was not "
            f"statistically significant ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"时依 Cox 模型中，{a.zh}后的死亡风险低于{b.zh}后，差异有统计学意义（{numbers.zh}）。",
            f"In the time-dependent Cox model the hazard of death was lower after {a.en} than after {b.en} ({numbers.en}).",
        )
    return Text(
        f"时依 Cox 模型中，{a.zh}后的死亡风险高于{b.zh}后，差异有统计学意义（{numbers.zh}）。",
        f"In the time-dependent Cox model the hazard of death was higher after {a.en} than after {b.en} ({numbers.en}).",
    )


OVERALL = Text("总生存期", "overall survival")


def survival_text(
    when: Text,
    what: Text,
    ratio: Estimate,
    p: Estimate | None,
    statistic: Estimate | None,
    adjusted: Estimate | None,
    p_adjusted: Estimate | None,
) -> Text:
    """Whether survival differs, and which way; P decides whether a difference is claimed."""
    a, b = (in_sentence(name_of(g)) for g in parts_of(ratio.group))
    start = when.en[:1].upper() + when.en[1:]
    if ratio.value is None:
        why = ratio.warning.printed
        return Text(f"{when.zh}，不给出风险比：{why.zh}。", f"{start} no hazard ratio is given: {why.en}.")
    numbers = with_adjusted(ratio_text("HR", ratio, p, statistic), adjusted, p_adjusted)
    if p is None or p.value is None:
        return Text(
            f"{when.zh}，{a.zh}与{b.zh}患者的{what.zh}相比：{numbers.zh}。",
            f"{start}, {what.en} with {a.en} against {b.en}: {numbers.en}.",
        )
    if not is_significant(p):
        return Text(
            f"{when.zh}，{a.zh}与{b.zh}患者的{what.zh}差异无统计学意义（{numbers.zh}）。",
            f"{start}, the difference in {what.en} between {a.en} and {b.en} was not statistically significant ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"{when.zh}，{a.zh}患者的{what.zh}长于{b.zh}患者，差异有统计学意义（{numbers.zh}）。",
            f"{start}, {what.en} was longer with {a.en} than with {b.en} ({numbers.en}).",
        )
    return Text(
        f"{when.zh}，{a.zh}患者的{what.zh}短于{b.zh}患者，差异有统计学意义（{numbers.zh}）。",
        f"{start}, {what.en} was shorter with {a.en} than with {b.en} ({numbers.en}).",
    )
