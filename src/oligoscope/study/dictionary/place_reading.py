"""The words of a place to the place: organ, side, lobe, node, station, diffuse disease; nothing is guessed.

Every part of the words must be known, and no two may contradict each other; else the place is not certain, and is
asked with the nearest known ones. A text that says node is a node even where its other words are not known.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from oligoscope.study.dictionary import place_nodes as nodes
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
from oligoscope.study.dictionary.places import NODE, ORGANS, Lobe, Place, Side

OWN = "own"  # in data.places: an organ of its own
_ORGAN_WORDS = frozenset({*(str(organ.word) for organ in ORGANS), str(OTHER.word)})
_LOBES: dict[tuple[str | None, str], Lobe] = {
    ("right", "upper"): "RUL", ("right", "middle"): "RML", ("right", "lower"): "RLL", ("left", "upper"): "LUL", ("left", "lower"): "LLL",
    (None, "middle"): "RML",
}  # fmt: skip
_SIDE_OF_LOBE: dict[str, Side] = {
    "RUL": "right", "RML": "right", "RLL": "right", "LUL": "left", "LLL": "left", "lingula": "left",
}  # fmt: skip
# Diffuse disease of these has its own kind; of any other organ it is innumerable lesions.
_DIFFUSE_KINDS = {"peritoneum": "peritoneal"}
# Two organs that are one place: the first of them.
_ONE_PLACE: dict[frozenset[str], str] = {
    frozenset(pair): pair[0]
    for pair in (
        ("skin", "chest_wall"),
        ("skin", "soft_tissue"),
        ("skin", "breast"),
        ("chest_wall", "soft_tissue"),
    )
}
_NEUTRAL = {Role.SIDE, Role.BARE_LEVEL, Role.MANY, Role.DISEASE, Role.WITHIN, Role.PRIMARY, Role.INNUMERABLE}
_SHOWN = 3
_CUTOFF, _LONG_CUTOFF, _LONG = 0.8, 0.75, 7  # how alike words are; long ones may differ more
_MANY_WORDS = 50_000  # distinct words of one study that are kept read


@lru_cache(_MANY_WORDS)
def read_place(text: str) -> Place | None:
    """The place that the words name; None where they do not name one for certain.

    A text that says node is never None: where other words of it are not known, or contradict each other, the place is
    a node with `certain` False, and its station is the text as it is written.
    """
    place = _in_our_words(text) or _resolved(cut(text))
    if place is None and says_node(text):
        return Place(NODE, station=_own_station(text), certain=False)
    return place


@lru_cache(_MANY_WORDS)
def read_station(text: str) -> Place | None:
    """The node that the words of a station name; its number in one spelling (`4R`), or its region (`axillary`)."""
    if _PLAIN_STATION.fullmatch(number := compact(text)):
        return Place(NODE, station=number)
    parts = cut(text)
    return None if parts is None else _node(parts, numbered=True)


_PLAIN_STATION = re.compile(r"1[0-4]|[1-9]")


@lru_cache(_MANY_WORDS)
def read_side(text: str) -> Side | None | str:
    """left, right or both; "" where the words say that there is no side; None where they are not known."""
    parts = cut(text)
    if parts is None or not all(Role.SIDE in part.roles or Role.WITHIN in part.roles for part in parts):
        return None
    sides = [part.roles[Role.SIDE] for part in parts if Role.SIDE in part.roles]
    return (_side(parts) or "") if sides else None


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
    spans = [(m.start(), m.end()) for m in _LIST_SIGN.finditer(piece)]
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
    found += [NODE] if node else []
    for part in cut(text) or parts_within(text):
        found += _meant(part, node=node)
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
    if roles.get(Role.NUMBER) in _NUMBERS:
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


# ---- what the parts say together --------------------------------------------------------------------


def _resolved(parts: Sequence[Part] | None) -> Place | None:
    if parts is None:
        return None
    if any(Role.NODE in p.roles for p in parts):
        return _node(parts)
    if any(Role.STATION in p.roles for p in parts) and not any(
        Role.NUMBERED_VERTEBRA in p.roles for p in parts
    ):
        return None if any(_is_organ(p) and Role.REGION not in p.roles for p in parts) else _node(parts)
    if any(Role.NUMBERED in p.roles for p in parts) and any(Role.NUMBER in p.roles for p in parts):
        numbered = _node(parts, numbered=True)
        if numbered is not None and numbered.station is not None:
            return numbered
    return _organ(parts)


def _is_organ(part: Part) -> bool:
    return Role.ORGAN in part.roles or Role.DIFFUSE in part.roles


def _node(parts: Sequence[Part], *, numbered: bool = False) -> Place | None:
    """A node: every other part must be a station, a region, a side, or say nothing about the place."""
    numbered = numbered or any(Role.NUMBERED in p.roles for p in parts)
    stations: list[tuple[str, int]] = []
    of_neck = any(p.roles.get(Role.REGION) == "cervical" for p in parts)  # whose levels have numbers, too
    for part in parts:
        roles, at = part.roles, part.segment
        if Role.NODE in roles or Role.NUMBERED in roles:
            continue
        if Role.STATION in roles or Role.STATION_OF_NODE in roles:
            stations.append((roles.get(Role.STATION) or roles[Role.STATION_OF_NODE], at))
        elif Role.REGION in roles:
            if _is_listed_organ(part, parts):
                return None
            stations.append((roles[Role.REGION], at))
        elif Role.NUMBER in roles:
            if not of_neck and not (numbered and roles[Role.NUMBER] in _NUMBERS):
                return None
            stations += [] if of_neck else [(roles[Role.NUMBER], at)]
        elif not _NEUTRAL & set(roles):
            return None
    side = _side(parts)
    return Place(
        NODE, side, station=_station(_of_level(parts, stations), side), diffuse_kind=_innumerable(parts, NODE), many=_many(parts)
    )  # fmt: skip


_NUMBERS = frozenset(str(number) for number in range(1, 15))


def _is_listed_organ(part: Part, parts: Sequence[Part]) -> bool:
    """Whether an organ stands beside the node in a list (`lymph node, lung`) and does not say which node it is.

    The mediastinum does where the node's own piece names another region: 纵隔及肺门淋巴结.
    """
    pieces = {p.segment for p in parts if Role.NODE in p.roles}
    if not _is_organ(part) or not pieces:
        return False
    if part.segment in pieces:
        beside = [
            p for p in parts if p is not part and p.segment == part.segment and Role.NODE not in p.roles
        ]
        is_named = any({Role.STATION, Role.STATION_OF_NODE, Role.REGION} & set(p.roles) for p in beside)
        return is_named and part.roles.get(Role.ORGAN) != "mediastinum" and not part.text.endswith(_ADJECTIVE)
    if part.text.isascii() and part.text.endswith(_ADJECTIVE):
        return False
    regions = [p for p in parts if p.segment in pieces and not _is_organ(p)]
    named = any({Role.STATION, Role.STATION_OF_NODE, Role.REGION} & set(p.roles) for p in regions)
    return not (named and part.roles.get(Role.ORGAN) == "mediastinum")


_ADJECTIVE = ("al", "ic", "ar", "ary")


def _of_level(parts: Sequence[Part], stations: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Upper or lower paratracheal as a number, where the two words are not beside each other."""
    levels = {p.roles[Role.BARE_LEVEL] for p in parts if Role.BARE_LEVEL in p.roles}
    if levels not in ({"upper"}, {"lower"}):
        return stations
    number = "2" if levels == {"upper"} else "4"
    return [(number if station == "paratracheal" else station, at) for station, at in stations]


