"""Overall response: RECIST 1.1, table 1."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "overall",
    en="Table 1, every row: target, non-target and new lesions to the overall response. Any one of the three progressing is PD.",
    zh="表 1 逐行：由靶病灶、非靶病灶与新病灶得总体疗效；三者任一进展即为 PD。",
    source="RECIST 1.1, table 1",
)
def test_table_1(sheet):
    sheet.one_scan("""
        scan | T1            | N1                      | NEW1        | -> overall
        base | 100           | present                 |             |
        42   | 0             | absent                  |             | CR
        42   | 0             | present                 |             | PR
        42   | 0             | not_evaluated           |             | PR
        42   | 60            | present                 |             | PR
        42   | 60            | absent                  |             | PR
        42   | 60            | not_evaluated           |             | PR
        42   | 90            | present                 |             | SD
        42   | 90            | absent                  |             | SD
        42   | 90            | not_evaluated           |             | SD
        42   | not_evaluated | absent                  |             | NE
        42   | not_evaluated | present                 |             | NE
        42   | not_evaluated | not_evaluated           |             | NE
        42   | 130           | absent                  |             | PD
        42   | 130           | not_evaluated           | unequivocal | PD
        42   | 60            | unequivocal_progression |             | PD
        42   | 0             | unequivocal_progression |             | PD
        42   | not_evaluated | unequivocal_progression |             | PD
        42   | 0             | absent                  | unequivocal | PD
        42   | 90            | present                 | unequivocal | PD
        42   | not_evaluated | not_evaluated           | unequivocal | PD
    """)


@rule(
    "overall",
    en="Without non-target lesions the targets alone decide.",
    zh="无非靶病灶时，仅由靶病灶决定。",
    source="RECIST 1.1, table 1, column not applicable",
)
def test_without_non_target_lesions(sheet):
    sheet.scans("""
        scan | T1            | -> target | -> other | -> overall
        base | 100           |           |          |
        42   | 90            | SD        |          | SD
        84   | not_evaluated | NE        |          | NE
        126  | 60            | PR        |          | PR
        168  | 0             | CR        |          | CR
    """)
