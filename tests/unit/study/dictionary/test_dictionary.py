"""The dictionary: everything in it has its names in both languages, and nothing outside it repeats them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from oligoscope.bilingual import OwnText, Text
from oligoscope.engines.written_tables import MORE_OF_PATIENTS
from oligoscope.study import schemas
from oligoscope.study.dictionary import (
    classified,
    derived,
    given,
    given_lesions,
    given_patients,
    levels,
    places,
    populations,
    reported,
    variable,
)
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.dictionary.terms import Pattern, Population, Resistance, Response, State
from oligoscope.study.dictionary.variable import LevelName, Measure, Variable
from oligoscope.study.vocabulary import OUTCOMES, VARIABLES
from source_trees import nodes_of, tree_of

CHINESE = re.compile("[\u3400-\u9fff]")
MODULES = (
    given,
    given_patients,
    given_lesions,
    classified,
    derived,
    reported,
    levels,
    places,
    populations,
    variable,
)


def _found(kind: type) -> list:
    """Every value of a kind that the dictionary declares, inside tuples, too."""
    stack = [value for module in MODULES for value in vars(module).values()]
    found = []
    while stack:
        value = stack.pop()
        if isinstance(value, kind):
            found.append(value)
        if isinstance(value, tuple):
            stack += value
        elif isinstance(value, Variable):
            stack += value.levels
    return list(dict.fromkeys(found))


DECLARED_VARIABLES, DECLARED_LEVELS = _found(Variable), _found(LevelName)
DEFINITIONS = (*PROGRESSION_DEFINITIONS.values(), *RESISTANCE_DEFINITIONS.values())


def test_the_dictionary_is_all_here():
    assert len(DECLARED_VARIABLES) > 80
    assert {c for t in schemas.TABLES.values() for c in t.columns} <= set(DECLARED_VARIABLES)
    assert set(VARIABLES.values()) <= set(DECLARED_VARIABLES)


@pytest.mark.parametrize("one", DECLARED_VARIABLES, ids=lambda v: v.name)
def test_a_variable_has_both_languages_and_what_its_kind_needs(one):
    for text in (one.printed, one.label):
        assert _is_bilingual(text)
    assert not isinstance(one.label, OwnText)
    assert (one.low is None) == (one.high is None)
    assert len(set(one.words)) == len(one.words)
    assert isinstance(one.aliases, tuple)
    assert not {one.name, one.printed.zh, one.printed.en} & set(one.aliases), "read without an alias"
    for language in ("zh", "en"):
        names = [level.name[language] for level in one.levels]
        assert len(set(names)) == len(names), "two levels with one name"
    if one in {c for t in schemas.TABLES.values() for c in t.columns}:
        assert bool(one.levels) == (
            one.kind == "level" or one.name in {"ecog", "ecog_at_progression", "line"}
        )


def test_every_level_has_both_languages():
    for level in DECLARED_LEVELS:
        for text in (level.name, level.in_full, level.full):
            assert text is None or _is_bilingual(text), level.word


@pytest.mark.parametrize("measure", _found(Measure), ids=lambda v: v.word)
def test_a_unit_has_both_languages(measure):
    assert measure.word
    assert measure.sign is None or (measure.sign.zh and measure.sign.en)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_has_both_languages(outcome):
    assert _is_bilingual(OUTCOMES[outcome])


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: f"{type(d).__name__}-{d.name}")
def test_a_definition_has_both_languages(definition):
    sentences = [rule.sentence for rule in getattr(definition, "rules", ())]
    for text in (definition.printed, definition.methods, definition.source, *sentences):
        assert text.zh
        assert text.en
    for text in (definition.methods, *sentences):
        assert CHINESE.search(text.zh)


def _is_bilingual(text: Text) -> bool:
    """Chinese in Chinese and none in English; codes (CR, ≥50%, IV) are the same in both."""
    return bool(text.zh and text.en and not CHINESE.search(text.en))


@pytest.mark.parametrize(
    ("codes", "declared"),
    [
        (Response, levels.RESPONSES),
        (State, given_lesions.STATE.levels),
        (Pattern, VARIABLES["pattern"].levels),
        (Resistance, VARIABLES["resistance"].levels),
        (Population, VARIABLES["population"].levels),
    ],
)
def test_every_code_is_a_level(codes, declared):
    assert {level.word for level in declared} == set(codes)


def test_every_column_of_patients_csv_is_declared():
    times = {
        f"{outcome}_{end}" for outcome in (*OUTCOMES, "pfs2_ema") for end in ("days", "event", "entry_days")
    }
    written = {*schemas.PATIENTS_OUT, *MORE_OF_PATIENTS}

    assert written - times - set(VARIABLES) == set()


# ---- stated once ----------------------------------------------------------------------------------


def test_no_name_of_the_dictionary_is_written_again_elsewhere(repository):
    """A name is looked up (column_name, name_of_level, Variable.printed), so that changing it touches one file."""
    names = {(t.zh, t.en) for v in DECLARED_VARIABLES for t in (v.label, v.printed)}
    names |= {(t.zh, t.en) for level in DECLARED_LEVELS for t in (level.name, level.full) if t is not None}
    names |= {(d.printed.zh, d.printed.en) for d in DEFINITIONS}
    package = repository / "src" / "oligoscope"
    repeated = [
        f"{file.relative_to(repository)}:{line}: {pair}"
        for file in sorted(package.rglob("*.py"))
        if file.parent != package / "study" / "dictionary"
        for line, pair in _texts(file)
        if pair in names
    ]

    assert repeated == []


def _texts(file: Path) -> list[tuple[int, tuple[str, str]]]:
    found = []
    for node in nodes_of(tree_of(file)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
            pair = tuple(a.value for a in node.args if isinstance(a, ast.Constant))
            if len(pair) == 2 and pair[0] != pair[1]:  # a code (CR, 0) has no other name
                found.append((node.lineno, pair))
    return found
