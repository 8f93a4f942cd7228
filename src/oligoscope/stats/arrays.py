"""What every method requires of its arrays, checked in one place, with plain messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.doubts import Doubt

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A label for each patient: the sorted levels and, for each patient, the index of its level."""

    levels: tuple[Any, ...]
    codes: Ints


def check_numbers(values: ArrayLike, what: str, ndim: int = 1) -> Floats:
    """Finite numbers with `ndim` axes; `what` names one of them in messages."""
    numbers = as_numbers(values, what, ndim)
    refuse(~np.isfinite(numbers), numbers, what, "is missing or infinite", "Leave out or complete such rows.")
    return numbers


def check_length(values: ArrayLike, n: int, what: str) -> Floats:
    """A finite number for each of `n` patients."""
    numbers = check_numbers(values, what)
    if numbers.size != n:
        raise DataError(f"There are {n} patients but {numbers.size} values of {what}; give one to a patient.")
    return numbers


def check_weights(weights: ArrayLike, n: int) -> Floats:
    """A weight above 0 for each of `n` patients."""
    values = check_length(weights, n, "weight")
    refuse(values <= 0, values, "weight", "is not above 0", "Leave out patients of weight 0.")
    return values


def check_columns(design: ArrayLike, what: str = "covariate") -> Floats:
    """Finite numbers as columns, shape (n, k); one column may be given as shape (n,)."""
    array = np.asarray(design)
    return check_numbers(array.reshape(-1, 1) if array.ndim == 1 else array, what, ndim=2)


def check_design(design: ArrayLike, n: int) -> Floats:
    """The columns of a model of `n` patients, one or more."""
    columns = check_columns(design)
    if columns.shape[0] != n or columns.shape[1] == 0:
        raise DataError(f"The design has shape {columns.shape}; expected {n} rows, 1 column or more.")
    return columns


def refuse_unless_binary(values: NDArray[Any], what: str, advice: str) -> None:
    """Raise DataError where a value is neither 0 nor 1 (False nor True)."""
    known = np.asarray(values == 0) | np.asarray(values == 1)
    refuse(~known, values, what, "is neither 0 nor 1", advice)


def drop_missing(values: ArrayLike) -> tuple[Floats, int]:
    """The numbers that are not missing, shape (m,), and how many are missing (None or NaN); none may be infinite."""
    numbers = as_numbers(values, "value")
    refuse(np.isinf(numbers), numbers, "value", "is infinite", "Correct such rows.")
    present = numbers[~np.isnan(numbers)]
    return present, numbers.size - present.size


def check_labels(labels: ArrayLike, n: int, what: str) -> Labels:
    """A label of any one kind for each of `n` patients, none missing."""
    values = np.asarray(labels)
    if values.shape != (n,):
        raise DataError(f"There are {n} patients but {values.size} values of {what}; give one to a patient.")
    refuse(_missing(values), values, what, "is missing", "Leave out or complete such rows.")
    try:
        levels, codes = np.unique(values, return_inverse=True)
    except TypeError:
        raise DataError(f"The values of {what} are of several kinds (numbers and text); use one.") from None
    return Labels(tuple(levels.tolist()), codes.astype(np.int64))


def check_level(level: float) -> None:
    """Refuse a confidence level that is no level (95 for 0.95)."""
    if not 0 < level < 1:
        raise UsageError(f"The confidence level is {level}; it must be above 0 and below 1, as 0.95.")


def refuse(wrong: NDArray[np.bool_], values: NDArray[Any], what: str, problem: str, advice: str) -> None:
    """Raise DataError with how many of the values are wrong and where the first is."""
    if not wrong.any():
        return
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    raise DataError(
        f"{int(wrong.sum())} of {wrong.shape[0]} values of {what}: each {problem} "
        f"(the first at position {first[0] + 1}: {values[first]}). {advice}"
    )


def frozen(values: ArrayLike, dtype: type = np.float64) -> NDArray[Any]:
    """An own copy as an array that cannot be written to."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def as_numbers(values: ArrayLike, what: str, ndim: int = 1) -> Floats:
    """Numbers with `ndim` axes, NaN where missing; `what` names one of them in messages."""
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"Each {what} must be a number.") from None
    if numbers.ndim != ndim:
        raise DataError(f"The values of {what} have {numbers.ndim} axes; expected {ndim}.")
    return numbers


def _missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype == object:
        return np.array([v is None or v != v for v in values], dtype=bool)  # noqa: PLR0124  NaN differs from itself
    return np.isnan(values) if values.dtype.kind == "f" else np.zeros(values.shape, dtype=bool)


def check_groups(treated: ArrayLike, n: int) -> Bools:
    """Who is treated, of n patients.

    Raises:
        DataError: Lengths differ, or a value is neither True/False nor 0/1.
        NotEnoughData: A group is empty.
    """
    values = np.asarray(treated)
    if values.shape != (n,):
        raise DataError(
            f"There are {n} patients but {values.size} values of the group; give one to a patient."
        )
    refuse_unless_binary(values, "group", "Code the treated 1 (or True), controls 0 (or False).")
    groups = values.astype(bool)
    if groups.all() or not groups.any():
        raise NotEnoughData(
            "All patients are in one group: there is nothing to match or weigh.", Doubt.ONE_GROUP_ONLY
        )
    return groups
