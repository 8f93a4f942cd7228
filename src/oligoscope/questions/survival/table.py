"""Survival by group: patients, events, median, survival at set times, hazard ratio and P."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import MISSING, format_number
from oligoscope.printing.cautions import is_described
from oligoscope.printing.cells import (
    LIMITS_NOTE,
    REFERENCE,
    bracketed,
    comparison_of,
    e_value,
    median_months,
    not_reached_notes,
    p_value,
    whole_number,
    with_limits,
)
from oligoscope.printing.changing_hazards import change_of, gap_label, name_of_test, period_label
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import (
    E_VALUE_NOTE,
    OTHER_GROUPS,
    are_partners,
    is_matched,
    is_weighted,
    matched_notes,
    two_way_notes,
)
from oligoscope.printing.monte_carlo_notes import monte_carlo_notes
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt, at_months
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import found_groups, is_comparison, is_of, parts_of
from oligoscope.study.vocabulary import column_name, name_of

TIMES = (6, 12, 24)  # months

# First those whose clock starts when the pattern is known: from the first progression, and from the line after it.
ORDER = (Outcome.PPS, Outcome.PFS2, Outcome.OS, Outcome.PFS, Outcome.DOR, Outcome.IPFS)


def tabulate_survival(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """One block a survival outcome, one row a group; the hazard ratio is in its group's row.

    Of one group nothing is compared: the median with plain limits is in place of the comparison.
    """
    notes = Footnotes()
    outcomes = outcomes_of(results, population, by)
    if outcomes and all(len(groups_of(results, population, by, o)) == 1 for o in outcomes):
        return _tabulate_one_group(results, population, by, outcomes)
    has_e_values = _has_e_values(results, population, by)
    columns = _columns(StatisticColumn.of(results.find(analysis=SURVIVAL, population=population)))
    n_columns = len(columns) + has_e_values
    rows = [
        _filled(row, n_columns)
        for outcome in outcomes
        for row in _outcome_rows(results, population, by, outcome, notes)
    ]
    return Table(
        id=f"survival_{population}_{by}",
        title=titled(_TITLE, population, by),
        columns=(*columns, *((_E_VALUE,) if has_e_values else ())),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            *matched_notes(results, population),
            LIMITS_NOTE,
            *((OTHER_GROUPS,) if is_matched(population) and not are_partners(population, by) else ()),
            *_not_by_pairs(results, population, by),
            _how_compared(results, population, by),
            *not_reached_notes(rows),
            *two_way_notes(results, population),
            *monte_carlo_notes(_pooled(results, population, by), lambda e: column_name(e.outcome)),
            *((E_VALUE_NOTE,) if has_e_values else ()),
        ),
    )


def _has_e_values(results: Results, population: str, by: str) -> bool:
    """Whether any row of the table has one; a comparison that is only described prints none."""
    found = results.find(analysis=SURVIVAL, population=population, statistic=Statistic.E_VALUE)
    given = [e for e in found if e.value is not None and is_of(e.group, by)]
    return any(
        set(parts_of(e.group)) <= set(groups_of(results, population, by, e.outcome))
        for e in given
        if e.outcome in outcomes_of(results, population, by)
        and not is_described(population, e.group, e.outcome)
    )


def _pooled(results: Results, population: str, by: str) -> list[Estimate]:
    """The rows of the comparisons of this table's groups."""
    found = results.find(analysis=SURVIVAL, population=population)
    return [
        e
        for e in found
        if is_comparison(e.group) and is_of(e.group, by) and not is_described(population, e.group, e.outcome)
    ]


def _how_compared(results: Results, population: str, by: str) -> Text:
    partners = are_partners(population, by)
    if is_weighted(results, population):
        return joined([_WEIGHTED_RATIO if partners else _WEIGHTED_RATIO_OF_OTHERS, _WEIGHTED_CURVES])
    return joined([_RATIO_OF_PAIRS if partners else _RATIO, _CURVES])


