"""The columns of an incomplete table, and the design matrix their values make for each other's models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, Ints, as_numbers, check_numbers, frozen, refuse

Kind = Literal["continuous", "binary", "ordered", "unordered", "auxiliary"]
Method = Literal["pmm", "norm", "logistic", "proportional_odds", "multinomial", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of n rows, complete or not.

    Attributes:
        name: By which models and diagnostics call it.
        kind: What its values are.
        method: The model that imputes it.
        values: Numbers, or for a factor the index of the level; NaN where missing; shape (n,), read-only.
        levels: Of a factor, in order (binary: 0 and 1); empty for numbers.
    """

    name: str
    kind: Kind
    method: Method
    values: Floats
    levels: tuple[Any, ...] = ()

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where no value was observed, shape (n,)."""
        return np.isnan(self.values)

    def labelled(self, values: Floats) -> NDArray[Any]:
        """Values as the caller gave them: numbers, or the labels of a factor."""
        if self.kind in {"ordered", "unordered"}:
            return np.array(self.levels)[values.astype(np.int64)]
        return values


def continuous(
    name: str, values: ArrayLike | Sequence[Any], method: Literal["pmm", "norm"] = "pmm"
) -> Column:
    """A measured variable, missing where None or NaN.

    Args:
        name: By which models and diagnostics call it.
        values: Shape (n,).
        method: "pmm" (predictive mean matching: only observed values are imputed) or "norm" (Bayesian
            linear regression with normal errors: values between and beyond those observed).
    """
    numbers = as_numbers(values, name)
    refuse(np.isinf(numbers), numbers, name, "is infinite", "Correct such rows.")
    return Column(name, "continuous", method, frozen(numbers))


def binary(name: str, values: ArrayLike | Sequence[Any]) -> Column:
    """A yes/no variable: 1 or 0, True or False; missing where None or NaN."""
    numbers = as_numbers(values, name)
    refuse(
        ~(np.isnan(numbers) | np.isin(numbers, (0, 1))),
        numbers,
        name,
        "is neither 0 nor 1",
        "Code yes 1 and no 0.",
    )
    return Column(name, "binary", "logistic", frozen(numbers), (0, 1))


def factor(
    name: str, labels: ArrayLike | Sequence[Any], levels: Sequence[Any], *, ordered: bool = False
) -> Column:
    """A variable with levels; missing where None or NaN.

    Args:
        name: By which models and diagnostics call it.
        labels: A level a row, shape (n,).
        levels: All levels, in order; the first is the reference in other columns' models.
        ordered: Impute by proportional odds instead of multinomial regression.

    Raises:
        DataError: A label that is no level, or fewer than two levels.
    """
    if len(levels) < 2 or len(set(levels)) != len(levels):
        raise DataError(f"{name} needs two levels or more, each once; got {', '.join(map(str, levels))}.")
    codes = {level: float(i) for i, level in enumerate(levels)}
    given = np.asarray(labels, dtype=object)
    numbers = np.array([np.nan if v is None or v != v else codes.get(v, -1.0) for v in given])  # noqa: PLR0124  NaN
    refuse(numbers == -1, given, name, "is not among its levels", f"Expected {', '.join(map(str, levels))}.")
    kind: Kind = "ordered" if ordered else "unordered"
    method: Method = "proportional_odds" if ordered else "multinomial"
    if len(levels) == 2:  # the order does not matter
        method = "logistic"
    return Column(name, kind, method, frozen(numbers), tuple(levels))


def auxiliary(name: str, values: ArrayLike | Sequence[Any]) -> Column:
    """Complete numbers that help to impute and are never imputed: the event, the Nelson-Aalen hazard."""
    return Column(name, "auxiliary", "none", frozen(check_numbers(values, name)))


def count_rows(columns: Sequence[Column]) -> int:
    """How many rows the columns have.

    Raises:
        DataError: No column, two of one name, or of different lengths.
        NotEnoughData: A column without any observed value.
    """
    names = [column.name for column in columns]
    if not columns or len(set(names)) != len(names):
        raise DataError(f"Give one column or more, each name once; got {', '.join(names) or 'none'}.")
    sizes = {column.values.size for column in columns}
    if len(sizes) > 1:
        raise DataError(f"The columns have different lengths: {', '.join(map(str, sorted(sizes)))}.")
    empty = [column.name for column in columns if column.missing.all()]
    if empty:
        raise NotEnoughData(f"No value of {', '.join(empty)} was observed: nothing to impute from.")
    return sizes.pop()


class Design:
    """All columns as one matrix: ones, then a standardised number or the 0/1 columns of a factor for each.

    The values of a column can be replaced; imputation by chained equations does so again and again.
    """

    def __init__(self, columns: Sequence[Column]):
        """Rows whose value is missing are zero until `put`."""
        widths = [max(1, len(column.levels) - 1) for column in columns]
        ends = 1 + np.cumsum(widths)
        self.blocks = {
            c.name: range(end - w, end) for c, w, end in zip(columns, widths, ends.tolist(), strict=True)
        }
        self.labels = ["(constant)"]
        self.matrix = np.zeros((columns[0].values.size, 1 + sum(widths)))
        self.matrix[:, 0] = 1
        self._scale: dict[str, tuple[float, float]] = {}
        for column in columns:
            seen = column.values[~column.missing]
            # For numerical accuracy only: every model here gives the same on any scale.
            self._scale[column.name] = (float(seen.mean()), float(seen.std()) or 1.0)
            self.labels += [f"{column.name}={level}" for level in column.levels[1:]] or [column.name]
            self.put(column, np.flatnonzero(~column.missing), seen)

    def copy(self) -> Design:
        """A matrix of its own; the rest is shared."""
        twin = object.__new__(Design)
        twin.__dict__ = self.__dict__ | {"matrix": self.matrix.copy()}
        return twin

    def put(self, column: Column, rows: Ints, values: Floats) -> None:
        """Set these values in `rows` of the column (for a factor: indices of levels)."""
        block = self.blocks[column.name]
        if column.levels:
            for level, place in enumerate(block, start=1):
                self.matrix[rows, place] = values == level
        else:
            centre, spread = self._scale[column.name]
            self.matrix[rows, block.start] = (values - centre) / spread

    def places(self, names: Iterable[str]) -> list[int]:
        """Which columns of the matrix belong to these names, ascending."""
        return sorted(place for name in names for place in self.blocks[name])
