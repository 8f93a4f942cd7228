"""New lesions (RECIST 1.1, 4.3.5)."""

from __future__ import annotations

from spec.rules import rule

QUESTIONS = "EORTC RECIST questions: does a new lesion always result in PD"


@rule(
    "new",
    en="An unequivocal new lesion is progression, however small the sum.",
    zh="明确的新病灶即为进展，无论总和多小。",
    source="RECIST 1.1, 4.3.5 and table 1",
)
def test_unequivocal(sheet):
    sheet.scans("""
        scan | T1 | NEW1        | -> target | -> overall
        base | 50 |             |           |
        42   | 20 |             | PR        | PR
        84   | 10 | unequivocal | PR        | PD
    """)


@rule(
    "new",
    en="An equivocal new lesion alone changes nothing. If it is confirmed later, progression is dated to the scan that first showed it, through any number of equivocal scans.",
    zh="仅有可疑新病灶不改变疗效。若后来证实，则进展日期追溯至首次发现的扫描，无论其间可疑几次。",
    source="RECIST 1.1, 4.3.5",
)
def test_equivocal_then_confirmed(sheet):
    sheet.scans("""
        scan | T1 | NEW1      | -> overall
        base | 50 |           |
        42   | 48 | equivocal | SD
        84   | 48 | equivocal | SD
    """)
    sheet.scans("""
        scan | T1 | NEW1          | -> overall | -> dated
        base | 50 |               |            |
        42   | 48 |               | SD         | 42
        84   | 48 | equivocal     | PD         | 84
        126  | 48 | equivocal     | PD         | 126
        168  | 48 | not_evaluated | SD         | 168
        210  | 48 | unequivocal   | PD         | 210
    """)


@rule(
    "new",
    en="A suspicion that has vanished was nothing; if it comes back, it counts from there.",
    zh="可疑病灶消失则不算；若再次出现，从再次出现时起计。",
    source="RECIST 1.1, 4.3.5",
)
def test_equivocal_then_absent(sheet):
    sheet.scans("""
        scan | T1 | NEW1        | -> overall
        base | 50 |             |
        42   | 48 | equivocal   | SD
        84   | 48 | absent      | SD
        126  | 48 | equivocal   | PD
        168  | 48 | unequivocal | PD
    """)


@rule(
    "new",
    en="A lesion in a region that was not scanned at baseline counts as new.",
    zh="基线未扫描区域中发现的病灶按新病灶计。",
    source="RECIST 1.1, 4.3.5",
)
def test_region_not_scanned_at_baseline(sheet):
    sheet.scans("""
        scan | T1 | NEW1brain-unscanned | -> overall
        base | 50 |                     |
        42   | 48 | unequivocal         | PD
    """)


@rule(
    "new",
    en="FDG-PET, first branch: negative at baseline and positive now is progression.",
    zh="FDG-PET 之一：基线阴性、现为阳性，判进展。",
    source="RECIST 1.1, 4.3.5",
)
def test_pet_negative_at_baseline(sheet):
    sheet.scans("""
        scan | T1 | NEW1         | -> overall
        base | 50 | PET negative |
        42   | 48 | PET positive | PD
    """)


@rule(
    "new",
    en="FDG-PET, second branch: no PET at baseline, positive now, and CT confirms a new site: progression.",
    zh="FDG-PET 之二：基线未做 PET，现为阳性且 CT 证实为新部位，判进展。",
    source="RECIST 1.1, 4.3.5",
)
def test_pet_confirmed_by_ct(sheet):
    sheet.scans("""
        scan | T1 | NEW1                      | -> overall
        base | 50 |                           |
        42   | 48 | PET positive, CT confirms | PD
    """)


