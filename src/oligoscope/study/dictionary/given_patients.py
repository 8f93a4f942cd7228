"""The columns of the table of patients."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.described_words import read_histology, read_smoking
from oligoscope.study.dictionary.driver_genes import read_driver_gene
from oligoscope.study.dictionary.given import PATIENT
from oligoscope.study.dictionary.levels import OTHER, STAGES
from oligoscope.study.dictionary.per_cent import read_pd_l1_class
from oligoscope.study.dictionary.variable import MONTHS, PER_CENT, YEARS, LevelName, Variable, level

_COVARIATE = Text("基线表、匹配与模型中的变量", "a variable of the baseline table, of matching and of models")
_NOT_ADJUSTED = Text("不能据此匹配、作亚组或校正", "no matching, subgroup or adjustment by it")


def _performance(score: int) -> LevelName:
    said = (
        "ECOG",
        "PS",
        "ECOG PS",
        "ECOG评分",
        "PS评分",
        "ECOG PS评分",
        "WHO PS",
        "ECOG score",
        "PS score",
        "performance status",
    )
    names = (f"{name}{sign}{score}" for name in said for sign in ("", "=", ":", "为"))
    return level(
        str(score), str(score), str(score), *(f"{name}{unit}" for name in names for unit in ("", "分", "级")), f"{score}分", f"{score}级"
    )  # fmt: skip


BRAIN_METASTASIS = Variable(
    "brain_metastasis",
    Text("脑转移", "Brain metastases"),
    "level",
    (
        level("yes", "是", "Yes", "y", "有", "有脑转移", "1", "true", "present"),
        level(
            "no",
            "否",
            "No",
            "n",
            "无",
            "无脑转移",
            "无脑转",
            "未见脑转移",
            "未见",
            "未发现",
            "没有",
            "0",
            "false",
            "absent",
            "none",
        ),
    ),
    aliases=(
        "基线脑转移",
        "是否脑转移",
        "有无脑转移",
        "脑转移情况",
        "初诊脑转移",
        "是否有脑转移",
        "Brain mets",
        "Brain mets at dx",
        "Brain mets at baseline",
        "BM at baseline",
        "Baseline brain metastases",
        "Brain metastases at baseline",
        "Brain metastases at diagnosis",
        "CNS metastasis",
        "CNS metastases",
        "CNS mets",
        "Baseline brain mets",
        "Brain metastasis at baseline",
        "Brain metastasis at diagnosis",
    ),
    decides=_COVARIATE,
    lost_without=Text("没有；有病灶表即可由其推定", "nothing where there are lesions, which show it"),
)
_FROM_ENTRY = Text("患者自何时起被观察（左截断）", "from when on a patient is observed (left truncation)")
_ENTERED_AT_START = Text(
    "没有；所有患者自起点起被观察", "nothing where every patient is observed from the start"
)
PATIENT_COLUMNS = (
    PATIENT,
    Variable(
        "sex",
        Text("性别", "Sex"),
        "level",
        (
            level("male", "男", "Male", "M", "男性", "man"),
            level("female", "女", "Female", "F", "女性", "woman"),
        ),
        aliases=("Gender", "患者性别", "病人性别"),
        decides=_COVARIATE,
        lost_without=_NOT_ADJUSTED,
    ),
    Variable(
        "birth_date",
        Text("出生日期", "Date of birth"),
        "date",
        aliases=("DOB", "出生年月日", "出生时间", "生日", "Birthday", "BRTHDTC"),
        decides=Text("年龄未给时的年龄，以及与年龄的核对", "the age where none is given, and a check of it"),
        lost_without=Text("没有；给了年龄即可", "nothing where the age is given"),
    ),
    Variable(
        "age_years",
        Text("年龄", "Age"),
        "number",
        unit=YEARS,
        low=0,
        high=120,
        aliases=(
            "岁数", "患者年龄", "诊断年龄", "确诊年龄", "就诊年龄", "入组年龄", "Age at diagnosis", "Age at dx", "Diagnosis age", "Age at C1D1",
            "Age at enrolment", "Age at enrollment", "Age at treatment start", "Age at baseline", "age_at_index",
        ),
        decides=Text("年龄分组（60 岁）与匹配", "the age groups (60 years) and matching"),
        lost_without=_NOT_ADJUSTED,
    ),
    Variable(
        "smoking",
        Text("吸烟史", "Smoking history"),
        "level",
        (
            level(
                "ever", "是", "Ever", "yes", "y", "有", "吸烟", "吸烟者", "有吸烟史", "曾吸烟", "曾经吸烟", "既往吸烟", "现吸烟", "现在吸烟", "目前吸烟",
                "已戒烟", "已戒", "戒烟", "current", "former", "current smoker", "former smoker", "ex-smoker", "ex", "smoker", "ever smoker",
                "ever-smoked", "past smoker", "past", "previous smoker", "previous", "reformed smoker", "current reformed smoker",
                "current or former", "current/former", "former/current", "quit", "formerly smoked", "smokes", "smoked", "former or current",
                "Current Reformed Smoker for > 15 yrs", "Current Reformed Smoker for < or = 15 yrs", "Current Reformed Smoker, Duration Not Specified",
            ),
            level(
                "never", "否", "Never", "no", "n", "无", "从不", "从不吸烟", "从未吸烟", "不吸烟", "未吸烟", "非吸烟者", "非吸烟", "无吸烟史", "否认吸烟史",
                "否认吸烟", "never smoker", "never-smoked", "non-smoker", "non smoking", "lifelong non-smoker", "lifelong never-smoker", "never smoked tobacco",
            ),
        ),
        aliases=(
            "Smoker", "Smoking status", "Smoke", "Tobacco use", "tobacco_smoking_status", "Smoking (ever/never)",
            "Tobacco history", "Tobacco smoking history", "是否吸烟", "吸烟", "吸烟状态", "吸烟情况", "有无吸烟史", "吸烟与否", "吸烟史(有/无)",
        ),
        decides=_COVARIATE,
        lost_without=_NOT_ADJUSTED,
        composed=read_smoking,
    ),
    Variable(
        "ecog",
        Text("ECOG 评分", "ECOG PS"),
        "integer",
        tuple(map(_performance, range(6))),
        low=0,
        high=5,
        aliases=(
            "PS", "PS评分", "PS score", "ECOG performance status", "ECOG PS评分", "ECOG体能状态评分", "ECOG体力状况评分", "体能状态评分",
            "体力状况评分", "ECOG score", "ECOG status", "Performance status", "WHO PS", "WHO performance status", "ph.ecog",
            "eastern_cancer_oncology_group", "Eastern Cooperative Oncology Group",
            "基线ECOG", "Baseline ECOG", "ECOG at baseline", "ECOG评分(PS)", "PS(ECOG)评分",
        ),
        decides=Text("纳入条件与匹配", "eligibility and matching"),
        lost_without=Text("按 ECOG 的纳入条件无法核实", "eligibility by ECOG cannot be assessed"),
    ),
    Variable(
        "ecog_at_progression",
        Text("进展时 ECOG 评分", "ECOG PS at progression"),
        "integer",
        tuple(map(_performance, range(6))),
        low=0,
        high=5,
        aliases=(
            "进展时ECOG", "进展时PS", "进展时PS评分", "进展时体能状态评分", "PS at progression", "ECOG at PD", "PS at PD",
            "ECOG score at progression", "Performance status at progression",
        ),
        decides=Text("进展时的可比性与按此的校正", "comparability at progression, and adjustment for it"),
        lost_without=Text("不能按进展时的体能状态校正", "no adjustment for performance status at progression"),
    ),
    Variable(
        "histology",
        Text("病理类型", "Histology"),
        "level",
        (
            level(
                "squamous", "鳞癌", "Squamous", "鳞状细胞癌", "鳞状癌", "肺鳞癌", "肺鳞状细胞癌", "SCC", "SqCC", "LUSC", "LSCC", "Sq", "squamous cell carcinoma",
                "squamous cell ca", "squamous cell", "squamous carcinoma", "lung squamous cell carcinoma", "squamous NSCLC", "鳞状细胞肺癌",
                "squamous cell cancer", "squamous cell lung cancer", "鳞状细胞癌(SCC)",
            ),
            level(
                "adenocarcinoma", "腺癌", "Adenocarcinoma", "肺腺癌", "ADC", "LUAD", "adeno", "adenoca", "浸润性腺癌",
                "lung adenocarcinoma", "adenocarcinoma, NOS", "adenocarcinoma NOS", "invasive adenocarcinoma", "adenocarcinoma of lung",
            ),
            LevelName(
                "other", OTHER.name, synonyms=(
                    *OTHER.synonyms, "大细胞癌", "腺鳞癌", "肉瘤样癌", "大细胞神经内分泌癌", "LCC", "LCNEC", "large cell carcinoma", "large cell",
                    "adenosquamous", "adenosquamous carcinoma", "sarcomatoid", "sarcomatoid carcinoma", "pleomorphic carcinoma", "NSCLC-NOS", "NOS",
                    "非小细胞癌-非特指型", "large cell neuroendocrine carcinoma", "多形性癌", "其他非小细胞肺癌",
                    "NUT癌", "NUT carcinoma", "腺样囊性癌", "黏液表皮样癌", "粘液表皮样癌", "梭形细胞癌", "巨细胞癌", "淋巴上皮瘤样癌", "adenoid cystic carcinoma",
                    "mucoepidermoid carcinoma", "giant cell carcinoma", "spindle cell carcinoma", "lymphoepithelioma-like carcinoma",
                ),
            ),
        ),
        aliases=(
            "Histo", "Histologic type", "Histological type", "Histology type", "Histologic subtype", "Histologic diagnosis", "Pathology",
            "Pathological type", "Pathologic type", "Pathology type", "Cell type", "Tumor type", "Tumour histology", "Tumor histology", "Hist",
            "病理", "病理分型", "病理学类型", "组织学类型", "组织学", "组织学分型", "组织类型", "病理组织学类型", "肿瘤类型", "病理类型(鳞癌/腺癌/其他)",
        ),
        decides=_COVARIATE,
        lost_without=_NOT_ADJUSTED,
        composed=read_histology,
    ),
    Variable(
        "stage",
        Text("分期", "Stage"),
        "level",
        STAGES,
        aliases=(
            "临床分期", "TNM分期", "肿瘤分期", "临床TNM分期", "疾病分期", "AJCC分期", "基线分期", "初诊分期", "诊断分期", "总分期", "cTNM分期", "AJCC stage",
            "AJCC 8 stage", "AJCC 8th stage", "AJCC 8th edition stage", "TNM stage", "Clinical stage", "Stage group", "Overall stage",
            "Disease stage", "Tumor stage", "Tumour stage", "Cancer stage", "Stage at diagnosis", "Stage at dx", "Stage (AJCC 8th)",
            "Baseline stage", "AJCC Stage group", "第8版分期",
        ),
        decides=Text("纳入条件（晚期）与匹配", "eligibility (advanced disease) and matching"),
        lost_without=Text("按分期的纳入条件无法核实", "eligibility by stage cannot be assessed"),
    ),
    Variable(
        "diagnosis",
        Text("诊断", "Diagnosis"),
        aliases=("临床诊断", "主要诊断", "肿瘤诊断", "出院诊断", "病理诊断", "Primary diagnosis", "Clinical diagnosis", "Tumor diagnosis", "Dx"),
        decides=Text("写明该列的纳入条件", "the eligibility rules that name it"),
        lost_without=Text("这些条件无法核实", "these rules cannot be assessed"),
    ),
    Variable(
        "pd_l1_tps",
        Text("PD-L1 TPS", "PD-L1 TPS"),
        "number",
        unit=PER_CENT,
        low=0,
        high=100,
        aliases=(
            "TPS", "TPS评分", "PD-L1(TPS)", "PD-L1 TPS评分", "PD-L1 TPS值", "TPS值", "PD-L1 tumor proportion score", "Tumor proportion score",
            "Tumour proportion score", "pd_l1_tps_percent", "PDL1_TPS(%)", "肿瘤比例评分", "肿瘤细胞阳性比例分数", "肿瘤细胞阳性比例评分",
            "PD-L1 22C3 TPS", "TPS 22C3", "PD-L1 (22C3) TPS", "PD-L1 TPS 22C3",
        ),
        decides=Text("PD-L1 分级（<1%、1%~49%、≥50%）", "the PD-L1 class (<1%, 1–49%, ≥50%)"),
        lost_without=Text("没有；给了 PD-L1 分级即可", "nothing where the class is given"),
    ),
    Variable(
        "pd_l1",
        Text("PD-L1 表达", "PD-L1 expression"),
        "level",
        (
            level("<1%", "<1%", "<1%", "阴性", "negative", "neg", "TPS<1%", "阴性(<1%)", "negative (<1%)", "PD-L1阴性", "(-)", "0-<1%", "Low <1%", "low (<1%)"),
            level("1-49%", "1%~49%", "1–49%", "1 to 49%", "TPS 1-49%", "低表达", "低表达(1-49%)", "Medium 1-49%", "medium (1-49%)", "low", "low (1-49%)", "1%-<50%", "≥1%且<50%",
                  ">=1% and <50%", "1%≤TPS<50%", ),
            level(">=50%", "≥50%", "≥50%", "TPS≥50%", "50% or more", "50%以上(含50%)", "高表达", "高表达(≥50%)", "high", "high (>=50%)", "High >=50%", "50-100%",
                  ),
        ),
        aliases=(
            "PD-L1表达水平", "PD-L1表达情况", "PD-L1水平", "PD-L1状态", "PD-L1结果", "PD-L1检测", "PD-L1检测结果", "PD-L1 status",
            "PD-L1 level", "PD-L1 class", "PD-L1 category", "PD-L1 group", "PD-L1 result", "PD-L1分级", "PD-L1分组",
            "PD-L1 expression level",
        ),
        decides=_COVARIATE,
        lost_without=Text("不能据此匹配或插补", "no matching and no imputation by it"),
        composed=read_pd_l1_class,
    ),
    Variable(
        "driver_gene",
        Text("驱动基因", "Driver gene"),
        "level",
        (
            level("negative", "阴性", "Negative", "neg", "野生型", "野生", "WT", "wild type", "无突变", "未突变", "未见突变", "无驱动基因突变",
                  "驱动基因阴性", "驱动基因全阴性", "驱动基因均阴性", "no mutation", "no driver mutation", "no driver", "(-)", "阴性(-)", "阴性(野生型)"),
            level("positive", "阳性", "Positive", "pos", "突变", "突变型", "突变阳性", "驱动基因阳性", "有突变", "mutant", "mutated", "mutation", "mutation positive",
                  "+", "(+)", "阳性(+)"),
            level("unknown", "未知", "Unknown", "unk", "不详", "未检测", "未检", "未测", "未做", "未查", "未行检测", "未行基因检测", "未做基因检测", "not tested",
                  "untested", "not done", "not assessed"),
        ),
        aliases=(
            "Driver", "Driver genes", "Driver mutation", "Driver gene status", "Driver mutations", "Driver gene mutation", "Oncogenic driver",
            "Mutation status", "EGFR/ALK", "EGFR/ALK/ROS1", "EGFR/ALK/ROS1 status", "EGFR/ALK status", "驱动基因状态", "驱动基因突变",
            "驱动基因突变状态", "驱动基因检测", "驱动基因检测结果", "基因检测结果", "基因检测", "基因突变", "基因状态", "EGFR/ALK状态", "敏感基因",
            "驱动基因(EGFR/ALK)", "驱动基因(EGFR/ALK/ROS1)",
        ),
        decides=Text("纳入条件：驱动基因阳性者不入组", "eligibility: patients with a driver gene are left out"),
        lost_without=Text("该条件无法核实，患者均予保留", "the rule cannot be assessed, and the patients stay"),
        composed=read_driver_gene,
    ),
    BRAIN_METASTASIS,
    Variable(
        "treatment_started_on",
        Text("治疗开始日期", "Treatment start"),
        "date",
        aliases=(
            "首次给药日期", "首次给药时间", "首次用药日期", "首次用药时间", "首次免疫治疗日期", "首次免疫治疗时间", "免疫治疗开始日期", "免疫治疗开始时间",
            "免疫治疗起始日期", "治疗开始时间", "治疗起始日期", "治疗起始时间", "开始治疗日期", "开始治疗时间", "一线治疗开始日期", "一线治疗开始时间",
            "一线开始日期", "一线开始时间", "用药开始日期", "用药开始时间", "C1D1", "C1D1日期", "C1D1 date", "Date of C1D1", "First dose", "First dose date",
            "Date of first dose", "First IO dose", "ICI start", "ICI start date", "IO start", "IO start date", "Immunotherapy start date",
            "Treatment start date", "Start of treatment", "Date of treatment start", "Date of start of treatment", "Start of therapy", "Therapy start", "Therapy start date",
            "Tx start", "Tx start date", "Date of Tx start", "Trt start", "Trt start date", "Rx start", "Rx start date",
            "First-line start", "First-line start date", "1L start", "1L start date", "TRTSDT", "RFSTDTC", "Date of first treatment",
        ),
        decides=Text("所有时间的起点，哪次检查是基线", "the origin of every time, and which scan is baseline"),
        lost_without=Text("没有时间与基线；患者不属于治疗人群", "no times and no baseline; the patient is not in the treated population"),
    ),
    Variable(
        "last_dose_on",
        Text("末次给药日期", "Last dose"),
        "date",
        aliases=(
            "末次给药时间", "末次用药日期", "末次用药时间", "最后给药日期", "最后一次给药日期", "最后用药日期", "末次免疫治疗日期", "末次免疫治疗时间",
            "Last dose date", "Date of last dose", "Last IO dose", "Last ICI dose", "Last treatment date", "TRTEDT", "RFXENDTC", "Last dose of ICI",
        ),
        decides=Text("暴露时间，SITC 耐药定义要用", "exposure, which the definitions of resistance by SITC ask for"),
        lost_without=Text("视为用药至进展", "treatment is taken to have continued until progression"),
    ),
    Variable(
        "clinical_progression_on",
        Text("临床进展日期", "Clinical progression"),
        "date",
        aliases=("临床进展时间", "Clinical progression date", "Date of clinical progression", "Clinical PD date", "Clinical PD"),
        decides=Text("没有影像的进展", "a progression without imaging"),
        lost_without=Text("只有影像进展与死亡计为事件", "only progression on scans and death are events"),
    ),
    Variable(
        "died_on",
        Text("死亡日期", "Date of death"),
        "date",
        aliases=("死亡时间", "死亡年月日", "去世日期", "去世时间", "Death date", "DOD", "DTHDTC", "DTHDT", "Date death", "Date of decease"),
        decides=Text("总生存，以及未进展而死亡", "overall survival, and death without progression"),
        lost_without=Text("没有死亡事件：总生存无法估计", "no deaths: overall survival cannot be estimated"),
    ),
    Variable(
        "last_known_alive_on",
        Text("末次存活日期", "Last known alive"),
        "date",
        aliases=(
            "末次随访日期", "末次随访时间", "末次随访", "最后随访日期", "最后随访时间", "最近随访日期", "最近随访时间", "末次存活时间", "末次联系日期",
            "最后一次随访日期", "最后一次随访时间", "末次随访年月日", "最后存活日期", "末次访视日期", "Last FU", "LFU", "LFU date", "Last FU date", "Last follow-up",
            "Last follow-up date", "Date of last follow-up", "Date of last FU", "Date last known alive", "Date of last contact",
            "Last contact", "Last contact date", "Last alive", "Last alive date", "date_of_last_known_alive", "Last seen alive", "LSTALVDT",
            "Last known alive date", "Date last seen", "Last visit date",
        ),
        decides=Text("存活者随访到何时", "how long those alive were followed"),
        lost_without=Text("存活者只随访到末次检查", "those alive are followed to their last scan only"),
    ),
    Variable(
        "vital_status",
        Text("生存状态", "Vital status"),
        "level",
        (
            level("dead", "死亡", "Dead", "已死亡", "已故", "去世", "已去世", "死", "D", "died", "death", "deceased", "expired", "1:DECEASED", "DOD", "dead of disease", "died of disease", "dead of other causes",
                  "died of other causes", "dead with tumor", "dead with disease"),
            level("alive", "存活", "Alive", "生存", "健在", "在世", "A", "living", "活", "带瘤生存", "无瘤生存", "AWD", "0:LIVING", "alive with disease", "NED", "no evidence of disease",
                  "alive with tumor"),
            level("lost", "失访", "Lost to follow-up", "失联", "LTFU", "LFU", "lost to FU", ),
        ),
        aliases=(
            "Status", "Survival status", "Alive/Dead", "Dead/Alive", "生存情况", "存活状态",
            "存活情况", "生存状况", "末次随访状态", "随访状态", "Last status", "Status at last follow-up", "Patient status", "患者状态", "生存结局",
            "Vital status at last follow-up", "patient_vital_status", "Patient's vital status",
        ),
        decides=Text("只用于核对死亡日期", "nothing but a check of the dates of death"),
        lost_without=Text("没有", "nothing"),
    ),
    Variable(
        "centre",
        Text("治疗中心", "Centre"),
        aliases=(
            "中心编号", "中心代码", "参研中心", "分中心", "医院", "center", "centre_id", "center_id", "hospital", "site_id", "study_site",
        ),
        decides=Text(
            "按中心分层或对中心稳健的比较（centres.use）",
            "comparisons within centres, or robust to them (centres.use)",
        ),
        lost_without=Text("没有；单中心研究不需要", "nothing in a study of one centre"),
    ),
    # Of patients who were registered or referred after treatment had started: not observed before.
    Variable(
        "entered_on",
        Text("进入观察日期", "Entered on"),
        "date",
        aliases=("延迟进入日期", "delayed entry on"),
        decides=_FROM_ENTRY,
        lost_without=_ENTERED_AT_START,
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
        decides=_FROM_ENTRY,
        lost_without=_ENTERED_AT_START,
    ),
)  # fmt: skip
