"""The findings of a check as the page shows them: by grade, rule and word, with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from oligoscope.bilingual import Language, Text
from oligoscope.intake.rule import Grade, in_number
from oligoscope.intake.rules import RULES
from oligoscope.web.remedies import remedy

# How the files were read: to be known, nothing to correct.
_OF_READING: Final = frozenset({"sheet_shape", "row_is_example"})
Labels = Mapping[str, Mapping[str, Mapping[Language, str]]]
GRADES: Final[tuple[Grade, ...]] = ("error", "quarantine", "warning")
EDITABLE: Final = {"workbook": (".xlsx", ".xlsm"), "text": (".csv", ".tsv", ".txt")}
_IDENTIFIERS: Final = frozenset({"patient_id", "lesion_id"})
# Findings in which the number itself is wrong; in others it only says whose record it is.
_OF_NUMBERS: Final = frozenset({
    "value_unreadable", "value_blank", "value_ignored", "unknown_patient", "lesion_undeclared", "lesion_conflict", "patient_repeated",
    "row_conflict", "row_repeated", "id_is_date", "patient_number_unlike", "same_person", "control_character", "merged_into_nothing",
})  # fmt: skip
# Findings about a column, a sheet or a whole row, of which one cell only says where it is.
_OF_COLUMNS: Final = frozenset({
    "column_missing", "column_absent", "column_ignored", "column_ambiguous", "column_repeated", "column_without_header", "sheet_shape",
    "identifier_left_out", "identifier_named", "date_order_taken", "unit_converted", "declared_missing", "row_is_a_note",
    "row_is_example", "cells_filled", "wide_unclear", "fraction_or_percent", "unit_unknown", "redcap_events", "id_in_scientific",
    "regimen_not_read", "reader_not_chosen", "imaging_words", "encoding_assumed", "digits_preferred", "follow_up_on_one_day",
    "patient_left_out", "variable_left_out", "patients_alike", "sizes_never_change", "file_not_read", "domain_rows_unused",
})  # fmt: skip
# Findings in which every cell with the word is wrong in the same way.
_OF_WORDS: Final = frozenset({
    "value_unreadable", "value_ignored", "value_out_of_range", "unknown_patient", "place_unknown", "place_disagrees", "node_denied",
    "control_character",
})  # fmt: skip
_NO_CELL = Text(
    "这些单元格不能在此更正：请在 Excel 中更正，再从“文件”页上传。",
    "These cells cannot be changed here: correct them in Excel, and upload the file again on the page Files.",
)
_FORMAT = Text(
    "{suffix} 文件不能在此更正：请在原来的程序中更正，再从“文件”页上传。",
    "A {suffix} file cannot be changed here: correct it in its own program, and upload it again on the page Files.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One finding.

    Attributes:
        n: Its number in the check.
        row, cell, column: Where; None and blank where it is about more than that.
        patient: As the file calls them.
        is_new: The check before had it not.
        is_editable: A new value can be typed for it.
    """

    n: int
    row: int | None
    cell: str
    column: str
    patient: str
    is_new: bool
    is_editable: bool


@dataclass(frozen=True)
class Word:
    """Findings of one group that say the same of the same word."""

    column: str
    value: str | None
    expected: str
    is_one: bool = True  # one new value may be right for all of its cells
    places: list[Place] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.places)

    @property
    def editable(self) -> list[Place]:
        return [place for place in self.places if place.is_editable]


@dataclass(frozen=True)
class Group:
    """Findings of one rule in one file or sheet.

    Attributes:
        key: In the address of its own page.
        sentence: What, where and how many.
        remedy: What to do.
        why: Why the rule has its grade.
        step: The page where it is corrected; blank: the data themselves.
        fixed: Why no value can be typed; blank where it can, or where there is no cell.
    """

    key: str
    rule: str
    grade: Grade
    source: str
    sentence: str
    remedy: str
    why: str
    step: str
    fixed: str
    words: list[Word]

    @property
    def n(self) -> int:
        return sum(word.n for word in self.words)

    @property
    def n_new(self) -> int:
        return sum(place.is_new for word in self.words for place in word.places)

    @property
    def is_reading(self) -> bool:
        return self.rule in _OF_READING

    @property
    def is_editable(self) -> bool:
        return any(word.editable for word in self.words)


