"""A sample of many patients represents them, and quartiles over time are of those whose lines run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.response.samples import (
    COURSES,
    FEWEST_IN_BAND,
    at_even_steps,
    quartiles_over_time,
    sample_lanes,
    sample_lines,
)

N = 579
RESPONSES = ("CR", "PR", "SD", "PD")


def lanes(n: int = N) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    return pl.DataFrame({
        "patient_id": [f"S{i:04d}" for i in range(n)],
        "course": rng.choice(COURSES, n, p=[0.4, 0.35, 0.02, 0.23]),
        "reported_response": rng.choice(RESPONSES, n, p=[0.05, 0.5, 0.3, 0.15]),
        "follow_up_months": rng.exponential(18, n).round(2),
        "progression_months": rng.exponential(8, n).round(2),
        "new_therapy_months": [None] * n,
    }, schema_overrides={"new_therapy_months": pl.Float64})  # fmt: skip


def lines(values: Mapping[str, Sequence[tuple[float, float, int]]], course: str = "systemic") -> pl.DataFrame:
    """Lines from (months, change, segment) of each patient."""
    return pl.DataFrame(
        [
            {"patient_id": p, "course": course, "reported_response": "SD", "months": m, "change_percent": c, "segment": s}
            for p, points in values.items() for m, c, s in points
        ], orient="row",
    )  # fmt: skip


def drawn(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter("is_drawn")


def test_a_sample_of_lanes_has_the_shares_of_the_whole():
    """Each pattern within a lane of its share, follow-up with nearly the same quartiles."""
    frame = lanes()

    found = drawn(sample_lanes(frame, seed=1))

    assert found.height == 60
    for column, levels, off in (("course", COURSES, 1), ("reported_response", RESPONSES, 4)):
        for level in levels:
            share = 60 * np.mean(frame[column].to_numpy() == level)
            assert abs(np.sum(found[column].to_numpy() == level) - share) < off, level
    middle, whole = (float(np.median(f["follow_up_months"].to_numpy())) for f in (found, frame))
    assert middle == pytest.approx(whole, rel=0.15)


def test_the_sample_depends_neither_on_the_order_of_rows_nor_on_how_patients_are_numbered():
    frame = lanes()
    numbers = pl.Series([f"{(i * 7919) % 10007}/x" for i in range(N)])
    other = frame.with_columns(old="patient_id", patient_id=numbers).sample(fraction=1, shuffle=True, seed=5)

    one, again = drawn(sample_lanes(frame, seed=1)), drawn(sample_lanes(other, seed=1))

    assert set(one["patient_id"]) == set(again["old"])


def test_another_seed_draws_others_and_one_seed_the_same():
    frame = lanes()

    first, again, other = (sample_lanes(frame, seed=s)["is_drawn"] for s in (1, 1, 2))

    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize(("n", "size"), [(3, 60), (60, 60), (61, 60), (1000, 7)])
def test_exactly_as_many_are_drawn_as_asked_or_all(n: int, size: int):
    chosen = at_even_steps(lanes(n), size, ("follow_up_months",), np.random.default_rng(1))

    assert chosen.sum() == min(n, size)


def test_every_patient_is_as_likely_to_be_drawn():
    rng, frame = np.random.default_rng(8), lanes(23)

    often = sum(at_even_steps(frame, 5, ("follow_up_months",), rng).to_numpy() for _ in range(2000)) / 2000

    assert often == pytest.approx(5 / 23, abs=0.05)


def test_of_few_patients_all_lines_are_drawn_and_of_many_some_of_each_course():
    few = lines({f"A{i}": [(0, 0, 0), (3, -i, 0)] for i in range(60)})
    many = pl.concat([
        lines({f"{course}{i}": [(0, 0, 0), (3, -i, 0)] for i in range(n)}, course)
        for course, n in (("systemic", 90), ("oligoprogression", 30), ("no_progression", 4))
    ])  # fmt: skip

    found = drawn(sample_lines(many, seed=2)).group_by("course").agg(pl.col("patient_id").n_unique())

    assert sample_lines(few, seed=2)["is_drawn"].all()
    assert dict(found.iter_rows()) == {"systemic": 20, "oligoprogression": 20, "no_progression": 4}


def test_quartiles_are_of_the_lines_that_run_at_a_time():
    """At month 1.5 half of each change; at 3 all lines, at 4.5 only those of the 20 that go on. Type 7 by hand."""
    ended = {f"E{i}": [(0, 0, 0), (3, -4.0 * i, 0)] for i in range(21)}
    on = {f"O{i}": [(0, 0, 0), (6, 10.0, 0)] for i in range(FEWEST_IN_BAND)}

    found = quartiles_over_time(lines(ended | on))

    assert found["months"].to_list() == [0, 1.5, 3, 4.5, 6]
    assert found["n"].to_list() == [41, 41, 41, 20, 20]
    # At 3: -80, -76, …, 0 and twenty times 5; ranks 10, 20 and 30 of 0 to 40.
    assert found.row(2)[3:] == (-40, 0, 5)
    assert found.row(3)[3:] == (7.5, 7.5, 7.5)


def test_a_broken_line_does_not_count_between_its_parts():
    whole = {f"W{i}": [(0, 0, 0), (6, -30, 0)] for i in range(FEWEST_IN_BAND)}
    broken = {"B": [(0, 0, 0), (1.5, -90, 0), (6, -90, 1)]}

    found = quartiles_over_time(lines(whole | broken))

    assert found["n"].to_list() == [21, 21, 20, 20, 21]


def test_of_too_few_patients_there_are_no_quartiles():
    found = quartiles_over_time(lines({f"W{i}": [(0, 0, 0), (6, -30, 0)] for i in range(FEWEST_IN_BAND - 1)}))

    assert found.is_empty()
