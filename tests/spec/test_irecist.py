"""iRECIST: progression that must be confirmed (Seymour 2017)."""

from __future__ import annotations

from spec.rules import rule

SEYMOUR = "iRECIST (Seymour 2017), table 2"


@rule(
    "irecist",
    en="A first progression is unconfirmed (iUPD). Targets confirm it (iCPD) if, at least 28 days later, the sum is 5 mm or more over the sum at the iUPD.",
    zh="首次进展为未确认（iUPD）。至少 28 天后靶病灶总和较 iUPD 时增加≥5 mm，则确认（iCPD）。",
    source=SEYMOUR,
)
def test_targets_confirm(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        84   | 130 | iCPD
        """,
        progressed="56",
        best="iCPD",
    )
    sheet.irecist("""
        scan | sum   | -> response
        base | 100   |
        56   | 125   | iUPD
        84   | 129.9 | iUPD
        112  | 125   | iUPD
    """)
    sheet.irecist("""
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        83   | 140 | iUPD
        84   | 140 | iCPD
    """)


@rule(
    "irecist",
    en="Increments add up: what counts is the growth since the iUPD, over any number of scans.",
    zh="增量可累加：以 iUPD 以来的总增长为准，无论经过几次扫描。",
    source=SEYMOUR,
)
def test_increments_add_up(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | 129 | iUPD
        126  | 131 | iCPD
        """,
        progressed="56",
    )


@rule(
    "irecist",
    en="Non-target progression is confirmed by any further increase; unchanged, it stays iUPD.",
    zh="非靶病灶进展只要再增大即确认；不变则仍为 iUPD。",
    source=SEYMOUR + "; EORTC iRECIST questions",
)
def test_non_target_confirms(sheet):
    sheet.irecist("""
        scan | sum | non-target   | -> response
        base | 100 |              |
        56   | 90  | unequivocal  | iUPD
        91   | 90  | unequivocal  | iUPD
        126  | 90  | unequivocal+ | iCPD
    """)
    sheet.irecist("""
        scan | sum | non-target   | -> response
        base | 100 |              |
        56   | 90  | unequivocal  | iUPD
        70   | 90  | unequivocal+ | iUPD
        91   | 90  | unequivocal  | iCPD
    """)


