"""Covariates as columns: numbers or coded levels, read once; and the columns of numbers a model takes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError
from oligoscope.stats.arrays import Floats, Ints, check_labels, check_numbers, frozen

AS_FOUND: Mapping[str, Sequence[Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Covariate:
    """A variable of n patients: numbers, or the code of each patient's level.

    Attributes:
        name: The variable.
        values: Numbers, or codes 0 .. len(levels) - 1 (whole numbers), shape (n,).
        levels: Its levels, the reference first; empty for a measured variable.
    """

    name: str
    values: Floats | Ints
    levels: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DesignMatrix:
    """Columns of numbers, without an intercept.

    Attributes:
        values: Shape (n, k).
        names: Of each column: "age_years", or "stage=IV" for a level against the reference.
        terms: The variable each column belongs to.
        left_out: Columns without information: levels without patients, numbers that do not vary.
    """

    values: Floats
    names: tuple[str, ...]
    terms: tuple[str, ...]
    left_out: tuple[str, ...]


def read_covariates(
    columns: Mapping[str, ArrayLike], levels: Mapping[str, Sequence[Any]] = AS_FOUND
) -> tuple[Covariate, ...]:
    """Covariates of the same patients; text, yes/no and whatever `levels` names are levels, the rest numbers.

    Args:
        columns: Values by name, each of shape (n,), none missing.
        levels: Levels in order, the reference first, of the columns whose order matters; other levels
            are sorted, so that the reference is the first by alphabet.

    Raises:
        DataError: Lengths differ; a value is missing; a level is not among those declared.
    """
    if not columns:
        raise DataError("There is no covariate; name at least one.")
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    n = next(iter(arrays.values())).size
    return tuple(_read(name, values, n, levels.get(name)) for name, values in arrays.items())


def design_matrix(covariates: Sequence[Covariate]) -> DesignMatrix:
    """One column a number, one a level but the reference (treatment contrasts: R's `model.matrix`)."""
    made: list[tuple[str, str, NDArray[Any]]] = []
    for one in covariates:
        if one.levels:
            made += [(f"{one.name}={v}", one.name, one.values == i) for i, v in enumerate(one.levels) if i]
        else:
            made.append((one.name, one.name, one.values))
    kept = [column for column in made if column[2].size and column[2].min() != column[2].max()]
    values = [column[2].astype(np.float64) for column in kept]
    names = tuple(column[0] for column in kept)
    return DesignMatrix(
        values=frozen(np.column_stack(values) if values else np.empty((covariates[0].values.size, 0))),
        names=names,
        terms=tuple(column[1] for column in kept),
        left_out=tuple(column[0] for column in made if column[0] not in names),
    )


def _read(name: str, values: NDArray[Any], n: int, declared: Sequence[Any] | None) -> Covariate:
    if values.shape != (n,):
        raise DataError(f"There are {n} patients but {values.size} values of {name}; give one to a patient.")
    if declared is None and values.dtype.kind in "iuf":
        return Covariate(name, check_numbers(values, name))
    found = check_labels(values, n, name)
    if declared is None:
        return Covariate(name, found.codes, found.levels)
    place = {level: i for i, level in enumerate(declared)}
    unknown = [level for level in found.levels if level not in place]
    if unknown:
        raise DataError(f"{name} has {unknown} besides its levels {list(declared)}; correct or declare them.")
    codes = np.array([place[level] for level in found.levels], dtype=np.int64)[found.codes]
    return Covariate(name, codes, tuple(declared))
