"""One sentence or name in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class OwnText(Text):
    """A word of the user's: printed as it is written, inside a sentence, too."""

    __slots__ = ()


def as_written(word: str) -> OwnText:
    """A word of the user's in both languages."""
    return OwnText(word, word)
