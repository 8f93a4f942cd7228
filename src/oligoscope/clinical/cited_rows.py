"""The rows of the user's files that a label rests on: "measurements.csv:14;15;patients.csv:3".

A label cites whole time points (every lesion with a row) or the lesions that decided. Files are named as
the user gave them; of a lesion recorded in several rows a day (fragments, modalities) every row is cited.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.clinical.lesion_values import choose_reader
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.study.schemas import StudyTables

PLACE = {"p": pl.UInt32, "label": pl.String, "source": pl.String, "source_row": pl.Int32}
_ROW = ("p", "label", "lesion", "day", "source_row")
_ROWS = 2**31  # above any number of a row


@dataclass(frozen=True)
class Evidence:
    """What labels were derived from.

    Attributes:
        points: Time points as the study reads them.
        frames: What was read from the lesions.
        at_progression: From `lesions_at_progression`.
        tables: The study's tables.
        reader: Whose measurements decide.
    """

    points: pl.DataFrame
    frames: ResponseFrames
    at_progression: pl.DataFrame
    tables: StudyTables
    reader: str | None = None

    @property
    def from_lesions(self) -> bool:
        """Whether the time points are of lesions, and not given responses."""
        return "source_row" not in self.points.columns


def cited_points(evidence: Evidence, wanted: pl.DataFrame) -> pl.DataFrame:
    """Rows of whole time points, of the baseline (k = 0) those of the targets.

    Args:
        evidence: What labels were derived from.
        wanted: Columns p, k, label.

    Returns:
        Columns of `PLACE`.
    """
    if not evidence.from_lesions:
        rows = evidence.points.select("p", "k", "source", "source_row")
        return wanted.join(rows, on=["p", "k"], how="inner").select(list(PLACE))
    values = evidence.frames.values.select("p", "k", "lesion", "role", "day", "source_row")
    values = values.filter((pl.col("k") > 0) | (pl.col("role") == "target"))
    values = values.join(wanted, on=["p", "k"], how="inner")
    return placed(evidence, values.select(_ROW))


def cited_progressions(evidence: Evidence, first: pl.DataFrame) -> pl.DataFrame:
    """Rows that made the first progression: what grew and the nadir, what appeared and its confirmation.

    Args:
        evidence: What labels were derived from.
        first: Columns p, k, cause, nadir_k; progressions by derived time points.
    """
    frames = evidence.frames
    keys = ["p", "lesion", "day", "source_row"]
    values = frames.values.select(*keys, "k", "role", "evaluated", "cleared", "progressing")
    at = values.join(first, on=["p", "k"], how="inner").filter("evaluated")
    role = pl.col("role")

    def because(name: str) -> pl.Expr:
        return pl.col("cause").str.split("+").list.contains(name)

    decided = (
        (because("target") & (role == "target"))
        | (because("non_target") & (role == "non_target") & pl.col("progressing"))
        | (because("reappearance") & (role != "new") & ~pl.col("cleared"))
    )
    grown = first.filter(because("target"))
    before = values.filter(role == "target").join(
        grown.select("p", pl.col("nadir_k").alias("k")), on=["p", "k"], how="inner"
    )
    new = frames.new.join(first.filter(because("new_lesion")), on=["p", "k"], how="inner")
    parts = [at.filter(decided), before, new, confirming(frames, new)]
    label = pl.lit("progressed_on").alias("label")
    rows = pl.concat(part.select(*keys, label).select(_ROW) for part in parts)
    return placed(evidence, rows)


def confirming(frames: ResponseFrames, new: pl.DataFrame) -> pl.DataFrame:
    """The rows that showed a backdated new lesion to be one: its first that was sure by itself."""
    backdated = new.filter("backdated").select("lesion", pl.col("day").alias("since"))
    sure = frames.new.filter(~pl.col("backdated")).join(backdated, on="lesion", how="inner")
    sure = sure.filter(pl.col("day") > pl.col("since")).sort("day")
    return sure.unique("lesion", keep="first", maintain_order=True)


def cited_lesions(evidence: Evidence, first: pl.DataFrame) -> pl.DataFrame:
    """Rows of the progressing lesions at the first progression (column p), also of a scan near it, for the pattern."""
    progressing = evidence.at_progression.filter("progressing").join(first, on="p", how="semi")
    progressing = progressing.select("lesion", "source_row")
    values = evidence.frames.values.select("p", "lesion", "day", "source_row")
    rows = values.join(progressing, on=["lesion", "source_row"], how="semi")
    return placed(evidence, rows.with_columns(label=pl.lit("pattern")).select(_ROW))


def placed(evidence: Evidence, rows: pl.DataFrame) -> pl.DataFrame:
    """Lesion values with the file and row of every measurement that made them."""
    measurements = evidence.tables.measurements
    sources = measurements["source"].drop_nulls().unique().to_list()
    known = measurements["assessed_day"].len() - measurements["assessed_day"].null_count()
    if len(sources) == 1 and known == evidence.frames.values.height:
        return rows.select("p", "label", pl.lit(sources[0]).alias("source"), "source_row")
    chosen = choose_reader(evidence.tables, evidence.reader)
    names = evidence.frames.lesions.select("patient_id", "lesion_id", "lesion")
    of_day = chosen.select(
        "patient_id", "lesion_id", pl.col("assessed_day").alias("day"), "source", "source_row"
    )
    found = rows.drop("source_row").join(names, on="lesion", how="inner")
    return found.join(of_day, on=["patient_id", "lesion_id", "day"], how="inner").select(list(PLACE))


def cited_table(rows: pl.LazyFrame, patients: pl.LazyFrame, label: str) -> pl.LazyFrame:
    """A patient's own row of one table; `rows` has patient_id, source and source_row, `patients` p and patient_id."""
    found = rows.select("patient_id", "source", "source_row").join(
        patients.select("p", "patient_id"), on="patient_id", how="inner"
    )
    return found.with_columns(label=pl.lit(label)).select(pl.col(c).cast(kind) for c, kind in PLACE.items())


