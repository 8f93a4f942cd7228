"""Headers and words as they stand in public data dictionaries, case report forms and code lists, and what each means.

A block names where its words were found. What a word means was decided by its source, not by what the program reads; a
blank meaning is a column or level that is none of ours, or a word that its source leaves open.
"""

from __future__ import annotations

Block = tuple[
    str, str, dict[str, str]
]  # source; table (of headers), or table.column (of levels); words and their meaning

HEADERS: tuple[Block, ...] = (
    ("cBioPortal, nsclc_tcga_broad_2016 (described in R package ICBioMark)", "patients", {
        "CASE_ID": "patient_id", "AGE": "age_years", "AGE_AT_SURGERY": "", "CANCER_TYPE": "", "MUTATION_COUNT": "", "M_STAGE": "",
        "N_STAGE": "", "T_STAGE": "", "OS_MONTHS": "", "OS_STATUS": "vital_status", "SEX": "sex", "SMOKING_HISTORY": "smoking",
        "SMOKING_PACK_YEARS": "", "STAGE": "stage", "DAYS_TO_DEATH": "", "SOMATIC_STATUS": "", "ONCOTREE_CODE": "",
    }),
    ("NCI Imaging Data Commons, nsclc_radiogenomics_clinical (rsyi/whale-bigquery-public-data)", "patients", {
        "case_id": "patient_id", "age_at_histological_diagnosis": "age_years", "weight_lbs": "", "gender": "sex", "ethnicity": "",
        "smoking_status": "smoking", "pack_years": "", "quit_smoking_year": "", "histology_": "histology", "pathological_t_stage": "",
        "egfr_mutation_status": "", "kras_mutation_status": "", "alk_translocation_status": "", "chemotherapy": "", "radiation": "",
        "recurrence": "", "date_of_recurrence": "", "date_of_last_known_alive": "last_known_alive_on", "survival_status": "vital_status",
        "date_of_death": "died_on", "time_to_death_days": "", "ct_date": "", "pet_date": "",
    }),
    ("GDC clinical variables (yqin05-sudo/tcga-luad-survival-pipeline, variable_dictionary.md)", "patients", {
        "age_at_index": "age_years", "vital_status": "vital_status", "days_to_birth": "", "days_to_last_follow_up": "",
        "ajcc_pathologic_stage": "", "ajcc_pathologic_t": "", "primary_diagnosis": "diagnosis", "tobacco_smoking_status": "smoking",
        "pack_years_smoked": "", "ecog_performance_status": "ecog", "karnofsky_performance_status": "", "has_surgery": "",
        "case_submitter_id": "patient_id", "bcr_patient_barcode": "patient_id",
    }),
    ("AnodeAI/Medical_genomics (columns of the data card)", "patients", {
        "patient_id": "patient_id", "cancer_type": "", "histology": "histology", "stage_at_diagnosis": "stage",
        "driver_mutation": "driver_gene", "pd_l1_tps_percent": "pd_l1_tps", "tmb_mutations_per_mb": "", "age_at_diagnosis": "age_years",
        "sex": "sex", "ecog_performance_status": "ecog", "smoking_pack_years": "", "primary_tumor_size_cm": "", "metastatic_sites_count": "",
        "first_line_regimen": "", "overall_survival_months": "", "censored": "", "msi_status": "",
    }),
    ("R package survival, lung; R package smdi; NVALT-11", "patients", {
        "inst": "", "time": "", "ph.ecog": "ecog", "ph.karno": "", "pat.karno": "", "meal.cal": "", "wt.loss": "", "female_cat": "",
        "pdl1_num": "", "egfr_cat": "", "alk_cat": "", "performance_status": "ecog", "bmi": "", "os_mth": "", "os_event": "",
    }),
    ("Hospital record systems in Chinese (fields ECOG PS评分, KPS评分, 末次随访时间, 死亡时间; public code)", "patients", {
        "患者编号": "patient_id", "病案号": "patient_id", "住院号": "patient_id", "登记号": "patient_id", "受试者编号": "patient_id", "研究编号": "patient_id",
        "性别": "sex", "年龄（岁）": "age_years", "年龄": "age_years", "出生日期": "birth_date", "出生年月日": "birth_date", "吸烟史": "smoking", "是否吸烟": "smoking",
        "有无吸烟史": "smoking", "吸烟指数": "", "年吸烟量": "", "ECOG PS评分": "ecog", "ECOG评分": "ecog", "PS评分": "ecog", "KPS评分": "", "KPS评分（治疗前/后）": "",
        "体力活动水平": "", "NRS评分": "", "病理类型": "histology", "病理分型": "histology", "组织学类型": "histology", "TNM分期": "stage", "临床分期": "stage",
        "癌症分期": "stage", "T分期": "", "N分期": "", "PD-L1（22C3）": "pd_l1", "PD-L1表达": "pd_l1", "PD-L1 TPS（%）": "pd_l1_tps", "PD-L1 CPS": "",
        "Ki-67(%)": "", "驱动基因状态": "driver_gene", "基因检测结果": "driver_gene", "首次给药日期": "treatment_started_on", "末次用药日期": "last_dose_on",
        "治疗开始时间": "treatment_started_on", "死亡时间": "died_on", "死亡日期": "died_on", "末次随访时间": "last_known_alive_on",
        "末次随访日期": "last_known_alive_on", "最后随访时间": "last_known_alive_on", "生存状态": "vital_status", "是否复发": "", "复发日期": "", "观察日期": "", "诊断日期": "",
        "入院时间": "", "出院时间": "", "住院天数": "", "身高": "", "体重": "", "家族肺癌史": "", "科室": "", "病区": "", "序号": "", "糖尿病病程（年）": "",
    }),
    ("A workbook as departments keep it (headers in short English)", "patients", {
        "Pt ID": "patient_id", "Gender": "sex", "DOB": "birth_date", "Age at C1D1": "age_years", "Smoker": "smoking", "PS": "ecog", "Histo": "histology",
        "AJCC 8 stage": "stage", "Brain mets at dx": "brain_metastasis", "TPS": "pd_l1_tps", "EGFR/ALK/ROS1": "driver_gene", "C1D1": "treatment_started_on",
        "Last IO dose": "last_dose_on", "Status": "vital_status", "Date of death": "died_on", "Last FU": "last_known_alive_on",
        "Date of last follow-up": "last_known_alive_on", "Date of last contact": "last_known_alive_on", "Comment": "", "KPS": "", "BMI": "", "Race": "",
        "MRN": "patient_id", "Subject": "patient_id",
    }),
    ("RECIST forms in Chinese (EDC lesion schema; structured report RECIST 1.1; public code)", "lesions", {
        "病灶编号": "lesion_id", "靶病灶编号": "", "病灶部位": "organ", "部位": "organ", "位置": "organ", "病灶类型": "role", "靶/非靶": "role", "淋巴结分站": "station",
        "是否为淋巴结": "is_node", "是否原发灶": "is_primary", "侧别": "side", "备注": "", "描述": "", "骨转移类型": "bone_kind",
    }),
    ("RECIST sheets in English (tidy lesion tables; SDTM TU)", "lesions", {
        "Lesion #": "lesion_id", "Lesion No.": "lesion_id", "Lesion ID": "lesion_id", "Type": "role", "Lesion type": "role", "Location": "organ", "Site": "organ",
        "Anatomical site": "organ", "LN station": "station", "Primary?": "is_primary", "Laterality": "side", "TULOC": "organ", "Comment": "", "TUTESTCD": "",
    }),
    ("Nodule and lesion measurements in Chinese (Zhujiang-Xinqiao schema; RECIST forms)", "measurements", {
        "检查日期": "assessed_on", "检查时间": "assessed_on", "评估日期": "assessed_on", "长径(mm)": "diameter_mm", "长径（mm）": "diameter_mm", "最长径": "diameter_mm",
        "径线（mm）": "diameter_mm", "长径(mm)/淋巴结短径": "diameter_mm", "长径": "diameter_mm", "体积(mm³)": "", "层厚(mm)": "slice_mm", "检查方法": "modality",
        "检查类型": "modality", "测量方法": "modality", "病灶状态": "state", "密度类型": "", "平均CT值(HU)": "", "靶病灶直径总和(mm)": "", "变化百分比(%)": "",
        "基线测量日期": "", "评估医师": "reader", "下次随访日期": "",
    }),
    ("RECIST sheets in English (tidy tables; French RECIST form; SDTM TR)", "measurements", {
        "Scan date": "assessed_on", "Date of scan": "assessed_on", "Size (mm)": "diameter_mm", "Longest diameter (mm)": "diameter_mm", "Diameter, mm": "diameter_mm",
        "Modality": "modality", "Method of evaluation": "modality", "Slice thickness (mm)": "slice_mm", "Lesion status": "state", "Radiologist": "reader",
        "RCTLSUM": "", "RCTLMIN": "", "Sum of longest diameters (mm)": "", "Visit": "", "TRDTC": "assessed_on", "LDIAM": "diameter_mm", "Assessor": "reader",
    }),
    ("Treatment tables (trial matching in Chinese; GENIE BPC vignette; hospital workbook)", "treatments", {
        "治疗线数": "line", "线数": "line", "治疗方案": "regimen", "方案": "regimen", "开始日期": "started_on", "治疗开始时间": "started_on", "停药日期": "ended_on",
        "结束时间": "ended_on", "进展日期": "progressed_on", "停药原因": "stop_reason", "局部治疗": "modality", "局部治疗部位": "organ", "Line": "line",
        "line_of_therapy": "line", "Regimen": "regimen", "regimen_drugs": "regimen", "Start": "started_on", "Stop": "ended_on", "PD date": "progressed_on",
        "RT/Surg": "modality", "Site": "organ", "number_of_cycles": "", "dose_reduction": "", "周期数": "", "疗效": "",
    }),
    ("Response tables (lung cancer quality form in Chinese; SDTM RS)", "assessments", {
        "总疗效": "overall_response", "疗效评价": "overall_response", "总体疗效评估": "overall_response", "疗效分类": "overall_response",
        "Overall response": "overall_response", "RECIST": "overall_response", "新病灶": "", "靶病灶评估": "", "评估时间": "assessed_on", "Evaluator": "reader",
    }),
)  # fmt: skip

