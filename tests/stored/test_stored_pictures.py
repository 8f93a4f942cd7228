"""Pictures are, dot by dot, the stored ones: nothing on them moves where nothing is meant to.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored. Words, colours and data of all pictures are in
`test_stored_documents.py`; here are the places, of one picture of each kind of painting, small and in grey.
"""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from oligoscope.drawing.figure import Figure, to_png
from oligoscope.printing.left_out import LeftOut
from oligoscope.report.document import build_document
from oligoscope.results_files import read_results
from oligoscope.study.protocol import Protocol
from stored.golden import GOLDEN, RUN, how_to_store, is_storing

DRAW = Figure.draw  # as it is: the other tests of this folder draw nothing
PICTURES = ("flow_chart", "alluvial", "survival", "landmark", "subgroups", "answer_comparisons")
DPI = 50
BLOCK = 3  # dots
MOST = 16  # of 255, between the means of two blocks


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    """The first of each kind, of the stored run."""
    settings = json.loads((RUN / "run.json").read_text(encoding="utf-8"))["settings"]
    document = build_document(Protocol.model_validate(settings), read_results(RUN), None, {}, LeftOut())
    found: dict[str, Figure] = {}
    for figure in document.figures():
        kind = next((kind for kind in PICTURES if figure.id.startswith(kind)), None)
        if kind is not None:
            found.setdefault(kind, figure)
    return found


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_the_stored_one(figures, kind, monkeypatch):
    if kind not in figures:
        pytest.skip("the stored run has no such picture")
    monkeypatch.setattr(Figure, "draw", DRAW)
    now = Image.open(io.BytesIO(to_png(figures[kind], "en", DPI))).convert("L")
    path = GOLDEN / "pictures" / f"{kind}.png"
    if is_storing():
        path.parent.mkdir(exist_ok=True)
        now.save(path, optimize=True)
        return
    before = Image.open(path)

    assert now.size == before.size, how_to_store()
    apart = np.abs(np.asarray(now.reduce(BLOCK), int) - np.asarray(before.reduce(BLOCK), int))
    assert int(apart.max()) <= MOST, f"{kind}: {int((apart > MOST).sum())} places differ. {how_to_store()}"
