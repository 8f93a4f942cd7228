"""Words of public sources that were judged before anybody looked at what the program reads: places, levels and headers.

The sources are others than those of gathered_words and place_samples; and no word of theirs is here.
A place is its organ, and then its station, side, lobe or diffuse kind. A meaning that ends with `?` may also be asked, a blank one
must be: the words mean more than one thing, or none of ours.
"""

from __future__ import annotations

Block = tuple[str, str, dict[str, str]]  # source; table or table.column; words and their meaning

PLACES: tuple[Block, ...] = (
    ("CTEP/AdEERS anatomic sites (tolven CTOM, Diagnosis entity)", "", {
        "Lymph Node, Axilla": "lymph_node axillary", "Lymph Node, Brachial": "lymph_node axillary", "Lymph Node, Cervical": "lymph_node cervical",
        "Lymph Node, Epitrochlear": "lymph_node epitrochlear", "Lymph Node, Femoral": "lymph_node femoral", "Lymph Node, Hilar": "lymph_node 10",
        "Lymph Node, Iliac": "lymph_node iliac", "Lymph Node, Inguinal": "lymph_node inguinal", "Lymph Node, Internal Mammary": "lymph_node internal_mammary",
        "Lymph Node, Mesenteric": "lymph_node mesenteric", "Lymph Node, Mid-Pelvis": "lymph_node pelvic", "Lymph Node, Neck": "lymph_node cervical",
        "Lymph Node, Occipital": "lymph_node cervical", "Lymph Node, Paraaortic": "lymph_node para_aortic", "Lymph Node, Pelvis": "lymph_node pelvic",
        "Lymph Node, Periauricular": "lymph_node parotid", "Lymph Node, Popliteal": "lymph_node popliteal", "Lymph Node, Retroperitoneal": "lymph_node retroperitoneal",
        "Lymph Node(s), Subclavian": "lymph_node infraclavicular", "Lymph Node, Submental": "lymph_node submandibular", "Lymph Node, Supraclavicular": "lymph_node 1",
        "Iliac Bone": "bone", "Spine, Cervical": "bone", "Spine, Thoracic": "bone", "Spine, Sacral": "bone", "Cerebellum": "brain", "Brainstem": "brain",
        "Cerebrum": "brain", "Peripheral Blood": "", "Ulna": "bone", "Sigmoid Colon": "bowel", "Jejunum": "bowel", "Bile Duct": "gallbladder", "Eye, Orbit": "eye?",
        "Sinuses": "head_neck?", "Throat": "head_neck", "Back": "", "Feet": "", "Muscle, Upper Extremity Proximal": "soft_tissue?", "Hilum": "",
        "Lung, Anterior Left Lower Lobe": "lung left LLL", "Lung, Posterior Right Middle Lobe": "lung right RML", "Lung, Anterior Right Upper Lobe": "lung right RUL",
        "Ear, External": "head_neck?",
    }),
    ("ICD-O-3 topography (GDC and registry code lists)", "", {
        "Upper lobe, lung": "lung", "Middle lobe, lung": "lung right RML", "Lower lobe, lung": "lung", "Main bronchus": "lung?", "Overlapping lesion of lung": "lung?",
        "Lung, NOS": "lung", "Lymph nodes of head, face and neck": "lymph_node cervical", "Intrathoracic lymph nodes": "lymph_node thoracic",
        "Intra-abdominal lymph nodes": "lymph_node abdominal", "Lymph nodes of axilla or arm": "lymph_node axillary",
        "Lymph nodes of inguinal region or leg": "lymph_node inguinal", "Pelvic lymph nodes": "lymph_node pelvic", "Lymph nodes of multiple regions": "lymph_node",
        "Lymph node, NOS": "lymph_node", "Brain, NOS": "brain", "Frontal lobe": "brain", "Temporal lobe": "brain", "Parietal lobe": "brain", "Occipital lobe": "brain",
        "Cerebral meninges": "brain leptomeningeal?", "Spinal meninges": "brain?", "Vertebral column": "bone", "Rib, sternum, clavicle and associated joints": "bone?",
        "Pelvic bones, sacrum, coccyx and associated joints": "bone?", "Long bones of lower limb and associated joints": "bone?", "Cortex of adrenal gland": "adrenal",
        "Adrenal gland, NOS": "adrenal", "Anterior mediastinum": "mediastinum", "Pleura, NOS": "pleura",
        "Connective, subcutaneous and other soft tissues of thorax": "soft_tissue?", "Skin of trunk": "skin", "Renal pelvis": "kidney", "Body of stomach": "stomach",
        "Head of pancreas": "pancreas", "Intrahepatic bile duct": "gallbladder?", "Specified parts of peritoneum": "peritoneum", "Unknown primary site": "",
        "Cauda equina": "spinal_cord?", "Parotid gland": "head_neck",
    }),
    ("Metastatic sites of TCGA melanoma (script that groups them)", "", {
        "left groin lymph node": "lymph_node inguinal left", "lymph node, pericardial": "lymph_node pericardial", "periaortic lymph nodes": "lymph_node para_aortic",
        "posterior skull": "bone", "left upper lung lobe": "lung left LUL", "lll lung": "lung left LLL", "soft tissue, right axilla": "soft_tissue right?",
        "back, soft tissue": "soft_tissue?", "right thigh (subcutaneous tissue)": "soft_tissue right?", "small intestine": "bowel", "ileum (serosa)": "bowel?",
        "peritoneal tumor": "peritoneum", "abdominal wall": "soft_tissue?", "left buttock mass": "soft_tissue left?", "spinal cord": "spinal_cord",
        "parotid": "head_neck", "right flank": "", "left adnexa/ pelvic side wall": "", "lymphnode": "lymph_node",
    }),
    ("Regions of Chest ImaGenome", "", {
        "right apical zone": "lung right?", "left lower lung zone": "lung left?", "right mid lung zone": "lung right?", "right hilar structures": "",
        "right costophrenic angle": "pleura right?", "cardiac silhouette": "heart?", "upper mediastinum": "mediastinum", "left clavicle": "bone left",
        "carina": "trachea?", "svc": "", "left hemidiaphragm": "diaphragm left",
    }),
    ("Classes of TotalSegmentator", "", {
        "lung_upper_lobe_left": "lung left LUL", "lung_middle_lobe_right": "lung right RML", "vertebrae_L1": "bone", "vertebrae_T12": "bone", "rib_left_4": "bone left",
        "hip_left": "bone left?", "scapula_right": "bone right", "clavicula_left": "bone left", "adrenal_gland_right": "adrenal right", "urinary_bladder": "bladder",
        "costal_cartilages": "bone?", "iliopsoas_left": "soft_tissue left?", "portal_vein_and_splenic_vein": "", "heart_atrium_left": "heart left?",
        "spinal_canal": "spinal_cord?",
    }),
    ("AAPM TG-263 structure names", "", {
        "LN_Sclav_L": "lymph_node left?", "LN_IMN_R": "lymph_node internal_mammary right?", "Bone_Ilium_L": "bone left", "Bone_Mandible": "bone",
        "Lung_R": "lung right", "Glnd_Adrenal_L": "adrenal left?", "Femur_Head_R": "bone right", "VB_T08": "bone?",
    }),
    ("RadLex-like lexicon of radiology reports", "", {
        "Left interlobar lymph node": "lymph_node 11L left", "Right hilar lymph node": "lymph_node 10R right", "Solitary pulmonary nodule": "lung",
        "Ground glass nodule": "lung?", "Lung mass": "lung", "Parenchymal mass": "lung?", "Pleural-based mass": "pleura?", "Pleural fluid": "pleura malignant_effusion",
        "Pleural collection": "pleura?", "Pleural plaque": "pleura?", "Mediastinal mass": "mediastinum", "Enlarged lymph node": "lymph_node",
        "Lymphadenopathy": "lymph_node", "Consolidation": "",
    }),
    ("Form of target and non-target lesions in an EDC (KN046 checks, in Chinese)", "", {
        "CNS(脑/脊柱/眼)": "", "皮肤/软组织": "", "结直肠": "bowel", "支气管淋巴结": "lymph_node peribronchial", "隆突下淋巴结转移": "lymph_node 7", "前斜角肌淋巴结": "lymph_node 1",
        "锁骨上区淋巴结": "lymph_node 1", "局部/区域/分段淋巴结": "lymph_node", "远处转移淋巴结": "lymph_node distant", "胸膜/胸腔渗出液": "pleura?", "头颈部(包括鼻咽喉，气管)": "head_neck?",
        "纵膈淋巴结": "lymph_node mediastinal",
    }),
    ("Value list of brain metastases and treatments in Chinese records (synthetic records generator)", "", {
        "脑继发恶性肿瘤": "brain", "大脑半球转移": "brain", "丘脑转移": "brain", "小脑转移": "brain", "脑干转移": "brain", "无脑转": "", "切肺": "", "门静脉主干癌栓": "",
    }),
    ("Sites in the tests of a consultation program for NSCLC (nsclc_agent, in Chinese)", "", {
        "双侧肾上腺转移": "adrenal both", "单发肝转移": "liver", "可疑骨转移": "bone?", "肝转移？": "liver?", "无骨转移": "", "肝、骨多发转移": "", "双肺多发转移结节": "lung both",
        "左侧胸腔积液": "pleura left malignant_effusion", "胸水找到腺癌细胞": "pleura?", "左肾上腺及多发骨转移": "", "肾上腺结节，性质待定": "adrenal?", "骨扫描阴性": "", "肝脏未见转移": "",
        "solitary adrenal metastasis": "adrenal", "no liver metastases": "",
    }),
    ("Findings of chest CT in Chinese (report splitting, case reports)", "", {
        "右侧第4、6肋": "bone right", "第10-12胸椎": "bone", "第1腰椎": "bone", "左侧第3、9肋": "bone left", "右上气管旁": "lymph_node 2R right?", "左下气管旁": "lymph_node 4L left?",
        "胸9椎体": "bone", "右侧第9肋骨": "bone right", "右侧颞叶": "brain right", "右小脑": "brain right", "双侧髋臼": "bone both", "双侧髂骨": "bone both", "右肺尖": "lung right",
        "左肺门淋巴结": "lymph_node 10L left", "右叶间淋巴结": "lymph_node 11R right", "4R组纵隔淋巴结": "lymph_node 4R", "7组隆突下淋巴结": "lymph_node 7", "肝S6段": "liver", "肝S8段": "liver",
        "左肺门": "", "肝胃间隙淋巴结": "lymph_node hepatic", "腹主动脉旁淋巴结": "lymph_node para_aortic", "髂总动脉旁淋巴结": "lymph_node iliac", "腹股沟区淋巴结": "lymph_node inguinal",
        "皮下软组织": "soft_tissue", "颈旁": "", "胃窦部": "stomach", "右侧输尿管下段": "bladder right?", "腹腔局部网膜": "peritoneum?",
    }),
    ("Body parts of X-ray examinations in Chinese (classification script)", "", {
        "骶尾椎": "bone", "骶髂关节": "bone?", "颅脑": "brain?", "肩部": "", "跟骨": "bone", "上臂": "", "乳房": "breast", "颜面": "",
    }),
    ("ICD-10 in Chinese (mapping of diagnoses; discharge letters)", "", {
        "肺继发恶性肿瘤": "lung", "淋巴结继发恶性肿瘤": "lymph_node", "骨继发恶性肿瘤": "bone", "纵隔淋巴结继发恶性肿瘤": "lymph_node mediastinal", "肺门淋巴结继发恶性肿瘤": "lymph_node 10",
        "颈部淋巴结继发恶性肿瘤": "lymph_node cervical", "气管继发恶性肿瘤": "trachea", "左肺上叶恶性肿瘤": "lung left LUL", "恶性胸腔积液": "pleura malignant_effusion",
    }),
    ("ICD-10 C77 to C79 in English", "", {
        "Secondary malignant neoplasm of brain and cerebral meninges": "brain?", "Secondary malignant neoplasm of bone and bone marrow": "bone?",
        "Secondary malignant neoplasm of adrenal gland": "adrenal", "Secondary malignant neoplasm of liver and intrahepatic bile duct": "liver?",
        "Secondary malignant neoplasm of skin": "skin", "Secondary malignant neoplasm of right adrenal gland": "adrenal right",
        "Secondary malignant neoplasm of retroperitoneum and peritoneum": "peritoneum?", "Malignant neoplasm of upper lobe, right bronchus or lung": "lung right RUL?",
        "Secondary and unspecified malignant neoplasm of intrathoracic lymph nodes": "lymph_node thoracic", "Secondary malignant neoplasm of unspecified site": "",
    }),
    ("OncoTree tissues and biopsy sites", "", {
        "CNS/Brain": "brain?", "Bladder/Urinary Tract": "bladder?", "Esophagus/Stomach": "", "Ovary/Fallopian Tube": "ovary?", "Biliary Tract": "gallbladder",
        "Lymphoid": "", "Myeloid": "", "ADRENAL_GLAND": "adrenal", "Head and Neck": "head_neck", "Lymph node (distant)": "lymph_node distant",
    }),
    ("RECIST trackers and CT reports in English", "", {
        "Right Upper Lobe Mass": "lung right RUL", "Mediastinal Subcarinal Lymph Node": "lymph_node 7", "Left Segment 6 Hepatic Met": "liver left?",
        "conglomerate mediastinal lymph nodes": "lymph_node mediastinal", "left cervical lymph nodes level III": "lymph_node cervical left",
        "L. Supraclavicular LN": "lymph_node 1L left", "Lumbar LN": "lymph_node", "Gastric LN": "lymph_node perigastric", "hepatic segment VIII": "liver",
        "liver segment IVb": "liver", "Structure of retrocrural lymph node": "lymph_node retrocrural", "right lower tracheal region": "",
        "mild pericardial thickening/effusion": "pericardium?", "trace amount of right pleural effusion": "pleura right?",
    }),
    ("TNM words in Chinese staging programs", "", {
        "对侧肺叶内孤立性癌结节": "lung?", "胸膜播散": "pleura", "心包结节": "pericardium", "对侧肺内结节": "lung?", "恶性心包积液": "pericardium malignant_effusion", "癌栓": "", "胸壁肿物": "chest_wall",
        "肋骨肿物": "bone", "纵隔肿瘤": "mediastinum", "食管肿物": "oesophagus", "软组织占位": "soft_tissue", "骨质破坏": "bone?", "单一肺外器官": "",
    }),
    ("Words of reports made alike for staging (lung TNM program in English)", "", {
        "hepatic metastasis": "liver", "osseous structures": "bone?", "osseous disease": "bone", "osseous involvement": "bone", "skeletal metastasis": "bone",
        "bony metastasis": "bone", "cerebral metastases": "brain", "intracranial metastasis": "brain", "adrenal gland metastasis": "adrenal",
        "renal metastasis": "kidney", "contralateral pulmonary nodule": "lung", "contralateral lobe nodule": "lung?", "opposite lung nodule": "lung?",
        "other lung": "lung?", "pleural carcinomatosis": "pleura?", "pleural implants": "pleura", "pleural studding": "pleura?", "pericardial implants": "pericardium",
        "extrapulmonary spread": "", "distant metastasis": "", "satellite nodule": "lung?", "intrapulmonary metastasis": "lung", "lymph nodes negative": "lymph_node?",
    }),
    ("Organs of a RECIST tracker (in Chinese and English)", "", {
        "左肺": "lung left", "右肾": "kidney right", "右肾上腺": "adrenal right", "左乳": "breast left", "right testicle": "testis right", "颈淋巴结": "lymph_node cervical",
        "腋下淋巴结": "lymph_node axillary", "inguinal lymph nodes": "lymph_node inguinal", "未填写器官": "",
    }),
    ("Atlas of bronchi and nodes for bronchoscopy (in Chinese)", "", {
        "主气管 (隆突前)": "trachea?", "右主支气管": "lung right?", "左上叶支气管": "lung left LUL?", "中间支气管": "lung?", "右上叶尖段 (B1)": "lung right RUL?",
        "右中叶外侧段 (B4)": "lung right RML?", "左上叶尖后段 (B1+2)": "lung left LUL?", "舌叶上段 (B4)": "lung left?", "左下叶前内基底段 (B7+8)": "lung left LLL?",
        "右上纵隔淋巴结": "lymph_node mediastinal right", "左上气管旁淋巴结": "lymph_node 2L left", "右下气管旁淋巴结 (金标准)": "lymph_node 4R", "隆突下淋巴结 (高危反应站)": "lymph_node 7",
        "左叶间淋巴结": "lymph_node 11L left", "右叶支气管淋巴结": "lymph_node 12R right",
    }),
    ("PET-CT reports and case notes (in Chinese)", "", {
        "双侧锁骨区淋巴结": "lymph_node both", "双侧腋窝淋巴结": "lymph_node axillary both", "心膈角": "", "双侧肺门": "", "胰腺后淋巴结": "lymph_node peripancreatic",
        "腹主动脉旁多发肿大淋巴结": "lymph_node para_aortic", "脊柱多个椎体及附件": "bone", "部分肋骨": "bone", "T11-T12椎体及腰大肌": "", "双肺转移灶": "lung both", "右上肺肿块": "lung right RUL",
        "纵隔多站淋巴结肿大": "lymph_node mediastinal", "左肾上腺": "adrenal left", "右额叶单发转移灶": "brain right", "左肺上叶尖后段-下叶背段肿块": "lung left?", "右侧股骨下端": "bone right",
        "左侧胫骨": "bone left", "双侧颈血管鞘旁淋巴结": "lymph_node cervical both", "前纵隔": "mediastinum", "左侧肾上腺结合部": "adrenal left", "颅骨及脊柱多发": "bone?", "第5前肋": "bone",
        "右侧髂骨翼": "bone right", "左侧坐骨支": "bone left?", "肝右后叶": "liver", "S6段肝": "liver?", "下腔静脉旁淋巴结": "lymph_node paracaval", "肝门区淋巴结": "lymph_node porta_hepatis",
        "脾门淋巴结": "lymph_node splenic", "大网膜结节": "peritoneum", "盆底腹膜": "peritoneum?", "右侧臀大肌": "soft_tissue right", "左侧腋窝": "", "右颈根部": "",
    }),
    ("Sentences of radiology reports (English test set)", "", {
        "Definite left adrenal metastasis 15 mm.": "adrenal left?", "Left renal cyst": "kidney left?", "Bilateral pleural effusions, larger on the left.": "pleura?",
        "suspicious supraclavicular lymphadenopathy": "lymph_node", "multiple bilateral pulmonary nodules": "lung both", "lingular bronchus": "lung left lingula",
        "left upper lobe pulmonary nodule": "lung left LUL", "mediastinal and hilar adenopathy": "lymph_node 10/mediastinal",
        "Endobronchial soft-tissue lesion": "lung?",
    }),
)  # fmt: skip

