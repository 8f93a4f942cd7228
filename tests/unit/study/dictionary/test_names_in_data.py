"""What a column and a level may be called in data: described whole, each name of one column, each word of one level."""

from __future__ import annotations

import re
from itertools import chain, combinations

import pytest

from oligoscope.intake.checks.rule_book import tables_in_markdown
from oligoscope.study.dictionary.headers import forms_of, header_form, headers_of, nearest_columns
from oligoscope.study.dictionary.variable import LevelName, Variable
from oligoscope.study.dictionary.words import (
    NO_WORDS,
    YES_WORDS,
    allowed_levels,
    level_form,
    nearest_levels,
    not_a_level,
    plain,
    read_level,
    read_yes_no,
)
from oligoscope.study.schemas import TABLES, TableSpec

COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
WITH_LEVELS = [(table, column) for table, column in COLUMNS if column.levels]
CHINESE = re.compile("[\u3400-\u9fff]")
_ids_of_levels = [f"{table.name}-{column.name}" for table, column in WITH_LEVELS]


def _printed(level: LevelName) -> tuple[str, ...]:
    full = () if level.full is None else (level.full.zh, level.full.en)
    return (str(level.word), level.name.zh, level.name.en, *full)


TIMES = {"days", "weeks", "months"}


def _names(column: Variable) -> tuple[str, ...]:
    # A time is one of three columns, which its name without the unit does not tell.
    is_time = column.unit is not None and column.unit.word in TIMES
    labels = () if is_time else (column.label.zh, column.label.en)
    return (column.name, *labels, column.printed.zh, column.printed.en)


def test_every_column_says_what_it_decides_and_what_is_lost_without_it():
    for table, column in COLUMNS:
        where = f"{table.name}.{column.name}"
        for text in (column.decides, column.lost_without):
            assert text is not None, where
            assert CHINESE.search(text.zh), where
            assert text.en, where
            assert not CHINESE.search(text.en), where
            assert len(text.en) <= 90, f"{where}: a phrase, not a paragraph"


def test_no_header_of_a_column_is_listed_twice():
    for table, column in COLUMNS:
        forms = [header_form(alias) for alias in column.aliases]
        read_already = {header_form(name) for name in _names(column)}

        assert len(set(forms)) == len(forms), f"{table.name}.{column.name}"
        assert not set(forms) & read_already, f"{table.name}.{column.name}: read without an alias"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_header_is_that_of_two_columns_of_a_table(table: TableSpec):
    for one, other in combinations(table.columns, 2):
        assert not set(forms_of(one)) & set(forms_of(other)), (one.name, other.name)


def test_every_name_and_alias_is_the_header_of_its_column_alone():
    for table, column in COLUMNS:
        for header in (*_names(column), *column.aliases):
            found = [c.name for c in table.columns if headers_of([header], c)]
            assert found == [column.name], f"{table.name}: {header}"


@pytest.mark.parametrize(("table", "column"), WITH_LEVELS, ids=_ids_of_levels)
def test_a_word_is_of_one_level_and_listed_once(table: TableSpec, column: Variable):
    owner: dict[str, str] = {}
    for level in column.levels:
        printed = {level_form(name) for name in _printed(level)}
        synonyms = [level_form(word) for word in level.synonyms]
        assert len(set(synonyms)) == len(synonyms), level.word
        assert not set(synonyms) & printed, f"{level.word}: read without a synonym"
        for form in printed | set(synonyms):
            assert owner.setdefault(form, str(level.word)) == level.word, form


@pytest.mark.parametrize(("table", "column"), WITH_LEVELS, ids=_ids_of_levels)
def test_every_printed_name_and_synonym_is_read_as_its_level(table: TableSpec, column: Variable):
    for level in column.levels:
        # Of a whole number the digits themselves are read as a number.
        words = level.synonyms if column.kind == "integer" else (*_printed(level), *level.synonyms)
        for word in words:
            for written in (
                word,
                word.upper(),
                f" {word} ",
                word.replace(" ", "\u3000"),
                word.replace("(", "（").replace(")", "）"),
            ):
                assert read_level(column, written) == level.word, written


