"""Conditions on patients.csv that several questions share: populations, groups, levels, times."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import PATIENTS_FILE, Selection, Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.keys import ALL, Patients, level_key, parts_of, versus, whole_of, word_of
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.vocabulary import name_of, variable_name

# Of each population, the words of the column `population` that hold its patients; none: every row.
_STATIONS = {
    "screened": (),
    "treated": ("treated", "progressed"),
    "progressed": ("progressed",),
    "matched": ("progressed",),
}

# Of a model in the patients in whom every covariate of `adjust_for` is known.
OF_ADJUSTED = frozenset({
    Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED, Statistic.P_VALUE_INTERACTION_ADJUSTED, Statistic.EVENTS_PER_PARAMETER,
})  # fmt: skip


def patients_of(population: str) -> Selection:
    """The patients of a population, or of a part of one (`study.keys.Patients`).

    Raises:
        KeyError: No population has this name.
    """
    base = whole_of(population)
    words = _STATIONS[base]
    terms = (Term("population", "in", words, label=name_of(base)),) if words else ()
    parts = population.where if isinstance(population, Patients) else ()
    selection = Selection((terms,), matched=base == "matched")
    return selection.and_(*(is_level(level.variable, level.word) for level in parts))


def is_level(column: str, level: str, file: str = PATIENTS_FILE, name: Text | None = None) -> Term:
    """`column == level`."""
    label = _pair(name or variable_name(column), _level_words(column, level))
    return Term(column, "in", (word_of(level),), file=file, label=label)


def is_known(column: str, file: str = PATIENTS_FILE, name: Text | None = None) -> Term:
    """The column has a value."""
    variable = name or variable_name(column)
    return Term(column, "is not blank", file=file, label=Text(f"{variable.zh}有记录", f"{variable.en} known"))


def is_unknown(column: str) -> Term:
    """The column has no value."""
    variable = variable_name(column)
    return Term(column, "is blank", label=Text(f"{variable.zh}无记录", f"{variable.en} not known"))


def of_groups(by: str, group: str) -> Term:
    """Patients of a group; of every group that is compared; with any group for all patients or a blank."""
    if group in {"", ALL}:
        return is_known(by)
    groups = parts_of(group)
    names = [_level_words(by, g) for g in groups]
    shown = Text("、".join(n.zh for n in names), " or ".join(n.en for n in names))
    return Term(by, "in", tuple(map(word_of, groups)), label=_pair(variable_name(by), shown))


def of_variable(e: Estimate, group: Selection, mean: tuple[Reason, ...], *, imputed: bool) -> MadeFrom:
    """Of a variable of the group: those in whom it is known, of a level those who have it, of what is missing the others.

    Args:
        e: The number; its variable is named.
        group: The patients described.
        mean: What is said of a mean over imputations; nothing of one cohort.
        imputed: Whether values of it were drawn: completed cohorts have no missing value left.
    """
    if e.statistic in {Statistic.MISSING, Statistic.PERCENT_MISSING}:
        return MadeFrom(group, None if imputed else group.and_(is_unknown(e.variable)), reasons=mean)
    known = group if imputed else group.and_(is_known(e.variable))
    if e.statistic not in {Statistic.N, Statistic.PERCENT} or not e.level:
        return MadeFrom(known, reasons=mean)
    if imputed:
        return MadeFrom(known, reasons=(*mean, Reason.IMPUTED))
    return MadeFrom(known, group.and_(is_level(e.variable, e.level)), reasons=mean)


def has_word(column: str, word: str, label: Text, file: str = PATIENTS_FILE) -> Term:
    """One of the words of the cell, which are divided by ";"."""
    return Term(column, "has", (word,), file=file, label=label)


def followed(outcome: str, *, entries: bool = False) -> tuple[Term, ...]:
    """A time and whether it ended in the event are known; where the study gives entries, the patient was ever at risk."""
    name = variable_name(outcome)
    days = Term(f"{outcome}_days", "is not blank", label=Text(f"{name.zh}有记录", f"{name.en} known"))
    known = days, Term(f"{outcome}_event", "is not blank")
    if not entries:
        return known
    at_risk = Text(f"{name.zh}：结束前已进入观察", f"{name.en}: under observation before its end")
    return *known, Term(f"{outcome}_entry_days", "is not blank", label=at_risk)


def had_event(outcome: str) -> Term:
    """The time ended in the event."""
    name = variable_name(outcome)
    return Term(
        f"{outcome}_event", "in", ("1",), label=Text(f"{name.zh}：发生事件", f"{name.en}: with event")
    )


def had_no_event(outcome: str) -> Term:
    """The time ended without the event."""
    name = variable_name(outcome)
    return Term(f"{outcome}_event", "in", ("0",), label=Text(f"{name.zh}：删失", f"{name.en}: censored"))


def days_of(months: float) -> str:
    """Months as days, as they are compared."""
    return str(months * DAYS_PER_MONTH).removesuffix(".0")


def progressed_by(operator: str, months: int, label: Text) -> Term:
    """The first progression came so many months after treatment start."""
    return Term("progressed_on", operator, (days_of(months),), since="treatment_started_on", label=label)


def _pair(variable: Text, level: Text) -> Text:
    return Text(f"{variable.zh}：{level.zh}", f"{variable.en}: {level.en}")


def _level_words(column: str, level: str) -> Text:
    """A level of a column of patients, in full; blank where there is none."""
    if column == "best_response" and level in _RESPONSES_IN_FULL:
        return _RESPONSES_IN_FULL[level]
    return versus(level_key(column, level)) if level else Text("", "")


_RESPONSES_IN_FULL = {level.word: level.in_full for level in RESPONSES}
