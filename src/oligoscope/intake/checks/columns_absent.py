"""Columns of patients that this study reads and that no file has: said before the run, with the headers most like them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oligoscope.bilingual import Text
from oligoscope.intake.checks.values import parser
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Matches, nearest_header
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.decisive_columns import deciding_columns
from oligoscope.study.dictionary.headers import header_form
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import HOLD_PATIENTS, PATIENTS

# Another column from which it is derived.
_INSTEAD = {"age_years": "birth_date", "pd_l1": "pd_l1_tps", "pd_l1_tps": "pd_l1"}


def find_absent(
    tables: Mapping[str, RawTable], matches: Mapping[str, Matches], protocol: Protocol
) -> Iterator[Issue]:
    """One finding for each column of patients that an eligibility rule or an analysis reads and that no table gives.

    Of the domains of a standard, whose columns have fixed names, none.
    """
    holding = [name for name in HOLD_PATIENTS if name in tables and tables[name].headers]
    if not holding or any(tables[name].mapping is not None for name in holding):
        return
    raw = tables[holding[0]]
    wanted = {column for table, column in deciding_columns(protocol) if table == PATIENTS.name}
    found = [match for name in holding for match in matches[name].found]
    given = {match.column.name for match in found}
    used = {header for match in found for header in match.headers}
    rest = [header for name in holding for header in tables[name].columns if header not in used]
    yield from _unread_regimen(tables, matches, wanted, rest, raw)
    for column in PATIENTS.columns:
        name = column.name
        if name not in wanted or name in given or _INSTEAD.get(name) in given:
            continue
        if name == "pd_l1_tps" and "pd_l1" in wanted:
            continue
        names = (name, *column.aliases, column.label.zh, column.label.en)
        near = next((found for n in names if (found := nearest_header(n, rest)) is not None), None)
        zh, en = (f"；最相近的列是“{near}”", f"; the header most like it is “{near}”") if near else ("", "")
        yield Issue(
            rule="column_absent", table=raw.name, source=next(iter(raw.headers)), row=1, column=name,
            expected=Text(f"{column.label.zh}{zh}", f"{column.label.en}{en}"),
        )  # fmt: skip


_REGIMEN = "first_line_regimen"
_REGIMEN_HEADERS = frozenset(
    header_form(name)
    for name in (
        "一线方案", "一线治疗方案", "一线治疗", "一线用药", "化疗方案", "免疫药物", "免疫治疗药物", "免疫方案", "治疗方案", "用药方案", "方案",
        "first-line regimen", "first-line treatment", "1L regimen", "1L treatment", "regimen", "chemotherapy regimen", "IO drug",
    )
)  # fmt: skip


def _unread_regimen(
    tables: Mapping[str, RawTable],
    matches: Mapping[str, Matches],
    wanted: set[str],
    rest: list[str],
    raw: RawTable,
) -> Iterator[Issue]:
    """Where a rule reads the first-line regimen and no first line is in the treatments: the headers of patients that hold it."""
    there = [header for header in rest if header_form(header) in _REGIMEN_HEADERS]
    if _REGIMEN not in wanted or not there or _has_first_line(tables, matches):
        return
    zh, en = "、".join(there), ", ".join(there)
    yield Issue(
        rule="column_absent", table=raw.name, source=next(iter(raw.headers)), row=1, column=_REGIMEN,
        expected=Text(
            f"一线方案；治疗表中没有一线治疗，“{zh}”列未读入：请写成治疗表中的一线，否则无人因此排除",
            f"First-line regimen; no first line is in the treatments, and {en} is not read: give it as line 1 of the treatments, else no patient is excluded by it",
        ),
    )  # fmt: skip


def _has_first_line(tables: Mapping[str, RawTable], matches: Mapping[str, Matches]) -> bool:
    if "treatments" not in tables:
        return False
    line = next((m for m in matches["treatments"].found if m.column.name == "line"), None)
    if line is None or line.constant is not None:
        return True
    parse = parser(line.column)
    cells = (c for h in line.headers for c in tables["treatments"].frame[h].unique().drop_nulls())
    return any(parse(word) == 1 for cell in cells if (word := clean(cell)))
