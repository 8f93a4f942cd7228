"""Estimates to printed cells, in each language's number style."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isnan

from oligoscope.bilingual import Language, Text
from oligoscope.number_format import (
    MISSING,
    STYLES,
    format_count,
    format_number,
    format_p,
    join_limits,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, each_language, key_of, same
from oligoscope.results.results import Estimate
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import name_of

NOT_REACHED = "NR"


def interval(low: float | None, high: float | None, decimals: int, language: Language) -> str:
    """Limits of an estimate; a limit that was not reached prints as NR."""
    lower, upper = (NOT_REACHED if x is None or isnan(x) else format_number(x, decimals) for x in (low, high))
    return join_limits(lower, upper, STYLES[language])


def limits_of(estimate: Estimate, decimals: int) -> Text:
    """The limits of an estimate in both languages."""
    return each_language(lambda lang: interval(estimate.low, estimate.high, decimals, lang))


def bracketed(value: str, inside: str, language: Language) -> str:
    """`20.0 (18.1 to 22.0)`, without the space in Chinese."""
    return f"{value}{STYLES[language].percent_space}({inside})"


def count_text(value: float) -> str:
    """A count, whole: a mean over imputations keeps its decimals in results.csv only."""
    return format_number(value, 0)


def whole_number(estimate: Estimate | None) -> Cell:
    """A count by itself."""
    if estimate is None or estimate.value is None:
        return Cell(same(MISSING), key_of(estimate))
    return Cell(same(count_text(estimate.value)), estimate.key)


def count(n: Estimate | None, percent: Estimate | None, decimals: int | None = None) -> Cell:
    """n (%): the stored percentage, or n of its own denominator where none was stored.

    `decimals` of n; by default none for a whole number and one for a mean of several imputations.
    """
    if n is None or n.value is None:
        return Cell(same(MISSING), key_of(n))
    mean = n.value
    if percent is None or percent.value is None:
        return Cell(each_language(lambda lang: format_count(round(mean), n.n or 0, STYLES[lang])), n.key)
    share = format_number(percent.value, 1)
    shown = count_text(mean) if decimals is None else format_number(mean, decimals)
    return Cell(each_language(lambda lang: bracketed(shown, share, lang)), n.key, (percent.key,))


def with_limits(estimate: Estimate | None, notes: Footnotes, scale: float = 1) -> Cell:
    """An estimate with its limits in brackets."""
    if estimate is None:
        return BLANK
    if estimate.value is None:
        return Cell(same(MISSING), estimate.key, mark=notes.withheld(estimate))
    e, decimals = _scaled(estimate, scale), estimate.statistic.decimals
    value = format_number(e.value, decimals)
    mark = notes.care(estimate)
    if e.low is None and e.high is None:
        return Cell(same(value), estimate.key, mark=mark)
    text = each_language(lambda lang: bracketed(value, interval(e.low, e.high, decimals, lang), lang))
    return Cell(text, estimate.key, mark=mark)


def _scaled(estimate: Estimate, scale: float) -> Estimate:
    def times(x: float | None) -> float | None:
        return None if x is None else x * scale

    return replace(estimate, value=times(estimate.value), low=times(estimate.low), high=times(estimate.high))


def is_withheld(median: Estimate) -> bool:
    """Whether a median is not given for another reason than that the curve does not fall to a half."""
    return median.value is None and bool(median.warning) and not median.warning.has(WarningCode.NOT_REACHED)


def median_months(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """A median with its limits; NR where the curve never falls to a half."""
    if estimate is None:
        return BLANK
    if estimate.value is not None or is_withheld(estimate):
        return with_limits(estimate, notes)
    if estimate.low is None and estimate.high is None:
        return Cell(same(NOT_REACHED), estimate.key)
    low, high = estimate.low, estimate.high
    text = each_language(lambda lang: bracketed(NOT_REACHED, interval(low, high, 1, lang), lang))
    return Cell(text, estimate.key)


def p_value(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """P with the footnote letter of its test."""
    return BLANK if estimate is None else p_alone(estimate, notes.method(estimate))


def p_alone(estimate: Estimate | None, mark: str = "") -> Cell:
    """P in a column that names its test, so that no footnote does."""
    if estimate is None:
        return BLANK
    return Cell(each_language(lambda lang: format_p(estimate.value, STYLES[lang])), estimate.key, mark=mark)


def decimal(estimate: Estimate | None) -> Cell:
    """A number without limits."""
    if estimate is None:
        return BLANK
    return Cell(same(format_number(estimate.value, estimate.statistic.decimals)), estimate.key)


def e_value(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """An E-value, and in brackets that of the confidence limit nearer to 1."""
    if estimate is None or estimate.value is None:
        return BLANK
    decimals = estimate.statistic.decimals
    value, limit, mark = format_number(estimate.value, decimals), estimate.low, notes.care(estimate)
    if limit is None:
        return Cell(same(value), estimate.key, mark=mark)
    text = each_language(lambda lang: bracketed(value, format_number(limit, decimals), lang))
    return Cell(text, estimate.key, mark=mark)


def group_header(size: Estimate, weighted: Estimate | None = None) -> Header:
    """Head of a group's column: its name and how many patients; with the sum of their weights where they have any."""
    n = MISSING if size.value is None else count_text(size.value)
    if weighted is None or weighted.value is None:
        return Header(name_of(size.group), same(f"(n={n})"), size.key)
    total = format_number(weighted.value, 1)
    return Header(name_of(size.group), Text(f"(n={n}，加权 {total})", f"(n={n}, weighted {total})"), size.key)


def comparison_of(estimates: list[Estimate], groups: Iterable[str] | None = None) -> str:
    """The `A vs B` group among these estimates (only of these groups); blank where nothing was compared."""
    known = None if groups is None else set(groups)
    compared = (e.group for e in estimates if is_comparison(e.group))
    return next((g for g in compared if known is None or set(parts_of(g)) <= known), "")


LIMITS = Text("（95%CI）", "(95% CI)")  # below the head of a column of estimates with their limits
LIMITS_NOTE = Text("括号内为 95% 置信区间（CI）。", "Brackets hold the 95% confidence interval (CI).")
