"""What happened, and when: response, progression, death or end of follow-up, as days from treatment start."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl

from oligoscope.demo import times
from oligoscope.demo.draws import Bools, Floats, Ints, choose_exactly, spread_quantiles, stream
from oligoscope.demo.patients import PATTERNS
from oligoscope.demo.schedule import AFTER_SIX_MONTHS, scan_days, scans_until
from oligoscope.published.paper import Published
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.statistics import Statistic
from oligoscope.study.months import DAYS_PER_MONTH

# Assumptions; the paper prints none of these.
COMPLETE_SHARE = {"oligoprogression": 0.05, "systemic": 0.025, "": 0.12}  # of the responders
LOST_SHARE = (
    0.1  # of the progressed, at any time between progression and cut-off; noticed if still alive then
)
# Part of its slice of the distribution that a time to progression may lie in. Between two scans few progressions
# are found, so that there a slice covers many days, and a median with it.
MIDDLE = 0.1
# Of the treated without progression. With the progressed, one in six or seven first events is a death, as in trials;
# with far fewer deaths the hazard after progression would be some thirty times that before it.
FREE_FATES = {"followed": 0.4, "died": 0.45, "lost": 0.15}
FREE_RESPONDERS = 0.65


def draw_course(
    seed: int, patients: pl.DataFrame, published: Published, by: times.Calibration = times.CALIBRATED
) -> pl.DataFrame:
    """The course of every patient of `draw_patients`, row by row; days count from treatment start.

    Returns:
        start (days since 1970-01-01); responder (CR or PR), complete (CR); resistance (primary,
        acquired, "" without progression); progressed_day (-1 without); last_scan_day (0: only
        baseline); end_day (death, or last day known alive); died.
    """
    pattern, excluded = patients["pattern"].to_numpy(), patients["excluded"].to_numpy()
    fitness = _fitness(patients)
    parts = []
    for name in PATTERNS:
        rows = np.flatnonzero(pattern == name)
        rng = stream(seed, f"course/{name}")
        parts.append(_progressed(rng, fitness[rows], name, published, by).with_columns(row=pl.Series(rows)))
    free = np.flatnonzero((pattern == "") & (excluded == ""))
    rng = stream(seed, "course/free")
    parts.append(_free(rng, fitness[free], published).with_columns(row=pl.Series(free)))
    left = np.flatnonzero(excluded != "")
    rng = stream(seed, "course/excluded")
    parts.append(_screened_only(rng, len(left), published).with_columns(row=pl.Series(left)))
    return pl.concat(parts).sort("row").drop("row")


def _fitness(patients: pl.DataFrame) -> Floats:
    """Higher: later progression and death. Modest effects, in standard deviations of the noise."""
    effects = {
        ("pd_l1", ">=50%"): 0.35,
        ("ecog", "1"): -0.35,
        ("brain_metastasis", "yes"): -0.3,
        ("stage", "IV"): -0.2,
    }
    return np.sum([e * (patients[c] == level).to_numpy() for (c, level), e in effects.items()], axis=0)


def _progressed(
    rng: np.random.Generator, fitness: Floats, pattern: str, published: Published, by: times.Calibration
) -> pl.DataFrame:
    """Patients with one pattern of progression, their response and resistance type."""
    n = len(fitness)
    keys = {"outcome": "best_response", "group": pattern, "variable": "orr"}
    orr = times.printed(published, RESPONSE_RATE, **keys, statistic=Statistic.PERCENT)
    n_responders = round(n * orr / 100)
    primary = choose_exactly(rng, min(round(n * by.primary_share[pattern]), n - n_responders), -fitness)
    days = np.empty(n)
    acquired_days = partial(times.acquired_days, by=by)
    for kind, of_kind in ((times.primary_days, primary), (acquired_days, ~primary)):
        u = spread_quantiles(rng, fitness[of_kind], within=MIDDLE, stratified=by.stratified)
        days[of_kind] = kind(published, pattern, u)
    progressed = np.round(days).astype(np.int64)
    # Without a response, resistance is acquired only if the progression came after six months.
    can_be_stable = ~primary & (progressed >= AFTER_SIX_MONTHS)
    stable = choose_exactly(rng, n - n_responders - int(primary.sum()), np.where(can_be_stable, 0, -np.inf))
    responder = ~primary & ~stable
    start = _starts(rng, published, progressed + 90)
    survival = _survival(rng, fitness, primary, progressed, pattern, published, by)
    return pl.DataFrame(
        {
            "start": start,
            "responder": responder,
            "complete": _complete(rng, responder, progressed, fitness, pattern),
            "resistance": np.where(primary, "primary", "acquired"),
            "progressed_day": progressed,
            "last_scan_day": progressed,
            **_end(rng, start, progressed, survival, published),
        }
    )


def _survival(
    rng: np.random.Generator,
    fitness: Floats,
    primary: Bools,
    progressed: Ints,
    pattern: str,
    published: Published,
    by: times.Calibration,
) -> Ints:
    survival = np.empty(len(fitness))
    for kind, of_kind in (("primary", primary), ("acquired", ~primary)):
        survival[of_kind] = times.overall_days(
            rng, published, pattern, kind, progressed[of_kind], fitness[of_kind], by
        )
    return np.round(survival).astype(np.int64)


def _complete(
    rng: np.random.Generator, responder: Bools, last_scan: Ints, fitness: Floats, pattern: str
) -> Bools:
    """Complete responses among the responders who were followed long enough to have one."""
    n = round(COMPLETE_SHARE[pattern] * float(responder.sum()))
    return choose_exactly(rng, n, np.where(responder & (last_scan > 150), fitness, -np.inf))


def _free(rng: np.random.Generator, fitness: Floats, published: Published) -> pl.DataFrame:
    """Treated patients without progression: still followed, dead without progression, or lost."""
    n = len(fitness)
    fate = rng.choice(list(FREE_FATES), n, p=list(FREE_FATES.values()))
    start = _starts(rng, published, np.full(n, 90))
    followed = _day(published.data_cutoff) - start - rng.integers(0, 43, n)
    early = np.maximum(np.exp(np.log(8 * DAYS_PER_MONTH) + 0.9 * rng.standard_normal(n)), 12)
    end = np.where(fate == "followed", followed, np.minimum(early, followed)).astype(np.int64)
    last_scan = _last_scan(rng, end)
    can_respond = np.where(last_scan >= times.EARLIEST_ACQUIRED, fitness, -np.inf)
    responder = choose_exactly(rng, round(FREE_RESPONDERS * n), can_respond)
    return pl.DataFrame(
        {
            "start": start,
            "responder": responder,
            "complete": _complete(rng, responder, last_scan, fitness, ""),
            "resistance": np.full(n, ""),
            "progressed_day": np.full(n, -1),
            "last_scan_day": last_scan,
            "end_day": end,
            "died": (fate == "died") & (early < followed),
        }
    )


def _last_scan(rng: np.random.Generator, end: Ints) -> Ints:
    """Day of the last planned scan before the end; 0 for patients who left before the first."""
    number = np.maximum(scans_until(end) - 1, 0)
    day = np.minimum(scan_days(rng, np.maximum(number, 1)), end - 1)
    return np.where(number > 0, day, 0)


def _screened_only(rng: np.random.Generator, n: int, published: Published) -> pl.DataFrame:
    """Patients who were not eligible: a start of some treatment, then death or last contact."""
    start = _starts(rng, published, np.full(n, 90))
    survival = np.maximum(rng.exponential(20 * DAYS_PER_MONTH, n), 20).astype(np.int64)
    no = np.zeros(n, dtype=bool)
    zero = np.zeros(n, dtype=np.int64)
    end = _end(rng, start, zero, survival, published)
    return pl.DataFrame({
        "start": start, "responder": no, "complete": no, "resistance": np.full(n, ""),
        "progressed_day": zero - 1, "last_scan_day": zero, **end,
    })  # fmt: skip


def _starts(rng: np.random.Generator, published: Published, needed: Ints) -> Ints:
    """Treatment starts in the enrolment period, early enough for `needed` days before the cut-off."""
    first, last = _day(published.enrolled_from), _day(_end_of_month(published.enrolled_to))
    latest = np.clip(_day(published.data_cutoff) - needed, first, last)
    # More patients a month towards the end: the treatment became the standard in these years.
    drawn = first + (latest + 1 - first) * rng.beta(1.6, 1.1, len(needed))
    return np.floor(drawn).clip(first, latest).astype(np.int64)


def _end(
    rng: np.random.Generator, start: Ints, after: Ints, survival: Ints, published: Published
) -> dict[str, Ints | Bools]:
    """Death, loss at some time after `after`, or alive within six weeks of the cut-off."""
    n = len(start)
    to_cutoff = _day(published.data_cutoff) - start
    # Only patients still alive can be lost, so that loss is independent of survival.
    lost = after + 1 + np.floor(rng.random(n) * np.maximum(to_cutoff - after - 1, 0)).astype(np.int64)
    is_lost = (rng.random(n) < LOST_SHARE) & (lost < survival)
    seen = to_cutoff - rng.integers(0, 43, n)
    died = ~is_lost & (survival <= to_cutoff)
    alive_until = np.where(is_lost, np.minimum(lost, seen), seen)
    return {"end_day": np.where(died, survival, alive_until), "died": died}


def _day(on: date) -> int:
    return (on - date(1970, 1, 1)).days


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
