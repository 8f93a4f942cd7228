"""Notes below every table of a matched population: how it was made, and whether the gate failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import count_text, interval_words
from oligoscope.printing.test_statistics import are_asked_for
from oligoscope.results.analyses import IMPUTATION, MATCHING, SURVIVAL
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import (
    OneWarning,
    WarningCode,
    Warnings,
    join,
    of_balance_not_judged,
    of_missed_balance,
)
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import level_name, whole_of
from oligoscope.study.protocol import MatchingSettings
from oligoscope.study.vocabulary import name_of

E_VALUE_NOTE = Text(
    "E 值：未测混杂与分组、与结局的关联（按相对危险度计）均须至少这样强，才足以完全解释该估计；括号内为较接近 1 的置信限的 E 值。"
    "常见结局的 HR 与 OR 先换算为近似的相对危险度（VanderWeele 与 Ding 2017）。E 值只针对未测混杂，不说明永恒时间偏倚。",
    "E-value: the least strength, as a risk ratio, that the associations of an unmeasured confounder with both group and "
    "outcome would need to explain the estimate away; in brackets that of the confidence limit nearer to 1. HR of common "
    "outcomes and OR are first turned into approximate risk ratios (VanderWeele & Ding 2017). It is about confounding "
    "only and says nothing about immortal time bias.",
)
OTHER_GROUPS = Text(
    "匹配在两种进展模式之间进行；此处比较的各组之间未作匹配，只是匹配成功的患者的一部分。",
    "Patients were matched between the two patterns; the groups compared here were not matched with each other and are subsets of the matched patients.",
)


def are_partners(population: str, by: str) -> bool:
    """Whether the groups of a comparison were matched with each other: the patterns, of all matched patients."""
    return population == MATCHED and by == "pattern"


def is_matched(population: str) -> bool:
    """Whether a population, or the whole it is a part of, is the matched one."""
    return whole_of(population) == MATCHED


def matched_notes(results: Results, population: str) -> tuple[Text, ...]:
    """Notes for a table of this population; none where it is not matched."""
    if not is_matched(population):
        return ()
    statistics = (_STATISTICS,) if are_asked_for() and is_of_several(results) else ()
    weights = (_WEIGHTS,) if is_weighted(results, population) else ()
    return (*_means(results), *statistics, *weights, *gate_note(results))


def is_weighted(results: Results, population: str) -> bool:
    """Whether matched patients count by their weights: matched otherwise than 1:1, or with replacement."""
    return is_matched(population) and bool(
        results.find(population=population, statistic=Statistic.WEIGHTED_N)
    )


_STATISTICS = Text(
    "统计量为 *P* 值居中的那个插补数据集的统计量，与所列 *P* 值对应；插补次数为偶数时没有这样的数据集，不给出统计量。",
    "A test statistic is that of the imputation whose *P* is the median, so that it belongs to the *P* beside it; of an even "
    "number of imputations none is, and no statistic is given.",
)
_WEIGHTS = Text(
    "匹配不是一一配对，患者按匹配权重计：第一组每例权重为 1，同一匹配组的对照权重合计为 1，用于多个匹配组的对照其权重相加。"
    "*n* 与事件数为患者数，括号内为权重之和；其余数字均为加权结果。",
    "Patients were not matched one to one and count by the weights of the matching: each patient of the first group 1, the "
    "controls of one set 1 together, and a control of several sets the sum. *n* and events are patients, with the sum of "
    "their weights in brackets; all other numbers are weighted.",
)


def two_way_notes(results: Results, population: str) -> tuple[Text, ...]:
    """Of each outcome the limits that hold where controls serve in several sets; none where no control does."""
    if not is_matched(population):
        return ()
    found = results.find(analysis=SURVIVAL, population=population, statistic=Statistic.HAZARD_RATIO_TWO_WAY)
    return tuple(_two_way(e) for e in found if e.value is not None)


def _two_way(e: Estimate) -> Text:
    name, value = name_of(e.outcome), format_number(e.value, 2)
    zh, en = (interval_words(e.low, e.high, 2, "zh"), interval_words(e.low, e.high, 2, "en"))
    return Text(
        f"{name.zh}：同时按匹配组与患者聚类（有对照用于多个匹配组；Austin 与 Cafri 2020）时，HR={value}（{zh}）。",
        f"{name.en}: with limits robust to both sets and patients, because controls serve in several sets (Austin & Cafri 2020), "
        f"HR {value} ({en}).",
    )


_P_AND_SMD = Text(
    "匹配后的 *P* 值为各插补数据集 *P* 值的中位数（Eekhout 2017）。匹配前的 SMD 只用已知值；匹配后的 SMD 为各插补数据集绝对值的均数，除以匹配前的"
    "标准差，与均衡性表相同；分类变量的变量行为所有水平合计的距离，均衡性按各水平判定。",
    "*P* after matching is the median over the imputations (Eekhout 2017). SMD before matching is of the known values; SMD after "
    "matching is the mean of the absolute values over the imputations, over the standard deviation before matching, as in the table of balance; a "
    "categorical variable's own row is the distance over all its levels, and balance is judged by level.",
)
_SMD = Text(
    "匹配后的 SMD 均除以匹配前的标准差，与均衡性表相同；分类变量的变量行为所有水平合计的距离，均衡性按各水平判定。",
    "SMD after matching is over the standard deviation before matching, as in the table of balance; a categorical variable's own row is the distance "
    "over all its levels, and balance is judged by level.",
)


def baseline_notes(results: Results, population: str) -> tuple[Text, ...]:
    """What P and SMD of a matched baseline table are; none where the population is not matched."""
    if not is_matched(population):
        return ()
    tests = (_WEIGHTED_TESTS,) if is_weighted(results, population) else ()
    return (*tests, _P_AND_SMD if is_of_several(results) else _SMD)


_WEIGHTED_TESTS = Text(
    "分类变量的例数与百分比、连续变量的描述均按匹配权重加权；*P* 值来自加权均数或构成比的 Wald 检验，方差按匹配组稳健估计。",
    "Counts and percentages of categorical variables and summaries of continuous variables are weighted by the matching; *P* is from Wald tests of "
    "weighted means or shares, with a variance robust to the matched sets.",
)


def is_of_several(results: Results) -> bool:
    """Whether the numbers after matching are over several imputations, not of one cohort."""
    return _imputations(results) > 1


def _imputations(results: Results) -> float:
    return results.value(analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS) or 1


def with_way_of_matching(results: Results, settings: MatchingSettings) -> Results:
    """Results of several imputations as documents print them; no file holds what is added.

    The row of pairs names that they were matched once, on their mean score. Where only some of them have too few matched
    patients, the reason for what is withheld says so.
    """
    pairs = next(iter(results.find(analysis=MATCHING, statistic=Statistic.N_PAIRS)), None)
    if pairs is None or pairs.value is None or not is_of_several(results):
        return results
    if settings.imputations == "across":
        once = replace(pairs, method=pairs.method.plus(MethodPart.ON_MEAN_SCORE))
        return Results(tuple(once if e is pairs else e for e in results.estimates), results.series)
    if not (pairs.low or 0) < settings.minimum_group <= (pairs.high or 0):
        return results
    rows = (_in_some(e) if is_matched(e.population) else e for e in results.estimates)
    return Results(tuple(rows), results.series)


def _in_some(e: Estimate) -> Estimate:
    """An estimate whose reason is that of some imputations only."""
    if not e.warning.has(*_IN_SOME):
        return e
    parts = (
        replace(part, in_full=_IN_SOME[part.code].filled(minimum=Count(dict(part.values)["minimum"][0])))
        if part.code in _IN_SOME
        else part
        for part in e.warning.parts
    )
    return replace(e, warning=Warnings(tuple(parts)))


_IN_SOME = {
    WarningCode.TOO_FEW_IN_GROUP: Text(
        "至少一个插补数据集中有一组少于 {minimum} 例",
        "in at least one imputation a group has fewer than {minimum:patient|patients}",
    ),
    WarningCode.GROUP_TOO_SMALL: Text(
        "至少一个插补数据集中该组少于 {minimum} 例",
        "in at least one imputation the group has fewer than {minimum:patient|patients}",
    ),
}


def _means(results: Results) -> tuple[Text, ...]:
    if not is_of_several(results):  # one data set: its own counts
        return ()
    m = _imputations(results)
    pairs = next(iter(results.find(analysis=MATCHING, statistic=Statistic.N_PAIRS)), None)
    if pairs is not None and pairs.method.has(MethodPart.ON_MEAN_SCORE):
        return (_matched_once(m, pairs),)
    counts = Text("", "")
    if pairs is not None and pairs.value is not None and pairs.low is not None and pairs.high is not None:
        low, high = count_text(pairs.low), count_text(pairs.high)
        mean = format_number(pairs.value, 1)
        shown = Text(f"{low} 至 {high} 对（均数 {mean}）", f"{low} to {Count(high):pair|pairs} (mean {mean})")
        if low == high:
            shown = Text(f"{low} 对", f"{Count(low):pair|pairs}")
        counts = Text(f"，各配成 {shown.zh}", f", with {shown.en} in each")
    return (
        Text(
            f"匹配在 {m:.0f} 个插补数据集中分别进行{counts.zh}；例数为各数据集的均数取整，使各水平之和等于组例数、各组之和等于合计；"
            "百分比为各数据集百分比的均数，不由取整后的例数计算；估计值为合并结果。未取整的均数见 results.csv。",
            f"Matching was done in each of {m:.0f} imputations{counts.en}; counts are means over them, rounded to whole "
            "patients so that levels make up their group and groups all patients; percentages are means of those of the "
            "imputations, not made from the rounded counts; estimates are pooled. results.csv has the means unrounded.",
        ),
    )


def _matched_once(m: float, pairs: Estimate) -> Text:
    """The patients are the same in all imputations; counts of levels are means all the same, as values were imputed."""
    n = count_text(pairs.value or 0.0)
    return Text(
        f"取 {m:.0f} 个插补数据集评分的均数后匹配一次，配成 {n} 对；例数为各数据集的均数取整，使各水平之和等于组例数、各组之和等于合计；"
        "百分比为各数据集百分比的均数，不由取整后的例数计算；估计值为合并结果。未取整的均数见 results.csv。",
        f"Matching was done once, on the mean score over {m:.0f} imputations, with {Count(n):pair|pairs}; counts are means over the "
        "imputations, rounded to whole patients so that levels make up their group and groups all patients; percentages are means of "
        "those of the imputations, not made from the rounded counts; estimates are pooled. results.csv has the means unrounded.",
    )


def missed_balance(results: Results) -> Warnings:
    """How the balance set beforehand was missed, and why estimates are given all the same; blank where it was reached."""
    largest = results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, variable="")
    return join(*(of_missed_balance(e.warning) for e in largest if e.value is not None))


def not_judged(results: Results) -> Warnings:
    """That too few were matched to show balance; blank where it was judged, or missed."""
    found = results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, variable="")
    return join(*(of_balance_not_judged(e.warning) for e in found if e.value is not None))


def not_judged_note(results: Results) -> tuple[Text, ...]:
    """What the differences of so few are; none where balance was judged."""
    why = not_judged(results).printed
    if not why.en:
        return ()
    return (
        Text(
            f"匹配后{why.zh}，故不判断均衡性；匹配后的 |SMD| 只描述这些患者。",
            f"After matching, {why.en}, so that balance is not judged; |SMD| after matching only describes these patients.",
        ),
    )


def with_balance_in_full(results: Results) -> Results:
    """Results whose warnings of a missed balance name the level that missed it, and say of several imputations that it is their mean."""
    judged = results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    if not any(e.warning.has(WarningCode.UNBALANCED) and e.value is not None for e in judged):
        return results
    of = {part: text for e in judged for part, text in _in_full(e, several=is_of_several(results))}
    named = (
        replace(e, warning=Warnings(tuple(of.get(part, part) for part in e.warning.parts)))
        if e.warning.has(WarningCode.UNBALANCED)
        else e
        for e in results.estimates
    )
    return Results(tuple(named), results.series)


def _in_full(e: Estimate, *, several: bool) -> Iterator[tuple[OneWarning, OneWarning]]:
    """A warning as it was given, and as documents print it."""
    name, mean = level_name(e.level), Text("平均 |SMD|", "mean |SMD| over the imputations")
    size = mean if several else Text(" |SMD|", "|SMD|")
    for part in e.warning.parts:
        own = {key: value for key, (value, *_) in part.values}
        if part.code is WarningCode.UNBALANCED and e.level:
            yield (
                part,
                replace(
                    part,
                    in_full=Text(
                        f"匹配后均衡性未达标（{name.zh} 的{size.zh} 为 {own['largest']}，限值 {own['limit']}）",
                        f"balance was not achieved ({name.en}: {size.en} {own['largest']}, limit {own['limit']})",
                    ),
                ),
            )


def is_sealed(results: Results) -> bool:
    """Whether estimates after matching are withheld because the groups are not balanced."""
    missed = missed_balance(results)
    return bool(missed) and not missed.has(WarningCode.UNSEALED)


def gate_note(results: Results) -> tuple[Text, ...]:
    """That the balance set beforehand was missed; nothing where it was reached. Why estimates are given is a caution."""
    missed = missed_balance(results).without(WarningCode.UNSEALED)
    if not missed:
        return ()
    why = missed.printed
    return (Text(f"未达到预设标准：{why.zh}。", f"A criterion set beforehand was not met: {why.en}."),)


def unsealed_cautions(results: Results, populations: Iterable[str]) -> tuple[Text, ...]:
    """Why estimates after matching are given though the balance was missed; none where none of these is matched."""
    found = [part for part in missed_balance(results).parts if part.code is WarningCode.UNSEALED]
    if not found or not any(map(is_matched, populations)):
        return ()
    why = found[0].printed
    return (
        Text(
            f"匹配未达到预设的均衡标准；{why.zh}。",
            f"The balance set beforehand was not achieved by matching; {why.en}.",
        ),
    )
