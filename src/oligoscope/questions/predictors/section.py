"""What goes with the pattern, in the report: table and forest."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import parts_used, was_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.predictors.question import PREDICTORS
from oligoscope.questions.predictors.table import MODELS, tabulate_predictors
from oligoscope.questions.predictors.words import predictors_paragraph
from oligoscope.results import analyses
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name


def predictors_section(draft: Draft) -> Iterator[Block | None]:
    """What was found, the forest and the table of each grouping."""
    for population, by in draft.asked(analyses.PREDICTORS):
        found = draft.results.find(analysis=analyses.PREDICTORS, population=population, outcome=by)
        is_given = any(e.level for e in found)
        yield from or_withheld(is_given, _found(draft, population, by), found)


def _found(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    yield predictors_paragraph(draft.results, population, by)
    if any(e.value is not None for e in _ratios(draft.results, population, by)):
        yield draft.figure(_predictors_figure, population, by, draft)
    yield draft.table(tabulate_predictors, population, by)


def _ratios(results: Results, population: str, by: str) -> list[Estimate]:
    found = results.find(analysis=analyses.PREDICTORS, population=population, outcome=by)
    return [e for e in found if e.statistic in MODELS]


def _predictors_figure(results: Results, population: str, by: str, draft: Draft) -> Figure:
    """The forest, and below it the imputed variable by group where there is exactly one."""
    forest = draw_predictors(results, population, by)
    imputed = draft.panel(analyses.IMPUTATION, population, by)
    if imputed is None:
        return forest
    name = imputed.subject or imputed.name
    title = Text(
        f"{forest.title.zh}；{name.zh}的分布",
        f"{forest.title.en}, and {in_sentence(name).en} by {in_sentence(column_name(by)).en}",
    )
    panels = (Panel(forest, Text("比值比", "Odds ratios")), imputed)
    return draw_plate(f"predictors_{population}_{by}", title, panels)


def predictors_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The models, and how they were pooled where there are several."""
    if not (protocol.asked(analyses.PREDICTORS) and was_done(analyses.PREDICTORS, results)):
        return
    used = parts_used(results, analyses.PREDICTORS)
    yield _MODELS_BY_FIRTH if MethodPart.FIRTH in used else _MODELS
    ways = [way for part, way in _POOLED.items() if part in used]
    if ways:
        zh, en = "；".join(way.zh for way in ways), "; ".join(way.en for way in ways)
        yield Text(
            f"含插补变量的模型在各插补数据集中拟合后合并：{zh}。",
            f"Models with an imputed variable were fitted in every imputation and pooled: {en}.",
        )


_MODELS = Text(
    "以单因素与多因素 Logistic 回归分析与进展模式相关的因素（Wald 置信区间），事件水平与参照水平见表。",
    "Factors associated with the pattern were analysed by univariable and multivariable logistic regression (Wald limits); event and "
    "reference levels are printed in the table.",
)
_MODELS_BY_FIRTH = Text(
    "以单因素与多因素 Logistic 回归分析与进展模式相关的因素（Wald 置信区间；协变量将两组完全分开时改用 Firth 法，置信区间与 *P* 值取自剖面惩罚似然），"
    "事件水平与参照水平见表。",
    "Factors associated with the pattern were analysed by univariable and multivariable logistic regression (Wald limits; where covariates "
    "separate the groups, Firth's method, with limits and *P* by profile penalised likelihood); event and reference levels are printed in the table.",
)
_POOLED = {
    MethodPart.RUBIN: Text("估计值按 Rubin 规则", "estimates by Rubin's rules"),
    MethodPart.CLIP: Text(
        "Firth 法的估计按合并剖面似然", "those of Firth's method by their combined profiles"
    ),
    MethodPart.D1: Text("多个水平的联合检验采用 D1 统计量", "joint tests of several levels by D1"),
    MethodPart.MEDIAN_P: Text(
        "Firth 法的联合检验取 *P* 值中位数", "joint tests of Firth's method by the median *P*"
    ),
}
PARTS = Parts(
    (Section(predictors_section, Chapter("predictors", PREDICTORS.kind.printed, strobe=(16,))),),
    (Methods(predictors_methods),),
)
