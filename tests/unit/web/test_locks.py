"""Whether the plan of the results was locked before the results were there."""

from __future__ import annotations

from pathlib import Path

import pytest

from oligoscope.web.locks import lock, locks, record_run, shown_time
from oligoscope.web.studies import Home, Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = Home(tmp_path / "home").create("A")
    study.file.write_text("study: {}\n", encoding="utf-8")
    (study.data / "a.csv").write_text("x\n", encoding="utf-8")
    return study


def _finish(study: Study) -> None:
    study.output.mkdir(exist_ok=True)
    (study.output / "results.csv").write_text("", encoding="utf-8")


def test_a_plan_that_was_locked_before_the_first_run(study: Study):
    made = lock(study, {"analyses": []})
    record_run(study)
    _finish(study)

    found = locks(study)

    assert found.current == made
    assert found.before_first_run
    assert "before any result" in found.said().en
    assert set(made.files) == {"study.yaml", "data/a.csv"}


def test_a_lock_after_results_says_so(study: Study):
    lock(study, {})
    record_run(study)
    _finish(study)
    study.file.write_text("study: {seed: 2}\n", encoding="utf-8")
    between = locks(study)
    lock(study, {})
    record_run(study)

    found = locks(study)

    assert between.current is None
    assert between.before_first_run
    assert [one.after_results for one in found.all] == [False, True]
    assert not found.before_first_run
    assert "after results had been seen" in found.said().en


def test_a_changed_file_of_data_opens_the_lock(study: Study):
    lock(study, {})
    (study.data / "a.csv").write_text("y\n", encoding="utf-8")

    assert locks(study).current is None


def test_results_of_the_command_line_have_no_plan(study: Study):
    _finish(study)

    found = locks(study)

    assert found.is_without
    assert not found.before_first_run
    assert found.said().zh == "这些结果没有事先锁定的计划。"
    assert lock(study, {}).after_results


def test_a_time_is_shown_with_its_zone():
    assert shown_time("2026-11-27T04:30:11+08:00") == "2026-11-27 04:30 (UTC+08:00)"
