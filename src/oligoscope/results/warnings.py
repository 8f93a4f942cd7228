"""Why a number is withheld or must be read with care: warnings as sentences in both languages.

An estimate's `warning` holds one or more of the words below, divided by `; ` and followed where
needed by `name=value` parts: `too_few_events minimum=5`. A warning that begins with none of them
stands for itself.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from oligoscope.bilingual import Text
from oligoscope.study.vocabulary import variable_name

WARNINGS: dict[str, Text] = {
    "only_progressed_patients": Text(
        "人群中只有已进展的患者，该分析需要全部治疗患者",
        "the population holds only patients who progressed, and this analysis needs all who were treated",
    ),
    "blank_for_all": Text("该变量对所有患者均为空", "the variable is blank for every patient"),
    "missing_and_not_imputed": Text(
        "该变量有 {n} 例缺失且未插补",
        "the variable is missing in {n} of the patients and was not imputed",
    ),
    "measured_not_levels": Text(
        "该变量是数值或日期，没有可比较的水平",
        "the variable is measured and has no levels to compare",
    ),
    "makes_the_groups": Text("该变量就是分组变量", "the variable is what makes the groups"),
    "no_covariates": Text("所列协变量均无法使用", "none of the covariates that were named can be used"),
    "two_groups_needed": Text("需要恰好两组患者", "exactly two groups of patients are needed"),
    "too_few_in_group": Text("有一组少于 {minimum} 例", "a group has fewer than {minimum} patients"),
    "too_few_to_match": Text(
        "较小的一组仅 {smallest} 例，少于匹配与加权所需的 {minimum} 例",
        "the smaller group has {smallest} patients, fewer than the {minimum} that matching and weighting need",
    ),
    "few_imputations": Text(
        "插补次数 {m} 少于不完整病例的百分比（{incomplete_percent}%）",
        "there are fewer imputations ({m}) than per cent of incomplete cases ({incomplete_percent})",
    ),
    "predictors_left_out": Text(
        "插补模型未能使用与其他变量重复的变量：{names}",
        "the imputation model could not use variables that repeat others: {names}",
    ),
    "events_per_variable": Text(
        "每个变量的事件数仅 {value}，少于 10", "there are only {value} events per variable, fewer than 10"
    ),
    "separated": Text(
        "协变量将两组完全分开，改用 Firth 法", "covariates separate the groups, so Firth's method was used"
    ),
    "too_few_events": Text("有一组的事件数少于 {minimum} 例", "a group has fewer than {minimum} events"),
    "one_group_only": Text("仅有一组患者，无法比较", "there is one group only, so nothing can be compared"),
    "no_events": Text("没有发生事件", "no event happened"),
    "no_patients": Text("没有患者", "there are no patients"),
    "not_reached": Text("未达到", "it was not reached"),
    "non_proportional": Text(
        "风险比随时间改变（比例风险检验 P<0.05），所给为平均值",
        "the hazard ratio changes with time (test of proportional hazards, P<0.05) and is an average",
    ),
    "not_converged": Text("模型未收敛", "the model did not converge"),
    "too_few_patients": Text("患者太少，无法检验", "there are too few patients for the test"),
    "one_level_only": Text("该变量只有一个水平", "the variable has one level only"),
    "one_label_for_all": Text(
        "其中一种分类对所有人给出同一标签，无论另一种如何分类 κ 均为 0，因此没有置信区间",
        "one of the two classifications gives everybody the same label, so that kappa is 0 whatever the other says, and has "
        "no limits",
    ),
    "reported_twice": Text(
        "同一名称下得到两个不同的数值，因此均不给出",
        "two different numbers were computed under one name, so that neither is given",
    ),
    "no_sums": Text("没有可用的靶病灶径线总和", "no sum of target diameters can be compared with baseline"),
    "beyond_follow_up": Text("超出随访时间", "it lies beyond the follow-up"),
    "group_known_only_at_progression": Text(
        "分组在首次进展时才知道，而计时从治疗开始（永恒时间偏倚）",
        "the group is known only at the first progression, while time counts from treatment start (immortal time bias)",
    ),
    "true_by_construction": Text(
        "分组由该结局本身定义，差异是定义使然",
        "the groups are defined by this outcome, so the difference follows from the definition",
    ),
    "no_caliper": Text(
        "匹配未设卡钳值，差距再大也会配对", "matching had no caliper, so that pairs may lie far apart"
    ),
    "no_pairs": Text("没有配成任何一对", "no pair could be made"),
    "poor_overlap": Text(
        "两组重叠差：{percent}% 的患者在共同支持域之外",
        "the groups overlap poorly: {percent} % of the patients are outside the common support",
    ),
    "score_separated": Text(
        "协变量将两组完全分开，倾向评分改用 Firth 法估计",
        "covariates separate the groups, so the propensity score was estimated by Firth's method",
    ),
    "score_collinear": Text(
        "倾向评分模型中有变量与其他变量重复",
        "a variable of the propensity score repeats others",
    ),
    "score_not_converged": Text("倾向评分模型未收敛", "the propensity score model did not converge"),
    "infinite_in_both_directions": Text(
        "差值在各插补数据集中为方向相反的无穷大，没有均数",
        "the difference is infinite in opposite directions in different imputations and has no mean",
    ),
    "controls_used_again": Text(
        "同一例对照最多用于 {most} 个匹配组；置信区间只按匹配组聚类，因而偏窄，另见同时按匹配组与患者聚类的置信区间",
        "one control serves in up to {most} sets, so that limits robust to the sets alone are too narrow; those robust to "
        "sets and patients are given beside them",
    ),
    "The penalised likelihood did not come to a maximum": Text(
        "倾向评分模型（Firth 法）未收敛", "the model (Firth's method) did not converge"
    ),
    "All patients are in one group": Text("所有患者同属一组", "all patients are in one group"),
    "Every covariate is constant": Text("所有协变量取值相同", "every covariate is the same in all patients"),
    "A caliper in SDs of the logit needs": Text(
        "以标准差计的卡钳值要求每组至少 2 例",
        "a caliper in standard deviations needs 2 patients in each group",
    ),
    "A group has no patient with a weight": Text("没有配成任何一对", "no pair could be made"),
    "unbalanced": Text(
        "匹配后均衡性未达标：{variable}某一水平的 |SMD| 在各插补数据集中的均数为 {largest}，限值 {limit}",
        "balance was missed: the mean |SMD| over the imputations of a level of {variable} is {largest}, the limit {limit}",
    ),
    "chains_not_mixed": Text(
        "{variable}的插补链尚未充分混合（R-hat 为 {r_hat}）",
        "the imputation chains of {variable} have not mixed (R-hat {r_hat})",
    ),
    "imputation_not_converged": Text(
        "{variable}的插补模型未收敛", "the imputation model of {variable} did not converge"
    ),
    "ordered_as_unordered": Text(
        "{variable}的比例优势模型无法拟合，按无序多分类插补",
        "the proportional odds model of {variable} could not be fitted, so it was imputed as an unordered factor",
    ),
    "one_level_imputed": Text(
        "{variable}仅见一个水平，只能以该水平填补",
        "{variable} was observed at one level only and could be completed with nothing else",
    ),
    "the outcome is found on one side of the variable only": Text(
        "结局只出现在变量的一侧，比值比为 0 或无穷大",
        "the outcome is found on one side of the variable only, so the odds ratio is 0 or infinite",
    ),
    "the likelihood has no maximum": Text(
        "似然没有最大值（事件只出现在变量的一侧）",
        "the likelihood has no maximum (events on one side of a variable only)",
    ),
    "events are found on one side of the variable only": Text(
        "事件只出现在一组，风险比为 0 或无穷大",
        "events are found in one group only, so the hazard ratio is 0 or infinite",
    ),
    "the variable is constant or repeats other variables": Text(
        "变量为常数或与其他变量重复，其估计不存在",
        "the variable is constant or repeats others, so no estimate of it exists",
    ),
    "the likelihood did not come to a maximum": Text(
        "似然未达到最大值", "the likelihood did not come to a maximum"
    ),
    "no_answer": Text(
        "这些患者的数据不能确定该模型，因此没有结果",
        "these patients do not determine the model, so it has no answer",
    ),
    "undetermined": Text(
        "置信限相差一百万倍以上，这些患者的数据不足以确定该比值",
        "the limits are more than a million times apart, so these patients do not determine the ratio",
    ),
    "too_many_columns": Text(
        "模型有 {columns} 列（变量的各水平），多于较小一组的 {patients} 例患者；请减少变量或合并水平",
        "the model has {columns} columns (levels of its variables), more than the {patients} patients of the smaller group; "
        "name fewer variables or join levels",
    ),
    "many_columns_separated": Text(
        "协变量将两组完全分开，而模型有 {columns} 列；列数超过 {most} 时不再用 Firth 法估计，请减少变量或合并水平",
        "covariates separate the groups and the model has {columns} columns; with more than {most} Firth's method is not used: "
        "name fewer variables or join levels",
    ),
    "too_many_levels": Text(
        "该变量有 {levels} 个水平，多于可插补的 {most} 个；请合并水平",
        "the variable has {levels} levels, more than the {most} that can be imputed; join some of them",
    ),
    "levels_beyond_a_model": Text(
        "该变量有 {levels} 个水平，多于模型可用的 {most} 个；请合并水平",
        "the variable has {levels} levels, more than the {most} that a model can use; join some of them",
    ),
    "too_many_to_impute": Text(
        "有缺失的变量 {incomplete} 个、插补模型 {columns} 列，插补无法在合理时间内完成，故未插补；请减少匹配、插补与影响因素所列的变量",
        "{incomplete} incomplete variables and {columns} columns are more than can be imputed in reasonable time, so none was; "
        "name fewer variables for matching, imputation and predictors",
    ),
    "no_shared_risk": Text(
        "事件发生时没有两组患者同时处于风险中（例如所有人在同一时间发生事件），无法检验",
        "no event happened while patients of two groups were at risk and some of them survived it, so there is no test",
    ),
    "no_change_of_state": Text(
        "没有患者在状态改变后仍处于风险中", "no patient was at risk after a change of state"
    ),
    "not_in_every_imputation": Text(
        "并非每个插补数据集都有估计值，无法合并",
        "some completed data set has no estimate, so nothing can be pooled",
    ),
    "no_covariate": Text(
        "没有一个协变量对全部患者都有记录且有差异，无法估计倾向评分",
        "no covariate is recorded for all patients and varies among them, so there is no propensity score",
    ),
    "too_few_for_smd": Text(
        "患者太少，无法计算标准化均数差", "there are too few patients for a standardised mean difference"
    ),
}

_PART = re.compile(r"(\w+)=(\S+)")
_RESERVED = re.compile(r"[\s;=,%]")  # what divides the parts of a warning

# These say how far a curve goes, not that a comparison is in doubt.
OF_CURVES = frozenset({"not_reached", "beyond_follow_up"})


GATE = "unbalanced"


def without_gate(warning: str) -> str:
    """A warning without the failed balance gate, which a report says once and not at every number."""
    return "; ".join(part for part in warning.split("; ") if not part.startswith(GATE))


def reason(warning: str) -> Text:
    """The sentence part that says why, in both languages; unknown words stand for themselves."""
    found = list(dict.fromkeys(_one(part) for part in warning.split("; ") if part))
    return Text("；".join(t.zh for t in found), "; ".join(t.en for t in found))


def in_warning(word: str) -> str:
    """A word of the user's as the value of a part of a warning: what divides the parts is written as in an address."""
    return _RESERVED.sub(lambda found: quote(found[0]), word)


def _one(warning: str) -> Text:
    template = next((text for word, text in WARNINGS.items() if warning.startswith(word)), None)
    if template is None:
        return Text(warning, warning)
    parts = dict(_PART.findall(warning))
    own = {part: ", ".join(map(unquote, value.split(","))) for part, value in parts.items()}
    own = {part: "∞" if value == "inf" else value for part, value in own.items()}
    name = variable_name(own.get("variable", ""))
    zh, en = (own | {"variable": word} for word in (name.zh, name.en))
    try:
        return Text(template.zh.format(**zh), template.en.format(**en))
    except KeyError:
        return Text(warning, warning)
