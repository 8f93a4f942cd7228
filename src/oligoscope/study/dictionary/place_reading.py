"""The words of a place to the place: organ, side, lobe, node, station, diffuse disease; nothing is guessed.

Every part of the words must be known, and no two may contradict each other; else the place is not certain, and is
asked with the nearest known ones. A text that says node is a node even where its other words are not known.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from oligoscope.study.dictionary import place_words as words
from oligoscope.study.dictionary.levels import OTHER
from oligoscope.study.dictionary.place_grammar import (
    Part,
    Role,
    compact,
    cut,
    parts_within,
    phrases,
    prepared,
    says_node,
)
from oligoscope.study.dictionary.place_resolving import STATION_NUMBERS, node, resolved, side_of
from oligoscope.study.dictionary.places import NODE, ORGANS, Place, Side

OWN = "own"  # in data.places: an organ of its own
_ORGAN_WORDS = frozenset({*(str(organ.word) for organ in ORGANS), str(OTHER.word)})
_SHOWN = 3
_CUTOFF, _LONG_CUTOFF, _LONG = 0.8, 0.75, 7  # how alike words are; long ones may differ more
_MANY_WORDS = 50_000  # distinct words of one study that are kept read


@lru_cache(_MANY_WORDS)
def read_place(text: str) -> Place | None:
    """The place that the words name; None where they do not name one for certain.

    A text that says node is never None: where other words of it are not known, or contradict each other, the place is
    a node with `certain` False, and its station is the text as it is written.
    """
    place = _in_our_words(text) or resolved(cut(text)) or _of_register(text)
    if (place is None or not place.is_node) and says_node(text):
        return Place(NODE, station=_own_station(text), certain=False)
    return place


@lru_cache(_MANY_WORDS)
def read_station(text: str) -> Place | None:
    """The node that the words of a station name; its number in one spelling (`4R`), or its region (`axillary`)."""
    if _PLAIN_STATION.fullmatch(number := compact(text)):
        return Place(NODE, station=number)
    parts = cut(text)
    return None if parts is None else node(parts, numbered=True)


_PLAIN_STATION = re.compile(r"1[0-4]|[1-9]")
_ADJECTIVE_BEHIND = re.compile(
    r"\s*(?P<noun>[^,;/、]+),\s*(?P<adjective>[a-z]+(?:al|ic|ar|ary))\s*", re.IGNORECASE
)


def _of_register(text: str) -> Place | None:
    """A place as registers sort it, its adjective behind: `Spine, Thoracic`."""
    found = _ADJECTIVE_BEHIND.fullmatch(text)
    if found is None or resolved(cut(found["adjective"])) is not None:
        return None
    return resolved(cut(f"{found['adjective']} {found['noun']}"))


@lru_cache(_MANY_WORDS)
def read_side(text: str) -> Side | None | str:
    """left, right or both; "" where the words say that there is no side; None where they are not known."""
    parts = cut(text)
    if parts is None or not all(Role.SIDE in part.roles or Role.WITHIN in part.roles for part in parts):
        return None
    sides = [part.roles[Role.SIDE] for part in parts if Role.SIDE in part.roles]
    return (side_of(parts) or "") if sides else None


def is_nothing(text: str) -> bool:
    """Whether the words say that there is no such place: 无, none."""
    return compact(text) in _NOTHING


_NOTHING = frozenset(compact(word) for word in words.NOTHING)
_DIVIDER = re.compile(r"(?<!\\)[;；\n]")
_LIST_SIGN = re.compile(r"[,，、/|+&]|\band\b|[和与及]", re.IGNORECASE)


def read_places(text: str) -> tuple[tuple[str, Place | None], ...]:
    """The places of a cell that holds several, each with its words; the longest words that are one place first.

    A `;` within our own words is written `\\;`, as in the files that the program writes.
    """
    found: list[tuple[str, Place | None]] = []
    for piece in _DIVIDER.split(text):
        found += _places_of(re.sub(r"\\([\\;])", r"\1", piece).strip())
    return tuple((word, place) for word, place in found if not is_nothing(word))


def _places_of(piece: str) -> list[tuple[str, Place | None]]:
    if not piece or _certain(piece) is not None:
        return [(piece, _certain(piece))] if piece else []
    spans = [(m.start(), m.end()) for m in _LIST_SIGN.finditer(piece) if not _is_explained(piece, m.start())]
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(piece)]
    found: list[tuple[str, Place | None]] = []
    at = 0
    while at < len(starts):
        last = next(
            (
                i
                for i in range(len(ends) - 1, at - 1, -1)
                if _certain(piece[starts[at] : ends[i]]) is not None
            ),
            at,
        )
        word = piece[starts[at] : ends[last]].strip()
        if word:
            found.append((word, read_place(word)))
        at = last + 1
    return found


def _is_explained(piece: str, at: int) -> bool:
    """Whether a sign is within a bracket that explains the place before it: `CNS（脑/脊柱/眼）` is no list of three."""
    return any(
        found.start("inner") <= at < found.end("inner") and read_place(found["outer"]) is not None
        for found in _EXPLAINED.finditer(piece.translate(_PLAIN_BRACKETS))
    )


_PLAIN_BRACKETS = str.maketrans("（）", "()")
_EXPLAINED = re.compile(r"(?P<outer>[^,，、/|+&;；()]+)\((?P<inner>[^()]*)\)")


def _certain(text: str) -> Place | None:
    place = read_place(text.strip())
    return place if place is not None and place.certain else None


def read_stated(text: str) -> Place | None:
    """A value of data.places: an organ's word, a node with its station, or other words that are certain."""
    organ, _, station = text.strip().partition(" ")
    if organ == NODE and station:
        return read_station(station)
    return _certain(text)


