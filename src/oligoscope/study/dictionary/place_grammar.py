"""The words of a place cut into parts that are known: every sign must belong to one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from oligoscope.study.dictionary import place_nodes as nodes
from oligoscope.study.dictionary import place_words as words
from oligoscope.study.dictionary.place_words import each_word
from oligoscope.study.dictionary.places import ORGANS


class Role(Enum):
    """What a part says."""

    ORGAN = auto()
    SIDE = auto()
    LOBE = auto()
    LEVEL = auto()  # upper, middle or lower lobe
    BARE_LEVEL = auto()  # upper, middle or lower
    NODE = auto()
    NUMBERED = auto()  # the number beside it is a station's
    STATION = auto()  # whose name is that of a node and of nothing else
    STATION_OF_NODE = auto()
    REGION = auto()
    DIFFUSE = auto()
    INNUMERABLE = auto()
    MANY = auto()
    PRIMARY = auto()
    CANCER = auto()
    DISEASE = auto()
    WITHIN = auto()
    NUMBER = auto()
    VERTEBRA = auto()  # C3, L4: a vertebra beside a word of bone
    NUMBERED_VERTEBRA = auto()  # 胸11, T12: a vertebra


Roles = Mapping[Role, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One known word.

    Attributes:
        text: As it is written, without blanks.
        roles: What it may say.
        segment: Which of the pieces between commas and the like it is in.
    """

    text: str
    roles: Roles
    segment: int


@dataclass(frozen=True, slots=True)
class _Signs:
    """Letters, digits and characters without blanks; where a word may begin; the piece of each."""

    text: str
    starts: frozenset[int]
    segments: tuple[int, ...]


_SIMPLIFIED = str.maketrans(
    "結節腦縱頸鎖轉發臟積顱葉腎氣門側雙兩後體腸膽狀頭軟組織區間動脈淺種彌無數內腫塊額顳頂幹橋質顎靜單個處靨徑縮顯實增強術癥擴淚門鱗週圍緣緊鄰淋韌帶腋窩與遠臨區",
    "结节脑纵颈锁转发脏积颅叶肾气门侧双两后体肠胆状头软组织区间动脉浅种弥无数内肿块额颞顶干桥质颚静单个处靥径缩显实增强术症扩泪门鳞周围缘紧邻淋韧带腋窝与远临区",
)
_LIST_SIGNS = frozenset(";,、/|+&\n\r\t，；")
_AND = re.compile(r"\b(?:and|und)\b|[和与及]|以及")
_STATION_NUMBER = re.compile(r"\b(ln|lns|station|group|level|zone|stn)(\d)")
_NUMERALS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12, "十三": 13, "十四": 14,
}  # fmt: skip
_ORDINAL = re.compile("第(十[一二三四]|[一二三四五六七八九十])")
_SHORT = 3  # Latin words of so few letters must stand by themselves


