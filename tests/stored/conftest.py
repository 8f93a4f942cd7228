"""The small study, run once, and its documents written from the stored run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope import workflow
from oligoscope.bilingual import Language
from oligoscope.drawing.figure import Figure
from stored.golden import PASSING, RUN, SHORTENED, command, is_storing
from stored.renderings import Painted, looks_of
from stored.small_study import write_small_study

LONG_NUMBER = re.compile(r"-?\d+\.\d{10,}(e-?\d+)?")  # stored to 10 digits, one more than are compared
ROWS = 200  # of tables that no document is made from; all their rows are compared by digest


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small study."""
    return write_small_study(tmp_path_factory.mktemp("small") / "study")


@pytest.fixture(scope="session")
def run(study: Path) -> Path:
    """The small study run now, without documents."""
    out = study.parent / "run"
    with mock.patch.object(workflow, "write_documents"):
        command("run", study, "--out", out, status=4)  # a gate is not passed
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out.parent / "record.json").write_text(json.dumps(record), encoding="utf-8")  # with all that passes
    text = json.dumps({k: v for k, v in record.items() if k not in PASSING}, ensure_ascii=False, indent=1)
    (out / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    for name in SHORTENED:
        path = Path(shutil.copy(out / name, out.parent / name))
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (out / name).write_text("".join(rows[:ROWS]), encoding="utf-8", newline="\n")
    for path in (out / "results.csv", *(out / "series").glob("*.csv")):
        shorter = LONG_NUMBER.sub(lambda found: f"{float(found[0]):.10g}", path.read_text(encoding="utf-8"))
        path.write_text(shorter, encoding="utf-8", newline="\n")
    for path in (out / "series").glob("*.json"):
        close = json.dumps(
            json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":")
        )
        path.write_text(close + "\n", encoding="utf-8", newline="\n")
    if is_storing():
        shutil.rmtree(RUN, ignore_errors=True)
        shutil.copytree(out, RUN)
    return out


@contextmanager
def described(found: list[Painted], *, each: bool = True) -> Iterator[None]:
    """Every picture that is drawn is described in `found` and not saved, which is what takes long.

    Args:
        found: To which descriptions are added.
        each: Also a second picture of a kind in another language; where not, it is not drawn: its words in that language
            are those of the first of its kind, and of the report.
    """
    draw = Figure.painted
    drawn: dict[tuple[str, Language], str] = {}

    def describe(figure: Figure, language: Language) -> Drawing:
        kind = figure.id.partition("_")[0]
        if each or drawn.setdefault((kind, language), figure.id) == figure.id or language == "en":
            looks = looks_of(draw(figure, language))
            before = next((p.looks for p in found if p.name.startswith(f"{figure.id} ")), ())
            looks = looks if each else tuple(line for line in looks if line not in before)
            found.append(Painted(f"{figure.id} {language}", looks))
        return Drawing((1, 1))

    with mock.patch.object(Figure, "painted", describe):
        yield


@pytest.fixture(scope="session")
def painted() -> list[Painted]:
    """The pictures described so far."""
    return []


@pytest.fixture(scope="session")
def painted_in_documents() -> list[Painted]:
    """Those of the documents of the stored run, whatever was described before."""
    return []


@pytest.fixture(autouse=True)
def pictures_are_described(painted: list[Painted]) -> Iterator[None]:
    """In the tests of this folder, and in no other test of the session."""
    with described(painted):
        yield


@pytest.fixture(scope="session")
def documents(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    painted_in_documents: list[Painted],
) -> Path:
    """The folder of the stored run with its documents."""
    if is_storing():
        request.getfixturevalue("run")
    out = shutil.copytree(RUN, tmp_path_factory.mktemp("stored") / "out")
    with described(painted_in_documents, each=False):
        command("report", out)
    return out
