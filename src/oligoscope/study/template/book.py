"""A workbook to fill in: one sheet a table, drop-downs, hints, examples, and the dictionary of every column."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.schemas import TABLES, TableSpec
from oligoscope.study.template.examples import EXAMPLES, Cell
from oligoscope.study.template.words import (
    EXAMPLE,
    KINDS,
    LONGEST_TITLE,
    REQUIRED_SIGN,
    BookLanguage,
    cell_word,
    choices,
    header_words,
    hint,
    languages_of,
    said,
    sheet_title,
)

TEMPLATE_FILE = "oligoscope_template.xlsx"
HEADER_ROW = 2  # of our names; above it are words for people
ROWS = 5_000  # with hints and drop-downs
# Text stays text: a cell that begins with = is not a formula, one that begins with http no link.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NO_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # a workbook must name one; the same every time
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_GUIDE, _DICTIONARY, _LISTS = Text("说明", "Read me"), Text("数据字典", "Dictionary"), "lists"
_SENTENCES = (
    Text("每张表一页。第 1 行为列名，第 2 行为代码：请勿改动第 2 行。数据自第 3 行起。",
         "One sheet a table. Row 1 names the columns, row 2 holds their codes: leave row 2 as it is. Data begin in row 3."),
    Text(f"带 {REQUIRED_SIGN} 且底色为橙色的列每行必填；其他列可留空，未知即留空。",
         f"Columns with {REQUIRED_SIGN} and in orange are needed in every row; others may be blank: what is not known stays blank."),
    Text("灰色斜体、编号以“示例”开头的行是示例，读取时不计入，可以删除。",
         "Grey rows in italics whose number begins with EXAMPLE are examples; they are never read, and may be deleted."),
    Text("选中单元格会显示说明；下拉选项可直接选择，也可写入其他常用说法。",
         "Select a cell to see what it holds. Words of a drop-down may be chosen; other usual words are read, too."),
    Text("请勿写入姓名、身份证号、电话等直接标识。", "Write no names, identity numbers, telephone numbers or other direct identifiers."),
    Text("同一患者在各表中的编号必须相同。", "A patient has the same number in every sheet."),
    Text("study.yaml 的 data 只写明了患者、病灶、测量、治疗四页；使用其他页时，请在 data 下照样写明该页。",
         "Under data, study.yaml names the sheets of patients, lesions, measurements and treatments; name another one there, too, if you use it."),
    Text("填好后运行：oligoscope check", "When it is filled in: oligoscope check"),
)  # fmt: skip
_HEADS = (
    Text("表", "Table"), Text("代码", "Code"), Text("名称", "Name"), Text("类型", "Kind"), Text("单位", "Unit"), Text("必填", "Required"),
    Text("可填的词", "Words"), Text("用途", "What it decides"), Text("缺失时的影响", "Lost without it"),
)  # fmt: skip


def template_workbook(language: BookLanguage = "both") -> bytes:
    """The whole workbook; the same bytes every time.

    Args:
        language: Of its words; both gives each in Chinese and English.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    workbook.set_properties({"author": "Oligoscope", "created": _NO_TIME})
    styles = _Styles.of(workbook)
    _write_guide(workbook.add_worksheet(said(_GUIDE, language)), styles, language)
    sheets = {name: workbook.add_worksheet(sheet_title(table, language)) for name, table in TABLES.items()}
    _write_dictionary(workbook.add_worksheet(said(_DICTIONARY, language)), styles, language)
    lists = _Lists(workbook.add_worksheet(_LISTS))
    for name, table in TABLES.items():
        _write_table(sheets[name], table, styles, lists, language)
    workbook.close()
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Styles:
    title: Format
    words: Format
    required: Format
    code: Format
    text: Format
    date: Format
    number: Format
    example: Format
    example_date: Format
    wrapped: Format

    @classmethod
    def of(cls, workbook: xlsxwriter.Workbook) -> _Styles:
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
        faint = {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}
        looks = (
            {"bold": True, "font_size": 14}, head | {"bg_color": "#DCE6F1"}, head | {"bg_color": "#F8CBAD"},
            {"font_color": "#595959", "font_size": 9, "bottom": 2, "bg_color": "#F7F7F7"}, {"num_format": "@"},
            {"num_format": "yyyy-mm-dd"}, {"num_format": "General"}, faint, faint | {"num_format": "yyyy-mm-dd"},
            {"text_wrap": True, "valign": "top"},
        )  # fmt: skip
        return cls(*(workbook.add_format(look) for look in looks))

    def of_column(self, column: Variable) -> Format:
        if column.kind == "date":
            return self.date
        return self.number if column.kind in {"number", "integer"} else self.text


