"""Keys of results with their parts: a level and its variable, a comparison and its levels.

A key is a text, the text in results.csv; its parts are kept, so that the text need not be parsed to find what was
compared, and a word of the user's is never mistaken for one of the program's. A text that was written by hand (in a test, or
read from a folder without `series/keys.json`) is parsed by the separators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from oligoscope.bilingual import OwnText, Text
from oligoscope.study.dictionary import variable as dictionary
from oligoscope.study.dictionary.people import people_text
from oligoscope.study.vocabulary import NAMES, OWNERS, described, name_of, name_of_level, variable_name

VERSUS = " vs "
CROSSED = " -> "  # between the labels of one patient under two definitions, or of one visit by two readers
PER_UNIT = "per unit"
ALL = "all"  # the group of all patients


class Key(str):
    """A text with its parts; equal to the plain text, and to every key with the same text."""

    @property
    def printed(self) -> Text:
        """Its name in both languages."""
        raise NotImplementedError

    @property
    def parts(self) -> tuple[str, ...]:
        """Its parts; itself, where it has one."""
        return (self,)

    def __reduce__(self) -> tuple[Any, ...]:
        return decode, (encode(self),)

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class OwnColumn(Key):
    """A column of the user's with the names that study.yaml gives it (`labels`)."""

    described: dictionary.Variable

    @classmethod
    def of(cls, column: str, name: Text, levels: Mapping[str, Text], unit: str = "") -> Self:
        key = cls(column)
        key.described = dictionary.own_variable(column, name, levels, unit)
        return key

    @property
    def printed(self) -> Text:
        return self.described.printed


class Level(Key):
    """A level of a variable.

    Attributes:
        variable: The column.
        word: The level as it is written in the data; the key's text differs only where the word means something else.
    """

    variable: str
    word: str

    @classmethod
    def of(cls, variable: str, word: str, text: str | None = None) -> Self:
        key = cls(word if text is None else text)
        key.variable, key.word = variable, str(word)
        return key

    @property
    def printed(self) -> Text:
        return name_of_level(self.variable, self.word)


class Joined(Key):
    """Several keys in one text."""

    separator = ""
    _parts: tuple[str, ...]

    @classmethod
    def of(cls, *parts: str) -> Self:
        key = cls(cls.separator.join(parts))
        key._parts = parts
        return key

    @property
    def parts(self) -> tuple[str, ...]:
        return self._parts


class Comparison(Joined):
    """`male vs female`; the reference is last."""

    separator = VERSUS

    @property
    def printed(self) -> Text:
        return versus(self)


class Crossed(Joined):
    """`primary -> acquired`."""

    separator = CROSSED

    @property
    def printed(self) -> Text:
        names = [name_of(part) for part in self.parts]
        return Text(" → ".join(n.zh for n in names), " → ".join(n.en for n in names))


class LevelOf(Key):
    """`pd_l1=>=50%`: a variable and one of its levels, where one key must name both."""

    variable: str
    level: str

    @classmethod
    def of(cls, variable: str, level: str) -> Self:
        key = cls(f"{variable}={level}")
        key.variable, key.level = variable, level
        return key

    @property
    def printed(self) -> Text:
        return variable_and_level(variable_name(self.variable), name_of(self.level))


class Patients(Key):
    """`progressed:systemic`: the patients of a population that have these levels.

    A level of one of our variables is named by itself; one of the user's own columns, and a word that is a level of
    another variable, too, by `column=level`.
    """

    whole: str
    where: tuple[Level, ...]

    @classmethod
    def of(cls, whole: str, where: Mapping[str, str]) -> Self:
        levels = tuple(Level.of(column, word) for column, word in where.items())
        key = cls(":".join((whole, *(_part(level) for level in levels))))
        key.whole, key.where = whole, levels
        return key

    @property
    def part_texts(self) -> tuple[str, ...]:
        """The text of each level in the key."""
        return tuple(_part(level) for level in self.where)

    @property
    def printed(self) -> Text:
        if not self.where or str(self) in NAMES:
            return NAMES.get(str(self)) or name_of(str(self))
        whole, parts = name_of(self.whole), [self._name(level) for level in self.where]
        return Text(
            f"{whole.zh}（{'，'.join(p.zh for p in parts)}）",
            f"{whole.en} ({', '.join(p.en for p in parts)})",
        )

    def _name(self, level: Level) -> Text:
        name = in_sentence(level.printed)
        if _part(level) == level.word:
            return name
        variable = in_sentence(variable_name(level.variable))
        return Text(f"{variable.zh}：{name.zh}", f"{variable.en}: {name.en}")


