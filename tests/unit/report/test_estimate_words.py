"""Every key has its words in both languages; what is unknown stands for itself."""

from __future__ import annotations

import pytest

from oligoscope.report.estimate_words import level_words, method_words, row_words, statistic_words
from oligoscope.results import Estimate


@pytest.mark.parametrize(
    ("statistic", "zh", "en"),
    [
        ("survival_12_months", "12 个月生存率", "Survival at 12 months"),
        ("incidence_3_months", "3 个月累积发生率", "Cumulative incidence at 3 months"),
        ("hazard_ratio", "风险比", "Hazard ratio"),
        ("unheard_of", "unheard of", "unheard of"),
    ],
)
def test_a_statistic_in_words(statistic, zh, en):
    found = statistic_words(statistic)

    assert (found.zh, found.en) == (zh, en)


def test_levels_in_words():
    assert level_words("pattern", "systemic").zh == "广泛进展"
    assert level_words("month", "3-4").en == "3–4"
    assert (
        level_words("pattern", "systemic -> oligoprogression").en == "Systemic progression → Oligoprogression"
    )
    assert level_words("sex", "male vs female").zh == "男 vs 女"


def test_a_method_part_by_part():
    method = "Cox, Efron ties, pair-robust limits, pooled by Rubin"

    assert method_words(method).en == method
    assert method_words(method).zh == "Cox 模型，Efron 法处理结点，按配对的稳健置信限，以 Rubin 法合并"
    assert method_words("mean over 5 imputations").zh == "5 次插补的均值"


def test_a_row_in_one_line():
    row = Estimate(
        analysis="survival", population="progressed", outcome="os", group="systemic", statistic="median"
    )

    assert (
        row_words(row, {}).en
        == "Survival, Progressed population, Overall survival, Systemic progression, Median"
    )
    assert row_words(row, {}).zh == "生存结局，进展人群，总生存期，广泛进展，中位数"
