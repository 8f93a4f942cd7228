"""Best overall response (RECIST 1.1, 4.4.3 to 4.6 and table 3)."""

from __future__ import annotations

from spec.rules import rule

TABLE_3 = "RECIST 1.1, table 3"
ADMIRAL = "rule list of admiralonco, derive_param_confirmed_bor"


@rule(
    "best",
    en="Without confirmation the best response up to the first progression counts; with confirmation CR and PR must be seen again at least 28 days later. Both are always derived.",
    zh="不要求确认时取首次进展前的最佳疗效；要求确认时 CR、PR 须在至少 28 天后再次出现。两者始终同时给出。",
    source="RECIST 1.1, 4.6; RECIST 1.1, table 3",
)
def test_both_ways(sheet):
    sheet.best("""
        responses                 | -> unconfirmed | -> confirmed | -> first response
        PR 56, PD 112             | PR             | SD           | 56
        PR 56, PR 83              | PR             | SD           | 56
        PR 56, PR 84              | PR             | PR           | 56
        CR 56, CR 83              | CR             | SD           | 56
        CR 56, CR 84              | CR             | CR           | 56
        SD 56, PR 112, PR 168     | PR             | PR           | 112
        PR 56, PR 70, PR 84       | PR             | PR           | 56
        PD 56, PR 112, PR 168     | PD             | PD           |
    """)


@rule(
    "best",
    en="Table 3, the first scan CR: with CR again CR; with SD or PD SD if the minimum for SD was met, else PD; with NE SD if met, else NE.",
    zh="表 3，首次为 CR：其后 CR 为 CR；其后 SD 或 PD，满足 SD 最短时间为 SD，否则 PD；其后 NE，满足为 SD，否则 NE。",
    source=TABLE_3,
)
def test_table_3_after_cr(sheet):
    sheet.best("""
        responses     | -> confirmed
        CR 56, CR 112 | CR
        CR 56, SD 112 | SD
        CR 28, SD 84  | PD
        CR 21, SD 40  | PD
        CR 56, PD 112 | SD
        CR 28, PD 84  | PD
        CR 56, NE 112 | SD
        CR 28, NE 84  | NE
        CR 56         | SD
        CR 28         | NE
    """)


@rule(
    "best",
    en="Table 3, the first scan PR: with CR or PR PR; with SD SD; with PD SD if the minimum for SD was met, else PD; with NE SD if met, else NE.",
    zh="表 3，首次为 PR：其后 CR 或 PR 为 PR；其后 SD 为 SD；其后 PD，满足 SD 最短时间为 SD，否则 PD；其后 NE，满足为 SD，否则 NE。",
    source=TABLE_3,
)
def test_table_3_after_pr(sheet):
    sheet.best("""
        responses     | -> confirmed
        PR 56, CR 112 | PR
        PR 56, PR 112 | PR
        PR 56, SD 112 | SD
        PR 28, SD 56  | SD
        PR 56, PD 112 | SD
        PR 28, PD 84  | PD
        PR 56, NE 112 | SD
        PR 28, NE 84  | NE
        NE 56, NE 112 | NE
        NE 56, PD 112 | PD
    """)


@rule(
    "best",
    en="CR, then PR: the disease seen after a true CR is progression, so the best response is SD if the minimum was met by the CR, else PD, and the patient is flagged for review; or, as a setting, the CR is re-read as PR.",
    zh="先 CR 后 PR：真正 CR 之后出现的病灶即为进展，故若 CR 时已满足 SD 最短时间则为 SD，否则 PD，并标记待核；或按设置将 CR 改读为 PR。",
    source=TABLE_3 + ", footnote a",
)
def test_cr_then_pr(sheet):
    sheet.best("""
        responses             | -> unconfirmed | -> confirmed
        CR 56, PR 112         | CR             | SD
        CR 28, PR 84          | CR             | PD
        CR 28, NE 56, PR 84   | CR             | PD
        CR 56, PR 112, PR 168 | CR             | SD
        CR 56, PR 112, CR 168 | CR             | SD
        CR 56, CR 84, PR 112  | CR             | CR
        PR 14, CR 28, PR 84   | CR             | SD
    """)
    sheet.best(
        """
        responses             | -> unconfirmed | -> confirmed
        CR 56, PR 112         | PR             | PR
        CR 56, PR 70          | PR             | SD
        """,
        cr_then_pr="reclassify_to_pr",
    )