@pytest.mark.parametrize(("table", "column"), WITH_LEVELS, ids=_ids_of_levels)
def test_what_a_cell_may_hold_is_said_in_the_users_words(table: TableSpec, column: Variable):
    """Every level by its printed name; the nearest of them, where one is near."""
    allowed = allowed_levels(column)
    for level in column.levels:
        assert level.name.zh in allowed.zh
        assert level.name.en in allowed.en
        assert level_form(str(level.word)) in level_form(allowed.en)
        assert level_form(str(level.word)) in level_form(allowed.zh)
    odd = f"{column.levels[0].name.zh}x"
    if (near := nearest_levels(column, odd)) and column.kind != "integer":
        assert near[0].name.zh in not_a_level(column, odd).zh.rsplit("最接近", 1)[1]


def test_a_fault_names_the_levels_and_the_nearest():
    histology = TABLES["patients"].column("histology")

    text = not_a_level(histology, "adenocarcinom")

    assert text.en == ("must be Squamous, Adenocarcinoma, Other; nearest: Adenocarcinoma")
    assert text.zh.startswith(
        "应为 鳞癌（squamous）、腺癌（adenocarcinoma）、其他（other）；最接近：腺癌（adenocarcinoma）"
    )
    assert not_a_level(histology, "zzzz") == allowed_levels(histology)


@pytest.mark.parametrize(
    ("table", "header", "meant"),
    [
        ("patients", "末次随诊时间", "last_known_alive_on"), ("patients", "Date of last follow up visit", "last_known_alive_on"),
        ("patients", "histologie", "histology"), ("measurements", "长径（基线）", "diameter_mm"), ("lesions", "Location of lesion", "organ"),
        ("treatments", "Start of regimen", "started_on"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_certain_has_proposals(table, header, meant):
    assert headers_of([header], TABLES[table].column(meant)) == ()
    assert meant in [column.name for column in nearest_columns([header], TABLES[table].columns)[header]]


def test_a_header_unlike_any_has_no_proposal():
    assert nearest_columns(["xyzzy"], TABLES["patients"].columns) == {"xyzzy": ()}


def test_yes_and_no_have_no_word_in_common():
    assert not {*map(plain, YES_WORDS)} & {*map(plain, NO_WORDS)}
    assert all(read_yes_no(word) is True for word in YES_WORDS)
    assert all(read_yes_no(word) is False for word in NO_WORDS)
    assert read_yes_no("不详") is None


def test_the_printed_page_has_every_column_level_header_and_note():
    page = tables_in_markdown().replace("&lt;", "<")
    for _, column in COLUMNS:
        levels = chain.from_iterable((*_printed(level), *level.synonyms) for level in column.levels)
        notes = (
            text[lang] for text in (column.decides, column.lost_without) if text for lang in ("zh", "en")
        )
        for word in (column.name, column.printed.zh, column.printed.en, *column.aliases, *levels, *notes):
            assert word.replace("|", "\\|") in page, (column.name, word)


@pytest.mark.parametrize(
    ("sign", "word"), [("+", "positive"), ("-", None), ("+/-", None), ("EGFR-", None), ("EGFR+", "positive")]
)
def test_a_sign_keeps_its_meaning(sign, word):
    """A dash between letters only joins; elsewhere it is a minus, a negative or a range."""
    assert read_level(TABLES["patients"].column("driver_gene"), sign) == word


@pytest.mark.parametrize("text", ["-1", "0-1", "1/2", "0 or 1", "PS 0-1", "PS 0/1", "≥2", "6"])
def test_a_range_or_a_minus_is_no_performance_status(text):
    assert read_level(TABLES["patients"].column("ecog"), text) is None


@pytest.mark.parametrize("text", ["149", "1", "0", "2", "0.6", "阳性", "101%", ">50%", "1%-"])
def test_a_number_that_may_be_a_code_is_no_class_of_pd_l1(text):
    assert read_level(TABLES["patients"].column("pd_l1"), text) is None
