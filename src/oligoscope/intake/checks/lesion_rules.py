"""Rules for lesions and their measurements, from RECIST 1.1 (Eisenhauer 2009), sections 3 and 4."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import INDEX, Findings, Frames, RowRule, days_before_start
from oligoscope.study.dictionary.terms import State

MAX_TARGETS, MAX_TARGETS_IN_ORGAN = 5, 2
_KEY = ["patient_id", "lesion_id"]
NODE_MM, TARGET_MM, THIN_SLICE_MM = 15.0, 10.0, 5.0
TARGET_ON_XRAY_MM = 20.0  # RECIST 1.1, 3.1.1
NORMAL_NODE_MM = 10.0  # short axis below it is not pathological, RECIST 1.1, 3.1
BASELINE_DAYS = 28
# States of a target that was seen, without a size (too_small counts 5 mm).
SEEN_WITHOUT_SIZE = (
    State.PRESENT.value,
    State.INCREASED.value,
    State.SPLIT.value,
    State.UNEQUIVOCAL_PROGRESSION.value,
)
NOT_SEEN = (State.ABSENT.value, State.NOT_EVALUATED.value, State.MERGED.value)


def _of(rows: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """The rows of these lesions."""
    return rows.join(lesions, on=_KEY, how="semi", maintain_order="left")


def _not_of(rows: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """The rows of all other lesions."""
    return rows.join(lesions, on=_KEY, how="anti", maintain_order="left")


def find_undeclared(lesions: pl.DataFrame, measurements: pl.DataFrame, findings: Findings) -> None:
    """Measurements of lesions that are in no row of the lesions table; the patient is left out.

    A lesion whose own row is bad counts as declared: it has its own finding.
    """
    findings.flag(
        "lesion_undeclared", "measurements", _not_of(findings.good("measurements", measurements), lesions), "lesion_id",
        expected=Text("病灶表中没有此病灶", "is not in the lesions table"), leaves="patient",
    )  # fmt: skip


def check_new_lesions(frames: Frames, findings: Findings) -> None:
    """A new lesion cannot be seen at baseline; a patient with an unreadable row of one is left out."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    new = lesions.filter(pl.col("role") == "new")
    rows = _of(findings.good("measurements", measurements), new)
    seen = pl.col("state").is_in(["absent", "not_evaluated"]).not_()
    findings.flag(
        "new_lesion_at_baseline", "measurements", rows.filter((pl.col("assessed_day") <= 0) & seen), "assessed_on",
        expected=Text("新病灶的日期应晚于治疗开始", "a new lesion must be later than treatment start"), leaves="patient",
    )  # fmt: skip
    # A new lesion is progression: without its row the patient would seem not to have progressed.
    lost = _of(findings.lost("measurements", measurements), new)
    findings.patients.update(lost["patient_id"].drop_nulls().to_list())


