"""Printed names of the definitions, one line each; the full rules are in docs/rule-book.md."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.vocabulary import name_of

PRESET_NAMES: dict[str, Text] = {
    "astro_estro5": Text("≤5 个病灶（ESTRO-ASTRO）", "≤5 lesions (ESTRO-ASTRO)"),
    "huang2025": Text("Huang 2025", "Huang 2025"),
    "strict3": Text("≤3 个病灶", "≤3 lesions"),
    "dingemans": Text("≤5 个病灶、≤3 个器官（Dingemans 2019）", "≤5 lesions in ≤3 organs (Dingemans 2019)"),
    "br38": Text("颅外≤5 个病灶（BR38）", "≤5 lesions outside the brain (BR38)"),
    "chai2021": Text("≤2 个部位（Chai 2021）", "≤2 sites (Chai 2021)"),
    "core": Text("≤3 个病灶、≤2 个器官系统（CORE）", "≤3 lesions in ≤2 organ systems (CORE)"),
    "sitc_2023_ici_chemo": Text("SITC 2023（免疫联合化疗）", "SITC 2023 (ICI plus chemotherapy)"),
    "sitc_2020_mono": Text("SITC 2020（单药）", "SITC 2020 (monotherapy)"),
    "schoenfeld_2021": Text("Schoenfeld 2021", "Schoenfeld 2021"),
}


def definition_name(preset: str) -> Text:
    """The printed name of a definition; an unknown one stands for itself."""
    return PRESET_NAMES.get(preset, Text(preset, preset))


def agreement_words(outcome: str, chosen: str) -> Text:
    """What agreement with the study's own definition means; of resistance also why some schemes cannot agree."""
    own = definition_name(chosen)
    zh = f"一致率与 Cohen κ 均与本研究所用定义（{own.zh}）比较，要求标签完全相同"
    en = f"Agreement and Cohen's κ are with the definition this study uses ({own.en}) and ask for identical labels"
    if outcome != "resistance":
        return Text(f"{zh}。", f"{en}.")
    without, name = definition_name("schoenfeld_2021"), name_of("not_acquired_by_definition")
    return Text(
        f"{zh}；类别不同的定义必然不一致，例如{without.zh}没有“原发性耐药”，只有“{name.zh}”。",
        f"{en}; definitions with other categories disagree by construction: {without.en}, for one, has no primary resistance, "
        f"only “{name.en.lower()}”.",
    )
