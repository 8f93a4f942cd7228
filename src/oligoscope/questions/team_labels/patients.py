"""The team's labels are counted in its own table, and compared with labels that no file holds: the reason says so."""

from __future__ import annotations

from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate


def made_from(_e: Estimate, _chosen: Chosen) -> MadeFrom:
    """Rows of the table of the cohort."""
    return MadeFrom(reasons=(Reason.NOT_WRITTEN,))
