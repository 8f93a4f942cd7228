"""Limitations of the study as the diagnostics found them: one sentence each, none that was not found."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.cohort.times import PROPORTIONAL_LEVEL, PROPORTIONALITY
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Block, Heading, Paragraph
from oligoscope.results.analyses import IMPUTATION, MATCHING, READER_AGREEMENT, RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name

_COUNTED = {
    Statistic.HAZARD_RATIO,
    Statistic.SUBDISTRIBUTION_HAZARD_RATIO,
    Statistic.CAUSE_SPECIFIC_HAZARD_RATIO,
}
LIMIT_OF_BALANCE = Statistic.LARGEST_SMD
IMMORTAL = "group_known_only_at_progression"
BY_CONSTRUCTION = "true_by_construction"

OBSERVATIONAL = Text(
    "本研究为观察性研究，未测量的混杂因素无法排除。",
    "The study is observational, and confounding by what was not measured cannot be excluded.",
)
IMMORTAL_TIME = Text(
    "按首次进展时才知道的分组从治疗开始计时的比较含永恒时间偏倚，不能作因果解释；进展后生存期不含此偏倚，但比较的仍是进展早晚不同的患者。",
    "Comparisons from treatment start between groups known only at the first progression carry immortal time bias and bear no "
    "causal reading; post-progression survival does not carry it, but still compares patients who progressed at different times.",
)
CONSTRUCTION = Text(
    "耐药类型由无进展生存期定义，两型之间该结局的差异不是发现。",
    "The resistance type is defined by progression-free survival, so that a difference in it between the types is no finding.",
)
ONLY_PROGRESSED = Text(
    "数据中只有已进展的患者，因此界标、时依与竞争风险分析无法进行，无进展生存期没有未进展的删失。",
    "The data hold only patients who progressed, so that landmark, time-dependent and competing-risk analyses are impossible and "
    "nobody is censored free of progression.",
)
AGE_IN_TWO = Text(
    "年龄仅以 60 岁为界进入匹配，界内的年龄差异未被校正。",
    "Age entered the matching only as under 60 or not, so that differences of age within these classes are left.",
)
SINGLE_READER = Text(
    "数据中没有第二位阅片者，判读者间的差异未知。",
    "The data name no second reader, so that agreement between readers is unknown.",
)
MULTIPLE = Text(
    "P 值未作多重比较校正；除作为主要比较的进展后生存期外，其余结果均为探索性。",
    "P values are not adjusted for multiple comparisons; all results but the comparison to lead with, post-progression survival, are "
    "exploratory.",
)
PATTERN_DEPENDS = Text(
    "进展模式取决于所用定义，各定义下的归类见相应一节。",
    "The pattern depends on the definition in use; the section on definitions shows how patients move between them.",
)


def limitations_section(protocol: Protocol, results: Results) -> Iterator[Block]:
    """A heading and one paragraph of whole sentences, with the keys of the numbers they state."""
    found = list(_found(protocol, results))
    keys = tuple(key for _, estimates in found for key in (e.key for e in estimates))
    text = Text("".join(t.zh for t, _ in found), " ".join(t.en for t, _ in found))
    yield Heading(Text("局限性", "Limitations"), "limitations")
    yield Paragraph(text, keys)


def limitations(protocol: Protocol, results: Results) -> tuple[Text, ...]:
    """The sentences alone, in the order of their weight."""
    return tuple(text for text, _ in _found(protocol, results))


def _found(protocol: Protocol, results: Results) -> Iterator[tuple[Text, tuple[Estimate, ...]]]:
    yield OBSERVATIONAL, ()
    warned = {part for e in results.estimates for part in e.warning.split("; ") if part}
    for words, sentence in (
        ({IMMORTAL}, IMMORTAL_TIME),
        ({BY_CONSTRUCTION}, CONSTRUCTION),
        ({"only_progressed_patients"}, ONLY_PROGRESSED),
    ):
        if words & warned:
            yield sentence, ()
    yield from _failed_balance(protocol, results)
    yield from _missing(results)
    yield from _few_events(results)
    yield from _changing_ratios(results)
    by_class = "age_60" in protocol.matching.covariates and "age_years" not in protocol.matching.covariates
    if by_class and results.find(analysis=MATCHING, statistic=LIMIT_OF_BALANCE):
        yield AGE_IN_TWO, ()
    if protocol.response.source == "lesions" and not results.find(analysis=READER_AGREEMENT):
        yield SINGLE_READER, ()
    if results.find(analysis=RECLASSIFICATION):
        yield PATTERN_DEPENDS, ()
    if results.find(statistic=Statistic.P_VALUE):
        yield MULTIPLE, ()


def _failed_balance(protocol: Protocol, results: Results) -> Iterator[tuple[Text, tuple[Estimate, ...]]]:
    for e in results.find(analysis=MATCHING, statistic=LIMIT_OF_BALANCE):
        if e.warning and e.value is not None and e.variable != "next_better_choice":
            value, limit = format_number(e.value, 3), format_number(protocol.matching.balance_limit, 1)
            yield (
                Text(
                    f"匹配后最大的标准化均数差为 {value}，未达到预设的 {limit}，残余的不均衡可能影响匹配后的结果。",
                    f"After matching the largest standardised mean difference was {value} and missed the limit of {limit} set beforehand; "
                    "what imbalance is left may affect the matched results.",
                ),
                (e,),
            )
            return


def _missing(results: Results) -> Iterator[tuple[Text, tuple[Estimate, ...]]]:
    said: set[str] = set()  # a variable may have been completed in several cohorts
    for e in results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING):
        if e.value and e.variable not in said:
            said.add(e.variable)
            name, share = column_name(e.variable), format_number(e.value, 1)
            yield (
                Text(
                    f"{name.zh}有 {share}% 缺失，以多重插补处理，前提是缺失只取决于已观察到的资料。",
                    f"{name.en} was missing in {share}% and was imputed, which supposes that its absence depends on what was observed.",
                ),
                (e,),
            )


def _few_events(results: Results) -> Iterator[tuple[Text, tuple[Estimate, ...]]]:
    """How many ratios are not given; a P that is printed with a caution is not one of them."""
    few = [e for e in results.estimates if "too_few_events" in e.warning and e.value is None]
    few = [e for e in few if e.statistic in _COUNTED]
    if few:
        yield (
            Text(
                f"有 {len(few)} 项风险比因事件太少而不给出。",
                f"Hazard ratios withheld because of too few events: {len(few)}.",
            ),
            (),
        )


def _changing_ratios(results: Results) -> Iterator[tuple[Text, tuple[Estimate, ...]]]:
    """In how many comparisons the hazards were not proportional."""
    tested = results.find(statistic=PROPORTIONALITY)
    failed = [e for e in tested if e.value is not None and e.value < PROPORTIONAL_LEVEL]
    if failed:
        yield (
            Text(
                f"检验比例风险的 {len(tested)} 个 Cox 模型中有 {len(failed)} 个的风险比随时间改变（P<0.05），其风险比只是平均值，各处已注明。",
                f"Of {len(tested)} Cox models tested, {len(failed)} had a hazard ratio that changed with time (P<0.05); it is an "
                "average there, and said so beside it.",
            ),
            tuple(failed),
        )
