"""Love plot: absolute standardised differences of every level before and after matching, and the limit."""

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
from oligoscope.printing.matched_notes import gate_note, is_of_several
from oligoscope.results.analyses import BALANCE
from oligoscope.results.results import Results


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
    rows = rows_of(found, marks)
    if not rows:
        raise KeyError("balance")
    gate = gate_note(results)
    infinite = INFINITE if any(is_infinite(row) for row in rows) else Text("", "")
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
        alt=alt_of(rows, limit),
        data=frame_of(rows),
        painter=lambda language: paint(rows, limit, language, marks),
        estimates=tuple(e for row in rows for e in row.values.values()),
        width_mm=SINGLE_COLUMN_MM,
    )
