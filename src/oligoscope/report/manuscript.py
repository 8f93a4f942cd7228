"""Sentences about the results, whole in each language, from the same estimates as the tables."""

from __future__ import annotations

from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import NOT_REACHED, comparison_of, interval
from oligoscope.printing.comparison_names import in_sentence, variable_name
from oligoscope.printing.matched_notes import is_matched
from oligoscope.report.comparison_sentences import SIGNIFICANT, joined, keys_of
from oligoscope.results import Estimate, Results
from oligoscope.study.keys import parts_of
from oligoscope.study.vocabulary import Language, Text, column_name, name_of
from oligoscope.study.withheld import reason

BALANCE_IS_NO_P = Text(
    "匹配后是否均衡以标准化均数差判断（见匹配一节），不以 *P* 值判断：*P* 值不小并不说明均衡。",
    "Whether matching balanced the groups is judged by standardised mean differences (section on matching), not by *P*: a "
    "*P* that is not small does not show balance.",
)


def _n(estimate: Estimate | None) -> int:
    return int((estimate.value if estimate else 0) or 0)


def flow_paragraph(results: Results) -> Paragraph:
    """How many were screened, treated, progressed, and with which pattern."""
    sizes = {
        p: results.get(analysis="flow", population=p, statistic="n")
        for p in ("screened", "treated", "progressed")
    }
    patterns = [e for e in results.find(analysis="flow", outcome="pattern", statistic="n") if e.group]
    screened, treated, progressed = (_n(e) for e in sizes.values())
    zh = "，".join(f"{name_of(e.group).zh} {_n(e)} 例" for e in patterns)
    en = " and ".join(f"{_n(e)} with {in_sentence(name_of(e.group)).en}" for e in patterns)
    text = Text(
        f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受治疗，{progressed} 例发生首次进展：{zh}。",
        f"Of {screened} patients screened, {treated} were eligible and started treatment; {progressed} had a first "
        f"progression: {en}.",
    )
    return Paragraph(text, keys_of(*sizes.values(), *patterns))


def baseline_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """Which baseline variables differ between the groups (P < 0.05), with their P."""
    found = results.find(analysis="baseline", population=population, outcome=by)
    comparison = comparison_of(found)
    tested = [e for e in found if e.group == comparison and e.statistic == "p_value" and e.value is not None]
    if not comparison or not tested:
        return None
    if is_matched(population):
        return Paragraph(BALANCE_IS_NO_P)
    differing = [e for e in tested if e.value is not None and e.value < SIGNIFICANT]
    return Paragraph(_baseline_text(differing, len(tested)), keys_of(*differing))


def _baseline_text(differing: list[Estimate], n_tested: int) -> Text:
    if not differing:
        return Text(
            f"检验的 {n_tested} 个基线变量组间差异均无统计学意义（*P*≥0.05）。",
            f"None of the {n_tested} baseline variables tested differed between the groups (*P*≥0.05).",
        )
    zh = "、".join(f"{variable_name(e.variable).zh}（{_p(e, 'zh')}）" for e in differing)
    en = ", ".join(f"{in_sentence(variable_name(e.variable)).en} ({_p(e, 'en')})" for e in differing)
    return Text(
        f"检验的 {n_tested} 个基线变量中，组间分布不同的（*P*<0.05）有：{zh}。",
        f"Of the {n_tested} baseline variables tested, these differed between the groups (*P*<0.05): {en}.",
    )


def _p(estimate: Estimate, language: Language) -> str:
    return f"*P*{equals_p(estimate.value, STYLES[language])}"


def survival_paragraph(results: Results, population: str, outcome: str, groups: tuple[str, ...]) -> Paragraph:
    """Medians of each group, then the comparison and its direction, or why there is none."""
    keys = {"analysis": "survival", "population": population, "outcome": outcome}
    medians = [results.get(**keys, group=g, statistic="median") for g in groups]
    comparison = comparison_of(results.find(**keys), groups)
    ratio = results.get(**keys, group=comparison, statistic="hazard_ratio")
    p = results.get(**keys, group=comparison, variable="log_rank", statistic="p_value")
    adjusted = results.get(**keys, group=comparison, statistic="hazard_ratio_adjusted")
    two_way = results.get(**keys, group=comparison, statistic="hazard_ratio_two_way")
    sentences = [
        _medians_text(outcome, groups, medians), _compared_text(outcome, comparison, ratio, p), _two_way_text(two_way),
        _adjusted_text(adjusted),
    ]  # fmt: skip
    return Paragraph(joined(sentences), keys_of(*medians, ratio, p, two_way, adjusted))


def _two_way_text(ratio: Estimate | None) -> Text:
    """Where controls serve in several sets, the limits that hold then."""
    if ratio is None or ratio.value is None:
        return Text("", "")
    zh, en = (interval(ratio.low, ratio.high, 2, language) for language in ("zh", "en"))
    return Text(
        f"因有对照用于多个匹配组，同时按匹配组与患者聚类的 95%CI 为 {zh}。",
        f"Because controls serve in several matched sets, 95% CI robust to both sets and patients are {en}.",
    )


