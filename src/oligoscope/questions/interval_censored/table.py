"""Interval-censored PFS of the groups: medians, ratios by both models, and how often each group was assessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cautions import is_described_only
from oligoscope.printing.cells import (
    LIMITS_NOTE,
    decimal,
    group_header,
    limits_of,
    median_months,
    p_value,
    whole_number,
    with_limits,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.questions.interval_censored.compared import NO_COMPARISON, Compared, compared
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.reported import AS_DATED, ASSESSMENT_INTERVAL, GAP_AT_EVENT
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

N_ASSESSMENTS = "n_assessments"
_SCHEDULE = (
    (N_ASSESSMENTS, Text("评估次数，中位数（四分位数）", "Assessments, median (quartiles)")),
    (ASSESSMENT_INTERVAL.name, Text("前半年的评估间隔/月，中位数（四分位数）", "Months between assessments in the first half-year, median (quartiles)")),
    (GAP_AT_EVENT.name, Text("事件所在区间宽度/月，中位数（四分位数）", "Width of the interval of an event, months, median (quartiles)")),
)  # fmt: skip
_NOTE = Text(
    "无进展生存期的终点位于末次充分评估之后、发现事件之日或之前。中位数所在区间：非参数曲线（Turnbull）降至 50% 的区间，其内位置未知。"
    "评估次数为治疗开始后至终点的充分评估次数。",
    "Progression-free survival ends after the last adequate assessment and no later than the day on which the event was found. Interval of "
    "the median: where the nonparametric curve (Turnbull) falls to 50%; where within it is not known. Assessments: adequate ones "
    "after treatment start, until the end.",
)  # fmt: skip


def tabulate_intervals(results: Results, population: str = "treated", by: str = "pattern") -> Table:
    """A column a group and one for P; a row a number.

    Raises:
        KeyError: There are no numbers of this grouping.
    """
    found = compared(results, population, by)
    if found is None:
        raise KeyError(f"interval_censored/{population}/{by}")
    notes, people = Footnotes(), name_of(population)
    is_described = is_described_only(population, by, Outcome.PFS)
    sizes = [found.of(g, Statistic.N) for g in found.groups]
    return Table(
        id=f"interval_censored_{population}_{by}",
        title=Text(
            f"{people.zh}的区间删失无进展生存期，按{column_name(by).zh}分组",
            f"Interval-censored progression-free survival of the {in_sentence(people).en}, by {in_sentence(column_name(by)).en}",
        ),
        columns=(
            Header(Text("项目", "Item"), align="start"),
            *(group_header(size) for size in sizes if size is not None),
            Header(same("*P*")),
        ),
        rows=tuple(_rows(found, notes, is_described=is_described)),
        notes=(*notes.notes(), *([NO_COMPARISON] if is_described else []), LIMITS_NOTE, _NOTE),
    )


def _rows(found: Compared, notes: Footnotes, *, is_described: bool) -> Iterator[Row]:
    def row(name: Text, cell: Callable[[str], Cell], p: Estimate | None = None) -> Row:
        last = p_value(p, notes) if p is not None and p.value is not None else BLANK
        return Row((words(name), *(cell(g) for g in found.groups), last))

    yield row(Text("事件数", "Events"), lambda g: whole_number(found.of(g, Statistic.EVENTS)))
    yield row(
        Text("中位数所在区间/月", "Interval of the median, months"),
        lambda g: median_interval(found.of(g, Statistic.MEDIAN_BETWEEN), notes),
    )
    yield row(
        Text("中位数/月，Weibull 模型（95%CI）", "Median, months, Weibull model (95% CI)"),
        lambda g: median_months(found.of(g, Statistic.MEDIAN), notes),
    )
    for name, ratio, variable in (
        (Text("风险比，区间模型（95%CI）", "Hazard ratio, model of intervals (95% CI)"), found.ratio, ""),
        (Text("风险比，按评估日期的 Cox 模型（95%CI）", "Hazard ratio, Cox model of the times as dated (95% CI)"), found.as_dated, AS_DATED.name),
    ):  # fmt: skip
        if ratio is not None:
            shown = with_limits(ratio, notes)
            cells = {found.groups[0]: shown, found.groups[1]: words(Text("参照", "Reference"))}
            p = None if is_described else found.of_both(Statistic.P_VALUE, variable)
            yield row(name, cells.__getitem__, p)
    for variable, name in _SCHEDULE:
        yield row(
            name,
            lambda g, v=variable: _quartiles(found.of(g, Statistic.MEDIAN, v), notes),
            found.of_both(Statistic.P_VALUE, variable),
        )


def median_interval(e: Estimate | None, notes: Footnotes) -> Cell:
    """`4.2 to 5.6`; NR where the curve does not fall to a half, and a dash with the reason where it is withheld."""
    if e is None or e.value is None:
        return median_months(e, notes)
    decimals = e.statistic.decimals
    low, high = (format_number(x, decimals) for x in (e.low, e.high))
    return Cell(same(low) if low == high else limits_of(e, decimals), e.key)


def _quartiles(e: Estimate | None, notes: Footnotes) -> Cell:
    return with_limits(e, notes) if e is not None and e.low is not None else decimal(e)
