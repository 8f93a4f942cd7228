"""How long patients were followed: Kaplan-Meier with event and censoring exchanged."""

from __future__ import annotations

from numpy.typing import ArrayLike

from oligoscope.stats.survival.follow_up import check_follow_up
from oligoscope.stats.survival.kaplan_meier import ConfType, SurvivalCurve, kaplan_meier


def reverse_kaplan_meier(
    months: ArrayLike, died: ArrayLike, conf_type: ConfType = "log-log", level: float = 0.95
) -> SurvivalCurve:
    """Estimate the share still under observation; its `median()` is the median follow-up.

    End of observation is the event, death a censoring: patients who died were not followed for too short a time.
    R: `survfit(Surv(months, !died) ~ 1)`. A death and an end of observation at one time: the end comes first.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        conf_type: As of `kaplan_meier`.
        level: As of `kaplan_meier`.

    Raises:
        DataError: As `kaplan_meier`.
        NotEnoughData: No patient.

    References:
        Schemper & Smith 1996.
    """
    seen = check_follow_up(months, died)
    return kaplan_meier(seen.months, 1 - seen.events, conf_type, level)
