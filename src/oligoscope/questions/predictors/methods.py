"""How predictors were sought: sentences of the Methods."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.method_texts import was_done
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol


def predictors_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The models, and how they were pooled where there are several."""
    if protocol.asked("predictors") and was_done("predictors", results):
        yield _MODELS
        if _models_were_pooled(results):
            yield _POOLED_MODELS


def _models_were_pooled(results: Results) -> bool:
    """Whether models were fitted in several completed cohorts; of a run of which nothing is known it is supposed."""
    made = results.find(analysis="imputation", statistic="imputations")
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
