"""What was missing and how it was completed, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import variable_name


def completions(results: Results) -> list[tuple[str, str]]:
    """(population, by) of each cohort that was completed; the paper's own grouping is not written out in its keys."""
    shares = results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
    return list(dict.fromkeys((e.population, e.outcome or "pattern") for e in shares))


def _completion(results: Results, population: str, by: str) -> tuple[list[Estimate], Estimate | None]:
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
    shares, made = _completion(results, *first)
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
    return Paragraph(joined(sentences), keys_of(*shares, made))
