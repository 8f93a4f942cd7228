"""A patient's page as a document, and as one self-contained HTML file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oligoscope.bilingual import Language, Text
from oligoscope.clinical.management_texts import CAUTION, SOURCES
from oligoscope.printing.blocks import Block, Document, Heading, Notice, Numbering, Paragraph
from oligoscope.printing.cautions import DISCLAIMER
from oligoscope.report.figure_files import naming_undrawn
from oligoscope.report.html.html import write_html
from oligoscope.report.patient.lesion_spider import draw_lesion_spider
from oligoscope.report.patient.patient_lesions import spider_frame
from oligoscope.report.patient.patient_page import PatientPage
from oligoscope.report.patient.patient_tables import (
    REASONS_ID,
    tabulate_labels,
    tabulate_lesions,
    tabulate_progression,
    tabulate_reasons,
    tabulate_visits,
)
from oligoscope.report.patient.patient_timeline import draw_patient_timeline


def write_patient_html(page: PatientPage, language: Language, other_file: str | None = None) -> str:
    """The whole page.

    Args:
        page: The patient.
        language: zh or en; every word of the page is in it.
        other_file: Where the page in the other language is; None: there is none to lead to.
    """
    document = naming_undrawn(build_patient_document(page), language)
    html = write_html(document, language, other_file or "#")
    return html if other_file else re.sub(r'<p class="other">.*?</p>\n', "", html, count=1)


def build_patient_document(page: PatientPage) -> Document:
    """The page as headings, tables, figures and sentences, in order."""
    numbers = Numbering()
    title = Text(f"患者 {page.patient_id}：{page.study.zh}", f"Patient {page.patient_id}: {page.study.en}")
    blocks: tuple[Block, ...] = (
        Heading(Text("说明", "Before you read"), "about"),
        Notice("disclaimer", DISCLAIMER),
        Heading(Text("概要", "Summary"), "summary"),
        numbers.table(tabulate_labels, page),
        *_course(page, numbers),
        *_visits(page, numbers),
        *_lesions(page, numbers),
        *_management(page),
        Heading(Text("各结论的依据", "Why each label is what it is"), REASONS_ID),
        numbers.table(tabulate_reasons, page),
    )
    return Document(title, blocks, page.synthetic)


def _course(page: PatientPage, numbers: Numbering) -> Iterator[Block]:
    if page.events.is_empty():
        return
    yield Heading(Text("病程", "Course"), "course")
    yield numbers.figure(draw_patient_timeline, page.patient_id, page.events, synthetic=page.synthetic)


def _visits(page: PatientPage, numbers: Numbering) -> Iterator[Block]:
    yield Heading(Text("各次评估", "Assessments"), "visits")
    if not page.visits:
        yield Paragraph(Text("没有评估记录。", "No assessment is recorded."))
        return
    yield numbers.table(tabulate_visits, page)


def _lesions(page: PatientPage, numbers: Numbering) -> Iterator[Block]:
    yield Heading(Text("病灶", "Lesions"), "lesions")
    if not page.lesions:
        yield Paragraph(Text("没有病灶记录。", "No lesion is recorded."))
        return
    sized = spider_frame(page.lesions, page.scans, page.progressed_day)
    if sized.height:
        n_unsized = len(page.lesions) - sized["lesion"].n_unique()
        yield numbers.figure(
            draw_lesion_spider, page.patient_id, sized, page.progressed_day, n_unsized=n_unsized,
            synthetic=page.synthetic,
        )  # fmt: skip
    yield numbers.table(tabulate_lesions, page)
    if any(lesion.progressing is not None for lesion in page.lesions):
        yield numbers.table(tabulate_progression, page)


def _management(page: PatientPage) -> Iterator[Block]:
    advice = page.advice
    if advice is None:
        return
    yield Heading(Text("进展后处理的文献观点", "What a source says on management"), "management")
    yield Notice("caution", CAUTION)
    first, *others = advice.sentences
    if advice.withheld_because:
        yield Notice("withheld", first)
    else:
        tier = advice.tier_text
        if tier is not None:
            yield Paragraph(Text(f"分层：{tier.zh}。", f"Tier: {tier.en}."))
        yield Paragraph(first)
        source = SOURCES[advice.source]
        yield Paragraph(Text(f"分层依据：{source.zh}。", f"Source of the tier: {source.en}."))
    for sentence in others:
        yield Paragraph(sentence)
    if advice.evidence:
        yield Heading(Text("证据", "Evidence"), "evidence", 3)
        for text in advice.evidence:
            yield Paragraph(text)
