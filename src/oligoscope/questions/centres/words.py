"""Centres in words."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Count, Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.document_parts import Sentence
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.results.analyses import CENTRES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol

_FEWEST = 2
_USED = {
    "none": Text("比较未计入中心", "comparisons do not take the centres into account"),
    "strata": Text(
        "生存在中心内比较（分层的 Log-rank 检验与 Cox 模型，每个中心有自己的基线风险）",
        "survival was compared within centres (stratified log-rank tests and Cox models, a baseline hazard for each centre)",
    ),
    "frailty": Text(
        "Cox 模型含中心共享的 gamma 脆弱项，其余检验未计入中心",
        "Cox models have a gamma frailty shared by the patients of a centre; other tests do not take the centres into account",
    ),
    "cluster": Text(
        "生存比较的置信区间与检验允许同一中心的患者彼此相关（Lin-Wei 稳健方差；*t* 与 *F* 分布，自由度取自中心数）",
        "limits and tests of survival allow for correlation between patients of one centre (variance of Lin and Wei; *t* and *F* "
        "distributions with degrees of freedom of the number of centres)",
    ),
}

_TOO_FEW = Text(
    "已知的中心少于两个，比较未能计入中心。",
    "Fewer than two centres are known, so that comparisons could not take the centres into account.",
)


def methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """At how many centres patients were treated, and how comparisons take that into account."""
    n = _number(results, Statistic.N_CENTRES)
    if n is not None and n.warning.has(WarningCode.ONE_CENTRE_ONLY):
        yield _TOO_FEW
    if n is None or n.value is None or n.value < _FEWEST:
        return
    used = _USED[protocol.centres.use]
    centres = round(n.value)
    said = Text(
        f"患者来自 {centres} 个治疗中心；{used.zh}。",
        f"Patients were treated at {Count(centres):centre|centres}; {used.en}.",
    )
    unknown = _number(results, Statistic.N_CENTRE_UNKNOWN)
    if protocol.centres.use == "none" or unknown is None or not unknown.value:
        yield said
        return
    some = round(unknown.value)
    yield joined(
        [
            said,
            Text(
                f"中心不详的 {some} 例合为一个中心。",
                f"The {Count(some):patient|patients} whose centre is not known count as one centre.",
            ),
        ]
    )


def centres_paragraph(results: Results) -> Paragraph | None:
    """At how many centres the patients were treated, and of how many it is not known; none of fewer than two centres."""
    n, unknown = (_number(results, s) for s in (Statistic.N_CENTRES, Statistic.N_CENTRE_UNKNOWN))
    if n is None or unknown is None or n.value is None or n.value < _FEWEST:
        return None
    some = round(unknown.value or 0)
    text = Text(
        f"{n.n} 例接受治疗的患者来自 {round(n.value)} 个中心，{some} 例中心不详。",
        f"The {Count(n.n):treated patient|treated patients} came from {Count(round(n.value)):centre|centres}; of {some} the "
        "centre is not known.",
    )
    return Paragraph(text, keys_of(n, unknown))


def _number(results: Results, statistic: Statistic) -> Estimate | None:
    return results.get(analysis=CENTRES, population="treated", statistic=statistic)


def ignored(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """Which analyses have ratios or tests that do not take the centres into account."""
    found = [e for e in results.estimates if e.warning.has(WarningCode.IGNORES_CENTRES)]
    if found:
        names = [a.printed for a in dict.fromkeys(e.analysis for e in found)]
        zh, en = "、".join(n.zh for n in names), ", ".join(in_sentence(n).en for n in names)
        yield (
            Text(
                f"下列分析中有比值或检验未计入治疗中心：{zh}。",
                f"Some ratios or tests of these analyses do not take the treating centres into account: {en}.",
            ),
            tuple(found),
        )