def _part(level: Level) -> str:
    return level.word if OWNERS.get(level.word) == level.variable else f"{level.variable}={level.word}"


def groups_as_keys(groups: Iterable[str]) -> tuple[str, ...]:
    """Levels as groups of estimates, of which one is all patients: a level `all` is `column=all`."""
    return tuple(
        Level.of(g.variable, g.word, f"{g.variable}={g.word}") if isinstance(g, Level) and g == ALL else g
        for g in groups
    )


def parts_of(key: str) -> tuple[str, ...]:
    """The groups or levels that are compared, the reference last; the key itself where nothing is."""
    return key.parts if isinstance(key, Key) else tuple(key.split(VERSUS))


def is_comparison(key: str) -> bool:
    """Whether groups or levels are compared."""
    return isinstance(key, Comparison) if isinstance(key, Key) else VERSUS in key


def crossed_parts(key: str) -> tuple[str, ...]:
    """The labels of one patient or visit under two definitions or by two readers."""
    return key.parts if isinstance(key, Key) else tuple(key.split(CROSSED))


def is_crossed(key: str) -> bool:
    """Whether the key holds two labels of one patient or visit."""
    return isinstance(key, Crossed) if isinstance(key, Key) else CROSSED in key


def whole_of(population: str) -> str:
    """The population that these patients are a part of, or all of: progressed, matched, …"""
    return population.whole if isinstance(population, Patients) else population.split(":", 1)[0]


def where_of(population: str) -> tuple[str, ...]:
    """The levels that make patients a part of a population; none where they are all of it."""
    return population.where if isinstance(population, Patients) else tuple(population.split(":")[1:])


def is_of(group: str, by: str) -> bool:
    """Whether a group or comparison is of this variable; a plain text may be of any."""
    return all(part.variable == by for part in parts_of(group) if isinstance(part, Level))


def word_of(level: str) -> str:
    """A level as it is written in the data."""
    return level.word if isinstance(level, Level) else level


def declared_unit(variable: str) -> str:
    """The unit of a column's numbers: of ours by the dictionary, of the user's by study.yaml; blank where there is none."""
    unit = described(variable).unit
    return "" if unit is None else unit.word


def in_sentence(text: Text) -> Text:
    """A name as written inside an English sentence: abbreviations, and words of the user's, keep their capitals."""
    first = text.en.split(" ", 1)[0]
    if isinstance(text, OwnText) or first[1:] != first[1:].lower():
        return text
    return Text(text.zh, text.en[:1].lower() + text.en[1:])


def versus(comparison: str) -> Text:
    """`male vs female` in both languages; the reference is last. A single level by its name."""
    if comparison == PER_UNIT and not isinstance(comparison, Level):
        return Text("每增加 1 个单位", "Per unit")
    first, *others = (name_of(word) for word in parts_of(comparison))
    if not others:
        return first
    zh, en = (o.zh for o in others), (in_sentence(o).en for o in others)
    return Text(VERSUS.join((first.zh, *zh)), VERSUS.join((first.en, *en)))


def people_with(variable: str, level: str) -> Text:
    """Patients with a level of a variable, as inside a sentence: `male patients`."""
    own = described(variable)
    shown = name_of(level) if isinstance(level, Key) else name_of_level(variable, level)
    return people_text(own, word_of(level), in_sentence(own.label), in_sentence(shown))


