"""How people write the unit of a number beside it or in the header, and the words around a score or a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import plain


@dataclass(frozen=True, slots=True)
class WrittenUnit:
    """A unit as people write it.

    Attributes:
        word: Our word for it.
        of: The unit of the columns whose numbers may be in it (`Measure.word`).
        factor: How many of that unit it is.
        written: How it is written behind a number or a header, in the form of `plain`.
        in_headers: What says it in a header only: 62年 is no age.
    """

    word: str
    of: str
    factor: Decimal
    written: frozenset[str]
    in_headers: frozenset[str] = frozenset()


def _unit(word: str, written: str, in_headers: str = "", *, of: str = "", factor: int = 1) -> WrittenUnit:
    return WrittenUnit(
        word, of or word, Decimal(factor), frozenset(written.split()), frozenset(in_headers.split())
    )


UNITS = (
    _unit("mm", "mm mms mm. 毫米 millimetre millimetres millimeter millimeters"),
    _unit("cm", "cm cms cm. 厘米 公分 centimetre centimetres centimeter centimeters", of="mm", factor=10),
    _unit(
        "years",
        "岁 周岁 y yr yrs yr. yrs. year years yo y/o y.o. y.o yearold yearsold year-old years-old",
        in_headers="年",
    ),
    _unit("percent", "% percent pct", in_headers="百分比 百分数"),
    _unit("days", "天 日 d day days"),
    _unit("weeks", "周 星期 w wk wks week weeks"),
    _unit("months", "月 个月 m mo mos mth mths month months"),
)
_IN_CELLS = {
    of: {word: unit.factor for unit in UNITS if unit.of == of for word in unit.written}
    for of in dict.fromkeys(unit.of for unit in UNITS)
}
_IN_HEADERS = {word: unit.word for unit in UNITS for word in unit.written | unit.in_headers}
# Other units in which a whole column may be: of millimetres, centimetres; by_patient: in cm of some patients, of diameters only.
WHOLE_COLUMN = {"mm": ("mm", "cm", "by_patient"), "percent": ("fraction", "percent")}


@dataclass(frozen=True, slots=True)
class Around:
    """Words before and after a number that say no more than the name of the column does."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


def _around(before: str, after: str) -> Around:
    return Around(frozenset(before.split()), frozenset(after.split()))


_AROUND = {
    "ecog": _around(
        "ps ecog ecogps ecog-ps ps评分 ecog评分 ecogps评分 ecog-ps评分 体力状态评分 体能评分 ecogscore psscore grade score",
        "分 级 point points",
    ),
    "line": _around("第 line l", "线 线治疗 l line stline ndline rdline thline"),
    "n_progressing_lesions": _around("", "个 处 枚 个病灶 处病灶 枚病灶 lesion lesions"),
    "pd_l1_tps": _around("tps pd-l1 pdl1 pd-l1tps pdl1tps", ""),
    "pd_l1": _around("tps pd-l1 pdl1 pd-l1tps pdl1tps", ""),
    "age_years": _around("年龄 age aged", ""),
}
_OF_DAYS = _around("第 day d", "天 日 d day days")


def words_around(column: Variable) -> Around:
    """The words that may stand around the numbers of a column."""
    return _OF_DAYS if column.name.endswith("_day") else _AROUND.get(column.name, Around())


def unit_words(column: Variable) -> Mapping[str, Decimal]:
    """The units in which a number of this column may be written, each with its factor."""
    return {} if column.unit is None else _IN_CELLS.get(column.unit.word, {})


def unit_named(word: str) -> str | None:
    """Our word for the unit that a word beside the name of a column says; None where it says none."""
    return _IN_HEADERS.get(plain(word))