def _adjusted_text(ratio: Estimate | None) -> Text:
    """What is left of the ratio when the groups had progressed equally late."""
    if ratio is None or ratio.value is None:
        return Text("", "")
    numbers = Text(_ratio(ratio, None, "zh"), _ratio(ratio, None, "en"))
    if "ECOG" in ratio.method:
        return Text(
            f"校正至进展的时间（对数）与 ECOG 评分后：{numbers.zh}。",
            f"Adjusted for the time to progression (log) and the ECOG score: {numbers.en}.",
        )
    return Text(
        f"校正至进展的时间（对数）后：{numbers.zh}。",
        f"Adjusted for the time to progression (log): {numbers.en}.",
    )


def _medians_text(outcome: str, groups: tuple[str, ...], medians: list[Estimate | None]) -> Text:
    what = in_sentence(column_name(outcome))
    zh = "，".join(f"{name_of(g).zh}组为{_median(m, 'zh')}" for g, m in zip(groups, medians, strict=True))
    en = " and ".join(
        f"{_median(m, 'en')} with {in_sentence(name_of(g)).en}" for g, m in zip(groups, medians, strict=True)
    )
    return Text(f"中位{what.zh}：{zh}。", f"Median {what.en} was {en}.")


def _median(median: Estimate | None, language: Language) -> str:
    if median is None or (median.value is None and median.low is None):
        return {"zh": f"未达到（{NOT_REACHED}）", "en": f"not reached ({NOT_REACHED})"}[language]
    limits = interval(median.low, median.high, 1, language)
    if median.value is None:
        return {"zh": f"未达到（95%CI：{limits}）", "en": f"not reached (95% CI {limits})"}[language]
    value = format_number(median.value, 1)
    return {"zh": f" {value} 个月（95%CI：{limits}）", "en": f"{value} months (95% CI {limits})"}[language]


def _compared_text(outcome: str, comparison: str, ratio: Estimate | None, p: Estimate | None) -> Text:
    """The direction in words; P decides whether a difference is claimed, never the ratio alone."""
    if ratio is None:
        return _overall_text(p)
    a, b = (in_sentence(name_of(g)) for g in parts_of(comparison))
    if ratio.value is None:
        why = reason(ratio.warning)
        return Text(f"不给出风险比：{why.zh}。", f"No hazard ratio is given: {why.en}.")
    numbers = Text(_ratio(ratio, p, "zh"), _ratio(ratio, p, "en"))
    what = in_sentence(column_name(outcome))
    if p is None or p.value is None or p.value >= SIGNIFICANT:
        return Text(
            f"{a.zh}组与{b.zh}组的{what.zh}差异无统计学意义（{numbers.zh}）。",
            f"It did not differ clearly between {a.en} and {b.en} ({numbers.en}).",
        )
    if ratio.value < 1:
        return Text(
            f"{a.zh}组的{what.zh}长于{b.zh}组（{numbers.zh}）。",
            f"It was longer with {a.en} than with {b.en} ({numbers.en}).",
        )
    return Text(
        f"{a.zh}组的{what.zh}短于{b.zh}组（{numbers.zh}）。",
        f"It was shorter with {a.en} than with {b.en} ({numbers.en}).",
    )


def _overall_text(p: Estimate | None) -> Text:
    """More than two groups are compared by one P, without a direction."""
    if p is None or p.value is None:
        return Text("", "")
    if p.value >= SIGNIFICANT:
        return Text(
            f"各组差异无统计学意义（Log-rank 检验 {_p(p, 'zh')}）。",
            f"The groups did not differ clearly (log-rank test {_p(p, 'en')}).",
        )
    return Text(
        f"各组差异有统计学意义（Log-rank 检验 {_p(p, 'zh')}）。",
        f"The groups differed (log-rank test {_p(p, 'en')}).",
    )


def _ratio(ratio: Estimate, p: Estimate | None, language: Language) -> str:
    value, limits = format_number(ratio.value, 2), interval(ratio.low, ratio.high, 2, language)
    test = "" if p is None or p.value is None else _p(p, language)
    zh = f"HR={value}，95%CI：{limits}" + (f"；Log-rank 检验 {test}" if test else "")
    en = f"HR {value}, 95% CI {limits}" + (f"; log-rank test {test}" if test else "")
    return zh if language == "zh" else en


def response_paragraph(results: Results, population: str, groups: tuple[str, ...]) -> Paragraph | None:
    """Objective response rate of each group and the test between them."""
    keys = {"analysis": "response_rate", "population": population, "outcome": "best_response"}
    rates = {g: results.get(**keys, group=g, variable="orr", statistic="percent") for g in groups}
    rates = {g: e for g, e in rates.items() if e is not None and e.value is not None}
    if not rates:
        return None
    p = results.get(
        **keys, group=comparison_of(results.find(**keys), groups), variable="orr", statistic="p_value"
    )
    zh = "，".join(f"{name_of(g).zh}组为 {_rate(e, 'zh')}" for g, e in rates.items())
    en = " and ".join(f"{_rate(e, 'en')} with {in_sentence(name_of(g)).en}" for g, e in rates.items())
    tested = p is not None and p.value is not None
    end = Text(f"（{_p(p, 'zh')}）" if p and tested else "", f" ({_p(p, 'en')})" if p and tested else "")
    text = Text(f"客观缓解率：{zh}{end.zh}。", f"The objective response rate was {en}{end.en}.")
    return Paragraph(text, keys_of(*rates.values(), p if tested else None))


def _rate(estimate: Estimate, language: Language) -> str:
    value, limits = format_number(estimate.value, 1), interval(estimate.low, estimate.high, 1, language)
    return {"zh": f"{value}%（95%CI：{limits}）", "en": f"{value}% (95% CI {limits})"}[language]
