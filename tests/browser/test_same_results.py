"""The same study by the command line, by Python and by the browser has the same numbers, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from browser.keyboard import WAIT, follow, onto
from browser.serving import SOURCE, Serving, until_run

NAME = "Small"


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """A study as a user has it before anything was run."""
    from oligoscope.demo.cohort import make_cohort, write_cohort

    folder = server.home / NAME
    write_cohort(make_cohort(11, 60), folder)
    return folder


@pytest.fixture(scope="module")
def by_command(study: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """results.csv of `oligoscope run` on a copy."""
    copy = _copied(study, tmp_path_factory.mktemp("command"))
    out = copy.parent / "out"
    ended = subprocess.run(
        [sys.executable, "-m", "oligoscope", "run", str(copy), "--out", str(out), "--lang", "en"],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert ended.returncode in {0, 4}, ended.stderr
    return (out / "results.csv").read_bytes()


def _copied(study: Path, folder: Path) -> Path:
    return Path(shutil.copytree(study, folder / "study"))


def test_python_has_the_numbers_of_the_command_line(study: Path, by_command: bytes, tmp_path: Path):
    from oligoscope import run_study
    from oligoscope.checked_study import check_study
    from oligoscope.results_files import write_results

    checked = check_study(_copied(study, tmp_path))
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
    write_results(run.results, tmp_path)

    assert (tmp_path / "results.csv").read_bytes() == by_command


def test_the_browser_has_the_numbers_of_the_command_line_in_every_language_and_style(
    page: Any, server: Serving, study: Path, by_command: bytes
):
    base = f"{server.url}/en/studies/{NAME}"
    page.goto(f"{base}/plan")
    onto(page, "main form button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run")
    follow(page, "main form button.main", "[data-stages]")
    until_run(page)
    results = study / "output" / "results.csv"
    assert results.read_bytes() == by_command

    written = results.stat().st_mtime_ns
    for language, style in (("zh", "zh-cma"), ("en", "en-nejm")):
        page.goto(f"{base.replace('/en/', f'/{language}/')}/answer")
        page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
        page.goto(f"{base.replace('/en/', f'/{language}/')}/paper")
        page.check(f"input[value='{style}']")
        page.check(f"input[name=lang][value={language}]")
        page.locator("form.paper-form button").click()
        page.wait_for_selector(".notice.good", timeout=WAIT)
        assert (study / "output" / f"report.{language}.docx").is_file()

    assert results.read_bytes() == by_command
    assert results.stat().st_mtime_ns == written  # not even written again
