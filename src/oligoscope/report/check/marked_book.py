"""The user's own workbook with the cells that findings are about coloured and commented; formats and drop-downs stay."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from oligoscope.bilingual import Language, Text
from oligoscope.intake.issues import Issue
from oligoscope.intake.rule import Grade, in_number
from oligoscope.intake.rules import RULES
from oligoscope.plain_text import without_forbidden
from oligoscope.report.check.cell_places import SheetPlaces

MOST_COMMENTS, MOST_LISTED = 2_000, 20_000
COLOURS: dict[Grade, str] = {"error": "FFFF9C9C", "quarantine": "FFFFC266", "warning": "FFFFF2A8"}
GRADES: dict[Grade, tuple[Text, Text]] = {
    "error": (Text("错误", "Error"), Text("更正之前不能推导", "nothing is derived until it is corrected")),
    "quarantine": (Text("须剔除", "Must be left out"), Text("不更正则该行或该患者不计入", "the row or patient is left out unless it is corrected")),
    "warning": (Text("警告", "Warning"), Text("保留，请核对", "kept; please look at it")),
}  # fmt: skip
LEGEND, LISTED = Text("检查-图例", "Check - legend"), Text("检查-问题", "Check - findings")
_HEADS = (
    Text("处理状态", "Progress"), Text("级别", "Grade"), Text("工作表", "Sheet"), Text("单元格", "Cell"), Text("列", "Column"), Text("内容", "Value"),
    Text("问题", "What was found"), Text("应为", "Expected"), Text("如何处理", "What to do"),
)  # fmt: skip
_NEW, _OPEN = Text("新", "new"), Text("仍存在", "still open")
_SENTENCES = (
    Text("这是您的工作簿的副本，仅加了底色、批注和最后两页；您的原文件没有改动。请在原文件中更正，然后再次检查。",
         "This is a copy of your workbook with colours, comments and the last two sheets added; your own file is as it was. "
         "Correct your own file, then check again."),
    Text("副本含有原文件的全部内容，包括可能的直接标识，请勿外传。",
         "The copy holds all that your file holds, direct identifiers too: keep it where the file is kept."),
    Text("图表与图片可能不在副本中。", "Charts and pictures may be missing from the copy."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding, and whether the check before had it not (None: there was none before)."""

    issue: Issue
    is_new: bool | None = None


def mark_workbook(
    raw: bytes,
    findings: Mapping[str, Sequence[Finding]],
    header_rows: Mapping[str, Sequence[int]],
    language: Language,
    cells: dict[Issue, str] | None = None,
) -> bytes:
    """A copy of a workbook with its findings.

    Args:
        raw: The workbook.
        findings: By the title of the sheet; of the whole file under "".
        header_rows: Of each sheet that was read.
        language: Of comments and of the two sheets that are added.
        cells: Takes the cell (`D41`) of each finding that has one.
    """
    book = openpyxl.load_workbook(io.BytesIO(raw), rich_text=True)
    return mark_opened(book, findings, header_rows, language, cells)


def mark_opened(
    book: Any,
    findings: Mapping[str, Sequence[Finding]],
    header_rows: Mapping[str, Sequence[int]],
    language: Language,
    cells: dict[Issue, str] | None = None,
) -> bytes:
    """`mark_workbook` of one that is open."""
    placed = [
        (finding, title, cell)
        for title, own in findings.items()
        for finding, cell in _cells(book, title, own, header_rows.get(title, (1,)))
    ]
    if cells is not None:
        cells |= {found.issue: anchor(cell).coordinate for found, _, cell in placed if cell is not None}
    _mark(cell_findings(placed), language)
    _write_list(book, placed, language)
    _write_legend(book, sum(cell is not None for _, _, cell in placed), language)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cells(
    book: Any, title: str, findings: Sequence[Finding], rows: Sequence[int]
) -> Iterable[tuple[Finding, Any | None]]:
    places = SheetPlaces.of(book[title], rows) if title in book.sheetnames else None
    for finding in findings:
        yield finding, None if places is None else places.cell(finding.issue)


def cell_findings(placed: Iterable[tuple[Finding, str, Any | None]]) -> dict[Any, list[Issue]]:
    """The findings of each cell, by the cell, the gravest first as they come."""
    found: dict[tuple[str, str], tuple[Any, list[Issue]]] = {}
    for finding, title, cell in placed:
        if cell is not None:
            shown = anchor(cell)
            found.setdefault((title, shown.coordinate), (shown, []))[1].append(finding.issue)
    return dict(found.values())


