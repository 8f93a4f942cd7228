"""Warnings and methods are declared once: no module writes or takes apart their text, and all that is declared is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import oligoscope
from oligoscope.results.methods import MethodPart
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.test_result import TestName
from oligoscope.stats.doubts import Doubt
from script_modules import script
from source_trees import nodes_of, tree_of

PACKAGE = Path(oligoscope.__file__).parent
DECLARED_IN = (
    "results/warnings.py",
    "results/methods.py",
    "stats/doubts.py",
    "stats/comparison/test_result.py",
)
TREES = {path.relative_to(PACKAGE).as_posix(): tree_of(path) for path in sorted(PACKAGE.rglob("*.py"))}
READERS = {name: tree for name, tree in TREES.items() if name not in DECLARED_IN}
# Methods of a text that would take it apart.
TAKE_APART = frozenset(
    {"split", "startswith", "endswith", "removeprefix", "removesuffix", "partition", "replace", "find"}
)
# `separated` is a common word, and `not_converged` a problem of a fit in stats/.
CODES = tuple(code for code in WarningCode if ("_" in code or " " in code) and code != "not_converged")
PARTS = tuple(str(part).split("{")[0] for part in MethodPart if " " in part or "-" in part)


def texts_of(value: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, blank ones left out."""
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def given(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """What is given as `name=` or under the key "name"."""
    for node in nodes_of(tree):
        if isinstance(node, ast.keyword) and node.arg == name:
            yield node.value
        elif isinstance(node, ast.Dict):
            yield from (
                v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant) and k.value == name
            )  # fmt: skip


def is_attribute(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name


def is_taken_apart(function: ast.expr, name: str) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in TAKE_APART
        and is_attribute(function.value, name)
    )


def compared(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """What is compared with an attribute `.name`, and that attribute where its text is taken apart."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(is_attribute(side, name) for side in sides):
                yield from (side for side in sides if not is_attribute(side, name))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TAKE_APART
        ) and is_attribute(node.func.value, name):
            yield ast.Constant(f".{name}.{node.func.attr}(")


def test_no_warning_is_written_or_read_as_a_text():
    found = [
        (file, text)
        for file, tree in READERS.items()
        for value in (*given(tree, "warning"), *compared(tree, "warning"))
        for text in texts_of(value)
        if text.startswith((*WarningCode, ".warning."))
    ]

    assert found == []


def test_no_method_is_written_or_read_as_a_text():
    found = [
        (file, text)
        for file, tree in READERS.items()
        for value in (*given(tree, "method"), *compared(tree, "method"))
        for text in texts_of(value)
        if text.startswith((*PARTS, ".method.")) or text in list(MethodPart)
    ]

    assert found == []


def literals(tree: ast.AST) -> Iterator[str]:
    """Every text of a module but its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(n.body[0].value)
        for n in nodes_of(tree)
        if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)
    }
    for node in nodes_of(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_code_stands_anywhere_as_a_text():
    assert [(file, text) for file, tree in READERS.items() for text in literals(tree) if text in CODES] == []


def members(tree: ast.AST, enum: str) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == enum:
            yield node.attr


def used(enum: str) -> set[str]:
    return {
        name for file, tree in TREES.items() if file not in DECLARED_IN[:3] for name in members(tree, enum)
    }


def test_every_code_is_used():
    doubted = {WarningCode(Doubt[name].value).name for name in used("Doubt")}

    assert {code.name for code in WarningCode} == used("WarningCode") | doubted
    assert {doubt.name for doubt in Doubt} == used("Doubt")


def test_every_part_of_a_method_is_used():
    tests = {TestName[name].value for name in used("TestName")}

    assert {part.name for part in MethodPart} == used("MethodPart") | {
        p.name for p in MethodPart if p.value in tests
    }


def calls() -> Iterator[tuple[str, WarningCode | MethodPart, set[str]]]:
    """Every code and part that is called with values: where, and the names of the values."""
    for file, tree in READERS.items():
        for node in nodes_of(tree):
            if not isinstance(node, ast.Call):
                continue
            names = {k.arg for k in node.keywords if k.arg and k.arg != "of_columns"}
            for enum, of in (("WarningCode", WarningCode), ("MethodPart", MethodPart)):
                if (
                    isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == enum
                ):
                    yield file, of[node.func.attr], names
            is_remark = isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "Remark.of"
            if is_remark and node.args and ast.unparse(node.args[0]).startswith("Doubt."):
                yield file, WarningCode(Doubt[ast.unparse(node.args[0]).removeprefix("Doubt.")].value), names


def test_each_is_given_the_values_its_sentence_names():
    found = list(calls())

    assert len(found) > 50
    assert [(file, code) for file, code, names in found if names != code.names] == []


def test_the_list_in_the_documents_is_the_declaration():
    """If this fails: PYTHONPATH=src python scripts/print_warnings.py."""
    printer = script("print_warnings")
    text = printer.DOCUMENT.read_text(encoding="utf-8")

    assert printer.with_warnings(text) == text
    assert all(f"`{code}" in text for code in WarningCode)
