"""study.yaml that is larger, deeper or more often repeated than any study's: refused with its line, at once."""

from __future__ import annotations

import warnings

import pytest

from oligoscope.errors import StudyFileError
from oligoscope.questions.registry import KIND_NAMES, KINDS
from oligoscope.study import yaml_limits
from oligoscope.study.conditions import MOST_DEEP, MOST_TESTS, ConditionError, parse_condition, words_named
from oligoscope.study.new_study import write_new_protocol
from oligoscope.study.study_file import read_study_file
from oligoscope.study.yaml_limits import ALIASES, DEPTH
from oligoscope.study.yaml_lines import read_yaml

SHORT = "study: {preset: huang2025}\ndata: {patients: patients.csv}\n"


def _levels(n: int, first: str) -> str:
    """Each anchor is nine times the one before it."""
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, n)]
    return "\n".join(lines) + "\n"


TOO_LARGE = {
    "an anchor of anchors": (_levels(10, "[x, x, x, x, x, x, x, x, x]") + SHORT, "keys and values"),
    "merge keys that multiply": (
        "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, 30)),
        "keys and values",
    ),
    "one long word many times": (
        "a: &a " + "x" * 10_000 + "\nb: [" + ", ".join(["*a"] * 900) + "]",
        "keys and values",
    ),
    "many aliases": ("a: &a x\nb: [" + ", ".join(["*a"] * (ALIASES + 1)) + "]", "aliases"),
    "brackets": ("a: " + "[" * 20_000, "levels"),
    "braces": ("a: " + "{a: " * 20_000, "levels"),
    "indented maps": ("".join("  " * i + "a:\n" for i in range(600)), "levels"),
    "indented lists": ("- " * 20_000 + "a", "levels"),
    "colons": (": " * 100_000, "levels"),
    "questions": ("? " * 100_000, "levels"),
}


@pytest.mark.parametrize(("text", "what"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_no_study_needs_is_refused_with_its_line(tmp_path, text, what):
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(StudyFileError, match=rf"line \d+ .*more than [\d,]+ .*{what}"):
        read_study_file(tmp_path, KINDS)


def test_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(yaml_limits, "NODES", 100)

    assert not read_yaml("- w\n" * 99, lambda _: False).problems
    assert read_yaml("- w\n" * 101, lambda _: False).problems


def test_what_is_within_the_limits_is_read():
    deep = "a: " + "[" * (DEPTH - 1) + "]" * (DEPTH - 1)
    many = "a: &a x\nb: [" + ", ".join(["*a"] * ALIASES) + "]"

    assert not read_yaml(deep, lambda _: False).problems
    assert read_yaml("[" + deep + "]", lambda _: False).problems
    assert not read_yaml(many, lambda _: False).problems


def test_the_file_with_every_setting_uses_a_small_part_of_the_limits(tmp_path):
    file = write_new_protocol(tmp_path, KINDS, KIND_NAMES)
    settings = file.read_text("utf-8")

    assert not read_yaml(
        settings.replace("labels: {}", "labels: {" + ", ".join(f"k{i}: n{i}" for i in range(1_000)) + "}"),
        lambda _: False,
    ).problems


def test_an_anchor_that_is_used_twice_warns_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = read_yaml("a: &a 1\nb: &a 2\nc: *a\n", lambda _: False)

    assert tree.value == {"a": 1, "b": 2, "c": 2}


@pytest.mark.parametrize("many", [
    "labels: {" + ", ".join(f"c{i}: {{en: [x]}}" for i in range(300)) + "}\n",
    "".join("seed: 1\n" for _ in range(300)),
    "analyses: [" + ", ".join(["{kind: no_such}"] * 5000) + "]\n",
    "eligibility: [" + ", ".join(["{id: A, keep: '('}"] * 3000) + "]\n",
    "eligibility: [" + ", ".join(["x"] * 300) + "]\n",
    "x" * 5000 + ": 1\n",
    "eligibility: [{id: a, keep: '" + "(" * 100_000 + "'}]\n",
])  # fmt: skip
@pytest.mark.parametrize("language", [pytest.param("zh", marks=pytest.mark.slow), "en"])
def test_a_message_has_100_lines_of_bounded_length(tmp_path, many, language):
    (tmp_path / "study.yaml").write_text(SHORT + many, encoding="utf-8")

    with pytest.raises(StudyFileError) as caught:
        read_study_file(tmp_path, KINDS, language)

    lines = str(caught.value).splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 1200


@pytest.mark.parametrize("text", [
    "(" * 5000 + "x == 1" + ")" * 5000, "not " * 200_000 + "x == 1", "(" * 100_000,
    "(x == 1 or not (" * 40 + "x == 1" + "))" * 40, " or ".join(["x == 1"] * (MOST_TESTS + 1)),
])  # fmt: skip
def test_a_condition_deeper_or_longer_than_any_rule_is_refused(text):
    with pytest.raises(ConditionError, match="more than"):
        parse_condition(text)


def test_a_condition_within_the_limits_is_read():
    assert parse_condition("(" * MOST_DEEP + "x == 1" + ")" * MOST_DEEP).columns == {"x"}
    assert parse_condition("not " * MOST_DEEP + "x == 1").columns == {"x"}
    assert parse_condition(" or ".join(["x == 1"] * MOST_TESTS)).columns == {"x"}
    assert (
        len(list(words_named(parse_condition("x in [" + ", ".join(f"w{i}" for i in range(5000)) + "]"))))
        == 5000
    )


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\x07", "\\x0b", "\\0", "\\x1b"])
def test_text_that_no_document_can_hold_is_refused_with_its_line(tmp_path, escape):
    text = f'study:\n  title: {{zh: 研究, en: "half {escape} end"}}\ndata: {{patients: p.csv, lesions: l.csv, measurements: m.csv}}\n'
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(StudyFileError) as refused:
        read_study_file(tmp_path / "study.yaml", KINDS)

    assert "line 2" in str(refused.value)
    assert "study.title.en" in str(refused.value)
