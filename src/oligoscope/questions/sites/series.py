"""Names of the series of the sites: each population and grouping has its own."""

from __future__ import annotations

USUAL_BY = "pattern"  # the grouping that a name leaves out


def flow_name(population: str, by: str) -> str:
    """From organs at baseline to organs of first progression."""
    return _named("sites/flow", "/", population, by)


def combinations_name(population: str, by: str) -> str:
    """Patients by the set of organs in which they progressed."""
    return _named("sites/combinations", "/", population, by)


def alluvial_name(population: str, by: str) -> str:
    """The picture of the flow."""
    return _named("alluvial", "_", population, by)


def _named(kind: str, between: str, population: str, by: str) -> str:
    return between.join((kind, population) if by == USUAL_BY else (kind, population, by))
