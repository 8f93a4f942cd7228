"""Does a change of the code change what is written? Record the checksum of every file, before and after, and compare.

    PYTHONPATH=src python scripts/record_outputs.py record before.json     # in the one checkout
    PYTHONPATH=src python scripts/record_outputs.py record after.json      # in the other
    python scripts/record_outputs.py compare before.json after.json        # exit 1 where a file differs

Recorded are: the demo with every picture; the study and the SDTM study in examples/ where their data are at hand; and,
without pictures, one study for each kind of analysis and for each pair of kinds, on a small synthetic cohort. The
duration in run.json is left out, and so are the checksums it holds of the other files.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

N_SMALL = 90  # progressed patients of the small cohort
# Written out, because two checkouts are compared only where both are asked for the same, in the same order.
KINDS = (
    "baseline", "survival", "response_rate", "sites", "reclassification", "predictors", "landmark", "time_dependent",
    "competing_risks", "subgroups", "weighting", "follow_up", "timing",
)  # fmt: skip
REPOSITORY = Path(__file__).resolve().parents[1]


def _checksums(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.name == "run.json":
            record = json.loads(content)
            for name in ("duration_seconds", "outputs", "inputs", "started"):
                record.pop(name, None)
            content = json.dumps(record, sort_keys=True).encode()
        found[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def _command(*arguments: str) -> None:
    from oligoscope.cli import main

    with mock.patch.object(sys, "argv", ["oligoscope", *arguments]):
        try:
            main()
        except SystemExit as ended:
            if ended.code not in {0, None, 4}:
                raise


def _examples() -> Iterator[tuple[str, tuple[str, ...]]]:
    shared = REPOSITORY.parent / "shared" / "data" / "torivumab_nsclc"
    for name in ("torivumab", "torivumab_sdtm"):
        if (REPOSITORY / "examples" / name / "study.yaml").is_file() and shared.is_dir():
            data = shared / ("sdtm" if name.endswith("sdtm") else "raw")
            yield name, ("run", str(REPOSITORY / "examples" / name), "--data", str(data), "--accept-issues")


def _studies() -> Iterator[tuple[str, list[dict[str, object]]]]:
    from oligoscope.study.study_presets import PAPER_ANALYSES

    of_kind = {
        kind: [a.model_dump(exclude_defaults=True) for a in PAPER_ANALYSES if a.kind == kind]
        for kind in KINDS
    }
    yield from of_kind.items()
    for one, other in itertools.combinations(of_kind, 2):
        yield f"{one}+{other}", [*of_kind[one], *of_kind[other]]


def _empty(*_: object) -> Any:
    from matplotlib.figure import Figure as Drawing

    return Drawing((1, 1))


def _small(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each kind and each pair of kinds, with an empty drawing in place of every picture."""

    from oligoscope.checked_study import check_study
    from oligoscope.demo.cohort import make_cohort, write_cohort
    from oligoscope.drawing.figure import Figure
    from oligoscope.workflow import run_and_report

    study = folder / "study"
    study.mkdir()
    write_cohort(make_cohort(20250408, N_SMALL), study)
    checked = check_study(study)
    with mock.patch.object(Figure, "draw", _empty):
        for name, analyses in _studies():
            kind = type(checked.protocol.analyses[0])
            protocol = checked.protocol.model_copy(
                update={"analyses": tuple(kind.model_validate(a) for a in analyses)}
            )
            out = folder / "out"
            run_and_report(replace(checked, protocol=protocol), out)
            yield name, _checksums(out)
            for path in sorted(out.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            out.rmdir()


def record(target: Path) -> None:
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _command("demo", "--out", str(folder / "demo"))
        found["demo"] = _checksums(folder / "demo")
        for name, arguments in _examples():
            _command(*arguments, "--out", str(folder / name))
            found[name] = _checksums(folder / name)
        (folder / "small").mkdir()
        for name, sums in _small(folder / "small"):
            found[name] = sums
            print(name, len(sums), flush=True)
    target.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{sum(map(len, found.values()))} files of {len(found)} studies: {target}")


def compare(before: Path, after: Path) -> int:
    one, other = (json.loads(p.read_text(encoding="utf-8")) for p in (before, after))
    n_differ = 0
    for study in sorted({*one, *other}):
        a, b = one.get(study, {}), other.get(study, {})
        differing = [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]
        n_differ += len(differing)
        if differing:
            print(f"{study}: {', '.join(differing)}")
    print(f"{n_differ} files differ of {sum(map(len, one.values()))} in {len(one)} studies")
    return 1 if n_differ else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["record", target]:
            record(Path(target))
        case ["compare", before, after]:
            sys.exit(compare(Path(before), Path(after)))
        case _:
            sys.exit(__doc__)