def _station(stations: list[tuple[str, int]], side: Side | None) -> str | None:
    """Stations in one spelling; a region that holds others says nothing beside one of them in its own piece."""
    ways = {"left": ("L",), "right": ("R",), "both": ("R", "L")}.get(side or "", ("",))
    named: set[str] = set()
    for station, at in stations:
        inner = any(place == at and other not in nodes.WIDE_REGIONS for other, place in stations)
        if station not in nodes.WIDE_REGIONS or not inner:
            named |= {station + way for way in ways} if station in nodes.PAIRED else {station}
    # A number with its side says more than the same one without it.
    named -= {s for s in named if any(f"{s}{way}" in named for way in ("R", "L", "a", "p"))}
    return "/".join(sorted(named, key=_in_order)) or None


def _in_order(station: str) -> tuple[int, str]:
    number = re.match(r"\d+", station)
    return (int(number[0]) if number else 99, station)


def _organ(parts: Sequence[Part]) -> Place | None:
    """A place that is no node: one organ, and nothing that does not belong to it."""
    organ = _one_organ(parts)
    if organ is None or not all(_belongs(part, organ, parts) for part in parts):
        return None
    side, lobe = _side(parts), None
    if organ == "lung":
        named = {p.roles[Role.LOBE] for p in parts if Role.LOBE in p.roles}
        levels = {p.roles[Role.LEVEL] for p in parts if Role.LEVEL in p.roles}
        if not named and not levels:
            levels = {p.roles[Role.BARE_LEVEL] for p in parts if Role.BARE_LEVEL in p.roles}
        if len(named) > 1 or len(levels) > 1:
            return None
        if "lingula" in named and levels:
            levels = set()
        lobe = _lobe(named, levels, side)
        if (levels and side == "left" and levels == {"middle"}) or (
            lobe and side not in {None, _SIDE_OF_LOBE[lobe]}
        ):
            return None
        side = _SIDE_OF_LOBE[lobe] if lobe else side
    kinds = {p.roles[Role.DIFFUSE].split()[1] for p in parts if Role.DIFFUSE in p.roles}
    kind = kinds.pop() if len(kinds) == 1 else _innumerable(parts, organ)
    is_primary = True if any(Role.PRIMARY in p.roles for p in parts) else None
    return (
        None
        if is_primary and organ != "lung"
        else Place(organ, side, lobe, None, kind, is_primary, _many(parts))
    )


