"""The definition of oligoprogression that a study's settings make of a named one."""

from __future__ import annotations

from dataclasses import replace

from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, ProgressionDefinition
from oligoscope.study.protocol import ProgressionSettings

OF_A_DEFINITION = (
    "max_lesions",
    "max_organs",
    "count_brain",
    "mediastinal_nodes_are_organ",
    "controlled",
)


def resolve(settings: ProgressionSettings) -> ProgressionDefinition:
    """The preset with whatever the study file states in its place."""
    stated = {
        name: getattr(settings, name) for name in OF_A_DEFINITION if getattr(settings, name) != "preset"
    }
    return replace(PROGRESSION_DEFINITIONS[settings.preset], **stated)
