"""iRECIST: progression that must be confirmed (Seymour 2017)."""

from __future__ import annotations

from spec.rules import rule

SEYMOUR = "iRECIST (Seymour 2017), table 2"
QUESTIONS = "EORTC iRECIST questions"
NEW_LESIONS = QUESTIONS + ", how do new lesions define progression"
AFTER_NEW = QUESTIONS + ", assigning response after new lesions"
NON_TARGET = QUESTIONS + ", iUPD driven by non-target disease"
EARLY = QUESTIONS + ", imaging less than four weeks after iUPD"
PR_STAYS = QUESTIONS + ", managing PR when measurements change slightly"


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
    source=SEYMOUR + "; " + NON_TARGET,
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
    source=SEYMOUR + "; " + NEW_LESIONS,
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
    source=EARLY,
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
    sheet.irecist("""
        scan | sum | non-target   | -> response
        base | 100 |              |
        56   | 90  | unequivocal  | iUPD
        70   | 90  | unequivocal+ | iUPD
        91   | 90  | stable       | iSD
    """)


@rule(
    "irecist",
    en="The EORTC's example: new liver lesions, a scan for new symptoms 14 days later with a lesion in a new site, and one after 4.5 weeks with a further lesion and 5 mm more. Either confirms; without the symptom only the later one.",
    zh="EORTC 示例：肝脏新病灶；14 天后因新症状扫描，另一部位见新病灶；4.5 周后再见新病灶且原新病灶增大 5 mm。两次均可确认；若非因症状加做，则仅后者确认。",
    source=EARLY,
)
def test_early_scan_of_the_example(sheet):
    drawing = """
        scan | sum | new | new mm | symptom | -> response
        base | 100 |     |        |         |
        112  | 100 | 2   | 30     |         | iUPD
        126  | 100 | 3   | 42     | {asked}     | {early}
        144  | 100 | 4   | 62     |         | iCPD
    """
    sheet.irecist(drawing.format(asked="yes", early="iCPD"), progressed="112")
    sheet.irecist(drawing.format(asked="   ", early="iUPD"), progressed="112")
    sheet.irecist(
        """
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        112  | 100 | 2   | 30     | iUPD
        126  | 100 | 3   | 42     | iUPD
        144  | 100 | 3   | 42     | iCPD
        """,
        progressed="112",
    )


@rule(
    "irecist",
    en="If nothing progresses any more after the iUPD and a category has become better, so that iCR, iPR or iSD holds, the bar is reset: the next progression is a new iUPD, dated anew, against the nadir.",
    zh="若 iUPD 后不再有任何进展，且某一类别转好而满足 iCR、iPR 或 iSD，则重新起算：下一次进展为新的 iUPD，重新计日，并以最低值为参照。",
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
    en="Shrinkage within a category resets nothing: targets that are smaller and still iSD (or still iPR) beside an unchanged new lesion, or a new lesion less than 30 % smaller, leave the iUPD as it is, and growth is still counted from it.",
    zh="类别不变的缩小不重新起算：新病灶不变而靶病灶缩小但仍为 iSD（或仍为 iPR），或新病灶缩小不足 30%，则仍为 iUPD，其后的增长仍自其起算。",
    source="Oligoscope's own rule; " + AFTER_NEW,
)
def test_shrinkage_within_a_category(sheet):
    sheet.irecist(
        """
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 90  | 1   | 12     | iUPD
        91   | 80  | 1   | 12     | iUPD
        126  | 80  | 1   | 17     | iCPD
        """,
        progressed="56",
    )
    sheet.irecist("""
        scan | sum  | new | new mm | -> response
        base | 100  |     |        |
        56   | 60   |     |        | iPR
        112  | 60   | 1   | 20     | iUPD
        147  | 59.9 | 1   | 20     | iUPD
        182  | 40   | 1   | 14.1   | iUPD
        217  | 40   | 1   | 14     | iPR
    """)


