"""What each scan showed of each lesion: sizes, states, and the first progression where the plan has it.

Sizes follow a course per patient (shrinking to a response, or staying within a fifth of the baseline)
with a little scatter between lesions and scans. The bounds are such that no sum comes near a
progression before its time: falling courses scatter by at most 1 mm in four lesions (a progression
needs 5 mm), rising ones end at most 12 % up (it needs 20 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.demo.draws import Bools, Floats, Ints, Words, rank_within
from oligoscope.demo.lesions import MEASURABLE, MEASURABLE_NODE, Lesions, lesion_ids
from oligoscope.demo.visits import Visits, fraction_to

DEEPEST_STABLE, HIGHEST_STABLE = 0.78, 1.12  # of the baseline size; a response needs a sum at 0.70
SHALLOWEST_RESPONSE = 0.64
RISING = 0.3  # share of the non-responders whose lesions grow a little
TOO_SMALL_TO_MEASURE = 5  # mm, RECIST 1.1, 4.3.2
INCOMPLETE_SHARE = 0.08  # patients with one scan at which some lesions were not evaluated


@dataclass(frozen=True)
class Responses:
    """How each patient's lesions move until the progression, shape (patients,).

    Attributes:
        visit: First visit with a response; the last visit before progression for the others.
        before: The last visit before the progression, or the last of all.
        depth: Size then, as a part of the baseline.
        responder, complete, rising: What kind of course it is.
        incomplete: Visit at which some lesions are not evaluated; -1 without.
    """

    visit: Ints
    before: Ints
    depth: Floats
    responder: Bools
    complete: Bools
    rising: Bools
    incomplete: Ints


@dataclass(frozen=True)
class Rows:
    """One lesion at one visit, sorted by lesion and visit."""

    lesion: Ints
    patient: Ints
    visit: Ints
    visit_index: Ints


def draw_measurements(
    rng: np.random.Generator, lesions: Lesions, visits: Visits, course: pl.DataFrame, patient_ids: Words
) -> pl.DataFrame:
    """The measurements as a user would write them."""
    rows = _rows(lesions, visits)
    responses = _draw_responses(rng, visits, course)
    missed = _not_evaluated(rng, rows, lesions, responses)
    sizes = _sizes_without_progression(rng, rows, lesions, responses)
    progressed = (course["progressed_day"].to_numpy() > 0)[rows.patient]
    sizes = _progress(rng, rows, lesions, visits, sizes, missed, progressed)
    states = _states(rng, rows, lesions, responses, visits, sizes, missed)
    dates = course["start"].to_numpy()[rows.patient] + _days(rng, rows, lesions, visits, len(patient_ids))
    return _tabulate(rows, lesions, sizes, states, dates, patient_ids)


def _rows(lesions: Lesions, visits: Visits) -> Rows:
    lesion = np.repeat(np.arange(len(lesions.patient)), lesions.last_visit - lesions.first_visit + 1)
    visit = lesions.first_visit[lesion] + rank_within(lesion)
    patient = lesions.patient[lesion]
    return Rows(lesion, patient, visit, visits.offset[patient] + visit)


def _draw_responses(rng: np.random.Generator, visits: Visits, course: pl.DataFrame) -> Responses:
    responder, complete = course["responder"].to_numpy(), course["complete"].to_numpy()
    n = len(responder)
    before = visits.last - (course["progressed_day"].to_numpy() > 0)
    latest = np.clip(before, 1, 3)
    at = np.where(
        responder, 1 + np.floor(rng.random(n) ** 1.5 * latest).astype(np.int64), np.maximum(before, 1)
    )
    rising = ~responder & (rng.random(n) < RISING)
    stable = np.where(rising, rng.uniform(1.0, HIGHEST_STABLE, n), rng.uniform(DEEPEST_STABLE, 1.0, n))
    depth = np.where(responder, 0.12 + 0.52 * rng.beta(2.2, 1.6, n), stable)
    # A scan that must show the response stays complete.
    visit = 2 + np.floor(rng.random(n) * np.maximum(before - 1, 0)).astype(np.int64)
    can_miss = (
        (before >= 3) & (visit != at) & (visit <= before) & ~complete & (rng.random(n) < INCOMPLETE_SHARE)
    )
    return Responses(at, before, depth, responder, complete, rising, np.where(can_miss, visit, -1))


def _not_evaluated(rng: np.random.Generator, rows: Rows, lesions: Lesions, responses: Responses) -> Bools:
    at_visit = rows.visit == responses.incomplete[rows.patient]
    return at_visit & ~lesions.is_new[rows.lesion] & (rng.random(len(rows.lesion)) < 0.5)


def _sizes_without_progression(
    rng: np.random.Generator, rows: Rows, lesions: Lesions, responses: Responses
) -> Ints:
    """Size of every existing lesion at every visit as if nothing progressed; 0 is absent."""
    p = rows.patient
    complete = responses.complete[p]
    node = lesions.is_node[rows.lesion]
    keeper = _keepers(lesions)[rows.lesion]
    factor = _factors(rng, rows, lesions, responses)
    size = np.round(lesions.size[rows.lesion] * factor).astype(np.int64)
    size = np.where(
        node,
        np.maximum(size, np.where(keeper & ~complete, 10, 4)),
        np.where(size < 3, 0, np.maximum(size, TOO_SMALL_TO_MEASURE)),
    )
    cleared = complete & (rows.visit >= responses.visit[p])
    size = np.where(cleared, np.where(node, np.minimum(size, 8), 0), size)
    return size + _scatter(rng, rows, lesions, responses, size)


def _factors(rng: np.random.Generator, rows: Rows, lesions: Lesions, responses: Responses) -> Floats:
    """Size as a part of the baseline: towards the patient's depth, a little further after a response."""
    p, n = rows.patient, len(lesions.patient)
    own, responder = responses.depth[lesions.patient], responses.responder[lesions.patient]
    shrunk = np.clip(
        own * np.exp(0.25 * rng.standard_normal(n)),
        np.where(_keepers(lesions), 0.3, 0.03),
        SHALLOWEST_RESPONSE,
    )
    rising = responses.rising[lesions.patient]
    stable = own * np.exp(0.05 * rng.standard_normal(n))
    stable = np.clip(stable, np.where(rising, 1.0, DEEPEST_STABLE), np.where(rising, HIGHEST_STABLE, 1.0))
    end = np.where(responder, shrunk, stable)[rows.lesion]
    visit = np.minimum(rows.visit, responses.before[p])
    further = 1 - 0.1 * fraction_to(np.maximum(visit - responses.visit[p], 0), np.full(len(p), 6))
    return (1 - (1 - end) * fraction_to(visit, responses.visit[p])) * np.where(
        responses.responder[p], further, 1.0
    )


