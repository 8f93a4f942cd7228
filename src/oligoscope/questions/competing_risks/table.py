"""Which first event, and how often: cumulative incidence at set months, and what changes it."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, REFERENCE, p_alone, whole_number, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.results.analyses import COMPETING_RISKS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.study.keys import in_sentence, parts_of
from oligoscope.study.vocabulary import column_name, name_of

INCIDENCE_AT = 12  # months at which sentences and legends give it


def tabulate_incidence(results: Results, population: str = "treated") -> Table:
    """A row a first event: how many, and the cumulative incidence in per cent at each time."""
    notes = Footnotes()
    found = results.find(analysis=COMPETING_RISKS, population=population, outcome="")
    causes = list(dict.fromkeys(e.group for e in found if e.group))
    times = dict.fromkeys(e.statistic for e in found if isinstance(e.statistic, StatisticAt))
    total = next((e for e in found if not e.group and e.statistic == Statistic.N), None)
    people = name_of(population)
    return Table(
        id=f"incidence_{population}",
        title=Text(
            f"{people.zh}首个事件的累积发生率/%",
            f"Cumulative incidence of the first event in the {in_sentence(people).en}, %",
        ),
        columns=(
            Header(Text("首个事件", "First event"), align="start"),
            Header(Text("例数", "Patients"), None if total is None else _out_of(total), total and total.key),
            *(Header(Text(f"{t.months} 个月", f"{t.months} months"), LIMITS) for t in times),
        ),
        rows=tuple(_cause_row(found, cause, list(times), notes) for cause in causes),
        notes=(*notes.notes(), LIMITS_NOTE, _INCIDENCE_NOTE),
    )


_INCIDENCE_NOTE = Text(
    "以 Aalen-Johansen 法估计；各首个事件互为竞争事件，从治疗开始计时，每列之和为该时点前发生任一事件的比例。",
    "By the Aalen-Johansen method; each first event is a competing event of the others, time starts at treatment, and each column adds up to the proportion with any event by then.",
)


def _out_of(total: Estimate) -> Text:
    return same(f"(*n*={whole_number(total).text.en})")


def _cause_row(found: list[Estimate], cause: str, times: list[StatisticAt], notes: Footnotes) -> Row:
    here = {e.statistic: e for e in found if e.group == cause}
    cells = (with_limits(here.get(t), notes, 100) for t in times)
    return Row((words(name_of(cause)), whole_number(here.get(Statistic.EVENTS)), *cells))


def tabulate_competing_risks(results: Results, population: str = "treated") -> Table:
    """One block a pattern, a row a variable: Gray's test, Fine-Gray and cause-specific hazard ratios."""
    notes = Footnotes()
    found = [e for e in results.find(analysis=COMPETING_RISKS, population=population) if e.outcome]
    statistics = StatisticColumn.of(found)
    rows: list[Row] = []
    for cause in dict.fromkeys(e.outcome for e in found):
        mine = [e for e in found if e.outcome == cause]
        blanks = (*(BLANK for _ in range(6)), *statistics.blanks())
        rows.append(Row((words(name_of(cause)), *blanks), is_heading=True))
        rows += [
            _variable_row(mine, variable, statistics, notes)
            for variable in dict.fromkeys(e.variable for e in mine)
        ]
    people = name_of(population)
    return Table(
        id=f"competing_risks_{population}",
        title=Text(
            f"{people.zh}中影响首个事件类型的因素（竞争风险）",
            f"Factors associated with each type of first event in the {in_sentence(people).en} (competing risks)",
        ),
        columns=(
            Header(Text("变量与水平", "Variable and level"), align="start"),
            Header(REFERENCE),
            *statistics.heads(_GRAY),
            Header(_GRAY, same("*P*")),
            Header(Text("sHR", "sHR"), LIMITS),
            Header(same("*P*")),
            Header(Text("特定原因 HR", "Cause-specific HR"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _NOTE),
    )


_GRAY = Text("Gray 检验", "Gray's test")
_NOTE = Text(
    "sHR：亚分布风险比（Fine-Gray 模型），反映累积发生率的差别；特定原因 HR：尚无任何事件者中该事件的风险比（Cox 模型）。均为单因素，死亡与另一进展模式为竞争事件。",
    "sHR: subdistribution hazard ratio (Fine-Gray model), which describes the cumulative incidence. Cause-specific HR: hazard "
    "ratio of the event among those still without any (Cox model). All models are univariable; death and the other pattern are the competing events.",
)


def _variable_row(found: list[Estimate], variable: str, statistics: StatisticColumn, notes: Footnotes) -> Row:
    here = {e.statistic: e for e in found if e.variable == variable}
    level = next((e.level for e in found if e.variable == variable and e.level), "")
    name, label, reference = column_name(variable), column_name(variable), BLANK
    if level:
        first, second = (in_sentence(name_of(part)) for part in parts_of(level))
        label = Text(f"{name.zh}：{first.zh}", f"{name.en}: {first.en}")
        reference = words(second)
    gray = here.get(Statistic.P_VALUE_GRAY)
    cells = [*statistics.cells(gray, notes), _p(gray, notes)]
    for ratio in (Statistic.SUBDISTRIBUTION_HAZARD_RATIO, Statistic.CAUSE_SPECIFIC_HAZARD_RATIO):
        cells += [with_limits(here.get(ratio), notes), _p(here.get(ratio.test), notes)]
    return Row((words(label), reference, *cells), indent=1)


def _p(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """Marked only where it is withheld."""
    return BLANK if estimate is None else p_alone(estimate, notes.withheld(estimate))
