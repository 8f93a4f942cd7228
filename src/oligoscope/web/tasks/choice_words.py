"""The choices of a study's definitions as the cards of a page have them: every value a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from oligoscope.study.definition_edit import AS_DEFINED, PARTS, WAYS, Choices

AS_THE_DEFINITION: Final = "definition"
NO_LIMIT: Final = "none"
_YES_NO: Final = {True: "yes", False: "no"}
_LIMITS: Final = ("max_lesions", "max_organs")


def word_of(value: Any) -> str:
    """A setting as the word of a card."""
    if value == AS_DEFINED:
        return AS_THE_DEFINITION
    if value is None:
        return NO_LIMIT
    return _YES_NO.get(value, str(value)) if isinstance(value, bool) else str(value)


def as_words(choices: Choices) -> dict[str, Any]:
    """Every choice by the name of its card."""
    return {
        "study_preset": choices.study_preset or "",
        "preset": choices.preset,
        **{name: word_of(choices.parts[name]) for name in PARTS},
        **choices.ways,
        "resistance": choices.resistance,
        "reference": choices.reference or "",
        "covariates": list(choices.covariates),
    }


def from_words(words: Mapping[str, Any]) -> Choices:
    """The choices that cards ask for; a word that is none is kept, so that the checks of study.yaml refuse it."""
    return Choices(
        str(words["study_preset"]) or None,
        str(words["preset"]),
        {name: _value(name, str(words[name])) for name in PARTS},
        {name: str(words[name]) for name in WAYS},
        str(words["resistance"]),
        str(words["reference"]) or None,
        tuple(map(str, words["covariates"])),
    )


def _value(name: str, word: str) -> Any:
    if word == AS_THE_DEFINITION:
        return AS_DEFINED
    if word in {"yes", "no"}:
        return word == "yes"
    if name in _LIMITS:
        if word == NO_LIMIT:
            return None
        return int(word) if word.isascii() and word.isdigit() and len(word) < 6 else word
    return word
