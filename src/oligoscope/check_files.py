"""The files that `check` writes beside issues.csv; none of them can make it fail."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

from oligoscope.bilingual import Language, Text
from oligoscope.checked_study import Checked
from oligoscope.intake.input_files import readable
from oligoscope.intake.issues import Issue
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.check.marked_files import marked_files
from oligoscope.report.check.since_last import SinceLast, since_last
from oligoscope.report.check.taken import tables_taken
from oligoscope.report.check.ten_lines import Understood
from oligoscope.report.check.three_patients import three_patients
from oligoscope.report.check.understood import understood_file, understood_pages

_MARKED = Text("标注后的工作簿", "marked workbook")
_SINCE = Text("与上次检查的比较", "comparison with the last check")
_PAGE = Text("“我的理解”页", 'page "what I understood"')
_RUN = Text("推导与选择", "derivation and selection")
_SAID = Text("已标注的副本：", "Marked copy: ")
_PAGE_SAID = Text("请核对并签名：", "To read and sign: ")
_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"')


@dataclass
class Beside:
    """What is written, and said of it.

    Attributes:
        files: Contents by name.
        shown: Of the files that are named on the terminal, what is said before the name.
        lines: Sentences, among them the parts that were left out.
        cells: Of findings in workbooks, the cell, as `D41`.
        since: What changed since the check before; None: there was none.
        run: The study, derived and selected; None where it cannot be.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    shown: dict[str, Text] = field(default_factory=dict)
    lines: list[Text] = field(default_factory=list)
    cells: dict[Issue, str] = field(default_factory=dict)
    since: SinceLast | None = None
    run: StudyRun | None = None


def files_beside(
    checked: Checked, place: Path, language: Language, progress: Callable[[str], None]
) -> Beside:
    """Mark the user's files and compare with the check before; what fails is left out and said.

    Args:
        checked: The study as read, with its raw tables.
        place: The folder, where the check before wrote.
        language: Of what is written into workbooks.
        progress: Called with each stage.
    """
    beside, left_out = Beside(), LeftOut()
    checked = replace(checked, inputs=readable(checked.inputs, checked.issues))
    since = left_out.made(_SINCE, since_last, checked.issues, place)
    since = None if isinstance(since, Part) else since
    beside.since = since
    if since is not None:
        beside.lines.append(since.text)
    left_out.made(_MARKED, _mark, checked, since, language, beside)
    left_out.made(_PAGE, _understood, checked, beside, left_out, progress, language)
    beside.lines += [part.text for part in left_out.parts]
    return beside


def _mark(checked: Checked, since: SinceLast | None, language: Language, beside: Beside) -> None:
    for name, found in marked_files(
        checked.issues, checked.inputs, checked.raw, since, language, beside.cells
    ):
        if isinstance(found, Text):
            beside.lines.append(found)
        else:
            beside.files[name], beside.shown[name] = found, _SAID


def _understood(
    checked: Checked, beside: Beside, left_out: LeftOut, progress: Callable[[str], None], language: Language
) -> None:
    """The page in both languages; where the study cannot be derived, what can be said without."""
    ran = None if checked.issues.errors else left_out.made(_RUN, _run, checked, progress)
    beside.run = run = None if isinstance(ran, Part) else ran
    found = Understood(
        checked.protocol, tables_taken(checked.raw, checked.protocol), checked.issues, tuple(_unread_sheets(checked)), run,
        () if run is None else three_patients(run), checked.tables.patients.height,
    )  # fmt: skip
    beside.files |= understood_pages(found, checked.tables, left_out)
    beside.shown[understood_file(language)] = _PAGE_SAID


def _run(checked: Checked, progress: Callable[[str], None]) -> StudyRun:
    """Labels and selection, without analyses."""
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    return run_study(protocol, checked.tables, checked.n_quarantined, progress)


def _unread_sheets(checked: Checked) -> Iterator[str]:
    """Sheets of the study's workbooks that no table was read from."""
    read = {source for table in checked.raw.values() for source in table.headers}
    for name, path in checked.inputs.items():
        if not zipfile.is_zipfile(path):
            continue
        with zipfile.ZipFile(path) as package:
            if "xl/workbook.xml" not in package.namelist():
                continue
            titles = _SHEET.findall(package.read("xl/workbook.xml").decode("utf-8", "replace"))
        yield from (source for title in titles if (source := f"{name} [{unescape(title)}]") not in read)
