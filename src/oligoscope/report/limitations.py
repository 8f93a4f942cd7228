"""Limitations of the study as the diagnostics found them: one sentence each, none that was not found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from oligoscope.bilingual import Count, Text
from oligoscope.printing.adjusting import not_adjusted_for
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.document_parts import Draft, Limitation, Sentence, Threat
from oligoscope.printing.sentences import joined, listed_names
from oligoscope.questions.registry import document_parts
from oligoscope.results.analyses import COMPETING_RISKS, ILLNESS_DEATH, RECLASSIFICATION, SUBGROUPS, WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import PROPORTIONAL_LEVEL, Statistic
from oligoscope.results.warnings import WarningCode, join
from oligoscope.study.protocol import Protocol

_COUNTED = {
    Statistic.HAZARD_RATIO,
    Statistic.SUBDISTRIBUTION_HAZARD_RATIO,
    Statistic.CAUSE_SPECIFIC_HAZARD_RATIO,
}

SYNTHETIC_DATA = Text(
    "本报告的数据由计算机随机抽取生成，并非真实患者的资料，不能据以得出任何结论。",
    "The data were drawn at random by a computer and are not of real patients; nothing can be concluded from them.",
)
OBSERVATIONAL = Text(
    "本研究为观察性研究，未测量的混杂因素无法排除。",
    "The study is observational, and unmeasured confounding cannot be excluded.",
)
IMMORTAL_TIME = Text(
    "按首次进展时才知道的分组从治疗开始计时的比较含永恒时间偏倚，不能作因果解释；进展后生存期不含首次进展之前的永恒时间，但比较的仍是进展早晚不同的患者。",
    "Comparisons from treatment start between groups known only at the first progression carry immortal time bias and cannot be "
    "interpreted causally; post-progression survival contains none from before the progression, but still compares patients who progressed "
    "at different times.",
)
CONSTRUCTION = Text(
    "耐药类型由无进展生存期定义，两型之间该结局的差异由定义所致，不作解释。",
    "The resistance type is defined by progression-free survival, so that a difference in it between the types follows from the definition.",
)
MULTIPLE = Text(
    "*P* 值未作多重比较校正；除作为主要比较的进展后生存期外，其余结果均为探索性。",
    "*P* values are not adjusted for multiple comparisons; all results but the primary comparison, post-progression survival, are "
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


def _synthetic(protocol: Protocol, _results: Results) -> Iterator[Sentence]:
    if protocol.study.synthetic:
        yield SYNTHETIC_DATA, ()


def _observational(_protocol: Protocol, _results: Results) -> Iterator[Sentence]:
    yield OBSERVATIONAL, ()


def _groups_known_late(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    warned = join(*(e.warning for e in results.estimates))
    if warned.has(WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION):
        yield IMMORTAL_TIME, ()
    if warned.has(WarningCode.TRUE_BY_CONSTRUCTION):
        yield CONSTRUCTION, ()


def _not_adjusted(protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """What no ratio of the primary comparison is adjusted for."""
    texts = list(not_adjusted_for(protocol, results))
    if texts:
        yield joined(texts), ()


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
    found = results.find(statistic=Statistic.P_VALUE_PROPORTIONAL_HAZARDS)
    # Of other definitions no P is given, and models of transitions are another kind.
    tested = [e for e in found if e.analysis != ILLNESS_DEATH]
    failed = [e for e in tested if e.value is not None and e.value < PROPORTIONAL_LEVEL]
    if failed:
        others, beside = _not_tested(results), _not_counted(results)
        yield (
            Text(
                f"检验比例风险的 {len(tested)} 个 Cox 模型{beside.zh}中有 {len(failed)} 个的风险比随时间改变（*P*<0.05），该风险比只是取决于随访与删失的平均值，已在相应处注明"
                f"{others.zh}。",
                f"Of {Count(len(tested)):Cox model|Cox models} tested{beside.en}, {len(failed)} had a hazard ratio that changed with time (*P*<0.05); there it is "
                f"only an average that depends on follow-up and censoring, as noted beside it{others.en}.",
            ),
            tuple(failed),
        )


def _not_counted(results: Results) -> Text:
    """The kinds of model that were tested, too, and are not among those counted; blank where there are none."""
    kinds = {
        Text("其他定义", "other definitions"): results.find(analysis=RECLASSIFICATION, statistic=Statistic.HAZARD_RATIO),
        Text("疾病—死亡模型", "the illness-death model"): results.find(analysis=ILLNESS_DEATH, statistic=Statistic.P_VALUE_PROPORTIONAL_HAZARDS),
    }  # fmt: skip
    those = _with_values(kinds)
    return Text(f"（不计{those.zh}）", f" (not counting those of {those.en})") if those.en else those


def _not_tested(results: Results) -> Text:
    """The kinds of model whose hazards were not tested; blank where there are none."""
    kinds = {
        Text("校正后", "adjusted"): results.find(statistic=Statistic.HAZARD_RATIO_ADJUSTED),
        Text("加权", "weighted"): results.find(analysis=WEIGHTING, statistic=Statistic.HAZARD_RATIO),
        Text("亚组", "subgroup"): results.find(analysis=SUBGROUPS, statistic=Statistic.HAZARD_RATIO),
        Text("竞争风险", "competing-risks"): results.find(analysis=COMPETING_RISKS, statistic=Statistic.CAUSE_SPECIFIC_HAZARD_RATIO),
    }  # fmt: skip
    those = _with_values(kinds)
    return Text(f"；{those.zh}模型未作此检验", f"; {those.en} models were not tested") if those.en else those


def _with_values(kinds: Mapping[Text, Sequence[Estimate]]) -> Text:
    """The names of the kinds of which a number came out, as inside a sentence; blank where there are none."""
    return listed_names(name for name, rows in kinds.items() if any(e.value is not None for e in rows))


OF_THE_STUDY = (
    Limitation(Threat.DESIGN, _synthetic),
    Limitation(Threat.DESIGN, _observational),
    Limitation(Threat.TIME, _groups_known_late),
    Limitation(Threat.CONFOUNDING, _not_adjusted),
    Limitation(Threat.ESTIMATES, _few_events),
    Limitation(Threat.ESTIMATES, _changing_ratios),
    Limitation(Threat.CHANCE, _many_tests),
)