def _keepers(lesions: Lesions) -> Bools:
    """The first target of each patient: it stays visible, so that a partial response stays partial."""
    targets = np.flatnonzero(lesions.is_target)
    keepers = np.zeros(len(lesions.patient), dtype=bool)
    keepers[targets[rank_within(lesions.patient[targets]) == 0]] = True
    return keepers


def _scatter(
    rng: np.random.Generator, rows: Rows, lesions: Lesions, responses: Responses, size: Ints
) -> Ints:
    """One millimetre more here and there, in at most four targets of a patient."""
    p = rows.patient
    number = np.full(len(lesions.patient), 9)
    targets = np.flatnonzero(lesions.is_target)
    number[targets] = rank_within(lesions.patient[targets])
    free = (
        ~responses.rising[p] & ~responses.complete[p] & (rows.visit > 0) & (rows.visit != responses.visit[p])
    )
    return (free & (number[rows.lesion] < 4) & (size >= 8) & (rng.random(len(p)) < 0.25)).astype(np.int64)


def _progress(
    rng: np.random.Generator,
    rows: Rows,
    lesions: Lesions,
    visits: Visits,
    sizes: Ints,
    missed: Bools,
    progressed: Bools,
) -> Ints:
    """Let the planned lesions grow at the progression: each past its own limit, the sum past the sum's."""
    last = visits.last[rows.patient]
    target, new = lesions.is_target[rows.lesion], lesions.is_new[rows.lesion]
    n_lesions, n_patients = len(lesions.patient), len(visits.last)
    usable = target & ~missed & (rows.visit < last)
    nadir = _smallest(rows.lesion[usable], sizes[usable], n_lesions)
    growing = target & lesions.progresses[rows.lesion] & progressed & (rows.visit >= last)
    least = np.maximum(
        np.maximum(-(-nadir * 5 // 4), nadir + 6), np.where(lesions.is_node, MEASURABLE_NODE, MEASURABLE)
    )
    grown = (least + np.floor(rng.exponential(4, n_lesions))).astype(np.int64)
    sizes = np.where(growing, grown[rows.lesion], sizes)
    lacking = _lacking(rows, lesions, visits, sizes, missed, n_patients)
    n_growing = np.bincount(rows.patient[growing & (rows.visit == last)], minlength=n_patients)
    more = -(-lacking // np.maximum(n_growing, 1))
    sizes = np.where(growing, sizes + more[rows.patient], sizes)
    sizes = np.where(new, np.where(lesions.equivocal[rows.lesion], 0, lesions.size[rows.lesion]), sizes)
    later = (growing | new) & (rows.visit > last)
    return np.where(later, np.ceil(sizes * rng.uniform(1.05, 1.3, len(sizes))), sizes).astype(np.int64)


def _smallest(group: Ints, values: Ints, n: int) -> Ints:
    smallest = np.full(n, np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(smallest, group, values)
    return smallest


def _lacking(
    rows: Rows, lesions: Lesions, visits: Visits, sizes: Ints, missed: Bools, n_patients: int
) -> Ints:
    """Millimetres by which the sum falls short of progression where nothing else shows one."""
    target = lesions.is_target[rows.lesion]
    sums = np.bincount(rows.visit_index[target], sizes[target], len(visits.day)).astype(np.int64)
    complete = np.bincount(rows.visit_index[target & missed], minlength=len(visits.day)) == 0
    before = complete & (visits.number < visits.last[visits.patient])
    nadir = np.minimum(_smallest(visits.patient[before], sums[before], n_patients), 10**6)
    by_target = lesions.progresses & lesions.is_target
    shown = lesions.progresses & ~lesions.is_target
    only_by_sum = _any(lesions.patient[by_target], n_patients) & ~_any(lesions.patient[shown], n_patients)
    needed = np.maximum(-(-nadir * 6 // 5) + 1, nadir + 6)
    return np.where(only_by_sum, np.maximum(needed - sums[visits.offset + visits.last], 0), 0)


def _any(patient: Ints, n: int) -> Bools:
    return np.bincount(patient, minlength=n) > 0


def _states(
    rng: np.random.Generator,
    rows: Rows,
    lesions: Lesions,
    responses: Responses,
    visits: Visits,
    sizes: Ints,
    missed: Bools,
) -> Words:
    """The reader's word for each lesion at each visit."""
    p, row = rows.patient, rows.lesion
    measured = np.where(sizes == 0, "absent", "measured")
    small = (sizes == TOO_SMALL_TO_MEASURE) & ~lesions.is_node[row] & ~lesions.is_new[row]
    measured = np.where(small, "too_small", measured)
    vanishing = (
        (rng.random(len(lesions.patient)) < 0.2) & responses.responder[lesions.patient] & ~lesions.progresses
    )
    gone = (vanishing[row] & (rows.visit > responses.visit[p])) | (
        responses.complete[p] & (rows.visit >= responses.visit[p])
    )
    seen = np.where(gone, "absent", "present")
    modest = (rows.visit >= 2) & (rows.visit <= responses.before[p]) & (rng.random(len(p)) < 0.01)
    seen = np.where(modest & ~gone, "increased", seen)
    worse = lesions.progresses[row] & (rows.visit >= visits.last[p])
    seen = np.where(worse, "unequivocal_progression", seen)
    in_doubt = lesions.equivocal[row]
    vanished = in_doubt & (rows.visit > lesions.first_visit[row]) & ~_is_confirmed(lesions, visits)[row]
    fresh = np.where(vanished, "absent", np.where(lesions.measurable[row] & ~in_doubt, "measured", "present"))
    states = np.where(lesions.is_new[row], fresh, np.where(lesions.is_target[row], measured, seen))
    return np.where(missed, "not_evaluated", states)


def _is_confirmed(lesions: Lesions, visits: Visits) -> Bools:
    """A doubtful lesion first seen at the progression itself is confirmed at the next scan."""
    return lesions.equivocal & (lesions.first_visit == visits.last[lesions.patient])


def _days(rng: np.random.Generator, rows: Rows, lesions: Lesions, visits: Visits, n_patients: int) -> Ints:
    """Days from treatment start; the brain was scanned up to five days before the rest at baseline."""
    earlier = rng.integers(0, 6, n_patients)[rows.patient]
    brain_at_baseline = (lesions.organ[rows.lesion] == "brain") & (rows.visit == 0)
    return visits.day[rows.visit_index] - np.where(brain_at_baseline, earlier, 0)


def _tabulate(
    rows: Rows, lesions: Lesions, sizes: Ints, states: Words, dates: Ints, patient_ids: Words
) -> pl.DataFrame:
    in_doubt = lesions.equivocal[rows.lesion] & (rows.visit == lesions.first_visit[rows.lesion])
    shown = lesions.is_new[rows.lesion] & (states != "absent")
    certainty = np.where(shown, np.where(in_doubt, "equivocal", "unequivocal"), "")
    frame = pl.DataFrame(
        {
            "patient_id": patient_ids[rows.patient],
            "lesion_id": lesion_ids(lesions)[rows.lesion],
            "assessed_on": pl.Series(dates, dtype=pl.Int32).cast(pl.Date),
            "diameter_mm": pl.Series(sizes, dtype=pl.Float64),
            "state": states,
            "certainty": certainty,
            "modality": np.where(lesions.organ[rows.lesion] == "brain", "mri", "ct"),
        }
    )
    measured = pl.col("state") == "measured"
    return frame.with_columns(
        pl.when(measured).then("diameter_mm").alias("diameter_mm"), pl.col("certainty").replace("", None)
    )
