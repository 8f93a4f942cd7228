"""What must hold of the results of any study, whatever its settings; each rule says what it found wrong."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from oligoscope.pipeline import REPORTED_TWICE, StudyRun
from oligoscope.results.analyses import BASELINE, COMPETING_RISKS, LANDMARK, RESPONSE_RATE, SITES, TIMING
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic

Fault = tuple[str, str]  # a short name that is the same for all cases, and a sentence
NEAR = 1e-9
SHARES = ("survival_", "incidence_")
# By how the statistic's name begins.
DIFFERENCE = Statistic.SURVIVAL_DIFFERENCE.value
RANGES = {
    "percent": (0, 100), "p_value": (0, 1), "survival_": (0, 1), DIFFERENCE: (-1, 1), "incidence_": (0, 1), "kappa": (-1, 1),
    "hazard_ratio": (0, math.inf), "odds_ratio": (0, math.inf), "subdistribution_hazard_ratio": (0, math.inf),
    "cause_specific_hazard_ratio": (0, math.inf), "e_value": (1, math.inf), "n": (0, math.inf), "events": (0, math.inf),
    "missing": (0, math.inf), "effective_n": (0, math.inf), "variance_ratio": (0, math.inf),
}  # fmt: skip
MAY_BE_BLANK = {"sd", "mean", "median", "percent"}  # of no patient, or of one


def faults_of(run: StudyRun) -> tuple[Fault, ...]:
    """Everything wrong with a run; empty where nothing is."""
    estimates = run.results.estimates
    found = [fault for e in estimates for fault in _one_number(e)]
    rules = (
        _levels_add_up,
        _groups_add_up,
        _classes_add_up,
        _causes_add_up,
        _survival_falls,
        _landmarks_add_up,
    )
    for rule in rules:
        found += rule(estimates)
    found += [*_flow_adds_up(run), *_times(run), *_at_risk(run), *_sets(run)]
    return tuple(found)


def _one_number(e: Estimate) -> Iterator[Fault]:
    name = f"{e.analysis} {e.statistic}"
    if e.warning == REPORTED_TWICE:
        yield f"reported twice: {name}", _say(e)
    if e.patients is None:
        yield f"made from no patients: {name}", _say(e)
    given = [x for x in (e.value, e.low, e.high) if x is not None]
    if e.n is not None and e.n < 0:
        yield f"negative n: {name}", _say(e)
    if e.value is not None and math.isinf(e.value) and is_of_difference(e.statistic):
        return
    if not all(math.isfinite(x) for x in given):
        yield f"not finite: {name}", _say(e)
    elif e.value is not None:
        yield from ((f"{what}: {name}", _say(e)) for what in _impossible(e, given))
    elif not e.warning and e.statistic not in MAY_BE_BLANK:
        yield f"no number and no reason: {name}", _say(e)


def is_of_difference(statistic: str) -> bool:
    """Whether it may be infinite: an SMD is, where all of one group have a level and none of the other (docs/methods.md)."""
    return "smd" in statistic


# The limit of an E-value is the lower of two, whichever that is; of a Monte Carlo error those of both limits are given.
NOT_LIMITS = {Statistic.E_VALUE, Statistic.MONTE_CARLO_ERROR, Statistic.MONTE_CARLO_ERROR_UNIVARIABLE}


def _impossible(e: Estimate, given: list[float]) -> Iterator[str]:
    """What a finite number may not be."""
    inside = all(
        low <= x or math.isclose(low, x, rel_tol=NEAR, abs_tol=NEAR) for low, x in pairwise(_in_order(e))
    )
    if e.statistic not in NOT_LIMITS and not inside:
        yield "limits do not hold the value"
    begins = max((begins for begins in RANGES if e.statistic.startswith(begins)), key=len, default=None)
    if begins is not None:
        low, high = RANGES[begins]
        # Limits of a difference are symmetrical about it, and may lie beyond what a difference can be.
        bounded = [e.value] if begins == DIFFERENCE else given
        if not all(low - NEAR <= x <= high + NEAR for x in bounded if x is not None):
            yield f"outside {low:g} to {high:g}"
    if e.statistic == Statistic.EVENTS and e.n is not None and (e.value or 0) > e.n + 1:
        yield "more events than patients"


def _in_order(e: Estimate) -> list[float]:
    return [x for x in (e.low, e.value, e.high) if x is not None]


def _levels_add_up(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Of a factor in Table 1: the levels and the missing are the group, and the shares are 100 %.

    Where patients count by their weights so do the levels, but the missing are patients.
    """
    counts, shares, missing = defaultdict(float), defaultdict(float), {}
    sizes: dict[tuple[str, ...], float] = {}
    weighted: dict[tuple[str, ...], float] = {}
    for e in estimates:
        if e.analysis != BASELINE or e.value is None:
            continue
        key = (e.population, e.outcome, e.group, e.variable)
        if e.level and e.statistic == Statistic.N:
            counts[key] += e.value
        elif e.level and e.statistic == Statistic.PERCENT:
            shares[key] += e.value
        elif e.statistic == Statistic.MISSING:
            missing[key] = e.value
        elif e.statistic in {Statistic.N, Statistic.WEIGHTED_N} and not e.variable:
            (sizes if e.statistic == Statistic.N else weighted)[key[:3]] = e.value
    for key, total in counts.items():
        size, absent = weighted.get(key[:3], sizes.get(key[:3], math.nan)), missing.get(key, 0)
        if key[:3] in weighted and absent:
            continue
        if not math.isclose(total + absent, size, abs_tol=1e-6):
            yield "baseline: levels and missing are not the group", f"{key}: {total} + {absent} of {size}"
    for key, total in shares.items():
        if not math.isclose(total, 100, abs_tol=1e-6):
            yield "baseline: shares do not add up to 100", f"{key}: {total}"


