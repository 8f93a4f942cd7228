"""The words every stage speaks: the field's own terms, each with its name in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Response(StrEnum):
    """Response codes of RECIST 1.1 (Eisenhauer 2009)."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON_CR_NON_PD"
    PD = "PD"
    NE = "NE"


class State(StrEnum):
    """What a reader recorded of one lesion at one scan."""

    MEASURED = "measured"
    TOO_SMALL = "too_small"
    ABSENT = "absent"
    PRESENT = "present"
    INCREASED = "increased"
    UNEQUIVOCAL_PROGRESSION = "unequivocal_progression"
    NOT_EVALUATED = "not_evaluated"
    MERGED = "merged"
    SPLIT = "split"


class Pattern(StrEnum):
    """Progression pattern at the first progression."""

    OLIGO = "oligoprogression"
    SYSTEMIC = "systemic"


class Resistance(StrEnum):
    """Resistance type to first-line immunotherapy."""

    PRIMARY = "primary"
    ACQUIRED = "acquired"
    UNCONFIRMED_PRIMARY = "unconfirmed_primary"
    NOT_ACQUIRED = "not_acquired_by_definition"
    UNCLASSIFIABLE = "unclassifiable"


class Population(StrEnum):
    """The patients a number speaks of."""

    EXCLUDED = "excluded"
    TREATED = "treated"
    PROGRESSED = "progressed"


# Names of variables, levels and outcomes as they appear in tables and figures.
NAMES: dict[str, Text] = {
    "all": Text("总人群", "All patients"),
    "oligoprogression": Text("寡进展", "Oligoprogression"),
    "systemic": Text("广泛进展", "Systemic progression"),
    "primary": Text("原发性耐药", "Primary resistance"),
    "acquired": Text("继发性耐药", "Acquired resistance"),
    "unclassifiable": Text("无法分类", "Unclassifiable"),
    "unconfirmed_primary": Text("未确认的原发性耐药", "Unconfirmed primary resistance"),
    "not_acquired_by_definition": Text("不符合继发定义", "Not acquired by definition"),
    "pattern": Text("进展模式", "Progression pattern"),
    "resistance": Text("耐药类型", "Resistance type"),
    "line_regimen": Text("后线治疗方案", "Later-line regimen"),
    "pfs": Text("无进展生存期", "Progression-free survival"),
    "os": Text("总生存期", "Overall survival"),
    "pps": Text("进展后生存期", "Post-progression survival"),
    "pfs2": Text("后线无进展生存期（PFS2）", "Later-line progression-free survival (PFS2)"),
    "dor": Text("缓解持续时间", "Duration of response"),
    "ipfs": Text("iRECIST 无进展生存期", "iRECIST progression-free survival"),
    "age_60": Text("年龄/岁", "Age, years"),
    "age_years": Text("年龄/岁", "Age, years"),
    ">=60": Text("≥60", "≥60"),
    "<60": Text("<60", "<60"),
    "sex": Text("性别", "Sex"),
    "male": Text("男", "Male"),
    "female": Text("女", "Female"),
    "smoking": Text("吸烟史", "Smoking history"),
    "ever": Text("是", "Ever"),
    "never": Text("否", "Never"),
    "ecog": Text("ECOG 评分", "ECOG score"),
    "brain_metastasis": Text("脑转移", "Brain metastases"),
    "yes": Text("是", "Yes"),
    "no": Text("否", "No"),
    "histology": Text("病理类型", "Histology"),
    "squamous": Text("鳞癌", "Squamous"),
    "adenocarcinoma": Text("腺癌", "Adenocarcinoma"),
    "other": Text("其他", "Other"),
    "stage": Text("分期", "Stage"),
    "pd_l1": Text("PD-L1 表达", "PD-L1 expression"),
    "pd_l1_tps": Text("PD-L1 TPS/%", "PD-L1 TPS, %"),
    "<1%": Text("<1%", "<1%"),
    "1-49%": Text("1%~49%", "1–49%"),
    ">=50%": Text("≥50%", "≥50%"),
    "missing": Text("缺失", "Missing"),
    "best_response": Text("最佳总体疗效", "Best overall response"),
    "baseline_sum_mm": Text("基线靶病灶径线总和/mm", "Baseline sum of diameters, mm"),
    "n_baseline_organs": Text("基线转移器官数", "Baseline metastatic organs"),
    "lung": Text("肺", "Lung"),
    "lymph_node": Text("淋巴结", "Lymph nodes"),
    "bone": Text("骨", "Bone"),
    "liver": Text("肝", "Liver"),
    "adrenal": Text("肾上腺", "Adrenal gland"),
    "brain": Text("脑", "Brain"),
    "pleura": Text("胸膜", "Pleura"),
    "pericardium": Text("心包", "Pericardium"),
    "peritoneum": Text("腹膜", "Peritoneum"),
    "kidney": Text("肾", "Kidney"),
    "spleen": Text("脾", "Spleen"),
    "skin": Text("皮肤", "Skin"),
    "soft_tissue": Text("软组织", "Soft tissue"),
    "mediastinum": Text("纵隔", "Mediastinum"),
    "treated": Text("治疗人群", "Treated population"),
    "progressed": Text("进展人群", "Progressed population"),
    "matched": Text("匹配后人群", "Matched population"),
    "chemo": Text("化疗", "Chemotherapy"),
    "io": Text("免疫治疗", "Immunotherapy"),
    "targeted": Text("靶向治疗", "Targeted therapy"),
    "chemo_io": Text("化疗联合免疫", "Chemotherapy plus immunotherapy"),
    "chemo_io_antiangiogenic": Text(
        "化疗联合免疫及抗血管生成", "Chemotherapy plus immunotherapy and anti-angiogenic therapy"
    ),
    # Parts of a population whose levels do not say by themselves what they are of.
    "progressed:chemo_io": Text(
        "二线接受化疗联合免疫治疗的患者", "Patients with second-line chemotherapy plus immunotherapy"
    ),
    "progressed:chemo_io_antiangiogenic": Text(
        "二线接受化疗联合免疫及抗血管生成治疗的患者",
        "Patients with second-line chemotherapy plus immunotherapy and anti-angiogenic therapy",
    ),
    "progressed:oligoprogression:no": Text(
        "进展后未接受局部治疗的寡进展患者", "Oligoprogression patients without local treatment"
    ),
    "no_progression": Text("未进展", "No progression"),
    "death_without_progression": Text("未进展而死亡", "Death without progression"),
    "progression_without_pattern": Text("进展模式不明", "Progression of unknown pattern"),
}


def name_of(word: str) -> Text:
    """The printed name of a variable, level or outcome; an unknown word stands for itself."""
    if word in NAMES:
        return NAMES[word]
    if ":" in word:  # a part of a population, e.g. progressed:systemic
        whole, part = (name_of(w) for w in word.split(":", 1))
        return Text(f"{whole.zh}（{part.zh}）", f"{whole.en} ({part.en.lower()})")
    plain = word.replace("_", " ")
    return Text(plain, plain)
