"""Keys of results: each is declared once, with both languages, used, and never written as a plain word in the code."""

from __future__ import annotations

import ast
import csv
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oligoscope.bilingual import Text
from oligoscope.errors import UsageError
from oligoscope.questions.registry import QUESTIONS
from oligoscope.results import analyses
from oligoscope.results.analyses import LANDMARK, SURVIVAL, Analysis, analysis_of
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import (
    AT_MONTHS,
    LandmarkAt,
    Statistic,
    StatisticAt,
    at_months,
    landmark_at,
    statistic_of,
)
from oligoscope.results.units import OwnUnit, Unit, unit_of
from oligoscope.results_files import read_results, write_results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.vocabulary import VARIABLES
from script_modules import script
from source_trees import nodes_of, tree_of

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "oligoscope"
ANALYSES = {name: key for name, key in vars(analyses).items() if isinstance(key, Analysis)}
DECLARED: dict[str, set[str]] = {
    "analysis": {str(question.kind) for question in QUESTIONS} | {str(key) for key in ANALYSES.values()},
    "statistic": {str(statistic) for statistic in Statistic},
    "unit": {str(unit) for unit in Unit},
    "outcome": {str(outcome) for outcome in Outcome},
}
DECLARING = (
    "results/statistics.py",
    "results/units.py",
    "results/analyses.py",
    "study/dictionary/outcomes.py",
)


def modules(*without: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(without):
            yield name, tree_of(path)


def words(node: ast.AST | None) -> Iterator[ast.Constant]:
    """Plain words that an expression may give; not those inside a call."""
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.Set() | ast.Tuple() | ast.List():
            for element in node.elts:
                yield from words(element)
        case ast.IfExp():
            yield from words(node.body)
            yield from words(node.orelse)
        case ast.Call(func=ast.Name(id="frozenset" | "set" | "tuple")):
            for argument in node.args:
                yield from words(argument)


def key_of(node: ast.AST) -> str | None:
    """The key that an expression reads: `e.statistic`, `statistic`, `keys["statistic"]`."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Subscript(slice=ast.Constant(value=name)):
            return name if name in DECLARED else None
    return None


def as_keys(tree: ast.Module) -> Iterator[tuple[object, ast.AST | None]]:
    """What is given as, or compared with, a key."""
    for node in nodes_of(tree):
        match node:
            case ast.keyword(arg=str(name)):
                yield name, node.value
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield key.value, value
            case ast.arguments():
                places = (
                    (node.args[len(node.args) - len(node.defaults) :], node.defaults),
                    (node.kwonlyargs, node.kw_defaults),
                )
                for arguments, defaults in places:
                    yield from ((a.arg, d) for a, d in zip(arguments, defaults, strict=True))
            case ast.Compare():
                sides = [node.left, *node.comparators]
                yield from ((key, side) for of in sides if (key := key_of(of)) for side in sides)


def plain_keys(name: str, tree: ast.Module) -> set[str]:
    """`file:line: word` of every declared key that is written as a plain word in a key's position."""
    return {
        f"{name}:{word.lineno}: {key} {word.value}"
        for key, value in as_keys(tree)
        for word in words(value)
        if isinstance(key, str) and word.value in DECLARED.get(key, ())
    }  # fmt: skip


def plain_outcomes(name: str, tree: ast.Module) -> set[str]:
    return {
        f"{name}:{node.lineno}: {node.value}"
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant) and node.value in DECLARED["outcome"]
    }


def printer() -> ModuleType:
    return script("print_keys")


def test_no_declared_key_is_written_as_a_plain_word():
    """In study/, which results/ is built on, a kind of analysis and a unit are words of study.yaml."""
    found = {w for name, tree in modules(*DECLARING, "stats/", "study/") for w in plain_keys(name, tree)}
    found |= {w for name, tree in modules(*DECLARING, "stats/") for w in plain_outcomes(name, tree)}

    assert sorted(found) == []


@pytest.mark.parametrize(
    "code",
    [
        'find(statistic="n")',
        '{"analysis": "survival"}',
        'e.unit == "months"',
        'e.statistic in {"smd", "p_value"}',
        'def f(outcome="os"): ...',
        'keys["statistic"] == ("n" if x else "events")',
    ],
)
def test_a_plain_word_is_found_in_each_of_these(code):
    assert plain_keys("made.py", ast.parse(code))


def test_every_declared_key_is_used():
    used: set[str] = set()
    for _, tree in modules():
        for node in nodes_of(tree):
            if isinstance(node, ast.Attribute):
                used.add(f"{ast.unparse(node.value)}.{node.attr}")
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(f"analyses.{node.id}")
    declared = {f"{type(key).__name__}.{key.name}" for keys in (Statistic, Unit, Outcome) for key in keys}
    declared |= {f"analyses.{name}" for name in ANALYSES}
    of_columns = {
        f"Unit.{Unit(word).name}" for word in {v.unit.word for v in VARIABLES.values() if v.unit is not None}
    }

    assert sorted(declared - used - of_columns) == []


