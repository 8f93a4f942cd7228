"""Columns of direct identifiers: left out before anything is read on, and named; never their values.

The date of birth, from which ages are derived, is a column of ours and no finding; one that is not read as it is.
A column that the study itself names (mapped, or used by an analysis) is not left out without being asked: it is kept, and
a finding says what it seems to hold. What `patient_id` is read from is such a column, whoever named it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import Match, Matches, all_listed
from oligoscope.intake.files.raw_table import INTERNAL, ROW, RawTable
from oligoscope.intake.identifier_forms import BIRTH_DATE, Identifier, kind_of_cells, kind_of_header
from oligoscope.intake.issues import Issue
from oligoscope.study.column_checks import columns_named
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import PATIENTS, TableSpec

CountsOf = Callable[[str], pl.DataFrame]  # of a header: its cells as `counted` gives them


def without_identifiers(
    raw: RawTable,
    matches: Matches,
    table: TableSpec,
    source: TableSource,
    protocol: Protocol,
    cells: CountsOf,
) -> Matches:
    """The columns to read without those of direct identifiers, and a finding for each of these.

    Args:
        raw: The table; only its headers are read here.
        matches: Which of its columns are read.
        table, source, protocol: What the study says of them.
        cells: The different cells of a column, and how many of each.
    """
    asked = set(columns_named(protocol)) if table is PATIENTS else set[str]()
    used = {header for match in matches.found for header in match.headers}
    kept_out: set[str] = set()
    issues: list[Issue] = []
    for header in (h for h in raw.columns if h not in used and h not in INTERNAL):
        found = _kind(header, cells(header), table)
        if found is None:
            continue
        is_asked = header in matches.extra and header in asked
        rule = "identifier_named" if is_asked else "identifier_left_out"
        issues.append(_issue(rule, raw, header, *found))
        if not is_asked:
            kept_out.add(header)
    issues += _of_ours(raw, matches, source, cells)
    return replace(
        matches,
        extra=tuple(header for header in matches.extra if header not in kept_out),
        issues=(*(i for i in matches.issues if not _is_ignored(i, kept_out)), *issues),
    )


def _is_ignored(issue: Issue, kept_out: set[str]) -> bool:
    return issue.rule == "column_ignored" and issue.column in kept_out


def _kind(header: str, cells: pl.DataFrame, table: TableSpec) -> tuple[Identifier, int] | None:
    """What a column holds by its cells, else by its header; with the number of cells that are not blank."""
    by_form = kind_of_cells(cells)
    if by_form is not None:
        return by_form
    kind = kind_of_header(header, of_patients=table is PATIENTS)
    n = int(cells["n"].sum())
    return None if kind is None or n == 0 else (kind, n)


def _of_ours(raw: RawTable, matches: Matches, source: TableSource, cells: CountsOf) -> Iterator[Issue]:
    """Columns that are read as ours and hold identifiers: those of words."""
    mapped = {
        *all_listed(source.columns),
        *(name for join in source.join for name in all_listed(join.columns)),
    }
    for match in (m for m in matches.found if m.constant is None):
        if match.column.kind in {"id", "text"}:
            found = _held(match, raw.name, cells, is_asked=bool(set(_theirs(match)) & mapped))
            if found is not None:
                yield _issue("identifier_named", raw, match.shown, *found)


def _theirs(match: Match) -> tuple[str, ...]:
    """Headers as they are in the user's files, those of joined files, too."""
    return tuple(header.split(":", 1)[-1] if match.row != ROW else header for header in match.headers)


def _held(match: Match, table: str, cells: CountsOf, *, is_asked: bool) -> tuple[Identifier, int] | None:
    """The identifiers in a column of words; patients' numbers are looked at once, in their own table."""
    if match.column.name == "patient_id" and table != PATIENTS.name:
        return None
    for header, name in zip(match.headers, _theirs(match), strict=True):
        column = cells(header)
        if (by_form := kind_of_cells(column)) is not None:
            return by_form
        by_header = kind_of_header(name) if is_asked else None
        if by_header is not None:
            return by_header, int(column["n"].sum())
    return None


def _issue(rule: str, raw: RawTable, column: str, kind: Identifier, n: int) -> Issue:
    """The finding of a column: its name, what it holds, in how many cells."""
    source = next(
        (src for src, headers in raw.headers.items() if column in headers), next(iter(raw.headers), "")
    )
    zh = f"{kind.name.zh}，{n} 格"
    en = f"{kind.name.en}, {n} {'cell' if n == 1 else 'cells'}"
    if kind is BIRTH_DATE:
        zh, en = (
            f"{zh}；如需计算年龄，请对应为 birth_date",
            f"{en}; map it as birth_date where ages are to be derived",
        )
    return Issue(rule=rule, table=raw.name, source=source, row=1, column=column, expected=Text(zh, en))
