"""Words of public sources that were judged blind: how many are taken right, how many are asked, and that none is taken wrongly."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judged_words import HEADERS, LEVELS, PLACES
from oligoscope.intake.checks.place_columns import PlaceWords
from oligoscope.intake.sdtm.sdtm_terms import own_places, says_node
from oligoscope.study.dictionary.headers import headers_of
from oligoscope.study.dictionary.place_reading import read_place, read_places
from oligoscope.study.dictionary.places import NODE, Place
from oligoscope.study.dictionary.words import read_level
from oligoscope.study.schemas import TABLES


def place_of(word: str) -> str:
    """What a word of a place is taken for; blank where it is asked."""
    place = read_place(word)
    if place is None or not place.certain:
        return ""
    said = (place.organ, place.station, place.side, place.lobe, place.diffuse_kind)
    return " ".join(part for part in said if part)


def level_of(column: str, word: str) -> str:
    """Our level of a word in `table.column`; blank where it is asked."""
    table, name = column.split(".")
    return read_level(TABLES[table].column(name), word) or ""


def column_of(table: str, header: str) -> str:
    """The columns of a table that a header is; blank where it is none."""
    return " ".join(column.name for column in TABLES[table].columns if headers_of([header], column))


def outcome(meant: str, taken: str) -> str:
    """right, asked or wrong: a meaning that ends with `?` may be asked, a blank one must be."""
    if taken:
        return "right" if taken == meant.removesuffix("?") else "wrong"
    return "right" if not meant or meant.endswith("?") else "asked"


JUDGED = {
    "places": [(word, meant, place_of(word)) for _, _, words in PLACES for word, meant in words.items()],
    "levels": [(f"{column}: {word}", meant, level_of(column, word)) for _, column, words in LEVELS for word, meant in words.items()],
    "headers": [(f"{table}: {word}", meant, column_of(table, word)) for _, table, words in HEADERS for word, meant in words.items()],
}  # fmt: skip
CERTAIN = [
    (word, place) for _, _, words in PLACES for word in words if (place := read_place(word)) and place.certain
]


@pytest.mark.parametrize("kind", JUDGED)
def test_no_judged_word_is_taken_wrongly_and_few_are_asked_that_are_certain(kind):
    outcomes = [(word, meant, taken, outcome(meant, taken)) for word, meant, taken in JUDGED[kind]]
    counts = Counter(each for *_, each in outcomes)
    print(f"{len(outcomes)} {kind}: {dict(counts)}")  # noqa: T201

    assert [found for found in outcomes if found[3] == "wrong"] == []
    assert counts["asked"] <= 0.04 * len(outcomes), [found for found in outcomes if found[3] == "asked"]


def test_the_judged_words_are_of_many_sources_and_held_once():
    words = [word for rows in JUDGED.values() for word, *_ in rows]

    assert len(words) >= 900
    assert len({source for source, _, _ in (*PLACES, *LEVELS, *HEADERS)}) >= 40


@pytest.mark.parametrize("words", [PlaceWords({}), PlaceWords({"x": "lung"})], ids=["plain", "stated"])
def test_a_place_is_taken_alike_in_every_column_and_in_sdtm(words):
    """One organ (lesions), a list (progressions, treatments, cohort), and the locations of SDTM."""
    for word, place in CERTAIN:
        one, listed = words.read("organ", word), words.read("organs", word)
        assert one.text == listed.text == place.organ, word
        assert one.places == listed.places == (place,), word
        assert one.unknown == listed.unknown == (), word
        assert says_node(word) == place.is_node, word
        assert own_places([word], {})["organ"] == {}, word


def test_a_place_that_is_asked_is_asked_in_every_column():
    for _, _, words in PLACES:
        for word, meant in words.items():
            if not meant:
                assert PlaceWords({}).read("organ", word).unknown == (word,), word
                divided = len(read_places(word)) > 1
                assert PlaceWords({}).read("organs", word).unknown or divided or not read_places(word), word


def test_what_explains_a_place_in_brackets_is_no_list():
    words = PlaceWords({})

    assert words.read("organs", "CNS（脑/脊柱/眼）").unknown
    assert words.read("organs", "CNS(脑/脊柱/眼)、肝").text == r"CNS(脑/脊柱/眼);liver"
    assert words.read("organs", "多发转移（脑、骨、肝）").text == "brain;bone;liver"
    assert words.read("organs", "淋巴结（纵隔、肺门），肺").text == "lymph_node;lung"


def test_a_word_is_the_same_level_in_every_column_of_the_same_levels():
    same = [
        (("treatments", "regimen"), ("cohort", "line_regimen")),
        (("assessments", "overall_response"), ("progressions", "best_response"), ("cohort", "best_response")),
        (("lesions", "role"), ("lesions", "new_kind")),
        *((("patients", column.name), ("cohort", column.name)) for column in TABLES["patients"].columns if column.levels),
    ]  # fmt: skip
    for columns in same:
        variables = [TABLES[table].column(name) for table, name in columns]
        shared = set.intersection(*(set(variable.words) for variable in variables))
        judged = [w for _, column, words in LEVELS for w in words if tuple(column.split(".")) in columns]
        known = [
            name
            for variable in variables
            for level in variable.levels
            for name in (level.name.zh, level.name.en, *level.synonyms)
        ]
        for word in (*judged, *known):
            taken = {read_level(variable, word) for variable in variables}
            assert len(taken) == 1 or not taken & shared, (columns, word, taken)


@pytest.mark.parametrize("column", [
    pytest.param(column, id=f"{table}.{column.name}") for table, spec in TABLES.items() for column in spec.columns if len(column.levels) > 1
])  # fmt: skip
def test_a_choice_between_two_levels_is_neither_of_them_nor_a_third(column):
    """`I-II` is not III; a stroke or dash between two levels is read only where it is a name of its own."""
    own = {name for level in column.levels for name in (level.name.zh, level.name.en, *level.synonyms)}
    named = [(str(level.word), name) for level in column.levels for name in (level.name.zh, level.name.en)]
    for word, first in named:
        for other, second in named:
            if word != other:
                for sign in ("-", "/", "–", " / ", *(" _" if first.isascii() and second.isascii() else "")):
                    choice = f"{first}{sign}{second}"
                    assert read_level(column, choice) is None or choice in own or column.composed, choice


_LATIN_BEFORE, _LATIN_AFTER = (
    ("", "new ", "metastatic ", "solitary "),
    ("", " metastasis", " lesion", " (new)", " mass"),
)
_CHINESE_BEFORE, _CHINESE_AFTER = ("", "新发", "转移性", "单发"), ("", "转移", "病灶", "（新发）", "转移瘤")
_SIGNS = st.sampled_from(["", " ", "\u3000", "\t"])


def _wide(word: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)


_FORMS = st.sampled_from(
    [str, str.upper, str.lower, str.title, _wide, "({})".format, "（{}）".format, "[{}]".format]
)


@settings(max_examples=300)
@given(st.sampled_from(CERTAIN), st.data(), _FORMS, _SIGNS)
def test_another_way_of_writing_a_place_is_the_same_place_or_asked(judged, data, form, blank):
    word, place = judged
    latin = word.isascii()
    before = data.draw(st.sampled_from(_LATIN_BEFORE if latin else _CHINESE_BEFORE))
    after = data.draw(st.sampled_from(_LATIN_AFTER if latin else _CHINESE_AFTER))
    taken = read_place(f"{blank}{before}{form(word)}{after}{blank}")

    assert taken is None or not taken.certain or _same(taken, place)
    assert not place.is_node or (taken is not None and taken.is_node) or not says_node(word)


@settings(max_examples=300)
@given(st.sampled_from(CERTAIN), st.sampled_from(["left", "right"]), st.booleans())
def test_a_side_beside_a_place_is_its_side_or_asked(judged, side, behind):
    word, place = judged
    said = side if word.isascii() else {"left": "左侧", "right": "右侧"}[side]
    taken = read_place(
        f"{word}, {said}" if behind else f"{said} {word}" if word.isascii() else f"{said}{word}"
    )

    assert taken is None or not taken.certain or taken.organ == place.organ
    if taken is not None and taken.certain and place.side is None and place.lobe is None:
        assert taken.side in {side, None}  # left gastric nodes have none
    assert not (place.organ == NODE and says_node(word)) or (taken is not None and taken.is_node)


def _same(taken: Place, place: Place) -> bool:
    """The same place; words for the disease may say that it is many, and nothing else."""
    return (taken.organ, taken.side, taken.lobe, taken.station) == (
        place.organ,
        place.side,
        place.lobe,
        place.station,
    ) and (taken.diffuse_kind in {place.diffuse_kind, None})


@settings(max_examples=300)
@given(st.sampled_from(CERTAIN), st.sampled_from(CERTAIN), st.sampled_from(["、", "; ", ", ", "/", "，"]))
def test_no_organ_of_a_list_is_lost(first, second, sign):
    """`肾上腺、7组` is two sites; the mediastinum beside a node says where it is."""
    (word, place), (other, beside) = first, second
    taken = {place and place.organ for _, place in read_places(f"{word}{sign}{other}")}
    organs = {place.organ, beside.organ}

    assert None in taken or organs in (taken, {NODE, "mediastinum"})


@pytest.mark.parametrize(
    ("cell", "organs"),
    [("第7组淋巴结、尾骨", "lymph_node;bone"), ("肾上腺、7组", "adrenal;lymph_node"), ("lymph node, adrenal", "lymph_node;adrenal"),
     ("原发灶、纵隔淋巴结", "lung;lymph_node"), ("纵隔、胸膜", "mediastinum;pleura"), ("liver, other", "liver;other"), ("双肺、4R", "lung;lymph_node"),
     ("纵隔、肺门淋巴结", "lymph_node"), ("皮肤、胸壁", "skin;chest_wall")],
)  # fmt: skip
def test_what_is_listed_beside_a_place_is_counted(cell, organs):
    assert PlaceWords({}).read("organs", cell).text == organs


@pytest.mark.parametrize(
    "word",
    ["第7组淋巴结, Coccyx", "4R组, 肾上腺", "station 7, ilium", "liver, other", "淋巴结、肝", "双肺, 4R"],
)
def test_two_places_are_not_one_organ(word):
    place = read_place(word)

    assert place is None or not place.certain
    assert place is not None or not says_node(word)


WORDS_OF_LEVELS = [
    (column, word, taken)
    for _, column, words in LEVELS
    for word in words
    if (taken := level_of(column, word))
]


@settings(max_examples=300)
@given(st.sampled_from(WORDS_OF_LEVELS), st.sampled_from([str, str.upper, str.lower, _wide]), _SIGNS)
def test_another_way_of_writing_a_level_is_the_same_level_or_asked(judged, form, blank):
    column, word, taken = judged

    assert level_of(column, f"{blank}{form(word)}{blank}") in {taken, ""}
