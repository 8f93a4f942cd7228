"""Every column a user may give, by table."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.levels import OTHER, REGIMENS, RESPONSES, STAGES
from oligoscope.study.dictionary.terms import State
from oligoscope.study.dictionary.variable import (
    MILLIMETRES,
    MONTHS,
    PER_CENT,
    YEARS,
    LevelName,
    Variable,
    named_levels,
    same_levels,
)

PATIENT = Variable(
    "patient_id",
    Text("患者编号", "Patient"),
    "id",
    required=True,
    decisive=True,
    aliases=("病案号", "subject_id", "usubjid"),
)
_LESION = Variable("lesion_id", Text("病灶编号", "Lesion"), "id", required=True, decisive=True)
ASSESSED_ON = Variable("assessed_on", Text("评估日期", "Date of assessment"), "date", required=True)
_READER = Variable("reader", Text("阅片者", "Reader"), decisive=True)

PATIENT_COLUMNS = (
    PATIENT,
    Variable(
        "sex",
        Text("性别", "Sex"),
        "level",
        named_levels(("male", "男", "Male"), ("female", "女", "Female")),
    ),
    Variable("birth_date", Text("出生日期", "Date of birth"), "date"),
    Variable(
        "age_years",
        Text("年龄", "Age"),
        "number",
        unit=YEARS,
        low=0,
        high=120,
        aliases=("年龄", "age"),
    ),
    Variable(
        "smoking",
        Text("吸烟史", "Smoking history"),
        "level",
        named_levels(("ever", "是", "Ever"), ("never", "否", "Never")),
    ),
    Variable(
        "ecog",
        Text("ECOG 评分", "ECOG score"),
        "integer",
        same_levels("0", "1", "2", "3", "4", "5"),
        low=0,
        high=5,
        aliases=("ecog评分",),
    ),
    Variable(
        "histology",
        Text("病理类型", "Histology"),
        "level",
        (
            LevelName("squamous", Text("鳞癌", "Squamous")),
            LevelName("adenocarcinoma", Text("腺癌", "Adenocarcinoma")),
            OTHER,
        ),
    ),
    Variable("stage", Text("分期", "Stage"), "level", STAGES),
    Variable("diagnosis", Text("诊断", "Diagnosis")),
    Variable(
        "pd_l1_tps",
        Text("PD-L1 TPS", "PD-L1 TPS"),
        "number",
        unit=PER_CENT,
        low=0,
        high=100,
        aliases=("pdl1tps",),
    ),
    Variable(
        "pd_l1",
        Text("PD-L1 表达", "PD-L1 expression"),
        "level",
        named_levels(("<1%", "<1%", "<1%"), ("1-49%", "1%~49%", "1–49%"), (">=50%", "≥50%", "≥50%")),
        aliases=("pdl1",),
    ),
    Variable(
        "driver_gene",
        Text("驱动基因", "Driver gene"),
        "level",
        named_levels(
            ("negative", "阴性", "Negative"), ("positive", "阳性", "Positive"), ("unknown", "未知", "Unknown")
        ),
    ),
    Variable("treatment_started_on", Text("治疗开始日期", "Treatment start"), "date"),
    Variable("last_dose_on", Text("末次给药日期", "Last dose"), "date"),
    Variable("clinical_progression_on", Text("临床进展日期", "Clinical progression"), "date"),
    Variable("died_on", Text("死亡日期", "Date of death"), "date"),
    Variable(
        "last_known_alive_on", Text("末次存活日期", "Last known alive"), "date", aliases=("末次随访日期",)
    ),
    # Of patients who were registered or referred after treatment had started: not observed before.
    Variable(
        "entered_on",
        Text("进入观察日期", "Entered on"),
        "date",
        aliases=("延迟进入日期", "delayed entry on"),
    ),
    Variable(
        "entered_months",
        Text("进入观察时间", "Entered at"),
        "number",
        unit=MONTHS,
        low=0,
        high=1200,
        decisive=True,
        aliases=("延迟进入/月", "delayed entry, months"),
    ),
)

_TARGET = LevelName("target", Text("靶病灶", "Target"))
_NON_TARGET = LevelName("non_target", Text("非靶病灶", "Non-target"))

ROLE = Variable(
    "role",
    Text("病灶类别", "Role"),
    "level",
    (_TARGET, _NON_TARGET, LevelName("new", Text("新病灶", "New"))),
    required=True,
    decisive=True,
)
LESION_COLUMNS = (
    PATIENT,
    _LESION,
    ROLE,
    Variable(
        "new_kind",
        Text("新病灶类别", "Kind of new lesion"),
        "level",
        (_TARGET, _NON_TARGET),
        decisive=True,
    ),
    Variable("organ", Text("器官", "Organ"), decisive=True, aliases=("部位",)),
    Variable("station", Text("淋巴结站", "Node station"), decisive=True),
    Variable("is_node", Text("是否淋巴结", "Lymph node"), "boolean", decisive=True),
    Variable("is_primary", Text("是否原发灶", "Primary tumour"), "boolean", decisive=True),
    Variable("side", Text("侧别", "Side")),
    Variable(
        "diffuse_kind",
        Text("弥漫类型", "Diffuse disease"),
        "level",
        named_levels(
            ("malignant_effusion", "恶性积液", "Malignant effusion"),
            ("leptomeningeal", "软脑膜转移", "Leptomeningeal disease"),
            ("lymphangitic", "癌性淋巴管炎", "Lymphangitic spread"),
            ("peritoneal", "腹膜种植", "Peritoneal spread"),
            ("marrow", "骨髓浸润", "Marrow involvement"),
            ("innumerable", "无法计数", "Innumerable lesions"),
        ),
        decisive=True,
    ),
    Variable(
        "bone_kind",
        Text("骨病变类型", "Bone lesion"),
        "level",
        named_levels(("lytic", "溶骨性", "Lytic"), ("blastic", "成骨性", "Blastic")),
    ),
    Variable("soft_tissue", Text("软组织成分", "Soft-tissue part"), "boolean"),
    Variable("region_scanned_at_baseline", Text("基线是否扫描该区", "Region scanned at baseline"), "boolean"),
)

CERTAINTY = Variable(
    "certainty",
    Text("新病灶把握度", "Certainty"),
    "level",
    named_levels(("unequivocal", "明确", "Unequivocal"), ("equivocal", "可疑", "Equivocal")),
    decisive=True,
)
STATE = Variable(
    "state",
    Text("状态", "State"),
    "level",
    named_levels(
        (State.MEASURED, "已测量", "Measured"),
        (State.TOO_SMALL, "过小", "Too small"),
        (State.ABSENT, "消失", "Absent"),
        (State.PRESENT, "存在", "Present"),
        (State.INCREASED, "增大", "Increased"),
        (State.UNEQUIVOCAL_PROGRESSION, "明确进展", "Unequivocal progression"),
        (State.NOT_EVALUATED, "未评估", "Not evaluated"),
        (State.MERGED, "并入其他病灶", "Merged"),
        (State.SPLIT, "分裂", "Split"),
    ),
    decisive=True,
)
MEASUREMENT_COLUMNS = (
    PATIENT,
    _LESION,
    ASSESSED_ON,
    Variable(
        "diameter_mm",
        Text("径线", "Diameter"),
        "number",
        unit=MILLIMETRES,
        low=0,
        high=400,
        decisive=True,
        aliases=("径线", "径线mm"),
    ),
    STATE,
    Variable("fragment", Text("碎片编号", "Fragment"), decisive=True),
    Variable("merged_into", Text("并入病灶", "Merged into"), decisive=True),
    CERTAINTY,
    Variable(
        "change_since_last",
        Text("较上次变化", "Change since last"),
        "level",
        named_levels(("no_change", "无变化", "No change"), ("increase", "增大", "Increase")),
        decisive=True,
    ),
    Variable(
        "modality",
        Text("检查方式", "Modality"),
        "level",
        named_levels(
            ("ct", "CT", "CT"),
            ("mri", "MRI", "MRI"),
            ("fdg_pet", "FDG-PET", "FDG-PET"),
            ("xray", "X 线", "X-ray"),
            ("clinical", "体格检查", "Clinical examination"),
        ),
    ),
    Variable("slice_mm", Text("层厚", "Slice"), "number", unit=MILLIMETRES, low=0, high=50),
    Variable(
        "fdg",
        Text("FDG 摄取", "FDG uptake"),
        "level",
        named_levels(("positive", "阳性", "Positive"), ("negative", "阴性", "Negative")),
        decisive=True,
    ),
    Variable("ct_confirms", Text("CT 证实", "Confirmed on CT"), "boolean", decisive=True),
    Variable("unscheduled_for_symptom", Text("因症状加做", "Unscheduled for a symptom"), "boolean"),
    _READER,
)

REGIMEN = Variable("regimen", Text("方案", "Regimen"), "level", REGIMENS, decisive=True)
LOCAL_TREATMENT = Variable(
    "modality",
    Text("局部治疗方式", "Local treatment"),
    "level",
    named_levels(
        ("radiotherapy", "放疗", "Radiotherapy"),
        ("surgery", "手术", "Surgery"),
        ("ablation", "消融", "Ablation"),
    ),
)
TREATMENT_COLUMNS = (
    PATIENT,
    Variable("line", Text("线数", "Line"), "integer", low=1, high=20, decisive=True),
    REGIMEN,
    Variable("started_on", Text("开始日期", "Start"), "date"),
    Variable("ended_on", Text("结束日期", "End"), "date"),
    Variable("progressed_on", Text("该线进展日期", "Progression on this line"), "date"),
    Variable("stop_reason", Text("停药原因", "Reason for stopping")),
    LOCAL_TREATMENT,
    Variable("organ", Text("局部治疗器官", "Organ treated")),
)

ASSESSMENT_COLUMNS = (
    PATIENT,
    ASSESSED_ON,
    _READER,
    Variable(
        "overall_response",
        Text("总体疗效", "Overall response"),
        "level",
        RESPONSES,
        required=True,
        decisive=True,
    ),
)

PROGRESSION_COLUMNS = (
    PATIENT,
    Variable("best_response", Text("最佳疗效", "Best response"), "level", RESPONSES, decisive=True),
    Variable("progressed_on", Text("进展日期", "Date of progression"), "date"),
    Variable(
        "n_progressing_lesions",
        Text("进展病灶数", "Progressing lesions"),
        "integer",
        low=0,
        high=1000,
        decisive=True,
    ),
    Variable("progressing_organs", Text("进展器官", "Organs of progression"), decisive=True),
    Variable("diffuse", Text("弥漫", "Diffuse"), "boolean", decisive=True),
    Variable(
        "baseline_organs",
        Text("基线转移器官", "Metastatic organs at baseline"),
        decisive=True,
        aliases=("Baseline metastatic organs",),
    ),
)
