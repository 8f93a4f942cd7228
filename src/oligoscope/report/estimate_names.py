"""Printed names of what results.csv says in words of its own: analyses, statistics, variables, levels, methods, units."""

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
METHOD_PARTS: dict[str, str] = {
    "log-log limits": "log-log 法置信限", "plain limits": "plain 法置信限", "Wald limits": "Wald 置信限",
    "pair-robust limits": "按配对的稳健置信限", "robust limits": "稳健置信限", "Efron ties": "Efron 法处理结点",
    "pooled by Rubin": "以 Rubin 法合并", "pooled on log(-log S)": "按 log(-log S) 合并", "Cox": "Cox 模型",
    "weighted Cox": "加权 Cox 模型", "set-robust limits": "按匹配组的稳健置信限",
    "limits robust to sets and patients": "按匹配组与患者聚类的稳健置信限", "weighted Kaplan-Meier": "加权 Kaplan-Meier 法",
    "robust log-log limits": "稳健的 log-log 法置信限", "weights of the matching": "按匹配权重", "rare outcome": "结局少见",
    "Cox by period": "分时段 Cox 模型", "area under Kaplan-Meier": "Kaplan-Meier 曲线下面积",
    "Greenwood variance": "Greenwood 方差", "likelihood ratio of the periods": "各时段风险比相等的似然比检验",
    "Cox with time-dependent state": "时依状态的 Cox 模型",
    "logistic regression": "logistic 回归", "Firth": "Firth 法", "profile penalised limits": "剖面惩罚似然置信限", "pooled by CLIP": "以剖面似然合并（CLIP）", "reverse Kaplan-Meier": "反向 Kaplan-Meier 法",
    "Kaplan-Meier": "Kaplan-Meier 法", "Aalen-Johansen": "Aalen-Johansen 法", "Clopper-Pearson": "Clopper-Pearson 法",
    "standardised mean difference": "标准化均数差", "Yang-Dalton": "Yang-Dalton 法", "SD before matching": "除以匹配前的标准差",
    "chained equations": "链式方程",
    "Cohen kappa": "Cohen kappa", "E-value (VanderWeele & Ding)": "E 值（VanderWeele 与 Ding）",
    "best response": "最佳疗效", "confirmed": "已确认", "unconfirmed": "未确认",
    "scans up to the first progression or a new systemic therapy": "截至首次进展或新的全身治疗的各次扫描",
    "every scan": "全部扫描", "nearest neighbour": "最近邻匹配", "highest score first": "评分高者优先",
    "lowest score first": "评分低者优先", "in the order given": "按资料原有顺序", "in random order": "按随机顺序", "no caliper": "不设卡钳值",
    "optimal (most pairs": "最优匹配（配对最多", "then least total distance)": "再求总距离最小）",
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
    "sets": Text("组", "sets"),
    "sum of weights": Text("例（加权）", "patients, weighted"),
    "mm": Text("mm", "mm"),
}
