"""The patients of all estimates as one value that JSON can hold, and back: each selection once, rows refer to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Selection, Term


def encode_patients(estimates: Sequence[Estimate]) -> dict[str, Any]:
    """What the estimates are made from, as numbers of the distinct selections, and these as numbers of terms."""
    made = {
        m: i for i, m in enumerate(dict.fromkeys(e.patients for e in estimates if e.patients is not None))
    }
    selections = {s: i for i, s in enumerate(dict.fromkeys(s for m in made for s in m.selections()))}
    terms = {t: i for i, t in enumerate(dict.fromkeys(t for s in selections for t in s.terms()))}

    def number(selection: Selection | None) -> int | None:
        return None if selection is None else selections[selection]

    return {
        "of": _of(estimates),
        "terms": [[t.column, t.operator, t.words, t.since, t.file, t.label.zh, t.label.en] for t in terms],
        "selections": [[s.matched, [[terms[t] for t in way] for way in s.ways]] for s in selections],
        "made_from": [
            [number(m.patients), number(m.counted), number(m.at_risk), [r.name for r in m.reasons]]
            for m in made
        ],
        "rows": [None if e.patients is None else made[e.patients] for e in estimates],
    }


def with_saved_patients(estimates: Sequence[Estimate], value: dict[str, Any]) -> Iterator[Estimate]:
    """The estimates with what was saved of them; without it, where they are not the rows that it was saved of.

    Raises:
        LookupError, TypeError, ValueError: The value is not what `encode_patients` makes.
    """
    if value["of"] != _of(estimates):
        yield from estimates
        return
    terms = [
        Term(str(column), operator, tuple(words), since, file, Text(zh, en))
        for column, operator, words, since, file, zh, en in value["terms"]
    ]
    selections = [
        Selection(tuple(tuple(terms[t] for t in way) for way in ways), matched)
        for matched, ways in value["selections"]
    ]

    def selection(number: int | None) -> Selection | None:
        return None if number is None else selections[number]

    made = [
        MadeFrom(selection(people), selection(counted), selection(at_risk), tuple(Reason[n] for n in names))
        for people, counted, at_risk, names in value["made_from"]
    ]
    for estimate, row in zip(estimates, value["rows"], strict=True):
        yield estimate if row is None else replace(estimate, patients=made[row])


def _of(estimates: Sequence[Estimate]) -> str:
    """A checksum of the keys of these rows: results.csv may be edited, and its rows sorted."""
    keys = "\n".join("\t".join(e.key) for e in estimates)
    return hashlib.sha256(keys.encode()).hexdigest()
