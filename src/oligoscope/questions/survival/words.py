"""How long each group lived, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Count, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cautions import is_described
from oligoscope.printing.cells import (
    NOT_REACHED,
    comparison_of,
    count_text,
    interval_words,
    is_withheld,
    limits_of,
)
from oligoscope.printing.changing_hazards import change_of, changing_in_words
from oligoscope.printing.events_per_variable import events_per_variable
from oligoscope.printing.matched_notes import is_matched, is_of_several
from oligoscope.printing.sentences import (
    changing_in_brackets,
    is_significant,
    joined,
    keys_of,
    listed,
    p_words,
    ratio_text,
    ratio_words,
)
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.results.analyses import AT_PROGRESSION, LANDMARK_AFTER_PROGRESSION, SURVIVAL
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAfter, Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, parts_of, whole_of
from oligoscope.study.vocabulary import column_name, name_of, variable_name


def group_sizes_paragraph(
    results: Results, population: str, outcome: str, groups: tuple[str, ...]
) -> Paragraph | None:
    """How many patients of a population are in each group of a comparison."""
    found = results.find(analysis=SURVIVAL, population=population, outcome=outcome, statistic=Statistic.N)
    sizes = {e.group: e for e in found if e.group in groups and e.value is not None}
    if len(sizes) < len(groups):
        return None
    shown = {g: count_text(sizes[g].value or 0) for g in groups}
    used = keys_of(*(sizes[g] for g in groups))
    people = name_of(population)
    zh = "，".join(f"{name_of(g).zh} {n} 例" for g, n in shown.items())
    en = listed([f"{n} had {in_sentence(name_of(g)).en}" for g, n in shown.items()], "en")
    if is_matched(population) and is_of_several(results):
        text = Text(
            f"{people.zh}中（各插补数据集的均数），{zh}。",
            f"In the {in_sentence(people).en}, on average over the imputations, {en}.",
        )
        return Paragraph(text, used)
    return Paragraph(Text(f"{people.zh}中，{zh}。", f"In the {in_sentence(people).en}, {en}."), used)


def survival_paragraph(results: Results, population: str, outcome: str, groups: tuple[str, ...]) -> Paragraph:
    """Medians of each group, then the comparison and its direction, or why there is none."""
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": population, "outcome": outcome}
    medians = [results.get(**keys, group=g, statistic=Statistic.MEDIAN) for g in groups]
    comparison = comparison_of(results.find(**keys), groups)
    ratio = results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO)
    p = results.get(**keys, group=comparison, variable="log_rank", statistic=Statistic.P_VALUE)
    statistic = statistic_of(results.find(**keys), p)
    adjusted = results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    events = results.get(**keys, group=comparison, statistic=Statistic.EVENTS_PER_PARAMETER)
    if adjusted is None or adjusted.value is None:
        events = None  # of a model that is not given
    two_way = results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO_TWO_WAY)
    p_adjusted = results.get(**keys, group=comparison, statistic=Statistic.P_VALUE_ADJUSTED)
    if is_described(population, comparison, outcome):
        text = joined([_medians_text(outcome, groups, medians), DESCRIBED])
        return Paragraph(text, keys_of(*medians))
    change, later = change_of(results, ratio), _from_landmark(results, population, outcome, comparison)
    then = _adjusted_at_progression(results, population, outcome, comparison)
    medians_text = _medians_text(outcome, groups, medians)
    if len(groups) == 1 and whole_of(population) != population:
        medians_text = _median_of_part(population, outcome, medians[0]) or medians_text
    sentences = [
        medians_text, _compared_text(outcome, comparison, ratio, p, statistic), *changing_in_words(change),
        _two_way_text(two_way), _adjusted_text(adjusted, p_adjusted, beside_changing=change is not None), *events_per_variable(events), _at_progression_text(then), _later_text(*later),
    ]  # fmt: skip
    used = keys_of(
        *medians,
        ratio,
        p,
        statistic,
        *(() if change is None else change.printed),
        two_way,
        adjusted,
        None if adjusted is None else p_adjusted,
        events,
        then,
        *later,
    )
    return Paragraph(joined(sentences), used)


DESCRIBED = Text(
    "首次进展本身决定分组，故该时间只作描述，不作比较。",
    "The groups are defined at the first progression, so these times are described, not compared.",
)


def _median_of_part(population: str, outcome: str, median: Estimate | None) -> Text | None:
    """The median of a part of the patients that is one group, or why it is not given; none where it was not asked for."""
    if median is None:
        return None
    people, what = name_of(population), in_sentence(column_name(outcome))
    n = Text(f"（*n*={median.n}）", f" (*n*={median.n})") if median.n else Text("", "")
    if is_withheld(median):
        why = median.warning.printed
        return Text(
            f"不给出{people.zh}的中位{what.zh}：{why.zh}。",
            f"No median {what.en} of the {in_sentence(people).en} is given: {why.en}.",
        )
    verb = "" if median.value is None else "为"  # 未达到
    return Text(
        f"{people.zh}{n.zh}的中位{what.zh}{verb}{_median(median, 'zh')}。",
        f"Median {what.en} of the {in_sentence(people).en}{n.en} was {_median(median, 'en')}.",
    )


def _two_way_text(ratio: Estimate | None) -> Text:
    """Where controls serve in several sets, the limits that hold then."""
    if ratio is None or ratio.value is None:
        return Text("", "")
    limits = limits_of(ratio, 2)
    return Text(
        f"因有对照用于多个匹配组，同时按匹配组与患者聚类的 95%CI 为 {limits.zh}。",
        f"Because controls serve in several matched sets, 95% CI robust to both sets and patients are {limits.en}.",
    )


def _adjusted_text(ratio: Estimate | None, p: Estimate | None, *, beside_changing: bool) -> Text:
    """What is left of the ratio when the groups had progressed equally late; untested where the crude one changes with time."""
    if ratio is None:
        return Text("", "")
    if ratio.value is None:
        why = ratio.warning.printed
        return Text(f"不给出校正后的风险比：{why.zh}。", f"No adjusted hazard ratio is given: {why.en}.")
    numbers = ratio_text("HR", ratio, p)
    more = Text("", "")
    if ratio.method.has(MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG):
        ecog = in_sentence(variable_name("ecog"))
        more = Text(f"与 {ecog.zh}", f" and the {ecog.en}")
    said = Text(
        f"校正首次进展时间（对数）{more.zh}后：{numbers.zh}。",
        f"Adjusted for the time to progression (log){more.en}: {numbers.en}.",
    )
    return joined([said, _NOT_TESTED]) if beside_changing else said


_NOT_TESTED = Text(
    "校正后的 HR 未检验比例风险。", "Proportional hazards were not tested in the adjusted model."
)


def _adjusted_at_progression(
    results: Results, population: str, outcome: str, comparison: str
) -> Estimate | None:
    """The ratio of the same matched groups that is adjusted for what is known at progression, where it is given."""
    if outcome != Outcome.PPS or population != MATCHED or not comparison:
        return None
    keys: dict[str, Any] = {"analysis": AT_PROGRESSION, "population": population, "group": comparison}
    return _given(results, **keys, statistic=Statistic.HAZARD_RATIO_ADJUSTED)


def _at_progression_text(ratio: Estimate | None) -> Text:
    if ratio is None:
        return Text("", "")
    numbers = ratio_text("HR", ratio, None)
    return Text(
        f"匹配后再校正首次进展时的各变量（见方法）：{numbers.zh}。",
        f"After matching and adjusted for the variables at progression (see Methods): {numbers.en}.",
    )


def _from_landmark(
    results: Results, population: str, outcome: str, comparison: str
) -> tuple[Estimate | None, Estimate | None]:
    """The ratio of the same groups from a landmark after progression, where it is given, and the adjusted one."""
    if outcome != Outcome.PPS or not comparison:
        return None, None
    keys: dict[str, Any] = {
        "analysis": LANDMARK_AFTER_PROGRESSION,
        "population": population,
        "group": comparison,
    }
    ratio = _given(results, **keys, statistic=Statistic.HAZARD_RATIO)
    return ratio, _given(results, **keys, statistic=Statistic.HAZARD_RATIO_ADJUSTED)


def _given(results: Results, **keys: Any) -> Estimate | None:
    """The first of these numbers that has a value."""
    return next((e for e in results.find(**keys) if e.value is not None), None)


def _later_text(ratio: Estimate | None, adjusted: Estimate | None) -> Text:
    if ratio is None or not isinstance(ratio.variable, LandmarkAfter):
        return Text("", "")
    days, numbers, changes = ratio.variable.days, ratio_text("HR", ratio, None), changing_in_brackets(ratio)
    zh, en = numbers.zh + changes.zh, numbers.en + changes.en
    if adjusted is not None:
        more = ratio_text("HR", adjusted, None)
        zh, en = f"{zh}；校正后 {more.zh}", f"{en}; adjusted {more.en}"
    n = Text(f"（*n*={ratio.n}）", f" (*n*={ratio.n})") if ratio.n else Text("", "")
    return Text(
        f"自进展后 {days} 天起计，含当时仍存活并在随访的患者{n.zh}：{zh}。",
        f"Counted from {Count(days):day|days} after progression, in patients alive and followed then{n.en}: {en}.",
    )


def _medians_text(outcome: str, groups: tuple[str, ...], medians: list[Estimate | None]) -> Text:
    what = in_sentence(column_name(outcome))
    reasons = {m.warning if m is not None and is_withheld(m) else NO_WARNING for m in medians}
    if len(reasons) == 1 and (why := reasons.pop()):
        every = Text("各组均", " for any group") if len(groups) > 1 else Text("", "")
        return Text(
            f"{every.zh}不给出中位{what.zh}：{why.printed.zh}。",
            f"No median {what.en} is given{every.en}: {why.printed.en}.",
        )
    named = [(name_of(g), m) for g, m in zip(groups, medians, strict=True)]
    medians_zh = [(group, _median(m, "zh")) for group, m in named]
    zh = "，".join(f"{group.zh}组{'' if m.startswith('未') else '为'}{m}" for group, m in medians_zh)
    en = " and ".join(f"{_median(m, 'en')} with {in_sentence(group).en}" for group, m in named)
    return Text(f"中位{what.zh}：{zh}。", f"Median {what.en} was {en}.")


def median_words(median: Estimate | None) -> Text:
    """A median with its limits, or why it is not given, as after its name."""
    return Text(_median(median, "zh"), _median(median, "en"))


def median_in_short(median: Estimate | None) -> Text:
    """A median without its limits, where it was reached."""
    if median is None or median.value is None:
        return median_words(median)
    value = format_number(median.value, 1)
    return Text(f"{value} 个月", f"{value} months")


def _median(median: Estimate | None, language: Language) -> str:
    if median is not None and is_withheld(median):
        why = median.warning.printed
        return {"zh": f"未给出（{why.zh}）", "en": f"not given ({why.en})"}[language]
    if median is None or (median.value is None and median.low is None):
        return {"zh": f"未达到（{NOT_REACHED}）", "en": f"not reached ({NOT_REACHED})"}[language]
    limits = interval_words(median.low, median.high, 1, language)
    if median.value is None:
        return {"zh": f"未达到（{limits}）", "en": f"not reached ({limits})"}[language]
    value = format_number(median.value, 1)
    return {"zh": f" {value} 个月（{limits}）", "en": f"{value} months ({limits})"}[language]


def _compared_text(
    outcome: str, comparison: str, ratio: Estimate | None, p: Estimate | None, statistic: Estimate | None
) -> Text:
    """The direction in words; P decides whether a difference is claimed, never the ratio alone."""
    if ratio is None:
        return _overall_text(p, statistic)
    a, b = (in_sentence(name_of(g)) for g in parts_of(comparison))
    if ratio.value is None:
        why = ratio.warning.printed
        return Text(f"不给出风险比：{why.zh}。", f"No hazard ratio is given: {why.en}.")
    numbers = each_language(lambda language: _ratio(ratio, p, statistic, language))
    if ratio.warning.has(WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION):
        numbers = Text(f"{numbers.zh}；含永恒时间偏倚", f"{numbers.en}; with immortal time bias")
    what = in_sentence(column_name(outcome))
    if p is None or p.value is None:
        return Text(
            f"{a.zh}组与{b.zh}组的{what.zh}相比：{numbers.zh}。",
            f"Compared between {a.en} and {b.en}: {numbers.en}.",
        )
    if not is_significant(p):
        return Text(
            f"{a.zh}组与{b.zh}组的{what.zh}差异无统计学意义（{numbers.zh}）。",
            f"The difference between {a.en} and {b.en} was not statistically significant ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"{a.zh}组的{what.zh}长于{b.zh}组，差异有统计学意义（{numbers.zh}）。",
            f"It was longer with {a.en} than with {b.en} ({numbers.en}).",
        )
    return Text(
        f"{a.zh}组的{what.zh}短于{b.zh}组，差异有统计学意义（{numbers.zh}）。",
        f"It was shorter with {a.en} than with {b.en} ({numbers.en}).",
    )


def _overall_text(p: Estimate | None, statistic: Estimate | None) -> Text:
    """More than two groups are compared by one P, without a direction."""
    if p is None:
        return Text("", "")
    if p.value is None:
        why = p.warning.printed
        return Text(f"各组不作比较：{why.zh}。", f"The groups are not compared: {why.en}.")
    test = each_language(lambda language: p_words(p, language, statistic))
    if not is_significant(p):
        return Text(
            f"各组差异无统计学意义（Log-rank 检验 {test.zh}）。",
            f"The difference between the groups was not statistically significant (log-rank test {test.en}).",
        )
    return Text(
        f"各组差异有统计学意义（Log-rank 检验 {test.zh}）。",
        f"The groups differed (log-rank test {test.en}).",
    )


def _ratio(ratio: Estimate, p: Estimate | None, statistic: Estimate | None, language: Language) -> str:
    numbers = ratio_words("HR", ratio, None, language)
    if p is None or p.value is None:
        return numbers
    return numbers + Text("；Log-rank 检验 ", "; log-rank test ")[language] + p_words(p, language, statistic)
