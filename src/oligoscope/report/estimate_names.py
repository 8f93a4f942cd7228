"""Printed names of what results.csv says in words of its own: variables, levels, methods."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.clinical.management_texts import NOTES, TIERS, WITHHELD
from oligoscope.questions.response.table import NAMES as RESPONSES
from oligoscope.questions.weighting.table import TARGETS

VARIABLES: dict[str, Text] = {
    "log_rank": Text("Log-rank 检验", "Log-rank test"),
    "cox": Text("Cox 模型", "Cox model"),
    "two_way": Text("Cox 模型（按匹配组与患者聚类）", "Cox model, robust to sets and patients"),
    "restricted_mean": Text("限制性平均时间", "Restricted mean"),
    "period": Text("随访时段/月", "Period of follow-up, months"),
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
    "acquired_or_not": Text("继发性耐药与否", "Acquired resistance or not"),
    "next_better_choice": Text("均衡更好的下一方案", "Next better choice"),
    "line_regimen": Text("后线方案", "Regimen of the later line"),
    "first_line_regimen": Text("一线方案", "First-line regimen"),
    "local_after_progression": Text("进展后局部治疗", "Local treatment after progression"),
    "beyond_progression": Text("进展后继续原治疗", "Treatment beyond progression"),
    **TARGETS,
}
LEVELS: dict[str, dict[str, Text]] = {
    "site_relation": {
        "same": Text("仅原有部位", "Pre-existing sites only"), "new": Text("仅新部位", "New sites only"), "both": Text("两者皆有", "Both"),
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
