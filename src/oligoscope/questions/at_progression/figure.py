"""Love plot of the covariates at progression: how far the groups are apart on that day, before and after matching."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.love_plot import (
    INFINITE,
    MARKS,
    MARKS_OF_ONE,
    alt_of,
    frame_of,
    is_infinite,
    paint,
    rows_of,
)
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.printing.matched_notes import is_of_several
from oligoscope.results.analyses import AT_PROGRESSION
from oligoscope.results.results import Results
from oligoscope.study.dictionary.populations import MATCHED


def draw_at_progression(results: Results, limit: float) -> Figure:
    """Levels and numbers sorted by their difference before matching.

    Args:
        results: With analysis "at_progression" of the matched patients.
        limit: The protocol's balance_limit, drawn as a line.

    Raises:
        KeyError: No difference was reported.
    """
    marks = MARKS if is_of_several(results) else MARKS_OF_ONE
    found = results.find(analysis=AT_PROGRESSION, population=MATCHED)
    rows = rows_of([e for e in found if e.statistic in marks], marks)
    if not rows:
        raise KeyError("at_progression")
    infinite = INFINITE if any(map(is_infinite, rows)) else Text("", "")
    return Figure(
        id="at_progression_balance",
        title=Text(
            "首次进展时的标准化均数差绝对值",
            "Absolute standardised differences at the first progression",
        ),
        caption=Text(
            f"虚线为均衡性限值 {limit:g}。两水平变量只绘第一个水平。|SMD|：标准化均数差的绝对值。{infinite.zh}",
            f"The dashed line is the limit of balance, {limit:g}. Of a variable with two levels the first is drawn. |SMD|: absolute "
            f"standardised mean difference.{infinite.en}",
        ),
        alt=alt_of(rows, limit),
        data=frame_of(rows),
        painter=lambda language: paint(rows, limit, language, marks),
        estimates=tuple(e for row in rows for e in row.values.values()),
        width_mm=SINGLE_COLUMN_MM,
    )
