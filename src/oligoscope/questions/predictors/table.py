"""What goes with the pattern: odds ratios of one and of several variables, event and references printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, REFERENCE, e_value, p_alone, p_value, with_limits
from oligoscope.printing.events_per_variable import events_per_variable
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import E_VALUE_NOTE
from oligoscope.printing.monte_carlo_notes import monte_carlo_notes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.questions.predictors.levels import level_compared, references_of
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, is_comparison, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of

MODELS = (Statistic.ODDS_RATIO_UNIVARIABLE, Statistic.ODDS_RATIO_MULTIVARIABLE)
POOLED = (MethodPart.RUBIN, MethodPart.CLIP)


def tabulate_predictors(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """A heading a variable, a row a level against its reference; the joint P of several levels in the heading."""
    notes = Footnotes()
    found = results.find(analysis=PREDICTORS, population=population, outcome=by)
    rows: list[Row] = []
    for variable in dict.fromkeys(e.variable for e in found if e.variable):
        rows += _variable_rows([e for e in found if e.variable == variable], variable, notes)
    event = next((e.group for e in found if is_comparison(e.group)), "")
    has_e_values = any(e.statistic == Statistic.E_VALUE and e.value is not None for e in found)
    columns = _COLUMNS if has_e_values else _COLUMNS[:-1]
    return Table(
        id=f"predictors_{population}_{by}",
        title=_title(population, event),
        columns=columns,
        rows=tuple(replace(row, cells=row.cells[: len(columns)]) for row in rows),
        notes=(
            *notes.notes(),
            _note(event, _OF_E_VALUES if has_e_values else Text("", "")),
            *_events_per_variable(found),
            *_pooling(found),
            *((E_VALUE_NOTE,) if has_e_values else ()),
            *monte_carlo_notes(found, _name_of_ratio),
        ),
    )


_COLUMNS = (
    Header(Text("变量与水平", "Variable and level"), align="start"),
    Header(Text("单因素 OR", "Univariable OR"), LIMITS),
    Header(same("*P*")),
    Header(Text("多因素 OR", "Multivariable OR"), LIMITS),
    Header(same("*P*")),
    Header(Text("E 值", "E-value"), Text("（置信限）", "(limit)")),
)


def _title(population: str, event: str) -> Text:
    people = name_of(population)
    if not event:
        return Text(
            f"{people.zh}进展模式的影响因素", f"Predictors of the pattern in the {in_sentence(people).en}"
        )
    first, second = (name_of(g) for g in parts_of(event))
    return Text(
        f"{people.zh}进展模式的影响因素（OR>1：更可能为{first.zh}，而非{second.zh}）",
        f"Predictors of the pattern in the {in_sentence(people).en} (OR>1: {in_sentence(first).en} more likely than "
        f"{in_sentence(second).en})",
    )


def _events_per_variable(found: Sequence[Estimate]) -> tuple[Text, ...]:
    """Of the models of the table; of several the one that has the fewest."""
    given = [e for e in found if e.statistic == Statistic.EVENTS_PER_PARAMETER and e.value is not None]
    return events_per_variable(min(given, key=lambda e: e.value or 0.0, default=None))


_OF_E_VALUES = Text("；E 值按多因素 OR 计算", "; E-values are those of the multivariable OR")


def _note(event: str, more: Text) -> Text:
    if not event:
        return Text("", "")
    first, second = (in_sentence(name_of(g)) for g in parts_of(event))
    return Text(
        f"Logistic 回归：事件为{first.zh}，参照为{second.zh}；各水平与标明“参照”的水平相比。多因素模型含表中全部变量。"
        f"OR：比值比；CI：置信区间{more.zh}。",
        f"Logistic regression: the event is {first.en}, the reference {second.en}; levels are compared with the one "
        "marked as reference. The multivariable model holds every variable of the table. OR: odds ratio; "
        f"CI: confidence interval{more.en}.",
    )


def _name_of_ratio(e: Estimate) -> Text:
    variable, level = column_name(e.variable), versus(e.level)
    return Text(f"{variable.zh} {level.zh}", f"{variable.en}, {level.en}")


def _pooling(found: list[Estimate]) -> tuple[Text, ...]:
    """Which of the models were pooled, where some were and some were not."""
    pooled = {e.method.has(*POOLED) for e in found if e.statistic in MODELS and e.method}
    if len(pooled) < 2:
        return ()
    return (
        Text(
            "含插补变量的模型在各插补数据集中分别拟合，再行合并；不含插补变量的模型只拟合一次。",
            "Models with an imputed variable were fitted in every imputation and pooled; models without one were fitted once.",
        ),
    )


def _variable_rows(found: list[Estimate], variable: str, notes: Footnotes) -> list[Row]:
    here = {(e.level, e.statistic): e for e in found}
    levels = list(dict.fromkeys(e.level for e in found if e.level))
    joint: list[Cell] = []
    for model in MODELS:
        # A variable that entered no model has its reason here; the others have their ratios by level.
        unused = here.get(("", model))
        joint += [with_limits(unused, notes), p_value(here.get(("", model.test)), notes)]
    rows = [Row((words(column_name(variable)), *joint, BLANK), is_heading=True)]
    for level in levels:
        cells: list[Cell] = []
        for model in MODELS:
            cells += [with_limits(here.get((level, model)), notes), p_alone(here.get((level, model.test)))]
        strength = e_value(here.get((level, Statistic.E_VALUE)), notes)
        rows.append(Row((words(level_compared(level)), *cells, strength), indent=1))
    for reference in references_of(levels):
        marked = (words(REFERENCE), BLANK) * len(MODELS)
        rows.append(Row((words(name_of(reference)), *marked, BLANK), indent=1))
    return rows
