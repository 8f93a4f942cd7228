"""What was found, on the first page: the sentences of the sections below that answer the study's questions."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Notice, Paragraph
from oligoscope.printing.cautions import IMMORTAL_TIME
from oligoscope.printing.matched_notes import MATCHED
from oligoscope.printing.sentences import joined
from oligoscope.questions.definitions.words import definitions_paragraph
from oligoscope.questions.flow.words import flow_paragraph
from oligoscope.questions.response.table import responding_groups
from oligoscope.questions.response.words import response_paragraph
from oligoscope.questions.sites.words import sites_paragraph
from oligoscope.questions.survival.section import of_people
from oligoscope.questions.survival.table import groups_of, outcomes_of
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.questions.timing.words import timing_paragraph
from oligoscope.results.analyses import FLOW, RESPONSE_RATE
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.vocabulary import Pattern

POPULATION, BY = "progressed", "pattern"  # the question of the study
LEAD, FROM_TREATMENT = Outcome.PPS, (Outcome.OS, Outcome.PFS)


def summary_section(results: Results) -> Iterator[Block]:
    """Who, where and when, response, survival from progression, and survival from treatment with its caution."""
    if results.get(analysis=FLOW, population="screened", statistic=Statistic.N) is None:
        return
    yield Heading(Text("主要结果", "Key results"), "summary")
    yield flow_paragraph(results)
    found = (
        definitions_paragraph(results, POPULATION, Pattern.OLIGO.value),
        sites_paragraph(results, POPULATION, BY),
        timing_paragraph(results, POPULATION, BY),
        _response(results),
        *(_survival(results, population, (LEAD,)) for population in (POPULATION, MATCHED)),
    )
    yield from (paragraph for paragraph in found if paragraph is not None)
    from_treatment = _survival(results, POPULATION, FROM_TREATMENT)
    if from_treatment is not None:
        yield from_treatment
        yield Notice("caution", IMMORTAL_TIME)


def _response(results: Results) -> Paragraph | None:
    if not results.find(analysis=RESPONSE_RATE, population=POPULATION):
        return None
    return response_paragraph(results, POPULATION, responding_groups(results, POPULATION, BY))


def _survival(results: Results, population: str, outcomes: tuple[str, ...]) -> Paragraph | None:
    """The sentences of these outcomes; of the matched patients with their name before them."""
    made = [o for o in outcomes if o in outcomes_of(results, population, BY)]
    found = [survival_paragraph(results, population, o, groups_of(results, population, BY, o)) for o in made]
    if not found:
        return None
    text = joined([p.text for p in found])
    text = of_people(text, population) if population == MATCHED else text
    return Paragraph(text, tuple(k for p in found for k in p.keys))
