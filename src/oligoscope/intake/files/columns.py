"""Headers to our columns: by our name, the study's mapping, an alias, or the printed name."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.intake.files.column_reading import AS_USUAL, Reading
from oligoscope.intake.files.raw_table import INTERNAL, ROW, SOURCE, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.headers import headers_of
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import JoinSource, TableSource
from oligoscope.study.schemas import COHORT, PATIENTS_OUT, PATIENTS_WITHIN, TableSpec, day_name

_LABELS = frozenset(column.name for column in COHORT.columns)


@dataclass(frozen=True, slots=True)
class Match:
    """Where one of our columns is read from.

    Attributes:
        column: Ours; for `X_day` an integer column of that name.
        headers: Columns of the raw frame; the first that is not blank counts.
        shown: Its name in the user's file.
        source, row: Columns of the raw frame with the place of each cell.
        constant: One value for every row, instead of headers.
        reading: What is true of all its cells.
    """

    column: Variable
    headers: tuple[str, ...] = ()
    shown: str = ""
    source: str = SOURCE
    row: str = ROW
    constant: str | None = None
    reading: Reading = AS_USUAL


@dataclass(frozen=True)
class Matches:
    """The columns of one table that were found, and what was wrong with its headers."""

    found: tuple[Match, ...]
    extra: tuple[str, ...]  # headers kept as covariates
    issues: tuple[Issue, ...]


def find_header(headers: Iterable[str], name: str) -> str | None:
    """The header that is `name`; width, case, spaces and underscores do not matter, nor does the order of the columns."""
    headers = list(headers)
    if name in headers:
        return name
    return min((header for header in headers if plain(header) == plain(name)), default=None)


def find_column(headers: Iterable[str], column: Variable) -> str | None:
    """The header that is certainly this column: our name, its printed name, or an alias; None where several are."""
    found = headers_of(headers, column)
    return found[0] if len(found) == 1 else None


def find_labelled(labels: Mapping[str, str], name: str) -> str | None:
    """The header whose name in words this is; None where several have it."""
    found = [header for header, label in labels.items() if plain(label) == plain(name)]
    return found[0] if len(found) == 1 else None


def missing_column(table: str, source: str, name: str, headers: Iterable[str]) -> Issue:
    """The finding that a file lacks a column, with the headers it has and the nearest of them."""
    headers = list(headers)
    listed = ", ".join(headers)
    near = nearest_header(name, headers)
    zh = f"；是否应为 {near}？" if near else ""
    en = f"; did you mean {near}?" if near else ""
    expected = Text(f"文件的列为：{listed}{zh}", f"the columns of the file are: {listed}{en}")
    return Issue(rule="column_missing", table=table, source=source, row=1, column=name, expected=expected)


def nearest_header(name: str, headers: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The header most like a name, which was probably meant."""
    by_form = {plain(header): header for header in sorted(headers)}
    found = difflib.get_close_matches(plain(name), by_form, n=1, cutoff=cutoff)
    return by_form[found[0]] if found else None


def listed(names: str | tuple[str, ...]) -> tuple[str, ...]:
    """The headers that one of our columns is read from, of which a study may give one or several."""
    return (names,) if isinstance(names, str) else names


def all_listed(columns: Mapping[str, str | tuple[str, ...]]) -> list[str]:
    """The headers that all of these columns are read from."""
    return [name for names in columns.values() for name in listed(names)]


