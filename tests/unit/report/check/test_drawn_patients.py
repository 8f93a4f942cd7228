"""Three patients to be signed: one of each situation, by the seed alone."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from oligoscope.cohort.select import Cohort, Flow
from oligoscope.pipeline import StudyRun
from oligoscope.report.check.drawn_patients import drawn_patients
from oligoscope.study.protocol import Protocol

KINDS = {"oligoprogression": 6, "systemic": 5, None: 4}


def run_of(kinds: dict[str | None, int], seed: int = 1, flags: str | None = None) -> StudyRun:
    rows = [
        (f"P{i}{n}", kind, "progressed" if kind else "treated", flags)
        for i, (kind, count) in enumerate(kinds.items())
        for n in range(count)
    ]
    frame = pl.DataFrame(rows, schema=["patient_id", "pattern", "population", "flags"], orient="row")
    protocol = Protocol.model_validate(
        {"study": {"title": {"zh": "t", "en": "t"}, "seed": seed}, "data": {"cohort": {"files": ["c.csv"]}}}
    )
    flow = Flow(frame.height, frame.height, 0, (), ())
    return StudyRun(protocol, None, Cohort(frame, flow), None)  # type: ignore[arg-type]


def patterns(run: StudyRun, draw: int) -> list[str | None]:
    by_id = dict(run.cohort.patients.select("patient_id", "pattern").iter_rows())
    return [by_id[one.patient_id] for one in drawn_patients(run, draw)]


def test_one_of_each_situation():
    assert patterns(run_of(KINDS), 1) == ["oligoprogression", "systemic", None]


def test_the_order_of_rows_does_not_matter_and_the_seed_does():
    run = run_of(KINDS)
    turned = replace(run, cohort=replace(run.cohort, patients=run.cohort.patients.reverse()))

    assert drawn_patients(run, 1) == drawn_patients(turned, 1)
    assert (
        len({tuple(one.patient_id for one in drawn_patients(run_of(KINDS, seed), 1)) for seed in range(8)})
        > 1
    )


def test_another_three_are_others_until_a_kind_is_used_up():
    run = run_of(KINDS)
    seen = [one.patient_id for draw in (1, 2, 3, 4) for one in drawn_patients(run, draw)]

    assert len(set(seen)) == 12


@pytest.mark.parametrize(
    ("kinds", "n"), [({"systemic": 5}, 3), ({"oligoprogression": 2}, 2), ({None: 1}, 1), ({}, 0)]
)
def test_where_a_kind_has_no_patient_others_take_the_place(kinds: dict[str | None, int], n: int):
    for draw in (1, 2, 7):
        found = drawn_patients(run_of(kinds), draw)
        assert len({one.patient_id for one in found}) == n


def test_a_doubt_is_said():
    found = drawn_patients(run_of({"systemic": 5}, flags="no_controlled_lesion"), 1)

    assert found[0].situation.en == "Systemic progression: no lesion was controlled at the progression"
    assert found[0].situation.zh == "广泛进展，进展时无受控病灶"
