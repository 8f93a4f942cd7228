"""Columns that several tables share, and those of the tables of treatments, responses and progressions.

Patients: given_patients; lesions and measurements: given_lesions.
"""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.described_words import read_operation
from oligoscope.study.dictionary.drugs import read_regimen
from oligoscope.study.dictionary.levels import REGIMENS, RESPONSES
from oligoscope.study.dictionary.variable import MILLIMETRES, LevelName, Variable, level

PATIENT = Variable(
    "patient_id",
    Text("患者编号", "Patient"),
    "id",
    required=True,
    decisive=True,
    aliases=(
        "病案号", "住院号", "登记号", "病历号", "病例号", "病例编号", "研究号", "研究编号", "受试者编号", "受试者号", "受试者", "受试者代码", "受试者ID", "患者号", "患者ID",
        "患者代码", "患者序号", "病人编号", "病人号", "病人ID", "入组编号", "入组号", "筛选号", "subject_id", "usubjid", "subjid", "Subject", "Subject No",
        "Subject number", "Subject code", "Pt", "Pt ID", "Pt No", "Pt number", "Pat ID", "Pat", "Patient No", "Patient number",
        "Patient code", "Patient identifier", "Participant", "Participant ID", "Record ID", "Case ID", "Case No", "Case number", "MRN",
        "Medical record number", "Hospital number", "Hospital No", "case_submitter_id", "bcr_patient_barcode",
    ),
    decides=Text("哪些行属于同一患者", "which rows are of the same patient"),
    lost_without=Text("无法读入该表", "the table cannot be read"),
)  # fmt: skip
ASSESSED_ON = Variable(
    "assessed_on",
    Text("评估日期", "Date of assessment"),
    "date",
    required=True,
    aliases=(
        "检查日期", "检查时间", "评估时间", "评价日期", "评价时间", "测量日期", "测量时间", "影像日期", "影像检查日期", "影像学检查日期", "影像时间", "扫描日期", "扫描时间",
        "疗效评估日期", "疗效评价日期", "CT日期", "CT检查日期", "Scan date", "Date of scan", "Scan", "Imaging date", "Date of imaging", "Assessment date",
        "Exam date", "Examination date", "Date of examination", "Measurement date", "Date of measurement", "Date of evaluation", "Evaluation date",
        "Image date", "CT date", "Study date", "TRDTC", "RSDTC", "Scan_dt", "Tumor assessment date", "Tumour assessment date", "检查年月日",
    ),
    decides=Text("每次评估的时间：基线、进展日期、PFS", "when each assessment was: baseline, progression, PFS"),
    lost_without=Text("该行无法使用", "the row cannot be used"),
)  # fmt: skip
READER = Variable(
    "reader",
    Text("阅片者", "Reader"),
    decisive=True,
    aliases=(
        "阅片人", "阅片医师", "阅片医生", "评估者", "评估医师", "评估人", "评价者", "测量者", "影像医师", "Radiologist", "Assessor", "Evaluator", "Read by", "Assessed by",
        "Reviewer", "Rater", "TREVALID",
    ),
    decides=Text("多人阅片时采用谁的测量", "whose measurements count where several people read"),
    lost_without=Text("没有；一人阅片时不需要", "nothing where one person read"),
)  # fmt: skip

