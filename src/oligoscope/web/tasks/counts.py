"""How many patients each choice of a definition gives, for the cards of the definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.answers import Answer
from oligoscope.bilingual import Language, both
from oligoscope.checked_study import Checked, check_study
from oligoscope.clinical.patients import Countable, count_in_every_way
from oligoscope.clinical.progression_rules import resolve
from oligoscope.cohort.choices import count_patterns, count_resistance, labelled_by_team, select_by_definition
from oligoscope.cohort.select import select_cohort
from oligoscope.cohort.variables import is_levels
from oligoscope.errors import DataError
from oligoscope.questions.registry import KINDS
from oligoscope.study.definition_edit import PARTS, choices_of
from oligoscope.study.dictionary.definitions import (
    PROGRESSION_DEFINITIONS,
    RESISTANCE_DEFINITIONS,
    ProgressionDefinition,
)
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS
from oligoscope.study.short_forms import with_preset
from oligoscope.study.study_file import mapping_file, read_mapping, stated_settings, with_mapping
from oligoscope.study.study_presets import PAPER_VARIABLES, PRESETS
from oligoscope.study.vocabulary import VARIABLES, column_name, name_of_level
from oligoscope.web.tasks.choice_words import as_words, word_of
from oligoscope.web.tasks.run_task import Progress

_COUNTINGS = ("station", "lesion", "region")
_REFERENCES = ("nadir", "previous")
_MOST_LEVELS = 12
_MOST_COLUMNS = 60


def answer_of(folder: Path, _rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Derive once, then apply every offered definition.

    Raises:
        DataError: The tables have errors.
    """
    checked = check_study(folder, None, language, progress)
    if checked.issues.errors:
        raise DataError(checked.issues.message(language))
    progress("derive")
    answer.update(counts_of(checked))


def counts_of(checked: Checked) -> dict[str, Any]:
    """What the cards show: the choices, their words and sources, and patients under each of them."""
    protocol, tables = checked.protocol, checked.tables
    countable = count_in_every_way(tables, protocol, _REFERENCES, _COUNTINGS)
    protocols = dict(_under_each_preset(checked))
    theirs = labelled_by_team(tables)
    axes = _axes(protocol, list(protocols))
    is_live = not any(select_by_definition(p, countable) for p in protocols.values())
    numbers: list[int] = []
    populations: dict[str, pl.DataFrame] = {}
    for name, one in protocols.items():
        populations[name] = select_cohort(countable.patients, one, checked.n_quarantined).population(
            "progressed"
        )
        numbers += _numbers(populations[name], countable, axes, theirs.get("pattern", []))
    shown = populations[protocol.study.preset or ""]
    return {
        "choices": as_words(choices_of(protocol, KINDS)),
        "definitions": [_definition(d) for d in PROGRESSION_DEFINITIONS.values()],
        "resistance": [
            {"name": d.name, "printed": both(d.printed), "source": both(d.source), "methods": both(d.methods)}
            for d in RESISTANCE_DEFINITIONS.values()
        ],
        "types": {word.value: both(name_of_level("resistance", word.value)) for word in Resistance},
        "presets": {name: _usual(name) for name in protocols},
        "axes": axes,
        "numbers": numbers,
        "types_of": {
            name: count_resistance(population, countable.definitions, theirs.get("resistance", []))
            for name, population in populations.items()
        },
        "n": {name: population.height for name, population in populations.items()},
        "minimum_group": protocol.matching.minimum_group,
        "theirs": sorted(theirs),
        "theirs_n": len(tables.cohort) if theirs else 0,
        "is_live": is_live,
        "columns": list(_columns(protocol, shown, checked)),
    }  # fmt: skip


