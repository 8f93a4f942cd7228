"""Which lesions each patient has at baseline, and which of them, or which new ones, progress first.

Oligoprogression: at most five lesions, the primary and most others controlled. Systemic progression by
one of three ways: more than five lesions, diffuse disease, or the primary and most others progressing.
The pattern holds under every reading of "most others" (new lesions counted among them or not).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.demo.draws import Bools, Floats, Ints, Words, choose_exactly, spread_quantiles
from oligoscope.demo.patients import PATTERNS
from oligoscope.demo.times import printed
from oligoscope.demo.visits import Visits
from oligoscope.published.paper import Published
from oligoscope.results.analyses import SITES
from oligoscope.results.statistics import Statistic

ORGANS = ("lung", "lymph_node", "bone", "liver", "adrenal", "brain")
LUNG, NODE, BONE, LIVER, ADRENAL, BRAIN = range(6)
_CAPACITY = np.array([10, 10, 8, 8, 2, 8])  # progressing lesions an organ can hold

# Assumptions; the paper prints none of these.
HAS_PRIMARY = 0.93  # a primary tumour is seen at baseline, where the lung does not progress
INVOLVED = np.array([0.35, 0.75, 0.22, 0.08, 0.10, 0.0])  # at baseline, where the organ does not progress
LUNG_INVOLVED = 0.6  # at baseline, where the lung progresses: metastases beside the primary
N_PROGRESSING = np.array([0.60, 0.23, 0.10, 0.04, 0.03])  # 1 to 5 lesions, oligoprogression
SYSTEMIC_WAYS = {"many": 0.65, "diffuse": 0.25, "uncontrolled": 0.10}
GROWS_IN_PLACE = {"oligoprogression": 0.5, "systemic": 0.35}  # of lesions in an organ involved at baseline
EQUIVOCAL_SHARE = 0.025  # with a doubtful new lesion that vanishes; as many with one that is confirmed


@dataclass(frozen=True)
class Plan:
    """Lesions by patient and organ, shapes (patients, organs) and (patients,).

    Attributes:
        baseline: Lesions at baseline, without the primary.
        in_place: Of those, how many progress.
        new: New lesions at the progression.
        has_primary, primary_progresses: The primary tumour in the lung.
        diffuse_kind: Diffuse disease that appears at the progression; "" without.
        effusion: A pleural effusion at baseline that does not change.
        equivocal: Visit at which a doubtful new lesion is seen; -1 without.
        confirmed: That lesion is confirmed at the next scan; else it vanishes.
    """

    baseline: Ints
    in_place: Ints
    new: Ints
    has_primary: Bools
    primary_progresses: Bools
    diffuse_kind: Words
    effusion: Bools
    equivocal: Ints
    confirmed: Bools


def draw_plan(rng: np.random.Generator, patients: pl.DataFrame, visits: Visits, published: Published) -> Plan:
    """The plan of every patient, given who they are and when they are scanned."""
    pattern = patients["pattern"].to_numpy()
    oligo, systemic = pattern == "oligoprogression", pattern == "systemic"
    stage = patients["stage"].to_numpy().astype(str)
    advanced, brain = np.char.startswith(stage, "IV"), (patients["brain_metastasis"] == "yes").to_numpy()
    organs = _progressing_organs(rng, pattern, brain, published)
    lung_free = _lung_free(rng, organs, advanced, published)
    has_primary = ((rng.random(len(pattern)) < HAS_PRIMARY) | organs[:, LUNG]) & ~lung_free
    way = np.where(systemic, _choose_way(rng, organs, advanced & has_primary), "")
    extensive = way == "uncontrolled"
    involved = _involved(rng, organs, advanced, stage == "IIIC", extensive, published)
    involved[lung_free, LUNG] = False
    involved[:, BRAIN] = brain
    _give_a_metastasis(
        advanced & ~involved[:, [LUNG, BONE, LIVER, ADRENAL, BRAIN]].any(1), organs, lung_free, involved
    )
    equivocal, confirmed = _equivocal(rng, pattern, visits)
    counts = _count_lesions(rng, organs, _n_progressing(rng, organs, oligo, way, confirmed))
    in_place = _split_in_place(rng, counts, involved, oligo)
    new = counts - in_place
    baseline = np.maximum(involved * rng.choice([1, 2, 3], involved.shape, p=[0.6, 0.28, 0.12]), in_place)
    _make_uncontrolled(extensive, organs, baseline, in_place, new)
    # Most others must be controlled: as many more lymph nodes as that needs.
    needed = 2 * in_place.sum(1) + new.sum(1) + (equivocal >= 0) + 1 - baseline.sum(1)
    baseline[:, NODE] += np.where(oligo, np.maximum(needed, 0), 0)
    baseline[:, NODE] = np.maximum(baseline[:, NODE], ~has_primary)
    effusion = advanced & (rng.random(len(pattern)) < 0.05)
    primary_progresses = extensive | (
        (way == "many") & has_primary & organs[:, LUNG] & (rng.random(len(pattern)) < 0.3)
    )
    diffuse = np.where(way == "diffuse", _diffuse_kinds(rng, organs), "")
    return Plan(
        baseline, in_place, new, has_primary, primary_progresses, diffuse, effusion, equivocal, confirmed
    )


def _progressing_organs(
    rng: np.random.Generator, pattern: Words, brain: Bools, published: Published
) -> Bools:
    """Organs of progression with the printed shares: one drawn first, the others so that shares hold."""
    organs = np.zeros((len(pattern), len(ORGANS)), dtype=bool)
    for name in PATTERNS:
        rows = np.flatnonzero(pattern == name)
        percent = [_percent(published, name, "organ", organ, Statistic.PERCENT) for organ in ORGANS]
        drawn = _draw_shares(rng, np.array(percent) / 100, len(rows))
        # A brain progression rather happens where there is a brain metastasis already.
        by_patient = np.argsort(1.3 * brain[rows] + rng.standard_normal(len(rows)))
        by_draw = np.argsort(1.3 * drawn[:, BRAIN] + rng.standard_normal(len(rows)))
        organs[rows[by_patient]] = drawn[by_draw]
    # Few lesions lie in few organs.
    return organs & ((np.cumsum(organs, axis=1) <= 4) | (pattern == "systemic")[:, None])


def _draw_shares(rng: np.random.Generator, shares: Floats, n: int) -> Bools:
    """At least one organ each: one is drawn first, the others with what is left of their share."""
    first = shares / shares.sum()
    even = np.zeros(n)
    one = np.minimum(np.searchsorted(np.cumsum(first), spread_quantiles(rng, even)), len(shares) - 1)
    drawn = one[:, None] == np.arange(len(shares))
    for organ, left in enumerate((shares - first) / (1 - first)):
        others = np.flatnonzero(~drawn[:, organ])
        drawn[others, organ] = spread_quantiles(rng, even[others]) < left
    return drawn


def _choose_way(rng: np.random.Generator, organs: Bools, may_be_uncontrolled: Bools) -> Words:
    """How a systemic progression comes about; where the drawn way is impossible, another."""
    way = rng.choice(list(SYSTEMIC_WAYS), len(organs), p=list(SYSTEMIC_WAYS.values()))
    way = np.where((way == "uncontrolled") & ~(may_be_uncontrolled & organs[:, LUNG]), "many", way)
    return np.where((way == "many") & (organs @ _CAPACITY < 7), "diffuse", way)


def _lung_free(rng: np.random.Generator, organs: Bools, advanced: Bools, published: Published) -> Bools:
    """Who progresses in the lung without any disease there before: as many as the printed share leaves."""
    in_lung = organs[:, LUNG]
    n = int(in_lung.sum()) - _n_same_organ(published, LUNG, organs)
    return choose_exactly(rng, max(n, 0), np.where(in_lung & advanced, 0.0, -np.inf))


def _n_same_organ(published: Published, organ: int, organs: Bools) -> int:
    """Patients who progress in an organ that was involved before: the printed share of all progressed."""
    percent = _percent(published, "all", "same_organ", ORGANS[organ], Statistic.PERCENT_OF_ALL)
    return round(percent / 100 * float(organs.any(1).sum()))


def _percent(published: Published, group: str, variable: str, organ: str, statistic: Statistic) -> float:
    keys = {"outcome": "pattern", "group": group, "variable": variable, "level": organ}
    return printed(published, SITES, **keys, statistic=statistic)


def _involved(
    rng: np.random.Generator,
    organs: Bools,
    advanced: Bools,
    locally: Bools,
    extensive: Bools,
    published: Published,
) -> Bools:
    """Organs with lesions at baseline; as many progress in place as the paper prints."""
    n = len(organs)
    chance = INVOLVED.copy()
    chance[LUNG] = LUNG_INVOLVED
    involved = (rng.random((n, len(ORGANS))) < np.where(organs, chance, INVOLVED)) & advanced[:, None]
    for organ in (BONE, LIVER, ADRENAL):
        here = organs[:, organ]
        wanted = _n_same_organ(published, organ, organs) - int((here & extensive).sum())
        possible = here & advanced & ~extensive
        involved[here, organ] = False
        involved[:, organ] |= choose_exactly(rng, max(wanted, 0), np.where(possible, 0.0, -np.inf))
    involved[:, NODE] = locally | (rng.random(n) < np.where(advanced, 0.75, 0.4))
    involved[extensive] = organs[extensive]
    return involved


def _give_a_metastasis(rows: Bools, organs: Bools, lung_free: Bools, involved: Bools) -> None:
    """Stage IV has one: in the lung, or else in an organ that does not progress, which moves no printed share."""
    involved[rows & ~lung_free, LUNG] = True
    left = rows & lung_free
    for organ in (BONE, LIVER, ADRENAL):
        chosen = left & ~organs[:, organ]
        involved[chosen, organ] = True
        left &= ~chosen


def _n_progressing(
    rng: np.random.Generator, organs: Bools, oligo: Bools, way: Words, confirmed: Bools
) -> Ints:
    """Progressing lesions without the primary, diffuse and doubtful ones; at least one an organ."""
    n = len(organs)
    few = np.minimum(rng.choice(np.arange(1, 6), n, p=N_PROGRESSING), 5 - confirmed)
    many = 5 + rng.geometric(0.45, n).clip(max=6)
    number = np.where(
        oligo, few, np.where(way == "many", many, np.where(way == "diffuse", rng.integers(1, 5, n), 0))
    )
    return np.maximum(number, np.where(way == "uncontrolled", 0, organs.sum(1)))


def _count_lesions(rng: np.random.Generator, organs: Bools, number: Ints) -> Ints:
    """Spread the progressing lesions over the organs: one each, the rest rather in lung and nodes."""
    counts = (organs & (number > 0)[:, None]).astype(np.int64)
    weights = np.array([3.0, 2.0, 1.0, 1.5, 0.5, 1.0])
    for _ in range(int(number.max(initial=0))):
        more = (counts.sum(1) < number)[:, None] & organs & (counts < _CAPACITY)
        chosen = np.argmax(np.where(more, rng.random(organs.shape) * weights, -1.0), axis=1)
        rows = np.flatnonzero(more.any(1))
        counts[rows, chosen[rows]] += 1
    return counts


def _split_in_place(rng: np.random.Generator, counts: Ints, involved: Bools, oligo: Bools) -> Ints:
    """How many of the progressing lesions were there at baseline; at most two in oligoprogression."""
    chance = np.where(oligo, GROWS_IN_PLACE["oligoprogression"], GROWS_IN_PLACE["systemic"])
    in_place = rng.binomial(counts, chance[:, None]) * involved
    room = np.maximum(2 - (np.cumsum(in_place, axis=1) - in_place), 0)
    return np.where(oligo[:, None], np.minimum(in_place, room), in_place)


def _make_uncontrolled(rows: Bools, organs: Bools, baseline: Ints, in_place: Ints, new: Ints) -> None:
    """Few lesions, nearly all of them progressing: two in the lung, one in each other organ."""
    lesions = organs[rows].astype(np.int64)
    lesions[:, LUNG] = 2
    # Only a patient recorded with brain metastases has a brain lesion at baseline.
    brain = baseline[rows, BRAIN] > 0
    lesions[:, BRAIN] *= brain
    in_place[rows], new[rows] = lesions, 0
    new[rows, BRAIN] = organs[rows, BRAIN] & ~brain
    lesions[:, BRAIN] = brain
    baseline[rows] = lesions


def _diffuse_kinds(rng: np.random.Generator, organs: Bools) -> Words:
    """Diffuse disease that does not add a progressing organ of its own among the six, where it can."""
    n = len(organs)
    in_lung = rng.choice(["malignant_effusion", "innumerable", "lymphangitic"], n, p=[0.5, 0.35, 0.15])
    elsewhere = rng.choice(["malignant_effusion", "peritoneal"], n, p=[0.8, 0.2])
    kinds = np.where(organs[:, LUNG], in_lung, elsewhere)
    return np.where(organs[:, BRAIN] & (rng.random(n) < 0.4), "leptomeningeal", kinds)


def _equivocal(rng: np.random.Generator, pattern: Words, visits: Visits) -> tuple[Ints, Bools]:
    """Doubtful new lesions: some vanish by the next scan, some, seen with the progression, are confirmed."""
    u = rng.random(len(pattern))
    last = visits.last
    before = np.floor(1 + rng.random(len(pattern)) * np.maximum(last - 1, 0)).astype(np.int64)
    vanishes = (u < EQUIVOCAL_SHARE) & (last >= 2)
    confirmed = (u > 1 - EQUIVOCAL_SHARE) & visits.has_after & (pattern != "")
    return np.where(vanishes, before, np.where(confirmed, last, -1)), confirmed
