"""Given responses beside those derived from the lesions: at how many visits they differ."""

from __future__ import annotations

from typing import Any

import polars as pl

from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import GIVEN_RESPONSE
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit

SERIES = "given_response/disagreements"


def answer(study: Records) -> Answer:
    """Agreement at the visits of every patient."""
    return compare_given_responses(study.derived.responses)


def compare_given_responses(responses: pl.DataFrame) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Agreement over the visits that have both; every visit that differs, as a series."""
    both = responses.filter(pl.col("given_response").is_not_null() & pl.col("overall_response").is_not_null())
    if both.is_empty():
        return [], {}
    differ = both.filter(pl.col("given_response") != pl.col("overall_response"))
    n, agree = both.height, both.height - differ.height
    keys: dict[str, Any] = {"analysis": GIVEN_RESPONSE, "population": "screened", "n": n}
    estimates = [
        Estimate(**keys, statistic=Statistic.N_VISITS, value=n, unit=Unit.VISITS),
        Estimate(**keys, statistic=Statistic.N_AGREE, value=agree, unit=Unit.VISITS),
        Estimate(**keys, statistic=Statistic.PERCENT_AGREE, value=100 * agree / n, unit=Unit.PERCENT),
    ]
    pair = ("given_response", "overall_response")
    # By name where two pairs are as frequent: groups come in any order, and the same study gives the same bytes.
    pairs = differ.group_by(*pair).len().sort("len", *pair, descending=[True, False, False])
    estimates += [
        Estimate(
            **keys, group=given, level=derived, statistic=Statistic.N_DIFFER, value=count, unit=Unit.VISITS
        )
        for given, derived, count in pairs.iter_rows()
    ]
    columns = ("patient_id", "assessed_on", "given_response", "overall_response")
    return estimates, {SERIES: differ.select(*columns)}
