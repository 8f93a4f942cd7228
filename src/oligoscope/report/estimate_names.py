"""Printed names of what results.csv says in words of its own: analyses, statistics, variables, levels, units."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.management.levels import LEVELS as OF_MANAGEMENT
from oligoscope.questions.weighting.table import TARGETS
from oligoscope.study.dictionary.derived import SITE_RELATION
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.reported import REPORTED

STATISTIC_NAMES: dict[str, Text] = {
    "hazard_ratio": Text("风险比", "Hazard ratio"),
    "hazard_ratio_adjusted": Text("校正风险比", "Adjusted hazard ratio"),
    "p_value_adjusted": Text("校正风险比的 *P* 值", "*P* value of the adjusted hazard ratio"),
    "p_value_proportional_hazards": Text("比例风险检验 *P* 值", "*P* value of proportional hazards"),
    "log_hazard_ratio": Text("对数风险比", "Log hazard ratio"),
    "log_hazard_ratio_se": Text("对数风险比的标准误", "Standard error of the log hazard ratio"),
    "restricted_mean": Text("限制性平均时间", "Restricted mean"),
    "restricted_mean_difference": Text("限制性平均时间之差", "Difference in restricted means"),
    "restricted_mean_horizon": Text("限制性平均时间的时限", "Horizon of the restricted means"),
    "hazard_ratio_period": Text("时段内风险比", "Hazard ratio of the period"),
    "p_value": Text("*P* 值", "*P* value"),
    "test_statistic": Text("检验统计量", "Test statistic"),
    "smd": Text("标准化均数差", "Standardised mean difference"),
    "percent": Text("百分比", "Percentage"),
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
    "p_value_subdistribution": Text("亚分布风险比的 *P* 值", "*P* value of the subdistribution hazard ratio"),
    "p_value_cause_specific": Text("原因别风险比的 *P* 值", "*P* value of the cause-specific hazard ratio"),
    "subdistribution_hazard_ratio": Text("亚分布风险比", "Subdistribution hazard ratio"),
    "cause_specific_hazard_ratio": Text("原因别风险比", "Cause-specific hazard ratio"),
    "variance_share_between_imputations": Text("插补间方差所占比例", "Share of the variance between imputations"),
    "hazard_ratio_two_way": Text("风险比（按匹配组与患者聚类）", "Hazard ratio, limits robust to sets and patients"),
    "weighted_n": Text("权重之和", "Sum of weights"),
    "weighted_events": Text("事件的权重之和", "Sum of weights of the events"),
    "n_sets": Text("匹配组数", "Matched sets"),
    "e_value": Text("E 值", "E-value"),
    "covariate": Text("倾向评分的协变量", "Covariate of the propensity score"),
    "effective_n": Text("有效样本量", "Effective sample size"),
    "incidence": Text("累积发生率", "Cumulative incidence"),
    "kappa": Text("Kappa 值", "Kappa"),
    "percent_agree": Text("一致百分比", "Percentage that agree"),
}  # fmt: skip
AT_MONTHS = {
    "survival": Text("{} 个月生存率", "Survival at {} months"),
    "incidence": Text("{} 个月累积发生率", "Cumulative incidence at {} months"),
}
VARIABLES: dict[str, Text] = {
    **{variable.name: variable.label for variable in REPORTED},
    SITE_RELATION.name: SITE_RELATION.label,
    "restricted_mean": STATISTIC_NAMES["restricted_mean"],
    **TARGETS,
}
LEVELS: dict[str, dict[str, Text]] = {
    **OF_MANAGEMENT,
    "best_response": {level.word: level.in_full for level in RESPONSES},
    **{
        v.name: {level.word: level.name for level in v.levels} for v in (*REPORTED, SITE_RELATION) if v.levels
    },
}
UNITS: dict[str, Text] = {
    "patients": Text("例", "patients"),
    "percent": Text("%", "percent"),
    "months": Text("月", "months"),
    "events": Text("例事件", "events"),
    "pairs": Text("对", "pairs"),
    "visits": Text("次评估", "visits"),
    "probability": Text("概率", "probability"),
    "years": Text("岁", "years"),
    "sets": Text("组", "sets"),
    "sum of weights": Text("例（加权）", "patients, weighted"),
    "mm": Text("mm", "mm"),
}
