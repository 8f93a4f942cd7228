"""What is said of the packages Oligoscope needs is true to the lock files: licences, wheels, bill of materials; and the audit."""

from __future__ import annotations

import importlib.util
import json
import re
import runpy
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts" / "supply"))

import audit  # noqa: E402  # pyright: ignore[reportMissingImports] - scripts/supply must be on the path first
import print_licences  # noqa: E402  # pyright: ignore[reportMissingImports]
import print_platforms  # noqa: E402  # pyright: ignore[reportMissingImports]
from lock_files import DEV, RUN, SPARK, SUPPLY, read_lock  # noqa: E402  # pyright: ignore[reportMissingImports]


@pytest.mark.parametrize("lock", [RUN, DEV, SPARK, SUPPLY], ids=lambda path: path.name)
def test_every_line_of_a_lock_file_is_a_package_its_version_or_a_hash(lock):
    found = read_lock(lock)

    assert found
    assert len({one.name for one in found}) == len(found)
    assert all(re.fullmatch(r"\d[\w.+!-]*", one.version) for one in found)


def test_the_portable_start_looks_for_libraries_that_are_installed_with_it():
    """A library that is no longer needed would be called blocked on every machine."""
    names = runpy.run_path(str(ROOT / "scripts" / "portable" / "start.py"))["LIBRARIES"]
    locked = {canonicalize_name(one.name) for one in read_lock(RUN)}
    packages = packages_distributions()
    tops = [name.split(".")[0] for name in names]
    others = {
        top: packages.get(top, [])
        for top in tops
        if top not in sys.stdlib_module_names
        and top != "oligoscope"
        and not locked & set(map(canonicalize_name, packages.get(top, [])))
    }

    assert others == {}
    assert [name for name in names if not importlib.util.find_spec(name)] == []


@pytest.mark.parametrize("spoiled", ["numpy>=2\n", "numpy==2.4.6\n", "numpy==2.4.6 \\\n", "--index-url x\n"])
def test_a_line_without_version_or_hash_is_refused(tmp_path, spoiled):
    path = tmp_path / "requirements.lock"
    path.write_text(RUN.read_text(encoding="utf-8") + spoiled, encoding="utf-8")

    with pytest.raises(ValueError, match=r"requirements\.lock has lines"):
        read_lock(path)


def test_the_locks_name_one_version_of_a_package():
    small, large, spark = ({o.name: o.version for o in read_lock(lock)} for lock in (RUN, DEV, SPARK))

    assert small.items() <= large.items()
    assert spark.keys() & large.keys() == set()