def _not_by_pairs(results: Results, population: str, by: str) -> tuple[Text, ...]:
    """That the groups were not matched with each other, so that pairs do not count; nothing where they were."""
    is_plain = is_matched(population) and not is_weighted(results, population)
    return (_NOT_BY_PAIRS,) if is_plain and not are_partners(population, by) else ()


def _tabulate_one_group(results: Results, population: str, by: str, outcomes: tuple[str, ...]) -> Table:
    notes = Footnotes()
    rows = []
    for outcome in outcomes:
        (group,) = groups_of(results, population, by, outcome)
        found = results.find(analysis=SURVIVAL, population=population, outcome=outcome)
        described = _group_row(found, group, notes).cells[1 : 4 + len(TIMES)]
        plain = median_months(_pick(found, group, Statistic.MEDIAN_PLAIN), notes)
        rows.append(Row((words(column_name(outcome)), *described[:3], plain, *described[3:])))
    plain_limits = Header(Text("中位时间/月", "Median, months"), Text("（未变换 95%CI）", "(plain 95% CI)"))
    return Table(
        id=f"survival_{population}_{by}",
        title=titled(_TITLE_OF_ONE, population),
        columns=(
            Header(Text("结局", "Outcome"), align="start"), *_COLUMNS[1:4], plain_limits, *_COLUMNS[4 : 4 + len(TIMES)]
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _ONE_GROUP_NOTE, *not_reached_notes(rows)),
    )  # fmt: skip


_ONE_GROUP_NOTE = Text(
    "中位时间与生存率由 Kaplan-Meier 法估计，置信区间为 log-log 法；未变换法的置信区间供与采用该法的文献对照。"
    "1 个月为 30.4375 天。",
    "Medians and survival by the Kaplan-Meier method with log-log limits; plain: limits without transformation, for comparison with papers that use them. 1 month is 30.4375 days.",
)


def outcomes_of(results: Results, population: str, by: str) -> tuple[str, ...]:
    """Outcomes that were compared over the groups of `by`, post-progression survival first."""
    found = {
        e.outcome
        for e in results.find(analysis=SURVIVAL, population=population, statistic=Statistic.N)
        if f"km/{population}/{by}/{e.outcome}" in results.series
    }
    return tuple(o for o in ORDER if o in found)


def groups_of(results: Results, population: str, by: str, outcome: str) -> tuple[str, ...]:
    """Groups of a survival curve, in the order of its series."""
    words = results.series[f"km/{population}/{by}/{outcome}"]["group"].unique(maintain_order=True)
    found = results.find(analysis=SURVIVAL, population=population, outcome=outcome, statistic=Statistic.N)
    return found_groups(by, words, (e.group for e in found))


_COLUMNS = (
    Header(Text("结局与分组", "Outcome and group"), align="start"),
    Header(same("*n*")),
    Header(Text("事件数", "Events")),
    Header(Text("中位时间/月", "Median, months"), Text("（95%CI）", "(95% CI)")),
    *(Header(Text(f"{t} 个月/%", f"{t} months, %"), Text("（95%CI）", "(95% CI)")) for t in TIMES),
    Header(same("HR"), Text("（95%CI）", "(95% CI)")),
)
_TESTS = (Header(Text("Log-rank", "Log-rank"), same("*P*")), Header(same("Cox"), same("*P*")))


def _columns(statistics: StatisticColumn) -> tuple[Header, ...]:
    """As many as the style asks for."""
    return (*_COLUMNS, *statistics.heads(same("Log-rank")), *_TESTS)