@rule(
    "best",
    en="After CR, a scan at which the targets have disappeared and the non-target lesions were not evaluated is PR by table 1, but shows no disease: it is no progression and no query. A later CR confirms the first, as across an NE, of which no more may lie between than are accepted; without one PR is confirmed.",
    zh="CR 之后，靶病灶仍消失而非靶病灶未评估的扫描按表 1 为 PR，但并未见病灶：不是进展，亦不待核。其后再为 CR 则确认首次 CR，如同间隔一次 NE，且与 NE 合计不得超过允许次数；若无，则确认为 PR。",
    source=TABLE_3 + ", footnote a",
)
def test_no_disease_was_seen_after_cr(sheet):
    drawing = """
        scan | T1 | N1            | -> overall
        base | 50 | present       |
        56   | 0  | absent        | CR
        112  | 0  | {between} | PR
        168  | 0  | {last}        | {word}
    """
    confirmed = {"best_response": "CR", "confirmed_response": "CR", "flags": ""}
    for between in ("not_evaluated", ""):
        sheet.scans(drawing.format(between=between, last="absent", word="CR"), below=confirmed)
    sheet.scans(
        drawing.format(between="not_evaluated", last="not_evaluated", word="PR"),
        below={"best_response": "CR", "confirmed_response": "PR", "flags": ""},
    )
    sheet.scans(
        drawing.format(between="not_evaluated", last="present", word="PD"),
        below={"best_response": "CR", "confirmed_response": "PR"},
    )
    two_between = """
        scan | T1            | N1            | -> overall
        base | 50            | present       |
        56   | 0             | absent        | CR
        84   | 0             | not_evaluated | PR
        112  | {second}      | not_evaluated | {word}
        168  | 0             | absent        | CR
    """
    for second, word in (("0", "PR"), ("not_evaluated", "NE")):
        drawing = two_between.format(second=second, word=word)
        sheet.scans(drawing, below={"best_response": "CR", "confirmed_response": "PR", "flags": ""})
        sheet.scans(drawing, below={"confirmed_response": "CR"}, max_ne_between=2)


@rule(
    "best",
    en="SD must be reached at least 42 days after the start (a setting, the day itself counts). SD earlier and then progression is PD; earlier and then lost is NE.",
    zh="SD 须在开始后至少 42 天（可设置，含当日）达到。更早的 SD 随后进展为 PD；随后失访为 NE。",
    source="RECIST 1.1, 4.6: 6 to 8 weeks; quoted from memory",
)
def test_minimum_sd(sheet):
    sheet.best("""
        responses    | -> unconfirmed | -> confirmed
        SD 42        | SD             | SD
        SD 41        | NE             | NE
        SD 28, PD 56 | PD             | PD
        SD 42, PD 56 | SD             | SD
        SD 28, NE 56 | NE             | NE
        SD 28, SD 56 | SD             | SD
        PR 28        | PR             | NE
    """)
    sheet.best(
        """
        responses    | -> unconfirmed | -> confirmed
        SD 42        | NE             | NE
        SD 56        | SD             | SD
        """,
        minimum_sd_days=56,
    )


@rule(
    "best",
    en="Between a response and its confirmation one NE is accepted (a setting), and no SD (one, as a setting, for PR only).",
    zh="缓解与其确认之间允许 1 次 NE（可设置），不允许 SD（可设置为 PR 允许 1 次）。",
    source="RECIST 1.1, 4.6; " + ADMIRAL,
)
def test_between_response_and_confirmation(sheet):
    sheet.best("""
        responses                    | -> confirmed
        PR 56, NE 84, PR 112         | PR
        CR 56, NE 84, CR 112         | CR
        PR 56, NE 70, NE 84, PR 112  | SD
        CR 56, NE 70, NE 84, CR 112  | SD
        PR 56, SD 84, PR 112         | SD
        PR 56, SD 84, PR 112, PR 140 | PR
        CR 56, SD 84, CR 112         | SD
    """)
    sheet.best(
        """
        responses                   | -> confirmed
        PR 56, NE 84, PR 112        | SD
        PR 56, PR 84                | PR
        """,
        max_ne_between=0,
    )
    sheet.best(
        """
        responses                           | -> confirmed
        PR 56, NE 70, NE 84, PR 112         | PR
        PR 56, NE 70, NE 84, NE 98, PR 112  | SD
        """,
        max_ne_between=2,
    )
    sheet.best(
        """
        responses                    | -> confirmed
        PR 56, SD 84, PR 112         | PR
        PR 56, SD 84, CR 112         | PR
        PR 56, SD 84, SD 98, PR 112  | SD
        CR 56, SD 84, CR 112         | SD
        """,
        accept_sd_between_pr=True,
    )


@rule(
    "best",
    en="Reading PR until progression (chapter 3) cannot change the unconfirmed best response, but it can confirm a PR that was PR, SD, PR by size.",
    zh="“PR 持续至进展”（第 3 章）不会改变未确认的最佳疗效，但可使按径线为 PR、SD、PR 者得到确认。",
    source="EORTC RECIST questions; PhUSE (PharmaSUG 2017 AD24)",
)
def test_pr_that_continues_confirms(sheet):
    drawing = """
        scan | T1  | -> overall
        base | 100 |
        42   | 70  | PR
        84   | 80  | {second}
        126  | 84  | PD
    """
    sheet.scans(drawing.format(second="PR"), {"best_response": "PR", "confirmed_response": "PR"})
    sheet.scans(
        drawing.format(second="SD"),
        {"best_response": "PR", "confirmed_response": "SD"},
        pr_continues_until_pd=False,
    )


