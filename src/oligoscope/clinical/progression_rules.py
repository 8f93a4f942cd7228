"""Definitions of oligoprogression as named presets (sources: docs/rule-book.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oligoscope.study.protocol import Control, ProgressionSettings


@dataclass(frozen=True, slots=True)
class ProgressionRule:
    """When a progression is oligoprogression.

    Attributes:
        max_lesions: At most so many progressing lesions; None: any number.
        max_organs: In at most so many organs; None: any number.
        count_brain: Brain lesions count towards both limits.
        mediastinal_nodes_are_organ: Regional thoracic nodes count as an organ.
        controlled: What to do where other lesions are not controlled: flag it, ask that the
            primary (where known) and most other lesions do not progress, or ignore it.
        source: Where the definition comes from.
    """

    name: str
    max_lesions: int | None
    max_organs: int | None
    count_brain: bool
    mediastinal_nodes_are_organ: bool
    controlled: Control
    source: str


_DEFAULT = ProgressionRule(
    "astro_estro5", 5, None, True, True, "flag",
    "ESTRO-ASTRO consensus (Lievens 2020), applied to progressing lesions",
)  # fmt: skip
PRESETS: dict[str, ProgressionRule] = {
    rule.name: rule
    for rule in (
        _DEFAULT,
        replace(_DEFAULT, name="huang2025", controlled="majority", source="Huang 2025, section 0 and 1.2"),
        replace(
            _DEFAULT,
            name="strict3",
            max_lesions=3,
            source="at most 3 lesions, the stricter end of Guckenberger 2020",
        ),
        replace(
            _DEFAULT,
            name="dingemans",
            max_organs=3,
            mediastinal_nodes_are_organ=False,
            source="Dingemans 2019, EORTC consensus",
        ),
        replace(_DEFAULT, name="br38", count_brain=False, source="CCTG BR38: at most 5 extracranial lesions"),
        replace(
            _DEFAULT, name="chai2021", max_lesions=None, max_organs=2, source="Chai 2021: at most 2 sites"
        ),
        replace(
            _DEFAULT,
            name="core",
            max_lesions=3,
            max_organs=2,
            source="CORE (ISRCTN45961438): at most 3 lesions in 2 organ systems",
        ),
    )
}


def resolve(settings: ProgressionSettings) -> ProgressionRule:
    """The preset with whatever the study file states in its place."""
    stated = {
        name: getattr(settings, name)
        for name in ("max_lesions", "max_organs", "count_brain", "mediastinal_nodes_are_organ", "controlled")
        if getattr(settings, name) != "preset"
    }
    return replace(PRESETS[settings.preset], **stated)
