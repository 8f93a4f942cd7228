"""Love plot of the covariates at progression: how far the groups are apart on that day, before and after matching."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.love import LoveRow, Mark, is_infinite, paint_love
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.number_format import format_number
from oligoscope.printing.matched_notes import is_of_several, not_judged_note
from oligoscope.printing.sentences import joined
from oligoscope.results.analyses import AT_PROGRESSION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of, variable_name

_BEFORE, _AFTER, _LARGEST = Statistic.SMD_BEFORE, Statistic.SMD_AFTER_ABSOLUTE, Statistic.SMD_AFTER_MAXIMUM
_MARKS: dict[str, Mark] = {
    _BEFORE: Mark(Text("匹配前", "Before matching"), "o", "#D55E00", is_filled=False),
    _AFTER: Mark(Text("匹配后，插补均值", "After, mean over imputations"), "D", "#0072B2", is_filled=True),
    _LARGEST: Mark(Text("匹配后，插补最大值", "After, largest over imputations"), "|", "#0072B2", is_filled=True),
}  # fmt: skip
# Of one cohort the mean is its own difference, and so is the largest.
_MARKS_OF_ONE: dict[str, Mark] = {
    _BEFORE: _MARKS[_BEFORE],
    _AFTER: Mark(Text("匹配后", "After matching"), "D", "#0072B2", is_filled=True),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """One level, or a number, with its differences."""

    variable: str
    level: str
    found: tuple[Estimate, ...]

    @property
    def sizes(self) -> dict[str, float]:
        return {e.statistic: abs(e.value) for e in self.found if e.value is not None}

    @property
    def name(self) -> Text:
        name = variable_name(self.variable)
        if not self.level:
            return name
        part = in_sentence(name_of(self.level))
        return Text(f"{name.zh}：{part.zh}", f"{name.en}: {part.en}")


def draw_at_progression(results: Results, limit: float) -> Figure:
    """Levels and numbers sorted by their difference before matching; of two levels, whose values are equal, the first.

    Args:
        results: With analysis "at_progression" of the matched patients.
        limit: The protocol's balance_limit, drawn as a line.

    Raises:
        KeyError: No difference was reported.
    """
    marks = _MARKS if is_of_several(results) else _MARKS_OF_ONE
    levels = _levels(results, marks)
    if not levels:
        raise KeyError("at_progression")
    rows = [LoveRow(one.name, one.sizes) for one in levels]
    infinite = _INFINITE if any(map(is_infinite, rows)) else Text("", "")
    return Figure(
        id="at_progression_balance",
        title=Text(
            "首次进展时的标准化均数差绝对值",
            "Absolute standardised differences at the first progression",
        ),
        caption=joined(
            [
                Text(
                    f"虚线为均衡性限值 {limit:g}。两水平变量只绘第一个水平。|SMD|：标准化均数差的绝对值。{infinite.zh}",
                    f"The dashed line is the limit of balance, {limit:g}. Of a variable with two levels the first is drawn. |SMD|: absolute "
                    f"standardised mean difference.{infinite.en}",
                ),
                *not_judged_note(results),
            ]
        ),
        alt=_alt(levels, limit),
        data=_frame(levels),
        painter=lambda language: paint_love(rows, marks, limit, language),
        estimates=tuple(e for one in levels for e in one.found),
        width_mm=SINGLE_COLUMN_MM,
    )


_INFINITE = Text("∞：差值无穷大，绘于右缘。", " ∞: the difference is infinite; drawn at the right edge.")


def _levels(results: Results, marks: dict[str, Mark]) -> list[_Level]:
    found = [e for e in results.find(analysis=AT_PROGRESSION, population=MATCHED) if e.statistic in marks]
    levels: list[_Level] = []
    for variable in dict.fromkeys(e.variable for e in found):
        own = list(dict.fromkeys(e.level for e in found if e.variable == variable and e.level)) or [""]
        for level in own[:1] if len(own) == 2 else own:
            here = tuple(e for e in found if (e.variable, e.level) == (variable, level))
            levels.append(_Level(variable, level, here))
    return sorted(levels, key=lambda one: -one.sizes.get(_BEFORE, 0.0))


def _frame(levels: list[_Level]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"variable": o.variable, "level": o.level, **{s: o.sizes.get(s) for s in _MARKS}} for o in levels],
        schema={"variable": pl.String, "level": pl.String, **dict.fromkeys(_MARKS, pl.Float64)},
    )


def _alt(levels: list[_Level], limit: float) -> Text:
    before, after = (sum(o.sizes.get(s, 0.0) > limit for o in levels) for s in (_BEFORE, _AFTER))
    worst = max(levels, key=lambda o: o.sizes.get(_AFTER, 0.0))
    size = format_number(worst.sizes.get(_AFTER), 3)
    return Text(
        f"首次进展时的均衡性图。{len(levels)} 个水平中，匹配前 {before} 个超过 {limit:g}，匹配后 {after} 个，最大为 {size}（{worst.name.zh}）。",
        f"Love plot at the first progression. Of {Count(len(levels)):level|levels}, {Count(before):was|were} above {limit:g} before matching and "
        f"{after} after it, the largest {size} ({worst.name.en}).",
    )