@rule(
    "new",
    en="FDG-PET, third branch: no PET at baseline and CT does not show it yet: wait. If CT shows it later, progression is dated to the PET.",
    zh="FDG-PET 之三：基线未做 PET，CT 尚未显示：等待。若 CT 后来显示，进展日期追溯至该次 PET。",
    source="RECIST 1.1, 4.3.5",
)
def test_pet_waiting_for_ct(sheet):
    sheet.scans("""
        scan | T1 | NEW1                      | -> overall | -> dated
        base | 50 |                           |            |
        42   | 48 | PET positive, CT negative | PD         | 42
        84   | 48 | unequivocal               | PD         | 84
    """)
    sheet.scans("""
        scan | T1 | NEW1                      | -> overall
        base | 50 |                           |
        42   | 48 | PET positive, CT negative | SD
        84   | 48 | PET negative              | SD
        126  | 48 | unequivocal               | PD
    """)


@rule(
    "new",
    en="FDG-PET, fourth branch: uptake at a known site that does not grow on CT is not progression.",
    zh="FDG-PET 之四：已知部位摄取增高但 CT 未见增大，不判进展。",
    source="RECIST 1.1, 4.3.5",
)
def test_pet_at_a_known_site(sheet):
    sheet.scans("""
        scan | T1 | N1           | NEW1                      | -> overall
        base | 50 | present      |                           |
        42   | 48 | present      | PET positive, CT negative | SD
        84   | 48 | present      |                           | SD
    """)


@rule(
    "new",
    en="A new node is a new lesion from 10 mm short axis on; below, it is not pathological. It is dated to the scan at which it reached 10 mm.",
    zh="新淋巴结短径达 10 mm 方为新病灶，不足者不属病理性淋巴结；日期取其达到 10 mm 的那次扫描。",
    source="RECIST 1.1, 3.1; EORTC RECIST questions, new lymph node lesions",
)
def test_new_node(sheet):
    sheet.scans("""
        scan | T1 | NEW1node | -> overall | -> dated
        base | 30 |          |            |
        56   | 28 | 8        | SD         | 56
        98   | 28 | 9.9      | SD         | 98
        140  | 28 | 10       | PD         | 140
    """)
    sheet.scans("""
        scan | T1 | NEW1node  | -> overall
        base | 30 |           |
        56   | 28 | too_small | SD
        98   | 28 | absent    | SD
    """)


@rule(
    "new",
    en="After a complete overall response, any disease that reappears is progression: targets below 5 mm, target nodes of 10 mm or more, non-target lesions. A node that stays below 10 mm is not disease, and a non-target node has reappeared only if it progressed unequivocally: until then it is read as still gone.",
    zh="总体疗效达完全缓解后，任何再现的病灶均为进展：靶病灶<5 mm 亦然，靶淋巴结≥10 mm、非靶病灶均算；仍<10 mm 的淋巴结不算病灶。非靶淋巴结仅在明确进展时算再现，此前仍按消失计。",
    source="RECIST 1.1, table 3, footnote a; EORTC RECIST questions, abnormal lymph node; " + QUESTIONS,
)
def test_reappearance_after_complete_response(sheet):
    sheet.scans("""
        scan | T1 | -> overall | -> cause
        base | 20 |            |
        42   | 0  | CR         |
        84   | 4  | PD         | reappearance
    """)
    sheet.scans("""
        scan | T1node | T2 | -> overall | -> cause
        base | 20     | 20 |            |
        42   | 8      | 0  | CR         |
        84   | 9.9    | 0  | CR         |
        126  | 10     | 0  | PD         | reappearance
    """)
    sheet.scans("""
        scan | T1 | N1            | -> overall | -> cause
        base | 20 | present       |            |
        42   | 0  | absent        | CR         |
        84   | 0  | not_evaluated | PR         |
        126  | 0  | present       | PD         | reappearance
    """)
    sheet.scans("""
        scan | N1      | N2node                  | -> other | -> overall | -> cause
        base | present | 12                      |          |            |
        42   | absent  | 9                       | CR       | CR         |
        84   | absent  | 10                      | CR       | CR         |
        126  | absent  | unequivocal_progression | PD       | PD         | non_target+reappearance
    """)
