"""The team's labels in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Methods,
    Parts,
    Place,
    Section,
    Threat,
)
from oligoscope.questions.team_labels.table import tabulate_labels
from oligoscope.questions.team_labels.words import methods, unchecked
from oligoscope.results.analyses import TEAM_LABELS


def team_labels_section(draft: Draft) -> Iterator[Block]:
    """Which labels are the team's, and how often the rules say the same."""
    if draft.results.find(analysis=TEAM_LABELS):
        yield draft.table(tabulate_labels, draft.protocol)


_CHAPTER = Chapter("team-labels", TEAM_LABELS.printed, place=Place.DETAILS)
PARTS = Parts(
    (Section(team_labels_section, _CHAPTER),),
    methods=(Methods(methods),),
    limitations=(Limitation(Threat.MEASUREMENT, unchecked),),
)
