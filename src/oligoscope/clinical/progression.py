"""First progression: which lesions made it, how many, where; and the pattern that follows.

A lesion progresses if it is at least 20 % and 5 mm over its own reference (its nadir before this
time point, or the scan before) and no node below 10 mm, or was read as unequivocal progression, or is
unequivocally new.
None of the sources defines progression of a single lesion; trials write "RECIST-defined" (docs/rule-book.md).

What was not scanned at the progression itself is taken from a scan near it, if there is one: a brain
MRI two weeks after the CT that showed the progression also shows where it progressed. This window
applies to the pattern only; it changes no response and no date.
"""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.columns import number_of
from oligoscope.clinical.merges import follow
from oligoscope.clinical.progression_rules import pattern_flags, pattern_rules
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.clinical.target_response import grown
from oligoscope.study.cell_lists import DIVIDER, escaped
from oligoscope.study.dictionary.definitions import ProgressionDefinition
from oligoscope.study.dictionary.places import ZONES
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.rules import Rule, all_that_hold, first_that_holds
from oligoscope.study.scan_key import scan_key

# IASLC 2 to 14 and words for them, one or several (`4R/7`): mediastinal, hilar and intrapulmonary nodes.
_REGIONAL = (
    r"(?:(?:[2-9]|1[0-4])[A-Za-z]?|[^/]*(?:mediastin|hilar|subcarinal|paratracheal|tracheobronchial|peribronchial"
    r"|intrapulmonary|纵隔|肺门)[^/]*)"
)
_REGIONAL_STATION = rf"(?i)^{_REGIONAL}(?:/{_REGIONAL})*$"


def first_progressions(points: pl.DataFrame) -> pl.DataFrame:
    """The first time point with overall PD of each patient: columns p, k, progressed_day, cause."""
    progressed = points.filter(pl.col("overall_response") == Response.PD).sort("p", "k")
    cause = pl.col("cause") if "cause" in points.columns else pl.lit("given")
    return progressed.group_by("p", maintain_order=True).agg(
        pl.col("k").first(),
        pl.col("declared_day").first().alias("progressed_day"),
        cause.first().alias("cause"),
    )


def lesions_at_progression(
    frames: ResponseFrames, first: pl.DataFrame, reference: str, window_days: int = 28
) -> pl.DataFrame:
    """Every declared lesion of the progressed patients at the first progression.

    Args:
        frames: What was read from the lesions.
        first: The first progression of each patient: columns p, k, cause.
        reference: "nadir" or "previous": what a lesion's growth is compared with.
        window_days: Scans this near the first scan of the progression count for lesions not evaluated at it.

    Returns:
        One row a lesion (identity after merging): p, lesion, organ, station, is_node, is_primary,
        is_new, diffuse_kind, evaluated, size_um, reference_um, progressing, fallback (this lesion
        is taken only because the sum progressed while no lesion did), source_row.
    """
    at = first.select("p", pl.col("k").alias("pd_k"), "cause")
    dated = frames.points.select("p", pl.col("k").alias("pd_k"), pl.col("first_day").alias("pd_day"))
    dated = at.join(dated, on=["p", "pd_k"], how="left").select("p", "pd_k", "pd_day")
    values = frames.values.select(_READ_OF_VALUES).join(dated, on="p", how="inner")
    near = _near_scans(values, window_days)
    values = _one_identity(_moved_to_progression(values, near), frames.lesions)
    history = _history(values, reference)
    new = frames.new.join(at, on="p", how="inner")
    found_near = new.join(near, on=["lesion", "k"], how="semi")
    new = pl.concat([new.filter(pl.col("k") == pl.col("pd_k")), found_near])
    new = new.select("lesion", is_new=pl.lit(True), new_row=pl.col("source_row"))
    lesions = frames.lesions.join(at, on="p", how="inner").join(new, on="lesion", how="left")
    lesions = lesions.filter((pl.col("role") != "new") | pl.col("is_new").fill_null(False))
    lesions = lesions.join(history, on="lesion", how="left").filter(~pl.col("merged").fill_null(False))
    return _judge(lesions).select(
        "p", "lesion", "lesion_id", "role", "organ", "station", "is_node", "is_primary", "is_new", "diffuse_kind",
        "evaluated", "size_um", "reference_um", "progressing", "fallback",
        pl.coalesce("row_at_pd", "new_row", "source_row").alias("source_row"),
    )  # fmt: skip


