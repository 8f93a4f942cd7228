"""Two pictures of the weights: the balance they give, and the survival of the weighted groups."""

from __future__ import annotations

from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.love import LoveRow, Mark, is_infinite, paint_love
from oligoscope.drawing.survival import Legend, LegendRow, paint_survival
from oligoscope.drawing.theme import SINGLE_COLUMN_MM
from oligoscope.number_format import format_number
from oligoscope.plain_text import plain
from oligoscope.printing.cells import interval_words, median_months, whole_number
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.forest_texts import reading_with_care
from oligoscope.printing.method_texts import were_imputed
from oligoscope.printing.sentences import joined, p_words
from oligoscope.printing.table import each_language
from oligoscope.questions.weighting.survival_words import lead_of
from oligoscope.questions.weighting.targets import IN_WORDS, SHORT
from oligoscope.results.analyses import WEIGHTED_BALANCE, WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import found_groups, in_sentence, is_comparison, is_of, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of, variable_name

_UNWEIGHTED = "unweighted"
_MARKS: dict[str, tuple[str, str, bool]] = {
    "overlap": ("D", "#0072B2", True),
    "ate": ("s", "#009E73", False),
    "att": ("^", "#CC79A7", False),
    "entropy_ate": ("v", "#E69F00", False),
    "entropy_att": ("x", "#000000", True),
}


def draw_weighted_balance(results: Results, population: str, by: str, compared: str, limit: float) -> Figure:
    """|SMD| of every level without weights and with each of them; of two levels, whose values are equal, the first.

    Raises:
        KeyError: Nothing was weighted.
    """
    found = results.find(analysis=WEIGHTED_BALANCE, population=population, group=compared)
    if not found:
        raise KeyError(f"weighted_balance/{population}")
    targets = list(dict.fromkeys(e.outcome for e in found))
    marks = {_UNWEIGHTED: Mark(Text("未加权", "Unweighted"), "o", "#D55E00", is_filled=False)}
    marks |= {t: Mark(SHORT[t], *_MARKS[t][:2], is_filled=_MARKS[t][2]) for t in targets}
    shown = [*_levels(found)]
    rows = [LoveRow(_level_name(*place), _sizes(found, *place)) for place in shown]
    order = sorted(range(len(rows)), key=lambda i: -rows[i].sizes.get(_UNWEIGHTED, 0.0))
    rows, shown = [rows[i] for i in order], [shown[i] for i in order]
    infinite = _INFINITE if any(map(is_infinite, rows)) else Text("", "")
    people, said = name_of(population), in_sentence(versus(compared))
    means = _MEANS if were_imputed(results, population) else Text("", "")
    return Figure(
        id=f"weighting_balance_{population}_{by}",
        title=Text(
            f"{people.zh}加权前后各水平的 |SMD|（{said.zh}）",
            f"|SMD| of every level with and without weights in the {in_sentence(people).en} ({said.en})",
        ),
        caption=joined(
            [
                Text(
                    f"虚线为预设限值 {limit:g}{means.zh}。|SMD|：标准化均数差的绝对值。",
                    f"The dashed line is the limit set beforehand, {limit:g}{means.en}. |SMD|: absolute standardised mean difference.",
                ),
                *([infinite] if infinite.en else []),
            ]
        ),
        alt=_alt_of_balance(rows, targets, limit),
        data=_frame(shown, rows, list(marks)),
        painter=lambda language: paint_love(rows, marks, limit, language),
        estimates=tuple(e for e in found if e.statistic in _DRAWN and (e.variable, e.level) in shown),
        width_mm=SINGLE_COLUMN_MM,
    )


_MEANS = Text("；加权后为各插补的均值", "; with weights means over the imputations")
_DRAWN = (Statistic.SMD_UNWEIGHTED, Statistic.SMD_WEIGHTED_ABSOLUTE)
_INFINITE = Text("∞：差值无穷大，绘于右缘。", "∞: the difference is infinite; drawn at the right edge.")


def _levels(found: list[Estimate]) -> list[tuple[str, str]]:
    places = []
    for variable in dict.fromkeys(e.variable for e in found):
        levels = list(dict.fromkeys(e.level for e in found if e.variable == variable and e.level)) or [""]
        places += [(variable, level) for level in (levels[:1] if len(levels) == 2 else levels)]
    return places


def _level_name(variable: str, level: str) -> Text:
    name = variable_name(variable)
    if not level:
        return name
    part = in_sentence(name_of(level))
    return Text(f"{name.zh}：{part.zh}", f"{name.en}: {part.en}")


def _sizes(found: list[Estimate], variable: str, level: str) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for e in found:
        if (e.variable, e.level) == (variable, level) and e.statistic in _DRAWN and e.value is not None:
            column = _UNWEIGHTED if e.statistic == Statistic.SMD_UNWEIGHTED else e.outcome
            sizes[column] = abs(e.value)
    return sizes


def _frame(shown: list[tuple[str, str]], rows: list[LoveRow], columns: list[str]) -> pl.DataFrame:
    data = [
        {"variable": v, "level": level, **{c: row.sizes.get(c) for c in columns}}
        for (v, level), row in zip(shown, rows, strict=True)
    ]
    return pl.DataFrame(
        data, schema={"variable": pl.String, "level": pl.String, **dict.fromkeys(columns, pl.Float64)}
    )


