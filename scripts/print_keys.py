"""Print what results.csv can hold from the declarations: the lists in docs/output.md, and a schema for programs.

PYTHONPATH=src python scripts/print_keys.py
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from oligoscope.questions.registry import QUESTIONS
from oligoscope.results.results import KEYS, SCHEMA, Estimate
from oligoscope.results.statistics import AT_MONTHS, Statistic
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.outcomes import Outcome

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, TABLE_SCHEMA = DOCS / "output.md", DOCS / "results.schema.json"
BEGIN = "<!-- printed by scripts/print_keys.py -->"
END = "<!-- end of what scripts/print_keys.py prints -->"
PER_MONTH = "N"  # in place of the month in the word of a statistic


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _statistic(statistic: Statistic, word: str, suffix: tuple[str, str] = ("", "")) -> tuple[str, ...]:
    meaning = statistic.meaning
    return (
        f"`{word}`",
        statistic.printed.en + suffix[0],
        statistic.printed.zh + suffix[1],
        "" if statistic.unit is None else f"`{statistic.unit}`",
        "" if meaning is None else meaning.en,
        "" if meaning is None else meaning.zh,
    )


def _statistics() -> Iterator[tuple[str, ...]]:
    for statistic in Statistic:
        yield _statistic(statistic, statistic)
        if statistic in AT_MONTHS:
            yield _statistic(statistic, f"{statistic}_{PER_MONTH}_months", (" at N months", "（N 个月）"))


def keys_block() -> str:
    """The lists of analyses, statistics, outcomes and units, as docs/output.md holds them."""
    names = ("In English", "In Chinese")
    lines = [
        BEGIN, "", "### Analyses", "",
        *_table(("`analysis`", *names), ((f"`{q.kind}`", q.kind.printed.en, q.kind.printed.zh) for q in QUESTIONS)),
        "", "### Statistics", "",
        *_table(("`statistic`", *names, "Unit", "Meaning", "含义"), _statistics()),
        "", "### Outcomes", "",
        "Of other analyses `outcome` names a column of patients (`pattern`, …).", "",
        *_table(
            ("`outcome`", *names, "Columns of patients.csv"),
            ((f"`{o}`", o.printed.en, o.printed.zh, f"`{o.days}`, `{o.event}`") for o in Outcome),
        ),
        "", "### Units", "",
        "A column of the user's own has the unit that study.yaml gives it.", "",
        *_table(("`unit`", *names), ((f"`{u}`", u.printed.en, u.printed.zh) for u in Unit)),
        "", END,
    ]  # fmt: skip
    return "\n".join(lines)


def table_schema() -> dict[str, Any]:
    """results.csv in the form of Frictionless Table Schema (https://specs.frictionlessdata.io/table-schema/)."""
    types = {"Float64": "number", "Int64": "integer", "String": "string"}
    at = "|".join(AT_MONTHS)
    limits: dict[str, dict[str, Any]] = {
        "analysis": {"enum": [str(question.kind) for question in QUESTIONS]},
        "statistic": {"pattern": f"({'|'.join(Statistic)})|({at})_[0-9]+_months"},
    }
    examples: dict[str, Any] = {
        "unit": [str(unit) for unit in Unit],
        "outcome": [str(outcome) for outcome in Outcome],
    }
    columns: list[dict[str, Any]] = []
    for column in (f for f in fields(Estimate) if f.name in SCHEMA):
        required = column.default is MISSING
        columns.append(
            {
                "name": column.name,
                "type": types[str(SCHEMA[column.name])],
                "constraints": {"required": required, **limits.get(column.name, {})},
                **({"examples": examples[column.name]} if column.name in examples else {}),
            }
        )
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "title": "results.csv of Oligoscope: one reported number a row",
        "fields": columns,
        "missingValues": [""],
        "uniqueKeys": [list(KEYS)],
    }


def printed_page(page: str) -> str:
    """The page with its block as it is declared now."""
    before, rest = page.split(BEGIN, 1)
    return before + keys_block() + rest.split(END, 1)[1]


def printed_schema() -> str:
    """The schema as its file holds it."""
    return json.dumps(table_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PAGE.write_text(printed_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    TABLE_SCHEMA.write_text(printed_schema(), encoding="utf-8", newline="\n")
