"""Every key has its words in both languages; what is unknown stands for itself."""

from __future__ import annotations

import itertools
import re

import pytest

from oligoscope.bilingual import Text
from oligoscope.cohort.matching_method import matching_method
from oligoscope.report.estimate_words import level_of, level_words, row_words
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.methods import read_method
from oligoscope.results.statistics import Statistic, landmark_at
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import bare_ratio, stored


def test_levels_in_words():
    assert level_words("pattern", "systemic").zh == "广泛进展"
    assert level_words("month", "3-4").en == "3–4"
    assert (
        level_words("pattern", "systemic -> oligoprogression").en == "Systemic progression → Oligoprogression"
    )
    assert level_words("sex", "male vs female").zh == "男 vs 女"


@pytest.mark.parametrize("variable", ["period", landmark_at(3)])
def test_months_of_a_period_are_written_as_each_language_does_at_a_landmark_too(variable):
    ratio = bare_ratio(statistic=Statistic.HAZARD_RATIO_PERIOD, variable=variable, level="6-12")

    assert level_of(ratio) == Text("6~12", "6–12")


def test_a_method_part_by_part():
    method = read_method("Cox, Efron ties, pair-robust limits, pooled by Rubin")

    assert method.printed.en == method
    assert method.printed.zh == "Cox 模型，Efron 法处理结，按配对的稳健置信限，以 Rubin 法合并"
    assert read_method("mean over 5 imputations").printed.zh == "5 次插补的均值"


@pytest.mark.parametrize("order", ["descending", "ascending", "given", "random"])
@pytest.mark.parametrize("scale", ["logit", "probability", "sd_logit"])
def test_every_matching_is_named_in_chinese(order, scale):
    """A letter of English is only in words that Chinese uses, too."""
    for method, caliper in itertools.product(("nearest", "optimal"), (None, 0.2)):
        options = MatchingOptions(method=method, order=order, caliper=caliper, caliper_scale=scale, seed=1)
        assert not re.findall("[A-Za-z]+", matching_method(options).printed.zh.replace("logit", ""))


@pytest.mark.parametrize(
    "method",
    [
        "Grambsch-Therneau score test, Kaplan-Meier time, median P over imputations", "scans up to the first progression or a new systemic therapy",
        "penalised likelihood ratio, median P over imputations", "Cox adjusted for log time to progression and ECOG, Efron ties, Wald limits",
    ],
)  # fmt: skip
def test_tests_and_models_are_named_in_chinese(method):
    names = ("Grambsch-Therneau", "Kaplan-Meier", "Firth", "ECOG", "Cox", "Efron", "Wald", "*P*")
    zh = read_method(method).printed.zh
    for name in names:
        zh = zh.replace(name, "")

    assert not re.findall("[A-Za-z]+", zh)


def test_a_row_in_one_line():
    row = stored().find(
        analysis=SURVIVAL,
        population="progressed",
        outcome=Outcome.OS,
        group="systemic",
        statistic=Statistic.MEDIAN,
    )[0]

    assert (
        row_words(row, {}).en
        == "Survival, Progressed population, Overall survival, Systemic progression, Median"
    )
    assert row_words(row, {}).zh == "生存结局，进展人群，总生存期，广泛进展，中位数"
