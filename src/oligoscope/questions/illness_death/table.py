"""The transitions with what speeds them, and the share of patients in each state at set months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, p_alone, whole_number, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.questions.illness_death.states import (
    ALIVE,
    DEATH,
    MODELLED,
    NONE,
    OLIGO,
    SYSTEMIC,
    UNKNOWN,
    Transition,
)
from oligoscope.results.analyses import ILLNESS_DEATH
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import Comparison, in_sentence, parts_of
from oligoscope.study.vocabulary import column_name, name_of

AFTER = Comparison.of(OLIGO, SYSTEMIC)  # death after one, compared with death after the other
_ARROW = " → "


def transition_name(transition: Transition) -> Text:
    """`No progression → oligoprogression`."""
    start, end = name_of(transition.start), name_of(transition.end)
    return Text(f"{start.zh}{_ARROW}{end.zh}", f"{start.en}{_ARROW}{in_sentence(end).en}")


def tabulate_transitions(results: Results, population: str = "treated") -> Table:
    """A heading a transition with its events and rate, a row a level; last death after one pattern against the other.

    Raises:
        KeyError: Nothing was estimated.
    """
    found = results.find(analysis=ILLNESS_DEATH, population=population)
    if not any(e.value is not None for e in found):
        raise KeyError(f"illness_death/{population}")
    notes, people = Footnotes(), name_of(population)
    rows = [row for t in (*MODELLED, *UNKNOWN) for row in _transition_rows(found, t, notes)]
    rows += _after_rows(found, notes)
    return Table(
        id=f"illness_death_{population}",
        title=Text(
            f"{people.zh}各状态之间的转换（疾病—死亡模型）",
            f"Transitions between states in the {in_sentence(people).en} (illness-death model)",
        ),
        columns=(
            Header(Text("状态转换；变量与水平", "Transition; variable and level"), align="start"),
            Header(Text("参照", "Reference")),
            Header(Text("例数", "Patients")),
            Header(Text("事件数", "Events")),
            Header(Text("每 100 人月", "Per 100 patient-months"), LIMITS),
            Header(Text("HR", "HR"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _note(found)),
    )


def _note(found: list[Estimate]) -> Text:
    reset = any(e.method.has(MethodPart.SINCE_PROGRESSION) for e in found)
    zh = "从进展之日重新计时" if reset else "从治疗开始计时，进展之日起进入风险集"
    en = "since progression" if reset else "since treatment, at risk from the day of progression on"
    return Text(
        f"每种转换一个 Cox 模型，含全部所列变量，纳入这些变量均有记录的患者；HR：风险比。进展后死亡的模型{zh}；"
        "两种进展之后的死亡在同一模型中比较，进展模式为协变量，不分层。",
        "A Cox model of each transition holds all variables listed, in the patients in whom all of them are known; HR: hazard ratio. "
        f"Time in the models of death after progression is counted {en}; death after the two patterns is compared in one model with one "
        "baseline hazard and the pattern as a covariate.",
    )


def _transition_rows(found: list[Estimate], transition: Transition, notes: Footnotes) -> Iterator[Row]:
    mine = [e for e in found if (e.outcome, e.group) == (transition.end, transition.start)]
    if not mine:
        return
    whole = {e.statistic: e for e in mine if not e.variable}
    ratios = [e for e in mine if e.statistic == Statistic.HAZARD_RATIO and e.level]
    changes = any(e.warning.has(WarningCode.NON_PROPORTIONAL) for e in ratios)
    yield Row(
        (
            words(transition_name(transition), notes.mark(_CHANGES) if changes else ""), BLANK, whole_number(whole.get(Statistic.N)),
            whole_number(whole.get(Statistic.EVENTS)), with_limits(whole.get(Statistic.RATE), notes), BLANK, BLANK,
        ),
        is_heading=True,
    )  # fmt: skip
    for ratio in ratios:
        yield _level_row(mine, _in_its_model(ratio), notes)


_CHANGES = Text(
    "整个模型的比例风险检验 *P*<0.05，其风险比随时间改变，为取决于随访与删失的平均值",
    "the test of proportional hazards of the whole model has *P*<0.05: its hazard ratios change with time and are averages that depend on "
    "follow-up and censoring",
)


def _in_its_model(ratio: Estimate) -> Estimate:
    """Without what the heading says of all ratios of a model, as the test of proportional hazards is of the model."""
    return replace(ratio, warning=ratio.warning.without(WarningCode.NON_PROPORTIONAL))


def _level_row(mine: list[Estimate], ratio: Estimate, notes: Footnotes) -> Row:
    keys = (ratio.variable, ratio.level, Statistic.P_VALUE)
    p = next((e for e in mine if (e.variable, e.level, e.statistic) == keys), None)
    name, label, reference = column_name(ratio.variable), column_name(ratio.variable), BLANK
    if len(parts_of(ratio.level)) > 1:
        first, second = (in_sentence(name_of(part)) for part in parts_of(ratio.level))
        label = Text(f"{name.zh}：{first.zh}", f"{name.en}: {first.en}")
        reference = words(second)
    n = Cell(same(f"{ratio.n}"), ratio.key) if ratio.n is not None else BLANK
    return Row((words(label), reference, n, BLANK, BLANK, with_limits(ratio, notes), p_alone(p)), indent=1)


def _after_rows(found: list[Estimate], notes: Footnotes) -> Iterator[Row]:
    """Death after oligoprogression against death after systemic progression, alone and with the variables."""
    mine = {e.statistic: e for e in found if (e.outcome, e.group) == (DEATH, AFTER)}
    if not mine:
        return
    yield Row((words(AFTER_NAME), *(BLANK,) * 6), is_heading=True)
    names = (
        (Statistic.HAZARD_RATIO, Statistic.P_VALUE, Text("未校正", "Not adjusted")),
        (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED, Text("校正上述变量", "Adjusted for the variables above")),
    )  # fmt: skip
    for ratio, test, name in names:
        e = mine.get(ratio)
        if e is not None:
            cells = (words(name), words(name_of(SYSTEMIC)), Cell(same(f"{e.n}"), e.key))
            yield Row((*cells, BLANK, BLANK, with_limits(e, notes), p_alone(mine.get(test))), indent=1)


AFTER_NAME = Text(
    "寡进展后死亡与广泛进展后死亡相比",
    "Death after oligoprogression against death after systemic progression",
)


def tabulate_occupation(results: Results, population: str = "treated") -> Table:
    """A row a state: the share of patients in it in per cent at each month, and the mean months in it.

    Raises:
        KeyError: Nothing was estimated.
    """
    found = [e for e in results.find(analysis=ILLNESS_DEATH, population=population, outcome="") if e.group]
    if not found:
        raise KeyError(f"illness_death/{population}")
    notes, people = Footnotes(), name_of(population)
    states = list(dict.fromkeys(e.group for e in found))
    at = [s for s in dict.fromkeys(e.statistic for e in found) if isinstance(s, StatisticAt)]
    shares = [s for s in at if s.family == Statistic.OCCUPATION]
    means = [s for s in at if s.family == Statistic.RESTRICTED_MEAN]
    total = results.get(analysis=ILLNESS_DEATH, population=population, statistic=Statistic.N)
    return Table(
        id=f"occupation_{population}",
        title=Text(f"{people.zh}各状态的占据概率/%", f"Occupation of each state in the {in_sentence(people).en}, %"),
        columns=(
            Header(Text("所处状态", "State occupied"), None if total is None else same(f"(*n*={total.n})"), total and total.key, align="start"),
            *(Header(Text(f"{s.months} 个月", f"{s.months} months"), LIMITS) for s in shares),
            *(Header(Text(f"至 {s.months} 个月的平均月数", f"Mean months up to {s.months}"), LIMITS) for s in means),
        ),
        rows=tuple(_state_row(found, state, shares, means, notes) for state in states),
        notes=(*notes.notes(), LIMITS_NOTE, _OCCUPATION_NOTE),
    )  # fmt: skip


def _state_row(
    found: list[Estimate],
    state: str,
    shares: list[StatisticAt],
    means: list[StatisticAt],
    notes: Footnotes,
) -> Row:
    here = {e.statistic: e for e in found if e.group == state}
    cells = (
        *(with_limits(here.get(s), notes, 100) for s in shares),
        *(with_limits(here.get(s), notes) for s in means),
    )
    return Row((words(state_name(state)), *cells))


def state_name(state: str) -> Text:
    """`Oligoprogression, alive`; of the dead the name of the state."""
    name = name_of(state)
    if state in ALIVE and state != NONE:
        return Text(f"{name.zh}（存活）", f"{name.en}, alive")
    return name


_OCCUPATION_NOTE = Text(
    "以 Aalen-Johansen 法估计（标准误用无穷小刀切法，log-log 法置信区间），从治疗开始计时；每列之和为 100%。未进展者在末次充分评估时删失，与无进展生存期相同。",
    "By the Aalen-Johansen method, from treatment on (standard errors by the infinitesimal jackknife, log-log limits); each column adds up to 100%. Patients without progression are censored at their "
    "last adequate assessment, as in progression-free survival.",
)