def groups(answer: Mapping[str, Any], language: Language, labels: Labels | None = None) -> list[Group]:
    """The groups of a check, the gravest first; within a group the most frequent word first.

    Args:
        answer: Of the check.
        language: Of the page.
        labels: What our columns are called, by table: a template and a wide table have our codes for headers.
    """
    rows = list(answer.get("issues") or ())
    gathered: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for n, row in enumerate(rows):
        if row.get("rule") in RULES:
            gathered.setdefault((row["rule"], row["source"] or ""), []).append((n, row))
    found = [
        _group(f"g{i}", rule, source, own, language, labels or {})
        for i, ((rule, source), own) in enumerate(gathered.items(), 1)
    ]
    return sorted(found, key=lambda group: GRADES.index(group.grade))


def _group(
    key: str,
    rule: str,
    source: str,
    own: list[tuple[int, dict[str, Any]]],
    language: Language,
    labels: Labels,
) -> Group:
    what = RULES[rule]
    said = in_number(what.finding.en, len(own)) if language == "en" else what.finding.zh
    step, todo = remedy(rule)
    kind = _kind(source)
    words: dict[tuple[str, ...], Word] = {}
    for n, row in own:
        expected = row.get(f"expected_{language}") or ""
        at = (_header(row, language, labels), row.get("value") or "", expected)
        word = words.setdefault(at, Word(at[0], row.get("value"), expected, rule in _OF_WORDS))
        word.places.append(_place(n, row, kind))
    fixed = ""
    if any(map(_is_of_cell, (row for _, row in own))) and not any(w.editable for w in words.values()):
        suffix = PurePosixPath(source.partition(" [")[0]).suffix
        why = _NO_CELL if kind == "workbook" else _FORMAT.filled(suffix=suffix or source)
        fixed = why[language] if kind != "text" else ""
    ordered = sorted(words.values(), key=lambda w: -w.n)
    return Group(
        key, rule, what.grade, source, said.format(source=source, n=len(own)), todo[language], what.why[language], step, fixed, ordered,
    )  # fmt: skip


def _header(row: Mapping[str, Any], language: Language, labels: Labels) -> str:
    """The header of a finding's column as people read it."""
    column = row.get("column") or ""
    label = labels.get(row.get("table") or "", {}).get(column)
    return column if label is None else label[language]


def _kind(source: str) -> str:
    name = source.partition(" [")[0].lower()
    return next((kind for kind, ends in EDITABLE.items() if name.endswith(ends)), "")


def _place(n: int, row: Mapping[str, Any], kind: str) -> Place:
    number, cell, column = row.get("row"), row.get("cell") or "", row.get("column") or ""
    return Place(
        n, number, cell if column else "", column, row.get("patient_id") or "", bool(row.get("is_new")),
        _is_of_cell(row) and (kind == "text" or (kind == "workbook" and bool(cell))),
    )  # fmt: skip


def _is_of_cell(row: Mapping[str, Any]) -> bool:
    """Whether a finding is about the content of one cell: not of a row or patient that the cell only names."""
    names = {row.get("ours"), row.get("column")}
    is_wrong = row.get("rule") in _OF_NUMBERS or not names & _IDENTIFIERS
    is_column = row.get("rule") in _OF_COLUMNS
    return bool(row.get("row") and row.get("column")) and is_wrong and not is_column


def resolved(answer: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """Findings of the check before that are found no more: what, and where it was."""
    since = answer.get("since") or {}
    found: list[dict[str, Any]] = []
    for row in since.get("resolved", ()):
        what = RULES.get(row.get("rule") or "")
        if what is not None:
            said = in_number(what.finding.en, 1) if language == "en" else what.finding.zh
            found.append({
                "sentence": said.format(source=row.get("source") or "", n=1), "row": row.get("row"),
                "column": row.get("column") or "", "value": row.get("value"),
            })  # fmt: skip
    return found
