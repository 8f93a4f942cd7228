"""Writes the tables, columns, levels and rules of docs/data.md from the dictionary."""

from __future__ import annotations

from pathlib import Path

from oligoscope.intake.checks.rule_book import page_with_parts

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data.md"

PAGE.write_text(page_with_parts(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
print("docs/data.md")
