"""The stored run gives the stored documents: every word, look, id, letter and colour of them.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from oligoscope.bilingual import LANGUAGES
from stored.golden import RUN, same_as_stored
from stored.renderings import (
    page_looks,
    page_words,
    sections,
    with_short_tables,
    without,
    word_file,
    words_of_cells,
    workbook,
)  # fmt: skip

# Rows of a table that are stored; its words are stored whatever its length. Chinese numbers are those of the English.
LONG: dict[str, int] = {"en": 40, "zh": 0}
SHOWN = 12  # words of a column; of one with more only the numbers are compared, where they are made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_the_stored_words_and_looks(documents, language):
    html = (documents / f"report.{language}.html").read_text(encoding="utf-8")

    same_as_stored(
        f"small_documents/report.{language}.txt",
        [*with_short_tables(without("Row |第", page_words(html)), LONG[language]), *page_looks(html)],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_numbers_has_the_stored_words_and_looks(documents, language):
    html = (documents / f"numbers.{language}.html").read_text(encoding="utf-8")
    words = page_words(html)

    same_as_stored(
        f"small_documents/numbers.{language}.txt",
        [*sections(words), *words_of_cells(words), *page_looks(html)],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_file_is_as_it_was(documents, language):
    same_as_stored(f"small_documents/word.{language}.txt", word_file(documents / f"report.{language}.docx"))


def test_the_workbook_is_as_it_was(documents):
    same_as_stored("small_documents/workbook.txt", workbook(documents / "tables.xlsx"))


def test_every_picture_has_the_stored_letters_colours_and_data(documents, painted_in_documents):
    data = [
        f"{p.name} {line}" for p in sorted((documents / "figures").glob("*.csv")) for line in described(p)
    ]

    assert len({one.name for one in painted_in_documents if one.name.endswith(" en")}) > 25
    lettering = [line for one in painted_in_documents for line in (one.name, *one.looks)]
    same_as_stored("small_documents/figures.txt", [*lettering, *data])


def described(path: Path) -> Iterator[str]:
    """Columns, number of rows and every word of a table; its numbers are compared where they are made."""
    head, *rows = _rows(path)
    yield f"{len(rows)} rows: {', '.join(head)}"
    for column, values in zip(head, zip(*rows, strict=True), strict=False):
        words = dict.fromkeys(
            v for v in values if v and not v.replace(".", "").lstrip("-").isdigit() and "e-" not in v
        )
        if 0 < len(words) < SHOWN:
            yield f"  {column}: {', '.join(words)}"


def test_the_documents_are_those_that_were_stored(documents):
    made = {p.relative_to(documents).as_posix() for p in documents.rglob("*") if p.is_file()}
    stored = {p.relative_to(RUN).as_posix() for p in RUN.rglob("*") if p.is_file()}

    same_as_stored("small_documents/files.txt", sorted(made - stored))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
