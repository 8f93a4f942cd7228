"""The treating centres of patients, and comparisons that take them into account: within centres, or robust to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from oligoscope.cohort.select import Cohort
from oligoscope.errors import NotEnoughData
from oligoscope.results.methods import Method, MethodPart
from oligoscope.stats.comparison.test_result import GroupTest
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.stats.survival.few_clusters import cox_of_clusters, score_test_of_clusters
from oligoscope.stats.survival.frailty import frailty_cox
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.study.centre_settings import CentreUse

CENTRE = "centre"
# A blank cannot be the name of a centre. All patients whose centre is not known are one: clusters that are too large leave
# the variance valid, and clusters that are too small do not (Cameron & Miller, J Hum Resour 2015, 50:317, section IV).
UNKNOWN = ""
FEWEST = 2
# Columns of patients that go to the analyses; there is one where the centres are taken into account.
_COLUMNS: dict[str, CentreUse] = {"_stratum": "strata", "_cluster": "cluster", "_centre": "frailty"}
OF_CENTRES = (
    MethodPart.STRATIFIED_BY_CENTRE, MethodPart.CENTRE_ROBUST_LIMITS, MethodPart.ROBUST_TO_CENTRES, MethodPart.CENTRE_FRAILTY,
)  # fmt: skip


def with_centres(cohort: Cohort, use: CentreUse) -> Cohort:
    """The cohort whose patients have the column that analyses read their centres from; the same where they do not matter.

    Args:
        cohort: The derived patients with their population.
        use: As study.yaml asks for; of fewer than two centres none is taken into account.
    """
    name = next((column for column, meaning in _COLUMNS.items() if meaning == use), None)
    if name is None or number_of(cohort.population("treated")) < FEWEST:
        return cohort
    label = pl.col(CENTRE).cast(pl.String).fill_null(UNKNOWN).alias(name)
    return replace(cohort, patients=cohort.patients.with_columns(label))


def number_of(patients: pl.DataFrame) -> int:
    """How many centres are known."""
    return patients[CENTRE].drop_nulls().n_unique() if CENTRE in patients.columns else 0


def are_used(patients: pl.DataFrame) -> bool:
    """Whether the centres of these patients are taken into account."""
    return any(name in patients.columns for name in _COLUMNS)


def centre_column(patients: pl.DataFrame) -> dict[str, pl.Expr]:
    """The column of the centres for the rows of a comparison, where they are taken into account."""
    return {name: pl.col(name) for name in _COLUMNS if name in patients.columns}


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """The centres of the rows of a comparison.

    Attributes:
        use: How they are taken into account.
        labels: Of each row, shape (n,); None where they are not.
    """

    use: CentreUse = "none"
    labels: np.ndarray | None = None

    @property
    def strata(self) -> np.ndarray | None:
        """Within which patients are compared; None where they are all compared with each other."""
        return self.labels if self.use == "strata" else None

    @property
    def clusters(self) -> np.ndarray | None:
        """Whose patients may be alike; None where nothing is robust to that."""
        return self.labels if self.use == "cluster" else None

    @property
    def frailties(self) -> np.ndarray | None:
        """Whose patients share a factor of their hazard; None where there is no such factor."""
        return self.labels if self.use == "frailty" else None

    def beside(self, *, is_robust: bool) -> Centres:
        """What of them is in a model: beside errors robust to matched sets, or weights, there is no frailty."""
        return NO_CENTRES if is_robust and self.use == "frailty" else self

    @property
    def n(self) -> int:
        """How many there are among the rows."""
        return 0 if self.labels is None else len(set(self.labels.tolist()))

    def of(self, rows: np.ndarray) -> Centres:
        """Those of some of the rows, by a mask or by their places."""
        return self if self.labels is None else Centres(self.use, self.labels[rows])

    def cox(self, model: Method, limits: MethodPart = MethodPart.WALD_LIMITS) -> Method:
        """A Cox model (named with its ties) as its method is called."""
        if self.use == "cluster":
            return model.plus(MethodPart.CENTRE_ROBUST_LIMITS, MethodPart.T_OF(df=max(self.n - 1, 1)))
        parts = {"strata": MethodPart.STRATIFIED_BY_CENTRE, "frailty": MethodPart.CENTRE_FRAILTY}
        within = (parts[self.use],) if self.use in parts else ()
        return model.plus(*within, limits)

    def test(self, test: Method) -> Method:
        """A test that takes the centres into account as its method is called."""
        return test.plus(MethodPart.ROBUST_TO_CENTRES) if self.use == "cluster" else self.within(test)

    @property
    def log_rank(self) -> Method:
        """What the log-rank test is called."""
        return self.test(Method(MethodPart.LOG_RANK))

    def degrees(self, df: float) -> float:
        """Degrees of freedom of limits that would have `df` without the centres."""
        return min(df, float(max(self.n - 1, 1))) if self.use == "cluster" else df

    def within(self, test: Method) -> Method:
        """A test that is made within the centres where they are strata."""
        return test.plus(MethodPart.STRATIFIED_BY_CENTRE) if self.use == "strata" else test


NO_CENTRES = Centres()


def centres_of(rows: pl.DataFrame) -> Centres:
    """The centres of rows that have the column of `centre_column`."""
    for name, use in _COLUMNS.items():
        if name in rows.columns:
            return Centres(use, rows[name].to_numpy())
    return NO_CENTRES


def fit_cox(
    months: np.ndarray,
    event: np.ndarray,
    design: np.ndarray,
    centres: Centres = NO_CENTRES,
    *,
    entry: np.ndarray | None = None,
    cluster: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> CoxFit:
    """A Cox model that takes the centres into account; arguments as of `cox`.

    Args:
        months: Of each row.
        event: Of each row.
        design: Columns of the model.
        centres: As strata; as clusters in place of others, with limits by t of their number less 1; or with a frailty each,
            where nothing else is robust and no patient is weighted.
        entry: Delayed entry in months.
        cluster: Matched sets; where centres are the clusters these are not, since taking matched patients for independent
            makes limits too wide rather than too narrow (Austin & Small, Stat Med 2014, 33:4306).
        weights: Case weights.

    Raises:
        NotEnoughData: As `cox`; no more centres than columns.
    """
    shared = centres.beside(is_robust=cluster is not None or weights is not None).frailties
    if shared is not None:
        return frailty_cox(months, event, design, shared, entry=entry).model
    if centres.clusters is None:
        return cox(
            months, event, design, strata=centres.strata, cluster=cluster, weights=weights, entry=entry
        )
    refuse_few(centres, design.shape[1])
    fit = cox(months, event, design, cluster=centres.clusters, weights=weights, entry=entry)
    return cox_of_clusters(fit, centres.n)


def log_rank_test(
    months: np.ndarray,
    event: np.ndarray,
    codes: np.ndarray,
    centres: Centres = NO_CENTRES,
    *,
    entry: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> tuple[float, float]:
    """The chi-square of a log-rank test that takes the centres into account, and its P; weights only with clusters.

    Raises:
        NotEnoughData: As `log_rank`; no more centres than differences between groups.
    """
    if centres.clusters is None:
        test = log_rank(months, event, codes, strata=centres.strata, entry=entry)
        return test.chi_squared, test.p_value
    refuse_few(centres, len(np.unique(codes)) - 1)
    w = np.ones(len(months)) if weights is None else weights
    alike = clustered_score_test(months, event, codes, w, centres.clusters, entry=entry)
    return _of_few(alike, centres.n)


def _of_few(test: GroupTest, n: int) -> tuple[float, float]:
    found = score_test_of_clusters(test, n)
    return float(found.statistic or 0.0), found.p_value


def refuse_few(centres: Centres, n_columns: int) -> None:
    """Raise where a variance between the centres would not have the rank of the model.

    Raises:
        NotEnoughData: No more centres than columns.
    """
    if centres.n <= n_columns:
        raise NotEnoughData("There are too few centres for a variance between them.", Doubt.TOO_FEW_CENTRES)
