"""How many events a model of several variables has for each of them, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.results.results import Estimate


def events_per_variable(found: Estimate | None) -> tuple[Text, ...]:
    """Of a model with several variables, a sentence below its numbers; none where there is no such model."""
    if found is None or found.value is None:
        return ()
    n = format_number(found.value, found.statistic.decimals)
    return (
        Text(f"该多变量模型每个变量的事件数：{n}。", f"Events per variable of the multivariable model: {n}."),
    )


def patients_per_variable(found: Estimate | None) -> tuple[Text, ...]:
    """Of a propensity score: the patients of its smaller group are its events."""
    if found is None or found.value is None:
        return ()
    n = format_number(found.value, found.statistic.decimals)
    return (
        Text(
            f"倾向评分模型每个变量的事件数（较小一组的例数除以列数）：{n}。",
            f"Events per variable of the propensity score (patients of the smaller group over its columns): {n}.",
        ),
    )
