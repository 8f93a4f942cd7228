"""Which words are headers of some table, and which cells are units or formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from oligoscope.intake.files.cells import clean
from oligoscope.study.dictionary.headers import bare_header, forms_of, header_form
from oligoscope.study.dictionary.words import plain
from oligoscope.study.schemas import TABLES, day_name

PATIENT = "patient_id"


@cache
def known_headers() -> dict[str, str]:
    """Every header that is certainly a column of some table, as headers are compared, and our name of it."""
    found: dict[str, str] = {}
    for table in TABLES.values():
        for column in table.columns:
            for form in forms_of(column):
                found.setdefault(form, column.name)
            if column.kind == "date" and column.name.endswith("_on"):
                found.setdefault(header_form(day_name(column.name)), column.name)
    return found


def known_header(header: str) -> str | None:
    """Our name of a header; None where it is none."""
    known = known_headers()
    return known.get(header_form(header)) or known.get(header_form(bare_header(header)))


_BARE_NUMBERS = frozenset(
    map(
        header_form,
        (
            "ID",
            "No",
            "No.",
            "Nr",
            "Number",
            "Code",
            "编号",
            "编码",
            "序号",
            "号",
            "号码",
            "姓名缩写",
            "ID号",
            "id no",
        ),
    )
)


def may_be_patient(header: str) -> bool:
    """Whether a header names a number or code, and not of what: of one row a patient it may be the patient's."""
    return header_form(bare_header(header)) in _BARE_NUMBERS


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """The headers of all tables, and those that the study names for one of them.

    Attributes:
        mapped: Headers named in study.yaml, as words are compared.
        patient: Those of them that are the patient's number.
    """

    mapped: frozenset[str] = frozenset()
    patient: frozenset[str] = frozenset()

    def known(self, cell: str | None) -> str | None:
        """Our name, or the study's, of a header; None where the cell is none."""
        if not cell:
            return None
        form = plain(cell)
        if form in self.patient:
            return PATIENT
        return form if form in self.mapped else known_header(cell)

    def columns(self, cells: Iterable[str | None]) -> dict[int, str]:
        """The places of known headers in a row; of two of one meaning the first."""
        found: dict[int, str] = {}
        for at, cell in enumerate(cells):
            name = self.known(cell)
            if name is not None and name not in found.values():
                found[at] = name
        return found


# ---- units and formats under a header ---------------------------------------------------------------

_UNIT = re.compile(
    r"mm|cm|%|kg|g/l|u/l|iu/l|ng/ml|iu/ml|mmhg|岁|周岁|天|日|月|周|年|次|分|个|days?|months?|weeks?|years?|yrs?",
    re.IGNORECASE,
)
_DATE_FORMAT = re.compile(
    r"[ymd]{1,4}([-/. ,]+)[ymd]{1,4}\1[ymd]{2,4}( *hh?:mm(:ss)?)?|yyyymmdd|ddmmmyyyy|y{2,4}年m{1,2}月d{1,2}日|年[-/.]?月[-/.]?日|[ymd]{2,4}[-/.][ymd]{2,4}",
    re.IGNORECASE,
)
_CHOICES = re.compile(
    r"m/f|f/m|y/n|n/y|yes/no|男/女|女/男|是/否|有/无|阳性/阴性|male/female|male,? female", re.IGNORECASE
)
_WORDS_OR = re.compile(r"[^\s\d/]{1,14}( ?/ ?[^\s\d/]{1,14}){1,7}")
_RANGE = re.compile(r"\d{1,3} ?(-|–|~|～|至|to) ?\d{1,3}( ?(分|岁|%|mm))?", re.IGNORECASE)
_CODES = re.compile(r"\d{1,2} ?[=:：] ?[^\d=:：]+([,;，；、 /]+\d{1,2} ?[=:：] ?[^\d=:：]+)+")
_TYPE = re.compile(
    r"(free )?text|number|numeric|integer|string|date|文本|文字|数值|数字|日期|整数|y|d|mo|yr", re.IGNORECASE
)
_LABEL = re.compile(r"units?|formats?|types?|coding|单位|格式|类型|编码|填写说明|填写格式", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[（【]\s*(.*?)\s*[)\]）】]")


def are_units(cells: Sequence[str | None], patient_at: int) -> bool:
    """Whether a row under a header holds units, formats or codes and no data.

    Every cell of it must be one, at least one of them certainly; the cell of the patient must be blank or say so.
    """
    words = [_bare(cell) for cell in cells]
    first = words[patient_at] if patient_at < len(words) else ""
    others = [word for at, word in enumerate(words) if word and at != patient_at]
    if not others:
        return False
    if _LABEL.fullmatch(first) or (words[0] and _LABEL.fullmatch(words[0])):
        others = [word for word in others if not _LABEL.fullmatch(word)]
        return all(_maybe_unit(word) for word in others) and bool(others)
    if first and not _TYPE.fullmatch(first):
        return False
    return all(_maybe_unit(word) for word in others) and any(_certain_unit(word) for word in others)


def _bare(cell: str | None) -> str:
    word = clean(cell) or "" if cell else ""
    inner = _BRACKETS.fullmatch(word)
    return inner[1] if inner else word


def _certain_unit(word: str) -> bool:
    return any(form.fullmatch(word) for form in (_UNIT, _DATE_FORMAT, _CHOICES))


def _maybe_unit(word: str) -> bool:
    return _certain_unit(word) or any(form.fullmatch(word) for form in (_WORDS_OR, _RANGE, _CODES, _TYPE))
