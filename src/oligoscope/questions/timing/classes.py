"""Classes of months, and their names in results.csv."""

from __future__ import annotations


def class_name(low: int, high: int | None) -> str:
    """`0-1`; `>24` for the class without an upper edge."""
    return f">{low}" if high is None else f"{low}-{high}"


def edges_of(name: str) -> tuple[int, int | None]:
    """The edges of the class that `class_name` gave this name."""
    low, _, high = name.removeprefix(">").partition("-")
    return int(low), int(high) if high else None
