"""The first page: short, the same numbers in both languages, the primary comparison first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from oligoscope.bilingual import Text
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.cautions import IMMORTAL_TIME, LEAD
from oligoscope.report.answer import tabulate_short
from oligoscope.report.document import build_document, build_published
from oligoscope.report.file_names import PUBLISHED
from oligoscope.report.main_comparisons import draw_main_comparisons
from oligoscope.report.report_files import write_reports
from oligoscope.results.analyses import BASELINE, FLOW
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import is_comparison


@pytest.fixture(scope="module")
def answer(compared_results, made_protocol) -> Document:
    return build_document(made_protocol, compared_results).part(Depth.ANSWER)


def texts(document: Document) -> Iterator[Text]:
    """All that is printed outside the pictures."""
    yield document.title
    for block in document.blocks:
        match block:
            case Heading() | Paragraph() | Notice():
                yield block.text
            case FigureBlock(figure=figure):
                yield from (figure.title, figure.caption)
            case TableBlock(table=table):
                yield from (
                    table.title,
                    *table.notes,
                    *(text for h in table.columns for text in (h.text, h.detail or h.text)),
                )
                yield from (cell.text for row in table.rows for cell in row.cells)


def test_it_has_fewer_than_600_words(answer):
    assert len(" ".join(plain(t.en) for t in texts(answer)).split()) < 600
    assert len(re.findall(r"[\u4e00-\u9fff]", "".join(t.zh for t in texts(answer)))) < 1000


def test_both_languages_print_the_same_numbers(answer):
    zh, en = (
        Counter(re.findall(r"\d+(?:\.\d+)*", "\n".join(t[language] for t in texts(answer))))
        for language in ("zh", "en")
    )

    assert zh == en
    assert zh.total() > 40


def test_the_primary_comparison_comes_first_and_the_biased_ones_last(compared_results):
    figure = draw_main_comparisons(compared_results)
    outcomes = [e.outcome for e in figure.estimates if str(e.statistic).startswith("hazard_ratio")]

    assert outcomes[0] == Outcome.PPS
    assert outcomes == sorted(outcomes, key=lambda o: o != Outcome.PPS)
    assert {e.population for e in figure.estimates} >= {"progressed", "treated"}


def test_it_says_what_not_to_conclude(answer):
    said = [b.text for b in answer.blocks if isinstance(b, Notice) and b.kind == "caution"]

    assert said[:2] == [
        LEAD,
        IMMORTAL_TIME,
    ]  # why estimates are given after a missed balance is in the notice above


def test_the_short_table_has_rows_of_table_1_with_the_same_numbers(compared_results, answer):
    short = tabulate_short(compared_results)

    assert 5 < len(short.rows) < 25
    assert {key for row in short.rows for cell in row.cells for key in cell.keys} <= {
        e.key for e in compared_results.estimates
    }


def test_numbers_of_a_paper_are_beside_a_synthetic_cohort_of_it_alone(made_protocol, made_results, tmp_path):
    real = made_protocol.model_copy(
        update={"study": made_protocol.study.model_copy(update={"synthetic": False})}
    )

    assert build_published(made_protocol, made_results) is not None
    assert build_published(real, made_results) is None
    few = Results(tuple(made_results.find(analysis=FLOW)))
    write_reports(tmp_path, real, few, (), {}, ("en",))
    assert {p.name for p in tmp_path.iterdir()} == {
        "report.en.html", "answer.en.docx", "report.en.docx", "supplement.en.docx", "tables.xlsx", "figures",
    }  # fmt: skip
    write_reports(tmp_path, made_protocol, few, (), {}, ("en",))
    assert {p.name for p in tmp_path.glob("*published*")} == {f"{PUBLISHED}.en.html", f"{PUBLISHED}.en.docx"}


def test_the_short_table_has_one_row_of_a_variable_with_two_levels(compared_results):
    names = [row.cells[0].text for row in tabulate_short(compared_results).rows]

    assert Text("性别：男", "Sex: male") in names
    assert "Female" not in {name.en for name in names}
    assert {"PD-L1 expression", "1–49%"} <= {name.en for name in names}


def test_the_short_table_of_one_group_keeps_levels_below_their_variable(compared_results):
    """Without tests a variable's own row has no number that could tell which variable it is."""
    alone = tuple(
        e for e in compared_results.estimates
        if e.analysis != BASELINE or not (is_comparison(e.group) or e.group == "systemic")
    )  # fmt: skip
    short = tabulate_short(Results(alone, compared_results.series))

    heads = [row.cells[0].text.en for row in short.rows if not row.indent]
    assert "PD-L1 expression" in heads
    assert "Stage" not in heads
    assert "Missing" not in [row.cells[0].text.en for row in short.rows]
    assert [column.text.en for column in short.columns][1:] == ["All patients", "Oligoprogression"]
    assert {len(row.cells) for row in short.rows} == {3}
    assert not any("SMD" in note.en for note in short.notes)


def test_the_answer_of_a_study_without_analyses_says_what_there_is(made_protocol, made_results):
    protocol = made_protocol.model_copy(update={"analyses": ()})
    flow = Results(tuple(made_results.find(analysis=FLOW)), {})

    said = [text.en for text in texts(build_document(protocol, flow).part(Depth.ANSWER))]

    assert any(text.startswith("The study file asks for no analysis") for text in said)
