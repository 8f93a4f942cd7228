"""Survival by what had happened until then, in the report: landmarks and the time-dependent model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oligoscope.bilingual import LANGUAGES, Count, Text
from oligoscope.printing.adjusted_ratios import adjusted_for, clause_of_ratios
from oligoscope.printing.blocks import Block, Heading
from oligoscope.printing.chapters import UNBIASED
from oligoscope.printing.document_parts import Draft, Limitation, Methods, Parts, Section, Sentence, Threat
from oligoscope.printing.method_texts import curves_and_ratios, given, was_done
from oligoscope.printing.sentences import listed, listed_names
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.landmark.after_progression_section import (
    after_progression_methods,
    after_progression_section,
)
from oligoscope.questions.landmark.figure import draw_landmarks, has_landmark_curves
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.landmark.words import landmark_paragraph, time_dependent_paragraph
from oligoscope.results.analyses import LANDMARK, LANDMARK_AFTER_PROGRESSION, TIME_DEPENDENT, Analysis
from oligoscope.results.results import Results
from oligoscope.results.statistics import LandmarkAt, Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of

KINDS = (LANDMARK, TIME_DEPENDENT)


def landmark_section(draft: Draft) -> Iterator[Block | None]:
    """Both ways of grouping by what was known at the time, population by population."""
    title = Text("界标分析与时依 Cox 模型", "Landmarks and the time-dependent Cox model")
    for population in dict.fromkeys(a.patients for a in draft.protocol.analyses if a.kind in KINDS):
        rows = [e for kind in KINDS for e in draft.results.find(analysis=kind, population=population)]
        found = [e for e in rows if e.outcome == Outcome.OS]
        if rows:
            yield Heading(title, f"landmark-{population}", 3)
            is_given = any(e.group for e in found)
            yield from or_withheld(is_given, _compared(draft, population), found)


def _compared(draft: Draft, population: str) -> Iterator[Block | None]:
    yield landmark_paragraph(draft.results, population)
    yield time_dependent_paragraph(draft.results, population)
    names = [adjusted_for(draft.protocol, draft.results, kind, population) for kind in KINDS]
    yield draft.table(tabulate_unbiased, population, *names)
    if has_landmark_curves(draft.results, population):
        yield draft.figure(draw_landmarks, population)


def only_progressed(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That patients free of progression are missing from the data."""
    if any(e.warning.has(WarningCode.ONLY_PROGRESSED_PATIENTS) for e in results.estimates):
        yield _ONLY_PROGRESSED, ()


def _where_done(
    kind: Analysis, sentence: Callable[[Results, Text], Text], is_done: Callable[[Results], bool]
) -> Methods:
    """A sentence of the Methods where an analysis was asked for and done; the second text it takes is on its ratios."""

    def methods(protocol: Protocol, results: Results) -> Iterator[Text]:
        if protocol.asked(kind) and is_done(results):
            yield sentence(results, clause_of_ratios(protocol, results, kind))

    return Methods(methods, about=(kind,))


def _landmark_text(results: Results, crude: Text) -> Text:
    """From which landmarks patients were grouped."""
    months = _landmarks(results)
    zh, en = (listed(months, language) for language in LANGUAGES)
    landmarks = "landmark was" if len(months) == 1 else "landmarks were"
    return Text(
        f"界标分析取治疗开始后 {zh} 个月：只纳入当时仍存活并在随访的治疗患者，按当时已发生的事件分组，从界标起计时{crude.zh}。",
        f"The {landmarks} {Count(en):month|months} after treatment start: treated patients alive and followed at that time were grouped "
        f"by what had happened until then, and time was counted from the landmark{crude.en}.",
    )


def _landmarks(results: Results) -> list[str]:
    found = results.find(analysis=LANDMARK, statistic=Statistic.N)
    return [
        str(m)
        for m in sorted({e.variable.months for e in found if e.value and isinstance(e.variable, LandmarkAt)})
    ]


def _states_text(results: Results, crude: Text) -> Text:
    """Which states of the time-dependent model patients were in."""
    states = listed_names(_states(results))
    return Text(
        f"时依 Cox 模型将进展状态作为时依协变量（{states.zh}），每例患者自进展之日起才计入其进展模式{crude.zh}。",
        f"The state was a time-dependent covariate of a Cox model ({states.en}), so that a patient counts towards a pattern only from the "
        f"day of that progression{crude.en}.",
    )


def _states(results: Results) -> list[Text]:
    found = results.find(analysis=TIME_DEPENDENT, statistic=Statistic.EVENTS)
    return [name_of(group) for group in dict.fromkeys(e.group for e in found)]


def _has_state_ratios(results: Results) -> bool:
    """Whether the model gave any ratio: states and their events are counted without it."""
    return given(results, Statistic.HAZARD_RATIO, analysis=TIME_DEPENDENT)


_ONLY_PROGRESSED = Text(
    "数据中只有已进展的患者，因此界标、时依与竞争风险分析无法进行，无进展生存期没有未进展的删失。",
    "The data hold only patients who progressed, so that landmark, time-dependent and competing-risk analyses are impossible and "
    "no patient is censored free of progression.",
)
PARTS = Parts(
    (Section(landmark_section, UNBIASED), Section(after_progression_section, UNBIASED)),
    (
        Methods(curves_and_ratios, compares_groups=True),
        _where_done(LANDMARK, _landmark_text, lambda results: was_done(LANDMARK, results)),
        _where_done(TIME_DEPENDENT, _states_text, _has_state_ratios),
        Methods(after_progression_methods, about=(LANDMARK_AFTER_PROGRESSION,)),
    ),
    (Limitation(Threat.TIME, only_progressed),),
)
