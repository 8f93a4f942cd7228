"""A method whose results are in the supplement alone names its tables."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Depth, Heading, Paragraph, TableBlock
from oligoscope.printing.table import Cell, Header, Row, Table, same
from oligoscope.report.document import LIMITATIONS
from oligoscope.report.method_places import with_places_of_results
from oligoscope.results.analyses import COMPETING_RISKS, SURVIVAL, WEIGHTING
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import Comparison, Level
from unit.stored_results import bare_ratio


def table(estimate: Estimate, number: int, depth: Depth) -> TableBlock:
    return TableBlock(
        Table(f"t{number}", same("T"), (Header(same("H")),), (Row((Cell(same("1"), estimate.key),)),)),
        number,
        depth=depth,
    )


def method(about: str) -> Paragraph:
    return Paragraph(Text("以某法估计。", "It was estimated."), about=(about,))


RISK = bare_ratio(analysis=COMPETING_RISKS, population="treated", statistic=Statistic.P_VALUE, value=0.1)
WEIGHTED = bare_ratio(
    analysis=WEIGHTING, population="progressed", statistic=Statistic.HAZARD_RATIO, value=0.7
)
TYPES = Comparison.of(*(Level.of("resistance", word) for word in ("acquired", "primary")))
OF_TYPES = bare_ratio(
    analysis=SURVIVAL,
    population="progressed",
    outcome="os",
    group=TYPES,
    statistic=Statistic.HAZARD_RATIO,
    value=0.7,
)
PAPER, SUPPLEMENT = (Heading(same("P"), f"p{d}", depth=d) for d in (Depth.PAPER, Depth.SUPPLEMENT))


def test_limitations_that_count_its_models_are_no_results_of_a_method():
    limits = Heading(same("Limitations"), "limitations", depth=Depth.PAPER)
    counted = Paragraph(same("Of 2 models, one changed with time."), keys=(RISK.key,))
    blocks = (PAPER, method(COMPETING_RISKS), limits, counted, SUPPLEMENT, table(RISK, 4, Depth.SUPPLEMENT))
    printed = (PAPER, method(COMPETING_RISKS), counted, SUPPLEMENT, table(RISK, 4, Depth.SUPPLEMENT))

    first, second = (
        next(b for b in with_places_of_results(those) if isinstance(b, Paragraph))
        for those in (blocks, printed)
    )

    assert first.text.en == "It was estimated. Results: supplement, Table S4."
    assert second.text.en == "It was estimated."


def test_the_heading_of_limitations_has_the_id_that_is_looked_for():
    assert LIMITATIONS.id == "limitations"


def test_it_names_the_tables_of_the_supplement_and_none_where_the_paper_has_results():
    blocks = (
        PAPER, method(COMPETING_RISKS), method(WEIGHTING), method("resistance"), method(Statistic.E_VALUE), Paragraph(same("As it was.")),
        table(WEIGHTED, 1, Depth.PAPER),
        SUPPLEMENT, table(RISK, 4, Depth.SUPPLEMENT), table(RISK, 5, Depth.SUPPLEMENT), table(OF_TYPES, 7, Depth.SUPPLEMENT),
    )  # fmt: skip
    risks, weights, types, e_values, plain = (
        b.text for b in with_places_of_results(blocks) if isinstance(b, Paragraph)
    )

    assert risks.en == "It was estimated. Results: supplement, Tables S4–S5."
    assert risks.zh.startswith("以某法估计。结果见补充材料表")
    assert risks.zh.endswith("S4~S5。")
    assert types.en == "It was estimated. Results: supplement, Table S7."
    assert weights == e_values == method(WEIGHTING).text
    assert plain.en == "As it was."


def test_a_sentence_of_the_paper_with_a_number_is_a_result_of_it():
    stated = Paragraph(same("HR 0.7."), (WEIGHTED.key,))
    blocks = (PAPER, method(WEIGHTING), stated, SUPPLEMENT, table(WEIGHTED, 1, Depth.SUPPLEMENT))

    assert with_places_of_results(blocks) == blocks
