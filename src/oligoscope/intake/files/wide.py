"""A sheet with a column for each scan as a sheet with a row for each lesion and scan."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from oligoscope.intake.files.cells import map_unique
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, header_column
from oligoscope.intake.files.scan_headers import is_day, is_serial
from oligoscope.intake.files.wide_plan import DATE, SIZE, VALUE, Scan, WidePlan
from oligoscope.study.dictionary.words import plain

STATE = "state"
LESION_ID = "lesion_id"
_SIZE_FORM = r"^\s*[<>≤≥＜＞~～≈约+]?\s*\d"  # a cell that begins so is a size; words are states
_NOT_DONE = {plain(word) for word in ("/", "-", "—", "–", "\\", "--", "——")}
DATE_WORDS = {plain(w) for w in ("date", "dates", "日期", "时间", "检查日期", "检查时间", "评效日期", "评估日期", "扫描日期", "scan date", "date of scan", "assessed_on")}  # fmt: skip


def melted(
    frame: pl.DataFrame, headers: Sequence[str], plan: WidePlan, patient: str, lesion: str | None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows of lesions and scans, in the order of the sheet, with the row and the header that each cell came from.

    A number is `diameter_mm`, another word `state`; blank cells make no row, nor does a sign such as / without a date.

    Args:
        frame: The cells of a sheet with a column a scan.
        headers: Its headers.
        plan: Which columns are of which scan.
        patient: The header of the patient's number.
        lesion: That of the lesion; None where the headers name it.

    Returns:
        The cells, and their headers.
    """
    frame = frame.with_row_index("__at")
    days: dict[str, pl.Series] = {}
    if plan.dates_in_rows:
        frame, days = _dates_in_rows(frame, plan.scans, patient, lesion)
    made = _made(plan, lesion)
    ids = [h for h in headers if h not in plan.headers and h not in made]
    parts = [_part(frame, scan, i, ids, days) for i, scan in enumerate(plan.scans)]
    rows = pl.concat(parts, how="diagonal").sort("__at", "__scan", maintain_order=True).drop("__at", "__scan")
    return rows, (*ids, *(name for name in made if name in rows.columns))


def _made(plan: WidePlan, lesion: str | None) -> tuple[str, ...]:
    """The columns of a long sheet that are made."""
    roles = [role for scan in plan.scans for role in scan.columns if role != VALUE]
    first = [LESION_ID] if lesion is None else []
    return tuple(dict.fromkeys([*first, DATE, SIZE, STATE, *roles]))


def _part(
    frame: pl.DataFrame, scan: Scan, number: int, ids: Sequence[str], days: dict[str, pl.Series]
) -> pl.DataFrame:
    main = scan.columns.get(VALUE) or scan.columns.get(SIZE)
    cells = pl.col(main) if main else pl.lit(None, dtype=pl.String)
    is_size = cells.str.contains(_SIZE_FORM).fill_null(value=False)
    words = _blank_to_null(pl.when(~is_size).then(cells))
    if STATE in scan.columns:
        words = pl.coalesce(_blank_to_null(pl.col(scan.columns[STATE])), words)
    made: dict[str, pl.Expr] = {SIZE: pl.when(is_size).then(cells), STATE: words}
    shown = {SIZE: main, STATE: scan.columns.get(STATE, main)}
    if main in days:
        frame = frame.with_columns(days[main].alias("__day"))
        made[DATE] = pl.col("__day")
    elif DATE in scan.columns:
        made[DATE] = _blank_to_null(pl.col(scan.columns[DATE]))
    else:
        made[DATE] = pl.lit(scan.day, dtype=pl.String)
    shown[DATE] = scan.columns.get(DATE, main)
    for role, header in scan.columns.items():
        if role not in {VALUE, SIZE, STATE, DATE}:
            made[role] = _blank_to_null(pl.col(header))
            shown[role] = header
    if scan.lesion is not None:
        made[LESION_ID] = pl.lit(scan.lesion)
    rows = frame.select(
        "__at",
        pl.lit(number).alias("__scan"),
        *(pl.col(h) for h in ids),
        SOURCE, ROW, EXCESS,
        *(expr.alias(name) for name, expr in made.items()),
        *(pl.lit(header, dtype=pl.String).alias(header_column(name)) for name, header in shown.items()),
    )  # fmt: skip
    rows = rows.filter(pl.col(SIZE).is_not_null() | pl.col(STATE).is_not_null())
    sign = map_unique(rows[STATE], lambda word: plain(word) in _NOT_DONE, pl.Boolean).fill_null(value=False)
    rows = rows.filter(~(sign & rows[DATE].is_null()))
    sign = map_unique(rows[STATE], lambda word: plain(word) in _NOT_DONE, pl.Boolean).fill_null(value=False)
    return rows.with_columns(pl.when(sign).then(pl.lit("not_evaluated")).otherwise(STATE).alias(STATE))


def _blank_to_null(cells: pl.Expr) -> pl.Expr:
    return pl.when(cells.str.strip_chars() != "").then(cells)


def _dates_in_rows(
    frame: pl.DataFrame, scans: Sequence[Scan], patient: str, lesion: str | None
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """The rows without the rows of dates, and the date of each of their cells: of the last such row of the patient, or of all."""
    mains = list(dict.fromkeys(s.columns.get(VALUE) or s.columns.get(SIZE) or "" for s in scans))
    mains = [main for main in mains if main]
    at = date_rows(frame, mains, lesion)
    owner = frame[patient]
    days: dict[str, list[str | None]] = {main: [] for main in mains}
    of_patient: dict[str, int] = {}
    of_all: int | None = None
    kept: list[int] = []
    columns = {main: frame[main].to_list() for main in mains}
    for i, who in enumerate(owner.to_list()):
        if i in at:
            if who and not who.isspace() and plain(who) not in DATE_WORDS:
                of_patient[who] = i
            else:
                of_all = i
            continue
        kept.append(i)
        source = of_patient.get(who or "", of_all)
        for main in mains:
            days[main].append(None if source is None else columns[main][source])
    return frame[kept], {main: pl.Series(values, dtype=pl.String) for main, values in days.items()}


def date_rows(frame: pl.DataFrame, mains: Sequence[str], lesion: str | None) -> set[int]:
    """The rows whose cells of scans are all dates: numbers of five digits count where the lesion's cell says date."""
    found: set[int] = set()
    for i, cells in enumerate(frame.select(mains).iter_rows()):
        words = [cell for cell in cells if cell and not cell.isspace()]
        if not words:
            continue
        name = (frame[lesion][i] or "") if lesion else ""
        says = plain(name) in DATE_WORDS
        if all(is_day(word) or (says and is_serial(word)) for word in words):
            found.add(i)
    return found
