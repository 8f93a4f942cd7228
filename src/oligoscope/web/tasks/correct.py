"""New values for cells of the study's files, or earlier ones taken back; each is listed and the upload is kept."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import openpyxl

from oligoscope.answers import Answer
from oligoscope.bilingual import Language, Text
from oligoscope.errors import DataError
from oligoscope.intake.files.edited_cells import Address, NotEditableError, address_of
from oligoscope.intake.files.edited_csv import TextCells
from oligoscope.intake.files.edited_xlsx import edited_xlsx, has_formulas
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.questions.registry import KINDS
from oligoscope.study.dictionary.words import plain
from oligoscope.study.file_bytes import MB, bytes_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_file import data_folder, read_study_file
from oligoscope.system.whole_file import write_whole
from oligoscope.web.corrections import (
    ORIGINALS,
    WRITTEN,
    Correction,
    as_text,
    corrections_of,
    in_force,
)
from oligoscope.web.studies import CORRECTIONS
from oligoscope.web.tasks.returned import cell_text, changes_in_copy
from oligoscope.web.tasks.run_task import Progress

WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
_LARGEST: Final = 200 * MB
_CUT: Final = "…"
_OTHER = Text(
    "该单元格的内容已不是检查时的内容，未改动。请重新检查。",
    "the cell no longer holds what the check found there and was left as it is; check again",
)
_NOWHERE = Text("在文件中没有找到这个单元格。", "the cell was not found in the file")
_FORMAT = Text(
    "这种格式的文件不能在此改写，请在原来的程序中更正后重新上传。",
    "files of this format are not changed here; correct it in its own program and upload it again",
)


@dataclass
class _File:
    """One file of the study while it is corrected."""

    name: str
    path: Path
    raw: bytes
    encoding: str | None
    base: Path

    @property
    def is_workbook(self) -> bool:
        return self.path.suffix.lower() in WORKBOOKS

    @cached_property
    def book(self) -> Any:
        """Its sheets, with the results of formulas."""
        return openpyxl.load_workbook(io.BytesIO(self.raw), data_only=True)

    @cached_property
    def cells(self) -> TextCells:
        return TextCells.of(self.raw, self.encoding)


_DAY = re.compile(r"(\d{4})-\d\d-(\d\d)")
_NUMBER = re.compile(r"[0-9]+")


class _Work:
    """The corrections of one request, gathered before anything is written."""

    def __init__(self, folder: Path, protocol: Protocol) -> None:
        self.folder = folder
        self.data = data_folder(folder, protocol)
        self.protocol = protocol
        self.listed = corrections_of(folder)
        self.written: dict[str, str] = _json(folder / ORIGINALS / WRITTEN)
        self.files: dict[str, _File] = {}
        self.refused: list[Text] = []
        self.now = datetime.now().isoformat(timespec="seconds")

    def file(self, name: str) -> _File:
        """A file by its name in the data folder, with the upload that its corrections begin from.

        Raises:
            NotEditableError: It is no file of the study, or none that can be changed.
        """
        if name in self.files:
            return self.files[name]
        path = self.data / name
        inside = path.resolve().is_relative_to(self.data.resolve())
        if path.suffix.lower() not in WORKBOOKS | TEXTS:
            raise NotEditableError(_FORMAT)
        if not inside or not path.is_file():
            raise NotEditableError(_NOWHERE)
        raw = bytes_of(path, _LARGEST)
        found = _File(name, path, raw, self._encoding(name), self._base(name, raw))
        self.files[name] = found
        return found

    def _encoding(self, name: str) -> str | None:
        """The encoding that the study states for a text file."""
        sources = (getattr(self.protocol.data, table) for table in TABLES)
        return next((s.encoding for s in sources if s is not None and name in s.files and s.encoding), None)

    def _base(self, name: str, raw: bytes) -> Path:
        """The upload as it came: kept once; a file that the user has put there since begins anew."""
        known = self.written.get(name)
        place = self.folder / ORIGINALS / name
        kept = [p for p in (place, *(_numbered(place, n) for n in range(2, 1_000))) if p.is_file()]
        if kept and known == _digest(raw):
            return kept[-1]
        if kept and self.listed:
            self._list(Correction(0, self.now, name, "", "", "", "", "new file"))
        free = place if not kept else _numbered(place, len(kept) + 1)
        write_whole({free: raw}, replace=False)
        return free

    def _list(self, one: Correction) -> Correction:
        numbered = replace(one, n=len(self.listed) + 1)
        self.listed.append(numbered)
        return numbered

    def correct(self, wanted: Mapping[str, Any]) -> None:
        """One cell that a finding is about, or one by its address."""
        name, _, title = str(wanted["source"]).partition(" [")
        sheet = title.removesuffix("]")
        shown = f"{wanted['source']} {wanted.get('cell') or wanted.get('row') or ''}"
        try:
            file = self.file(name)
            at, before = _place(file, sheet, wanted)
            _must_be_as_found(before, wanted.get("value"))
            after = str(wanted["after"]).strip()
            if before != after:
                self._list(
                    Correction(0, self.now, name, sheet if file.is_workbook else "", str(at), before, after)
                )
        except (NotEditableError, UnreadableError) as error:
            self.refused.append(Text(f"{shown}：{error.text.zh}", f"{shown}: {error.text.en}"))

    def undo(self, n: int) -> None:
        """Take one line back; a later correction of the same cell stays."""
        held = {one.n: one for one in in_force(self.listed)}
        one = held.get(n)
        if one is None:
            return
        try:
            self.file(one.file)
        except NotEditableError as error:
            self.refused.append(Text(f"{one.file}：{error.text.zh}", f"{one.file}: {error.text.en}"))
            return
        self._list(replace(one, when=self.now, before=one.after, after=one.before, what=f"undo {n}"))

    def write(self) -> int:
        """Each changed file from its upload with all that holds; says how many lines are new."""
        had = len(corrections_of(self.folder))
        if len(self.listed) == had:
            return 0
        contents: dict[Path, bytes] = {}
        for file in self.files.values():
            held = [one for one in in_force(self.listed) if one.file == file.name]
            try:
                contents[file.path] = _replayed(file, held)
            except (NotEditableError, UnreadableError) as error:
                raise DataError(f"{file.name}: {error.text.en}", zh=f"{file.name}：{error.text.zh}") from None
            self.written[file.name] = _digest(contents[file.path])
        contents[self.folder / CORRECTIONS] = as_text(self.listed)
        contents[self.folder / ORIGINALS / WRITTEN] = json.dumps(self.written).encode()
        write_whole(contents)
        return len(self.listed) - had

    def notes(self) -> list[Text]:
        """What the user must know of the files that were changed."""
        found = [f.name for f in self.files.values() if f.is_workbook and has_formulas(f.raw)]
        return [
            Text(
                f"{name} 含公式：其结果是 Excel 上次保存时的值。若公式用到了更正的单元格，请用 Excel 打开并保存后重新上传。",
                f"{name} has formulas; their results are those of the last time Excel saved it. Where one uses a corrected cell, "
                "open and save the file in Excel, then upload it again.",
            )
            for name in found
        ]  # fmt: skip


def answer_of(folder: Path, rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Correct what the file of the request asks for: `corrections`, `undo`, or a `returned` coloured copy."""
    asked = json.loads(Path(rest[0]).read_text(encoding="utf-8"))
    progress("write")
    protocol, _file = read_study_file(folder, KINDS, language)
    work = _Work(folder, protocol)
    wanted = list(asked.get("corrections", ()))
    if "returned" in asked:
        source = str(asked["source"])
        wanted = list(_returned(work, source, Path(asked["returned"])))
    for one in wanted:
        work.correct(one)
    for n in asked.get("undo", ()):
        work.undo(int(n))
    n_new = work.write()
    said = [*work.refused, *(work.notes() if n_new else ())]
    answer.update({"written": n_new, "said": [{"zh": t.zh, "en": t.en} for t in said]})


