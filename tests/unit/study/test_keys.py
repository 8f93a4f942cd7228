"""Keys of results: their texts, made again from their parts, and never split at a user's separator."""

from __future__ import annotations

import copy
import json
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oligoscope
from oligoscope.bilingual import OwnText, Text, as_written
from oligoscope.study.keys import (
    Comparison,
    Crossed,
    Key,
    Level,
    LevelOf,
    OwnColumn,
    Patients,
    crossed_parts,
    decode,
    encode,
    groups_as_keys,
    in_sentence,
    is_comparison,
    is_plain,
    parts_of,
    versus,
    whole_of,
)
from oligoscope.study.vocabulary import NAMES, column_name, is_ours, name_of, variable_name

WORDS = st.one_of(
    st.sampled_from(
        (*NAMES, " vs ", "a vs b", "a: b", "x=y", "x -> y", "a, b", "a/b", "a; b", "5%", "per unit")
    ),
    st.text(min_size=1, max_size=12),
)
COLUMNS = st.one_of(
    st.sampled_from(("pattern", "sex", "arm", "lung", "a=b")), st.text(min_size=1, max_size=8)
)
LEVELS = st.builds(Level.of, COLUMNS, WORDS)
KEYS = st.one_of(
    LEVELS,
    st.builds(Comparison.of, LEVELS, LEVELS),
    st.builds(Crossed.of, LEVELS, LEVELS),
    st.builds(LevelOf.of, COLUMNS, LEVELS),
    st.builds(Patients.of, st.sampled_from(("treated", "progressed")), st.dictionaries(COLUMNS, WORDS, max_size=3)),
    st.builds(lambda c, zh, en: OwnColumn.of(c, OwnText(zh, en), {"x": OwnText(zh, en)}, "mm"), COLUMNS, WORDS, WORDS),
)  # fmt: skip


@settings(deadline=None)
@given(KEYS)
def test_a_key_is_made_again_from_json_and_from_a_copy(key: Key):
    for again in (
        decode(json.loads(json.dumps(encode(key)))),
        pickle.loads(pickle.dumps(key)),
        copy.deepcopy(key),
    ):
        assert type(again) is type(key)
        assert (str(again), again.printed, again.parts) == (str(key), key.printed, key.parts)


@settings(deadline=None)
@given(KEYS)
def test_a_plain_key_is_determined_by_its_text(key: Key):
    if is_plain(key) and not isinstance(key, LevelOf | Crossed):
        assert name_of(str(key)) == key.printed or versus(str(key)) == key.printed


@settings(deadline=None)
@given(LEVELS, LEVELS)
def test_what_was_compared_is_known_whatever_the_levels_hold(first: Level, second: Level):
    comparison = Comparison.of(first, second)

    assert str(comparison) == f"{first} vs {second}"
    assert parts_of(comparison) == (first, second)
    assert is_comparison(comparison)
    assert not is_comparison(first)
    assert crossed_parts(Crossed.of(first, second)) == (first, second)


@settings(deadline=None)
@given(st.dictionaries(COLUMNS, WORDS, max_size=3), st.dictionaries(COLUMNS, WORDS, max_size=3))
def test_the_whole_of_a_part_is_known(where, other):
    part = Patients.of("progressed", where)

    assert whole_of(part) == "progressed"
    assert [(level.variable, level.word) for level in part.where] == list(where.items())


@pytest.mark.parametrize(
    ("where", "text", "zh", "en"),
    [
        ({}, "progressed", "进展人群", "Progressed population"),
        (
            {"pattern": "systemic"},
            "progressed:systemic",
            "进展人群（广泛进展）",
            "Progressed population (systemic progression)",
        ),
        ({"sex": "male"}, "progressed:male", "进展人群（男）", "Progressed population (male)"),
        (
            {"pattern": "oligoprogression", "local_after_progression": "no"},
            "progressed:oligoprogression:no",
            "进展后未接受局部治疗的寡进展患者",
            "Oligoprogression patients without local treatment",
        ),
        ({"brain_metastasis": "yes"}, "progressed:brain_metastasis=yes", "进展人群（脑转移：是）", "Progressed population (brain metastases: yes)"),
        ({"local_after_progression": "yes"}, "progressed:yes", "进展人群（是）", "Progressed population (yes)"),
        ({"arm": "Treated"}, "progressed:arm=Treated", "进展人群（arm：Treated）", "Progressed population (arm: Treated)"),
        ({"histology": "other"}, "progressed:histology=other", "进展人群（病理类型：其他）", "Progressed population (histology: other)"),
    ],
)  # fmt: skip
def test_parts_of_a_population_are_named_by_their_level_unless_that_is_unclear(where, text, zh, en):
    part = Patients.of("progressed", where)

    assert (str(part), part.printed.zh, part.printed.en) == (text, zh, en)


@pytest.mark.parametrize("word", NAMES)
def test_a_word_of_ours_as_a_users_column_or_level_is_printed_as_written(word):
    level = Level.of("my column", word)

    assert name_of(level) == as_written(word)
    assert in_sentence(name_of(level)).en == word
    assert versus(Comparison.of(level, level)).zh == f"{word} vs {word}"
    if not is_ours(word):
        assert column_name(word) == as_written(word.replace("_", " "))


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("age_years", "Age"),
        ("pd_l1_tps", "PD-L1 TPS"),
        ("HER2/neu", "HER2/neu"),
        ("time, h", "time, h"),
        ("lung", "lung"),
    ],
)
def test_only_a_declared_unit_is_left_out_of_a_name(variable, name):
    assert variable_name(variable).en == name


def test_a_level_all_is_distinct_from_all_patients():
    groups = (Level.of("arm", "all"), Level.of("arm", "B"))

    assert groups_as_keys(groups) == ("arm=all", "B")
    assert [name_of(g).en for g in groups_as_keys(groups)] == ["all", "B"]


def test_words_of_the_users_keep_their_capitals_inside_a_sentence():
    assert in_sentence(as_written("Recurrent")).en == "Recurrent"
    assert in_sentence(Text("性别", "Sex")).en == "sex"
    assert in_sentence(Text("", "PD-L1 expression")).en == "PD-L1 expression"


TAKEN_APART = re.compile(
    r"""split\(" vs "|" vs " (not )?in |split\(CROSSED|population\.split\(|name_of\((by|variable|\w+\.variable)\)"""
)


def test_no_module_splits_a_key_or_looks_up_a_column_among_the_levels():
    """Keys are values: `study.keys` makes them and gives their parts; columns have `column_name`."""
    package = Path(oligoscope.__file__).parent
    rooms = ("cohort", "questions", "drawing", "printing", "report", "published")
    found = [
        f"{path.relative_to(package)}:{i}: {line.strip()}"
        for room in rooms
        for path in sorted((package / room).rglob("*.py"))
        for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TAKEN_APART.search(line)
    ]

    # A plain text, of a folder of another version, is read by its separators.
    assert [f for f in found if not f.startswith("printing/cautions.py")] == []
