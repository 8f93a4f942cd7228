"""The statistic of a test beside its P, where the style asks for it: `χ²=7.345` in Chinese journals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.number_format import MISSING, STYLES, format_number
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, same
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit

_CHI_SQUARES = (
    MethodPart.CHI_SQUARE, MethodPart.COCHRAN_ARMITAGE, MethodPart.LOG_RANK, MethodPart.WEIGHTED_LOG_RANK, MethodPart.GRAY,
)  # fmt: skip
_LETTERS: dict[MethodPart, str] = {
    **dict.fromkeys(_CHI_SQUARES, "*χ*²"),
    **dict.fromkeys((MethodPart.STUDENT_T, MethodPart.WELCH_T), "*t*"),
    **dict.fromkeys((MethodPart.ANOVA, MethodPart.WELCH_ANOVA, MethodPart.WEIGHTED_WALD), "*F*"),
    **dict.fromkeys((MethodPart.MAX_COMBO, MethodPart.FLEMING_HARRINGTON), "*Z*"),
    MethodPart.MANN_WHITNEY: "*U*",
    MethodPart.KRUSKAL_WALLIS: "*H*",
}
_OF_TESTS = tuple(_LETTERS)
_STATISTICS = (Statistic.TEST_STATISTIC, Statistic.Z_STATISTIC)
_HEAD = Text("统计量", "Statistic")
_OF_NO_IMPUTATION = Text(
    "未给出：*P* 为各插补数据集的中位数，没有与之对应的统计量",
    "not given: *P* is the median over the imputations, and no statistic belongs to it",
)
_FISHER = same("Fisher")


def are_asked_for() -> bool:
    """Whether the style of a language that is printed asks for test statistics."""
    return any(STYLES[language].test_statistics for language in LANGUAGES)


def statistic_of(found: Iterable[Estimate], p: Estimate | None) -> Estimate | None:
    """The statistic among these estimates that belongs to a P, where one is asked for: of rank sums Z, if P is made from it."""
    if p is None or p.value is None or not are_asked_for():
        return None
    own = {e.statistic: e for e in found if e.key[:-1] == p.key[:-1]}
    return own.get(Statistic.Z_STATISTIC) or own.get(Statistic.TEST_STATISTIC)


def statistic_words(statistic: Estimate) -> str:
    """`*χ*²=7.345`, with the letter of the test."""
    return f"{_letter(statistic)}={format_number(statistic.value, statistic.statistic.decimals)}"


def _letter(statistic: Estimate) -> str:
    if statistic.statistic == Statistic.Z_STATISTIC:
        return "*Z*"
    if statistic.unit == Unit.F:
        return "*F*"
    return next(letter for part, letter in _LETTERS.items() if statistic.method.has(part))


@dataclass(frozen=True, slots=True)
class StatisticColumn:
    """The column before that of P, where a style asks for it: of one kind of statistic under its letter, else each with its own.

    Attributes:
        tested: The estimates of its table among which the statistics are.
        letter: That of all its statistics; blank where they differ.
        is_asked_for: Whether there is such a column.
    """

    tested: tuple[Estimate, ...]
    letter: str
    is_asked_for: bool

    @classmethod
    def of(cls, found: Iterable[Estimate]) -> StatisticColumn:
        """The column of a table that is made of these estimates."""
        if not are_asked_for():
            return cls((), "", is_asked_for=False)
        tested = tuple(e for e in found if e.statistic in _STATISTICS)
        deviates = {e.key[:-1] for e in tested if e.statistic == Statistic.Z_STATISTIC}
        printed = (e for e in tested if e.statistic == Statistic.Z_STATISTIC or e.key[:-1] not in deviates)
        letters = {_letter(e) for e in printed if e.value is not None}
        return cls(tested, next(iter(letters)) if len(letters) == 1 else "", is_asked_for=True)

    def heads(self, test: Text | None = None) -> tuple[Header, ...]:
        """Its head, below the name of the test where the column is of one; none where no style asks for it."""
        if not self.is_asked_for:
            return ()
        head = same(self.letter) if self.letter else _HEAD
        return (Header(head) if test is None else Header(test, head),)

    def cells(self, p: Estimate | None, notes: Footnotes) -> tuple[Cell, ...]:
        """The cell before that of P: the statistic, `Fisher` for the exact test, which has none, or why there is none."""
        if not self.is_asked_for:
            return ()
        if p is None or p.value is None:
            return (BLANK,)
        statistic = statistic_of(self.tested, p)
        if statistic is not None:
            number = format_number(statistic.value, statistic.statistic.decimals)
            return (Cell(same(number if self.letter else statistic_words(statistic)), statistic.key),)
        if p.method.has(
            MethodPart.FISHER, MethodPart.FISHER_MID_P, MethodPart.FISHER_MONTE_CARLO
        ) and not p.method.has(*_OF_TESTS):
            return (Cell(_FISHER),)
        if p.method.has(MethodPart.MEDIAN_P):
            return (Cell(same(MISSING), mark=notes.mark(_OF_NO_IMPUTATION)),)
        return (BLANK,)

    def blanks(self, n: int = 1) -> tuple[Cell, ...]:
        """As many blank cells as there are such columns before `n` of P."""
        return (BLANK,) * n if self.is_asked_for else ()
