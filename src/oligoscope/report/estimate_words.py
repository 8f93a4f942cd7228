"""The keys of an estimate in words: analysis, group, variable, level, statistic, unit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from oligoscope.clinical.management_texts import NOTES, TIERS, WITHHELD
from oligoscope.figures.flow_chart import BUILT_IN
from oligoscope.report.appendix import STATISTICS
from oligoscope.results import Estimate
from oligoscope.study.comparison_names import level_name, variable_name, versus
from oligoscope.study.definition_names import PRESET_NAMES, definition_name
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Text, name_of
from oligoscope.tables.footnotes import method_name
from oligoscope.tables.response_table import NAMES as RESPONSES
from oligoscope.tables.weighting_table import TARGETS

# In the report's order; each heading of the page of numbers.
ANALYSES: dict[str, Text] = {
    "flow": Text("患者筛选", "Patients"),
    "follow_up": Text("随访时间", "Follow-up"),
    "baseline": Text("基线特征", "Baseline characteristics"),
    "imputation": Text("缺失值与插补", "Missing values and imputation"),
    "matching": Text("匹配", "Matching"),
    "balance": Text("匹配前后的均衡性", "Balance before and after matching"),
    "predictors": Text("进展模式的影响因素", "Predictors of the pattern"),
    "sites": Text("进展部位", "Sites of progression"),
    "timing": Text("进展时间", "Time of progression"),
    "survival": Text("生存结局", "Survival"),
    "response_rate": Text("疗效", "Response"),
    "response_series": Text("病灶变化与病程", "Change of the lesions and course"),
    "landmark": Text("时点分析", "Landmark analysis"),
    "time_dependent": Text("时依 Cox 模型", "Time-dependent Cox model"),
    "competing_risks": Text("竞争风险", "Competing risks"),
    "subgroups": Text("亚组分析", "Subgroups"),
    "weighting": Text("倾向评分加权", "Weighting"),
    "reclassification": Text("各定义的比较", "Definitions side by side"),
    "given_response": Text("原有评效与推导疗效", "Given and derived responses"),
    "reader_agreement": Text("各阅片者的一致性", "Agreement by reader"),
    "management": Text("进展后处理的文献观点", "What a source says on management"),
}
STATISTIC_NAMES: dict[str, Text] = STATISTICS | {
    "n": Text("例数", "Number"),
    "n_excluded": Text("排除例数", "Number excluded"),
    "n_not_assessable": Text("无法判定例数", "Number not assessable"),
    "n_evaluable": Text("可评估例数", "Number evaluable"),
    "n_pairs": Text("配对数", "Pairs"),
    "n_visits": Text("评估次数", "Visits"),
    "n_agree": Text("一致的评估次数", "Visits that agree"),
    "n_differ": Text("不一致的评估次数", "Visits that differ"),
    "missing": Text("缺失例数", "Number missing"),
    "mean": Text("均数", "Mean"),
    "sd": Text("标准差", "Standard deviation"),
    "median": Text("中位数", "Median"),
    "median_plain": Text("中位数（plain 法置信限）", "Median (plain limits)"),
    "events": Text("事件数", "Events"),
    "smd_before": Text("匹配前标准化均数差", "Standardised mean difference before"),
    "smd_after": Text("匹配后标准化均数差", "Standardised mean difference after"),
    "smd_after_absolute": Text("匹配后标准化均数差绝对值的均值", "Mean absolute standardised difference after"),
    "smd_after_maximum": Text("匹配后标准化均数差绝对值的最大值", "Largest absolute standardised difference after"),
    "variance_ratio_before": Text("匹配前方差比", "Variance ratio before"),
    "variance_ratio_after": Text("匹配后方差比", "Variance ratio after"),
    "largest_smd": Text("各水平的最大标准化均数差", "Largest standardised difference over levels"),
    "maximum_smd": Text("任一插补中的最大标准化均数差", "Largest standardised difference in any imputation"),
    "imputations": Text("插补次数", "Imputations"),
    "percent_missing": Text("缺失百分比", "Percentage missing"),
    "odds_ratio_univariable": Text("单因素比值比", "Odds ratio, univariable"),
    "odds_ratio_multivariable": Text("多因素比值比", "Odds ratio, multivariable"),
    "p_value_univariable": Text("单因素 *P* 值", "*P* value, univariable"),
    "p_value_multivariable": Text("多因素 *P* 值", "*P* value, multivariable"),
    "p_value_interaction": Text("交互作用 *P* 值", "*P* value of the interaction"),
    "p_value_gray": Text("Gray 检验 *P* 值", "*P* value of Gray's test"),
    "p_value_subdistribution": Text("次分布风险比的 *P* 值", "*P* value of the subdistribution hazard ratio"),
    "p_value_cause_specific": Text("原因别风险比的 *P* 值", "*P* value of the cause-specific hazard ratio"),
    "subdistribution_hazard_ratio": Text("次分布风险比", "Subdistribution hazard ratio"),
    "cause_specific_hazard_ratio": Text("原因别风险比", "Cause-specific hazard ratio"),
    "fraction_missing_information": Text("缺失信息比例", "Fraction of missing information"),
    "e_value": Text("E 值", "E-value"),
    "effective_n": Text("有效样本量", "Effective sample size"),
    "incidence": Text("累积发生率", "Cumulative incidence"),
    "kappa": Text("Kappa 值", "Kappa"),
    "percent_agree": Text("一致百分比", "Percentage that agree"),
}  # fmt: skip
_AT_MONTHS = {
    "survival": Text("{} 个月生存率", "Survival at {} months"),
    "incidence": Text("{} 个月累积发生率", "Cumulative incidence at {} months"),
}
VARIABLES: dict[str, Text] = {
    "log_rank": Text("Log-rank 检验", "Log-rank test"),
    "cox": Text("Cox 模型", "Cox model"),
    "organ": Text("进展器官", "Organ of progression"),
    "site_relation": Text("与基线相比", "Compared with baseline"),
    "same_organ": Text("基线受累器官再次进展", "Progression in an organ involved at baseline"),
    "month": Text("进展的月份", "Month of progression"),
    "window": Text("进展的时段/月", "Window of progression, months"),
    "best_change": Text("靶病灶最佳变化", "Best change of the target lesions"),
    "swimmer": Text("随访病程", "Course under observation"),
    "orr": Text("客观缓解率", "Objective response rate"),
    "dcr": Text("疾病控制率", "Disease control rate"),
    "tier": Text("分层", "Tier"),
    "withheld": Text("不给出建议的原因", "Nothing suggested because"),
    "note": Text("附注", "Note"),
    "next_better_choice": Text("均衡更好的下一方案", "Next better choice"),
    **TARGETS,
}
_LEVELS: dict[str, dict[str, Text]] = {
    "site_relation": {
        "same": Text("仅原有部位", "Old sites only"), "new": Text("仅新部位", "New sites only"), "both": Text("两者皆有", "Both"),
    },
    "tier": TIERS,
    "withheld": WITHHELD,
    "note": {name: Text(text.zh.rstrip("。"), text.en.rstrip(".")) for name, text in NOTES.items()},
    "best_response": RESPONSES,
    "best_change": {
        "<=-30": Text("缩小 30% 及以上", "Shrunk by 30% or more"),
        ">=20": Text("增大 20% 及以上", "Grown by 20% or more"),
        "pd_by_new_lesion": Text("因新病灶进展", "Progression by a new lesion"),
        "pd_by_non_target": Text("因非靶病灶进展", "Progression by a non-target lesion"),
    },
}  # fmt: skip
_METHOD_PARTS: dict[str, str] = {
    "log-log limits": "log-log 法置信限", "plain limits": "plain 法置信限", "Wald limits": "Wald 置信限",
    "pair-robust limits": "按配对的稳健置信限", "robust limits": "稳健置信限", "Efron ties": "Efron 法处理结点",
    "pooled by Rubin": "以 Rubin 法合并", "pooled on log(-log S)": "按 log(-log S) 合并", "Cox": "Cox 模型",
    "weighted Cox": "加权 Cox 模型", "Cox with time-dependent state": "时依状态的 Cox 模型",
    "logistic regression": "logistic 回归", "Firth": "Firth 法", "reverse Kaplan-Meier": "反向 Kaplan-Meier 法",
    "Kaplan-Meier": "Kaplan-Meier 法", "Aalen-Johansen": "Aalen-Johansen 法", "Clopper-Pearson": "Clopper-Pearson 法",
    "standardised mean difference": "标准化均数差", "Yang-Dalton": "Yang-Dalton 法", "chained equations": "链式方程",
    "Cohen kappa": "Cohen kappa", "E-value (VanderWeele & Ding)": "E 值（VanderWeele 与 Ding）",
    "best response": "最佳疗效", "confirmed": "已确认", "unconfirmed": "未确认",
    "scans up to the first progression or a new systemic therapy": "截至首次进展或新的全身治疗的各次扫描",
    "every scan": "全部扫描", "nearest neighbour": "最近邻匹配", "highest score first": "评分高者优先",
    "without replacement": "不放回", "with replacement": "放回",
}  # fmt: skip
UNITS: dict[str, Text] = {
    "patients": Text("例", "patients"),
    "percent": Text("%", "percent"),
    "months": Text("月", "months"),
    "events": Text("例事件", "events"),
    "pairs": Text("对", "pairs"),
    "visits": Text("次评估", "visits"),
    "probability": Text("概率", "probability"),
    "years": Text("岁", "years"),
    "mm": Text("mm", "mm"),
}


def statistic_words(statistic: str) -> Text:
    """A statistic by its printed name; an unknown one stands for itself."""
    timed = re.fullmatch(r"(survival|incidence)_(\d+)_months", statistic)
    if timed is None:
        return STATISTIC_NAMES.get(statistic, name_of(statistic))
    name = _AT_MONTHS[timed[1]]
    return Text(name.zh.format(timed[2]), name.en.format(timed[2]))


def group_words(estimate: Estimate) -> Text:
    """The group, or the groups compared; blank where the number is of everybody."""
    if not estimate.group:
        return Text("", "")
    parts = estimate.group.split(" vs ")
    if any(part in PRESET_NAMES for part in parts):
        names = [definition_name(part) for part in parts]
        return Text(" vs ".join(n.zh for n in names), " vs ".join(n.en for n in names))
    return versus(estimate.group)


def variable_of(estimate: Estimate, rules: Mapping[str, Text]) -> Text:
    """The variable of an estimate; of the flow of patients the sentence of its rule."""
    if estimate.analysis == "flow" and estimate.variable in rules:
        return rules[estimate.variable]
    return variable_words(estimate.variable)


def variable_words(variable: str) -> Text:
    """The variable; blank where there is none."""
    landmark = re.fullmatch(r"landmark_(\d+)_months", variable)
    if landmark is not None:
        return Text(f"治疗开始后 {landmark[1]} 个月", f"{landmark[1]} months after treatment start")
    return VARIABLES.get(variable) or (variable_name(variable) if variable else Text("", ""))


def rule_words(protocol: Protocol) -> dict[str, Text]:
    """The sentence of every eligibility rule, by its id."""
    return BUILT_IN | {r.id: Text(r.excluded.zh, r.excluded.en) for r in protocol.eligibility}


def level_words(variable: str, level: str) -> Text:
    """A level of a variable; blank where there is none."""
    if not level:
        return Text("", "")
    known = _LEVELS.get(variable, {})
    if level in known:
        return known[level]
    if variable in {"month", "window"}:
        return Text(level.replace("-", "~"), level.replace("-", "–"))
    if "|" in level:
        names = [name_of(part) for part in level.split("|")]
        return Text(" → ".join(n.zh for n in names), " → ".join(n.en for n in names))
    if variable in {"largest_smd", "maximum_smd"}:
        return level_name(level)
    return versus(level)


def level_of(estimate: Estimate) -> Text:
    """The level of an estimate, which some analyses give without a variable."""
    if estimate.statistic in {"largest_smd", "maximum_smd"}:
        return level_words(estimate.statistic, estimate.level)
    return level_words(estimate.variable or estimate.outcome, estimate.level)


def method_words(method: str) -> Text:
    """A method by its printed name; in English as it is stored."""
    named = method_name(method)
    if named.zh != method:
        return named
    averaged = re.fullmatch(r"mean over (\d+) imputations", method)
    if averaged is not None:
        return Text(f"{averaged[1]} 次插补的均值", method)
    caliper = re.compile(r"caliper ([\d.]+) on the logit")
    parts = (
        caliper.sub(r"logit 尺度卡钳值 \1", _METHOD_PARTS.get(part, part)) for part in method.split(", ")
    )
    return Text("，".join(parts), method)


def population_words(population: str) -> Text:
    """A population by its printed name."""
    return Text("筛选患者", "Patients screened") if population == "screened" else name_of(population)


def unit_words(unit: str) -> Text:
    """A unit by its printed name."""
    return UNITS.get(unit, Text(unit, unit))


def row_words(estimate: Estimate, rules: Mapping[str, Text]) -> Text:
    """All keys in one line, as a link to the row says it; `rules` are the sentences of the flow."""
    names = (
        ANALYSES.get(estimate.analysis, name_of(estimate.analysis)),
        population_words(estimate.population),
        variable_words(estimate.outcome),
        group_words(estimate),
        variable_of(estimate, rules),
        level_of(estimate),
        statistic_words(estimate.statistic),
    )
    return Text("，".join(n.zh for n in names if n.zh), ", ".join(n.en for n in names if n.en))
