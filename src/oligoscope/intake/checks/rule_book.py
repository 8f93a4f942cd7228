"""The tables and rules as Markdown: docs/data.md holds this text, and a test keeps the two alike."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.intake.checks.typed_table import is_decisive
from oligoscope.intake.issues import EITHER
from oligoscope.intake.rules import RULES, Grade
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.schemas import TABLES, TableSpec

_GRADES: dict[Grade, str] = {
    "error": "Error: nothing is derived until it is mended",
    "quarantine": "Quarantine: the row or the patient is left out",
    "warning": "Warning: kept, and listed",
}


def tables_in_markdown() -> str:
    """Every table and column a user may give."""
    return "\n\n".join("\n".join(_table_lines(table)) for table in TABLES.values())


def rules_in_markdown() -> str:
    """Every rule under its grade: what, why, and what to do."""
    return "\n\n".join("\n".join(_rule_lines(grade)) for grade in _GRADES)


def _table_lines(table: TableSpec) -> Iterator[str]:
    yield f"### {table.name} ({table.label.zh})"
    yield ""
    yield "| column | 名称 | what it holds | unreadable cell |"
    yield "|---|---|---|---|"
    for column in table.columns:
        name = f"**{column.name}**" if column.required else column.name
        grade = "quarantine" if is_decisive(column) else "warning, set to missing"
        yield f"| {name} | {column.printed.zh} | {_content(column)} | {grade} |"


def _content(column: Variable) -> str:
    if column.kind == "level":
        return ", ".join(column.words).replace("<", "&lt;")
    if column.low is not None and column.high is not None:
        kind = "whole number" if column.kind == "integer" else "number"
        return f"{kind}, {column.low:g} to {column.high:g}"
    return {"id": "a number or name", "boolean": "yes, no", "date": "date"}.get(column.kind, column.kind)


def _rule_lines(grade: Grade) -> Iterator[str]:
    yield f"### {_GRADES[grade]}"
    yield ""
    yield "| rule | tables | what, and why this grade | what to do | 说明 | 处理 |"
    yield "|---|---|---|---|---|---|"
    for rule in (rule for rule in RULES.values() if rule.grade == grade):
        en = f"{_finding(rule.finding.en)} {rule.why.en}"
        zh = f"{_finding(rule.finding.zh)}{rule.why.zh}"
        yield f"| {rule.id} | {rule.tables} | {en} | {rule.remedy.en} | {zh} | {rule.remedy.zh} |"


def _finding(text: str) -> str:
    return EITHER.sub(r"\2", text).replace("{source}", "…").replace("{n}", "n")
