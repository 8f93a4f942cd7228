"""Kaplan-Meier curves by group, with limits, censor ticks, numbers at risk, median, HR and P."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import polars as pl

from oligoscope.figures.figure import Figure
from oligoscope.figures.survival_drawing import paint_survival
from oligoscope.figures.theme import SINGLE_COLUMN_MM
from oligoscope.number_format import STYLES, format_number, format_p
from oligoscope.results import Estimate, Results
from oligoscope.study.vocabulary import LANGUAGES, Language, Text, name_of
from oligoscope.study.withheld import reason

NOT_REACHED = "NR"


@dataclass(frozen=True)
class Curves:
    """What one drawing shows: two frames and the estimates printed beside them."""

    outcome: str
    km: pl.DataFrame
    at_risk: pl.DataFrame
    groups: tuple[str, ...]
    medians: dict[str, Estimate | None]
    hazard_ratio: Estimate | None
    log_rank: Estimate | None

    @property
    def printed(self) -> tuple[Estimate, ...]:
        found = (*self.medians.values(), self.hazard_ratio, self.log_rank)
        return tuple(e for e in found if e is not None)


def draw_survival_curve(
    results: Results,
    population: str = "progressed",
    by: str = "pattern",
    outcome: str = "os",
    *,
    synthetic: bool = False,
) -> Figure:
    """Survival of each group of `by` from the series `km/…` and `at_risk/…` of the same names.

    Raises:
        KeyError: The series of this population, grouping and outcome was not made.
    """
    curves = curves_of(results, population, by, outcome)
    return Figure(
        id=f"survival_{population}_{by}_{outcome}",
        title=_title(population, by, outcome),
        caption=_caption(curves),
        alt=_alt(curves),
        data=curves.km,
        painter=lambda language: paint_survival(
            curves.km, curves.at_risk, curves.outcome, legend_lines(curves, language), language
        ),
        estimates=curves.printed,
        synthetic=synthetic,
        width_mm=SINGLE_COLUMN_MM,
    )


_CAPTION = Text(
    "阴影为 95% 置信区间（CI），竖线为删失；曲线下方为风险人数（累计事件数）。HR：风险比（Cox 模型）；NR：未达到。",
    "Bands are 95% confidence intervals (CI), ticks are censored patients; below the curves the number at risk "
    "(cumulative events). HR: hazard ratio (Cox model); NR: not reached.",
)


def _caption(curves: Curves) -> Text:
    """The legend in words, and what makes the comparison doubtful: a picture travels without its page."""
    found = (curves.hazard_ratio, curves.log_rank)
    doubts = "; ".join(
        dict.fromkeys(
            w for e in found if e is not None and e.value is not None for w in e.warning.split("; ") if w
        )
    )
    if not doubts:
        return _CAPTION
    why = reason(doubts)
    return Text(f"{_CAPTION.zh}解读时注意：{why.zh}。", f"{_CAPTION.en} Read with care: {why.en}.")


def _title(population: str, by: str, outcome: str) -> Text:
    people, groups, what = name_of(population), name_of(by), name_of(outcome)
    return Text(
        f"{people.zh}按{groups.zh}分组的{what.zh} Kaplan-Meier 曲线",
        f"Kaplan-Meier curves of {what.en.lower()} in the {people.en.lower()} by {groups.en.lower()}",
    )


def curves_of(results: Results, population: str, by: str, outcome: str) -> Curves:
    """Everything one picture shows, found in the results."""
    name = f"{population}/{by}/{outcome}"
    km = results.series[f"km/{name}"]
    groups = tuple(km["group"].unique(maintain_order=True))
    keys = {"analysis": "survival", "population": population, "outcome": outcome}
    comparison = _comparison(results, keys, groups)
    return Curves(
        outcome,
        km,
        results.series[f"at_risk/{name}"],
        groups,
        {g: results.get(**keys, group=g, statistic="median") for g in groups},
        results.get(**keys, group=comparison, statistic="hazard_ratio"),
        results.get(**keys, group=comparison, variable="log_rank", statistic="p_value"),
    )


def _comparison(results: Results, keys: dict[str, str], groups: tuple[str, ...]) -> str:
    """The `A vs B` of these groups; blank where they were not compared."""
    found = (e.group for e in results.find(**keys) if " vs " in e.group)
    return next((g for g in found if set(g.split(" vs ")) <= set(groups)), "")


def legend_lines(curves: Curves, language: Language) -> tuple[tuple[str, str | None], ...]:
    """Lines above the curves: (text, group whose line is drawn before it or None)."""
    medians = [(_median_text(g, curves.medians[g], language), g) for g in curves.groups]
    return (*medians, *((text, None) for text in _comparison_texts(curves, language)))


def _limits(estimate: Estimate, decimals: int, language: Language) -> str:
    limits = (estimate.low, estimate.high)
    ends = [NOT_REACHED if x is None or isnan(x) else format_number(x, decimals) for x in limits]
    return STYLES[language].range_separator.join(ends)


def _median_text(group: str, median: Estimate | None, language: Language) -> str:
    name = name_of(group)[language]
    if median is None:
        return name
    if median.value is None and median.low is None:
        return {"zh": f"{name}：中位值 {NOT_REACHED}", "en": f"{name}: median {NOT_REACHED}"}[language]
    limits = _limits(median, 1, language)
    if median.value is None:
        return {
            "zh": f"{name}：中位值 {NOT_REACHED}（95%CI：{limits}）",
            "en": f"{name}: median {NOT_REACHED} (95% CI {limits})",
        }[language]
    value = format_number(median.value, 1)
    return {
        "zh": f"{name}：中位值 {value} 个月（95%CI：{limits}）",
        "en": f"{name}: median {value} months (95% CI {limits})",
    }[language]


def _comparison_texts(curves: Curves, language: Language) -> list[str]:
    texts = []
    ratio, p = curves.hazard_ratio, curves.log_rank
    if ratio is not None:
        texts.append(_ratio_text(ratio, language))
    if p is not None and p.value is not None:
        shown = format_p(p.value, STYLES[language])
        shown = shown if shown.startswith("<") else f"={shown}"
        texts.append({"zh": f"Log-rank 检验 *P*{shown}", "en": f"Log-rank test *P*{shown}"}[language])
    return texts


def _ratio_text(ratio: Estimate, language: Language) -> str:
    if ratio.value is None:
        why = reason(ratio.warning)
        return {"zh": f"HR 未给出：{why.zh}", "en": f"HR not given: {why.en}"}[language]
    value, limits = format_number(ratio.value, 2), _limits(ratio, 2, language)
    reference = name_of(ratio.group.split(" vs ")[-1])
    return {
        "zh": f"HR={value}（95%CI：{limits}），参照：{reference.zh}",
        "en": f"HR {value} (95% CI {limits}), reference: {reference.en.lower()}",
    }[language]


def _alt(curves: Curves) -> Text:
    def sentence(language: Language) -> str:
        lines = [text for text, _ in legend_lines(curves, language)]
        what = name_of(curves.outcome)[language]
        joined = ("；" if language == "zh" else "; ").join(lines).replace("*", "")
        return {"zh": f"{what}曲线。{joined}。", "en": f"Curves of {what.lower()}. {joined}."}[language]

    zh, en = (sentence(language) for language in LANGUAGES)
    return Text(zh, en)
