"""Kaplan-Meier curves by group, with limits, censor ticks, numbers at risk, median, HR and P; several on one plate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.months import TimeAxis, left_at, numbers_at_risk
from oligoscope.drawing.plate import Panel, caption_by_letter, draw_plate, letters_of, sentences_by_letter
from oligoscope.drawing.survival import Frame, Legend, LegendRow, paint_survival
from oligoscope.drawing.theme import SINGLE_COLUMN_MM, TEXT_WIDTH_MM
from oligoscope.number_format import format_number
from oligoscope.plain_text import plain
from oligoscope.printing.cautions import is_described_only
from oligoscope.printing.cells import NOT_REACHED_NOTE, interval_words, median_months, whole_number
from oligoscope.printing.changing_hazards import Change, change_of, changing_lines, lines_in_caption
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import is_matched, missed_balance
from oligoscope.printing.sentences import joined, listed_names, p_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import DELAYED_ENTRY, SURVIVAL
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import found_groups, in_sentence, is_comparison, is_of, parts_of
from oligoscope.study.vocabulary import column_name, name_of

MOST_PANELS = 4  # two rows: what a page holds


@dataclass(frozen=True)
class Curves:
    """What one drawing shows: two frames and the estimates printed beside them."""

    outcome: str
    km: pl.DataFrame
    at_risk: pl.DataFrame
    groups: tuple[str, ...]
    sizes: dict[str, Estimate | None]
    events: dict[str, Estimate | None]
    medians: dict[str, Estimate | None]
    hazard_ratio: Estimate | None
    log_rank: Estimate | None
    statistic: Estimate | None = None  # of the log-rank test, where it is printed
    missed: Warnings = NO_WARNING  # the balance, where the patients are matched
    late: bool = False  # whether patients came under observation after treatment had started
    undrawn: tuple[str, ...] = ()  # groups with too few patients or events
    described: bool = False  # whether the event itself makes the groups, which are then not compared
    change: Change | None = None  # where the hazard ratio changes with time

    @property
    def left(self) -> list[str]:
        """Of each group, how many are at risk at the horizon of restricted means; unknown where some enter late."""
        until = None if self.change is None or self.late else _value(self.change.horizon)
        return [] if until is None else left_at(self.km, until)

    def are(self, part: MethodPart) -> bool:
        """Whether a curve was made in this way."""
        return any(e is not None and e.method.has(part) for e in self.medians.values())

    @property
    def printed(self) -> tuple[Estimate, ...]:
        of_groups = (e for each in (self.sizes, self.events, self.medians) for e in each.values())
        changed = () if self.change is None else self.change.printed
        found = (*of_groups, self.hazard_ratio, self.log_rank, self.statistic, *changed)
        return tuple(e for e in found if e is not None)


def draw_survival_curve(
    results: Results,
    population: str = "progressed",
    by: str = "pattern",
    outcome: str = Outcome.OS,
    frame: Frame | None = None,
) -> Figure:
    """Survival of each group of `by` from the series `km/…` and `at_risk/…` of the same names.

    Args:
        results: Estimates and series.
        population: Whose survival.
        by: What makes the groups.
        outcome: From when, until which event.
        frame: How the picture is set.

    Raises:
        KeyError: The series of this population, grouping and outcome was not made.
    """
    return _figure_of(curves_of(results, population, by, outcome), population, by, frame or Frame())


def _figure_of(
    curves: Curves,
    population: str,
    by: str,
    frame: Frame,
    beside: Sequence[Curves] = (),
) -> Figure:
    """The axes begin as far below the top as those of the panels beside it in its row."""
    return Figure(
        id=f"survival_{population}_{by}_{curves.outcome}",
        title=_title(curves, population, by),
        caption=joined([legend_of(curves), doubts_about(curves)]),
        alt=_alt(curves),
        data=curves.km,
        painter=lambda language: paint_survival(
            curves.km, curves.at_risk, curves.outcome, legend_table(curves, language), language,
            replace(frame, beside=[legend_table(other, language) for other in beside]),
        ),
        estimates=curves.printed,
        width_mm=TEXT_WIDTH_MM if frame.is_wide else SINGLE_COLUMN_MM,
    )  # fmt: skip


_CAPTION = Text(
    "阴影为 95% 置信区间（CI），竖线为删失；曲线下方为风险人数（累计事件数）。",
    "Bands are 95% confidence intervals (CI), ticks are censored patients; below the curves the number at risk "
    "(cumulative events).",
)
_RATIO = Text("HR：风险比（Cox 模型）。", "HR: hazard ratio (Cox model).")
_POOLED_RATIO = Text("HR：风险比（Cox 模型，合并）。", "HR: hazard ratio (Cox model, pooled).")
_DESCRIBED = Text(
    "首次进展本身决定分组，只作描述。", "Groups defined at the first progression: described, not compared."
)
_CAPTION_OF_ONE = Text(
    "阴影为 95% 置信区间（CI），竖线为删失；曲线下方为风险人数（累计事件数）。",
    "The band is the 95% confidence interval (CI), ticks are censored patients; below the curve the number at risk "
    "(cumulative events).",
)
_POOLED_CAPTION = Text(
    "曲线按 log(-log S) 尺度合并各插补数据集，阴影为 95% 置信区间（CI），不标删失，曲线止于任一数据集的曲线降至 0 或终止之处；曲线下方为风险人数（累计事件数）；例数、事件数与风险人数均为各数据集的均数，取整。",
    "Curves are pooled over the imputations on log(-log S), bands are 95% confidence intervals (CI), censored patients are "
    "not marked, and a curve ends where that of any imputation ends or has come down to 0; below the curves the number at risk (cumulative events). Patients, events and numbers at risk are means over "
    "the imputations, rounded.",
)
_MEDIANS = Text(
    "细虚线由 50% 指向各组的中位时间。", "Thin dashed lines lead from 50% to the median of each group."
)
_MEDIAN_OF_ONE = Text("细虚线由 50% 指向中位时间。", "A thin dashed line leads from 50% to the median.")
_WEIGHTED = Text(
    "患者按匹配权重计，曲线下方的风险人数与事件数为权重之和。",
    "Patients count by the weights of the matching; below the curves numbers at risk and events are sums of weights.",
)
_LATE = Text(
    "风险人数只计当时已进入观察者。", "Numbers at risk count those who had come under observation by then."
)


def legend_of(curves: Curves, *, in_short: bool = False) -> Text:
    """How to read the picture; in short, without the lines to the medians, what HR is and what the picture names itself."""
    return joined(_legend(curves, in_short=in_short))


def _legend(curves: Curves, *, in_short: bool = False) -> list[Text]:
    """Its sentences."""
    own, ratio = (_CAPTION, [_RATIO]) if len(curves.groups) > 1 else (_CAPTION_OF_ONE, [])
    if curves.are(MethodPart.POOLED_LOG_LOG):
        own, ratio = _POOLED_CAPTION, [_POOLED_RATIO]
    elif in_short and len(curves.groups) > 1:
        own = _CAPTION_IN_SHORT
    ratio = [_DESCRIBED] if curves.described else [] if in_short else ratio
    is_marked = any(e is not None and e.value is not None for e in curves.medians.values())
    more = (
        [NOT_REACHED_NOTE] if any(e is not None and e.value is None for e in curves.medians.values()) else []
    )
    if is_marked and not in_short:
        more.append(_MEDIANS if len(curves.groups) > 1 else _MEDIAN_OF_ONE)
    more += [_WEIGHTED] if curves.are(MethodPart.WEIGHTED_KAPLAN_MEIER) else []
    more += [_LATE] if curves.late else []
    more += [lines_in_caption(curves.change, curves.left, in_short=in_short)]
    return [text for text in (own, *ratio, *more, *_undrawn(curves.undrawn)) if text.en]


_CAPTION_IN_SHORT = Text("阴影为 95%CI，竖线为删失。", "Bands: 95% CI; ticks: censored patients.")


def _undrawn(groups: Sequence[str]) -> Iterator[Text]:
    if groups:
        names = listed_names(map(name_of, groups))
        yield Text(
            f"例数或事件数过少、未绘曲线的组：{names.zh}。",
            f"Groups with too few patients or events to be drawn: {names.en}.",
        )


def doubts_about(curves: Curves) -> Text:
    """What makes the comparison doubtful, blank where nothing does: a picture travels without its page."""
    compared = (e for e in (curves.hazard_ratio, curves.log_rank) if e is not None and e.value is not None)
    doubts = join(*(e.warning for e in compared), curves.missed)
    if curves.change is not None:  # the legend says so
        doubts = doubts.without(WarningCode.NON_PROPORTIONAL)
    why = doubts.printed
    return Text(f"解读时注意：{why.zh}。", f"Interpret with caution: {why.en}.") if doubts else Text("", "")


def _title(curves: Curves, population: str, by: str) -> Text:
    """Of one group nothing is compared, so nothing is named as compared."""
    what = in_sentence(column_name(curves.outcome))
    title = Text(
        f"{{people}}按{{groups}}分组的{what.zh} Kaplan-Meier 曲线",
        f"Kaplan-Meier curves of {what.en} in the {{people}} by {{groups}}",
    )
    if len(curves.groups) == 1:
        title = Text(
            f"{{people}}的{what.zh} Kaplan-Meier 曲线", f"Kaplan-Meier curve of {what.en} in the {{people}}"
        )
    return titled(title, population, by)


def is_drawn(results: Results, population: str, by: str, outcome: str) -> bool:
    """Whether there is a curve, and where groups were compared a second one: a group that is too small has none."""
    frame = results.series.get(f"km/{population}/{by}/{outcome}")
    if frame is None:
        return False
    n_drawn, n_groups = _steps(frame)["group"].n_unique(), frame["group"].n_unique()
    return n_drawn >= min(n_groups, 2) > 0


def _steps(frame: pl.DataFrame) -> pl.DataFrame:
    """The curves that are drawn: of a group that is too small the series has month 0 alone."""
    return frame.filter(pl.len().over("group") > 1)


def curves_of(results: Results, population: str, by: str, outcome: str) -> Curves:
    """Everything one picture shows, found in the results."""
    name = f"{population}/{by}/{outcome}"
    whole = results.series[f"km/{name}"]
    km = _steps(whole)
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": population, "outcome": outcome}
    sizes = results.find(**keys, statistic=Statistic.N)
    groups = _groups(by, km, sizes)
    comparison = _comparison(results, keys, groups, by)
    log_rank = results.get(**keys, group=comparison, variable="log_rank", statistic=Statistic.P_VALUE)

    described = bool(comparison) and is_described_only(population, by, outcome)
    ratio = None if described else results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO)

    def of_each(statistic: Statistic) -> dict[str, Estimate | None]:
        return {g: results.get(**keys, group=g, statistic=statistic) for g in groups}

    return Curves(
        outcome, km, results.series[f"at_risk/{name}"], groups,
        of_each(Statistic.N), of_each(Statistic.EVENTS), of_each(Statistic.MEDIAN),
        ratio,
        None if described else log_rank,
        None if described else statistic_of(results.find(**keys), log_rank),
        missed_balance(results).without(WarningCode.UNSEALED) if is_matched(population) else NO_WARNING,
        any(e.value for e in results.find(analysis=DELAYED_ENTRY, statistic=Statistic.N_ENTERED_LATE)),
        tuple(g for g in _groups(by, whole, sizes) if g not in groups),
        described,
        change_of(results, ratio),
    )  # fmt: skip


def _groups(by: str, frame: pl.DataFrame, sizes: Sequence[Estimate]) -> tuple[str, ...]:
    return found_groups(by, frame["group"].unique(maintain_order=True), (e.group for e in sizes))


def _comparison(results: Results, keys: dict[str, Any], groups: tuple[str, ...], by: str) -> str:
    """The `A vs B` of these groups; blank where they were not compared."""
    found = (e.group for e in results.find(**keys) if is_comparison(e.group))
    return next((g for g in found if set(parts_of(g)) <= set(groups) and is_of(g, by)), "")


_HEADS = (
    Text("例数", "*n*"),
    Text("事件数", "Events"),
    Text("中位时间/月（95%CI）", "Median, months (95% CI)"),
)


def legend_table(curves: Curves, language: Language) -> Legend:
    """The table above the curves: patients, events and median of each group, then the comparison."""
    heads = tuple(head[language] for head in _HEADS)
    rows = tuple(
        LegendRow(g, _cells_of(curves, g, language), _value(curves.medians[g])) for g in curves.groups
    )
    horizon = None if curves.change is None else curves.change.horizon
    return Legend(heads, rows, tuple(_comparison_texts(curves, language)), _value(horizon))


def legend_in_words(curves: Curves, language: Language) -> list[str]:
    """The same, a group a sentence."""
    sentences = []
    for group in curves.groups:
        n, events, median = _cells_of(curves, group, language)
        name = name_of(group)[language]
        sentences.append({
            "zh": f"{name}：{n} 例，{events} 例发生事件，中位时间 {median} 个月",
            "en": f"{name}: {Count(n):patient|patients}, {Count(events):event|events}, median {median} months",
        }[language])  # fmt: skip
    return [*sentences, *_comparison_texts(curves, language)]


def _cells_of(curves: Curves, group: str, language: Language) -> tuple[str, str, str]:
    """Patients, events and the median with its limits, as printed."""
    counts = (whole_number(e).text[language] for e in (curves.sizes[group], curves.events[group]))
    n, events = counts
    return n, events, median_months(curves.medians[group], Footnotes()).text[language]


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def _comparison_texts(curves: Curves, language: Language) -> list[str]:
    ratio, p = curves.hazard_ratio, curves.log_rank
    texts = [] if ratio is None else [_ratio_text(ratio, language)]
    if p is not None and p.value is not None:
        texts.append(
            Text("Log-rank 检验 ", "Log-rank test ")[language] + p_words(p, language, curves.statistic)
        )
    texts += changing_lines(curves.change, language)
    return texts


def _ratio_text(ratio: Estimate, language: Language) -> str:
    if ratio.value is None:
        why = ratio.warning.printed
        return {"zh": f"HR 未给出：{why.zh}", "en": f"HR not given: {why.en}"}[language]
    value, limits = format_number(ratio.value, 2), interval_words(ratio.low, ratio.high, 2, language)
    reference = name_of(parts_of(ratio.group)[-1])
    return {
        "zh": f"HR={value}（{limits}），参照：{reference.zh}",
        "en": f"HR {value} ({limits}), reference: {in_sentence(reference).en}",
    }[language]


def _alt(curves: Curves) -> Text:
    def sentence(language: Language) -> str:
        lines = legend_in_words(curves, language)
        what = in_sentence(column_name(curves.outcome))[language]
        found = plain(("；" if language == "zh" else "; ").join(lines))
        return {"zh": f"{what}曲线。{found}。", "en": f"Curves of {what}. {found}."}[language]

    return each_language(sentence)


def draw_survival_plate(
    results: Results,
    name: str,
    title: Text,
    shown: Sequence[tuple[str, str]],
    by: str = "pattern",
    beside: Sequence[tuple[str, str]] = (),
) -> Figure:
    """One panel for each (population, outcome), in this order; a single one is a figure with its own name.

    Panels of an outcome share their axis of time, also with those `beside` them on another plate.

    Raises:
        KeyError: The series of a population, grouping and outcome was not made.
    """
    together = (*shown, *beside)
    axes = {outcome: _shared_axis(results, together, by, outcome) for outcome in {o for _, o in shown}}
    if len(shown) == 1:
        ((population, outcome),) = shown
        return draw_survival_curve(results, population, by, outcome, Frame(axes[outcome]))
    is_one_population = len({population for population, _ in shown}) == 1
    curves = [curves_of(results, population, by, outcome) for population, outcome in shown]
    panels = []
    for i, (population, outcome) in enumerate(shown):
        in_row = [curves[k] for k in range(i - i % 2, len(curves))[:2] if k != i]  # two fit side by side
        figure = _figure_of(curves[i], population, by, Frame(axes[outcome]), in_row)
        panels.append(Panel(figure, _panel_name(population, outcome, is_one_population=is_one_population)))
    return draw_plate(name, title, panels, _plate_caption(curves))


def _shared_axis(results: Results, shown: Sequence[tuple[str, str]], by: str, outcome: str) -> TimeAxis:
    """The axis of all panels of an outcome on the plate."""
    names = [f"{population}/{by}/{o}" for population, o in shown if o == outcome]
    series = results.series
    return TimeAxis.over(
        TimeAxis.of(series[f"km/{name}"], numbers_at_risk(series[f"at_risk/{name}"])) for name in names
    )


def _panel_name(population: str, outcome: str, *, is_one_population: bool) -> Text:
    what, people = column_name(outcome), name_of(population)
    if is_one_population:
        return what
    return Text(f"{what.zh}，{people.zh}", f"{what.en}, {in_sentence(people).en}")


def _plate_caption(shown: Sequence[Curves]) -> Text:
    """How to read the curves; then what makes a panel doubtful, with its letters."""
    curves = dict(zip(letters_of(shown), shown, strict=True))
    doubts = caption_by_letter({letter: doubts_about(c) for letter, c in curves.items()})
    return joined([sentences_by_letter({letter: _legend(c) for letter, c in curves.items()}), doubts])
