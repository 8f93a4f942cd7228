"""Two groups compared from a landmark: hazard ratio, log-rank test, what is beside a ratio that changes, the adjusted ratio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.adjusted_ratios import Adjusting, Followed, adjusted_rows
from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import centres_of, log_rank_test
from oligoscope.cohort.changing_hazards import describe_change, within
from oligoscope.cohort.small_samples import first_ratio
from oligoscope.cohort.times import PROPORTIONALITY, Fewest, changes_with_time, entry_of, proportionality
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import join
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import AnalysisSettings


def compare_pair(
    rows: pl.DataFrame, first: str, second: str, settings: AnalysisSettings, fewest: Fewest
) -> Iterator[dict[str, Any]]:
    """The crude ratio of two groups with its tests; or the row that says why there is none.

    Args:
        rows: Columns group, months (from the landmark), event, and where they are given entry and centre.
        first: The group.
        second: The reference.
        settings: Of Firth's method, and of what is beside a ratio that changes with time.
        fewest: Patients and events of a group that is compared.
    """
    rows = rows.filter(pl.col("group").is_in([first, second]))
    months, event, entry = rows["months"].to_numpy(), rows["event"].to_numpy(), entry_of(rows)
    one, centres = (rows["group"] == first).to_numpy(), centres_of(rows)
    keys: dict[str, Any] = {"group": Comparison.of(first, second), "n": rows.height}
    ratio = {
        **keys,
        "statistic": Statistic.HAZARD_RATIO,
        "method": centres.cox(Method(MethodPart.COX, MethodPart.EFRON)),
    }
    sparse, design = fewest.why_not_two(event, one), one.astype(float)[:, None]
    test = (
        NoAnswer(sparse)
        if sparse
        else attempt(lambda: log_rank_test(months, event, one, centres, entry=entry))
    )
    # Where no two patients of the groups were at risk together, a ratio would be 1 whatever they are.
    found = (
        test
        if isinstance(test, NoAnswer)
        else first_ratio(months, event, design, entry, settings, centres=centres)
    )
    if isinstance(found, NoAnswer):
        yield ratio | {"warning": found.warning}
        return
    constant = proportionality(months, event, design, entry, centres.strata)
    yield ratio | found.fields | {"warning": join(found.warning, changes_with_time(constant))}
    if constant is not None:
        tested = centres.within(Method(MethodPart.GRAMBSCH_THERNEAU))
        yield {**keys, "statistic": PROPORTIONALITY, "value": constant, "method": tested}
    keys["method"] = centres.log_rank
    if not isinstance(test, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "value": test[1]}
        yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": test[0]}
    if changes_with_time(constant):
        beside = describe_change(months, event, one, (first, second), settings, entry=entry)
        # A state may be compared with two others, up to a horizon each: its own mean would not be one number.
        yield from (within({"group": keys["group"]}, row) for row in beside if "group" not in row)


def adjust_pair(
    rows: pl.DataFrame,
    first: str,
    second: str,
    settings: AnalysisSettings,
    fewest: Fewest,
    adjusting: Adjusting,
) -> Iterator[dict[str, Any]]:
    """The ratio of two groups adjusted for covariates, in the patients in whom all of them are known."""
    rows = adjusting.known(rows.filter(pl.col("group").is_in([first, second])))
    followed = Followed.of_first(rows, first, adjusting.design(rows))
    sparse = fewest.why_not_two(followed.event, followed.own[:, 0] == 1)
    yield from adjusted_rows(followed, settings, Method(MethodPart.COX), sparse)
