"""iRECIST (Seymour 2017): progression that must be confirmed, and the date and best response that follow.

A first progression is unconfirmed (iUPD). It is confirmed (iCPD) by a scan at least four weeks later
at which what progressed has grown further (targets or new target lesions by 5 mm in all since the
iUPD, non-target or new non-target disease by any increase), a further lesion is new, or another
category progresses; sooner only by an additional new lesion on a scan made for a new symptom. What is
compared is the iUPD itself, so growth on an early scan, which cannot confirm, still counts at a later
one. If disease shrinks instead and the criteria of iCR, iPR or iSD are met, the bar is reset and the
next progression is a new iUPD. No change at all keeps the iUPD. A scan that shows nothing (NE)
neither breaks nor confirms. Disease that reappears after iCR is progression, as in RECIST 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

CONFIRM_AFTER_DAYS = 28
GROWTH_UM = 5_000
WORDS = ("", "iCR", "iPR", "iSD", "iUPD", "iCPD", "NE")
_NONE, _ICR, _IPR, _ISD, _IUPD, _ICPD, _NE = range(7)
NON_TARGET_WORDS = {"CR": 1, "NON_CR_NON_UPD": 2, "UPD": 3}

Bools = np.ndarray
Ints = np.ndarray
_MISSING = -1


@dataclass
class _Block:
    """The open iUPD of each patient: what progressed, and what it is compared with."""

    n: int
    open: Bools = field(init=False)
    target: Bools = field(init=False)
    other: Bools = field(init=False)
    new: Bools = field(init=False)
    other_grew: Bools = field(init=False)  # at any scan since the iUPD
    new_other_grew: Bools = field(init=False)
    day: Ints = field(init=False)
    target_sum: Ints = field(init=False)
    new_sum: Ints = field(init=False)
    last_sum: Ints = field(init=False)  # the last target sum that was complete, of whatever scan

    def __post_init__(self) -> None:
        for name in ("open", "target", "other", "new", "other_grew", "new_other_grew"):
            setattr(self, name, np.zeros(self.n, dtype=bool))
        for name in ("day", "target_sum", "new_sum", "last_sum"):
            setattr(self, name, np.full(self.n, _MISSING, dtype=np.int64))

    def begin(self, where: Bools, causes: _Causes, scan: _Scan) -> None:
        """Open a block where a progression is first seen."""
        before = np.where(causes.target, _MISSING, self.last_sum)
        reference = np.where(scan.target_sum >= 0, scan.target_sum, before)
        nothing = np.zeros(self.n, dtype=bool)
        for name, now in (
            ("target", causes.target),
            ("other", causes.other),
            ("new", causes.new),
            ("other_grew", nothing),
            ("new_other_grew", nothing),
            ("day", scan.day),
            ("target_sum", reference),
            ("new_sum", scan.new_sum),
        ):
            setattr(self, name, np.where(where, now, getattr(self, name)))
        self.open |= where

    def watch(self, scan: _Scan) -> None:
        """Note growth since the iUPD, whether or not this scan may confirm.

        After an iUPD by a partial sum the first complete one is what later sums are compared with.
        """
        unknown = self.open & self.target & (self.target_sum < 0) & scan.present
        self.target_sum = np.where(unknown, scan.target_sum, self.target_sum)
        self.other_grew |= self.open & scan.present & scan.other_grew
        self.new_other_grew |= self.open & scan.present & scan.new_other_grew


@dataclass(frozen=True)
class _Causes:
    """Which categories progress by RECIST 1.1 at one time point."""

    target: Bools
    other: Bools
    new: Bools

    @property
    def some(self) -> Bools:
        return self.target | self.other | self.new


@dataclass(frozen=True)
class _Scan:
    """One time point of every patient; -1 where a sum was not evaluated."""

    present: Bools
    day: Ints
    target_sum: Ints
    other: Ints
    other_grew: Bools
    new_sum: Ints
    n_new: Ints
    new_other_grew: Bools
    symptom: Bools
    target_gone: Bools
    target_progressed: Bools


def derive_irecist(points: pl.DataFrame, n_patients: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """iRECIST responses of each time point, and each patient's best response and progression.

    Args:
        points: Sorted by p and k; columns p, k, day, target_sum_um (null: not evaluated, or no target),
            n_targets, baseline_um, target_gone, non_target (CR, NON_CR_NON_UPD, UPD or null),
            non_target_grew (since the scan before), new_target_sum_um (of the new lesions that are
            measured; 0 where every new lesion is gone), n_new_lesions (so far), new_non_target_grew,
            symptom; and, optional, target_progressed (the target response is PD, by a partial sum too).
        n_patients: Patients are numbered 0 to n_patients - 1.

    Returns:
        Points: p, k, irecist_response. Patients: p, ibest_response, iprogressed_day (first iUPD of the
        block that was confirmed, or of one that was never resolved), iprogression_confirmed.
    """
    points = points.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64).over("p"))
    rows, places = points["p"].to_numpy(), points["place"].to_numpy()
    width = int(places.max()) + 1 if len(places) else 0
    scans = _scans(points, rows, places, (n_patients, width))
    baseline = _per_patient(points, rows, "baseline_um", n_patients)
    has_target = _per_patient(points, rows, "n_targets", n_patients) > 0
    codes = np.zeros((n_patients, width), dtype=np.int8)
    progressed = np.full(n_patients, _MISSING, dtype=np.int64)
    nadir, block = baseline.copy(), _Block(n_patients)
    confirmed = np.zeros(n_patients, dtype=bool)
    seen_new = np.zeros(n_patients, dtype=np.int64)
    had_cr = np.zeros(n_patients, dtype=bool)
    block.last_sum = baseline.copy()
    for place, scan in enumerate(scans):
        causes = _causes(scan, nadir, seen_new, had_cr)
        code = _judge(scan, block, causes, _plain(scan, baseline, has_target))
        code = np.where(confirmed & scan.present & (code != _NE), _ICPD, code)
        newly = (code == _ICPD) & ~confirmed
        progressed = np.where(newly, block.day, progressed)
        confirmed |= newly
        complete = scan.present & (scan.target_sum >= 0)
        nadir = np.where(complete, np.minimum(nadir, scan.target_sum), nadir)
        block.last_sum = np.where(complete, scan.target_sum, block.last_sum)
        had_cr |= code == _ICR
        seen_new = np.maximum(seen_new, scan.n_new)
        codes[:, place] = np.where(scan.present, code, _NONE)
    unresolved = block.open & ~confirmed
    progressed = np.where(unresolved, block.day, progressed)
    words = np.array(WORDS)
    patients = pl.DataFrame(
        {
            "p": np.arange(n_patients, dtype=np.uint32),
            "ibest_response": words[_best(codes)],
            "iprogressed_day": progressed,
            "iprogression_confirmed": confirmed,
        }
    ).with_columns(
        pl.col("ibest_response").replace("", None),
        pl.col("iprogressed_day").replace(_MISSING, None).cast(pl.Int32),
    )
    return points.select("p", "k", irecist_response=pl.Series(words[codes[rows, places]])), patients


def best_irecist(responses: list[str]) -> str:
    """iBOR of one patient's iRECIST responses (Seymour 2017, table 3); confirmation is not required."""
    codes = np.array([[WORDS.index(word) for word in responses]], dtype=np.int8)
    return WORDS[int(_best(codes)[0])]