def as_text(parts: list[pl.DataFrame], labels: tuple[str, ...]) -> pl.DataFrame:
    """Columns p, label, source_rows: the rows in the order of the files, file by file.

    Patient, label, file and row go into one whole number each: sorting hundreds of thousands of numbers is
    many times as quick as sorting words.
    """
    named = sorted({one for part in parts for one in part["source"].unique() if one is not None})
    sources, words = pl.Enum(named), pl.Enum(labels)
    n_files = max(len(named), 1)
    number = (
        (pl.col("p").cast(pl.Int64) * len(labels) + pl.col("label").cast(words).to_physical().cast(pl.Int64)) * n_files
        + pl.col("source").cast(sources).to_physical().cast(pl.Int64)
    ) * _ROWS + pl.col("source_row").cast(pl.Int64)  # fmt: skip
    numbers = pl.concat([part.select(number.alias("number")) for part in parts])["number"].drop_nulls().sort()
    keys = numbers.filter(numbers.ne_missing(numbers.shift(1))).to_frame("key")
    file, row = pl.col("key") // _ROWS, pl.col("key") % _ROWS
    rows = keys.select(file=file.set_sorted(), row=row.cast(pl.String))
    rows = rows.group_by("file", maintain_order=True).agg("row")
    begins = pl.lit(pl.Series([f"{name}:" for name in named] or [":"]))
    files = rows.select(
        group=(pl.col("file") // n_files).set_sorted(),
        text=begins.gather(pl.col("file") % n_files) + pl.col("row").list.join(";"),
    )
    joined = files.group_by("group", maintain_order=True).agg("text")
    return joined.select(
        p=(pl.col("group") // len(labels)).cast(pl.UInt32),
        label=pl.lit(pl.Series(labels, dtype=pl.String)).gather(pl.col("group") % len(labels)),
        source_rows=pl.col("text").list.join(";"),
    )
