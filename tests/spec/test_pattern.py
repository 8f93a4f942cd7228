"""Progression pattern at the first progression (definitions: oligoscope.clinical.progression_rules)."""

from __future__ import annotations

from spec.rules import rule

OWN = "Oligoscope's own rule; no published source fixes a rule per lesion"


@rule(
    "pattern",
    en="A lesion progresses if it is at least 20 % and 5 mm over its own nadir; or was read as unequivocal progression; or is unequivocally new. An equivocal new lesion does not count.",
    zh="单个病灶较其自身最低值增大≥20% 且≥5 mm，或判为明确进展，或为明确新病灶，即为进展病灶。可疑新病灶不计。",
    source=OWN + "; RECIST 1.1 limits applied to the lesion",
)
def test_which_lesions_progress(sheet):
    sheet.progression(
        """
        scan | T1 | T2liver | T3adrenal | T4bone | N1brain                 | NEW1liver   | NEW2bone
        base | 15 | 40      | 25        | 30     | present                 |             |
        42   | 15 | 40      | 25        | 20     | present                 |             |
        84   | 19 | 45      | 30        | 24     | unequivocal_progression | unequivocal | equivocal
        """,
        below={
            "progressing": "N1brain, NEW1liver, T3adrenal", "lesions": "3", "organs": "adrenal;brain;liver",
            "pattern": "oligoprogression", "failure": "combined",
        },
    )  # fmt: skip


@rule(
    "pattern",
    en="The lesion's reference is its nadir before the progression; the scan before, as a setting.",
    zh="病灶的参照为进展前自身最低值；也可设置为上一次扫描。",
    source=OWN + "; previous scan: EXTEND-OP (NCT06367972)",
)
def test_lesion_reference(sheet):
    drawing = """
        scan | T1 | T2liver | NEW1bone
        base | 30 | 20      |
        42   | 20 | 20      |
        84   | 24 | 20      |
        126  | 26 | 20      | unequivocal
    """
    sheet.progression(drawing, below={"progressing": "NEW1bone, T1", "failure": "combined"})
    sheet.progression(
        drawing, below={"progressing": "NEW1bone", "failure": "new"}, lesion_reference="previous"
    )


@rule(
    "pattern",
    en="Every recorded lesion counts, not only the (at most five) targets.",
    zh="计数以全部记录的病灶为准，不限于（至多 5 个）靶病灶。",
    source=OWN,
)
def test_measured_non_targets_count(sheet):
    sheet.progression(
        """
        scan | T1 | N1liver | N2bone | NEW1
        base | 40 | 9       | 9      |
        42   | 40 | 16      | 10     | unequivocal
        """,
        below={"progressing": "N1liver, NEW1", "lesions": "2"},
    )


@rule(
    "pattern",
    en="The pattern has a separate window (28 days on either side, a setting): of lesions not evaluated at the progression, the first scan after it or, without one, the last before it shows whether they progress. Response and date do not change.",
    zh="进展模式另有其窗（前后各 28 天，可设置）：进展当次未评估的病灶，以其后首次、否则以其前末次扫描判定是否进展。疗效与日期不变。",
    source="Oligoscope's own rule",
)
def test_window_of_the_pattern(sheet):
    after = """
        scan | T1 | N1bone                  | NEW1brain
        base | 20 | present                 |
        56   | 40 |                         |
        75   |    | unequivocal_progression | unequivocal
    """
    sheet.progression(after, below={"progressing": "N1bone, NEW1brain, T1", "failure": "combined"})
    sheet.progression(after, below={"progressing": "T1", "failure": "existing"}, window_days=14)
    before = """
        scan | T1 | T2liver | NEW1brain
        base | 20 | 20      |
        56   | 20 | 26      |
        80   |    |         | unequivocal
    """
    sheet.progression(before, below={"progressing": "NEW1brain, T2liver"})
    sheet.progression(before, below={"progressing": "NEW1brain"}, window_days=14)
    sheet.progression(
        """
        scan | T1 | NEW1brain
        base | 20 |
        56   | 40 |
        75   | 40 |
        78   |    | unequivocal
        """,
        below={"progressing": "T1"},
    )


@rule(
    "pattern",
    en="The pattern is read at the first progression only: scans of that time point count; from the scan on that sees one of its lesions again, none does.",
    zh="仅在首次进展时判定模式：该时间点内的扫描计入；自其病灶再次被扫描起，其后的不计。",
    source=OWN,
)
def test_first_progression_only(sheet):
    drawing = """
        scan | T1 | T2liver | NEW1brain   | NEW2bone
        base | 40 | 30      |             |
        42   | 60 | 30      |             |
        {day}   |    |         | unequivocal |
        150  | 70 | 30      | unequivocal | unequivocal
    """
    sheet.progression(drawing.format(day=52), {"progressing": "NEW1brain, T1", "failure": "combined"})
    sheet.progression(drawing.format(day=80), {"progressing": "T1", "failure": "existing"})


