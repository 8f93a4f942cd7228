"""Exports of REDCap in a folder: the data dictionary beside the records, and each instrument as a sheet of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.redcap import RedcapField, is_dictionary, read_dictionary, with_dictionary
from oligoscope.intake.files.redcap_rows import EVENT, INSTRUMENT, header_called, of_instrument
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import Sheet, UnreadableError, read_bytes, table_of_sheets
from oligoscope.mapping.answers import Edit
from oligoscope.study.protocol import LimitSettings
from oligoscope.study.schemas import PATIENTS

_FEWEST = 3  # fields of a dictionary that an export must have, where REDCap adds no columns of its own
_FORM = re.compile(r"[\s_-]*(forms?|crf|ecrf|log|table|data|records?|v?\d+|表单|登记表|数据)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The rows of an export that belong to one repeating instrument, or to none.

    Attributes:
        column: The header of the instruments; None where nothing repeats.
        name: As its rows name it; blank for the rows of none.
        record: The header of the patient's number, the first of an export.
        dictionary: The file of the data dictionary; None where there is none.
    """

    column: str | None
    name: str
    record: str
    dictionary: str | None

    @property
    def title(self) -> str:
        """What may say which table it is: its name without form, log or a number."""
        return _FORM.sub("", self.name) or self.name

    def edits(self, table: str) -> tuple[Edit, ...]:
        """The lines that say which rows are the table's."""
        dictionary = () if self.dictionary is None else (Edit((table, "dictionary"), self.dictionary),)
        rows = () if self.column is None else (Edit((table, "where", self.column), (self.name,)),)
        return (*dictionary, *rows, Edit((table, "columns", "patient_id"), self.record))


def dictionaries(
    folder: Path, names: Sequence[str], limits: LimitSettings
) -> dict[str, tuple[RedcapField, ...]]:
    """The data dictionaries among the files of a folder."""
    found: dict[str, tuple[RedcapField, ...]] = {}
    for name in (name for name in names if name.casefold().endswith((".csv", ".txt", ".tsv"))):
        try:
            raw = read_bytes(folder / name, limits)
            if is_dictionary(raw):
                found[name] = read_dictionary(raw, limits)
        except UnreadableError:
            continue
    return found


def instruments(
    sheet: Sheet, known: Mapping[str, tuple[RedcapField, ...]]
) -> Iterator[tuple[Instrument, Sheet]]:
    """Each instrument of an export with its rows and fields, in words; none where the sheet is no export of REDCap."""
    file = max(known, key=lambda name: _shared(sheet, known[name]), default=None)
    if file is not None and _shared(sheet, known[file]) < min(_FEWEST, len(known[file])):
        file = None
    added = [header_called(sheet.headers, name) for name in (INSTRUMENT, EVENT)]
    if file is None and not any(added):
        return
    worded = sheet if file is None else with_dictionary(sheet, known[file])
    column = header_called(worded.headers, INSTRUMENT)
    record = worded.headers[0]
    if column is None:
        yield Instrument(None, "", record, file), _with_record(worded, record)
        return
    cells = worded.frame[column]
    for name in dict.fromkeys(clean(cell) or "" if cell else "" for cell in cells.to_list()):
        rows = worded.frame.filter(holds(cells, (name,)))
        raw = of_instrument(table_of_sheets("", [replace(worded, frame=rows)]), (column,), ())
        yield Instrument(column, name, record, file), _with_record(_as_sheet(worded, raw), record)


def _with_record(sheet: Sheet, record: str) -> Sheet:
    """The sheet with the first field known as the patient's number, whatever its name."""
    labels = {**sheet.declared.labels, record: PATIENTS.column("patient_id").label.en}
    return replace(sheet, declared=replace(sheet.declared, labels=labels))


def _as_sheet(sheet: Sheet, raw: RawTable) -> Sheet:
    return replace(
        sheet,
        headers=raw.columns,
        frame=raw.frame.select(*raw.columns, pl.col("^__.*$")),
        declared=raw.declared.get(sheet.source, sheet.declared),
    )


def _shared(sheet: Sheet, fields: Sequence[RedcapField]) -> int:
    """How many fields of a dictionary a sheet has, by name, by label, or as boxes."""
    forms = {h.casefold() for h in sheet.headers} | {h.casefold().split("___")[0] for h in sheet.headers}
    return sum(field.name.casefold() in forms or field.label.casefold() in forms for field in fields)
