"""The data that regenerate_models.R read, and its answers by topic."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent


@cache
def read(topic: str) -> dict[str, Any]:
    return json.loads((HERE / f"{topic}.json").read_text(encoding="utf-8"))["cases"]


def columns(source: str) -> dict[str, np.ndarray]:
    """Columns of a named data set: numbers (NaN where missing) or text (None where missing)."""
    raw = read("data").get(source) or read("models_data")[source]
    found = {}
    for name, values in raw.items():
        text = any(isinstance(value, str) for value in values)
        found[name] = np.array(values, dtype=object if text else np.float64)
    return found


def death() -> dict[str, np.ndarray]:
    """colon, deaths, with nodes and grade known."""
    colon = columns("colon")
    kept = (colon["etype"] == 2) & ~np.isnan(colon["nodes"]) & ~np.isnan(colon["differ"])
    return {name: values[kept] for name, values in colon.items()}


def death_design(d: dict[str, np.ndarray]) -> np.ndarray:
    return np.column_stack([d["sex"], d["age"], d["nodes"], d["differ"] == 2, d["differ"] == 3]).astype(float)


def complete_lung() -> dict[str, np.ndarray]:
    """lung with Karnofsky known, `died` beside it."""
    lung = columns("lung")
    kept = ~np.isnan(lung["ph.karno"])
    return {name: values[kept] for name, values in lung.items()} | {"died": lung["status"][kept] == 2}
