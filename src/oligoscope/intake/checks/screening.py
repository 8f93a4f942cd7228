"""Which patients must be checked by every rule of the intake, found in one pass over whole columns.

Each rule for rows and tables (`validation`) concerns one patient. So a partition is screened first, by conditions
that are quick on millions of rows and hold wherever a rule could find something (sometimes where none does); the
rules are then run on those patients alone. A rule for single rows (`RowRule`) brings its condition; any other new
rule of the intake needs one here, which tests/unit/intake/parquet/test_parquet_tables.py checks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from oligoscope.intake.checks.cohort_rules import COHORT_RULES
from oligoscope.intake.checks.cross_table import DATE_RULES, DATED, ORDER_RULES, far_dates
from oligoscope.intake.checks.findings import BAD, Frames
from oligoscope.intake.checks.given_values import (
    IMPOSSIBLE,
    SUM_DIFFERS,
    best_given,
    given_beside_lesions,
    is_better,
)
from oligoscope.intake.checks.lesion_rules import (
    BASELINE_DAYS,
    MAX_TARGETS,
    MAX_TARGETS_IN_ORGAN,
    NODE_MM,
    NORMAL_NODE_MM,
    SEEN_WITHOUT_SIZE,
    TARGET_IN_BONE,
    is_small_new_node,
    least_target,
)
from oligoscope.intake.checks.order_in_time import all_before_start, lines_out_of_order
from oligoscope.intake.checks.row_rules import PATIENT_RULES, STATE_RULES
from oligoscope.intake.checks.screened_series import series_to_check
from oligoscope.study.dictionary.terms import State
from oligoscope.study.scan_key import NO_DAY, scan_key

P = "__p"  # number of the patient in the partition; null for a row of an unknown patient


def patients_to_check(
    frames: Frames, cutoff: date | None = None, reader: str | None = None, of_readers: Collection[str] = ()
) -> pl.Series:
    """The numbers (P) of the patients for whom a rule could find something.

    Args:
        frames: The typed tables with both forms of every date, BAD and P; patients numbered 0, 1, …
        cutoff: The study's data cut-off.
        reader: The reader whose rows count.
        of_readers: The tables with a column of readers.
    """
    patients = frames["patients"]
    found = [patients.filter(_PATIENT_TO_CHECK)[P]]
    # A patient's number is the place of their row, so that rows without an identifier stay in.
    known = patients.select(P, start="treatment_started_on", died="died_on", alive="last_known_alive_on")
    for name, condition in _ROWS_TO_CHECK.items():
        if name in frames:
            rows = _with_patient(frames[name], known)
            found.append(rows.filter(condition)[P])
            found += [_repeated(rows, key) for key in _KEYS[name]]
    found += _after_cutoff(frames, cutoff)
    found += [] if reader is None else [_left_out(frames[n], reader) for n in of_readers if n in frames]
    found += [far_dates(frames[n], P)[P] for n in ("measurements", "assessments") if n in frames]
    if "measurements" in frames:
        found.append(all_before_start(frames["measurements"], P)[P])
    if "treatments" in frames:
        found.append(lines_out_of_order(frames["treatments"], P)[P])
    if "lesions" in frames and "measurements" in frames:
        found += _lesions_to_check(frames)
    found += _given_to_check(frames)
    return pl.concat([numbers.cast(pl.UInt32) for numbers in found]).drop_nulls().unique().sort()


def _after_cutoff(frames: Frames, cutoff: date | None) -> list[pl.Series]:
    if cutoff is None:
        return []
    dates = (("patients", "treatment_started_on"), *DATED)
    return [frames[n].filter(_any(pl.col(c) > cutoff))[P] for n, c in dates if n in frames]


def _given_to_check(frames: Frames) -> list[pl.Series]:
    """Patients whose given sums and responses the lesions, or each other, may contradict."""
    found: list[pl.Series] = []
    if "assessments" not in frames:
        return found
    given = frames["assessments"]
    if "lesions" in frames and "measurements" in frames:
        beside = given_beside_lesions(given, frames["lesions"], frames["measurements"], P)
        found.append(beside.filter(SUM_DIFFERS | IMPOSSIBLE)[P])
    if "progressions" in frames:
        best = frames["progressions"].join(best_given(given, P), on=P, how="inner")
        found.append(best.filter(is_better("best"))[P])
    return found


def _left_out(rows: pl.DataFrame, reader: str) -> pl.Series:
    """Patients without a row of the reader, or with one that names none."""
    named = pl.col("reader")
    each = rows.group_by(P).agg((named == reader).any().alias("read"), named.is_null().any().alias("unnamed"))
    return each.filter(~pl.col("read").fill_null(value=False) | pl.col("unnamed"))[P]


def _with_patient(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Each row with the dates of its patient: gathered by number, which is quicker than a join."""
    facts = known.select(pl.exclude(P).gather(rows[P]))
    return rows.with_columns(facts.get_columns())


