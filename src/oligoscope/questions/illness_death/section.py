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
    sentences = [_STATES]
    if given(results, Statistic.HAZARD_RATIO, analysis=kind):
        reset = any(e.method.has(MethodPart.SINCE_PROGRESSION) for e in results.find(analysis=kind))
        sentences += [_MODELS, _RESET if reset else _FORWARD]
    yield joined(sentences)


_STATES = Text(
    "疾病—死亡模型含未进展、寡进展、广泛进展与死亡各状态；状态占有率用 Aalen-Johansen 法估计，标准误用无穷小刀切法（log-log 法置信区间）。",
    "An illness-death model had the states no progression, oligoprogression, systemic progression and death; state occupation was estimated by "
    "the Aalen-Johansen method, with standard errors by the infinitesimal jackknife and log-log limits.",
)
_MODELS = Text(
    "各转移的风险比来自 Cox 模型，纳入变量均有记录的患者；寡进展后与广泛进展后的死亡在同一模型中以进展状态为协变量比较，不分层。",
    "Hazard ratios of each transition come from Cox models of the patients in whom the variables are known; death after the two patterns was compared "
    "in one model with one baseline hazard and the pattern as a covariate.",
)
_FORWARD = Text(
    "时间从治疗开始计算，患者自进展之日起进入进展后的风险集，因此不含永恒时间。",
    "Time was counted from treatment on, and a patient entered the risk sets after progression on the day of that progression, so that there is no immortal time.",
)
_RESET = Text(
    "进展后的时间从进展之日重新计算。", "Time after progression was counted from the day of progression."
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
