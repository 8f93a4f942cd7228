"""Who was studied, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Count, Text
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.chapters import PATIENTS
from oligoscope.printing.document_parts import Draft, Parts, Section
from oligoscope.printing.sentences import keys_of
from oligoscope.questions.flow.figure import draw_flow_chart, whole
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.conditions import Comparison, Membership, parse_condition
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of, name_of_level


def flow_in_words(draft: Draft) -> Iterator[Block]:
    """Who was screened, treated and progressed."""
    if is_known(draft):
        yield flow_paragraph(draft.results, draft.protocol)


def flow_chart(draft: Draft) -> Iterator[Block]:
    """The same as a chart, with the reasons of those who left."""
    if is_known(draft):
        yield draft.figure(draw_flow_chart, draft.protocol)


def flow_paragraph(results: Results, protocol: Protocol) -> Paragraph:
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
    what = _first_line(protocol, results)
    if unknown is not None and sizes["progressed"] is not None and not sizes["progressed"].value:
        text = Text(
            f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受{what.zh}；数据未记录其中何人进展。",
            f"Of {Count(screened):patient|patients} screened, {Count(treated):was|were} eligible and started {what.en}; the data do not say who of them progressed.",
        )
        return Paragraph(text, keys_of(sizes["screened"], sizes["treated"]))
    if sizes["progressed"] is not None and not sizes["progressed"].value:
        text = Text(
            f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受{what.zh}；无人发生首次进展。",
            f"Of {Count(screened):patient|patients} screened, {Count(treated):was|were} eligible and started {what.en}; none had a first progression.",
        )
        return Paragraph(text, keys_of(*sizes.values()))
    zh = "，".join(f"{name_of(e.group).zh} {whole(e)} 例" for e in patterns)
    en = ", ".join(f"{in_sentence(name_of(e.group)).en} {whole(e)}" for e in patterns)
    text = Text(
        f"共筛选患者 {screened} 例，其中 {treated} 例符合条件并接受{what.zh}，{progressed} 例发生首次进展：{zh}。",
        f"Of {Count(screened):patient|patients} screened, {Count(treated):was|were} eligible and started {what.en}; {progressed} progressed ({en}).",
    )
    return Paragraph(text, keys_of(*sizes.values(), *patterns))


def _first_line(protocol: Protocol, results: Results) -> Text:
    """The treatment that all patients started, where a rule of eligibility asks for one; else treatment alone."""
    blind = {
        e.variable
        for e in results.find(analysis=FLOW, statistic=Statistic.N_NOT_ASSESSABLE)
        if e.n and e.value == e.n
    }
    rules = (r for r in protocol.eligibility if r.after == "screened" and r.id not in blind)
    wanted = [words for rule in rules if (words := regimens_of(rule.keep))]
    if not wanted:
        return Text("治疗", "treatment")
    shortest = min(wanted[0], key=len)
    # The regimen that all others add to says what they have in common.
    shown = (shortest,) if all(word.startswith(shortest) for word in wanted[0]) else wanted[0]
    names = [name_of_level(_REGIMEN, word) for word in shown]
    return Text(
        "一线" + "或".join(n.zh for n in names), "first-line " + " or ".join(in_sentence(n).en for n in names)
    )


_REGIMEN = "first_line_regimen"


def regimens_of(keep: str) -> tuple[str, ...]:
    """The first-line regimens that a rule names one of which a patient must have had; none where it is about something else."""
    match parse_condition(keep):
        case Membership(column=column, words=words) if column == _REGIMEN:
            return tuple(map(str, words))
        case Comparison(column=column, operator="==", word=word) if column == _REGIMEN:
            return (str(word),)
        case _:
            return ()


def is_known(draft: Draft) -> bool:
    """Whether the number of patients screened is known."""
    return draft.results.get(analysis=FLOW, population="screened", statistic=Statistic.N) is not None


PARTS = Parts((
    Section(flow_in_words, PATIENTS),
    Section(flow_chart, PATIENTS, after="follow_up"),
))  # fmt: skip
