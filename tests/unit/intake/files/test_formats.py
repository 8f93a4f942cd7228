"""The formats that are read are declared in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import oligoscope.intake
from oligoscope.intake.files import formats
from source_trees import nodes_of, tree_of


@pytest.mark.parametrize("name", ["scans.CSV", "scans.csv", Path("a") / "tr.csv"])
def test_a_format_is_known_by_the_end_of_a_name_in_any_case(name):
    assert formats.CSV.is_named(name)
    assert not formats.PARQUET.is_named(name)


def test_a_format_is_known_by_its_first_bytes_and_one_that_has_none_by_no_bytes():
    assert formats.PARQUET.is_content(b"PAR1....")
    assert not formats.PARQUET.is_content(b"patient_id")
    assert not formats.CSV.is_content(b"patient_id")


def test_no_other_file_of_the_intake_decides_by_a_suffix_or_first_bytes_of_its_own():
    room = Path(str(oligoscope.intake.__file__)).parent
    declared = {f.begins for f in formats.EVERY} | {s for f in formats.EVERY for s in f.suffixes}
    for path in room.rglob("*.py"):
        tree = tree_of(path)
        words = {n.value for n in nodes_of(tree) if isinstance(n, ast.Constant)}
        asks = {n.attr for n in nodes_of(tree) if isinstance(n, ast.Attribute)}
        if path.name != "formats.py":
            assert not words & (declared - {b""}), path
            assert "suffix" not in asks, path
