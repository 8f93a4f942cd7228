"""Questions that are sent without an answer."""

from __future__ import annotations

import pytest

from oligoscope.web.words_page import answers_of, left_blank


def test_questions_without_an_answer_are_counted_in_words():
    questions = [{"id": n, "shown": {"codes": []}} for n in ("a", "b", "c")]

    given = answers_of({"a:a": ["x"], "f:b": [" "]}, questions)

    assert given == {"a": "x"}
    assert left_blank(len(questions) - len(given)).en == "2 questions have no answer yet."


@pytest.mark.parametrize(("n", "said"), [(0, ""), (1, "1 question has no answer yet.")])
def test_none_is_silent_and_one_is_singular(n: int, said: str):
    assert left_blank(n).en == said
