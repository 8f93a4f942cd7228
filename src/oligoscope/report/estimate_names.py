"""Printed names of what results.csv says in words of its own: analyses, statistics, variables, levels, units."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.questions.management.levels import LEVELS as OF_MANAGEMENT
from oligoscope.questions.weighting.table import TARGETS
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.derived import SITE_RELATION
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.reported import REPORTED

STATISTIC_NAMES: dict[str, Text] = {
    Statistic.HAZARD_RATIO: Text("风险比", "Hazard ratio"),
    Statistic.HAZARD_RATIO_ADJUSTED: Text("校正风险比", "Adjusted hazard ratio"),
    Statistic.P_VALUE_ADJUSTED: Text("校正风险比的 *P* 值", "*P* value of the adjusted hazard ratio"),
    Statistic.P_VALUE_PROPORTIONAL_HAZARDS: Text("比例风险检验 *P* 值", "*P* value of proportional hazards"),
    Statistic.LOG_HAZARD_RATIO: Text("对数风险比", "Log hazard ratio"),
    Statistic.LOG_HAZARD_RATIO_SE: Text("对数风险比的标准误", "Standard error of the log hazard ratio"),
    "restricted_mean": Text("限制性平均时间", "Restricted mean"),
    Statistic.RESTRICTED_MEAN_DIFFERENCE: Text("限制性平均时间之差", "Difference in restricted means"),
    Statistic.RESTRICTED_MEAN_HORIZON: Text("限制性平均时间的时限", "Horizon of the restricted means"),
    Statistic.HAZARD_RATIO_PERIOD: Text("时段内风险比", "Hazard ratio of the period"),
    "p_value": Text("*P* 值", "*P* value"),
    Statistic.TEST_STATISTIC: Text("检验统计量", "Test statistic"),
    "smd": Text("标准化均数差", "Standardised mean difference"),
    "percent": Text("百分比", "Percentage"),
    "n": Text("例数", "Number"),
    Statistic.N_EXCLUDED: Text("排除例数", "Number excluded"),
    Statistic.N_NOT_ASSESSABLE: Text("无法判定例数", "Number not assessable"),
    Statistic.N_EVALUABLE: Text("可评估例数", "Number evaluable"),
    Statistic.N_PAIRS: Text("配对数", "Pairs"),
    Statistic.N_VISITS: Text("评估次数", "Visits"),
    Statistic.N_AGREE: Text("一致的评估次数", "Visits that agree"),
    Statistic.N_DIFFER: Text("不一致的评估次数", "Visits that differ"),
    "missing": Text("缺失例数", "Number missing"),
    "mean": Text("均数", "Mean"),
    "sd": Text("标准差", "Standard deviation"),
    "median": Text("中位数", "Median"),
    Statistic.MEDIAN_PLAIN: Text("中位数（plain 法置信限）", "Median (plain limits)"),
    "events": Text("事件数", "Events"),
    Statistic.SMD_BEFORE: Text("匹配前标准化均数差", "Standardised mean difference before"),
    Statistic.SMD_AFTER: Text("匹配后标准化均数差", "Standardised mean difference after"),
    Statistic.SMD_AFTER_ABSOLUTE: Text("匹配后标准化均数差绝对值的均值", "Mean absolute standardised difference after"),
    Statistic.SMD_AFTER_MAXIMUM: Text("匹配后标准化均数差绝对值的最大值", "Largest absolute standardised difference after"),
    Statistic.VARIANCE_RATIO_BEFORE: Text("匹配前方差比", "Variance ratio before"),
    Statistic.VARIANCE_RATIO_AFTER: Text("匹配后方差比", "Variance ratio after"),
    Statistic.LARGEST_SMD: Text("各水平的最大标准化均数差", "Largest standardised difference over levels"),
    Statistic.MAXIMUM_SMD: Text("任一插补中的最大标准化均数差", "Largest standardised difference in any imputation"),
    "imputations": Text("插补次数", "Imputations"),
    Statistic.PERCENT_MISSING: Text("缺失百分比", "Percentage missing"),
    Statistic.ODDS_RATIO_UNIVARIABLE: Text("单因素比值比", "Odds ratio, univariable"),
    Statistic.ODDS_RATIO_MULTIVARIABLE: Text("多因素比值比", "Odds ratio, multivariable"),
    Statistic.P_VALUE_UNIVARIABLE: Text("单因素 *P* 值", "*P* value, univariable"),
    Statistic.P_VALUE_MULTIVARIABLE: Text("多因素 *P* 值", "*P* value, multivariable"),
    Statistic.P_VALUE_INTERACTION: Text("交互作用 *P* 值", "*P* value of the interaction"),
    Statistic.P_VALUE_GRAY: Text("Gray 检验 *P* 值", "*P* value of Gray's test"),
    Statistic.P_VALUE_SUBDISTRIBUTION: Text("亚分布风险比的 *P* 值", "*P* value of the subdistribution hazard ratio"),
    Statistic.P_VALUE_CAUSE_SPECIFIC: Text("原因别风险比的 *P* 值", "*P* value of the cause-specific hazard ratio"),
    Statistic.SUBDISTRIBUTION_HAZARD_RATIO: Text("亚分布风险比", "Subdistribution hazard ratio"),
    Statistic.CAUSE_SPECIFIC_HAZARD_RATIO: Text("原因别风险比", "Cause-specific hazard ratio"),
    Statistic.VARIANCE_SHARE_BETWEEN_IMPUTATIONS: Text("插补间方差所占比例", "Share of the variance between imputations"),
    Statistic.HAZARD_RATIO_TWO_WAY: Text("风险比（按匹配组与患者聚类）", "Hazard ratio, limits robust to sets and patients"),
    Statistic.WEIGHTED_N: Text("权重之和", "Sum of weights"),
    Statistic.WEIGHTED_EVENTS: Text("事件的权重之和", "Sum of weights of the events"),
    Statistic.N_SETS: Text("匹配组数", "Matched sets"),
    Statistic.E_VALUE: Text("E 值", "E-value"),
    "covariate": Text("倾向评分的协变量", "Covariate of the propensity score"),
    Statistic.EFFECTIVE_N: Text("有效样本量", "Effective sample size"),
    "incidence": Text("累积发生率", "Cumulative incidence"),
    "kappa": Text("Kappa 值", "Kappa"),
    Statistic.PERCENT_AGREE: Text("一致百分比", "Percentage that agree"),
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
