"""What was missing, how it was completed and what that supposes, in words: also of the Methods and the limitations."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.cohort.imputation_terms import ORDERED, OUTCOMES
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.document_parts import Sentence
from oligoscope.printing.method_texts import names_in_sentence, was_done, were_matched
from oligoscope.printing.monte_carlo_notes import NEEDS, too_few_imputations
from oligoscope.printing.sentences import joined, keys_of, listed
from oligoscope.results.analyses import IMPUTATION, PREDICTORS, WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import in_sentence, versus
from oligoscope.study.protocol import BY_MISSING, Protocol
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
        sentences.append(_made(count_text(made.value), results))
    pooled = [e for e in results.estimates if e.statistic in NEEDS and e.value is not None]
    too_few = too_few_imputations(pooled, _name_of_ratio)
    sentences += [] if too_few is None else [too_few]
    return Paragraph(joined(sentences), keys_of(*shares, made, *(pooled if too_few is not None else ())))


def _made(m: str, results: Results) -> Text:
    """How often values were drawn, and which of the analyses that were done use them."""
    done = [
        *([Text("匹配", "matching")] if were_matched(results) else []),
        *(name for kind, name in _USERS.items() if was_done(kind, results)),
    ]
    drawn = Text(f"以链式方程多重插补（m={m}）", f"They were multiply imputed (m = {m}) by chained equations")
    if not done:
        return Text(
            f"{drawn.zh}；所作分析均用观察值，未用插补值。",
            f"{drawn.en}; every analysis that was done uses the observed values, and none the imputed ones.",
        )
    first = "、".join(name.zh for name in done[:-1])
    zh, en = f"{first}与{done[-1].zh}" if first else done[-1].zh, listed([name.en for name in done], "en")
    verbs = ("uses", "pools") if len(done) == 1 and done[0].en != "predictors" else ("use", "pool")
    return Text(
        f"{drawn.zh}；未匹配的分析使用观察值，{zh}分析使用各插补数据集并合并结果。",
        f"{drawn.en}; unmatched analyses use the observed values, while {en} {verbs[0]} every imputation and {verbs[1]} the results.",
    )


_USERS = {
    PREDICTORS: Text("影响因素", "predictors"),
    WEIGHTING: Text("加权", "weighting"),
}


def _name_of_ratio(e: Estimate) -> Text:
    """The outcome and groups of a hazard ratio, the variable and level of an odds ratio."""
    if not e.level:
        outcome, groups = column_name(e.outcome), versus(e.group)
        return Text(f"{outcome.zh}，{groups.zh}", f"{outcome.en}, {in_sentence(groups).en}")
    variable, level = column_name(e.variable), versus(e.level)
    return Text(f"{variable.zh} {level.zh}", f"{variable.en}, {level.en}")


_IN_COMPLETED = (PREDICTORS, WEIGHTING)  # kinds of analysis that use the completed cohorts without matching


def ways_of_imputing(protocol: Protocol, results: Results) -> Iterator[Text]:
    """Which variables were imputed, how often, from what and by which models; nothing where none was."""
    used = any(a.kind in _IN_COMPLETED for a in protocol.analyses) or were_matched(results)
    made = _imputations(results)
    variables = _imputed(results) if used and made else []
    if not variables:
        return
    names, models = names_in_sentence(tuple(variables)), _models(results, variables)
    held, number = _held(protocol, results), _number(protocol, results, made)
    yield Text(
        f"缺失值（{names.zh}）以链式方程多重插补（{number.zh}）；插补模型含{held.zh}。{models.zh}",
        f"Missing values ({names.en}) were multiply imputed ({number.en}) by chained equations; the imputation model included {held.en}. {models.en}",
    )


def _number(protocol: Protocol, results: Results, made: str) -> Text:
    """How many imputations; by the share of incomplete patients where that set the number."""
    found = results.find(analysis=IMPUTATION, variable="", statistic=Statistic.PERCENT_INCOMPLETE)
    share = next((e for e in found if e.value is not None), None)
    if protocol.imputation.m != BY_MISSING or share is None:
        return Text(f"m={made}", f"m = {made}")
    percent = format_number(share.value, 1)
    return Text(
        f"m={made}；{percent}% 的患者有缺失值，次数取该百分比，至少 20",
        f"m = {made}: {percent}% of the patients had a missing value, and the number is that percentage, 20 at least",
    )


def _imputations(results: Results) -> str:
    """How often values were drawn; blank where none were."""
    found = results.find(analysis=IMPUTATION, variable="", statistic=Statistic.IMPUTATIONS)
    return next((count_text(e.value) for e in found if e.value is not None), "")


def _imputed(results: Results) -> list[str]:
    """The variables of which values were drawn."""
    missing = results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
    refused = {
        e.variable
        for e in results.find(analysis=IMPUTATION, statistic=Statistic.IMPUTATIONS)
        if e.value is None
    }
    return [name for name in dict.fromkeys(e.variable for e in missing) if not refused & {name, ""}]


def _held(protocol: Protocol, results: Results) -> Text:
    """What the models of the imputation held beside the variable that they impute."""
    variables = []
    if were_matched(results) or protocol.asked(WEIGHTING):
        variables.append(Text("倾向评分的全部变量", "every variable of the propensity score"))
    if protocol.asked(PREDICTORS):
        variables.append(Text("影响因素模型的全部变量", "every variable of the models of predictors"))
    out = _not_held(results)
    outcomes = [
        in_sentence(column_name(outcome))
        for outcome in OUTCOMES
        if outcome.hazard not in out and not _is_withheld(outcome, results)
    ]
    parts = [*variables, Text("分组", "the group")]
    if outcomes:
        zh, en = (listed([name[language] for name in outcomes], language) for language in LANGUAGES)
        parts.append(
            Text(
                f"{zh}的事件指示变量与 Nelson-Aalen 累积风险",
                f"the event indicator and Nelson-Aalen cumulative hazard of {en}",
            )
        )
    zh = "、".join(part.zh for part in parts[: len(variables) + 1])
    return Text(
        "，以及".join([zh, *(part.zh for part in parts[len(variables) + 1 :])]),
        listed([part.en for part in parts], "en"),
    )


def _not_held(results: Results) -> set[str]:
    """Predictors that the models could not use, by the warning of the imputation."""
    made = results.find(analysis=IMPUTATION, variable="", statistic=Statistic.IMPUTATIONS)
    left_out = (p for e in made for p in e.warning.parts if p.code is WarningCode.PREDICTORS_LEFT_OUT)
    return {name for part in left_out for _, names in part.values for name in names}


def _is_withheld(outcome: str, results: Results) -> bool:
    found = results.find(outcome=outcome)
    return bool(found) and all(e.value is None for e in found)


_OF_TWO_LEVELS = Text("二分类变量用 Logistic 回归", "logistic regression for variables with two levels")
_OF_ORDERED = Text("有序分类变量用比例优势模型", "a proportional odds model for ordered variables")
_OF_UNORDERED = Text("无序分类变量用多项 Logistic 回归", "multinomial regression for unordered variables")
_OF_NUMBERS = Text("连续变量用预测均值匹配", "predictive mean matching for continuous variables")


def _models(results: Results, variables: list[str]) -> Text:
    """The models of the kinds of variables that were imputed."""
    of_each = {_model_of(results, name) for name in variables}
    used = [model for model in (_OF_TWO_LEVELS, _OF_ORDERED, _OF_UNORDERED, _OF_NUMBERS) if model in of_each]
    en = listed([model.en for model in used], "en")
    return Text(f"{'，'.join(model.zh for model in used)}。", f"Values were drawn by {en}.")


def _model_of(results: Results, variable: str) -> Text:
    rows = results.find(analysis=IMPUTATION, variable=variable, statistic=Statistic.N)
    n_levels = len({e.level for e in rows})
    if n_levels in {0, 2}:
        return _OF_TWO_LEVELS if n_levels else _OF_NUMBERS
    return _OF_ORDERED if variable in ORDERED else _OF_UNORDERED


def missing_values(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That a variable was missing, and had to be imputed or could not be."""
    said: set[str] = set()  # a variable may have been completed in several cohorts
    imputed = _imputed(results) if _imputations(results) else []
    for e in results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING):
        if e.value and e.variable not in said:
            said.add(e.variable)
            name, share = column_name(e.variable), format_number(e.value, 1)
            if e.variable not in imputed:
                yield (
                    Text(
                        f"{name.zh}有 {share}% 缺失，未作插补。",
                        f"{name.en} was missing in {share}% and was not imputed.",
                    ),
                    (e,),
                )
                continue
            yield (
                Text(
                    f"{name.zh}有 {share}% 缺失，以多重插补处理，前提为随机缺失，即缺失只取决于已观察到的资料。",
                    f"{name.en} was missing in {share}% and was imputed under the assumption that values are missing at random given the "
                    "observed data.",
                ),
                (e,),
            )
