"""Sentences about follow-up, imputation, matching and predictors, with their directions."""

from __future__ import annotations

from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text, interval
from oligoscope.printing.comparison_names import PER_UNIT, in_sentence, level_name, variable_name
from oligoscope.results import Estimate, Results
from oligoscope.study.keys import parts_of
from oligoscope.study.vocabulary import Language, Text, name_of

SIGNIFICANT = 0.05


def keys_of(*estimates: Estimate | None) -> tuple[tuple[str, ...], ...]:
    """Keys of the estimates that were reported."""
    return tuple(e.key for e in estimates if e is not None)


def joined(sentences: list[Text]) -> Text:
    """Whole sentences after one another."""
    return Text("".join(s.zh for s in sentences), " ".join(s.en for s in sentences if s.en))


def is_significant(p: Estimate | None) -> bool:
    """Whether a P was given and lies below 0.05."""
    return p is not None and p.value is not None and p.value < SIGNIFICANT


def ratio_words(letters: str, ratio: Estimate, p: Estimate | None, language: Language) -> str:
    """`OR 0.50, 95% CI 0.35 to 0.72; P<0.001`, or `OR=0.50，95%CI：0.35~0.72；P<0.001`."""
    value, limits = format_number(ratio.value, 2), interval(ratio.low, ratio.high, 2, language)
    test = "" if p is None or p.value is None else f"*P*{equals_p(p.value, STYLES[language])}"
    zh = f"{letters}={value}，95%CI：{limits}" + (f"；{test}" if test else "")
    en = f"{letters} {value}, 95% CI {limits}" + (f"; {test}" if test else "")
    return zh if language == "zh" else en


def ratio_text(letters: str, ratio: Estimate, p: Estimate | None) -> Text:
    """`ratio_words` in both languages."""
    return Text(ratio_words(letters, ratio, p, "zh"), ratio_words(letters, ratio, p, "en"))


# ---- follow-up, imputation ------------------------------------------------------------------------


def follow_up_paragraph(results: Results) -> Paragraph | None:
    """Median follow-up of each population that was asked for."""
    found = results.find(analysis="follow_up", statistic="median")
    sentences = []
    for e in found:
        people = name_of(e.population)
        limits = Text(interval(e.low, e.high, 1, "zh"), interval(e.low, e.high, 1, "en"))
        if e.value is None:
            sentences.append(
                Text(
                    f"{people.zh}的中位随访时间未达到（95%CI：{limits.zh}；反向 Kaplan-Meier 法）。",
                    f"Median follow-up of the {in_sentence(people).en} was not reached (95% CI {limits.en}; reverse Kaplan-Meier method).",
                )
            )
            continue
        value = format_number(e.value, 1)
        sentences.append(
            Text(
                f"{people.zh}的中位随访时间为 {value} 个月（95%CI：{limits.zh}；反向 Kaplan-Meier 法）。",
                f"Median follow-up of the {in_sentence(people).en} was {value} months (95% CI {limits.en}; reverse Kaplan-Meier method).",
            )
        )
    return Paragraph(joined(sentences), keys_of(*found)) if sentences else None


def completions(results: Results) -> list[tuple[str, str]]:
    """(population, by) of each cohort that was completed; the paper's own grouping is not written out in its keys."""
    shares = results.find(analysis="imputation", statistic="percent_missing")
    return list(dict.fromkeys((e.population, e.outcome or "pattern") for e in shares))


def _completion(results: Results, population: str, by: str) -> tuple[list[Estimate], Estimate | None]:
    """Shares missing of one cohort, and how often it was completed."""
    found = [
        e
        for e in results.find(analysis="imputation", population=population)
        if (e.outcome or "pattern") == by
    ]
    made = next((e for e in found if e.statistic == "imputations"), None)
    return [e for e in found if e.statistic == "percent_missing"], made


def imputation_paragraph(results: Results) -> Paragraph | None:
    """What was missing, and how often it was completed."""
    first = next(iter(completions(results)), None)
    if first is None:
        return None
    # One cohort speaks for all: the others are parts of the same patients, and the tables hold theirs.
    shares, made = _completion(results, *first)
    percents = [format_number(e.value, 1) for e in shares]
    zh = "，".join(f"{variable_name(e.variable).zh} {p}%" for e, p in zip(shares, percents, strict=True))
    en = ", ".join(
        f"{in_sentence(variable_name(e.variable)).en} {p}%" for e, p in zip(shares, percents, strict=True)
    )
    sentences = [Text(f"缺失者占患者的百分比：{zh}。", f"Missing values, as a share of the patients: {en}.")]
    if made is not None and made.value is not None:
        m = count_text(made.value)
        sentences.append(
            Text(
                f"以链式方程插补 {m} 次；未匹配的分析使用观察值，匹配、影响因素与加权分析使用各插补数据集并合并结果。",
                f"They were completed {m} times by chained equations; unmatched analyses use the observed values, while "
                "matching, predictors and weighting use every imputation and pool the results.",
            )
        )
    return Paragraph(joined(sentences), keys_of(*shares, made))


# ---- matching -------------------------------------------------------------------------------------


