"""Drugs and the names of their classes, zh and en: a regimen written as its parts is read as the level it is.

Sources: the Chinese guidelines for stage IV primary lung cancer (2021 and 2023), the NCCN names of drugs, and the
regimens of public data sets (docs/words.md).
"""

from __future__ import annotations

import re
import unicodedata

_CHEMO = (
    "化疗", "全身化疗", "含铂双药", "含铂双药化疗", "双药化疗", "单药化疗", "铂类", "含铂化疗", "铂", "chemo", "chemotherapy", "platinum",
    "platinum doublet", "platinum-based chemotherapy", "platinum based chemotherapy",
    "培美曲塞", "pemetrexed", "pem", "alimta", "力比泰", "卡铂", "carboplatin", "carbo", "cbp", "顺铂", "cisplatin", "cis", "ddp",
    "奈达铂", "nedaplatin", "洛铂", "lobaplatin", "紫杉醇", "paclitaxel", "taxol", "紫杉醇脂质体", "脂质体紫杉醇", "liposomal paclitaxel",
    "白蛋白紫杉醇", "白蛋白结合型紫杉醇", "白紫", "nab-paclitaxel", "nab paclitaxel", "abraxane", "紫杉醇白蛋白结合型", "紫杉醇(白蛋白结合型)",
    "吉西他滨", "健择", "gemcitabine", "gem", "gemzar", "多西他赛", "多西紫杉醇", "docetaxel", "taxotere", "长春瑞滨", "vinorelbine",
    "navelbine", "依托泊苷", "etoposide", "伊立替康", "irinotecan", "替吉奥", "s-1", "拓扑替康", "topotecan",
)  # fmt: skip
_IO = (
    "免疫", "免疫治疗", "免疫检查点抑制剂", "io", "ici", "icis", "immunotherapy", "immune checkpoint inhibitor",
    "immune checkpoint inhibitors", "pd-1", "pd1", "pd-l1", "pdl1", "pd-(l)1", "pd-1/pd-l1", "pd-1/l1", "pd-1单抗", "pd-l1单抗", "pd-1抑制剂",
    "pd-l1抑制剂", "pd-1/pd-l1抑制剂", "anti-pd-1", "anti-pd1", "anti-pd-l1", "anti-pd-(l)1",
    "帕博利珠单抗", "帕姆单抗", "派姆单抗", "可瑞达", "k药", "pembrolizumab", "pembro", "keytruda", "纳武利尤单抗", "纳武单抗", "欧狄沃", "o药",
    "nivolumab", "nivo", "opdivo", "信迪利单抗", "达伯舒", "sintilimab", "卡瑞利珠单抗", "艾瑞卡", "camrelizumab", "替雷利珠单抗", "百泽安",
    "tislelizumab", "特瑞普利单抗", "拓益", "toripalimab", "阿替利珠单抗", "阿特珠单抗", "泰圣奇", "t药", "atezolizumab", "atezo", "tecentriq",
    "度伐利尤单抗", "德瓦鲁单抗", "英飞凡", "i药", "durvalumab", "durva", "imfinzi", "舒格利单抗", "择捷美", "sugemalimab", "派安普利单抗",
    "penpulimab", "斯鲁利单抗", "汉斯状", "serplulimab", "恩沃利单抗", "envafolimab", "贝莫苏拜单抗", "benmelstobart", "阿得贝利单抗",
    "adebrelimab", "赛帕利单抗", "zimberelimab", "普特利单抗", "pucotenlimab", "西米普利单抗", "cemiplimab", "伊匹木单抗", "ipilimumab", "ipi",
    "阿维鲁单抗", "avelumab",
)  # fmt: skip
_ANTIANGIOGENIC = (
    "抗血管", "抗血管生成", "抗血管生成药物", "抗血管生成治疗", "抗血管治疗", "抗血管药", "antiangiogenic", "anti-angiogenic", "antiangiogenics",
    "anti-angiogenesis", "antiangiogenesis", "anti-angiogenic therapy", "anti-vegf", "贝伐", "贝伐珠单抗", "贝伐单抗", "安维汀", "bev",
    "bevacizumab", "avastin", "安罗替尼", "anlotinib", "重组人血管内皮抑制素", "重组人血管内皮抑素", "恩度", "endostar", "rh-endostatin",
    "雷莫西尤单抗", "雷莫芦单抗", "ramucirumab", "阿帕替尼", "apatinib",
)  # fmt: skip
_TARGETED = (
    "靶向", "靶向治疗", "靶向药", "靶向药物", "targeted", "targeted therapy", "tki", "tkis", "egfr-tki", "egfr tki", "alk-tki", "alk tki",
    "酪氨酸激酶抑制剂", "吉非替尼", "易瑞沙", "gefitinib", "iressa", "厄洛替尼", "特罗凯", "erlotinib", "埃克替尼", "凯美纳", "icotinib", "阿法替尼",
    "afatinib", "达可替尼", "dacomitinib", "奥希替尼", "泰瑞沙", "osimertinib", "tagrisso", "阿美替尼", "almonertinib", "aumolertinib", "伏美替尼",
    "furmonertinib", "贝福替尼", "befotertinib", "克唑替尼", "crizotinib", "阿来替尼", "alectinib", "塞瑞替尼", "ceritinib", "布格替尼", "brigatinib",
    "恩沙替尼", "ensartinib", "洛拉替尼", "lorlatinib", "赛沃替尼", "savolitinib", "谷美替尼", "glumetinib", "卡马替尼", "capmatinib", "特泊替尼",
    "tepotinib", "普拉替尼", "pralsetinib", "塞普替尼", "selpercatinib", "恩曲替尼", "entrectinib", "拉罗替尼", "larotrectinib", "达拉非尼",
    "dabrafenib", "曲美替尼", "trametinib", "索托拉西布", "sotorasib", "阿达格拉西布", "adagrasib", "吡咯替尼", "pyrotinib",
)  # fmt: skip
_JOINING = (
    "+", "/", "-", ",", "，", "、", ";", "；", "&", "和", "及", "与", "联合", "加", "plus", "and", "with", "combined with", "combination",
)  # fmt: skip
_SAYING_NOTHING = (
    "治疗", "方案", "单药", "单抗", "mono", "monotherapy", "single agent", "therapy", "药物", "一线", "二线", "注射液", "维持", "维持治疗", "maintenance",
)  # fmt: skip
_REGIMEN_OF = {
    frozenset({"chemo"}): "chemo",
    frozenset({"io"}): "io",
    frozenset({"chemo", "io"}): "chemo_io",
    frozenset({"chemo", "io", "antiangiogenic"}): "chemo_io_antiangiogenic",
    frozenset({"targeted"}): "targeted",
}
_CLASSES = {
    "chemo": _CHEMO, "io": _IO, "antiangiogenic": _ANTIANGIOGENIC, "targeted": _TARGETED, "": (*_JOINING, *_SAYING_NOTHING),
}  # fmt: skip


def _form(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).casefold().strip()


_CLASS_OF = {_form(word): name for name, words in _CLASSES.items() for word in words}


def _pattern(word: str) -> str:
    """A Latin word only where no other letter or digit touches it; Chinese words touch one another."""
    before = r"(?<![a-z0-9])" if re.match("[a-z0-9]", word) else ""
    after = r"(?![a-z0-9])" if re.search("[a-z0-9]$", word) else ""
    return before + re.escape(word) + after


_PARTS = re.compile("|".join(_pattern(word) for word in sorted(_CLASS_OF, key=len, reverse=True)) + r"|\s")


def read_regimen(text: str) -> str | None:
    """The regimen of drugs or classes, as `pembrolizumab + pemetrexed/carboplatin` or `免疫联合化疗`.

    None where a part is unknown, or the classes together are no level of ours.
    """
    form, at, classes = _form(text), 0, set[str]()
    while at < len(form):
        found = _PARTS.match(form, at)
        if found is None:
            return None
        classes.add(_CLASS_OF.get(found[0], ""))
        at = found.end()
    return _REGIMEN_OF.get(frozenset(classes - {""}))
