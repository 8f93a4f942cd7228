"""The findings of the check that an answer can settle, and the questions that they are: one for each distinct thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oligoscope.mapping import (
    codes_asked,
    headers_asked,
    numbers_asked,
    readings_asked,
    scans_asked,
    tests_asked,
    words_asked,
)
from oligoscope.mapping.question import Question, Seen


@dataclass(frozen=True, slots=True)
class Asked:
    """Findings that are asked about.

    Attributes:
        rules: Of the findings.
        questions: One for each distinct thing.
    """

    rules: tuple[str, ...]
    questions: Callable[[Seen], Iterator[Question]]


_CELLS = ("value_unreadable", "value_ignored")
# In the order in which they are put: what decides how a whole table is read, then columns, then words.
ASKED = (
    Asked(("wide_unclear",), scans_asked.wide),
    Asked(("column_missing",), headers_asked.lacking),
    Asked(("column_ambiguous",), headers_asked.ambiguous),
    Asked(("domain_rows_unused",), tests_asked.tests),
    Asked(_CELLS, headers_asked.misread),
    Asked(("reader_not_chosen",), scans_asked.readers),
    Asked(_CELLS, readings_asked.orders),
    Asked(_CELLS, readings_asked.serials),
    Asked(("unit_unknown",), readings_asked.units),
    Asked(("patient_in_centimetres",), readings_asked.units_by_patient),
    Asked(("fraction_or_percent",), readings_asked.fractions),
    Asked(_CELLS, readings_asked.scales),
    Asked(_CELLS, readings_asked.commas),
    Asked(_CELLS, readings_asked.two_diameters),
    Asked(("unknown_patient",), numbers_asked.patients_spelt),
    Asked(("lesion_undeclared",), numbers_asked.lesions_spelt),
    Asked(_CELLS, codes_asked.codes),
    Asked(_CELLS, words_asked.words),
    Asked(("place_unknown",), words_asked.places),
)


def questions_of(seen: Seen) -> Iterator[Question]:
    """The questions that the findings are."""
    for asked in ASKED:
        yield from asked.questions(seen)