def _any(*conditions: pl.Expr) -> pl.Expr:
    return pl.any_horizontal(*(condition.fill_null(value=False) for condition in conditions))


def _broken(table: str) -> list[pl.Expr]:
    """Where a rule for single rows of a table is broken."""
    rules = (*PATIENT_RULES, *DATE_RULES, *STATE_RULES, *ORDER_RULES, *COHORT_RULES)
    return [rule.holds for rule in rules if rule.table == table]


_SIZE, _STATE = pl.col("diameter_mm"), pl.col("state")
_LESION, _DAY = pl.col("_lesion"), pl.col("assessed_day")
_UNPLACED = (pl.col(BAD), pl.col(P).is_null())
_WITHOUT_START = pl.col("start").is_null()
_LATER = pl.col("assessed_on") > pl.col("alive")  # a scan after the day last known alive
_PATIENT_TO_CHECK = _any(
    pl.col(BAD), pl.col("patient_id").is_null(), *_broken("patients"), pl.col("last_dose_on") > pl.col("last_known_alive_on"),
)  # fmt: skip
_ROWS_TO_CHECK: dict[str, pl.Expr] = {
    "measurements": _any(
        *_UNPLACED, *_broken("measurements"), pl.col("lesion_id").is_null(), pl.col("assessed_on").is_null(), _LATER, _WITHOUT_START,
        _STATE == State.MERGED.value,
    ),
    "treatments": _any(*_UNPLACED, *_broken("treatments"), _WITHOUT_START),
    "assessments": _any(
        *_UNPLACED, *_broken("assessments"), pl.col("assessed_on").is_null(), pl.col("overall_response").is_null(), _LATER,
        _WITHOUT_START,
    ),
    "progressions": _any(*_UNPLACED, *_broken("progressions"), _WITHOUT_START),
    "cohort": _any(*_UNPLACED, *_broken("cohort"), _WITHOUT_START),
}  # fmt: skip
# Less than the key of the table: more patients than necessary are checked, never fewer.
_KEYS: dict[str, list[str]] = {
    "measurements": [],  # by lesion and day, below
    "treatments": ["started_day"],
    "assessments": ["assessed_day"],
    "progressions": [P],
    "cohort": [P],
}


def _repeated(rows: pl.DataFrame, key: str) -> pl.Series:
    """Patients with two rows of the same key."""
    if key == P:
        return rows.filter(pl.col(P).is_duplicated())[P]
    both = scan_key(P, pl.col(key).fill_null(NO_DAY).cast(pl.Int64))
    return rows.filter(both.is_duplicated())[P]


def _lesions_to_check(frames: Frames) -> list[pl.Series]:
    lesions = frames["lesions"]
    target = pl.col("role") == "target"
    lacking = _any(*_UNPLACED, pl.col("lesion_id").is_null(), pl.col("role").is_null(), TARGET_IN_BONE.holds)
    found = [lesions.filter(lacking)[P], lesions.filter(pl.struct(P, "lesion_id").is_duplicated())[P]]
    place = pl.when(pl.col("is_node")).then(pl.lit("lymph_node")).otherwise(pl.col("organ"))
    targets = lesions.filter(target.fill_null(value=False)).select(P, place.alias("place"))
    many = targets.group_by(P).len().filter(pl.col("len") > MAX_TARGETS)
    crowded = targets.group_by(P, "place").len().filter(pl.col("len") > MAX_TARGETS_IN_ORGAN)
    return [*found, many[P], crowded[P], *_measurements_to_check(lesions, frames["measurements"])]


