"""Columns that their header does not name: what their words and the header's nearest names say, as questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.values import Fault, parser
from oligoscope.intake.checks.written_dates import needs_order
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.raw_table import INTERNAL, SOURCE, RawTable
from oligoscope.intake.identifier_forms import quoted
from oligoscope.mapping.answers import TakesColumn
from oligoscope.mapping.codes_asked import is_code
from oligoscope.mapping.question import Question, names_of
from oligoscope.study.dictionary.headers import bare_header, forms_of, header_form, nearest_columns
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.place_reading import read_place
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_reader, nearest_levels, plain
from oligoscope.study.schemas import COHORT, LESIONS, PATIENTS, TABLES

_MOST_WORDS = 40  # of a column of levels
_SHARE = 0.5  # of its different words that must be levels
_SHORTEST, _LIKE = 4, 0.8  # letters of a name within a header; likeness of a header to a name
_CUT = 8  # characters that names of variables had at most
_SAYS_NOTHING = frozenset(
    {
        "date",
        "time",
        "status",
        "type",
        "name",
        "event",
        "days",
        "weeks",
        "months",
        "level",
        "group",
        "日期",
        "时间",
        "状态",
        "类型",
        "治疗",
    }
)
_BOX = re.compile(r"(?P<field>.+?)___\w+", re.ASCII)
_BETWEEN = re.compile(r"\s*[;；,，、]\s*")
_OF_PATIENTS = frozenset(PATIENTS.columns)
_DECIMAL = re.compile(r"\d+(\.\d+)?")
_MOST_MONTHS = 60
_FITTING = 0.8  # of its different words that the column meant must read
_NEUTRAL = frozenset(
    header_form(name)
    for name in (
        "comment", "comments", "note", "notes", "remark", "remarks", "status", "state", "description", "finding", "findings", "result", "results",
        "evaluation", "other", "memo", "details", "备注", "说明", "注释", "情况", "描述", "结果", "评价", "状态", "其他", "补充", "补充说明", "备注说明", "影像描述",
    )
)  # fmt: skip


def column_questions(
    tables: Mapping[str, RawTable],
    raw: Mapping[str, RawTable],
    matches: Mapping[str, Matches],
    left_out: AbstractSet[str],
) -> Iterator[Question]:
    """One question for each column that no table reads and whose words are those of a column that is absent.

    Args:
        tables: Those that are asked about.
        raw: All tables as read.
        matches: Their columns.
        left_out: Headers of direct identifiers.
    """
    asked: set[tuple[str, str]] = set()
    for name, table in tables.items():
        for source, headers in table.headers.items():
            used = _used(raw, matches, source) | left_out
            for header in (
                h for h in headers if h not in used and h not in INTERNAL and h in table.frame.columns
            ):
                if (source, header) in asked:
                    continue
                words = _words(table, source, header)
                fitting = _fitting(name, header, words, matches[name])
                if fitting:
                    asked.add((source, header))
                    yield _which(name, source, header, fitting, words)


def _used(raw: Mapping[str, RawTable], matches: Mapping[str, Matches], source: str) -> set[str]:
    """The headers of a sheet that any table reads."""
    there = [name for name, table in raw.items() if source in table.headers]
    return {h for name in there for match in matches[name].found for h in match.headers}


def _words(table: RawTable, source: str, header: str) -> dict[str, int]:
    """The different words of a column with how often each occurs."""
    cells = table.frame.filter(pl.col(SOURCE) == source)[header].drop_nulls()
    counted = cells.value_counts(sort=True)
    words: dict[str, int] = {}
    for text, n in counted.iter_rows():
        word = clean(text)
        if word is not None:
            words[word] = words.get(word, 0) + n
    return words


def _fitting(table: str, header: str, words: Mapping[str, int], matches: Matches) -> tuple[Variable, ...]:
    """The absent columns that it may be: a neutral header by its words alone, another one if its name is near, too."""
    known = {match.column.name for match in matches.found}
    absent = [
        c
        for c in TABLES[table].columns
        if c.name not in known and c.name.removesuffix("_on") + "_day" not in known
    ]
    distinct = [w for w in words if not means_missing(_ANY, plain(w))]
    if not distinct:
        return ()
    for near in _near(table, header, absent):
        if found := _reading(table, header, distinct, absent, near):
            return found
    return ()


def _near(table: str, header: str, absent: Sequence[Variable]) -> Iterator[set[Variable]]:
    """The columns that a header may name, the likeliest first: by a like name, one cut off, or a part of a name."""
    yield {c for c in nearest_columns([header], absent)[header] if _is_named_in(header, c)}
    yield {c for c in absent if _is_cut(header, c) or _is_box(header, c)}
    if table == COHORT.name:
        part = {c for c in absent if _is_part(header, c)}
        yield part - _OF_PATIENTS
        yield part


def _reading(
    table: str, header: str, distinct: list[str], absent: Sequence[Variable], near: AbstractSet[Variable]
) -> tuple[Variable, ...]:
    """Those of the columns whose words the cells are."""
    neutral = header_form(bare_header(header)) in _NEUTRAL
    found: list[tuple[float, Variable]] = []
    for column in absent:
        if column.kind == "level" and len(distinct) <= _MOST_WORDS and (neutral or column in near):
            read = level_reader(column)
            certain = [word for word in distinct if read(word) is not None]
            meant = [word for word in distinct if word in certain or nearest_levels(column, word)]
            share = (len(meant) if neutral else len(certain)) / len(distinct)
            if certain and share >= _SHARE:
                found.append((share, column))
            elif column in near and len(distinct) > 1 and all(map(is_code, distinct)):
                found.append((0.0, column))  # what the codes mean is asked next
        elif column.place in {"organ", "organs"} and (table == LESIONS.name or neutral or column in near):
            share = sum(_is_place(word) for word in distinct) / len(distinct)
            if share >= _SHARE:
                found.append((share, column))
        elif column in near and column.kind in {"number", "integer", "date", "boolean"}:
            parse = parser(column)
            read_words = [
                word for word in distinct if needs_order(word) or not isinstance(parse(word), Fault)
            ]
            share = len(read_words) / len(distinct)
            if share >= _FITTING:
                found.append((share, column))
    best = max((share for share, _ in found), default=0.0)
    return _likeliest_unit_first([column for share, column in found if share == best], distinct)


def _likeliest_unit_first(columns: list[Variable], words: list[str]) -> tuple[Variable, ...]:
    """The columns in their order; of one time in several units months first, and days first where no cell has a decimal.

    Whole numbers are months where none of them is above 60.
    """
    if not _are_units_of_one(columns):
        return tuple(columns)
    numbers = [float(word) for word in words if _DECIMAL.fullmatch(word)]
    days = bool(numbers) and all(n == int(n) for n in numbers) and max(numbers) > _MOST_MONTHS
    order = ("days", "weeks", "months") if days else ("months", "weeks", "days")
    return tuple(sorted(columns, key=lambda c: order.index(c.unit.word) if c.unit else 0))


def _are_units_of_one(columns: Sequence[Variable]) -> bool:
    times = {c.unit.word for c in columns if c.unit is not None} <= {"days", "weeks", "months"}
    return len(columns) > 1 and times and len({c.label for c in columns}) == 1


def _is_named_in(header: str, column: Variable) -> bool:
    """Whether a header is like a name of the column or holds one: `cns` in `consent` is none."""
    form = header_form(bare_header(header))
    names = forms_of(column)
    held = (name in form for name in names if len(name) >= (_SHORTEST if name.isascii() else 2))
    return any(held) or bool(get_close_matches(form, names, n=1, cutoff=_LIKE))


def _is_cut(header: str, column: Variable) -> bool:
    """Whether a header is the beginning of a name: SPSS kept eight characters of it for long (treatmen)."""
    form = header_form(header)
    return len(form) == _CUT and form.isascii() and any(name.startswith(form) for name in forms_of(column))


def _is_box(header: str, column: Variable) -> bool:
    """Whether a header is a box of REDCap that is named after a column of yes and no (brain___1)."""
    box = _BOX.fullmatch(header)
    return box is not None and column.kind == "boolean" and _is_part(box["field"], column)


def _is_part(header: str, column: Variable) -> bool:
    """Whether a header is a word within a name of a column (resist, death, organs), as cohorts abbreviate them."""
    form = header_form(bare_header(header))
    long = len(form) >= (_SHORTEST if form.isascii() else 2) and form not in _SAYS_NOTHING
    return long and any(form in name for name in forms_of(column))


def _is_place(word: str) -> bool:
    """Whether a word is a place, or a list of places."""
    places = [read_place(part) for part in _BETWEEN.split(word) if part]
    return bool(places) and all(place is not None and place.certain for place in places)


def _in_unit(column: Variable) -> Text:
    unit = column.unit.sign if column.unit and column.unit.sign else Text("", "")
    return Text(f"{column.name}（{unit.zh}）", f"{column.name} ({unit.en})")


_ANY = Variable("any", Text("", ""), "level")


def _which(
    table: str, source: str, header: str, columns: tuple[Variable, ...], words: Mapping[str, int]
) -> Question:
    shown = ", ".join(f"{quoted(word)} ({n})" for word, n in list(words.items())[:6])
    n = sum(words.values())
    first = columns[0]
    if _are_units_of_one(columns):
        return Question(
            f"{table}.columns={header}",
            Text(
                f"{source} 的“{header}”列是否为“{first.label.zh}”？单位是什么？（{n} 格：{shown}）",
                f"Is the column “{header}” of {source} {first.label.en}, and in which unit? ({n} cells: {shown})",
            ),
            Text(
                "、".join(_in_unit(c).zh for c in columns) + "；- 表示都不是",
                ", ".join(_in_unit(c).en for c in columns) + "; - for none",
            ),
            tuple(column.name for column in columns),
            TakesColumn(table, header, columns),
        )
    return Question(
        f"{table}.columns={header}",
        Text(
            f"{source} 的“{header}”列是否为“{first.label.zh}”？（{n} 格：{shown}）",
            f"Is the column “{header}” of {source} {first.label.en}? ({n} cells: {shown})",
        ),
        Text(names_of(columns).zh + "；- 表示都不是", names_of(columns).en + "; - for none"),
        tuple(column.name for column in columns),
        TakesColumn(table, header, columns),
    )
