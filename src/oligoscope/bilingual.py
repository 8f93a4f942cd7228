"""One sentence or name in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from oligoscope.plain_text import plain, shielded

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The same with each `{name}` replaced; a value in both languages gives each its own."""
        zh, en = ({k: v[lang] if isinstance(v, Text) else v for k, v in values.items()} for lang in LANGUAGES)
        return Text(self.zh.format(**zh), self.en.format(**en))


class OwnText(Text):
    """A word of the user's: printed as it is written, inside a sentence, too."""

    __slots__ = ()


def join_texts(texts: Iterable[Text], zh: str, en: str) -> Text:
    """Texts after one another with what each language puts between them; blank ones are left out."""
    texts = tuple(texts)
    return Text(zh.join(t.zh for t in texts if t.zh), en.join(t.en for t in texts if t.en))


def both(text: Text) -> dict[str, str]:
    """A text in both languages, for JSON, as it is."""
    return {"zh": text.zh, "en": text.en}


def both_plain(text: Text) -> dict[str, str]:
    """A text in both languages, for JSON, without the marks of italics."""
    return {"zh": plain(text.zh), "en": plain(text.en)}


def as_written(word: str) -> OwnText:
    """A word of the user's in both languages."""
    return OwnText(shielded(word), shielded(word))


def without_marks(text: Text) -> Text:
    """A text of the user's, in which no letter is marked: what looks like a mark is printed as it is."""
    return type(text)(shielded(text.zh), shielded(text.en))


class Count:
    """A number in an English sentence: `{n:patient|patients}` gives `1 patient` or `2 patients`, `{n}` the number alone."""

    __slots__ = ("shown",)

    def __init__(self, shown: object) -> None:
        self.shown = str(shown)

    def __str__(self) -> str:
        return self.shown

    def __format__(self, words: str) -> str:
        one, _, more = words.partition("|")
        word = one if self.shown == "1" else more
        return f"{self.shown} {word}" if word else self.shown
