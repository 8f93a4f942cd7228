"""Given and derived responses in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Heading,
    Numbering,
    TableBlock,
)
from oligoscope.questions.readers.table import SERIES, tabulate_disagreements, tabulate_discordance
from oligoscope.results.analyses import GIVEN_RESPONSE
from oligoscope.results.results import Results


def given_responses_section(results: Results, numbers: Numbering) -> Iterator[Block]:
    """How often given responses differ from those derived, and where."""
    if not results.find(analysis=GIVEN_RESPONSE):
        return
    yield Heading(Text("原有评效与推导疗效", "Given and derived responses"), "given-responses")
    yield numbers.table(tabulate_discordance, results)
    if SERIES in results.series and results.series[SERIES].height:
        yield TableBlock(tabulate_disagreements(results), is_folded=True)