def _best(codes: np.ndarray) -> np.ndarray:
    """The best before confirmed progression; iCPD if that is all that followed an iUPD."""
    after = np.cumsum(codes == _ICPD, axis=1) - (codes == _ICPD) > 0
    codes = np.where(after, _NONE, codes)

    def some(code: int) -> np.ndarray:
        return np.logical_or.reduce(codes == code, axis=1)

    order = (_ICR, _IPR, _ISD, _ICPD, _IUPD, _NE)
    return np.select([some(code) for code in order], order, default=_NONE)


def _causes(scan: _Scan, nadir: Ints, seen_new: Ints, had_cr: Bools) -> _Causes:
    """Progression by RECIST 1.1: growth over the nadir, unequivocal growth, a new lesion, relapse after CR."""
    known = scan.target_sum >= 0
    grown = (scan.target_sum * 10 >= nadir * 12) & (scan.target_sum - nadir >= GROWTH_UM)
    target_back = had_cr & known & (scan.target_sum > 0) & ~scan.target_gone
    other_back = had_cr & (scan.other == NON_TARGET_WORDS["NON_CR_NON_UPD"])
    return _Causes(
        target=scan.present & ((known & (nadir >= 0) & grown) | target_back | scan.target_progressed),
        other=scan.present & ((scan.other == NON_TARGET_WORDS["UPD"]) | other_back),
        new=scan.present & (scan.n_new > seen_new),
    )


