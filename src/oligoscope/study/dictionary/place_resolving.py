"""What the known parts of a place say together: one organ or node, with nothing that contradicts it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oligoscope.study.dictionary import place_nodes as nodes
from oligoscope.study.dictionary.place_grammar import Part, Role
from oligoscope.study.dictionary.places import NODE, Lobe, Place, Side

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


def resolved(parts: Sequence[Part] | None) -> Place | None:
    """The one place that all parts name together; None where there is none, or they contradict each other."""
    if parts is None:
        return None
    if any(Role.NODE in p.roles for p in parts):
        return node(parts)
    if any(Role.STATION in p.roles for p in parts) and not any(
        Role.NUMBERED_VERTEBRA in p.roles for p in parts
    ):
        return None if any(_is_organ(p) and Role.REGION not in p.roles for p in parts) else node(parts)
    if any(Role.NUMBERED in p.roles for p in parts) and any(Role.NUMBER in p.roles for p in parts):
        numbered = node(parts, numbered=True)
        if numbered is not None and numbered.station is not None:
            return numbered
    return _organ(parts)


def _is_organ(part: Part) -> bool:
    return Role.ORGAN in part.roles or Role.DIFFUSE in part.roles


def node(parts: Sequence[Part], *, numbered: bool = False) -> Place | None:
    """A node: every other part must be a station, a region, a side, or say nothing about the place."""
    numbered = numbered or any(Role.NUMBERED in p.roles for p in parts)
    stations: list[tuple[str, int]] = []
    of_neck = any(p.roles.get(Role.REGION) == "cervical" for p in parts)  # whose levels have numbers, too
    organs = [p for p in parts if Role.SIDE in p.roles or Role.STATION_OF_NODE in p.roles]
    if _lists_another(parts) or any(_is_listed_organ(p, parts) for p in organs):
        return None  # `4R, other`; `双肺, 4R`
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
            if not of_neck and not (numbered and roles[Role.NUMBER] in STATION_NUMBERS):
                return None
            stations += [] if of_neck else [(roles[Role.NUMBER], at)]
        elif not _NEUTRAL & set(roles):
            return None
    side = side_of(parts)
    return Place(
        NODE, side, station=_station(_of_level(parts, stations), side), diffuse_kind=_innumerable(parts, NODE), many=_many(parts)
    )  # fmt: skip


STATION_NUMBERS = frozenset(str(number) for number in range(1, 15))


def _is_listed_organ(part: Part, parts: Sequence[Part]) -> bool:
    """Whether an organ is beside the node in a list (`lymph node, lung`) and does not say which node it is.

    The mediastinum does where the node's own piece names another region: 纵隔及肺门淋巴结.
    """
    pieces = {p.segment for p in parts if _NAMING_A_NODE & set(p.roles) and not _is_organ(p)}
    if not _is_organ(part) or not pieces:
        return False
    if part.segment in pieces:
        beside = [
            p for p in parts if p is not part and p.segment == part.segment and Role.NODE not in p.roles
        ]
        is_named = any({Role.STATION, Role.STATION_OF_NODE, Role.REGION} & set(p.roles) for p in beside)
        return is_named and part.roles.get(Role.ORGAN) != "mediastinum" and not part.text.endswith(_ADJECTIVE)
    diseased = any(Role.DISEASE in p.roles and p.segment == part.segment for p in parts)
    if diseased or (part.text.isascii() and part.text.endswith(_ADJECTIVE) and part.text not in _NOUNS):
        return diseased
    regions = [p for p in parts if p.segment in pieces and not _is_organ(p)]
    named = any({Role.STATION, Role.STATION_OF_NODE, Role.REGION} & set(p.roles) for p in regions)
    of_nodes = {p.segment for p in parts if Role.NODE in p.roles}
    before = not of_nodes or part.segment < max(of_nodes)
    return not (named and before and part.roles.get(Role.ORGAN) == "mediastinum")


_ADJECTIVE = ("al", "ic", "ar", "ary")
_NOUNS = frozenset({"adrenal", "occipital"})  # `lymph node, adrenal` is a list
_NAMING_A_NODE = {Role.NODE, Role.NUMBERED, Role.STATION}


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
    side, lobe = side_of(parts), None
    if organ == "trachea" and side:
        return None  # beside it, not in it: a paratracheal node
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
    if (
        len({p.segment for p in parts if Role.ORGAN in p.roles}) > 1
        if len(named) > 1
        else _lists_another(parts)
    ):
        return None  # `skin/soft tissue`: one or the other; `liver, other`: two
    if len(named) > 1:
        return _ONE_PLACE.get(frozenset(named))
    return next(iter(named), None)


def _lists_another(parts: Sequence[Part]) -> bool:
    """Whether a piece of its own says only that there is another organ, or the primary tumour beside a node."""
    pieces = {p.segment for p in parts if _NAMING_A_NODE & set(p.roles)}
    return len({p.segment for p in parts}) > 1 and any(
        (
            part.roles.get(Role.ORGAN) == "other"
            and not any(p is not part and p.segment == part.segment for p in parts)
        )
        or (Role.PRIMARY in part.roles and pieces and part.segment not in pieces)
        for part in parts
    )


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
        beside = any(p.roles.get(Role.ORGAN) == "bone" and p.segment == part.segment for p in parts)
        return organ == "bone" and (beside or part.text in _ORDINALS) and not roles & {Role.NODE}
    return bool(roles & _NEUTRAL)


_ORDINALS = frozenset({"第", "no", "#"})
_SEGMENT_WORDS = frozenset({"segment", "segments", "seg"})


def side_of(parts: Sequence[Part]) -> Side | None:
    """The side that parts name; of two different ones, both."""
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
