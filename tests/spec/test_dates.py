"""Scans to time points, and the day a response is dated to."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "dates",
    en="While a target is still to be evaluated, scans of different lesions within the scan window (28 days, a setting) are one time point; a day more and they are two.",
    zh="靶病灶尚未全部评估时，不同病灶的扫描若在扫描窗（28 天，可设置）之内，合为一个时间点；多一天即为两个。",
    source="Oligoscope's own rule; RECIST 1.1 leaves it to the protocol",
)
def test_scan_window(sheet):
    sheet.scans("""
        scan | T1 | T2brain | -> sum | -> overall
        base | 50 | 50      |        |
        42   | 30 |         | joined | joined
        70   |    | 30      | 60     | PR
    """)
    sheet.scans("""
        scan | T1 | T2brain | -> sum | -> overall
        base | 50 | 50      |        |
        42   | 30 |         |        | NE
        71   |    | 30      |        | NE
    """)
    sheet.scans(
        """
        scan | T1 | T2brain | -> sum | -> overall
        base | 50 | 50      |        |
        42   | 30 |         |        | NE
        49   |    | 30      |        | NE
        """,
        scan_window_days=6,
    )


PROTOCOLS = "KEYNOTE-189 protocol (Gandhi 2018), scans every 42 days ±7, quoted from memory"


@rule(
    "dates",
    en="Once every target has been evaluated the time point is complete: only scans within the visit window (7 days after, a setting) still belong to it. What a later scan shows is the next time point and does not undo the response.",
    zh="靶病灶全部评估后，该时间点即告完整：仅其后访视窗（7 天，可设置）之内的扫描仍属于它。更晚的扫描为下一个时间点，不改变已得的疗效。",
    source="Oligoscope's own rule; " + PROTOCOLS,
)
def test_a_complete_time_point_is_closed(sheet):
    sheet.scans(
        """
        scan | T1 | NEW1brain   | -> overall | -> dated
        base | 50 |             |            |
        56   | 25 |             | PR         | 56
        80   |    | unequivocal | PD         | 80
        """,
        below={"best_response": "PR"},
    )
    sheet.scans("""
        scan | T1 | N1brain | NEW1brain   | -> overall | -> dated
        base | 50 | present |             |            |
        56   | 25 |         |             | joined     | joined
        63   |    | present | unequivocal | PD         | 63
    """)
    sheet.scans("""
        scan | T1 | T2liver | NEW1brain   | -> overall | -> dated
        base | 50 | 50      |             |            |
        56   | 25 |         |             | joined     | joined
        70   |    | 25      |             | joined     | joined
        77   |    |         | absent      | PR         | 77
        84   |    |         | unequivocal | PD         | 84
    """)
    sheet.scans(
        """
        scan | T1 | N1brain | -> overall
        base | 50 | present |
        56   | 0  |         | PR
        59   |    | absent  | NE
        """,
        visit_window_days=2,
    )
    sheet.scans("""
        scan | T1 | N1brain | -> overall
        base | 50 | present |
        56   | 0  |         | joined
        59   |    | absent  | CR
    """)


@rule(
    "dates",
    en="Without targets a time point is complete once every non-target lesion has been evaluated.",
    zh="无靶病灶者，非靶病灶全部评估后时间点即告完整。",
    source="Oligoscope's own rule",
)
def test_complete_without_targets(sheet):
    sheet.scans("""
        scan | N1      | N2brain | NEW1        | -> overall    | -> dated
        base | present | present |             |               |
        42   | present |         |             | joined        | joined
        60   |         | present |             | NON_CR_NON_PD | 60
        70   |         |         | unequivocal | PD            | 70
    """)


@rule(
    "dates",
    en="A row by which a lesion, or a fragment of it, was not evaluated is no scan of it: it opens no time point where the visit goes on, and gives way to the row that evaluates the lesion.",
    zh="“未评估”（含其中一个碎片未评估）的记录不算一次扫描：不因此另起时间点；同一时间点内另有评估者，以评估为准。",
    source="Oligoscope's own rule",
)
def test_a_row_not_evaluated_joins_its_visit(sheet):
    sheet.scans("""
        scan | T1            | T2brain       | -> sum | -> overall | -> dated
        base | 50            | 20            |        |            |
        42   | 50            | not_evaluated | joined | joined     | joined
        47   | not_evaluated | 20            | 70     | SD         | 47
        84   | not_evaluated | not_evaluated |        | NE         | 84
    """)
    sheet.scans("""
        scan | T1   | T2brain | -> sum | -> overall
        base | 50   | 20      |        |
        42   | 12+? | 20      | joined | joined
        47   | 30   |         | 50     | SD
    """)


@rule(
    "dates",
    en="Two rows by which a lesion was not evaluated, further apart than the visit window, are two visits: each is an assessment that was missed, so that no response is confirmed across both. To a visit at which nothing was evaluated belong only scans within the visit window.",
    zh="同一病灶的两条“未评估”记录相隔超过同次就诊窗口者，为两次就诊：每次均为一次缺失的评估，故缓解不能跨两次而确认。未评估任何病灶的就诊，仅含同次就诊窗口内的扫描。",
    source="Oligoscope's own rule; RECIST 1.1, 4.6",
)
def test_two_visits_without_an_evaluation(sheet):
    drawing = """
        scan  | T1            | -> overall | -> dated
        base  | 50            |            |
        56    | 30            | PR         | 56
        84    | not_evaluated | NE         | 84
        {day} | not_evaluated | {word}     | {dated}
        140   | 30            | PR         | 140
    """
    for day in ("112", "92"):
        sheet.scans(drawing.format(day=day, word="NE", dated=day), below={"confirmed_response": "SD"})
    sheet.scans(
        drawing.replace("| 84\n", "| joined\n").replace("| NE         | joined", "| joined     | joined").format(
            day="91", word="NE", dated="84"
        ),
        below={"confirmed_response": "PR"},
    )  # fmt: skip


@rule(
    "dates",
    en="A lesion that is seen again opens the next time point, however close: a time point holds a lesion once.",
    zh="同一病灶再次被扫描即开启下一个时间点，无论间隔多短：一个时间点内每个病灶只出现一次。",
    source="Oligoscope's own rule",
)
def test_a_lesion_is_seen_once_at_a_time_point(sheet):
    sheet.scans("""
        scan | T1 | T2brain | T3liver | -> sum | -> overall
        base | 50 | 50      | 20      |        |
        42   | 45 |         |         | joined | joined
        45   |    | 45      |         | joined | joined
        50   |    |         | 20      | 110    | SD
        56   | 30 |         |         | joined | joined
        60   |    | 30      | 20      | 80     | PR
    """)


@rule(
    "dates",
    en="A scan made because of a new symptom is a separate time point.",
    zh="因新症状加做的扫描自成一个时间点。",
    source="Oligoscope's own rule",
)
def test_unscheduled_scan(sheet):
    sheet.scans("""
        scan | symptom | T1 | T2brain | -> overall
        base |         | 50 | 50      |
        42   |         | 50 |         | NE
        50   | yes     |    | 60      | NE
    """)


@rule(
    "dates",
    en="Progression is dated to the first day it can be declared: a new lesion or unequivocal progression to the day it was seen; by the sum, to the first scan of that sum (the last one is a setting). The earliest cause decides.",
    zh="进展日期为最早可判定之日：新病灶或明确进展取发现当日；按总和判定时取该总和的首次扫描日（取末次为可选设置）。以最早的原因为准。",
    source="RECIST 1.1, 4.4; FDA guidance for progression-free survival (values quoted from memory)",
)
def test_date_of_progression(sheet):
    drawing = """
        scan | T1 | T2brain | NEW1        | -> overall | -> dated
        base | 50 | 50      |             |            |
        40   | 80 |         |             | joined     | joined
        49   |    | 50      |             | PD         | {by_sum}
    """
    sheet.scans(drawing.format(by_sum=40))
    sheet.scans(drawing.format(by_sum=49), pd_date="latest")
    new = """
        scan | T1 | T2brain | NEW1        | -> overall | -> dated | -> cause
        base | 50 | 50      |             |            |          |
        40   | 80 |         |             | joined     | joined   | joined
        45   |    |         | unequivocal | joined     | joined   | joined
        49   |    | 50      |             | PD         | {day}    | new_lesion+target
    """
    sheet.scans(new.format(day=40))
    sheet.scans(new.format(day=45), pd_date="latest")
    sheet.scans("""
        scan | T1 | N1bone                  | -> overall | -> dated
        base | 50 | present                 |            |
        40   | 50 |                         | joined     | joined
        44   |    | unequivocal_progression | PD         | 44
    """)


@rule(
    "dates",
    en="CR, PR, SD and NE are dated to the last scan of the time point (the first is a setting).",
    zh="CR、PR、SD、NE 取该时间点的最后一次扫描日（取首次为可选设置）。",
    source="RECIST 1.1, 4.4; common trial practice",
)
def test_date_of_a_response(sheet):
    drawing = """
        scan | T1 | T2brain | -> overall | -> dated
        base | 50 | 50      |            |
        40   | 30 |         | joined     | joined
        49   |    | 30      | PR         | {day}
    """
    sheet.scans(drawing.format(day=49))
    sheet.scans(drawing.format(day=40), response_date="earliest")
