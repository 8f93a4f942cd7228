"""Estimates to printed cells, in each language's number style."""

from __future__ import annotations

import re
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
from oligoscope.printing.table import BLANK, Cell, Header, Row, each_language, key_of, same
from oligoscope.printing.whole_counts import whole
from oligoscope.results.results import Estimate
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import is_comparison, parts_of
from oligoscope.study.vocabulary import name_of

NOT_REACHED = "NR"
NOT_REACHED_NOTE = Text(f"{NOT_REACHED}：未达到。", f"{NOT_REACHED}: not reached.")
_NOT_REACHED_CELL = re.compile(rf"\b{NOT_REACHED}\b")
TOO_SMALL = Text("例数过少", "*n* too small")  # in place of limits where neither exists


def interval(low: float | None, high: float | None, decimals: int, language: Language, unit: str = "") -> str:
    """Limits of an estimate, each with its unit; one that was not reached prints as NR, and where neither exists, that n is too small."""
    ends = [None if x is None or isnan(x) else format_number(x, decimals) + unit for x in (low, high)]
    if ends == [None, None]:
        return TOO_SMALL[language]
    lower, upper = (NOT_REACHED if end is None else end for end in ends)
    return join_limits(lower, upper, STYLES[language])


def interval_words(
    low: float | None, high: float | None, decimals: int, language: Language, unit: str = ""
) -> str:
    """`95% CI 1.2 to 3.4`, or `95%CI：1.2~3.4`; where neither limit exists, that n is too small for them."""
    limits = interval(low, high, decimals, language, unit)
    if limits == TOO_SMALL[language]:
        return {"zh": f"{limits}，未给出 95%CI", "en": f"95% CI not given, {limits}"}[language]
    return {"zh": f"95%CI：{limits}", "en": f"95% CI {limits}"}[language]


def not_reached_notes(rows: Iterable[Row]) -> tuple[Text, ...]:
    """What NR is, where a cell has it."""
    has_any = any(_NOT_REACHED_CELL.search(cell.text.en) for row in rows for cell in row.cells)
    return (NOT_REACHED_NOTE,) if has_any else ()


def limits_of(estimate: Estimate, decimals: int) -> Text:
    """The limits of an estimate in both languages."""
    return each_language(lambda lang: interval(estimate.low, estimate.high, decimals, lang))


def bracketed(value: str, inside: str, language: Language) -> str:
    """`20.0 (18.1 to 22.0)`, without the space in Chinese."""
    return f"{value}{STYLES[language].percent_space}({inside})"


def count_text(value: float) -> str:
    """A count, whole: a mean over imputations keeps its decimals in results.csv only."""
    return format_number(value, 0)


def whole_number(estimate: Estimate | None, patients: int | None = None) -> Cell:
    """A count by itself; `patients`: as it is printed in a table whose counts add up (`whole_counts`)."""
    if estimate is None or estimate.value is None:
        return Cell(same(MISSING), key_of(estimate))
    return Cell(same(count_text(estimate.value if patients is None else patients)), estimate.key)


def count(n: Estimate | None, percent: Estimate | None, patients: int | None = None) -> Cell:
    """n (%): the stored percentage, or n of its own denominator where none was stored.

    Args:
        n: A count; a sum of weights in place of one has a decimal.
        percent: Its share.
        patients: How n is printed in a table whose counts add up (`whole_counts`).
    """
    if n is None or n.value is None:
        return Cell(same(MISSING), key_of(n))
    shown = whole(n.value) if patients is None else patients
    if percent is None or percent.value is None:
        return Cell(each_language(lambda lang: format_count(shown, n.n or 0, STYLES[lang])), n.key)
    share = format_number(percent.value, 1)
    number = format_number(n.value, 1) if n.unit == Unit.SUM_OF_WEIGHTS else count_text(shown)
    return Cell(each_language(lambda lang: bracketed(number, share, lang)), n.key, (percent.key,))


def with_limits(estimate: Estimate | None, notes: Footnotes, scale: float = 1) -> Cell:
    """An estimate with its limits in brackets."""
    if estimate is None:
        return BLANK
    if estimate.value is None:
        return Cell(same(MISSING), estimate.key, mark=notes.withheld(estimate))
    e, mark = _scaled(estimate, scale), notes.care(estimate)
    if e.low is None and e.high is None:
        return Cell(same(format_number(e.value, e.statistic.decimals)), estimate.key, mark=mark)
    return Cell(_with_interval(e), estimate.key, mark=mark)


def _with_interval(e: Estimate) -> Text:
    value, decimals = format_number(e.value, e.statistic.decimals), e.statistic.decimals
    return each_language(lambda lang: bracketed(value, interval(e.low, e.high, decimals, lang), lang))


def _scaled(estimate: Estimate, scale: float) -> Estimate:
    def times(x: float | None) -> float | None:
        return None if x is None else x * scale

    return replace(estimate, value=times(estimate.value), low=times(estimate.low), high=times(estimate.high))


def is_withheld(median: Estimate) -> bool:
    """Whether a median is not given for another reason than that the curve does not fall to a half."""
    return median.value is None and bool(median.warning) and not median.warning.has(WarningCode.NOT_REACHED)


def median_months(estimate: Estimate | None, notes: Footnotes) -> Cell:
    """A median with its limits; NR where the curve never falls to a half, and in words where n is too small for limits."""
    if estimate is None:
        return BLANK
    if estimate.value is not None and (estimate.low, estimate.high) == (None, None):
        return Cell(_with_interval(estimate), estimate.key, mark=notes.care(estimate))
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


def group_header(size: Estimate, weighted: Estimate | None = None, patients: int | None = None) -> Header:
    """Head of a group's column: its name and how many patients; with the sum of their weights where they have any."""
    n = whole_number(size, patients).text.en
    if weighted is None or weighted.value is None:
        return Header(name_of(size.group), same(f"(*n*={n})"), size.key)
    total = format_number(weighted.value, 1)
    return Header(
        name_of(size.group), Text(f"(*n*={n}，加权 {total})", f"(*n*={n}, weighted {total})"), size.key
    )


def comparison_of(estimates: list[Estimate], groups: Iterable[str] | None = None) -> str:
    """The `A vs B` group among these estimates (only of these groups); blank where nothing was compared."""
    known = None if groups is None else set(groups)
    compared = (e.group for e in estimates if is_comparison(e.group))
    return next((g for g in compared if known is None or set(parts_of(g)) <= known), "")


REFERENCE = Text("参照", "Reference")  # in the row of the level or group that a ratio is against
LIMITS = Text("（95%CI）", "(95% CI)")  # below the head of a column of estimates with their limits
LIMITS_NOTE = Text("括号内为 95% 置信区间（CI）。", "Values in brackets are 95% confidence intervals (CI).")