_READ_OF_VALUES = (
    "p", "lesion", "k", "day", "size_um", "evaluated", "cleared", "progressing", "symptom", "merged_into", "source_row",
)  # fmt: skip


def _near_scans(values: pl.DataFrame, window_days: int) -> pl.DataFrame:
    """Of lesions not evaluated at the progression, the scan near it that is used instead: columns lesion, k.

    The first after it, up to the scan at which a lesion of the progression was seen again (that is the
    next assessment) and none made for a new symptom; else the last before it, baseline excepted.

    Args:
        values: Lesion values of progressed patients with pd_k and pd_day.
        window_days: How far from pd_day, on both sides.
    """
    k, pd_k = pl.col("k"), pl.col("pd_k")
    distance = pl.col("day") - pl.col("pd_day")
    inside = (distance.abs() <= window_days) & pl.col("evaluated") & (k > 0)
    near = values.filter(inside & (k != pd_k)).select(
        "p", "lesion", "k", "pd_k", "symptom", distance=distance
    )
    if near.is_empty():
        return near.select("lesion", "k")
    there = values.filter((k == pd_k) & pl.col("evaluated")).select("lesion")
    again = near.filter(k > pd_k).join(there, on="lesion", how="semi")
    again = again.group_by("p").agg(pl.col("k").min().alias("next_k"))
    near = near.join(there, on="lesion", how="anti").join(again, on="p", how="left")
    after = (k < pl.col("next_k")).fill_null(value=True) & ~pl.col("symptom")
    order = pl.when(k > pd_k).then(pl.col("distance")).otherwise(window_days + 1 - pl.col("distance"))
    return (
        near.filter((k < pd_k) | after)
        .sort("lesion", order)
        .unique("lesion", keep="first", maintain_order=True)
        .select("lesion", "k")
    )


