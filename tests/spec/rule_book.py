"""Prints the rule book: the rules and patient tables of the spec tests, and the named definitions.

Every table was derived while it was printed: what the book shows is what the package does.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

from oligoscope.bilingual import Language
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from spec.book_words import (
    CONTROL,
    DEFINITION_HEADERS,
    INTRODUCTION,
    LAST_SCAN,
    ONE_SCAN,
    RESISTANCE_HEADERS,
    SOURCE,
    TITLE,
    below_text,
    cell_text,
    header_text,
    settings_text,
    source_text,
    unlimited,
    yes_or_no,
)
from spec.rules import CHAPTERS, Rule
from spec.sheet import JOINED, Drawing, Sheet

CHAPTER_FILES = (
    "test_selection", "test_sums", "test_target_response", "test_non_target", "test_new_lesions", "test_overall",
    "test_dates", "test_best_response", "test_irecist", "test_pattern", "test_resistance", "test_endpoints",
)  # fmt: skip
FILES: dict[Language, str] = {"en": "rule-book.md", "zh": "rule-book.zh.md"}


@cache
def rules_with_drawings(files: tuple[str, ...] = CHAPTER_FILES) -> list[tuple[Rule, list[Drawing]]]:
    """Every rule of these files in the order of the book with the tables its test draws (the test runs)."""
    found = []
    for name in files:
        for test in _tests_with_rules(import_module(f"spec.{name}")):
            sheet = Sheet()
            test(sheet)
            found.append((test.rule, sheet.drawings))
    return found


def _tests_with_rules(module: ModuleType) -> list:
    return [test for test in vars(module).values() if hasattr(test, "rule")]


def print_rule_book(language: Language) -> str:
    """The whole book in one language, as Markdown."""
    found = rules_with_drawings()
    parts = [f"# {TITLE[language]}", INTRODUCTION[language], _contents(language)]
    for chapter, (name, title) in enumerate(CHAPTERS.items(), start=1):
        parts.append(f"## {chapter} {title[language]}")
        rules = [(rule, drawings) for rule, drawings in found if rule.chapter == name]
        for number, (rule, drawings) in enumerate(rules, start=1):
            parts.append(print_rule(f"{chapter}.{number}", rule, drawings, language))
        if name == "pattern":
            parts.append(progression_definitions(language))
        if name == "resistance":
            parts.append(resistance_definitions(language))
    return "\n\n".join(parts) + "\n"


def print_rule(number: str, rule: Rule, drawings: list[Drawing], language: Language) -> str:
    """A rule of that number with its source and its tables."""
    sentence = f"**{number}** {rule.sentence[language]}"
    source = f"*{SOURCE[language]}{source_text(rule.source, language)}*"
    return "\n\n".join([sentence, source, *(_table(drawing, language) for drawing in drawings)])


def _contents(language: Language) -> str:
    return "\n".join(f"{n}. {title[language]}" for n, title in enumerate(CHAPTERS.values(), start=1))


def _table(drawing: Drawing, language: Language) -> str:
    header = list(drawing.rows[0])
    rows = [
        [cell_text(name, cell, language) for name, cell in _in_first_column(row).items()]
        for row in drawing.rows
    ]
    text = _markdown([header_text(name, language) for name in header], rows)
    below = [
        *([ONE_SCAN[language]] if drawing.one_scan else []),
        *([LAST_SCAN[language]] if drawing.last_scan else []),
        *settings_text(drawing.settings, language),
        *below_text(drawing.below, language),
    ]
    return text + ("\n\n" + "  \n".join(below) if below else "")


def _in_first_column(row: dict[str, str]) -> dict[str, str]:
    """That a scan belongs to the next row is marked in its first column only."""
    joined = [name for name, cell in row.items() if cell == JOINED]
    return row | dict.fromkeys(joined[1:], "")


def _markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def progression_definitions(language: Language) -> str:
    """The table of the named definitions of oligoprogression."""
    rows = [
        [
            f"`{rule.name}`",
            unlimited(rule.max_lesions, language),
            unlimited(rule.max_organs, language),
            yes_or_no(rule.count_brain, language),
            yes_or_no(rule.mediastinal_nodes_are_organ, language),
            CONTROL[rule.controlled][language],
            rule.source[language],
        ]
        for rule in PROGRESSION_DEFINITIONS.values()
    ]
    title = DEFINITION_HEADERS[0][language]
    return f"### {title}\n\n" + _markdown([text[language] for text in DEFINITION_HEADERS[1:]], rows)


def resistance_definitions(language: Language) -> str:
    """The rules of the named definitions of resistance."""
    rows = [
        [
            f"`{definition.name}`",
            cell_text("-> type", rule.resistance.value, language),
            rule.sentence[language],
            definition.source[language],
        ]
        for definition in RESISTANCE_DEFINITIONS.values()
        for rule in definition.rules
    ]
    title = RESISTANCE_HEADERS[0][language]
    return f"### {title}\n\n" + _markdown([text[language] for text in RESISTANCE_HEADERS[1:]], rows)
