"""Baseline characteristics in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.matched_notes import MATCHED
from oligoscope.printing.method_texts import where_asked
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.baseline.question import BASELINE
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.baseline.words import baseline_paragraph
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.study.vocabulary import name_of


def baseline_section(draft: Draft) -> Iterator[Block | None]:
    """The table of each population asked about, before and after matching side by side."""
    for population, by in draft.asked(analyses.BASELINE):
        found = draft.results.find(analysis=analyses.BASELINE, population=population, outcome=by)
        is_given = _has_baseline(draft.results, population, by)
        yield from or_withheld(is_given, _described(draft, population, by), found, name_of(population))


def _described(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    yield baseline_paragraph(draft.results, population, by)
    if population == "progressed" and _has_baseline(draft.results, MATCHED, by):
        yield draft.table(tabulate_baseline_before_after, population, MATCHED, by)
    elif population != MATCHED or not _has_baseline(draft.results, "progressed", by):
        yield draft.table(tabulate_baseline, population, by)


def _has_baseline(results: Results, population: str, by: str) -> bool:
    found = results.find(analysis=analyses.BASELINE, population=population, outcome=by)
    return any(e.value is not None for e in found)


METHODS = Text(
    "分类变量用 Pearson *χ*² 检验（期望频数低时用 Fisher 精确检验），数值变量按正态性用 *t* 检验或 Mann-Whitney *U* 检验；"
    "另报告标准化均数差。",
    "Categories were compared by Pearson's chi-square test (Fisher's exact test where expected counts were low), "
    "numbers by a *t* test or the Mann-Whitney *U* test according to normality; standardised mean differences are "
    "given as well.",
)
PARTS = Parts(
    (Section(baseline_section, Chapter("baseline", BASELINE.kind.printed, strobe=(11, 14))),),
    (Methods(where_asked(analyses.BASELINE, METHODS), compares_groups=True),),
)
