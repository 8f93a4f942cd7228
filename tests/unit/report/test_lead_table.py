"""The key results begin with the primary comparison, in a table."""

from __future__ import annotations

from oligoscope.printing.blocks import Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.cautions import LEAD
from oligoscope.report.document import build_document
from oligoscope.report.lead_table import tabulate_lead
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import stored, with_limits


def test_it_is_the_first_of_the_key_results(made_protocol, compared_results):
    blocks = build_document(made_protocol, compared_results).blocks
    begin = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.id == "summary")
    sentence, caution, patients, first = blocks[begin + 1 : begin + 5]

    assert isinstance(sentence, Paragraph)
    assert "post-progression survival" in sentence.text.en.lower()
    assert caution == Notice("caution", LEAD, "A1")
    assert isinstance(patients, Paragraph)
    assert "patients screened" in patients.text.en
    assert isinstance(first, TableBlock)
    assert (first.table.id, first.shown_number) == ("answer_lead", "A1")


def test_it_holds_the_primary_comparison_before_and_after_matching():
    table = tabulate_lead(stored())
    cells = [[cell.text.en for cell in row.cells] for row in table.rows]
    ratio = with_limits(
        2, analysis=SURVIVAL, population="progressed", outcome=Outcome.PPS, statistic="hazard_ratio"
    )

    assert [row[0] for row in cells] == [
        "Progressed population", "Oligoprogression", "Systemic progression", "Adjusted for time to progression, baseline ECOG PS",
        "Matched population", "Oligoprogression", "Systemic progression",
    ]  # fmt: skip
    assert cells[1][4] == ratio
    assert {key[2] for row in table.rows for cell in row.cells for key in cell.keys} == {Outcome.PPS}


def test_without_survival_from_progression_there_is_none(made_protocol):
    others = Results(tuple(e for e in stored().estimates if e.outcome != Outcome.PPS), stored().series)

    found = build_document(made_protocol, others).blocks

    assert not [b for b in found if isinstance(b, TableBlock) and b.table.id == "answer_lead"]


def test_of_survival_after_matching_alone_the_table_has_no_sentence(made_protocol, compared_results):
    series = {name: s for name, s in compared_results.series.items() if "/progressed/pattern/" not in name}
    rows = (e for e in compared_results.estimates if (e.analysis, e.population) != (SURVIVAL, "progressed"))

    blocks = build_document(made_protocol, Results(tuple(rows), series)).blocks

    begin = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.id == "summary")
    patients, first = blocks[begin + 1 : begin + 3]
    assert isinstance(patients, Paragraph)
    assert isinstance(first, TableBlock)
    assert [row.cells[0].text.en for row in first.table.rows][:1] == ["Matched population"]
    assert any(isinstance(b, Notice) and b.text == LEAD for b in blocks[begin:])
