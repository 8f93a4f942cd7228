"""Criteria of response are declared once; what differs between them is a field of their row."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import oligoscope
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.protocol import ResponseSettings
from source_trees import nodes_of, tree_of


def test_every_declared_name_is_a_setting_and_no_other():
    for name in CRITERIA:
        assert ResponseSettings.model_validate({"criteria": name}).criteria == name
    with pytest.raises(ValueError, match="criteria"):
        ResponseSettings.model_validate({"criteria": "recist"})
    assert ResponseSettings().criteria == RECIST_1_1


@pytest.mark.slow
def test_no_other_file_decides_by_the_name_of_criteria():
    for path in Path(str(oligoscope.__file__)).parent.rglob("*.py"):
        compared = {
            side.value
            for node in nodes_of(tree_of(path))
            if isinstance(node, ast.Compare)
            for side in node.comparators
            if isinstance(side, ast.Constant)
        }
        assert not compared & set(CRITERIA), path