@rule(
    "irecist",
    en="New target lesions have their own sum, never added to the baseline sum: 5 mm or more since the iUPD confirms. New non-target lesions confirm by any increase; another new lesion confirms too.",
    zh="新靶病灶自成总和，绝不并入基线总和：较 iUPD 时增加≥5 mm 即确认。新非靶病灶任何增大即确认；再出现新病灶亦确认。",
    source=SEYMOUR + "; EORTC iRECIST questions",
)
def test_new_lesions_confirm(sheet):
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 90  | 1   | 12     | iUPD
        91   | 90  | 1   | 16.9   | iUPD
        126  | 90  | 1   | 17     | iCPD
    """)
    sheet.irecist("""
        scan | sum | new | -> response
        base | 100 |     |
        56   | 90  | 1   | iUPD
        91   | 90  | 1   | iUPD
        126  | 90  | 1+  | iCPD
    """)
    sheet.irecist("""
        scan | sum | new | -> response
        base | 100 |     |
        56   | 90  | 1   | iUPD
        91   | 90  | 2   | iCPD
    """)


@rule(
    "irecist",
    en="An iUPD is also confirmed when another category progresses by RECIST: targets, non-target disease or a new lesion.",
    zh="另一类别按 RECIST 进展亦可确认 iUPD：靶病灶、非靶病灶或新病灶。",
    source=SEYMOUR,
)
def test_another_category(sheet):
    sheet.irecist("""
        scan | sum | non-target | new | -> response
        base | 100 |            |     |
        56   | 125 | stable     |     | iUPD
        91   | 125 | stable     | 1   | iCPD
    """)
    sheet.irecist("""
        scan | sum | non-target  | -> response
        base | 100 |             |
        56   | 125 | stable      | iUPD
        91   | 125 | unequivocal | iCPD
    """)
    sheet.irecist("""
        scan | sum | non-target  | -> response
        base | 100 |             |
        56   | 90  | unequivocal | iUPD
        91   | 108 | unequivocal | iCPD
    """)


@rule(
    "irecist",
    en="A scan less than 28 days after the iUPD cannot confirm it, except by an additional new lesion on a scan made for a new symptom. Growth it shows counts at the next scan that may confirm.",
    zh="距 iUPD 不足 28 天的扫描不能确认，除非因新症状加做且见新增病灶。其所见增长在下一次可确认的扫描时计入。",
    source="EORTC iRECIST questions",
)
def test_early_scans(sheet):
    sheet.irecist("""
        scan | sum | new | symptom | -> response
        base | 100 |     |         |
        56   | 90  | 1   |         | iUPD
        70   | 90  | 2   | yes     | iCPD
    """)
    sheet.irecist("""
        scan | sum | new | symptom | -> response
        base | 100 |     |         |
        56   | 90  | 1   |         | iUPD
        70   | 90  | 1+  | yes     | iUPD
        83   | 90  | 2   |         | iUPD
    """)
    sheet.irecist("""
        scan | sum | non-target  | -> response
        base | 100 |             |
        56   | 125 | stable      | iUPD
        70   | 125 | unequivocal | iUPD
        91   | 125 | unequivocal | iCPD
    """)


@rule(
    "irecist",
    en="If the disease shrinks after the iUPD so that iCR, iPR or iSD holds, the bar is reset: the next progression is a new iUPD, dated anew, against the nadir.",
    zh="若 iUPD 后病灶缩小而满足 iCR、iPR 或 iSD，则重新起算：下一次进展为新的 iUPD，重新计日，并以最低值为参照。",
    source=SEYMOUR + "; EORTC iRECIST scenario D",
)
def test_reset(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        42   | 95  | iSD
        84   | 95  | iSD
        126  | 120 | iUPD
        161  | 68  | iPR
        203  | 68  | iPR
        245  | 85  | iUPD
        280  | 91  | iCPD
        """,
        progressed="245",
        best="iPR",
    )
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | 119 | iSD
        126  | 124 | iUPD
        """,
        progressed="126",
    )
    sheet.irecist(
        """
        scan | sum | non-target  | -> response
        base | 100 |             |
        56   | 90  | unequivocal | iUPD
        91   | 90  | stable      | iSD
        126  | 90  | stable      | iSD
        """,
        progressed="",
        best="iSD",
    )
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 90  | 1   | 12     | iUPD
        91   | 60  | 1   | 12     | iPR
        126  | 60  | 1   | 12     | iPR
        161  | 60  | 2   | 12     | iUPD
    """)


@rule(
    "irecist",
    en="A new lesion that is gone again resolves its iUPD.",
    zh="新病灶消失，则其 iUPD 解除。",
    source=SEYMOUR,
)
def test_new_lesion_gone(sheet):
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 90  | 1   | 12     | iUPD
        91   | 90  | 1   | 0      | iSD
    """)
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 90  | 1   |        | iUPD
        91   | 90  | 1   | 0      | iSD
    """)


@rule(
    "irecist",
    en="Targets that progress by a partial sum are iUPD too; growth can then be measured from the next complete sum.",
    zh="靶病灶以不完整总和判进展者亦为 iUPD；其后增长自下一个完整总和起算。",
    source=SEYMOUR + "; RECIST 1.1, 4.4.2",
)
def test_partial_sum(sheet):
    sheet.irecist("""
        scan | sum        | -> response
        base | 100        |
        56   | partial PD | iUPD
        91   | 140        | iUPD
        126  | 145        | iCPD
    """)
    sheet.irecist("""
        scan | sum        | -> response
        base | 100        |
        56   | partial PD | iUPD
        91   | 95         | iSD
    """)


@rule(
    "irecist",
    en="Without any change the iUPD stays: PR, then a new lesion, then nothing changes at all is iUPD, not iPR.",
    zh="毫无变化则仍为 iUPD：先 PR，后新病灶，其后完全不变，判 iUPD 而非 iPR。",
    source="EORTC iRECIST scenario F",
)
def test_scenario_f(sheet):
    sheet.irecist(
        """
        scan | sum | new | -> response
        base | 100 |     |
        56   | 60  |     | iPR
        112  | 60  | 1   | iUPD
        147  | 60  | 1   | iUPD
        """,
        progressed="112",
        best="iPR",
    )