def variable_and_level(variable: Text, level: Text) -> Text:
    """`PD-L1 expression, ≥50%`."""
    part = in_sentence(level)
    return Text(f"{variable.zh} {part.zh}", f"{variable.en}, {part.en}")


def level_name(name: str) -> Text:
    """`pd_l1=>=50%` as "PD-L1 expression, ≥50%"; a variable without a level by itself."""
    if isinstance(name, Key):
        return name_of(name)
    variable, _, level = name.partition("=")
    if not level:
        return variable_name(variable)
    return variable_and_level(variable_name(variable), name_of(level))


def is_plain(key: str) -> bool:
    """Whether the text alone determines the key."""
    if not isinstance(key, Key):
        return True
    text = str(key)
    if isinstance(key, OwnColumn):
        return False
    if isinstance(key, LevelOf):
        return (
            text.partition("=")[::2] == (key.variable, key.level)
            and is_plain(key.variable)
            and is_plain(key.level)
        )
    if isinstance(key, Patients):
        return all(
            part == level.word for part, level in zip(text.split(":")[1:], key.where, strict=False)
        ) and (name_of(text) == key.printed and len(text.split(":")) == len(key.where) + 1)
    if isinstance(key, Level):
        return VERSUS not in text and CROSSED not in text and name_of(text) == key.printed
    return tuple(text.split(type(key).separator)) == key.parts and all(  # type: ignore[attr-defined]
        is_plain(p) for p in key.parts
    )


def encode(key: str) -> Any:
    """A key as a value that JSON can hold; a plain text as itself."""
    match key:
        case OwnColumn():
            own = key.described
            levels = {level.word: [level.name.zh, level.name.en] for level in own.levels}
            return {
                "variable": str(key),
                "name": [own.label.zh, own.label.en],
                "levels": levels,
                "unit": declared_unit(key),
            }
        case Level():
            return {"level": key.word, "of": encode(key.variable), "text": str(key)}
        case Comparison():
            return {"compared": [encode(part) for part in key.parts]}
        case Crossed():
            return {"crossed": [encode(part) for part in key.parts]}
        case LevelOf():
            return {"one": encode(key.level), "of": encode(key.variable)}
        case Patients():
            return {
                "whole": key.whole,
                "where": [[encode(level.variable), level.word] for level in key.where],
            }
        case _:
            return str(key)


def decode(value: Any) -> str:
    """The key that `encode` made this value of.

    Raises:
        ValueError: No key has this form.
    """
    match value:
        case str():
            return value
        case {"variable": column, "name": [zh, en], "levels": levels, "unit": unit}:
            names = {level: OwnText(*pair) for level, pair in levels.items()}
            return OwnColumn.of(column, OwnText(zh, en), names, unit)
        case {"level": word, "of": variable, "text": text}:
            return Level.of(decode(variable), word, text)
        case {"compared": parts}:
            return Comparison.of(*map(decode, parts))
        case {"crossed": parts}:
            return Crossed.of(*map(decode, parts))
        case {"one": level, "of": variable}:
            return LevelOf.of(decode(variable), decode(level))
        case {"whole": whole, "where": where}:
            return Patients.of(whole, {decode(column): word for column, word in where})
        case _:
            raise ValueError(f"not a key of results: {value!r}")


def level_key(variable: str, word: str) -> str:
    """A word of a series, or of a setting, as the level of its variable; a key, and a blank, as it is."""
    return word if isinstance(word, Key) or not word else Level.of(variable, word)


def found_groups(by: str, words: Iterable[str], groups: Iterable[str]) -> tuple[str, ...]:
    """The groups of estimates that words of a series of `by` are; a word that is none of them as its level."""
    known = {(g.variable, g.word): g for g in groups if isinstance(g, Level)}
    return tuple(known.get((by, word)) or level_key(by, word) for word in words)
