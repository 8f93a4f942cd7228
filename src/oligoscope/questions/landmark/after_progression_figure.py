"""Survival from the landmark after progression, with limits and numbers at risk; from progression it is a figure of the paper."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.printing.titles import titled
from oligoscope.questions.landmark.counted import from_landmark
from oligoscope.questions.landmark.figure import SINCE_LANDMARK, Panel, alt_of, paint_panels
from oligoscope.results.analyses import LANDMARK_AFTER_PROGRESSION
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic

_Y = Text("进展后生存率/%", "Post-progression survival, %")
_TITLE = Text(
    "{people}按{groups}分组的进展后生存期：自界标起",
    "Post-progression survival of the {people} by {groups}, from the landmark",
)
_CAPTION = Text(
    "只含在界标时仍存活并在随访的患者，从界标起计时。阴影为 95% 置信区间（CI）；曲线下方为风险人数（累计死亡数）。"
    "*n*：患者数；HR：未校正风险比（Cox 模型）；*P*：Log-rank 检验。",
    "Only patients alive and followed at the landmark, with time counted from it. Bands are 95% confidence intervals (CI); below the curves "
    "the number at risk (cumulative deaths). *n*: patients; HR: unadjusted hazard ratio (Cox model); *P*: log-rank test.",
)


def draw_after_progression(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """The curves of both groups from the landmark.

    Raises:
        KeyError: No curve is drawn from the landmark.
    """
    panel = _panel(results, population, by)
    if panel is None:
        raise KeyError(f"landmark_after_progression/{population}/{by}")
    return Figure(
        id=f"landmark_after_progression_{population}_{by}",
        title=titled(_TITLE, population, by),
        caption=_CAPTION,
        alt=alt_of([panel], Text("进展后生存曲线。", "Curves of post-progression survival.")),
        data=panel.frame.select(pl.lit(panel.at).alias("landmark_days"), pl.all()),
        painter=lambda language: paint_panels([panel], language, SINGLE_COLUMN_MM),
        estimates=panel.printed,
        width_mm=SINGLE_COLUMN_MM,
    )


def has_curves(results: Results, population: str, by: str) -> bool:
    """Whether both groups have a curve from the landmark."""
    return _panel(results, population, by) is not None


def _panel(results: Results, population: str, by: str) -> Panel | None:
    counted = from_landmark(results, population, by)
    name = f"{LANDMARK_AFTER_PROGRESSION}/{population}/{by}"
    frame = results.series.get(name)
    if counted is None or frame is None or frame.is_empty():
        return None
    sizes = {g: e for g in counted.groups if (e := counted.of(g, Statistic.N)) is not None}
    return Panel(
        at=counted.days,
        heading=counted.when,
        x=SINCE_LANDMARK,
        y=_Y,
        frame=frame,
        at_risk=results.series[f"at_risk/{name}"],
        sizes=sizes,
        ratio=counted.compared(Statistic.HAZARD_RATIO),
        p=counted.compared(Statistic.P_VALUE),
        statistic=counted.statistic,
        change=counted.change,
    )
