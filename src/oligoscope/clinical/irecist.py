"""iRECIST (Seymour 2017): progression that must be confirmed, and the date and best response that follow.

A first progression is unconfirmed (iUPD). It is confirmed (iCPD) by a scan at least four weeks later
at which the disease that progressed has grown further (targets or new target lesions by 5 mm in all since the
iUPD, non-target or new non-target disease by any increase, read or measured), a further lesion is new, or another
category progresses; sooner only by an additional new lesion on a scan made for a new symptom. What is
compared is the iUPD itself, so growth on an early scan, which cannot confirm, still counts at a later
one if it is still there.

The bar is reset, so that the next progression is a new iUPD, where nothing progresses any more and a
category is better than at the iUPD: the targets against baseline or nadir (iUPD, iSD, iPR, iCR), a
non-target progression that is no longer one, new lesions that have disappeared or are 30 %
smaller than their own baseline. Neither a change within a category nor the absence of any change resets it. A scan that
shows nothing (NE) neither breaks nor confirms.

New lesions that outlast a reset progress anew as any disease does: a further one, the measured ones by
20 % and 5 mm over their own nadir, the others unequivocally (EORTC iRECIST questions, how do new
lesions define progression). As long as one is there the response is at best iPR. After iPR the response stays iPR
until progression (EORTC, managing PR). Disease that reappears after iCR is progression, as in RECIST 1.1.

A scan made under a later line of therapy gives no information on the treatment before it: it neither
confirms nor resets an iUPD, and is no best response. An iUPD that was not reassessed on the treatment is the
progression (Seymour 2017: a patient whose iUPD cannot be confirmed has progressed on the date of the iUPD).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import polars as pl

from oligoscope.clinical.irecist_scans import (
    MISSING,
    OTHER_CR,
    OTHER_STAYS,
    OTHER_UPD,
    Bools,
    Ints,
    Scan,
    per_patient,
    read_scans,
    with_optional,
)

CONFIRM_AFTER_DAYS = 28
GROWTH_UM = 5_000
WORDS = ("", "iCR", "iPR", "iSD", "iUPD", "iCPD", "NE")
_NONE, _ICR, _IPR, _ISD, _IUPD, _ICPD, _NE = range(7)


@dataclass(frozen=True)
class _Causes:
    """Which categories progress by RECIST 1.1 at one time point."""

    target: Bools
    other: Bools
    appeared: Bools  # a further new lesion
    regrown: Bools  # new lesions that were there before

    @property
    def new(self) -> Bools:
        return self.appeared | self.regrown

    @property
    def some(self) -> Bools:
        return self.target | self.other | self.new


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
    k: Ints = field(init=False)
    day: Ints = field(init=False)
    target_sum: Ints = field(init=False)
    target_code: Ints = field(init=False)  # the response of the targets at the iUPD
    new_sum: Ints = field(init=False)
    other_size: Ints = field(init=False)
    new_other_size: Ints = field(init=False)

    def __post_init__(self) -> None:
        for f in fields(self)[1:]:
            empty = np.zeros(self.n, bool) if f.type == "Bools" else np.full(self.n, MISSING, np.int64)
            setattr(self, f.name, empty)

    def begin(self, where: Bools, scan: Scan, causes: _Causes, seen: _Seen) -> None:
        """Open a block where a progression is first seen."""
        known = scan.target_sum >= 0
        before = np.where(causes.target, MISSING, seen.last_sum)
        for name, now in (
            ("target", causes.target),
            ("other", causes.other),
            ("new", causes.new),
            ("other_grew", False),
            ("new_other_grew", False),
            ("k", scan.k),
            ("day", scan.day),
            ("target_sum", np.where(known, scan.target_sum, before)),
            (
                "target_code",
                np.where(causes.target, _IUPD, np.where(known, seen.target_now, seen.target_code)),
            ),
            ("new_sum", np.where(scan.new_complete, scan.new_sum, MISSING)),
            ("other_size", scan.other_size),
            ("new_other_size", scan.new_other_size),
        ):
            setattr(self, name, np.where(where, now, getattr(self, name)))
        self.open = self.open | where

    def record_growth(self, scan: Scan) -> None:
        """Note growth since the iUPD, whether or not this scan may confirm.

        Where a sum was not complete at the iUPD, the first complete one is what later sums are compared with,
        and so are recorded sizes of non-target disease.
        """
        here = self.open & scan.present
        unknown = here & self.target & (self.target_sum < 0)
        self.target_sum = np.where(unknown, scan.target_sum, self.target_sum)
        unknown = here & self.new & (self.new_sum < 0) & scan.new_complete
        self.new_sum = np.where(unknown, scan.new_sum, self.new_sum)
        self.other_size = _reference(here, self.other_size, scan.other_size, scan.other_joined)
        self.new_other_size = _reference(
            here, self.new_other_size, scan.new_other_size, scan.new_other_joined
        )
        grew = scan.other_grew | _larger(scan.other_size, self.other_size)
        new_grew = scan.new_other_grew | _larger(scan.new_other_size, self.new_other_size)
        self.other_grew = self.other_grew | (here & grew)
        self.new_other_grew = self.new_other_grew | (here & new_grew)


@dataclass
class _Seen:
    """What the scans so far have shown of each patient."""

    baseline: Ints
    has_target: Bools
    has_other: Bools
    continues: bool  # after iPR, iPR until progression

    def __post_init__(self) -> None:
        n = len(self.baseline)
        self.nadir, self.last_sum = self.baseline.copy(), self.baseline.copy()
        self.target_code = np.where(self.baseline >= 0, _ISD, MISSING)
        self.target_now = self.target_code
        self.new_nadir = np.full(n, MISSING, dtype=np.int64)
        self.n_new = np.zeros(n, dtype=np.int64)
        self.responded = np.zeros(n, dtype=bool)
        self.persisting = np.zeros(n, dtype=bool)  # a new lesion that was present when last evaluated
        self.had_cr = np.zeros(n, dtype=bool)

    def causes(self, scan: Scan) -> _Causes:
        """Progression by RECIST 1.1: over the nadir, unequivocal, a new lesion, or disease again after CR."""
        known = scan.target_sum >= 0
        # Nodes below 10 mm may grow and are still no disease: CR comes before PD (RECIST 1.1, 4.3.1).
        grown = known & ~scan.target_gone & (self.nadir >= 0) & _grown(scan.target_sum, self.nadir)
        target_back = self.had_cr & known & (scan.target_sum > 0) & ~scan.target_gone
        other_back = self.had_cr & (scan.other == OTHER_STAYS)
        new_back = self.had_cr & (scan.newest >= 0)
        # A further lesion raises the reference by its own size.
        new_grown = (scan.new_sum >= 0) & (self.new_nadir >= 0) & ~scan.new_gone
        new_grown &= _grown(scan.new_sum, self.new_nadir + scan.new_joined)
        return _Causes(
            target=scan.present & (grown | target_back | scan.target_progressed),
            other=scan.present & ((scan.other == OTHER_UPD) | other_back),
            appeared=scan.present & (scan.n_new > self.n_new),
            regrown=scan.present & (new_grown | scan.new_progressed | new_back),
        )

    def record_scan(self, scan: Scan, causes: _Causes) -> None:
        """Record what the response of this scan depends on: new lesions present, targets against baseline."""
        there = (scan.newest >= 0) | causes.appeared
        self.persisting = np.where(scan.new_gone, False, self.persisting | there)
        self.responded = self.responded & ~causes.target
        code = np.where(scan.target_sum * 10 <= self.baseline * 7, _IPR, _ISD)
        code = np.where((code == _ISD) & self.responded & self.continues, _IPR, code)
        self.target_now = np.where(scan.target_gone, _ICR, code)

    def record_response(self, scan: Scan, causes: _Causes, response: Ints) -> None:
        """Record the rest, for the scans that follow."""
        complete = scan.present & (scan.target_sum >= 0)
        self.nadir = np.where(complete, np.minimum(self.nadir, scan.target_sum), self.nadir)
        self.last_sum = np.where(complete, scan.target_sum, self.last_sum)
        self.target_code = np.where(complete, self.target_now, self.target_code)
        better = complete & ~causes.target & (self.target_now <= _IPR)
        self.responded = self.responded | better
        nadir = np.where(self.new_nadir < 0, MISSING, self.new_nadir + scan.new_joined)
        lower = np.where(nadir < 0, scan.new_sum, np.minimum(nadir, scan.new_sum))
        self.new_nadir = np.where(scan.present & scan.new_complete, lower, nadir)
        self.n_new = np.maximum(self.n_new, scan.n_new)
        self.had_cr = self.had_cr | (response == _ICR)

    def response(self, scan: Scan) -> Ints:
        """The response without progression: RECIST 1.1 tables 1 and 2, new lesions that persist beside them."""
        cleared = (scan.other == OTHER_CR) & ~self.persisting
        nothing_else = ~self.has_other & (scan.other == 0) & ~self.persisting
        with_target = np.select(
            [
                (scan.target_sum < 0) | (self.baseline < 0),
                (self.target_now == _ICR) & (cleared | nothing_else),
                self.target_now <= _IPR,
            ],
            [_NE, _ICR, _IPR],
            default=_ISD,
        )
        only_other = np.select([cleared, scan.other > 0], [_ICR, _ISD], default=_NE)
        return np.where(self.has_target, with_target, only_other)


def derive_irecist(
    points: pl.DataFrame, n_patients: int, *, pr_continues_until_pd: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """iRECIST responses of each time point, and each patient's best response and progression.

    Args:
        points: Sorted by p and k; columns p, k, day, target_sum_um (null: not evaluated, or no target),
            n_targets, baseline_um, target_gone, non_target (CR, NON_CR_NON_UPD, UPD or null),
            non_target_grew (since the scan before), new_target_sum_um (of the new lesions that are
            measured; 0 where every new lesion is gone), n_new_lesions (so far), new_non_target_grew,
            symptom. Optional, for more detail: target_progressed (the target
            response is PD, by a partial sum too), n_nontargets (without it, a null non_target beside
            targets is no non-target lesion), new_complete (the sum of new lesions is of all that are
            measured), new_joined_um (what of it is first seen now), new_gone, newest_new_k (the time
            point at which the youngest new lesion seen now was first seen), new_progressed
            (unequivocally, of the new lesions that are not measured), other_size_um and new_other_size_um
            (sums of the recorded sizes of non-target lesions, and of new lesions that are not followed as
            targets; null where one that had a size has none now), other_joined_um and new_other_joined_um
            (what of them is of lesions without a size before), off_treatment (made under a later line).
        n_patients: Patients are numbered 0 to n_patients - 1.
        pr_continues_until_pd: After iPR, iPR until the targets progress.

    Returns:
        Points: p, k, irecist_response. Patients: p, ibest_response, iprogressed_day (first iUPD of the
        block that was confirmed, or of one that was never resolved), iprogression_confirmed,
        iconfirmed_day (of the scan that confirmed it). Scans under a later line are not read (blank) once an
        iUPD is open.
    """
    points = with_optional(points.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64).over("p")))
    rows, places = points["p"].to_numpy(), points["place"].to_numpy()
    width = int(places.max()) + 1 if len(places) else 0
    scans = read_scans(points, rows, places, (n_patients, width))
    seen = _Seen(
        per_patient(points, rows, "baseline_um", n_patients),
        per_patient(points, rows, "n_targets", n_patients) > 0,
        per_patient(points, rows, "n_nontargets", n_patients) > 0,
        pr_continues_until_pd,
    )
    block = _Block(n_patients)
    codes = np.zeros((n_patients, width), dtype=np.int8)
    progressed = np.full(n_patients, MISSING, dtype=np.int64)
    confirmed_day = progressed.copy()
    confirmed = np.zeros(n_patients, dtype=bool)
    counts = np.zeros((n_patients, width), dtype=bool)
    for place, scan in enumerate(scans):
        causes = seen.causes(scan)
        seen.record_scan(scan, causes)
        code = _judge(scan, block, causes, seen)
        code = np.where(confirmed & scan.present & (code != _NE), _ICPD, code)
        newly = (code == _ICPD) & ~confirmed
        progressed = np.where(newly, block.day, progressed)
        confirmed_day = np.where(newly, scan.day, confirmed_day)
        confirmed |= newly
        seen.record_response(scan, causes, code)
        codes[:, place] = np.where(scan.present, code, _NONE)
        counts[:, place] = scan.present & ~scan.off_treatment
    progressed = np.where(block.open & ~confirmed, block.day, progressed)
    words = np.array(WORDS)
    patients = pl.DataFrame(
        {
            "p": np.arange(n_patients, dtype=np.uint32),
            "ibest_response": words[_best_of(codes, counts)],
            "iprogressed_day": progressed,
            "iprogression_confirmed": confirmed,
            "iconfirmed_day": confirmed_day,
        }
    ).with_columns(
        pl.col("ibest_response").replace("", None),
        pl.col("iprogressed_day", "iconfirmed_day").replace(MISSING, None).cast(pl.Int32),
    )
    return points.select("p", "k", irecist_response=pl.Series(words[codes[rows, places]])), patients


def best_irecist(responses: list[str]) -> str:
    """iBOR of one patient's iRECIST responses (Seymour 2017, table 3); confirmation is not required."""
    codes = np.array([[WORDS.index(word) for word in responses]], dtype=np.int8)
    return WORDS[int(_best(codes)[0])]


