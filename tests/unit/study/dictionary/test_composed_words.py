"""Words made of parts: regimens of drugs and classes, findings of driver genes."""

from __future__ import annotations

from itertools import permutations

import pytest

from oligoscope.study.dictionary.driver_genes import read_driver_gene
from oligoscope.study.dictionary.drugs import read_regimen

CHEMO = (
    "培美曲塞+卡铂",
    "紫杉醇/顺铂",
    "nab-paclitaxel + carboplatin",
    "含铂双药化疗",
    "chemo",
    "gemcitabine plus cisplatin",
)
IO = (
    "帕博利珠单抗",
    "信迪利单抗",
    "卡瑞利珠单抗",
    "替雷利珠单抗",
    "特瑞普利单抗",
    "阿替利珠单抗",
    "度伐利尤单抗",
    "纳武利尤单抗",
    "PD-1单抗",
    "IO",
    "免疫治疗",
)
AGAINST_VESSELS = (
    "贝伐珠单抗",
    "bevacizumab",
    "安罗替尼",
    "重组人血管内皮抑制素",
    "抗血管生成治疗",
    "anti-angiogenic therapy",
)
JOINS = ("+", " + ", "联合", "、", " plus ", "/", "-", "，")


@pytest.mark.parametrize("join", JOINS)
def test_drugs_and_classes_make_the_regimen_in_any_order(join):
    for io in IO:
        assert read_regimen(io) == "io"
        for chemo in CHEMO:
            assert read_regimen(chemo) == "chemo"
            for parts in permutations((io, chemo)):
                assert read_regimen(join.join(parts)) == "chemo_io", parts
    for vessels in AGAINST_VESSELS:
        for parts in permutations((vessels, IO[0], CHEMO[0])):
            assert read_regimen(join.join(parts)) == "chemo_io_antiangiogenic", parts


@pytest.mark.parametrize(
    "odd", ["试验药", "XYZ-123", "200mg", "放疗", "中药", "placebo", "radio", "奥沙利铂x", "ivonescimab"]
)
@pytest.mark.parametrize("known", [*CHEMO, *IO, *AGAINST_VESSELS, "TKI", ""])
def test_a_regimen_with_an_unknown_part_is_not_certain(known, odd):
    assert read_regimen(f"{known}+{odd}") is None


@pytest.mark.parametrize(
    "text", ["", "+", "治疗", "单抗", "贝伐珠单抗", "化疗+贝伐", "IO + TKI", "化疗+靶向", "免疫+抗血管"]
)
def test_classes_that_are_no_level_together_are_not_certain(text):
    assert read_regimen(text) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("EGFR 19del", "positive"), ("EGFR 19-del", "positive"), ("EGFR（19del）", "positive"), ("EGFR突变（L858R）", "positive"),
        ("阳性（EGFR 19del）", "positive"), ("EGFR 21号外显子L858R突变", "positive"), ("EML4-ALK 融合", "positive"), ("ALK+", "positive"), ("ROS1(+)", "positive"),
        ("EGFR+/ALK-", "positive"), ("EGFR 阴性；ALK 融合阳性", "positive"), ("L858R", "positive"), ("EGFR mutation", "positive"),
        ("EGFR/ALK 阴性", "negative"), ("EGFR、ALK均为野生型", "negative"), ("EGFR(-)、ALK(-)", "negative"), ("EGFR WT, ALK WT", "negative"),
        ("EGFR/ALK/ROS1 wild type", "negative"), ("EGFR突变阴性，ALK融合阴性", "negative"), ("EGFR/ALK 未检测", "unknown"),
    ],
)  # fmt: skip
def test_a_finding_of_a_driver_gene_is_read(text, level):
    assert read_driver_gene(text) == level


@pytest.mark.parametrize(
    "text",
    [
        "", "EGFR", "EGFR/ALK", "EGFR WT", "ALK 阴性", "KRAS G12C", "EGFR阴性, KRAS G12C", "MET 14跳跃", "RET融合", "EGFR T790M", "EGFR 20ins", "无EGFR突变",
        "no EGFR mutation", "EGFR+ALK 阴性", "EGFR-ALK阴性", "EGFR 阴性, ALK 未检测", "EGFR突变(EGFR阴性)", "突变（KRAS G12C）", "待检", "EGFR?", "EGFR+-", "EGFR ±",
    ],
)  # fmt: skip
def test_a_finding_that_is_not_certain_is_asked(text):
    assert read_driver_gene(text) is None
