"""Every derived column of a patient, except the times of outcomes."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.given_patients import BRAIN_METASTASIS
from oligoscope.study.dictionary.levels import IMMUNE_RESPONSES, NO_YES, REGIMENS_BY_WORD, RESPONSES, YES_NO
from oligoscope.study.dictionary.populations import PROGRESSED, TREATED
from oligoscope.study.dictionary.terms import Pattern, Population, Resistance
from oligoscope.study.dictionary.variable import (
    LESIONS_COUNTED,
    MILLIMETRES,
    MONTHS,
    ORGANS_COUNTED,
    YEARS,
    LevelName,
    Variable,
    named_levels,
)

# The labels that studies are made of: their words name patients without the variable, before any other column's.
FIRST_LABELS = (
    Variable(
        "pattern",
        Text("进展模式", "Progression pattern"),
        "level",
        named_levels(
            (Pattern.OLIGO, "寡进展", "Oligoprogression"),
            (Pattern.SYSTEMIC, "广泛进展", "Systemic progression"),
        ),
    ),
    Variable(
        "resistance",
        Text("耐药类型", "Resistance type"),
        "level",
        (  # acquired first: the comparison reads "acquired vs primary"
            LevelName(Resistance.ACQUIRED, Text("继发性耐药", "Acquired resistance")),
            LevelName(Resistance.PRIMARY, Text("原发性耐药", "Primary resistance")),
            LevelName(
                Resistance.UNCONFIRMED_PRIMARY, Text("未确认的原发性耐药", "Unconfirmed primary resistance")
            ),
            LevelName(Resistance.NOT_ACQUIRED, Text("不符合继发定义", "Not acquired by definition")),
            LevelName(Resistance.UNCLASSIFIABLE, Text("无法分类", "Unclassifiable")),
        ),
    ),
    Variable(
        "local_after_progression",
        Text("进展后局部治疗", "Local treatment after progression"),
        "level",
        NO_YES,
    ),
    Variable("line_regimen", Text("后线治疗方案", "Later-line regimen"), "level", REGIMENS_BY_WORD),
)
MORE_LABELS = (
    Variable(
        "age_60",
        Text("年龄", "Age"),
        "level",
        named_levels((">=60", "≥60", "≥60"), ("<60", "<60", "<60")),
        unit=YEARS,
    ),
    Variable("best_response", Text("最佳总体疗效", "Best overall response"), "level", RESPONSES),
    Variable(
        "confirmed_response",
        Text("最佳总体疗效（经确认）", "Best overall response, confirmed"),
        "level",
        RESPONSES,
    ),
    BRAIN_METASTASIS,
    Variable("progressed", Text("首次进展与否", "First progression or not"), "level", YES_NO),
    Variable(
        "beyond_progression", Text("进展后继续原治疗", "Treatment beyond progression"), "boolean", NO_YES
    ),
    Variable("patterns_disagree", Text("各定义判定不一致", "Definitions disagree"), "boolean", NO_YES),
    Variable("first_line_regimen", Text("一线方案", "First-line regimen"), "level", REGIMENS_BY_WORD),
)
SITE_RELATION = Variable(
    "site_relation",
    Text("与基线相比", "Compared with baseline"),
    "level",
    named_levels(
        ("both", "两者皆有", "Both"),
        ("new", "仅新部位", "New sites only"),
        ("same", "仅原有部位", "Pre-existing sites only"),
    ),
)
# Their words mean something else elsewhere (new, both, clinical), and name patients with the variable only.
DETAILS = (
    Variable(
        "population",
        Text("所属人群", "Population"),
        "level",
        (LevelName(Population.EXCLUDED, Text("未纳入", "Excluded")), PROGRESSED, TREATED),
    ),
    Variable("excluded_because", Text("排除原因", "Excluded because")),
    Variable(
        "failure",
        Text("失败类型", "Kind of failure"),
        "level",
        named_levels(
            ("combined", "原有病灶与新病灶", "Existing and new lesions"),
            ("existing", "原有病灶进展", "Existing lesions"),
            ("new", "仅新病灶", "New lesions only"),
        ),
    ),
    SITE_RELATION,
    Variable(
        "progression_basis",
        Text("进展依据", "Basis of the progression"),
        "level",
        named_levels(("clinical", "临床", "Clinical"), ("imaging", "影像", "Imaging")),
    ),
    Variable(
        "flags",
        Text("标记", "Flags"),
        "text",
        named_levels(
            ("no_controlled_lesion", "无受控病灶", "no controlled lesion"),
            ("lower_bound", "病灶数为下限", "count is a lower bound"),
            ("fallback_used", "总和进展而单灶未达标", "sum progressed, no single lesion did"),
            ("intracranial_progression", "颅内进展", "intracranial progression"),
            ("pseudoprogression", "可能为假性进展", "possible pseudoprogression"),
            ("cr_then_pr", "CR 后又见病灶（待核）", "disease after CR (to be queried)"),
        ),
    ),
    Variable("ibest_response", Text("iRECIST 最佳疗效", "Best response, iRECIST"), "level", IMMUNE_RESPONSES),
    Variable(
        "iprogression_confirmed",
        Text("iRECIST 确认进展", "Progression confirmed, iRECIST"),
        "boolean",
        NO_YES,
    ),
    Variable("iprogressed_day", Text("iRECIST 进展（天）", "Progression by iRECIST, day"), "integer"),
    Variable("iprogressed_on", Text("iRECIST 首次进展日期", "Date of first progression, iRECIST"), "date"),
    Variable("first_response_on", Text("首次缓解日期", "Date of first response"), "date"),
    Variable("best_response_on", Text("最佳疗效日期", "Date of the best response"), "date"),
    Variable("progressed_on", Text("首次进展日期", "Date of first progression"), "date"),
    Variable("n_progressing_lesions", Text("进展病灶数", "Progressing lesions"), "integer"),
    Variable(
        "n_progressing_extracranial",
        Text("颅外进展病灶数", "Progressing lesions outside the brain"),
        "integer",
    ),
    Variable(
        "n_progressing_intracranial", Text("颅内进展病灶数", "Progressing lesions in the brain"), "integer"
    ),
    Variable(
        "n_not_evaluated", Text("进展时未评估的病灶数", "Lesions not evaluated at progression"), "integer"
    ),
    Variable("progressing_organs", Text("进展器官", "Organs of progression")),
    Variable("baseline_organs", Text("基线转移器官", "Metastatic organs at baseline")),
    Variable(
        "all_baseline_organs",
        Text("基线受累器官（含原发灶）", "Organs involved at baseline, the primary's too"),
    ),
    Variable("same_organs", Text("基线已受累的进展器官", "Organs of progression involved at baseline")),
    Variable("new_organs", Text("新的进展器官", "Organs of progression not involved at baseline")),
    Variable(
        "pfs_lower_days",
        Text("PFS 终点前末次充分评估（天）", "Last adequate assessment before the end of PFS, day"),
        "integer",
    ),
    Variable("n_assessments", Text("至 PFS 终点的评估次数", "Assessments until the end of PFS"), "integer"),
    Variable(
        "assessment_interval_days",
        Text("前半年的平均评估间隔（天）", "Mean days between assessments in the first half-year"),
        "number",
    ),
    Variable("entry_days", Text("进入观察的延迟", "Delay of entry"), "number"),
    Variable("n_target_lesions", Text("靶病灶数", "Target lesions"), "integer"),
    Variable(
        "n_baseline_organs",
        Text("基线转移器官数", "Baseline metastatic organs"),
        "integer",
        unit=ORGANS_COUNTED,
    ),
    Variable(
        "n_baseline_lesions",
        Text("基线病灶数", "Baseline lesions"),
        "integer",
        unit=LESIONS_COUNTED,
    ),
    Variable(
        "months_to_progression",
        Text("至首次进展的时间", "Time to first progression"),
        "number",
        unit=MONTHS,
    ),
    Variable(
        "n_progressing_organs",
        Text("进展器官数", "Progressing organs"),
        "integer",
        unit=ORGANS_COUNTED,
    ),
    Variable(
        "baseline_sum_mm",
        Text("基线靶病灶径线总和", "Baseline sum of diameters"),
        "number",
        unit=MILLIMETRES,
    ),
)
