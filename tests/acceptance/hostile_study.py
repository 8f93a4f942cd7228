"""A study whose every word is hostile: numbers of patients, organs, levels, columns, labels, title, sentences, file names."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from oligoscope.demo.cohort import make_cohort
from oligoscope.intake.files.cells import clean
from oligoscope.plain_text import turning_in
from oligoscope.study.dictionary.words import plain
from unit.hostile import WORDS

N_PROGRESSED = 50
SEED = 20250408
LONG, CHINESE = "w" * 300, "器官" * 30
TABLES = {
    "patients": "a b & 'c'.csv",
    "lesions": "<lesions>.csv",
    "measurements": "$m_$ {n} %s.csv",
    "treatments": "治疗;x.csv",
}
# One of our words of each kind, and what a file, a formula or a program would obey.
COLUMNS: dict[str, tuple[str, ...]] = {
    "arm": (LONG, CHINESE),
    "three": ("<1%", "*P*", "$_$ " + "a long name in words " * 6),
    f"{LONG}x": ("*n*", "b", "b"),
    f"{CHINESE}列": ("x", "y", "y", "x", "x"),
    "=1+1": ("+", "-", "++", "-"),
    "<script>": ("javascript:alert(1)", "'", "'"),
    "all": ("all", "vs", "none"),
    "$_$": ("$_$", "%s", "%s"),
}


def different_words() -> tuple[str, ...]:
    """The words that are different cells: not blank, no formula that was never calculated, none equal to another."""
    found: dict[str, str] = {}
    for word in WORDS:
        cell = clean(word)
        if cell and not cell.startswith("="):
            found.setdefault(plain(cell), word)
    return tuple(found.values())


def write_hostile_study(folder: Path, analyses: list[dict[str, Any]]) -> Path:
    """The tables and study.yaml of the study."""
    folder.mkdir(parents=True)
    tables = dict(make_cohort(SEED, N_PROGRESSED).tables)
    words = different_words()
    numbers = dict(zip(tables["patients"]["patient_id"], words, strict=False))
    tables = {n: t.with_columns(pl.col("patient_id").replace(numbers)) for n, t in tables.items()}
    tables["patients"] = tables["patients"].with_columns(
        in_turn(name, levels, tables["patients"].height)
        for name, levels in {**COLUMNS, "word": words}.items()
    )
    tables["lesions"] = _with_odd_organs(tables["lesions"], words)
    for name, file in TABLES.items():
        tables[name].write_csv(folder / file)
    with (folder / "study.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(_settings(words, analyses), file)
    return folder


def in_turn(name: str, levels: tuple[str, ...], n: int) -> pl.Series:
    """A column whose levels follow one another."""
    turn = cycle(levels)
    return pl.Series(name, [next(turn) for _ in range(n)])


def _with_odd_organs(lesions: pl.DataFrame, words: tuple[str, ...]) -> pl.DataFrame:
    turn = cycle(words)
    organs = [
        next(turn) if i % 3 == 0 and organ != "lymph_node" else organ
        for i, organ in enumerate(lesions["organ"])
    ]
    return lesions.with_columns(pl.Series("organ", organs))


def _settings(words: tuple[str, ...], analyses: list[dict[str, Any]]) -> dict[str, Any]:
    in_yaml = " ".join(word for word in words if not turning_in(word) and len(word) < 60)
    both = {"zh": f"{in_yaml} {CHINESE}", "en": f"{in_yaml} {LONG}"}
    return {
        "study": {"title": both, "preset": "huang2025", "accept_issues": True},
        "data": dict(TABLES),
        "imputation": {"m": 2, "variables": ["pd_l1", "arm"]},
        "matching": {
            "caliper": 0.9,
            "balance_limit": 2.0,
            "covariates": ["age_60", "sex", f"{LONG}x", f"{CHINESE}列"],
        },
        "eligibility": [{"id": "a", "keep": 'word != "vs"', "excluded": both, "after": "treated"}],
        "labels": {
            "three": {
                "zh": f"<i>三</i> {CHINESE}",
                "en": f'Three *t* "quoted" $x$ {LONG}',
                "levels": {"<1%": {"zh": f"小于<1% {CHINESE}", "en": f"less <1% {LONG}"}},
            }
        },
        "analyses": analyses,
    }
