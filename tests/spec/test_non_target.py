"""Non-target response (RECIST 1.1, 4.3.3)."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "non_target",
    en="Complete response: every non-target lesion absent, nodes below 10 mm. (Tumour markers are not read.) One that persists makes it Non-CR/Non-PD.",
    zh="完全缓解：所有非靶病灶消失，淋巴结<10 mm（不读取肿瘤标志物）。任一持续存在则为 Non-CR/Non-PD。",
    source="RECIST 1.1, 4.3.3",
)
def test_complete_and_persisting(sheet):
    sheet.scans("""
        scan | N1      | N2node | -> other
        base | present | 12     |
        42   | present | 9      | NON_CR_NON_PD
        84   | absent  | 10     | NON_CR_NON_PD
        126  | absent  | 9.9    | CR
    """)


@rule(
    "non_target",
    en="Progression: unequivocal worsening only, as judged by the reader. Modest growth is Non-CR/Non-PD, in words or in millimetres.",
    zh="进展：仅指读片者判定的明确恶化。轻度增大（无论以文字或毫米记录）为 Non-CR/Non-PD。",
    source="RECIST 1.1, 4.3.4",
)
def test_unequivocal_progression_only(sheet):
    sheet.scans("""
        scan | N1                      | N2node | -> other
        base | present                 | 11     |
        42   | increased               | 11     | NON_CR_NON_PD
        84   | present                 | 18     | NON_CR_NON_PD
        126  | unequivocal_progression | 18     | PD
    """)


@rule(
    "non_target",
    en="Where not every non-target lesion was evaluated the response cannot be evaluated; unequivocal progression of another is progression all the same.",
    zh="并非所有非靶病灶均被评估时无法评估；但其中任一明确进展仍判进展。",
    source="RECIST 1.1, tables 1 and 2",
)
def test_not_all_evaluated(sheet):
    sheet.scans("""
        scan | N1                      | N2            | -> other
        base | present                 | present       |
        42   | absent                  | not_evaluated | NE
        84   | absent                  |               | NE
        126  | unequivocal_progression | not_evaluated | PD
    """)


@rule(
    "non_target",
    en="Patients with non-target disease only (table 2): CR, Non-CR/Non-PD, NE or PD; a new lesion is PD whatever else.",
    zh="仅有非靶病灶者（表 2）：CR、Non-CR/Non-PD、NE 或 PD；出现新病灶一律为 PD。",
    source="RECIST 1.1, table 2",
)
def test_table_2(sheet):
    sheet.one_scan("""
        scan | N1                      | NEW1        | -> overall
        base | present                 |             |
        42   | absent                  |             | CR
        42   | present                 |             | NON_CR_NON_PD
        42   | not_evaluated           |             | NE
        42   | unequivocal_progression |             | PD
        42   | absent                  | unequivocal | PD
        42   | present                 | unequivocal | PD
        42   | not_evaluated           | unequivocal | PD
    """)
