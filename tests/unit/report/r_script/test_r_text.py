"""Values as R code: whatever a text holds, it stays a text."""

from __future__ import annotations

import pytest

from oligoscope.report.r_script.r_text import WIDEST, r_call, r_text, r_texts
from unit.hostile import WORDS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("systemic", '"systemic"'),
        ("", '""'),
        ('a "b"', '"a \\"b\\""'),
        ("C:\\con", '"C:\\\\con"'),
        ("'); quit() #", '"\'); quit() #"'),
        ("两\n行", '"\\u4e24\\u000a\\u884c"'),
        ("𠮷", '"\\U00020bb7"'),
        ("a\0", '"a\\ufffd"'),
    ],
)
def test_a_text_is_written_so_that_r_reads_it_back(text, code):
    assert r_text(text) == code


@pytest.mark.parametrize("word", WORDS)
def test_no_word_ends_its_text_or_leaves_plain_ascii(word):
    code = r_text(word)
    inner = code[1:-1].replace("\\\\", "").replace('\\"', "")

    assert code.isascii()
    assert code.isprintable()
    assert '"' not in inner


def test_texts_and_calls():
    assert r_texts(["a", "b"]) == 'c("a", "b")'
    assert r_texts([]) == "character()"
    assert r_call("f", "1", b="2", c="") == "f(1, b = 2)"
    assert r_call("f", "1" * WIDEST, "2") == f"f({'1' * WIDEST},\n  2)"
