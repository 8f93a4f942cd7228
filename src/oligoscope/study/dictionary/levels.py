"""Levels that several columns share: answers, responses, regimens, stages."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.dictionary.variable import LevelName, named_levels, same_levels

YES, NO = named_levels(("yes", "是", "Yes"), ("no", "否", "No"))
YES_NO = (YES, NO)
NO_YES = (NO, YES)

RESPONSES = (
    LevelName(Response.CR, Text("CR", "CR"), Text("完全缓解", "complete response")),
    LevelName(Response.PR, Text("PR", "PR"), Text("部分缓解", "partial response")),
    LevelName(Response.SD, Text("SD", "SD"), Text("疾病稳定", "stable disease")),
    LevelName(Response.NON_CR_NON_PD, Text("非 CR/非 PD", "Non-CR/Non-PD")),
    LevelName(Response.PD, Text("PD", "PD"), Text("疾病进展", "progressive disease")),
    LevelName(Response.NE, Text("NE", "NE"), Text("无法评估", "not evaluable")),
)
IMMUNE_RESPONSES = same_levels("iCR", "iPR", "iSD", "iUPD", "iCPD", "NE")

OTHER = LevelName("other", Text("其他", "Other"))
REGIMENS = (
    *named_levels(
        ("chemo_io", "化疗联合免疫", "Chemotherapy plus immunotherapy"),
        (
            "chemo_io_antiangiogenic",
            "化疗联合免疫及抗血管生成",
            "Chemotherapy plus immunotherapy and anti-angiogenic therapy",
        ),
        ("chemo", "化疗", "Chemotherapy"),
        ("io", "免疫治疗", "Immunotherapy"),
        ("targeted", "靶向治疗", "Targeted therapy"),
    ),
    OTHER,
)
# Of a derived column: in the order of the alphabet, in which groups without another order are compared.
REGIMENS_BY_WORD = tuple(sorted(REGIMENS, key=lambda level: level.word))

STAGES = same_levels(
    "I", "IA", "IA1", "IA2", "IA3", "IB", "II", "IIA", "IIB", "III", "IIIA", "IIIB", "IIIC", "IV", "IVA", "IVB",
)  # fmt: skip