@rule(
    "irecist",
    en="New lesions that outlast a reset progress anew by 20 % and 5 mm over their own nadir or, not measured, unequivocally; a further new lesion is progression at once. Each is a new iUPD, to be confirmed like any other.",
    zh="重新起算后仍存在的新病灶：其自身总和较自身最低值增大≥20% 且≥5 mm，或（未测量者）明确进展，或再出现新病灶，均为新的 iUPD，须同样确认。",
    source=NEW_LESIONS,
)
def test_new_lesions_after_a_reset(sheet):
    sheet.irecist(
        """
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 100 | 1   | 12     | iUPD
        91   | 60  | 1   | 12     | iPR
        126  | 60  | 1   | 25     | iUPD
        161  | 60  | 1   | 40     | iCPD
        """,
        progressed="126",
        best="iPR",
    )
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 100 | 1   | 30     | iUPD
        91   | 60  | 1   | 26     | iPR
        126  | 60  | 1   | 31     | iPR
        161  | 60  | 1   | 31.2   | iUPD
    """)
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 100 | 1   | 12     | iUPD
        91   | 60  | 1   | 12     | iPR
        126  | 60  | 2   | 22     | iUPD
        161  | 60  | 2   | 26.9   | iUPD
        196  | 60  | 2   | 27     | iCPD
    """)
    sheet.scans("""
        scan | T1  | NEW1                    | -> iRECIST
        base | 100 |                         |
        56   | 100 | unequivocal             | iUPD
        91   | 60  | unequivocal             | iPR
        126  | 60  | increased               | iPR
        161  | 60  | unequivocal_progression | iUPD
        196  | 60  | increased               | iCPD
    """)


@rule(
    "irecist",
    en="While new lesions stay without a better response elsewhere, every response is iUPD, and any later growth of them (5 mm together, or any of those not measured) confirms.",
    zh="新病灶持续存在而其他部位未转好时，各次均为 iUPD；其后新病灶的任何增长（已测量者合计≥5 mm，未测量者任何增大）即确认。",
    source=NEW_LESIONS,
)
def test_new_lesions_that_stay(sheet):
    sheet.irecist(
        """
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 100 | 1   | 12     | iUPD
        91   | 100 | 1   | 11     | iUPD
        126  | 100 | 1   | 16     | iUPD
        161  | 100 | 1   | 18     | iCPD
        """,
        progressed="56",
    )


@rule(
    "irecist",
    en="After iPR, iPR until progression, as PR by RECIST 1.1 (a setting for both).",
    zh="达 iPR 后，未进展前均为 iPR，与 RECIST 1.1 的 PR 相同（同一设置）。",
    source=PR_STAYS,
)
def test_continuing_pr(sheet):
    drawing = """
        scan | T1  | N1      | -> overall | -> iRECIST
        base | 100 | present |            |
        56   | 70  | present | PR         | iPR
        112  | 70  | present | PR         | iPR
        168  | 80  | present | {r}         | i{r}
        224  | 80  | present | {r}         | i{r}
        280  | 80  | present | {r}         | i{r}
    """
    sheet.scans(drawing.format(r="PR"), below={"best_response": "PR"})
    sheet.scans(drawing.format(r="SD"), pr_continues_until_pd=False)
    sheet.irecist("""
        scan | sum | -> response
        base | 100 |
        56   | 70  | iPR
        112  | 85  | iUPD
        147  | 80  | iSD
    """)


