"""Checklists beside STROBE are filled with places that exist, and each is printed where it applies."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Heading, Paragraph, TableBlock
from oligoscope.questions.registry import document_parts
from oligoscope.report.checklists import (
    AUTHORS,
    NOT_APPLICABLE,
    STATISTICS,
    TARGET,
    checklist_sections,
    compared_treatments,
)
from oligoscope.report.document import build_document
from oligoscope.study.protocol import Protocol

FILES = {name: {"files": [f"{name}.csv"]} for name in ("patients", "lesions", "measurements")}


def study(*groupings: str) -> Protocol:
    analyses = [{"kind": "survival", "outcomes": ["os"], "by": by} for by in groupings]
    return Protocol.model_validate({"study": {}, "data": FILES, "analyses": analyses})


def printed(protocol: Protocol, places: dict[str, Text]) -> dict[str, list[list[str]]]:
    """Rows of each checklist in English."""
    blocks = checklist_sections(protocol, places)
    return {
        b.table.id: [[c.text.en for c in row.cells] for row in b.table.rows]
        for b in blocks
        if isinstance(b, TableBlock)
    }


def why(protocol: Protocol) -> Text:
    return next(b.text for b in checklist_sections(protocol, {}) if isinstance(b, Paragraph))


def test_patterns_are_no_treatments_and_the_report_says_why_target_does_not_apply():
    protocol = study("pattern", "resistance")

    assert compared_treatments(protocol) == ()
    assert list(printed(protocol, {})) == ["statistics_checklist"]
    assert "by progression pattern and resistance type" in why(protocol).en
    assert "不是治疗策略，故不适用" in why(protocol).zh


@pytest.mark.parametrize("by", ["line_regimen", "local_after_progression", "arm"])
def test_target_is_printed_where_treatments_are_compared_or_may_be(by):
    protocol = study("pattern", by)

    assert compared_treatments(protocol) == (by,)
    assert "target" in printed(protocol, {})
    assert "TARGET applies to the comparisons by" in why(protocol).en


def test_an_item_names_its_places_the_authors_or_that_it_does_not_apply():
    places = {"methods": Text("方法", "Methods"), "run": Text("运行设置与文件", "Settings and files")}
    rows = {row[0]: row[-1] for row in printed(study("arm"), places)["target"]}

    assert rows["Data analysis plan"] == "Methods"
    assert rows["Data sources"] == "Methods; Settings and files; the rest is for the authors"
    assert rows["Identifying assumptions"] == AUTHORS.en
    assert rows["Missing data"] == NOT_APPLICABLE.en


def test_every_chapter_that_an_item_names_is_a_chapter_of_the_report():
    chapters = {section.chapter.id for _, parts in document_parts() for section in parts.sections}
    named = {
        c for sections in (STATISTICS, TARGET) for _, topics in sections for t in topics for c in t.chapters
    }

    assert named <= chapters | {"methods", "limitations", "withheld", "run"}


def test_the_report_has_them_beside_strobe(made_protocol, compared_results):
    blocks = build_document(made_protocol, compared_results).blocks
    headings = [b.id for b in blocks if isinstance(b, Heading)]
    table = next(
        b.table for b in blocks if isinstance(b, TableBlock) and b.table.id == "statistics_checklist"
    )

    assert headings.index("strobe") < headings.index("statistics-checklist") < headings.index("target")
    assert table.notes[0].zh.startswith("依据：严若华与彭晓霞 2019[")
    assert any("Fig. " in row.cells[-1].text.en for row in table.rows)
