"""What is printed beside a hazard ratio that changes with time: sentences, lines of a legend, rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import bracketed, interval, interval_words
from oligoscope.printing.sentences import changing_text, joined, p_words, ratio_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import LandmarkAfter, LandmarkAt, Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import is_comparison

_OF_MEANS, _OF_WEIGHTS = Statistic.RESTRICTED_MEAN, "weighted_log_rank"


_SINCE: dict[str, Text] = {
    Outcome.PPS: Text("自首次进展起", "since the first progression"),
    Outcome.DOR: Text("自首次缓解起", "since the first response"),
    Outcome.PFS2: Text("自后线治疗开始起", "since the start of the later line"),
}
_SINCE_TREATMENT = Text("自治疗开始起", "since the start of treatment")
_SINCE_LANDMARK = Text("自界标起", "since the landmark")


@dataclass(frozen=True, slots=True)
class Change:
    """What was reported beside one ratio; None where it was not, or is withheld.

    Attributes:
        said: That the ratio changes with time, with the P of the test.
        since: What its months are counted from.
        test: Of proportional hazards.
        periods: Ratios that are given, in order.
        gap: The difference in restricted means.
        horizon: Up to which they go.
        p_of_gap: Of the difference.
        weighted: P of the weighted log-rank test.
        statistic: Of that test, where the style asks for it.
    """

    said: Text
    since: Text
    test: Estimate | None
    periods: tuple[Estimate, ...]
    gap: Estimate | None
    horizon: Estimate | None
    p_of_gap: Estimate | None
    weighted: Estimate | None
    statistic: Estimate | None

    @property
    def printed(self) -> tuple[Estimate, ...]:
        """Every estimate of it."""
        found = (
            self.test,
            *self.periods,
            self.gap,
            self.horizon,
            self.p_of_gap,
            self.weighted,
            self.statistic,
        )
        return tuple(e for e in found if e is not None)


def change_of(results: Results, ratio: Estimate | None) -> Change | None:
    """What is given beside a ratio; None where it does not change with time."""
    if ratio is None:
        return None
    keys: dict[str, Any] = {
        "analysis": ratio.analysis, "population": ratio.population, "outcome": ratio.outcome, "group": ratio.group,
    }  # fmt: skip
    own = results.find(**keys)
    if ratio.variable:  # a landmark, which its other rows name, too
        own = [e for e in own if e.variable == ratio.variable]
    if ratio.level:  # of a definition: the patterns compared
        own = [e for e in own if e.level == ratio.level]
    test = next((e for e in own if e.statistic == Statistic.P_VALUE_PROPORTIONAL_HAZARDS), None)
    if test is None:  # of a model with several ratios there is one test
        test = results.get(
            analysis=ratio.analysis,
            population=ratio.population,
            outcome=ratio.outcome,
            statistic=Statistic.P_VALUE_PROPORTIONAL_HAZARDS,
        )
    said = changing_text(ratio, test)
    is_from_landmark = isinstance(ratio.variable, (LandmarkAt, LandmarkAfter))
    if not said.en:
        return None
    given = [e for e in own if e.value is not None]

    def one(statistic: Statistic, name: str = "") -> Estimate | None:
        found = (e for e in given if e.statistic == statistic)
        return next((e for e in found if not name or name in {e.variable, e.level}), None)

    weighted = one(Statistic.P_VALUE, _OF_WEIGHTS)
    gap, horizon = one(Statistic.RESTRICTED_MEAN_DIFFERENCE), one(Statistic.RESTRICTED_MEAN_HORIZON)
    return Change(
        said=said,
        since=_SINCE_LANDMARK if is_from_landmark else _SINCE.get(ratio.outcome, _SINCE_TREATMENT),
        test=test,
        periods=tuple(e for e in given if e.statistic == Statistic.HAZARD_RATIO_PERIOD),
        gap=gap if horizon is not None else None,
        horizon=horizon if gap is not None else None,
        p_of_gap=one(Statistic.P_VALUE, _OF_MEANS) if gap is not None and horizon is not None else None,
        weighted=weighted,
        statistic=statistic_of(own, weighted),
    )


def changing_in_words(change: Change | None) -> list[Text]:
    """The test, the ratio of each period, the difference of restricted means and the weighted test."""
    return [] if change is None else [*_sentences(change)]


def _sentences(change: Change) -> Iterator[Text]:
    yield change.said
    if change.periods:
        zh = "；".join(f"{period_text(e).zh} {ratio_words('HR', e, None, 'zh')}" for e in change.periods)
        en = "; ".join(f"{period_text(e).en}, {ratio_words('HR', e, None, 'en')}" for e in change.periods)
        since = change.since
        yield Text(f"分时段（{since.zh}）：{zh}。", f"By period ({since.en}): {en}.")
    if change.gap is not None and change.horizon is not None:
        value, months = format_number(change.gap.value, 1), format_number(change.horizon.value, 1)
        numbers = each_language(lambda language: _gap_words(change, language))
        yield Text(
            f"至 {months} 个月的限制性平均生存时间（RMST）之差为 {value} 个月（{numbers.zh}）。",
            f"The difference in restricted mean survival time to {months} months was {value} months ({numbers.en}).",
        )
    if (weighted := change.weighted) is not None:
        test = name_of_test(weighted)
        numbers = each_language(lambda language: p_words(weighted, language, change.statistic))
        yield Text(f"{test.zh}：{numbers.zh}。", f"{test.en}: {numbers.en}.")


def _gap_words(change: Change, language: Language) -> str:
    """Limits and P of the difference."""
    if change.gap is None:
        return ""
    limits = interval_words(change.gap.low, change.gap.high, 1, language)
    stop = {"zh": "，", "en": ", "}[language]
    return limits if change.p_of_gap is None else f"{limits}{stop}{p_words(change.p_of_gap, language)}"


def changing_in_short(change: Change | None) -> list[Text]:
    """The periods in one sentence; all limits in it are 95% CI."""
    if change is None:
        return []
    zh, en = "该 HR 随时间改变", "This HR changed with time"
    test = change.test
    if test is not None and test.value is not None:
        p = each_language(lambda language: p_words(test, language))
        zh, en = f"{zh}（{p.zh}）", f"{en} ({p.en})"
    if change.periods:
        named = [(period_text(e), value_with_limits(e, 2)) for e in change.periods]
        zh += "：" + "，".join(f"{when.zh} {of.zh}" for when, of in named)
        en += ": " + ", ".join(f"{when.en} {of.en}" for when, of in named)
    return [Text(f"{zh}。", f"{en}.")]


def changing_lines(change: Change | None, language: Language) -> list[str]:
    """Below the ratio in the legend of a figure: the ratios of the periods, then the difference of restricted means."""
    if change is None:
        return []
    lines = []
    if change.periods:
        stop = {"zh": "，", "en": "; "}[language]
        named = ((period_text(e)[language], value_with_limits(e, 2)[language]) for e in change.periods)
        lines.append(
            {"zh": "分时段 HR：", "en": "HR by period: "}[language] + stop.join(f"{w} {v}" for w, v in named)
        )
    if change.gap is not None and change.horizon is not None:
        months, of = format_number(change.horizon.value, 1), value_with_limits(change.gap, 1)[language]
        lines.append({
            "zh": f"至 {months} 个月的 RMST 之差 {of} 个月",
            "en": f"Difference in RMST to {months} months: {of} months",
        }[language])  # fmt: skip
    return lines


def lines_in_caption(change: Change | None, left: Sequence[str] = (), *, in_short: bool = False) -> Text:
    """How to read these lines, and the mark of the horizon, with how many of each group are at risk there.

    In short where the table beside it says that the ratio is an average.
    """
    if change is None:
        return Text("", "")
    own = []
    if change.gap is not None:
        zh, en = "；竖点线为其时限", ", up to the dotted vertical line"
        if len(left) > 1 and len(set(left)) == 1:
            zh, en = (
                f"{zh}，届时各组风险人数均为 {left[0]}",
                f"{en}, with {left[0]} of each group at risk there",
            )
        elif left:
            zh = f"{zh}，届时风险人数分别为 {'、'.join(left)}"
            en = f"{en}, with {' and '.join(left)} at risk there"
        own.append(Text(f"RMST：限制性平均生存时间{zh}。", f"RMST: restricted mean survival time{en}."))
    return joined([*([] if in_short else [_AVERAGE]), *own])


_AVERAGE = Text(
    "HR 随时间改变，为取决于随访与删失的平均值。",
    "The HR changes with time: an average that depends on follow-up and censoring.",
)


def name_of_test(p: Estimate) -> Text:
    """The weighted test in short."""
    if p.method.has(MethodPart.MAX_COMBO):
        return Text("MaxCombo 检验", "MaxCombo test")
    return p.method.without(MethodPart.MEDIAN_P).printed


def gap_label(change: Change) -> Text:
    """Of the row of restricted means."""
    until = format_number(None if change.horizon is None else change.horizon.value, 1)
    return Text(
        f"限制性平均生存时间之差/月（至 {until} 个月）",
        f"Difference in restricted means to {until} months, months",
    )


def short_gap_label(change: Change) -> Text:
    """The same in a table whose notes hold `CHANGES_NOTE`."""
    until = format_number(None if change.horizon is None else change.horizon.value, 1)
    return Text(f"RMST 之差/月（至 {until} 个月）", f"RMST difference to {until} months, months")


CHANGES_NOTE = Text(
    "RMST：限制性平均生存时间，差值为前者减后者；HR 为取决于随访与删失的平均值时列出。",
    "RMST: restricted mean survival time, first minus second; given where the HR is an average that depends on follow-up and censoring.",
)


def period_label(e: Estimate) -> Text:
    """Of the row of a period: `HR, 0–6 months`."""
    name = _period_name(e)
    return Text(f"HR，{name.replace('-', '~')} 个月", f"HR, {name.replace('-', '–')} months")


def period_text(ratio: Estimate) -> Text:
    """The months of a ratio's period, in a sentence."""
    name = _period_name(ratio)
    if name.startswith(">"):
        return Text(f"{name[1:]} 个月以后", f"beyond {name[1:]} months")
    begin, end = name.split("-")
    return Text(f"{begin}~{end} 个月", f"{begin} to {end} months")


def _period_name(e: Estimate) -> str:
    """`0-6` or `>12`: the level of its row, or where that names the groups its variable."""
    return e.variable if is_comparison(e.level) else e.level


def value_with_limits(e: Estimate, decimals: int) -> Text:
    """`0.67 (0.57 to 0.80)`."""
    value = format_number(e.value, decimals)
    zh, en = (bracketed(value, interval(e.low, e.high, decimals, lang), lang) for lang in LANGUAGES)
    return Text(zh, en)