@rule(
    "irecist",
    en="A scan that could not be evaluated neither confirms nor resolves an iUPD.",
    zh="无法评估的扫描既不确认也不解除 iUPD。",
    source="iRECIST (Seymour 2017), table 3",
)
def test_not_evaluable_between(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | NE  | NE
        126  | 131 | iCPD
        """,
        progressed="56",
    )
    sheet.irecist("""
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | NE  | NE
        126  | 125 | iUPD
        161  | 100 | iSD
    """)
    sheet.irecist("""
        scan | sum | new | -> response
        base | 100 |     |
        42   | 100 |     | iSD
        84   | NE  | 1   | iUPD
        119  | 60  | 1   | iPR
    """)


@rule(
    "irecist",
    en="The date of progression is the first iUPD of the block that was confirmed; an iUPD never reassessed (death, deterioration) or never resolved keeps its date.",
    zh="进展日期为被确认的那一段中首个 iUPD；从未复评（死亡、恶化）或从未解除的 iUPD 以其日期为准。",
    source="iRECIST (Seymour 2017); quoted from memory",
)
def test_date_of_progression(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        """,
        progressed="56",
        best="iUPD",
    )
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | 90  | iSD
        126  | 90  | iSD
        """,
        progressed="",
    )


@rule(
    "irecist",
    en="After confirmation every scan that can be evaluated stays iCPD; disease that reappears after iCR is progression, as in RECIST 1.1.",
    zh="确认之后凡可评估的扫描均为 iCPD；iCR 之后病灶再现即为进展，同 RECIST 1.1。",
    source=SEYMOUR + "; RECIST 1.1, table 3",
)
def test_after_confirmation_and_after_icr(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 125 | iUPD
        91   | 131 | iCPD
        126  | 60  | iCPD
        161  | NE  | NE
        """,
        best="iCPD",
    )
    sheet.irecist("""
        scan | sum | non-target | -> response
        base | 100 | stable     |
        56   | 0   | gone       | iCR
        91   | 3   | gone       | iUPD
        126  | 8   | gone       | iCPD
    """)


@rule(
    "irecist",
    en="Without targets, non-target and new lesions decide.",
    zh="无靶病灶时，由非靶病灶与新病灶决定。",
    source=SEYMOUR,
)
def test_without_targets(sheet):
    sheet.irecist("""
        scan | sum | non-target   | -> response
        base |     | stable       |
        56   |     | stable       | iSD
        91   |     | unequivocal  | iUPD
        126  |     | unequivocal+ | iCPD
    """)
    sheet.irecist("""
        scan | sum | non-target | -> response
        base |     | stable     |
        56   |     | gone       | iCR
        91   |     |            | NE
    """)


@rule(
    "irecist",
    en="The best response is the best before confirmed progression (eight examples); CR and PR need no confirmation.",
    zh="最佳疗效为确认进展之前的最好者（八例）；CR、PR 不要求确认。",
    source="iRECIST (Seymour 2017), table 3",
)
def test_best_response(sheet):
    sheet.irecist_best("""
        responses                    | -> best
        iCR, iCR, iPR, iUPD, iCPD    | iCR
        iUPD, iPR, iCR, iCR, iUPD    | iCR
        iUPD, iPR, iSD, iPR, iCPD    | iPR
        iUPD, iSD, iPR, iUPD, NE     | iPR
        iUPD, iSD, NE, iUPD, iCPD    | iSD
        iUPD, NE, NE, NE, NE         | iUPD
        iUPD, iUPD, iCPD, NE, NE     | iCPD
        iUPD, iCPD, iPR, iCR, iCR    | iCPD
        NE, NE                       | NE
    """)


@rule(
    "irecist",
    en="The same lesion rows give both readings: pseudoprogression is PD by RECIST 1.1 and a resolved iUPD by iRECIST.",
    zh="同一组病灶记录给出两种判读：假性进展按 RECIST 1.1 为 PD，按 iRECIST 为其后解除的 iUPD。",
    source="iRECIST (Seymour 2017)",
)
def test_from_lesions(sheet):
    sheet.scans("""
        scan | T1  | N1        | -> overall | -> iRECIST
        base | 50  | present   |            |
        42   | 62  | present   | PD         | iUPD
        77   | 30  | present   | PR         | iPR
        119  | 28  | present   | PR         | iPR
        161  | 36  | present   | PD         | iUPD
        196  | 42  | present   | PD         | iCPD
    """)
    sheet.scans("""
        scan | T1  | NEW1 | -> overall | -> iRECIST
        base | 50  |      |            |
        42   | 48  | 12   | PD         | iUPD
        77   | 48  | 17   | PD         | iCPD
    """)
