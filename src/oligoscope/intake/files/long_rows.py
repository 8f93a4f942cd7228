"""Measurements and lesions of a table with a column for each scan, brought into rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.files.columns import find_column, find_header, listed
from oligoscope.intake.files.header_words import known_header
from oligoscope.intake.files.raw_table import SOURCE, RawTable, header_column
from oligoscope.intake.files.scan_headers import lesion_in_header
from oligoscope.intake.files.wide import DATE, LESION_ID, date_rows, melted
from oligoscope.intake.files.wide_plan import SIZE, VALUE, Scan, WidePlan, found_plan, stated_plan
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource, WideSource
from oligoscope.study.schemas import LESIONS, MEASUREMENTS, TABLES, day_name

PATIENT = "patient_id"
_FEWEST_LESIONS = 2  # columns that are lesions, before a sheet has a column a lesion


def header_of(headers: Sequence[str], table: str, column: str, source: TableSource) -> str | None:
    """The header that one of our columns is read from: as mapped, else as it is certainly called."""
    if column in source.columns:
        found = (find_header(headers, name) for name in listed(source.columns[column]))
        return next((header for header in found if header is not None), None)
    return find_column(headers, TABLES[table].column(column))


def is_given(headers: Sequence[str], table: str, column: str, source: TableSource) -> bool:
    """Whether a sheet, the study or a joined file gives a column (or the days in its place)."""
    names = {column, day_name(column)}
    elsewhere = {*source.constants, *source.columns, *(name for join in source.join for name in join.columns)}
    if names & elsewhere or header_of(headers, table, column, source) is not None:
        return True
    return column.endswith("_on") and find_header(headers, day_name(column)) is not None


def in_long_rows(raw: RawTable, source: TableSource) -> RawTable:
    """Measurements with a row for each lesion and scan.

    A sheet that gives a date of assessment is left as it is. One where columns seem to be scans, and it is not certain
    which, too, with what was seen as a finding.
    """
    parts: list[pl.DataFrame] = []
    headers: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    seen: dict[str, Text] = {}
    for name, there in raw.headers.items():
        frame = raw.frame.filter(pl.col(SOURCE) == name) if len(raw.headers) > 1 else raw.frame
        plan = plan_of(raw, name, frame, there, source)
        patient = header_of(there, raw.name, PATIENT, source)
        if plan is not None and plan.problems:
            issues += [_unclear(raw.name, name, problem, plan) for problem in plan.problems]
        if plan is None or plan.problems or patient is None or not plan.scans:
            parts.append(frame)
            headers[name] = there
            continue
        lesion = header_of(there, raw.name, LESION_ID, source)
        frame, headers[name] = melted(frame, there, plan, patient, lesion)
        parts.append(frame)
        seen[name] = plan.seen
    if not seen:
        return raw.with_problems(*issues)
    stated = frozenset({"wide"}) if isinstance(source.wide, WideSource) else frozenset[str]()
    shapes = tuple(
        replace(s, wide=seen[s.source], stated=s.stated | stated) if s.source in seen else s
        for s in raw.shapes
    )
    if not stated:
        issues += [Issue(rule="sheet_shape", table=raw.name, source=name, row=_row(raw, name), expected=text) for name, text in seen.items()]  # fmt: skip
    return replace(raw, frame=pl.concat(parts, how="diagonal"), headers=headers, shapes=shapes).with_problems(
        *issues
    )


def plan_of(
    raw: RawTable, name: str, frame: pl.DataFrame, headers: tuple[str, ...], source: TableSource
) -> WidePlan | None:
    """The scans of one sheet; None where it has a date of assessment, or no columns of scans."""
    ids = {header_of(headers, raw.name, column, source) for column in (PATIENT, LESION_ID)}
    lesion = header_of(headers, raw.name, LESION_ID, source) is not None
    if isinstance(source.wide, WideSource):
        others = [header for header in headers if header not in ids]
        plan = stated_plan(source.wide, others, raw.days.get(name, {}))
        return _with_rows(plan, frame, raw, headers, source)
    if not source.wide or not frame.height:
        return None
    if is_given(headers, MEASUREMENTS.name, DATE, source):
        return None if lesion else _lesions_as_columns(headers, source)
    if any(join.columns for join in source.join) or raw.mapping is not None:
        return None
    if find_column(raw.labels.values(), MEASUREMENTS.column(DATE)) is not None:
        return None
    plan = found_plan(frame, headers, has_lesion=lesion, serials=name in raw.day_zero)
    return plan and _with_rows(plan, frame, raw, headers, source)


def _lesions_as_columns(headers: Sequence[str], source: TableSource) -> WidePlan | None:
    """A row a visit with its date and a column a lesion (TL1, NTL1, 新病灶1): a "scan" for each lesion."""
    date = header_of(headers, MEASUREMENTS.name, DATE, source)
    named = {h: found[0] for h in headers if (found := lesion_in_header(h)) is not None and not found[1]}
    if (
        date is None
        or len(named) < _FEWEST_LESIONS
        or is_given(headers, MEASUREMENTS.name, LESION_ID, source)
    ):
        return None
    scans = tuple(Scan(lesion, lesion, {VALUE: h, DATE: date}) for h, lesion in named.items())
    first, *_, last = named
    zh, en = (
        f"每个病灶一列，共 {len(named)} 列（{first} 至 {last}）",
        f"a column for each of {Count(len(named)):lesion|lesions} ({first} to {last})",
    )
    return WidePlan(scans, seen=Text(zh, en), headers=frozenset({*named, date}))


def _with_rows(
    plan: WidePlan, frame: pl.DataFrame, raw: RawTable, headers: Sequence[str], source: TableSource
) -> WidePlan:
    """The same; where dates should be in rows, a problem if there are none."""
    if not plan.dates_in_rows or plan.problems:
        return plan
    mains = [scan.columns.get(VALUE) or scan.columns.get(SIZE) for scan in plan.scans]
    mains = list(dict.fromkeys(main for main in mains if main is not None))
    if mains and date_rows(frame, mains, header_of(headers, raw.name, LESION_ID, source)):
        return plan
    return replace(plan, problems=(Text("没有检查日期", "there are no dates of the scans"),))


def _unclear(table: str, source: str, problem: Text, plan: WidePlan) -> Issue:
    zh = f"{plan.seen.zh}；{problem.zh}" if plan.seen.zh else problem.zh
    en = f"{plan.seen.en}; {problem.en}" if plan.seen.en else problem.en
    return Issue(rule="wide_unclear", table=table, source=source, expected=Text(zh, en))


def _row(raw: RawTable, name: str) -> int | None:
    return next((shape.header_rows[-1] for shape in raw.shapes if shape.source == name), None)


# ---- lesions named in headers ----------------------------------------------------------------------

_ROLES = (
    ("non_target", ("non", "ntl", "nt", "非靶")),
    ("new", ("new", "nl", "n", "新")),
    ("target", ("target", "tl", "t", "靶")),
)


def role_of(lesion: str) -> str | None:
    """The role that the name of a lesion says: T1 and 靶病灶1 are targets, NT1 and 非靶1 are not, N1 and 新病灶1 are new."""
    word = lesion.casefold().strip()
    letters = word.rstrip("0123456789 _-#")
    for role, begins in _ROLES:
        if any(letters == b or ((len(b) > 2 or not b.isascii()) and letters.startswith(b)) for b in begins):
            return role
    return None


def lesions_in_headers(raw: RawTable, source: TableSource) -> RawTable:
    """Lesions of a sheet with a row a patient, whose headers name lesions and scans: a row for each that has a cell."""
    parts: list[pl.DataFrame] = []
    headers: dict[str, tuple[str, ...]] = {}
    changed = False
    for name, there in raw.headers.items():
        frame = raw.frame.filter(pl.col(SOURCE) == name) if len(raw.headers) > 1 else raw.frame
        patient = header_of(there, LESIONS.name, PATIENT, source)
        plan = None
        if patient is not None and not is_given(there, LESIONS.name, LESION_ID, source):
            plan = plan_of(raw, name, frame, there, source)
        if plan is None or plan.problems or patient is None or not any(scan.lesion for scan in plan.scans):
            parts.append(frame)
            headers[name] = there
            continue
        rows, _ = melted(frame, there, plan, patient, None)
        once = rows.unique([patient, LESION_ID], keep="first", maintain_order=True)
        roles = once[LESION_ID].map_elements(role_of, return_dtype=pl.String)
        said = _said_of_lesions([h for h in there if h not in plan.headers])
        once = _with_own_cells(once, said)
        ids = [h for h in there if h not in plan.headers and h != "role" and h not in said.values()]
        made = list(dict.fromkeys(column for _, column in said if column not in ids))
        parts.append(
            once.select(
                *ids,
                LESION_ID,
                roles.alias("role"),
                *made,
                *(c for c in once.columns if c in _PLACES or c in {header_column(n) for n in made}),
            )
        )
        headers[name] = (*ids, LESION_ID, "role", *made)
        changed = True
    if not changed:
        return raw
    return replace(raw, frame=pl.concat(parts, how="diagonal"), headers=headers)


_PLACES = ("__source", "__row", "__excess")


def _said_of_lesions(headers: Sequence[str]) -> dict[tuple[str, str], str]:
    """Headers that name a lesion and one of its columns (`靶病灶1部位`, `TL1 site`): by both, compared as words."""
    found: dict[tuple[str, str], str] = {}
    for header in headers:
        named = lesion_in_header(header)
        column = known_header(named[1]) if named is not None and named[1] else None
        if named is not None and column in _OF_LESION:
            found.setdefault((plain(named[0]), column), header)
    return found


def _with_own_cells(rows: pl.DataFrame, said: Mapping[tuple[str, str], str]) -> pl.DataFrame:
    """The rows with what the sheet says of each lesion in headers that name it."""
    lesions = rows[LESION_ID].map_elements(plain, return_dtype=pl.String)
    rows = rows.with_columns(lesions.alias("__lesion"))
    for column in dict.fromkeys(column for _, column in said):
        there = [(lesion, header) for (lesion, name), header in said.items() if name == column]
        of_lesion = [pl.when(pl.col("__lesion") == lesion) for lesion, _ in there]
        cells = [w.then(pl.col(h)) for w, (_, h) in zip(of_lesion, there, strict=True)]
        shown = [w.then(pl.lit(h)) for w, (_, h) in zip(of_lesion, there, strict=True)]
        rows = rows.with_columns(
            pl.coalesce(cells).alias(column), pl.coalesce(shown).alias(header_column(column))
        )
    return rows.drop("__lesion")


_OF_LESION = {c.name for c in LESIONS.columns} - {PATIENT, LESION_ID, "role"}
