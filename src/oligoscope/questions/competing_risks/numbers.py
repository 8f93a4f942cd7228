"""Which progression comes first: oligoprogression, systemic progression or death without progression.

Among all treated patients these compete; the share of each is a cumulative incidence (Aalen-Johansen),
not one minus Kaplan-Meier. This answers "systemic early, oligo late" without dividing only those who
progressed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt, p_of
from oligoscope.cohort.curves import at_risk_frame
from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.cohort.times import Fewest, entry_of, ratio_of, why_not_all_treated
from oligoscope.cohort.variables import as_levels, levels_of
from oligoscope.cohort.variables_left_out import why_not_levels
from oligoscope.errors import NotEnoughData
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import COMPETING_RISKS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, of_statistics
from oligoscope.stats.survival.competing_risks import IncidenceCurve, cause_specific_cox, cumulative_incidence
from oligoscope.stats.survival.fine_gray import FineGrayFit, fine_gray
from oligoscope.stats.survival.gray import gray_test
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

NO_PATTERN = 4  # left out where no patient progressed in an unknown pattern
CAUSES = {
    1: "oligoprogression", 2: "systemic", 3: "death_without_progression", NO_PATTERN: "progression_without_pattern",
}  # fmt: skip
COMPARED = (1, 2)  # causes compared over the levels of a variable
TIMES = (3, 6, 9, 12, 18, 24)  # months
_METHOD = Method(MethodPart.AALEN_JOHANSEN, MethodPart.LOG_LOG_LIMITS)


def describe_competing_risks(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Cumulative incidence of each first event, and what each variable does to it.

    Args:
        patients: The treated population.
        settings: variables compared by Gray's test, Fine-Gray and cause-specific Cox models.

    Returns:
        group=CAUSE: incidence_N_months with limits; outcome=CAUSE, variable, level: hazard ratios. Series
        "incidence/<population>": cause, months, incidence, low, high; "at_risk/incidence/<population>": group (the
        cause), months, those without any event yet, events of the cause so far, others who left; none where there are
        too few patients or events.
    """
    fewest = Fewest(minimum_group, settings.minimum_events)
    keys: dict[str, Any] = {"analysis": COMPETING_RISKS, "population": settings.population}
    if why := why_not_all_treated(patients):
        return [Estimate(**keys, statistic=Statistic.INCIDENCE, warning=why)], {}
    rows = first_events(patients)
    months, cause = rows["months"].to_numpy(), rows["cause"].to_numpy()
    entry = entry_of(rows)
    curves = {
        code: cumulative_incidence(months, cause, of=code, entry=entry)
        for code in CAUSES
        if code != NO_PATTERN or (cause == NO_PATTERN).any()
    }
    doubts = NO_WARNING
    if entry is not None:
        doubts = doubts_of_entry((kaplan_meier(months, cause > 0, entry=entry),))
    small = WarningCode.GROUP_TOO_SMALL(minimum=minimum_group) if rows.height < minimum_group else NO_WARNING
    found = [Estimate(**keys, **row) for row in _incidence(months, cause, curves, doubts, small)]
    for variable in settings.variables:
        found += [Estimate(**keys, **row) for row in _compare(rows, variable, fewest)]
    if fewest.why_not((rows.height,), (int((cause > 0).sum()),)):
        return found, {}
    name = f"incidence/{settings.population}"
    # Numbers at risk of a first event are those of a survival curve, in which the other events end follow-up.
    one_by_one = {CAUSES[c]: kaplan_meier(months, cause == c, entry=entry) for c in curves}
    return found, {name: _frame(curves), f"at_risk/{name}": at_risk_frame(one_by_one)}


def first_events(patients: pl.DataFrame) -> pl.DataFrame:
    """The patients with months to the first event and its cause (0: none yet, at the last adequate scan)."""
    died = (pl.col("pfs_event") == 1) & pl.col("progressed_day").is_null()
    cause = (
        pl.when(pl.col("pfs_event") == 0).then(0)
        .when(died).then(3)
        .when(pl.col("pattern") == "oligoprogression").then(1)
        .when(pl.col("pattern") == "systemic").then(2)
        .otherwise(4)
    )  # fmt: skip
    known = patients.filter(pl.col("pfs_days").is_not_null())
    if Outcome.PFS.entry in patients.columns:
        known = known.filter(pl.col(Outcome.PFS.entry).is_not_null())
        known = known.with_columns(entry=pl.col(Outcome.PFS.entry) / DAYS_PER_MONTH)
    return known.with_columns(months=pl.col("pfs_days") / DAYS_PER_MONTH, cause=cause.cast(pl.Int64))