def _returned(work: _Work, source: str, copy: Path) -> Iterable[dict[str, Any]]:
    try:
        file = work.file(source)
        cells = None if file.is_workbook else file.cells
        return changes_in_copy(source, file.raw, copy.read_bytes(), cells)
    except (NotEditableError, UnreadableError) as error:
        raise DataError(f"{source}: {error.text.en}", zh=f"{source}：{error.text.zh}") from None


def _place(file: _File, sheet: str, wanted: Mapping[str, Any]) -> tuple[Address, str]:
    """The cell, and what it holds."""
    if file.is_workbook:
        at = address_of(str(wanted.get("cell") or ""))
        if at is None or sheet not in file.book.sheetnames:
            raise NotEditableError(_NOWHERE)
        return at, cell_text(file.book[sheet].cell(at.row, at.column).value)
    cells = file.cells
    at = address_of(str(wanted.get("cell") or ""))
    at = at or cells.address(int(wanted["row"]), str(wanted["column"]), wanted.get("value"))
    before = None if at is None else cells.value(at)
    if at is None or before is None:
        raise NotEditableError(_NOWHERE)
    return at, before.strip()


def _must_be_as_found(before: str, found: object) -> None:
    """Text of a finding is masked or cut where it is long; then it is not compared."""
    if not isinstance(found, str) or "***" in found or found.endswith(_CUT):
        return
    is_number = before.replace(".", "", 1).lstrip("-").isdigit()
    is_same = is_number or before[:4].isdigit() or plain(before) == plain(found)
    if not is_same and not _is_day(before, found):
        raise NotEditableError(_OTHER)


def _is_day(written: str, found: str) -> bool:
    """Whether a cell can be the day that was read from it, however it is written: 13/01/2020, 13-Jan-20."""
    day = _DAY.fullmatch(found)
    numbers = {int(number) for number in _NUMBER.findall(written)}
    return day is not None and int(day[2]) in numbers and bool({int(day[1]), int(day[1]) % 100} & numbers)


def _replayed(file: _File, held: list[Correction]) -> bytes:
    """The upload with every correction that holds, the last of a cell."""
    raw = bytes_of(file.base, _LARGEST)
    if file.is_workbook:
        by_sheet: dict[str, dict[Address, str]] = {}
        for one in held:
            at = address_of(one.cell)
            if at is not None:
                by_sheet.setdefault(one.sheet, {})[at] = one.after
        return edited_xlsx(raw, by_sheet) if by_sheet else raw
    changes = {at: one.after for one in held if (at := address_of(one.cell)) is not None}
    return TextCells.of(raw, file.encoding).edited(changes) if changes else raw


def _numbered(place: Path, n: int) -> Path:
    return place.with_name(f"{place.stem} ({n}){place.suffix}")


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _json(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
