"""Definitions under which the hazard ratio changes with time: what is given beside each."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, p_alone, with_limits
from oligoscope.printing.changing_hazards import (
    CHANGES_NOTE,
    Change,
    change_of,
    name_of_test,
    period_label,
    short_gap_label,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Header, Row, Table, same, words
from oligoscope.questions.definitions.words import ratios_between_patterns
from oligoscope.results.results import Estimate, Results
from oligoscope.study.dictionary.definitions import definition_name


def changing_definitions(results: Results, population: str) -> list[tuple[Estimate, Change]]:
    """The ratios that change with time, and what is given beside each."""
    found = ((ratio, change_of(results, ratio)) for ratio in ratios_between_patterns(results, population))
    return [(ratio, change) for ratio, change in found if change is not None]


def tabulate_changing_definitions(results: Results, population: str) -> Table:
    """A heading a definition; restricted means, ratios by period and the weighted test."""
    notes = Footnotes()
    rows: list[Row] = []
    for ratio, change in changing_definitions(results, population):
        rows.append(Row((words(definition_name(ratio.group)), BLANK, BLANK), is_heading=True))
        rows.append(Row((words(same("HR")), with_limits(ratio, notes), BLANK), indent=1))
        if change.gap is not None:
            cells = words(short_gap_label(change)), with_limits(change.gap, notes), p_alone(change.p_of_gap)
            rows.append(Row(cells, indent=1))
        rows += [
            Row((words(period_label(e)), with_limits(e, notes), BLANK), indent=1) for e in change.periods
        ]
        if change.weighted is not None:
            rows.append(
                Row((words(name_of_test(change.weighted)), BLANK, p_alone(change.weighted)), indent=1)
            )
    return Table(
        id=f"changing_definitions_{population}",
        title=Text(
            "进展后生存期的风险比随时间改变的定义",
            "Definitions under which the hazard ratio of post-progression survival changes with time",
        ),
        columns=(
            Header(Text("定义", "Definition"), align="start"),
            Header(Text("估计值", "Estimate"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, CHANGES_NOTE),
    )
