"""Multiple imputation by chained equations (as R's `mice`): every incomplete column given all others, in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator, SeedSequence
from numpy.typing import NDArray

from oligoscope.errors import UsageError
from oligoscope.stats.arrays import Floats, Ints, frozen
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.imputation.imputation_columns import Column, Design, count_rows
from oligoscope.stats.imputation.imputation_diagnostics import Trace, describe, warn
from oligoscope.stats.imputation.imputation_models import (
    FittedModel,
    fit_model,
    independent_columns,
    trouble_of,
)


@dataclass(frozen=True, slots=True, eq=False)
class Imputations:
    """m completed versions of one table.

    Attributes:
        columns: As given; their observed values are the same in every version.
        imputed: For each version, the values of each incomplete column's missing rows (for a factor:
            indices of levels), read-only.
        traces: Of each incomplete column, mean and sd of its imputed values by version and iteration.
        left_out: Of each incomplete column, the predictors its model could not use (constant, or
            repeating others, where it is observed).
        n: Rows.
        n_incomplete: Rows with a missing value in any column.
        iterations: Burn-in of each chain; 1 where all predictors are complete (a single incomplete column),
            as the first draw then does not depend on the start of the chain.
        warnings: What to doubt, as that the imputations are few.
    """

    columns: tuple[Column, ...]
    imputed: tuple[Mapping[str, Floats], ...]
    traces: Mapping[str, Trace]
    left_out: Mapping[str, tuple[str, ...]]
    n: int
    n_incomplete: int
    iterations: int
    warnings: tuple[Remark, ...]

    @property
    def m(self) -> int:
        """Completed versions."""
        return len(self.imputed)

    def completed(self, i: int) -> dict[str, NDArray[Any]]:
        """Version `i` (from 0): each column by name, factors as their labels."""
        numbers = self.completed_numbers(i)
        return {column.name: column.labelled(numbers[column.name]) for column in self.columns}

    def completed_numbers(self, i: int) -> dict[str, Floats]:
        """Version `i` (from 0): each column by name, factors as indices of levels."""
        found = {}
        for column in self.columns:
            values = column.values.copy()
            if column.name in self.imputed[i]:
                values[column.missing] = self.imputed[i][column.name]
            found[column.name] = values
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """An incomplete column: its rows, and which columns of the design predict it."""

    column: Column
    observed: Ints
    missing: Ints
    places: list[int]


@dataclass(slots=True, eq=False)
class _Fits:
    """What all chains share: the fit of a single incomplete column, and what was unusual about any."""

    constant: tuple[FittedModel, list[int]] | None = None
    left_out: dict[str, set[int]] = field(default_factory=dict)
    troubles: dict[str, Doubt] = field(default_factory=dict)


def impute_by_chained_equations(
    columns: Sequence[Column],
    *,
    m: int = 5,
    n_iterations: int = 10,
    seed: int | SeedSequence = 0,
) -> Imputations:
    """Complete a table m times: each incomplete column in turn by its own model given the others.

    A chain begins with observed values drawn at random; after `n_iterations` rounds its values are one
    completed version. Version i has its own stream of random numbers, which depends on `seed` and i alone:
    asking for more versions changes none of those before. Observed values never change.

    Args:
        columns: Made by `continuous`, `binary`, `factor`, `auxiliary`; all of one length. Include what is
            analysed (the groups, the outcome: for survival the event and `nelson_aalen` as auxiliary).
        m: Completed versions.
        n_iterations: Burn-in.
        seed: Of all streams.

    Raises:
        DataError: Columns of different lengths, or two of one name.
        NotEnoughData: A column without any observed value.
        UsageError: m or n_iterations below 1.

    References:
        van Buuren & Groothuis-Oudshoorn, J Stat Softw 2011, 45(3); White, Royston & Wood, Stat Med 2011, 30:377;
        with survival outcomes White & Royston, Stat Med 2009, 28:1982.
    """
    n = count_rows(columns)
    if m < 1 or n_iterations < 1:
        raise UsageError(f"Imputation needs m and n_iterations of 1 or more; got {m} and {n_iterations}.")
    design = Design(columns)
    targets = _targets(columns, design)
    rounds = 1 if len(targets) <= 1 else n_iterations
    fits = _Fits()
    chains = [_run_chain(design, targets, rounds, _stream(seed, i), fits) for i in range(m)]
    traces = {
        target.column.name: Trace(*(frozen([c[1][t][k] for c in chains]) for k in (0, 1)))
        for t, target in enumerate(targets)
    }
    n_incomplete = int(np.any([column.missing for column in columns], axis=0).sum())
    return Imputations(
        columns=tuple(columns),
        imputed=tuple(values for values, _ in chains),
        traces=traces,
        left_out={name: tuple(design.labels[p] for p in sorted(out)) for name, out in fits.left_out.items()},
        n=n,
        n_incomplete=n_incomplete,
        iterations=rounds,
        warnings=warn(m, n, n_incomplete, traces, fits.troubles),
    )


def _targets(columns: Sequence[Column], design: Design) -> list[_Target]:
    targets = []
    for column in columns:
        if column.missing.any():
            names = [other.name for other in columns if other is not column]
            rows = (np.flatnonzero(~column.missing), np.flatnonzero(column.missing))
            targets.append(_Target(column, *rows, [0, *design.places(names)]))
    return targets


def _stream(seed: int | SeedSequence, i: int) -> Generator:
    """The i-th child of the seed, as `SeedSequence.spawn` would make it, whatever was spawned before."""
    root = seed if isinstance(seed, SeedSequence) else SeedSequence(seed)
    return np.random.default_rng(SeedSequence(root.entropy, spawn_key=(*root.spawn_key, i)))


def _run_chain(
    whole: Design, targets: list[_Target], rounds: int, rng: Generator, fits: _Fits
) -> tuple[dict[str, Floats], list[tuple[list[float], list[float]]]]:
    """One completed version: the imputed values, and mean and sd of each target by round."""
    design = whole if len(targets) <= 1 else whole.copy()
    values: dict[str, Floats] = {}
    for target in targets:
        if design is not whole:
            start = rng.choice(target.column.values[target.observed], target.missing.size)
            design.put(target.column, target.missing, start)
    traces: list[tuple[list[float], list[float]]] = [([], []) for _ in targets]
    last: dict[str, tuple[FittedModel, list[int]]] = {}
    for _ in range(rounds):
        for target, trace in zip(targets, traces, strict=True):
            name = target.column.name
            model, kept = last[name] = fits.constant or _fit(design, target, last.get(name), fits)
            if design is whole:  # no imputation changes its predictors
                fits.constant = model, kept
            x = np.take(design.matrix, target.missing, axis=0)[:, kept]
            values[name] = frozen(model.draw(x, rng))
            if design is not whole:
                design.put(target.column, target.missing, values[name])
            for line, number in zip(trace, describe(values[name]), strict=True):
                line.append(number)
    return values, traces


def _fit(
    design: Design, target: _Target, last: tuple[FittedModel, list[int]] | None, fits: _Fits
) -> tuple[FittedModel, list[int]]:
    """The model of one column, and the columns of the design it uses."""
    x = np.take(design.matrix, target.observed, axis=0)[:, target.places]
    columns = independent_columns(x)
    kept = [target.places[i] for i in columns]
    out = set(target.places) - set(kept)
    if out:
        fits.left_out.setdefault(target.column.name, set()).update(out)
        x = x[:, columns]
    y = target.column.values[target.observed]
    model = fit_model(target.column.method, x, y, last[0] if last and last[1] == kept else None)
    trouble = trouble_of(target.column.method, model)
    if trouble:
        fits.troubles[target.column.name] = trouble
    return model, kept