def test_the_list_of_licences_is_that_of_the_locked_packages():
    """The licences are written by scripts/supply/print_licences.py; here names, versions and what they are used for."""
    page = print_licences.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `([^`]+)` \| (\S+) \| (.+?) \| (.*?) \| (run|test) \|$", page)
    needed = {one.name for one in read_lock(RUN)}

    assert [(name, version, use) for name, version, _, _, use in rows] == [
        (one.name, one.version, "run" if one.name in needed else "test") for one in read_lock(DEV)
    ]
    assert [
        (name, licence) for name, _, licence, _, _ in rows if print_licences.NOT_ALLOWED.search(licence)
    ] == []


@pytest.mark.parametrize(
    ("metadata", "text", "licence"),
    [
        ("License-Expression: MIT\nLicense: GPL", "", "MIT"),
        ("License: Apache 2.0", "", "Apache-2.0"),
        ("Classifier: License :: OSI Approved :: MIT License", "", "MIT"),
        ("Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "", "GNU General Public License v3 (GPLv3)"),
        ("Classifier: License :: OSI Approved :: BSD License", "Redistribution and use in source and binary forms ... endorse or promote", "BSD-3-Clause"),
        ("Name: x", "", "not stated anywhere"),
    ],
)  # fmt: skip
def test_a_licence_is_read_as_the_package_states_it(metadata, text, licence):
    assert print_licences.licence_of(print_licences.Parser().parsestr(metadata + "\n"), text)[0] == licence


def test_a_licence_that_needs_a_decision_is_refused():
    for licence in (
        "GPL-3.0-only",
        "GNU General Public License v3 (GPLv3)",
        "AGPL-3.0",
        "not stated anywhere",
    ):
        assert print_licences.NOT_ALLOWED.search(licence)
    assert not print_licences.NOT_ALLOWED.search("LGPL-2.1-or-later")


def test_the_page_of_platforms_is_true_to_the_lock():
    assert print_platforms.check(print_platforms.read_files()) == []


def test_a_file_that_is_not_locked_and_a_hash_without_file_are_found():
    files = print_platforms.read_files()
    digest = next(d for d, name in files.items() if name.startswith("numpy"))
    name = files.pop(digest)

    assert print_platforms.check(files) == ["numpy: 1 of its hashes are not in wheels.txt"]
    assert f"{name}: its hash is not in the lock file" in print_platforms.check({**files, "0" * 64: name})


def test_platforms_without_wheels_are_found_from_the_names_of_files():
    """pyreadstat and survival have no wheel for musl; with one, survival is not lacking there."""
    (alpine,) = (p for p in print_platforms.PLATFORMS if p.name == "Linux x86-64, musl (Alpine)")
    files = print_platforms.read_files()
    wheel = next(d for d, name in files.items() if name.startswith("survival") and name.endswith(".whl"))

    assert print_platforms.without_wheel(alpine, (3, 11), files) == ["pyreadstat", "survival"]
    files[wheel] = "survival-2.0.0-cp311-cp311-musllinux_1_1_x86_64.whl"
    assert print_platforms.without_wheel(alpine, (3, 11), files) == ["pyreadstat"]


def test_the_bill_of_materials_is_that_of_the_lock():
    bom = json.loads((ROOT / "docs" / "supply" / "sbom.cdx.json").read_text(encoding="utf-8"))
    listed = {one["purl"] for one in bom["components"]}
    locked = {f"pkg:pypi/{one.name}@{one.version}": one for one in read_lock(RUN)}
    here = {purl for purl, one in locked.items() if "win32" not in one.marker}

    assert (bom["bomFormat"], bom["metadata"]["component"]["name"]) == ("CycloneDX", "oligoscope")
    assert {purl.replace("ruamel.yaml", "ruamel-yaml") for purl in listed} == here
    assert [one["name"] for one in bom["components"] if not one.get("licenses")] == []


CLEAN = {"name": "numpy", "version": "2.4.6", "vulns": []}
WEAK = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-2022-10", "fix_versions": ["9.0.1"], "aliases": []}],
}
SKIPPED = {
    "name": "numpy",
    "skip_reason": "Dependency not found on PyPI and could not be audited: numpy (2.4.6)",
}


def answers(monkeypatch: pytest.MonkeyPatch, *found: object) -> None:
    """pip-audit answers these, one call after another."""
    calls = iter(found)
    monkeypatch.setattr(audit, "audit", lambda *_: next(calls))
    monkeypatch.setattr(audit, "read_lock", lambda lock: [o for o in read_lock(RUN) if o.name == "numpy"] if lock == DEV else [])  # fmt: skip
    monkeypatch.delenv("OLIGOSCOPE_OSV_URL", raising=False)


def test_a_service_that_knows_nothing_is_no_clean_bill(monkeypatch, capsys):
    answers(monkeypatch, {"dependencies": [SKIPPED]}, "Failed to resolve the host")

    audit.main()

    said = capsys.readouterr().out
    assert said.startswith("skipped: no advisory service answers here")
    assert "pypi: it knows no weakness of pillow==9.0.0" in said
    assert "osv: Failed to resolve the host" in said


def test_packages_without_known_weaknesses_pass(monkeypatch, capsys):
    answers(monkeypatch, {"dependencies": [WEAK]}, {"dependencies": [CLEAN]}, {"dependencies": []})

    audit.main()

    assert "1 of 1 packages looked up with -s pypi: 0 known weaknesses" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"dependencies": [WEAK]}, "pillow 9.0.0: PYSEC-2022-10, mended in 9.0.1"),
        ({"dependencies": [SKIPPED]}, "could not be audited"),
        ("timed out", "then failed: timed out"),
    ],
)
def test_a_known_weakness_or_a_package_not_looked_up_fails(monkeypatch, answer, words):
    answers(monkeypatch, {"dependencies": [WEAK]}, answer, {"dependencies": []})

    with pytest.raises(SystemExit, match=words):
        audit.main()


def test_the_scripts_of_the_shell_are_well_formed():
    scripts = sorted((ROOT / "scripts" / "supply").glob("*.sh"))
    assert scripts
    for script in (*scripts, *(ROOT / ".ci").glob("run")):  # the sdist holds no .ci
        subprocess.run(["bash", "-n", str(script)], check=True)
