"""Distinct keys for groups of two columns that share a word (yes, no), where the keys of results do not name the column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from oligoscope.results.results import Estimate
from oligoscope.study.keys import Comparison, Level, parts_of


def with_distinct_keys(
    found: Iterable[Estimate], reported: Mapping[tuple[str, ...], Estimate]
) -> list[Estimate]:
    """The estimates of one analysis; where one has the key of another column's, all groups are `column=level`.

    The key of the survival of a group holds no column: `yes` of two columns would be one key.

    Args:
        found: Of the analysis.
        reported: Those of the analyses before it, by key.
    """
    estimates = list(found)
    if not any(_is_of_another_column(e, reported.get(e.key)) for e in estimates):
        return estimates
    return [replace(e, group=_with_column(e.group)) for e in estimates]


def _is_of_another_column(estimate: Estimate, other: Estimate | None) -> bool:
    return other is not None and _columns(other.group) != _columns(estimate.group)


def _columns(group: str) -> list[str]:
    return [part.variable for part in parts_of(group) if isinstance(part, Level)]


def _with_column(group: str) -> str:
    if isinstance(group, Comparison):
        return Comparison.of(*map(_with_column, group.parts))
    if isinstance(group, Level):
        return Level.of(group.variable, group.word, f"{group.variable}={group.word}")
    return group
