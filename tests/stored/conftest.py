"""The small study, run once, and its documents written from the stored run."""

from __future__ import annotations

import json
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
from stored.golden import PASSING, RUN, command, is_storing
from stored.renderings import Painted, looks_of
from stored.small_study import write_small_study


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
    if is_storing():
        shutil.rmtree(RUN, ignore_errors=True)
        shutil.copytree(out, RUN)
    return out


@contextmanager
def described(found: list[Painted]) -> Iterator[None]:
    """Every picture that is drawn is described in `found` and not saved, which is what takes long."""
    draw = Figure.draw

    def describe(figure: Figure, language: Language) -> Drawing:
        found.append(Painted(f"{figure.id} {language}", looks_of(draw(figure, language))))
        return Drawing((1, 1))

    with mock.patch.object(Figure, "draw", describe):
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
    with described(painted_in_documents):
        command("report", out)
    return out
