"""Responses somebody gave, beside those derived from the lesions: at how many visits they differ."""

from __future__ import annotations

import polars as pl

from oligoscope.results.results import Estimate

SERIES = "given_response/disagreements"


def compare_given_responses(responses: pl.DataFrame) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Agreement over the visits that have both; every visit that differs, as a series."""
    both = responses.filter(pl.col("given_response").is_not_null() & pl.col("overall_response").is_not_null())
    if both.is_empty():
        return [], {}
    differ = both.filter(pl.col("given_response") != pl.col("overall_response"))
    n, agree = both.height, both.height - differ.height
    keys = {"analysis": "given_response", "population": "screened", "n": n}
    estimates = [
        Estimate(**keys, statistic="n_visits", value=n, unit="visits"),
        Estimate(**keys, statistic="n_agree", value=agree, unit="visits"),
        Estimate(**keys, statistic="percent_agree", value=100 * agree / n, unit="percent"),
    ]
    pairs = differ.group_by("given_response", "overall_response").len()
    pairs = pairs.sort(-pl.col("len").cast(pl.Int64), "given_response", "overall_response")
    estimates += [
        Estimate(**keys, group=given, level=derived, statistic="n_differ", value=count, unit="visits")
        for given, derived, count in pairs.iter_rows()
    ]
    columns = ("patient_id", "assessed_on", "given_response", "overall_response")
    return estimates, {SERIES: differ.select(*columns)}
