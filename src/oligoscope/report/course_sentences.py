"""Sentences about where and when the disease first progressed, and about the types of resistance."""

from __future__ import annotations

from oligoscope.drawing.organ_looks import organ_name
from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text, interval
from oligoscope.printing.comparison_names import in_sentence
from oligoscope.printing.matched_notes import is_matched
from oligoscope.report.comparison_sentences import is_significant, joined, keys_of
from oligoscope.results import Estimate, Results
from oligoscope.study.vocabulary import LANGUAGES, Language, Text, name_of

FEWEST = 20  # fewer patients are counted, not given in per cent
MOST_ORGANS = 3  # named in one sentence; table and figure have all


def _and(parts: list[str], language: Language) -> str:
    """A list as each language writes it: `a, b and c`."""
    if language == "zh":
        return "、".join(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _groups(results: Results, analysis: str, population: str, by: str) -> list[str]:
    found = results.find(analysis=analysis, population=population, outcome=by, statistic="n", variable="")
    return [e.group for e in found if e.group != "all" and e.value]


def _percent(estimate: Estimate) -> str:
    """A share; of few patients as a count of them, for a percentage would be too exact."""
    if estimate.n is not None and estimate.n < FEWEST and estimate.value is not None:
        return f"{round(estimate.value * estimate.n / 100)}/{estimate.n}"
    return f"{format_number(estimate.value, 1)}%"


# ---- where ----------------------------------------------------------------------------------------


def sites_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """The organs most often named in each group, and how far the disease kept to its old places."""
    keys = {"analysis": "sites", "population": population, "outcome": by, "statistic": "percent"}
    groups = _groups(results, "sites", population, by)
    organs = {g: _most(list(results.find(**keys, group=g, variable="organ"))) for g in groups}
    organs = {g: shares for g, shares in organs.items() if shares}
    if not organs:
        return None
    old = {g: results.get(**keys, group=g, variable="site_relation", level="same") for g in organs}
    kept = {g: e for g, e in old.items() if e is not None and e.value is not None}
    sentences = [_organs_text(organs)]
    if kept:
        sentences.append(_old_places_text(kept))
    used = (*(e for shares in organs.values() for e in shares), *kept.values())
    return Paragraph(joined(sentences), keys_of(*used))


def _most(shares: list[Estimate]) -> list[Estimate]:
    """The organs with the largest shares; equal ones in the order of the results."""
    return sorted((e for e in shares if e.value), key=lambda e: -(e.value or 0))[:MOST_ORGANS]


def _organs_text(organs: dict[str, list[Estimate]]) -> Text:
    def named(shares: list[Estimate], language: Language) -> str:
        gap = "" if language == "zh" else " "
        left, right = ("（", "）") if language == "zh" else ("(", ")")
        parts = [
            f"{in_sentence(organ_name(e.level))[language]}{gap}{left}{_percent(e)}{right}" for e in shares
        ]
        return _and(parts, language)

    zh = "；".join(f"{name_of(g).zh}组为{named(shares, 'zh')}" for g, shares in organs.items())
    parts = [f"{named(shares, 'en')} with {in_sentence(name_of(g)).en}" for g, shares in organs.items()]
    return Text(
        f"首次进展最常见的器官：{zh}。",
        f"The most frequent organs of first progression were {'; and '.join(parts)}.",
    )


def _old_places_text(kept: dict[str, Estimate]) -> Text:
    zh = "，".join(f"{name_of(g).zh}组为 {_percent(e)}" for g, e in kept.items())
    en = _and([f"{_percent(e)} of patients with {in_sentence(name_of(g)).en}" for g, e in kept.items()], "en")
    return Text(
        f"进展仅发生在基线已受累器官的患者比例：{zh}。",
        f"Progression was confined to organs involved at baseline in {en}.",
    )


# ---- when -----------------------------------------------------------------------------------------


def timing_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """The share of the first group in each window of months, and whether it rises or falls over the months."""
    keys = {"analysis": "timing", "population": population, "outcome": by}
    groups = _groups(results, "timing", population, by)
    if not groups:
        return None
    found = results.find(**keys, group=groups[0], variable="window", statistic="percent")
    windows = [e for e in found if e.value is not None]
    if not windows:
        return None
    trend = next((e for e in results.find(**keys, variable="month", statistic="p_value")), None)
    sentences = [_windows_text(windows, groups[0])]
    if trend is not None and trend.value is not None:
        sentences.append(_trend_text(trend, windows, groups[0]))
    return Paragraph(joined(sentences), keys_of(*windows, trend))


def _windows_text(windows: list[Estimate], group: str) -> Text:
    name = in_sentence(name_of(group))
    zh = "，".join(
        f"{_window(e).zh}为 {_percent(e)}（95%CI：{_limits(e, 'zh')}；*n*={e.n}）" for e in windows
    )
    parts = [f"{_percent(e)} {_window(e).en} (95% CI {_limits(e, 'en')}; *n*={e.n})" for e in windows]
    return Text(
        f"首次进展者中{name.zh}所占比例：{zh}。",
        f"Of the first progressions, the share of {name.en} was {_and(parts, 'en')}.",
    )


def _window(estimate: Estimate) -> Text:
    low, _, high = estimate.level.partition("-")
    if not high:
        return Text(f"{low[1:]} 个月后进展者", f"among those after month {low[1:]}")
    if low == "0":
        return Text(f"{high} 个月内进展者", f"among those up to month {high}")
    return Text(f"{low}~{high} 个月进展者", f"among those after month {low} and up to month {high}")


def _limits(estimate: Estimate, language: Language) -> str:
    return interval(estimate.low, estimate.high, 1, language)


def _trend_text(trend: Estimate, windows: list[Estimate], group: str) -> Text:
    name = in_sentence(name_of(group))
    p = Text(*(f"*P*{equals_p(trend.value, STYLES[one])}" for one in LANGUAGES))
    if not is_significant(trend):
        return Text(
            f"该比例随进展时间的变化趋势无统计学意义（Cochran-Armitage 趋势检验，{p.zh}）。",
            f"It did not clearly change with the month of progression (Cochran-Armitage test for trend, {p.en}).",
        )
    if (windows[-1].value or 0) > (windows[0].value or 0):
        return Text(
            f"总体上进展越晚，{name.zh}所占比例越高（Cochran-Armitage 趋势检验，{p.zh}）；这是进展者中的比例，不是进展的风险。",
            f"On the whole the share of {name.en} rose with the time of progression (Cochran-Armitage test for trend, {p.en}); it is "
            "a share of those who progressed, not a risk of progressing.",
        )
    return Text(
        f"总体上进展越晚，{name.zh}所占比例越低（Cochran-Armitage 趋势检验，{p.zh}）；这是进展者中的比例，不是进展的风险。",
        f"On the whole the share of {name.en} fell with the time of progression (Cochran-Armitage test for trend, {p.en}); it is "
        "a share of those who progressed, not a risk of progressing.",
    )


# ---- definitions ----------------------------------------------------------------------------------


def definitions_paragraph(results: Results, population: str, group: str) -> Paragraph | None:
    """How far the share of one pattern moves with the definition; the result hangs on it."""
    keys = {"analysis": "reclassification", "population": population, "outcome": "pattern", "level": group}
    shares = [e for e in results.find(**keys, statistic="percent", variable="") if e.value is not None]
    if len(shares) < 2:
        return None
    low, high = min(shares, key=lambda e: e.value or 0), max(shares, key=lambda e: e.value or 0)
    n, name = len(shares), in_sentence(name_of(group))
    text = Text(
        f"同一批患者按 {n} 种已命名的定义，{name.zh}的比例为 {_percent(low)} 至 {_percent(high)}。",
        f"Under {n} named definitions the share of {name.en} in the same patients ranges from {_percent(low)} to {_percent(high)}.",
    )
    return Paragraph(text, keys_of(low, high))


# ---- resistance -----------------------------------------------------------------------------------


def group_sizes_paragraph(
    results: Results, population: str, outcome: str, groups: tuple[str, ...]
) -> Paragraph | None:
    """How many patients of a population are in each group of a comparison."""
    keys = {"analysis": "survival", "population": population, "outcome": outcome, "statistic": "n"}
    sizes = {g: results.get(**keys, group=g) for g in groups}
    if any(e is None or e.value is None for e in sizes.values()):
        return None
    shown = {g: count_text(e.value or 0) for g, e in sizes.items() if e is not None}
    people = name_of(population)
    zh = "，".join(f"{name_of(g).zh} {n} 例" for g, n in shown.items())
    en = _and([f"{n} had {in_sentence(name_of(g)).en}" for g, n in shown.items()], "en")
    if is_matched(population):
        people = Text(
            f"{people.zh}中（各插补数据集的均数）",
            f"{in_sentence(people).en}, on average over the imputations",
        )
        return Paragraph(Text(f"{people.zh}，{zh}。", f"In the {people.en}, {en}."), keys_of(*sizes.values()))
    text = Text(f"{people.zh}中，{zh}。", f"In the {in_sentence(people).en}, {en}.")
    return Paragraph(text, keys_of(*sizes.values()))