def check_new_nodes(frames: Frames, findings: Findings) -> None:
    """A node with a short axis below 10 mm is no new lesion yet; its first such row is listed."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    new = findings.good("lesions", lesions).filter(pl.col("is_node") & (pl.col("role") == "new"))
    small = _of(findings.good("measurements", measurements).filter(is_small_new_node()), new)
    findings.flag(
        "small_new_node", "measurements", small.unique(_KEY, keep="first", maintain_order=True), "diameter_mm",
        expected=Text("短径至少 10", "short axis at least 10"),
    )  # fmt: skip


def is_small_new_node() -> pl.Expr:
    """Of a row of a new node: below 10 mm, not a fragment, and not seen by its FDG uptake."""
    by_pet = (pl.col("modality") == "fdg_pet").fill_null(value=False)
    size = pl.col("diameter_mm").is_between(0, NORMAL_NODE_MM, closed="none")
    unseen = pl.col("state").is_in([State.ABSENT.value, State.NOT_EVALUATED.value]).fill_null(value=False)
    return (size & pl.col("fragment").is_null() & ~by_pet & ~unseen).fill_null(value=False)


def check_targets(frames: Frames, findings: Findings) -> None:
    """At most 5 targets, at most 2 per organ (all nodes are one)."""
    targets = findings.good("lesions", frames["lesions"]).filter(pl.col("role") == "target")
    many = targets.group_by("patient_id", maintain_order=True).agg(*_first_place(), pl.len().alias("n"))
    findings.flag(
        "too_many_targets", "lesions", many.filter(pl.col("n") > MAX_TARGETS), "role", value="n",
        expected=Text("至多 5 个", "at most 5"),
    )  # fmt: skip
    organ = pl.when(pl.col("is_node")).then(pl.lit("lymph_node")).otherwise(pl.col("organ")).alias("place")
    crowded = (
        targets.with_columns(organ).filter(pl.col("place").is_not_null())
        .group_by("patient_id", "place", maintain_order=True).agg(*_first_place(), pl.len().alias("n"))
        .filter(pl.col("n") > MAX_TARGETS_IN_ORGAN)
        .with_columns(pl.format("{} × {}", "n", "place").alias("count"))
    )  # fmt: skip
    findings.flag(
        "too_many_targets_in_organ", "lesions", crowded, "organ", value="count",
        expected=Text("每个器官至多 2 个", "at most 2 per organ"),
    )  # fmt: skip


# Bone without a soft-tissue part cannot be measured.
TARGET_IN_BONE = RowRule(
    "target_in_bone", "lesions", "lesion_id",
    (pl.col("role") == "target") & (pl.col("organ") == "bone") & ((pl.col("bone_kind") == "blastic") | ~pl.col("soft_tissue")),
)  # fmt: skip


def check_baseline(frames: Frames, findings: Findings) -> None:
    """The baseline of each lesion: at most 28 days before treatment start; of a target present and large enough."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    targets = findings.good("lesions", lesions).filter(pl.col("role") == "target")
    rows = findings.good("measurements", measurements)
    before = rows.filter((pl.col("assessed_day") <= 0) & pl.col("diameter_mm").is_not_null())
    last = before.filter(pl.col("assessed_day") == pl.col("assessed_day").max().over(_KEY))
    baseline = last.join(targets.select(*_KEY, "is_node"), on=_KEY, how="inner", maintain_order="left")
    _check_sizes(baseline, findings)
    early = _early(findings.good("lesions", lesions), rows)
    findings.flag("early_baseline", "measurements", early, "assessed_on", expected=days_before_start)
    started = rows.filter(pl.col("assessed_day").is_not_null())
    lacking = _not_of(targets, baseline).join(started, on="patient_id", how="semi", maintain_order="left")
    findings.flag("no_baseline", "lesions", _of(lacking, rows), "lesion_id")


