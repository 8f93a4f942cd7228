"""Gray's test: is the cumulative incidence of a cause the same in all groups?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, check_labels, frozen
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.competing_risks import check_causes, require_event


@dataclass(frozen=True, slots=True)
class GrayTest:
    """Gray's test; the tuples have one entry a group, in the order of `groups` (labels, sorted)."""

    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[Any, ...]
    n: tuple[int, ...]
    n_events: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Counts at the J times of any event, by G groups; shape (J, G) unless stated.

    Attributes:
        at_risk: Patients still followed.
        events: Events of the cause.
        others: Events of other causes.
        before: Kaplan-Meier of any event, just before.
        after: The same, just after.
        incidence_before: Cumulative incidence of the cause, just before.
    """

    at_risk: Floats
    events: Floats
    others: Floats
    before: Floats
    after: Floats
    incidence_before: Floats


def gray_test(
    months: ArrayLike,
    cause: ArrayLike,
    group: ArrayLike,
    of: int = 1,
    *,
    strata: ArrayLike | None = None,
) -> GrayTest:
    """Test whether two or more groups have one cumulative incidence (R: `cmprsk::cuminc(...)$Tests`, rho = 0).

    A log-rank test of the hazard of the subdistribution, in which those who have had another event stay at risk.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        cause: 0 where censored, else the number of the cause, shape (n,).
        group: The group of each patient, shape (n,), numbers or text.
        of: The cause.
        strata: The stratum of each patient; comparisons are made within strata and summed.

    Raises:
        DataError: As `cumulative_incidence`; a label is missing.
        NotEnoughData: One group only, no event of the cause, or no variance to test against.

    References:
        Gray 1988, with the corrections for tied events of Gray's own program.
    """
    seen = check_causes(months, cause)
    require_event(seen, of)
    n = seen.months.size
    groups = check_labels(group, n, "group")
    if len(groups.levels) == 1:
        raise NotEnoughData(
            f'All patients are in one group ("{groups.levels[0]}"): nothing to compare.', Doubt.ONE_GROUP_ONLY
        )
    codes = groups.codes[seen.order]
    kind = np.where(seen.cause == of, 1, np.where(seen.cause == 0, 0, 2))
    stratum = np.zeros(n, int) if strata is None else check_labels(strata, n, "strata").codes[seen.order]
    free = len(groups.levels) - 1
    score, variance = np.zeros(free), np.zeros((free, free))
    for value in np.unique(stratum):
        here = stratum == value
        steps = _count(seen.months[here], kind[here], codes[here], free + 1)
        score += _score(steps)[:free]
        variance += _variance(steps)[:free, :free]
    if np.linalg.matrix_rank(variance, hermitian=True) < free:
        raise NotEnoughData(
            "The groups' incidences have no variance to test against: no Gray's test.", Doubt.NO_SHARED_RISK
        )
    chi_squared = float(score @ np.linalg.solve(variance, score))
    return GrayTest(
        chi_squared,
        free,
        chi_square_tail(chi_squared, free),
        groups.levels,
        tuple(np.bincount(codes, minlength=free + 1).tolist()),
        tuple(np.bincount(codes[kind == 1], minlength=free + 1).tolist()),
    )


def _count(months: Floats, kind: Ints, codes: Ints, n_groups: int) -> _Steps:
    _, step = np.unique(months, return_inverse=True)
    shape = (int(step[-1]) + 1, n_groups)
    flat = step * n_groups + codes
    events, others, everyone = (
        np.bincount(flat[chosen], minlength=shape[0] * n_groups).reshape(shape).astype(np.float64)
        for chosen in (kind == 1, kind == 2, kind >= 0)
    )
    at_risk = everyone[::-1].cumsum(axis=0)[::-1]
    happened = (events + others).sum(axis=1) > 0
    at_risk, events, others = at_risk[happened], events[happened], others[happened]
    risk = np.maximum(at_risk, 1)  # without patients at risk there are no events
    after = np.cumprod(1 - (events + others) / risk, axis=0)
    before = np.vstack([np.ones(n_groups), after[:-1]])
    incidence = np.cumsum(before * events / risk, axis=0)
    incidence_before = np.vstack([np.zeros(n_groups), incidence[:-1]])
    return _Steps(at_risk, events, others, frozen(before), frozen(after), frozen(incidence_before))


def _weighted_risk(steps: _Steps) -> Floats:
    """Patients at risk over Kaplan-Meier: h of the paper; 0 for a group with no patient at risk."""
    return np.divide(steps.at_risk, steps.before, out=np.zeros_like(steps.at_risk), where=steps.at_risk > 0)


def _score(steps: _Steps) -> Floats:
    """Observed less expected events of each group, at risk in the subdistribution: R of the paper."""
    at_risk = _weighted_risk(steps) * (1 - steps.incidence_before)
    total = at_risk.sum(axis=1, keepdims=True)
    expected = steps.events.sum(axis=1, keepdims=True) * at_risk / np.where(total > 0, total, 1)
    return np.where(steps.at_risk > 0, steps.events - expected, 0.0).sum(axis=0)


def _variance(steps: _Steps) -> Floats:
    """Of the score, by its two martingales in each group (events of the cause, and others), shape (G, G)."""
    h = _weighted_risk(steps)
    total = h.sum(axis=1)
    events = steps.events.sum(axis=1)
    common = np.cumsum(events / total)  # cumulative incidence of all under the hypothesis
    before = np.concatenate([[0.0], common[:-1]])
    # a[j, i, k]: how the score of group i moves with the hazard of group k at time j; c: its integral.
    a = h[:, :, None] * np.eye(h.shape[1]) - h[:, :, None] * h[:, None, :] / total[:, None, None]
    c = np.cumsum(a * (events / (total * (1 - before)))[:, None, None], axis=0)
    gone = np.divide(1 - common[:, None], steps.after, out=np.zeros_like(steps.after), where=steps.after > 0)
    rest = c[-1] - c
    of_cause = a + np.where(steps.after > 0, 1 - gone, 1.0)[:, None, :] * rest
    of_others = gone[:, None, :] * rest
    return np.einsum("jik,jlk,jk->il", of_cause, of_cause, _spread_of_cause(steps, total)) + np.einsum(
        "jik,jlk,jk->il", of_others, of_others, _spread_of_others(steps)
    )


def _spread_of_cause(steps: _Steps, total: Floats) -> Floats:
    """Variance of the increments under the hypothesis; tied events as drawn without replacement."""
    events = steps.events.sum(axis=1)[:, None]
    drawn_from = total[:, None] * steps.before - 1
    tied = 1 - np.divide(events - 1, drawn_from, out=np.zeros_like(drawn_from), where=events > 1)
    risk = np.where(steps.at_risk > 0, steps.at_risk, 1)
    return np.where(steps.at_risk > 0, tied * steps.before * events / (total[:, None] * risk), 0.0)


def _spread_of_others(steps: _Steps) -> Floats:
    d, y = steps.others, steps.at_risk
    tied = 1 - np.divide(d - 1, y - 1, out=np.zeros_like(d), where=d > 1)
    spread = np.divide(tied * steps.before**2 * d, y**2, out=np.zeros_like(d), where=d > 0)
    return np.where(steps.after > 0, spread, 0.0)