REGIMEN = Variable(
    "regimen",
    Text("方案", "Regimen"),
    "level",
    REGIMENS,
    decisive=True,
    aliases=(
        "治疗方案", "用药方案", "治疗用药", "治疗用药名称", "药物名称", "具体方案", "方案名称", "治疗药物", "药物方案", "抗肿瘤方案", "全身治疗方案", "全身治疗", "系统治疗", "治疗方式", "药物", "Treatment regimen",
        "Drug regimen", "Regimen name", "Regimen drugs", "Drugs", "Drug", "Treatment", "Therapy", "Systemic therapy", "Systemic treatment",
        "Therapy type", "Treatment type", "CMTRT", "Regimen type", "Type of therapy",
    ),
    decides=Text("一线方案（纳入条件）与后线方案的比较", "the first-line regimen (eligibility) and the comparison of later ones"),
    lost_without=Text("方案的比较不可用", "no comparison of regimens"),
    composed=read_regimen,
)  # fmt: skip
LOCAL_TREATMENT = Variable(
    "modality",
    Text("局部治疗方式", "Local treatment"),
    "level",
    (
        level(
            "radiotherapy", "放疗", "Radiotherapy", "放射治疗", "局部放疗", "姑息放疗", "RT", "SBRT", "SABR", "SRS", "SRT", "IMRT", "WBRT", "3DCRT", "VMAT",
            "立体定向放疗", "立体定向放射治疗", "立体定向体部放疗", "立体定向放射外科", "调强放疗", "全脑放疗", "伽马刀", "γ刀", "射波刀", "X刀", "gamma knife",
            "CyberKnife", "radiation", "radiation therapy", "palliative RT", "palliative radiotherapy", "whole brain radiotherapy",
            "stereotactic radiotherapy", "stereotactic body radiotherapy", "stereotactic radiosurgery", "XRT", "EBRT", "质子治疗", "质子放疗", "proton therapy", "proton beam therapy", "粒子植入",
        ),
        level(
            "surgery", "手术", "Surgery", "外科手术", "手术切除", "切除", "切除术", "手术治疗", "转移灶切除", "surg", "resection", "surgical resection", "metastasectomy",
            "lobectomy", "sleeve lobectomy", "wedge resection", "segmentectomy", "pneumonectomy", "肺叶切除", "craniotomy", "excision", "operation",
        ),
        level(
            "ablation", "消融", "Ablation", "消融治疗", "射频消融", "微波消融", "冷冻消融", "热消融", "氩氦刀", "RFA", "MWA", "cryoablation", "cryotherapy",
            "radiofrequency ablation", "microwave ablation", "thermal ablation", "percutaneous ablation",
        ),
    ),
    aliases=(
        "局部治疗", "局部治疗手段", "局部治疗方法", "局部治疗类型", "局部巩固治疗", "局部治疗(放疗/手术/消融)", "放疗/手术", "RT/Surg", "RT/Surgery", "Surgery/RT",
        "Local therapy", "Local tx", "LAT", "Local ablative therapy", "Local treatment type", "Local treatment modality", "Local modality",
        "Type of local treatment", "LCT", "Local consolidative therapy",
    ),
    decides=Text("进展后是否接受局部治疗", "whether there was local treatment after progression"),
    lost_without=Text("局部治疗的分析不可用", "no analysis of local treatment"),
    composed=read_operation,
)  # fmt: skip
_LINES = ("一", "二", "三", "四", "五", "六", "七", "八")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def _line(number: int) -> LevelName:
    zh, en, short = _LINES[number - 1], _ORDINALS[number - 1], f"{number}{_ENDINGS.get(number, 'th')}"
    names = (f"{zh}线", f"{zh}线治疗", f"第{zh}线", f"第{number}线", f"{number}线", f"{number}线治疗")
    english = (
        f"{en} line",
        f"{en}-line therapy",
        f"{short} line",
        f"line {number}",
        f"{number}L",
        f"LOT {number}",
        en,
        short,
    )
    return level(str(number), str(number), str(number), *names, *english)