def _lobe(named: set[str], levels: set[str], side: Side | None) -> Lobe | None:
    for lobe in _SIDE_OF_LOBE:
        if lobe in named:
            return lobe  # type: ignore[return-value]
    return next((_LOBES[side, level] for level in levels if (side, level) in _LOBES), None)


def _one_organ(parts: Sequence[Part]) -> str | None:
    """The organ of all parts; a word that may also say where in an organ counts only where no other names one."""
    plain = {p.roles[Role.ORGAN] for p in parts if Role.ORGAN in p.roles and Role.WITHIN not in p.roles}
    diffuse = {p.roles[Role.DIFFUSE].split()[0] for p in parts if Role.DIFFUSE in p.roles}
    pieces = {p.segment for p in parts if Role.DIFFUSE in p.roles}
    if diffuse and any(
        Role.ORGAN in p.roles and Role.DIFFUSE not in p.roles and p.segment not in pieces for p in parts
    ):
        return None  # `brain/leptomeninges`: one or the other
    named = plain | diffuse
    if any(Role.NUMBERED_VERTEBRA in p.roles for p in parts):
        named |= {"bone"}
    if any(Role.LOBE in p.roles or Role.LEVEL in p.roles for p in parts):
        named |= {"lung"}
    named = named or {p.roles[Role.ORGAN] for p in parts if Role.ORGAN in p.roles}
    if not named and any(Role.CANCER in p.roles or Role.PRIMARY in p.roles for p in parts):
        named = {"lung"}
    if len(named) > 1:
        return _ONE_PLACE.get(frozenset(named))
    return next(iter(named), None)


def _belongs(part: Part, organ: str, parts: Sequence[Part]) -> bool:
    roles = set(part.roles)
    if roles & {Role.ORGAN, Role.DIFFUSE, Role.LOBE, Role.LEVEL, Role.CANCER, Role.NUMBERED_VERTEBRA}:
        return True
    if part.roles.get(Role.WITHIN) == "segment":
        return organ in {"lung", "liver", "bone"}
    if Role.VERTEBRA in roles:
        return organ == "bone"
    if Role.NUMBER in roles:
        index = parts.index(part)
        before = parts[index - 1] if index else part
        of_segment = organ in {"lung", "liver"} and (
            before.text in _SEGMENT_WORDS or (parts[index + 1 : index + 2] and parts[index + 1].text == "段")
        )
        return organ == "bone" or Role.DISEASE in before.roles or bool(of_segment)
    if Role.NUMBERED in roles:
        return organ == "bone" and not roles & {Role.NODE}
    return bool(roles & _NEUTRAL)


_SEGMENT_WORDS = frozenset({"segment", "segments", "seg"})


def _side(parts: Sequence[Part]) -> Side | None:
    sides = {p.roles[Role.SIDE] for p in parts if Role.SIDE in p.roles} - {""}
    if len(sides) > 1:
        return "both"
    return next(iter(sides), None)  # type: ignore[return-value]


def _many(parts: Sequence[Part]) -> bool:
    return any(Role.MANY in p.roles for p in parts)


def _innumerable(parts: Sequence[Part], organ: str) -> str | None:
    if not any(Role.INNUMERABLE in p.roles for p in parts):
        return None
    return _DIFFUSE_KINDS.get(organ, "innumerable")
