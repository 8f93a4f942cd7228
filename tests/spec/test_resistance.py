"""Resistance type under each named definition (definitions: oligoscope.clinical.resistance)."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "resistance",
    en="The same patients under the four definitions; they disagree, so the definition is always named.",
    zh="同一批患者在四种定义下的判定；定义之间并不一致，故须始终注明。",
    source="Huang 2025; SITC 2023 (Rizvi) and 2020 (Kluger); Schoenfeld 2021",
)
def test_definitions_side_by_side(sheet):
    sheet.resistance("""
        start      | progression | best | last dose  | confirmed | -> huang2025   | -> sitc_2023_ici_chemo | -> sitc_2020_mono   | -> schoenfeld_2021
        2020-01-15 | 2020-03-11  | PD   | 2020-03-04 | yes       | primary        | primary                | primary             | not_acquired_by_definition
        2020-01-15 | 2020-05-15  | SD   | 2020-05-08 | yes       | primary        | primary                | primary             | not_acquired_by_definition
        2020-01-15 | 2020-05-15  | SD   | 2020-05-08 | no        | primary        | primary                | unconfirmed_primary | not_acquired_by_definition
        2020-01-15 | 2020-06-15  | PR   | 2020-06-15 | yes       | acquired       | primary                | unclassifiable      | acquired
        2020-01-15 | 2020-09-15  | SD   | 2020-09-15 | yes       | acquired       | acquired               | acquired            | not_acquired_by_definition
        2020-01-15 | 2020-09-15  | NON_CR_NON_PD | 2020-09-15 | yes | acquired    | acquired               | acquired            | not_acquired_by_definition
        2020-01-15 | 2021-01-15  | PR   | 2021-01-10 | yes       | acquired       | acquired               | acquired            | acquired
        2020-01-15 | 2020-09-15  | NE   | 2020-09-15 | yes       | unclassifiable | acquired               | unclassifiable      | unclassifiable
        2020-01-15 |             | PR   | 2021-01-15 |           |                |                        |                     |
    """)


@rule(
    "resistance",
    en="Six months are calendar months, the anniversary included: progression on it is primary, a day later it is not. A start at a month's end ends on the last day of the sixth month, leap years included.",
    zh="6 个月按日历月计，含满月当日：当日进展为原发，次日则否。月末开始者止于第 6 个月的最后一天（含闰年）。",
    source="SITC 2023; calendar-month convention",
)
def test_six_calendar_months(sheet):
    sheet.resistance("""
        start      | progression | best | last dose  | -> huang2025 | -> sitc_2023_ici_chemo
        2020-01-15 | 2020-07-15  | SD   | 2020-07-10 | primary      | primary
        2020-01-15 | 2020-07-16  | SD   | 2020-07-16 | acquired     | acquired
        2020-03-01 | 2020-09-01  | SD   | 2020-08-20 | primary      | primary
        2020-08-31 | 2021-02-28  | SD   | 2021-02-20 | primary      | primary
        2020-08-31 | 2021-03-01  | SD   | 2021-03-01 | acquired     | acquired
        2019-08-31 | 2020-02-29  | SD   | 2020-02-20 | primary      | primary
        2019-08-31 | 2020-03-01  | SD   | 2020-03-01 | acquired     | acquired
        2020-02-29 | 2020-08-29  | SD   | 2020-08-20 | primary      | primary
        2020-02-29 | 2020-08-30  | SD   | 2020-08-30 | acquired     | acquired
    """)


@rule(
    "resistance",
    en="Huang 2025: progression after CR or PR is acquired at any time; without, up to six months is primary, later after SD acquired; a late progression without an evaluable response cannot be classified.",
    zh="Huang 2025：CR 或 PR 之后进展，无论何时均为继发；否则 6 个月内为原发，其后（曾为 SD）为继发；晚期进展而无可评估疗效者无法分类。",
    source="Huang 2025, 1.3",
)
def test_huang(sheet):
    sheet.resistance("""
        start      | progression | best | -> huang2025
        2020-01-15 | 2020-03-15  | PR   | acquired
        2020-01-15 | 2020-03-15  | CR   | acquired
        2020-01-15 | 2020-03-15  | NE   | primary
        2020-01-15 | 2020-10-15  | NE   | unclassifiable
        2020-01-15 | 2020-10-15  | PD   | unclassifiable
        2020-01-15 | 2020-10-15  |      | unclassifiable
        2020-01-15 | 2020-03-15  |      | primary
    """)


@rule(
    "resistance",
    en="SITC 2023 (immunotherapy with chemotherapy): primary needs six weeks of treatment, or any if the progression was rapid, whatever the best response, without a confirming scan. Acquired needs more than six months of treatment and of time to progression.",
    zh="SITC 2023（免疫联合化疗）：原发须用药满 6 周，快速进展者不限，与最佳疗效无关，无须确认扫描。继发须用药与至进展时间均超过 6 个月。",
    source="SITC 2023 (Rizvi), table 3",
)
def test_sitc_2023(sheet):
    sheet.resistance("""
        start      | progression | best | last dose  | rapid | confirmed | -> sitc_2023_ici_chemo
        2020-01-15 | 2020-04-15  | PD   | 2020-02-26 | no    | no        | primary
        2020-01-15 | 2020-04-15  | SD   | 2020-02-25 | no    |           | unclassifiable
        2020-01-15 | 2020-02-14  | PD   | 2020-02-12 | yes   |           | primary
        2020-01-15 | 2020-03-11  | PD   | 2020-02-05 |       |           | primary
        2020-01-15 | 2020-03-12  | PD   | 2020-02-05 |       |           | unclassifiable
        2020-01-15 | 2020-12-15  | SD   | 2020-04-15 |       |           | unclassifiable
        2020-01-15 | 2020-12-15  | SD   | 2020-07-15 |       |           | unclassifiable
        2020-01-15 | 2020-12-15  | SD   | 2020-07-16 |       |           | acquired
        2020-01-15 | 2020-12-15  | NE   |            |       |           | acquired
    """)


@rule(
    "resistance",
    en="SITC 2020 (monotherapy): primary needs six weeks of treatment, PD or SD up to six months, and a confirming scan four weeks later; acquired six months of treatment and CR, PR or SD for longer. An early progression after a response meets neither.",
    zh="SITC 2020（单药）：原发须用药满 6 周、6 个月内 PD 或 SD，且 4 周后扫描确认；继发须用药满 6 个月且 CR、PR 或 SD 持续更久。缓解后早期进展两者均不符。",
    source="SITC 2020 (Kluger), table 1",
)
def test_sitc_2020(sheet):
    sheet.resistance("""
        start      | progression | best | last dose  | confirmed | -> sitc_2020_mono
        2020-01-15 | 2020-04-15  | PD   | 2020-02-26 | yes       | primary
        2020-01-15 | 2020-04-15  | PD   | 2020-02-25 | yes       | unclassifiable
        2020-01-15 | 2020-07-15  | SD   | 2020-07-15 | yes       | primary
        2020-01-15 | 2020-04-15  | PD   | 2020-02-26 |           | unconfirmed_primary
        2020-01-15 | 2020-09-15  | SD   | 2020-07-15 | yes       | acquired
        2020-01-15 | 2020-09-15  | SD   | 2020-07-14 | yes       | unclassifiable
        2020-01-15 | 2020-06-15  | PR   | 2020-06-15 | yes       | unclassifiable
        2020-01-15 | 2020-09-15  | PD   | 2020-09-15 | yes       | unclassifiable
    """)


@rule(
    "resistance",
    en="Schoenfeld 2021: acquired is progression after CR or PR, on treatment or within six months of the last dose; everything else is not acquired by definition.",
    zh="Schoenfeld 2021：CR 或 PR 后，于治疗中或末次用药后 6 个月内进展为继发；其余不符合继发定义。",
    source="Schoenfeld 2021",
)
def test_schoenfeld(sheet):
    sheet.resistance("""
        start      | progression | best | last dose  | -> schoenfeld_2021
        2020-01-15 | 2022-04-15  | CR   | 2022-01-15 | acquired
        2020-01-15 | 2022-07-15  | PR   | 2022-01-15 | acquired
        2020-01-15 | 2022-07-16  | PR   | 2022-01-15 | not_acquired_by_definition
        2020-01-15 | 2020-04-15  | PR   |            | acquired
        2020-01-15 | 2020-04-15  | SD   | 2020-04-15 | not_acquired_by_definition
        2020-01-15 | 2020-04-15  | PD   | 2020-04-15 | not_acquired_by_definition
        2020-01-15 | 2020-04-15  | NE   | 2020-04-15 | unclassifiable
    """)
