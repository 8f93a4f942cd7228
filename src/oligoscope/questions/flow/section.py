"""Who was studied, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.chapters import KEY_RESULTS, PATIENTS
from oligoscope.printing.document_parts import Draft, Parts, Section
from oligoscope.printing.sentences import keys_of
from oligoscope.questions.flow.figure import draw_flow_chart, whole
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def flow_in_words(draft: Draft) -> Iterator[Block]:
    """Who was screened, treated and progressed."""
    if _is_known(draft):
        yield flow_paragraph(draft.results)


def flow_chart(draft: Draft) -> Iterator[Block]:
    """The same as a chart, with the reasons of those who left."""
    if _is_known(draft):
        yield draft.figure(draw_flow_chart, draft.protocol)


def flow_paragraph(results: Results) -> Paragraph:
    """How many were screened, treated, progressed, and with which pattern."""
    sizes = {
        p: results.get(analysis=FLOW, population=p, statistic=Statistic.N)
        for p in ("screened", "treated", "progressed")
    }
    patterns = [e for e in results.find(analysis=FLOW, outcome="pattern", statistic=Statistic.N) if e.group]
    screened, treated, progressed = (whole(e) for e in sizes.values())
    unknown = results.get(
        analysis=FLOW, population="treated", variable="progression_unknown", statistic=Statistic.N_EXCLUDED
    )
    if unknown is not None and sizes["progressed"] is not None and not sizes["progressed"].value:
        text = Text(
            f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受治疗；数据未记录其中何人进展。",
            f"Of {screened} patients screened, {treated} were eligible and started treatment; the data do not say who of them progressed.",
        )
        return Paragraph(text, keys_of(sizes["screened"], sizes["treated"]))
    if sizes["progressed"] is not None and not sizes["progressed"].value:
        text = Text(
            f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受治疗；无人发生首次进展。",
            f"Of {screened} patients screened, {treated} were eligible and started treatment; none had a first progression.",
        )
        return Paragraph(text, keys_of(*sizes.values()))
    zh = "，".join(f"{name_of(e.group).zh} {whole(e)} 例" for e in patterns)
    en = " and ".join(f"{whole(e)} with {in_sentence(name_of(e.group)).en}" for e in patterns)
    text = Text(
        f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受治疗，{progressed} 例发生首次进展：{zh}。",
        f"Of {screened} patients screened, {treated} were eligible and started treatment; {progressed} had a first "
        f"progression: {en}.",
    )
    return Paragraph(text, keys_of(*sizes.values(), *patterns))


def _is_known(draft: Draft) -> bool:
    return draft.results.get(analysis=FLOW, population="screened", statistic=Statistic.N) is not None


PARTS = Parts((
    Section(flow_in_words, KEY_RESULTS),
    Section(flow_in_words, PATIENTS),
    Section(flow_chart, PATIENTS, after="follow_up"),
))  # fmt: skip
