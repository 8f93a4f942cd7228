"""The levels of a predictor that are compared, and the one that they are compared with."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import Text
from oligoscope.study.keys import is_comparison, parts_of, versus
from oligoscope.study.vocabulary import name_of


def level_compared(level: str) -> Text:
    """The name of the level that a ratio is of; of a measured variable its unit."""
    return name_of(parts_of(level)[0]) if is_comparison(level) else versus(level)


def references_of(levels: Iterable[str]) -> tuple[str, ...]:
    """The references of these comparisons, each once; none of a measured variable."""
    return tuple(dict.fromkeys(parts_of(level)[-1] for level in levels if is_comparison(level)))
