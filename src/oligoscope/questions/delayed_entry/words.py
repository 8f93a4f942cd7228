"""Delayed entry in words."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.document_parts import Sentence
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.results.analyses import DELAYED_ENTRY
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name

_TRUNCATED = Text(
    "部分患者在治疗开始后才进入观察：各风险集、曲线、检验与模型均按左截断处理，患者自进入观察之时起才计入风险人数；在此之前该结局"
    "已结束者从未处于风险中，不纳入该结局的分析。{late}",
    "Some patients came under observation after treatment had started: risk sets, curves, tests and models were left-truncated, so that "
    "a patient is at risk only from the entry on; those whose time of an outcome was over by then were never at risk of it and "
    "are not in its analysis. {late}",
)


def methods(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """That follow-up is left-truncated, how many entered late, and by how much."""
    late = _late(results)
    if late is not None and late.value:
        delay = _delay_text(results)
        yield (
            _TRUNCATED.filled(late="")
            if delay is None
            else Text(_TRUNCATED.zh.format(late=delay.zh), _TRUNCATED.en.format(late=delay.en))
        )


def entry_paragraph(results: Results) -> Paragraph | None:
    """How many entered late, the median of their delay, and of each outcome who was never at risk."""
    late = _late(results)
    delay = _delay_text(results)
    if late is None or delay is None:
        return None
    never = [
        e
        for e in results.find(
            analysis=DELAYED_ENTRY, population="treated", statistic=Statistic.N_NEVER_AT_RISK
        )
        if e.value
    ]
    sentences = [delay, *([_never_text(never)] if never else [])]
    return Paragraph(joined(sentences), keys_of(late, _delay(results), *never))


def _late(results: Results) -> Estimate | None:
    return results.get(analysis=DELAYED_ENTRY, population="treated", statistic=Statistic.N_ENTERED_LATE)


def _delay(results: Results) -> Estimate | None:
    return results.get(
        analysis=DELAYED_ENTRY, population="treated", variable="entry_days", statistic=Statistic.MEDIAN
    )


def _delay_text(results: Results) -> Text | None:
    late, delay = _late(results), _delay(results)
    if late is None or delay is None or delay.value is None:
        return None
    n, months = count_text(late.value or 0), format_number(delay.value, 1)
    return Text(
        f"{late.n} 例接受治疗的患者中 {n} 例延迟进入观察，中位延迟 {months} 个月。",
        f"Of the {Count(late.n):treated patient|treated patients} {n} entered late, with a median delay of {months} months.",
    )


def _never_text(never: list[Estimate]) -> Text:
    named = [(in_sentence(column_name(e.outcome)), count_text(e.value or 0)) for e in never]
    zh = "，".join(f"{name.zh} {n} 例" for name, n in named)
    en = ", ".join(f"{name.en} {n}" for name, n in named)
    return Text(
        f"进入观察前相应结局已结束、从未处于风险中而未纳入者：{zh}。",
        f"Never at risk, because the time was over before they entered, and left out: {en}.",
    )


def ignored(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """Which analyses do not take the entry into account, and which were withheld because they cannot."""
    found = [e for e in results.estimates if e.warning.has(WarningCode.IGNORES_ENTRY)]
    withheld = [e for e in results.estimates if e.warning.has(WarningCode.NO_DELAYED_ENTRY)]
    if found:
        zh, en = _names(found)
        yield (
            Text(
                f"下列分析未考虑延迟进入，进入观察之前死亡或退出的患者不在其中：{zh}。",
                f"These analyses do not take delayed entry into account, and do not include patients who died or left before they could enter: {en}.",
            ),
            tuple(found),
        )
    if withheld:
        yield (
            Text(
                "Gray 检验与 Fine-Gray 模型不能处理延迟进入，因此不给出。",
                "Gray's test and the Fine-Gray model cannot account for delayed entry and are not given.",
            ),
            tuple(withheld),
        )


def _names(found: list[Estimate]) -> tuple[str, str]:
    names = [a.printed for a in dict.fromkeys(e.analysis for e in found)]
    return "、".join(n.zh for n in names), ", ".join(in_sentence(n).en for n in names)
