"""Named definitions of oligoprogression and of resistance: rules, names, words of the Methods and sources, a row each.

A row added here is a preset that study.yaml may name; settings, results, Methods, tables and docs read it from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.terms import Resistance, Response
from oligoscope.study.rules import Rule

Control = Literal["flag", "majority", "off"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What every named definition has.

    Attributes:
        name: The preset in study.yaml and the group in results.csv.
        printed: Its name in tables and figures.
        methods: What the Methods say of it; of resistance a whole sentence, of progression its first clause.
        source: Where the definition comes from.
    """

    name: str
    printed: Text
    methods: Text
    source: Text


@dataclass(frozen=True, slots=True)
class ProgressionDefinition(Definition):
    """When a progression is oligoprogression.

    Attributes:
        max_lesions: At most so many progressing lesions; None: any number.
        max_organs: In at most so many organs; None: any number.
        count_brain: Brain lesions count towards both limits.
        mediastinal_nodes_are_organ: Regional thoracic nodes count as an organ.
        is_of_metastases: Its limits were set for oligometastatic disease; here they are applied to progressing lesions.
        controlled: What to do where other lesions are not controlled: flag it, ask that the
            primary (where known) and most other lesions do not progress, or ignore it.
    """

    max_lesions: int | None = 5
    max_organs: int | None = None
    count_brain: bool = True
    mediastinal_nodes_are_organ: bool = True
    is_of_metastases: bool = False
    controlled: Control = "flag"


@dataclass(frozen=True, slots=True)
class ResistanceRule:
    """A type, the sentence that says when it holds, and its condition."""

    resistance: Resistance
    sentence: Text
    holds: pl.Expr


@dataclass(frozen=True, slots=True)
class ResistanceDefinition(Definition):
    """Rules from above; the first that holds gives the type.

    Their conditions read treatment_started_on, progressed_on, last_dose_on, reported_response, progression_confirmed
    and rapid_progression. Six months are calendar months, the anniversary day included (a start on 31 August ends on
    the last day of February). Ties follow SITC: progression on the anniversary is primary. A best response that was
    never assessed is NE, whether nothing or NE was written.
    """

    rules: tuple[ResistanceRule, ...]

    @property
    def ordered(self) -> tuple[Rule[Resistance], ...]:
        """The rules as they are evaluated."""
        return tuple(Rule(r.resistance, r.sentence.en, r.holds) for r in self.rules)


PROGRESSION_DEFINITIONS: dict[str, ProgressionDefinition] = {
    definition.name: definition
    for definition in (
        ProgressionDefinition(
            "astro_estro5",
            Text("≤5 个病灶（ESTRO-ASTRO）", "≤5 lesions (ESTRO-ASTRO)"),
            Text(
                "寡进展定义为首次进展时进展病灶（含新病灶）1~5 个，器官数不限（ESTRO-ASTRO 2020）",
                "Oligoprogression meant 1 to 5 progressing lesions, new ones included, at the first progression, in any "
                "number of organs (ESTRO-ASTRO 2020)",
            ),
            Text(
                "ESTRO-ASTRO 共识（Lievens 2020），用于进展病灶",
                "ESTRO-ASTRO consensus (Lievens 2020), applied to progressing lesions",
            ),
            is_of_metastases=True,
        ),
        ProgressionDefinition(
            "huang2025",
            Text("Huang 2025", "Huang 2025"),
            Text(
                "寡进展定义为首次进展时进展病灶（含新病灶）1~5 个，且原发灶及多数其他病灶未进展（Huang 2025）",
                "Oligoprogression meant 1 to 5 progressing lesions, new ones included, at the first progression while the "
                "primary tumour and most other lesions did not progress (Huang 2025)",
            ),
            Text("Huang 2025，引言与 1.2", "Huang 2025, introduction and 1.2"),
            controlled="majority",
        ),
        ProgressionDefinition(
            "strict3",
            Text("≤3 个病灶", "≤3 lesions"),
            Text(
                "寡进展定义为首次进展时进展病灶（含新病灶）1~3 个",
                "Oligoprogression meant 1 to 3 progressing lesions, new ones included, at the first progression",
            ),
            Text(
                "至多 3 个，Guckenberger 2020 的较严一端",
                "at most 3 lesions, the stricter end of Guckenberger 2020",
            ),
            is_of_metastases=True,
            max_lesions=3,
        ),
        ProgressionDefinition(
            "dingemans",
            Text("≤5 个病灶且≤3 个器官（Dingemans 2019）", "≤5 lesions in ≤3 organs (Dingemans 2019)"),
            Text(
                "寡进展定义为首次进展时进展病灶 1~5 个且累及器官不超过 3 个，纵隔淋巴结不计为器官（Dingemans 2019）",
                "Oligoprogression meant 1 to 5 progressing lesions in at most 3 organs at the first progression, mediastinal "
                "nodes not counted as an organ (Dingemans 2019)",
            ),
            Text("Dingemans 2019，EORTC 共识", "Dingemans 2019, EORTC consensus"),
            max_organs=3,
            is_of_metastases=True,
            mediastinal_nodes_are_organ=False,
        ),
        ProgressionDefinition(
            "br38",
            Text("颅外≤5 个病灶（BR38）", "≤5 lesions outside the brain (BR38)"),
            Text(
                "寡进展定义为首次进展时颅外进展病灶 1~5 个（CCTG BR38）",
                "Oligoprogression meant 1 to 5 progressing extracranial lesions at the first progression (CCTG BR38)",
            ),
            Text("CCTG BR38：颅外至多 5 个", "CCTG BR38: at most 5 extracranial lesions"),
            count_brain=False,
        ),
        ProgressionDefinition(
            "chai2021",
            Text("≤2 个部位（Chai 2021）", "≤2 sites (Chai 2021)"),
            Text(
                "寡进展定义为首次进展累及器官不超过 2 个（Chai 2021）",
                "Oligoprogression meant progression in at most 2 organs at the first progression (Chai 2021)",
            ),
            Text("Chai 2021：至多 2 个部位", "Chai 2021: at most 2 sites"),
            max_lesions=None,
            max_organs=2,
        ),
        ProgressionDefinition(
            "core",
            Text("≤3 个病灶且≤2 个器官系统（CORE）", "≤3 lesions in ≤2 organ systems (CORE)"),
            Text(
                "寡进展定义为首次进展时进展病灶 1~3 个且累及器官不超过 2 个（CORE）",
                "Oligoprogression meant 1 to 3 progressing lesions in at most 2 organs at the first progression (CORE)",
            ),
            Text(
                "CORE（ISRCTN45961438）：2 个器官系统内至多 3 个",
                "CORE (ISRCTN45961438): at most 3 lesions in 2 organ systems",
            ),
            max_lesions=3,
            max_organs=2,
            is_of_metastases=True,
        ),
    )
}


