"""Courses through the states, ties on one day, clocks, and what is withheld."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.illness_death.course import course
from oligoscope.questions.illness_death.numbers import describe_states
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.warnings import WarningCode
from oligoscope.study.protocol import AnalysisSettings
from unit.stored_results import OLIGO, SYSTEMIC

MONTH = 30.4375
COLUMNS = ["pattern", "progressed_day", "pfs_days", "pfs_event", "os_days", "os_event"]
NONE, BOTH = "no_progression", f"{OLIGO} vs {SYSTEMIC}"


def patients(*rows: tuple[object, ...], **more: Sequence[object]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row").with_columns(
        patient_id=pl.format("P{}", pl.int_range(pl.len())),
        progressed=pl.when(pl.col("progressed_day").is_null()).then(pl.lit("no")).otherwise(pl.lit("yes")),
    )
    return frame.with_columns(**{name: pl.Series(values) for name, values in more.items()})


def ask(frame: pl.DataFrame, **settings: object) -> Results:
    asked = AnalysisSettings.model_validate(
        {"kind": "illness_death", "population": "treated", "minimum_events": 1, **settings}
    )
    return Results(*map(tuple, [describe_states(frame, asked)[0]]))  # type: ignore[arg-type]


def get(results: Results, **keys: object) -> Estimate:
    found = results.get(analysis="illness_death", population="treated", **keys)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((OLIGO, 60, 60, 1, 400, 1), [(NONE, OLIGO, 0, 60), (OLIGO, "death_after_oligoprogression", 60, 400)]),
        ((SYSTEMIC, 80, 80, 1, 200, 0), [(NONE, SYSTEMIC, 0, 80), (SYSTEMIC, None, 80, 200)]),
        # Progression and death on one day: after it.
        ((SYSTEMIC, 80, 80, 1, 80, 1), [(NONE, SYSTEMIC, 0, 80), (SYSTEMIC, "death_after_systemic", 80, 80.5)]),
        ((None, None, 120, 1, 120, 1), [(NONE, "death_without_progression", 0, 120)]),
        # No event of PFS: out of sight at the last adequate assessment, as in competing risks.
        ((None, None, 300, 0, 600, 1), [(NONE, None, 0, 300)]),
        ((OLIGO, 200, 90, 0, 600, 1), [(NONE, None, 0, 90)]),
        ((None, 70, 70, 1, 90, 1), [(NONE, "progression_without_pattern", 0, 70),
                                    ("progression_without_pattern", "death_after_progression_without_pattern", 70, 90)]),
        ((None, None, 0, 1, 0, 1), [(NONE, "death_without_progression", 0, 0.5)]),
        ((OLIGO, 60, 60, 1, None, None), [(NONE, OLIGO, 0, 60)]),
    ],
)  # fmt: skip
def test_the_course_of_a_patient(row, expected):
    found = course(patients(row)).select("state", "entered", "start", "stop").rows()

    assert found == expected


def test_a_patient_who_came_late_is_in_no_state_before():
    """P0 came before the progression, P1 after it, P2 after death."""
    rows = [(OLIGO, 60, 60, 1, 400, 1)] * 3
    found = course(patients(*rows, os_entry_days=[30.0, 100.0, None], pfs_entry_days=[30.0, None, None]))

    assert found.select("patient", "state", "start", "stop").rows() == [
        (0, NONE, 30, 60), (0, OLIGO, 60, 400), (1, OLIGO, 100, 400),
    ]  # fmt: skip


def many(n: int = 80) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for i in range(n):
        first, later = int(rng.integers(20, 500)), int(rng.integers(10, 600))
        kind = i % 4
        pattern = (OLIGO, SYSTEMIC, None, None)[kind]
        day = first if kind < 2 else None
        end = first + later if kind < 2 else first
        rows.append((pattern, day, first, int(kind < 3), end, int(kind < 3 and rng.random() < 0.9)))
    return patients(*rows, sex=(["male"] * 4 + ["female"] * 4) * (n // 8))


def test_shares_of_all_states_add_up_to_one_and_months_to_the_horizon():
    found = ask(many())
    shares = found.find(statistic=at_months(Statistic.OCCUPATION, 12))
    months = [e for e in found.estimates if e.statistic == at_months(Statistic.RESTRICTED_MEAN, 24)]

    assert sum(e.value or 0 for e in shares) == pytest.approx(1)
    assert sum(e.value or 0 for e in months) == pytest.approx(24)


def test_without_censoring_a_share_is_a_count():
    """At 6 months one patient is in each of the states; all are followed to death."""
    frame = patients(
        (None, None, 800, 1, 800, 1), (OLIGO, 60, 60, 1, 800, 1), (SYSTEMIC, 60, 60, 1, 800, 1), (None, None, 90, 1, 90, 1),
    )  # fmt: skip
    found = ask(frame)

    for state in (NONE, OLIGO, SYSTEMIC, "death_without_progression"):
        assert get(found, group=state, statistic=at_months(Statistic.OCCUPATION, 6)).value == pytest.approx(
            0.25
        )


def test_the_clock_changes_ratios_after_progression_and_no_others():
    forward, reset = (ask(many(), variables=["sex"], clock=clock) for clock in ("forward", "reset"))
    keys = {"variable": "sex", "level": "male vs female", "statistic": Statistic.HAZARD_RATIO}
    before = {"outcome": SYSTEMIC, "group": NONE, **keys}
    after = {"outcome": "death", "group": SYSTEMIC, **keys}
    headline = {"outcome": "death", "group": BOTH, "statistic": Statistic.HAZARD_RATIO_ADJUSTED}

    assert get(forward, **before) == get(reset, **before)
    assert get(forward, **after).value != get(reset, **after).value
    assert get(forward, **headline).value != get(reset, **headline).value


def test_a_model_takes_the_patients_in_whom_every_variable_is_known():
    frame = many().with_columns(
        stage=pl.when(pl.int_range(pl.len()) < 40).then(pl.lit("IV")).when(pl.int_range(pl.len()) < 70).then(pl.lit("III"))
    )  # fmt: skip
    found = ask(frame, variables=["sex", "stage"], minimum_events_per_variable=1)
    of_one = {"outcome": OLIGO, "group": NONE}

    assert get(found, **of_one, statistic=Statistic.N).value == 80
    assert (
        get(found, **of_one, variable="sex", level="male vs female", statistic=Statistic.HAZARD_RATIO).n == 70
    )
    assert get(found, outcome="death", group=BOTH, statistic=Statistic.HAZARD_RATIO).n == 40
    assert get(found, outcome="death", group=BOTH, statistic=Statistic.HAZARD_RATIO_ADJUSTED).n == 36


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"minimum_events": 30}, WarningCode.TOO_FEW_EVENTS),
        ({"minimum_events_per_variable": 100}, WarningCode.TOO_FEW_PER_VARIABLE),
    ],
)
def test_too_few_events_are_a_reason_and_no_ratio(settings, code):
    found = ask(many(), variables=["sex"], **settings)
    rows = [e for e in found.estimates if e.outcome == OLIGO and e.variable == "sex"]

    assert [(e.value, e.warning.has(code)) for e in rows] == [(None, True)]


def test_a_variable_that_is_blank_or_the_same_for_all_is_left_out_with_its_reason():
    found = ask(
        many().with_columns(ecog=pl.lit(1), stage=pl.lit(None, pl.String)), variables=["ecog", "stage", "sex"]
    )

    assert get(found, variable="ecog", statistic=Statistic.HAZARD_RATIO).warning.has(
        WarningCode.ONE_LEVEL_ONLY
    )
    assert get(found, variable="stage", statistic=Statistic.HAZARD_RATIO).warning.has(
        WarningCode.BLANK_FOR_ALL
    )
    assert (
        get(found, outcome="death", group=BOTH, statistic=Statistic.HAZARD_RATIO_ADJUSTED).value is not None
    )


def test_only_patients_who_progressed_give_no_model():
    (row,) = ask(patients((OLIGO, 60, 60, 1, 400, 1))).estimates

    assert row.warning.has(WarningCode.ONLY_PROGRESSED_PATIENTS)


def test_rows_in_another_order_give_the_same_numbers():
    frame = many()
    one, other = (ask(f, variables=["sex"]).estimates for f in (frame, frame.reverse()))

    for a, b in zip(one, other, strict=True):
        assert a.key == b.key
        assert b.value == pytest.approx(a.value, rel=1e-9)
