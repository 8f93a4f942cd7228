"""What the pictures of the change of the lesions share: their patients, their captions' parts and their scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from oligoscope.bilingual import Count, Text
from oligoscope.drawing.responses import KIND
from oligoscope.drawing.theme import FAINT, INK, SMALL_PT
from oligoscope.number_format import format_number
from oligoscope.questions.response.samples import NO_PATTERN, NO_PROGRESSION
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.vocabulary import name_of, name_of_level

TOP_PERCENT = 100.0  # growth beyond is not drawn
_COURSES: dict[str, Text] = {
    **{p.value: name_of_level("pattern", p.value) for p in Pattern},
    NO_PATTERN: Text("进展模式未定", "Pattern not known"),
    NO_PROGRESSION: name_of(NO_PROGRESSION),
}
OF_GROUP = Text("{name}（{n} 例中的 {shown} 例）", "{name} ({shown} of {n})")  # of whom some are drawn
SCANS: dict[bool, Text] = {
    False: Text(
        "只计首次进展（含该次扫描）之前、且不晚于新的全身治疗开始的扫描",
        "only scans up to the first progression (that scan included) and up to the start of a new systemic therapy count",
    ),
    True: Text("计入全部扫描，包括进展之后与新治疗之后的", "every scan counts, those after progression and after a new therapy too"),
}  # fmt: skip


@dataclass(frozen=True)
class Changes:
    """The series of one picture, and the numbers of patients printed with it."""

    frame: pl.DataFrame
    total: Estimate
    evaluable: Estimate

    @property
    def n(self) -> int:
        return int(self.evaluable.value or 0)

    @property
    def n_total(self) -> int:
        return int(self.total.value or 0)

    @property
    def kind(self) -> Text:
        """Which response the colours or panels are of."""
        return kind_of(self.total)

    def caption(self, caption: Text, clipped: Text, n_clipped: int) -> Text:
        """The caption, with the scans that count, and how many patients are not drawn or leave the frame."""
        scans = SCANS[self.evaluable.method.has(MethodPart.EVERY_SCAN)]
        numbers = {"total": Count(self.n_total), "unevaluable": Count(self.n_total - self.n)}

        def filled(caption: str, clipped: str, scans: str, kind: str) -> str:
            more = clipped.format(n=Count(n_clipped)) if n_clipped else ""
            return caption.format(scans=scans, kind=kind, clipped=more, **numbers).rstrip()

        return Text(
            filled(caption.zh, clipped.zh, scans.zh, self.kind.zh),
            filled(caption.en, clipped.en, scans.en, self.kind.en.lower()),
        )


def kind_of(total: Estimate | None) -> Text:
    """Which response is drawn: the confirmed one, or the best one as assessed."""
    return KIND[total is not None and total.method.has(MethodPart.CONFIRMED)]


def changes_of(results: Results, picture: str, population: str) -> Changes:
    """The series of a picture, with the numbers of patients of the population and of those who could be evaluated.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    keys: dict[str, Any] = {"analysis": RESPONSE_SERIES, "population": population, "outcome": "best_change"}
    total = results.get(**keys, statistic=Statistic.N)
    evaluable = results.get(**keys, statistic=Statistic.N_EVALUABLE)
    name = f"{picture}/{population}"
    if total is None or evaluable is None:
        raise KeyError(name)
    return Changes(results.series[name], total, evaluable)


def by_course(frame: pl.DataFrame) -> dict[Text, pl.DataFrame]:
    """The rows of each course that occurs: the patterns of progression, then those without one."""
    parts = {name: frame.filter(pl.col("course") == course) for course, name in _COURSES.items()}
    return {name: part for name, part in parts.items() if part.height}


def top_of(largest: float) -> float:
    """The upper end of the scale: a little above the largest growth, at least 30 % and at most 100 %."""
    return min(TOP_PERCENT, max(30.0, 10 * np.ceil(largest / 10) + 5))


def scale_percent(
    axes: Axes, bottom: float, top: float, *, is_first: bool = True, is_last: bool = True
) -> None:
    """Per cent from `bottom` to `top`, with lines at -30 and +20; named in the first and the last of several panels."""
    for level in (-30, 20):
        axes.axhline(level, color=FAINT, linewidth=0.6, linestyle=(0, (4, 2)), zorder=0.5)
        if is_last:
            axes.annotate(
                f"{format_number(level, 0) if level < 0 else '+20'}%", (1.0, level), xycoords=("axes fraction", "data"),
                xytext=(2, 0), textcoords="offset points", va="center", size=SMALL_PT, color=INK,
            )  # fmt: skip
    axes.set_ylim(bottom, top)
    ticks = [t for t in range(-100, 101, 20) if t <= top]
    axes.set_yticks(ticks, [format_number(t, 0) for t in ticks] if is_first else [])