class _Lists:
    """The hidden sheet of the words of drop-downs: a list in the rule itself may have 255 characters only."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet, self._n = sheet, 0
        sheet.hide()

    def range_of(self, name: str, words: tuple[str | int, ...]) -> str:
        """Write the words below their name; the cells that hold them."""
        at, self._n = self._n, self._n + 1
        self._sheet.write(0, at, name)
        for row, word in enumerate(words, 1):
            self._sheet.write(row, at, word)
        letter = xl_col_to_name(at, col_abs=True)
        return f"={_LISTS}!{letter}$2:{letter}${len(words) + 1}"


def _write_guide(sheet: Worksheet, styles: _Styles, language: BookLanguage) -> None:
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    sheet.write(0, 0, "Oligoscope", styles.title)
    rows = (sentence[lang] for lang in languages_of(language) for sentence in (*_SENTENCES, Text("", "")))
    for row, sentence in enumerate(rows, 2):
        sheet.write(row, 0, sentence, styles.wrapped)


def _write_table(
    sheet: Worksheet, table: TableSpec, styles: _Styles, lists: _Lists, language: BookLanguage
) -> None:
    sheet.freeze_panes(HEADER_ROW, 1)
    _set_print(sheet, HEADER_ROW)
    sheet.set_row(0, 48 if language == "both" else 34)
    for at, column in enumerate(table.columns):
        words = header_words(column, language)
        sheet.set_column(at, at, _width(column, language), styles.of_column(column))
        sheet.write(0, at, words, styles.required if column.required else styles.words)
        sheet.write(1, at, column.name, styles.code)
        rule = {
            "input_title": said(column.label, language)[:LONGEST_TITLE], "input_message": hint(column, language),
            "ignore_blank": True, **_allowed(f"{table.name}.{column.name}", column, lists, language),
        }  # fmt: skip
        sheet.data_validation(HEADER_ROW, at, HEADER_ROW + ROWS - 1, at, rule)
    for row, (number, example) in enumerate(_examples(table, language), HEADER_ROW):
        for at, column in enumerate(table.columns):
            cell = number if column.name == "patient_id" else example.get(column.name)
            _write_example(sheet, row, at, column, cell, styles, language)


def _set_print(sheet: Worksheet, header_rows: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, header_rows - 1)


def _examples(table: TableSpec, language: BookLanguage) -> Iterator[tuple[str, dict[str, Cell]]]:
    for example in EXAMPLES.get(table.name, ()):
        yield f"{EXAMPLE[language]}1", example


def _write_example(
    sheet: Worksheet, row: int, at: int, column: Variable, cell: Cell | None, styles: _Styles, language: BookLanguage
) -> None:  # fmt: skip
    if cell is None:
        sheet.write_blank(row, at, None, styles.example)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, at, dt.datetime(cell.year, cell.month, cell.day), styles.example_date)
    elif isinstance(cell, str):
        sheet.write_string(row, at, cell_word(column, cell, language), styles.example)
    else:
        sheet.write_number(row, at, cell, styles.example)


def _width(column: Variable, language: BookLanguage) -> float:
    if column.kind == "date":
        return 16
    widest = max((_signs(str(word)) for word in choices(column, language)), default=8)
    return min(30, max(13, len(column.name) + 2, widest + 2))


def _signs(text: str) -> int:
    """Width in Latin letters; of other writing each sign is two wide."""
    return sum(1 + (ord(sign) > 0x2E80) for sign in text)


def _allowed(name: str, column: Variable, lists: _Lists, language: BookLanguage) -> dict[str, object]:
    """What a cell may hold; other words are pointed out and not refused, since usual synonyms are read, too."""
    words = choices(column, language)
    told = {"error_type": "warning"}
    if words:
        told = {"error_type": "information"} if column.place else told
        return {"validate": "list", "source": lists.range_of(name, words), **told}
    if column.kind == "date":
        return {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST, **told}
    if column.kind in {"number", "integer"} and column.low is not None and column.high is not None:
        kind = "integer" if column.kind == "integer" else "decimal"
        return {
            "validate": kind,
            "criteria": "between",
            "minimum": column.low,
            "maximum": column.high,
            **told,
        }
    return {"validate": "any"}


def _write_dictionary(sheet: Worksheet, styles: _Styles, language: BookLanguage) -> None:
    """Every column of every table; sentences in a column for each language."""
    languages = languages_of(language)
    heads = [(said(head, language), 16) for head in _HEADS[:7]]
    heads += [(head[lang], 46) for head in _HEADS[7:] for lang in languages]
    for at, (head, width) in enumerate(heads):
        sheet.set_column(at, at, 60 if at == _WORDS_AT else width)
        sheet.write(0, at, head, styles.words)
    sheet.freeze_panes(1, 2)
    _set_print(sheet, 1)
    described = [_described(table, column, language) for table in TABLES.values() for column in table.columns]
    for row, cells in enumerate(described, 1):
        for at, cell in enumerate(cells):
            sheet.write(row, at, cell, styles.wrapped)
    sheet.autofilter(0, 0, len(described), len(heads) - 1)


_WORDS_AT = 6  # the column of levels


def _described(table: TableSpec, column: Variable, language: BookLanguage) -> Iterator[str]:
    sign = None if column.unit is None else column.unit.sign
    yield from (said(table.label, language), column.name, said(column.label, language))
    yield said(KINDS[column.kind], language)
    yield "" if sign is None else said(sign, language)
    yield REQUIRED_SIGN if column.required else ""
    yield "、".join(map(str, choices(column, language)))
    for text in (column.decides, column.lost_without):
        yield from ("" if text is None else text[lang] for lang in languages_of(language))
