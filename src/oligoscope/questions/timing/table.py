"""Pattern by the time of the first progression: before, between and after months 8 and 10, then by month."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import (
    LIMITS_NOTE,
    comparison_of,
    count,
    group_header,
    p_value,
    whole_number,
    with_limits,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Header, Row, Table, each_language, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.results.analyses import TIMING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_BLOCKS: dict[str, Text] = {
    "window": Text("时段/月", "Window, months"),
    "month": Text("月", "Month"),
}
_NOTE = Text(
    "“a~b”指晚于 a 个月、不晚于 b 个月，自治疗开始计；分母为该时段内首次进展的患者。置信区间为 Clopper-Pearson 精确法。"
    "各月的 *P* 来自构成随时间变化的趋势检验（Cochran-Armitage），各时段的 *P* 来自三个时段的比较。",
    "a–b: later than a and not later than b months from the start of treatment; the denominator is the patients whose "
    "first progression came in that time. Limits are exact (Clopper-Pearson). The *P* of the months is from a test for trend (Cochran-Armitage), the *P* of the windows from the comparison of the three windows.",
)


def tabulate_timing(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """n (%) of each group in each class of months, and the share of the first group with its limits."""
    notes = Footnotes()
    found = results.find(analysis=TIMING, population=population, outcome=by)
    sizes = [e for e in found if not e.variable and e.statistic == Statistic.N and e.group != "all"]
    comparison = comparison_of(found, (s.group for s in sizes))
    people, groups = name_of(population), column_name(by)
    first = name_of(sizes[0].group) if sizes else Text("", "")
    statistics = StatisticColumn.of(found)
    rows = [
        row for variable in _BLOCKS for row in _block(found, variable, sizes, comparison, statistics, notes)
    ]
    return Table(
        id=f"timing_{population}_{by}",
        title=Text(
            f"{people.zh}首次进展时间与{groups.zh} [例(%)]",
            f"{groups.en} by time of first progression in the {in_sentence(people).en} [n (%)]",
        ),
        columns=(
            Header(Text("首次进展的时间", "Time of first progression"), align="start"),
            Header(Text("进展患者数", "Patients who progressed")),
            *(group_header(s) for s in sizes),
            Header(Text(f"{first.zh}/%", f"{first.en}, %"), Text("（95%CI）", "(95% CI)")),
            *statistics.heads(),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _NOTE),
    )


def _block(
    found: list[Estimate],
    variable: str,
    sizes: list[Estimate],
    comparison: str,
    statistics: StatisticColumn,
    notes: Footnotes,
) -> list[Row]:
    here = [e for e in found if e.variable == variable]
    p = next((e for e in here if e.group == comparison and e.statistic == Statistic.P_VALUE), None)
    levels = list(dict.fromkeys(e.level for e in here if e.level))
    blanks = tuple(BLANK for _ in range(len(sizes) + 2))
    tested = statistics.cells(p, notes)
    heading = Row((words(_BLOCKS[variable]), *blanks, *tested, p_value(p, notes)), is_heading=True)
    return [heading, *(_row(here, level, sizes, statistics, notes) for level in levels)]


def _row(
    here: list[Estimate], level: str, sizes: list[Estimate], statistics: StatisticColumn, notes: Footnotes
) -> Row:
    cells = {(e.group, e.statistic): e for e in here if e.level == level}
    name = each_language(lambda lang: level.replace("-", "~" if lang == "zh" else "–"))
    shares = (
        count(cells.get((s.group, Statistic.N)), cells.get((s.group, Statistic.PERCENT))) for s in sizes
    )
    first = cells.get((sizes[0].group, Statistic.PERCENT)) if sizes else None
    return Row(
        (
            words(name),
            whole_number(cells.get(("all", Statistic.N))),
            *shares,
            with_limits(first, notes),
            *statistics.blanks(),
            BLANK,
        ),
        indent=1,
    )
