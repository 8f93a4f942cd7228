"""What a method doubts of its answer, or why it has none: codes, with the values they name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Doubt(StrEnum):
    """A reason for care, or for no answer; `results/warnings.py` has each in both languages."""

    NO_ANSWER = "no_answer"
    NO_PATIENTS = "no_patients"
    NO_EVENTS = "no_events"
    ONE_GROUP_ONLY = "one_group_only"
    TWO_GROUPS_NEEDED = "two_groups_needed"
    ONE_LEVEL_ONLY = "one_level_only"
    ONE_LABEL_FOR_ALL = "one_label_for_all"
    TOO_FEW_PATIENTS = "too_few_patients"
    LEVEL_IN_ONE_GROUP = "level_in_one_group"
    TOO_FEW_CENTRES = "too_few_centres"
    EQUAL_BY_MATCHING = "equal_by_matching"
    TOO_FEW_FOR_SMD = "too_few_for_smd"
    NO_SHARED_RISK = "no_shared_risk"
    NOT_CONVERGED = "not_converged"
    NOT_IN_EVERY_IMPUTATION = "not_in_every_imputation"
    HAZARDS_SEPARATED = "events are found on one side of the variable only: the hazard ratio is 0 or infinite"
    HAZARDS_COLLINEAR = "the variable is constant or repeats other variables: its hazard ratio does not exist"
    HAZARDS_NOT_CONVERGED = "the likelihood did not come to a maximum: no hazard ratio is given"
    HAZARDS_NO_MAXIMUM = (
        "the likelihood has no maximum (events on one side of a variable only): no hazard ratio is given"
    )
    ODDS_SEPARATED = "the outcome is found on one side of the variable only: the odds ratio is 0 or infinite"
    ODDS_COLLINEAR = "the variable is constant or repeats other variables: its odds ratio does not exist"
    ODDS_NOT_CONVERGED = "the likelihood did not come to a maximum: no odds ratio is given"
    NO_CALIPER = "no_caliper"
    NO_PAIRS = "no_pairs"
    CALIPER_NEEDS_TWO = "A caliper in SDs of the logit needs 2 patients or more in each group."
    TOO_MANY_TO_PAIR = "too_many_to_pair"
    POOR_OVERLAP = "poor_overlap"
    SCORE_SEPARATED = "score_separated"
    SCORE_COLLINEAR = "score_collinear"
    SCORE_NOT_CONVERGED = "score_not_converged"
    NO_BALANCING_WEIGHTS = "no_balancing_weights"
    FEW_IMPUTATIONS = "few_imputations"
    CHAINS_NOT_MIXED = "chains_not_mixed"
    IMPUTATION_NOT_CONVERGED = "imputation_not_converged"
    ORDERED_AS_UNORDERED = "ordered_as_unordered"
    ONE_LEVEL_IMPUTED = "one_level_imputed"


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubt with its values, by name."""

    doubt: Doubt
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, doubt: Doubt, **values: object) -> Remark:
        return cls(doubt, tuple((name, str(value)) for name, value in values.items()))

    def __str__(self) -> str:
        return self.doubt


def about_columns(doubt: Doubt | None, lost: NDArray[np.bool_]) -> Remark | None:
    """A doubt about some columns of a model; with their numbers (from 1) where it has several."""
    if doubt is None:
        return None
    if len(lost) == 1:
        return Remark(doubt)
    return Remark.of(doubt, of_columns=", ".join(str(i + 1) for i in np.flatnonzero(lost)))