def _judge(scan: _Scan, block: _Block, causes: _Causes, plain: Ints) -> Ints:
    """The response of one time point; opens, confirms and resets the block."""
    block.watch(scan)
    confirmed = _confirms(scan, block, causes)
    evaluable = plain != _NE
    reset = block.open & ~causes.some & evaluable & _shrunk(scan, block, causes)
    first = causes.some & ~block.open
    # A new lesion that joins too early to confirm is compared with none at the iUPD.
    block.new |= block.open & causes.new & ~confirmed
    block.open &= ~reset
    block.begin(first, causes, scan)
    waiting = block.open & scan.present & ~confirmed
    unseen = ~evaluable & ~causes.some
    return np.select([~scan.present, confirmed, unseen, waiting], [_NONE, _ICPD, _NE, _IUPD], default=plain)


def _shrunk(scan: _Scan, block: _Block, causes: _Causes) -> Bools:
    """Something is smaller than at the iUPD: the targets, what progressed elsewhere, or the new lesions."""
    known = scan.target_sum >= 0
    # Targets that progressed and no longer do have shrunk, for the nadir never rises.
    target = known & ((scan.target_sum < block.target_sum) | (block.target & ~causes.target))
    other = block.other & ~causes.other & (scan.other > 0)
    new_gone = scan.new_sum == 0
    new = block.new & (scan.new_sum >= 0) & (new_gone | (scan.new_sum < block.new_sum))
    return target | other | new


def _confirms(scan: _Scan, block: _Block, causes: _Causes) -> Bools:
    """Whether what is seen now, against the iUPD, confirms it."""
    new_before = np.maximum(block.new_sum, 0)
    grown = block.target & (scan.target_sum >= 0) & (scan.target_sum - block.target_sum >= GROWTH_UM)
    grown |= block.other & block.other_grew
    grown |= block.new & (scan.new_sum >= 0) & (scan.new_sum - new_before >= GROWTH_UM)
    grown |= block.new & block.new_other_grew
    grown |= (causes.target & ~block.target) | (causes.other & ~block.other) | causes.new
    late = scan.day - block.day >= CONFIRM_AFTER_DAYS
    return block.open & scan.present & ((late & grown) | (causes.new & scan.symptom))


def _plain(scan: _Scan, baseline: Ints, has_target: Bools) -> Ints:
    """The response without progression: RECIST 1.1 tables 1 and 2."""
    total, other = scan.target_sum, scan.other
    cleared = other == NON_TARGET_WORDS["CR"]
    no_other = other == 0
    known = total >= 0
    with_target = np.select(
        [
            ~known | (baseline < 0),
            scan.target_gone & (cleared | no_other),
            scan.target_gone | (total * 10 <= baseline * 7),
        ],
        [_NE, _ICR, _IPR],
        default=_ISD,
    )
    only_other = np.select([cleared, other > 0], [_ICR, _ISD], default=_NE)
    return np.where(has_target, with_target, only_other)


def _scans(points: pl.DataFrame, rows: np.ndarray, places: np.ndarray, shape: tuple[int, int]) -> list[_Scan]:
    def grid(values: pl.Series, empty: int) -> np.ndarray:
        full = np.full(shape, empty, dtype=np.int64)
        full[rows, places] = values.fill_null(empty).cast(pl.Int64).to_numpy()
        return full

    other = points["non_target"].replace_strict(NON_TARGET_WORDS, default=0, return_dtype=pl.Int64)
    if "target_progressed" not in points.columns:
        points = points.with_columns(target_progressed=pl.lit(False))
    present = np.zeros(shape, dtype=bool)
    present[rows, places] = True
    found = {
        "day": grid(points["day"], _MISSING),
        "target_sum": grid(points["target_sum_um"], _MISSING),
        "other": grid(other, 0),
        "other_grew": grid(points["non_target_grew"], 0) > 0,
        "new_sum": grid(points["new_target_sum_um"], _MISSING),
        "n_new": grid(points["n_new_lesions"], 0),
        "new_other_grew": grid(points["new_non_target_grew"], 0) > 0,
        "symptom": grid(points["symptom"], 0) > 0,
        "target_gone": grid(points["target_gone"], 0) > 0,
        "target_progressed": grid(points["target_progressed"], 0) > 0,
    }
    return [
        _Scan(present[:, k], **{name: values[:, k] for name, values in found.items()})
        for k in range(shape[1])
    ]


def _per_patient(points: pl.DataFrame, rows: np.ndarray, column: str, n: int) -> np.ndarray:
    full = np.full(n, _MISSING, dtype=np.int64)
    full[rows] = points[column].fill_null(_MISSING).cast(pl.Int64).to_numpy()
    return full
