"""Numbers to text, once, from the stored value: rounded half away from zero, never truncated; and how a journal prints them.

A binary float is read as its shortest decimal form first, so that 56.25 prints as 56.3 with one
decimal (as a reader recomputing 56.25 by hand expects), not as 56.2.

How a journal writes numbers is a `NumberStyle`. `number_style` chooses one for everything that is
made inside it: texts are made anew from the stored values, and nothing is computed again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, cast

from oligoscope.plain_text import ITALICS, LETTERS, letters_in_italics, letters_read
from oligoscope.style_reads import Reads, reads_gathered

MISSING = "–"
_NARROW_SPACE = "\u202f"  # the thin space between groups of three, where no line may break


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a journal writes numbers; the value itself is never changed by a style."""

    name: str
    range_separator: str  # between the limits of an interval
    percent_space: str  # between count and bracket: "163 (56.4)" or "163(56.4)"
    p_floor: float = 0.001  # smaller P values print as "<floor"
    p_steps: tuple[tuple[float, int], ...] = ((math.inf, 3),)  # P below each bound: its decimals
    p_ceiling: float = math.inf  # larger P values print as ">ceiling"
    p_leading_zero: bool = True
    p_keeps_its_side: bool = False  # 0.0496 is not rounded to 0.05; it takes as many decimals as that needs
    negative_separator: str = ""  # where a limit is negative; blank: as any other
    decimal_mark: str = "."
    group_mark: str = ""  # between groups of three digits, from `group_from` digits on
    group_from: int = 5
    groups_decimals: bool = False  # after the decimal mark as well: "0.000 1" (GB/T 15835)
    italics: str = LETTERS  # the marked letters that are set in italics
    test_statistics: bool = False  # beside P: "χ²=7.345, P=0.007"


_LATIN = LETTERS.replace("χ", "")  # the AMA Manual of Style: variables in italics, Greek letters upright
ENGLISH = NumberStyle("en", range_separator=" to ", percent_space=" ", italics=_LATIN)
CHINESE = NumberStyle("zh", range_separator="~", percent_space="")  # all of them: GB/T 3358

_TWO_OR_THREE = ((0.01, 3), (math.inf, 2))
_TWO_FIGURES = ((0.001, 5), (0.01, 4), (0.1, 3), (math.inf, 2))  # two significant figures