LEVELS: tuple[Block, ...] = (
    ("Registries and hospital tables", "patients.sex", {
        "Woman": "female", "Intersex": "", "Not Reported": "", "雄性": "", "未知": "",
    }),
    ("TCGA tobacco_smoking_history (several scripts)", "patients.smoking", {
        "Lifelong non-smoker (<100 cigarettes smoked in lifetime)": "never", "Current reformed smoker for > 15 years": "ever",
        "Current reformed smoker for < or = 15 years": "ever", "Current reformed smoker, duration not specified": "ever",
        "Current smoker (includes daily smokers non-daily/occasional smokers)": "ever", "Smoking history not documented": "",
    }),
    ("Stroke data set of Kaggle; synthetic notes; MSK-CHORD", "patients.smoking", {
        "Former/Current Smoker": "ever", "Denies tobacco use.": "never?", "Never-smoker.": "never", "Have Smoked": "ever", "20 pack-years": "ever?",
    }),
    ("Hospital tables in Chinese (COPD schema, admission records)", "patients.smoking", {
        "吸烟中": "ever", "戒烟": "ever", "无吸烟史": "never", "有吸烟史": "ever", "吸烟史40年": "ever?", "戒烟5年": "ever", "偶尔吸烟": "ever?", "重度吸烟": "ever?",
    }),
    ("Records, trial matching", "patients.ecog", {
        "PS0分": "0", "ECOG 1": "1", "ECOG PS: 3": "3", "PS 2分": "2", "PS=1": "1", "ECOG-PS 0": "0", "0-1": "", "≥2": "", "90": "",
        "1 - Symptomatic but completely ambulatory": "1?", "Grade 2": "2?", "2级": "2",
    }),
    ("Value list of Chinese pathology (synthetic records generator)", "patients.histology", {
        "鳞屑样腺癌": "adenocarcinoma", "腺泡样腺癌": "adenocarcinoma", "微乳头状腺癌": "adenocarcinoma", "实性腺癌": "adenocarcinoma", "浸润性黏液腺癌": "adenocarcinoma",
        "胶体样腺癌": "adenocarcinoma", "胎儿型腺癌": "adenocarcinoma", "微浸润性腺癌": "adenocarcinoma", "原位腺癌": "adenocarcinoma", "黏液表皮样癌": "other", "腺样囊性癌": "other",
        "唾液腺型肿瘤": "other?", "角化型鳞状细胞癌": "squamous", "非角化型鳞状细胞癌": "squamous", "基底样鳞状细胞癌": "squamous", "原位鳞状细胞癌": "squamous", "复合型小细胞癌": "other?", "肉瘤样癌": "other",
        "淋巴上皮瘤样癌": "other", "NUT癌": "other", "混合型非小细胞肺癌": "other?", "胸膜间皮瘤": "other?", "分化差的癌": "other?", "上皮型肿瘤-腺癌-贴壁型腺癌": "adenocarcinoma?",
        "上皮型肿瘤-鳞癌-角化型鳞癌": "squamous?", "神经内分泌肿瘤-腺鳞癌": "other?", "非小细胞肺癌，非特指型（NSCLC-NOS）": "other?", "右肺腺癌": "adenocarcinoma", "中分化腺癌": "adenocarcinoma",
        "低分化癌": "other?",
    }),
    ("ICD-O morphology (GDC primary_diagnosis), SEER", "patients.histology", {
        "Squamous cell carcinoma, NOS": "squamous", "Adenocarcinoma, NOS": "adenocarcinoma", "Squamous cell carcinoma, keratinizing, NOS": "squamous",
        "Basaloid squamous cell carcinoma": "squamous", "Papillary adenocarcinoma, NOS": "adenocarcinoma", "Adenocarcinoma with mixed subtypes": "adenocarcinoma",
        "Bronchiolo-alveolar carcinoma, NOS": "adenocarcinoma?", "Mucinous adenocarcinoma": "adenocarcinoma", "Acinar cell carcinoma": "adenocarcinoma?",
        "Adenosquamous carcinoma": "other", "Squamous–cell carcinoma": "squamous", "LargeCellCarcinoma": "other?",
        "Poorly Differentiated Non-Small Cell Lung Cancer": "other?", "non-squamous": "", "Large Cell Neuroendocrine Carcinoma": "other",
        "NSCLC favor adenocarcinoma": "adenocarcinoma?",
    }),
    ("Staging programs, records", "patients.stage", {
        "Ⅲb期": "IIIB", "pT2aN0M0": "", "T4N3M1 IV期": "IV?", "cT4N3M1c，IVB期": "IVB?", "IIIB/IIIC": "", "Occult (lung only)": "", "Stage X": "", "IIIA(N2)": "IIIA?",
        "IIIA期（T2N2M0）": "IIIA?", "Limited": "", "stage iv": "IV", "pIIIA": "IIIA", "I–II": "", "M1c2": "",
    }),
    ("Trial guides and matching in Chinese and English", "patients.pd_l1", {
        "TPS >= 50%": ">=50%", "TPS < 1%": "<1%", "TPS 1% ~ 49%": "1-49%", "positive, TPS ≥50%": ">=50%?", "CPS 10": "", "Low (1-49%)": "1-49%", "High (≥50%)": ">=50%",
        "1-50%": "", "<50%": "", "10-49%": "1-49%", "PD-L1约10%": "1-49%?", "弱阳性": "", "TC3": "", "TPS=0": "<1%", "50-100%": ">=50%",
    }),
    ("Variant lists (hot variants, aliases) and Chinese genetics value list", "patients.driver_gene", {
        "19del/L858R": "positive", "20插入": "positive?", "G719X": "positive?", "EGFR 20ins": "positive", "EML4-ALK(E6:A20)": "positive", "KIF5B-RET": "positive",
        "MET14跳突": "positive", "MET扩增": "positive?", "c-MET过表达": "", "非V600": "", "TP53": "", "STK11": "", "无突变": "negative",
        "not covered by sequencing panel": "unknown?", "ROS1 rearrangement": "positive", "EGFR status: negative": "",
        "EGFR、ALK、ROS1、RET、MET exon14、BRAF V600E：阴性": "negative?", "Ex19del": "positive", "ERBB2 Amp": "positive?", "KRAS p.G12C": "positive?", "EGFR敏感突变": "positive",
        "驱动基因全阴性": "negative", "S768I": "positive?", "KRAS WT": "", "HER2 20插入": "positive", "EGFR ex20ins": "positive", "ALK 阳性融合": "positive",
    }),
    ("METABRIC, cBioPortal, registries, hospital tables", "patients.vital_status", {
        "Died of Disease": "dead", "Died of Other Causes": "dead", "Living": "alive", "带瘤生存": "alive", "无瘤生存": "alive", "DOD": "dead", "AWD": "alive", "NED": "alive",
        "Expired": "dead", "Withdrawn": "", "随访中": "alive?", "迁出": "", "删失": "", "已故": "dead", "拒访": "lost?", "Lost to FU": "lost", "Dead with tumor": "dead",
    }),
    ("RECIST programs", "lesions.role", {
        "non-target lesion": "non_target", "靶病灶1": "target?", "non-measurable": "non_target?", "原发灶": "", "Metastatic": "", "可测量病灶": "target?",
    }),
    ("Report terms (in Chinese), RECIST programs", "measurements.state", {
        "Resolved": "absent", "Disappeared": "absent", "unequivocal progression": "unequivocal_progression", "较前缩小": "present?", "同前": "present?",
        "Non-CR/Non-PD": "present?", "合并": "merged?", "未扫及": "not_evaluated?",
    }),
    ("Record generators, report terms", "measurements.modality", {
        "胸部CT": "ct", "MRI平扫+增强": "mri", "X线胸片": "xray", "腹部超声": "", "头颅MRI": "mri", "Chest CT with IV contrast": "ct", "核磁": "mri", "PET/MR": "", "ECT": "",
        "触诊": "clinical", "胸腹盆CT": "ct",
    }),
    ("TCGA treatment_best_response, GDC; Chinese notes; hematology", "assessments.overall_response", {
        "Clinical Progressive Disease": "PD", "Radiographic Progressive Disease": "PD", "Partial Remission/Response": "PR", "Complete Remission/Response": "CR",
        "PR 部分缓解": "PR", "疾病进展 (PD)": "PD", "CR（完全缓解）": "CR", "CRi": "", "VGPR": "", "Mixed response": "", "缓解": "", "好转": "", "Persistent Disease": "",
        "Treatment Ongoing": "", "[Not Available]": "", "No response": "", "PR&SD": "", "SD（缩小）": "SD", "pCR": "", "Non-PD": "", "受试者无靶病灶": "",
    }),
    ("Case reports, records in Chinese and English", "treatments.regimen", {
        "抗血管": "other?", "胸腔灌注": "", "泰瑞沙": "targeted", "阿美替尼": "targeted", "培美曲塞800mgd1+卡铂400mgd2": "chemo?", "信迪利单抗": "io", "pembrolizumab + 卡铂 + 培美曲塞": "chemo_io",
        "Nivolumab/ipilimumab": "io", "信迪利单抗+贝伐珠单抗+培美曲塞+顺铂": "chemo_io_antiangiogenic", "Docetaxel + ramucirumab": "other?", "carboplatin, pemetrexed": "chemo",
        "IO": "io", "No Treatment": "", "Radiation": "other?", "EC方案化疗": "chemo?", "PD-1单抗": "io", "Chemoimmunotherapy": "chemo_io", "双免": "io?", "Placebo": "other?",
        "EGFR-TKI": "targeted", "Osimertinib 80mg daily": "targeted?", "卡铂+白蛋白紫杉醇+替雷利珠单抗": "chemo_io", "Clinical trial": "other?", "化疗联合PD-1抑制剂": "chemo_io",
        "Hormone Therapy": "other?",
    }),
    ("Case reports", "treatments.line", {
        "First-line": "1", "Second-line": "2", "Line 3": "3", "1st line": "1", "adjuvant": "", "新辅助": "", "维持治疗": "", "第3线": "3", "4线": "4", "≥3": "",
        "1L trastuzumab": "1?",
    }),
    ("PCDC surgery terms, case reports, Chinese treatment list", "treatments.modality", {
        "介入治疗": "", "开颅肿瘤切除术": "surgery", "Wedge Resection": "surgery", "Lobectomy": "surgery", "Stereotactic Radiosurgery (SRS)": "radiotherapy",
        "姑息放疗": "radiotherapy", "Cryoablation": "ablation", "热疗": "", "microwave": "ablation?", "thermal ablation": "ablation", "脊柱骨水泥术": "surgery?",
        "Proton Therapy": "radiotherapy",
    }),
    ("Value lists of records", "patients.brain_metastasis", {
        "无脑转": "no", "present": "yes", "absent": "no", "疑似": "", "Limited": "", "未见": "no", "多发": "yes?",
    }),
    ("CBioPortal status columns", "cohort.pfs_event", {
        "1:PROGRESSION": "1", "0:CENSORED": "0", "Recurred/Progressed": "1?", "DiseaseFree": "0?", "未进展": "0",
    }),
    ("Consultation programs", "cohort.pattern", {
        "寡转移": "", "POLYMETASTATIC": "", "Oligo-progression": "oligoprogression", "全身进展": "systemic", "局部进展": "",
    }),
    ("Public Health Scotland (phsmethods test data); Chinese risk questionnaire; insurance data", "patients.smoking", {
        "Current Smoker": "ever", "Ex Smoker": "ever", "Never Smoked": "never", "Non Smoker - History Unknown": "", "Not Known/Pending Assessment": "",
        "Patient Refused to Disclose": "", "吸烟<20包年": "ever?", "曾经吸烟≥20包年但戒烟<15年": "ever?", "former heavy smoker": "ever", "Former 1 ppd smoker": "ever?",
        "Used to smoke": "ever", "smoke-free for 10 years": "ever?", "否认吸烟饮酒史": "never?",
    }),
    ("Feature dictionaries of notes; cBioPortal detailed types", "patients.histology", {
        "Large-cell carcinoma": "other", "Lung Adenocarcinoma": "adenocarcinoma", "Lung Squamous Cell Carcinoma": "squamous", "Non-Small Cell Lung Cancer": "other?",
        "Cancer of Unknown Primary": "", "Small Cell Lung Cancer": "other?", "分化较差的腺癌": "adenocarcinoma?", "肺腺癌，TTF-1(+)": "adenocarcinoma?", "左肺腺癌": "adenocarcinoma",
        "低分化鳞状细胞癌": "squamous", "腺癌部分神经内分泌分化": "adenocarcinoma?", "右肺下叶神经内分泌癌": "other?",
    }),
    ("Feature dictionaries of notes; cBioPortal detailed types", "patients.stage", {
        "IVB期": "IVB", "cT4N3M1c": "", "左肺腺癌 IIIB期": "IIIB?", "Stage II→IV": "", "II/III": "", "Ib-IIa": "",
    }),
    ("Feature dictionaries of notes; cBioPortal detailed types", "patients.pd_l1", {
        "1–49% (low)": "1-49%?", "≥50% (high)": ">=50%?", "PD-L1 (28-8) 0%": "<1%?", "5": "", "pending": "", "not tested": "", "30%-40%": "1-49%", "45-55%": "",
    }),
    ("Patterns of biomarkers in a trial matcher", "patients.driver_gene", {
        "egfr exon 19 del": "positive", "EGFR del19": "positive", "egfr l858r": "positive", "ALK rearrangement": "positive", "ROS1+": "positive", "EGFR wt": "",
        "ALK-": "", "EGFR wild-type or T790M negative": "", "EGFR/ALK negative": "negative", "EGFR(-), ALK(-)": "negative", "EGFR ALK ROS1 均阴性": "negative",
        "EGFR L858R, ALK阴性": "positive", "BRAF mutant": "",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "assessments.overall_response", {
        "NE 无法评价": "NE", "SD 疾病稳定": "SD", "Non-CR/Non-PD 非完全缓解且非进展": "NON_CR_NON_PD?", "iUPD 免疫未确认进展": "", "COMPLETE RESPONSE (CR)": "CR",
        "UNABLE TO DETERMINE (UTD)": "NE?", "probable mild PD": "", "PD 原发灶增大": "PD?", "CR/PR": "", "SD-PD": "", "不适用": "",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "measurements.state", {
        "存在 / 非 CR 非 PD": "present?", "较上次进一步增加": "increased?", "明确进展": "unequivocal_progression", "存在 / 稳定": "present?",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "measurements.modality", {
        "PETCT": "fdg_pet", "头颅MRI平扫+增强": "mri", "CT/MRI": "", "全身骨显像": "", "腹部增强CT": "ct", "CT肺动脉造影成像（CTPA）": "ct?", "MRI of the brain": "mri", "Low dose CT": "ct",
        "CT-guided biopsy": "",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "treatments.regimen", {
        "阿来替尼": "targeted", "carboplatin-paclitaxel-bevacizumab": "other?", "派安普利单抗+安罗替尼": "other?", "培美曲塞+顺铂": "chemo",
        "atezolizumab + bevacizumab + carboplatin + paclitaxel": "chemo_io_antiangiogenic",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "patients.vital_status", {
        "dead": "dead", "1死亡": "dead?", "存活/失访": "", "死亡/失访": "", "Alive/Dead": "",
    }),
    ("Labels of a RECIST tracker and of an analysis data set", "patients.sex", {
        "M/F": "", "男/女": "", "女 ": "female",
    }),
)  # fmt: skip

HEADERS: tuple[Block, ...] = (
    ("Export of a lung cancer data base (Flask, in Chinese)", "patients", {
        "研究中心": "", "身份证号": "patient_id?", "病理诊断": "diagnosis?", "病理分期": "stage?", "PD-L1表达水平": "pd_l1", "PDL1抗体": "", "转移部位": "", "饮酒史": "", "是否饮酒": "", "肿瘤家族史": "",
        "是否肿瘤史": "", "初诊日期": "", "病理报告日期": "", "临床表现": "", "标本部位": "", "Ki67": "",
    }),
    ("Cancer app of a hospital (in Chinese)", "patients", {
        "复发部位": "", "录入时间": "", "最后更新时间": "", "影像文件数量": "", "放疗剂量（Gy）": "", "免疫治疗": "",
    }),
    ("Record points of a synthetic generator (in Chinese)", "patients", {
        "疾病首次确诊日期": "", "第一次治疗时间（药物、放疗等）": "treatment_started_on?", "首发症状时间": "", "ECOG日期": "", "脑转移日期": "", "脑转部位": "", "入院日期": "", "疾病名称": "diagnosis", "CPS": "",
        "IC": "", "死亡原因": "", "随访状态": "vital_status?",
    }),
    ("TCGA clinical XML fields", "patients", {
        "tobacco_smoking_history": "smoking", "number_pack_years_smoked": "", "person_neoplasm_cancer_status": "", "eastern_cancer_oncology_group": "ecog",
        "karnofsky_performance_score": "", "histological_type": "histology", "ajcc_pathologic_tumor_stage": "stage", "last_contact_days_to": "", "birth_days_to": "",
        "tumor_status": "", "metastasis_site": "", "days_to_initial_pathologic_diagnosis": "", "egfr_mutation_identified_type": "",
    }),
    ("CBioPortal download of a study", "patients", {
        "Diagnosis Age": "age_years", "Overall Survival Status": "vital_status", "Smoking History": "smoking", "Mutation Count": "", "Sample ID": "",
        "TMB (nonsynonymous)": "", "Disease Free Status": "", "Patient's Vital Status": "vital_status",
    }),
    ("MSK and DFCI pipelines", "patients", {
        "LAST_ALIVE_DATE": "last_known_alive_on", "CAUSE_OF_DEATH": "", "DIAGNOSIS_DATE": "", "PDL1_POSITIVE": "", "BIOPSY_SITE": "",
        "PRIMARY_CANCER_DIAGNOSIS": "diagnosis?", "AGE_AT_SEQUENCING": "", "eastern cooperative oncology group performance status": "ecog?",
    }),
    ("IO cohort (Korean single-cell study)", "patients", {
        "Age_IO": "age_years?", "Sex.M..1..F..2": "sex?", "ECOG._PS": "ecog?", "PD.L1_TPS": "pd_l1_tps?", "EGFR_Mutation_Status": "", "IO_Line": "",
        "Previous_palliative_chemo": "",
    }),
    ("Forms in English", "patients", {
        "On_Study_Date": "", "Off_Study_Date": "", "Date of Death": "died_on", "Weight (kg)": "", "Number of prior lines": "", "既往治疗线数": "", "基线肿瘤大小(mm)": "",
    }),
    ("EDC and reading programs", "lesions", {
        "LESION_TYPE": "role?", "ANATOMICAL_LOCATION": "organ", "病灶部位描述": "organ?", "影像序列号": "", "lesion_location_std": "organ?", "lesion_location_raw": "organ?",
        "病灶密度": "", "病灶描述": "", "器官分类": "organ?", "is_lymph_node": "is_node", "baseline_size_mm": "",
    }),
    ("EDC and reading programs", "measurements", {
        "LESION_ID": "lesion_id", "ASSESSMENT_DATE": "assessed_on", "LONGEST_DIAMETER_MM": "diameter_mm", "最长直径(mm)": "diameter_mm", "肿瘤长径": "diameter_mm",
        "肿瘤短径": "diameter_mm?", "short_axis_mm": "diameter_mm?", "VISIT_NAME": "", "volume_mm3": "", "mean_hu": "", "检测时间": "assessed_on?",
        "assessment_method": "modality?", "diameter_pre": "", "RESPONSE_CATEGORY": "", "percentChange": "", "报告日期": "",
    }),
    ("EDC and reading programs", "treatments", {
        "几线治疗": "line", "结束日期": "ended_on", "放疗部位": "organ?", "放疗剂量": "", "分割次数": "", "手术范围": "", "治疗用药名称": "regimen", "治疗结束日期": "ended_on",
        "pharmaceutical_therapy_drug_name": "regimen?", "regimen_number": "line?", "prescribed_dose": "", "line_number": "line",
        "Reason for discontinuation": "stop_reason", "Start Date (YYYY-MM-DD)": "started_on", "同步化疗周期": "",
    }),
    ("EDC and reading programs", "assessments", {
        "recist_response": "overall_response?", "target_lesion_sum": "sum_mm?", "radiologist": "reader?", "new_lesions": "", "RECIST评估结果": "overall_response?",
    }),
    ("EDC and reading programs", "progressions", {
        "最佳疗效": "best_response", "最佳疗效评估": "best_response", "最佳疗效评估日期": "", "进展时间": "progressed_on", "进展部位": "progressing_organs", "进展描述": "",
    }),
    ("EDC and reading programs", "cohort", {
        "无进展生存期(月)": "pfs_months", "总生存期(月)": "os_months", "PFSCensor": "", "OSCensor": "", "PFS..Days.": "pfs_days?", "OS..Days.": "os_days?",
        "PD_Event": "pfs_event?", "Death_Event": "os_event?", "PFS MONTHS": "pfs_months", "TTF MONTHS": "", "DEATH EVENT": "os_event?",
        "BEST RESPONSE": "best_response", "Overall Survival (Months)": "os_months", "Progress Free Survival (Months)": "pfs_months",
        "Progression Free Status": "pfs_event", "PFS_CENSOR": "", "tt_recurrence_months": "", "dss_months": "", "是否进展": "pfs_event?", "PFS/DFS": "",
    }),
    ("CBioPortal lung_msk_mind_2020 and nsclc_ctdx_msk_2022", "patients", {
        "Study ID": "", "Patient ID": "patient_id", "Sample ID": "", "Age": "age_years", "Age at Which Sequencing was Reported (Years)": "", "Albumin": "",
        "ALK driver": "", "Cancer Type": "", "Clinically reported PD-L1 score": "pd_l1_tps?", "CT scan type": "", "Patient Current Age": "",
        "Age Greater than Median": "", "Extrapulmonary": "", "Gene Panel": "", "Histology": "histology", "Fraction Genome Altered": "",
        "Curated Patient Age at Diagnosis": "age_years?", "Interval in Months from DOB to Date of Death": "",
    }),
    ("Hospital app for lines of therapy (India)", "patients", {
        "cr_number": "patient_id?", "smoking": "smoking", "family_history": "", "gene": "driver_gene?", "variant": "", "treatment_at_rgci": "",
        "status_at_last_follow_up": "vital_status", "date_of_last_follow_up": "last_known_alive_on", "phone_number": "",
    }),
    ("Radiotherapy cohort (in Chinese) and SCART table", "patients", {
        "准确诊断日期": "", "准确死亡日期": "died_on?", "最近一次住院": "", "放疗次数": "", "放疗转移部位数量": "", "有无脑转移": "brain_metastasis", "有无脑放疗": "", "SCART治疗日期": "", "末次SCART日期": "",
        "身高(cm)": "",
    }),
    ("Registry exports and analysis data sets (R, OMOP)", "patients", {
        "Enrolled": "entered_on?", "Individual_end_date_follow_up": "last_known_alive_on?", "Date_of_death": "died_on",
    }),
    ("Registry exports and analysis data sets (R, OMOP)", "treatments", {
        "date_of_start_of_treatment": "started_on", "drug_name_targeted": "regimen?", "drug_name_chemo": "regimen?", "response_pet_ct": "", "intracranial_response": "",
        "progressed_on_line": "", "date_of_progression": "progressed_on", "ngs_at_progression": "", "other_remarks": "", "regimen_start_date": "started_on",
        "regimen_end_date": "ended_on", "therapy_intent": "", "ecog_performance_status": "",
    }),
    ("Registry exports and analysis data sets (R, OMOP)", "assessments", {
        "recist_response": "overall_response?", "irecist_response": "", "rano_response": "", "target_lesion_change_from_nadir": "",
        "was_new_lesions_registered_after_baseline": "",
    }),
    ("Registry exports and analysis data sets (R, OMOP)", "progressions", {
        "首次进展时间": "progressed_on", "BOR": "best_response", "recurrence_anatomic_site": "", "recist_date_of_progression": "progressed_on?",
    }),
    ("Registry exports and analysis data sets (R, OMOP)", "cohort", {
        "准确OS": "", "PFS(月)": "pfs_months", "PROGRESSION_EVENT": "pfs_event?", "THERAPY END EVENT": "", "os_status": "os_event",
    }),
)  # fmt: skip
