"""How many patients each choice of a definition gives, for all the choices that are offered; no outcome is read.

Responses and counts of lesions are derived once; a choice of definition is then applied, by the pipeline's own rules, to
the distinct counts and not to every patient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from oligoscope.clinical.classified import GivenColumns
from oligoscope.clinical.patients import Countable
from oligoscope.clinical.progression_rules import pattern_rules
from oligoscope.study.conditions import parse_condition
from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS, ProgressionDefinition
from oligoscope.study.dictionary.terms import Pattern, Resistance
from oligoscope.study.protocol import Protocol
from oligoscope.study.rules import first_that_holds
from oligoscope.study.schemas import StudyTables

# Columns of patients that follow from a definition beside the counts themselves.
_OF_DEFINITIONS = frozenset(
    {"pattern", "pattern_rule", "pattern_flags", "flags", "resistance", "resistance_rule", "patterns_disagree", "site_relation"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatternNumbers:
    """Patients of a population by pattern under one definition."""

    oligo: int
    systemic: int
    unclassifiable: int


def count_patterns(
    patients: pl.DataFrame,
    counts: pl.DataFrame,
    definitions: Sequence[ProgressionDefinition],
    labelled: Sequence[str] = (),
) -> list[PatternNumbers]:
    """Patients by pattern under each of the definitions.

    Args:
        patients: A population, labelled: patient_id, p, pattern, progression_basis.
        counts: From `count_progression`, with p.
        definitions: What is applied.
        labelled: patient_id of those whose pattern is the team's own, whatever the definition.
    """
    is_theirs = pl.col("patient_id").is_in(list(labelled))
    theirs = patients.filter(is_theirs)["pattern"]
    fixed = {pattern: int((theirs == pattern).sum()) for pattern in Pattern}
    imaged = patients.filter(~is_theirs & (pl.col("progression_basis") == "imaging")).select("p")
    rules = [first_that_holds(pattern_rules(d)) for d in definitions]
    read = sorted({name for rule in rules for name in rule.meta.root_names()})
    distinct = counts.join(imaged, on="p", how="semi").group_by(read).len("_patients")
    labels = distinct.select("_patients", *(rule.alias(str(i)) for i, rule in enumerate(rules)))
    numbers = {
        pattern: labels.select(
            pl.col("_patients").filter(pl.col(str(i)) == pattern).sum().alias(str(i))
            for i in range(len(rules))
        ).row(0)
        for pattern in Pattern
    }
    found = []
    for oligo, systemic in zip(numbers[Pattern.OLIGO], numbers[Pattern.SYSTEMIC], strict=True):
        both = oligo + fixed[Pattern.OLIGO], systemic + fixed[Pattern.SYSTEMIC]
        found.append(PatternNumbers(*both, patients.height - sum(both)))
    return found


def count_resistance(
    patients: pl.DataFrame, definitions: pl.DataFrame, labelled: Sequence[str] = ()
) -> dict[str, dict[str, int]]:
    """Patients by type of resistance under each preset; blank where no type is given.

    Args:
        patients: A population, labelled: patient_id, resistance.
        definitions: patient_id and resistance:NAME for every preset.
        labelled: patient_id of those whose type is the team's own.
    """
    is_theirs = pl.col("patient_id").is_in(list(labelled))
    theirs = patients.filter(is_theirs)["resistance"]
    ruled = patients.filter(~is_theirs).select("patient_id").join(definitions, on="patient_id", how="left")
    found: dict[str, dict[str, int]] = {}
    for name in RESISTANCE_DEFINITIONS:
        types = pl.concat([theirs.rename("type"), ruled[f"resistance:{name}"].rename("type")])
        numbers = {word.value: int((types == word.value).sum()) for word in Resistance}
        found[name] = {word: n for word, n in numbers.items() if n} | {"": types.null_count()}
    return found


def labelled_by_team(tables: StudyTables) -> Mapping[str, list[str]]:
    """By label (pattern, resistance) the patients whose label is the team's own, whatever the definition."""
    given = GivenColumns.of(tables)
    ids = tables.cohort["patient_id"].to_list() if "cohort" in tables.whole.with_rows else []
    return {label: ids for label in ("pattern", "resistance") if label in given.labels and ids}


def select_by_definition(protocol: Protocol, countable: Countable) -> bool:
    """Whether a rule of eligibility reads what a definition gives, so that who is studied depends on the choice."""
    made = _OF_DEFINITIONS.union(*(frame.columns for frame in countable.counts.values())) - {"p"}
    return any(made & parse_condition(rule.keep).columns for rule in protocol.eligibility)
