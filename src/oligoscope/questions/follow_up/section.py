"""How long patients were followed, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import PATIENTS
from oligoscope.printing.document_parts import Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import where_done
from oligoscope.questions.follow_up.words import follow_up_paragraph
from oligoscope.results import analyses


def follow_up_section(draft: Draft) -> Iterator[Block | None]:
    """Median follow-up of each population."""
    yield follow_up_paragraph(draft.results)


METHODS = Text(
    "中位随访时间用反向 Kaplan-Meier 法估计。",
    "Median follow-up was estimated by the reverse Kaplan-Meier method.",
)
PARTS = Parts(
    (Section(follow_up_section, PATIENTS),),
    (Methods(where_done(analyses.FOLLOW_UP, METHODS), after="weighting"),),
)