_PD_ON, _START = pl.col("progressed_on"), pl.col("treatment_started_on")
_WITHIN_6_MONTHS = _PD_ON <= _START.dt.offset_by("6mo")
_BEST = pl.col("reported_response").fill_null(Response.NE.value)
_RESPONDED = _BEST.is_in([Response.CR, Response.PR])
_STABLE = _BEST.is_in([Response.SD, Response.NON_CR_NON_PD])
_NO_RESPONSE = _BEST.is_in([Response.PD, Response.SD, Response.NON_CR_NON_PD])
# Without a last dose the treatment is taken to have continued until progression.
_LAST_DOSE = pl.min_horizontal(pl.col("last_dose_on").fill_null(_PD_ON), _PD_ON)
_SIX_WEEKS = (_LAST_DOSE - _START).dt.total_days() >= 42
_SIX_MONTHS_GIVEN = _LAST_DOSE >= _START.dt.offset_by("6mo")
_OVER_6_MONTHS = _LAST_DOSE > _START.dt.offset_by("6mo")
_RAPID = pl.coalesce(pl.col("rapid_progression"), (_PD_ON - _START).dt.total_days() <= 56)
_CONFIRMED = pl.col("progression_confirmed").fill_null(False)
_ANY = pl.lit(True)

RESISTANCE_DEFINITIONS: dict[str, ResistanceDefinition] = {
    definition.name: definition
    for definition in (
        ResistanceDefinition(
            "huang2025",
            Text("Huang 2025", "Huang 2025"),
            Text(
                "原发性耐药为治疗开始后 6 个月内进展且未获 CR 或 PR；继发性耐药为获 CR 或 PR、或 SD 满 6 个月后进展（Huang 2025）。",
                "Primary resistance was progression within 6 months of treatment start without CR or PR; acquired resistance "
                "was progression after CR or PR, or after SD of at least 6 months (Huang 2025).",
            ),
            Text("Huang 2025，1.3", "Huang 2025, section 1.3"),
            (
                ResistanceRule(
                    Resistance.ACQUIRED,
                    Text("CR 或 PR 后进展", "progression after CR or PR"),
                    _RESPONDED,
                ),
                ResistanceRule(
                    Resistance.PRIMARY,
                    Text(
                        "治疗开始后 6 个月内进展，且未获 CR 或 PR",
                        "progression within 6 months of the start, without CR or PR",
                    ),
                    _WITHIN_6_MONTHS,
                ),
                ResistanceRule(
                    Resistance.ACQUIRED,
                    Text("SD 满 6 个月后进展", "progression after stable disease of 6 months or more"),
                    _STABLE & ~_WITHIN_6_MONTHS,
                ),
                ResistanceRule(
                    Resistance.UNCLASSIFIABLE,
                    Text(
                        "较晚进展，且无可评估的疗效",
                        "late progression without a response that could be evaluated",
                    ),
                    _ANY,
                ),
            ),
        ),
        ResistanceDefinition(
            "sitc_2023_ici_chemo",
            Text("SITC 2023（免疫联合化疗）", "SITC 2023 (ICI plus chemotherapy)"),
            Text(
                "耐药类型按 SITC 2023 免疫联合化疗标准判定。",
                "Resistance was classified by the SITC 2023 definitions for immunotherapy with chemotherapy.",
            ),
            Text("Rizvi 2023，SITC，表 3", "Rizvi 2023, SITC, table 3"),
            (
                ResistanceRule(
                    Resistance.PRIMARY,
                    Text(
                        "治疗至少 6 周（快速进展者不限）且 6 个月内进展，不论最佳疗效",
                        "progression within 6 months after at least 6 weeks of treatment (any if rapid), whatever the best response",
                    ),
                    _WITHIN_6_MONTHS & (_SIX_WEEKS | _RAPID),
                ),
                ResistanceRule(
                    Resistance.ACQUIRED,
                    Text(
                        "治疗时间与至进展时间均超过 6 个月",
                        "treatment and time to progression both over 6 months",
                    ),
                    ~_WITHIN_6_MONTHS & _OVER_6_MONTHS,
                ),
                ResistanceRule(
                    Resistance.UNCLASSIFIABLE,
                    Text("用药时间过短，两型均不成立", "exposure too short for either type"),
                    _ANY,
                ),
            ),
        ),
        ResistanceDefinition(
            "sitc_2020_mono",
            Text("SITC 2020（单药）", "SITC 2020 (monotherapy)"),
            Text(
                "耐药类型按 SITC 2020 单药标准判定。",
                "Resistance was classified by the SITC 2020 definitions for monotherapy.",
            ),
            Text("Kluger 2020，SITC，表 1", "Kluger 2020, SITC, table 1"),
            (
                ResistanceRule(
                    Resistance.PRIMARY,
                    Text(
                        "治疗至少 6 周，PD 或 SD 不足 6 个月，且 4 周后确认进展",
                        "at least 6 weeks of treatment, PD or SD under 6 months, progression confirmed after 4 weeks",
                    ),
                    _SIX_WEEKS & _NO_RESPONSE & _WITHIN_6_MONTHS & _CONFIRMED,
                ),
                ResistanceRule(
                    Resistance.UNCONFIRMED_PRIMARY,
                    Text(
                        "同原发性耐药，但 4 周后无确认性扫描",
                        "as primary, without a confirming scan after 4 weeks",
                    ),
                    _SIX_WEEKS & _NO_RESPONSE & _WITHIN_6_MONTHS,
                ),
                ResistanceRule(
                    Resistance.ACQUIRED,
                    Text(
                        "治疗至少 6 个月，且 CR、PR 或 SD 超过 6 个月",
                        "at least 6 months of treatment, CR, PR or SD for more than 6 months",
                    ),
                    (_RESPONDED | _STABLE) & ~_WITHIN_6_MONTHS & _SIX_MONTHS_GIVEN,
                ),
                ResistanceRule(
                    Resistance.UNCLASSIFIABLE,
                    Text("两种定义均不符合", "meets neither definition"),
                    _ANY,
                ),
            ),
        ),
        ResistanceDefinition(
            "schoenfeld_2021",
            Text("Schoenfeld 2021", "Schoenfeld 2021"),
            Text("继发性耐药按 Schoenfeld 2021 标准判定。", "Acquired resistance followed Schoenfeld 2021."),
            Text("Schoenfeld 2021", "Schoenfeld 2021"),
            (
                ResistanceRule(
                    Resistance.ACQUIRED,
                    Text(
                        "获 CR 或 PR，后于治疗中或末次给药后 6 个月内进展",
                        "CR or PR, then progression on treatment or within 6 months of the last dose",
                    ),
                    _RESPONDED & (_PD_ON <= _LAST_DOSE.dt.offset_by("6mo")),
                ),
                ResistanceRule(
                    Resistance.UNCLASSIFIABLE,
                    Text("最佳疗效不可评估", "best response not evaluable"),
                    _BEST == Response.NE,
                ),
                ResistanceRule(
                    Resistance.NOT_ACQUIRED,
                    Text(
                        "未获 CR 或 PR，或末次给药 6 个月后才进展",
                        "no CR or PR, or progression later than 6 months after the last dose",
                    ),
                    _ANY,
                ),
            ),
        ),
    )
}


def is_definition(name: str) -> bool:
    """Whether a definition of progression or resistance has this name."""
    return name in PROGRESSION_DEFINITIONS or name in RESISTANCE_DEFINITIONS


def definition_name(name: str) -> Text:
    """The printed name of a definition; an unknown one by its name."""
    definition = PROGRESSION_DEFINITIONS.get(name) or RESISTANCE_DEFINITIONS.get(name)
    return Text(name, name) if definition is None else definition.printed
