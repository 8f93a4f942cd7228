"""Figure 10: the objective response rate of each group with exact limits, and all best responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import (
    TESTS,
    group_colour,
    limits_text,
    paint_shares,
    percent_axis,
    widest_mm,
)
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.responses import colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, TEXT_PT
from oligoscope.number_format import STYLES
from oligoscope.plain_text import plain
from oligoscope.printing.sentences import p_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.vocabulary import name_of

ORR_LABEL = Text("客观缓解率/%", "Objective response rate, %")
SHARE_LABEL = Text("最佳总体疗效/%", "Best overall response, %")

# Millimetres.
_LEFT, _PLOT, _BETWEEN, _RIGHT, _TOP, _ROW, _AXIS, _FOOT = 4.0, 62.0, 9.0, 4.0, 3.0, 11.0, 9.0, 4.0
_WIDEST_NAME = 40.0  # a longer name is cut


@dataclass(frozen=True)
class Responses:
    """What the picture shows."""

    rates: dict[str, Estimate]  # objective response rate by group
    shares: dict[tuple[str, str], Estimate]  # (group, response): percent
    responses: tuple[str, ...]
    test: Estimate | None
    statistic: Estimate | None = None  # of the test, where it is printed

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.rates)


def draw_response_bars(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """Response rates by group, from the estimates of analysis `response_rate`.

    Args:
        results: The study's results.
        population: Whose responses.
        by: What the groups are; a group is drawn where its name is a level of the analysis of this population.

    Raises:
        KeyError: No such estimates.
    """
    shown = responses_of(results, population)
    return Figure(
        id=f"response_bars_{population}_{by}",
        title=titled(_TITLE, population, by),
        caption=_CAPTION,
        alt=_alt(shown),
        data=_data(shown),
        painter=lambda language: _paint(shown, language),
        estimates=(
            *shown.rates.values(),
            *shown.shares.values(),
            *(e for e in (shown.test, shown.statistic) if e),
        ),
        width_mm=DOUBLE_COLUMN_MM,
    )


_TITLE = Text(
    "{people}按{groups}分组的客观缓解率与最佳总体疗效",
    "Objective response rate and best overall response in the {people} by {groups}",
)
_CAPTION = Text(
    "左：客观缓解率（CR 或 PR），误差线为 Clopper-Pearson 精确 95% 置信区间（CI）；右：最佳总体疗效的构成，不足 5% 的部分未标数字。"
    "分母为该组全部患者，NE 计为未缓解。CR：完全缓解；PR：部分缓解；SD：疾病稳定；PD：疾病进展；NE：无法评估。",
    "Left: objective response (CR or PR) with exact (Clopper-Pearson) 95% confidence intervals (CI). Right: best overall "
    "responses; parts below 5% carry no number. The denominator is every patient of the group; NE counts as no response. "
    "CR: complete response; PR: partial response; SD: stable disease; PD: progressive disease; NE: not evaluable.",
)


def responses_of(results: Results, population: str) -> Responses:
    """Everything the picture shows, found in the results."""
    found = results.find(analysis=RESPONSE_RATE, population=population, outcome="best_response")
    given = [e for e in found if e.statistic == Statistic.PERCENT and e.group != "all"]
    rates = {e.group: e for e in given if e.variable == "orr" and e.value is not None}
    if not rates:
        raise KeyError(f"response rates of {population}")
    shares = {(e.group, e.level): e for e in given if e.level and e.group in rates}
    seen = tuple(r for r in in_order({level for _, level in shares}) if r is not None)
    test = next((e for e in found if e.variable == "orr" and e.statistic == Statistic.P_VALUE), None)
    return Responses(rates, shares, seen, test, statistic_of(found, test))


def _alt(shown: Responses) -> Text:
    def sentence(language: Language) -> str:
        parts = [f"{name_of(g)[language]} {limits_text(e, language)}" for g, e in shown.rates.items()]
        parts += [plain(line) for line in test_lines(shown, language)]
        joined = ("；" if language == "zh" else "; ").join(parts)
        return {"zh": f"客观缓解率：{joined}。", "en": f"Objective response rate: {joined}."}[language]

    return each_language(sentence)


def test_lines(shown: Responses, language: Language) -> list[str]:
    """The named test of the rates with its P; nothing where there is none."""
    if shown.test is None or shown.test.value is None:
        return []
    name = shown.test.method.printed_as(TESTS)[language]
    return [f"{name}{'：' if language == 'zh' else ': '}{p_words(shown.test, language, shown.statistic)}"]


def _data(shown: Responses) -> pl.DataFrame:
    rates = [(g, "orr", e.n, e.value, e.low, e.high) for g, e in shown.rates.items()]
    shares = [(g, r, e.n, e.value, None, None) for (g, r), e in shown.shares.items()]
    columns = ["group", "response", "n_group", "percent", "low", "high"]
    return pl.DataFrame([*rates, *shares], columns, orient="row", infer_schema_length=None)


def _paint(shown: Responses, language: Language) -> Drawing:
    names = [
        f"{fitted(name_of(g)[language], _WIDEST_NAME)}{STYLES[language].percent_space}(*n*={e.n})"
        for g, e in shown.rates.items()
    ]
    left = _LEFT + widest_mm(names) + 2.0
    second = left + _PLOT + _BETWEEN
    width = DOUBLE_COLUMN_MM - second - _RIGHT
    keys = arrange_keys([patch(r, printed(r)[language]) for r in shown.responses], width)
    above = _TOP + max(len(keys), 1) * LINE_MM + 2.0
    height = _ROW * len(names)
    sheet = Sheet(DOUBLE_COLUMN_MM, above + height + _AXIS + _FOOT)
    for line in test_lines(shown, language):
        sheet.write(left, _TOP + LINE_MM / 2, line)
    sheet.paint_keys(keys, second, _TOP)
    for i, name in enumerate(names):
        sheet.write(left - 2.0, above + (i + 0.5) * _ROW, name, ha="right")
    for paint, x, mm in ((_paint_rates, left, _PLOT), (_paint_shares, second, width)):
        axes = sheet.axes(x, above, mm, height)
        axes.set_ylim(len(names), 0)
        axes.set_yticks([])
        paint(axes, shown, language)
    return sheet.drawing


def _paint_rates(axes: Axes, shown: Responses, language: Language) -> None:
    """Bars with exact limits; the numbers are in the bar's foot, where no limit can cross them."""
    for i, (group, rate) in enumerate(shown.rates.items()):
        value, low, high = rate.value or 0.0, rate.low or 0.0, rate.high or 0.0
        y = i + 0.62
        axes.barh(y, value, height=0.42, color=group_colour(group, shown.groups), linewidth=0)
        limits: dict[str, Any] = {"linewidth": 0.8, "marker": "|", "markersize": 5, "markeredgewidth": 0.8}
        axes.plot([low, high], [y, y], color=INK, **limits)
        axes.text(0.8, i + 0.22, limits_text(rate, language), ha="left", va="center_baseline", size=TEXT_PT)
    percent_axis(axes, 100, ORR_LABEL, language)


def _paint_shares(axes: Axes, shown: Responses, language: Language) -> None:
    """One whole bar a group, from complete response to not evaluable."""
    for i, group in enumerate(shown.groups):
        shares = ((shown.shares.get((group, response)), colour_of(response)) for response in shown.responses)
        paint_shares(axes, i, 0.66, ((0.0 if s is None else s.value or 0.0, colour) for s, colour in shares))
    percent_axis(axes, 100, SHARE_LABEL, language)