def test_every_key_has_both_languages():
    keys = [*Statistic, *Unit, *Outcome, *(question.kind for question in QUESTIONS)]
    texts = [key.printed for key in keys] + [s.meaning for s in Statistic if s.meaning is not None]

    assert [text for text in texts if not (text.zh and text.en)] == []
    assert [t for t in texts if not re.search("[\u4e00-\u9fff]", t.zh)] == [
        Text("%", "percent"), Text("mm", "mm"), Text("F", "F"),
    ]  # fmt: skip


def test_every_analysis_has_one_question():
    kinds = [question.kind for question in QUESTIONS]

    assert len(kinds) == len(set(kinds))
    assert set(ANALYSES.values()) <= set(kinds)


def test_a_statistic_at_a_month_knows_its_family():
    found = statistic_of("survival_12_months")

    assert isinstance(found, StatisticAt)
    assert (found.family, found.months) == (Statistic.SURVIVAL, 12)
    assert found == at_months(Statistic.SURVIVAL, 12) == "survival_12_months"
    assert found.printed == Text("12 个月生存率", "Survival at 12 months")
    assert at_months(Statistic.INCIDENCE, 3).printed == Text(
        "3 个月累积发生率", "Cumulative incidence at 3 months"
    )


def test_what_was_never_declared_is_refused_by_name():
    for of, word in (
        (statistic_of, "median_9_months"),
        (statistic_of, "hazardratio"),
        (analysis_of, "survivals"),
    ):
        with pytest.raises(ValueError, match=word):
            of(word)
    assert unit_of("g/l") == OwnUnit("g/l")
    assert unit_of("months") is Unit.MONTHS


KEYS: tuple[Any, ...] = (
    Statistic.N, at_months(Statistic.SURVIVAL, 6), Unit.MONTHS, OwnUnit("g/l"), SURVIVAL, Outcome.OS, landmark_at(3)
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_key_survives_another_process(key):
    again = pickle.loads(pickle.dumps(key))

    assert (again, type(again), again.printed if hasattr(key, "printed") else "") == (
        key, type(key), key.printed if hasattr(key, "printed") else "",
    )  # fmt: skip


def every_statistic() -> Results:
    timed = [at_months(family, months) for family in AT_MONTHS for months in (6, 12)]
    one = Estimate(analysis=SURVIVAL, statistic=Statistic.N, value=0.5, n=3)
    return Results(
        (
            *(replace(one, statistic=statistic) for statistic in (*Statistic, *timed)),
            *(replace(one, analysis=question.kind, group="unit") for question in QUESTIONS),
            *(replace(one, level=unit, unit=unit) for unit in (*Unit, OwnUnit("g/l"))),
            replace(one, analysis=LANDMARK, variable=landmark_at(3), outcome=Outcome.OS),
        )
    )


def test_a_saved_run_gives_typed_keys_again(tmp_path):
    written = every_statistic()
    write_results(written, tmp_path)

    found = read_results(tmp_path).estimates

    assert found == written.estimates
    for before, after in zip(written.estimates, found, strict=True):
        assert type(after.analysis) is Analysis
        assert type(after.statistic) is type(before.statistic)
        assert type(after.unit) is type(before.unit)
    assert isinstance(found[-1].variable, LandmarkAt)


def test_a_statistic_that_is_none_of_ours_is_refused_in_a_sentence(tmp_path):
    write_results(every_statistic(), tmp_path)
    file = tmp_path / "results.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",kappa,", ",cappa,"), encoding="utf-8")

    with pytest.raises(UsageError, match="'cappa'"):
        read_results(tmp_path)


def problems(schema: dict[str, Any], rows: list[dict[str, str]]) -> list[str]:
    """What of a file a Table Schema does not allow."""
    found = []
    reads = {"string": str, "number": float, "integer": int}
    for i, row in enumerate(rows, start=2):
        for column in schema["fields"]:
            cell, limits = row[column["name"]], column["constraints"]
            if cell in schema["missingValues"]:
                found += [f"{i} {column['name']}: blank"] if limits["required"] else []
                continue
            reads[column["type"]](cell)
            if cell not in limits.get("enum", [cell]) or not re.fullmatch(
                limits.get("pattern", ".*"), cell, re.DOTALL
            ):
                found.append(f"{i} {column['name']}: {cell}")
    keys = [tuple(row[name] for name in schema["uniqueKeys"][0]) for row in rows]
    return found + [f"twice: {key}" for key in set(keys) if keys.count(key) > 1]


def test_results_are_as_their_schema_says(tmp_path):
    schema = printer().table_schema()
    write_results(every_statistic(), tmp_path)
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == [column["name"] for column in schema["fields"]]
    assert problems(schema, rows) == []
    assert problems(schema, [rows[0] | {"statistic": "cappa"}, rows[1] | {"analysis": ""}]) == [
        "2 statistic: cappa", "3 analysis: blank",
    ]  # fmt: skip


def test_the_docs_print_what_is_declared():
    """Run `python scripts/print_keys.py` where this fails."""
    keys = printer()

    assert keys.printed_page(keys.PAGE.read_text(encoding="utf-8")) == keys.PAGE.read_text(encoding="utf-8")
    assert keys.printed_schema() == keys.TABLE_SCHEMA.read_text(encoding="utf-8")
