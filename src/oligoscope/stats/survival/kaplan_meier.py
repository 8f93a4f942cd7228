"""Survival by the product-limit method: a narrow adapter over `survival` (pinned; see docs/methods.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import UsageError
from oligoscope.stats.arrays import Floats, Ints, check_labels, check_level, check_weights, frozen
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up

if TYPE_CHECKING:
    from survival._survival import survfitkm  # the public modules carry no types
else:
    from survival.surv_analysis import survfitkm

ConfType = Literal["log-log", "plain", "log"]

# Two times closer than this are one time (months come from days divided by 30.4375).
TIME_TOLERANCE = 1e-9  # relative
WEIGHT_DECIMALS = 9  # of their sum: thirds add up to whole numbers
HALF_TOLERANCE = float(np.sqrt(np.finfo(float).eps))  # as R: survival this near to one half is one half


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of survival time with its limits; None where the curve or the limit never reaches it."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SurvivalAt:
    """Survival at one time with its limits; all None past the last follow-up of an unfinished curve.

    `n_at_risk` counts patients, also where they are weighted.
    """

    months: float
    value: float | None
    low: float | None
    high: float | None
    n_at_risk: int


@dataclass(frozen=True, slots=True, eq=False)
class WeightedPatients:
    """The patients of a weighted curve, each once, however often they were matched.

    Attributes:
        months: Their follow-up, shape (n,).
        events: 1 where it ended in the event.
        total: The sum of their weights.
        entry: When each came under observation; None where all were from the start.
    """

    months: Floats
    events: Ints
    total: float
    entry: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LateEntries:
    """Who came under observation when; arrays read-only.

    Attributes:
        months: When each row did, ascending, shape (n,).
        later: Rows, or their weights, that had not entered before each; one more entry than months, the last 0.
    """

    months: Floats
    later: Floats

    @classmethod
    def of(cls, entry: Floats, weights: Floats | None) -> LateEntries:
        order = np.argsort(entry, kind="stable")
        counted = np.ones(entry.size) if weights is None else weights[order]
        return cls(frozen(entry[order]), frozen(np.r_[np.cumsum(counted[::-1])[::-1], 0.0]))

    def not_yet(self, times: ArrayLike) -> Floats:
        """Those not under observation at each of `times`: entered at that time or later."""
        return self.later[np.searchsorted(self.months, _just_before(times), side="left")]


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurve:
    """A product-limit curve, one step for each distinct follow-up time; arrays of one length, read-only.

    Attributes:
        times: Distinct follow-up times in months, ascending; month 0 is not among them unless observed.
        survival: Share still free of the event just after each time.
        low: Lower pointwise limit; NaN where survival is 0 and, on the log-log scale, where it is 1.
        high: Upper pointwise limit; NaN where the lower one is.
        n_at_risk: Patients under observation at each time (entry < time <= follow-up); their weights, where patients are
            weighted.
        n_events: Events at each time, counted alike.
        n_censored: Censorings at each time, counted alike.
        std_err: Standard error of survival (not of its logarithm), Greenwood's, or robust where patients are
            weighted; NaN where survival is 0.
        n: All patients.
        level: Confidence level of the limits.
        conf_type: Scale on which the limits are symmetric.
        weighted: Of whom the weights were made; None where every patient counts as one.
        entries: Who came under observation when; None where all were from the start.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    n_at_risk: Ints | Floats
    n_events: Ints | Floats
    n_censored: Ints | Floats
    std_err: Floats
    n: int
    level: float
    conf_type: ConfType
    weighted: WeightedPatients | None = None
    entries: LateEntries | None = None

    @property
    def total(self) -> float:
        """All patients, or the sum of their weights."""
        return self.n if self.weighted is None else self.weighted.total

    @property
    def n_with_event(self) -> int:
        """Patients whose follow-up ended in the event, whatever their weight."""
        return int(self.n_events.sum()) if self.weighted is None else int(self.weighted.events.sum())

    def median(self) -> Quantile:
        """First time survival is at most one half; limits where the limits' own curves are.

        Where survival is exactly one half until it falls further, the middle of that interval (as R prints `survfit`).
        """
        return Quantile(*(half_reached(self.times, line) for line in (self.survival, self.low, self.high)))

    def at(self, months: float) -> SurvivalAt:
        """Survival at `months`.

        Past the last follow-up nothing is known and every value is None (as R's `summary(fit, times=)`, which
        leaves such rows out), unless the curve has fallen to 0: then it stays 0, without limits.
        """
        at_risk = int(self.patients_at_risk([months])[0])
        step = int(np.searchsorted(self.times, just_after(months), side="right")) - 1
        finished = step == len(self.times) - 1 and self.survival[step] == 0
        past = at_risk == 0 if self.entries is None else months > just_after(float(self.times[-1]))
        if past and not finished:
            return SurvivalAt(months, None, None, None, 0)
        if step < 0:
            limit = None if self.conf_type == "log-log" else 1.0
            return SurvivalAt(months, 1.0, limit, limit, at_risk)
        low, high = _or_none(self.low[step]), _or_none(self.high[step])
        return SurvivalAt(months, float(self.survival[step]), low, high, at_risk)

    def patients_at_risk(self, times: ArrayLike) -> Ints:
        """Patients under observation at each of `times`, each counted as one whatever their weight."""
        if self.weighted is None:
            left = self._counted_before(self.n_events + self.n_censored, times)
            return (self.n - left - self._not_yet(times)).astype(np.int64)
        here = self.weighted.months[:, None] >= _just_before(times)
        if self.weighted.entry is not None:
            begun = self.weighted.entry[:, None]
            here &= begun < _just_before(times)
        return np.sum(here, axis=0)

    def _not_yet(self, times: ArrayLike) -> Floats | int:
        return 0 if self.entries is None else self.entries.not_yet(times)

    def at_risk(self, times: ArrayLike) -> Ints | Floats:
        """Patients under observation at each of `times`, or the sum of their weights."""
        if self.weighted is None:
            at_risk = self.n - self.events_before(times) - self.censored_before(times) - self._not_yet(times)
            return np.asarray(at_risk).astype(np.int64)
        # With weights the difference would be 1e-16 where no patient is left.
        later = np.concatenate([np.cumsum((self.n_events + self.n_censored)[::-1])[::-1], [0.0]])
        left = later[np.searchsorted(self.times, _just_before(times), side="left")]
        return left if self.entries is None else np.round(left - self.entries.not_yet(times), WEIGHT_DECIMALS)

    def events_before(self, times: ArrayLike) -> Ints | Floats:
        """Events earlier than each of `times`, so that at risk + events + censored = all who have entered."""
        return self._counted_before(self.n_events, times)

    def censored_before(self, times: ArrayLike) -> Ints | Floats:
        """Censorings earlier than each of `times`."""
        return self._counted_before(self.n_censored, times)

    def _counted_before(self, counts: Ints | Floats, times: ArrayLike) -> Ints | Floats:
        running = np.concatenate([[0], np.cumsum(counts)])
        return running[np.searchsorted(self.times, _just_before(times), side="left")]


