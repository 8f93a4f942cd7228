"""Which first event, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading
from oligoscope.printing.chapters import UNBIASED
from oligoscope.printing.document_parts import Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import where_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.competing_risks.figure import draw_incidence
from oligoscope.questions.competing_risks.question import COMPETING_RISKS
from oligoscope.questions.competing_risks.table import tabulate_competing_risks, tabulate_incidence
from oligoscope.questions.competing_risks.words import competing_risks_paragraph
from oligoscope.results import analyses


def competing_risks_section(draft: Draft) -> Iterator[Block | None]:
    """Cumulative incidence of each first event, and what goes with it."""
    for population in dict.fromkeys(p for p, _ in draft.protocol.asked(analyses.COMPETING_RISKS)):
        found = draft.results.find(analysis=analyses.COMPETING_RISKS, population=population)
        if found:
            yield Heading(COMPETING_RISKS.kind.printed, f"competing-{population}", 3)
            is_given = any(e.group and e.value is not None for e in found)
            yield from or_withheld(is_given, _incidence(draft, population), found)


def _incidence(draft: Draft, population: str) -> Iterator[Block | None]:
    yield competing_risks_paragraph(draft.results, population)
    yield draft.table(tabulate_incidence, population)
    if f"incidence/{population}" in draft.results.series:
        yield draft.figure(draw_incidence, population)
    if any(e.outcome for e in draft.results.find(analysis=analyses.COMPETING_RISKS, population=population)):
        yield draft.table(tabulate_competing_risks, population)


METHODS = Text(
    "首个事件（寡进展、广泛进展、未进展而死亡）作为竞争风险：累积发生率用 Aalen-Johansen 法，组间比较用 Gray 检验，"
    "并给出亚分布（Fine-Gray）与原因别（Cox）风险比。",
    "The first event (oligoprogression, systemic progression, death without progression) was analysed as competing risks: "
    "cumulative incidence by the Aalen-Johansen method, compared by Gray's test, with subdistribution (Fine-Gray) and "
    "cause-specific (Cox) hazard ratios.",
)
PARTS = Parts(
    (Section(competing_risks_section, UNBIASED),), (Methods(where_done(analyses.COMPETING_RISKS, METHODS)),)
)