TREATMENT_COLUMNS = (
    PATIENT,
    Variable(
        "line",
        Text("线数", "Line"),
        "integer",
        tuple(map(_line, range(1, 9))),
        low=1,
        high=20,
        decisive=True,
        aliases=(
            "治疗线数", "治疗线", "线次", "治疗线次", "第几线", "几线治疗", "线别", "Line of therapy", "Line of treatment", "LOT", "Treatment line", "Therapy line",
            "Line number", "Line No", "Lines",
        ),
        decides=Text("哪一行是一线，哪些是后线", "which row is first-line and which are later lines"),
        lost_without=Text("该行不计为一线或后线", "the row counts as no line"),
    ),
    REGIMEN,
    Variable(
        "started_on",
        Text("开始日期", "Start"),
        "date",
        aliases=(
            "开始时间", "起始日期", "起始时间", "治疗开始日期", "治疗开始时间", "治疗起始日期", "用药开始日期", "用药开始时间", "方案开始日期", "起止日期(起)", "Start date",
            "Date of start", "Started", "Start dt", "Treatment start", "Treatment start date", "Date of start of treatment", "Therapy start date", "Regimen start", "Regimen start date", "Begin date",
            "CMSTDTC", "EXSTDTC", "First dose date",
        ),
        decides=Text("该治疗在进展之前还是之后；PFS2 的起点", "before or after progression; the origin of PFS2"),
        lost_without=Text("该行的次序不明", "the order of the row is not known"),
    ),
    Variable(
        "ended_on",
        Text("结束日期", "End"),
        "date",
        aliases=(
            "结束时间", "终止日期", "终止时间", "停药日期", "停药时间", "治疗结束日期", "治疗结束时间", "停止日期", "End date", "Date of end", "Stop", "Stop date", "Stopped",
            "Ended", "Treatment end", "Treatment end date", "Therapy end date", "Regimen end", "Regimen end date", "Discontinuation date", "CMENDTC", "EXENDTC", "Last dose date",
        ),
        decides=Text("该线随访到何时（没有进展日期时）", "how long the line was followed, without a progression"),
        lost_without=Text("该线的时间可能偏短", "the time on the line may be too short"),
    ),
    Variable(
        "progressed_on",
        Text("该线进展日期", "Progression on this line"),
        "date",
        aliases=(
            "进展日期", "进展时间", "PD日期", "PD时间", "疾病进展日期", "疾病进展时间", "PD date", "PD", "Date of PD", "Progression date", "Date of progression",
            "Progression", "Date of progressive disease",
        ),
        decides=Text("后线 PFS（PFS2）的终点", "the event of later-line PFS (PFS2)"),
        lost_without=Text("PFS2 不可用", "no PFS2"),
    ),
    Variable(
        "stop_reason",
        Text("停药原因", "Reason for stopping"),
        aliases=(
            "终止原因", "停止原因", "停止治疗原因", "终止治疗原因", "结束原因", "Reason for discontinuation", "Discontinuation reason", "Reason stopped",
            "Reason off treatment", "Reason for stop",
        ),
        decides=Text("没有；随治疗保留", "nothing; kept with the line"),
        lost_without=Text("没有", "nothing"),
    ),
    LOCAL_TREATMENT,
    Variable(
        "organ",
        Text("局部治疗器官", "Organ treated"),
        aliases=(
            "局部治疗部位", "治疗部位", "放疗部位", "部位", "手术部位", "器官", "Site", "Treated site", "Site treated", "Treated organ", "RT site", "Site of local treatment",
            "Location",
        ),
        place="organs",
        decides=Text("没有；列于患者页", "nothing; shown on the patient's page"),
        lost_without=Text("没有", "nothing"),
    ),
)  # fmt: skip

_BEST = (
    "最佳总疗效", "最佳总体疗效", "最佳疗效评价", "最佳疗效评估", "最佳总体疗效评估", "最好疗效", "最佳缓解", "最佳反应", "BOR", "Best overall response", "Best response (RECIST)", "Best response by RECIST",
    "Best RECIST response", "BORR", "最佳疗效(RECIST 1.1)", "Best objective response", "Best confirmed response",
)  # fmt: skip
ASSESSMENT_COLUMNS = (
    PATIENT,
    ASSESSED_ON,
    READER,
    Variable(
        "overall_response",
        Text("总体疗效", "Overall response"),
        "level",
        RESPONSES,
        required=True,
        decisive=True,
        aliases=(
            "疗效", "疗效评价", "疗效评估", "总疗效", "总体疗效评价", "总体疗效评估", "总体评价", "总体评估", "疗效评价结果", "疗效分类", "RECIST疗效", "RECIST评价", "RECIST结果",
            "Response", "RECIST", "RECIST response", "RECIST 1.1 response", "Overall RECIST response", "Overall tumor response", "Overall tumour response",
            "Timepoint response", "Tumor response", "Tumour response", "OVRLRESP", "Response category", "Overall response (RECIST)",
        ),
        decides=Text("已有的疗效，用于比较，或代替病灶", "the responses given, for comparison or in place of lesions"),
        lost_without=Text("该行无法使用", "the row cannot be used"),
    ),
    Variable(
        "sum_mm",
        Text("径线总和", "Sum of diameters"),
        "number",
        unit=MILLIMETRES,
        low=0,
        high=2000,
        aliases=("靶病灶径线总和", "sod"),
        decides=Text("与由各行推导的总和核对", "checked against the sum of the rows"),
        lost_without=Text("没有；总和由各行推导", "nothing; sums are derived from the rows"),
    ),
)  # fmt: skip