_E_VALUE = Header(Text("E 值", "E-value"), Text("（置信限）", "(limit)"))
_RATIO = Text(
    "HR：风险比（Cox 模型，Efron 法处理结，Wald 置信区间）。",
    "HR: hazard ratio (Cox model, Efron's method for ties, Wald limits).",
)
# Short, so that each table says it itself: a table that it might be referred to has limits of another kind.
_NOT_BY_PAIRS = Text("HR 的置信区间未按匹配对聚类。", "The limits of HR are not clustered by pair.")
_RATIO_OF_PAIRS = Text(
    "HR：风险比（Cox 模型，Efron 法处理结，置信区间按匹配对聚类稳健估计）。",
    "HR: hazard ratio (Cox model, Efron's method for ties, limits robust to the pairs).",
)
_WEIGHTED_RATIO = Text(
    "HR：风险比（按匹配权重加权的 Cox 模型，Efron 法处理结，置信区间按匹配组聚类稳健估计）。",
    "HR: hazard ratio (Cox model weighted by the matching, Efron's method for ties, limits robust to the matched sets).",
)
_WEIGHTED_RATIO_OF_OTHERS = Text(
    "HR：风险比（按匹配权重加权的 Cox 模型，Efron 法处理结，稳健置信区间）。",
    "HR: hazard ratio (Cox model weighted by the matching, Efron's method for ties, robust limits).",
)
_CURVES = Text(
    "中位时间与生存率由 Kaplan-Meier 法估计；1 个月为 30.4375 天。",
    "Medians and survival by the Kaplan-Meier method; 1 month is 30.4375 days.",
)
_WEIGHTED_CURVES = Text(
    "中位时间与生存率由加权 Kaplan-Meier 法估计；1 个月为 30.4375 天。",
    "Medians and survival by the weighted Kaplan-Meier method; 1 month is 30.4375 days.",
)
_TITLE = Text("{people}按{groups}分组的生存结局", "Survival of the {people} by {groups}")
_TITLE_OF_ONE = Text("{people}的生存结局", "Survival of the {people}")


def _outcome_rows(results: Results, population: str, by: str, outcome: str, notes: Footnotes) -> list[Row]:
    groups = groups_of(results, population, by, outcome)
    found = [
        e
        for e in results.find(analysis=SURVIVAL, population=population, outcome=outcome)
        if not e.group or (set(parts_of(e.group)) <= set(groups) and is_of(e.group, by))
    ]
    heading = Row(
        (words(column_name(outcome)), *(BLANK for _ in _columns(StatisticColumn.of(found))[1:])),
        is_heading=True,
    )
    return [
        heading,
        *(_group_row(found, group, notes) for group in groups),
        *_change_rows(results, found, notes),
    ]


def _change_rows(results: Results, found: list[Estimate], notes: Footnotes) -> list[Row]:
    """Where the hazard ratio changes with time: restricted means and ratios by period, in the columns of the ratio."""
    comparison = comparison_of(found)
    change = change_of(results, _pick(found, comparison, Statistic.HAZARD_RATIO))
    if change is None or _is_described(found, comparison):
        return []
    between, statistics = (BLANK,) * (3 + len(TIMES)), StatisticColumn.of(found)
    rows = []
    gap = _pick(found, comparison, Statistic.RESTRICTED_MEAN_DIFFERENCE)
    if change.gap is not None and change.horizon is not None:
        label, p = Cell(gap_label(change), change.horizon.key), _p_value(change.p_of_gap, notes)
        rows.append((label, *between, with_limits(change.gap, notes), *statistics.blanks(), BLANK, p))
    elif gap is not None:
        rows.append((words(_NO_MEANS), *between, with_limits(gap, notes), *statistics.blanks(), BLANK, BLANK))
    for e in found:
        if e.statistic == Statistic.HAZARD_RATIO_PERIOD:
            blanks = (*statistics.blanks(), BLANK, BLANK)
            rows.append((words(period_label(e)), *between, with_limits(e, notes), *blanks))
    if (weighted := change.weighted) is not None:
        tested = (*statistics.cells(weighted, notes), _p_value(weighted, notes))
        rows.append((words(name_of_test(weighted)), *between, BLANK, *tested, BLANK))
    return [Row(cells, indent=1) for cells in rows]


