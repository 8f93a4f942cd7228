"""Change single lines of a mapping.yaml, or write one from what a person said; the rest is drafted again from the files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from oligoscope.study.edit_study import edited
from oligoscope.system.whole_file import write_whole

_HEAD = (
    "# Drafted by oligoscope map from the files, the answers under `questions`, and the lines of `data` that were set by hand.\n"
    "# 由 oligoscope map 根据文件、questions 中的答案及手工设定的 data 各行写出。\n"
)


def edit_mapping(path: Path, changes: Mapping[tuple[str, ...], Any]) -> None:
    """Change lines of a mapping.yaml, which need not be there; None removes one.

    Raises:
        OSError: The file cannot be read or written.
        ruamel.yaml.YAMLError: It is no YAML.
    """
    old = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    text = edited(old, changes)
    if text != old:
        write_whole({path: text.encode()})


def write_mapping(path: Path, data: Mapping[str, Any], answers: Mapping[str, str]) -> None:
    """Write a mapping.yaml with these lines alone; without any, the file is removed.

    Raises:
        OSError: The file cannot be written.
    """
    tree: dict[str, Any] = {}
    if data:
        tree["data"] = data
    if answers:
        tree["questions"] = answers
    if not tree:
        path.unlink(missing_ok=True)
        return
    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(tree, out)
    write_whole({path: (_HEAD + out.getvalue()).encode()})


def read_settings(path: Path) -> dict[str, Any]:
    """The groups of a study.yaml or mapping.yaml as they are written; empty where it is none."""
    try:
        found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
