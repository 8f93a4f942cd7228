"""Words of a level with what describes them: its grade and subtype, how long ago, where and how it was scanned.

A word is read only where every part of it is known; what may change the level (mixed types, 疑似, 活检) is not among the parts.
"""

from __future__ import annotations

import re
import unicodedata

_SIDE_OF_LUNG = r"(?:[左右双]?(?:侧)?肺(?:[上中下]叶)?)?"
_GRADE = r"(?:(?:[高中低]|[高中低]\s*[-~至]?\s*[高中低])\s*分化(?:的)?)?"
_ADENO_KINDS = (
    r"浸润(?:性|型)?|侵袭性|微浸润(?:性|型)?|微小浸润(?:性|型)?|原位|非?(?:黏液|粘液)(?:性|型)?|腺泡(?:状|样|型|性)?|微?乳头(?:状|样|型)?|实[体性](?:样|型)?"
    r"|贴壁(?:状|样|型)?(?:生长型?)?|鳞屑(?:样|状|型)|胎儿(?:型|样)|肠(?:型|样)|胶(?:样|体样?|质)(?:型)?|混合型|周围型|中央型|为主(?:型|的)?"
)
_SQUAMOUS_KINDS = r"非?角化(?:型|性)?|基底(?:细胞)?样?|原位|浸润(?:性|型)?|乳头状|透明细胞|周围型|中央型"
_ADENOCARCINOMA = re.compile(rf"{_SIDE_OF_LUNG}{_GRADE}(?:{_ADENO_KINDS}){{0,3}}{_GRADE}腺癌")
_SQUAMOUS = re.compile(rf"{_SIDE_OF_LUNG}{_GRADE}(?:{_SQUAMOUS_KINDS}){{0,2}}{_GRADE}鳞状?(?:细胞)?癌")
_GRADE_EN = (
    r"(?:(?:well|moderately|poorly)(?:\s*(?:to|-|/)\s*(?:well|moderately|poorly))?[\s-]+differentiated\s+)?"
)
_LUNG_EN = r"(?:(?:primary|lung|pulmonary)\s+)*"
_KINDS_EN = (
    r"(?:(?:invasive|minimally invasive|micropapillary|papillary|acinar|solid|lepidic|mucinous|non-?mucinous|colloid|fetal|foetal|enteric"
    r"|keratini[sz]ing|non-?keratini[sz]ing|basaloid)(?:[\s-]+predominant)?[\s,]+)*"
)
_AFTER_EN = r"(?:,?\s+(?:nos|in situ|with mixed subtypes|keratini[sz]ing|non-?keratini[sz]ing|mucinous|of (?:the )?lung))*"
_ADENOCARCINOMA_EN = re.compile(rf"{_GRADE_EN}{_LUNG_EN}{_KINDS_EN}adenocarcinoma{_AFTER_EN}")
_SQUAMOUS_EN = re.compile(rf"{_GRADE_EN}{_LUNG_EN}{_KINDS_EN}squamous[\s-]+cell\s+carcinoma{_AFTER_EN}")

_YEARS = r"(?:(?:[<>≤≥]=?|< or =|more than|less than|about)?\s*\d{1,2}(?:\.\d)?\s*(?:years?|yrs?|y))"
_SMOKER = r"(?:(?:current|former|ex|past|previous|reformed|active|daily|occasional|light|moderate|heavy)(?:[\s/-]+(?:or\s+)?))+smoker"
_EVER_SMOKED = re.compile(
    rf"{_SMOKER}(?:,?\s+(?:for\s+|quit\s+)?{_YEARS}(?:\s+ago)?|,\s*duration not specified|\s*\(includes [a-z\s/-]+smokers?\))?"
    rf"|(?:have |has |previously |formerly |used to )smoked?|(?:quit|stopped)(?: smoking)?\s+(?:for\s+)?{_YEARS}(?:\s+ago)?"
    r"|(?:已)?戒烟(?:[<>≤≥约近]?=?\d{1,2}(?:余|多)?年(?:余|以上)?)|吸烟[<>≤≥约近]?=?\d{1,2}(?:余|多)?年(?:余|以上)?|(?:正在|现在|仍在)吸烟|吸烟中"
)
_NEVER_SMOKED = re.compile(
    r"(?:lifelong |lifetime )?(?:non|never)[\s-]*smoker(?:\s*\(<\s*100 cigarettes smoked in lifetime\))?\.?|(?:has |have )?never smoked\.?"
)

