"""When which pattern appeared, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval
from oligoscope.printing.sentences import (
    groups_with_patients,
    is_of_few,
    is_significant,
    joined,
    keys_of,
    listed,
    p_words,
    percent_text,
)
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.questions.timing.classes import edges_of
from oligoscope.results.analyses import TIMING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def timing_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """The share of the first group in each window of months, and whether it rises or falls over the months."""
    keys: dict[str, Any] = {"analysis": TIMING, "population": population, "outcome": by}
    groups = groups_with_patients(results, TIMING, population, by)
    if not groups:
        return None
    found = results.find(**keys, group=groups[0], variable="window", statistic=Statistic.PERCENT)
    windows = [e for e in found if e.value is not None]
    if not windows:
        return None
    trend = next(iter(results.find(**keys, variable="month", statistic=Statistic.P_VALUE)), None)
    statistic = statistic_of(results.find(**keys), trend)
    name = in_sentence(name_of(groups[0]))
    sentences = [_windows_text(windows, name)]
    if trend is not None and trend.value is not None:
        sentences.append(_trend_text(trend, statistic, windows, name))
    return Paragraph(joined(sentences), keys_of(*windows, trend, statistic))


def _windows_text(windows: list[Estimate], name: Text) -> Text:
    zh = "，".join(f"{_window(e).zh}为 {percent_text(e)}{_limits(e, 'zh')}" for e in windows)
    parts = [f"{percent_text(e)} {_window(e).en}{_limits(e, 'en')}" for e in windows]
    return Text(
        f"首次进展者中{name.zh}所占比例：{zh}。",
        f"Of the first progressions, the share of {name.en} was {listed(parts, 'en')}.",
    )


def _limits(share: Estimate, language: Language) -> str:
    """The limits and the number of patients; none beside a count, which limits in per cent do not belong to."""
    if is_of_few(share):
        return ""
    limits = interval(share.low, share.high, 1, language, "%")
    return {"zh": f"（95%CI：{limits}；*n*={share.n}）", "en": f" (95% CI {limits}; *n*={share.n})"}[language]


def _window(estimate: Estimate) -> Text:
    low, high = edges_of(estimate.level)
    if high is None:
        return Text(f"{low} 个月后进展者", f"among those after month {low}")
    if low == 0:
        return Text(f"{high} 个月内进展者", f"among those up to month {high}")
    return Text(f"{low}~{high} 个月进展者", f"among those after month {low} and up to month {high}")


def _trend_text(trend: Estimate, statistic: Estimate | None, windows: list[Estimate], name: Text) -> Text:
    p = each_language(lambda language: p_words(trend, language, statistic))
    if not is_significant(trend):
        return Text(
            f"该比例随进展时间的变化趋势无统计学意义（Cochran-Armitage 趋势检验，{p.zh}）。",
            f"Its trend with the month of progression was not statistically significant (Cochran-Armitage test, {p.en}).",
        )
    rises = (windows[-1].value or 0) > (windows[0].value or 0)
    if not _is_steady(windows):
        ends = [str(edge) for e in windows if (edge := edges_of(e.level)[1]) is not None]
        zh, en = ("上升", "rose") if rises else ("下降", "fell")
        return Text(
            f"总体上该比例随进展月份{zh}（Cochran-Armitage 趋势检验，{p.zh}），但以第 {listed(ends, 'zh')} 个月分界的各时段（Huang 2025）"
            f"并非逐段{zh}；这是进展者中的比例，不是进展的风险。",
            f"Overall the share {en} with the month of progression (Cochran-Armitage test, {p.en}), though not from each window to the next, "
            f"with windows that end at months {listed(ends, 'en')} (Huang 2025). It is a share of those who progressed, not a risk of progressing.",
        )
    if rises:
        return Text(
            f"总体上进展越晚，{name.zh}所占比例越高（Cochran-Armitage 趋势检验，{p.zh}）；这是进展者中的比例，不是进展的风险。",
            f"Overall, the share of {name.en} rose with the time of progression (Cochran-Armitage test for trend, {p.en}); it is "
            "a share of those who progressed, not a risk of progressing.",
        )
    return Text(
        f"总体上进展越晚，{name.zh}所占比例越低（Cochran-Armitage 趋势检验，{p.zh}）；这是进展者中的比例，不是进展的风险。",
        f"Overall, the share of {name.en} fell with the time of progression (Cochran-Armitage test for trend, {p.en}); it is "
        "a share of those who progressed, not a risk of progressing.",
    )


def _is_steady(windows: list[Estimate]) -> bool:
    """Whether the share only rises, or only falls, from window to window."""
    shares = [e.value or 0 for e in windows]
    return shares in (sorted(shares), sorted(shares, reverse=True))
