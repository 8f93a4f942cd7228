"""Target response: CR, then PD, then PR, then SD (RECIST 1.1, 4.3.1 and 4.4.2)."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "target",
    en="Complete response: every non-nodal target absent and every target node below 10 mm, whatever the sum.",
    zh="完全缓解：所有非淋巴结靶病灶消失且所有靶淋巴结短径<10 mm，与总和数值无关。",
    source="RECIST 1.1, 4.3.1",
)
def test_complete_response_with_nodes(sheet):
    sheet.scans("""
        scan | T1node | T2 | -> sum | -> target
        base | 20     | 30 |        |
        42   | 9.9    | 0  | 9.9    | CR
    """)
    sheet.scans("""
        scan | T1node | T2 | -> sum | -> target
        base | 20     | 30 |        |
        42   | 10     | 0  | 10     | PR
        84   | 9.9    | 3  | 12.9   | PR
    """)
    sheet.scans("""
        scan | T1node | T2node    | -> sum | -> target
        base | 16     | 20        |        |
        42   | 8      | 9         | 17     | CR
        84   | 9.9    | too_small | 14.9   | CR
    """)


@rule(
    "target",
    en="Progression: the sum is at least 20 % and at least 5 mm over the nadir; both are needed, both limits are inclusive.",
    zh="进展：总和较最低值增加≥20% 且绝对值增加≥5 mm；两者缺一不可，界值均含等号。",
    source="RECIST 1.1, 4.3.1",
)
def test_progression_needs_both(sheet):
    sheet.scans("""
        scan | T1   | -> nadir | -> target
        base | 20   |          |
        42   | 18   | 20       | SD
        84   | 22.9 | 18       | SD
        126  | 23   | 18       | PD
    """)
    sheet.scans("""
        scan | T1   | -> nadir | -> target
        base | 60   |          |
        42   | 50   | 60       | SD
        84   | 59.9 | 50       | SD
        126  | 60   | 50       | PD
    """)
    sheet.scans("""
        scan | T1   | -> nadir | -> target
        base | 22   |          |
        42   | 26.4 | 22       | SD
        84   | 27   | 22       | PD
    """)
    sheet.scans("""
        scan | T1  | -> nadir | -> target
        base | 100 |          |
        42   | 120 | 100      | PD
    """)


@rule(
    "target",
    en="Partial response: the sum is at least 30 % below baseline (not below the last scan).",
    zh="部分缓解：总和较基线（而非上一次扫描）减少≥30%。",
    source="RECIST 1.1, 4.3.1",
)
def test_partial_response(sheet):
    sheet.scans("""
        scan | T1   | T2 | -> target
        base | 60   | 40 |
        42   | 42.1 | 28 | SD
        84   | 42   | 28 | PR
    """)


@rule(
    "target",
    en="Limits are compared exactly: 41.0 to 28.7 mm is -30 %, and 53.5 to 64.2 mm is +20 %, though not in binary fractions.",
    zh="界值按精确小数比较：41.0→28.7 mm 恰为 -30%，53.5→64.2 mm 恰为 +20%（二进制浮点会判错）。",
    source="RECIST 1.1, 4.3.1; arithmetic",
)
def test_exact_decimals(sheet):
    sheet.scans("""
        scan | T1   | T2   | -> sum | -> target
        base | 10.0 | 31.0 |        |
        42   | 14.3 | 14.4 | 28.7   | PR
    """)
    sheet.scans("""
        scan | T1   | T2   | -> sum | -> target
        base | 34.5 | 25.0 |        |
        42   | 31.5 | 22.0 | 53.5   | SD
        84   | 21.4 | 42.8 | 64.2   | PD
    """)


@rule(
    "target",
    en="Progression outranks partial response: 60 % below baseline and 100 % over the nadir at once is PD.",
    zh="进展优先于部分缓解：同时较基线缩小 60%、较最低值增大 100%，判为 PD。",
    source="RECIST 1.1, 4.3.1",
)
def test_progression_outranks_response(sheet):
    sheet.scans("""
        scan | T1  | -> target
        base | 100 |
        42   | 20  | PR
        84   | 40  | PD
    """)


@rule(
    "target",
    en="From a nadir of 0 no percentage exists: 5 mm is progression, less is not (unless the overall response was complete).",
    zh="最低值为 0 时无百分比可言：增至≥5 mm 为进展，不足 5 mm 则不是（总体疗效曾达完全缓解者除外）。",
    source="RECIST 1.1, 4.3.1; EORTC RECIST questions",
)
def test_zero_nadir(sheet):
    sheet.scans("""
        scan | T1  | N1      | -> nadir | -> target | -> overall
        base | 20  | present |          |           |
        42   | 0   | present | 20       | CR        | PR
        84   | 4.9 | present | 0        | PR        | PR
        126  | 5   | present | 0        | PD        | PD
    """)


@rule(
    "target",
    en="After a partial (or complete) response small regrowth is not read as SD: PR until progression. A literal reading is a setting.",
    zh="一旦达到部分（或完全）缓解，小幅回升不再改判为 SD：PR 持续至进展。按字面解读为可选设置。",
    source="EORTC RECIST questions: 100, 70, 70, 80, 80, 80",
)
def test_pr_continues_until_pd(sheet):
    drawing = """
        scan | T1            | -> target
        base | 100           |
        42   | 70            | PR
        84   | not_evaluated | NE
        126  | 80            | {later}
        168  | 83.9          | {later}
        210  | 84            | PD
        252  | 83            | {after}
    """
    sheet.scans(drawing.format(later="PR", after="SD"))
    sheet.scans(drawing.format(later="SD", after="SD"), pr_continues_until_pd=False)


@rule(
    "target",
    en="Where only some targets were measured the response cannot be evaluated, unless what was measured already shows progression. CR, PR and SD are never declared from a partial sum. Whether a partial sum may show progression is a setting.",
    zh="仅部分靶病灶被测量时疗效无法评估，除非已测部分足以判为进展；不完整的总和不能判 CR、PR 或 SD。是否允许不完整总和判进展为可选设置。",
    source="RECIST 1.1, 4.4.2, with its example: baseline 50, two of three lesions now 80",
)
def test_partial_sum(sheet):
    sheet.scans("""
        scan | T1 | T2 | T3            | -> target
        base | 20 | 20 | 10            |
        42   | 45 | 35 | not_evaluated | PD
    """)
    sheet.scans("""
        scan | T1 | T2            | -> target
        base | 60 | 40            |
        42   | 0  | not_evaluated | NE
        84   | 10 |               | NE
        126  | 60 | not_evaluated | NE
    """)
    sheet.scans(
        """
        scan | T1 | T2            | -> target
        base | 20 | 20            |
        42   | 60 | not_evaluated | NE
        """,
        partial_sum_pd=False,
    )


@rule(
    "target",
    en="A lesion without any record at a scan was not evaluated: no record is not absence.",
    zh="某次扫描无记录的病灶视为未评估：未提及不等于消失。",
    source="RECIST 1.1, 4.4.2",
)
def test_silence_is_not_absence(sheet):
    sheet.scans("""
        scan | T1 | T2 | -> target
        base | 30 | 30 |
        42   | 0  |    | NE
        84   | 0  | 0  | CR
    """)
    sheet.scans("""
        scan | T1            | T2           | N1      | -> target | -> overall
        base | 30            | 30           | present |           |
        42   | not_evaluated |              | present | NE        | NE
        84   | 20            | PET negative | present | NE        | NE
    """)


@rule(
    "target",
    en="A lesion that disappears and reappears is not by itself new; it counts with its size.",
    zh="消失后再现的靶病灶本身不算新病灶，按其径线计入总和。",
    source="EORTC RECIST questions: does a new lesion always result in PD",
)
def test_target_that_returns(sheet):
    sheet.scans("""
        scan | T1 | T2 | -> sum | -> overall
        base | 20 | 60 |        |
        42   | 0  | 50 | 50     | PR
        84   | 8  | 48 | 56     | PR
    """)
