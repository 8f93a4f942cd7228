"""The words every stage speaks: the field's own terms, each with its name in both languages."""

from __future__ import annotations

from enum import StrEnum

from oligoscope.bilingual import OwnText, Text, as_written
from oligoscope.study.dictionary.outcomes import Outcome


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
    **{outcome: outcome.printed for outcome in Outcome},
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


# Columns of patients that the program itself reads or derives; every other column is the user's own.
VARIABLES: dict[str, Text] = {
    name: NAMES[name]
    for name in (
        "pattern", "resistance", "line_regimen", "age_60", "age_years", "sex", "smoking", "ecog", "brain_metastasis",
        "histology", "stage", "pd_l1", "pd_l1_tps", "best_response", "baseline_sum_mm", "n_baseline_organs",
    )
}  # fmt: skip
OUTCOMES: dict[str, Text] = {outcome: outcome.printed for outcome in Outcome}
# Units of numbers, as results.csv holds them; a name says nothing of a unit.
VARIABLE_UNITS: dict[str, str] = {
    "age_years": "years",
    "baseline_sum_mm": "mm",
    "pd_l1_tps": "percent",
    "n_baseline_organs": "organs",
}
# Variables whose printed name ends in a unit, without it.
_WITHOUT_UNIT: dict[str, Text] = {
    "age_60": Text("年龄", "Age"),
    "age_years": Text("年龄", "Age"),
    "pd_l1_tps": Text("PD-L1 TPS", "PD-L1 TPS"),
    "baseline_sum_mm": Text("基线靶病灶径线总和", "Baseline sum of diameters"),
}
STAGES = (
    "I",
    "IA",
    "IA1",
    "IA2",
    "IA3",
    "IB",
    "II",
    "IIA",
    "IIB",
    "III",
    "IIIA",
    "IIIB",
    "IIIC",
    "IV",
    "IVA",
    "IVB",
)
_YES_NO = ("yes", "no")
_REGIMENS = ("chemo", "io", "targeted", "chemo_io", "chemo_io_antiangiogenic", "other")
# The levels of our variables that have a printed name. A word that is a level of several of them (yes, chemo_io)
# names the patients of one of them alone, the first that is listed here: `progressed:oligoprogression:no`.
LEVELS: dict[str, tuple[str, ...]] = {
    "pattern": tuple(Pattern),
    "resistance": tuple(Resistance),
    "local_after_progression": _YES_NO,
    "line_regimen": _REGIMENS,
    "sex": ("male", "female"),
    "histology": ("squamous", "adenocarcinoma", "other"),
    "smoking": ("ever", "never"),
    "age_60": (">=60", "<60"),
    "pd_l1": ("<1%", "1-49%", ">=50%"),
    "ecog": ("0", "1", "2", "3", "4", "5"),
    "stage": STAGES,
    "best_response": tuple(Response),
    "driver_gene": ("negative", "positive", "unknown"),
    "brain_metastasis": _YES_NO,
    "progressed": _YES_NO,
    "beyond_progression": _YES_NO,
    "patterns_disagree": _YES_NO,
    "first_line_regimen": _REGIMENS,
    "confirmed_response": tuple(Response),
}


def name_of(word: str) -> Text:
    """The printed name of a key of results; an unknown word stands for itself.

    A key that knows what it is of (`study.keys`) gives its own name. A plain word is one of ours, or is read as one:
    never ask this of a word that may be the user's.
    """
    printed = getattr(word, "printed", None)
    if printed is not None:
        return printed
    if word in NAMES:
        return NAMES[word]
    if ":" in word:  # a part of a population, e.g. progressed:systemic
        whole, part = (name_of(w) for w in word.split(":", 1))
        return Text(f"{whole.zh}（{part.zh}）", f"{whole.en} ({part.en.lower()})")
    plain = word.replace("_", " ")
    return Text(plain, plain)


def column_name(variable: str) -> Text:
    """The printed name of a variable or outcome; a column of the user's by its own name, whatever word that is."""
    printed = getattr(variable, "printed", None)
    if printed is not None:
        return printed
    known = VARIABLES.get(variable) or OUTCOMES.get(variable)
    if known is not None:
        return known
    plain = variable.replace("_", " ")
    return Text(plain, plain) if is_ours(variable) else OwnText(plain, plain)


def variable_name(variable: str) -> Text:
    """The name of a variable without its unit."""
    without = getattr(variable, "without_unit", None)
    if without is not None:
        return without
    return _WITHOUT_UNIT.get(variable) or column_name(variable)


def is_ours(variable: str) -> bool:
    """Whether the program itself knows what the levels of this column mean."""
    return variable in VARIABLES or variable in LEVELS or variable in OUTCOMES


def name_of_level(variable: str, level: str) -> Text:
    """The printed name of a level of a variable: ours by its name, the user's as it is written."""
    labels = getattr(variable, "levels", None)
    if labels and level in labels:
        return labels[level]
    if level in LEVELS.get(variable, ()):
        return NAMES.get(level) or Text(level, level)
    return as_written(level)