def _best_of(codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The best of the scans that count; NE for patients scanned under a later line only."""
    best = _best(np.where(counts, codes, _NONE))
    scanned = np.logical_or.reduce(codes != _NONE, axis=1)
    return np.where((best == _NONE) & scanned, _NE, best)


def _best(codes: np.ndarray) -> np.ndarray:
    """The best before confirmed progression; iCPD if that is all that followed an iUPD."""
    after = np.cumsum(codes == _ICPD, axis=1) - (codes == _ICPD) > 0
    codes = np.where(after, _NONE, codes)

    def some(code: int) -> np.ndarray:
        return np.logical_or.reduce(codes == code, axis=1)

    order = (_ICR, _IPR, _ISD, _ICPD, _IUPD, _NE)
    return np.select([some(code) for code in order], order, default=_NONE)


def _grown(size: Ints, reference: Ints) -> Bools:
    """At least 20 % and 5 mm over the reference."""
    return (size * 10 >= reference * 12) & (size - reference >= GROWTH_UM)


def _reference(here: Bools, at_iupd: Ints, size: Ints, joined: Ints) -> Ints:
    """A lesion whose size is first recorded after the iUPD adds that size: it has not grown by being measured."""
    return np.where(here, np.where(at_iupd < 0, size, at_iupd + joined), at_iupd)


def _larger(size: Ints, at_iupd: Ints) -> Bools:
    """Any increase of a recorded size since the iUPD."""
    return (at_iupd >= 0) & (size > at_iupd)


def _judge(scan: Scan, block: _Block, causes: _Causes, seen: _Seen) -> Ints:
    """The response of one time point; opens, confirms and resets the block."""
    block.record_growth(scan)
    plain = seen.response(scan)
    over = block.open & scan.off_treatment
    confirmed = _confirms(scan, block, causes) & ~over
    evaluable = plain != _NE
    better = _better(scan, block, seen) | (plain == _ICR)
    reset = block.open & ~over & scan.present & ~causes.some & evaluable & better
    first = causes.some & ~block.open
    block.open = block.open & ~reset
    block.begin(first, scan, causes, seen)
    waiting = block.open & scan.present & ~confirmed
    unseen = ~evaluable & ~causes.some
    return np.select(
        [~scan.present | over, confirmed, unseen, waiting], [_NONE, _ICPD, _NE, _IUPD], default=plain
    )


def _better(scan: Scan, block: _Block, seen: _Seen) -> Bools:
    """Where nothing progresses: a category is better than at the iUPD."""
    target = (scan.target_sum >= 0) & (seen.target_now < block.target_code)
    other = block.other & (scan.other > 0)
    smaller = scan.new_complete & (block.new_sum > 0) & (scan.new_sum * 10 <= block.new_sum * 7)
    return target | other | (block.new & (scan.new_gone | smaller))


def _confirms(scan: Scan, block: _Block, causes: _Causes) -> Bools:
    """Whether what is seen now, against the iUPD, confirms it."""
    grown = block.target & (scan.target_sum >= 0) & (scan.target_sum - block.target_sum >= GROWTH_UM)
    # Growth seen on an early scan counts as long as what grew is still there.
    other_grew = scan.other_grew | _larger(scan.other_size, block.other_size)
    new_other_grew = scan.new_other_grew | _larger(scan.new_other_size, block.new_other_size)
    grown |= block.other & (other_grew | (block.other_grew & (scan.other == OTHER_UPD)))
    new_sums = (scan.new_sum >= 0) & (block.new_sum >= 0)
    grown |= block.new & new_sums & (scan.new_sum - block.new_sum >= GROWTH_UM)
    grown |= block.new & (new_other_grew | (block.new_other_grew & (scan.newest >= 0)))
    elsewhere = (
        (causes.target & ~block.target) | (causes.other & ~block.other) | (causes.regrown & ~block.new)
    )
    additional = causes.appeared | (scan.newest > block.k)
    late = scan.day - block.day >= CONFIRM_AFTER_DAYS
    confirms = (late & (grown | elsewhere | additional)) | (causes.appeared & scan.symptom)
    return block.open & scan.present & confirms