@rule(
    "pattern",
    en="Merged lesions keep one identity: what grew is compared with the members' sum; split lesions likewise.",
    zh="融合病灶视为一个：与各成员之和比较；分裂病灶同理。",
    source="RECIST 1.1, 4.3.2, applied to the lesion",
)
def test_merged_and_split_are_one_lesion(sheet):
    sheet.progression(
        """
        scan | T1 | T2        | T3liver | NEW1bone
        base | 20 | 15        | 30      |
        42   | 36 | merged:T1 | 12+10   |
        84   | 38 | merged:T1 | 14+15   | unequivocal
        """,
        below={"progressing": "NEW1bone, T3liver", "lesions": "2"},
    )
    sheet.progression(
        """
        scan | T1 | T2        | T3liver
        base | 20 | 15        | 20
        42   | 60 | merged:T1 | 20
        """,
        below={"progressing": "T1", "lesions": "1"},
    )
    # T1 into T2, T2 into T3: 55 mm against 58 of them all.
    sheet.progression(
        """
        scan | T1        | T2        | T3 | N1brain | NEW1bone
        base | 20        | 20        | 20 | present |
        56   | merged:T2 | 38        | 20 | present |
        112  | merged:T2 | merged:T3 | 55 | present | unequivocal
        """,
        below={"progressing": "NEW1bone", "lesions": "1", "failure": "new"},
    )


@rule(
    "pattern",
    en="A node below 10 mm is normal and no progressing lesion, however much it grew; nor is a non-target node that is seen again after CR, unless it was read as unequivocal progression.",
    zh="短径不足 10 mm 的淋巴结为正常，无论增大多少均不计为进展病灶；CR 后再次可见的非靶淋巴结亦不计，除非判读为明确进展。",
    source="RECIST 1.1, 4.3.1; EORTC RECIST questions",
)
def test_nodes_that_do_not_progress(sheet):
    sheet.progression(
        """
        scan | T1 | T2node | N1bone  | NEW1liver
        base | 50 | 16       | present |
        56   | 50 | 4        | present |
        112  | 50 | 9.5      | present | unequivocal
        """,
        below={"progressing": "NEW1liver", "lesions": "1", "failure": "new"},
    )
    sheet.progression(
        """
        scan | T1 | T2node | N1bone  | NEW1liver
        base | 50 | 16       | present |
        56   | 50 | 4        | present |
        112  | 50 | 10       | present | unequivocal
        """,
        below={"progressing": "NEW1liver, T2node", "lesions": "2", "failure": "combined"},
    )
    sheet.progression(
        """
        scan | T1 | T2node | T3node
        base | 30 | 16       | 16
        56   | 10 | 6        | 6
        112  | 14 | 9        | 9
        """,
        below={"progressing": "T1", "lesions": "1", "flags": "fallback_used"},
    )
    drawing = """
        scan | T1 | N1node | N2bone
        base | 50 | 12       | present
        56   | 0  | 8        | absent
        112  | 0  | {node}   | present
    """
    sheet.progression(drawing.format(node="11"), below={"progressing": "N2bone", "lesions": "1"})
    sheet.progression(
        drawing.format(node="unequivocal_progression"),
        below={"progressing": "N1node, N2bone", "lesions": "2"},
    )


@rule(
    "pattern",
    en="Where the sum progressed but no single lesion did, the targets that grew by 20 % are taken, and the patient is flagged.",
    zh="总和已进展而无单个病灶达标时，取增大≥20% 的靶病灶，并作标记。",
    source=OWN,
)
def test_fallback(sheet):
    sheet.progression(
        """
        scan | T1   | T2liver | T3adrenal
        base | 20   | 20      | 20
        42   | 24.5 | 24.5    | 24.5
        """,
        below={
            "progressing": "T1, T2liver, T3adrenal", "lesions": "3", "pattern": "oligoprogression", "flags": "fallback_used",
        },
    )  # fmt: skip