def _moved_to_progression(values: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Values up to the progression, those of the scans near it as if seen at it."""
    if near.is_empty():
        return values.filter(pl.col("k") <= pl.col("pd_k"))
    chosen = values.join(near, on=["lesion", "k"], how="semi").with_columns(k=pl.col("pd_k"))
    rest = values.filter(pl.col("k") <= pl.col("pd_k")).join(near, on=["lesion", "k"], how="anti")
    # Their rows at the progression itself state only that they were not evaluated there.
    return pl.concat([rest.join(chosen, on=["lesion", "k"], how="anti"), chosen])


def _one_identity(values: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """Give lesions that merged by the progression the identity of the lesion at the end of their merges."""
    values = values.with_columns(root=pl.col("lesion"))
    merges = values.filter(pl.col("merged_into").is_not_null())
    if merges.is_empty():
        return values
    roots = merges.sort("k").group_by("lesion").agg(pl.col("p").last(), pl.col("merged_into").last())
    names = lesions.select("p", pl.col("lesion_id").alias("merged_into"), pl.col("lesion").alias("into"))
    into = follow(roots.join(names, on=["p", "merged_into"], how="left").select("lesion", "into"))
    into = into.filter(pl.col("root").is_not_null()).rename({"root": "into"})
    return (
        values.join(into, on="lesion", how="left").with_columns(root=pl.coalesce("into", "root")).drop("into")
    )


# A lesion that none merged with has one row a scan: nothing is to be grouped.
_AS_ONE = (
    "p", "root", "k", "pd_k", "size_um", pl.lit(1, pl.get_index_type()).alias("n_seen"), pl.col("evaluated").fill_null(value=True),
    pl.col("cleared").fill_null(value=True), pl.col("progressing").fill_null(value=False).alias("unequivocal"), "source_row",
)  # fmt: skip


def _history(values: pl.DataFrame, reference: str) -> pl.DataFrame:
    """By lesion: its reference size before the progression and what was seen at it.

    Members of a merged lesion are compared as one: their sizes are added scan by scan, and a scan
    at which a member was not evaluated is no reference.
    """
    members = values.group_by("root").agg(pl.col("lesion").n_unique().alias("n_members"))
    merged = values.filter(pl.col("root") != pl.col("lesion"))["root"].unique()
    of_several = pl.col("root").is_in(merged.implode())
    scans = (
        values.filter(of_several)
        .group_by("p", "root", "k", "pd_k")
        .agg(
            pl.when(pl.col("size_um").null_count() == 0).then(pl.col("size_um").sum()).alias("size_um"),
            pl.len().alias("n_seen"),
            pl.col("evaluated").all(),
            pl.col("cleared").all(),
            pl.col("progressing").any().alias("unequivocal"),
            pl.col("source_row").first(),
        )
    )
    scans = pl.concat([scans, values.filter(~of_several).select(_AS_ONE)])
    scans = scans.join(members, on="root", how="left").sort(scan_key("root", "k"))
    whole = pl.when(pl.col("n_seen") == pl.col("n_members")).then(pl.col("size_um"))
    before, now = pl.col("k") < pl.col("pd_k"), pl.col("k") == pl.col("pd_k")
    past = whole.filter(before).drop_nulls()
    grouped = scans.group_by("root", maintain_order=True).agg(
        (past.min() if reference == "nadir" else past.last()).alias("reference_um"),
        pl.col("size_um").filter(now).first(),
        pl.col("evaluated").filter(now).any(),
        pl.col("cleared").filter(now).any(),
        pl.col("cleared").filter(before).last().alias("was_cleared"),
        pl.col("unequivocal").filter(now).any(),
        pl.col("source_row").filter(now).first().alias("row_at_pd"),
    )
    absorbed = values.filter(pl.col("root") != pl.col("lesion")).select("lesion").unique()
    rows = grouped.rename({"root": "lesion"})
    gone = absorbed.join(rows, on="lesion", how="left").with_columns(merged=pl.lit(True))
    return pl.concat([rows.with_columns(merged=pl.lit(False)), gone])


def _judge(lesions: pl.DataFrame) -> pl.DataFrame:
    """Mark the lesions that progress; where the sum progressed but no lesion did, those with 20 %."""
    size, reference = pl.col("size_um"), pl.col("reference_um")
    is_new = pl.col("is_new").fill_null(False)
    # A node below 10 mm is normal, however much it grew (RECIST 1.1, 4.3.1).
    there = ~pl.col("cleared").fill_null(False)
    # A non-target node has reappeared only where it was read so (EORTC RECIST questions, abnormal lymph node).
    quiet_node = (pl.col("role") == "non_target") & pl.col("is_node")
    reappeared = (
        pl.col("cause").str.contains("reappearance")
        & pl.col("was_cleared")
        & ~pl.col("cleared")
        & pl.col("evaluated")
        & ~quiet_node
    )
    strict = (
        is_new
        | pl.col("unequivocal").fill_null(False)
        | (grown(size, reference).fill_null(False) & there)
        | reappeared.fill_null(False)
    )
    is_target = (pl.col("role") == "target") & there
    by_percent = ((size * 10 >= reference * 12) & (size > reference)).fill_null(False) & is_target
    larger = (size > reference).fill_null(False) & is_target
    lesions = lesions.with_columns(
        is_new=is_new, strict=strict, by_percent=by_percent, larger=larger,
        evaluated=is_new | pl.col("evaluated").fill_null(False),
    )  # fmt: skip
    none_strict = ~pl.col("strict").any().over("p")
    none_by_percent = ~pl.col("by_percent").any().over("p")
    fallback = none_strict & (pl.col("by_percent") | (none_by_percent & pl.col("larger")))
    return lesions.with_columns(progressing=pl.col("strict") | fallback, fallback=fallback)


def count_progression(lesions: pl.DataFrame, node_counting: str) -> pl.DataFrame:
    """One row a patient: how many lesions progress, where, and what else was there.

    Args:
        lesions: From `lesions_at_progression`.
        node_counting: "lesion", "station" (nodes of one station count once) or "region".
    """
    brain = (pl.col("organ") == "brain").fill_null(False)
    station = pl.col("station")
    unit = pl.col("lesion").cast(pl.String)
    if node_counting != "lesion":
        place = station if node_counting == "station" else _region()
        unit = (
            pl.when(pl.col("is_node") & station.is_not_null()).then(pl.lit("node:") + place).otherwise(unit)
        )
    regional = pl.col("is_node") & station.str.contains(_REGIONAL_STATION).fill_null(False)
    progressing, existing = pl.col("progressing"), ~pl.col("is_new")
    others = existing & ~pl.col("is_primary") & pl.col("evaluated")
    # Lesions not evaluated may have progressed, too: the largest possible count.
    possible = progressing | (existing & ~pl.col("evaluated"))
    organ = pl.col("organ").fill_null("other")
    outside = ~pl.col("brain")
    counted = lesions.with_columns(unit=unit, brain=brain, regional=regional, organ=organ).group_by("p").agg(
        _distinct("unit", progressing, "n_progressing_lesions"),
        _distinct("unit", progressing & outside, "n_progressing_extracranial"),
        _distinct("unit", progressing & ~outside, "n_progressing_intracranial"),
        *_organ_counts(progressing, possible),
        _distinct("unit", possible, "n_possible_lesions"),
        _distinct("unit", possible & outside, "n_possible_extracranial"),
        number_of(existing & ~pl.col("evaluated"), "n_not_evaluated"),
        (progressing & pl.col("diffuse_kind").is_not_null()).any().alias("diffuse"),
        escaped(pl.col("organ").filter(progressing).unique().sort()).str.join(DIVIDER).alias("progressing_organs"),
        number_of(existing & pl.col("evaluated"), "n_existing"),
        # A lesion taken only by the fallback, or not evaluated, is not shown to be uncontrolled.
        number_of(existing & ~(progressing & ~pl.col("fallback")), "n_not_uncontrolled"),
        number_of(others, "n_others"),
        number_of(others & ~progressing, "n_others_controlled"),
        (pl.col("is_primary") & existing & progressing).any().alias("primary_progressing"),
        (progressing & existing).any().alias("some_existing"),
        (progressing & pl.col("is_new")).any().alias("some_new"),
        pl.col("fallback").any().alias("fallback_used"),
        pl.col("source_row").filter(progressing).unique().sort().cast(pl.String).str.join(";").alias("source_rows"),
    )  # fmt: skip
    return counted.with_columns(failure=first_that_holds(FAILURES))


# Kind of failure, in the field's words; both kinds together are "combined", which is therefore first.
FAILURES = (
    Rule("combined", "known and new lesions progress", pl.col("some_existing") & pl.col("some_new")),
    Rule("new", "new lesions only", pl.col("some_new")),
    Rule("existing", "known lesions only", pl.col("some_existing")),
)


def _distinct(column: str, where: pl.Expr, name: str) -> pl.Expr:
    return pl.col(column).filter(where).n_unique().cast(pl.Int32).alias(name)


def _organ_counts(progressing: pl.Expr, possible: pl.Expr) -> list[pl.Expr]:
    """Organs of progression, and at most, counted with and without the brain and regional nodes."""
    brain, regional = pl.col("brain"), pl.col("regional")
    kinds = {
        "": pl.lit(True),
        "_extracranial": ~brain,
        "_not_regional": ~regional,
        "_not_regional_extracranial": ~regional & ~brain,
    }
    return [
        _distinct("organ", which & counted, f"{name}{suffix}")
        for suffix, counted in kinds.items()
        for name, which in (("n_organs", progressing), ("n_possible_organs", possible))
    ]


def _region() -> pl.Expr:
    number = pl.col("station").str.extract(r"^(\d+)")
    return pl.coalesce(number.replace_strict(ZONES, default=None, return_dtype=pl.String), "station")


def classify(counts: pl.DataFrame, rule: ProgressionDefinition) -> pl.DataFrame:
    """Add pattern, pattern_rule (the sentence that decided) and flags under one definition."""
    rules = pattern_rules(rule)
    return counts.with_columns(
        pattern=first_that_holds(rules),
        pattern_rule=first_that_holds(rules, lambda r: f"{rule.name}: {r.sentence}"),
        pattern_flags=all_that_hold(pattern_flags(rule)),
    )