def _under_each_preset(checked: Checked) -> Iterator[tuple[str, Protocol]]:
    """The study with each preset of a whole study, and without one."""
    stated = stated_settings(checked.study)
    settings = with_mapping(stated, read_mapping(mapping_file(checked.study)))
    for name in ("", *PRESETS):
        if name == (checked.protocol.study.preset or ""):
            yield name, checked.protocol
            continue
        own = {k: v for k, v in settings.get("study", {}).items() if k != "preset"}
        changed = {**settings, "study": own | ({"preset": name} if name else {})}
        yield name, Protocol.model_validate(with_preset(changed), context={"kinds": KINDS})


def _axes(protocol: Protocol, presets: list[str]) -> list[list[Any]]:
    """What is offered, the slowest first: names of cards, each with its values as words."""
    own = resolve(protocol.progression)
    lesions = {*range(1, 11), *([own.max_lesions] if own.max_lesions else [])}
    organs = {1, 2, 3, *([own.max_organs] if own.max_organs else [])}
    return [
        ["study_preset", presets],
        ["lesion_reference", list(_REFERENCES)],
        ["node_counting", list(_COUNTINGS)],
        ["max_lesions", [*map(str, sorted(lesions)), "none"]],
        ["max_organs", [*map(str, sorted(organs)), "none"]],
        ["controlled", ["majority", "flag", "off"]],
        ["count_brain", ["yes", "no"]],
        ["mediastinal_nodes_are_organ", ["yes", "no"]],
    ]


def _numbers(
    population: pl.DataFrame, countable: Countable, axes: list[list[Any]], theirs: list[str]
) -> list[int]:
    """Oligoprogression, systemic, unclassifiable, for every choice in the order of the axes below the first."""
    lesions, organs, controlled, *flags = (values for _, values in axes[3:])
    any_definition = next(iter(PROGRESSION_DEFINITIONS.values()))
    definitions = [
        replace(
            any_definition, max_lesions=_limit(n), max_organs=_limit(o), controlled=c, count_brain=brain == "yes",
            mediastinal_nodes_are_organ=regional == "yes",
        )
        for n, o, c, brain, regional in product(lesions, organs, controlled, *flags)
    ]  # fmt: skip
    return [
        n
        for reference, counting in product(_REFERENCES, _COUNTINGS)
        for found in count_patterns(population, countable.counts[reference, counting], definitions, theirs)
        for n in (found.oligo, found.systemic, found.unclassifiable)
    ]


def _limit(word: str) -> int | None:
    return None if word == "none" else int(word)


def _definition(definition: ProgressionDefinition) -> dict[str, Any]:
    return {
        "name": definition.name,
        "printed": both(definition.printed),
        "source": both(definition.source),
        "methods": both(definition.methods),
        "values": {name: word_of(getattr(definition, name)) for name in PARTS},
    }


def _usual(name: str) -> dict[str, Any]:
    """What a study with this preset has where it states nothing, and how much it asks for."""
    bare = {"study": {"preset": name} if name else {}, "data": {"patients": {"files": []}}}
    protocol = Protocol.model_validate(with_preset(bare), context={"kinds": KINDS})
    return {"choices": as_words(choices_of(protocol, KINDS)), "analyses": len(protocol.analyses), "rules": len(protocol.eligibility)}  # fmt: skip


def _columns(protocol: Protocol, patients: pl.DataFrame, checked: Checked) -> Iterator[dict[str, Any]]:
    """Columns known before the outcome that may be matched on: those chosen, the paper's, and the team's own."""
    chosen = protocol.matching.covariates
    of_program = {*VARIABLES, *(c.name for c in PATIENTS.columns), "source", "source_row"}
    own = [c for c in checked.tables.patients.columns if c not in of_program and not c.endswith("_day")]
    offered = dict.fromkeys([*chosen, *PAPER_VARIABLES, *own[:_MOST_COLUMNS]])
    for name in offered:
        if name in chosen or (name in patients.columns and _varies(patients[name])):
            label = protocol.labels[name].of(name).printed if name in protocol.labels else column_name(name)
            yield {"name": str(name), "printed": both(label)}


def _varies(values: pl.Series) -> bool:
    n = values.drop_nulls().n_unique()
    return n > 1 and (n <= _MOST_LEVELS or not is_levels(values))
