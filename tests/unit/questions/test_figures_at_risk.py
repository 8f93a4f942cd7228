"""Numbers at risk and limits of the landmark and cumulative-incidence figures; events of each arm in the forests."""

from __future__ import annotations

import polars as pl
import pytest
from matplotlib.collections import PolyCollection

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.competing_risks.figure import draw_incidence
from oligoscope.questions.competing_risks.numbers import describe_competing_risks
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.landmark.numbers import compare_at_landmarks
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.subgroups.numbers import compare_in_subgroups
from oligoscope.report.main_comparisons import draw_main_comparisons
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings
from unit.questions.geometry import outside, overlaps
from unit.stored_results import OLIGO, SYSTEMIC, VERSUS, row

MONTH = 30.4375
# pattern, day of progression, days and event of PFS, days and event of OS.
PATIENTS = pl.DataFrame(
    [
        (OLIGO, 60, 60, 1, 400, 1),
        (OLIGO, 150, 150, 1, 500, 0),
        (SYSTEMIC, 80, 80, 1, 200, 1),
        (None, None, 120, 1, 120, 1),  # died without progression
        (None, None, 300, 0, 600, 0),
    ],
    schema=["pattern", "progressed_day", "pfs_days", "pfs_event", "os_days", "os_event"],
    orient="row",
).with_columns(
    patient_id=pl.format("P{}", pl.int_range(pl.len())), population=pl.lit("treated"),
    progressed=pl.when(pl.col("progressed_day").is_null()).then(pl.lit("no")).otherwise(pl.lit("yes")),
)  # fmt: skip


def test_numbers_at_risk_from_a_landmark_count_from_it():
    """At month 3 both patterns are known of those who progressed by then; the count ends with all events."""
    _, series = compare_at_landmarks(
        PATIENTS, AnalysisSettings(kind="landmark", population="treated", minimum_events=1)
    )
    found = series["at_risk/landmark/treated/3"]

    def counts(group: str, month: int) -> tuple[int, int]:
        return found.filter(group=group, months=month).select("n_at_risk", "n_events").row(0)

    assert counts("no_progression", 0) == (3, 0)
    assert counts("no_progression", 2) == (2, 1)  # day 120 is 0.94 months after it
    assert counts(OLIGO, 0) == (1, 0)
    last = int(max(found["months"]))
    assert found.filter(months=last)["n_at_risk"].to_list() == [0, 0, 0]
    assert counts(SYSTEMIC, last) == (0, 1)


def test_numbers_at_risk_of_first_events_count_all_without_any():
    """The others' first events end follow-up: at risk is the same whichever event, and events are its own."""
    _, series = describe_competing_risks(
        PATIENTS,
        AnalysisSettings(kind="competing_risks", population="treated", variables=(), minimum_events=1),
    )
    found = series["at_risk/incidence/treated"]
    days, events = PATIENTS["pfs_days"].to_numpy(), PATIENTS["pfs_event"].to_numpy()

    for month in found["months"].unique():
        here = found.filter(months=month)
        assert set(here["n_at_risk"]) == {int((days >= month * MONTH).sum())}
        assert here["n_events"].sum() == int(((days < month * MONTH) & (events == 1)).sum())
    assert dict(found.filter(months=found["months"].max()).select("group", "n_events").iter_rows()) == {
        OLIGO: 2, SYSTEMIC: 1, "death_without_progression": 1,
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [draw_landmarks, draw_incidence, draw_subgroups, draw_main_comparisons])
def test_every_word_has_its_own_place(compared_results, draw, language):
    drawing = draw(compared_results).draw(language)

    assert outside(drawing) == []
    assert overlaps(drawing) == []


@pytest.mark.parametrize(("draw", "lines"), [(draw_landmarks, 3), (draw_incidence, 4)])
def test_a_band_for_each_curve_and_a_number_under_each_tick(compared_results, draw, lines):
    figure = draw(compared_results)
    for axes in figure.draw("en").axes:
        ticks, bands = list(axes.get_xticks()), [c for c in axes.collections if isinstance(c, PolyCollection)]
        numbers = [t for t in axes.texts if t.get_text()]

        assert len(ticks) > 2
        assert len(bands) == 3
        assert [t.get_position()[0] for t in numbers] == ticks * lines
    assert "95% confidence intervals" in figure.caption.en
    assert "95% 置信区间" in figure.caption.zh


def test_events_and_patients_of_a_subgroup_are_those_of_its_groups():
    """Counts of the three rows of a level are whole patients, also where no ratio is given."""
    patients = PATIENTS.with_columns(
        sex=pl.Series(["male", "female", "male", None, None]),
        pps_days=pl.col("os_days") - pl.col("progressed_day"),
        pps_event=pl.col("os_event"),
    )
    found = compare_in_subgroups(
        patients, AnalysisSettings(kind="subgroups", outcomes=(Outcome.PPS,), variables=("sex",))
    )
    counted = {(e.group, e.level, e.statistic): e.value for e in found if e.analysis == SUBGROUPS}

    for group, level, n, events in (
        (OLIGO, "male", 1, 1), (OLIGO, "female", 1, 0), (SYSTEMIC, "male", 1, 1), (SYSTEMIC, "female", 0, 0),
    ):  # fmt: skip
        assert counted[group, level, Statistic.N] == n
        assert counted[group, level, Statistic.EVENTS] == events
    assert counted[VERSUS, "male", Statistic.HAZARD_RATIO] is None


def test_the_forest_of_subgroups_prints_events_of_each_group(compared_results):
    words = [t.get_text() for t in draw_subgroups(compared_results).draw("en").texts]
    of: dict = {"analysis": SUBGROUPS, "variable": "sex", "level": "male"}

    for group in (OLIGO, SYSTEMIC):
        n, events = (row(statistic=s, group=group, **of).value for s in (Statistic.N, Statistic.EVENTS))
        assert f"{events:g}/{n:g}" in words


def test_the_answer_prints_events_where_they_are_of_the_same_patients(compared_results):
    figure = draw_main_comparisons(compared_results)
    counts = {
        (e.analysis, e.population, e.group, str(e.variable))
        for e in figure.estimates
        if e.statistic == Statistic.N
    }

    assert ("landmark", "treated", OLIGO, "landmark_6_months") in counts
    assert ("survival", "progressed", OLIGO, "") in counts
    assert ("survival", "matched", SYSTEMIC, "") in counts
