"""Agreement of responses visit by visit: of given with derived ones, between readers, and of each reader's own with
those derived from that reader's lesions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from oligoscope.clinical.patients import derive_for_each_reader
from oligoscope.cohort.counts import rows_of_agreement
from oligoscope.questions.question import Answer, Records
from oligoscope.questions.readers.question import GIVEN_SERIES
from oligoscope.results.analyses import GIVEN_RESPONSE, READER_AGREEMENT
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.study.keys import Comparison, Level

_PAIR = ("given_response", "overall_response")
ORDER = ("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")


def answer(study: Records) -> Answer:
    """Agreement of every two readers, then of each with the responses they gave; nothing of a single reader."""
    responses = derive_for_each_reader(study.tables, study.protocol)
    if responses.is_empty():
        return [], {}
    return [*compare_between_readers(responses), *compare_readers(responses)], {}


def answer_given(study: Records) -> Answer:
    """Agreement of given and derived responses at the visits of every patient."""
    return compare_given_responses(study.derived.responses)


def compare_given_responses(responses: pl.DataFrame) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Agreement over the visits that have both; every visit that differs, as a series."""
    both = responses.drop_nulls(_PAIR)
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
    # By name where two pairs are as frequent: groups come in any order, and the same study gives the same bytes.
    pairs = differ.group_by(*_PAIR).len().sort("len", *_PAIR, descending=[True, False, False])
    estimates += [
        Estimate(
            **keys, group=given, level=derived, statistic=Statistic.N_DIFFER, value=count, unit=Unit.VISITS
        )
        for given, derived, count in pairs.iter_rows()
    ]
    columns = ("patient_id", "assessed_on", *_PAIR)
    return estimates, {GIVEN_SERIES: differ.select(*columns)}


def compare_readers(responses: pl.DataFrame, population: str = "screened") -> list[Estimate]:
    """Agreement of given and derived overall response, reader by reader.

    Args:
        responses: One row a reader and visit; columns reader (blank: one unnamed reader), given_response,
            overall_response (derived). Visits without both are left out.
        population: The patients these are.

    Returns:
        By group=reader: n_visits, n_agree, percent_agree, kappa (Cohen, with 95 % limits) and the
        cross-table, variable=given response, level=derived response, statistic n.
    """
    both = responses.drop_nulls(_PAIR)
    readers = both.with_columns(pl.col("reader").fill_null("")).partition_by("reader", maintain_order=True)
    return [
        Estimate(analysis=READER_AGREEMENT, population=population, outcome="overall_response", **row)
        for visits in readers
        for row in _of_one(visits)
    ]


def compare_between_readers(responses: pl.DataFrame, population: str = "screened") -> list[Estimate]:
    """Agreement of the responses derived from the lesions of two readers, for every two of them.

    Args:
        responses: One row a reader and visit; columns reader, patient_id, assessed_day, overall_response.
            Visits of which one of the two has no response, or has it on another day, are left out.
        population: The patients these are.

    Returns:
        By group="A vs B", as `compare_readers`: variable is the response of A, level that of B.
    """
    by_reader = responses.drop_nulls("overall_response").partition_by("reader", maintain_order=True)
    found: list[Estimate] = []
    for one, other in combinations(by_reader, 2):
        first = one.select("patient_id", "assessed_day", given_response="overall_response")
        visits = first.join(other, on=["patient_id", "assessed_day"]).select(
            "given_response", "overall_response", reader=pl.lit(f"{one['reader'][0]} vs {other['reader'][0]}")
        )
        pair = Comparison.of(*(Level.of("reader", v["reader"][0]) for v in (one, other)))
        found += [replace(e, group=pair) for e in compare_readers(visits, population)]
    return found


def _of_one(visits: pl.DataFrame) -> Iterator[dict]:
    labels, table = cross_table(visits)
    found, n = cohen_kappa(table), visits.height
    reader = visits["reader"][0]
    keys = {"group": Level.of("reader", reader) if reader else "", "n": n}
    yield {**keys, "statistic": Statistic.N_VISITS, "value": n, "unit": Unit.VISITS}
    yield {**keys, "statistic": Statistic.N_AGREE, "value": int(np.trace(table)), "unit": Unit.VISITS}
    yield from (keys | row for row in rows_of_agreement(found))
    for given, counts in zip(labels, table, strict=True):
        for derived, count in zip(labels, counts, strict=True):
            own = {"variable": given, "level": derived, "value": int(count)}
            yield {**keys, **own, "statistic": Statistic.N, "unit": Unit.VISITS}


def cross_table(visits: pl.DataFrame) -> tuple[list[str], np.ndarray]:
    """Responses that occur, best first, and visits by given (rows) and derived (columns) response."""
    seen = {*visits["given_response"], *visits["overall_response"]}
    labels = [word for word in ORDER if word in seen]
    counts = dict.fromkeys(((a, b) for a in labels for b in labels), 0)
    for given, derived in visits.select(_PAIR).iter_rows():
        counts[given, derived] += 1
    return labels, np.array([[counts[a, b] for b in labels] for a in labels])