@rule(
    "irecist",
    en="New lesions need not have disappeared for iPR or iSD (scenario B), but for iCR: while one is there, targets and non-targets that have disappeared are iPR.",
    zh="判 iPR、iSD 无须新病灶消失（情形 B），iCR 则须：新病灶尚在而靶、非靶病灶均消失时为 iPR。",
    source=AFTER_NEW,
)
def test_response_while_new_lesions_stay(sheet):
    sheet.irecist(
        """
        scan | sum | non-target | new | -> response
        base | 100 | stable     |     |
        56   | 100 | stable     | 1   | iUPD
        91   | 60  | stable     | 1   | iPR
        """,
        progressed="",
        best="iPR",
    )
    sheet.irecist("""
        scan | sum | non-target | new | new mm | -> response
        base | 100 | stable     |     |        |
        56   | 100 | stable     | 1   | 12     | iUPD
        91   | 0   | gone       | 1   | 12     | iPR
        126  | 0   | gone       | 1   | 0      | iCR
    """)
    sheet.irecist("""
        scan | sum | non-target | new | -> response
        base |     | stable     |     |
        56   |     | stable     | 1   | iUPD
        91   |     | gone       | 1   | iUPD
    """)


@rule(
    "irecist",
    en="Scenario D: the targets progress and then shrink to iPR.",
    zh="情形 D：靶病灶先进展，后缩小至 iPR。",
    source="EORTC iRECIST scenario D; " + AFTER_NEW,
)
def test_scenario_d(sheet):
    sheet.irecist(
        """
        scan | sum | -> response
        base | 100 |
        56   | 100 | iSD
        112  | 95  | iSD
        168  | 120 | iUPD
        203  | 70  | iPR
        """,
        progressed="",
        best="iPR",
    )


