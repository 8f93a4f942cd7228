"""Crude hazard ratios and those adjusted for covariates, in words: for what, in whom, and with how many events per variable."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.method_texts import given, names_in_sentence
from oligoscope.printing.sentences import ratio_text
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings, Protocol

ADJUSTED = Text("校正后", "Adjusted")


def adjusted_for(
    protocol: Protocol, results: Results, kind: Analysis, patients: str, outcome: str = ""
) -> tuple[str, ...]:
    """The covariates that an analysis was adjusted for, without those that could not be used.

    Args:
        protocol: Its analyses.
        results: Rows with the reason of covariates that could not be used.
        kind: Of the analysis.
        patients: Its population, as Results name it.
        outcome: Its endpoint, where study.yaml asks for one.
    """
    asked = (a for a in protocol.analyses if a.kind == kind and a.patients == patients)
    named = [n for a in asked if not outcome or outcome in a.outcomes for n in a.adjust_for]
    rows = results.find(analysis=kind, population=patients, statistic=Statistic.COVARIATE)
    left_out = {e.variable for e in rows}
    return tuple(dict.fromkeys(n for n in named if n not in left_out))


def were_adjusted_for(protocol: Protocol, results: Results, kind: Analysis) -> tuple[str, ...]:
    """The covariates of the adjusted ratios of an analysis, in any of its patients; none where no such ratio came out."""
    if not given(results, Statistic.HAZARD_RATIO_ADJUSTED, analysis=kind):
        return ()
    asked = (a for a in protocol.analyses if a.kind == kind)
    return tuple(dict.fromkeys(n for a in asked for n in adjusted_for(protocol, results, kind, a.patients)))


def adjusted_note(names: tuple[str, ...], found: Iterable[Estimate]) -> tuple[Text, ...]:
    """What the adjusted ratios below a table or figure hold; none where no ratio was adjusted.

    Args:
        names: The covariates.
        found: Estimates of the analysis, of which the events per variable are read.
    """
    if not names:
        return ()
    text = names_in_sentence(names)
    values = [e.value for e in found if e.statistic == Statistic.EVENTS_PER_PARAMETER and e.value is not None]
    fewest, most = (format_number(of(values), 1) if values else "" for of in (min, max))
    zh = f"，平均每个参数有 {fewest} 个事件" if fewest == most else f"，平均每个参数有 {fewest}~{most} 个事件"
    en = (
        f"; {fewest} events per parameter" if fewest == most else f"; {fewest} to {most} events per parameter"
    )
    counted = Text(zh, en) if values else Text("", "")
    return (
        Text(
            f"校正后：模型另含{text.zh}，只含这些变量均已知的患者{counted.zh}。",
            f"Adjusted: the model also holds {text.en}, in the patients in whom all of these are known{counted.en}.",
        ),
    )


def clause_of_ratios(protocol: Protocol, results: Results, kind: Analysis) -> Text:
    """At the end of a sentence of the Methods: the clause below on its ratios; blank where none came out."""
    if not given(results, Statistic.HAZARD_RATIO, analysis=kind):
        return Text("", "")
    asked = [a for a in protocol.analyses if a.kind == kind]
    clause = crude_clause(asked, were_adjusted_for(protocol, results, kind))
    return Text(f"；{clause.zh}", f"; {clause.en}")


def crude_clause(asked: Iterable[AnalysisSettings], names: tuple[str, ...]) -> Text:
    """In a sentence of the Methods: that hazard ratios are crude, and what they are also adjusted for."""
    least = next((a.minimum_events_per_variable for a in asked if a.adjust_for), None)
    if not names or least is None:
        return Text("风险比未校正", "hazard ratios are unadjusted")
    text, fewest = names_in_sentence(names), f"{least:g}"
    return Text(
        f"风险比未校正者之外，另给校正{text.zh}者（只含这些变量均已知的患者；平均每个参数须有 {fewest} 个以上事件）",
        f"hazard ratios are unadjusted, and also adjusted for {text.en} (in patients in whom all of these are known, with {fewest} events or "
        "more per parameter)",
    )


def with_adjusted(numbers: Text, ratio: Estimate | None, p: Estimate | None) -> Text:
    """The numbers of a crude ratio, followed by those of the adjusted one where it is given."""
    if ratio is None or ratio.value is None:
        return numbers
    more = ratio_text("HR", ratio, p)
    return Text(f"{numbers.zh}；校正后 {more.zh}", f"{numbers.en}; adjusted {more.en}")
