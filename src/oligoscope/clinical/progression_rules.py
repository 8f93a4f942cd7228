"""Definitions of oligoprogression as named presets (sources: docs/rule-book.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.study.protocol import Control, ProgressionSettings
from oligoscope.study.rules import OTHERWISE, Rule
from oligoscope.study.vocabulary import Pattern


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


def pattern_rules(rule: ProgressionRule) -> tuple[Rule[str | None], ...]:
    """When a progression is systemic under a definition, over the columns of `count_progression`."""
    diffuse = pl.col("diffuse")
    nothing = (pl.col("n_progressing_lesions") == 0) & ~diffuse
    return (
        Rule(None, "no progressing lesion could be named", nothing),
        Rule(Pattern.SYSTEMIC, "diffuse disease is systemic at any count", diffuse),
        *(
            Rule(Pattern.SYSTEMIC, sentence, holds)
            for sentence, holds in _beyond(rule, "n_progressing", "n_organs")
        ),
        *([_UNCONTROLLED] if rule.controlled == "majority" else []),
        Rule(Pattern.OLIGO, _limits(rule), OTHERWISE),
    )


def pattern_flags(rule: ProgressionRule) -> tuple[Rule[str], ...]:
    """What a reader of the pattern must know beside it."""
    systemic = pl.any_horizontal(r.holds for r in pattern_rules(rule) if r.label == Pattern.SYSTEMIC)
    could_exceed = pl.any_horizontal(
        pl.lit(value=False), *(exceeds for _, exceeds in _beyond(rule, "n_possible", "n_possible_organs"))
    )
    no_control = (pl.col("n_not_uncontrolled") == 0) & pl.lit(rule.controlled != "off")
    return (
        Rule("no_controlled_lesion", "no other lesion is shown to be controlled", no_control),
        Rule(
            "lower_bound", "lesions that were not evaluated could take the count over the limit",
            ~systemic & (pl.col("n_not_evaluated") > 0) & could_exceed,
        ),
        Rule("fallback_used", "the sum progressed while no single lesion did", pl.col("fallback_used")),
        Rule("intracranial_progression", "a brain lesion progresses", pl.col("n_progressing_intracranial") > 0),
    )  # fmt: skip


_UNCONTROLLED = Rule(
    Pattern.SYSTEMIC,
    "the primary or most other lesions progress too",
    pl.col("primary_progressing")
    | (
        (pl.col("n_existing") > 1)
        & (pl.col("n_others") > 0)
        & (pl.col("n_others_controlled") * 2 <= pl.col("n_others"))
    ),
)


def _beyond(rule: ProgressionRule, lesions: str, organs: str) -> Iterator[tuple[str, pl.Expr]]:
    """Each limit of a definition, as a sentence and as a condition over the counts of that name."""
    outside = "" if rule.count_brain else "_extracranial"
    regional = "" if rule.mediastinal_nodes_are_organ else "_not_regional"
    if rule.max_lesions is not None:
        n = pl.col(f"{lesions}{outside or '_lesions'}")
        yield f"more than {rule.max_lesions} progressing lesions", n > rule.max_lesions
    if rule.max_organs is not None:
        n = pl.col(f"{organs}{regional}{outside}")
        yield f"more than {rule.max_organs} organs of progression", n > rule.max_organs


def _limits(rule: ProgressionRule) -> str:
    parts = []
    if rule.max_lesions is not None:
        brain = "" if rule.count_brain else " outside the brain"
        parts.append(f"at most {rule.max_lesions} progressing lesions{brain}")
    if rule.max_organs is not None:
        parts.append(f"at most {rule.max_organs} organs of progression")
    if rule.controlled == "majority":
        parts.append("the primary (where known) and most other lesions do not progress")
    return ", ".join(parts)
