"""How many words of public sources are taken for what they mean, how many are asked, and that none is taken wrongly."""

from __future__ import annotations

import pytest

from gathered_words import HEADERS, LEVELS, YES_NO
from oligoscope.study.dictionary.headers import headers_of
from oligoscope.study.dictionary.words import read_level, read_yes_no
from oligoscope.study.schemas import TABLES

SOURCES_AT_LEAST, WORDS_AT_LEAST = 10, 300


def _column(table: str, header: str) -> str:
    found = [column.name for column in TABLES[table].columns if headers_of([header], column)]
    assert len(found) <= 1, header
    return found[0] if found else ""


def _level(place: str, word: str) -> str:
    table, column = place.split(".")
    return read_level(TABLES[table].column(column), word) or ""


TAKEN = [
    *(
        (f"{table}: {word}", meant, _column(table, word))
        for _, table, words in HEADERS
        for word, meant in words.items()
    ),
    *(
        (f"{place}: {word}", meant, _level(place, word))
        for _, place, words in LEVELS
        for word, meant in words.items()
    ),
]


def test_no_gathered_word_is_taken_for_what_it_does_not_mean():
    assert [(word, taken) for word, meant, taken in TAKEN if taken and taken != meant] == []
    assert {word: read_yes_no(word) for word in YES_NO[1]} == YES_NO[1]


def test_most_gathered_words_are_taken_and_the_rest_is_asked():
    ours = [(word, taken) for word, meant, taken in TAKEN if meant]
    asked = [word for word, taken in ours if not taken]

    assert len(TAKEN) >= WORDS_AT_LEAST
    assert len({source for source, _, _ in (*HEADERS, *LEVELS)}) >= SOURCES_AT_LEAST
    assert len(asked) <= 0.05 * len(ours), asked


@pytest.mark.parametrize("case", TAKEN[::40], ids=lambda case: case[0])
def test_a_gathered_word_is_written_once(case):
    assert sum(word == case[0] for word, _, _ in TAKEN) == 1
