"""Checklist, limitations, abbreviations and management: only what the report holds, in both languages alike."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Heading, Paragraph, TableBlock
from oligoscope.printing.chapters import PATIENTS
from oligoscope.questions.management.numbers import count_management
from oligoscope.questions.management.section import tabulate_management
from oligoscope.report.checklists import AUTHORS
from oligoscope.report.closing_sections import ITEMS, tabulate_strobe
from oligoscope.report.document import build_document
from oligoscope.report.limitations import limitations
from oligoscope.results.analyses import MANAGEMENT, MATCHING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING
from unit.stored_results import row


@pytest.fixture(scope="module")
def document(made_results, made_protocol):
    return build_document(made_protocol, made_results)


def digits(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


def test_the_checklist_has_the_22_items_and_points_only_to_sections_that_exist(document):
    table = next(b.table for b in document.blocks if isinstance(b, TableBlock) and b.table.id == "strobe")

    assert [row.cells[0].text.en for row in table.rows] == [str(n) for n in range(1, 23)]
    assert len(ITEMS) == 22
    for line in table.rows:
        assert digits(line.cells[2].text.zh) == digits(line.cells[2].text.en)


def test_an_empty_report_leaves_every_item_to_the_authors():
    table = tabulate_strobe([Heading(Text("甲", "A"), "elsewhere"), Paragraph(Text("乙", "B"))], (PATIENTS,))

    assert {row.cells[2].text for row in table.rows} == {AUTHORS}


def test_a_failed_gate_is_a_limitation_and_a_passed_one_is_none(made_protocol):
    verdict = row(analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    failed, passed = Results((verdict,)), Results((replace(verdict, value=0.05, warning=NO_WARNING),))

    assert any(f"{verdict.value:.3f}" in text.en for text, _ in limitations(made_protocol, failed))
    assert not any("imbalance" in text.en for text, _ in limitations(made_protocol, passed))


def test_management_counts_tiers_and_reasons():
    frame = pl.DataFrame({
        "tier": ["late_oligo", "late_oligo", None], "withheld_because": [None, None, "lower_bound"],
        "notes": ["primary_resistance;fallback_used", None, "fallback_used"],
    })  # fmt: skip

    results = Results(tuple(count_management(frame, "progressed")))

    keys: dict[str, Any] = {"analysis": MANAGEMENT, "population": "progressed", "statistic": Statistic.N}
    assert results.value(**keys, variable="tier", level="late_oligo") == 2
    assert results.value(**keys, variable="note", level="fallback_used") == 2
    table = tabulate_management(results)
    assert [row.cells[1].text.en for row in table.rows][-1] == "1 (33.3)"