@rule(
    "best",
    en="The duration of a response starts with the first CR or PR, the same day whether or not it must be confirmed: not with the scan that confirms it.",
    zh="缓解持续时间自首次 CR 或 PR 起，无论是否要求确认均为同一天，而非确认之日。",
    source="RECIST 1.1, 4.7",
)
def test_first_response(sheet):
    sheet.best("""
        responses               | -> first response | -> first confirmed
        SD 56, PR 112, PR 168   | 112               | 112
        PR 56, CR 112, CR 168   | 56                | 56
        PR 56, SD 112           | 56                |
        SD 56, PD 112           |                   |
    """)


@rule(
    "best",
    en="Non-CR/Non-PD (non-target disease only) is a separate best response, with the same minimum as SD.",
    zh="Non-CR/Non-PD（仅有非靶病灶者）自成一类最佳疗效，最短时间同 SD。",
    source="RECIST 1.1, table 2",
)
def test_non_cr_non_pd(sheet):
    sheet.best("""
        responses                            | -> unconfirmed | -> confirmed
        NON_CR_NON_PD 56                     | NON_CR_NON_PD  | NON_CR_NON_PD
        NON_CR_NON_PD 28                     | NE             | NE
        NON_CR_NON_PD 28, PD 56              | PD             | PD
        NON_CR_NON_PD 56, CR 112, CR 168     | CR             | CR
        NON_CR_NON_PD 56, CR 112             | CR             | SD
    """)


@rule(
    "best",
    en="Assessments after the start of a new anticancer therapy do not count; a scan on the day it starts still does.",
    zh="开始新的抗肿瘤治疗后的评估不计；治疗开始当日的扫描仍计。",
    source="FDA guidance for progression-free survival (values quoted from memory); convention",
)
def test_new_therapy(sheet):
    sheet.best("""
        responses      | therapy | -> unconfirmed | -> confirmed
        PR 56, PR 112  | 60      | PR             | SD
        PR 56, PR 112  | 112     | PR             | PR
        PR 56, PR 112  | 111     | PR             | SD
        SD 28, PR 112  | 60      | NE             | NE
    """)


@rule(
    "best",
    en="Without any assessment after the start the best response is NE, as where every assessment was NE: a patient of whom nothing was written is inevaluable and counts among all patients.",
    zh="开始治疗后无任何评估者，最佳疗效为 NE，与各次均为 NE 者相同：无记录即不可评估，仍计入全部患者。",
    source="RECIST 1.1, 4.6",
)
def test_no_assessment(sheet):
    sheet.best("""
        responses      | -> unconfirmed | -> confirmed
                       | NE             | NE
        NE 56          | NE             | NE
        PD -5          | NE             | NE
        PR -5, SD 56   | SD             | SD
    """)


@rule(
    "best",
    en="Responses count up to the first progression of any basis. After a clinical progression (where the study counts it) or a progression read by the team, no response counts; a scan on the day still does. Clinical progression is no response itself: without an evaluation before it the best response is NE, or PD where a later scan documents the progression. A progression that was read is PD.",
    zh="疗效计至任何依据的首次进展。临床进展（研究计入时）或已判读的进展之后，缓解不再计入；当日的扫描仍计。临床进展本身不是疗效：此前无可评估检查者最佳疗效为 NE，其后扫描证实进展者为 PD。已判读的进展即为 PD。",
    source="RECIST 1.1, 4.4 and 4.6",
)
def test_first_progression_of_any_basis(sheet):
    sheet.best("""
        responses                     | clinical | read | -> unconfirmed | -> confirmed | -> first response
        PR 56, PR 147                 | 30       |      | NE             | NE           |
        PR 56, PR 147                 | 56       |      | PR             | SD           | 56
        PR 56, PR 147                 | 55       |      | NE             | NE           |
        SD 56, PR 112                 | 80       |      | SD             | SD           |
        PR 56, PR 112                 | 80       |      | PR             | SD           | 56
        PR 56, PR 112, PD 168         | 140      |      | PR             | PR           | 56
        SD 28, PD 112                 | 80       |      | PD             | PD           |
        SD 28, SD 112                 | 80       |      | NE             | NE           |
        SD 28, PR 112                 |          | 80   | PD             | PD           |
        SD 56, PR 112                 |          | 80   | SD             | SD           |
        PR 56, PR 112                 |          | 112  | PR             | PR           | 56
        CR 28, CR 112                 |          | 80   | CR             | PD           | 28
    """)
