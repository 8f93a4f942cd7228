"""What the workbook says in each language: names of sheets and columns, hints, and the words of its drop-downs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.study.dictionary.levels import NO_YES
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.variable import Kind, LevelName, Variable
from oligoscope.study.dictionary.words import read_level, read_yes_no
from oligoscope.study.schemas import TableSpec

BookLanguage = Literal["zh", "en", "both"]
REQUIRED_SIGN = "*"  # behind the name of a column that every row needs; no header differs by it
EXAMPLE = {"zh": "示例-", "en": "EXAMPLE-", "both": "示例/EXAMPLE-"}
LONGEST_TITLE, LONGEST_HINT = 32, 255  # of a hint, in Excel
KINDS: dict[Kind, Text] = {
    "id": Text("编号", "identifier"),
    "text": Text("文字", "text"),
    "level": Text("选项", "choice"),
    "integer": Text("整数", "whole number"),
    "number": Text("数值", "number"),
    "boolean": Text("是/否", "yes or no"),
    "date": Text("日期", "date"),
}
DATE_FORM = Text("日期写作 2024-03-15", "a date as 2024-03-15")


def languages_of(language: BookLanguage) -> tuple[Language, ...]:
    """The languages of a workbook, Chinese first."""
    return LANGUAGES if language == "both" else (language,)


def said(text: Text, language: BookLanguage, between: str = " ") -> str:
    """A text in the language of the workbook; in both, one after the other, once where they are the same."""
    return between.join(dict.fromkeys(text[lang] for lang in languages_of(language)))


def sheet_title(table: TableSpec, language: BookLanguage) -> str:
    """The name of a table's sheet, by which it is found again; Excel allows 31 signs."""
    return f"{table.label.zh} {table.name}" if language == "both" else table.label[language]


def header_words(column: Variable, language: BookLanguage) -> str:
    """What stands above our name of a column: its printed name, with a sign where every row needs it."""
    name = said(column.printed, language, "\n")
    return f"{name} {REQUIRED_SIGN}" if column.required else name


def choices(column: Variable, language: BookLanguage) -> tuple[str | int, ...]:
    """What the drop-down of a column offers, each read back as its level; nothing where there is none.

    A printed name that is not certain to be read is offered as our word.
    """
    if column.kind == "boolean":
        levels: tuple[LevelName, ...] = NO_YES[::-1]
        return _names(levels, language, lambda name, level: read_yes_no(name) is (level.word == "yes"))
    if column.place in {"organ", "organs"}:
        return _names(ORGANS, language, lambda _name, _level: True)
    if column.kind == "integer" and column.levels:
        numbers = tuple(int(word) for word in column.words)
        is_all = column.low is not None and column.high is not None
        return (
            numbers
            if is_all and numbers == tuple(range(int(column.low or 0), int(column.high or 0) + 1))
            else ()
        )
    if column.kind != "level":
        return ()
    return _names(column.levels, language, lambda name, level: read_level(column, name) == str(level.word))


def _names(
    levels: tuple[LevelName, ...], language: BookLanguage, is_read: Callable[[str, LevelName], bool]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for lang in languages_of(language):
        for level in levels:
            name = level.name[lang]
            found[name if is_read(name, level) else str(level.word)] = None
    return tuple(found)


def cell_word(column: Variable, word: str, language: BookLanguage) -> str:
    """A level as a cell of the workbook holds it."""
    lang = languages_of(language)[0]
    if column.kind == "boolean":
        return next(level.name[lang] for level in NO_YES if level.word == word)
    levels = ORGANS if column.place else column.levels
    name = next((level.name[lang] for level in levels if level.word == word), word)
    return name if column.kind != "level" or read_level(column, name) == word else word


def hint(column: Variable, language: BookLanguage) -> str:
    """What a cell of the column holds, in which unit, and what it decides; cut where Excel shows no more."""
    return "\n".join(_hint(column, lang) for lang in languages_of(language))[:LONGEST_HINT]


def _hint(column: Variable, language: Language) -> str:
    zh = language == "zh"
    parts = [KINDS[column.kind][language] if column.kind != "date" else DATE_FORM[language]]
    if column.unit is not None and column.unit.sign is not None:
        parts.append(f"单位 {column.unit.sign.zh}" if zh else f"in {column.unit.sign.en}")
    if column.low is not None and column.high is not None:
        parts.append(f"{column.low:g}–{column.high:g}")
    if column.required:
        parts.append("必填" if zh else "required")
    if column.decides is not None:
        parts.append(f"决定：{column.decides.zh}" if zh else f"decides {column.decides.en}")
    return ("；" if zh else "; ").join(parts) + ("。" if zh else ".")
