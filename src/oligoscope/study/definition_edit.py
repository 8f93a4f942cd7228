"""The definitions of a study as single choices, and what study.yaml must state for others to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from oligoscope.study.analysis_options import Kinds
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS
from oligoscope.study.edit_study import NOTHING, Keys
from oligoscope.study.protocol import MatchingSettings, ProgressionSettings, Protocol, ResistanceSettings
from oligoscope.study.short_forms import group
from oligoscope.study.study_presets import PRESETS

AS_DEFINED: Final = "preset"  # a part is as the named definition has it
PARTS: Final = ("max_lesions", "max_organs", "controlled", "count_brain", "mediastinal_nodes_are_organ")
WAYS: Final = ("node_counting", "lesion_reference")
MIXED: Final = "mixed"  # analyses that do not agree on a reference group
_GROUPING: Final = "pattern"


@dataclass(frozen=True)
class Choices:
    """What a team decides of definitions.

    Attributes:
        study_preset: Of the whole study; None where there is none.
        preset: The named definition of progression.
        parts: Of it, by `PARTS`: `AS_DEFINED` or a value of its own.
        ways: How lesions are counted and compared, by `WAYS`.
        resistance: The named definition.
        reference: Of the patterns, in every analysis that compares them; None as each has it by default.
        covariates: Of the matching.
    """

    study_preset: str | None
    preset: str
    parts: Mapping[str, Any]
    ways: Mapping[str, str]
    resistance: str
    reference: str | None
    covariates: tuple[str, ...]


def choices_of(protocol: Protocol, kinds: Kinds) -> Choices:
    """What a study has chosen; a part that is stated as its definition has it counts as left to it."""
    progression = protocol.progression
    own = PROGRESSION_DEFINITIONS[progression.preset]
    stated = {name: getattr(progression, name) for name in PARTS}
    references = {protocol.analyses[i].reference for i in _comparing(protocol, kinds)}
    return Choices(
        protocol.study.preset,
        progression.preset,
        {n: AS_DEFINED if v in (AS_DEFINED, getattr(own, n)) else v for n, v in stated.items()},
        {name: getattr(progression, name) for name in WAYS},
        protocol.resistance.preset,
        MIXED if len(references) > 1 else next(iter(references), None),
        tuple(str(name) for name in protocol.matching.covariates),
    )


def definition_changes(
    stated: Mapping[str, Any], protocol: Protocol, wanted: Choices, kinds: Kinds
) -> dict[Keys, Any]:
    """What must be written into study.yaml so that the choices hold; nothing where they hold already.

    Args:
        stated: What the file states, in long form.
        protocol: The settings that result from it now.
        wanted: The choices.
        kinds: What analyses honour.
    """
    changes: dict[Keys, Any] = {}
    if wanted.study_preset != protocol.study.preset:
        changes["study", "preset"] = wanted.study_preset
    preset = PRESETS.get(wanted.study_preset or "", {})
    changes |= _progression(group(dict(stated), "progression"), preset, wanted)
    usual = _of(preset, "resistance").get("preset", ResistanceSettings().preset)
    changes |= _single(("resistance", "preset"), group(dict(stated), "resistance"), usual, wanted.resistance)
    usual = tuple(_of(preset, "matching").get("covariates", MatchingSettings().covariates))
    found = group(dict(stated), "matching").get("covariates", usual)
    if tuple(map(str, found)) != wanted.covariates:
        is_usual = wanted.covariates == usual
        changes["matching", "covariates"] = None if is_usual else list(wanted.covariates)
    if wanted.reference != MIXED:
        changes |= _references(stated, protocol, wanted, kinds)
    return changes


def _progression(stated: dict[str, Any], preset: Mapping[str, Any], wanted: Choices) -> dict[Keys, Any]:
    usual = ProgressionSettings().model_dump()
    of_study = _of(preset, "progression")
    changes = _single(
        ("progression", "preset"), stated, of_study.get("preset", usual["preset"]), wanted.preset
    )
    # A study preset's details are of its own definition only; as `with_preset`.
    if of_study.get("preset") == wanted.preset:
        usual |= of_study
    own = PROGRESSION_DEFINITIONS[wanted.preset]
    for name in PARTS:
        value = wanted.parts[name]

        def meant(setting: Any, name: str = name) -> Any:
            return getattr(own, name) if setting == AS_DEFINED else setting

        if meant(stated.get(name, usual[name])) == meant(value):
            # Where it is the definition's, a value that was stated for another one goes.
            if name in stated and value == AS_DEFINED and meant(usual[name]) == meant(value):
                changes["progression", name] = None
            continue
        is_usual = meant(usual[name]) == meant(value)
        changes["progression", name] = None if is_usual else NOTHING if value is None else value
    for name in WAYS:
        changes |= _single(("progression", name), stated, usual[name], wanted.ways[name])
    return changes


def _single(keys: Keys, stated: Mapping[str, Any], usual: Any, wanted: Any) -> dict[Keys, Any]:
    if stated.get(str(keys[-1]), usual) == wanted:
        return {}
    return {keys: None if wanted == usual else wanted}


def _of(preset: Mapping[str, Any], section: str) -> dict[str, Any]:
    found = preset.get(section)
    return dict(found) if isinstance(found, dict) else {}


def _comparing(protocol: Protocol, kinds: Kinds) -> list[int]:
    """The places of the analyses that compare the patterns with a reference."""
    return [
        i
        for i, a in enumerate(protocol.analyses)
        if a.by == _GROUPING and "reference" in kinds[a.kind].honours
    ]


def _references(
    stated: Mapping[str, Any], protocol: Protocol, wanted: Choices, kinds: Kinds
) -> dict[Keys, Any]:
    places = _comparing(protocol, kinds)
    others = [i for i in places if protocol.analyses[i].reference != wanted.reference]
    if not others:
        return {}
    if isinstance(stated.get("analyses"), list):
        return {("analyses", i, "reference"): wanted.reference for i in others}
    # They are the study preset's: to state the reference of one, all must be written out.
    if wanted.study_preset != protocol.study.preset:
        return {}
    written = [a.model_dump(mode="json", exclude_defaults=True) for a in protocol.analyses]
    for i in others:
        written[i]["reference"] = wanted.reference
    return {("analyses",): written}
