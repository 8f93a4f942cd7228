"""How patients were matched and estimates pooled, and what imbalance is left: sentences of the Methods and the limitations."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cautions import is_described
from oligoscope.printing.document_parts import Sentence
from oligoscope.printing.matched_notes import is_matched, is_of_several, is_sealed, not_judged
from oligoscope.printing.method_texts import (
    left_out_of_score,
    names_in_sentence,
    score_by_firth,
    score_text,
    were_matched,
    why_not_matched,
)
from oligoscope.printing.sentences import joined
from oligoscope.results.analyses import BASELINE, IMPUTATION, MATCHING, PREDICTORS, SURVIVAL, WEIGHTING
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import Warnings, of_missed_balance
from oligoscope.study.keys import in_sentence, level_name
from oligoscope.study.protocol import MatchingSettings, Protocol

_COUNTS = (Statistic.N, Statistic.EVENTS, Statistic.WEIGHTED_N, Statistic.WEIGHTED_EVENTS)
_METHODS = {
    "nearest": Text("最近邻匹配", "nearest-neighbour matching"),
    "optimal": Text("最优匹配（卡钳内对数最多，再求总距离最小）", "optimal matching (most pairs within the caliper, then least total distance)"),
}  # fmt: skip
_ORDERS = {
    "descending": Text("按评分由高到低依次匹配", "in descending order of the score"),
    "ascending": Text("按评分由低到高依次匹配", "in ascending order of the score"),
    "given": Text("按资料原有顺序匹配", "in the order of the data"),
    "random": Text("按随机顺序匹配", "in random order"),
}
_SCALES = {
    "logit": Text("倾向评分的 logit", "the logit of the propensity score"),
    "probability": Text("倾向评分（概率）", "the propensity score as a probability"),
    "sd_logit": Text("logit 的标准差倍数", "standard deviations of the logit"),
}
_WITH_REPLACEMENT = {True: Text("有放回", "with replacement"), False: Text("无放回", "without replacement")}


def matching_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """How patients were matched, or why what was planned was not done."""
    if prevented := why_not_matched(results):
        yield _not_done(prevented, protocol, results)
    if not were_matched(results):
        return
    several = _were_pooled(results)
    firth = score_by_firth(results, MATCHING, several=several)
    score = score_text(protocol.matching.covariates, left_out_of_score(results), firth)
    yield _matching(protocol.matching, score, several=several, is_judged=not not_judged(results))
    if is_sealed(results):
        yield _SEALED
        return
    sentences = list(_estimates_after(results, several=several))
    if sentences:
        yield joined(sentences)
    yield from _weights_of_matching(protocol.matching, results)


def _not_done(prevented: Warnings, protocol: Protocol, results: Results) -> Text:
    why, weighted = prevented.printed, results.find(analysis=WEIGHTING)
    if not protocol.asked(WEIGHTING) or any(e.value is not None for e in weighted):
        return Text(
            f"原计划的倾向评分匹配未完成：{why.zh}。",
            f"Propensity score matching was planned and not done: {why.en}.",
        )
    return Text(
        f"原计划的倾向评分匹配与加权未进行：{why.zh}。",
        f"Propensity score matching and weighting were planned and not done: {why.en}.",
    )


def _were_pooled(results: Results) -> bool:
    """Whether several completed cohorts were matched."""
    made = results.value(analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS)
    return (made or 0) > 1


def _matching(settings: MatchingSettings, score: Text, *, several: bool, is_judged: bool) -> Text:
    """How patients were matched; imputations are named only where there were several."""
    more = _more(settings, several)
    was = Text("以", "was judged") if is_judged else Text("原定以", "was to be judged")
    limit = settings.balance_limit
    size = Text("|SMD| 的插补均数", "mean |SMD| over the imputations") if several else Text("|SMD|", "|SMD|")
    only = Text("（结局仅用于插补）", " (outcomes entered the imputation only)") if several else Text("", "")
    return Text(
        f"{score.zh}{_how(settings).zh}{_caliper(settings).zh}{more.zh}"
        f"均衡性{was.zh}标准化均数差（SMD）衡量；预设标准为各水平 {size.zh}均不超过 {limit:g}；选择匹配方案时未使用任何结局的估计{only.zh}。"
        "匹配后的组别是首次进展时才知道的分类而非处理，匹配只平衡所列协变量。",
        f"{score.en} {_how(settings).en} {_caliper(settings).en} "
        f"{more.en}Balance {was.en} by standardised mean differences (SMD), and no estimate of an outcome was used to choose the matching"
        f"{only.en}: the criterion set beforehand was that the {size.en} of no level exceeds {limit:g}. The groups are classes known only "
        "at the first progression, not treatments; matching balances the listed covariates only.",
    )


def _how(settings: MatchingSettings) -> Text:
    method = _METHODS[settings.method]
    again = _WITH_REPLACEMENT[settings.replace]
    greedy = settings.method == "nearest" and not settings.replace
    order = _ORDERS[settings.order] if greedy else Text("", "")
    return Text(
        f"采用 1:{settings.ratio} {method.zh}，{again.zh}{'，' + order.zh if greedy else ''}。",
        f"Patients were matched 1:{settings.ratio} by {method.en}{' ' + order.en if greedy else ''}, {again.en}.",
    )


def _caliper(settings: MatchingSettings) -> Text:
    if settings.caliper is None:
        return Text("不设卡钳值。", "No caliper was set.")
    scale = _SCALES[settings.caliper_scale]
    return Text(
        f"卡钳值为 {settings.caliper:g}（尺度：{scale.zh}）。",
        f"The caliper was {settings.caliper:g} (scale: {scale.en}).",
    )


def _more(settings: MatchingSettings, several: bool) -> Text:
    """Exact matching, and where the score was taken: with a space at the end of the English."""
    zh, en = "", ""
    if settings.exact:
        names = names_in_sentence(settings.exact)
        zh, en = f"仅在{names.zh}相同者之间配对。", f"Pairs had to agree exactly in {names.en}. "
    if not several:
        return Text(zh, en)
    if settings.imputations == "within":
        return Text(zh + "每个插补数据集各自匹配。", en + "Matching was done in each imputation. ")
    return Text(
        zh + "取各插补数据集评分的均数后匹配一次。",
        en + "Matching was done once, on the mean score over the imputations. ",
    )


def _weights_of_matching(settings: MatchingSettings, results: Results) -> Iterator[Text]:
    """How patients count who were not matched one to one, and what few sets change."""
    after = results.find(analysis=SURVIVAL, population="matched")
    if settings.ratio > 1 or settings.replace:
        again = _SERVE_AGAIN if settings.replace else Text("", "")
        yield Text(_COUNTED.zh + again.zh, f"{_COUNTED.en} {again.en}".rstrip())
    if any(e.method.has(MethodPart.T_OF) for e in after if e.value is not None):
        yield _FEW_SETS


_COUNTED = Text(
    "匹配不是一一配对，故患者按匹配权重计：第一组每例权重为 1，同一匹配组的对照权重合计为 1。匹配后的 Kaplan-Meier 曲线、风险人数、"
    "Log-rank 检验（稳健记分检验）、Cox 模型与基线表均按此加权，方差按匹配组稳健估计。",
    "Patients were not matched one to one and counted by weights: each patient of the first group 1, the controls of one matched "
    "set 1 together. After matching, Kaplan-Meier curves, numbers at risk, the log-rank test (a robust score test), Cox models "
    "and the baseline table were weighted so, with variances robust to the matched sets.",
)
_SERVE_AGAIN = Text(
    "对照可用于多个匹配组，在每组中各计一次（权重相加）；其曲线的方差按患者聚类，Cox 模型另给出同时按匹配组与患者聚类的置信区间"
    "（Austin 与 Cafri 2020）。",
    "A control could serve in several sets and counted in each of them (its weights add up); variances of curves were then "
    "robust to the patients, and Cox models also have limits robust to both sets and patients (Austin & Cafri 2020).",
)
_FEW_SETS = Text(
    "匹配组不超过 30 个时，稳健置信区间用自由度为组数减 1 的 *t* 分布（Cameron 等 2008）。",
    "With 30 matched sets or fewer, robust limits are by *t* with one degree of freedom less than there are sets (Cameron et al. 2008).",
)
_SEALED = Text(
    "匹配未达到该标准，故未给出匹配后的任何估计值，只给出匹配前后的基线特征与均衡性。",
    "Matching missed this limit, so that no estimate after matching is given, only the baseline characteristics and the balance.",
)


def _estimates_after(results: Results, *, several: bool) -> Iterator[Text]:
    """How estimates of the matched patients were pooled, and which limits they have."""
    after = [e for e in results.estimates if is_matched(e.population) and e.value is not None]
    used = frozenset(step.part for e in after for step in e.method.steps)
    if several:
        yield from _pooling(after, used)
    if MethodPart.PAIR_ROBUST_LIMITS in used:
        yield Text(
            "比较两种进展模式的匹配后 Cox 模型，其标准误按匹配对聚类稳健估计。",
            "Cox models that compare the matched patterns have standard errors robust to the pairs.",
        )
        if any(e.variable == "log_rank" for e in after):
            yield Text("Log-rank 检验未考虑配对。", "The log-rank test takes no account of the pairs.")


def _pooling(after: list[Estimate], used: frozenset[MethodPart]) -> Iterator[Text]:
    ways = []
    if MethodPart.RUBIN in used:
        ways.append(
            Text(
                "匹配后的估计按 Rubin 规则合并（Barnard-Rubin 自由度）",
                "Estimates after matching were pooled by Rubin's rules (Barnard-Rubin degrees of freedom)",
            )
        )
    if MethodPart.D1 in used:
        ways.append(Text("多自由度的检验用 D1", "tests of several degrees of freedom by D1"))
    by_median = dict.fromkeys(e.analysis for e in after if e.method.has(MethodPart.MEDIAN_P))
    tests = [name for kind, name in _BY_MEDIAN.items() if kind in by_median]
    if tests:
        zh, en = "与".join(t.zh for t in tests), " and ".join(t.en for t in tests)
        ways.append(
            Text(
                f"{zh}取各数据集 *P* 值的中位数（Eekhout 2017，原用于 Logistic 回归）",
                f"{en} by the median *P* over the imputations (Eekhout 2017, there for logistic regression)",
            )
        )
    if MethodPart.POOLED_LOG_LOG in used:
        ways.append(
            Text(
                "Kaplan-Meier 曲线在 log(-log S) 尺度上合并，中位数取自合并曲线",
                "Kaplan-Meier curves on log(-log S), with medians from the pooled curve",
            )
        )
    if ways:
        zh, en = "；".join(w.zh for w in ways), "; ".join(w.en for w in ways)
        yield Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}.")


def limits_over_imputations(settings: MatchingSettings, results: Results) -> Text | None:
    """How often pooled limits hold the truth, in simulations (docs/methods-matching.md); None where nothing was pooled."""
    ratios = results.find(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO)
    pooled = [e for e in ratios if is_matched(e.population) and e.value is not None]
    if not _were_pooled(results) or not any(e.method.has(MethodPart.RUBIN) for e in pooled):
        return None
    return _WITHIN if settings.imputations == "within" else _ACROSS


_WITHIN = Text(
    "各插补数据集各自匹配后合并的置信区间偏保守：在模拟研究中，95% 置信区间有 97%~99% 包含真值。",
    "Confidence intervals pooled over imputations that were matched one by one are conservative: in simulations 97 to 99% of such 95% "
    "intervals covered the true value.",
)
_ACROSS = Text(
    "按平均评分只匹配一次时，置信区间不含缺失值带来的不确定性：在模拟研究中，95% 置信区间有 93%~94% 包含真值。",
    "Confidence intervals after one matching on the mean score leave out the uncertainty about missing values: in simulations 93 to 94% of "
    "such 95% intervals covered the true value.",
)
_BY_MEDIAN = {
    SURVIVAL: Text("Log-rank 检验", "the log-rank test"),
    BASELINE: Text("匹配后基线表的各检验", "the tests of the matched baseline table"),
}


def e_value_methods(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """Which ratios have an E-value, and what it says; none where estimates after matching are withheld."""
    if not were_matched(results) or is_sealed(results):
        return
    kinds = dict.fromkeys(
        e.analysis
        for e in results.find(statistic=Statistic.E_VALUE)
        if e.value is not None and not is_described(e.population, e.group, e.outcome)
    )
    ratios = [name for kind, name in _WITH_E_VALUES.items() if kind in kinds]
    if ratios:
        zh, en = "与".join(r.zh for r in ratios), " and ".join(r.en for r in ratios)
        yield Text(
            f"{zh}附 E 值：它只针对未测混杂，不说明永恒时间偏倚。",
            f"{en[:1].upper()}{en[1:]} are given with E-values, which concern unmeasured confounding only and not immortal time bias.",
        )


_WITH_E_VALUES = {
    SURVIVAL: Text("匹配后的风险比（HR）", "hazard ratios after matching"),
    PREDICTORS: Text("多因素比值比（OR）", "multivariable odds ratios"),
}


def failed_balance(protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That the balance set beforehand was missed."""
    for e in results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD):
        missed = of_missed_balance(e.warning)
        if missed and e.value is not None and e.variable != "next_better_choice":
            value, limit = format_number(e.value, 3), f"{protocol.matching.balance_limit:g}"
            size = (
                Text("平均 |SMD|", "mean |SMD| over the imputations")
                if is_of_several(results)
                else Text(" |SMD| ", "|SMD|")
            )
            level = level_name(e.level)
            rest = _NONE_GIVEN if is_sealed(results) else _LEFT
            yield (
                Text(
                    f"匹配后各水平{size.zh}的最大值为 {value}（{level.zh}），超过预设限值 {limit}，{rest.zh}。",
                    f"After matching the largest {size.en} of any level was {value} ({in_sentence(level).en}), above the limit of {limit} set beforehand; "
                    f"{rest.en}.",
                ),
                (e,),
            )
            return


_LEFT = Text("残余的不均衡可能影响匹配后的结果", "what imbalance is left may affect the matched results")
_NONE_GIVEN = Text(
    "因此没有匹配后的结果，混杂只能以其他分析校正",
    "there are therefore no matched results, and confounding is adjusted for by other analyses only",
)


def age_in_two(protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That age entered the matching in two classes only."""
    covariates = protocol.matching.covariates
    by_class = "age_60" in covariates and "age_years" not in covariates
    if by_class and results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD):
        yield _AGE_IN_TWO, ()


_AGE_IN_TWO = Text(
    "年龄仅以 60 岁为界分为两组进入匹配，组内的年龄差异未校正。",
    "Age entered the matching only as below 60 years or not, so that differences in age within these classes remain.",
)
