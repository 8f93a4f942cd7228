"""Columns of patients that this study reads and that no file has: said before the run, with the headers most like them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import Matches, nearest_header
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.decisive_columns import deciding_columns
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
