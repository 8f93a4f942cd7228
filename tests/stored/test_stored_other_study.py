"""The same patients by other settings give the stored words: other criteria, other matching, one group alone.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from oligoscope import workflow
from stored.golden import command, same_as_stored
from stored.renderings import digest
from stored.small_study import write_other_study

MOST = 60  # words of a column that are listed
N_PROGRESSED = 40


def test_other_settings_give_the_stored_words(tmp_path):
    study = write_other_study(tmp_path / "study", N_PROGRESSED)
    with mock.patch.object(workflow, "write_documents"):
        command("run", study, "--out", tmp_path / "out", "--lang", "zh", status=None)

    tables = sorted((tmp_path / "out").rglob("*.csv"))
    lines = [line for path in tables for line in words(path)]
    same_as_stored("other_study.txt", lines)


def words(path: Path) -> Iterator[str]:
    """Of a table its size and, of each column, the words in it and how often; of results.csv by analysis."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    yield f"{path.name}: {len(rows)} rows of {', '.join(rows[0]) if rows else ''}"
    kinds = sorted({row.get("analysis", "") for row in rows}) if path.name == "results.csv" else [""]
    for kind in kinds:
        chosen = [row for row in rows if not kind or row["analysis"] == kind]
        for column in chosen[0] if chosen else ():
            found = Counter(row[column] for row in chosen if row[column] and not is_number(row[column]))
            if len(found) > MOST:
                yield f"  {kind} {column}: {len(found)} words {digest(str(sorted(found.items())))}"
            elif found:
                yield f"  {kind} {column}: {', '.join(f'{word} {n}' for word, n in sorted(found.items()))}"


def is_number(text: str) -> bool:
    """Numbers are compared where they are made."""
    try:
        float(text)
    except ValueError:
        return False
    return True
