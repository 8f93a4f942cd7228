"""Agreement counts visits, not patients: no patient is named, and the reason says where the visits are."""

from __future__ import annotations

from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate


def of_given_responses(_e: Estimate, _chosen: Chosen) -> MadeFrom:
    """Visits with a given and a derived response."""
    return MadeFrom(reasons=(Reason.VISITS,))


def of_readers(_e: Estimate, _chosen: Chosen) -> MadeFrom:
    """Visits with both of the compared responses."""
    return MadeFrom(reasons=(Reason.READERS,))
