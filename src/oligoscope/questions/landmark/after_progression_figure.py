"""Survival from progression and from the landmark after it: two panels with limits and numbers at risk."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.printing.titles import titled
from oligoscope.questions.landmark.counted import Counted, both_days
from oligoscope.questions.landmark.figure import SINCE_LANDMARK, Panel, alt_of, paint_panels
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic

_Y = Text("进展后生存率/%", "Post-progression survival, %")
_SINCE_PROGRESSION = Text("自首次进展起的时间/月", "Months since the first progression")
_TITLE = Text(
    "{people}按{groups}分组的进展后生存期：自首次进展起与自界标起",
    "Post-progression survival of the {people} by {groups}, from progression and from the landmark",
)
_CAPTION = Text(
    "自界标起者只含当时仍存活并在随访的患者，从界标起计时。阴影为 95% 置信区间（CI）；曲线下方为风险人数（累计死亡数）。"
    "*n*：患者数；HR：未校正风险比（Cox 模型）；*P*：Log-rank 检验。",
    "From the landmark the curves hold only the patients alive and followed then, with time counted from it. Bands are 95% confidence "
    "intervals (CI); below the curves the number at risk (cumulative deaths). *n*: patients; HR: crude hazard ratio (Cox model); *P*: "
    "log-rank test.",
)


def draw_after_progression(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """The curves of both groups from each of the two days, side by side.

    Raises:
        KeyError: No curve is drawn from the landmark.
    """
    if not has_curves(results, population, by):
        raise KeyError(f"landmark_after_progression/{population}/{by}")
    days = [counted for counted in both_days(results, population, by) if _is_drawn(results, counted)]
    panels = [_panel(results, counted) for counted in days]
    return Figure(
        id=f"landmark_after_progression_{population}_{by}",
        title=titled(_TITLE, population, by),
        caption=_CAPTION,
        alt=alt_of(
            panels,
            Text("进展后生存曲线。", "Curves of post-progression survival."),
        ),
        data=pl.concat([p.frame.select(pl.lit(p.at).alias("landmark_days"), pl.all()) for p in panels]),
        painter=lambda language: paint_panels(panels, language),
        estimates=tuple(e for panel in panels for e in panel.printed),
        width_mm=DOUBLE_COLUMN_MM,
    )


def has_curves(results: Results, population: str, by: str) -> bool:
    """Whether both groups have a curve from the landmark."""
    days = both_days(results, population, by)
    return bool(days) and _is_drawn(results, days[-1])


def _is_drawn(results: Results, counted: Counted) -> bool:
    """Whether both groups have more than the patients of their first row."""
    frame = results.series.get(counted.at_risk)
    return frame is not None and set(counted.groups) <= set(frame["group"])


def _panel(results: Results, counted: Counted) -> Panel:
    sizes = {g: e for g in counted.groups if (e := counted.of(g, Statistic.N)) is not None}
    return Panel(
        at=counted.days,
        heading=counted.when,
        x=SINCE_LANDMARK if counted.days else _SINCE_PROGRESSION,
        y=_Y,
        frame=results.series[counted.series],
        at_risk=results.series[counted.at_risk],
        sizes=sizes,
        ratio=counted.compared(Statistic.HAZARD_RATIO),
        p=counted.compared(Statistic.P_VALUE),
        statistic=counted.statistic,
        change=counted.change,
    )