@rule(
    "pattern",
    en="The default: at most five progressing lesions in any number of organs. Six are systemic.",
    zh="默认：进展病灶至多 5 个，器官数不限。6 个即为广泛进展。",
    source="ESTRO-ASTRO consensus (Lievens 2020); CURB; HALT",
)
def test_five_or_six(sheet):
    sheet.pattern("""
        progressing                  | stable | -> lesions | -> organs | -> pattern      | -> failure
        1 liver                      | 2 lung | 1          | 1         | oligoprogression | existing
        5 new liver                  | 2 lung | 5          | 1         | oligoprogression | new
        6 new liver                  | 2 lung | 6          | 1         | systemic         | new
        2 liver, 1 bone, 2 new brain | 3 lung | 5          | 3         | oligoprogression | combined
        2 liver, 1 bone, 3 new brain | 3 lung | 6          | 3         | systemic         | combined
    """)


@rule(
    "pattern",
    en="The named definitions, each at its limit. Diffuse disease is systemic in all of them.",
    zh="各命名定义在其界值处的判定。弥漫性病变在任一定义下均为广泛进展。",
    source="see the table of definitions",
)
def test_every_definition_at_its_limits(sheet):
    sheet.pattern("""
        definition   | progressing                                           | stable | -> pattern
        astro_estro5 | 5 new liver                                           | 2 lung | oligoprogression
        astro_estro5 | 6 new liver                                           | 2 lung | systemic
        huang2025    | 5 new liver                                           | 2 lung | oligoprogression
        huang2025    | 6 new liver                                           | 2 lung | systemic
        strict3      | 3 new liver                                           | 2 lung | oligoprogression
        strict3      | 4 new liver                                           | 2 lung | systemic
        dingemans    | 2 new liver, 2 new bone, 1 new adrenal                | 2 lung | oligoprogression
        dingemans    | 1 new liver, 1 new bone, 1 new adrenal, 1 new brain   | 2 lung | systemic
        dingemans    | 6 new liver                                           | 2 lung | systemic
        br38         | 3 new lung, 2 new bone, 3 new brain                   | 2 lung | oligoprogression
        br38         | 3 new lung, 3 new bone                                | 2 lung | systemic
        chai2021     | 6 new liver, 6 new bone                               | 2 lung | oligoprogression
        chai2021     | 1 new liver, 1 new bone, 1 new adrenal                | 2 lung | systemic
        core         | 2 new liver, 1 new bone                               | 2 lung | oligoprogression
        core         | 3 new liver, 1 new bone                               | 2 lung | systemic
        core         | 1 new liver, 1 new bone, 1 new adrenal                | 2 lung | systemic
        chai2021     | 1 new peritoneum diffuse:peritoneal                   | 2 lung | systemic
        core         | 1 new pleura diffuse:malignant_effusion               | 2 lung | systemic
    """)


@rule(
    "pattern",
    en="Diffuse disease is systemic at any count: leptomeningeal, malignant effusion, peritoneal, lymphangitic, marrow, innumerable lesions.",
    zh="弥漫性病变无论数目均为广泛进展：软脑膜、恶性积液、腹膜、癌性淋巴管炎、骨髓、无法计数的病灶。",
    source="ESMO 2023 (second-hand); Dingemans 2019",
)
def test_diffuse_disease(sheet):
    sheet.pattern("""
        progressing                                | stable | -> lesions | -> pattern
        1 new brain diffuse:leptomeningeal         | 2 lung | 1          | systemic
        1 new pleura diffuse:malignant_effusion    | 2 lung | 1          | systemic
        1 new peritoneum diffuse:peritoneal        | 2 lung | 1          | systemic
        1 new lung diffuse:lymphangitic            | 2 lung | 1          | systemic
        1 new bone diffuse:marrow                  | 2 lung | 1          | systemic
        1 new lung diffuse:innumerable             | 2 lung | 1          | systemic
        1 new liver                                | 1 pleura diffuse:malignant_effusion, 1 lung | 1 | oligoprogression
    """)


@rule(
    "pattern",
    en="Nodes of one station count once; each node, or one a region of stations, as settings. Nodes without a station count each. All nodes are one organ.",
    zh="同站淋巴结计 1 个；可设置为逐个计数或按区域计数。未注明站别者逐个计数。全部淋巴结为一个器官。",
    source=OWN + "; regions: IASLC node map",
)
def test_node_counting(sheet):
    row = "2 new lymph_node@4R, 1 new lymph_node@2R, 1 new lymph_node@7 | 3 lung"
    for counting, n in (("station", 3), ("lesion", 4), ("region", 2)):
        sheet.pattern(
            f"""
            progressing | stable | -> lesions | -> organs
            {row} | {n} | 1
            """,
            node_counting=counting,
        )
    sheet.pattern("""
        progressing                             | stable | -> lesions | -> pattern
        3 new lymph_node                        | 3 lung | 3          | oligoprogression
        6 new lymph_node@4R                     | 3 lung | 1          | oligoprogression
    """)


