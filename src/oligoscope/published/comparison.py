"""A paper's printed numbers beside those of a study, one by one, each with its difference and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.published.paper import Printed, Published, Tolerance
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import KEYS, Estimate, Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.units import Unit
from oligoscope.study.keys import Comparison, is_comparison, parts_of, whole_of

Verdict = Literal["within", "outside", "not_reproduced"]
Part = Literal["value", "low", "high"]
PARTS: tuple[Part, ...] = ("value", "low", "high")
NOT_REPORTED = Text("本次分析未给出该数", "this run reports no such number")
BY_CHANCE = Text(
    "差异超出容差，原因未知", "it differs by more than the tolerance; no reason is known beforehand"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed number and ours.

    Attributes:
        printed: The number as the paper prints it.
        part: The number itself, or one of its limits.
        theirs, ours: Both values; ours is None where it was not reproduced.
        difference: Ours less theirs.
        verdict: Within the tolerance, outside, or not reproduced.
        reason: Why it is outside or missing; None where it is within.
        ours_key: Key of our estimate; None where there is none.
    """

    printed: Printed
    part: Part
    theirs: float
    ours: float | None
    difference: float | None
    verdict: Verdict
    reason: Text | None
    ours_key: tuple[str, ...] | None

    @property
    def in_table_1(self) -> bool:
        """Of the baseline table, whose counts are judged apart."""
        return self.printed.estimate.analysis == BASELINE


def compare_published(results: Results, published: Published) -> tuple[Compared, ...]:
    """Every printed number beside the one with the same keys.

    A ratio printed as "A vs B" is compared with the inverse of ours where ours is "B vs A". `percent_of_all` and
    `n_percent` are shares of all patients of the group, which are worked out from two reported counts.
    """
    return tuple(row for printed in published.printed for row in _compare(results, printed))


def _compare(results: Results, printed: Printed) -> Iterator[Compared]:
    ours = _find(results, printed.estimate)
    for part in PARTS:
        theirs = getattr(printed.estimate, part)
        if theirs is None:
            continue
        value = None if ours is None else getattr(ours, part)
        key = None if ours is None else ours.key
        if value is None:
            why = ours.warning.printed if ours is not None and ours.warning else NOT_REPORTED
            yield Compared(printed, part, theirs, None, None, "not_reproduced", printed.why or why, key)
            continue
        fits = _within(value, theirs, printed.tolerance, printed.bound, _decimals(theirs))
        why = None if fits else printed.why or printed.known_problem or BY_CHANCE
        yield Compared(
            printed, part, theirs, value, value - theirs, "within" if fits else "outside", why, key
        )


def _find(results: Results, printed: Estimate) -> Estimate | None:
    """Our estimate of a printed number, turned round or worked out where that is needed."""
    found = results.at(printed.key)
    if found is not None:
        return found
    if printed.statistic in {Statistic.PERCENT_OF_ALL, Statistic.N_PERCENT}:
        return _share(results, printed)
    if is_comparison(printed.group):
        turned = replace(printed, group=Comparison.of(*reversed(parts_of(printed.group))))
        found = results.at(turned.key)
        return found if found is None or printed.statistic.kind is not Kind.RATIO else _inverse(found)
    return None


def _share(results: Results, printed: Estimate) -> Estimate | None:
    """A count as a share of all patients of its group, or of the population it is a part of."""
    count = replace(printed, statistic=Statistic.N)
    if printed.statistic == Statistic.PERCENT_OF_ALL:
        everybody = replace(count, variable="", level="")
    else:
        everybody = replace(count, population=whole_of(printed.population))
    part, whole = results.at(count.key), results.at(everybody.key)
    if part is None or whole is None or part.value is None or not whole.value:
        return None
    return replace(part, value=100 * part.value / whole.value, unit=Unit.PERCENT)


def _inverse(e: Estimate) -> Estimate:
    value, low, high = (None if not x else 1 / x for x in (e.value, e.high, e.low))
    return replace(e, value=value, low=low, high=high)


def _within(ours: float, theirs: float, tolerance: Tolerance, bound: str, decimals: int) -> bool:
    if bound == "<" and ours < theirs:
        return True
    rounding = 0.5 * 10**-decimals + 1e-9  # the printed number was rounded
    match tolerance.kind:
        case "absolute":
            return abs(ours - theirs) <= tolerance.size + (rounding if decimals else 1e-9)
        case "factor":
            return theirs / tolerance.size - rounding <= ours <= theirs * tolerance.size + rounding
        case "same_side_of":
            return (ours < tolerance.size) == (theirs < tolerance.size)


def _decimals(value: float) -> int:
    return len(f"{value!r}".partition(".")[2].rstrip("0"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of the numbers lie within their tolerance."""

    n: int
    n_within: int
    n_not_reproduced: int

    @property
    def percent(self) -> float:
        """Of all, those not reproduced among them."""
        return 100 * self.n_within / self.n if self.n else 0.0


def agreement(rows: Sequence[Compared], *, table_1: bool) -> Agreement:
    """Of the baseline table, or of all other numbers."""
    chosen = [row for row in rows if row.in_table_1 == table_1]
    missing = sum(row.verdict == "not_reproduced" for row in chosen)
    return Agreement(len(chosen), sum(row.verdict == "within" for row in chosen), missing)


def comparison_frame(rows: Sequence[Compared]) -> pl.DataFrame:
    """One row a number: its section and keys, both values, difference, tolerance, verdict, reason in both languages."""
    return pl.DataFrame([_as_row(row) for row in rows], infer_schema_length=None)


def _as_row(row: Compared) -> dict[str, object]:
    printed = row.printed
    texts = {"known_problem": printed.known_problem, "reason": row.reason}
    in_both = (
        (f"{name}_{lang}", text[lang] if text else "") for name, text in texts.items() for lang in LANGUAGES
    )
    return {
        "section": printed.section,
        **dict(zip(KEYS, printed.estimate.key, strict=True)),
        "part": row.part,
        "bound": printed.bound,
        "published": row.theirs,
        "ours": row.ours,
        "difference": row.difference,
        "tolerance": f"{printed.tolerance.kind} {printed.tolerance.size:g}",
        "verdict": row.verdict,
        **dict(in_both),
    }