PROGRESSION_COLUMNS = (
    PATIENT,
    Variable(
        "best_response",
        Text("最佳疗效", "Best response"),
        "level",
        RESPONSES,
        decisive=True,
        aliases=_BEST,
        decides=Text("耐药类型与缓解率", "the type of resistance and response rates"),
        lost_without=Text("较晚进展者无法分类", "late progression cannot be classified"),
    ),
    Variable(
        "progressed_on",
        Text("进展日期", "Date of progression"),
        "date",
        aliases=(
            "进展时间", "首次进展日期", "首次进展时间", "疾病进展日期", "疾病进展时间", "PD日期", "PD时间", "首次PD日期", "PD date", "PD", "Date of PD", "Date of first PD",
            "Progression date", "Date of first progression", "First progression date", "Progression", "PFS date",
        ),
        decides=Text("PFS 的终点，耐药类型", "the event of PFS, and the type of resistance"),
        lost_without=Text("该患者没有进展", "the patient has no progression"),
    ),
    Variable(
        "n_progressing_lesions",
        Text("进展病灶数", "Progressing lesions"),
        "integer",
        low=0,
        high=1000,
        decisive=True,
        aliases=(
            "进展病灶数目", "进展病灶个数", "进展病灶数量", "进展灶数", "进展灶数目", "进展的病灶数", "Number of progressing lesions", "No of progressing lesions",
            "Progressing lesion count", "Number of PD lesions", "PD lesions", "Number of progressive lesions",
        ),
        decides=Text("寡进展还是广泛进展", "oligoprogression or systemic progression"),
        lost_without=Text("没有进展模式", "no pattern of progression"),
    ),
    Variable(
        "progressing_organs",
        Text("进展器官", "Organs of progression"),
        decisive=True,
        aliases=(
            "进展部位", "进展脏器", "进展器官部位", "进展的器官", "首次进展部位", "首次进展器官", "Progressing sites", "Progression sites",
            "Sites of progression", "Site of progression", "PD sites", "PD site", "Progression site", "Progression organs", "Organs progressing",
        ),
        place="organs",
        decides=Text("器官数，新部位还是原有部位", "how many organs, new sites or the same"),
        lost_without=Text("没有部位的分析；按器官的定义不可用", "no analysis of sites, no definition by organs"),
    ),
    Variable(
        "diffuse",
        Text("弥漫", "Diffuse"),
        "boolean",
        decisive=True,
        aliases=("弥漫进展", "弥漫性进展", "是否弥漫", "是否弥漫进展", "Diffuse progression", "Diffuse disease", "Is diffuse"),
        decides=Text("弥漫性进展即广泛进展，不论病灶数", "diffuse progression is systemic at any count"),
        lost_without=Text("只按病灶数判定", "the count alone decides"),
    ),
    Variable(
        "baseline_organs",
        Text("基线转移器官", "Metastatic organs at baseline"),
        decisive=True,
        aliases=(
            "Baseline metastatic organs", "基线转移部位", "基线转移脏器", "基线部位", "基线受累器官", "治疗前转移部位", "初诊转移部位", "Baseline sites", "BL organs", "BL organ", "BL org", "BL sites", "BL site",
            "Baseline metastatic sites", "Metastatic sites at baseline", "Sites of metastasis at baseline", "Sites at baseline", "Baseline metastases",
        ),
        place="organs",
        decides=Text("新部位还是原有部位；脑转移", "new sites or the same; brain metastases"),
        lost_without=Text("与基线相比的部位分析不可用", "no comparison of sites with baseline"),
    ),
)  # fmt: skip