def _measurements_to_check(lesions: pl.DataFrame, measurements: pl.DataFrame) -> list[pl.Series]:
    """Undeclared, unmeasured and repeated lesions; sizes that are missing or unusual."""
    declared = lesions.filter(pl.col(P).is_not_null() & pl.col("lesion_id").is_not_null()).select(
        P, "lesion_id", _target=(pl.col("role") == "target"), _new=(pl.col("role") == "new"), _node=pl.col("is_node")
    ).unique([P, "lesion_id"], maintain_order=True).with_row_index("_lesion")  # fmt: skip
    columns = ("assessed_day", "diameter_mm", "slice_mm", "state", "fragment", "modality", "reader")
    rows = _with_lesion(measurements.select(P, "lesion_id", *columns), declared)
    unsized = pl.col("_target") & _SIZE.is_null() & _STATE.is_in(SEEN_WITHOUT_SIZE)
    return [
        rows.filter(_LESION.is_null())[P],
        _measured_twice(rows),
        rows.filter(_any(pl.col("_new") & pl.col("_node") & is_small_new_node()))[P],
        rows.filter(_any(unsized))[P],
        _never(declared, rows["_lesion"]),
        *series_to_check(rows.filter(_LESION.is_not_null()), P),
        *_baselines_to_check(declared, rows.filter(_any(_DAY <= 0))),
    ]


def _measured_twice(rows: pl.DataFrame) -> pl.Series:
    """Patients with two rows of the same lesion and day."""
    scan = rows.select(scan_key(_LESION, _DAY.fill_null(NO_DAY).cast(pl.Int64))).to_series()
    # In the usual order of rows, two rows of one scan are neighbours, which is quicker to see.
    in_order = scan.null_count() == 0 and scan.is_sorted()
    return rows.filter(scan == scan.shift(1) if in_order else scan.is_duplicated())[P]


def _baselines_to_check(declared: pl.DataFrame, rows: pl.DataFrame) -> list[pl.Series]:
    """Baselines that are missing, early, small or of a lesion that should not be present.

    Args:
        declared: The lesions.
        rows: Measurements up to the start of treatment.
    """
    is_new, is_target = pl.col("_new"), pl.col("_target")
    least = pl.when(pl.col("_node")).then(pl.lit(NODE_MM)).otherwise(least_target())
    evaluated = (_STATE != State.NOT_EVALUATED.value).fill_null(value=False)
    seen = ~_STATE.is_in([State.ABSENT.value, State.NOT_EVALUATED.value]).fill_null(value=False)
    faulty = _any(
        is_target & (_SIZE < least),
        ~is_new & (_DAY < -BASELINE_DAYS),
        # Absent or normal at baseline: it may be seen, or enlarged, later.
        ~is_new & pl.col("_node") & (_SIZE < NORMAL_NODE_MM),
        ~is_new & ((_STATE == State.ABSENT.value) | (_SIZE == 0)),
        is_new & seen,
    )
    others = ~(is_target | is_new).fill_null(value=True)
    return [
        rows.filter(faulty)[P],
        _never(declared.filter(_any(is_target)), rows.filter(_SIZE.is_not_null())["_lesion"]),
        _never(declared.filter(others), rows.filter(_SIZE.is_not_null() | evaluated)["_lesion"]),
    ]


def _never(declared: pl.DataFrame, lesions: pl.Series) -> pl.Series:
    """Patients with a declared lesion that is not among these."""
    return declared.filter(~_LESION.is_in(lesions.unique().implode()))[P]


def _with_lesion(rows: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """Each row with what is declared of its lesion: looked up once for each run of rows of one lesion."""
    key = [P, "lesion_id"]
    changes = (pl.col(c).ne_missing(pl.col(c).shift(1)) for c in key)
    first = rows.select(pl.any_horizontal(*changes) | (pl.int_range(pl.len()) == 0)).to_series()
    runs = rows.select(key).filter(first).join(declared, on=key, how="left", maintain_order="left")
    return rows.with_columns(
        runs.drop(key).select(pl.all().gather(first.cast(pl.UInt32).cum_sum() - 1)).get_columns()
    )
