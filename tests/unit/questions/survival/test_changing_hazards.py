"""What is given beside a hazard ratio that is not the same at all times."""

from __future__ import annotations

from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.time_dependent import piecewise_cox
from unit.questions.survival.two_hazards import SETTINGS, patients


def test_a_ratio_that_changes_is_given_with_restricted_means_and_ratios_by_period():
    """What is written is what the tested methods (oracles: R's survfit and coxph) give."""
    rows = patients(crossing=True)
    found, _ = compare_survival(rows, SETTINGS)
    months, died = (rows["pps_days"] / 30.4375).to_numpy(), rows["pps_event"].to_numpy()
    first = (rows["pattern"] == "oligoprogression").to_numpy()
    means = compare_restricted_means(months, died, first.astype(int), reference=0)
    periods = piecewise_cox(months, died, first.astype(float), (6.0, 12.0))

    by_name = {(e.statistic, e.variable, e.level, e.group): e for e in found}
    both = "oligoprogression vs systemic"
    gap = by_name[Statistic.RESTRICTED_MEAN_DIFFERENCE, "", "", both]
    assert (gap.value, gap.low, gap.high) == (
        means.difference.value,
        means.difference.low,
        means.difference.high,
    )
    assert by_name[Statistic.RESTRICTED_MEAN_HORIZON, "", "", both].value == min(
        months[first].max(), months[~first].max()
    )
    assert by_name[Statistic.RESTRICTED_MEAN, "", "", "systemic"].value == means.means[1].value
    early = by_name[Statistic.HAZARD_RATIO_PERIOD, "period", "0-6", both]
    assert (early.value, early.low) == (periods.fit.hazard_ratios[0], periods.fit.low[0])
    assert early.value is not None
    assert early.value > 1 > (by_name[Statistic.HAZARD_RATIO_PERIOD, "period", "6-12", both].value or 9)


def test_a_ratio_that_is_the_same_at_all_times_is_given_alone():
    found, _ = compare_survival(patients(crossing=False), SETTINGS)

    means = {
        Statistic.RESTRICTED_MEAN,
        Statistic.RESTRICTED_MEAN_DIFFERENCE,
        Statistic.RESTRICTED_MEAN_HORIZON,
    }
    assert not [e for e in found if e.statistic in means or e.variable == "period"]
