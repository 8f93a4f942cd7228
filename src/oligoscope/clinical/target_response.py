"""Target and non-target response at each time point (Eisenhauer 2009, 4.3)."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.histories import last_was, lowest_before
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import ResponseSettings
from oligoscope.study.rules import OTHERWISE, Rule, first_that_holds

MINIMUM_GROWTH_UM = 5_000
RECIST = "RECIST 1.1 (Eisenhauer 2009)"
_COMPLETE = pl.col("n_target_evaluated") == pl.col("n_targets")
_SUM, _NADIR, _BASELINE = pl.col("target_sum_um"), pl.col("nadir_um"), pl.col("baseline_um")


def grown(size: pl.Expr, reference: pl.Expr, percent: int = 20) -> pl.Expr:
    """At least `percent` and 5 mm over the reference; from 0, 5 mm is enough (no percentage exists)."""
    return (size * 100 >= reference * (100 + percent)) & (size - reference >= MINIMUM_GROWTH_UM)


def target_rules(settings: ResponseSettings) -> tuple[Rule[str], ...]:
    """Ordered: the first that holds wins, so PD outranks PR."""
    percent = CRITERIA[settings.criteria].growth_percent
    enough = _COMPLETE | (pl.lit(settings.partial_sum_pd) & (pl.col("n_target_evaluated") > 0))
    return (
        Rule(
            Response.CR, "every non-nodal target absent and every node below 10 mm",
            _COMPLETE & (pl.col("n_target_cleared") == pl.col("n_targets")), RECIST + " 4.3.1",
        ),
        Rule(
            Response.PD, f"sum at least {percent} % and 5 mm over the smallest complete sum before it",
            enough & grown(_SUM, _NADIR, percent), RECIST + " 4.3.1; a partial sum may show it (4.4.2)",
        ),
        Rule(
            Response.NE, "not every target evaluated",
            ~_COMPLETE | _BASELINE.is_null(), RECIST + " 4.4.2",
        ),
        Rule(
            Response.PR, "sum at least 30 % below baseline",
            _SUM * 10 <= _BASELINE * 7, RECIST + " 4.3.1",
        ),
        Rule(Response.SD, "neither enough shrinkage for PR nor enough growth for PD", OTHERWISE, RECIST + " 4.3.1"),
    )  # fmt: skip


NON_TARGET_RULES = (
    Rule(Response.PD, "unequivocal progression of a non-target lesion", pl.col("n_nontarget_progressing") > 0, RECIST + " 4.3.3"),
    Rule(
        Response.NE, "not every non-target lesion evaluated",
        pl.col("n_nontarget_evaluated") < pl.col("n_nontargets"), RECIST + " table 2",
    ),
    Rule(
        Response.CR, "every non-target lesion absent, nodes below 10 mm",
        pl.col("n_nontarget_cleared") == pl.col("n_nontargets"), RECIST + " 4.3.3",
    ),
    Rule(Response.NON_CR_NON_PD, "a non-target lesion persists without unequivocal progression", OTHERWISE, RECIST + " 4.3.3"),
)  # fmt: skip


def with_target_response(points: pl.DataFrame, settings: ResponseSettings) -> pl.DataFrame:
    """Add nadir_um, complete_sum_um and target_response.

    Args:
        points: One row a patient and time point, sorted by p and k, with n_targets, baseline_um,
            n_target_evaluated, n_target_cleared, target_sum_um.
    """
    points = points.with_columns(complete_sum_um=pl.when(_COMPLETE & (pl.col("n_targets") > 0)).then(_SUM))
    # Nadir before this scan, not including it: a scan cannot be its own reference (RECIST 1.1, 4.3.1).
    lowest = lowest_before(pl.col("complete_sum_um"), "p")
    points = points.with_columns(
        nadir_um=pl.when(_BASELINE.is_not_null()).then(pl.min_horizontal(lowest, _BASELINE))
    )
    points = points.with_columns(
        target_response=pl.when(pl.col("n_targets") > 0).then(first_that_holds(target_rules(settings)))
    )
    return _continue_pr(points) if settings.pr_continues_until_pd else points


def _continue_pr(points: pl.DataFrame) -> pl.DataFrame:
    """After PR, PR until PD: small regrowth is not read as SD (EORTC RECIST questions)."""
    label = pl.col("target_response")
    responded = label.is_in([Response.CR, Response.PR]).fill_null(False)
    since = last_was(responded, (label == Response.PD).fill_null(False), "p")
    stays = (label == Response.SD) & since
    return points.with_columns(
        target_response=pl.when(stays).then(pl.lit(Response.PR.value)).otherwise(label)
    )


def with_non_target_response(points: pl.DataFrame) -> pl.DataFrame:
    """Add non_target_response; blank where the patient has no non-target lesion."""
    return points.with_columns(
        non_target_response=pl.when(pl.col("n_nontargets") > 0).then(first_that_holds(NON_TARGET_RULES))
    )
