"""Hazard ratios of few events: Firth's method where the ordinary model has no answer, and only where it may be used."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.attempts import NoAnswer
from oligoscope.cohort.events_per_variable import too_few_per_variable
from oligoscope.cohort.small_samples import first_ratio
from oligoscope.questions.baseline.numbers import compare_baseline
from oligoscope.questions.subgroups.numbers import compare_in_subgroups
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.results.methods import MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.survival.firth_cox import firth_cox
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

# Every death of the first group comes before any of the second: the likelihood has no maximum.
MONTHS = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
EVENT = np.ones(10)
FIRST = np.repeat([1.0, 0.0], 5)


def asked(**settings) -> AnalysisSettings:
    return AnalysisSettings(kind="survival", outcomes=(Outcome.OS,), minimum_events=1, by="sex", **settings)


def patients(stages: tuple[str, ...] = ("IV",)) -> pl.DataFrame:
    """The same ten in each of the stages."""
    one = pl.DataFrame(
        {
            "sex": np.where(FIRST == 1, "male", "female"),
            "os_days": (MONTHS * 30).astype(int),
            "os_event": [1] * 10,
        }
    )
    return pl.concat([one.with_columns(stage=pl.lit(stage)) for stage in stages])


def test_a_ratio_that_separates_is_firths_and_named():
    found = first_ratio(MONTHS, EVENT, FIRST[:, None], None, asked(small_sample="firth"))

    expected = firth_cox(MONTHS, EVENT, FIRST)
    assert not isinstance(found, NoAnswer)
    assert found.ratio == (expected.hazard_ratios[0], expected.low[0], expected.high[0])
    assert found.method.has(MethodPart.FIRTH)
    assert found.warning.has(WarningCode.HAZARDS_BY_FIRTH)


def test_without_firth_it_is_withheld():
    assert isinstance(first_ratio(MONTHS, EVENT, FIRST[:, None], None, asked(small_sample="none")), NoAnswer)


@pytest.mark.parametrize("small_sample", ["firth", "none"])
def test_a_model_with_too_few_events_a_variable_is_firths_or_withheld(small_sample):
    design = np.column_stack([np.tile([1.0, 0.0], 5), np.arange(10) % 3])
    few = too_few_per_variable(2.0, 5.0)

    found = first_ratio(MONTHS, EVENT, design, None, asked(small_sample=small_sample), few=few)

    assert isinstance(found, NoAnswer) == (small_sample == "none")
    code = WarningCode.TOO_FEW_PER_VARIABLE if small_sample == "none" else WarningCode.FEW_BY_FIRTH
    assert found.warning.has(code)


@pytest.mark.parametrize("kind", ["survival", "subgroups"])
def test_the_setting_changes_the_ratio_of_each_kind(kind):
    def ratios(small_sample):
        settings = asked(small_sample=small_sample, variables=("stage",)).model_copy(update={"kind": kind})
        found = (
            compare_survival(patients(), settings)[0]
            if kind == "survival"
            else compare_in_subgroups(patients(("IIIC", "IV")), settings)
        )
        return [e.value for e in found if e.statistic is Statistic.HAZARD_RATIO]

    assert set(ratios("none")) == {None}
    assert None not in ratios("firth")


def test_the_mid_p_of_a_table_is_smaller_than_fishers_p():
    """Of 5 of 6 against 1 of 6 (Lancaster 1961)."""
    people = pl.DataFrame(
        {"pattern": ["oligoprogression"] * 6 + ["systemic"] * 6, "sex": ["male"] * 5 + ["female"] + ["male"] + ["female"] * 5}
    )  # fmt: skip

    def p(exact):
        settings = AnalysisSettings(kind="baseline", variables=("sex",), exact_p=exact)
        return next(e for e in compare_baseline(people, settings) if e.statistic is Statistic.P_VALUE)

    one, same = 1 / 924, 36 / 924  # of the most extreme table, and of the one seen
    assert p("fisher").value == pytest.approx(2 * (one + same), rel=1e-12)
    assert p("mid_p").value == pytest.approx(2 * (one + same / 2), rel=1e-12)
    assert p("mid_p").method.has(MethodPart.FISHER_MID_P)
