"""Restricted means of two groups: by hand, at which horizons, and why rows are withheld."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from oligoscope.bilingual import Language
from oligoscope.questions.restricted_means.figure import draw_means
from oligoscope.questions.restricted_means.horizons import horizons_of
from oligoscope.questions.restricted_means.numbers import compare_means
from oligoscope.questions.restricted_means.table import tabulate_means
from oligoscope.questions.restricted_means.words import means_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings
from unit.eight_patients import BOTH, made_from

MONTH = 30.4375
# Months and event; by hand: the first group dies at 10 and 20 of 2, the second at 5 and 15, each followed to 30.
TIMES = {
    "oligoprogression": [(10, 1), (20, 1), (30, 0), (30, 0)],
    "systemic": [(5, 1), (15, 1), (30, 0), (30, 0)],
}


def patients(times: dict[str, list[tuple[int, int]]]) -> pl.DataFrame:
    rows = [(group, m * MONTH, bool(e)) for group, found in times.items() for m, e in found]
    return pl.DataFrame(rows, schema=["pattern", "os_days", "os_event"], orient="row")


def results(times: dict[str, list[tuple[int, int]]] = TIMES, minimum_events: int = 1) -> Results:
    settings = AnalysisSettings(
        kind="restricted_means", outcomes=(Outcome.OS,), minimum_events=minimum_events
    )
    return Results(tuple(compare_means(patients(times), settings)))


def own(group: str) -> dict[str, Any]:
    return {"analysis": "restricted_means", "population": "progressed", "outcome": "os", "group": group}


def test_means_are_the_areas_under_the_curves_by_hand():
    found = results()

    # 10 + 0.75 * 10 + 0.5 * 10, and 5 + 0.75 * 10 + 0.5 * 15 months up to 30.
    assert found.value(**own("oligoprogression"), statistic=Statistic.RESTRICTED_MEAN) == pytest.approx(22.5)
    assert found.value(**own("systemic"), statistic=Statistic.RESTRICTED_MEAN) == pytest.approx(20)
    assert found.value(**own("systemic"), statistic=Statistic.RESTRICTED_TIME_LOST) == pytest.approx(10)
    assert found.value(**own(BOTH), statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE) == pytest.approx(2.5)
    assert found.value(**own(BOTH), statistic=Statistic.RESTRICTED_MEAN_RATIO) == pytest.approx(1.125)
    at_12 = at_months(Statistic.RESTRICTED_MEAN_DIFFERENCE, 12)
    assert found.value(**own(BOTH), statistic=at_12) == pytest.approx(11.5 - 10.25)


def test_horizons_are_those_within_the_follow_up_of_both_groups_and_the_common_one():
    found = horizons_of(results(TIMES | {"systemic": [(5, 1), (26, 0)]}), "progressed", "pattern")

    assert [one.months for one in found] == pytest.approx([12, 24, 26])
    assert [one.common is not None for one in found] == [False, False, True]


def test_a_comparison_of_few_events_is_withheld_and_its_means_are_given():
    found = horizons_of(results(minimum_events=2), "progressed", "pattern")

    assert [(one.difference.value is None, one.difference.warning) for one in found] == [
        (True, "too_few_events minimum=2"),
        (False, "group_known_only_at_progression"),
        (False, "group_known_only_at_progression"),
    ]
    assert all(mean is not None and mean.value is not None for one in found for mean in one.means)


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ((), "no_patients"),
        (("systemic",), "one_group_only"),
        (("oligoprogression", "systemic", "third"), "two_groups_needed"),
    ],
)
def test_without_two_groups_a_row_gives_the_reason(groups, why):
    times = TIMES | {"third": [(3, 1), (9, 0)]}
    found = compare_means(
        patients(times).filter(pl.col("pattern").is_in(groups)),
        AnalysisSettings(kind="restricted_means", outcomes=(Outcome.OS,)),
    )

    assert [(e.statistic, e.value, e.warning) for e in found] == [("restricted_mean_difference", None, why)]


@pytest.mark.parametrize(
    ("times", "en", "zh"),
    [
        (TIMES, "was not statistically significant", "差异无统计学意义"),
        (
            {"oligoprogression": [(m, 1) for m in range(10, 30)], "systemic": [(m, 1) for m in range(1, 21)]},
            "longer with oligoprogression than with systemic",
            "寡进展组长于广泛进展组",
        ),
        (
            {"oligoprogression": [(m, 1) for m in range(1, 21)], "systemic": [(m, 1) for m in range(10, 30)]},
            "longer with systemic progression than with oligo",
            "广泛进展组长于寡进展组",
        ),
    ],
)
def test_a_direction_is_named_only_where_p_is_below_0_05(times, en, zh):
    paragraph = means_paragraph(results(times), "progressed", "pattern", "os")

    assert paragraph is not None
    assert en in paragraph.text.en
    assert zh in paragraph.text.zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_table_and_figure_show_every_horizon(language: Language):
    found = results()
    table, figure = tabulate_means(found), draw_means(found)

    assert [row.cells[0].text.en for row in table.rows] == [
        "Overall survival", "12 months", "24 months", "30.0 months (common follow-up)",
    ]  # fmt: skip
    assert figure.draw(language).axes[0].get_xscale() == "linear"
    assert set(figure.estimates) <= set(found.estimates)


def test_patients_are_those_of_the_groups_whose_time_is_known():
    of: dict[str, Any] = {"outcome": Outcome.PPS, "statistic": Statistic.RESTRICTED_MEAN}
    both, names = made_from("restricted_means", **of, group=BOTH)
    one, _ = made_from("restricted_means", **of, group="systemic")

    assert names(both.patients) == "P1 P2 P3 P4 P5"
    assert names(one.patients) == "P4 P5"
