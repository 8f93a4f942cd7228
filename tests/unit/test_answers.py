"""What a command says while it works."""

from __future__ import annotations

import pytest
import typer

from oligoscope.answers import _cut, answering, progress_line
from oligoscope.errors import UsageError


@pytest.mark.parametrize(
    ("stage", "drawn", "line"),
    [
        ("survival", True, "… estimating survival"),
        ("survival 12/48", False, "… estimating survival 12/48"),
        ("survival 12/48", True, "[######..................] 12/48 estimating survival"),
        ("report 48/48", True, "[########################] 48/48 writing the report"),
        ("derive 0/0", True, "[........................] 0/0 deriving responses, patterns and endpoints"),
    ],
)
def test_a_stage_in_words_with_a_bar_where_it_is_drawn(stage, drawn, line):
    assert progress_line(stage, chinese=False, is_drawn=drawn) == line


def test_a_stage_in_chinese():
    assert progress_line("survival 1/2", chinese=True, is_drawn=False) == "… 估计生存 1/2"


def test_a_line_never_wraps_and_chinese_characters_are_two_columns_wide():
    assert _cut("abcdef", 4) == "abcd"
    assert _cut("估计生存", 5) == "估计"
    assert _cut("ab", 80) == "ab"


def command() -> None:
    with answering(as_json=False, chinese=False) as (progress, answer):
        progress("survival 1/2")
        answer["lines"] = ["Done."]


def test_on_a_terminal_the_line_is_written_over_and_at_last_cleared(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with pytest.raises(typer.Exit) as stopped:
        command()
    said = capsys.readouterr()

    assert stopped.value.exit_code == 0
    assert said.out == "Done.\n"
    assert said.err == "\r\x1b[2K[############............] 1/2 estimating survival\r\x1b[2K"


def test_into_a_file_every_stage_is_a_line(capsys):
    with pytest.raises(typer.Exit):
        command()

    assert capsys.readouterr().err == "… estimating survival 1/2\n"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_terminal_obeys_no_word_of_the_users(as_json, capsys):
    with pytest.raises(typer.Exit), answering(as_json=as_json, chinese=False):
        raise UsageError("There is no \x1b[31mfile\u202e\x9b2J \udcff.")
    said = capsys.readouterr()

    shown = said.out if as_json else said.err
    assert r"\u001b[31mfile\u202e\u009b2J \udcff" in shown
    assert all(sign.isprintable() or sign == "\n" for sign in shown)
