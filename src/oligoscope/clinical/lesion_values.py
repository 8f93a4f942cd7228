"""Lesion rows to values: one row a lesion and scan date, with its size and what was seen.

Conventions (Eisenhauer 2009, 4.3.2 to 4.4): too small to measure counts 5 mm unless a real
smaller size was recorded; absent counts 0; a node keeps its true short axis; fragments of a split
lesion are added; a lesion merged into another counts 0 there, for the other has the size of the whole.
Sizes are whole micrometres, so that every threshold is exact. A node below 10 mm short axis is not
pathological (3.1): where it is declared a new lesion it is none until it reaches 10 mm (EORTC RECIST
questions, new lymph node lesions).
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from oligoscope.errors import DataError
from oligoscope.study.dictionary.terms import State
from oligoscope.study.scan_key import scan_key
from oligoscope.study.schemas import StudyTables

TOO_SMALL_UM = 5_000  # RECIST 1.1, 4.3.2
NORMAL_NODE_UM = 10_000  # short axis below it is not pathological, RECIST 1.1, 3.1

_SEEN = (
    State.PRESENT,
    State.INCREASED,
    State.UNEQUIVOCAL_PROGRESSION,
    State.TOO_SMALL,
    State.SPLIT,
    State.MEASURED,
)
_MODALITY_ORDER = {"ct": 0, "mri": 1, "xray": 2, "clinical": 3, "fdg_pet": 5}  # blank: 4


def index_lesions(tables: StudyTables) -> pl.DataFrame:
    """Lesions with whole-number keys: `p` (row of the patient) and `lesion` (row of the lesion)."""
    patients = tables.patients.select("patient_id").with_row_index("p")
    return (
        tables.lesions.join(patients, on="patient_id", how="inner", maintain_order="left")
        .with_row_index("lesion")
        .with_columns(
            is_node=pl.col("is_node").fill_null(
                (pl.col("organ") == "lymph_node").fill_null(False) | pl.col("station").is_not_null()
            ),
            is_primary=pl.col("is_primary").fill_null(False),
        )
    )


def choose_reader(
    tables: StudyTables, reader: str | None, table: Literal["measurements", "assessments"] = "measurements"
) -> pl.DataFrame:
    """The rows of one reader; without a choice there must be only one in the study.

    Raises:
        DataError: Several readers and none chosen, or the chosen one is not in the data.
    """
    measurements: pl.DataFrame = getattr(tables, table)
    readers = tables.whole.readers[table]
    if reader is None:
        if len(readers) > 1:
            raise DataError(
                f"measurements hold {len(readers)} readers ({', '.join(readers)}).\n"
                "State in study.yaml which one decides, for example  response: {reader: " + readers[0] + "}"
            )
        return measurements
    if not readers:
        return measurements
    if reader not in readers:
        raise DataError(f"response.reader is {reader!r}, but measurements hold: {', '.join(readers)}.")
    return measurements.filter(pl.col("reader") == reader)


def lesion_values(lesions: pl.DataFrame, measurements: pl.DataFrame) -> pl.DataFrame:
    """One row a lesion and date.

    Args:
        lesions: From `index_lesions`.
        measurements: Typed measurements of one reader.

    Returns:
        Columns p, lesion, role, is_node, day, size_um (null where not evaluated or not measured),
        evaluated, cleared (absent, or a node below 10 mm), progressing (unequivocal, by the reader),
        sure, suspected (of a new lesion), fdg_negative, increase, symptom, merged_into ("" where a merged
        lesion names no other), source_row.
    """
    keys = lesions.select("patient_id", "lesion_id", "p", "lesion", "role", "is_node")
    rows = _with_lesion(measurements, keys).filter(pl.col("assessed_day").is_not_null())
    rows = rows.with_columns(_state().alias("state")).with_columns(_size().alias("size_um"), _merged_into())
    return _one_row_a_day(rows.with_columns(*_facts()))


def _with_lesion(measurements: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Each measurement with what is declared of its lesion; those of undeclared lesions are left out.

    Rows of one lesion are mostly contiguous, so that one of each run is looked up for all of it.
    """
    name = ["patient_id", "lesion_id"]
    first = measurements.select(
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(1)) for c in name)
        | (pl.int_range(pl.len()) == 0)
    ).to_series()
    keys = keys.unique(name, keep="first", maintain_order=True)
    runs = measurements.select(name).filter(first).join(keys, on=name, how="left", maintain_order="left")
    found = runs.drop(name).select(pl.all().gather(first.cast(pl.UInt32).cum_sum() - 1))
    rows = measurements.with_columns(found.get_columns())
    return rows.filter(pl.col("lesion").is_not_null()) if rows["lesion"].has_nulls() else rows


def _state() -> pl.Expr:
    """The state a row means where the reader wrote only a size or only a certainty."""
    is_new = pl.col("role") == "new"
    return (
        pl.when(pl.col("state").is_not_null())
        .then(pl.col("state"))
        .when(pl.col("diameter_um").is_not_null())
        .then(pl.lit(State.MEASURED.value))
        # A known lesion without uptake may still be there: only of a new lesion is PET alone enough to show its absence.
        .when(is_new & (pl.col("fdg") == "negative"))
        .then(pl.lit(State.ABSENT.value))
        .when(is_new | pl.col("change_since_last").is_not_null())
        .then(pl.lit(State.PRESENT.value))
        .otherwise(pl.lit(State.NOT_EVALUATED.value))
    )