@rule(
    "irecist",
    en="A new lesion that disappears again resolves its iUPD.",
    zh="新病灶消失，则其 iUPD 解除。",
    source=SEYMOUR,
)
def test_new_lesion_absent_again(sheet):
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
    en="With non-targets not evaluated, targets that have disappeared are iPR, and nodes that grow below 10 mm are no progression: both as in RECIST 1.1.",
    zh="靶病灶消失而非靶病灶未评估时为 iPR；<10 mm 的淋巴结增大不算进展：均同 RECIST 1.1。",
    source="RECIST 1.1, tables 1 and 2; RECIST 1.1, 4.3.1",
)
def test_as_recist(sheet):
    sheet.scans("""
        scan | T1 | N1            | -> overall | -> iRECIST
        base | 50 | present       |            |
        56   | 0  | not_evaluated | PR         | iPR
        98   | 0  | absent        | CR         | iCR
    """)
    sheet.scans("""
        scan | T1node | -> overall | -> iRECIST
        base | 20     |            |
        56   | 3      | CR         | iCR
        98   | 9.9    | CR         | iCR
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
    en="After scenario F a slow growth still confirms (its increments add up), and a new lesion that disappears resolves it.",
    zh="情形 F 之后，缓慢增长仍可确认（增量累加）；新病灶消失则解除。",
    source=AFTER_NEW + "; " + NEW_LESIONS,
)
def test_after_scenario_f(sheet):
    sheet.irecist(
        """
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 60  |     |        | iPR
        112  | 60  | 1   | 12     | iUPD
        147  | 60  | 1   | 15     | iUPD
        182  | 60  | 1   | 17     | iCPD
        """,
        progressed="112",
        best="iPR",
    )
    sheet.irecist("""
        scan | sum | new | new mm | -> response
        base | 100 |     |        |
        56   | 60  |     |        | iPR
        112  | 60  | 1   | 12     | iUPD
        147  | 60  | 1   | 0      | iPR
    """)


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
    en="Table 2, row by row, without an iUPD before: the response of RECIST 1.1, and iUPD wherever targets, non-targets or a new lesion progress.",
    zh="表 2 逐行，此前无 iUPD：与 RECIST 1.1 相同；靶病灶、非靶病灶进展或出现新病灶者为 iUPD。",
    source=SEYMOUR,
)
def test_table_2_without_iupd_before(sheet):
    sheet.irecist_last_scan("""
        scan | sum | non-target  | new | -> response
        base | 100 | stable      |     |
        56   | 0   | gone        |     | iCR
        56   | 0   | stable      |     | iPR
        56   | 70  | stable      |     | iPR
        56   | 100 | stable      |     | iSD
        56   | 100 | unequivocal |     | iUPD
        56   | 70  | unequivocal |     | iUPD
        56   | 0   | unequivocal |     | iUPD
        56   | 120 | stable      |     | iUPD
        56   | 120 | gone        |     | iUPD
        56   | 120 | unequivocal |     | iUPD
        56   | 120 | unequivocal | 1   | iUPD
        56   | 100 | stable      | 1   | iUPD
    """)


@rule(
    "irecist",
    en="Table 2, row by row, after an iUPD: responses that hold again, and what confirms it or leaves it as it is, at the limits, just below them and unchanged.",
    zh="表 2 逐行，此前有 iUPD：重新成立的疗效，以及何者确认、何者不变（逐行列出达到界值、略低于界值及不变的情形）。",
    source=SEYMOUR,
)
def test_table_2_after_an_iupd(sheet):
    # Rows 1 to 4: the iUPD is resolved. Row 7: targets confirm.
    sheet.irecist_last_scan("""
        scan | sum   | non-target  | -> response
        base | 100   | stable      |
        56   | 120   | stable      | iUPD
        91   | 0     | gone        | iCR
        91   | 0     | stable      | iPR
        91   | 70    | stable      | iPR
        91   | 100   | stable      | iSD
        91   | 125   | stable      | iCPD
        91   | 125   | gone        | iCPD
        91   | 124.9 | stable      | iUPD
    """)
    # Row 5, and 9 where targets and non-targets grow further.
    sheet.irecist_last_scan("""
        scan | sum   | non-target   | new | new mm | -> response
        base | 100   | stable       |     |        |
        56   | 120   | unequivocal  | 1   | 12     | iUPD
        91   | 120   | unequivocal  | 1   | 12     | iUPD
        91   | 120   | unequivocal  | 1   | 17     | iCPD
        91   | 120   | unequivocal  | 2   | 22     | iCPD
        91   | 125   | unequivocal  | 1   | 12     | iCPD
        91   | 120   | unequivocal+ | 1   | 12     | iCPD
        91   | 124.9 | unequivocal  | 1   | 16.9   | iUPD
        91   | 115   | unequivocal  | 1   | 11     | iUPD
    """)
    sheet.irecist_last_scan("""
        scan | sum | non-target  | new | -> response
        base | 100 | stable      |     |
        56   | 120 | unequivocal | 1   | iUPD
        91   | 120 | unequivocal | 1   | iUPD
        91   | 120 | unequivocal | 1+  | iCPD
        91   | 120 | unequivocal | 2   | iCPD
    """)
    # Row 6.
    sheet.irecist_last_scan("""
        scan | sum | non-target   | -> response
        base | 100 | stable       |
        56   | 100 | unequivocal  | iUPD
        91   | 100 | unequivocal  | iUPD
        91   | 100 | unequivocal+ | iCPD
        91   | 70  | unequivocal+ | iCPD
        91   | 0   | unequivocal+ | iCPD
    """)
    # Row 8.
    sheet.irecist_last_scan("""
        scan | sum   | non-target   | -> response
        base | 100   | stable       |
        56   | 120   | unequivocal  | iUPD
        91   | 120   | unequivocal  | iUPD
        91   | 124.9 | unequivocal  | iUPD
        91   | 125   | unequivocal  | iCPD
        91   | 120   | unequivocal+ | iCPD
    """)
    # Row 10.
    sheet.irecist_last_scan("""
        scan | sum | non-target | new | new mm | -> response
        base | 100 | stable     |     |        |
        56   | 100 | stable     | 1   | 12     | iUPD
        91   | 100 | stable     | 1   | 12     | iUPD
        91   | 100 | stable     | 1   | 16.9   | iUPD
        91   | 100 | stable     | 1   | 17     | iCPD
        91   | 100 | stable     | 2   | 22     | iCPD
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
        iCR, iUPD, NE, iUPD, iCPD    | iCR
        iCR, NE, iPR, iUPD, iCPD     | iCR
        iUPD, iPR, iCR, iCR, iUPD    | iCR
        iUPD, NE, iCR, iUPD, iCPD    | iCR
        iUPD, iPR, iSD, iPR, iCPD    | iPR
        iUPD, iPR, NE, iCPD, NE      | iPR
        iUPD, iSD, iPR, iUPD, NE     | iPR
        iUPD, NE, iPR, iSD, iCPD     | iPR
        iUPD, iSD, NE, iUPD, iCPD    | iSD
        iUPD, iSD, iSD, NE, iUPD     | iSD
        iUPD, NE, NE, NE, NE         | iUPD
        iUPD, iUPD, iCPD, NE, NE     | iCPD
        iUPD, iCPD, iPR, iCR, iCR    | iCPD
        NE, NE                       | NE
    """)


@rule(
    "irecist",
    en="The same lesion rows give responses by both criteria: pseudoprogression is PD by RECIST 1.1 and a resolved iUPD by iRECIST.",
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


@rule(
    "irecist",
    en="A scan under a later line of therapy neither confirms nor resets an iUPD and is no best response, as for RECIST 1.1: an iUPD not reassessed on the treatment is the progression, on its date. On the day the line starts a scan still counts. A first iUPD under the later line is the progression, too.",
    zh="后线治疗期间的扫描既不确认也不撤销 iUPD，也不计入最佳疗效，同 RECIST 1.1：治疗期间未再评估的 iUPD 即为进展，以其日期计。后线开始当日的扫描仍计入。后线期间首次出现的 iUPD 亦为进展。",
    source="iRECIST (Seymour 2017); RECIST 1.1, 4.4",
)
def test_a_later_line_ends_the_reading(sheet):
    best = {"ibest_response": "iUPD"}
    sheet.scans(
        """
        scan | therapy | T1 | -> overall | -> iRECIST
        base | 60      | 50 |            |
        56   |         | 65 | PD         | iUPD
        112  |         | 30 | PR         |
        """,
        below=best,
    )
    sheet.course("""
        scan | therapy | T1 | -> PFS   | -> iPFS  | -> flags
        base | 60      | 50 |          |          |
        56   |         | 65 |          |          |
        112  |         | 30 | 56 event | 56 event | no_controlled_lesion
    """)
    sheet.scans(
        """
        scan | therapy | T1 | -> overall | -> iRECIST
        base | 112     | 50 |            |
        56   |         | 65 | PD         | iUPD
        112  |         | 45 | SD         | iSD
        168  |         | 30 | PR         | iPR
        """,
        below={"ibest_response": "iSD"},
    )
    sheet.course("""
        scan | therapy | T1 | NEW1   | -> PFS    | -> iPFS   | -> flags
        base | 80      | 50 |        |           |           |
        56   |         | 50 |        |           |           |
        112  |         | 50 | 12     |           |           |
        168  |         | 50 | absent | 112 event | 112 event |
    """)
    sheet.scans(
        """
        scan | therapy | T1 | -> overall | -> iRECIST
        base | 80      | 50 |            |
        56   |         | 45 | SD         | iSD
        112  |         | 20 | PR         | iPR
        """,
        below={"ibest_response": "iSD", "best_response": "SD"},
    )


@rule(
    "irecist",
    en="Where iRECIST decides, a scan that could not be evaluated confirms no progression.",
    zh="以 iRECIST 判定时，无法评估的扫描不确认进展。",
    source="iRECIST (Seymour 2017); RECIST 1.1, 4.4.2",
)
def test_what_was_not_evaluated_confirms_nothing(sheet):
    sheet.scans(
        """
        scan | T1            | -> overall | -> iRECIST
        base | 50            |            |
        56   | 65            | PD         | iUPD
        112  | not_evaluated | NE         | NE
        """,
        below={"progression_confirmed": "False"},
        criteria="irecist",
    )


@rule(
    "irecist",
    en="Non-target disease, and new lesions too small to be targets, grow further as well by a size that was recorded: any increase since the iUPD confirms it, a size that only returns does not.",
    zh="非靶病灶与过小而不能作靶病灶的新病灶，其所记录的径线增大亦为进一步增大：较 iUPD 时有任何增大即确认，仅恢复原大小者不算。",
    source="iRECIST (Seymour 2017)",
)
def test_a_recorded_size_confirms_non_target_growth(sheet):
    sheet.scans("""
        scan | T1 | NEW1 | -> iRECIST
        base | 50 |      |
        56   | 50 | 8    | iUPD
        84   | 50 | 7    | iUPD
        112  | 50 | 8    | iUPD
        140  | 50 | 9    | iCPD
    """)
    sheet.scans("""
        scan | T1 | N1                      | N2      | -> iRECIST
        base | 50 | present                 | present |
        56   | 50 | unequivocal_progression | 40      | iUPD
        84   | 50 | unequivocal_progression | 40      | iUPD
        112  | 50 | unequivocal_progression |         | iUPD
        140  | 50 | unequivocal_progression | 41      | iCPD
    """)
    sheet.scans("""
        scan | T1            | T2            | NEW1 | -> iRECIST
        base | 10            | 10            |      |
        15   | not_evaluated | not_evaluated |      | NE
        56   |               |               | 8    | iUPD
        84   |               |               | 10   | iCPD
    """)


@rule(
    "irecist",
    en="A lesion whose size is recorded only after the iUPD has not grown by being measured; it is compared with the first size it had.",
    zh="iUPD 之后才首次记录径线的病灶，不因此算作增大；其后与首次记录的径线比较。",
    source="Oligoscope's own rule; " + SEYMOUR,
)
def test_a_size_recorded_later_is_no_growth(sheet):
    sheet.scans("""
        scan | T1 | N1                      | N2      | -> iRECIST
        base | 50 | present                 | present |
        56   | 50 | unequivocal_progression | 8       | iUPD
        84   | 50 | 12                      | 8       | iSD
    """)
    sheet.scans("""
        scan | T1 | N1                      | N2      | -> iRECIST
        base | 50 | present                 | present |
        56   | 50 | unequivocal_progression | present | iUPD
        84   | 50 | unequivocal_progression | 20      | iUPD
        112  | 50 | unequivocal_progression | 19      | iUPD
        140  | 50 | unequivocal_progression | 21      | iCPD
    """)
    sheet.scans("""
        scan | T1 | NEW1 | NEW2        | -> iRECIST
        base | 50 |      |             |
        56   | 50 | 8    | unequivocal | iUPD
        84   | 50 | 8    | 9           | iUPD
        112  | 50 | 8    | 9.1         | iCPD
    """)


@rule(
    "irecist",
    en="Sooner than four weeks only an additional new lesion on a scan made for a new symptom confirms: the scan that shows it, not another one of the same time point.",
    zh="不足四周时，仅因新症状所做的扫描显示另一新病灶方可确认：须为显示该病灶的扫描，而非同一时间点的其他扫描。",
    source="iRECIST (Seymour 2017)",
)
def test_the_symptom_is_of_the_scan_that_shows_the_lesion(sheet):
    drawing = """
        scan | symptom | T1 | N1brain | NEW1bone | -> iRECIST
        base |         | 50 | present |          |
        56   |         | 65 | present |          | iUPD
        70   | yes     |    | present |          | joined
        74   | {at_74} | 65 |         | present  | {word}
    """
    sheet.scans(drawing.format(at_74="", word="iUPD"))
    sheet.scans(drawing.format(at_74="yes", word="iCPD").replace("| joined", "| NE"))
