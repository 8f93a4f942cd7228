"""Lymph nodes: the words that say node, the stations of the IASLC map, and the regions outside it.

Sources: Rusch 2009 (IASLC lymph node map); CDISC location terms; reports in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.study.dictionary.place_words import listed

# Whatever else is written with one of these, the lesion is a node.
NODE_WORDS = listed(
    "淋巴结, 组淋巴结, 淋巴, 淋巴组织, 淋巴结群, lymph node, lymph nodes, lymphnode, lymphnodes, lymph, lymph glands, lymph gland, node, nodes, nodal, ln, lns, lnm, lnd, lnn, "
    "lymph node metastasis, adenopathy, lymphadenopathy, lymphadenopathies, adenopathies, 淋巴结肿大, 淋巴结转移, lymphatic, lymphonodus"
)
NUMBERED = listed("组, 区, 站, 号, 第, station, stations, group, level, zone, no, iaslc, #, 组淋巴结")

# By number: a node of a side has R or L after it. `by_itself`: nothing but a node has this name.
STATION_WORDS: Mapping[str, str] = {
    "2": "上气管旁, 气管旁上组, 上段气管旁, 最上气管旁, upper paratracheal, superior paratracheal, high paratracheal",
    "3a": "血管前, 前纵隔血管前, prevascular, pre vascular",
    "3p": "气管后, 椎体前, retrotracheal, retro tracheal, prevertebral",
    "4": "下气管旁, 气管旁下组, 下段气管旁, 气管下旁, 气管前腔静脉后, 腔静脉后气管前, 奇静脉旁, lower paratracheal, inferior paratracheal, low paratracheal, azygos, pretracheal retrocaval, tracheobronchial angle",
    "5": "主肺动脉窗, 主肺窗, 主动脉肺动脉窗, 主动脉下, 主动脉弓下, 主 肺动脉窗, subaortic, sub aortic, aortopulmonary window, aorto pulmonary window, aortopulmonary, ap window, a p window, apw",
    "6": "主动脉弓旁, 升主动脉旁, 膈神经旁, 弓旁, ascending aorta, para aortic ascending, para aortic ascending aorta or phrenic, phrenic",
    "7": "隆突下, 隆嵴下, 气管隆突下, 气管隆嵴下, 隆突下区, 分叉下, subcarinal, sub carinal, subcarina, infracarinal",
    "8": "食管旁, 食道旁, 食管周围, paraesophageal, para esophageal, paraoesophageal, para oesophageal, periesophageal, paraesophageal below carina",
    "9": "肺韧带, 下肺韧带, 肺下韧带, pulmonary ligament, inferior pulmonary ligament",
    "11": "叶间, 肺叶间, interlobar, inter lobar",
    "12": "肺叶淋巴结, 叶支气管旁, 叶支气管周围, lobar, 肺叶支气管旁",
    "13": "段支气管旁, 肺段, segmental node, segmental nodes, segmental lymph node, segmental lymph nodes",
    "14": "亚段支气管旁, 肺亚段, subsegmental, sub segmental",
}  # fmt: skip
# Of these the name alone may be another place (AMBIGUOUS): stations only beside a word that says node.
STATION_WORDS_BESIDE_NODE: Mapping[str, str] = {
    "1": "锁骨上, 锁上, 锁骨上窝, 锁骨上区, 下颈部, 胸骨切迹, 低位颈部, 最上纵隔锁骨上, supraclavicular, supra clavicular, supraclavicular fossa, low cervical, lower cervical, sternal notch, scf, sc fossa, sclv, "
    "low cervical supraclavicular and sternal notch, scalene, 斜角肌",
    "10": "肺门, 肺门区, 主支气管旁, hilar, hilum, hilus, hila, pulmonary hilar, pulmonary hilum, lung hilum, hilar region, lung hilar, main bronchus",
    "12": "叶, 肺叶, 叶支气管, lobar",
    "13": "段, segmental",
}  # fmt: skip
REGION_WORDS: Mapping[str, str] = {
    "paratracheal": "气管旁, 气管周围, 气管前, paratracheal, para tracheal, peritracheal, pretracheal, tracheal",
    "tracheobronchial": "气管支气管, 气管支气管旁, tracheobronchial",
    "peribronchial": "支气管旁, 支气管周围, 支气管, peribronchial, bronchial, bronchopulmonary, 支气管肺门",
    "intrapulmonary": "肺内, 肺, 肺实质, 胸膜下, lung, pulmonary, intrapulmonary, intra pulmonary, subpleural",
    "mediastinal": "纵隔, 纵隔内, mediastinal, mediastinum, thoracic mediastinal, 上纵隔, 前纵隔, 中纵隔, 后纵隔, 下纵隔, upper mediastinal, anterior mediastinal, lower mediastinal, superior mediastinal, "
    "posterior mediastinal, anterior mediastinum, posterior mediastinum, superior mediastinum",
    "thoracic": "胸, 胸部, 胸腔, 胸内, 胸腔内, thoracic, intrathoracic, chest, intra thoracic, thorax",
    "internal_mammary": "内乳, 内乳区, 胸骨旁, 胸骨后, internal mammary, internal thoracic, parasternal, imn, retrosternal",
    "cardiophrenic": "心膈角, 心膈角区, 心旁, cardiophrenic, cardiophrenic angle, pericardiac, paracardiac, paracardial",
    "pericardial": "心包, pericardial, pericardium",
    "diaphragmatic": "膈上, 膈肌, 膈, 膈肌旁, diaphragmatic, supradiaphragmatic, superior diaphragmatic, prediaphragmatic, diaphragm",
    "retrocrural": "膈脚后, 膈脚, 膈肌脚后, 膈肌脚, retrocrural, crural",
    "intercostal": "肋间, intercostal, 脊柱旁, 椎旁, paravertebral, paraspinal",
    "cervical": "颈, 颈部, 颈深, 颈上, 颈中, 颈静脉, 颈动脉旁, 颈动脉鞘, 颈血管鞘, 颈血管鞘旁, 颈鞘, 颈根部, cervical, neck, jugular, deep cervical, upper cervical, posterior cervical, anterior cervical, head and neck, head face and neck, occipital, suboccipital, 枕, 枕部, 枕后, carotid",
    "submandibular": "颌下, 颏下, 下颌下, submandibular, submental, mandibular",
    "parotid": "腮腺, 耳前, 耳后, parotid, preauricular, postauricular, periauricular, retroauricular",
    "infraclavicular": "锁骨下, infraclavicular, infra clavicular, subclavicular, subclavian",
    "axillary": "腋窝, 腋下, 腋, 腋窝区, 腋前, axillary, axilla, axillar, axilla or arm, brachial",
    "pectoral": "胸肌间, 胸大肌后, 胸小肌, pectoral, subpectoral, interpectoral",
    "epitrochlear": "肘, 滑车上, epitrochlear",
    "abdominal": "腹, 腹部, 腹腔, 腹腔内, 上腹部, abdominal, abdomen, intraabdominal, intra abdominal, upper abdominal",
    "porta_hepatis": "肝门, 肝门区, 肝门部, 第一肝门, porta hepatis, portal hepatis, hepatic hilum, hepatic hilar, portahepatis, hilum of liver, liver hilum",
    "portacaval": "门腔间隙, 门腔间, 门腔静脉间, portacaval, portocaval, porta caval",
    "portal": "门静脉周围, 门静脉旁, 门脉旁, periportal, portal",
    "hepatic": "肝区, 肝, 肝周, 肝胃韧带, 肝胃间隙, 肝十二指肠韧带, hepatic, liver, gastrohepatic, gastrohepatic ligament, perihepatic",
    "perigastric": "胃周, 胃旁, 胃左, 贲门旁, 胃小弯, 胃大弯, 胃, perigastric, gastric, left gastric, stomach, 胃食管交界, gastroesophageal, gastro oesophageal",
    "celiac": "腹腔干, 腹腔干旁, 腹腔干周围, 腹腔动脉旁, 腹腔动脉干, celiac, coeliac, celiac axis, celiac trunk, coeliac axis",
    "splenic": "脾门, 脾, 脾动脉旁, splenic, splenic hilar, splenic hilum, spleen",
    "peripancreatic": "胰周, 胰头周围, 胰头旁, 胰腺旁, 胰腺周围, 胰腺, peripancreatic, pancreatic, pancreas, pancreaticoduodenal",
    "renal": "肾门, 肾, 肾周, renal, renal hilar, kidney, perirenal, renal hilum",
    "retroperitoneal": "腹膜后, 后腹膜, 腹膜后区, 腹膜后间隙, retroperitoneal, retroperitoneum, retro peritoneal",
    "para_aortic": "主动脉旁, 腹主动脉旁, 腹主动脉周围, 主动脉周围, para aortic, paraaortic, periaortic, preaortic, retroaortic, abdominal para aortic, aortic",
    "aortocaval": "主动脉腔静脉间, 主动脉下腔静脉间, 腹主动脉下腔静脉间, aortocaval, aorto caval, interaortocaval",
    "paracaval": "腔静脉旁, 下腔静脉旁, 上腔静脉旁, 上腔静脉后, 腔静脉后, paracaval, para caval, retrocaval, precaval, pericaval, caval",
    "mesenteric": "肠系膜, 系膜, 肠系膜根部, mesenteric, mesentery, mesocolic",
    "peritoneal": "腹膜, 网膜, 大网膜, peritoneal, omental, omentum, peritoneum",
    "pelvic": "盆腔, 盆, 盆壁, 骨盆, 闭孔, pelvic, pelvis, obturator, pelvic side wall",
    "iliac": "髂, 髂血管旁, 髂血管, 髂总, 髂外, 髂内, 髂总动脉旁, 髂动脉旁, 髂窝, iliac, common iliac, external iliac, internal iliac, iliac vessel",
    "perirectal": "直肠周围, 直肠旁, 直肠, perirectal, mesorectal, rectal, pararectal",
    "presacral": "骶前, presacral, sacral",
    "inguinal": "腹股沟, 腹股沟区, inguinal, groin, inguinal region or leg",
    "femoral": "股, femoral",
    "popliteal": "腘窝, popliteal",
    "distant": "远处, distant, dist, non regional, 非区域, 远隔",
    "regional": "区域, 区域性, 局部, regional",
    "superficial": "浅表, 浅表部位, superficial, peripheral",
    "extrathoracic": "胸外, extrathoracic",
    "pleural": "胸膜, pleural, pleura",
    "oesophageal": "食管, esophageal, oesophageal, esophagus, oesophagus",
    "thymic": "胸腺, thymic",
    "mammary": "乳腺, 乳房, breast",
    "adrenal": "肾上腺, adrenal",
}
# Regions that hold others: beside a station they add nothing.
WIDE_REGIONS = frozenset(
    {
        "mediastinal",
        "thoracic",
        "abdominal",
        "distant",
        "regional",
        "superficial",
        "extrathoracic",
        "intrapulmonary",
    }
)
PAIRED = frozenset({"1", "2", "4", "8", "9", "10", "11", "12", "13", "14"})  # stations with R and L
