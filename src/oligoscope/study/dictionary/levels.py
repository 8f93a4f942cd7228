"""Levels that several columns share: answers, responses, regimens, stages."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.dictionary.variable import LevelName, level, named_levels, same_levels

YES, NO = named_levels(("yes", "是", "Yes"), ("no", "否", "No"))
YES_NO = (YES, NO)
NO_YES = (NO, YES)


def _response(word: Response, zh: str, en: str, *synonyms: str) -> LevelName:
    """A response with what its code is short for, and both beside each other."""
    pairs = (
        f"{zh}{word}",
        f"{word}{zh}",
        f"{zh}({word})",
        f"{word}({zh})",
        f"{en} ({word})",
        f"{word} ({en})",
        f"{word}: {en}",
    )
    return LevelName(word, Text(word, word), Text(zh, en), (*pairs, *synonyms))


RESPONSES = (
    _response(Response.CR, "完全缓解", "complete response", "complete remission", "complete remission/response", "完全反应", "完全应答"),
    _response(Response.PR, "部分缓解", "partial response", "partial remission", "partial remission/response", "部分反应", "部分应答"),
    _response(Response.SD, "疾病稳定", "stable disease", "病情稳定", "病变稳定", "稳定", "stable"),
    LevelName(
        Response.NON_CR_NON_PD,
        Text("非 CR/非 PD", "Non-CR/Non-PD"),
        synonyms=("非完全缓解/非疾病进展", "IR/SD", "incomplete response/stable disease", "neither CR nor PD"),
    ),
    _response(
        Response.PD, "疾病进展", "progressive disease", "clinical progressive disease", "radiographic progressive disease", "progression", "disease progression", "progressed", "病情进展", "病变进展",
        "肿瘤进展", "进展",
    ),
    _response(
        Response.NE, "无法评估", "not evaluable", "无法评价", "不能评价", "不能评估", "不可评价", "不可评估", "inevaluable", "unevaluable",
        "non-evaluable", "not assessable", "unable to evaluate",
    ),
)  # fmt: skip
IMMUNE_RESPONSES = same_levels("iCR", "iPR", "iSD", "iUPD", "iCPD", "NE")

OTHER = level("other", "其他", "Other", "其它", "others", "其他类型", "其它类型")
REGIMENS = (
    level("chemo_io", "化疗联合免疫", "Chemotherapy plus immunotherapy", "化免", "免化", "免疫化疗", "chemoimmunotherapy",
          "immunochemotherapy"),
    level("chemo_io_antiangiogenic", "化疗联合免疫及抗血管生成", "Chemotherapy plus immunotherapy and anti-angiogenic therapy",
          "ABCP"),
    level("chemo", "化疗", "Chemotherapy"),
    level("io", "免疫治疗", "Immunotherapy"),
    level("targeted", "靶向治疗", "Targeted therapy"),
    OTHER,
)  # fmt: skip
# Of a derived column: in the order of the alphabet, in which groups without another order are compared.
REGIMENS_BY_WORD = tuple(sorted(REGIMENS, key=lambda level: level.word))

_ARABIC = {"IV": "4", "III": "3", "II": "2", "I": "1"}


def _stage(word: str) -> LevelName:
    """A stage with its forms: IVA期, Stage IVA, 4A期, cIVA. A bare 4 may be a code."""
    roman = next(roman for roman in _ARABIC if word.startswith(roman))
    arabic = _ARABIC[roman] + word.removeprefix(roman)
    bare = (arabic,) if arabic[1:] else ()
    forms = (
        form
        for name in (word, arabic)
        for form in (f"{name}期", f"Stage {name}", f"Stage: {name}", f"第{name}期", f"AJCC {name}")
    )
    clinical = (f"c{word}", f"c{word}期", f"临床{word}期", f"cStage {word}", f"clinical stage {word}")
    return LevelName(word, Text(word, word), synonyms=(*forms, *bare, *clinical))


STAGES = tuple(map(_stage, (
    "I", "IA", "IA1", "IA2", "IA3", "IB", "II", "IIA", "IIB", "III", "IIIA", "IIIB", "IIIC", "IV", "IVA", "IVB",
)))  # fmt: skip
