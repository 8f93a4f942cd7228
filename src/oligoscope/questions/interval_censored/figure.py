"""PFS as dated, with the band in which the curve lies when progression is placed between assessments."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.survival import Legend, LegendRow, paint_survival
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.number_format import format_number
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.forest_texts import ratio_cell
from oligoscope.questions.interval_censored.compared import Compared, compared
from oligoscope.questions.interval_censored.table import median_interval
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_CAPTION = Text(
    "曲线：按发现进展的评估日期（Kaplan-Meier）；阴影：由该曲线向下至进展位于两次评估之间时可能的最低曲线（非参数极大似然估计，不是置信区间）。"
    "{ticks}曲线下方为风险人数（累计事件数）。HR：风险比。",
    "Curves: with the date of the assessment that found the progression (Kaplan-Meier). Bands: from there down to the lowest curve that is "
    "possible with progression between two assessments (nonparametric maximum likelihood; not a confidence interval). {ticks}Below the "
    "curves is the number at risk (cumulative events). HR: hazard ratio.",
)  # fmt: skip
_TICKS = Text("竖线为删失；", "Ticks are censored patients. ")


def series_of(results: Results, population: str, by: str) -> str | None:
    """The name of the series of this grouping; None where no group is drawn."""
    name = f"interval/{population}/{by}"
    return name if name in results.series else None


def draw_intervals(results: Results, population: str = "treated", by: str = "pattern") -> Figure:
    """Both curves of each group.

    Raises:
        KeyError: No group of this grouping is drawn.
    """
    found, name = compared(results, population, by), series_of(results, population, by)
    if found is None or name is None:
        raise KeyError(f"interval_censored/{population}/{by}")
    frame, at_risk = results.series[name], results.series[f"at_risk/{name}"]
    groups = [g for g in found.groups if g in set(frame["group"].to_list())]
    people, grouping = name_of(population), column_name(by)
    return Figure(
        id=f"interval_censored_{population}_{by}",
        title=Text(
            f"{people.zh}的无进展生存期：按评估日期，及进展位于两次评估之间时（按{grouping.zh}分组）",
            f"Progression-free survival of the {in_sentence(people).en} as dated and with progression between assessments, by "
            f"{in_sentence(grouping).en}",
        ),
        caption=_caption(at_risk),
        alt=_alt(groups, people),
        data=frame,
        painter=lambda language: paint_survival(
            frame, at_risk, Outcome.PFS, _legend(found, groups, language), language
        ),
        estimates=_printed(found, groups),
        width_mm=SINGLE_COLUMN_MM,
    )


def _caption(at_risk: pl.DataFrame) -> Text:
    """Where every patient has the event, as those known by how they progressed have, no tick is drawn."""
    ticks = _TICKS if at_risk["n_censored"].sum() else Text("", "")
    return Text(_CAPTION.zh.replace("{ticks}", ticks.zh), _CAPTION.en.replace("{ticks}", ticks.en))


def _legend(found: Compared, groups: list[str], language: Language) -> Legend:
    heads = {"zh": ("例数", "事件数", "中位数所在区间/月"), "en": ("*n*", "Events", "Median between, months")}
    rows = tuple(LegendRow(g, tuple(_cells(found, g, language)), None) for g in groups)
    names = {
        "zh": ("HR（区间模型）", "HR（按评估日期）"),
        "en": ("HR (model of intervals)", "HR (as dated)"),
    }[language]
    ratios = zip(names, (found.ratio, found.as_dated), strict=True)
    join = {"zh": "：", "en": ": "}[language]
    lines = tuple(
        f"{name}{join}{ratio_cell(e)[language]}"
        for name, e in ratios
        if e is not None and e.value is not None
    )
    return Legend(heads[language], rows, lines)


def _cells(found: Compared, group: str, language: Language) -> list[str]:
    counts = (found.of(group, s) for s in (Statistic.N, Statistic.EVENTS))
    between = median_interval(found.of(group, Statistic.MEDIAN_BETWEEN), Footnotes())
    return [*(format_number(e.value if e else None, 0) for e in counts), between.text[language]]


def _printed(found: Compared, groups: list[str]) -> tuple[Estimate, ...]:
    of_groups = (
        found.of(g, s) for g in groups for s in (Statistic.N, Statistic.EVENTS, Statistic.MEDIAN_BETWEEN)
    )
    return tuple(e for e in (*of_groups, found.ratio, found.as_dated) if e is not None)


def _alt(groups: list[str], people: Text) -> Text:
    zh, en = ("、".join(name_of(g).zh for g in groups), ", ".join(name_of(g).en for g in groups))
    return Text(
        f"{people.zh}的无进展生存曲线及其可能范围；组：{zh}",
        f"Curves of progression-free survival of the {in_sentence(people).en} and where they may lie; groups: {en}",
    )