def _alt_of_balance(rows: list[LoveRow], targets: list[str], limit: float) -> Text:
    over = {t: sum(row.sizes.get(t, 0.0) > limit for row in rows) for t in (_UNWEIGHTED, *targets)}
    zh = "；".join(f"{SHORT[t].zh} {over[t]} 个" for t in targets)
    en = "; ".join(f"{SHORT[t].en} {over[t]}" for t in targets)
    return Text(
        f"加权均衡性图。{len(rows)} 个水平中超过 {limit:g} 者：未加权 {over[_UNWEIGHTED]} 个；{zh}。",
        f"Love plot of the weights. Of {Count(len(rows)):level|levels}, above {limit:g}: unweighted {over[_UNWEIGHTED]}; {en}.",
    )


# ---- curves ---------------------------------------------------------------------------------------------------------


def is_drawn(results: Results, population: str, by: str, outcome: str) -> bool:
    """Whether both groups have a curve."""
    frame = results.series.get(f"km/weighted/{population}/{by}/{outcome}")
    return frame is not None and _steps(frame)["group"].n_unique() == 2


def _steps(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.len().over("group") > 1)


def draw_weighted_curves(results: Results, population: str, by: str, outcome: str) -> Figure:
    """The weighted Kaplan-Meier curves of the two groups, with weighted numbers at risk.

    Raises:
        KeyError: They were not made.
    """
    name = f"weighted/{population}/{by}/{outcome}"
    km, at_risk = _steps(results.series[f"km/{name}"]), results.series[f"at_risk/{name}"]
    keys: dict[str, Any] = {"analysis": WEIGHTING, "population": population, "outcome": outcome}
    rows = [e for e in results.find(**keys) if is_of(e.group, by)]
    target = lead_of(rows)
    found = [e for e in rows if e.variable == target]
    words = km["group"].unique(maintain_order=True)
    groups = found_groups(by, words, (e.group for e in found if not is_comparison(e.group)))
    at = {(e.group, e.statistic): e for e in found}
    pair = next(e.group for e in found if is_comparison(e.group))
    ratio, p = at.get((pair, Statistic.HAZARD_RATIO)), at.get((pair, Statistic.P_VALUE_LOG_RANK))
    of_groups = [at.get((g, s)) for g in groups for s in (Statistic.N, Statistic.EVENTS, Statistic.MEDIAN)]
    printed = tuple(e for e in (*of_groups, ratio, p) if e is not None)

    def legend(language: Language) -> Legend:
        shown = tuple(
            LegendRow(g, _cells(at, g, language), _value(at.get((g, Statistic.MEDIAN)))) for g in groups
        )
        return Legend(tuple(h[language] for h in _HEADS), shown, tuple(_lines(ratio, p, language)))

    people, what, weights = name_of(population), in_sentence(column_name(outcome)), IN_WORDS[target]
    return Figure(
        id=f"weighting_{population}_{by}_{outcome}",
        title=Text(
            f"{people.zh}加权后的{what.zh} Kaplan-Meier 曲线（{weights.zh}）",
            f"Weighted Kaplan-Meier curves of {what.en} in the {in_sentence(people).en} ({weights.en})",
        ),
        caption=joined([_CAPTION, reading_with_care(e for e in (ratio, p) if e is not None)]),
        alt=each_language(lambda lang: _alt(groups, legend(lang), what, lang)),
        data=km,
        painter=lambda lang: paint_survival(km, at_risk, outcome, legend(lang), lang),
        estimates=printed,
        width_mm=SINGLE_COLUMN_MM,
    )


_HEADS = (
    Text("例数", "*n*"),
    Text("事件数", "Events"),
    Text("中位时间/月（95%CI）", "Median, months (95% CI)"),
)
_CAPTION = Text(
    "阴影为 95% 置信区间（CI），权重视为已知；例数与事件数为未加权的患者数，曲线下方的风险人数与事件数为权重之和，各组的权重按该组例数折算。"
    "HR：风险比（加权 Cox 模型）。",
    "Bands are 95% confidence intervals (CI), for which the weights are taken as known; patients and events are unweighted, numbers at "
    "risk and events below the curves are sums of weights, scaled to the patients of each group. HR: hazard ratio (weighted Cox model).",
)


def _cells(at: dict[tuple[str, Any], Estimate], group: str, language: Language) -> tuple[str, ...]:
    n, events = (whole_number(at.get((group, s))).text[language] for s in (Statistic.N, Statistic.EVENTS))
    return n, events, median_months(at.get((group, Statistic.MEDIAN)), Footnotes()).text[language]


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def _lines(ratio: Estimate | None, p: Estimate | None, language: Language) -> list[str]:
    lines = []
    if ratio is not None and ratio.value is not None:
        value, limits = format_number(ratio.value, 2), interval_words(ratio.low, ratio.high, 2, language)
        reference = name_of(parts_of(ratio.group)[-1])
        lines.append(
            {
                "zh": f"HR={value}（{limits}），参照：{reference.zh}",
                "en": f"HR {value} ({limits}), reference: {in_sentence(reference).en}",
            }[language]
        )
    if p is not None and p.value is not None:
        lines.append(
            Text("加权 Log-rank 检验 ", "Weighted log-rank test ")[language] + p_words(p, language, None)
        )
    return lines


def _alt(
    groups: tuple[str, ...],
    legend: Legend,
    what: Text,
    language: Language,
) -> str:
    parts = []
    for group, row in zip(groups, legend.rows, strict=True):
        median = row.cells[-1]
        name = name_of(group)[language]
        parts.append(
            {"zh": f"{name}：中位时间 {median} 个月", "en": f"{name}: median {median} months"}[language]
        )
    found = plain(("；" if language == "zh" else "; ").join([*parts, *legend.lines]))
    return {"zh": f"加权后的{what.zh}曲线。{found}。", "en": f"Weighted curves of {what.en}. {found}."}[
        language
    ]
