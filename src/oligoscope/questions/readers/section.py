"""Given and derived responses in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, TableBlock
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Parts,
    Place,
    Section,
    Sentence,
    Threat,
)
from oligoscope.questions.readers.question import GIVEN_RESPONSE, GIVEN_SERIES
from oligoscope.questions.readers.table import tabulate_disagreements, tabulate_discordance
from oligoscope.results import analyses
from oligoscope.results.analyses import READER_AGREEMENT
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol


def given_responses_section(draft: Draft) -> Iterator[Block]:
    """How often given responses differ from those derived, and where."""
    results = draft.results
    if not results.find(analysis=analyses.GIVEN_RESPONSE):
        return
    yield draft.table(tabulate_discordance)
    if GIVEN_SERIES in results.series and results.series[GIVEN_SERIES].height:
        yield TableBlock(tabulate_disagreements(results), is_folded=True)


def single_reader(protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That the scans were not read a second time."""
    if protocol.response.source == "lesions" and not results.find(analysis=READER_AGREEMENT):
        yield _SINGLE, ()


_SINGLE = Text(
    "数据中没有第二位阅片者，阅片者间的一致性无法评估。",
    "Without a second reader, agreement between readers could not be assessed.",
)
_CHAPTER = Chapter("given-responses", GIVEN_RESPONSE.kind.printed, place=Place.DETAILS)
PARTS = Parts(
    (Section(given_responses_section, _CHAPTER),),
    limitations=(Limitation(Threat.MEASUREMENT, single_reader),),
)
