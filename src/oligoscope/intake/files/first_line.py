"""The first line of treatment of a sheet of patients, as a row of treatments, where these have no first line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import all_listed
from oligoscope.intake.files.header_words import PATIENT
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.decisive_columns import deciding_columns
from oligoscope.study.dictionary.headers import header_form
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.words import plain, read_level
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import PATIENTS, TREATMENTS

_RULE = (PATIENTS.name, "first_line_regimen")
_LINE, _REGIMEN, _START = "line", "regimen", "started_on"


def _forms(*names: str) -> frozenset[str]:
    return frozenset(map(header_form, names))


_WHOLE = _forms(
    "一线方案", "一线治疗方案", "一线治疗", "一线用药", "一线药物", "一线治疗药物", "一线全身治疗", "治疗方案", "用药方案", "方案",
    "first-line regimen", "first-line treatment", "first-line therapy", "1L regimen", "1L treatment", "1L therapy", "frontline regimen", "regimen",
)  # fmt: skip
_IMMUNE = _forms(
    "免疫药物", "免疫治疗药物", "免疫方案", "免疫治疗方案", "免疫治疗", "一线免疫药物", "一线免疫治疗", "免疫检查点抑制剂", "PD-1抑制剂", "PD-1药物", "PD-1单抗",
    "PD-1/PD-L1抑制剂", "PD-(L)1抑制剂", "ICI", "ICIs", "IO drug", "IO agent", "ICI drug", "ICI agent", "immunotherapy", "immunotherapy drug",
    "checkpoint inhibitor", "immune checkpoint inhibitor", "PD-1 inhibitor", "PD-(L)1 inhibitor",
)  # fmt: skip
_OTHER = _forms(
    "化疗方案", "化疗药物", "化疗", "一线化疗", "一线化疗方案", "抗血管药物", "抗血管治疗", "抗血管生成药物", "抗血管生成治疗", "靶向药物",
    "chemotherapy", "chemotherapy regimen", "chemo regimen", "chemo", "antiangiogenic", "antiangiogenic drug", "anti-angiogenic agent",
)  # fmt: skip
_NONE = frozenset(map(plain, ("无", "未用", "未使用", "none", "no", "not used", "/")))


def with_first_line(
    tables: Mapping[str, RawTable], sources: Mapping[str, TableSource], protocol: Protocol
) -> dict[str, RawTable]:
    """The tables, with a line 1 of treatment for each patient whose sheet says it.

    Only where the study reads the first-line regimen and no treatment is a first line. Columns that are part of a
    regimen (化疗方案, 免疫药物) are joined; without the immunotherapy they are no regimen, which is an error.
    """
    found = dict(tables)
    patients = tables.get(PATIENTS.name)
    if patients is None or patients.mapping is not None or _RULE not in deciding_columns(protocol):
        return found
    own = sources[PATIENTS.name]
    there = _headers_of_regimen(patients, own)
    treatments = tables.get(TREATMENTS.name, RawTable(TREATMENTS.name))
    given = sources.get(TREATMENTS.name) or TableSource(files=())
    if not there or _has_first_line(treatments, given):
        return found
    headers = _read(there)
    who = header_of(patients.columns, PATIENTS.name, PATIENT, own)
    start = header_of(patients.columns, PATIENTS.name, "treatment_started_on", own)
    if not headers or who is None or start is None:
        found[PATIENTS.name] = patients.with_problems(_unread(patients, there))
        return found
    found[TREATMENTS.name] = _added(treatments, given, patients, own, (who, start), headers)
    return found


def find_unread_regimen(tables: Mapping[str, RawTable], protocol: Protocol) -> Iterator[Issue]:
    """The error for parquet tables, which are read as they are: a regimen beside the patients, and no treatments."""
    patients = tables.get(PATIENTS.name)
    if patients is not None and TREATMENTS.name not in tables and _RULE in deciding_columns(protocol):
        there = _headers_of_regimen(patients, protocol.data.patients or TableSource(files=()))
        if there:
            yield _unread(patients, there)


def _headers_of_regimen(patients: RawTable, source: TableSource) -> tuple[str, ...]:
    mapped = {plain(name) for name in all_listed(source.columns)}
    return tuple(
        h for h in patients.columns if header_form(h) in _WHOLE | _IMMUNE | _OTHER and plain(h) not in mapped
    )


def _read(there: Sequence[str]) -> tuple[str, ...]:
    """The headers that together are the regimen; none where they are only its chemotherapy."""
    whole = tuple(h for h in there if header_form(h) in _WHOLE)
    if whole:
        return whole[:1]
    return tuple(there) if any(header_form(h) in _IMMUNE for h in there) else ()


def _has_first_line(treatments: RawTable, source: TableSource) -> bool:
    if not treatments.frame.height:
        return False
    line = header_of(treatments.columns, TREATMENTS.name, _LINE, source)
    if line is None:
        return True  # a constant, a joined column, or a column that is asked about
    stated = {
        word for word, words in source.levels.get(_LINE, {}).items() if plain(word) == "1" for word in words
    }
    known = {plain(word) for word in stated}
    words = [word for cell in treatments.frame[line].unique().drop_nulls() if (word := clean(cell))]
    return any(
        read_level(TREATMENTS.column(_LINE), word) == "1" or _is_one(word) or plain(word) in known
        for word in words
    )


def _is_one(word: str) -> bool:
    try:
        return float(word) == 1
    except ValueError:
        return False


def _added(
    treatments: RawTable,
    given: TableSource,
    patients: RawTable,
    own: TableSource,
    ids: tuple[str, str],
    headers: Sequence[str],
) -> RawTable:
    names = {
        name: header_of(treatments.columns, TREATMENTS.name, name, given) or name
        for name in (PATIENT, _LINE, _REGIMEN, _START)
    }
    who, start = ids
    rows = zip(*(patients.frame[header].to_list() for header in headers), strict=True)
    regimens = [_joined(cells) for cells in rows]
    shown = "/".join(headers)
    frame = patients.frame.select(
        pl.col(who).alias(names[PATIENT]),
        pl.lit("1").alias(names[_LINE]),
        pl.Series(names[_REGIMEN], regimens, dtype=pl.String),
        pl.col(start).alias(names[_START]),
        SOURCE,
        ROW,
        EXCESS,
    ).filter(pl.col(names[_REGIMEN]).is_not_null())
    columns = tuple(names.values())
    zh, en = f"由“{shown}”列得出一线方案", f"the first line is read from {shown}"
    seen = [
        Issue(rule="sheet_shape", table=TREATMENTS.name, source=s, row=1, expected=Text(zh, en))
        for s in patients.headers
    ]
    order = own.dates.get("treatment_started_on")
    mapping = treatments.mapping
    if order is not None and not treatments.headers:
        mapping = TableSource(files=(), dates={_START: order}, levels=given.levels)
    return replace(
        treatments,
        frame=pl.concat([treatments.frame, frame], how="diagonal_relaxed"),
        headers={
            **treatments.headers,
            **{s: (*treatments.headers.get(s, ()), *columns) for s in patients.headers},
        },
        day_zero={**patients.day_zero, **treatments.day_zero},
        mapping=mapping,
    ).with_problems(*seen)


def _joined(cells: Sequence[str | None]) -> str | None:
    """A regimen of the parts that are not blank and do not say that there was none."""
    words = [word for cell in cells if cell and (word := clean(cell))]
    regimen = TREATMENTS.column(_REGIMEN)
    kept = [word for word in words if plain(word) not in _NONE and not means_missing(regimen, plain(word))]
    return " + ".join(kept) or None


def _unread(patients: RawTable, there: Sequence[str]) -> Issue:
    zh, en = "、".join(there), ", ".join(there)
    return Issue(
        rule="regimen_not_read", table=PATIENTS.name, source=next(iter(patients.headers)), row=1, column=there[0],
        expected=Text(f"一线方案；治疗表中没有一线治疗，“{zh}”列不足以得出方案", f"First-line regimen; no first line is in the treatments, and {en} alone do not say it"),
    )  # fmt: skip
