"""The first page: the main comparisons on one axis, the curve from progression on, who the patients are, what not to conclude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.forest import Column, Entry, Forest
from oligoscope.drawing.theme import TEXT_WIDTH_MM
from oligoscope.printing.blocks import Block, Notice, Paragraph
from oligoscope.printing.cautions import IMMORTAL_TIME, LEAD
from oligoscope.printing.cells import LIMITS
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.forest_texts import (
    arm_columns,
    events_of_arms,
    forest_figure,
    p_text,
    ratio_cell,
    reading_with_care,
    reference_row,
)
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import BLANK, Cell, Header, Key, Row, Table, same, words
from oligoscope.questions.baseline.table import notes_in_short, tabulate_baseline
from oligoscope.questions.survival.figure import (
    curves_of,
    doubts_about,
    draw_survival_curve,
    is_drawn,
    legend_of,
)
from oligoscope.questions.weighting.targets import SHORT as WEIGHTED
from oligoscope.report.lead_table import adjusted_name, lead_paragraph
from oligoscope.report.time_in_numbers import time_in_numbers
from oligoscope.results.analyses import BASELINE, LANDMARK, SURVIVAL, TIME_DEPENDENT, WEIGHTING, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAt, Statistic
from oligoscope.results.warnings import join
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, is_comparison, is_of, parts_of
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
_LEAD, _FROM_TREATMENT = Outcome.PPS, Outcome.OS
_ROW_MM, _PLOT_MM = 3.1, 32.0  # both pictures and the table fit on one page


def answer_section(draft: Draft) -> Iterator[Block | None]:
    """What a reader must know first: what not to conclude, who the patients were, the comparisons and the curve."""
    results = draft.results
    compared = [ratio for ratio in _compared(results) if ratio.value is not None]
    yield time_in_numbers(compared)
    if not compared and not draft.protocol.analyses:
        yield Paragraph(_NO_ANALYSES)
    elif not compared and draft.protocol.asked(SURVIVAL):
        yield Paragraph(_not_compared(results))
    if any(ratio.outcome == _FROM_TREATMENT for ratio in compared):
        yield Notice("caution", IMMORTAL_TIME)
    if any(ratio.outcome == _LEAD for ratio in compared) and lead_paragraph(results) is None:
        yield Notice("caution", LEAD)
    sizes = results.find(analysis=BASELINE, population=POPULATION, outcome=BY, statistic=Statistic.N)
    if any(size.value for size in sizes):
        yield draft.table(tabulate_short)
    if compared:
        yield draft.figure(draw_main_comparisons)
    if is_drawn(results, POPULATION, BY, _LEAD):
        yield draft.figure(draw_lead_curve)


_NO_ANALYSES = Text(
    "研究方案未设任何分析，因此没有组间比较；本报告给出患者筛选、方法、局限性与数据问题，每例患者的疗效、进展模式与结局时间见 patients.csv。",
    "The study file asks for no analysis, so nothing is compared: this report holds the patient flow, the methods, the limitations and "
    "the issues of the data, and patients.csv the response, pattern and times of each patient.",
)


def _not_compared(results: Results) -> Text:
    """Why the primary comparison is not given, where that is known; the reasons of all other results are in the supplement."""
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": POPULATION, "outcome": _LEAD}
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
    what, groups = column_name(_LEAD), column_name(BY)
    curves = curves_of(results, POPULATION, BY, _LEAD)
    title = Text(f"按{groups.zh}分组的{what.zh}", f"{what.en} by {in_sentence(groups).en}")
    if len(curves.groups) == 1:
        (one,) = map(name_of, curves.groups)
        title = Text(f"{one.zh}患者的{what.zh}", f"{what.en} with {in_sentence(one).en}")
    caption = joined([legend_of(curves, in_short=True), doubts_about(curves)])
    drawn = draw_survival_curve(results, POPULATION, BY, _LEAD, plot_mm=_PLOT_MM)
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
        f"Baseline characteristics by {in_sentence(groups).en} (in short)",
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


def draw_main_comparisons(results: Results) -> Figure:
    """Hazard ratios of the two patterns, from progression on first, then free of immortal time, then from treatment."""
    found = _compared(results)
    groups = parts_of(found[0].group)
    first, second = (name_of(word) for word in groups)
    entries = [reference_row(second, 2 + len(groups))]
    for heading, those in _by_kind(found):
        entries.append(Entry(heading, (Text("", ""),) * (2 + len(groups)), is_heading=True))
        entries += [_entry(results, ratio, groups) for ratio in those]
    forest = Forest(
        entries=tuple(entries),
        columns=(
            *arm_columns(groups),
            Column(Text("HR（95%CI）", "HR (95% CI)"), in_words=True),
            Column(Text("*P*", "*P*")),
        ),
        models=(),
        axis=Text("死亡的风险比（对数坐标）", "Hazard ratio of death (log scale)"),
        below=_longer(first),
        above=_longer(second),
        width_mm=TEXT_WIDTH_MM,
        row_mm=_ROW_MM,
    )
    a, b = in_sentence(first), in_sentence(second)
    return forest_figure(
        "answer_comparisons",
        forest,
        Text(
            f"主要比较：{first.zh}与{second.zh}的风险比",
            f"Main comparisons: hazard ratios of {a.en} against {b.en}",
        ),
        joined(
            [
                _NOTE,
                # The table of the primary comparison, above it, says what HR is.
                *([] if any(e.outcome == _LEAD for e in found) else [_HR]),
                *([_BY_STATE] if any(e.analysis == TIME_DEPENDENT for e in found) else []),
                reading_with_care(found, _name),
            ]
        ),
        Text("主要比较的森林图", "Forest plot of the main comparisons"),
        columns=(
            "analysis",
            "population",
            "outcome",
            "group",
            "variable",
            "statistic",
            "value",
            "low",
            "high",
            "n",
        ),
    )


def tabulate_main_comparisons(results: Results) -> Table | None:
    """The same comparisons as a table, for readers who ask for numbers; None where there is none."""
    found = _compared(results)
    if not found:
        return None
    groups = parts_of(found[0].group)
    rows: list[Row] = []
    for heading, those in _by_kind(found):
        rows.append(Row((words(heading), *(BLANK for _ in range(2 + len(groups)))), is_heading=True))
        for ratio in those:
            entry, test = _entry(results, ratio, groups), _test_of(results, ratio)
            *counts, hr, p = entry.cells
            cells = [
                Cell(text, *_keys(pair))
                for text, pair in zip(counts, _counts_of(results, ratio, groups), strict=True)
            ]
            rows.append(
                Row((words(entry.name), *cells, Cell(hr, ratio.key), Cell(p, *_keys((test,)))), indent=1)
            )
    heads = (Header(name_of(one), Text("死亡/例", "deaths/patients")) for one in groups)
    columns = (
        Header(Text("比较", "Comparison"), align="start"),
        *heads,
        Header(same("HR"), LIMITS),
        Header(same("*P*")),
    )
    return Table(
        "answer_comparisons", Text("主要比较", "Main comparisons"), columns, tuple(rows), (_NOTE, _HR)
    )


def _keys(estimates: Iterable[Estimate | None]) -> tuple[Key | None, tuple[Key, ...]]:
    """The key of a cell, and further ones."""
    found = tuple(e.key for e in estimates if e is not None)
    return (found[0], found[1:]) if found else (None, ())


_NOTE = Text(
    "各组列为死亡数/患者数（*n*）。横线为 95%CI。",
    "Groups: deaths out of *n*. Lines: 95% CI.",
)
_HR = Text("HR：风险比（Cox 模型）。", "HR: hazard ratio (Cox model).")
_BY_STATE = Text("时依模型中为各状态下的死亡数。", "Time-dependent: deaths in each state.")
_FREE = Text("自首次进展起（主要比较）", "From the first progression (primary comparison)")
_UNBIASED = Text(
    "界标与时依模型（不含永恒时间）",
    "Landmarks, time-dependent: no immortal time",
)
_BIASED = Text("自治疗起，含永恒时间", "From treatment, with immortal time")


def _compared(results: Results) -> list[Estimate]:
    """The hazard ratios of the first page, as they were reported."""
    wanted: list[tuple[Analysis, str, str, Statistic]] = [
        (SURVIVAL, POPULATION, _LEAD, Statistic.HAZARD_RATIO),
        (SURVIVAL, POPULATION, _LEAD, Statistic.HAZARD_RATIO_ADJUSTED),
        (SURVIVAL, MATCHED, _LEAD, Statistic.HAZARD_RATIO),
        (WEIGHTING, POPULATION, _LEAD, Statistic.HAZARD_RATIO),
        (LANDMARK, "treated", _FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (TIME_DEPENDENT, "treated", _FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (SURVIVAL, POPULATION, _FROM_TREATMENT, Statistic.HAZARD_RATIO),
        (SURVIVAL, MATCHED, _FROM_TREATMENT, Statistic.HAZARD_RATIO),
    ]
    found = []
    for analysis, population, outcome, statistic in wanted:
        rows = results.find(analysis=analysis, population=population, outcome=outcome, statistic=statistic)
        mine = [e for e in rows if _is_of_patterns(e)]
        found += mine[:1] if analysis == WEIGHTING else mine
    return found


def _is_of_patterns(ratio: Estimate) -> bool:
    return is_comparison(ratio.group) and set(parts_of(ratio.group)) == {"oligoprogression", "systemic"}


def _by_kind(found: Iterable[Estimate]) -> Iterator[tuple[Text, list[Estimate]]]:
    estimates = list(found)
    kinds = {
        _FREE: [e for e in estimates if e.outcome == _LEAD],
        _UNBIASED: [e for e in estimates if e.analysis in {LANDMARK, TIME_DEPENDENT}],
        _BIASED: [e for e in estimates if e.analysis == SURVIVAL and e.outcome == _FROM_TREATMENT],
    }
    return ((heading, those) for heading, those in kinds.items() if those)


def _entry(results: Results, ratio: Estimate, groups: tuple[str, ...]) -> Entry:
    test, counts = _test_of(results, ratio), _counts_of(results, ratio, groups)
    cells = (*events_of_arms(counts), ratio_cell(ratio), p_text(test))
    printed = tuple(e for pair in counts for e in pair if e is not None)
    return Entry(_name(ratio), cells, (ratio,), tests=(test,), counts=printed)


def _counts_of(
    results: Results, ratio: Estimate, groups: tuple[str, ...]
) -> list[tuple[Estimate | None, Estimate | None]]:
    """Events and patients of each group: of the same analysis, or of the curves where they are of the same patients."""
    for analysis in dict.fromkeys((ratio.analysis, SURVIVAL)):
        keys: dict[str, Any] = {
            "analysis": analysis, "population": ratio.population, "outcome": ratio.outcome,
            "variable": ratio.variable if analysis == LANDMARK else "",
        }  # fmt: skip
        counts = [
            tuple(results.get(**keys, group=g, statistic=s) for s in (Statistic.EVENTS, Statistic.N))
            for g in groups
        ]
        sizes = [n.value for _, n in counts if n is not None and n.value is not None]
        is_of_same = not sizes or abs(sum(sizes) - (ratio.n or 0)) < 1  # means over imputations
        if any(events is not None for events, _ in counts) and is_of_same:
            return [(events, n) for events, n in counts]
    return [(None, None) for _ in groups]


def _test_of(results: Results, ratio: Estimate) -> Estimate | None:
    """The *P* beside a ratio: of the log-rank test, else of the model."""
    keys: dict[str, Any] = {
        "analysis": ratio.analysis, "population": ratio.population, "outcome": ratio.outcome, "group": ratio.group,
    }  # fmt: skip
    if ratio.statistic == Statistic.HAZARD_RATIO_ADJUSTED:
        return results.get(**keys, statistic=Statistic.P_VALUE_ADJUSTED)
    variable = "log_rank" if ratio.analysis == SURVIVAL else ratio.variable
    return results.get(**keys, variable=variable, statistic=Statistic.P_VALUE)


def _name(ratio: Estimate) -> Text:
    if isinstance(ratio.variable, LandmarkAt):
        months = ratio.variable.months
        return Text(f"{months} 个月界标", f"{months}-month landmark")
    if ratio.analysis == TIME_DEPENDENT:
        return TIME_DEPENDENT.printed
    people = name_of(ratio.population)
    if ratio.analysis == WEIGHTING:
        return WEIGHTED[ratio.variable]
    if ratio.statistic == Statistic.HAZARD_RATIO_ADJUSTED:
        return adjusted_name(ratio)
    if ratio.outcome == _FROM_TREATMENT:
        what = column_name(ratio.outcome)
        return Text(f"{what.zh}，{people.zh}", f"{what.en}, {in_sentence(people).en}")
    return people


def _longer(group: Text) -> Text:
    return Text(f"{group.zh}组生存较长", f"Longer survival with {in_sentence(group).en}")
