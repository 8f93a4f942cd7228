"""Tables, columns and rules as Markdown: scripts/print_dictionary.py writes them into docs/data.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oligoscope.bilingual import Text
from oligoscope.intake.checks.typed_table import is_decisive
from oligoscope.intake.rule import EITHER, Grade
from oligoscope.intake.rules import RULES
from oligoscope.study.dictionary.classified import COHORT_COLUMNS
from oligoscope.study.dictionary.derived import DETAILS, FIRST_LABELS, MORE_LABELS
from oligoscope.study.dictionary.levels import OTHER
from oligoscope.study.dictionary.place_nodes import (
    NODE_WORDS,
    REGION_WORDS,
    STATION_WORDS,
    STATION_WORDS_BESIDE_NODE,
)
from oligoscope.study.dictionary.place_words import AMBIGUOUS, DIFFUSE_WORDS, ORGAN_WORDS, listed
from oligoscope.study.dictionary.places import NODE, ORGANS
from oligoscope.study.dictionary.variable import LevelName, Variable
from oligoscope.study.schemas import COHORT, PATIENTS, TABLES, TableSpec

_GRADES: dict[Grade, str] = {
    "error": "Error: nothing is derived until it is corrected",
    "quarantine": "Quarantine: the row or the patient is left out",
    "warning": "Warning: kept, and listed",
}


def tables_in_markdown() -> str:
    """Every table and column a user may give."""
    return "\n\n".join("\n".join(_table_lines(table)) for table in TABLES.values())


def page_with_parts(page: str) -> str:
    """The page with the text between `<!-- NAME -->` and `<!-- end of NAME -->` printed again."""
    for name, printed in PARTS.items():
        before, _, rest = page.partition(f"<!-- {name} -->\n")
        _, _, after = rest.partition(f"\n<!-- end of {name} -->")
        page = f"{before}<!-- {name} -->\n{printed()}\n<!-- end of {name} -->{after}"
    return page


def rules_in_markdown() -> str:
    """Every rule under its grade: finding, reason, and what to do."""
    return "\n\n".join("\n".join(_rule_lines(grade)) for grade in _GRADES)


def derived_in_markdown() -> str:
    """Every column that is derived of a patient, but the times of outcomes."""
    lines = ["| column | 名称 | name | what it holds |", "|---|---|---|---|"]
    for variable in (*FIRST_LABELS, *MORE_LABELS, *DETAILS):
        lines.append(
            f"| {variable.name} | {variable.printed.zh} | {variable.printed.en} | {_content(variable)} |"
        )
    return "\n".join(lines)


def places_in_markdown() -> str:
    """Every organ with the words that are read as it, diffuse disease, and the stations and regions of nodes."""
    lines = [
        "| organ | 名称 | name | also read, beside words for sides, lobes and disease |",
        "|---|---|---|---|",
    ]
    for organ in (*ORGANS, OTHER):
        words = NODE_WORDS if organ.word == NODE else listed(ORGAN_WORDS.get(str(organ.word), ""))
        lines.append(f"| {organ.word} | {organ.name.zh} | {organ.name.en} | {', '.join(words)} |")
    lines += ["", "| diffuse disease | organ | words |", "|---|---|---|"]
    lines += [f"| {kind} | {organ} | {words} |" for (organ, kind), words in DIFFUSE_WORDS.items()]
    lines += ["", "| station or region of a node | words |", "|---|---|"]
    stations = [*STATION_WORDS.items(), *STATION_WORDS_BESIDE_NODE.items(), *REGION_WORDS.items()]
    lines += [f"| {station} | {words} |" for station, words in stations]
    lines += ["", "| asked: more than one place | may be |", "|---|---|"]
    return "\n".join([*lines, *(f"| {words} | {near} |" for words, near in AMBIGUOUS.items())])


def _table_lines(table: TableSpec) -> Iterator[str]:
    yield f"### {table.name} ({table.label.zh})"
    yield ""
    columns = table.columns
    if table == COHORT:
        yield "Every column of patients, further columns as covariates, and:"
        yield ""
        columns = (PATIENTS.column("patient_id"), *COHORT_COLUMNS)
    yield "| column | 名称 | name | what it holds | also read as | what it decides | lost without it | unreadable cell |"
    yield "|---|---|---|---|---|---|---|---|"
    for column in columns:
        name = f"**{column.name}**" if column.required else column.name
        grade = "quarantine" if is_decisive(column) else "warning, set to missing"
        printed, aliases = column.printed, ", ".join(column.aliases)
        notes = f"{_both(column.decides)} | {_both(column.lost_without)}"
        yield f"| {name} | {printed.zh} | {printed.en} | {_content(column)} | {aliases} | {notes} | {grade} |"


def _both(text: Text | None) -> str:
    return "" if text is None else f"{text.en} ({text.zh})"


def _content(column: Variable) -> str:
    levels = "; ".join(map(_level, column.levels)).replace("<", "&lt;")
    if column.low is not None and column.high is not None:
        kind = "whole number" if column.kind == "integer" else "number"
        return f"{kind}, {column.low:g} to {column.high:g}" + (f"; {levels}" if levels else "")
    if levels:
        return levels
    return {"id": "a number or name", "boolean": "yes, no", "integer": "whole number"}.get(
        column.kind, column.kind
    )


def _level(level: LevelName) -> str:
    """Our word, and what else is read as it."""
    full = () if level.full is None else (level.full.zh, level.full.en)
    other = [name for name in (level.name.zh, level.name.en, *full, *level.synonyms) if name != level.word]
    return f"{level.word} ({', '.join(dict.fromkeys(other))})" if other else str(level.word)


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


PARTS: dict[str, Callable[[], str]] = {
    "tables": tables_in_markdown,
    "derived": derived_in_markdown,
    "places": places_in_markdown,
    "rules": rules_in_markdown,
}