def match_columns(
    raw: RawTable, table: TableSpec, source: TableSource, named: Collection[str] = ()
) -> Matches:
    """Find every column of a table; a required one that is absent from a file is an error.

    Args:
        raw: The table; only its headers are read.
        table: What it may hold.
        source: How the study describes it.
        named: Headers that the study's analyses name: kept under that name, also where they are one of our columns.
    """
    issues: list[Issue] = []
    found: list[Match] = []
    mapped = {
        header
        for name in all_listed(source.columns)
        if (header := find_header(raw.columns, name)) is not None
    }
    free = frozenset(raw.columns) - mapped
    for column in _our_columns(table, source):
        match = _match(raw, column, source, free, issues)
        if match is not None:
            found.append(match)
    found += list(_by_label(raw, table, found, source))
    asked = {issue.source for issue in issues if issue.rule == "column_ambiguous"}
    issues += (i for i in _absent(raw, table, found, source) if i.source not in asked)
    issues += _repeated(raw, found)
    kept = set(named) - mapped if table.extra_columns else set[str]()
    used = {h for match in found for h in match.headers if h == match.column.name or h not in kept}
    rest = [header for header in raw.columns if header not in used and header not in source.where]
    extra, ignored = _extra(raw, table, rest, found, source)
    return Matches(tuple(found), tuple(extra), (*issues, *ignored))


def _our_columns(table: TableSpec, source: TableSource) -> Iterator[Variable]:
    """The table's columns, `X_day` beside each date, and the covariates that the study maps by name."""
    known: set[str] = set()
    for column in table.columns:
        known.add(column.name)
        yield column
        if column.kind == "date" and column.name.endswith("_on"):
            name = day_name(column.name)
            known.add(name)
            label = Text(
                f"{column.label.zh}（治疗开始后天数）", f"{column.label.en}, days from treatment start"
            )
            yield Variable(name, label, "integer", low=-40_000, high=40_000)
    mapped = [*source.columns, *(name for join in source.join for name in join.columns), *source.constants]
    for name in dict.fromkeys(mapped):
        if name not in known:
            yield Variable(name, Text(name, name))


def _match(
    raw: RawTable, column: Variable, source: TableSource, free: frozenset[str], issues: list[Issue]
) -> Match | None:
    if column.name in source.constants:
        value = source.constants[column.name]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return Match(column, constant=text, shown=column.name)
    if column.name in source.columns:
        return _mapped(raw, column, listed(source.columns[column.name]), issues)
    for number, join in enumerate(source.join, 1):
        if column.name in join.columns:
            return _joined(raw, column, number, join)
    return _by_name(raw, column, free, issues)


def _by_name(raw: RawTable, column: Variable, free: frozenset[str], issues: list[Issue]) -> Match | None:
    """The header by its name, of each file its own; where one file has several, none is taken and the study is asked."""
    found: list[str] = []
    for source, headers in raw.headers.items():
        there = headers_of((h for h in headers if h in free), column)
        if len(there) > 1:
            issues.append(_ambiguous(raw, source, column, there))
            return None
        found += [header for header in there if header not in found]
    return Match(column, tuple(found), "/".join(found)) if found else None


def _ambiguous(raw: RawTable, source: str, column: Variable, there: tuple[str, ...]) -> Issue:
    names, name = "、".join(there), column.label
    expected = Text(
        f"{names} 都可能是{name.zh}（{column.name}）",
        f"each of {', '.join(there)} may be {name.en} ({column.name})",
    )
    return Issue(
        rule="column_ambiguous", table=raw.name, source=source, row=1, column=there[0], expected=expected
    )


def _mapped(raw: RawTable, column: Variable, names: tuple[str, ...], issues: list[Issue]) -> Match | None:
    """The headers that the study names; one that no file has is an error, even for an optional column."""
    headers = {name: find_header(raw.columns, name) or find_labelled(raw.labels, name) for name in names}
    for name in (name for name, header in headers.items() if header is None):
        issues += [missing_column(raw.name, src, name, there) for src, there in raw.headers.items()]
    there = tuple(header for header in headers.values() if header is not None)
    return Match(column, there, "/".join(there)) if there else None


def _by_label(
    raw: RawTable, table: TableSpec, found: Iterable[Match], source: TableSource
) -> Iterator[Match]:
    """Columns that no header names, from the names in words that the file gives its columns."""
    used = {header for match in found for header in match.headers}
    labels = {header: label for header, label in raw.labels.items() if header not in used}
    known = {*(match.column.name for match in found), *source.columns}
    for column in _our_columns(table, source) if labels else ():
        text = None if column.name in known else find_column(labels.values(), column)
        header = None if text is None else find_labelled(labels, text)
        if header is not None:
            del labels[header]
            yield Match(column, (header,), header)


