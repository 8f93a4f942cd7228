"""The words that names of tables and figures are made of: those of the analyses that study.yaml asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import GROUPS, PARTS, POPULATIONS
from oligoscope.study.dictionary.terms import Pattern, Resistance
from oligoscope.study.protocol import Protocol
from oligoscope.study.report_parts import kind_of

_WORD = re.compile(r"[^\W_]+")
# Of tables that do not have the name of a group or a population only.
_OTHERS = ("before_after", "disagreements", "pattern", "resistance")


def words_not_made(name: str, kinds: Iterable[str], protocol: Protocol) -> list[str]:
    """The words of a name after its kind that no analysis of the study has; a name with one is no table or figure of it."""
    kind = kind_of(name, dict.fromkeys(kinds))
    if kind is None:
        return []
    known = set(_words((kind, *_OTHERS, *Outcome, *Pattern, *Resistance)))
    known |= set(_words(level.word for level in (*POPULATIONS, *PARTS, *GROUPS)))
    known |= set(_words(_texts([one.model_dump(mode="json") for one in protocol.analyses])))
    known |= set(
        _words(_texts({column: label.model_dump(mode="json") for column, label in protocol.labels.items()}))
    )
    return [word for word in _WORD.findall(name) if word.lower() not in known]


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.lower() for word in _WORD.findall(text))


def _texts(value: Any) -> Iterator[str]:
    """Every text of a setting, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)
