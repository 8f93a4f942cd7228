"""docs/rule-book.md and docs/rule-book.zh.md are what the spec tests print."""

from __future__ import annotations

from importlib import import_module

import pytest

from spec.rule_book import (
    CHAPTER_FILES,
    FILES,
    print_rule,
    print_rule_book,
    progression_definitions,
    resistance_definitions,
    rules_with_drawings,
)
from spec.rules import CHAPTERS


@pytest.mark.slow  # it runs the spec tests once more
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_book_on_disk_is_the_one_that_is_printed(language, repository):
    """If this fails, a rule changed: read the difference, then run scripts/print_rule_book.py."""
    book = repository / "docs" / FILES[language]

    assert book.read_text(encoding="utf-8") == print_rule_book(language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chapter_and_the_definitions_on_disk_are_those_that_are_printed(language, repository):
    book = (repository / "docs" / FILES[language]).read_text(encoding="utf-8")

    found = rules_with_drawings(("test_target_response",))

    number = list(CHAPTERS).index(found[0][0].chapter) + 1
    for i, (rule, drawings) in enumerate(found, start=1):
        assert f"\n\n{print_rule(f'{number}.{i}', rule, drawings, language)}\n\n" in book
    assert progression_definitions(language) in book
    assert resistance_definitions(language) in book


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_rule_is_in_the_book_on_disk(language, repository):
    book = (repository / "docs" / FILES[language]).read_text(encoding="utf-8")

    assert [
        s for s in (test.rule.sentence[language] for test in spec_tests()) if f"** {s}\n" not in book
    ] == []


def spec_tests() -> list:
    return [
        test
        for name in CHAPTER_FILES
        for word, test in vars(import_module(f"spec.{name}")).items()
        if word.startswith("test_")
    ]


def test_every_spec_test_has_its_rule():
    tests = spec_tests()

    assert [test.__name__ for test in tests if not hasattr(test, "rule")] == []
    sentences = [test.rule.sentence.en for test in tests]
    assert len(set(sentences)) == len(sentences)