LEVELS: tuple[Block, ...] = (
    ("CDISC SEX; ACR lung screening registry; hospital tables", "patients.sex", {
        "M": "male", "F": "female", "男性": "male", "女性": "female", "男": "male", "女": "female", "Male": "male", "FEMALE": "female", "U": "", "O": "", "1": "",
        "2": "", "Other": "", "UNDIFFERENTIATED": "", "不详": "",
    }),
    ("dafangs/notes clinical columns; Frank-LSY/LungCancerModel; GDC tobacco_smoking_status; onconova; UK Biobank 20116", "patients.smoking", {
        "Current": "ever", "Never": "never", "Ex": "ever", "Former": "ever", "从不": "never", "已戒烟": "ever", "目前吸烟": "ever", "不吸烟": "never", "有": "ever",
        "无": "never", "是": "ever", "否": "never", "吸烟": "ever", "已戒": "ever", "否认吸烟史": "never", "Lifelong Non-smoker": "never", "Ex-smoker": "ever",
        "Smoker": "ever", "Never smoked tobacco": "never", "Previous": "ever", "formerly smoked": "ever", "never smoked": "never", "smokes": "ever",
        "Current Reformed Smoker for > 15 yrs": "ever", "Tobacco smoking consumption unknown": "", "被动吸烟": "", "Unknown": "", "1": "", "0": "",
        "已戒烟超过一年": "ever", "仍在吸烟，或戒烟不超过一年": "ever", "Smokes tobacco daily": "ever", "Heavy tobacco smoker": "ever", "没有": "never",
    }),
    ("ECOG as written in records and trial listings", "patients.ecog", {
        "PS 1": "1", "ECOG 0": "0", "ECOG PS 2": "2", "PS评分1分": "1", "ECOG评分0分": "0", "ECOG 0-1": "", "0-1分": "", "KPS 80": "", "WHO1": "1", "ECOG=1": "1",
    }),
    ("AnodeAI/Medical_genomics; TCGA LUAD/LUSC; RECIST workbook; public Chinese pathology code lists", "patients.histology", {
        "Adenocarcinoma": "adenocarcinoma", "Squamous cell carcinoma": "squamous", "Large cell carcinoma": "other", "腺癌": "adenocarcinoma", "鳞癌": "squamous",
        "鳞状细胞癌": "squamous", "鳞状细胞癌(SCC)": "squamous", "肺腺癌": "adenocarcinoma", "肺鳞癌": "squamous", "腺鳞癌": "other", "SCC": "squamous",
        "Squamous cell ca": "squamous", "Adeno": "adenocarcinoma", "ADC": "adenocarcinoma", "LUAD": "adenocarcinoma", "LUSC": "squamous", "SqCC": "squamous",
        "adenosquamous_carcinoma": "other", "squamous-cell_carcinoma": "squamous", "小细胞癌": "", "NSCLC": "", "非鳞癌": "", "Non-small cell lung cancer": "",
        "大细胞癌": "other", "其他": "other", "未知": "", "NSCLC NOS": "other", "浸润性腺癌": "adenocarcinoma", "Unknown": "",
    }),
    ("AJCC stages as written (Chinese guideline for stage IV lung cancer; workbook; AnodeAI)", "patients.stage", {
        "Ⅳ期": "IV", "IV期": "IV", "IVA期": "IVA", "ⅣA期": "IVA", "Stage IV": "IV", "IIIB": "IIIB", "Stage IIIC": "IIIC", "4期": "IV", "IVB": "IVB", "ⅢB期": "IIIB",
        "III期": "III", "Stage 3B": "IIIB", "cIVA期": "IVA", "IIIB-IV期": "", "晚期": "", "M1b": "", "4": "", "局部晚期": "", "Stage IIIB/IV": "", "IV": "IV", "Ⅲ": "III",
    }),
    ("PD-L1 classes (Chinese retrospective cohort, PD-L1 high, low, negative; PD-L1 trial tables)", "patients.pd_l1", {
        "<1%": "<1%", "＜1%": "<1%", "阴性（<1%）": "<1%", "1-49%": "1-49%", "1%~49%": "1-49%", "1%–49%": "1-49%", "≥50%": ">=50%", ">=50%": ">=50%", "高表达": ">=50%",
        "低表达": "1-49%", "阴性": "<1%", "TPS≥50%": ">=50%", "60%": ">=50%", "TPS 30%": "1-49%", ">50%": "", "阳性": "", "≥1%": "", "未检测": "", "1%-5%": "1-49%",
        "5%-10%": "1-49%", "80%": ">=50%",
    }),
    ("Driver genes (AnodeAI; trial matching in Chinese; FLAURA and others in trial tables)", "patients.driver_gene", {
        "EGFR 19del": "positive", "阳性（EGFR 19del）": "positive", "EGFR L858R": "positive", "ALK fusion": "positive", "ROS1 fusion": "positive", "ALK+": "positive",
        "EGFR+": "positive", "EGFR-/ALK-": "negative", "EGFR/ALK 阴性": "negative", "WT": "negative", "野生型": "negative", "Wild-type": "negative", "阴性": "negative",
        "阳性": "positive", "突变": "positive", "未检测": "unknown", "未知": "unknown", "unk": "unknown", "KRAS G12C": "", "KRAS": "", "None (PD-L1 high)": "", "None": "",
        "EGFR 19 del": "positive", "EGFR 19号外显子缺失": "positive", "EGFR exon 19 deletion": "positive", "EGFR突变阳性": "positive", "EGFR+/ALK-": "positive",
        "ND": "", "MET amplification": "", "BRAF V600E": "", "EGFR T790M": "", "无": "", "EGFR WT": "", "待检": "", "不确定": "", "Mutation + (Exon 19 or L858R)": "positive",
    }),
    ("Vital status (GDC; cBioPortal OS_STATUS; Zhujiang-Xinqiao schema; workbook A/D)", "patients.vital_status", {
        "Alive": "alive", "Dead": "dead", "1:DECEASED": "dead", "0:LIVING": "alive", "存活": "alive", "死亡": "dead", "失访": "lost", "A": "alive", "D": "dead",
        "Not Reported": "", "1": "", "健在": "alive", "Lost to Follow-up": "lost", "已死亡": "dead", "Unknown": "",
    }),
    ("Lesion roles (RECIST forms zh; SDTM TUMIDENT; workbook T/NT)", "lesions.role", {
        "靶病灶": "target", "非靶病灶": "non_target", "新发病灶": "new", "新病灶": "new", "靶": "target", "非靶": "non_target", "TARGET": "target", "NON-TARGET": "non_target",
        "NEW": "new", "T": "target", "NT": "non_target", "Target Lesions": "target", "Non-Target Lesions": "non_target", "LN": "", "新发靶病灶": "", "1": "", "目标病灶": "target",
        "非目标病灶": "non_target", "BENIGN": "",
    }),
    ("Lesion states (Chinese EDC: 消失, 持续存在, 进展; SDTM TR; vs_prior of the nodule schema; workbook)", "measurements.state", {
        "消失": "absent", "持续存在": "present", "进展": "unequivocal_progression", "无变化": "present", "增大": "increased", "缩小": "present", "gone": "absent",
        "TSTM": "too_small", "PD": "unequivocal_progression", "larger": "increased", "NE": "not_evaluated", "PRESENT": "present", "ABSENT": "absent",
        "UNEQUIVOCAL PROGRESSION": "unequivocal_progression", "Too small to measure": "too_small", "融合": "merged", "分裂": "split", "未评估": "not_evaluated",
        "过小": "too_small", "无法评估": "not_evaluated", "not done": "not_evaluated", "新发": "", "CR": "", "PATHOLOGICAL": "", "不详": "",
    }),
    ("Imaging methods (structured report zh: CT, MR, PET-CT; nodule schema: 胸片; SDTM; RECIST 1.1)", "measurements.modality", {
        "CT": "ct", "MR": "mri", "PET-CT": "fdg_pet", "PET/CT": "fdg_pet", "MRI": "mri", "胸片": "xray", "增强CT": "ct", "磁共振": "mri", "CT SCAN": "ct", "X-RAY": "xray",
        "超声": "", "骨扫描": "", "Ultrasound": "", "体格检查": "clinical", "Spiral CT": "ct", "平扫": "", "SPECT": "",
    }),
    ("Regimens (AnodeAI; Chinese systemic-treatment code list; GENIE drugs; guideline for stage IV lung cancer)", "treatments.regimen", {
        "化疗": "chemo", "免疫治疗": "io", "免疫联合化疗": "chemo_io", "免疫治疗联合化疗": "chemo_io", "免疫联合含铂双药化疗": "chemo_io", "双免治疗": "", "最佳支持治疗": "",
        "carboplatin + paclitaxel + pembrolizumab": "chemo_io", "帕博利珠单抗+培美曲塞+卡铂": "chemo_io", "信迪利单抗+培美曲塞+顺铂": "chemo_io", "靶向治疗": "targeted",
        "卡瑞利珠单抗联合白蛋白紫杉醇+卡铂": "chemo_io", "替雷利珠单抗": "io", "贝伐珠单抗+化疗+免疫": "chemo_io_antiangiogenic", "安罗替尼": "", "奥希替尼": "targeted",
        "Chemo-IO": "chemo_io", "Chemo-IO-bev": "chemo_io_antiangiogenic", "IO mono": "io", "TKI": "targeted", "化免": "chemo_io", "pembrolizumab 200 mg q3w": "",
        "多西他赛": "chemo", "吉西他滨+顺铂": "chemo", "纳武利尤单抗": "io", "靶向": "targeted", "免疫": "io", "放疗": "", "中药": "", "T-DXd": "", "Docetaxel": "chemo",
        "Atezolizumab + Bevacizumab + Carboplatin + Paclitaxel": "chemo_io_antiangiogenic", "Bevacizumab + Carboplatin": "", "Erlotinib": "targeted",
        "Cisplatin + Gemcitabine": "chemo", "Nivolumab/Ipilimumab": "io", "alectinib 600 mg BID": "", "恩度+化疗+PD-1": "chemo_io_antiangiogenic",
    }),
    ("Lines (structured report zh: 一线 1L 二线 2L 三线及以上 3L+; GENIE)", "treatments.line", {
        "一线": "1", "1L": "1", "二线": "2", "2L": "2", "三线及以上": "", "3L+": "", "First Line": "1", "Second Line": "2", "第一线": "1", "一线治疗": "1", "后线": "",
    }),
    ("Local treatments (workbook; nodule schema; radiotherapy terms)", "treatments.modality", {
        "SBRT": "radiotherapy", "Surg": "surgery", "RFA": "ablation", "放疗": "radiotherapy", "手术": "surgery", "消融": "ablation", "全脑放疗": "radiotherapy",
        "伽马刀": "radiotherapy", "微波消融": "ablation", "WBRT": "radiotherapy", "3DCRT": "radiotherapy", "TACE": "", "化疗": "", "粒子植入": "radiotherapy",
    }),
    ("Responses (structured report zh; RECIST guideline zh; odoo medical history; DICOM CID 6144)", "assessments.overall_response", {
        "完全缓解 CR": "CR", "部分缓解 PR": "PR", "疾病稳定 SD": "SD", "疾病进展 PD": "PD", "无法评估 NE": "NE", "完全缓解": "CR", "部分缓解": "PR", "疾病稳定": "SD", "疾病进展": "PD",
        "complete response (CR)": "CR", "partial response (PR)": "PR", "stable disease (SD)": "SD", "progressive disease (PD)": "PD", "not evaluable (NE)": "NE",
        "Stable": "SD", "Progressive Disease": "PD", "Non-CR/Non-PD": "NON_CR_NON_PD", "PR/SD": "", "uPR": "", "Response": "", "稳定": "SD", "MR": "", "CR?": "",
        "Partial": "PR", "Complete": "CR",
    }),
)  # fmt: skip

YES_NO: tuple[str, dict[str, bool | None]] = (
    "Chinese forms and REDCap yes/no fields",
    {"是": True, "否": False, "有": True, "无": False, "Yes": True, "No": False, "Y": True, "N": False, "1": True, "0": False, "√": True, "不详": None, "U": None},
)  # fmt: skip
