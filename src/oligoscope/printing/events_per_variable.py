"""How many events a model of several variables has for each of them, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.table import same
from oligoscope.results.results import Estimate

_WHOLE_FROM = 10


_OF_ONE = Text("该多因素模型的每参数事件数为 {n}。", "The multivariable model had {n} events per parameter.")
_OF_SEVERAL = Text(
    "各多因素模型的每参数事件数为 {n}。", "The multivariable models had {n} events per parameter."
)


def events_per_variable(*found: Estimate | None) -> tuple[Text, ...]:
    """Of models with several variables a sentence below their numbers, with the fewest and the most; none where there is no such model."""
    values = sorted(e.value for e in found if e is not None and e.value is not None)
    if not values:
        return ()
    fewest, most = _ratio(values[0]), _ratio(values[-1])
    n = same(fewest) if fewest == most else Text(f"{fewest} 至 {most}", f"{fewest} to {most}")
    return ((_OF_ONE if len(values) == 1 else _OF_SEVERAL).filled(n=n),)


def patients_per_variable(found: Estimate | None) -> tuple[Text, ...]:
    """Of a propensity score: the patients of its smaller group are its events."""
    sentence = Text(
        "倾向评分模型中，较小一组的例数为参数个数的 {n} 倍。",
        "The propensity score model had {n} patients of the smaller group per parameter.",
    )
    return _filled(found, sentence)


def _filled(found: Estimate | None, sentence: Text) -> tuple[Text, ...]:
    return () if found is None or found.value is None else (sentence.filled(n=_ratio(found.value)),)


def _ratio(value: float) -> str:
    """Whole from 10 on, where a decimal decides nothing."""
    return format_number(value, 0 if value >= _WHOLE_FROM else 1)
