"""docs/rule-book.md and docs/rule-book.zh.md are what the spec tests print."""

from __future__ import annotations

from importlib import import_module

import pytest

from spec.rule_book import CHAPTER_FILES, FILES, print_rule_book


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_book_on_disk_is_the_one_that_is_printed(language, repository):
    """If this fails, a rule changed: read the difference, then run scripts/print_rule_book.py."""
    book = repository / "docs" / FILES[language]

    assert book.read_text(encoding="utf-8") == print_rule_book(language)


def test_every_spec_test_has_its_rule():
    tests = [
        test
        for name in CHAPTER_FILES
        for word, test in vars(import_module(f"spec.{name}")).items()
        if word.startswith("test_")
    ]

    assert [test.__name__ for test in tests if not hasattr(test, "rule")] == []
    sentences = [test.rule.sentence.en for test in tests]
    assert len(set(sentences)) == len(sentences)
