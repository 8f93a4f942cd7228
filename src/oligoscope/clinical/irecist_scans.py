"""What iRECIST compares, time point by time point, as arrays over patients."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

NON_TARGET_WORDS = {"CR": 1, "NON_CR_NON_UPD": 2, "UPD": 3}
OTHER_CR, OTHER_STAYS, OTHER_UPD = NON_TARGET_WORDS.values()

Bools = np.ndarray
Ints = np.ndarray
MISSING = -1


@dataclass(frozen=True)
class Scan:
    """One time point of every patient; -1 where a size, or a new lesion, was not evaluated."""

    present: Bools
    k: Ints
    day: Ints
    target_sum: Ints
    target_gone: Bools
    target_progressed: Bools  # by a partial sum too
    other: Ints
    other_grew: Bools
    symptom: Bools
    n_new: Ints  # so far
    newest: Ints  # the k at which the youngest of the new lesions seen now was first seen
    new_gone: Bools  # every new lesion so far
    new_sum: Ints  # of the measured new lesions
    new_complete: Bools  # all of them
    new_joined: Ints  # what of the sum is first seen now
    new_other_grew: Bools
    new_progressed: Bools  # new non-target disease, unequivocally
    other_size: Ints  # of the non-target lesions whose size is recorded
    other_joined: Ints  # what of it is of lesions without a size before
    new_other_size: Ints  # of the new lesions that are not followed as targets
    new_other_joined: Ints
    off_treatment: Bools  # made under a later line of therapy


def with_optional(points: pl.DataFrame) -> pl.DataFrame:
    """The optional columns, from the others where they are not given."""
    new_sum, n_new = pl.col("new_target_sum_um"), pl.col("n_new_lesions").fill_null(0)
    more = n_new > n_new.shift(1).over("p").fill_null(0)
    before = new_sum.forward_fill().shift(1).over("p").fill_null(0)
    gone = (new_sum == 0).fill_null(value=False)
    defaults = {
        "target_progressed": pl.lit(value=False),
        "n_nontargets": pl.lit(0),
        "new_complete": new_sum.is_not_null(),
        "new_joined_um": pl.when(more).then((new_sum - before).clip(0)).otherwise(0),
        "new_gone": gone,
        "newest_new_k": pl.when((n_new > 0) & ~gone).then(pl.when(more).then("k").forward_fill().over("p")),
        "new_progressed": pl.lit(value=False),
        "other_size_um": pl.lit(None, pl.Int64),
        "other_joined_um": pl.lit(0),
        "new_other_size_um": pl.lit(None, pl.Int64),
        "new_other_joined_um": pl.lit(0),
        "off_treatment": pl.lit(value=False),
    }
    return points.with_columns(**{n: v for n, v in defaults.items() if n not in points.columns})


_COLUMNS = {
    "k": "k", "day": "day", "target_sum": "target_sum_um", "target_gone": "target_gone",
    "target_progressed": "target_progressed", "other": "non_target", "other_grew": "non_target_grew", "symptom": "symptom",
    "n_new": "n_new_lesions", "newest": "newest_new_k", "new_gone": "new_gone", "new_sum": "new_target_sum_um",
    "new_complete": "new_complete", "new_joined": "new_joined_um", "new_other_grew": "new_non_target_grew",
    "new_progressed": "new_progressed", "off_treatment": "off_treatment",
    "other_size": "other_size_um", "other_joined": "other_joined_um",
    "new_other_size": "new_other_size_um", "new_other_joined": "new_other_joined_um",
}  # fmt: skip
_SIZES = {
    "target_sum",
    "new_sum",
    "other_size",
    "new_other_size",
    "newest",
    "day",
    "k",
}  # -1 where there is none


def read_scans(
    points: pl.DataFrame, rows: np.ndarray, places: np.ndarray, shape: tuple[int, int]
) -> list[Scan]:
    """The time points in order, each as arrays over all patients.

    Args:
        points: As `derive_irecist` takes them, optional columns included.
        rows: The patient of each row.
        places: Which time point of the patient it is, from 0.
        shape: Patients, and most time points of one.
    """

    def grid(values: pl.Series, empty: int, kind: type) -> np.ndarray:
        full = np.full(shape, empty, dtype=kind)
        full[rows, places] = values.fill_null(empty).cast(pl.Int64).to_numpy()
        return full

    other = points["non_target"].replace_strict(NON_TARGET_WORDS, default=0, return_dtype=pl.Int64)
    points = points.with_columns(other.alias("non_target"))
    present = np.zeros(shape, dtype=bool)
    present[rows, places] = True
    kinds = {f.name: bool if f.type == "Bools" else np.int64 for f in fields(Scan)}
    found = {
        name: grid(points[column].cast(pl.Int64), MISSING if name in _SIZES else 0, kinds[name])
        for name, column in _COLUMNS.items()
    }
    return [
        Scan(present[:, k], **{name: values[:, k] for name, values in found.items()}) for k in range(shape[1])
    ]


def per_patient(points: pl.DataFrame, rows: np.ndarray, column: str, n: int) -> np.ndarray:
    """A column that is the same in every row of a patient, as one value a patient; -1 where there is none."""
    full = np.full(n, MISSING, dtype=np.int64)
    full[rows] = points[column].fill_null(MISSING).cast(pl.Int64).to_numpy()
    return full
