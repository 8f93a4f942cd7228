"""From treatment through progression to death, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given, was_done
from oligoscope.printing.sentences import joined
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.illness_death.figure import draw_states
from oligoscope.questions.illness_death.question import ILLNESS_DEATH
from oligoscope.questions.illness_death.table import tabulate_occupation, tabulate_transitions
from oligoscope.questions.illness_death.words import states_paragraph
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


def states_section(draft: Draft) -> Iterator[Block | None]:
    """States over time, transitions and their models, population by population."""
    for population in dict.fromkeys(p for p, _ in draft.protocol.asked(ILLNESS_DEATH.kind)):
        found = draft.results.find(analysis=ILLNESS_DEATH.kind, population=population)
        if found:
            yield Heading(name_of(population), f"illness-death-{population}", 3)
            is_given = any(e.outcome for e in found)
            yield from or_withheld(is_given, _states(draft, population), found)


def _states(draft: Draft, population: str) -> Iterator[Block | None]:
    yield states_paragraph(draft.results, population)
    if f"occupation/{population}" in draft.results.series:
        yield draft.figure(draw_states, population)
    yield draft.table(tabulate_occupation, population)
    yield draft.table(tabulate_transitions, population)


def states_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """States, their estimate, and the models as far as there are any."""
    kind = ILLNESS_DEATH.kind
    if not (protocol.asked(kind) and was_done(kind, results)):
        return
    is_modelled = given(results, Statistic.HAZARD_RATIO, analysis=kind)
    reset = any(e.method.has(MethodPart.SINCE_PROGRESSION) for e in results.find(analysis=kind))
    yield joined([_STATES, *([_RESET if reset else _FORWARD] if is_modelled else [])])


_STATES = Text(
    "疾病—死亡模型给出各时点处于未进展、寡进展、广泛进展与死亡各状态的患者比例（Aalen-Johansen 法）。",
    "An illness-death model gave the share of patients without progression, with either pattern and dead at each time (Aalen-Johansen).",
)
_FORWARD = Text(
    "各状态间的转换分别以 Cox 模型分析，患者自进展之日起进入进展后的风险集。",
    "Each transition had a Cox model; after a progression patients were at risk from that day on.",
)
_RESET = Text(
    "各状态间的转换分别以 Cox 模型分析，进展后的时间从进展之日重新计算。",
    "Each transition had a Cox model; time after a progression was counted from that day.",
)
PARTS = Parts(
    (
        Section(
            states_section,
            Chapter("illness_death", ILLNESS_DEATH.kind.printed, strobe=(16,), strobe_also=(12, 17)),
        ),
    ),
    (Methods(states_methods),),
)
