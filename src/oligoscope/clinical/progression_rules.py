"""The definition of oligoprogression that a study's settings make of a named one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Count
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, ProgressionDefinition
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.protocol import ProgressionSettings
from oligoscope.study.rules import OTHERWISE, Rule

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


def pattern_rules(rule: ProgressionDefinition) -> tuple[Rule[str | None], ...]:
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


def pattern_flags(rule: ProgressionDefinition) -> tuple[Rule[str], ...]:
    """What a reader of the pattern must also know."""
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


def _beyond(rule: ProgressionDefinition, lesions: str, organs: str) -> Iterator[tuple[str, pl.Expr]]:
    """Each limit of a definition, as a sentence and as a condition over the counts of that name."""
    outside = "" if rule.count_brain else "_extracranial"
    regional = "" if rule.mediastinal_nodes_are_organ else "_not_regional"
    if rule.max_lesions is not None:
        n = pl.col(f"{lesions}{outside or '_lesions'}")
        yield (
            f"more than {Count(rule.max_lesions):progressing lesion|progressing lesions}",
            n > rule.max_lesions,
        )
    if rule.max_organs is not None:
        n = pl.col(f"{organs}{regional}{outside}")
        yield f"more than {Count(rule.max_organs):organ|organs} of progression", n > rule.max_organs


def _limits(rule: ProgressionDefinition) -> str:
    parts = []
    if rule.max_lesions is not None:
        brain = "" if rule.count_brain else " outside the brain"
        parts.append(f"at most {Count(rule.max_lesions):progressing lesion|progressing lesions}{brain}")
    if rule.max_organs is not None:
        parts.append(f"at most {Count(rule.max_organs):organ|organs} of progression")
    if rule.controlled == "majority":
        parts.append("the primary (where known) and most other lesions do not progress")
    return ", ".join(parts)