def matching_paragraph(results: Results, limit: float) -> Paragraph | None:
    """How many pairs, and whether the balance set beforehand was reached."""
    found = {e.statistic: e for e in results.find(analysis="matching", variable="")}
    pairs, largest, maximum = (found.get(s) for s in ("n_pairs", "largest_smd", "maximum_smd"))
    if pairs is None or pairs.value is None:
        return None
    sets = found.get("n_sets")
    sentences = [_pairs_text(pairs), *(() if sets is None else (_sets_text(sets),))]
    if largest is not None and largest.value is not None:
        sentences.append(_balance_text(largest, maximum, limit))
    return Paragraph(joined(sentences), keys_of(pairs, sets, largest, maximum))


def _pairs_text(pairs: Estimate) -> Text:
    n = count_text(pairs.value or 0.0)
    if pairs.low is None or pairs.high is None or pairs.low == pairs.high:
        return Text(f"匹配得到 {n} 对患者。", f"Matching made {n} pairs.")
    low, high = count_text(pairs.low), count_text(pairs.high)
    return Text(
        f"各插补数据集平均匹配得到 {n} 对患者（{low} 至 {high} 对）。",
        f"Matching made {n} pairs on average over the imputations ({low} to {high}).",
    )


def _sets_text(sets: Estimate) -> Text:
    n = count_text(sets.value or 0.0)
    return Text(
        f"这些配对组成 {n} 个匹配组，每组含第一组患者 1 例及其全部对照。",
        f"They make {n} matched sets, each of one patient of the first group with all of that patient's controls.",
    )


def _balance_text(largest: Estimate, maximum: Estimate | None, limit: float) -> Text:
    value, where = format_number(largest.value, 3), level_name(largest.level)
    worst = Text("", "")
    if maximum is not None and maximum.value is not None:
        size, name = format_number(maximum.value, 3), level_name(maximum.level)
        worst = Text(
            f"；任一插补数据集中的最大值为 {size}（{name.zh}）",
            f"; the largest in any one imputation was {size} ({in_sentence(name).en})",
        )
    own = in_sentence(where).en
    if largest.warning:
        return Text(
            f"匹配后各水平平均 |SMD| 的最大值为 {value}（{where.zh}），超过预设限值 {limit:g}，未达到均衡{worst.zh}。",
            f"After matching the largest mean |SMD| of any level was {value} ({own}), above the limit of {limit:g} set "
            f"beforehand: the groups are not balanced{worst.en}.",
        )
    return Text(
        f"匹配后各水平平均 |SMD| 的最大值为 {value}（{where.zh}），未超过预设限值 {limit:g}，达到均衡{worst.zh}。",
        f"After matching the largest mean |SMD| of any level was {value} ({own}), within the limit of {limit:g} set "
        f"beforehand: the groups are balanced{worst.en}.",
    )


# ---- predictors -----------------------------------------------------------------------------------


def predictors_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """Which variables go with the event in the multivariable model, and in which direction."""
    found = results.find(analysis="predictors", population=population, outcome=by)
    ratios = [
        e for e in found if e.statistic == "odds_ratio_multivariable" and e.value is not None and e.level
    ]
    if not ratios:
        return None
    tests = {(e.variable, e.level): e for e in found if e.statistic == "p_value_multivariable"}
    clear = [(e, tests.get((e.variable, e.level))) for e in ratios]
    clear = [(e, p) for e, p in clear if is_significant(p)]
    event = in_sentence(name_of(parts_of(ratios[0].group)[0]))
    if not clear:
        text = Text(
            f"多因素 Logistic 回归中，无变量与{event.zh}相关（*P*≥0.05）。",
            f"In the multivariable logistic regression no variable went with {event.en} (*P*≥0.05).",
        )
        return Paragraph(text)
    parts = [_predictor_text(e, p, event) for e, p in clear]
    text = Text(
        f"多因素 Logistic 回归中：{'；'.join(p.zh for p in parts)}。",
        f"In the multivariable logistic regression: {'; '.join(p.en for p in parts)}.",
    )
    return Paragraph(text, keys_of(*(e for pair in clear for e in pair)))


def _predictor_text(ratio: Estimate, p: Estimate | None, event: Text) -> Text:
    numbers, name = ratio_text("OR", ratio, p), variable_name(ratio.variable)
    own = in_sentence(name).en
    less = (ratio.value or 0) < 1
    if ratio.level == PER_UNIT:
        if less:
            return Text(
                f"{name.zh}越高，{event.zh}的可能性越小（{numbers.zh}）",
                f"{event.en} was less likely with higher {own} ({numbers.en})",
            )
        return Text(
            f"{name.zh}越高，{event.zh}的可能性越大（{numbers.zh}）",
            f"{event.en} was more likely with higher {own} ({numbers.en})",
        )
    a, b = (in_sentence(name_of(level)) for level in parts_of(ratio.level))
    if less:
        return Text(
            f"{name.zh}为“{a.zh}”者{event.zh}的可能性小于“{b.zh}”者（{numbers.zh}）",
            f"{own}: {event.en} was less likely with “{a.en}” than with “{b.en}” ({numbers.en})",
        )
    return Text(
        f"{name.zh}为“{a.zh}”者{event.zh}的可能性大于“{b.zh}”者（{numbers.zh}）",
        f"{own}: {event.en} was more likely with “{a.en}” than with “{b.en}” ({numbers.en})",
    )
