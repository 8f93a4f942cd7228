"""A count in an English sentence has the words of one or of several: no sentence says "1 patients"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oligoscope.bilingual import Count, Text
from oligoscope.results.warnings import WarningCode

SOURCE = Path(__file__).parents[1] / "src" / "oligoscope"
ROOMS = (
    "clinical",
    "cohort",
    "intake/checks",
    "printing",
    "questions",
    "report",
    "verification.py",
    "number_key.py",
)
_COUNTED = re.compile(
    r"\{[^{}|]*\} (?:[a-z-]+ ){0,2}(?:patients|events|deaths|pairs|scans|lesions|organs|rows|files|days|variables|levels)\b"
)
# Never 1, or no count.
ALLOWED = (
    "questions/sites/words.py: {percent_text(share)} of patients",  # per cent
    "report/check/drawn_patients.py: {seed} three patients",  # what is drawn from, and no sentence
    "report/numbers/numbers_html.py: {LISTED_WHOLE} patients",
    "report/numbers/numbers_html.py: {} patients",  # by imputation: several counts
    "report/check/marked_book.py: {MOST_LISTED} rows",
    "report/labels.py: {total} rows",  # more than are shown
    "intake/checks/study_patterns.py: {n_patients:,} patients",  # above a limit
    "intake/checks/lesion_series.py: {days:.1f} days",
    "printing/events_per_variable.py: {n} events",  # a ratio
    "printing/adjusted_ratios.py: {fewest} events",  # ratios
    "printing/adjusted_ratios.py: {most} events",
    "cohort/adjusted_ratios.py: {name: why for name, why in known.items() if why} if patients",  # no sentence
    "printing/events_per_variable.py: {n} patients",
    "questions/sites/words.py: {percent_text(e)} of patients",
    "questions/definitions/words.py: {name.en} in these patients",
    "printing/table.py: {len(wrong)} rows",  # an error of ours
)


@pytest.mark.parametrize(
    ("n", "en"), [(0, "0 patients have"), (1, "1 patient has"), ("1,234", "1,234 patients have")]
)
def test_one_is_singular(n, en):
    assert f"{Count(n):patient has|patients have}" == en
    assert f"{Count(n)}" == str(n)
    assert Text("{n} 例", "{n:patient has|patients have}").filled(n=Count(n)) == Text(f"{n} 例", en)


def test_a_warning_counts_one():
    found = WarningCode.TOO_MANY_COLUMNS(columns=3, patients=1).printed

    assert "more than the 1 patient of the smaller group" in found.en
    assert "多于较小一组的 1 例患者" in found.zh


def test_no_sentence_has_a_count_with_words_for_several_alone():
    files = [
        f
        for room in ROOMS
        for f in ([SOURCE / room] if room.endswith(".py") else sorted((SOURCE / room).rglob("*.py")))
    ]
    found = {
        f"{file.relative_to(SOURCE).as_posix()}: {hit}"
        for file in files
        for hit in _COUNTED.findall(file.read_text(encoding="utf-8"))
    }

    assert found - set(ALLOWED) == set()
