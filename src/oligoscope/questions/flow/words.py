"""Who was studied, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import keys_of
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def _n(estimate: Estimate | None) -> int:
    return int((estimate.value if estimate else 0) or 0)


def flow_paragraph(results: Results) -> Paragraph:
    """How many were screened, treated, progressed, and with which pattern."""
    sizes = {
        p: results.get(analysis=FLOW, population=p, statistic=Statistic.N)
        for p in ("screened", "treated", "progressed")
    }
    patterns = [e for e in results.find(analysis=FLOW, outcome="pattern", statistic=Statistic.N) if e.group]
    screened, treated, progressed = (_n(e) for e in sizes.values())
    zh = "，".join(f"{name_of(e.group).zh} {_n(e)} 例" for e in patterns)
    en = " and ".join(f"{_n(e)} with {in_sentence(name_of(e.group)).en}" for e in patterns)
    text = Text(
        f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受治疗，{progressed} 例发生首次进展：{zh}。",
        f"Of {screened} patients screened, {treated} were eligible and started treatment; {progressed} had a first "
        f"progression: {en}.",
    )
    return Paragraph(text, keys_of(*sizes.values(), *patterns))
