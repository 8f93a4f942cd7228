"""Patients with a level of a variable, as a sentence names them: `male patients`, `patients with brain metastases`."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.variable import Variable

# `{level}` is the printed name of the level.
_OF_VARIABLES = {
    "sex": Text("{level}性患者", "{level} patients"),
    "age_60": Text("{level} 岁的患者", "patients aged {level} years"),
    "histology": Text("{level}患者", "patients with {level} histology"),
    "stage": Text("{level} 期患者", "patients with stage {level} disease"),
    "ecog": Text("ECOG 评分 {level} 分的患者", "patients with an ECOG PS of {level}"),
    "pd_l1": Text("PD-L1 表达 {level} 的患者", "patients with PD-L1 expression {level}"),
    "driver_gene": Text("驱动基因{level}的患者", "patients with driver gene status {level}"),
}
_OF_LEVELS = {
    ("histology", "other"): Text("其他病理类型的患者", "patients with another histology"),
    ("smoking", "ever"): Text("有吸烟史的患者", "patients who had ever smoked"),
    ("smoking", "never"): Text("无吸烟史的患者", "patients who had never smoked"),
    ("brain_metastasis", "yes"): Text("有脑转移的患者", "patients with brain metastases"),
    ("brain_metastasis", "no"): Text("无脑转移的患者", "patients without brain metastases"),
}
_OF_OTHERS = Text("{variable}为“{level}”的患者", "patients with {variable} “{level}”")


def people_text(variable: Variable, word: str, name: Text, level: Text) -> Text:
    """The patients with a level.

    Args:
        variable: Whose level it is; its own words are used where it is one of the program's.
        word: The level as results hold it.
        name, level: Printed names of the variable and of the level, as inside a sentence.
    """
    said = _OF_LEVELS.get((variable.name, word)) or _OF_VARIABLES.get(variable.name) or _OF_OTHERS
    return said.filled(variable=name, level=level)