_SCANS = {
    "ct": "ct hrct ldct cect 计算机断层扫描 计算机体层成像",
    "mri": "mri mr 磁共振成像 磁共振 核磁共振 核磁",
    "": "chest thorax thoracic abdomen abdominal pelvis pelvic brain head neck whole body liver spine upper lower full 胸腹盆 胸腹 头颅 颅脑 头部 头 脑部 脑 "
    "颈部 颈 胸部 胸 上腹部 上腹 全腹部 全腹 腹部 腹 盆腔 肺部 肺 全身 肝脏 肝 脊柱 "
    "with without iv i.v. intravenous contrast enhanced enhancement plain unenhanced non spiral helical multislice low dose high resolution thin slice "
    "section scan imaging of the and 平扫 增强 强化 薄层 螺旋 高分辨率 高分辨 低剂量 扫描 检查 及 加 + & / , -",
}
_SCAN_OF = {word: scan for scan, words in _SCANS.items() for word in words.split()}


def _whole(word: str) -> str:
    """A Latin word only where no other letter touches it; Chinese words touch one another."""
    before, after = (
        (r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""),
        (r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""),
    )
    return before + re.escape(word) + after


_PART_OF_SCAN = re.compile("|".join((*map(_whole, sorted(_SCAN_OF, key=len, reverse=True)), r"\s")))

# 拟行 and 拒绝 are no operation, and what is taken out for a biopsy is not treated.
_OPERATION = re.compile(r"[^未拟无不否拒待可计活检疑,，;；、/+]{0,12}(?:切除|根治)术?")


def _form(text: str) -> str:
    return (
        unicodedata.normalize("NFKC", text).casefold().replace("\u2013", "-").replace("\u2014", "-").strip()
    )


def read_histology(text: str) -> str | None:
    """Adenocarcinoma or squamous carcinoma with its grade, subtype and side: 低分化腺癌, acinar adenocarcinoma."""
    form = _form(text)
    compact = re.sub(r"\s", "", form)
    if _ADENOCARCINOMA.fullmatch(compact) or _ADENOCARCINOMA_EN.fullmatch(form):
        return "adenocarcinoma"
    return "squamous" if _SQUAMOUS.fullmatch(compact) or _SQUAMOUS_EN.fullmatch(form) else None


def read_smoking(text: str) -> str | None:
    """Whether a patient ever smoked, by words that also say how much and how long ago."""
    form = _form(text)
    if _NEVER_SMOKED.fullmatch(form):
        return "never"
    return "ever" if _EVER_SMOKED.fullmatch(form) or _EVER_SMOKED.fullmatch(re.sub(r"\s", "", form)) else None


def read_scan(text: str) -> str | None:
    """CT or MRI with where and how: 胸腹盆增强CT, MRI of the brain with contrast; None where both are named."""
    form, at, named = _form(text), 0, set[str]()
    while at < len(form):
        part = _PART_OF_SCAN.match(form, at)
        if part is None:
            return None
        named.add(_SCAN_OF.get(part[0], ""))
        at = part.end()
    named.discard("")
    return named.pop() if len(named) == 1 else None


def read_operation(text: str) -> str | None:
    """An operation by the name that ends with what was done: 开颅肿瘤切除术, 肺癌根治术."""
    return "surgery" if _OPERATION.fullmatch(re.sub(r"\s", "", _form(text))) else None
