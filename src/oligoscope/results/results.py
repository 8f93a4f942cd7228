"""Results: every reported number once, as a row with keys; every curve as a named series.

Tables, figures and prose read Results and nothing else, so a number cannot differ between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite, isnan
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypedDict, Unpack

import polars as pl

from oligoscope.csv_files import as_written
from oligoscope.results.analyses import LANDMARK, LANDMARK_AFTER_PROGRESSION, Analysis
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.methods import NO_METHOD, Method, read_method
from oligoscope.results.statistics import Statistic, StatisticAt, landmark_of, statistic_of
from oligoscope.results.units import OwnUnit, Unit, unit_of
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, read_warnings

KEYS = ("analysis", "population", "outcome", "group", "variable", "level", "statistic")
_key_of = attrgetter(*KEYS)


def _values_of(*names: str) -> Callable[[Estimate], tuple[Any, ...]]:
    """What gives these fields of an estimate."""
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda estimate: (getattr(estimate, names[0]),)) if names else (lambda _: ())


class Keys(TypedDict, total=False):
    """Keys by which estimates are found."""

    analysis: Analysis
    population: str
    outcome: str
    group: str
    variable: str
    level: str
    statistic: Statistic | StatisticAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with the keys it is found by.

    Attributes:
        analysis: What made it.
        population: The patients it describes: screened, treated, progressed, …
        outcome: What was observed: an Outcome, or a variable (pattern, …); blank where none.
        group: A group's level, or "A vs B" for a comparison of A with the reference B; blank for all.
        variable: The variable described, tested or modelled; blank where none.
        level: Its level; blank where none.
        statistic: What was reported of it.
        value: The number; None where it does not exist (then `warning` says why).
        low: Lower 95 % limit (or first quartile); None where none.
        high: Upper 95 % limit (or third quartile); None where none.
        n: How many patients it is made from.
        unit: Ours, or the user's of their own column; blank where none.
        method: How it was made, of the parts that `methods.py` declares.
        warning: Why the number should be read with care, or why it is withheld, of the codes that `warnings.py` declares.
        patients: Which patients it is made from; no column of results.csv.
    """

    analysis: Analysis
    population: str = ""
    outcome: str = ""
    group: str = ""
    variable: str = ""
    level: str = ""
    statistic: Statistic | StatisticAt
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: Unit | OwnUnit | Literal[""] = ""
    method: Method = NO_METHOD
    warning: Warnings = NO_WARNING
    patients: MadeFrom | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A number that is none (NaN) does not exist, and neither does an infinite limit.

        Raises:
            TypeError: The method or the warning is a mere text.
        """
        if not isinstance(self.method, Method) or not isinstance(self.warning, Warnings):
            raise TypeError(f"An estimate takes a Method and Warnings: {self.method!r}, {self.warning!r}.")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not isfinite(number) and (name != "value" or isnan(number)):
                object.__setattr__(self, name, None)
                if name == "value" and not self.warning:
                    object.__setattr__(self, "warning", WarningCode.NO_ANSWER())

    @property
    def key(self) -> tuple[str, ...]:
        return _key_of(self)


COLUMNS = tuple(f.name for f in fields(Estimate) if f.name != "patients")
SCHEMA = {
    name: pl.Float64 if name in {"value", "low", "high"} else pl.Int64 if name == "n" else pl.String
    for name in COLUMNS
}


@dataclass(frozen=True)
class Results:
    """All estimates of a study and the series behind its pictures; adding gives a new value."""

    estimates: tuple[Estimate, ...] = ()
    series: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    _index: dict[tuple[str, ...], Estimate] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _of_analysis: dict[str, list[Estimate]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    # By the names of keys, and by their values: a document asks for the same keys of one analysis many times.
    _found: dict[tuple[str, ...], dict[tuple[Any, ...], list[Estimate]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "series", MappingProxyType(dict(self.series)))
        for estimate in self.estimates:
            key = estimate.key
            if key in self._index:
                raise ValueError(f"reported twice: {dict(zip(KEYS, key, strict=True))}")
            self._index[key] = estimate
            self._of_analysis.setdefault(estimate.analysis, []).append(estimate)

    def __reduce__(self) -> tuple[type[Results], tuple[tuple[Estimate, ...], dict[str, pl.DataFrame]]]:
        """As it is sent to another process."""
        return Results, (self.estimates, dict(self.series))

    def without_patients(self) -> Results:
        """The same numbers and series; which patients each is made from is left out."""
        return Results(tuple(replace(one, patients=None) for one in self.estimates), self.series)

    def plus(
        self, estimates: Iterable[Estimate] = (), series: Mapping[str, pl.DataFrame] | None = None
    ) -> Results:
        """A new Results with these added; a key reported twice is a defect and raises."""
        return Results(self.estimates + tuple(estimates), {**self.series, **(series or {})})

    def find(self, **keys: Unpack[Keys]) -> list[Estimate]:
        """Every estimate whose named keys have these values, in the order they were reported."""
        names, analysis = tuple(keys), keys.get("analysis", "")
        found = self._found.get((analysis, *names))
        if found is None:
            of = _values_of(*names)
            found = self._found[analysis, *names] = {}
            for estimate in self._of_analysis.get(analysis, ()) if analysis else self.estimates:
                found.setdefault(of(estimate), []).append(estimate)
        return found.get(tuple(keys.values()), [])[:]

    def get(self, **keys: Unpack[Keys]) -> Estimate | None:
        """The one estimate with these keys; keys not named are blank."""
        return self._index.get(tuple(keys.get(name, "") for name in KEYS))

    def at(self, key: tuple[str, ...]) -> Estimate | None:
        """The one estimate with this whole key."""
        return self._index.get(key)

    def value(self, **keys: Unpack[Keys]) -> float | None:
        """The number alone; None where it was not reported or does not exist."""
        found = self.get(**keys)
        return None if found is None else found.value

    def frame(self) -> pl.DataFrame:
        """One row an estimate, in reporting order: what results.csv holds."""
        return pl.DataFrame(
            {name: [getattr(e, name) for e in self.estimates] for name in COLUMNS}, schema=SCHEMA
        )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a results.csv; a blank text is "".

    Raises:
        polars.exceptions.PolarsError: The file has other columns.
    """
    frame = as_written(pl.read_csv(path, schema=SCHEMA)).with_columns(pl.col(pl.String).fill_null(""))
    return list(frame.iter_rows(named=True))


_FROM_LANDMARKS = frozenset({LANDMARK, LANDMARK_AFTER_PROGRESSION})


def read_estimate(row: dict[str, Any], analysis: Callable[[str], Analysis]) -> Estimate:
    """A row with its keys, method and warnings as they were declared.

    Args:
        row: One of `read_rows`.
        analysis: The analysis of a name, of every question there is.

    Raises:
        LookupError: No analysis has this name.
        ValueError: No statistic, method or warning has this name.
    """
    typed: dict[str, Any] = {
        "analysis": analysis(row["analysis"]),
        "variable": landmark_of(row["variable"]) if row["analysis"] in _FROM_LANDMARKS else row["variable"],
        "statistic": statistic_of(row["statistic"]),
        "unit": unit_of(row["unit"]) if row["unit"] else "",
        "method": read_method(row["method"]),
        "warning": read_warnings(row["warning"]),
    }
    return Estimate(**row | typed)
