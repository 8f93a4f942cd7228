"""Agreement of responses visit by visit: between readers, and of each reader's own with those derived from that reader's lesions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl

from oligoscope.bilingual import Text
from oligoscope.clinical.patients import derive_for_each_reader
from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import READER_AGREEMENT
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import of_statistics
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.study.keys import Comparison, Level

ORDER = ("CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")


def answer(study: Records) -> Answer:
    """Agreement of every two readers, then of each with the responses they gave; nothing of a single reader."""
    responses = derive_for_each_reader(study.tables, study.protocol)
    if responses.is_empty():
        return [], {}
    return [*compare_between_readers(responses), *compare_readers(responses)], {}


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
    both = responses.filter(pl.col("given_response").is_not_null() & pl.col("overall_response").is_not_null())
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
    yield {**keys, "statistic": Statistic.PERCENT_AGREE, "value": 100 * found.agreement, "unit": Unit.PERCENT}
    yield {
        **keys, "statistic": Statistic.KAPPA, "value": found.kappa, "low": found.low, "high": found.high, "method": Method(MethodPart.COHEN_KAPPA),
        "warning": of_statistics(found.warning),
    }  # fmt: skip
    for i, given in enumerate(labels):
        for j, derived in enumerate(labels):
            count = int(table[i, j])
            yield {
                **keys,
                "variable": given,
                "level": derived,
                "statistic": Statistic.N,
                "value": count,
                "unit": Unit.VISITS,
            }


def cross_table(visits: pl.DataFrame) -> tuple[list[str], np.ndarray]:
    """Responses that occur, best first, and visits by given (rows) and derived (columns) response."""
    seen = {*visits["given_response"], *visits["overall_response"]}
    labels = [word for word in ORDER if word in seen]
    counts = dict.fromkeys(((a, b) for a in labels for b in labels), 0)
    for given, derived in visits.select("given_response", "overall_response").iter_rows():
        counts[given, derived] += 1
    return labels, np.array([[counts[a, b] for b in labels] for a in labels])


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a given response departs from RECIST 1.1: the first that holds names the visit."""

    name: str
    sentence: Text
    holds: pl.Expr


_GIVEN, _DERIVED, _TARGET = pl.col("given_response"), pl.col("overall_response"), pl.col("target_response")
_SUM, _NADIR, _BASELINE = (
    (pl.col(name) * 1000).round(0).cast(pl.Int64) for name in ("sum_mm", "nadir_mm", "baseline_mm")
)
_CAUSE = pl.col("cause").fill_null("")
DIFFERENCES = (
    Difference(
        "other_cause",
        Text("有新病灶或非靶病灶明确进展，原评效未计", "a new lesion, or unequivocal progression of a non-target lesion, was not counted"),
        (_DERIVED == "PD") & _CAUSE.str.contains("new_lesion|non_target"),
    ),
    Difference(
        "from_baseline",
        Text("总和较最小值达进展，但较基线不足 20%：原评效以基线为参照", "the sum has progressed from the nadir and is less than 20 % over baseline: baseline was the reference"),
        (_DERIVED == "PD") & _CAUSE.str.contains("target") & (_SUM * 10 < _BASELINE * 12),
    ),
    Difference(
        "reappeared",
        Text("完全缓解后病灶再现，原评效未计为进展", "disease came back after a complete response and was not read as progression"),
        (_DERIVED == "PD") & (_CAUSE == "reappearance"),
    ),
    Difference(
        "under_5_mm",
        Text("总和增加 20% 而不足 5 mm，原评效为 PD", "the sum grew by 20 % and less than 5 mm, and was read as PD"),
        (_GIVEN == "PD") & (_DERIVED != "PD") & (_SUM * 10 >= _NADIR * 12) & (_SUM - _NADIR < 5000),
    ),
    Difference(
        "carried_pr",
        Text("PR 之后小幅回升，本软件在 PD 前仍记 PR（可设）", "a small regrowth after PR, read here as PR until PD (a setting)"),
        (_GIVEN == "SD") & (_DERIVED == "PR") & (_SUM * 10 > _BASELINE * 7),
    ),
    Difference(
        "partial_sum",
        Text("有靶病灶未评估，原评效以其余病灶的总和判定", "a target was not evaluated, and the sum of the others was read as whole"),
        (_DERIVED == "NE") & (_TARGET == "NE"),
    ),
    Difference(
        "non_target_remains",
        Text("非靶病灶仍在，原评效为 CR", "a non-target lesion remains, and the response was read as CR"),
        (_GIVEN == "CR") & (_TARGET == "CR") & (_DERIVED == "PR"),
    ),
    Difference(
        "contradicted",
        Text("原评效与各病灶记录不符，记录中找不到缘由", "the response contradicts the lesions, and nothing in the rows says why"),
        pl.lit(value=True),
    ),
)  # fmt: skip


def explain_differences(responses: pl.DataFrame) -> pl.DataFrame:
    """The visits whose given and derived response differ, each with `difference`, the first that holds.

    Args:
        responses: As `RESPONSES_OUT`, with cause.
    """
    label: pl.Expr = pl.lit(None, dtype=pl.String)
    for difference in reversed(DIFFERENCES):
        label = (
            pl.when(difference.holds.fill_null(value=False)).then(pl.lit(difference.name)).otherwise(label)
        )
    return responses.filter(_GIVEN != _DERIVED).with_columns(label.alias("difference"))
