"""How much longer, on average, in words."""

from __future__ import annotations

from oligoscope.bilingual import LANGUAGES, Count, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import is_significant, joined, keys_of, listed, p_words
from oligoscope.questions.restricted_means.horizons import UpTo, horizons_of
from oligoscope.results.results import Estimate, Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of


def means_paragraph(results: Results, population: str, by: str, outcome: str) -> Paragraph | None:
    """Both means to the common follow-up and their difference; then the differences to the horizons set beforehand."""
    found = horizons_of(results, population, by, outcome)
    common = next((one for one in found if one.common is not None), None)
    if common is None:
        return None
    fixed = [one for one in found if one.common is None and one.difference.value is not None]
    printed = (common.common, *common.means, common.difference, common.p)
    of_fixed = (e for one in fixed for e in (one.difference, one.p))
    sentences = [_means(common), _difference(common), *([_fixed(fixed)] if fixed else [])]
    return Paragraph(joined(sentences), keys_of(*printed, *of_fixed))


def _means(one: UpTo) -> Text:
    what, months = in_sentence(column_name(one.outcome)), format_number(one.months, 1)
    means = zip(one.groups, one.means, strict=True)
    given = [(in_sentence(name_of(g)), e) for g, e in means if e is not None]
    if not given:
        return Text("", "")
    zh = "，".join(f"{name.zh}组为 {_with_limits(e, 'zh')}" for name, e in given)
    en = " and ".join(f"{_with_limits(e, 'en')} with {name.en}" for name, e in given)
    return Text(
        f"至 {months} 个月（共同随访），{what.zh}的限制性平均生存时间：{zh}。",
        f"Up to {months} months (the common follow-up) the restricted mean of {what.en} was {en}.",
    )


def _difference(one: UpTo) -> Text:
    """The direction in words only where P is below 0.05."""
    if one.difference.value is None:
        why = one.difference.warning.printed
        return Text(f"不给出差值：{why.zh}。", f"No difference is given: {why.en}.")
    first, second = (in_sentence(name_of(g)) for g in one.groups)
    numbers = Text(*(_numbers(one, language) for language in LANGUAGES))
    if one.p is None or one.p.value is None:
        return Text(
            f"两组差值 {numbers.zh}。", f"The difference between {first.en} and {second.en} was {numbers.en}."
        )
    if not is_significant(one.p):
        return Text(
            f"两组差异无统计学意义（差值 {numbers.zh}）。",
            f"The difference between {first.en} and {second.en} was not statistically significant ({numbers.en}).",
        )
    longer, shorter = (first, second) if one.difference.value > 0 else (second, first)
    return Text(
        f"{longer.zh}组长于{shorter.zh}组，差异有统计学意义（差值 {numbers.zh}）。",
        f"It was longer with {longer.en} than with {shorter.en} (difference {numbers.en}).",
    )


def _fixed(found: list[UpTo]) -> Text:
    zh = listed([f"至 {one.months:g} 个月为 {_numbers(one, 'zh')}" for one in found], "zh").replace(
        "、", "；"
    )
    en = listed(
        [f"{_numbers(one, 'en')} up to {Count(format(one.months, 'g')):month|months}" for one in found], "en"
    )
    return Text(f"预先规定时限的差值：{zh}。", f"To horizons set beforehand the difference was {en}.")


def _with_limits(e: Estimate, language: Language) -> str:
    value, limits = format_number(e.value, 1), interval_words(e.low, e.high, 1, language)
    return {"zh": f"{value} 个月（{limits}）", "en": f"{value} months ({limits})"}[language]


def _numbers(one: UpTo, language: Language) -> str:
    """`5.1 months, 95% CI 2.0 to 8.1; *P*=0.001`."""
    e = one.difference
    value, limits = format_number(e.value, 1), interval_words(e.low, e.high, 1, language)
    test = "" if one.p is None else p_words(one.p, language)
    return {
        "zh": f"{value} 个月，{limits}，{test}",
        "en": f"{value} months, {limits}, {test}",
    }[language]
