"""Populations, parts of them, and groups that are no level of one column."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.terms import Population
from oligoscope.study.dictionary.variable import LevelName, named_levels

TREATED = LevelName(Population.TREATED, Text("治疗人群", "Treated population"))
PROGRESSED = LevelName(Population.PROGRESSED, Text("进展人群", "Progressed population"))
MATCHED = "matched"
POPULATIONS = (
    LevelName("screened", Text("筛选患者", "Patients screened")),
    TREATED,
    PROGRESSED,
    LevelName(MATCHED, Text("匹配后人群", "Matched population")),
)
# Parts of a population whose levels do not show which column they belong to.
PARTS = named_levels(
    (
        "progressed:chemo_io",
        "二线接受化疗联合免疫治疗的患者",
        "Patients with second-line chemotherapy plus immunotherapy",
    ),
    (
        "progressed:chemo_io_antiangiogenic",
        "二线接受化疗联合免疫及抗血管生成治疗的患者",
        "Patients with second-line chemotherapy plus immunotherapy and anti-angiogenic therapy",
    ),
    (
        "progressed:oligoprogression:no",
        "进展后未接受局部治疗的寡进展患者",
        "Oligoprogression patients without local treatment",
    ),
)
GROUPS = named_levels(
    ("all", "总人群", "All patients"),
    ("missing", "缺失", "Missing"),
    ("no_progression", "未进展", "No progression"),
    ("death_without_progression", "未进展而死亡", "Death without progression"),
    ("death", "死亡（全因）", "Death (any cause)"),
    ("death_after_oligoprogression", "寡进展后死亡", "Death after oligoprogression"),
    ("death_after_systemic", "广泛进展后死亡", "Death after systemic progression"),
    (
        "death_after_progression_without_pattern",
        "模式不明的进展后死亡",
        "Death after progression of unknown pattern",
    ),
    ("progression_without_pattern", "进展模式不明", "Progression of unknown pattern"),
)
