"""What organs are called in reports and case report forms, Chinese first; a row is one organ.

Words are compared without case, width and blanks. A word that may be two organs is in AMBIGUOUS and is asked.
Sources: CDISC location terms, NCI Thesaurus names of lesion sites, RadLex, reports and forms in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def listed(words: str) -> tuple[str, ...]:
    """The words of a row, divided by commas."""
    return tuple(word.strip() for word in words.replace("，", ",").split(",") if word.strip())


def each_word(rows: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every word of a table of rows, with what it means."""
    for meaning, words in rows.items():
        for word in listed(words):
            yield word, meaning


ORGAN_WORDS: Mapping[str, str] = {
    "lung": "肺, 肺脏, 肺部, 肺内, 肺组织, 肺实质, 双肺, 两肺, 支气管, 主支气管, 叶支气管, 胸膜下, 肺野, 肺尖, 肺底, "
    "lung, lungs, pulmonary, intrapulmonary, bronchus, bronchi, bronchial, endobronchial, main bronchus, lung parenchyma, "
    "subpleural, lung field, lung apex, lung base, pulmonary parenchyma",
    "bone": "骨, 骨骼, 骨质, 骨组织, 脊柱, 脊椎, 椎体, 椎骨, 椎弓, 椎弓根, 附件骨, 颈椎, 胸椎, 腰椎, 骶椎, 尾椎, 骶骨, 尾骨, 骶尾骨, 骶尾椎, 腰骶椎, 胸腰椎, 颈胸椎, "
    "骶髂关节, 肋骨, 肋, 前肋, 后肋, 腋肋, 胸骨, 胸骨柄, 胸骨体, 锁骨, 肩胛骨, 肩胛, 肱骨, 肱骨头, 尺骨, 桡骨, 腕骨, 掌骨, 指骨, 手骨, "
    "髂骨, 髂嵴, 髂骨翼, 耻骨, 坐骨, 髋骨, 髋臼, 骨盆骨, 盆骨, 股骨, 股骨头, 股骨颈, 股骨干, 髌骨, 胫骨, 腓骨, 跟骨, 距骨, 跗骨, 跖骨, "
    "趾骨, 足骨, 四肢骨, 长骨, 颅骨, 颅底, 颅底骨, 额骨, 顶骨, 颞骨, 枕骨, 蝶骨, 筛骨, 颧骨, 上颌骨, 下颌骨, 颌骨, 颅板, 脊柱骨, 斜坡, "
    "bone, bones, osseous, bony, skeletal, skeleton, spine, spinal column, vertebra, vertebrae, vertebral, vertebral body, "
    "vertebral bodies, vertebral column, pedicle, c spine, t spine, l spine, cspine, tspine, lspine, cervical spine, thoracic spine, "
    "dorsal spine, lumbar spine, lumbosacral spine, thoracolumbar spine, sacral spine, cervical vertebra, thoracic vertebra, "
    "dorsal vertebra, lumbar vertebra, cervical vertebrae, thoracic vertebrae, lumbar vertebrae, sacrum, sacral bone, coccyx, sacroiliac joint, "
    "sacroiliac, rib, ribs, sternum, manubrium, clavicle, clavicles, clavicula, scapula, humerus, humeral head, ulna, radius, radius bone, carpal bone, "
    "metacarpus, metacarpal, hand bone, iliac bone, ilium, iliac crest, iliac wing, pubis, pubic bone, pubic ramus, ischium, hip bone, acetabulum, "
    "pelvic bone, pelvic bones, bony pelvis, bone pelvis, femur, femoral head, femoral neck, femoral shaft, patella, tibia, fibula, "
    "calcaneum, calcaneus, talus, tarsal bone, metatarsus, metatarsal, foot bone, long bone, skull, skull base, base of skull, calvarium, cranium bone, "
    "frontal bone, parietal bone, temporal bone, occipital bone, sphenoid bone, ethmoid bone, zygoma, maxilla, mandible, jaw bone, clivus, "
    "costal, shoulder girdle bone",
    "liver": "肝, 肝脏, 肝内, 肝实质, 肝右叶, 肝左叶, 肝脏右叶, 肝脏左叶, 右肝, 左肝, 肝尾状叶, 肝左外叶, 肝右前叶, 肝右后叶, 肝左内叶, 肝包膜, "
    "liver, livers, hepatic, intrahepatic, right lobe of liver, left lobe of liver, right lobe of the liver, left lobe of the liver, "
    "caudate lobe of liver, liver right lobe, liver left lobe, right hepatic lobe, left hepatic lobe, hepatic lobe",
    "adrenal": "肾上腺, 肾上腺区, adrenal, adrenals, adrenal gland, adrenal glands, suprarenal gland, adr",
    "brain": "脑, 全脑, 脑部, 颅内, 大脑, 脑组织, 脑内, 脑实质, 小脑, 脑干, 脑桥, 延髓, 中脑, 额叶, 颞叶, 顶叶, 枕叶, 岛叶, 额顶叶, 颞枕叶, 顶枕叶, "
    "颞顶叶, 额颞叶, 额顶, 颞枕, 顶枕, 大脑半球, 小脑半球, 小脑蚓部, 丘脑, 基底节, 基底节区, 侧脑室, 脑室, 脑室旁, 侧脑室旁, 放射冠, 胼胝体, 半卵圆中心, "
    "垂体, 硬脑膜, 颅脑, 中枢神经系统, 中枢神经, 中枢, 幕上, 幕下, 脑叶, 内囊, 海马, "
    "brain, whole brain, cerebral, cerebrum, cerebellum, cerebellar, brainstem, brain stem, pons, medulla oblongata, midbrain, intracranial, cranial cavity, "
    "frontal lobe, temporal lobe, parietal lobe, occipital lobe, insula, insular lobe, frontal, parietal, temporal, occipital, frontal cortex, parietal cortex, "
    "temporal cortex, occipital cortex, brain frontal, cerebral hemisphere, cerebellar hemisphere, vermis, thalamus, basal ganglia, corpus callosum, "
    "ventricle of brain, periventricular, corona radiata, centrum semiovale, cns, central nervous system, cns brain, supratentorial, infratentorial, "
    "pituitary, pituitary gland, pineal, pineal gland, dura, dura mater, dural, brain parenchyma",
    "pleura": "胸膜, 胸膜腔, 脏层胸膜, 壁层胸膜, 叶间胸膜, 叶间裂, 斜裂, 水平裂, 膈胸膜, 纵隔胸膜, "
    "pleura, pleural, pleural cavity, pleural space, visceral pleura, parietal pleura, fissure, interlobar fissure, pleural based, pleural lining",
    "pericardium": "心包, 心包膜, pericardium, pericardial, pericardial cavity",
    "peritoneum": "腹膜, 腹膜腔, 网膜, 大网膜, 小网膜, 肠系膜, 系膜, peritoneum, peritoneal, peritoneal cavity, omentum, omental, mesentery, "
    "omentum peritoneum",
    "kidney": "肾, 肾脏, 肾实质, 肾盂, kidney, kidneys, renal, renal parenchyma, renal pelvis",
    "spleen": "脾, 脾脏, spleen, splenic",
    "skin": "皮肤, 皮, 头皮, skin, cutaneous, dermal, dermis, scalp, skin of the trunk, skin of trunk, eyelid, skin of the face, skin of the neck",
    "soft_tissue": "软组织, 皮下, 皮下组织, 皮下软组织, 皮下脂肪, 肌肉, 肌, 骨骼肌, 腰大肌, 竖脊肌, 臀肌, 臀大肌, 臀部软组织, 胸大肌, 胸小肌, 背部软组织, 颈部软组织, "
    "大腿软组织, 肌间隙, 椎旁软组织, 椎旁肌, 腹壁, 腹直肌, 脂肪, "
    "soft tissue, soft tissues, subcutaneous, subcutaneous tissue, subcutis, subcutaneous fat, subc tissue, muscle, muscles, muscular, intramuscular, skeletal muscle, psoas, psoas muscle, "
    "gluteus, gluteal muscle, gluteus maximus, paraspinal muscle, paraspinal soft tissue, paravertebral soft tissue, pectoral muscle, iliopsoas, abdominal wall, connective tissue",
    "mediastinum": "纵隔, 前纵隔, 上纵隔, 中纵隔, 后纵隔, mediastinum, mediastinal, anterior mediastinum, superior mediastinum, middle mediastinum, posterior mediastinum",
    "chest_wall": "胸壁, 前胸壁, 后胸壁, 侧胸壁, 胸壁软组织, 胸壁肌肉, chest wall, thoracic wall, chest wall soft tissue",
    "diaphragm": "膈, 膈肌, 横膈, diaphragm, diaphragmatic, hemidiaphragm, hemidiaphragms",
    "trachea": "气管, 隆突, 气管隆突, trachea, tracheal, carina",
    "heart": "心脏, 心, 心肌, 心房, 心室, 左心房, 右心房, heart, myocardium, cardiac, atrium, ventricle of heart",
    "thymus": "胸腺, thymus, thymic",
    "thyroid": "甲状腺, thyroid, thyroid gland",
    "breast": "乳腺, 乳房, 乳, breast, breasts, mammary gland",
    "oesophagus": "食管, 食道, oesophagus, esophagus, oesophageal, esophageal",
    "stomach": "胃, 胃壁, 胃体, 胃窦, 胃底, 贲门, 胃食管交界, stomach, gastric, cardia, gastroesophageal junction, gastro oesophageal junction",
    "bowel": "肠, 肠道, 小肠, 大肠, 结肠, 直肠, 结直肠,  盲肠, 阑尾, 十二指肠, 空肠, 回肠, 乙状结肠, 肛门, 肛管, 升结肠, 降结肠, 横结肠, 胃肠道, 肠管, "
    "bowel, small bowel, large bowel, intestine, small intestine, large intestine, colon, rectum, rectal, caecum, cecum, appendix, duodenum, jejunum, ileum, "
    "sigmoid, sigmoid colon, anus, anal, anal perianal, bowel wall, ascending colon, descending colon, transverse colon, gastrointestinal tract, gi tract",
    "pancreas": "胰, 胰腺, 胰头, 胰体, 胰尾, 胰颈, 胰管, pancreas, pancreatic, pancreatic head, head of pancreas, pancreatic tail, tail of pancreas, pancreatic duct, "
    "pancreatic body, body of pancreas",
    "gallbladder": "胆囊, 胆管, 胆道, 胆囊壁, gallbladder, gall bladder, bile duct, bile ducts, biliary tract, common bile duct, gallbladder biliary tract",
    "bladder": "膀胱, 输尿管, 尿道, bladder, urinary bladder, ureter, urethra",
    "prostate": "前列腺, 精囊, prostate, prostate gland, seminal vesicle",
    "testis": "睾丸, 附睾, 阴囊, 阴茎, testis, testes, testicle, epididymis, penis, scrotum",
    "ovary": "卵巢, 附件, 附件区, 输卵管, ovary, ovaries, ovarian, adnexa, fallopian tube, ovary adnexa",
    "uterus": "子宫, 宫颈, 子宫颈, 阴道, 外阴, uterus, cervix, cervix uteri, uterine cervix, vagina, vulva",
    "spinal_cord": "脊髓, 髓内, 椎管, 椎管内, 硬膜外, 马尾, spinal cord, spinal canal, epidural, intramedullary, cauda equina",
    "eye": "眼, 眼睛, 眼球, 眼眶, 眶内, 脉络膜, eye, eyes, orbit, orbital, choroid, choroidal, globe",
    "head_neck": "头颈部器官, 鼻, 鼻腔, 鼻窦, 鼻咽, 口腔, 口咽, 下咽, 喉, 咽, 舌, 牙龈, 扁桃体, 腮腺, 颌下腺, 唾液腺, 上颌窦, "
    "nasal cavity, nasopharynx, paranasal sinus, paranasal sinuses, oral cavity, oropharynx, hypopharynx, larynx, pharynx, throat, tongue, gingiva, tonsil, parotid, parotid gland, "
    "submandibular gland, salivary gland, maxillary sinus, nasal septum, ear, middle ear",
    "other": "其他, 其它, 其他部位, 其他器官, 其它部位, other, others, other site, other sites, other organ, other organs",
}

