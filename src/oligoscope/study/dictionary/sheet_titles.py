"""What sheets of a workbook are called that hold a table, besides the table's own name."""

from __future__ import annotations

# The surest first; compared without case, width, spaces and underscores.
SHEET_TITLES: dict[str, tuple[str, ...]] = {
    "patients": (
        "患者基本信息", "基本信息", "患者信息", "病人信息", "患者资料", "基线资料", "基线信息", "基本资料", "临床资料", "人口学", "人口学资料",
        "人口统计学", "一般资料", "受试者", "患者表", "病例", "入组患者", "Demographics", "Demography", "Demographic data", "Patient", "Patient data",
        "Patient info", "Patient information", "Pts", "Subjects", "Subject", "Clinical", "Clinical data", "Baseline", "Baseline characteristics", "DM",
    ),
    "lesions": (
        "病灶信息", "病灶列表", "病灶清单", "病灶表", "病灶登记", "基线病灶", "肿瘤病灶", "靶病灶与非靶病灶", "Lesion", "Lesion list", "Lesion data", "Tumor lesions",
        "Tumour lesions", "Tumors", "Tumours", "Tumor identification", "Tumour identification", "Baseline lesions", "TU",
    ),
    "measurements": (
        "影像测量", "病灶测量", "测量数据", "影像学测量", "影像", "影像资料", "影像评估", "影像学评估", "测量表", "随访影像", "径线", "Measurement", "Scans", "Scan",
        "Imaging", "Lesion measurements", "Tumor measurements", "Tumour measurements", "Tumor assessment", "Tumour assessment", "Tumor assessments", "Radiology", "TR",
    ),
    "treatments": (
        "治疗信息", "治疗方案", "治疗史", "治疗记录", "治疗经过", "用药", "用药记录", "抗肿瘤治疗", "治疗线数", "治疗表", "Treatment", "Tx", "Rx", "Therapy", "Therapies",
        "Lines", "Lines of therapy", "Treatment history", "Regimens", "Drugs", "Medication",
    ),
    "assessments": (
        "评效", "疗效", "疗效评价", "疗效评估", "评效结果", "总体疗效", "RECIST", "RECIST评估", "Response", "Responses", "Assessment", "Response assessment",
        "Tumor response", "Tumour response", "Overall response", "RS",
    ),
    "progressions": ("进展", "进展信息", "首次进展", "疾病进展", "进展情况", "进展记录", "Progression", "PD", "First progression", "Progressive disease"),
}  # fmt: skip
