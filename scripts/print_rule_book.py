"""Writes docs/rule-book.md and docs/rule-book.zh.md from the spec tests."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from spec.rule_book import FILES, print_rule_book  # noqa: E402 - tests/ must be on the path first

for language, name in FILES.items():
    (ROOT / "docs" / name).write_text(print_rule_book(language), encoding="utf-8")
    print(f"docs/{name}")
