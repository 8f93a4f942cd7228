"""Figure 10: the objective response rate of each group with exact limits, and all best responses."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import (
    group_colour,
    limits_text,
    paint_shares,
    percent_axis,
    widest_mm,
    write_italics,
)
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.responses import colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, TEXT_PT
from oligoscope.number_format import STYLES, equals_p
from oligoscope.plain_text import plain
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

ORR_LABEL = Text("客观缓解率/%", "Objective response rate, %")
SHARE_LABEL = Text("最佳总体疗效/%", "Best overall response, %")
TESTS: dict[MethodPart, Text] = {
    MethodPart.CHI_SQUARE: Text("χ² 检验", "Chi-square test"),
    MethodPart.FISHER: Text("Fisher 精确检验", "Fisher's exact test"),
}

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
    people, groups = name_of(population), column_name(by)
    return Figure(
        id=f"response_bars_{population}_{by}",
        title=Text(
            f"{people.zh}按{groups.zh}分组的客观缓解率与最佳总体疗效",
            f"Objective response rate and best overall response in the {in_sentence(people).en} by {in_sentence(groups).en}",
        ),
        caption=_CAPTION,
        alt=_alt(shown),
        data=_data(shown),
        painter=lambda language: _paint(shown, language),
        estimates=(*shown.rates.values(), *shown.shares.values(), *((shown.test,) if shown.test else ())),
        width_mm=DOUBLE_COLUMN_MM,
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
    rates = {
        e.group: e
        for e in found
        if e.variable == "orr"
        and e.statistic == Statistic.PERCENT
        and e.group != "all"
        and e.value is not None
    }
    if not rates:
        raise KeyError(f"response rates of {population}")
    shares = {
        (e.group, e.level): e
        for e in found
        if e.level and e.statistic == Statistic.PERCENT and e.group in rates
    }
    seen = tuple(r for r in in_order({level for _, level in shares}) if r is not None)
    test = next((e for e in found if e.variable == "orr" and e.statistic == Statistic.P_VALUE), None)
    return Responses(rates, shares, seen, test)


def _alt(shown: Responses) -> Text:
    def sentence(language: Language) -> str:
        parts = [f"{name_of(g)[language]} {limits_text(e, language)}" for g, e in shown.rates.items()]
        parts += [plain(line) for line in test_lines(shown, language)]
        joined = ("；" if language == "zh" else "; ").join(parts)
        return {"zh": f"客观缓解率：{joined}。", "en": f"Objective response rate: {joined}."}[language]

    zh, en = (sentence(language) for language in LANGUAGES)
    return Text(zh, en)


def test_lines(shown: Responses, language: Language) -> list[str]:
    """The named test of the rates with its P; nothing where there is none."""
    if shown.test is None or shown.test.value is None:
        return []
    name = shown.test.method.printed_as(TESTS)[language]
    return [f"{name}{'：' if language == 'zh' else ': '}*P*{equals_p(shown.test.value, STYLES[language])}"]


def _data(shown: Responses) -> pl.DataFrame:
    rates = [
        {"group": g, "response": "orr", "n_group": e.n, "percent": e.value, "low": e.low, "high": e.high}
        for g, e in shown.rates.items()
    ]
    shares = [
        {"group": g, "response": r, "n_group": e.n, "percent": e.value, "low": None, "high": None}
        for (g, r), e in shown.shares.items()
    ]
    return pl.DataFrame([*rates, *shares], infer_schema_length=None)


def _paint(shown: Responses, language: Language) -> Drawing:
    names = [
        f"{fitted(name_of(g)[language], _WIDEST_NAME)}{STYLES[language].percent_space}(n={e.n})"
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
        write_italics(sheet, left, _TOP + LINE_MM / 2, line)
    sheet.paint_keys(keys, second, _TOP)
    for i, name in enumerate(names):
        sheet.write(left - 2.0, above + (i + 0.5) * _ROW, name, ha="right")
    _paint_rates(sheet.axes(left, above, _PLOT, height), shown, language)
    _paint_shares(sheet.axes(second, above, width, height), shown, language)
    return sheet.drawing


def _paint_rates(axes: Axes, shown: Responses, language: Language) -> None:
    """Bars with exact limits; the numbers are in the bar's foot, where no limit can cross them."""
    axes.set_ylim(len(shown.groups), 0)
    axes.set_yticks([])
    for i, (group, rate) in enumerate(shown.rates.items()):
        value, low, high = rate.value or 0.0, rate.low or 0.0, rate.high or 0.0
        axes.barh(i + 0.62, value, height=0.42, color=group_colour(group, shown.groups), linewidth=0)
        axes.plot(
            [low, high],
            [i + 0.62] * 2,
            color=INK,
            linewidth=0.8,
            marker="|",
            markersize=5,
            markeredgewidth=0.8,
        )
        axes.text(0.8, i + 0.22, limits_text(rate, language), ha="left", va="center_baseline", size=TEXT_PT)
    percent_axis(axes, 100, ORR_LABEL, language)


def _paint_shares(axes: Axes, shown: Responses, language: Language) -> None:
    """One whole bar a group, from complete response to not evaluable."""
    axes.set_ylim(len(shown.groups), 0)
    axes.set_yticks([])
    for i, group in enumerate(shown.groups):
        shares = ((shown.shares.get((group, response)), colour_of(response)) for response in shown.responses)
        paint_shares(axes, i, 0.66, ((0.0 if s is None else s.value or 0.0, colour) for s, colour in shares))
    percent_axis(axes, 100, SHARE_LABEL, language)