# Of what the tumour comes from, in the name of a metastasis: `lung cancer brain metastasis`.
LUNG_CANCER = listed(
    "肺癌, 肺恶性肿瘤, 肺肿瘤, 肺腺癌, 肺鳞癌, lung cancer, lung carcinoma, nsclc, non small cell lung cancer, lung adenocarcinoma"
)

# Diffuse disease: its organ and its level of `diffuse_kind`.
DIFFUSE_WORDS: Mapping[tuple[str, str], str] = {
    ("pleura", "malignant_effusion"): "胸水, 胸腔积液, 胸膜腔积液, 恶性胸水, 恶性胸腔积液, 癌性胸水, 血性胸水, 胸积液, 叶间积液, 胸膜渗出, "
    "pleural effusion, pleural effusions, malignant pleural effusion, pleural fluid, malignant pleural effusions, hydrothorax, mpe",
    ("pericardium", "malignant_effusion"): "心包积液, 心包腔积液, 恶性心包积液, 心包渗出, pericardial effusion, malignant pericardial effusion, pericardial fluid",
    ("peritoneum", "malignant_effusion"): "腹水, 腹腔积液, 恶性腹水, 癌性腹水, ascites, malignant ascites, ascitic fluid, peritoneal effusion, peritoneal fluid",
    ("lung", "lymphangitic"): "癌性淋巴管炎, 淋巴管炎, 肺癌性淋巴管炎, 癌性淋巴管病, 淋巴管癌病, 肺淋巴管炎, "
    "lymphangitis carcinomatosa, lymphangitic carcinomatosis, lymphangitic spread, lymphangitic, lymphangitis, lymphangitic metastasis, pulmonary lymphangitis, "
    "lymphangitis carcinomatosis, carcinomatous lymphangitis",
    ("brain", "leptomeningeal"): "脑膜, 软脑膜, 脑脊膜, 柔脑膜, 脑膜癌病, 癌性脑膜炎, 脑脊液, 软脑膜病变, 软脑膜种植, 蛛网膜, 脑膜播散, 脑膜种植, "
    "leptomeningeal, leptomeninges, leptomeninx, meninges, meningeal, leptomeningeal disease, leptomeningeal carcinomatosis, carcinomatous meningitis, "
    "meningeal carcinomatosis, cerebrospinal fluid, csf, leptomeningeal spread, lmd",
    ("peritoneum", "peritoneal"): "腹膜种植, 腹膜播散, 腹膜癌病, 腹膜弥漫, 网膜饼, 腹腔种植, 腹膜多发种植, 网膜种植, "
    "peritoneal carcinomatosis, carcinomatosis peritonei, peritoneal seeding, peritoneal implant, peritoneal implants, peritoneal dissemination, omental cake, "
    "peritoneal spread, omental caking",
    ("bone", "marrow"): "骨髓, 骨髓浸润, 骨髓侵犯, 骨髓受累, bone marrow, marrow, bone marrow infiltration, marrow infiltration, bone marrow involvement",
}  # fmt: skip
INNUMERABLE = listed(
    "弥漫, 弥漫性, 无数, 无法计数, 不可计数, 粟粒, 粟粒样, 粟粒状, 满布, diffuse, diffusely, innumerable, miliary, countless, too many to count, numerous innumerable"
)
MANY = listed(
    "多发, 多发性, 多个, 多枚, 多处, 多站, 多组, 部分, 数个, 数枚, 散在, 广泛, 播散, 种植, multiple, multifocal, several, scattered, numerous, extensive, disseminated, seeding"
)

