"""What goes with the pattern, in the report: table and forest."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import was_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.predictors.question import PREDICTORS
from oligoscope.questions.predictors.table import MODELS, tabulate_predictors
from oligoscope.questions.predictors.words import predictors_paragraph
from oligoscope.results import analyses
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
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
        f"{forest.title.zh}，及{name.zh}的分布",
        f"{forest.title.en}, and {in_sentence(name).en} by {in_sentence(column_name(by)).en}",
    )
    panels = (Panel(forest, Text("比值比", "Odds ratios")), imputed)
    return draw_plate(f"predictors_{population}_{by}", title, panels)


def predictors_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The models, and how they were pooled where there are several."""
    if protocol.asked(analyses.PREDICTORS) and was_done(analyses.PREDICTORS, results):
        yield _MODELS
        if _models_were_pooled(results):
            yield _POOLED_MODELS


def _models_were_pooled(results: Results) -> bool:
    """Whether models were fitted in several completed cohorts; of a run of which nothing is known it is supposed."""
    made = results.find(analysis=IMPUTATION, statistic=Statistic.IMPUTATIONS)
    return any((e.value or 0) > 1 for e in made) or not results.estimates


_MODELS = Text(
    "进展模式的影响因素用单因素与多因素 Logistic 回归分析（Wald 置信区间；协变量将两组完全分开时改用 Firth 法，置信区间与 *P* 值取自剖面惩罚似然），事件水平与参照水平见表。",
    "Predictors of the pattern were sought by logistic regression, one variable at a time and all together (Wald limits; "
    "Firth's method, with limits and *P* by profile penalised likelihood, where covariates separate the groups); event and reference levels are printed in the table.",
)
_POOLED_MODELS = Text(
    "含插补变量的模型其结果按 Rubin 规则合并（Firth 法合并剖面似然，多个水平的联合检验取 *P* 值中位数）。",
    "Models with an imputed variable were pooled, Firth's by their combined profiles (several levels together as the median *P*) and the others by Rubin's rules.",
)
PARTS = Parts(
    (Section(predictors_section, Chapter("predictors", PREDICTORS.kind.printed, strobe=(16,))),),
    (Methods(predictors_methods),),
)
