"""The report of a study: chapters of its questions in the order of the registry, and those of the report itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Depth,
    Document,
    Heading,
    Notice,
    Numbering,
    Paragraph,
    TableBlock,
)
from oligoscope.printing.cautions import DISCLAIMER
from oligoscope.printing.chapters import KEY_RESULTS
from oligoscope.printing.document_parts import Chapter, Draft, Place, Section, chapters_of, in_order
from oligoscope.printing.left_out import LeftOut
from oligoscope.printing.matched_notes import with_balance_in_full, with_way_of_matching
from oligoscope.printing.team_notes import no_response_known
from oligoscope.printing.whole_counts import with_whole_parts
from oligoscope.questions.registry import document_parts
from oligoscope.report.adjusted_table import ADJUSTED, adjusted_section
from oligoscope.report.answer import answer_section
from oligoscope.report.appendix import (
    Rows,
    tabulate_files,
    tabulate_inputs,
    tabulate_issue_counts,
    tabulate_issues,
    tabulate_settings,
)
from oligoscope.report.citations import tables_by_number, with_citations
from oligoscope.report.closing_sections import closing_sections
from oligoscope.report.lead_table import LEAD_TABLE, lead_sentence, lead_table
from oligoscope.report.limitations import limitations_section
from oligoscope.report.method_places import with_places_of_results
from oligoscope.report.method_sentences import method_paragraphs, only_read
from oligoscope.report.notes_once import notes_once
from oligoscope.report.patients_studied import patients_studied
from oligoscope.report.placing import Places, divided, under_their_heading
from oligoscope.report.published.published_table import published_section
from oligoscope.report.references import with_references
from oligoscope.report.said_once import cautions_by_number, said_once
from oligoscope.report.shared_document import for_sharing
from oligoscope.report.supplement_cited import with_supplement_cited
from oligoscope.report.withheld_section import withheld_section
from oligoscope.results.analyses import MATCHING
from oligoscope.results.results import Results
from oligoscope.results.warnings import WarningCode
from oligoscope.study.protocol import Protocol

_NO_ISSUES_FILE = Text(
    "输出文件夹中没有可读的 issues.csv，此处无法列出数据问题。",
    "The output folder holds no issues.csv that can be read, so the issues in the data cannot be listed here.",
)


def build_document(
    protocol: Protocol,
    results: Results,
    issues: Rows | None = (),
    run_info: Mapping[str, Any] | None = None,
    left_out: LeftOut | None = None,
) -> Document:
    """The whole report as a value.

    Args:
        protocol: The settings that ran.
        results: Every estimate and series; the only source of numbers.
        issues: Rows with the columns of issues.csv; None: they are not known.
        run_info: Facts of the run: version, python; `inputs`, checksum of each file read; `files`,
            names written beside the report; `failed_gates`, sentences (Text) of gates that failed.
        left_out: Takes the tables, figures and sections that fail; None lets them raise.
    """
    run_info = run_info or {}
    results = with_way_of_matching(results, protocol.matching)
    results = with_whole_parts(_gate_named_once(with_balance_in_full(results)))
    numbers = Numbering(left_out)
    questions = document_parts()
    panels = {kind: parts.panel for kind, parts in questions if parts.panel is not None}
    draft = Draft(protocol, results, numbers, panels)
    sections = in_order((kind, section) for kind, parts in questions for section in parts.sections)
    chapters = chapters_of((*_of_the_answer(), *sections, *_of_the_report(issues, run_info)))
    blocks = said_once(_in_parts(draft, chapters))
    if protocol.report.small_cells is not None:
        blocks = for_sharing(blocks, results, protocol.report.small_cells)
    blocks = notes_once(cautions_by_number(blocks))
    blocks = numbers.whole(_CITATIONS, blocks, with_citations)
    gates = tuple(Notice("gate", text) for text in run_info.get("failed_gates", ()))
    blocks = _with_notices(blocks, (*gates, Notice("disclaimer", DISCLAIMER)))
    end = numbers.section(
        _END, closing_sections, blocks, [chapter for chapter, _ in chapters], protocol, results
    )
    whole = with_supplement_cited(with_places_of_results(tables_by_number((*blocks, *end))))
    return Document(protocol.study.title.printed, with_references(whole), protocol.study.synthetic)


_PUBLISHED = Text("论文数字与再现结果", "Published against reproduced")


def build_published(protocol: Protocol, results: Results, left_out: LeftOut | None = None) -> Document | None:
    """The numbers of the paper that a synthetic cohort was drawn after beside those of the run; None for any other study."""
    found = Numbering(left_out).section(_part(_PUBLISHED), published_section, protocol, results)
    blocks = tuple(found)
    if not blocks:
        return None
    head = Heading(_PUBLISHED, "published", depth=Depth.SUPPLEMENT)
    return Document(protocol.study.title.printed, (head, *blocks), protocol.study.synthetic)


def _part(title: Text) -> Text:
    return Text(f"“{title.zh}”部分", f"the part “{title.en}”")


_CITATIONS = _part(Text("正文中的图表编号", "Places of figures and tables in the text"))
_END = _part(Text("清单与缩略语", "Checklist and abbreviations"))


def _with_notices(blocks: tuple[Block, ...], notices: tuple[Notice, ...]) -> tuple[Block, ...]:
    """With notices about the key results: below their table and its text, else below their heading, else under one of their own."""
    for place, block in enumerate(blocks):
        if isinstance(block, TableBlock) and block.table.id == LEAD_TABLE:
            text = takewhile(lambda other: isinstance(other, Paragraph | Notice), blocks[place + 1 :])
            end = place + 1 + len(tuple(text))
            return (*blocks[:end], *notices, *blocks[end:])
    if blocks and isinstance(blocks[0], Heading) and blocks[0].depth is Depth.ANSWER:
        return (blocks[0], *notices, *blocks[1:])
    return (Heading(Text("说明", "Before you read"), "about", depth=Depth.ANSWER), *notices, *blocks)


def _in_parts(draft: Draft, chapters: Iterable[tuple[Chapter, list[Section]]]) -> tuple[Block, ...]:
    """The blocks of all chapters: those of the answer, of the paper, of the supplement."""
    places, parts = Places(draft.protocol.report), {depth: list[Block]() for depth in Depth}
    for chapter, sections in chapters:
        placed = replace(draft, numbers=draft.numbers.placed_by(places.of(chapter)))
        found = divided(chapter, _chapter(placed, chapter, sections))
        for depth, blocks in found.items():
            parts[depth] += under_their_heading(chapter, depth, blocks, found)
    return tuple(block for depth in Depth for block in parts[depth])


def _chapter(draft: Draft, chapter: Chapter, sections: Iterable[Section]) -> Iterator[Block]:
    """The blocks of its sections; nothing where there are none. A section that fails is named in its place."""
    name = _part(chapter.title)
    blocks = [block for section in sections for block in draft.numbers.section(name, _built, section, draft)]
    if blocks and chapter.introduction is not None:
        yield Paragraph(chapter.introduction)
    yield from blocks


def _built(section: Section, draft: Draft) -> Iterator[Block]:
    return (block for block in section.build(draft) if block is not None)


METHODS = Chapter("methods", Text("方法", "Methods"), strobe=(3, 4, 5, 6, 7, 8, 11, 12), place=Place.METHODS)
LIMITATIONS = Chapter(
    "limitations", Text("局限性", "Limitations"), strobe=(19, 20), strobe_also=(9,), place=Place.LIMITS
)
WITHHELD = Chapter("withheld", Text("未给出的结果", "Results withheld"), strobe=(19,), place=Place.RECORD)
ISSUES = Chapter("issues", Text("数据问题", "Data issues"), strobe=(19,), place=Place.RECORD)
RUN = Chapter("run", Text("运行设置与文件", "Settings and files"), strobe=(5, 8), place=Place.RECORD)


def _of_the_answer() -> tuple[Section, ...]:
    """With what the first page begins: what was found, and of whom; how far it hangs on the definition follows."""
    return tuple(Section(build, KEY_RESULTS) for build in (lead_sentence, patients_studied))


def _of_the_report(issues: Rows | None, run_info: Mapping[str, Any]) -> tuple[Section, ...]:
    """What belongs to no question: the Methods, and the record of the run."""
    return (
        Section(lead_table, KEY_RESULTS),
        Section(answer_section, KEY_RESULTS),
        Section(lambda draft: _methods(draft, run_info), METHODS),
        Section(limitations_section, LIMITATIONS),
        Section(adjusted_section, ADJUSTED),
        Section(lambda draft: withheld_section(draft.results), WITHHELD),
        Section(lambda _draft: _issues(issues), ISSUES),
        Section(lambda draft: _run(draft.protocol, draft.results, run_info), RUN),
    )


def _gate_named_once(results: Results) -> Results:
    """Results whose numbers after matching do not each repeat the failed gate: sections, tables and figures say it.

    Of those that are withheld because of it, it stays the reason.
    """
    gates = (WarningCode.UNBALANCED, WarningCode.UNSEALED)
    own = tuple(
        e
        if not e.warning.has(*gates)
        or e.analysis == MATCHING
        or (e.warning.has_only(WarningCode.UNBALANCED) and e.value is None)
        else replace(e, warning=e.warning.without(WarningCode.UNBALANCED).without(WarningCode.UNSEALED))
        for e in results.estimates
    )
    return results if own == results.estimates else Results(own, results.series)


def _methods(draft: Draft, run_info: Mapping[str, Any]) -> Iterator[Block]:
    yield from method_paragraphs(draft.protocol, draft.results)
    if version := run_info.get("version"):
        yield Paragraph(
            Text(
                f"统计分析采用 Oligoscope {version} 完成。", f"Analyses were done with Oligoscope {version}."
            )
        )


def _issues(issues: Rows | None) -> Iterator[Block]:
    if issues is None:
        yield Notice("withheld", _NO_ISSUES_FILE)
        return
    if not issues:
        yield Paragraph(Text("未发现数据问题。", "No issue was found in the data."))
        return
    yield TableBlock(tabulate_issue_counts(issues))
    yield TableBlock(tabulate_issues(issues), is_folded=len(issues) > 20)


def _run(protocol: Protocol, results: Results, run_info: Mapping[str, Any]) -> Iterator[Block]:
    known, scans = not no_response_known(results), not only_read(protocol)
    yield TableBlock(tabulate_settings(protocol.model_dump(), run_info, has_scans=scans, has_responses=known))
    if run_info.get("inputs"):
        yield TableBlock(tabulate_inputs(run_info["inputs"]))
    if run_info.get("files"):
        yield TableBlock(tabulate_files(run_info["files"]))
