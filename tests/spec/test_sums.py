"""What each lesion adds to the sum, and the nadir (RECIST 1.1, section 4.3 and 4.4)."""

from __future__ import annotations

from spec.rules import rule


@rule(
    "sums",
    en="The sum adds the longest diameters of target lesions and the short axes of target nodes; a node keeps its true short axis below 10 mm too.",
    zh="总和为靶病灶最长径与靶淋巴结短径之和；淋巴结即使<10 mm 仍按实际短径计入。",
    source="RECIST 1.1, 4.3.2",
)
def test_sum_of_longest_diameters_and_short_axes(sheet):
    sheet.scans("""
        scan | T1 | T2node | -> sum | -> target
        base | 30 | 20     |        |
        42   | 30 | 9      | 39     | SD
        84   | 26 | 8.5    | 34.5   | PR
    """)


@rule(
    "sums",
    en="A lesion that is present but too small to measure counts 5 mm; if a smaller size was really measured, that size counts. An absent lesion counts 0.",
    zh="存在但过小而无法测量的病灶计 5 mm；若确实测得更小的数值，则按该数值计。消失的病灶计 0。",
    source="RECIST 1.1, 4.3.2; EORTC RECIST questions",
)
def test_too_small_and_absent(sheet):
    sheet.scans("""
        scan | T1          | T2        | -> sum | -> target
        base | 12          | 20        |        |
        42   | too_small   | 20        | 25     | SD
        84   | too_small 3 | too_small | 8      | PR
        126  | 3           | absent    | 3      | PR
        168  | absent      | 0         | 0      | CR
    """)


@rule(
    "sums",
    en="The fragments of a split lesion are added; if one fragment was not evaluated, neither was the lesion.",
    zh="分裂病灶的各碎片径线相加；任一碎片未评估，则该病灶视为未评估。",
    source="RECIST 1.1, 4.3.2",
)
def test_split_lesion(sheet):
    sheet.scans("""
        scan | T1    | T2 | -> sum | -> target
        base | 30    | 20 |        |
        42   | 12+10 | 12 | 34     | PR
        84   | 12+?  | 12 |        | NE
        126  | 9+8+7 | 12 | 36     | PR
        168  | 22+13 | 12 | 47     | PD
    """)


@rule(
    "sums",
    en="Lesions that merge are measured as one; the lesion merged into another is not missing. Where the merged whole was not evaluated, the sum is incomplete.",
    zh="融合的病灶按一个整体测量；并入他处的病灶不算缺失。融合后的整体未评估时，总和不完整。",
    source="RECIST 1.1, 4.3.2",
)
def test_merged_lesions(sheet):
    sheet.scans("""
        scan | T1            | T2        | -> sum | -> target
        base | 30            | 20        |        |
        42   | 25            | 18        | 43     | SD
        84   | 40            | merged:T1 | 40     | SD
        126  | not_evaluated | merged:T1 |        | NE
        168  | 48            | merged:T1 | 48     | PD
        210  | 20            | 12        | 32     | PR
    """)
    sheet.scans("""
        scan | T1    | T2        | T3        | -> sum | -> target
        base | 30    | 20        | 10        |        |
        42   | 34    | merged:T1 | 10        | 44     | SD
        84   | 40    | merged:T1 | merged:T1 | 40     | PR
        126  | 20+19 | merged:T1 | merged:T1 | 39     | PR
        168  | 0     | merged:T1 | merged:T1 | 0      | CR
    """)


@rule(
    "sums",
    en="A lesion counts 0 after it merged only where another lesion has the size of the whole. Merged into no declared lesion, into itself, in a circle, into one that was not there, or a target into a lesion that is no target, it is not evaluated and the sum is incomplete; the check of the data lists it. A chain of merges ends at its last lesion, and the whole may vanish later.",
    zh="仅当另一病灶代表合并后的整体时，被合并的病灶才计为 0。并入未登记的病灶、并入自身、循环并入、并入不存在的病灶，或靶病灶并入非靶病灶者，按未评估计，总和不完整；数据检查会列出。连续合并以最后的病灶为准，整体其后可消失。",
    source="RECIST 1.1, 4.3.2, 4.4.2",
)
def test_merged_into_nothing(sheet):
    sheet.one_scan("""
        scan | T1        | T2        | N1      | -> sum | -> overall
        base | 20        | 20        | present |        |
        42   | merged:T9 | 20        | present |        | NE
        42   | merged:T1 | 20        | present |        | NE
        42   | merged    | 20        | present |        | NE
        42   | merged:T2 | merged:T1 | present |        | NE
        42   | merged:N1 | 20        | present |        | NE
        42   | merged:T2 | absent    | absent  |        | NE
        42   | merged:T2 | 20        | present | 20     | PR
        42   | 20        | 20        | merged:T9 | 40   | SD
    """)
    sheet.scans("""
        scan | T1        | T2        | T3     | -> sum | -> overall
        base | 20        | 20        | 20     |        |
        42   | merged:T2 | 38        | 20     | 58     | SD
        84   | merged:T2 | merged:T3 | 55     | 55     | SD
        126  | merged:T2 | merged:T3 | absent | 0      | CR
    """)


@rule(
    "sums",
    en="The nadir is the smallest complete sum before the scan, baseline included. The scan itself is not its own reference, and an incomplete sum is never the nadir.",
    zh="最低值为本次扫描之前最小的完整总和（含基线）；本次扫描不以自身为参照，不完整的总和不能成为最低值。",
    source="RECIST 1.1, 4.3.1",
)
def test_nadir(sheet):
    sheet.scans("""
        scan | T1 | T2            | -> sum | -> nadir | -> target
        base | 60 | 40            |        |          |
        42   | 48 | 32            | 80     | 100      | SD
        84   | 40 | not_evaluated |        | 80       | NE
        126  | 54 | 36            | 90     | 80       | SD
        168  | 30 | 40            | 70     | 80       | PR
        210  | 44 | 40            | 84     | 70       | PD
    """)


@rule(
    "sums",
    en="Of several scans before treatment, a lesion's last one is its baseline; where a target has no baseline size there is no sum to compare with.",
    zh="治疗前有多次扫描时，以各病灶最后一次为基线；任一靶病灶缺基线径线时无从比较。",
    source="RECIST 1.1, 4.1",
)
def test_baseline(sheet):
    sheet.scans("""
        scan | T1 | T2 | -> nadir | -> target
        -20  | 50 | 20 |          |
        0    | 40 |    |          |
        42   | 30 | 12 | 60       | PR
    """)
    sheet.scans("""
        scan | T1 | T2            | -> nadir | -> target
        base | 50 | not_evaluated |          |
        42   | 60 | 20            |          | NE
        84   | 90 | 40            |          | NE
    """)
