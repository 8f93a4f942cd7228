"""What results name as a variable or an outcome that is no column of patients: tests, rates, scopes, marks."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.variable import Variable, named_levels

LOG_RANK = Variable("log_rank", Text("Log-rank 检验", "Log-rank test"))
TIER = Variable("tier", Text("分层", "Tier"))
WITHHELD = Variable("withheld", Text("不给出建议的原因", "Nothing suggested because"))
NOTE = Variable("note", Text("附注", "Note"))
OBJECTIVE_RESPONSE = Variable("orr", Text("客观缓解率", "Objective response rate"))
DISEASE_CONTROL = Variable("dcr", Text("疾病控制率", "Disease control rate"))
ORGAN = Variable("organ", Text("首次进展的器官", "Organ of first progression"), "level", ORGANS)
SAME_ORGAN = Variable(
    "same_organ",
    Text("基线受累器官再次进展", "Progression in an organ involved at baseline"),
    "level",
    ORGANS,
)
BEST_CHANGE = Variable(
    "best_change",
    Text("靶病灶最佳变化", "Best change of the target lesions"),
    levels=named_levels(
        ("<=-30", "缩小 30% 及以上", "Shrunk by 30% or more"),
        (">=20", "增大 20% 及以上", "Grown by 20% or more"),
        ("pd_by_new_lesion", "因新病灶进展", "Progression by a new lesion"),
        ("pd_by_non_target", "因非靶病灶进展", "Progression by a non-target lesion"),
    ),
)
PERIOD = Variable("period", Text("随访时段/月", "Period of follow-up, months"))
MONTH = Variable("month", Text("进展的月份", "Month of progression"))
WINDOW = Variable("window", Text("进展的时段/月", "Window of progression, months"))
AS_DATED = Variable("as_dated", Text("按评估日期（Cox 模型）", "As dated (Cox model)"))
ASSESSMENT_INTERVAL = Variable(
    "assessment_interval", Text("前半年的评估间隔/月", "Months between assessments in the first half-year")
)
GAP_AT_EVENT = Variable(
    "gap_at_event", Text("事件所在区间宽度/月", "Width of the interval of an event, months")
)
RANGES_OF_MONTHS = frozenset({v.name for v in (PERIOD, MONTH, WINDOW)})  # their levels: `0-12`, `>24`

REPORTED = (
    LOG_RANK,
    Variable("cox", Text("Cox 模型", "Cox model")),
    Variable("two_way", Text("Cox 模型（按匹配组与患者聚类）", "Cox model, robust to sets and patients")),
    PERIOD,
    ORGAN,
    SAME_ORGAN,
    MONTH,
    WINDOW,
    AS_DATED,
    ASSESSMENT_INTERVAL,
    GAP_AT_EVENT,
    BEST_CHANGE,
    Variable("swimmer", Text("随访病程", "Course under observation")),
    OBJECTIVE_RESPONSE,
    DISEASE_CONTROL,
    TIER,
    WITHHELD,
    NOTE,
    Variable("acquired_or_not", Text("继发性耐药与否", "Acquired resistance or not")),
    Variable("next_better_choice", Text("均衡更好的下一方案", "Next better choice")),
)
