"""Writes the printed numbers of the papers of the package as JSON beside their YAML: read in a hundredth of the time."""

from __future__ import annotations

import json
from pathlib import Path

from ruamel.yaml import YAML

FOLDER = Path(__file__).resolve().parents[1] / "src" / "oligoscope" / "published"


def as_json(path: Path) -> str:
    """The content of a YAML file; a date as its text."""
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"


if __name__ == "__main__":
    for source in sorted(FOLDER.glob("*.yaml")):
        source.with_suffix(".json").write_text(as_json(source), encoding="utf-8")
        print(source.with_suffix(".json").name)