def _joined(raw: RawTable, column: Variable, number: int, join: JoinSource) -> Match | None:
    frame_columns = raw.frame.columns
    there: list[str] = []
    for name in listed(join.columns[column.name]):
        prefixed = [c for c in frame_columns if c.startswith(f"{number}:")]
        header = find_header([c.split(":", 1)[1] for c in prefixed], name)
        if header is not None:
            there.append(f"{number}:{header}")
    if not there:
        return None
    shown = "/".join(name.split(":", 1)[1] for name in there)
    return Match(column, tuple(there), shown, f"{number}:{SOURCE}", f"{number}:{ROW}")


def _absent(raw: RawTable, table: TableSpec, found: list[Match], study: TableSource) -> Iterator[Issue]:
    """Required columns that a file lacks; `X_day` may replace `X_on`."""
    by_name = {match.column.name: match for match in found}
    for column in (c for c in table.columns if c.required):
        matches = [by_name[n] for n in (column.name, day_name(column.name)) if n in by_name]
        if not matches and column.name in study.columns:
            continue  # reported already, under the name to which the study maps it
        for source, headers in raw.headers.items():
            given = any(
                m.constant is not None or m.source != SOURCE or set(m.headers) & set(headers) for m in matches
            )
            if not given:
                yield missing_column(raw.name, source, column.name, headers)


def _repeated(raw: RawTable, found: list[Match]) -> Iterator[Issue]:
    used = {header for match in found for header in match.headers}
    expected = Text("列名只能出现一次", "must occur once only")
    for source, repeated in raw.repeated.items():
        for header in repeated:
            if header in used:
                yield Issue(
                    rule="column_repeated",
                    table=raw.name,
                    source=source,
                    row=1,
                    column=header,
                    expected=expected,
                )


def _extra(
    raw: RawTable, table: TableSpec, rest: list[str], found: list[Match], source: TableSource
) -> tuple[list[str], list[Issue]]:
    """Covariates of the patients table; in other tables unknown columns, reported where they may be a mistake."""
    lacking = {c.name for c in table.columns} - {match.column.name for match in found}
    kept: list[str] = []
    issues: list[Issue] = []
    for header in rest:
        near = nearest_header(header, lacking, cutoff=0.8)
        reserved = (
            header in PATIENTS_OUT or header in PATIENTS_WITHIN or header in INTERNAL or _is_pattern(header)
        )
        if table.extra_columns and not reserved:
            kept.append(header)
        # Where the study maps columns, those it leaves out are left out on purpose.
        if near or reserved or (not table.extra_columns and not source.columns):
            issues.append(_ignored(raw, header, near, reserved=reserved))
    return kept, issues


def _is_pattern(header: str) -> bool:
    """Whether polars takes the name for many columns: `*`, or an expression from `^` to `$`."""
    return header == "*" or (header.startswith("^") and header.endswith("$"))


def _ignored(raw: RawTable, header: str, near: str | None, *, reserved: bool) -> Issue:
    source = next(src for src, headers in raw.headers.items() if header in headers)
    expected = Text("不是已知的列", "is not a known column")
    if reserved and header in _LABELS:
        expected = Text(
            "如为团队自己的标签，请在 data.cohort 写明该文件；否则请改名",
            "a label of the team's own is read from the table cohort: name this file under data.cohort; else rename the column",
        )
    elif reserved:
        expected = Text(
            "此列名保留给推导的结果，请改名", "is reserved for a derived result; rename the column"
        )
    elif near:
        expected = Text(f"是否应为 {near}？", f"did you mean {near}?")
    return Issue(
        rule="column_ignored", table=raw.name, source=source, row=1, column=header, expected=expected
    )
