"""The first page: the main comparisons on one axis, the curve from progression on, who the patients are, what not to conclude."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.survival import Frame
from oligoscope.printing.blocks import Block, Notice, Paragraph
from oligoscope.printing.cautions import IMMORTAL_TIME, LEAD
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import BLANK, Row, Table, words
from oligoscope.questions.baseline.table import notes_in_short, tabulate_baseline
from oligoscope.questions.survival.figure import (
    curves_of,
    doubts_about,
    draw_survival_curve,
    is_drawn,
    legend_of,
)
from oligoscope.report.lead_table import lead_paragraph
from oligoscope.report.main_comparisons import (
    FROM_TREATMENT,
    LEAD_OUTCOME,
    draw_main_comparisons,
    main_comparisons,
)
from oligoscope.report.time_in_numbers import time_in_numbers
from oligoscope.results.analyses import (
    BASELINE,
    SURVIVAL,
)
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import join
from oligoscope.study.keys import in_sentence, is_comparison, is_of
from oligoscope.study.vocabulary import column_name, name_of

SHORT = (
    "age",
    "sex",
    "ecog",
    "smoking",
    "histology",
    "pd_l1",
    "brain_metastasis",
)  # of Table 1, where they were compared
_PLOT_MM = 32.0  # with the comparisons and the tables the answer fits on two pages


def answer_section(draft: Draft) -> Iterator[Block | None]:
    """What a reader must know first: what not to conclude, who the patients were, the comparisons and the curve."""
    results = draft.results
    compared = [ratio for ratio in main_comparisons(results) if ratio.value is not None]
    yield time_in_numbers(compared)
    if not compared and not draft.protocol.analyses:
        yield Paragraph(_NO_ANALYSES)
    elif not compared and draft.protocol.asked(SURVIVAL):
        yield Paragraph(_not_compared(results))
    if any(ratio.outcome == FROM_TREATMENT for ratio in compared):
        yield Notice("caution", IMMORTAL_TIME)
    if any(ratio.outcome == LEAD_OUTCOME for ratio in compared) and lead_paragraph(results) is None:
        yield Notice("caution", LEAD)
    sizes = results.find(analysis=BASELINE, population=POPULATION, outcome=BY, statistic=Statistic.N)
    if any(size.value for size in sizes):
        yield draft.table(tabulate_short)
    if compared:
        yield draft.figure(draw_main_comparisons, draft.protocol.progression.preset)
    if is_drawn(results, POPULATION, BY, LEAD_OUTCOME):
        yield draft.figure(draw_lead_curve)


_NO_ANALYSES = Text(
    "研究方案未设任何分析，因此没有组间比较；本报告给出患者筛选、方法、局限性与数据问题，每例患者的疗效、进展模式与结局时间见 patients.csv。",
    "The study file asks for no analysis, so nothing is compared: this report holds the patient flow, the methods, the limitations and "
    "the issues of the data, and patients.csv the response, pattern and times of each patient.",
)


def _not_compared(results: Results) -> Text:
    """Why the primary comparison is not given, where that is known; the reasons of all other results are in the supplement."""
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": POPULATION, "outcome": LEAD_OUTCOME}
    groups = {e.group for e in results.find(**keys, statistic=Statistic.N) if is_of(e.group, BY) and e.value}
    ratios = results.find(**keys, statistic=Statistic.HAZARD_RATIO)
    why = join(*(e.warning for e in ratios if is_comparison(e.group) and is_of(e.group, BY))).printed
    first = Text("两种进展模式的生存未能比较", "The survival of the two patterns could not be compared")
    if len(groups) == 1:
        (one,) = (in_sentence(name_of(group)) for group in groups)
        first = Text(
            f"进展的患者均为{one.zh}，没有另一组可比较",
            f"All patients who progressed had {one.en}: there is no other group",
        )
    elif why.en:
        first = Text(f"{first.zh}（{why.zh}）", f"{first.en} ({why.en})")
    return Text(
        f"{first.zh}；各项结果未给出的原因见补充材料中“未给出的结果”一节。",
        f"{first.en}; the supplement names the reason of each result that is withheld.",
    )


def draw_lead_curve(results: Results) -> Figure:
    """Survival from the first progression by pattern."""
    what, groups = column_name(LEAD_OUTCOME), column_name(BY)
    curves = curves_of(results, POPULATION, BY, LEAD_OUTCOME)
    title = Text(f"按{groups.zh}分组的{what.zh}", f"{what.en} by {in_sentence(groups).en}")
    if len(curves.groups) == 1:
        (one,) = map(name_of, curves.groups)
        title = Text(f"{one.zh}患者的{what.zh}", f"{what.en} with {in_sentence(one).en}")
    caption = joined([legend_of(curves, in_short=True), doubts_about(curves)])
    frame = Frame(plot_mm=_PLOT_MM, is_wide=True)
    drawn = draw_survival_curve(results, POPULATION, BY, LEAD_OUTCOME, frame)
    return replace(drawn, id="answer_curve", title=title, caption=caption)


def tabulate_short(results: Results) -> Table:
    """Table 1 of the progressed, its first variables, of patients known; one of two levels in one row."""
    whole = tabulate_baseline(results, POPULATION, BY)
    of = {e.key: e.variable for e in results.find(analysis=BASELINE, population=POPULATION, outcome=BY)}
    missing = {e.key for e in results.find(analysis=BASELINE, statistic=Statistic.MISSING)}
    rows: list[Row] = []
    for block in _of_each_variable(whole.rows):
        if {of.get(key, "") for row in block for key in _keys_of(row)} & set(SHORT):
            # Table 1 of the paper has those who are not known.
            rows += [row for row in block if not _keys_of(row) & missing]
    groups = column_name(BY)
    title = Text(
        f"按{groups.zh}分组的基线特征（摘要）",
        f"Baseline characteristics by {in_sentence(groups).en} (selected)",
    )
    notes, rows = notes_in_short(whole.notes), [*_in_short(rows or whole.rows)]
    return replace(whole, id="answer_baseline", title=title, rows=tuple(rows), notes=notes)


def _of_each_variable(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """A row of its own and those of its levels, which are indented."""
    begins = [i for i, row in enumerate(rows) if not row.indent]
    return (rows[begin:end] for begin, end in pairwise((*begins, len(rows))))


def _keys_of(row: Row) -> set[tuple[str, ...]]:
    return {key for cell in row.cells for key in cell.keys}


def _in_short(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of each variable; of one with two levels alone `Sex: male` with the tests of the variable."""
    for own, *levels in _of_each_variable(rows):
        if len(levels) != 2:
            yield from (own, *levels)
            continue
        name, level = own.cells[0].text, in_sentence(levels[0].cells[0].text)
        cells = (mine if mine != BLANK else of for mine, of in zip(own.cells, levels[0].cells, strict=True))
        _, *others = cells
        yield Row((words(Text(f"{name.zh}：{level.zh}", f"{name.en}: {level.en}")), *others))