PROFILES: dict[str, NumberStyle] = {
    style.name: style
    for style in (
        # Groups of three by GB/T 15835-2011; the rest as Chinese medical journals usually print. Sources: docs/output.md.
        # Letters in italics and the statistic before P by GB/T 3358, as authors' instructions of Chinese journals quote it.
        NumberStyle("zh-cma", "~", "", group_mark=_NARROW_SPACE, groups_decimals=True, test_statistics=True),
        # As Huang 2025 prints its smallest P: <0.000 1.
        NumberStyle(
            "zh-ath", "~", "", p_floor=0.0001, p_steps=((0.001, 4), (math.inf, 3)), group_mark=_NARROW_SPACE,
            groups_decimals=True, test_statistics=True,
        ),
        # The AMA Manual of Style as others describe it: no zero before the point of P, which keeps its side of .05.
        NumberStyle(
            "en-jama", "-", " ", p_steps=_TWO_OR_THREE, p_ceiling=0.99, p_leading_zero=False,
            p_keeps_its_side=True, negative_separator=" to ", group_mark=",", italics=_LATIN,
        ),
        # As papers in The Lancet look; no guideline of it was read: raised point, two significant figures.
        NumberStyle(
            "en-lancet", "–", " ", p_floor=0.0001, p_steps=_TWO_FIGURES, p_keeps_its_side=True,
            negative_separator=" to ", decimal_mark="·", group_mark=_NARROW_SPACE, italics="",
        ),
        # NEJM's sentence on P as others quote it: two decimals above 0.01, three down to 0.001.
        NumberStyle(
            "en-nejm", " to ", " ", p_steps=_TWO_OR_THREE, p_keeps_its_side=True, group_mark=",", italics="",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The style of each language, and the one whose marks a number without a language takes."""

    of_language: Mapping[str, NumberStyle]
    marks: NumberStyle


_DEFAULT = _Chosen(MappingProxyType({"en": ENGLISH, "zh": CHINESE}), ENGLISH)
_chosen: ContextVar[_Chosen] = ContextVar("number_style", default=_DEFAULT)


class _Read:
    """A style that notes each of its settings when it is read."""

    def __init__(self, style: NumberStyle, name: str, reads: Reads) -> None:
        self._style, self._name, self._reads = style, name, reads

    def __getattr__(self, setting: str) -> Any:
        value = getattr(self._style, setting)
        if setting != "name":  # which changes nothing that is printed
            self._reads[f"{self._name}.{setting}"] = repr(value)
        return value


def _noted(style: NumberStyle, name: str) -> NumberStyle:
    """The style; where it is asked what is read of it, one that says so."""
    reads = reads_gathered()
    return style if reads is None else cast("NumberStyle", _Read(style, name, reads))


class _StyleOfLanguage:
    """The style in force for a language; outside `number_style`, the default one."""

    def __getitem__(self, language: str) -> NumberStyle:
        return _noted(_chosen.get().of_language[language], language)


STYLES = _StyleOfLanguage()


_MARKS = "marks"  # in `style_reads`: the style that a number without a language takes


def are_as_read(reads: Reads) -> bool:
    """Whether the style in force is, in all that was read of another (`style_reads`), the same."""
    return all(_as_read(name) == value for name, value in reads.items())


def _as_read(name: str) -> str | None:
    if name.startswith(ITALICS):
        return letters_read([name.removeprefix(ITALICS)])[name]
    whose, _, setting = name.partition(".")
    chosen = _chosen.get()
    style = chosen.marks if whose == _MARKS else chosen.of_language.get(whose)
    return repr(getattr(style, setting, None))


def language_of(profile: str) -> str:
    """The language a named profile writes: zh-cma is for Chinese."""
    return profile.partition("-")[0]


@contextmanager
def number_style(profile: str | None) -> Iterator[None]:
    """Make and write documents inside this to have their numbers in a named style.

    The decimal mark holds for every number, whatever its language: a document made under a profile
    is written in the profile's language only. None keeps the default styles.

    Raises:
        KeyError: No profile has this name.
    """
    if profile is None:
        yield
        return
    style = PROFILES[profile]
    languages = MappingProxyType({**_DEFAULT.of_language, language_of(profile): style})
    token = _chosen.set(_Chosen(languages, style))
    try:
        with letters_in_italics(style.italics):
            yield
    finally:
        _chosen.reset(token)


def format_number(value: float | None, decimals: int = 1, style: NumberStyle | None = None) -> str:
    """Round `value` to `decimals` places; missing prints as a dash, infinity as ∞."""
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    quantum = Decimal(1).scaleb(-decimals)
    text = f"{Decimal(repr(float(value))).quantize(quantum, ROUND_HALF_UP):f}"
    text = text.replace("-", "−", 1) if float(text) != 0 else text.replace("-", "")
    return _marked(text, style or _noted(_chosen.get().marks, _MARKS))


def _marked(text: str, style: NumberStyle) -> str:
    """Groups of three and the decimal mark, in place of plain digits and a point."""
    whole, point, decimals = text.partition(".")
    if len(whole.lstrip("−")) >= style.group_from and style.group_mark:
        whole = f"{int(whole.replace('−', '-')):,}".replace("-", "−").replace(",", style.group_mark)
    if len(decimals) > 3 and style.groups_decimals and style.group_mark:
        decimals = style.group_mark.join(decimals[i : i + 3] for i in range(0, len(decimals), 3))
    return whole + (style.decimal_mark if point else "") + decimals


def format_p(p: float | None, style: NumberStyle) -> str:
    """Exact P with the style's decimals; never "0.000"."""
    if p is None or math.isnan(p):
        return MISSING
    if p < style.p_floor:
        return f"<{_p_digits(style.p_floor, _decimals_of(style.p_floor), style)}"
    if p > style.p_ceiling:
        return f">{_p_digits(style.p_ceiling, _decimals_of(style.p_ceiling), style)}"
    decimals = next(decimals for bound, decimals in style.p_steps if p < bound)
    while style.p_keeps_its_side and decimals < 6 and p < 0.05 <= float(_rounded(p, decimals)):
        decimals += 1
    return _p_digits(p, decimals, style)


def equals_p(p: float | None, style: NumberStyle) -> str:
    """P with its sign, as it follows the letter: `=0.034`, `<0.001`, `>.99`."""
    text = format_p(p, style)
    return text if text[0] in "<>" else f"={text}"


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _decimals_of(value: float) -> int:
    return max(0, -int(Decimal(repr(value)).as_tuple().exponent))


def _p_digits(p: float, decimals: int, style: NumberStyle) -> str:
    text = format_number(p, decimals, style)
    return text if style.p_leading_zero else text.removeprefix("0")


def format_interval(low: float | None, high: float | None, decimals: int, style: NumberStyle) -> str:
    """Two limits; a limit that was not reached prints as a dash."""
    return join_limits(format_number(low, decimals, style), format_number(high, decimals, style), style)


def join_limits(low: str, high: str, style: NumberStyle) -> str:
    """Two printed limits; some journals write `to` where one is negative."""
    is_negative = low.startswith("−") or high.startswith("−")
    separator = (
        style.negative_separator if is_negative and style.negative_separator else style.range_separator
    )
    return f"{low}{separator}{high}"


def format_count(count: int, total: int, style: NumberStyle) -> str:
    """`n (%)` with the percentage of `total` to one decimal."""
    shown = format_number(count, 0, style)
    if total == 0:
        return shown
    return f"{shown}{style.percent_space}({format_number(100 * count / total, 1, style)})"
