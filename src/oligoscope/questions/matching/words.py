"""How many were matched, whether they balance, and what is printed where the gate of balance was not passed, in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.events_per_variable import patients_per_variable
from oligoscope.printing.matched_notes import is_of_several, is_sealed, not_judged
from oligoscope.printing.monte_carlo_notes import imputations_of
from oligoscope.printing.sentences import joined, keys_of, listed
from oligoscope.results.analyses import BALANCE, MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, of_missed_balance
from oligoscope.study.keys import in_sentence, level_name
from oligoscope.study.vocabulary import variable_name


def matching_paragraph(results: Results, limit: float, minimum_group: int = 0) -> Paragraph | None:
    """How many pairs, and whether the balance set beforehand was reached."""
    found = {e.statistic: e for e in results.find(analysis=MATCHING, variable="")}
    pairs, largest, maximum = (
        found.get(s) for s in (Statistic.N_PAIRS, Statistic.LARGEST_SMD, Statistic.MAXIMUM_SMD)
    )
    if pairs is None or pairs.value is None:
        return None
    sets, error = found.get(Statistic.N_SETS), found.get(Statistic.MONTE_CARLO_ERROR_OF_SMD)
    sentences = [_pairs_text(pairs), *(() if sets is None else (_sets_text(sets),))]
    few = not_judged(results) or (pairs.low is not None and pairs.low < minimum_group)
    is_missed = largest is not None and bool(of_missed_balance(largest.warning))
    also = _others_above(results, largest, limit)
    if largest is not None and largest.value is not None and (is_missed or not few):
        several = is_of_several(results)
        sentences.append(_balance_text(largest, maximum if several else None, limit, several=several))
        sentences += _also_above(also)
        sentences += _by_draws(largest, error)
    if few:
        sentences.append(_few_text(minimum_group, pairs, is_judged=is_missed))
    per_variable = found.get(Statistic.EVENTS_PER_PARAMETER)
    sentences += patients_per_variable(per_variable)
    cited = error if largest is not None and largest.warning.has(WarningCode.VERDICT_BY_DRAWS) else None
    return Paragraph(joined(sentences), keys_of(pairs, sets, largest, maximum, cited, *also, per_variable))


def _few_text(minimum: int, pairs: Estimate, *, is_judged: bool) -> Text:
    """That the groups are too small in all imputations, or in some; of so few balance can be missed, and is not judged otherwise."""
    end = Text("。", ".") if is_judged else Text("，也不判断均衡性。", ", and balance is not judged.")
    low, high = pairs.low or 0, pairs.high or 0
    some = Text("部分插补数据集中", " in some imputations") if low < minimum <= high else Text("", "")
    if low >= minimum:  # one control serves in several pairs, or a patient has several controls
        return Text(
            f"匹配后有一组不足 {minimum} 例，不作任何比较{end.zh}",
            f"With fewer than {Count(minimum):patient|patients} in a matched group nothing is compared after the matching{end.en}",
        )
    return Text(
        f"{some.zh}配对不足 {minimum} 对，匹配后不作任何比较{end.zh}",
        f"With fewer than {Count(minimum):pair|pairs}{some.en} nothing is compared after the matching{end.en}",
    )


def _others_above(results: Results, largest: Estimate | None, limit: float) -> list[Estimate]:
    """Differences of further levels above the limit, where the balance is missed; the largest first.

    Of a variable with two levels both differ alike: one of them is enough.
    """
    if largest is None or not of_missed_balance(largest.warning):
        return []
    keys: dict[str, Any] = {"analysis": BALANCE, "population": largest.population}
    rows = results.find(**keys, statistic=Statistic.SMD_AFTER_ABSOLUTE)
    levels = Counter(e.variable for e in rows if e.level)

    def one(variable: str, level: str) -> str:
        return f"{variable}={level}" if levels[variable] > _TWO else variable

    variable, _, level = str(largest.level).partition("=")
    named = {one(variable, level)}
    found: list[Estimate] = []
    for e in sorted(rows, key=lambda e: -(e.value or 0.0)):
        is_judged = bool(e.level) or not levels[e.variable]  # one with levels is judged by these
        if is_judged and (e.value or 0.0) > limit and (name := one(e.variable, e.level)) not in named:
            named.add(name)
            found.append(e)
    return found


def _also_above(also: list[Estimate]) -> tuple[Text, ...]:
    """Further levels above the limit: by name, or how many."""
    if not also:
        return ()
    if len(also) > _MOST_NAMED:
        size = format_number(also[0].value, 3)
        return (
            Text(
                f"另有 {len(also)} 个水平超过该限值（至多 {size}）。",
                f"{Count(len(also)):further level was|further levels were} above this limit (at most {size}).",
            ),
        )
    named = [
        (
            level_name(f"{e.variable}={e.level}") if e.level else variable_name(e.variable),
            format_number(e.value, 3),
        )
        for e in also
    ]
    zh = listed([f"{name.zh}（{size}）" for name, size in named], "zh")
    en = listed([f"{in_sentence(name).en} ({size})" for name, size in named], "en")
    verb = "was" if len(also) == 1 else "were"
    return (Text(f"另有{zh}超过该限值。", f"Also above this limit {verb} {en}."),)


_MOST_NAMED, _TWO = 3, 2


def _pairs_text(pairs: Estimate) -> Text:
    n = count_text(pairs.value or 0.0)
    if pairs.low is None or pairs.high is None or pairs.low == pairs.high:
        return Text(f"匹配得到 {n} 对患者。", f"Matching made {Count(n):pair|pairs}.")
    low, high = count_text(pairs.low), count_text(pairs.high)
    return Text(
        f"各插补数据集平均匹配得到 {n} 对患者（{low} 至 {high} 对）。",
        f"Matching made {Count(n):pair|pairs} on average over the imputations ({low} to {high}).",
    )


def _sets_text(sets: Estimate) -> Text:
    n = count_text(sets.value or 0.0)
    return Text(
        f"这些配对组成 {n} 个匹配组，每组含第一组患者 1 例及其全部对照。",
        f"They make {Count(n):matched set|matched sets}, each of one patient of the first group with all of that patient's controls.",
    )


def _balance_text(largest: Estimate, maximum: Estimate | None, limit: float, *, several: bool) -> Text:
    """The verdict; of several imputations on the means over them, with the largest in any of them."""
    value, where = format_number(largest.value, 3), level_name(largest.level)
    worst = Text("", "")
    if maximum is not None and maximum.value is not None:
        size, name = format_number(maximum.value, 3), level_name(maximum.level)
        worst = Text(
            f"；任一插补数据集中的最大值为 {size}（{name.zh}）",
            f"; the largest in any one imputation was {size} ({in_sentence(name).en})",
        )
    own = in_sentence(where).en
    mean = Text("各水平平均 |SMD| ", "mean |SMD|") if several else Text("各水平 |SMD| ", "|SMD|")
    if of_missed_balance(largest.warning):
        return Text(
            f"匹配后{mean.zh}的最大值为 {value}（{where.zh}），超过预设限值 {limit:g}，未达到均衡{worst.zh}。",
            f"After matching the largest {mean.en} of any level was {value} ({own}), above the limit of {limit:g} set "
            f"beforehand: the groups are not balanced{worst.en}.",
        )
    return Text(
        f"匹配后{mean.zh}的最大值为 {value}（{where.zh}），未超过预设限值 {limit:g}，达到均衡{worst.zh}。",
        f"After matching the largest {mean.en} of any level was {value} ({own}), within the limit of {limit:g} set "
        f"beforehand: the groups are balanced{worst.en}.",
    )


def _by_draws(largest: Estimate, error: Estimate | None) -> tuple[Text, ...]:
    """That other draws of the missing values could give the other verdict; none where they could not."""
    if error is None or error.value is None or not largest.warning.has(WarningCode.VERDICT_BY_DRAWS):
        return ()
    size, m = format_number(error.value, 3), imputations_of(error)
    return (
        Text(
            f"限值在该最大值的 Monte Carlo 误差范围内（{m} 次插补，误差 {size}），重新插补可能改变这一判定。",
            f"The limit lies within the Monte Carlo error of this value ({size} with {m} imputations), so that other imputations could give "
            "the other verdict.",
        ),
    )


def gate_sentences(results: Results, *, in_short: bool = False) -> tuple[Text, ...]:
    """One sentence for each failed gate of the matching; and whether another choice was found that passes.

    In short that is said only where estimates are withheld, so that something is to be done.
    """
    found = results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    better = next((e for e in found if e.variable == "next_better_choice" and not e.warning), None)
    is_said = is_sealed(results) or not in_short
    advice = Text("", "") if better is None or not is_said else _another_matching(better)
    if is_sealed(results):
        advice = Text(
            f"因此不给出匹配后的估计值。{advice.zh}",
            f" Estimates after matching are therefore withheld.{advice.en}",
        )
    missed = (of_missed_balance(e.warning) for e in found if not e.variable)
    reasons = [why.printed for why in missed if why]
    return tuple(Text(f"{why.zh}。{advice.zh}", f"After matching, {why.en}.{advice.en}") for why in reasons)


def _another_matching(better: Estimate) -> Text:
    """That another matching reached the criterion, with its numbers; outcomes were compared by the planned one alone."""
    n, value = Count(better.n), format_number(better.value, 3)
    return Text(
        f"另一种匹配可达到该标准（平均 {n} 对，最大的平均 |SMD| 为 {value}，见均衡性表），因非事先计划，未用于任何结局。",
        f" Another matching, not planned and not used for outcomes, met it ({n:pair|pairs}, largest mean |SMD| {value}; see the table of balance).",
    )