_NO_MEANS = Text("限制性平均生存时间之差/月", "Difference in restricted means, months")


def _filled(row: Row, n_columns: int) -> Row:
    """The row with as many cells as there are columns; the last one, of the E-value, only where it is printed."""
    cells = (*row.cells, *(BLANK for _ in range(n_columns)))[:n_columns]
    return Row(cells, row.indent, row.is_heading)


def _pick(
    found: list[Estimate], group: str, statistic: Statistic | StatisticAt, variable: str = ""
) -> Estimate | None:
    wanted = (group, statistic, variable)
    return next((e for e in found if (e.group, e.statistic, e.variable) == wanted), None)


def _group_row(found: list[Estimate], group: str, notes: Footnotes) -> Row:
    return Row(
        (
            words(name_of(group)),
            _counted(found, group, Statistic.N),
            _counted(found, group, Statistic.EVENTS),
            median_months(_pick(found, group, Statistic.MEDIAN), notes),
            *(_share(_pick(found, group, at_months(Statistic.SURVIVAL, t)), notes) for t in TIMES),
            *_comparison_cells(found, group, notes),
        ),
        indent=1,
    )


def _counted(found: list[Estimate], group: str, statistic: Statistic) -> Cell:
    """Patients; in brackets the sum of their weights, where not every patient counts as one."""
    cell = whole_number(_pick(found, group, statistic))
    weighted = None if statistic.weighted is None else _pick(found, group, statistic.weighted)
    if weighted is None or weighted.value is None:
        return cell
    text = each_language(lambda lang: bracketed(cell.text[lang], format_number(weighted.value, 1), lang))
    return Cell(text, cell.key, (weighted.key,))


def _share(estimate: Estimate | None, notes: Footnotes) -> Cell:
    scale = 100.0 if estimate is not None and estimate.unit != Unit.PERCENT else 1.0
    return with_limits(estimate, notes, scale)


def _comparison_cells(found: list[Estimate], group: str, notes: Footnotes) -> tuple[Cell, ...]:
    """HR, both P and the E-value in the row of the first group; P alone where more than two were compared."""
    comparison = comparison_of(found)
    first, *others = parts_of(comparison) if comparison else ("",)
    statistics = StatisticColumn.of(found)
    if others == [group]:
        return words(REFERENCE), *statistics.blanks(), BLANK, BLANK, BLANK
    if group != first:
        return BLANK, *statistics.blanks(), BLANK, BLANK, BLANK
    if _is_described(found, comparison):
        dash = Cell(same(MISSING), mark=notes.mark(_DESCRIBED))
        return dash, *statistics.blanks(), BLANK, BLANK, BLANK
    p = _pick(found, comparison, Statistic.P_VALUE, "log_rank")
    return (
        with_limits(_pick(found, comparison, Statistic.HAZARD_RATIO), notes),
        *statistics.cells(p, notes),
        _p_value(p, notes),
        _p_value(_pick(found, comparison, Statistic.P_VALUE, "cox"), notes),
        e_value(_pick(found, comparison, Statistic.E_VALUE), notes),
    )


def _is_described(found: list[Estimate], comparison: str) -> bool:
    """Whether the event of the outcome makes the groups: a ratio between them would be a finding of their definition."""
    return any(is_described(e.population, comparison, e.outcome) for e in found)


_DESCRIBED = Text(
    "首次进展本身决定分组，只作描述，不作比较（比值与 *P* 值见 results.csv）",
    "groups defined at the first progression: described, not compared (results.csv has the ratio and *P*)",
)


def _p_value(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """P in a column that already names its test: marked where it is withheld or needs care."""
    if estimate is None:
        return BLANK
    return Cell(p_value(estimate, Footnotes()).text, estimate.key, mark=notes.care(estimate))
