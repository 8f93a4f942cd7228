"""What was missing, how it was completed and what that supposes, in words: also of the Methods and the limitations."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.document_parts import Sentence
from oligoscope.printing.method_texts import is_matched, names_in_sentence
from oligoscope.printing.monte_carlo_notes import NEEDS, too_few_imputations
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.results.analyses import IMPUTATION, PREDICTORS, WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, versus
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, variable_name


def completions(results: Results) -> list[tuple[str, str]]:
    """(population, by) of each cohort that was completed; the paper's own grouping is not written out in its keys."""
    shares = results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
    return list(dict.fromkeys((e.population, e.outcome or "pattern") for e in shares))


def completion(results: Results, population: str, by: str) -> tuple[list[Estimate], Estimate | None]:
    """Shares missing of one cohort, and how often it was completed."""
    found = [
        e for e in results.find(analysis=IMPUTATION, population=population) if (e.outcome or "pattern") == by
    ]
    made = next((e for e in found if e.statistic == Statistic.IMPUTATIONS), None)
    return [e for e in found if e.statistic == Statistic.PERCENT_MISSING], made


def imputation_paragraph(results: Results) -> Paragraph | None:
    """What was missing, and how often it was completed."""
    first = next(iter(completions(results)), None)
    if first is None:
        return None
    # One cohort speaks for all: the others are parts of the same patients, and the tables hold theirs.
    shares, made = completion(results, *first)
    percents = [format_number(e.value, 1) for e in shares]
    zh = "，".join(f"{variable_name(e.variable).zh} {p}%" for e, p in zip(shares, percents, strict=True))
    en = ", ".join(
        f"{in_sentence(variable_name(e.variable)).en} {p}%" for e, p in zip(shares, percents, strict=True)
    )
    sentences = [Text(f"缺失者占患者的百分比：{zh}。", f"Missing values, as a share of the patients: {en}.")]
    if made is not None and made.value is not None:
        m = count_text(made.value)
        sentences.append(
            Text(
                f"以链式方程插补 {m} 次；未匹配的分析使用观察值，匹配、影响因素与加权分析使用各插补数据集并合并结果。",
                f"They were completed {m} times by chained equations; unmatched analyses use the observed values, while "
                "matching, predictors and weighting use every imputation and pool the results.",
            )
        )
    pooled = [e for e in results.estimates if e.statistic in NEEDS and e.value is not None]
    too_few = too_few_imputations(pooled, _name_of_ratio)
    sentences += [] if too_few is None else [too_few]
    return Paragraph(joined(sentences), keys_of(*shares, made, *(pooled if too_few is not None else ())))


def _name_of_ratio(e: Estimate) -> Text:
    """The outcome of a hazard ratio, the variable and level of an odds ratio."""
    if not e.level:
        return column_name(e.outcome)
    variable, level = column_name(e.variable), versus(e.level)
    return Text(f"{variable.zh} {level.zh}", f"{variable.en}, {level.en}")


_IN_COMPLETED = (PREDICTORS, WEIGHTING)  # kinds of analysis that use the completed cohorts without matching


def ways_of_imputing(protocol: Protocol, results: Results) -> Iterator[Text]:
    """Which variables were completed, and how; nothing where none was."""
    used = any(a.kind in _IN_COMPLETED for a in protocol.analyses) or is_matched(protocol, results)
    missing = results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
    if not missing or not used:
        return
    settings, names = (
        protocol.imputation,
        names_in_sentence(tuple(dict.fromkeys(e.variable for e in missing))),
    )
    yield Text(
        f"缺失值以链式方程多重插补 {settings.m} 次（{names.zh}）；插补模型含全部匹配变量与影响因素模型的变量、分组，以及总生存期、无进展"
        "生存期与进展后生存期的事件指示和 Nelson-Aalen 累积风险。二分类变量用 Logistic 回归，有序分类变量用比例优势模型，无序分类变量用多项 Logistic 回归，数值变量用预测均值匹配。",
        f"Missing values ({names.en}) were completed {settings.m} {'time' if settings.m == 1 else 'times'} by chained "
        "equations; the model held every variable of the matching and of the models of predictors, the group, and the event "
        "indicator and Nelson-Aalen cumulative hazard of overall, progression-free and post-progression survival. Two levels were imputed by logistic regression, ordered levels by proportional odds, "
        "unordered levels by multinomial regression, and numbers by predictive mean matching.",
    )


def missing_values(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That a variable was missing and had to be imputed."""
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
