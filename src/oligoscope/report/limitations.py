"""Limitations of the study as the diagnostics found them: one sentence each, none that was not found."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.cohort.times import PROPORTIONAL_LEVEL, PROPORTIONALITY
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.document_parts import Draft, Limitation, Sentence, Threat
from oligoscope.printing.sentences import joined
from oligoscope.questions.registry import document_parts
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, join
from oligoscope.study.protocol import Protocol

_COUNTED = {
    Statistic.HAZARD_RATIO,
    Statistic.SUBDISTRIBUTION_HAZARD_RATIO,
    Statistic.CAUSE_SPECIFIC_HAZARD_RATIO,
}

OBSERVATIONAL = Text(
    "本研究为观察性研究，未测量的混杂因素无法排除。",
    "The study is observational, and confounding by what was not measured cannot be excluded.",
)
IMMORTAL_TIME = Text(
    "按首次进展时才知道的分组从治疗开始计时的比较含永恒时间偏倚，不能作因果解释；进展后生存期不含此偏倚，但比较的仍是进展早晚不同的患者。",
    "Comparisons from treatment start between groups known only at the first progression carry immortal time bias and cannot be "
    "interpreted causally; post-progression survival does not carry it, but still compares patients who progressed at different times.",
)
CONSTRUCTION = Text(
    "耐药类型由无进展生存期定义，两型之间该结局的差异不是发现。",
    "The resistance type is defined by progression-free survival, so that a difference in it between the types is not a finding.",
)
MULTIPLE = Text(
    "P 值未作多重比较校正；除作为主要比较的进展后生存期外，其余结果均为探索性。",
    "P values are not adjusted for multiple comparisons; all results but the primary comparison, post-progression survival, are "
    "exploratory.",
)


def limitations_section(draft: Draft) -> Iterator[Block]:
    """One paragraph of whole sentences, with the keys of the numbers they state."""
    found = limitations(draft.protocol, draft.results)
    yield Paragraph(
        joined([text for text, _ in found]), tuple(e.key for _, estimates in found for e in estimates)
    )


def limitations(protocol: Protocol, results: Results) -> list[Sentence]:
    """The sentences on the study and those of its questions, by what they threaten, with the numbers they state."""
    of_questions = (limitation for _, parts in document_parts() for limitation in parts.limitations)
    ordered = sorted((*OF_THE_STUDY, *of_questions), key=lambda limitation: limitation.threat)
    return [sentence for limitation in ordered for sentence in limitation.find(protocol, results)]


def _observational(_protocol: Protocol, _results: Results) -> Iterator[Sentence]:
    yield OBSERVATIONAL, ()


def _groups_known_late(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    warned = join(*(e.warning for e in results.estimates))
    if warned.has(WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION):
        yield IMMORTAL_TIME, ()
    if warned.has(WarningCode.TRUE_BY_CONSTRUCTION):
        yield CONSTRUCTION, ()


def _many_tests(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    if results.find(statistic=Statistic.P_VALUE):
        yield MULTIPLE, ()


def _few_events(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """How many ratios are not given; a P that is printed with a caution is not one of them."""
    withheld = [e for e in results.estimates if e.value is None and e.statistic in _COUNTED]
    n = sum(e.warning.has(WarningCode.TOO_FEW_EVENTS) for e in withheld)
    if n:
        text = Text(
            f"有 {n} 项风险比因事件太少而不给出。", f"Hazard ratios withheld because of too few events: {n}."
        )
        yield text, ()


def _changing_ratios(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """In how many comparisons the hazards were not proportional."""
    tested = results.find(statistic=PROPORTIONALITY)
    failed = [e for e in tested if e.value is not None and e.value < PROPORTIONAL_LEVEL]
    if failed:
        yield (
            Text(
                f"检验比例风险的 {len(tested)} 个 Cox 模型中有 {len(failed)} 个的风险比随时间改变（*P*<0.05），该风险比只是平均值，已在相应处注明。",
                f"Of {len(tested)} Cox models tested, {len(failed)} had a hazard ratio that changed with time (*P*<0.05); there it is "
                "only an average, as noted beside it.",
            ),
            tuple(failed),
        )


OF_THE_STUDY = (
    Limitation(Threat.DESIGN, _observational),
    Limitation(Threat.TIME, _groups_known_late),
    Limitation(Threat.ESTIMATES, _few_events),
    Limitation(Threat.ESTIMATES, _changing_ratios),
    Limitation(Threat.CHANCE, _many_tests),
)
