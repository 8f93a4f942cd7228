"""plan.locked.json: what was locked, when, and whether the settings are still those."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oligoscope.plan_lock import PLAN_FILE, checksums, now, plan_of, read_locks, write_locks


def _lock(folder: Path) -> None:
    record = read_locks(folder)
    record["locks"].append(
        {"locked_at": now(), "files": checksums(folder, [folder / "a.csv"]), "after_results": False}
    )
    write_locks(folder, record)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.yaml").write_text("study: {}\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("x\n", encoding="utf-8")
    return tmp_path


def test_a_time_names_its_zone():
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", now())


def test_a_study_without_a_lock_has_none(study: Path):
    assert plan_of(study) is None


def test_a_change_of_settings_is_seen(study: Path):
    _lock(study)
    as_locked = plan_of(study)
    (study / "study.yaml").write_text("study: {seed: 2}\n", encoding="utf-8")

    assert as_locked is not None
    assert as_locked["settings_as_locked"]
    assert as_locked["first_before_results"]
    changed = plan_of(study)
    assert changed is not None
    assert not changed["settings_as_locked"]


def test_a_mapping_that_is_added_later_is_a_change(study: Path):
    _lock(study)
    (study / "mapping.yaml").write_text("data: {}\n", encoding="utf-8")

    found = plan_of(study)

    assert found is not None
    assert not found["settings_as_locked"]


def test_every_lock_is_kept(study: Path):
    _lock(study)
    _lock(study)

    assert len(read_locks(study)["locks"]) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"locks": 3, "runs": [1]}', '{"locks": [{"locked_at": 3}]}']
)
def test_a_file_that_is_none_holds_no_lock(study: Path, text: str):
    (study / PLAN_FILE).write_text(text, encoding="utf-8")

    assert read_locks(study) == {"locks": [], "runs": []}
