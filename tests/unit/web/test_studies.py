"""Names of studies become folders of one folder, and of no other place."""

from __future__ import annotations

from pathlib import Path

import pytest

from oligoscope.errors import UsageError
from oligoscope.web.studies import Home, is_name

BAD = [
    "", ".", "..", "../up", "a/b", "a\\b", "C:\\x", "/etc", ".hidden", "a\0b", "a\nb", "con", "NUL.txt", "x" * 81, "字" * 80,
    " a", "a.", "a:b", "a*b", "<b>", "%2e%2e", "~", "a|b", 'a"b', "\u202eabc",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_is_a_path_or_no_name_is_refused(tmp_path: Path, name: str):
    home = Home(tmp_path / "home")

    assert not is_name(name)
    assert home.study(name) is None
    if name.strip() and name.strip() != name:
        return  # spaces at its ends are cut
    with pytest.raises(UsageError):
        home.create(name)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home"]


@pytest.mark.parametrize("name", ["NSCLC 2025", "肺癌队列（一）", "étude", "a_b-c.d", "x" * 80])
def test_a_name_of_any_script_is_a_folder(tmp_path: Path, name: str):
    home = Home(tmp_path / "home")

    study = home.create(name)

    assert study.folder.parent == home.folder
    assert study.folder.stat().st_mode & 0o077 == 0
    assert [s.name for s in home.studies()] == [name]
    home.delete(study)
    assert home.studies() == []
    assert not study.state.exists()


def test_a_link_to_another_folder_is_no_study(tmp_path: Path):
    home = Home(tmp_path / "home")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (home.folder / "link").symlink_to(elsewhere)

    assert home.study("link") is None
    assert home.studies() == []


def test_a_name_that_is_taken_is_refused_and_another_is_proposed(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.create("A")

    with pytest.raises(UsageError):
        home.create("A")
    assert home.free_name("A") == "A 2"
    assert home.free_name("B") == "B"
