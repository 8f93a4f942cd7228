"""Study numbers: what documents call the patients in place of the hospital's own numbers.

A number says nothing of the patient: not their hospital number, not when they came, not their row. It is drawn by
a digest of the seed and of all patients together, so the same patients get the same numbers on any computer and in
any order of rows, and one hospital number alone does not give its study number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.errors import DataError

LETTERS = "SN"
UNKNOWN = "***"  # in the place of a hospital number that has no study number
_FEWEST_DIGITS = 4
_SHOWN = 5
# A shorter one, as 12 or P01, cannot be distinguished from other words of a text, and identifies no patient outside.
_SHORTEST_IN_TEXT = 5

_CODE = re.compile("[a-z_]+")
Value = TypeVar("Value")


@dataclass(frozen=True)
class StudyNumbers:
    """The study number of each patient.

    Attributes:
        of: Of each hospital number; in the order in which the key holds them.
        unknown: Further hospital numbers, which texts may hold and which have no study number.
    """

    of: Mapping[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()

    def extended(self, patient_ids: Iterable[str], seed: int) -> StudyNumbers:
        """The same numbers, and one for each patient who has none."""
        wanted = set(patient_ids)
        new = sorted(wanted - self.of.keys())
        if not new:
            return self
        taken = {name.casefold() for name in (*self.of.values(), *self.of, *wanted)}
        drawn = _drawn([str(seed), *sorted({*self.of, *wanted})], 2 * (len(self.of) + len(new)))
        free = (number for number in drawn if not _parts_in_texts(number) & taken)
        given = dict(zip(new, _different(free), strict=False))
        # In the order of the study numbers: the order of the rows says nothing, either.
        return replace(self, of={**self.of, **dict(sorted(given.items(), key=lambda item: item[1]))})

    def hospital_number(self, name: str) -> str:
        """The hospital number of a study number; what is none is taken for a hospital number itself."""
        return (
            name
            if name in self.of
            else next((own for own, number in self.of.items() if number == name), name)
        )

    def column(self, patient_ids: pl.Series) -> pl.Series:
        """The study numbers in place of hospital numbers.

        Raises:
            DataError: The key lacks some of them.
        """
        lacking = [
            name for name in patient_ids.drop_nulls().unique(maintain_order=True) if name not in self.of
        ]
        if lacking:
            raise _lacking(lacking)
        return patient_ids.replace_strict(self.of, return_dtype=pl.String)

    def frame(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with study numbers in every column of patients.

        Raises:
            DataError: The key lacks some of them.
        """
        return rows.with_columns(
            self.column(rows[name].cast(pl.String)).alias(name)
            for name in ("patient_id", "matched_with")
            if name in rows.columns
        )

    def in_words(self, value: Value, *, codes_stay: bool = False) -> Value:
        """A value with a study number wherever one of its texts holds a hospital number of five characters or more, or a name.

        Args:
            value: A text, or lists, mappings, frames and frozen values that hold texts; names of fields and columns stay.
            codes_stay: A text that is one word of small letters is a code of ours (`target`), whatever patients are called.
        """
        everything = "\n".join(_texts(value)).casefold()
        found = [name for name in self._distinct_from_words if name.casefold() in everything]
        if not found:
            return value
        pattern = re.compile("|".join(map(_as_pattern, sorted(found, key=len, reverse=True))), re.IGNORECASE)
        names = {name.casefold(): self.of.get(name, UNKNOWN) for name in found}

        def change(text: str) -> str:
            if codes_stay and _CODE.fullmatch(text):
                return text
            return pattern.sub(lambda hit: names[hit[0].casefold()], text)

        return _changed(value, change)

    def that_hold_hospital_numbers(self, patient_ids: Iterable[str]) -> frozenset[str]:
        """Study numbers that are a patient's own number in any case of letters, or hold one of five characters or more."""
        theirs = {name.casefold() for name in (*patient_ids, *self.of)}
        own = {number: number.casefold() for number in self.of.values()}
        everything = "\n".join(own.values())
        held = [name for name in theirs if _is_distinct(name) and name in everything]
        return frozenset(n for n, folded in own.items() if folded in theirs or any(h in folded for h in held))

    @cached_property
    def _distinct_from_words(self) -> tuple[str, ...]:
        known = {name for name, number in self.of.items() if name != number} | self.unknown
        return tuple(sorted(name for name in known if _is_distinct(name)))


def _is_distinct(name: str) -> bool:
    is_of_letters_beyond_ascii = len(name) > 1 and any(ord(c) > 127 and c.isalpha() for c in name)
    return len(name) >= _SHORTEST_IN_TEXT or is_of_letters_beyond_ascii


def _parts_in_texts(number: str) -> set[str]:
    """The number, its digits, and each part of it for which a text would be searched were it a hospital number, in small letters."""
    folded, least = number.casefold(), _SHORTEST_IN_TEXT
    ends = range(least, len(folded) + 1)
    parts = {folded[start:end] for end in ends for start in range(end - least + 1)}
    return {folded, folded.removeprefix(LETTERS.casefold()), *parts}


def _as_pattern(name: str) -> str:
    """The name wherever it is not a part of a longer number."""
    before = r"(?<!\d)" if name[0].isdigit() else ""
    after = r"(?!\d)" if name[-1].isdigit() else ""
    return before + re.escape(name) + after


def _drawn(secret: Iterable[str], least: int) -> Iterator[str]:
    """Numbers without end, each equally likely; there are `least` different ones or more."""
    digits = _FEWEST_DIGITS
    while 9 * 10 ** (digits - 1) < least:
        digits += 1
    # Digits do not begin with 0, which a spreadsheet would drop where a team leaves the letter out.
    first = 10 ** (digits - 1)
    start = sha256("\n".join(secret).encode()).hexdigest()
    n = 0
    while True:
        drawn = int.from_bytes(sha256(f"{start} {n}".encode()).digest())
        yield f"{LETTERS}{first + drawn % (9 * first)}"
        n += 1


def _different(numbers: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number in numbers:
        if number not in seen:
            seen.add(number)
            yield number


def _lacking(names: list[str]) -> DataError:
    listed, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    return DataError(
        f"The key of study numbers lacks {Count(len(names)):patient|patients}: {listed}{f' and {more} more' if more > 0 else ''}. It was "
        "changed since the run; run the study once more.",
        zh=f"研究编号对照表缺少 {len(names)} 例患者：{listed}{' 等' if more > 0 else ''}。该表在运行之后被改动，请重新运行该研究。",
    )


# ---- values that hold texts ------------------------------------------------------------------------


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case pl.DataFrame():
            for name in value.columns:
                if value[name].dtype == pl.String:
                    yield from value[name].drop_nulls().unique()
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case tuple() | list():
            for one in value:
                yield from _texts(one)
        case _ if is_dataclass(value):
            for one in fields(value):
                yield from _texts(getattr(value, one.name))
        case _:
            return


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Text():
            return type(value)(change(value.zh), change(value.en))
        case pl.DataFrame():
            texts = (value[name] for name in value.columns if value[name].dtype == pl.String)
            return value.with_columns(column.map_elements(change, return_dtype=pl.String) for column in texts)
        case Mapping():
            return {key: _changed(one, change) for key, one in value.items()}
        case tuple() | list():
            return type(value)(_changed(one, change) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{f.name: _changed(getattr(value, f.name), change) for f in fields(value) if f.init}
            )
        case _:
            return value
