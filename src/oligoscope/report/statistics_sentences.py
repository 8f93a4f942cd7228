"""How values were completed, patients matched and estimates pooled: Methods sentences from the settings that ran."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.comparison_names import in_sentence, variable_name
from oligoscope.results.analyses import (
    COMPETING_RISKS,
    FOLLOW_UP,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
    WEIGHTING,
    Analysis,
)
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import reason
from oligoscope.study.protocol import MatchingSettings, Protocol

NEED_COMPLETE = (PREDICTORS, WEIGHTING)
_METHODS = {
    "nearest": Text("最近邻匹配", "nearest-neighbour matching"),
    "optimal": Text("最优匹配（卡钳内对数最多，再求总距离最小）", "optimal matching (most pairs within the caliper, then least total distance)"),
}  # fmt: skip
_ORDERS = {
    "descending": Text("评分高者先配", "patients with the highest scores chose first"),
    "ascending": Text("评分低者先配", "patients with the lowest scores chose first"),
    "given": Text("按资料原有顺序", "patients chose in the order of the data"),
    "random": Text("按种子确定的随机顺序", "patients chose in an order drawn from the seed"),
}
_SCALES = {
    "logit": Text("倾向评分的 logit", "the logit of the propensity score"),
    "probability": Text("倾向评分（概率）", "the propensity score (a probability)"),
    "sd_logit": Text("logit 的标准差倍数", "standard deviations of the logit"),
}


def statistics_sentences(protocol: Protocol, results: Results) -> tuple[Text, ...]:
    """One paragraph for each kind of analysis that was done, and one sentence for what was planned and was not."""
    return tuple(_sentences(protocol, results))


def _sentences(protocol: Protocol, results: Results) -> Iterator[Text]:
    kinds = {a.kind for a in protocol.analyses}
    asked = any(a.population == "matched" for a in protocol.analyses) or bool(results.find(analysis=MATCHING))
    # Before anything was run, only the settings can say whether there will be a score.
    asked = asked or (WEIGHTING in kinds and not results.find(analysis=WEIGHTING))
    prevented = next((e.warning for e in results.find(analysis=MATCHING, variable="") if e.value is None), "")
    is_matched = asked and not prevented
    if is_matched or kinds & set(NEED_COMPLETE):
        yield from _imputation(protocol, results)
    if is_matched:
        yield _matching(protocol.matching, left_out_of_score(results), several=_were_pooled(results))
        yield _pooling() if _were_pooled(results) else _ONE_COHORT
        yield from _weights_of_matching(protocol.matching, results)
    elif asked:
        why = reason(prevented)
        weighted = any(e.value is not None for e in results.find(analysis=WEIGHTING))
        yield (
            Text(
                f"原计划的倾向评分匹配未完成：{why.zh}。",
                f"Propensity score matching was planned and not done: {why.en}.",
            )
            if weighted
            else Text(
                f"原计划的倾向评分匹配与加权未进行：{why.zh}。",
                f"Propensity score matching and weighting were planned and not done: {why.en}.",
            )
        )
    for kind, text in _KINDS.items():
        if kind in kinds and _was_done(kind, results):
            yield text
            if kind == PREDICTORS and _models_were_pooled(results):
                yield _POOLED_MODELS
            if kind == WEIGHTING and not is_matched:
                yield _score(protocol.matching.covariates, left_out_of_score(results))
    if WEIGHTING in kinds and _was_done(WEIGHTING, results) and _has_other_weights(protocol):
        yield _OTHER_WEIGHTS
    if any(e.value is not None for e in results.find(statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE)):
        yield _CHANGING


def _models_were_pooled(results: Results) -> bool:
    """Whether models were fitted in several completed cohorts; of a run of which nothing is known it is supposed."""
    made = results.find(analysis=IMPUTATION, statistic=Statistic.IMPUTATIONS)
    return any((e.value or 0) > 1 for e in made) or not results.estimates


def left_out_of_score(results: Results) -> dict[str, str]:
    """Covariates that no propensity score could hold, each with the reason: they are named as left out."""
    analysis = MATCHING if results.find(analysis=MATCHING) else WEIGHTING
    rows = results.find(analysis=analysis, statistic=Statistic.COVARIATE)
    return {e.variable: e.warning for e in rows if e.warning != "makes_the_groups"}


def _has_other_weights(protocol: Protocol) -> bool:
    weighted = [a for a in protocol.analyses if a.kind == WEIGHTING]
    return any(a.where or a.population != "progressed" or a.by != "pattern" for a in weighted)


_OTHER_WEIGHTS = Text(
    "其他人群、亚组或分组的加权分析，其倾向评分在该人群中针对该分组另行估计，协变量相同（分组变量本身除外）。",
    "For weights in other patients, or between other groups, the propensity score was estimated anew for those groups in those "
    "patients, with the same covariates (without the variable that makes the groups).",
)


def _score(covariates: tuple[str, ...], left_out: dict[str, str]) -> Text:
    """What was in the score, and what was to be in it and could not."""
    names = _names(tuple(n for n in covariates if n not in left_out))
    said = Text(
        f"倾向评分由 Logistic 回归估计，含{names.zh}。",
        f"The propensity score came from a logistic regression on {names.en}.",
    )
    if not left_out:
        return said
    whys = {n: reason(warning) for n, warning in left_out.items()}
    zh = "、".join(f"{variable_name(n).zh}（{why.zh}）" for n, why in whys.items())
    en = ", ".join(f"{in_sentence(variable_name(n)).en} ({why.en})" for n, why in whys.items())
    return Text(f"{said.zh}未能纳入：{zh}。", f"{said.en} These could not be in it: {en}.")


def _was_done(kind: Analysis, results: Results) -> bool:
    """Whether any number of an analysis came out; of one that was never run nothing is known, and it is described."""
    found = results.find(analysis=kind)
    return not found or any(e.value is not None for e in found)


def _names(names: tuple[str, ...]) -> Text:
    """Variables as a list inside a sentence."""
    return Text(
        "、".join(variable_name(n).zh for n in names),
        ", ".join(in_sentence(variable_name(n)).en for n in names),
    )


def _were_pooled(results: Results) -> bool:
    """Whether several completed cohorts were matched; of a run of which nothing is known it is supposed."""
    made = results.value(analysis=IMPUTATION, population="progressed", statistic=Statistic.IMPUTATIONS)
    return not results.find(analysis=MATCHING) or (made or 0) > 1


def _imputation(protocol: Protocol, results: Results) -> Iterator[Text]:
    """Which variables were completed, and how; nothing where none was."""
    missing = results.find(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING)
    if not missing:
        return
    settings, names = protocol.imputation, _names(tuple(dict.fromkeys(e.variable for e in missing)))
    yield Text(
        f"缺失值以链式方程多重插补 {settings.m} 次（{names.zh}）；插补模型含全部匹配变量与影响因素模型的变量、分组，以及总生存期、无进展"
        "生存期与进展后生存期的事件指示和 Nelson-Aalen 累积风险。二分类变量用 Logistic 回归，有序分类变量用比例优势模型，无序分类变量用多项 Logistic 回归，数值变量用预测均值匹配。",
        f"Missing values ({names.en}) were completed {settings.m} {'time' if settings.m == 1 else 'times'} by chained "
        "equations; the model held every variable of the matching and of the models of predictors, the group, and the event "
        "indicator and Nelson-Aalen cumulative hazard of overall, progression-free and post-progression survival. Two levels were imputed by logistic regression, ordered levels by proportional odds, "
        "unordered levels by multinomial regression, and numbers by predictive mean matching.",
    )


def _matching(settings: MatchingSettings, left_out: dict[str, str], *, several: bool) -> Text:
    """How patients were matched; imputations are named only where there were several."""
    score, more, limit = (
        _score(settings.covariates, left_out),
        _more(settings, several),
        settings.balance_limit,
    )
    size = Text("|SMD| 的插补均数", "mean |SMD| over the imputations") if several else Text("|SMD|", "|SMD|")
    only = Text("（结局仅用于插补）", " (outcomes entered the imputation only)") if several else Text("", "")
    return Text(
        f"{score.zh}{_how(settings).zh}{_caliper(settings).zh}{more.zh}"
        f"均衡性以标准化均数差（SMD）衡量；预设标准为各水平 {size.zh}均不超过 {limit:g}；选择匹配方案时未使用任何结局的估计{only.zh}。"
        "匹配后的组别是首次进展时才知道的分类而非处理，匹配只平衡预后因素。",
        f"{score.en} {_how(settings).en} {_caliper(settings).en} "
        f"{more.en}Balance was judged by standardised mean differences (SMD), and no estimate of an outcome served to choose the matching"
        f"{only.en}: the {size.en} of no level was to exceed {limit:g}. The groups are classes known only "
        "at the first progression, not treatments; matching balances prognosis and nothing more.",
    )


def _how(settings: MatchingSettings) -> Text:
    method = _METHODS[settings.method]
    again = Text("有放回", "with replacement") if settings.replace else Text(
        "无放回", "without replacement"
    )  # fmt: skip
    greedy = settings.method == "nearest" and not settings.replace
    order = _ORDERS[settings.order] if greedy else Text("", "")
    return Text(
        f"采用 1:{settings.ratio} {method.zh}，{again.zh}{'，' + order.zh if greedy else ''}；",
        f"Patients were paired 1:{settings.ratio} by {method.en}; {again.en}{', and ' + order.en if greedy else ''}.",
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
        names = _names(settings.exact)
        zh, en = f"仅在{names.zh}相同者之间配对。", f"Pairs had to agree exactly in {names.en}. "
    if not several:
        return Text(zh, en)
    if settings.imputations == "within":
        return Text(zh + "每个插补数据集各自匹配。", en + "Matching was done in each imputation. ")
    return Text(
        zh + "取各插补数据集评分的均数后匹配一次。",
        en + "Matching was done once, on the mean score over the imputations. ",
    )


def _pooling() -> Text:
    return Text(
        "匹配后的估计按 Rubin 规则合并（Barnard-Rubin 自由度）；多自由度的检验用 D1，Log-rank 检验与匹配后基线表的各检验"
        "取各数据集 *P* 值的中位数（Eekhout 2017）；Kaplan-Meier 曲线在 log(-log S) 尺度上合并，中位数取自合并曲线。比较两种进展模式的匹配后 Cox 模型，其标准误按匹配对聚类稳健估计。"
        "匹配后的 HR 与多因素 OR 附 E 值：它只针对未测混杂，不说明永恒时间偏倚。",
        "Estimates after matching were pooled by Rubin's rules (Barnard-Rubin degrees of freedom); tests of several degrees of "
        "freedom by D1, the log-rank test and the tests of the matched baseline table as the median *P* over the imputations "
        "(Eekhout 2017); Kaplan-Meier curves on log(-log S), with medians from the pooled curve. Cox models that compare "
        "the matched patterns have standard errors robust to the pairs. Matched hazard ratios and multivariable odds ratios carry an E-value, which "
        "speaks of unmeasured confounding only and says nothing about immortal time bias.",
    )


def _weights_of_matching(settings: MatchingSettings, results: Results) -> Iterator[Text]:
    """How patients count who were not matched one to one, and what few sets change."""
    after = results.find(analysis=SURVIVAL, population="matched")
    if settings.ratio > 1 or settings.replace:
        again = _SERVE_AGAIN if settings.replace else Text("", "")
        yield Text(_COUNTED.zh + again.zh, f"{_COUNTED.en} {again.en}".rstrip())
    if any(", t of " in e.method for e in after):
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

_POOLED_MODELS = Text(
    "含插补变量的模型其结果按 Rubin 规则合并（Firth 法合并剖面似然，多个水平的联合检验取 *P* 值中位数）。",
    "Models with an imputed variable were pooled, Firth's by their combined profiles (several levels together as the median *P*) and the others by Rubin's rules.",
)
_CHANGING = Text(
    "比例风险假定被拒绝（*P*<0.05）的匹配前两组比较，另给出限制性平均时间之差（时限取两组最长随访中较短者）与 0~6、6~12 及 12 个月以后各时段的风险比。",
    "Where proportional hazards of two groups were rejected before matching (*P*<0.05), the difference in restricted means (to the smaller of "
    "the two groups' largest follow-ups) and hazard ratios of 0 to 6, 6 to 12 and more than 12 months are given, too.",
)
_ONE_COHORT = Text(
    "没有需要合并的插补数据集。比较两种进展模式的匹配后 Cox 模型，其标准误按匹配对聚类稳健估计。"
    "匹配后的 HR 与多因素 OR 附 E 值：它只针对未测混杂，不说明永恒时间偏倚。",
    "Nothing was imputed several times, so that nothing was pooled. Cox models that compare the matched patterns have standard errors robust "
    "to the pairs. Matched hazard ratios and multivariable odds ratios carry an E-value, which speaks of unmeasured "
    "confounding only and says nothing about immortal time bias.",
)
_KINDS: dict[Analysis, Text] = {
    PREDICTORS: Text(
        "进展模式的影响因素用单因素与多因素 Logistic 回归分析（Wald 置信区间；协变量将两组完全分开时改用 Firth 法，置信区间与 *P* 值取自剖面惩罚似然），事件水平与参照水平见表。",
        "Predictors of the pattern were sought by logistic regression, one variable at a time and all together (Wald limits; "
        "Firth's method, with limits and *P* by profile penalised likelihood, where covariates separate the groups); event and reference levels are printed in the table.",
    ),
    LANDMARK: Text(
        "界标分析取治疗开始后 3、6、9 个月：只纳入当时仍存活并在随访的治疗患者，按当时已发生的事分组，从界标起计时。",
        "Landmarks were 3, 6 and 9 months after treatment start: treated patients alive and followed at that time were grouped "
        "by what had happened until then, and time was counted from the landmark.",
    ),
    TIME_DEPENDENT: Text(
        "时依 Cox 模型将进展状态作为随时间变化的变量（未进展、寡进展、广泛进展），每例患者自进展之日起才计入其进展模式。",
        "A Cox model took the state as a variable that changes with time (no progression, oligoprogression, systemic "
        "progression), so that a patient counts towards a pattern only from the day of that progression.",
    ),
    COMPETING_RISKS: Text(
        "首个事件（寡进展、广泛进展、未进展而死亡）作为竞争风险：累积发生率用 Aalen-Johansen 法，组间比较用 Gray 检验，"
        "并给出亚分布（Fine-Gray）与原因别（Cox）风险比。",
        "The first event (oligoprogression, systemic progression, death without progression) was analysed as competing risks: "
        "cumulative incidence by the Aalen-Johansen method, compared by Gray's test, with subdistribution (Fine-Gray) and "
        "cause-specific (Cox) hazard ratios.",
    ),
    SUBGROUPS: Text(
        "亚组分析在各变量的每个水平内估计风险比，并以乘积项的似然比检验给出交互 *P* 值。",
        "In subgroups the hazard ratio was estimated at each level of each variable; *P* for interaction comes from the "
        "likelihood-ratio test of the product term.",
    ),
    WEIGHTING: Text(
        "作为匹配的补充，以倾向评分加权（逆概率、第一组与重叠加权），Cox 模型采用稳健标准误，并给出有效样本量。",
        "Beside matching, patients were weighted by the propensity score (inverse probability, to the first group, and overlap "
        "weights) in Cox models with robust standard errors; effective sample sizes are given.",
    ),
    FOLLOW_UP: Text(
        "中位随访时间用反向 Kaplan-Meier 法估计。",
        "Median follow-up was estimated by the reverse Kaplan-Meier method.",
    ),
}
