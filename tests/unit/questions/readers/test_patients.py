"""Agreement is of visits."""

from __future__ import annotations

import pytest

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from unit.eight_patients import made_from


@pytest.mark.parametrize(
    ("analysis", "reason"), [("given_response", Reason.VISITS), ("reader_agreement", Reason.READERS)]
)
def test_visits_are_counted_and_no_patient_is_named(analysis, reason):
    found, _ = made_from(analysis, "screened", statistic=Statistic.N_VISITS)

    assert found.patients is None
    assert found.reasons == (reason,)
