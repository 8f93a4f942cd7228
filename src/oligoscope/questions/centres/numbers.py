"""How many treating centres there are, and of how many patients it is not known."""

from __future__ import annotations

from typing import Any

from oligoscope.cohort.centres import CENTRE, FEWEST, number_of
from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import CENTRES
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode


def answer(study: Records) -> Answer:
    """Centres of the treated and the progressed, and patients without one; nothing where no patient has one."""
    treated = study.cohort.population("treated")
    if not number_of(treated):
        return [], {}
    # As the analyses take them: of fewer than two centres none is taken into account.
    is_idle = study.protocol.centres.use != "none" and number_of(treated) < FEWEST
    warning = WarningCode.ONE_CENTRE_ONLY() if is_idle else NO_WARNING
    found: list[Estimate] = []
    for population in ("treated", "progressed"):
        patients = study.cohort.population(population)
        unknown = patients[CENTRE].null_count()
        keys: dict[str, Any] = {"analysis": CENTRES, "population": population, "n": patients.height}
        n = {"statistic": Statistic.N_CENTRES, "value": number_of(patients), "warning": warning}
        found.append(Estimate(**keys, **n))
        found.append(
            Estimate(**keys, statistic=Statistic.N_CENTRE_UNKNOWN, value=unknown, unit=Unit.PATIENTS)
        )
    return found, {}
