"""The anatomical vocabulary: words of public lists, what changes nothing, and what is never guessed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.study.dictionary import place_nodes as nodes
from oligoscope.study.dictionary.place_reading import (
    proposals,
    read_place,
    read_places,
    read_side,
    read_stated,
    read_station,
)
from oligoscope.study.dictionary.places import NODE, ORGANS, Place
from unit.study.dictionary.place_samples import SOURCES

SAMPLES = [(word, what) for rows in SOURCES.values() for words, what in rows for word in words.split("|")]
KNOWN = sorted({word for word, what in SAMPLES if "?" not in what})
_DESCRIBED = {"left", "right", "both"}


def is_right(place: Place, what: str) -> bool:
    """Whether a place is what a sample says: its organ and station, its lobe and kind, its side where that is given."""
    organ, *rest = what.split()
    station = rest.pop(0) if organ == NODE and rest else None
    side = next((word for word in rest if word in _DESCRIBED), place.side)
    details = {word for word in rest if word not in _DESCRIBED}
    found = {word for word in (place.lobe, place.diffuse_kind) if word}
    return (place.organ, place.station, place.side, found) == (organ, station, side, details)


def found(place: Place | None) -> Place:
    """A place that was read."""
    assert place is not None
    return place


def outcome(word: str, what: str) -> str:
    """right; asked; unknown, where it is asked though it means one place; or wrong."""
    place = read_place(word)
    if place is None or not place.certain:
        return "asked" if what == ("?" if place is None else "node?") else "unknown"
    return "right" if "?" not in what and is_right(place, what) else "wrong"


def test_words_of_public_lists_are_read_right_or_asked_and_never_wrong():
    outcomes = {(word, what): outcome(word, what) for word, what in SAMPLES}
    counts = {
        kind: sum(each == kind for each in outcomes.values())
        for kind in ("right", "asked", "unknown", "wrong")
    }
    print(f"{len(SOURCES)} sources, {len({word for word, _ in SAMPLES})} words: {counts}")  # noqa: T201

    assert [sample for sample, each in outcomes.items() if each == "wrong"] == []
    assert [sample for sample, each in outcomes.items() if each == "unknown"] == []
    assert len(SOURCES) >= 10
    assert len({word for word, _ in SAMPLES}) >= 300


@pytest.mark.parametrize("organ", ORGANS, ids=lambda organ: str(organ.word))
def test_every_organ_is_read_from_its_word_and_its_printed_names(organ):
    words = (str(organ.word), organ.name.zh, organ.name.en)

    assert {found(read_place(word)).organ for word in words} == {organ.word}
    assert read_stated(str(organ.word)) == Place(str(organ.word))


def test_every_station_and_region_is_read_from_its_own_spelling():
    numbers = [f"{n}{way}" for n in nodes.PAIRED for way in ("", "R", "L")] + ["3a", "3p", "5", "6", "7"]

    for station in (*numbers, *nodes.REGION_WORDS, "2R/4R"):
        assert found(read_station(station)).station == station
        assert read_stated(f"{NODE} {station}") == read_station(station)
        assert found(read_place(Place(NODE, station=station).stated)).station == station


@given(st.sampled_from(KNOWN), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_case_does_not_matter(word, change):
    assert read_place(change(word)) == read_place(word)


@given(st.sampled_from(KNOWN), st.sampled_from([" ", "  ", "\u3000", "\u00a0"]))
def test_blanks_do_not_matter(word, blank):
    assert read_place(blank + word.replace(" ", blank) + blank) == read_place(word)
    if not word.isascii() and not any(sign.isascii() and sign.isalnum() for sign in word):
        assert read_place(blank.join(word)) == read_place(word)


@given(st.sampled_from(KNOWN))
def test_width_and_a_last_comma_do_not_matter(word):
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)

    assert read_place(wide) == read_place(word)
    assert read_place(word + ";") == read_place(word + "，") == read_place(word)


@pytest.mark.parametrize(
    "parts",
    [("right", "upper lobe", "lung"), ("右", "上叶", "肺"), ("left", "adrenal", "metastasis"), ("LN", "left", "axilla"),
     ("node", "right", "lower paratracheal"), ("脑", "转移", "左"), ("station", "4R", "node"), ("rib", "left", "7th")],
)  # fmt: skip
def test_the_order_of_parts_does_not_matter(parts):
    readings = {read_place(" ".join(order)) for order in itertools.permutations(parts)}

    assert len(readings) == 1
    assert None not in readings


_NODE_WORDS = st.sampled_from([word for word in nodes.NODE_WORDS if word not in {"lymphatic"}])
_ANYTHING = st.sampled_from([*KNOWN, "xyz", "某处", "第9楼", "?", "chest", "非", "T3"])


@given(_NODE_WORDS, _ANYTHING, st.sampled_from([" ", " - ", "（", "/", ", "]), st.booleans())
def test_whatever_says_node_is_a_node(node, other, between, first):
    place = read_place(f"{node}{between}{other}" if first else f"{other}{between}{node}")

    assert place is not None
    assert place.is_node


@given(st.lists(st.sampled_from(["肺", "脑", "肝", "bone", "左肾上腺", "pleural effusion", "skin"]), min_size=1, max_size=4, unique=True),
       st.sampled_from([";", "；", ",", "，", "、", "/", "及", "和", " and ", "&", "+", "\n", " ; "]))  # fmt: skip
def test_any_sign_divides_a_list(words, sign):
    assert [word for word, _ in read_places(sign.join(words))] == words
    assert all(place is not None for _, place in read_places(sign.join(words)))


@pytest.mark.parametrize(
    ("cell", "organs"),
    [("lung, left upper lobe", ["lung"]), ("lung, left upper lobe, liver", ["lung", "liver"]), ("淋巴结、肺", [NODE, "lung"]),
     ("lung, left, liver", ["lung", "liver"]), ("mediastinal and hilar lymph nodes, lung", [NODE, "lung"]), ("肺/胸膜", ["lung", "pleura"]),
     ("LUL/LLL", ["lung", "lung"]), ("无", []), ("none", []), ("右肺上叶；某处、脑", ["lung", None, "brain"]), (r"a\;b;脑", [None, "brain"])],
)  # fmt: skip
def test_a_list_is_cut_into_the_longest_places(cell, organs):
    assert [place and place.organ for _, place in read_places(cell)] == organs


def test_an_escaped_word_of_our_own_output_stays_one():
    assert read_places(r"a\;b;脑")[0] == ("a;b", None)


@pytest.mark.parametrize(
    ("word", "near"),
    [("chest", "pleura"), ("肺门", "lymph_node 10"), ("锁骨上", "lymph_node 1"), ("骨盆", "bone"), ("L4", "bone"), ("7", "lymph_node 7"),
     ("肺/胸膜", "lung"), ("métastase hépatique", "liver"), ("adrenall", "adrenal"), ("淋巴结 某处", NODE), ("LUL/LLL", "lung")],
)  # fmt: skip
def test_a_word_that_is_not_certain_has_proposals(word, near):
    place = read_place(word)
    assert place is None or not place.certain
    assert near in proposals(word)
    assert len(proposals(word)) <= 3
    assert all(read_stated(place) is not None for place in proposals(word))


@pytest.mark.parametrize(
    ("word", "side"),
    [("左", "left"), ("L", "left"), ("lt", "left"), ("右侧", "right"), ("R", "right"), ("双侧", "both"), ("Bilateral", "both"), ("midline", ""), ("某", None)],
)  # fmt: skip
def test_sides_have_one_spelling(word, side):
    assert read_side(word) == side


@pytest.mark.parametrize(
    ("word", "station"),
    [("4R", "4R"), ("4r", "4R"), ("R4", "4R"), ("4R组", "4R"), ("右下气管旁", "4R"), ("right lower paratracheal", "4R"), ("L4", "4L"),
     ("7", "7"), ("第七组", "7"), ("隆突下", "7"), ("右锁骨上", "1R"), ("腋窝", "axillary"), ("2R/4R", "2R/4R"), ("肺门", "10")],
)  # fmt: skip
def test_a_station_has_one_spelling(word, station):
    assert found(read_station(word)).station == station


def test_a_place_says_whether_it_is_the_primary_tumour_and_of_many_lesions():
    assert found(read_place("右肺上叶原发灶")).is_primary
    assert read_place("脑原发") is None  # the primary tumour of these studies is in the lung
    assert found(read_place("双肺多发转移")).many
    assert found(read_place("4R")).region == "upper"
    assert found(read_place("腋窝淋巴结")).region == "axillary"