PRIMARY = listed(
    "原发灶, 原发, 原发病灶, 原发性, 原发瘤, 原发肿瘤, 原发部位, 原发肿物, 原发肿块, primary, primary tumor, primary tumour, primary lesion, primary site, primary mass"
)

# Words for the disease, its finding and its change: they say nothing about the place.
DISEASE = listed(
    "淋巴瘤, 转移, 转移瘤, 转移灶, 转移性, 转移癌, 转移病灶, 肿瘤, 瘤, 瘤灶, 病灶, 病变, 占位, 占位性病变, 占位性, 结节, 结节影, 结节灶, 小结节, 大结节, 肿块, 肿块影, 包块, 肿物, 软组织肿块, "
    "软组织影, 团块, 团块影, 影, 灶, 斑片影, 异常密度影, 肿大, 增大, 增厚, 强化灶, 恶性, 癌, 腺癌, 鳞癌, 癌灶, 复发, 复发灶, 继发, 继发性, 新发, 新发病灶, 新病灶, 新增, 新发灶, 新, 单发, 孤立, 孤立性, 孤立灶, "
    "靶病灶, 非靶病灶, 靶, 非靶, 进展, 进展灶, 寡进展, 残留, 可测量, 实性, 磨玻璃, 磨玻璃结节, 空洞, 溶骨性, 成骨性, 骨质破坏, 破坏, 受累, 浸润, 高代谢, 高代谢灶, 融合, "
    "metastasis, metastases, metastatic, metastatic disease, metastatic lesion, met, mets, meta, lesion, lesions, mass, masses, nodule, nodules, nodular, tumor, tumors, tumour, tumours, neoplasm, "
    "disease, involvement, deposit, deposits, new, new lesion, enlarged, enlargement, malignant, malignancy, cancer, carcinoma, adenocarcinoma, secondary, secondaries, recurrence, recurrent, progression, "
    "progressive, progressing, target, non target, nontarget, measurable, solitary, single, isolated, thickening, infiltration, infiltrate, destruction, lytic, sclerotic, blastic, implant, implants, solid, cavitary, "
    "active, stable, known, treated, spread, dissemination, distant, dist, conglomerate, bulky, infiltrating, pathological, pathologically enlarged, residual, ggo, opacity"
)

