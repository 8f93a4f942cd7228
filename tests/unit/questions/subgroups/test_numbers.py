"""Hazard ratios in subgroups, and the P of the interaction only where two of them can differ."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.subgroups.numbers import compare_in_subgroups
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

SETTINGS = AnalysisSettings(kind="subgroups", outcomes=(Outcome.PPS,), variables=("sex",))


def patients(n_systemic: dict[str, int], n_oligo: int = 20) -> pl.DataFrame:
    """All of them died; so many with systemic progression of each sex."""
    rng = np.random.default_rng(4)
    rows = [
        (pattern, sex, int(rng.integers(30, 900)), True)
        for sex, n in n_systemic.items()
        for pattern, k in (("oligoprogression", n_oligo), ("systemic", n))
        for _ in range(k)
    ]
    return pl.DataFrame(rows, schema=["pattern", "sex", "pps_days", "pps_event"], orient="row")


@pytest.mark.parametrize(
    ("n_systemic", "ratios", "has_interaction"),
    [
        ({"male": 20, "female": 20}, 2, True),
        ({"male": 20, "female": 4}, 1, False),
        ({"male": 2, "female": 2}, 0, False),
    ],
)
def test_an_interaction_needs_two_hazard_ratios(n_systemic, ratios, has_interaction):
    found = compare_in_subgroups(patients(n_systemic), SETTINGS)
    given = [e for e in found if e.statistic == Statistic.HAZARD_RATIO and e.value is not None]
    (interaction,) = (e for e in found if e.statistic == Statistic.P_VALUE_INTERACTION)

    assert len(given) == ratios
    assert (interaction.value is not None) is has_interaction
    assert interaction.warning == ("" if has_interaction else "too_few_events minimum=5")


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (("oligoprogression",), "one_group_only"),
        ((), "no_patients"),
        (("oligoprogression", "systemic", "third"), "two_groups_needed"),
    ],
)
def test_without_two_groups_a_row_says_why_there_is_no_ratio(kept, why):
    rows = patients({"male": 20, "female": 20})
    third = rows.head(9).with_columns(pattern=pl.lit("third"))

    found = compare_in_subgroups(pl.concat([rows, third]).filter(pl.col("pattern").is_in(kept)), SETTINGS)

    assert [(e.variable, e.statistic, e.value, e.warning) for e in found] == [
        ("sex", "hazard_ratio", None, why)
    ]
