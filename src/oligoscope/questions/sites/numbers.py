"""Where it progressed: organs by group, in the old places or new ones, and the flow from organ to organ."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from oligoscope.cohort.variables import as_levels, column_of, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.cell_lists import divided, joined
from oligoscope.study.keys import ALL, groups_as_keys
from oligoscope.study.protocol import AnalysisSettings

FLOW_SERIES = "sites/flow"
COMBINATION_SERIES = "sites/combinations"
NO_ORGAN = "none"  # where no organ was recorded at baseline


def describe_sites(
    patients: pl.DataFrame, settings: AnalysisSettings
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Organs of first progression by group, same or new site, and baseline organ to organ of progression.

    A patient with several organs counts in each of them, so shares add up to more than 100 %.

    Returns:
        Estimates: variable=organ, level=NAME and variable=site_relation, level=same|new|both by group: n,
        percent; variable=same_organ, level=NAME: of the patients with that organ at baseline, those who
        progressed in it. Series "sites/flow/<population>": group, from_organ, to_organ, n, n_new, weight;
        series "sites/combinations/<population>": group, organs, n.
    """
    rows = patients.with_columns(_group=as_levels(column_of(patients, settings.by)))
    rows = rows.filter(pl.col("_group").is_not_null() & (pl.col("progressing_organs").fill_null("") != ""))
    groups = levels_of(settings.by, rows["_group"])
    named = zip((ALL, *groups_as_keys(groups)), (rows, *(_members(rows, g) for g in groups)), strict=True)
    found = [
        Estimate(analysis=SITES, population=settings.population, outcome=settings.by, **row)
        for group, members in named
        for row in _rows(
            members,
            group,
            _by_frequency(rows, "progressing_organs"),
            _by_frequency(rows, "all_baseline_organs"),
        )
    ]
    return found, {
        f"{FLOW_SERIES}/{settings.population}": _flow(rows, groups),
        f"{COMBINATION_SERIES}/{settings.population}": _combinations(rows, groups),
    }


def _members(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    return rows.filter(pl.col("_group") == group)


def _by_frequency(rows: pl.DataFrame, column: str) -> list[str]:
    """Organs of all patients, the most frequent first, so that each group lists the same ones."""
    counted = _long(rows, column).group_by("organ").len()
    return counted.sort(["len", "organ"], descending=[True, False])["organ"].to_list()


def _rows(members: pl.DataFrame, group: str, organs: list[str], baseline_organs: list[str]) -> Iterator[dict]:
    n = members.height
    yield {"group": group, "statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
    if n == 0:
        return
    at = _long(members, "progressing_organs")
    counts = dict(at.group_by("organ").len().iter_rows())
    for organ in organs:
        yield from _share(group, "organ", organ, counts.get(organ, 0), n)
    for relation in ("same", "new", "both"):
        count = int((members["site_relation"] == relation).sum())
        yield from _share(group, "site_relation", relation, count, n)
    before = _long(members, "all_baseline_organs")
    again = before.join(at, on=["patient_id", "organ"], how="inner")
    stayed = dict(again.group_by("organ").len().iter_rows())
    there = dict(before.group_by("organ").len().iter_rows())
    for organ in baseline_organs:
        yield from _share(group, "same_organ", organ, stayed.get(organ, 0), there.get(organ, 0))


def _share(group: str, variable: str, level: str, count: int, n: int) -> Iterator[dict]:
    keys = {"group": group, "variable": variable, "level": level, "n": n}
    yield {**keys, "statistic": Statistic.N, "value": count, "unit": Unit.PATIENTS}
    yield {
        **keys,
        "statistic": Statistic.PERCENT,
        "value": 100 * count / n if n else None,
        "unit": Unit.PERCENT,
    }


def _long(members: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row a patient and organ."""
    rows = members.select("patient_id", organ=divided(pl.col(column))).explode("organ")
    return rows.filter(pl.col("organ").fill_null("") != "").unique(maintain_order=True)


def _flow(rows: pl.DataFrame, groups: tuple[str, ...]) -> pl.DataFrame:
    """Links from every organ of a patient at baseline to every organ of progression.

    n: patients with both organs; n_new: those of them who had no disease in `to_organ` at baseline. weight: each
    patient is one unit, split evenly over the organs of progression; an organ that was involved at baseline takes
    its part from itself, a new one evenly from all organs at baseline. Weights of a group add up to its patients.
    """
    linked = _links(rows).join(rows.select("patient_id", "_group"), on="patient_id", how="left")
    return _in_order(
        linked.group_by(
            group="_group", from_organ="from_organ", to_organ="to_organ", maintain_order=True
        ).agg(
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("is_new").sum().cast(pl.Int64).alias("n_new"),
            # Rounded: the last bits of a sum depend on its order.
            pl.col("weight").sum().round(9),
        ),
        groups,
        ("from_organ", "to_organ"),
    )


def _links(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a patient, organ at baseline and organ of progression; is_new, and the weight of each."""
    before = _long(rows, "all_baseline_organs").rename({"organ": "from_organ"})
    at = _long(rows, "progressing_organs").rename({"organ": "to_organ"})
    at = at.with_columns(unit=1 / pl.len().over("patient_id"))
    links = at.join(before, on="patient_id", how="left").with_columns(
        pl.col("from_organ").fill_null(NO_ORGAN)
    )
    itself = pl.col("from_organ") == pl.col("to_organ")
    within = ("patient_id", "to_organ")
    links = links.with_columns(
        is_new=~itself.any().over(*within), itself=itself, n_from=pl.len().over(*within)
    )
    part = pl.when("is_new").then(1 / pl.col("n_from")).otherwise(pl.col("itself").cast(pl.Float64))
    return links.with_columns(weight=pl.col("unit") * part)


def _combinations(rows: pl.DataFrame, groups: tuple[str, ...]) -> pl.DataFrame:
    """Patients by the exact set of organs in which they progressed."""
    sets = rows.select(group="_group", organs=joined(divided(pl.col("progressing_organs")).list.sort()))
    counted = sets.group_by("group", "organs").agg(pl.len().cast(pl.Int64).alias("n"))
    return _in_order(counted, groups, ("organs",))


def _in_order(counted: pl.DataFrame, groups: tuple[str, ...], names: tuple[str, ...]) -> pl.DataFrame:
    """Groups in their printed order, the most frequent first, then by name."""
    order = {g: i for i, g in enumerate(groups)}
    return (
        counted.with_columns(_o=pl.col("group").replace_strict(order, return_dtype=pl.Int8))
        .sort("_o", "n", *names, descending=[False, True, *(False for _ in names)])
        .drop("_o")
    )


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_sites(asked.patients, asked.settings)