def _incidence(
    months: np.ndarray,
    cause: np.ndarray,
    curves: Mapping[int, IncidenceCurve],
    doubts: Warnings,
    small: Warnings,
) -> Iterator[dict[str, Any]]:
    n = len(months)
    yield {"statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
    for code, curve in curves.items():
        keys: dict[str, Any] = {"group": CAUSES[code], "n": n}
        count = int((cause == code).sum())
        yield {**keys, "statistic": Statistic.EVENTS, "value": count, "unit": Unit.EVENTS}
        keys |= {"unit": Unit.PROBABILITY, "method": _METHOD}
        for t in TIMES:
            own = keys | {"statistic": at_months(Statistic.INCIDENCE, t)}
            if small:
                yield own | {"warning": small}
                continue
            if t > months.max():
                yield own | {"warning": WarningCode.BEYOND_FOLLOW_UP()}
                continue
            at = int(np.searchsorted(curve.times, t, side="right")) - 1
            own["warning"] = doubts
            yield own | ({"value": 0.0} if at < 0 else {
                "value": float(curve.incidence[at]), "low": _or_none(curve.low[at]), "high": _or_none(curve.high[at]),
            })  # fmt: skip


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _compare(rows: pl.DataFrame, variable: str, fewest: Fewest) -> Iterator[dict[str, Any]]:
    """Gray's test over the levels; for two levels subdistribution and cause-specific hazard ratios.

    Of the patients in whom the variable is known: `n` says how many these are.
    """
    reason = why_not_levels(rows, variable)
    rows = rows.drop_nulls(variable)
    months, cause, entry = rows["months"].to_numpy(), rows["cause"].to_numpy(), entry_of(rows)
    words = as_levels(rows[variable])
    levels = levels_of(variable, words)
    for code in COMPARED:
        keys: dict[str, Any] = {"outcome": CAUSES[code], "variable": variable}
        gray = {"statistic": Statistic.P_VALUE_GRAY, "method": Method(MethodPart.GRAY)}
        if reason:
            yield keys | gray | {"warning": reason}
            continue
        keys["n"] = rows.height
        own = [cause[(words == level).to_numpy()] for level in levels]
        sparse = fewest.why_not(map(len, own), (int((c == code).sum()) for c in own))
        test = (
            NoAnswer(sparse)
            if sparse
            else attempt(lambda c=code: gray_test(months, cause, words.to_numpy(), of=c))
        )
        # The risk sets of both keep patients who had another event, of whom it cannot be known when they entered.
        shown = test if entry is None else NoAnswer(WarningCode.NO_DELAYED_ENTRY())
        yield keys | gray | p_of(shown)
        if not isinstance(shown, NoAnswer):
            yield keys | gray | {"statistic": Statistic.TEST_STATISTIC, "value": shown.chi_squared}
        if len(levels) == 2 and (sparse or not isinstance(test, NoAnswer)):
            keys["level"] = Comparison.of(*levels)
            first = (words == levels[0]).to_numpy()
            yield from (keys | row for row in _ratios(months, cause, first, code, sparse, entry))


def _ratios(
    months: np.ndarray,
    cause: np.ndarray,
    first: np.ndarray,
    code: int,
    sparse: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    design = first.astype(float)[:, None]
    models = (
        (Statistic.SUBDISTRIBUTION_HAZARD_RATIO, MethodPart.FINE_GRAY, _fine_gray),
        (Statistic.CAUSE_SPECIFIC_HAZARD_RATIO, MethodPart.CAUSE_SPECIFIC_COX, cause_specific_cox),
    )
    for statistic, part, model in models[:1] if sparse else models:
        keys = {"method": Method(part)}
        fit = NoAnswer(sparse)
        if not sparse:
            fit = attempt(lambda f=model: f(months, cause, design, of=code, entry=entry))
        if isinstance(fit, NoAnswer):
            yield {**keys, "statistic": statistic, "warning": fit.warning}
            continue
        yield {**keys, "statistic": statistic, **ratio_of(fit), "warning": of_statistics(fit.warning)}
        yield {**keys, "statistic": statistic.test, "value": float(fit.p_values[0])}


def _fine_gray(
    months: np.ndarray, cause: np.ndarray, design: np.ndarray, *, of: int, entry: np.ndarray | None
) -> FineGrayFit:
    if entry is not None:
        raise NotEnoughData("Fine-Gray takes no delayed entry.", WarningCode.NO_DELAYED_ENTRY())
    return fine_gray(months, cause, design, of=of)


def _frame(curves: Mapping[int, IncidenceCurve]) -> pl.DataFrame:
    """The series of the picture: steps of each curve, from month 0."""
    frames = []
    for code, curve in curves.items():
        steps = {"months": curve.times, "incidence": curve.incidence, "low": curve.low, "high": curve.high}
        found = {name: np.r_[0.0, values] for name, values in steps.items()}
        frames.append(pl.DataFrame({"cause": CAUSES[code], **found}))
    return pl.concat(frames)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_competing_risks(asked.patients, asked.settings, asked.matching.minimum_group)
