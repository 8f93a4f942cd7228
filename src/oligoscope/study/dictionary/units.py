"""How people write the unit of a number beside it, and the words around a score or a count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from oligoscope.study.dictionary.variable import Variable

_ONE, _TEN = Decimal(1), Decimal(10)


def _words(factor: Decimal, words: str) -> dict[str, Decimal]:
    return dict.fromkeys(words.split(), factor)


# Of the unit of a column (`Measure.word`): how it and others of its kind are written, in the form of `plain`, and how many
# of the column's unit they are.
UNIT_WORDS: dict[str, Mapping[str, Decimal]] = {
    "mm": {
        **_words(_ONE, "mm mms mm. 毫米 millimetre millimetres millimeter millimeters"),
        **_words(_TEN, "cm cms cm. 厘米 公分 centimetre centimetres centimeter centimeters"),
    },
    "years": _words(
        _ONE, "岁 周岁 y yr yrs yr. yrs. year years yo y/o y.o. y.o yearold yearsold year-old years-old"
    ),
    "percent": _words(_ONE, "% percent pct"),
    "days": _words(_ONE, "天 日 d day days"),
    "weeks": _words(_ONE, "周 星期 w wk wks week weeks"),
    "months": _words(_ONE, "月 个月 m mo mos mth mths month months"),
}
# Other units in which a whole column may be: of millimetres, centimetres.
WHOLE_COLUMN = {"mm": ("mm", "cm"), "percent": ("fraction", "percent")}


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
    return {} if column.unit is None else UNIT_WORDS.get(column.unit.word, {})
