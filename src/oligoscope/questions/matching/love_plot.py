"""Love plot: absolute standardised differences of every level before and after matching, and the limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.love import LoveRow, Mark, is_infinite, paint_love
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.number_format import format_number
from oligoscope.printing.matched_notes import gate_note, is_of_several, not_judged_note
from oligoscope.results.analyses import BALANCE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of, variable_name

MARKS: dict[Statistic, Mark] = {
    Statistic.SMD_BEFORE: Mark(Text("匹配前", "Before matching"), "o", "#D55E00", is_filled=False),
    Statistic.SMD_AFTER_ABSOLUTE: Mark(Text("匹配后，插补均值", "After, mean over imputations"), "D", "#0072B2", is_filled=True),
    Statistic.SMD_AFTER_MAXIMUM: Mark(Text("匹配后，插补最大值", "After, largest over imputations"), "|", "#0072B2", is_filled=True),
}  # fmt: skip
# Of one cohort the mean is its own difference, and so is the largest.
MARKS_OF_ONE = {
    Statistic.SMD_BEFORE: MARKS[Statistic.SMD_BEFORE],
    Statistic.SMD_AFTER_ABSOLUTE: replace(
        MARKS[Statistic.SMD_AFTER_ABSOLUTE], text=Text("匹配后", "After matching")
    ),
}

_INFINITE = Text(
    "∞：差值无穷大（该水平为一组所有、另一组所无），绘于右缘。",
    " ∞: the difference is infinite (all of one group have the level and none of the other); drawn at the right edge.",
)


def draw_love_plot(results: Results, limit: float) -> Figure:
    """Levels sorted by their difference before matching; of two levels, whose values are equal, the first.

    Args:
        results: With analysis "balance".
        limit: The protocol's balance_limit, drawn as a line.

    Raises:
        KeyError: No balance was reported.
    """
    found = results.find(analysis=BALANCE)
    marks = MARKS if is_of_several(results) else MARKS_OF_ONE
    rows = _rows(found, marks)
    if not rows:
        raise KeyError("balance")
    gate = gate_note(results) or not_judged_note(results)
    drawn = [row.drawn(marks) for row in rows]
    infinite = _INFINITE if any(map(is_infinite, drawn)) else Text("", "")
    missed = Text(gate[0].zh, f" {gate[0].en}") if gate else Text("", "")
    return Figure(
        id="love_plot",
        title=Text(
            "匹配前后各水平的标准化均数差绝对值",
            "Absolute standardised differences before and after matching",
        ),
        caption=Text(
            f"虚线为预设限值 {limit:g}。两水平变量的两个水平数值相同，只绘第一个。|SMD|：标准化均数差的绝对值。{infinite.zh}{missed.zh}",
            f"The dashed line is the limit set beforehand, {limit:g}. Both levels of a variable with two have the same value; the first is "
            f"drawn. |SMD|: absolute standardised mean difference.{infinite.en}{missed.en}",
        ),
        alt=_alt(rows, limit),
        data=_frame(rows),
        painter=lambda language: paint_love(drawn, {**marks}, limit, language),
        estimates=tuple(e for row in rows for e in row.values.values()),
        width_mm=SINGLE_COLUMN_MM,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One level with the estimates drawn for it."""

    name: Text
    variable: str
    level: str
    values: dict[Statistic | StatisticAt, Estimate]

    def size(self, statistic: Statistic) -> float | None:
        found = self.values.get(statistic)
        return None if found is None or found.value is None else abs(found.value)

    def drawn(self, marks: Mapping[Statistic, Mark]) -> LoveRow:
        """What the picture shows of it."""
        return LoveRow(self.name, {s: size for s in marks if (size := self.size(s)) is not None})


def _rows(found: list[Estimate], marks: Mapping[Statistic, Mark]) -> list[Row]:
    rows = []
    for variable in dict.fromkeys(e.variable for e in found):
        levels = list(dict.fromkeys(e.level for e in found if e.variable == variable and e.level)) or [""]
        for level in levels[:1] if len(levels) == 2 else levels:
            here = {
                e.statistic: e
                for e in found
                if (e.variable, e.level) == (variable, level) and e.statistic in marks
            }
            rows.append(Row(_name(variable, level), variable, level, here))
    return sorted(rows, key=lambda row: -(row.size(Statistic.SMD_BEFORE) or 0.0))


def _name(variable: str, level: str) -> Text:
    name = variable_name(variable)
    if not level:
        return name
    part = in_sentence(name_of(level))
    return Text(f"{name.zh}：{part.zh}", f"{name.en}: {part.en}")


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"variable": r.variable, "level": r.level, **{s: r.size(s) for s in MARKS}} for r in rows],
        schema={"variable": pl.String, "level": pl.String, **dict.fromkeys(MARKS, pl.Float64)},
    )


def _alt(rows: list[Row], limit: float) -> Text:
    over = [
        sum((row.size(s) or 0) > limit for row in rows)
        for s in (Statistic.SMD_BEFORE, Statistic.SMD_AFTER_MAXIMUM)
    ]
    worst = max(rows, key=lambda row: row.size(Statistic.SMD_AFTER_MAXIMUM) or 0.0)
    size = format_number(worst.size(Statistic.SMD_AFTER_MAXIMUM), 3)
    return Text(
        f"均衡性图。{len(rows)} 个水平中，匹配前 {over[0]} 个超过 {limit:g}；匹配后在任一插补中超过者 {over[1]} 个，最大为 {size}（{worst.name.zh}）。",
        f"Love plot. Of {Count(len(rows)):level|levels}, {Count(over[0]):was|were} above {limit:g} before matching; after it {Count(over[1]):was|were} in any imputation, the "
        f"largest {size} ({worst.name.en}).",
    )
