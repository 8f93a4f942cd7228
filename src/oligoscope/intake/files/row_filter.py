"""Reading only some rows of a file (`where`), and leaving out rows that are not data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
from polars.selectors import by_name

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean, map_unique
from oligoscope.intake.files.columns import find_header, missing_column
from oligoscope.intake.files.raw_table import INTERNAL, ROW, SOURCE, RawTable
from oligoscope.intake.files.shape import LeftOut, Shape
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain


def keep_where(raw: RawTable, where: Mapping[str, tuple[str, ...]]) -> RawTable:
    """Only the rows whose columns hold the words named; words are compared without case and spaces."""
    for name, words in where.items():
        header = find_header(raw.columns, name)
        if header is None:
            raw = raw.with_problems(*(missing_column(raw.name, s, name, h) for s, h in raw.headers.items()))
        else:
            raw = replace(raw, frame=raw.frame.filter(holds(raw.frame[header], raw.in_words(header, words))))
    return raw


def holds(column: pl.Series, words: tuple[str, ...]) -> pl.Series:
    """True where a cell is one of the words; a blank cell is the word ""."""
    return map_unique(column, plain, pl.String).fill_null("").is_in([plain(word) for word in words])


# The first word of a line of totals, or of a note below a table, with nothing or a colon or a number after it.
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总数|总和|平均值?|平均数|均值|均数|中位数|中位值|标准差|最大值|最小值|极差|均数±标准差|x̄±s|"
    r"本页小计|本页合计|本页共计|page total|(sub|grand )?total|sum|mean|average|avg|median|standard deviation|min|max|minimum|maximum|range|iqr|mean ?± ?sd)[:：]?",
    re.IGNORECASE,
)
_TOTALS = (
    "合计", "总计", "小计", "共计", "平均", "平均值", "平均数", "均值", "均数", "中位数", "标准差", "最大值", "最小值", "均数±标准差", "合计:", "合计：", "平均:",
    "平均：", "total", "subtotal", "grand total", "sum", "mean", "average", "median", "standard deviation", "minimum", "maximum", "mean±sd", "mean ± sd",
    "total:", "mean:",
)  # fmt: skip
# A number, with its unit, share or spread; of a patient's row some cell is a word or a date.
_FIGURE = re.compile(
    r"[n≈~]?\s*=?\s*[-+]?\d+(\.\d+)?\s*([%例人岁个]|mm)?(\s*(±|/|\(|\[|-|–|~)\s*\d+(\.\d+)?\s*%?[)\]]?)?",
    re.IGNORECASE,
)
_LONGEST_TOTAL = 20  # characters
_NOTES_AT_MOST = 30  # rows below the last blank row
# Who made the list, and when.
_SIGNED = (
    r"制表人?|制表日期|填表人?|填报人|填写人|记录人|录入人|录入者|核对人?|审核人?|复核人?|签名|签字|负责人|研究者|"
    r"prepared by|entered by|checked by|reviewed by|signature|signed( by)?|investigator|data manager|printed( on)?|exported( on)?|last updated"
)
# 1=yes, 0=no; T: target; M=男
_LEGEND = re.compile(
    r"[^\s<>≤≥]{1,12}\s*[=＝]\s*\S+([\s,;，；、/]+[^\s<>≤≥]{1,12}\s*[=＝]\s*\S+)*|(图例|legend|abbreviations?|缩写)\b.*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    rf"({_SIGNED}|合计|总计|小计|共计|总数|总和|平均值?|平均数|均值|中位数|最大值|最小值|注|备注|附注|说明|注释|(资料|数据)来源|"
    r"total|subtotal|grand total|sum|mean|average|median|count|legend|abbreviations?|图例|缩写|notes?|footnotes?|sources?|remarks?)"
    r"(\s*[:：*※].*|\s*\d*\s*[.:：、）)].*|\s*[（(].*|(\s+\d+)?)|[*※†‡§].+",
    re.IGNORECASE | re.DOTALL,
)
# Between the pages of a printed list: 第2页, Page 2 of 5, 续表, 接上页.
_PAGE = re.compile(
    r"第\s*[\d一二三四五六七八九十]+\s*页([\s,，/]*共\s*[\d一二三四五六七八九十]+\s*页)?|page\s*\d+(\s*(of|/)\s*\d+)?|续表?\s*\d*|[（(]续表?\s*\d*[)）]|[接续]上页|转下页"
    r"|(table \d+ )?\(?(continued|cont'?d\.?)\)?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[：。；，]|[:;,.]\s")


def without_notes(raw: RawTable, *, gaps: bool = True) -> RawTable:
    """Without the rows that are totals or notes, each of which is named.

    Such a row is at least half blank and begins with the word of a total or a note; or its only cell holds a sentence;
    or it is below the last blank row, has two cells at most, and the first has no form that the cells above it have.
    A row of numbers whose first cell is the word of a total is one however full it is.

    Args:
        raw: The table.
        gaps: Whether blank rows show by the numbers of the rows, as they do where no other rows were left out.
    """
    names = [column for column in raw.frame.columns if column not in INTERNAL]
    if raw.frame.is_empty() or len(names) < 2:
        return raw
    filled = pl.sum_horizontal(by_name(name).str.strip_chars().str.len_chars() > 0 for name in names)
    first = pl.col(names[0]).str.strip_chars().str.len_chars().fill_null(0) < _LONGEST_TOTAL
    indexed = raw.frame.with_row_index("__at").with_columns(filled.fill_null(0).alias("__filled"))
    sparse = indexed.filter((pl.col("__filled") * 2 <= len(names)) | (first & _begins_as_total(names[0])))
    below = _below_last_gap(indexed, names) if gaps else {}
    notes = [
        row
        for row in sparse.iter_rows(named=True)
        if _is_note([row[name] for name in names], whole=row["__filled"] * 2 > len(names))
        or (row["__at"] in below and _is_below(row, names, below[row["__at"]]))
    ]
    notes += _after_notes(sparse, notes, names, indexed)
    if not notes:
        return raw
    at = [row["__at"] for row in notes]
    issues = [_note_issue(raw.name, row, names) for row in notes]
    kept = raw.frame.with_row_index("__at").filter(~pl.col("__at").is_in(at)).drop("__at")
    return replace(raw, frame=kept, shapes=_with_notes(raw.shapes, issues)).with_problems(*issues)


def _with_notes(shapes: Sequence[Shape], issues: Sequence[Issue]) -> tuple[Shape, ...]:
    """The shapes with the rows that were left out of each sheet."""
    notes: dict[str, list[LeftOut]] = {}
    for issue in issues:
        notes.setdefault(issue.source, []).append(LeftOut(issue.row or 0, "note", issue.value or ""))
    return tuple(replace(s, left_out=(*s.left_out, *notes.get(s.source, ()))) for s in shapes)


def _begins_as_total(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().str.to_lowercase().is_in(_TOTALS)


def _is_note(cells: Sequence[str | None], *, whole: bool) -> bool:
    """Whether a row of at most half its cells is a note; a fuller row only where it begins with a total and goes on with numbers."""
    words = [cell.strip() for cell in cells if cell is not None and clean(cell) is not None]
    if not words:
        return False
    first = clean(words[0]) or ""
    if whole:
        return bool(_TOTAL.fullmatch(first)) and all(_FIGURE.fullmatch(clean(w) or "") for w in words[1:])
    second = clean(words[1]) or "" if len(words) > 1 and first.isdigit() else ""
    return bool(_NOTE.fullmatch(first) or _TOTAL.fullmatch(first) or _TOTAL.fullmatch(second)) or (
        len(words) == 1
        and bool(_SENTENCE.search(words[0]) or _LEGEND.fullmatch(first) or _PAGE.fullmatch(first))
    )


def _below_last_gap(frame: pl.DataFrame, names: Sequence[str]) -> dict[int, frozenset[str]]:
    """The rows below the last blank row of each sheet, with the forms of the first cells above it."""
    found: dict[int, frozenset[str]] = {}
    for _, sheet in frame.group_by(SOURCE, maintain_order=True):
        numbers = sheet[ROW].to_list()
        gap = next((i for i in range(len(numbers) - 1, 0, -1) if numbers[i] - numbers[i - 1] > 1), None)
        if gap is None or len(numbers) - gap > _NOTES_AT_MOST:
            continue
        above = sheet[:gap]
        forms = frozenset(
            _form(cell) for name in names[:3] for cell in above[name].unique().drop_nulls().to_list()
        )
        found |= dict.fromkeys(sheet["__at"].to_list()[gap:], forms)
    return found


def _after_notes(
    sparse: pl.DataFrame, notes: Sequence[Mapping[str, Any]], names: Sequence[str], frame: pl.DataFrame
) -> list[dict[str, Any]]:
    """Further rows at the end of the table: of one cell, in words that no identifier above has the form of."""
    left_out = {row["__at"] for row in notes}
    candidates = {row["__at"]: row for row in sparse.iter_rows(named=True)}
    end = frame.height - 1
    found: list[dict[str, Any]] = []
    while end >= 0 and (end in left_out or end in candidates) and frame.height - end <= _NOTES_AT_MOST:
        if end not in left_out:
            row = candidates[end]
            words = [cell for name in names if (cell := clean(row[name] or ""))]
            if (
                len(words) != 1
                or len(names) < 4
                or not _IN_WORDS.search(words[0])
                or _is_number_of_patient(words[0])
            ):
                break
            forms = {
                _form(c) for name in names[:3] for c in frame[name][:end].unique().drop_nulls().to_list()
            }
            if _form(words[0]) in forms:
                break
            found.append(row)
        end -= 1
    return found


_IN_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|\w \w")
# 注册0012, 合计001: a count has no zero before it, and 合计40 is one.
_NUMBERED = re.compile(r"(?P<word>[^\W\d]{1,8})[-_]?(?!(19|20)\d\d)(?P<number>\d{2,})")


def _is_number_of_patient(cell: str) -> bool:
    found = _NUMBERED.fullmatch(cell)
    return found is not None and (found["number"].startswith("0") or not _NOTE.fullmatch(found["word"]))


def _is_below(row: Mapping[str, Any], names: Sequence[str], forms: frozenset[str]) -> bool:
    words = [cell for name in names if (cell := clean(row[name] or ""))]
    return 0 < len(words) <= 2 and len(names) >= 4 and _form(words[0]) not in forms


def _form(cell: str) -> str:
    """A cell with its digits and letters as signs: P001 and P017 have one form."""
    word = clean(cell) or ""
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", word))


def _note_issue(table: str, row: Mapping[str, str | int | None], names: Sequence[str]) -> Issue:
    words = [(name, clean(str(row[name]))) for name in names if row[name] is not None]
    column, first = next((name, word) for name, word in words if word is not None)
    expected = Text("是合计或注释，不是数据行", "is a total or a note, not a row of data")
    return Issue(
        rule="row_is_a_note", table=table, source=str(row[SOURCE]), row=int(str(row[ROW])), column=column, value=first,
        expected=expected,
    )  # fmt: skip