def _size() -> pl.Expr:
    state, size = pl.col("state"), pl.col("diameter_um").cast(pl.Int64)
    return (
        pl.when(state == State.NOT_EVALUATED)
        .then(None)
        .when(state.is_in([State.ABSENT, State.MERGED]))
        .then(0)
        .when((state == State.TOO_SMALL) & (size.fill_null(0) == 0))
        .then(TOO_SMALL_UM)
        .otherwise(size)
    )


def _merged_into() -> pl.Expr:
    into = pl.col("merged_into")
    return pl.when(pl.col("state") == State.MERGED).then(into.fill_null("")).otherwise(into)


def _facts() -> list[pl.Expr]:
    state, size = pl.col("state"), pl.col("size_um")
    by_pet = (pl.col("modality") == "fdg_pet").fill_null(False)
    is_new = pl.col("role") == "new"
    normal_node = (pl.col("is_node") & (size < NORMAL_NODE_UM)).fill_null(False)
    # A node of normal size is no lesion, so none that is new; of PET it is the uptake that counts, and
    # of a split node the whole.
    no_lesion = is_new & normal_node & ~by_pet & pl.col("fragment").is_null()
    seen = state.is_in([s.value for s in _SEEN]) & (size.fill_null(1) > 0) & ~no_lesion
    unsure = (pl.col("certainty") == "equivocal").fill_null(False)
    confirmed_pet = pl.col("ct_confirms").fill_null(False)
    positive = (pl.col("fdg") != "negative").fill_null(True)
    return [
        ((state != State.NOT_EVALUATED) & (size.is_not_null() | (pl.col("role") != "target"))).alias(
            "evaluated"
        ),
        ((state == State.ABSENT) | (size == 0).fill_null(False) | normal_node).alias("cleared"),
        (state == State.UNEQUIVOCAL_PROGRESSION).alias("progressing"),
        (is_new & seen & ~unsure & (~by_pet | (positive & confirmed_pet))).alias("sure"),
        (is_new & seen & positive & (unsure | (by_pet & ~confirmed_pet))).alias("suspected"),
        (by_pet & seen & positive & ~unsure).alias("fdg_positive"),
        (pl.col("fdg") == "negative").fill_null(False).alias("fdg_negative"),
        ((pl.col("change_since_last") == "increase").fill_null(False) | (state == State.INCREASED)).alias(
            "increase"
        ),
        pl.col("unscheduled_for_symptom").fill_null(False).alias("symptom"),
    ]


_KEY = ["p", "lesion", "role", "is_node", "day"]


def _one_row_a_day(rows: pl.DataFrame) -> pl.DataFrame:
    """Fragments of a split lesion added; of several modalities on one day the first that sizes it."""
    rows = rows.rename({"assessed_day": "day"}).select(
        *_KEY, "size_um", "evaluated", "cleared", "progressing", "sure", "suspected", "fdg_positive", "fdg_negative",
        "increase", "symptom", "merged_into", "modality", "source_row",
    )  # fmt: skip
    scan = rows.select(scan_key("lesion")).to_series()
    if scan.is_sorted() and not (scan == scan.shift(1)).any():
        return rows.drop("modality")  # the usual order of rows, seen at a glance
    doubled = scan.is_duplicated()
    if not doubled.any():
        return rows.drop("modality")
    many = _best_modality(rows.filter(doubled))
    flags = ("sure", "suspected", "fdg_positive", "fdg_negative", "progressing", "increase", "symptom")
    sized = pl.col("chosen")
    merged = many.group_by(_KEY, maintain_order=True).agg(
        pl.when(pl.col("size_um").filter(sized).null_count() == 0)
        .then(pl.col("size_um").filter(sized).sum())
        .otherwise(None)
        .alias("size_um"),
        pl.col("evaluated").filter(sized).all(),
        pl.col("cleared").filter(sized).all(),
        *(pl.col(flag).any() for flag in flags),
        pl.col("merged_into").min(),
        pl.col("source_row").min(),
    )
    # Fragments of a node that are below 10 mm each may be above it together.
    whole_node = pl.col("is_node") & (pl.col("size_um") >= NORMAL_NODE_UM)
    merged = merged.with_columns(cleared=pl.col("cleared") & ~whole_node.fill_null(value=False))
    columns = rows.drop("modality").columns
    return pl.concat([rows.filter(~doubled).select(columns), merged.select(columns)])


def _best_modality(rows: pl.DataFrame) -> pl.DataFrame:
    """Mark with `chosen` the rows of the modality that sizes the lesion: CT before MRI before the rest.

    A modality sizes it if every fragment it saw has a size: a sum without one fragment is no size.
    """
    rank = pl.col("modality").replace_strict(_MODALITY_ORDER, default=4, return_dtype=pl.Int8)
    unsized = pl.col("size_um").is_null().any().over("lesion", "day", "rank")
    rows = rows.with_columns(rank=rank).with_columns(rank=pl.col("rank") + 10 * unsized.cast(pl.Int8))
    return rows.with_columns(chosen=pl.col("rank") == pl.col("rank").min().over("lesion", "day"))
