"""Where it progressed: organs by group, in the old places or new ones, and the flow from organ to organ."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from oligoscope.cohort.counts import count_rows, size_row
from oligoscope.cohort.variables import as_levels, column_of, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.sites.series import combinations_name, flow_name
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate
from oligoscope.study.cell_lists import divided, joined
from oligoscope.study.keys import ALL, Level, groups_as_keys
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.vocabulary import ORGAN_NAMES

NO_ORGAN = "none"  # where no organ was recorded at baseline


def describe_sites(
    patients: pl.DataFrame, settings: AnalysisSettings
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Organs of first progression by group, same or new site, and baseline organ to organ of progression.

    A patient with several organs counts in each of them, so shares add up to more than 100 %.

    Returns:
        Estimates: variable=organ, level=NAME and variable=site_relation, level=same|new|both by group: n,
        percent; variable=same_organ, level=NAME: of the patients with that organ at baseline, those who
        progressed in it. Series `flow_name`: group, from_organ, to_organ, n, n_new, weight_from, weight_to; series `combinations_name`:
        group, organs, n.
    """
    rows = patients.with_columns(_group=as_levels(column_of(patients, settings.by)))
    rows = rows.filter(pl.col("_group").is_not_null() & (pl.col("progressing_organs").fill_null("") != ""))
    groups = levels_of(settings.by, rows["_group"])
    members = (rows, *(rows.filter(pl.col("_group") == g) for g in groups))
    organs = (_by_frequency(rows, "progressing_organs"), _by_frequency(rows, "all_baseline_organs"))
    sites_known = rows["site_relation"].is_not_null().any() or not rows.height
    found = [
        Estimate(analysis=SITES, population=settings.population, outcome=settings.by, **row)
        for group, of_group in zip((ALL, *groups_as_keys(groups)), members, strict=True)
        for row in _rows(of_group, group, *organs, sites_known=sites_known)
    ]
    return found, {
        flow_name(settings.population, settings.by): _flow(rows, groups),
        combinations_name(settings.population, settings.by): _combinations(rows, groups),
    }


def _by_frequency(rows: pl.DataFrame, column: str) -> list[str]:
    """Organs of all patients, the most frequent first, so that each group lists the same ones."""
    counts = _counts(_long(rows, column))
    return sorted(counts, key=lambda organ: (-counts[organ], organ))


def _counts(long: pl.DataFrame) -> dict[str, int]:
    return dict(long.group_by("organ").len().iter_rows())


def _rows(
    members: pl.DataFrame, group: str, organs: list[str], baseline_organs: list[str], *, sites_known: bool
) -> Iterator[dict]:
    n = members.height
    yield size_row(group, n)
    if n == 0:
        return
    at, before = _long(members, "progressing_organs"), _long(members, "all_baseline_organs")
    now, there = _counts(at), _counts(before)
    stayed = _counts(before.join(at, on=["patient_id", "organ"], how="inner"))
    relations = {r: int((members["site_relation"] == r).sum()) for r in ("same", "new", "both")}
    known = int(members["all_baseline_organs"].is_not_null().sum())
    shares = [
        *(("organ", _key(organ), now.get(organ, 0), n) for organ in organs),
        # Of the patients whose sites at baseline are given.
        *(("site_relation", relation, count, known) for relation, count in relations.items() if sites_known),
        *(
            ("same_organ", _key(organ), stayed.get(organ, 0), there.get(organ, 0))
            for organ in baseline_organs
        ),
    ]
    for variable, level, count, of in shares:
        yield from count_rows({"group": group, "variable": variable, "level": level}, count, of)


def _key(organ: str) -> str:
    """The organ as a key of results: one of ours by its word, another as the user's, which may be any word of ours."""
    return organ if organ in ORGAN_NAMES else Level.of("organ", organ)


def _long(members: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row a patient and organ."""
    rows = members.select("patient_id", organ=divided(pl.col(column))).explode("organ")
    return rows.filter(pl.col("organ").fill_null("") != "").unique(maintain_order=True)


def _flow(rows: pl.DataFrame, groups: tuple[str, ...]) -> pl.DataFrame:
    """Links from every organ of a patient at baseline to every organ of progression.

    n: patients with both organs; n_new: those of them who had no disease in `to_organ` at baseline. An organ of
    progression comes from itself where it was involved at baseline, else from all organs at baseline. A patient counts
    one in every organ on either side, split evenly over what leaves it (weight_from) and what comes to it (weight_to):
    weights of an organ of progression add up to its patients; those of an organ at baseline to its patients from whom
    anything leaves.
    """
    linked = _links(rows).join(rows.select("patient_id", group="_group"), on="patient_id", how="left")
    counted = linked.group_by("group", "from_organ", "to_organ", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("n"),
        pl.col("is_new").sum().cast(pl.Int64).alias("n_new"),
        # Rounded: the last bits of a sum depend on its order.
        pl.col("weight_from", "weight_to").sum().round(9),
    )
    return _in_order(counted, groups, ("from_organ", "to_organ"))


def _links(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a patient, organ at baseline and organ of progression; is_new, and the weights of each."""
    before = _long(rows, "all_baseline_organs").rename({"organ": "from_organ"})
    at = _long(rows, "progressing_organs").rename({"organ": "to_organ"})
    links = at.join(before, on="patient_id", how="left")
    itself = pl.col("from_organ") == pl.col("to_organ")
    leads = (pl.col("is_new") | itself).cast(pl.Float64)
    here = pl.col("_leads")
    return (
        links.with_columns(pl.col("from_organ").fill_null(NO_ORGAN))
        .with_columns(is_new=~itself.any().over("patient_id", "to_organ"))
        .with_columns(_leads=leads)
        .with_columns(
            weight_from=pl.when(here > 0)
            .then(here / here.sum().over("patient_id", "from_organ"))
            .otherwise(0.0),
            weight_to=here / here.sum().over("patient_id", "to_organ"),
        )
    )


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
