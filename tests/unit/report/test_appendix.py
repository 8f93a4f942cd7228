"""Tables of the record of a run."""

from __future__ import annotations

import pytest

from oligoscope.report.appendix import tabulate_issues


@pytest.mark.parametrize(
    ("rows", "number", "where"),
    [
        ([None, None], "2", "patients"),  # of the whole table, said by two analyses
        ([3, 8], "2", "patients row 3; patients row 8"),
        ([3, 3, 8], "3", "patients row 3; patients row 8"),
        ([1, 2, 3, 4, 4], "5", "patients row 1; patients row 2; patients row 3; …"),
    ],
)
def test_issues_of_a_kind_are_counted_and_each_place_is_named_once(rows, number, where):
    issue = {
        "grade": "warning",
        "table": "patients",
        "column": "ecog",
        "rule": "r",
        "expected_en": "e",
        "expected_zh": "e",
    }
    (only,) = tabulate_issues([issue | {"row": n} for n in rows]).rows

    assert [cell.text.en for cell in only.cells][-2:] == [number, where]
