"""One sheet that holds patients and their lesions side by side: each table takes its own columns and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from oligoscope.intake.files.columns import all_listed, find_header
from oligoscope.intake.files.header_words import PATIENT, known_header
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable
from oligoscope.intake.files.shape import Filled, Shape, shape_issues
from oligoscope.study.dictionary.headers import headers_of
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import PATIENTS, TABLES

_OF_LESIONS = ("lesions", "measurements")
_LESION_ID = "lesion_id"


def filled_down(raw: RawTable, source: TableSource) -> RawTable:
    """With the patient's number in rows that go on with the patient above, where that is certain.

    It is where the sheet never repeats a number in the next row, each such row names a lesion that its patient does
    not have yet, and either all columns of patients are blank there or two patients at least are continued so.
    """
    parts: list[pl.DataFrame] = []
    filled: list[tuple[str, Filled]] = []
    for name, headers in raw.headers.items():
        frame = raw.frame.filter(pl.col(SOURCE) == name) if len(raw.headers) > 1 else raw.frame
        found = _continued(frame, headers, raw, source)
        if found is not None:
            frame, cells = found
            filled.append((name, cells))
        parts.append(frame)
    if not filled:
        return raw
    by_name = dict(filled)
    shapes = tuple(
        replace(s, filled_down=(by_name[s.source],)) if s.source in by_name else s for s in raw.shapes
    )
    only = (Shape(source=name, filled_down=(cells,)) for name, cells in filled)
    issues = [issue for shape in only for issue in shape_issues(raw.name, shape)]
    return replace(raw, frame=pl.concat(parts, how="diagonal"), shapes=shapes).with_problems(*issues)


def _continued(
    frame: pl.DataFrame, headers: Sequence[str], raw: RawTable, source: TableSource
) -> tuple[pl.DataFrame, Filled] | None:
    patient = header_of(headers, raw.name, PATIENT, source)
    lesion = next(
        (h for name in _OF_LESIONS if (h := _lesion_header(headers, raw, name, source)) is not None), None
    )
    if patient is None or lesion is None or not frame.height:
        return None
    who = _blank_to_null(frame[patient])
    if not who.null_count() or who[0] is None or who.null_count() == frame.height:
        return None
    what = _blank_to_null(frame[lesion])
    down = who.forward_fill()
    pairs = pl.DataFrame({"who": down, "what": what})
    repeats = (who.is_not_null() & (who == who.shift(1)).fill_null(value=False)).any()
    if repeats or what.filter(who.is_null()).null_count() or pairs.is_duplicated().any():
        return None
    if who.drop_nulls().is_duplicated().any():
        return None
    blank = who.is_null()
    of_patients = [h for h in headers if h != patient and known_header(h) in _PATIENT_COLUMNS]
    if of_patients:
        if any(_blank_to_null(frame[h]).filter(blank).count() for h in of_patients):
            return None
    elif down.filter(blank).n_unique() < 2:
        return None
    at = blank.arg_true()[0]
    cells = Filled(patient, int(frame[ROW][at]), str(down[at]), int(blank.sum()))
    return frame.with_columns(down.alias(patient)), cells


_PATIENT_COLUMNS = {c.name for c in PATIENTS.columns} - {PATIENT}


def _lesion_header(headers: Sequence[str], raw: RawTable, table: str, source: TableSource) -> str | None:
    return header_of(headers, table, _LESION_ID, source if raw.name == table else TableSource(files=()))


def _blank_to_null(cells: pl.Series) -> pl.Series:
    return cells.set(cells.str.strip_chars() == "", None)


# ---- each table its own columns ---------------------------------------------------------------------


def shared(
    tables: Mapping[str, RawTable], sources: Mapping[str, TableSource], scans: Mapping[str, frozenset[str]]
) -> dict[str, RawTable]:
    """Tables of one sheet without the columns that only another of them reads; patients with one row each.

    Args:
        tables: As read.
        sources: Of study.yaml.
        scans: Of each sheet, the headers of scans.
    """
    found = dict(tables)
    for name, raw in tables.items():
        others = {sheet: _others(name, sheet, tables, sources) for sheet in raw.headers}
        if not any(others.values()) and not any(scans.get(sheet) for sheet in raw.headers):
            continue
        headers = {
            sheet: tuple(
                h for h in there
                if h not in scans.get(sheet, ()) and not _is_of_another(h, name, others[sheet], sources)
            )
            for sheet, there in raw.headers.items()
        }  # fmt: skip
        found[name] = replace(raw, headers=headers)
        if name == PATIENTS.name and any(others.values()):
            found[name] = _one_row_a_patient(found[name], sources[name])
    return found


def _others(
    name: str, sheet: str, tables: Mapping[str, RawTable], sources: Mapping[str, TableSource]
) -> list[str]:
    """The other tables of a sheet; for patients, whose further columns are covariates, those with a row a lesion."""
    found = [n for n, other in tables.items() if n != name and sheet in other.headers]
    if name != PATIENTS.name:
        return found
    return [n for n in found if n in _OF_LESIONS and not sources[name].where]


def _is_of_another(header: str, name: str, others: Sequence[str], sources: Mapping[str, TableSource]) -> bool:
    """Whether another table of the sheet reads a header, and this one does not."""
    return any(_reads(other, header, sources[other]) for other in others) and not _reads(
        name, header, sources[name]
    )


def _reads(table: str, header: str, source: TableSource) -> bool:
    if find_header([header], header) in source.where or any(
        plain(n) == plain(header) for n in all_listed(source.columns)
    ):
        return True
    name = next((column.name for column in TABLES[table].columns if headers_of([header], column)), None)
    return name is not None and name not in source.columns


def _one_row_a_patient(raw: RawTable, source: TableSource) -> RawTable:
    """Patients with several rows that do not contradict each other as one row, the first; columns that differ within patients are of lesions."""
    columns = list(raw.columns)
    patient = header_of(columns, PATIENTS.name, PATIENT, source)
    if patient is None or not raw.frame.height:
        return raw
    blank = [pl.when(pl.col(c).str.strip_chars() != "").then(pl.col(c)).alias(c) for c in columns]
    frame = raw.frame.with_columns(blank)
    n_values = frame.filter(pl.col(patient).is_not_null()).group_by(patient).agg(pl.col(c).drop_nulls().n_unique() for c in columns if c != patient)  # fmt: skip
    if n_values.height == frame.height:
        return raw
    differing = {c for c in columns if c != patient and (n_values[c].max() or 0) > 1}  # type: ignore[operator]
    own = {c for c in columns if _reads(PATIENTS.name, c, source)}
    kept = [c for c in columns if c not in differing or c in own]
    contradicted = n_values.filter(
        pl.any_horizontal(pl.lit(value=False), *(pl.col(c) > 1 for c in differing & own))
    )[patient]
    clear = frame.filter(~pl.col(patient).is_in(contradicted.implode()) & pl.col(patient).is_not_null())
    places = [SOURCE, ROW, EXCESS]
    once = clear.group_by(patient, maintain_order=True).agg(
        *(pl.col(c).drop_nulls().first() for c in kept if c != patient), *(pl.col(c).first() for c in places)
    )
    rest = frame.filter(pl.col(patient).is_in(contradicted.implode()) | pl.col(patient).is_null()).unique(
        kept, keep="first", maintain_order=True
    )
    whole = pl.concat([once, rest.select(once.columns)]).sort(ROW, maintain_order=True)
    headers = {sheet: tuple(h for h in there if h in kept) for sheet, there in raw.headers.items()}
    return replace(raw, frame=whole.select(*kept, *places), headers=headers)
