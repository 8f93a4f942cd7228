"""Which tables and figures the paper prints, and which its supplement: one list, which study.yaml can change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

PartOfReport = Literal["paper", "supplement"]

# How many of a kind the paper holds: the first ones, as the analyses of study.yaml come. All others are in the
# supplement. A kind is the name of a table or figure, or how it begins, or how it begins and ends: `survival_pps` is
# `survival_pps_pattern` and `survival_progressed_pattern_pps`. Where a table repeats a figure, the figure is in the paper.
FIGURES: Mapping[str, int] = {
    "flow_chart": 1,
    "love_plot": 0,
    "at_progression_balance": 0,
    "score_overlap": 0,
    "imputed": 0,
    "imputation_trace": 0,
    "predictors": 0,
    "alluvial": 1,
    "sites_and_months": 0,
    "site_bars": 0,
    "month_bars": 0,
    "survival": 1,
    "survival_pps": 1,
    "response_bars": 0,
    "landmark": 1,
    "landmark_after_progression": 0,
    "incidence": 0,
    "interval_censored": 0,
    "restricted_means": 0,
    "illness_death": 0,
    "subgroups": 1,
    "upset": 0,
    "waterfall": 0,
    "spider": 0,
    "swimmer": 0,
    "weighting": 0,
    "reclassification": 0,
}
TABLES: Mapping[str, int] = {
    "adjusted_hazard_ratios": 0,
    "baseline": 1,
    "imputation": 0,
    "balance": 0,
    "at_progression": 0,
    "at_progression_ratios": 0,
    "predictors": 0,
    "sites": 0,
    "timing": 0,
    "survival": 0,
    "response_rate": 1,
    "landmark": 0,
    "landmark_after_progression": 0,
    "incidence": 0,
    "competing_risks": 0,
    "interval_censored": 0,
    "restricted_means": 0,
    "illness_death": 0,
    "occupation": 0,
    "weighting": 0,
    "reclassification": 1,
    "changing_definitions": 0,
    "management": 0,
    "team_labels": 0,
    "given_response": 0,
}


def kind_of(name: str, kinds: Mapping[str, object]) -> str | None:
    """The longest of these kinds that a name is or begins with; None where there is none."""
    return max((kind for kind in kinds if _is_of(name, kind)), key=len, default=None)


def _is_of(name: str, kind: str) -> bool:
    first, _, last = kind.rpartition("_")
    ends_so = bool(first) and name.startswith(f"{first}_") and name.endswith(f"_{last}")
    return name == kind or name.startswith((f"{kind}_", f"{kind}:")) or ends_so
