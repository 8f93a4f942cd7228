"""docs/methods.md explains every name that stands in results.csv."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from acceptance.commands import ROOT
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import run_study
from oligoscope.workflow import check_study

PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
EXPLAINED = {
    name for row in re.findall(r"^\| (`[^|]*`) \|", PAGE, re.M) for name in re.findall(r"`(\w+)`", row)
}


def in_a_demo_run(column: str, folder: Path) -> set[str]:
    study = write_cohort(make_cohort(20250408, 200), folder)
    checked = check_study(study)
    return set(run_study(checked.protocol, checked.tables).results.frame()[column])


def in_the_code(column: str) -> set[str]:
    """Words given as `column=...`, `{"column": ...}` or, of an analysis, `ANALYSIS = ...`; no words in braces."""
    found = set()
    for path in (ROOT / "src" / "oligoscope" / "analysis").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pairs: list[tuple[object, ast.expr | None]] = []
            if isinstance(node, ast.keyword):
                pairs = [(node.arg, node.value)]
            elif isinstance(node, ast.Dict):
                pairs = [
                    (k.value, v)
                    for k, v in zip(node.keys, node.values, strict=True)
                    if isinstance(k, ast.Constant)
                ]
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                pairs = [(node.targets[0].id.lower(), node.value)]
            found |= {v.value for k, v in pairs if k == column and isinstance(v, ast.Constant)}
    return found


@pytest.mark.parametrize("column", ["analysis", "statistic"])
def test_every_name_in_results_is_explained(column, tmp_path):
    names = in_a_demo_run(column, tmp_path) | in_the_code(column)

    assert len(names) > 15
    assert names - EXPLAINED == set()
