"""Parquet columns to our typed columns: directly where type and range fit, else as cells are read.

Dates in a date column, numbers within their range and words of the levels are used as they are. Only
other cells go through the reading of cells (`read_cells`), so that they get the same values, findings
and grades as the same cells of a csv file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import BAD, Findings
from oligoscope.intake.checks.typed_table import read_cells, removed_from
from oligoscope.intake.checks.values import FIRST_DAY, LAST_DAY
from oligoscope.intake.files.cells import clean, map_unique
from oligoscope.intake.files.columns import Match, Matches
from oligoscope.intake.files.parquet_sheet import day_texts, days_of, is_on_calendar
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.issues import Issue
from oligoscope.plain_text import CONTROL, INVISIBLE
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import POLARS_TYPES, TableSpec, typed_schema, um_name

_WORDS = {"id", "text", "level"}
_OTHER_UNITS = {"fraction", "percent", "cm"}
_PLAIN_WORD = r"^[!-~]+(?: [!-~]+)*$"  # a word that the reading of cells would not change


def type_columns(
    rows: pl.DataFrame, table: TableSpec, source: TableSource, matches: Matches, findings: Findings
) -> pl.DataFrame:
    """Every column of the table's schema, covariates, source, source_row and BAD.

    Args:
        rows: The file's own columns, SOURCE and ROW.
        table, source, matches: How the study describes them.
        findings: Cells that cannot be read are added, with the patient of the row.
    """
    columns = {c: _constant(None, t, rows.height) for c, t in typed_schema(table).items()}
    bad = _constant(False, pl.Boolean, rows.height)
    ids = next((m for m in matches.found if m.column.name == "patient_id"), None)
    findings.issues += _control_characters(rows, table, matches, ids)
    beside: dict[str, pl.Series] = {}
    for match in matches.found:
        found = _typed(rows, match, table, source)
        columns |= {name: found[name] for name in found.columns}
        odd = _misfits(rows, match, columns[match.column.name])
        if odd is not None:
            read = _as_cells(rows.filter(odd), match, ids, table, source, findings)
            for name in found.columns:
                columns[name] = _with(columns[name], odd, read[name])
            bad = bad | _with(bad, odd, read[BAD])
            beside |= _beside(rows.height, odd, read, found.columns, table)
    for name, values in beside.items():
        columns[name] = (
            pl.select(pl.coalesce(columns[name], values)).to_series() if name in columns else values
        )
    extra = {name: _covariate(rows, name) for name in matches.extra}
    place = {"source": rows[SOURCE], "source_row": rows[ROW]}
    return pl.DataFrame({**columns, **extra, **place, BAD: bad})


def _beside(
    height: int, odd: pl.Series, read: pl.DataFrame, own: list[str], table: TableSpec
) -> dict[str, pl.Series]:
    """What the cells of one column say of others: a class in place of a number, the days a partial date may be."""
    others = [c for c in typed_schema(table) if c not in {*own, "source", "source_row"}]
    names = [c for c in read.columns if c.startswith("__") and c != BAD]
    names += [c for c in others if read[c].null_count() < read.height]
    return {n: _with(pl.Series(n, [None] * height, dtype=read.schema[n]), odd, read[n]) for n in names}


def _control_characters(
    rows: pl.DataFrame, table: TableSpec, matches: Matches, ids: Match | None
) -> Iterator[Issue]:
    """A finding for each cell from which control or invisible characters are removed."""
    whose = rows[ids.headers[0]].cast(pl.String) if ids is not None and ids.headers else None
    for header in dict.fromkeys([*(h for m in matches.found for h in m.headers), *matches.extra]):
        if rows.schema[header] != pl.String:
            continue
        cells = rows[header]
        for index in cells.str.contains(f"{CONTROL}|{INVISIBLE}").fill_null(value=False).arg_true().to_list():
            patient = None if whose is None or whose[index] is None else clean(whose[index])
            yield Issue(
                rule="control_character", table=table.name, source=rows[SOURCE][index], row=rows[ROW][index],
                column=header, value=clean(cells[index]), expected=removed_from(cells[index]), patient_id=patient,
            )  # fmt: skip


def clean_words(words: pl.Series) -> pl.Series:
    """Text in its plain form; a series that already has it is returned unchanged."""
    text = words if words.dtype == pl.String else words.cast(pl.String)
    changed = text.str.contains(_PLAIN_WORD).not_().fill_null(value=False)
    if not changed.any():
        return text
    return _with(text, changed, map_unique(text.filter(changed), clean, pl.String))


# ---- what fits --------------------------------------------------------------------------------------


def _typed(rows: pl.DataFrame, match: Match, table: TableSpec, source: TableSource) -> pl.DataFrame:
    """The column (and its length in micrometres) where the file's type fits; misfits are null for now."""
    column, dtype = match.column, POLARS_TYPES[match.column.kind]
    declared = source.levels.get(column.name) or source.missing or match.reading.unit in _OTHER_UNITS
    if match.constant is not None or len(match.headers) != 1 or (declared and column.kind not in _WORDS):
        values = _constant(None, dtype, rows.height)
    elif column.kind in _WORDS:
        values = _words(rows[match.headers[0]], match, table, source)
    else:
        values = _in_range(rows[match.headers[0]], column, dtype)
        if match.reading.mixed_scale:
            values = values.set(((values > 0) & (values < 1)).fill_null(value=False), None)
    frame = values.alias(column.name).to_frame()
    return frame.with_columns(_micrometres(column.name)) if column.name.endswith("_mm") else frame


