"""Patients behind counts and shares: flow, baseline, imputation, sites, timing, responses, definitions, management."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.bilingual import Text
from oligoscope.cohort.curves import WEIGHTS
from oligoscope.printing.comparison_names import variable_name
from oligoscope.report.estimate_names import VARIABLES
from oligoscope.report.estimate_words import level_words, rule_words
from oligoscope.report.numbers.behind import Behind, Reason
from oligoscope.report.numbers.behind_terms import (
    has_word,
    is_known,
    is_level,
    is_unknown,
    of_groups,
    population,
    progressed_by,
)
from oligoscope.report.numbers.patient_conditions import NOBODY, Term
from oligoscope.report.numbers.study_known import StudyKnown
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.definition_names import definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import crossed_parts, level_key, parts_of
from oligoscope.study.vocabulary import column_name, name_of

RATES = {"orr": ("CR", "PR"), "dcr": ("CR", "PR", "SD", "NON_CR_NON_PD")}
MISSING = {"missing", Statistic.PERCENT_MISSING}
COUNTED = {"n", "percent"}


def behind_flow(e: Estimate, study: StudyKnown) -> Behind:
    """A rule looked at those whom no rule before it had excluded."""
    everybody = population(study.protocol, e.population)
    if everybody is None:
        return Behind(reasons=(Reason.NO_RULE,))
    if e.outcome:
        return Behind(everybody, everybody.and_(is_level(e.outcome, e.group)))
    n_aside = study.results.value(
        analysis=FLOW, population="screened", variable="quarantined", statistic=Statistic.N_EXCLUDED
    )
    if not e.variable:
        aside = (Reason.QUARANTINED,) if n_aside and e.population == "screened" else ()
        return Behind(everybody, None if aside else everybody, reasons=aside)
    if e.variable == "quarantined":
        return Behind(everybody, reasons=(Reason.QUARANTINED,))
    rules = [
        r.variable
        for r in study.results.find(analysis=FLOW, population=e.population, statistic=Statistic.N_EXCLUDED)
    ]
    before = (
        tuple(r for r in rules[: rules.index(e.variable)] if r != "quarantined")
        if e.variable in rules
        else ()
    )
    rule_of = rule_words(study.protocol)
    here = everybody.and_(_not_excluded(before, rule_of)) if before else everybody
    if e.statistic == Statistic.N_NOT_ASSESSABLE:
        return Behind(here, reasons=(Reason.NOT_JUDGED,)) if e.value else Behind(here, NOBODY)
    if e.variable == "pattern":
        return Behind(here, here.and_(is_unknown("pattern")))
    sentence = rule_of.get(e.variable, column_name(e.variable))
    return Behind(here, here.and_(Term("excluded_because", "in", (e.variable,), label=sentence)))


def _not_excluded(before: tuple[str, ...], rule_of: Mapping[str, Text]) -> Term:
    """Those whom none of these rules excluded."""
    rules = [rule_of.get(rule, name_of(rule)) for rule in before]
    label = Text(
        f"未因以下原因排除：{'、'.join(r.zh for r in rules)}",
        f"Not excluded because of: {', '.join(r.en for r in rules)}",
    )
    return Term("excluded_because", "not in", before, label=label)


def behind_baseline(e: Estimate, study: StudyKnown) -> Behind:
    """The group; of a variable, those in whom it is known; of a level, those who have it."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    group = people.and_(of_groups(e.outcome, e.group))
    mean = (Reason.MEAN,) if people.matched else ()
    if e.method == WEIGHTS:
        mean = (*mean, Reason.MATCHING_WEIGHTS)
    if not e.variable:
        return Behind(group, group, reasons=mean)
    imputed = people.matched and e.variable in study.imputed
    if e.statistic in MISSING:
        # Completed cohorts have no missing value left.
        return Behind(group, None if imputed else group.and_(is_unknown(e.variable)), reasons=mean)
    known = group if imputed else group.and_(is_known(e.variable))
    if e.statistic not in COUNTED or not e.level:
        return Behind(known, reasons=mean)
    if imputed:
        return Behind(known, reasons=(*mean, Reason.IMPUTED))
    return Behind(known, group.and_(is_level(e.variable, e.level)), reasons=mean)


