"""What is in the answer, the paper and the supplement: one list, study.yaml, and the words that go with each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from oligoscope import questions
from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.document_parts import Chapter
from oligoscope.questions.registry import KINDS
from oligoscope.report import adjusted_table
from oligoscope.report.document import build_document
from oligoscope.report.placing import divided
from oligoscope.report.report_formats import REPORT_FORMATS
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol, ReportSettings
from oligoscope.study.report_parts import FIGURES, TABLES, kind_of
from oligoscope.study.study_file import read_study_file
from unit.report.conftest import small_figure, small_table

CHAPTER = Chapter("a", Text("甲", "A"))
# The table of all adjusted ratios is of several questions, and made in `report/`.
MODULES = (*sorted(Path(questions.__path__[0]).rglob("*.py")), Path(adjusted_table.__file__))
SOURCE = "\n".join(p.read_text(encoding="utf-8") for p in MODULES)


@pytest.fixture(scope="module")
def document(compared_results, made_protocol) -> Document:
    return build_document(made_protocol, compared_results)


def with_report(protocol: Protocol, **settings: Any) -> Protocol:
    return protocol.model_copy(update={"report": ReportSettings.model_validate(settings)})


def shown(document: Document, depth: Depth | None = None) -> list[str]:
    """The names of the numbered tables and figures of a part, or of all, in order."""
    return [
        block.figure.id if isinstance(block, FigureBlock) else block.table.id
        for block in document.blocks
        if isinstance(block, (FigureBlock, TableBlock)) and block.number and depth in {None, block.depth}
    ]


def test_the_list_puts_each_kind_where_it_says(document):
    assert shown(document, Depth.ANSWER) == [
        "answer_lead",
        "answer_baseline",
        "answer_comparisons",
        "answer_curve",
    ]
    assert shown(document, Depth.PAPER) == [
        "flow_chart", "baseline_before_after_pattern", "survival_pps_pattern", "survival_pattern",
        "response_rate_progressed_pattern", "landmark_treated", "subgroups_progressed_pps",
    ]  # fmt: skip
    for block in document.part(Depth.SUPPLEMENT).blocks:
        if isinstance(block, FigureBlock):
            assert FIGURES[kind_of(block.figure.id, FIGURES) or ""] == 0
        elif isinstance(block, TableBlock) and block.number:
            assert TABLES[kind_of(block.table.id, TABLES) or ""] == 0


def test_the_paper_of_one_set_of_patients_has_the_primary_comparison(made_protocol, made_results):
    found = shown(build_document(made_protocol, made_results), Depth.PAPER)

    assert "survival_progressed_pattern_pps" in found


@pytest.mark.parametrize(
    ("settings", "name", "depth"),
    [
        ({"figures": {"love_plot": "paper"}}, "love_plot", Depth.PAPER),
        ({"figures": {"subgroups": "supplement"}}, "subgroups_progressed_pps", Depth.SUPPLEMENT),
        ({"figures": {"survival_pps": "supplement"}}, "survival_pps_pattern", Depth.SUPPLEMENT),
        ({"tables": {"balance": "paper"}}, "balance", Depth.PAPER),
        ({"tables": {"survival_matched_pattern": "paper"}}, "survival_matched_pattern", Depth.PAPER),
        ({"tables": {"response_rate": "supplement"}}, "response_rate_progressed_pattern", Depth.SUPPLEMENT),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_study_yaml_moves_a_table_or_figure(settings, name, depth, document, made_protocol, compared_results):
    moved = build_document(with_report(made_protocol, **settings), compared_results)

    assert name not in shown(document, depth)
    assert name in shown(moved, depth)
    assert sorted(shown(moved)) == sorted(shown(document))  # in one part each, none lost
    assert set(moved.printed_keys()) == set(document.printed_keys())


@pytest.mark.parametrize(("setting", "kinds"), [("figures", FIGURES), ("tables", TABLES)])
def test_a_name_that_is_not_there_is_refused_with_its_line_and_those_that_are(setting, kinds, tmp_path):
    near = next(iter(kinds))
    text = f"study: {{title: T}}\ndata: {{patients: patients.csv}}\nreport:\n  {setting}:\n    {near[:-1]}: paper\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Exception, match=near[:-1]) as refused:
        read_study_file(tmp_path, KINDS)

    said = str(refused.value)
    assert "line 5" in said
    assert f"did you mean {near}?" in said
    assert ", ".join(kinds) in said


def test_a_part_that_is_not_there_is_refused(tmp_path):
    text = "study: {title: T}\ndata: {patients: patients.csv}\nreport: {figures: {landmark: answer}}\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Exception, match="line 3"):
        read_study_file(tmp_path, KINDS)


def test_the_list_has_no_other_kinds_than_the_questions_give():
    """Each name stands in a question as the beginning of the name of a table or figure."""
    made = {f"survival_{Outcome.PPS}"}  # put together from two words

    assert [k for k in {**FIGURES, **TABLES} if k not in made and not re.search(rf'"{k}[_"{{]', SOURCE)] == []
    assert 'f"survival_{LEAD}_' in SOURCE


def test_every_kind_that_the_questions_give_is_in_the_list():
    """What a question numbers by a name of its own; names that are put together are tried in the stored studies."""
    for what, kinds in (("Figure", FIGURES), ("Table", TABLES)):
        names = re.findall(rf'return {what}\(\s+(?:id=)?f?"([a-z_]+)', SOURCE)
        assert len(names) > 8
        assert [name for name in names if kind_of(name.rstrip("_"), kinds) is None] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("survival_pattern", "survival"),
        ("survival_progressed_pattern_os", "survival"),
        ("survival_pps_pattern", "survival_pps"),
        ("survival_progressed_pattern_pps", "survival_pps"),
        ("survivals", None),
        ("flow_chart", "flow_chart"),
    ],
)
def test_the_kind_of_a_name_is_the_longest_that_it_begins_with(name, kind):
    assert kind_of(name, FIGURES) == kind


def test_words_go_with_their_figures():
    """Those under a heading with the first of its figures in the paper, else to the supplement with all of them."""
    here, there = Heading(Text("一", "One"), "one", 3), Heading(Text("二", "Two"), "two", 3)
    words = [Paragraph(Text(t, t)) for t in ("first", "second")]
    paper, further = FigureBlock(small_figure(), 1), FigureBlock(small_figure(), 1, Depth.SUPPLEMENT)
    table = TableBlock(small_table(), 1, depth=Depth.SUPPLEMENT)

    found = divided(CHAPTER, [here, words[0], paper, table, there, words[1], further])

    assert found[Depth.PAPER] == [here, words[0], paper]
    moved = Heading(there.text, there.id, 3, Depth.SUPPLEMENT)
    assert found[Depth.SUPPLEMENT] == [table, moved, words[1], further]


def test_words_of_a_chapter_that_keeps_them_stay(document):
    sections = {head.id: (head.depth, found) for head, found in document.sections()}

    assert sections["matching"][0] is Depth.PAPER
    assert isinstance(sections["matching"][1][0], Paragraph)
    assert sections["matching-supplement"][0] is Depth.SUPPLEMENT
    assert sections["predictors"][0] is Depth.SUPPLEMENT  # its figure and table are there


def test_word_has_a_file_for_each_part_and_html_one_for_all(document):
    files = REPORT_FORMATS["docx"].files(document)

    assert list(files) == ["answer", "report", "supplement"]
    assert [b for part in files.values() for b in part.blocks] == list(document.blocks)
    assert [part.title.en.removeprefix(document.title.en) for part in files.values()] == [
        ": The answer",
        "",
        ": Supplement",
    ]
    assert REPORT_FORMATS["html"].files(document) == {"report": document}


def test_a_study_without_results_still_divides(made_protocol):
    document = build_document(made_protocol, Results())

    assert document.depths()[0] is Depth.ANSWER
    assert shown(document) == []
    assert any(isinstance(b, Notice) and b.kind == "disclaimer" for b in document.part(Depth.ANSWER).blocks)


def test_a_name_of_a_known_kind_that_the_study_does_not_make_is_refused_with_its_line(tmp_path):
    text = (
        "study: {title: T}\ndata: {patients: patients.csv}\nreport:\n  figures:\n"
        '    survival_progressed_pattern_os: paper\n    survival_foo: paper\n    survival_pattern_: paper\n    "": paper\n'
    )
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Exception, match="survival_foo") as refused:
        read_study_file(tmp_path, KINDS)

    assert "line 6" in str(refused.value)
    assert "foo" in str(refused.value)
    assert "line 5" not in str(refused.value)
    assert "line 7  report.figures.survival_pattern_ = paper" in str(refused.value)
    assert 'line 8  report.figures."" = paper' in str(refused.value)


def test_an_introduction_goes_with_what_it_introduces():
    chapter = Chapter("a", Text("甲", "A"), introduction=Text("总述。", "To begin."))
    said, below = Paragraph(Text("总述。", "To begin.")), Heading(Text("乙", "B"), "b", 3)
    table = TableBlock(small_table(), 1, depth=Depth.SUPPLEMENT)

    found = divided(chapter, [said, below, table])

    assert list(found) == [Depth.SUPPLEMENT]
    assert found[Depth.SUPPLEMENT][0] == said
