"""Headers of a column for each scan: which scan, which lesion, and what the cells hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from oligoscope.intake.files.header_words import known_header
from oligoscope.study.dictionary.two_lengths import two_lengths

_DAY = re.compile(
    r"(19|20)\d\d ?([-/.年]) ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?( \d{1,2}:\d\d(:\d\d(\.\d+)?)?)?|(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])"
)
_SERIAL = re.compile(r"(3[3-9]|4\d|5[0-5])\d{3}(\.\d+)?")  # 1990 to 2052
_NUMBER = re.compile(r"[<>≤≥~≈+-]? ?\d+(\.\d+)?( ?(mm|cm|%))?", re.IGNORECASE)
_NUMBERS = {sign: str(n) for n, sign in enumerate("一二三四五六七八九十", 1)}
_EDGES = " \t\n_-./|:：()[]（）【】,，;；#"


def is_day(text: str) -> bool:
    """Whether a cell is a calendar day, written with its year first."""
    return bool(_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def is_serial(text: str) -> bool:
    """Whether a cell may be a day that a spreadsheet shows as a number."""
    return bool(_SERIAL.fullmatch(text.strip()))


def is_number(text: str) -> bool:
    """Whether a cell is a number, with or without its unit, or two of them (12×8)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(_NUMBER.fullmatch(plain)) or two_lengths(plain) is not None


@dataclass(frozen=True, slots=True)
class ScanHeader:
    """A header that belongs to one scan.

    Attributes:
        header: As it is written.
        scan: Equal for the columns of one scan.
        order: Scans in their order.
        role: `value` (a number or a word), `assessed_on`, `diameter_mm`, `state` or another column of measurements;
            what is none of them begins with "?".
        lesion: The lesion that the header names.
        day: The date that the header names.
    """

    header: str
    scan: str
    order: float
    role: str
    lesion: str | None = None
    day: str | None = None


_LESION = re.compile(
    r"(?P<lesion>(?:非靶病灶|新病灶|新发病灶|靶病灶|病灶|非靶|靶|non[- ]?target|target|lesion|ntl|tl|nt|nl|t|n|l) ?[-_#]?\d{1,2})(?=[ _\-./|:：(（]|[^\d\s])",
    re.IGNORECASE,
)
_BASELINE = re.compile(
    r"基线期?|治疗前|筛选期?|baseline|base(?![a-z])|\bbl\b|(?<![a-z])bl(?![a-z])|screening|pre-?treatment",
    re.IGNORECASE,
)
_SCAN_WORDS = "评效|评估|复查|检查|随访|测量|扫描|疗效|访视|scan|visit|assessment|exam|imaging|follow[- ]?up|time ?point|fu|tp|cycle|ct|mri"
_NUMBERED = re.compile(
    rf"第 ?(?P<a>\d{{1,2}}|[一二三四五六七八九十]) ?(?:次|周期|程|周|个月)(?:{_SCAN_WORDS})?"
    rf"|(?<![a-z])(?P<w>week|wk|w|month|m|cycle|c|v) ?[-_.]?(?P<b>\d{{1,3}})(?!\d)"
    rf"|(?:{_SCAN_WORDS}) ?[-_.#]?(?P<c>\d{{1,2}})(?!\d)"
    rf"|(?<!\d)(?P<d>\d{{1,3}}) ?(?:周|weeks?|wks?|月|months?)(?:{_SCAN_WORDS})?",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?<!\d)(\d{1,2})$")
_ROLES = (
    ("assessed_on", re.compile(rf"(?:{_SCAN_WORDS})?(?:的)?(?:日期|时间|date|day of scan|dt)(?: of (?:scan|assessment))?", re.IGNORECASE)),
    ("diameter_mm", re.compile(r"(?:病灶|靶病灶|lesion )?(?:最?[长大短]?径线?(?:之?和)?|直径|大小|尺寸|size|diameter|diam|longest(?: diameter)?|length|mm|ld|sd|meas(?:urement)?)[ (（/]*(?:mm|毫米)?[)）]?", re.IGNORECASE)),
    ("state", re.compile(r"(?:病灶)?(?:状态|情况|state|status)", re.IGNORECASE)),
    ("value", re.compile(rf"(?:{_SCAN_WORDS})?(?:结果|值|result|value|测量值)?", re.IGNORECASE)),
)  # fmt: skip


def scan_header(header: str, *, serials: bool = False) -> ScanHeader | None:
    """The scan of a header: by a date, by 基线 or baseline, by a number; None where it names none.

    Args:
        header: As it is written.
        serials: Whether a number of five digits is a date, as in the header of a workbook.
    """
    text = unicodedata.normalize("NFKC", header).strip()
    if serials and is_serial(text):
        return ScanHeader(header, text, float(text), "value", day=text)
    if (found := _DAY.search(text)) is not None:
        rest, day = _without(text, found), found[0].strip()
        inner = _scan(rest)  # 2020-03-04 / 评效1
        role = _role(inner[2] if inner else rest)
        return ScanHeader(header, day, _as_number(day), role, day=day)
    lesion: str | None = None
    if (named := _LESION.match(text)) is not None:
        rest = text[named.end() :].strip(_EDGES)
        inner = _scan(rest)
        if inner is not None:
            lesion = named["lesion"]
            scan, order, left = inner
            return ScanHeader(header, scan, order, _role(left), lesion)
    whole = _scan(text)
    if whole is None:
        return None
    scan, order, rest = whole
    return ScanHeader(header, scan, order, _role(rest))


def lesion_in_header(header: str) -> tuple[str, str] | None:
    """The lesion that a header begins with and the words behind it, blank where it is all; None where it names none."""
    text = unicodedata.normalize("NFKC", header).strip()
    named = _LESION.match(f"{text} ")
    return None if named is None else (named["lesion"], text[named.end() :].strip(_EDGES))


def _scan(text: str) -> tuple[str, float, str] | None:
    if (found := _BASELINE.search(text)) is not None:
        return "0", 0.0, _without(text, found)
    if (found := _NUMBERED.search(text)) is not None:
        number = next(found[name] for name in "abcd" if found[name])
        number = _NUMBERS.get(number, number)
        return str(int(number)), float(number), _without(text, found)
    if (found := _TRAILING.search(text)) is not None and found.start() > 0:
        return str(int(found[1])), float(found[1]), _without(text, found)
    return None


def _without(text: str, found: re.Match[str]) -> str:
    before, after = text[: found.start()].strip(_EDGES), text[found.end() :].strip(_EDGES)
    return " ".join(part for part in (before, after) if part)


def _role(rest: str) -> str:
    for role, words in _ROLES:
        if words.fullmatch(rest):
            return role
    name = known_header(rest)
    return name if name is not None else f"?{rest.casefold()}"


def _as_number(day: str) -> float:
    parts = [int(part) for part in re.findall(r"\d+", day)[:3]]
    return float(parts[0] * 10_000 + parts[1] * 100 + parts[2]) if len(parts) == 3 else float(parts[0])
