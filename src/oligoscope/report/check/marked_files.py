"""Which files of a study are given back marked, under which name; one that is too large or fails is left out and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import polars as pl

from oligoscope.bilingual import Language, Text
from oligoscope.intake.files.formats import XLSX
from oligoscope.intake.files.raw_table import EXCESS, INTERNAL, ROW, SOURCE, RawTable
from oligoscope.intake.issues import Issue, Issues
from oligoscope.plain_text import without_forbidden
from oligoscope.report.check.marked_book import Finding, mark_opened, mark_workbook
from oligoscope.report.check.since_last import SinceLast

MOST_BYTES, MOST_CELLS = 6 << 20, 60_000  # of a workbook; of a text file


def marked_files(
    issues: Issues,
    inputs: Mapping[str, Path],
    tables: Mapping[str, RawTable],
    since: SinceLast | None,
    language: Language,
    cells: dict[Issue, str] | None = None,
) -> Iterator[tuple[str, bytes | Text]]:
    """Each file with findings as a marked workbook, by its name in the folder; a Text says why there is none.

    Args:
        issues: The findings.
        inputs: Every file of the study by its name there.
        tables: As the files hold them.
        since: Which findings are new.
        language: Of what is added.
        cells: Takes the cell of each finding in a workbook.
    """
    by_file = _by_file(issues, since, inputs)
    header_rows = {shape.source: shape.header_rows for raw in tables.values() for shape in raw.shapes}
    taken: set[str] = set()
    for name, findings in by_file.items():
        raw = inputs[name].read_bytes()
        marked = _free_name(name, taken)
        if XLSX.is_content(raw):
            rows = {title: header_rows.get(f"{name} [{title}]", (1,)) for title in findings if title}
            if len(raw) > MOST_BYTES:
                yield (
                    marked,
                    Text(
                        f"{name} 过大，未标注；问题见 issues.csv。",
                        f"{name} is too large to be marked; see issues.csv.",
                    ),
                )
            else:
                yield marked, mark_workbook(raw, findings, rows, language, cells)
        elif (book := _as_workbook(name, tables)) is not None:
            own = {book.sheetnames[0]: [f for some in findings.values() for f in some]}
            yield marked, mark_opened(book, own, {book.sheetnames[0]: header_rows.get(name, (1,))}, language)


def _by_file(
    issues: Issues, since: SinceLast | None, inputs: Mapping[str, Path]
) -> dict[str, dict[str, list[Finding]]]:
    """The findings of each file by the title of the sheet."""
    found: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for n, issue in enumerate(issues):
        name, bracket, title = issue.source.partition(" [")
        if issue.source in inputs:
            name, bracket = issue.source, ""
        if name in inputs:
            finding = Finding(issue, None if since is None else since.is_new[n])
            found[name][title.removesuffix("]") if bracket else ""].append(finding)
    return found


def _as_workbook(name: str, tables: Mapping[str, RawTable]) -> openpyxl.Workbook | None:
    """A text file as a workbook of text, each row where it was; None where it is too large or was laid out anew."""
    for raw in tables.values():
        frame = raw.frame.filter(pl.col(SOURCE) == name)
        headers = [h for h in raw.headers.get(name, ()) if h in frame.columns and h not in INTERNAL]
        if not headers or frame.height * len(headers) > MOST_CELLS or frame[ROW].n_unique() < frame.height:
            continue
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        rows = next((s.header_rows for s in raw.shapes if s.source == name), (1,))
        for row, cells in [
            (rows[-1], headers),
            *((r[0], r[2:]) for r in frame.select(ROW, EXCESS, *headers).iter_rows()),
        ]:
            for at, text in enumerate(cells, 1):
                if text is not None:
                    cell = sheet.cell(row, at, without_forbidden(text)[:32_000])
                    cell.data_type = "s"
        return book
    return None


def _free_name(name: str, taken: set[str]) -> str:
    """`data/a.xlsx` -> `a.marked.xlsx`; a second of that name is numbered."""
    stem = Path(name).stem
    found = next(
        n for n in (f"{stem}{part}.marked.xlsx" for part in ("", *(f"-{i}" for i in range(2, 1_000)))) if n.casefold() not in taken
    )  # fmt: skip
    taken.add(found.casefold())
    return found