@rule(
    "pattern",
    en="Mediastinal, hilar and intrapulmonary nodes (stations 2 to 14) are no organ under Dingemans; supraclavicular nodes (station 1) are.",
    zh="Dingemans 定义下，纵隔、肺门及肺内淋巴结（2~14 站）不计为器官；锁骨上淋巴结（1 站）计。",
    source="Dingemans 2019, EORTC consensus",
)
def test_mediastinal_nodes(sheet):
    sheet.pattern("""
        definition | progressing                                                    | stable | -> pattern
        dingemans  | 1 new liver, 1 new bone, 1 new adrenal, 1 new lymph_node@4R    | 2 lung | oligoprogression
        dingemans  | 1 new liver, 1 new bone, 1 new adrenal, 1 new lymph_node@10L   | 2 lung | oligoprogression
        dingemans  | 1 new liver, 1 new bone, 1 new adrenal, 1 new lymph_node@1R    | 2 lung | systemic
        dingemans  | 1 new liver, 1 new bone, 1 new adrenal, 1 new lymph_node       | 2 lung | systemic
    """)


@rule(
    "pattern",
    en="Brain lesions count (BR38: they do not); the counts inside and outside the brain are always reported, and the patient is flagged.",
    zh="脑病灶计入（BR38 不计）；颅内、颅外数目始终分别报告，并作标记。",
    source="CCTG BR38; HALT",
)
def test_brain(sheet):
    sheet.pattern("""
        definition   | progressing             | stable | -> outside | -> brain | -> pattern       | -> flags
        br38         | 4 new lung, 2 new brain | 1 bone | 4          | 2        | oligoprogression | intracranial_progression
        astro_estro5 | 4 new lung, 2 new brain | 1 bone | 4          | 2        | systemic         | intracranial_progression
        astro_estro5 | 4 new lung              | 1 bone | 4          | 0        | oligoprogression |
        br38         | 2 new brain             | 1 bone | 0          | 2        | oligoprogression | intracranial_progression
    """)


@rule(
    "pattern",
    en="Whether other lesions are controlled: by default the lack of it is only flagged. Under Huang 2025 (majority) the primary, where known, and more than half of the other lesions must not progress.",
    zh="其余病灶是否受控：默认仅作标记。按 Huang 2025（majority），原发灶（若已知）及其余多数病灶须未进展。",
    source="Huang 2025; setting progression.controlled",
)
def test_control_of_other_lesions(sheet):
    sheet.pattern("""
        definition   | progressing           | stable           | -> pattern       | -> flags
        astro_estro5 | 2 liver               |                  | oligoprogression | no_controlled_lesion
        astro_estro5 | 2 liver               | 1 lung           | oligoprogression |
        huang2025    | 2 liver               | 3 lung           | oligoprogression |
        huang2025    | 2 liver               | 2 lung           | systemic         |
        huang2025    | 3 liver               | 2 lung           | systemic         |
        huang2025    | 2 liver               |                  | systemic         | no_controlled_lesion
        huang2025    | 1 liver               |                  | oligoprogression | no_controlled_lesion
        huang2025    | 1 primary lung        | 4 liver          | systemic         |
        huang2025    | 1 liver               | 1 primary lung, 2 bone | oligoprogression |
        huang2025    | 2 new liver           | 1 primary lung   | oligoprogression |
    """)
    sheet.pattern(
        """
        definition   | progressing    | stable  | -> pattern       | -> flags
        huang2025    | 1 primary lung | 4 liver | oligoprogression |
        astro_estro5 | 2 liver        |         | oligoprogression |
        """,
        controlled="off",
    )


@rule(
    "pattern",
    en="Lesions not evaluated at the progression could lift the count over the limit: then the pattern is a lower bound, and flagged.",
    zh="进展时未评估的病灶可能使数目超限：此时模式为下限，并作标记。",
    source=OWN,
)
def test_lower_bound(sheet):
    sheet.pattern("""
        progressing | not evaluated | stable | -> lesions | -> pattern       | -> flags
        4 new liver | 2 lung        |        | 4          | oligoprogression | lower_bound
        4 new liver | 1 lung        |        | 4          | oligoprogression |
        6 new liver | 1 lung        |        | 6          | systemic         |
    """)


@rule(
    "pattern",
    en="Failure is existing (known lesions grew), new (new lesions only) or combined.",
    zh="失败类型：原有（已知病灶增大）、新发（仅新病灶）或混合。",
    source="Chai 2021; Heo 2021",
)
def test_failure(sheet):
    sheet.pattern("""
        progressing          | stable | -> failure
        1 liver              | 2 lung | existing
        1 new liver          | 2 lung | new
        1 liver, 1 new bone  | 2 lung | combined
    """)
