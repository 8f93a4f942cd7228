"""Which first event, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block, Heading
from oligoscope.printing.chapters import UNBIASED
from oligoscope.printing.document_parts import Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given, was_done
from oligoscope.printing.sentences import joined, listed
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.competing_risks.figure import draw_incidence
from oligoscope.questions.competing_risks.question import COMPETING_RISKS
from oligoscope.questions.competing_risks.table import tabulate_competing_risks, tabulate_incidence
from oligoscope.questions.competing_risks.words import competing_risks_paragraph
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


def competing_risks_section(draft: Draft) -> Iterator[Block | None]:
    """Cumulative incidence of each first event, and what goes with it."""
    for population in dict.fromkeys(p for p, _ in draft.protocol.asked(analyses.COMPETING_RISKS)):
        found = draft.results.find(analysis=analyses.COMPETING_RISKS, population=population)
        if found:
            yield Heading(COMPETING_RISKS.kind.printed, f"competing-{population}", 3)
            is_given = any(e.group and e.value is not None for e in found)
            yield from or_withheld(is_given, _incidence(draft, population), found)


def _incidence(draft: Draft, population: str) -> Iterator[Block | None]:
    yield competing_risks_paragraph(draft.results, population)
    yield draft.table(tabulate_incidence, population)
    if f"incidence/{population}" in draft.results.series:
        yield draft.figure(draw_incidence, population)
    if any(e.outcome for e in draft.results.find(analysis=analyses.COMPETING_RISKS, population=population)):
        yield draft.table(tabulate_competing_risks, population)


def competing_risks_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The first events, their incidence, and the tests and ratios that there are."""
    kind = analyses.COMPETING_RISKS
    if not (protocol.asked(kind) and was_done(kind, results)):
        return
    zh, en = (
        listed([in_sentence(name)[language] for name in _first_events(results)], language)
        for language in LANGUAGES
    )
    sentences = [
        Text(
            f"首个事件（{zh}）作为竞争风险，累积发生率用 Aalen-Johansen 法估计。",
            f"The first event ({en}) was analysed as competing risks, with cumulative incidence by the Aalen-Johansen method.",
        )
    ]
    if given(results, Statistic.P_VALUE_GRAY, analysis=kind):
        sentences.append(
            Text("累积发生率的组间比较用 Gray 检验。", "Cumulative incidences were compared by Gray's test.")
        )
    ratios = [
        name
        for statistic, name in (
            (
                Statistic.SUBDISTRIBUTION_HAZARD_RATIO,
                Text("亚分布（Fine-Gray）", "subdistribution (Fine-Gray)"),
            ),
            (Statistic.CAUSE_SPECIFIC_HAZARD_RATIO, Text("特定原因（Cox）", "cause-specific (Cox)")),
        )
        if given(results, statistic, analysis=kind)
    ]
    if ratios:
        which, what = "与".join(r.zh for r in ratios), " and ".join(r.en for r in ratios)
        sentences.append(Text(f"另给出{which}风险比。", f"The {what} hazard ratios are also given."))
    yield joined(sentences)


def _first_events(results: Results) -> list[Text]:
    found = results.find(analysis=analyses.COMPETING_RISKS, statistic=Statistic.EVENTS)
    return [name_of(event) for event in dict.fromkeys(e.group for e in found if e.group)]


PARTS = Parts((Section(competing_risks_section, UNBIASED),), (Methods(competing_risks_methods),))