def anchor(cell: Any) -> Any:
    """The cell that shows what is written: of cells that are merged the first, which alone can have a comment."""
    if not isinstance(cell, MergedCell):
        return cell
    sheet: Any = cell.parent
    merged = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
    return sheet.cell(merged.min_row, merged.min_col)


def _mark(found: Mapping[Any, Sequence[Issue]], language: Language) -> None:
    for n, (cell, issues) in enumerate(found.items()):
        grades: list[Grade] = [i.grade for i in issues]
        grade = min(grades, key=list(COLOURS).index)
        cell.fill = PatternFill("solid", fgColor=COLOURS[grade])
        if n < MOST_COMMENTS:
            before = f"{cell.comment.text}\n\n" if cell.comment else ""
            text = before + "\n\n".join(dict.fromkeys(comment_text(issue, language) for issue in issues))
            cell.comment = Comment(without_forbidden(text)[:2_000], "Oligoscope", height=150, width=320)


def comment_text(issue: Issue, language: Language) -> str:
    """`[Error] what was found / expected / what to do`."""
    expected = issue.expected[language]
    lines = [
        f"[{GRADES[issue.grade][0][language]}] {_found(issue, language)}",
        expected,
        RULES[issue.rule].remedy[language],
    ]
    return "\n".join(line for line in lines if line)


def _found(issue: Issue, language: Language) -> str:
    said = RULES[issue.rule].finding[language]
    return (in_number(said, 1) if language == "en" else said).format(source=issue.source, n=1)


def _write_list(book: Any, placed: Sequence[tuple[Finding, str, Any | None]], language: Language) -> None:
    sheet = book.create_sheet(_free(book, LISTED[language]))
    for at, (head, width) in enumerate(zip(_HEADS, (10, 12, 16, 9, 18, 22, 48, 48, 48), strict=True), 1):
        sheet.cell(1, at, head[language]).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = width
    sheet.freeze_panes = "A2"
    for row, (finding, title, cell) in enumerate(placed[:MOST_LISTED], 2):
        issue = finding.issue
        state = Text("", "") if finding.is_new is None else _NEW if finding.is_new else _OPEN
        at = "" if cell is None else cell.coordinate
        words = (
            state[language], GRADES[issue.grade][0][language], title, at, issue.column, issue.value or "",
            _found(issue, language), issue.expected[language], RULES[issue.rule].remedy[language],
        )  # fmt: skip
        for column, word in enumerate(words, 1):
            _write_text(sheet.cell(row, column), word)
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[issue.grade])
        if at:
            sheet.cell(row, 4).hyperlink = Hyperlink(ref=at, location=f"{quote_sheetname(title)}!{at}")
            sheet.cell(row, 4).font = Font(underline="single", color="FF0A4D8C")
    sheet.auto_filter.ref = sheet.dimensions


def _write_legend(book: Any, n_marked: int, language: Language) -> None:
    sheet = book.create_sheet(_free(book, LEGEND[language]))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 90
    for row, (grade, (name, meaning)) in enumerate(GRADES.items(), 1):
        sheet.cell(row, 1, name[language]).fill = PatternFill("solid", fgColor=COLOURS[grade])
        sheet.cell(row, 2, meaning[language])
    rest = Text(
        f"批注最多 {MOST_COMMENTS} 个单元格，问题页最多 {MOST_LISTED} 行；全部见 issues.csv。",
        f"At most {MOST_COMMENTS} cells have a comment, and the list {MOST_LISTED} rows; issues.csv holds all.",
    )
    sentences = (*_SENTENCES, *([rest] if n_marked > MOST_COMMENTS else ()))
    for row, sentence in enumerate(sentences, len(GRADES) + 2):
        sheet.cell(row, 2, sentence[language]).alignment = Alignment(wrap_text=True, vertical="top")


def _write_text(cell: Any, word: str) -> None:
    """Text stays text, also where it begins with =."""
    cell.value = without_forbidden(word)[:32_000]
    if cell.data_type != "n":
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _free(book: Any, title: str) -> str:
    names = {name.casefold() for name in book.sheetnames}
    return next(t for t in (title, *(f"{title} {n}" for n in range(2, 1_000))) if t.casefold() not in names)
