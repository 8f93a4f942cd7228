"""Which baseline lesions become targets (RECIST 1.1, sections 3 and 4.1)."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "selection",
    en="A node with a short axis of 15 mm or more can be measured; from 10 mm to less than 15 mm it is pathological, a non-target lesion; below 10 mm it is normal.",
    zh="淋巴结短径≥15 mm 为可测量病灶；10 mm 至不足 15 mm 为病理性淋巴结，记作非靶病灶；<10 mm 为正常。",
    source="RECIST 1.1 (Eisenhauer 2009), 3.1",
)
def test_node_sizes(sheet):
    sheet.selection("""
        lesion | organ      | mm   | -> role
        1      | lymph_node | 15.0 | target
        2      | lymph_node | 14.9 | non_target
        3      | lymph_node | 10.0 | non_target
        4      | lymph_node | 9.9  | not_disease
    """)


@rule(
    "selection",
    en="Any other lesion can be measured from 10 mm; on slices thicker than 5 mm, from twice the slice; on a chest X-ray, from 20 mm; with calipers, from 10 mm. What cannot be measured is non-target.",
    zh="其他病灶≥10 mm 可测量；层厚超过 5 mm 时须≥2 倍层厚；胸部 X 线须≥20 mm；卡尺测量须≥10 mm。不可测量者为非靶病灶。",
    source="RECIST 1.1, 3.1",
)
def test_other_sizes(sheet):
    sheet.selection("""
        lesion | organ  | mm   | slice | modality | -> role
        1      | lung   | 10.0 |       | ct       | target
        2      | liver  | 9.9  |       | ct       | non_target
        3      | kidney | 10.0 | 5     | ct       | target
        4      | spleen | 15.9 | 8     | ct       | non_target
        5      | brain  | 16.0 | 8     | mri      | target
    """)
    sheet.selection("""
        lesion | organ | mm   | slice | modality | -> role
        1      | lung  | 20.0 |       | xray     | target
        2      | lung  | 19.9 |       | xray     | non_target
        3      | skin  | 10.0 |       | clinical | target
        4      | skin  | 9.9  |       | clinical | non_target
    """)


@rule(
    "selection",
    en="At most two targets an organ, the largest first; the rest are non-target.",
    zh="每个器官至多 2 个靶病灶，先取最大者；其余为非靶病灶。",
    source="RECIST 1.1, 4.1",
)
def test_two_an_organ(sheet):
    sheet.selection("""
        lesion | organ | mm | -> role
        1      | lung  | 50 | target
        2      | lung  | 40 | target
        3      | lung  | 30 | non_target
        4      | liver | 60 | target
        5      | liver | 25 | target
        6      | liver | 20 | non_target
    """)


@rule(
    "selection",
    en="Both lungs are one organ, both kidneys are one, and all lymph nodes together are one.",
    zh="双肺合为一个器官，双肾合为一个器官，全身淋巴结合为一个器官。",
    source="RECIST 1.1, 4.1; EORTC RECIST questions, paired organs",
)
def test_paired_organs_and_nodes(sheet):
    sheet.selection("""
        lesion | organ      | side  | mm | -> role
        1      | lung       | left  | 40 | target
        2      | lung       | left  | 35 | target
        3      | lung       | right | 30 | non_target
        4      | lymph_node | left  | 22 | target
        5      | lymph_node | right | 20 | target
        6      | lymph_node |       | 18 | non_target
    """)


@rule(
    "selection",
    en="At most five targets in all; every organ is represented before a second lesion of any.",
    zh="靶病灶总数至多 5 个；先使每个器官各有代表，再取同一器官的第二个病灶。",
    source="RECIST 1.1, 4.1",
)
def test_five_in_all(sheet):
    sheet.selection("""
        lesion | organ       | mm | -> role
        1      | lung        | 60 | target
        2      | liver       | 50 | target
        3      | adrenal     | 40 | target
        4      | spleen      | 30 | target
        5      | kidney      | 20 | target
        6      | soft_tissue | 12 | non_target
    """)
    sheet.selection("""
        lesion | organ   | mm | -> role
        1      | lung    | 60 | target
        2      | lung    | 55 | target
        3      | liver   | 50 | target
        4      | liver   | 45 | non_target
        5      | adrenal | 12 | target
        6      | spleen  | 11 | target
    """)


@rule(
    "selection",
    en="A bone lesion may be a target if it is lytic with a soft-tissue part that can be measured; a blastic one never. Effusions, leptomeningeal, lymphangitic, peritoneal and marrow disease cannot be measured.",
    zh="溶骨性病灶伴可测量软组织成分时可作靶病灶；成骨性病灶不可。积液、软脑膜、癌性淋巴管炎、腹膜及骨髓病变均不可测量。",
    source="RECIST 1.1, 3.1.2 and 3.2",
)
def test_truly_non_measurable(sheet):
    sheet.selection("""
        lesion | organ       | mm | bone    | soft tissue | diffuse            | -> role
        1      | bone        | 30 | lytic   | yes         |                    | target
        2      | bone        | 30 | lytic   | no          |                    | non_target
        3      | bone        | 30 | lytic   |             |                    | non_target
        4      | bone        | 40 | blastic | yes         |                    | non_target
        5      | pleura      | 40 |         |             | malignant_effusion | non_target
        6      | brain       | 20 |         |             | leptomeningeal     | non_target
        7      | lung        | 30 |         |             | lymphangitic       | non_target
        8      | peritoneum  | 30 |         |             | peritoneal         | non_target
        9      | lung        |    |         |             |                    | non_target
    """)


@rule(
    "selection",
    en="A lesion that was irradiated before is no target unless it has progressed since.",
    zh="既往放疗过的病灶不作靶病灶，除非其后已进展。",
    source="RECIST 1.1, 3.2",
)
def test_irradiated_before(sheet):
    sheet.selection("""
        lesion | organ | mm | irradiated | grown since | -> role
        1      | lung  | 40 | yes        | no          | non_target
        2      | liver | 40 | yes        | yes         | target
        3      | lung  | 20 |            |             | target
    """)