def _micrometres(name: str) -> pl.Expr:
    # Half a micrometre rounds up, as in cells; the small addition corrects a binary 1.0005, which is slightly less.
    return (pl.col(name) * 1000 + (0.5 + 1e-6)).floor().cast(pl.Int32).alias(um_name(name))


def _in_range(values: pl.Series, column: Variable, dtype: type[pl.DataType]) -> pl.Series:
    nothing = _constant(None, dtype, len(values))
    kind = values.dtype
    if column.kind == "boolean":
        return values if kind == pl.Boolean else nothing
    if column.kind == "date":
        if not (kind == pl.Date or isinstance(kind, pl.Datetime)):
            return nothing
        days = days_of(values)
        return days.set(~days.is_between(FIRST_DAY, LAST_DAY).fill_null(value=True), None)
    if not kind.is_numeric():
        return nothing
    numbers = _without_nan(values)
    outside = ~numbers.is_between(
        column.low if column.low is not None else float("-inf"),
        column.high if column.high is not None else float("inf"),
    )
    if column.kind == "integer" and not kind.is_integer():
        outside |= numbers != numbers.round(0)
    return numbers.set(outside.fill_null(value=False), None).cast(dtype)


def _without_nan(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Float32:  # 28.7 is written 28.7, not 28.700000762939453
        values = values.cast(pl.Float64).round(4)
    if values.dtype.is_integer():  # the limits of our columns need not fit into 8 or 16 bits
        return values.cast(pl.Int64, strict=False)
    if values.dtype.is_float():
        return values.fill_nan(None)
    return values.cast(pl.Float64) if values.dtype.is_decimal() else values


def _words(values: pl.Series, match: Match, table: TableSpec, source: TableSource) -> pl.Series:
    """Each different word is read once; a column in which no word changes is returned unchanged."""
    if values.dtype == pl.Boolean or values.dtype.is_float() or values.dtype.is_temporal():
        return _constant(None, pl.String, len(values))
    text = values if values.dtype == pl.String else values.cast(pl.String)
    if (
        match.column.kind == "id"
        and not match.reading.whole_ids
        and not source.levels.get(match.column.name)
        and not source.missing
    ):
        return clean_words(text)
    words = text.unique().drop_nulls()
    raw = RawTable(table.name, _raw_frame(words.alias(match.headers[0]).to_frame()))
    read = read_cells(raw, table, source, Matches((match,), (), ()))[0][match.column.name]
    same = (read == words).fill_null(value=False)
    return text if same.all() else text.replace_strict(words, read, default=None, return_dtype=pl.String)


# ---- what does not ----------------------------------------------------------------------------------


def _misfits(rows: pl.DataFrame, match: Match, typed: pl.Series) -> pl.Series | None:
    """Rows whose cell has a value in the file and none in the typed column."""
    if match.constant is not None:
        return _constant(True, pl.Boolean, rows.height) if rows.height else None
    there = rows.select(
        pl.any_horizontal(
            *(
                pl.col(h).is_not_null()
                & (pl.col(h).is_not_nan() if rows.schema[h].is_float() else pl.lit(True))
                for h in match.headers
            )
        )
    ).to_series()
    odd = there & typed.is_null()
    return odd if odd.any() else None


def _as_cells(
    rows: pl.DataFrame,
    match: Match,
    ids: Match | None,
    table: TableSpec,
    source: TableSource,
    findings: Findings,
) -> pl.DataFrame:
    """The rows of a column read as the cells of a csv file are."""
    raw = RawTable(table.name, _raw_frame(rows.select(*match.headers, SOURCE, ROW)))
    frame, cells = read_cells(raw, table, source, Matches((match,), (), ()))
    whose = clean_words(rows[ids.headers[0]]) if ids is not None and ids.headers else None
    for index, issue in (cell for cell in cells if cell[1].rule != "control_character"):
        findings.issues.append(issue if whose is None else replace(issue, patient_id=whose[index]))
    return frame


def _raw_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Every cell as text, with a place; whole numbers without a decimal point."""
    texts = []
    for name, dtype in frame.schema.items():
        if name in {SOURCE, ROW}:
            continue
        column = pl.col(name)
        if isinstance(dtype, pl.Date | pl.Datetime):
            texts.append(day_texts(column, dtype))
        elif dtype.is_float():
            texts.append(column.cast(pl.String).str.strip_suffix(".0").alias(name))
        else:
            texts.append(column.cast(pl.String))
    place = [] if SOURCE in frame.columns else [pl.lit("").alias(SOURCE), pl.lit(0, pl.Int32).alias(ROW)]
    return frame.with_columns(*texts, *place, pl.lit(None, pl.String).alias(EXCESS))


def _constant(value: bool | None, dtype: type[pl.DataType], n: int) -> pl.Series:
    return pl.repeat(value, n, dtype=dtype, eager=True)


def _with(values: pl.Series, where: pl.Series, others: pl.Series) -> pl.Series:
    """`values`, with `others` in order at the places that are True."""
    return values.clone().scatter(where.arg_true(), others.cast(values.dtype))


def _covariate(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column of the user's own keeps its type: a number, a date, else text.

    Raises:
        UnreadableError: A date is on no calendar.
    """
    values = rows[name]
    dtype = values.dtype
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        days = days_of(values)
        _must_be_on_calendar(rows, name, days)
        return days
    if dtype.is_numeric():
        return values.cast(pl.Float64).fill_nan(None)
    return clean_words(values.cast(pl.String))


def _must_be_on_calendar(rows: pl.DataFrame, name: str, days: pl.Series) -> None:
    odd = rows.select(SOURCE, ROW).filter(
        ~pl.select(is_on_calendar(pl.lit(days))).to_series().fill_null(value=True)
    )
    if odd.height:
        source, row = odd.row(0)
        raise UnreadableError(Text(
            f"{source} 的 {name} 列有 {odd.height} 个日期不在公元 1 至 9999 年之内，第一个在第 {row} 行。请更正，或删去该列。",
            f"{source}: the column {name} has {odd.height} dates outside the years 1 to 9999, the first in row {row}; "
            "correct them, or leave the column out.",
        ))  # fmt: skip