# Where in an organ; says nothing about which one.
WITHIN = listed(
    "内, 部, 区, 区域, 处, 侧, 旁, 周, 周围, 组织, 器官, 腔, 段, 亚段, 尖段, 后段, 前段, 尖后段, 尖前段, 外段, 内段, 内侧段, 外侧段, 背段, 上舌段, 下舌段, 基底段, 前基底段, 后基底段, 外基底段, 内基底段, 内前基底段, 外后基底段, "
    "内侧, 外侧, 前, 后, 外周, 中央, 中央型, 周围型, 近肺门, 肺门旁, 上段, 中段, 下段, 近端, 远端, 上极, 下极, 体部, 头部, 尾部, 翼, 体, 上端, 下端, 近侧, 远侧, 叶, 脏, 的, 局部, 脏器, 同侧, 对侧, 皮质, 白质, 髓质, 内侧支, 外侧支, 结合部, 附件, 横突, 棘突, 缘, 边缘, "
    "of, the, in, at, region, regions, area, areas, site, gland, tissue, organ, parenchyma, segment, segments, apical, posterior, anterior, apicoposterior, medial, lateral, superior segment, basal, basilar, lingular segment, "
    "central, peripheral, perihilar, parahilar, proximal, distal, shaft, body, head, tail, neck of, apex, base, lobe, lobes, zone, part, ipsilateral, contralateral, cortex, limb, pole, superior, inferior, wing, other, process, joint, inner, outer, near, level, wall, dome, nos, not otherwise specified, unspecified, specified, structure, structures, parts, portion, 未特指"
)

