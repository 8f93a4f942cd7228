"""The pictures of a second process are those of this one, and it is not asked for them twice."""

from __future__ import annotations

import os
import pickle

import pytest

from oligoscope.drawing.figure import PNG_DPI, rendered
from oligoscope.printing.left_out import LeftOut
from oligoscope.report import second_pictures
from oligoscope.report.document import build_document
from oligoscope.report.second_pictures import begin_drawing, draw_share, take_drawn


class Second:
    """Does the work at once, through what a pipe carries."""

    def ask(self, function, *args):
        self.found = pickle.dumps(pickle.loads(pickle.dumps(function))(*pickle.loads(pickle.dumps(args))))

    def answer(self):
        return pickle.loads(self.found)


@pytest.mark.slow
@pytest.mark.parametrize("languages", [("zh", "en"), ("zh",)])
def test_pictures_of_a_second_process_are_those_drawn_here(
    made_protocol, made_results, monkeypatch, languages
):
    second, language = Second(), languages[-1]
    monkeypatch.setattr(second_pictures, "at_hand", lambda: second)
    monkeypatch.setattr(second_pictures, "is_alone", lambda _parent: False)  # here both are one process
    begin_drawing(made_protocol, made_results, None, {}, languages, {})
    theirs = build_document(made_protocol, made_results, None, {}, LeftOut())
    ours = build_document(made_protocol, made_results, None, {}, LeftOut())
    take_drawn(theirs, language)

    taken = [bool(figure._kept) for figure in theirs.figures()]
    assert taken == [len(languages) == 2 or place % 2 == 1 for place in range(len(taken))]
    for one, other in zip(theirs.figures(), ours.figures(), strict=True):
        assert rendered(one, language, PNG_DPI) == rendered(other, language, PNG_DPI)


def test_a_figure_that_fails_there_is_drawn_here(made_protocol, made_results, monkeypatch):
    def fail(*_args):
        raise ValueError("no picture")

    monkeypatch.setattr(second_pictures, "rendered", fail)

    assert (
        draw_share(
            os.getppid(),
            (0, 1),
            "en",
            None,
            made_protocol,
            made_results,
            None,
            {},
        )
        == {}
    )