def behind_imputation(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody who has a group was completed."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    everybody = people.and_(of_groups(e.outcome or study.matched_by, e.group))
    if e.statistic == Statistic.PERCENT_MISSING:
        return Behind(everybody, everybody.and_(is_unknown(e.variable)))
    return Behind(everybody, reasons=(Reason.IMPUTED,) if e.level else ())


def behind_sites(e: Estimate, study: StudyKnown) -> Behind:
    """Those whose organs of progression are known; an organ counts where it is one of them."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    organs_known = is_known("progressing_organs", name=Text("进展器官", "Organs of progression"))
    group = people.and_(organs_known, of_groups(e.outcome, e.group))
    if not e.variable:
        return Behind(group, group)
    name = level_words("organ", e.level)
    there = has_word(
        "progressing_organs", e.level, Text(f"在此器官进展：{name.zh}", f"Progressed in: {name.en}")
    )
    if e.variable == "organ":
        return Behind(group, group.and_(there))
    if e.variable == "same_organ":
        label = Text(f"基线时受累：{name.zh}", f"Involved at baseline: {name.en}")
        before = group.and_(has_word("all_baseline_organs", e.level, label))
        return Behind(before, before.and_(there))
    return Behind(group, group.and_(is_level(e.variable, e.level, name=VARIABLES.get(e.variable))))


def behind_timing(e: Estimate, study: StudyKnown) -> Behind:
    """Those with a group who progressed; of a class, those who progressed in its months."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    everybody = people.and_(
        of_groups(e.outcome, "all"), is_known("progressed_on", name=Text("进展日期", "Date of progression"))
    )
    if not e.level:
        group = everybody.and_(of_groups(e.outcome, e.group))
        return Behind(group, group if e.statistic == Statistic.N else None)
    in_class = everybody.and_(*_months(e.level))
    return Behind(in_class, in_class.and_(of_groups(e.outcome, e.group)))


def _months(level: str) -> tuple[Term, ...]:
    """`3-6`: after month 3, up to month 6; `>24`; the first class begins at the first day."""
    low, high = (level[1:], "") if level.startswith(">") else level.split("-")
    terms = []
    if int(low):
        terms.append(
            progressed_by(">", int(low), Text(f"{low} 个月之后进展", f"Progressed after month {low}"))
        )
    if high:
        terms.append(
            progressed_by("<=", int(high), Text(f"{high} 个月之内进展", f"Progressed by month {high}"))
        )
    return tuple(terms)


def behind_response_rate(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody with a group; those with the response, or with one of those of a rate, count."""
    people = population(study.protocol, e.population)
    by = study.grouping("response_rate", e)
    if people is None or by is None:
        return Behind(reasons=(Reason.NO_RULE,))
    group = people.and_(of_groups(by, e.group))
    if e.statistic not in COUNTED:
        return Behind(group)
    column = "confirmed_response" if study.protocol.response.confirmation else "best_response"
    if e.level:
        return Behind(group, group.and_(is_level(column, e.level, name=variable_name("best_response"))))
    if e.variable in RATES:
        label = VARIABLES[e.variable]
        return Behind(group, group.and_(Term(column, "in", RATES[e.variable], label=label)))
    return Behind(group, group)


def behind_response_series(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody; those with a sum of diameters stand in the series of the waterfall plot."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    if e.outcome == "swimmer":
        return Behind(people, people.and_(is_known("os_days", name=variable_name(Outcome.OS))))
    series = f"series/waterfall--{e.population}.csv"
    changed = is_known("best_change_percent", series, Text("靶病灶变化", "Change of target lesions"))
    with_sum = people.and_(changed)
    if e.statistic == Statistic.N_EVALUABLE:
        return Behind(people, with_sum)
    if e.statistic == Statistic.MEDIAN:
        return Behind(with_sum)
    if not e.level:
        return Behind(people, people)
    label = level_words("best_change", e.level)
    if e.level.startswith((">=", "<=")):
        term = Term("best_change_percent", e.level[:2], (e.level[2:],), file=series, label=label)
    else:
        term = Term(e.level, "in", ("true",), file=series, label=label)
    return Behind(with_sum, with_sum.and_(term))


def behind_reclassification(e: Estimate, study: StudyKnown) -> Behind:
    """Those with a label under the definition, or under both."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    presets = parts_of(e.group)
    file = "definitions.csv"
    labelled = people.and_(*(is_known(f"{e.outcome}:{p}", file, definition_name(p)) for p in presets))
    if not e.level:
        return Behind(labelled, labelled if e.statistic == Statistic.N else None)
    pairs = zip(presets, crossed_parts(e.level), strict=True)
    held = (
        is_level(f"{e.outcome}:{p}", level_key(e.outcome, level), file, definition_name(p))
        for p, level in pairs
    )
    return Behind(labelled, labelled.and_(*held))


def behind_management(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody who progressed; those of the tier, of the reason or with the note."""
    people = population(study.protocol, e.population)
    if people is None:
        return Behind(reasons=(Reason.NO_RULE,))
    column = {"tier": "tier", "withheld": "withheld_because", "note": "notes"}.get(e.variable)
    if column is None:
        return Behind(people, people)
    name, level = VARIABLES[e.variable], level_words(e.variable, e.level)
    label = Text(f"{name.zh}：{level.zh}", f"{name.en}: {level.en}")
    return Behind(people, people.and_(has_word(column, e.level, label, "management.csv")))
