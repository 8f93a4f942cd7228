"""A patient's page as a document, as HTML and on disk, where it never replaces a file that is not such a page."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from oligoscope.bilingual import Language, Text
from oligoscope.clinical.management_texts import CAUTION, SOURCES
from oligoscope.errors import SystemRefusal, UsageError
from oligoscope.plain_text import digest, file_stem
from oligoscope.printing.blocks import Block, Document, Heading, Notice, Numbering, Paragraph
from oligoscope.printing.cautions import DISCLAIMER
from oligoscope.report.figure_files import naming_undrawn
from oligoscope.report.html.html import write_html
from oligoscope.report.patient.patient_lesions import draw_lesion_spider, spider_frame
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
from oligoscope.system.refusals import reason, remedy
from oligoscope.system.whole_file import must_be_writable, write_whole

_OURS = ('<meta name="generator" content="Oligoscope">', f'<section id="{REASONS_ID}"')


def patient_files(patient_id: str, out: Path, languages: Iterable[Language]) -> dict[Language, Path]:
    """Where each language's page goes.

    Args:
        patient_id: Names the files in a folder.
        out: A file ending in .html (of two languages, NAME.zh.html and NAME.en.html), else a folder.
        languages: zh, en or both.

    Raises:
        UsageError: A file there is not a patient's page of ours.
        SystemRefusal: It cannot be written.
    """
    languages = tuple(languages)
    paths: dict[Language, Path]
    if out.suffix.lower() == ".html" and not out.is_dir():
        stem = out.with_suffix("")
        paths = {lang: out if len(languages) == 1 else Path(f"{stem}.{lang}.html") for lang in languages}
    elif out.exists() and not out.is_dir():
        raise UsageError(
            f"{out} is a file. Choose a folder, or a file that ends in .html, with --out.",
            zh=f"{out} 是文件。请用 --out 指定文件夹，或以 .html 结尾的文件。",
        )
    else:
        paths = {lang: out / f"patient-{file_name(patient_id)}.{lang}.html" for lang in languages}
    foreign = [str(p) for p in paths.values() if os.path.lexists(p) and not is_patient_page(p)]
    if foreign:
        raise UsageError(
            f"Not a patient's page written by Oligoscope: {', '.join(foreign)}. Choose another name with --out.",
            zh=f"不是 Oligoscope 写出的患者页：{', '.join(foreign)}。请用 --out 另取名字。",
        )
    for path in paths.values():
        must_be_writable(path)
    return paths


def file_name(patient_id: str) -> str:
    """The identifier as a part of a file name: signs that some system forbids become "_", a long one is cut.

    Where that changes it, a number made from the whole follows, so that `A/1` and `A:1` have a page each.
    """
    stem = file_stem(patient_id, r'[\x00-\x1f\x7f<>:"/\\|?*\s]+', "_").strip("._")
    if stem == patient_id or stem.endswith(digest(patient_id)):
        return stem
    return f"{stem or 'patient'}-{digest(patient_id)}"


def is_patient_page(path: Path) -> bool:
    """Whether a file is a patient's page of ours, and so may be written again."""
    try:
        if not path.is_file():
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return all(mark in text for mark in _OURS)


def write_patient_files(page: PatientPage, paths: dict[Language, Path]) -> None:
    """Write the page in each language, whole or not at all.

    Raises:
        SystemRefusal: The folder cannot be written.
    """
    pages: dict[Path, bytes] = {}
    for language, path in paths.items():
        other = next((p.name for lang, p in paths.items() if lang != language), None)
        pages[path] = write_patient_html(page, language, other).encode()
    try:
        write_whole(pages)
    except OSError as error:
        why = reason(error)
        places = ", ".join(map(str, paths.values()))
        raise SystemRefusal(
            f"The page cannot be written to {places}: {why.en}.{remedy(error).en}",
            zh=f"患者页无法写入 {places}：{why.zh}。{remedy(error).zh}",
        ) from None


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
    yield Heading(Text("进展后处理的文献观点", "Published opinion on management"), "management")
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