def kaplan_meier(
    months: ArrayLike,
    died: ArrayLike,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
    *,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    patient: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> SurvivalCurve:
    """Estimate survival by the product-limit method.

    A patient is at risk at t if entry < t <= their time; events precede censorings at ties (as R's `survfit`).
    No event at all is not an error: survival is 1 throughout and the median is not reached.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        conf_type: "log-log" (log of the cumulative hazard), "log" (R's default) or "plain" (as SPSS).
        level: Confidence level of the pointwise limits, above 0 and below 1.
        weights: Case weights > 0; counts are then sums of weights and the variance is robust, the infinitesimal
            jackknife (R: `survfit(..., weights, cluster)`).
        cluster: A label a row whose rows belong together (a matched set); each row alone where not given.
        patient: A label a row; rows of one patient count as one in `n`. Each row alone where not given.
        entry: When each row came under observation (left truncation; R: `Surv(entry, months, died)`); from 0 where not
            given.

    Raises:
        DataError: Lengths differ, a time is negative or missing, an event is not 0 or 1, a weight is not above 0, an
            entry is negative or not before the end of follow-up.
        NotEnoughData: No patient.
        UsageError: An unknown `conf_type`, or a level not between 0 and 1.

    References:
        Kaplan & Meier 1958; variance by Greenwood 1926, of weighted patients by the infinitesimal jackknife
        (Therneau, survival 3.5); limits of the median by Brookmeyer & Crowley 1982.
    """
    check_level(level)
    if conf_type not in get_args(ConfType):
        raise UsageError(f'conf_type is "{conf_type}"; allowed are {", ".join(get_args(ConfType))}.')
    seen = check_follow_up(months, died)
    shares = None if weights is None else check_weights(weights, seen.months.size)
    begun = check_entry(entry, seen)
    fit = (
        survfitkm(seen.months, seen.events, start=begun, conf_type=conf_type, conf_int=level)
        if shares is None
        else survfitkm(
            seen.months,
            seen.events,
            start=begun,
            weights=shares,
            cluster=_codes(cluster, seen.months.size).tolist(),
            conf_type=conf_type,
            conf_int=level,
            robust=True,
        )
    )
    counted = np.int64 if shares is None else np.float64
    whose = None if shares is None else _patients(seen, shares, patient, begun)
    survival = np.asarray(fit.surv)
    low, high = np.array(fit.lower), np.array(fit.upper)
    if (
        conf_type == "log-log"
    ):  # the library gives 1 to 1 before the first event; log(-log(1)) does not exist (as R 4.2)
        low[survival == 1] = high[survival == 1] = np.nan
    with np.errstate(invalid="ignore"):
        # The library's is of log survival, but where it is robust.
        std_err = np.asarray(fit.std_err) * (survival if fit.logse else 1.0)
    return SurvivalCurve(
        times=frozen(fit.time),
        survival=frozen(survival),
        low=frozen(low),
        high=frozen(high),
        n_at_risk=frozen(fit.n_risk, counted),
        n_events=frozen(fit.n_event, counted),
        n_censored=frozen(fit.n_censor, counted),
        std_err=frozen(std_err),
        n=seen.months.size if whose is None else whose.months.size,
        level=level,
        conf_type=conf_type,
        weighted=whose,
        entries=None if begun is None else LateEntries.of(begun, shares),
    )


def _codes(labels: ArrayLike | None, n: int) -> Ints:
    return np.arange(n) if labels is None else check_labels(labels, n, "cluster").codes


def _patients(
    seen: FollowUp, weights: Floats, patient: ArrayLike | None, entry: Floats | None
) -> WeightedPatients:
    """Each patient once; the rows of one patient have the same follow-up."""
    first = np.unique(_codes(patient, seen.months.size), return_index=True)[1]
    return WeightedPatients(
        frozen(seen.months[first]),
        frozen(seen.events[first], np.int64),
        round(math.fsum(weights), WEIGHT_DECIMALS),
        None if entry is None else frozen(entry[first]),
    )


def half_reached(times: Floats, line: Floats) -> float | None:
    """When a falling line first reaches one half, as R prints the median of a `survfit`.

    Where it stays at one half until it falls further, the middle of that interval. Where it stays there to its end,
    the time it fell to it: the end is a censoring, and does not show when half of the patients had the event.
    (R's `quantile` takes the middle there, too, so that one patient followed for long would move the median.)

    Args:
        times: Ascending, shape (k,).
        line: Survival or a limit of it after each time, shape (k,); NaN where there is none.
    """
    known = np.flatnonzero(~np.isnan(line))
    reached = known[line[known] <= 0.5 + HALF_TOLERANCE]
    if reached.size == 0:
        return None
    first = reached[0]
    below = known[line[known] < 0.5 - HALF_TOLERANCE]
    stays = abs(line[first] - 0.5) < HALF_TOLERANCE and below.size > 0
    return float((times[first] + times[below[0]]) / 2) if stays else float(times[first])


def _just_before(times: ArrayLike) -> Floats:
    asked = np.atleast_1d(np.asarray(times, dtype=np.float64))
    return asked - TIME_TOLERANCE * np.maximum(1, np.abs(asked))


def just_after(months: float) -> float:
    """The latest time that counts as `months`."""
    return months + TIME_TOLERANCE * max(1.0, abs(months))


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def reverse_kaplan_meier(
    months: ArrayLike,
    died: ArrayLike,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
    *,
    entry: ArrayLike | None = None,
) -> SurvivalCurve:
    """Estimate the share still under observation; its `median()` is the median follow-up.

    End of observation is the event, death a censoring: patients who died were not followed for too short a time.
    R: `survfit(Surv(months, !died) ~ 1)`. A death and an end of observation at one time: the end comes first.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        conf_type: As of `kaplan_meier`.
        level: As of `kaplan_meier`.
        entry: As of `kaplan_meier`.

    Raises:
        DataError: As `kaplan_meier`.
        NotEnoughData: No patient.

    References:
        Schemper & Smith 1996.
    """
    seen = check_follow_up(months, died)
    return kaplan_meier(seen.months, 1 - seen.events, conf_type, level, entry=entry)
