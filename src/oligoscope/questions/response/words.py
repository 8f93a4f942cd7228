"""How many responded, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import comparison_of, interval_words
from oligoscope.printing.sentences import is_significant, joined, keys_of, p_words
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.keys import in_sentence, parts_of
from oligoscope.study.vocabulary import name_of


def response_paragraph(results: Results, population: str, groups: tuple[str, ...]) -> Paragraph | None:
    """Objective response rate of each group and the test between them."""
    keys: dict[str, Any] = {"analysis": RESPONSE_RATE, "population": population, "outcome": "best_response"}
    found = {g: results.get(**keys, group=g, variable="orr", statistic=Statistic.PERCENT) for g in groups}
    rates = {g: e for g, e in found.items() if e is not None and e.value is not None}
    if not rates:
        return None
    compared = comparison_of(results.find(**keys), groups)
    p = results.get(**keys, group=compared, variable="orr", statistic=Statistic.P_VALUE)
    p = None if p is None or p.value is None else p
    zh = "，".join(f"{name_of(g).zh}组为 {_rate(e, 'zh')}" for g, e in rates.items())
    en = " and ".join(f"{_rate(e, 'en')} with {in_sentence(name_of(g)).en}" for g, e in rates.items())
    statistic = statistic_of(results.find(**keys), p)
    end = Text("", "") if p is None else _compared(p, statistic)
    text = Text(f"客观缓解率：{zh}{end.zh}。", f"The objective response rate was {en}{end.en}.")
    if p is not None and set(parts_of(compared)) == set(Pattern):
        text = joined([text, _KNOWN_LATER])
    return Paragraph(text, keys_of(*rates.values(), p, statistic))


_KNOWN_LATER = Text(
    "进展模式在疗效之后才知道，进展较晚者有更长的时间达到缓解，此差异不作疗效优劣的解释。",
    "The pattern is determined after the response, and those who progress later have longer to respond; the difference cannot be interpreted as one of efficacy.",
)


def _compared(p: Estimate, statistic: Estimate | None) -> Text:
    """Whether the difference is significant, with its *P*."""
    said = "有" if is_significant(p) else "无"
    return Text(
        f"，差异{said}统计学意义（{p_words(p, 'zh', statistic)}）", f" ({p_words(p, 'en', statistic)})"
    )


def _rate(estimate: Estimate, language: Language) -> str:
    value = format_number(estimate.value, 1)
    limits = interval_words(estimate.low, estimate.high, 1, language, "%")
    return {"zh": f"{value}%（{limits}）", "en": f"{value}% ({limits})"}[language]
