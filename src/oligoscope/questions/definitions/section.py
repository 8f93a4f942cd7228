"""The definitions side by side, in the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import KEY_RESULTS, POPULATION, PROGRESSED_WHEN
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Methods,
    Parts,
    Section,
    Sentence,
    Threat,
)
from oligoscope.printing.method_texts import given
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.definitions.changing_table import (
    changing_definitions,
    tabulate_changing_definitions,
)
from oligoscope.questions.definitions.figure import draw_reclassification
from oligoscope.questions.definitions.resistance_words import resistance_paragraph
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.questions.definitions.words import (
    definitions_paragraph,
    dependence_sentence,
    ratios_between_patterns,
)
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.protocol import Protocol


def definitions_in_short(draft: Draft) -> Iterator[Block | None]:
    """How far the share of oligoprogression moves with the definition."""
    chosen = draft.protocol.progression.preset
    yield definitions_paragraph(draft.results, POPULATION, Pattern.OLIGO.value, chosen, in_short=True)


def resistance_section(draft: Draft) -> Iterator[Block | None]:
    """The types of resistance, which the time of progression decides with the response."""
    for population, _ in draft.protocol.asked(analyses.RECLASSIFICATION):
        yield resistance_paragraph(draft.results, population, draft.protocol.resistance.preset)


def definitions_section(draft: Draft) -> Iterator[Block | None]:
    """Labels under every definition, for the patterns and the types of resistance."""
    protocol, results = draft.protocol, draft.results
    chosen = {"pattern": protocol.progression.preset, "resistance": protocol.resistance.preset}
    for population, _ in protocol.asked(analyses.RECLASSIFICATION):
        keys: dict[str, Any] = {"analysis": analyses.RECLASSIFICATION, "population": population}
        found = results.find(**keys)
        if not any(e.level for e in found):
            yield from withheld_notice(found)
            continue
        yield definitions_paragraph(results, population, Pattern.OLIGO.value, chosen["pattern"])
        for outcome, preset in chosen.items():
            if results.find(**keys, outcome=outcome, statistic=Statistic.PERCENT):
                yield draft.table(tabulate_reclassification, population, outcome, preset)
                yield draft.figure(draw_reclassification, population, outcome, preset)
        if changing_definitions(results, population):
            yield draft.table(tabulate_changing_definitions, population)


def pattern_depends(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That another definition would name other patients, and whether the comparison would differ."""
    if results.find(
        analysis=analyses.RECLASSIFICATION,
        outcome="pattern",
        level=Pattern.OLIGO.value,
        statistic=Statistic.PERCENT,
    ):
        said = dependence_sentence(results, POPULATION)
        used = ratios_between_patterns(results, POPULATION)
        yield (_DEPENDS, ()) if said is None else (said, tuple(used))


_DEPENDS = Text(
    "进展模式取决于所用定义；各定义下的比例及与本研究定义的一致率见相应一节。",
    "The pattern depends on the definition in use; the section on definitions gives shares and agreement under each.",
)
_CHAPTER = Chapter("definitions", Text("对定义的敏感性", "Sensitivity to the definition"), strobe=(12, 17))


def agreement_methods(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """How definitions were compared, where they were."""
    if given(results, Statistic.KAPPA, analysis=analyses.RECLASSIFICATION):
        yield Text(
            "各定义之间的一致性用一致率与 Cohen κ 描述。",
            "Agreement between definitions is given as a share and as Cohen's κ.",
        )


PARTS = Parts(
    (
        Section(definitions_in_short, KEY_RESULTS),
        Section(resistance_section, PROGRESSED_WHEN),
        Section(definitions_section, _CHAPTER),
    ),
    (Methods(agreement_methods, compares_groups=True),),
    limitations=(Limitation(Threat.DEFINITION, pattern_depends),),
)
