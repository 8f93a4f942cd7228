"""What a second process makes is what this one makes, and it is not asked for it twice."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from oligoscope.drawing.figure import PNG_DPI, rendered
from oligoscope.printing.left_out import LeftOut
from oligoscope.report import kept_pictures, shared_work
from oligoscope.report.document import build_document
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.report_files import write_reports
from oligoscope.report.shared_work import Task, hand_over, make_language, take_drawn, take_language
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Results

UNNAMED = MadeFrom(reasons=(Reason.MEAN,))


class Second:
    """Does the work at once, through what a pipe carries."""

    def ask(self, function, *args):
        self.found = pickle.dumps(pickle.loads(pickle.dumps(function))(*pickle.loads(pickle.dumps(args))))

    def answer(self):
        return pickle.loads(self.found)


@pytest.fixture
def second(monkeypatch):
    found = Second()
    monkeypatch.setattr(shared_work, "at_hand", lambda: found)
    return found


@pytest.fixture
def task(made_protocol, made_results):
    return Task(made_protocol, made_results, (), {}, "en", None, Pictures(), has_numbers=False)


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def broken(*_args):
    raise ValueError("broken for the test")


@pytest.mark.slow
def test_the_files_are_those_made_here(made_protocol, made_results, tmp_path, monkeypatch, second):
    """Two languages; the last one is made whole by the second process."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        write_reports(folder, made_protocol, made_results, (), {})
        monkeypatch.setattr(shared_work, "at_hand", lambda: None)
        monkeypatch.setattr(shared_work, "make_language", broken)

    assert files_of(there) == files_of(here)


def test_the_patients_of_the_numbers_are_not_sent(task, second, monkeypatch):
    """Only the page of numbers names them, and it is made here."""
    first, *others = task.results.estimates
    named = Results((replace(first, patients=UNNAMED), *others), task.results.series)
    sent = []
    monkeypatch.setattr(second, "ask", lambda _function, given: sent.append(given), raising=False)

    hand_over(replace(task, results=named), ("zh", "en"))

    assert [one.patients for one in sent[0].results.estimates] == [None] * len(named.estimates)
    assert sent[0].results.estimates == named.estimates
    assert named.estimates[0].patients is UNNAMED


@pytest.mark.slow
def test_of_one_language_every_second_picture_is_drawn_there(task, second):
    assert hand_over(task, ("en",)) is None
    theirs, ours = (build_document(task.protocol, task.results, None, {}, LeftOut()) for _ in range(2))
    pictures = Pictures()
    take_drawn(theirs, "en", pictures)

    taken = [bool(figure._kept) for figure in theirs.figures()]
    assert taken == [place % 2 == 1 for place in range(len(taken))]
    assert len(pictures.made) == sum(taken)
    for one, other in zip(theirs.figures(), ours.figures(), strict=True):
        assert rendered(one, "en", PNG_DPI) == rendered(other, "en", PNG_DPI)


def test_a_language_with_a_part_that_fails_there_is_made_here(task, second, monkeypatch):
    monkeypatch.setattr(kept_pictures, "rendered", broken)

    assert hand_over(task, ("zh", "en")) == "en"
    assert take_language() is None
    assert make_language(task) is None
