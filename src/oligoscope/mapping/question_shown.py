"""A question as a page shows it: what kind it is, what of, and what may be chosen, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.mapping.answers import (
    ALL,
    NOTHING_MEANT,
    TakesChoice,
    TakesCodes,
    TakesColumn,
    TakesDay,
    TakesHeader,
    TakesPlace,
    TakesReader,
    TakesScale,
    TakesSheet,
    TakesSpelling,
    TakesTest,
    TakesWide,
    TakesWord,
)
from oligoscope.mapping.question import Question
from oligoscope.study.dictionary.levels import NO_YES
from oligoscope.study.dictionary.place_nodes import PAIRED, REGION_WORDS
from oligoscope.study.dictionary.place_reading import OWN
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.schemas import TABLES
from oligoscope.study.vocabulary import name_of

Choice = dict[str, str]
_WORDS = {
    "year_first": Text("先年（20/12/31）", "Year first (20/12/31)"),
    "day_first": Text("先日后月（31/12/2020）", "Day first (31/12/2020)"),
    "month_first": Text("先月后日（12/31/2020）", "Month first (12/31/2020)"),
    "excel": Text("是，Excel 日期序号（自 1900 年起）", "Yes, days that Excel counts (from 1900)"),
    "excel_1904": Text("是，旧版 Mac Excel 序号（自 1904 年起）", "Yes, of old Excel for Mac (from 1904)"),
    "mm": Text("毫米（mm）", "Millimetres (mm)"),
    "cm": Text("厘米（cm）", "Centimetres (cm)"),
    "by_patient": Text("这些患者为厘米，其余为毫米", "These patients in cm, the others in mm"),
    "fraction": Text("小数（0.6 即 60 %）", "A fraction (0.6 is 60 %)"),
    "percent": Text("百分数（0.6 即 0.6 %）", "Per cent (0.6 is 0.6 %)"),
    "comma": Text("逗号是小数点（12,5 = 12.5）", "The comma is a decimal point (12,5 = 12.5)"),
    "point": Text("逗号不是小数点", "The comma is no decimal point"),
    "recist": Text("按 RECIST：淋巴结取短径，其他取长径", "As RECIST: short axis of a node, longest of another lesion"),
    "longest": Text("取长者", "The longest"),
    "shortest": Text("取短者", "The shortest"),
    "same": Text("是同一编号", "The same number"),
    "different": Text("是不同编号", "Different numbers"),
    "diameter": Text("径线", "A diameter"),
    "short_axis": Text("短径", "The short axis"),
    "state": Text("病灶状态", "The state of a lesion"),
    "new": Text("新病灶", "A new lesion"),
    OWN: Text("另一个器官，按原词保留", "Another organ, kept under its own word"),
    ALL: Text("全部读入", "All of them"),
}  # fmt: skip
_STATIONS = tuple(
    f"{number}{side}"
    for number in range(1, 15)
    for side in ("RL" if str(number) in PAIRED else "ap" if number == 3 else ("",))
)
_MISSING = name_of("missing")
_NONE = Text("都不是", "None of these")
_NO_PLACE = Text("不是部位", "No place")


def shown(question: Question) -> dict[str, Any]:
    """What a page needs of a question beside its text.

    Keys: `kind`, `table`, `column` and its `label`, `word`, `codes`, `choices` (each `value`, `zh`, `en`), `free` (what may
    be typed: `text`, `date`, or nothing), `n` and `where`.
    """
    found = {
        "kind": "choice", "table": None, "column": None, "label": None, "word": None, "codes": [], "choices": [], "free": None,
        **_detail(question.takes),
    }  # fmt: skip
    found["text"] = {"zh": question.text.zh, "en": question.text.en}
    found["allowed"] = {"zh": question.answers.zh, "en": question.answers.en}
    found["n"] = question.n
    found["where"] = {"zh": question.where.zh, "en": question.where.en}
    return found


@singledispatch
def _detail(_takes: object) -> dict[str, Any]:
    return {"free": "text"}


@_detail.register
def _word(takes: TakesWord) -> dict[str, Any]:
    free = {"date": "date", "number": "text", "integer": "text"}.get(takes.column.kind)
    levels = _levels(takes.column)
    if takes.column.name == "pd_l1_tps":
        levels = _levels(TABLES["patients"].column("pd_l1"))
    return {
        **_of_column(takes.table, takes.column), "kind": "word", "word": takes.word,
        "choices": [*levels, _choice(NOTHING_MEANT, _MISSING)], "free": free,
    }  # fmt: skip


@_detail.register
def _codes(takes: TakesCodes) -> dict[str, Any]:
    return {
        **_of_column(takes.table, takes.column), "kind": "codes", "codes": list(takes.codes),
        "choices": [*_levels(takes.column), _choice(NOTHING_MEANT, _MISSING)],
    }  # fmt: skip


@_detail.register
def _place(takes: TakesPlace) -> dict[str, Any]:
    choices = [*place_choices(), _choice(OWN, _WORDS[OWN]), _choice(NOTHING_MEANT, _NO_PLACE)]
    return {
        "kind": "place",
        "word": takes.word,
        "choices": choices,
        "free": "text",
        "table": takes.columns[0][0],
    }


def place_choices() -> Iterator[Choice]:
    """Every organ, every region and every station of lymph nodes."""
    yield from (_choice(str(organ.word), organ.name) for organ in ORGANS)
    for region, words in REGION_WORDS.items():
        zh = words.split(",")[0].strip()
        name = Text(f"淋巴结：{zh}", f"Lymph nodes, {region.replace('_', ' ')}")
        yield _choice(f"lymph_node {region}", name)
    for station in _STATIONS:
        yield _choice(
            f"lymph_node {station}", Text(f"淋巴结：{station} 组", f"Lymph node, station {station}")
        )


@_detail.register
def _header(takes: TakesHeader) -> dict[str, Any]:
    column = TABLES[takes.table].column(takes.column)
    choices = [_choice(h, Text(h, h)) for h in takes.headers]
    return {
        **_of_column(takes.table, column),
        "kind": "header",
        "choices": [*choices, _choice(NOTHING_MEANT, _NONE)],
    }


@_detail.register
def _column(takes: TakesColumn) -> dict[str, Any]:
    alike = len({c.label for c in takes.columns}) < len(takes.columns)
    choices = [_choice(c.name, c.printed if alike else c.label) for c in takes.columns]
    return {
        "kind": "column",
        "table": takes.table,
        "word": takes.header,
        "choices": [*choices, _choice(NOTHING_MEANT, _NONE)],
    }


@_detail.register
def _one_of(takes: TakesChoice) -> dict[str, Any]:
    table, *setting = takes.paths[0]
    kind = {"dates": "dates", "units": "unit"}.get(setting[0] if setting else "", "choice")
    return {"kind": kind, "choices": _named(takes.words), "table": table if table in TABLES else None}


@_detail.register
def _scale(takes: TakesScale) -> dict[str, Any]:
    return {"kind": "unit", "table": takes.table, "choices": _named(("fraction", "percent"))}


@_detail.register
def _spelling(_takes: TakesSpelling) -> dict[str, Any]:
    return {"choices": _named(("same", "different"))}


@_detail.register
def _reader(takes: TakesReader) -> dict[str, Any]:
    return {"choices": [_choice(reader, Text(reader, reader)) for reader in takes.readers]}


@_detail.register
def _test(takes: TakesTest) -> dict[str, Any]:
    return {
        "kind": "test",
        "word": takes.code,
        "choices": [*_named(takes.tests), _choice(NOTHING_MEANT, _NONE)],
    }


@_detail.register
def _wide(takes: TakesWide) -> dict[str, Any]:
    none = Text("不是每次检查一列", "There is no column for each scan")
    return {"kind": "wide", "table": takes.table, "free": "text", "choices": [_choice(NOTHING_MEANT, none)]}


@_detail.register
def _sheet(takes: TakesSheet) -> dict[str, Any]:
    choices = [_choice(s, _WORDS[ALL] if s == ALL else Text(s, s)) for s in takes.sheets]
    return {"kind": "sheet", "table": takes.table, "choices": [*choices, _choice(NOTHING_MEANT, _NONE)]}


@_detail.register
def _day(_takes: TakesDay) -> dict[str, Any]:
    return {"kind": "day", "free": "date"}


def _of_column(table: str, column: Variable) -> dict[str, Any]:
    return {"table": table, "column": column.name, "label": {"zh": column.label.zh, "en": column.label.en}}


def _levels(column: Variable) -> list[Choice]:
    levels = column.levels or (NO_YES if column.kind == "boolean" else ())
    return [_choice(str(level.word), level.in_full) for level in levels]


def _named(words: tuple[str, ...]) -> list[Choice]:
    return [_choice(word, _WORDS.get(word, Text(word, word))) for word in words]


def _choice(value: str, name: Text) -> Choice:
    return {"value": value, "zh": name.zh, "en": name.en}