def _groups_add_up(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Groups are all, where "all" is a group."""
    whole: dict[tuple[str, ...], float] = {}
    parts = defaultdict(float)
    for e in estimates:
        if e.value is None or e.statistic not in {Statistic.N, Statistic.MISSING} or " vs " in e.group:
            continue
        if e.analysis not in {BASELINE, RESPONSE_RATE, TIMING, SITES}:
            continue
        key = (e.analysis, e.population, e.outcome, e.variable, e.level, e.statistic)
        if e.group == "all":
            whole[key] = e.value
        elif e.group:
            parts[key] += e.value
    for key, total in whole.items():
        if key in parts and not math.isclose(total, parts[key], abs_tol=1e-6):
            yield f"{key[0]}: groups do not add up to all", f"{key}: {parts[key]} of {total}"


def _classes_add_up(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Classes of months, and best responses, are not more than the group's patients."""
    sizes, parts = {}, defaultdict(float)
    for e in estimates:
        if e.analysis not in {TIMING, RESPONSE_RATE} or e.statistic != Statistic.N or e.value is None:
            continue
        key = (e.analysis, e.population, e.outcome, e.group)
        if e.level:
            parts[*key, e.variable] += e.value
        else:
            sizes[key] = e.value
    for key, total in parts.items():
        size = sizes.get(key[:4], math.nan)
        if not (math.isclose(total, size) or (key[0] == "response_rate" and total <= size)):
            yield f"{key[0]}: classes do not add up to the group", f"{key}: {total} of {size}"


def _causes_add_up(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Events of all causes are not more than the patients, nor their incidences more than 1."""
    events, sizes, incidence = defaultdict(float), {}, defaultdict(float)
    for e in estimates:
        if e.analysis != COMPETING_RISKS or e.value is None or e.variable:
            continue
        if e.statistic == Statistic.N:
            sizes[e.population] = e.value
        elif e.statistic == Statistic.EVENTS:
            events[e.population] += e.value
        elif e.statistic.startswith("incidence_"):
            incidence[e.population, e.statistic] += e.value
    for population, total in events.items():
        if total > sizes.get(population, math.nan):
            yield "competing_risks: more events than patients", f"{population}: {total}"
    for key, total in incidence.items():
        if total > 1 + NEAR:
            yield "competing_risks: incidences above 1", f"{key}: {total}"


def _survival_falls(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Survival never rises, nor does an incidence fall, with the months."""
    curves = defaultdict(list)
    for e in estimates:
        if e.value is not None and re.fullmatch(rf"({'|'.join(SHARES)})\d+_months", e.statistic):
            months = int(e.statistic.split("_")[1])
            key = (
                e.analysis,
                e.population,
                e.outcome,
                e.group,
                e.variable,
                e.statistic.split("_", maxsplit=1)[0],
            )
            curves[key].append((months, e.value))
    for key, points in curves.items():
        values = [v for _, v in sorted(points)]
        falls = key[-1] == "survival"
        if any((b > a + NEAR) if falls else (b < a - NEAR) for a, b in pairwise(values)):
            yield f"{key[0]}: a curve goes the wrong way", f"{key}: {values}"


def _landmarks_add_up(estimates: Sequence[Estimate]) -> Iterator[Fault]:
    """Later landmarks have no more patients than earlier ones."""
    sizes = defaultdict(lambda: defaultdict(float))
    for e in estimates:
        if e.analysis == LANDMARK and e.statistic == Statistic.N and e.value is not None and e.variable:
            sizes[e.population, e.outcome][int(e.variable.split("_")[1])] += e.value
    for key, found in sizes.items():
        counts = [n for _, n in sorted(found.items())]
        if any(b > a for a, b in pairwise(counts)):
            yield "landmark: patients come back", f"{key}: {counts}"


def _flow_adds_up(run: StudyRun) -> Iterator[Fault]:
    flow = run.cohort.flow
    left = {
        name: sum(s.n_excluded for s in flow.steps if s.after == name) for name in ("screened", "treated")
    }
    if flow.n_screened - left["screened"] != flow.n_treated:
        yield "flow: screened less excluded are not the treated", str(flow)
    if flow.n_treated - left["treated"] != flow.n_progressed:
        yield "flow: treated less excluded are not the progressed", str(flow)
    here = flow.n_screened
    for step in flow.steps:
        if step.after == "progressed":
            continue
        if step.n_before != here:
            yield "flow: a rule looked at other patients than were there", str(step)
        here -= step.n_excluded


def _times(run: StudyRun) -> Iterator[Fault]:
    """No negative time of a patient who is studied, and no event without a time."""
    patients = run.cohort.patients.filter(pl.col("population") != "excluded")
    for column in patients.columns:
        if not column.endswith("_event"):
            continue
        days = column.removesuffix("_event") + "_days"
        if days not in patients.columns:
            continue
        if (patients[days].drop_nulls() < 0).any():
            yield f"negative time: {days}", str(patients[days].min())
        if (patients[column].is_not_null() & patients[days].is_null()).any():
            yield f"an event without a time: {days}", column


def _at_risk(run: StudyRun) -> Iterator[Fault]:
    """Under a curve: at risk never rises, events never fall, and the three counts are the group."""
    for name, frame in run.results.series.items():
        if not name.startswith("at_risk/") or not {"n_at_risk", "n_events", "n_censored"} <= set(
            frame.columns
        ):
            continue
        for (group,), rows in frame.group_by("group", maintain_order=True):
            counts = {c: rows[c].to_list() for c in ("n_at_risk", "n_events", "n_censored")}
            if rows["months"].to_list() != sorted(set(rows["months"].to_list())):
                yield "at risk: a month is there twice or out of order", f"{name} {group}"
            if counts["n_at_risk"] != sorted(counts["n_at_risk"], reverse=True):
                yield "at risk: rises", f"{name} {group}: {counts['n_at_risk']}"
            for column in ("n_events", "n_censored"):
                if counts[column] != sorted(counts[column]):
                    yield f"at risk: {column} falls", f"{name} {group}: {counts[column]}"
            totals = [sum(parts) for parts in zip(*counts.values(), strict=True)]
            # Each of three rounded means may be half a patient off.
            if totals and max(totals) - min(totals) > 3:
                yield "at risk: the counts are not the group", f"{name} {group}: {totals}"


def _sets(run: StudyRun) -> Iterator[Fault]:
    """What was asked of the matching holds for the sets it made."""
    if run.matched is None or run.matched.pairs.is_empty():
        return
    pairs, settings = run.matched.pairs, run.protocol.matching
    uses = pairs.group_by("imputation", "matched_with").len()["len"]
    if not settings.replace and (uses > 1).any():
        yield "matching: a control is used twice without replacement", str(uses.max())
    partners = pairs.group_by("imputation", "patient_id").len()["len"]
    if (partners > settings.ratio).any():
        yield "matching: more controls than the ratio allows", str(partners.max())
    for name in settings.exact:
        patients = run.cohort.patients.select("patient_id", value=pl.col(name))
        both = pairs.join(patients, on="patient_id").join(
            patients, left_on="matched_with", right_on="patient_id", suffix="_other"
        )
        if (both["value"] != both["value_other"]).any():
            yield (
                f"matching: not exact on {name}",
                str(both.filter(pl.col("value") != pl.col("value_other"))[0]),
            )


def _say(e: Estimate) -> str:
    keys = " | ".join(k for k in e.key if k)
    return f"{keys}: {e.value} ({e.low} to {e.high}), n {e.n}, warning {e.warning!r}"