SIDES: Mapping[str, str] = {
    "left": "左, 左侧, 左边, 左肢, l, lt, left, left sided, left side, sin",
    "right": "右, 右侧, 右边, r, rt, right, right sided, right side, dex, dx",
    "both": "双, 双侧, 两侧, 双边, 左右, 两, 双肺, 两肺, 左右两侧, bilateral, bilaterally, both, bil, bilat, b l, bl, both sides",
    "": "中线, 居中, midline, middle line, n a, not applicable, 不适用, unilateral, 单侧, median",
}

# Lobes of the lung: with the side, or of either side.
LOBES: Mapping[str, str] = {
    "RUL": "rul", "RML": "rml", "RLL": "rll", "LUL": "lul", "LLL": "lll", "lingula": "lingula, lingular, lingular lobe, 舌叶, 舌段, 左舌叶, 左肺舌段",
}  # fmt: skip
LEVELS: Mapping[str, str] = {
    "upper": "上叶, 上肺, 上肺叶, 上肺野, upper lobe, upper lung, upper lobe of lung, upper lobe of the lung, superior lobe, upper lung field",
    "middle": "中叶, 中肺, 中肺叶, middle lobe, middle lobe of lung, middle lobe of the lung, mid lung",
    "lower": "下叶, 下肺, 下肺叶, 下肺野, lower lobe, lower lung, lower lobe of lung, lower lobe of the lung, inferior lobe, lower lung field",
}
BARE_LEVELS: Mapping[str, str] = {
    "upper": "上, 上部, upper",
    "middle": "中, 中部, middle, mid",
    "lower": "下, 下部, lower",
}

