"""Tests take the numbers of a table, figure or sentence from those who make them, and do not write their keys again.

`unit.stored_results` gives rows of the stored run, with other values where a test needs them.
"""

from __future__ import annotations

import re

# Tests of Estimate and Results themselves, of a question or a paper made up for the test, and of rules for any key.
MADE_THERE = {
    "tests/test_keys.py",
    "tests/unit/cohort/test_attempts.py",
    "tests/unit/cohort/test_imputations_made.py",  # of any table
    "tests/unit/eight_patients.py",
    "tests/unit/printing/test_whole_parts.py",  # parts of matched patients, each with its share of a count
    "tests/unit/published/test_comparison.py",
    "tests/unit/questions/flow/test_matching_box.py",  # several controls to one, which the stored run does not have
    "tests/unit/questions/test_registry.py",
    "tests/unit/report/conftest.py",
    "tests/unit/report/test_adjusted_table.py",  # ratios adjusted in analyses that the stored run does not have
    "tests/unit/report/test_target_trial.py",  # numbers that only say that an analysis was done
    "tests/unit/results/test_small_cells.py",
    "tests/unit/test_results_files.py",
}


def test_no_other_test_makes_a_row_of_results(repository):
    found = {
        path.relative_to(repository).as_posix()
        for path in (repository / "tests").rglob("*.py")
        if re.search(r"\bEstimate\s*\(", path.read_text(encoding="utf-8"))
    }

    assert found == MADE_THERE, "take the row from unit.stored_results"
