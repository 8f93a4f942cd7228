"""Interval-censored PFS in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Notice
from oligoscope.printing.cautions import cautions_for
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given, parts_used, was_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.interval_censored.compared import compared
from oligoscope.questions.interval_censored.figure import draw_intervals, series_of
from oligoscope.questions.interval_censored.question import INTERVAL_CENSORED
from oligoscope.questions.interval_censored.table import tabulate_intervals
from oligoscope.questions.interval_censored.words import intervals_paragraph
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of


def intervals_section(draft: Draft) -> Iterator[Block | None]:
    """Each grouping of each population: a sentence, cautions, the figure and the table, or the reason there is none."""
    kind = INTERVAL_CENSORED.kind
    for population, by in draft.protocol.asked(kind):
        found = draft.results.find(analysis=kind, population=population)
        people, groups = name_of(population), column_name(by)
        if found:
            title = Text(f"{people.zh}，按{groups.zh}分组", f"{people.en}, by {in_sentence(groups).en}")
            yield Heading(title, f"interval-censored-{population}-{by}", 3)
        has_groups = compared(draft.results, population, by) is not None
        yield from or_withheld(has_groups, _grouping(draft, population, by), found)


def _grouping(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    yield intervals_paragraph(draft.results, population, by)
    yield from (Notice("caution", caution) for caution in cautions_for(population, by, Outcome.PFS))
    if series_of(draft.results, population, by) is not None:
        yield draft.figure(draw_intervals, population, by)
    yield draft.table(tabulate_intervals, population, by)


def intervals_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """How progression within intervals was analysed, and what was compared, as far as it was."""
    kind = INTERVAL_CENSORED.kind
    if not (protocol.asked(kind) and was_done(kind, results)):
        return
    none = Text("", "")
    ratios = _RATIOS if given(results, Statistic.HAZARD_RATIO, analysis=kind) else none
    tests = _TESTS if MethodPart.MANN_WHITNEY in parts_used(results, kind) else none
    yield _METHODS.filled(ratios=ratios, tests=tests)


_RATIOS = Text(
    "，以 Weibull 比例风险模型估计风险比及 Wald 置信区间",
    ", hazard ratios with Wald limits by a Weibull model of proportional hazards",
)
_TESTS = Text(
    "各组评估次数与间隔的比较采用 Mann-Whitney *U* 检验。",
    " Numbers of and times between assessments were compared by the Mann-Whitney *U* test.",
)
_METHODS = Text(
    "作为敏感性分析，将无进展生存期的终点视为位于末次充分评估与发现事件之日之间（区间删失），以考察评估间隔对结果的影响：以非参数极大似然法估计曲线（Turnbull，1976）"
    "{ratios}；死亡同样视为位于末次评估与死亡之间，因为其间的进展未被观察。{tests}",
    "As a sensitivity analysis, progression-free survival was taken to end between the last adequate assessment and the day on which the event "
    "was found (interval censoring), to assess how far the intervals between assessments influence the results: curves by nonparametric maximum likelihood (Turnbull 1976){ratios}"
    "; a death, too, was placed between the last assessment and the death, since a progression in between was "
    "not observed.{tests}",
)  # fmt: skip
PARTS = Parts(
    (
        Section(
            intervals_section,
            Chapter("interval_censored", INTERVAL_CENSORED.kind.printed, strobe=(16,), strobe_also=(12, 17)),
        ),
    ),
    (Methods(intervals_methods),),
)