def proposals(text: str) -> tuple[str, ...]:
    """The nearest known places, as data.places holds them: three at most."""
    form = compact(text)
    node = says_node(text)
    found = [
        place
        for row, near in words.AMBIGUOUS.items()
        if form in _compacts(row)
        for place in words.listed(near)
    ]
    parts = cut(text) or parts_within(text)
    # 7 is the one station without a side; another bare number may as well count the nodes.
    subcarinal = node and any(part.roles.get(Role.NUMBER) == "7" for part in parts)
    found += [NODE] if node and not subcarinal else []
    for part in parts:
        found += _meant(part, node=node)
    found += [NODE] if subcarinal else []
    if not found:
        bare = "".join(
            sign for sign in unicodedata.normalize("NFKD", prepared(text)) if not unicodedata.combining(sign)
        )
        near = [
            w
            for word in (form, *re.findall(r"[^\W\d]{4,}", bare))
            for w in difflib.get_close_matches(
                word, phrases(), 3, _LONG_CUTOFF if len(word) >= _LONG else _CUTOFF
            )
        ]
        found += [meaning for word in near for meaning in _meant(Part(word, phrases()[word], 0), node=False)]
    return tuple(dict.fromkeys(found))[:_SHOWN]


@lru_cache
def _compacts(row: str) -> frozenset[str]:
    return frozenset(compact(word) for word in words.listed(row))


def _meant(part: Part, *, node: bool) -> Iterable[str]:
    roles = part.roles
    if Role.VERTEBRA in roles:
        yield "bone"
    if roles.get(Role.NUMBER) in STATION_NUMBERS:
        yield f"{NODE} {roles[Role.NUMBER]}"
    if Role.ORGAN in roles and not node:
        yield roles[Role.ORGAN]
    if Role.DIFFUSE in roles:
        yield roles[Role.DIFFUSE].split()[0]
    if Role.LOBE in roles or Role.LEVEL in roles:
        yield "lung"
    for role in (Role.STATION, Role.STATION_OF_NODE, Role.REGION):
        if role in roles and Role.ORGAN not in roles:
            yield f"{NODE} {roles[role]}"


def _in_our_words(text: str) -> Place | None:
    """A place as `Place.stated` writes it."""
    organ, _, station = text.strip().partition(" ")
    if organ not in _ORGAN_WORDS or (station and organ != NODE):
        return None
    return read_station(station) if station else Place(organ)


def _own_station(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())