def _early(lesions: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Baseline scans (the last of a lesion) too long before treatment start, one row per patient and date."""
    seen = rows.filter((pl.col("assessed_day") <= 0) & (pl.col("state") != State.NOT_EVALUATED.value))
    last = (
        seen.group_by(_KEY).agg(pl.col("assessed_day").max()).filter(pl.col("assessed_day") < -BASELINE_DAYS)
    )
    early = seen.join(last, on=[*_KEY, "assessed_day"], how="semi", maintain_order="left")
    early = _of(early, lesions.filter(pl.col("role") != "new"))
    return early.unique(["patient_id", "assessed_on"], keep="first", maintain_order=True)


def check_others_at_baseline(frames: Frames, findings: Findings) -> None:
    """A lesion absent at baseline cannot appear later under its role; a non-target needs a record at baseline."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    declared = findings.good("lesions", lesions).filter(pl.col("role") != "new")
    rows = findings.good("measurements", measurements)
    evaluated, day = pl.col("state") != State.NOT_EVALUATED.value, pl.col("assessed_day")
    absent = (pl.col("state") == State.ABSENT.value) | (pl.col("diameter_mm") == 0)
    # Few lesions were ever absent at baseline: only their rows are sorted.
    few = _of(rows, rows.filter((day <= 0) & absent)).filter(evaluated)
    few = few.join(declared.select(*_KEY, "is_node"), on=_KEY, how="inner", maintain_order="left")
    before = few.filter(day <= 0).sort("assessed_day", INDEX)
    last_absent = (
        before.group_by(_KEY).agg(absent=absent.last()).filter(pl.col("absent").fill_null(value=False))
    )
    small = (pl.col("is_node") & (pl.col("diameter_mm") < NORMAL_NODE_MM)).fill_null(value=False)
    seen = ~pl.col("state").is_in(NOT_SEEN) & (pl.col("diameter_mm").fill_null(1) > 0) & ~small
    findings.flag(
        "absent_at_baseline", "measurements", _first(_of(few.filter((day > 0) & seen), last_absent)), "lesion_id",
        expected=lambda row: Text(f"{row['assessed_on']} 可见", f"seen on {row['assessed_on']}"),
    )  # fmt: skip
    _check_normal_nodes(declared, rows, findings)
    others = _not_of(declared.filter(pl.col("role") == "non_target"), rows.filter((day <= 0) & evaluated))
    others = _of(others, rows.filter((day > 0) & evaluated))
    findings.flag("other_without_baseline", "lesions", others, "lesion_id")


def _first(rows: pl.DataFrame) -> pl.DataFrame:
    """The earliest row of each lesion."""
    return rows.sort("assessed_day", INDEX).unique(_KEY, keep="first", maintain_order=True)


def _check_normal_nodes(declared: pl.DataFrame, rows: pl.DataFrame, findings: Findings) -> None:
    """Nodes below 10 mm at baseline, which are normal, and of 10 mm or more later."""
    # The size of a split node is the sum of its fragments, not the value of one row.
    sized = rows.filter(pl.col("diameter_mm").is_not_null() & pl.col("fragment").is_null())
    sized = _of(sized.filter(~pl.col("state").is_in(NOT_SEEN)), declared.filter("is_node"))
    day, size = pl.col("assessed_day"), pl.col("diameter_mm")
    before = sized.filter(day <= 0).sort("assessed_day", INDEX).group_by(_KEY).agg(last=size.last())
    normal = before.filter((pl.col("last") > 0) & (pl.col("last") < NORMAL_NODE_MM))
    grown = _of(sized.filter((day > 0) & (size >= NORMAL_NODE_MM)), normal)
    findings.flag(
        "normal_at_baseline", "measurements", _first(grown), "diameter_mm",
        expected=lambda row: Text(f"基线时不足 10，{row['assessed_on']} 达到 10", f"below 10 at baseline, 10 or more on {row['assessed_on']}"),
    )  # fmt: skip


def check_target_sizes(frames: Frames, findings: Findings) -> None:
    """Targets that were seen without a size, where no other row of the day has one."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    targets = findings.good("lesions", lesions).filter(pl.col("role") == "target")
    rows = findings.good("measurements", measurements)
    bare = rows.filter(pl.col("state").is_in(SEEN_WITHOUT_SIZE) & pl.col("diameter_mm").is_null())
    bare = _of(bare, targets)
    if bare.is_empty():
        return
    sized = rows.filter(pl.col("diameter_mm").is_not_null()).select(*_KEY, "assessed_on")
    bare = bare.join(sized, on=[*_KEY, "assessed_on"], how="anti", maintain_order="left")
    grown = pl.col("state") == State.UNEQUIVOCAL_PROGRESSION.value
    findings.flag("target_progression_without_size", "measurements", bare.filter(grown), "state")
    findings.flag("target_without_size", "measurements", bare.filter(~grown), "state")


def check_merges(frames: Frames, findings: Findings) -> None:
    """Merges into a lesion that is not declared, itself, merging back, absent that day, or no target for a target."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    rows = findings.good("measurements", measurements)
    merged = rows.filter(pl.col("state") == State.MERGED.value)
    if merged.is_empty():
        return
    roles = lesions.select(*_KEY, "role").unique(_KEY, keep="first", maintain_order=True)
    into = ["patient_id", "merged_into"]
    other = roles.select("patient_id", merged_into="lesion_id", other_role="role")
    day = ["patient_id", "merged_into", "assessed_on"]
    is_absent = (pl.col("state") == State.ABSENT.value) | (pl.col("diameter_mm") == 0).fill_null(value=False)
    absent = (
        rows.group_by(*_KEY, "assessed_on").agg(absent=is_absent.all()).rename({"lesion_id": "merged_into"})
    )
    seen = (
        rows.filter(~pl.col("state").is_in(NOT_SEEN) & ~is_absent)
        .group_by(_KEY)
        .agg(seen_on=pl.col("assessed_on").min())
    )
    back = merged.select(
        "patient_id", "assessed_on", merged_into="lesion_id", back_into="merged_into"
    ).unique(day, keep="first")
    found = (
        merged.join(roles, on=_KEY, how="left", maintain_order="left")
        .join(other, on=into, how="left", maintain_order="left")
        .join(absent, on=day, how="left", maintain_order="left")
        .join(back, on=day, how="left", maintain_order="left")
    )
    first = found.group_by(*_KEY, "merged_into").agg(since=pl.col("assessed_on").min())
    found = found.join(first, on=[*_KEY, "merged_into"], how="left", maintain_order="left", nulls_equal=True)
    carried = seen.rename({"lesion_id": "merged_into"})
    found = found.join(carried, on=into, how="left", maintain_order="left")
    # The merged lesion may disappear after it was seen.
    vanished = (pl.col("seen_on") >= pl.col("since")) & (pl.col("seen_on") < pl.col("assessed_on"))
    nothing = pl.col("absent") & ~vanished.fill_null(value=False)
    to_no_target = (pl.col("role") == "target") & (pl.col("other_role") != "target")
    empty = (
        pl.col("other_role").is_null() | (pl.col("back_into") == pl.col("lesion_id")) | nothing | to_no_target
    )
    findings.flag(
        "merged_into_nothing", "measurements", found.filter(empty.fill_null(value=False)), "merged_into",
        expected=Text("应为当日存在的另一病灶；靶病灶须并入靶病灶", "must be another lesion present that day; for a target, a target"),
    )  # fmt: skip


def find_unmeasured(frames: Frames, findings: Findings) -> None:
    """Lesions without a row of measurements."""
    lesions, measurements = frames["lesions"], frames["measurements"]
    never = _not_of(findings.good("lesions", lesions), measurements)
    findings.flag("lesion_never_measured", "lesions", never, "lesion_id")


def _check_sizes(baseline: pl.DataFrame, findings: Findings) -> None:
    # A split lesion is measured in fragments; its size is not the value of one row.
    whole = baseline.filter(pl.col("fragment").is_null())
    diameter = pl.col("diameter_mm")
    limit = least_target()
    findings.flag(
        "small_target_node", "measurements", whole.filter(pl.col("is_node") & (diameter < NODE_MM)), "diameter_mm",
        expected=Text("短径至少 15", "short axis at least 15"),
    )  # fmt: skip
    small = whole.with_columns(limit.alias("limit")).filter(~pl.col("is_node") & (diameter < pl.col("limit")))
    findings.flag(
        "small_target", "measurements", small, "diameter_mm",
        expected=lambda row: Text(f"至少 {row['limit']:g}", f"at least {row['limit']:g}"),
    )  # fmt: skip


def least_target() -> pl.Expr:
    """The least size of a measurable lesion that is no node, by its slices and modality."""
    slice_mm = pl.col("slice_mm")
    return (
        pl.when(pl.col("modality") == "xray").then(TARGET_ON_XRAY_MM)
        .when(slice_mm > THIN_SLICE_MM).then(2 * slice_mm)
        .otherwise(TARGET_MM)
    )  # fmt: skip


def _first_place() -> list[pl.Expr]:
    return [pl.col(c).first() for c in ("source", "source_row", INDEX)]
