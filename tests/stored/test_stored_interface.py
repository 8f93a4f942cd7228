"""What people type and what programs read: commands and their options, study.yaml, a new study, JSON answers.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oligoscope.study.protocol import Protocol
from oligoscope.study.study_presets import PRESETS
from stored.golden import RUN, command, same_as_stored
from stored.renderings import workbook

MOST = 40  # items of a list of rows
COMMANDS = (
    "demo",
    "new",
    "check",
    "derive",
    "run",
    "report",
    "verify",
    "compare",
    "patient",
    "doctor",
    "map",
)


def help_of(*words: str) -> str:
    """What `--help` says, as words; how they are laid out depends on the terminal."""
    return " ".join(re.sub(r"[│╭╮╰╯─]+", " ", command(*words, "--help")).split())


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Each value of a tree on a separate line, after its place."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}")
    elif isinstance(value, (list, tuple)) and any(isinstance(one, (dict, list)) for one in value):
        for i, one in enumerate(value[:MOST]):
            yield from leaves(one, f"{path}[{i}]")
    else:
        yield f"{path.lstrip('.')}: {json.dumps(value, ensure_ascii=False, default=str)}"


def test_the_commands_have_the_stored_options():
    same_as_stored("interface/commands.txt", [help_of(), *(help_of(name) for name in COMMANDS)])


def test_study_yaml_has_the_stored_settings():
    """Names, kinds, defaults, choices, ranges, and what the presets fill in."""
    preset = {name: [a.model_dump(mode="json", exclude_defaults=True) if hasattr(a, "model_dump") else a for a in one]
              if isinstance(one, tuple) else one for name, one in PRESETS["huang2025"].items()}  # fmt: skip
    schema = json.loads(json.dumps(Protocol.model_json_schema()))

    same_as_stored("interface/settings.txt", [*leaves(schema), *leaves(preset, "huang2025")])


def test_a_new_study_has_the_stored_files(tmp_path):
    command("new", tmp_path / "study")

    files = sorted(p for p in (tmp_path / "study").rglob("*") if p.is_file())
    lines = [line for path in files for line in (path.name, *as_lines(path))]
    same_as_stored("interface/new_study.txt", lines)


def as_lines(path: Path) -> list[str]:
    """A file of a new study as text."""
    return workbook(path) if path.suffix == ".xlsx" else path.read_text(encoding="utf-8-sig").splitlines()


@pytest.mark.slow
def test_commands_answer_programs_in_the_stored_form(study, tmp_path):
    """The keys of each answer in JSON, in both languages of people the same."""
    answers = {
        "check": command("check", study, "--json", status=3),
        "derive": command("derive", study, "--json", "--out", tmp_path / "derived"),
        "compare": command(
            "compare", RUN, "huang2025", "--json", "--out", tmp_path / "compared.csv", status=None
        ),
        "patient": command("patient", study, "S0003", "--json", "--lang", "zh", "--out", tmp_path / "p.html"),
    }
    lines = [
        line.replace(str(tmp_path), "TMP")
        for name, said in answers.items()
        for line in leaves(json.loads(said), name)
    ]
    files = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    same_as_stored("interface/answers.txt", [line.replace(str(study), "STUDY") for line in (*lines, *files)])