NOTHING = listed(
    "无, 没有, 无转移, 未见转移, 未见, 否, 无远处转移, none, no, nil, no metastasis, no metastases, no mets, none known, negative"
)

# Words of more than one place: asked, with what they may be.
AMBIGUOUS: Mapping[str, str] = {
    "胸, 胸部, 胸腔, 胸内, chest, thorax, thoracic, intrathoracic": "lung, pleura, mediastinum, lymph_node thoracic",
    "腹, 腹部, 腹腔, 腹腔内, abdominal cavity, abdomen, abdominal, intraabdominal, intra abdominal, intraperitoneal": "peritoneum, liver, lymph_node abdominal",
    "骨盆, 盆腔, 盆, pelvis, pelvic": "bone, peritoneum, lymph_node pelvic",
    "颈, 颈部, neck, cervical": "lymph_node cervical, bone, soft_tissue",
    "头, 头部, head": "brain, bone, skin",
    "肺门, 门区, hilum, hilar, hila, hilus": "lymph_node 10, lung",
    "锁骨上, 锁上, 锁骨上窝, 锁骨上区, supraclavicular, supraclavicular fossa, sc fossa": "lymph_node 1, soft_tissue",
    "锁骨下, infraclavicular": "lymph_node infraclavicular, soft_tissue",
    "腋窝, 腋下, 腋, axilla, axillary, armpit": "lymph_node axillary, soft_tissue",
    "腹股沟, groin, inguinal": "lymph_node inguinal, soft_tissue",
    "腹膜后, 后腹膜, retroperitoneum, retroperitoneal": "lymph_node retroperitoneal, soft_tissue",
    "背, 背部, 腰, 腰部, back, flank, trunk": "bone, soft_tissue",
    "肩, 肩部, 臀, 臀部, 髋, 髋部, 四肢, 上肢, 下肢, 大腿, shoulder, buttock, hip, limb, extremity, arm, leg, thigh, foot, hand, gluteal": "bone, soft_tissue",
    "面部, 脸, face, cheek": "bone, skin, soft_tissue",
    "内脏, 脏器, viscera, visceral": "liver, adrenal",
    "椎旁, 脊柱旁, paraspinal, paravertebral": "soft_tissue, bone",
    "胸膜外, extrapleural": "pleura, chest_wall",
}
