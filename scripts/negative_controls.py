"""Count how many of the paper's numbers agree with cohorts that are drawn wrongly on purpose.

    PYTHONPATH=src python scripts/negative_controls.py

writes src/oligoscope/demo/negative_controls.json, which the demo's comparison prints (about three minutes).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from oligoscope.checked_study import check_study
from oligoscope.demo import negative_controls
from oligoscope.demo.cohort import PAPER, make_cohort, write_cohort
from oligoscope.demo.negative_controls import AS_THE_DEMO, CONTROLS, SEEDS, NegativeControl
from oligoscope.pipeline import run_study
from oligoscope.published.comparison import Agreement, agreement, compare_published
from oligoscope.published.paper import read_published

FILE = Path(negative_controls.__file__).with_name(negative_controls.COUNTS)


def agreement_of(control: NegativeControl, seed: int) -> Agreement:
    """The agreement of one cohort with the paper, its baseline table left out."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "study"
        write_cohort(make_cohort(seed, calibration=control.calibration), folder)
        checked = check_study(folder)
        run = run_study(checked.protocol, checked.tables)
        return agreement(compare_published(run.results, read_published(PAPER)), table_1=False)


def main() -> None:
    """Write the file."""
    within: dict[str, dict[int, int]] = {}
    of = 0
    for control in (AS_THE_DEMO, *CONTROLS):
        for seed in SEEDS:
            found = agreement_of(control, seed)
            of = found.n
            within.setdefault(control.name, {})[seed] = found.n_within
            sys.stderr.write(f"{control.name} {seed}: {found.n_within} of {found.n}\n")
    text = json.dumps({PAPER: {"of": of, "within": within}}, indent=2)
    FILE.write_text(f"{text}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