def prepared(text: str) -> str:
    """The form in which places are compared: case and width do not matter, and "and" is a comma."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED).replace("纵膈", "纵隔")
    counted = _ORDINAL.sub(lambda found: f"第{_NUMERALS[found[1]]}", folded.replace("_", " "))
    return _STATION_NUMBER.sub(r"\1 \2", _AND.sub(",", counted))


def compact(text: str) -> str:
    """Letters and digits alone."""
    return _signs(text).text


def _kind(sign: str) -> str:
    return "latin" if sign.isascii() else "other"


def _signs(text: str) -> _Signs:
    letters: list[str] = []
    starts, segments = {0}, []
    segment = 0
    for sign in prepared(text):
        if sign.isalnum() or sign in "#?":
            if letters and _kind(letters[-1]) != _kind(sign):
                starts.add(len(letters))
            letters.append(sign)
            segments.append(segment)
        else:
            starts.add(len(letters))
            segment += sign in _LIST_SIGNS and bool(letters)
    return _Signs("".join(letters), frozenset({*starts, len(letters)}), tuple(segments))


@cache
def phrases() -> Mapping[str, Roles]:
    """Every known word in its compact form, with what it may say."""
    found: dict[str, dict[Role, str]] = {}

    def add(role: Role, pairs: Iterable[tuple[str, str]]) -> None:
        for word, meaning in pairs:
            found.setdefault(compact(word), {})[role] = meaning

    def plain(listed: Iterable[str]) -> list[tuple[str, str]]:
        return [(word, "") for word in listed]

    add(Role.ORGAN, each_word(words.ORGAN_WORDS))
    for organ in ORGANS:
        if organ.word != "lymph_node":
            add(
                Role.ORGAN,
                [(name, str(organ.word)) for name in (str(organ.word), organ.name.zh, organ.name.en)],
            )
    add(Role.SIDE, each_word(words.SIDES))
    add(Role.LOBE, each_word(words.LOBES))
    add(Role.LEVEL, each_word(words.LEVELS))
    add(Role.BARE_LEVEL, each_word(words.BARE_LEVELS))
    add(Role.NODE, plain(nodes.NODE_WORDS))
    add(Role.NUMBERED, plain(nodes.NUMBERED))
    add(Role.STATION, each_word(nodes.STATION_WORDS))
    add(Role.STATION_OF_NODE, each_word(nodes.STATION_WORDS_BESIDE_NODE))
    add(Role.REGION, each_word(nodes.REGION_WORDS))
    add(Role.REGION, [(region, region) for region in nodes.REGION_WORDS])
    for (organ, kind), row in words.DIFFUSE_WORDS.items():
        add(Role.DIFFUSE, [(word, f"{organ} {kind}") for word in words.listed(row)])
    add(Role.INNUMERABLE, plain(words.INNUMERABLE))
    add(Role.MANY, plain(words.MANY))
    add(Role.PRIMARY, plain(words.PRIMARY))
    add(Role.CANCER, plain(words.LUNG_CANCER))
    add(Role.DISEASE, plain(words.DISEASE))
    add(Role.WITHIN, plain(words.WITHIN))
    add(Role.NUMBER, plain(("ii", "iii", "iv", "iva", "ivb", "vi", "vii", "viii")))
    found.pop("", None)
    return found


@cache
def _across_signs() -> frozenset[str]:
    """Words that are written with a sign which divides a list, in their compact form."""
    rows = (
        *words.ORGAN_WORDS.values(),
        *nodes.STATION_WORDS.values(),
        *nodes.STATION_WORDS_BESIDE_NODE.values(),
        *nodes.REGION_WORDS.values(),
    )
    listed = (*(word for row in rows for word in words.listed(row)), *(organ.name.en for organ in ORGANS))
    return frozenset(compact(word) for word in listed if _LIST_SIGNS & set(prepared(word)))


@cache
def _by_first_sign() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for phrase in sorted(phrases(), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return {sign: tuple(listed) for sign, listed in found.items()}


# Numbers of stations, vertebrae and ribs: letters and digits between two blanks, and what they say.
_STATION = re.compile(r"(1[0-4]|[1-9])([rl])[si]?|(3)([ap])")
_STATION_REVERSED = re.compile(r"([rl])(1[0-4]|[1-9])")
_VERTEBRA = re.compile(r"c[1-7]|[td](?:1[0-2]|[1-9])|l[1-5]|s[1-5]")
_VERTEBRA_ZH = re.compile(r"[胸腰颈骶]\d{1,2}")
_SEGMENT = re.compile(r"s\d{1,2}")
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|#")
_SURE_VERTEBRA = re.compile(r"[td](?:[6-9]|1[0-2])")  # T1 to T5 are also how targets are numbered
_LUMBAR = re.compile(r"l[1-5]")


def _numbers(signs: _Signs, at: int) -> Iterator[tuple[str, Roles]]:
    if (match := _VERTEBRA_ZH.match(signs.text, at)) and match.end() in signs.starts:
        yield match[0], {Role.NUMBERED_VERTEBRA: ""}
    if at not in signs.starts:
        return
    end = next(i for i in range(at + 1, len(signs.text) + 1) if i in signs.starts)
    word = signs.text[at:end]
    if match := _STATION.fullmatch(word):
        number, letter = (match[1], match[2].upper()) if match[1] else (match[3], match[4])
        yield word, {Role.STATION: number + letter}
    elif _LUMBAR.fullmatch(word):
        yield word, {Role.STATION_OF_NODE: word[1:] + "L", Role.VERTEBRA: ""}
    elif match := _STATION_REVERSED.fullmatch(word):
        yield word, {Role.STATION: match[2] + match[1].upper()}
    elif _SURE_VERTEBRA.fullmatch(word):
        yield word, {Role.NUMBERED_VERTEBRA: ""}
    elif _VERTEBRA.fullmatch(word) or _SEGMENT.fullmatch(word):
        yield word, {Role.VERTEBRA: "", **({Role.WITHIN: "segment"} if word[0] == "s" else {})}
    elif _NUMBER.fullmatch(word):
        yield word, {Role.NUMBER: word}


def cut(text: str) -> tuple[Part, ...] | None:
    """The parts of a text, the longest words first; None where a sign belongs to none."""
    signs = _signs(text)
    if not signs.text:
        return None
    dead: set[int] = set()

    def fits(word: str, at: int) -> bool:
        end = at + len(word)
        if signs.segments[at] != signs.segments[end - 1] and word not in _across_signs():
            return False  # `纵隔、胸膜` is not 纵隔胸膜
        if not word.isascii():
            return True
        alone = at in signs.starts and end in signs.starts
        return alone or (len(word) > _SHORT and not any(c.isdigit() for c in word))

    def rest(at: int) -> tuple[Part, ...] | None:
        if at == len(signs.text):
            return ()
        if at in dead:
            return None
        known = [
            (w, phrases()[w])
            for w in _by_first_sign().get(signs.text[at], ())
            if signs.text.startswith(w, at)
        ]
        for word, roles in sorted([*_numbers(signs, at), *known], key=lambda found: -len(found[0])):
            if fits(word, at) and (after := rest(at + len(word))) is not None:
                return (Part(word, roles, signs.segments[at]), *after)
        dead.add(at)
        return None

    return rest(0)


@cache
def _node_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    latin = sorted((prepared(w) for w in nodes.NODE_WORDS if w.isascii()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, latin))})\b"), re.compile("淋巴(?![管瘤])")


def says_node(text: str) -> bool:
    """Whether a word of it is one for a lymph node, whatever the rest is."""
    form = re.sub(r"[\s\-]+", " ", prepared(text))
    return any(pattern.search(form) for pattern in _node_words()) and "lymphatic carcino" not in form


def parts_within(text: str) -> tuple[Part, ...]:
    """Known words that can be found in a text of which other signs are not known."""
    signs = _signs(text)
    found: list[Part] = []
    at = 0
    while at < len(signs.text):
        known = [w for w in _by_first_sign().get(signs.text[at], ()) if signs.text.startswith(w, at)]
        whole = [w for w in known if not w.isascii() or (at in signs.starts and at + len(w) in signs.starts)]
        if whole:
            found.append(Part(whole[0], phrases()[whole[0]], signs.segments[at]))
        at += len(whole[0]) if whole else 1
    return tuple(found)
