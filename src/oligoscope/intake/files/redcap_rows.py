"""Rows of one instrument of a REDCap export: its own fields, and the names that these have within it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

import polars as pl

from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.study.dictionary.words import plain

EVENT = "redcap_event_name"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
# The headers of an export by labels, for the ones of an export by codes.
OF_EVENTS = {
    "event name": EVENT,
    "repeat instrument": INSTRUMENT,
    "repeat instance": INSTANCE,
    "data access group": "redcap_data_access_group",
    "survey identifier": "redcap_survey_identifier",
    "事件名称": EVENT,
    "重复工具": INSTRUMENT,
    "重复表单": INSTRUMENT,
    "重复实例": INSTANCE,
}
_STATES = {"", "0", "1", "2", "incomplete", "unverified", "complete", "未完成", "未核实", "未验证", "已完成", "完成"}  # fmt: skip


def of_redcap(header: str) -> str | None:
    """REDCap's own name of a column that it adds to every export; None for a field of the project."""
    form = " ".join(header.split()).casefold()
    return OF_EVENTS.get(form) or (form if form.startswith("redcap_") else None)


def header_called(headers: Iterable[str], name: str) -> str | None:
    """The header of a column that REDCap adds, in an export by codes or by labels."""
    return next((header for header in headers if of_redcap(header) == name), None)


def distinct_names(names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The headers of an export by labels, in which several fields may have one label: the second is numbered.

    Returns:
        The headers, and the label of each numbered one. Of other files the headers as they are: there a header that
        occurs twice is a mistake.
    """
    if header_called(names, INSTRUMENT) is None and header_called(names, EVENT) is None:
        return list(names), {}
    found: list[str] = []
    labels: dict[str, str] = {}
    for name in names:
        new, number = name, 1
        while new and new in found:
            number += 1
            new = f"{name} ({number})"
        if new != name:
            labels[new] = name
        found.append(new)
    return found, labels


def of_instrument(raw: RawTable, where: Iterable[str], mapped: Iterable[str]) -> RawTable:
    """The rows of one instrument with its own fields: those that are blank in all of them belong to other instruments.

    Fields that all begin alike (les_role, les_organ) are known by the rest of their names, too.

    Args:
        raw: The rows that `where` of the study has kept.
        where: The columns that it names.
        mapped: The headers that the study maps; these stay, blank or not.
    """
    at = header_called(raw.columns, INSTRUMENT)
    if at is None or plain(at) not in {plain(name) for name in where}:
        return raw
    stay = {plain(name) for name in mapped}
    first = {headers[0] for headers in raw.headers.values() if headers}
    added = {c for c in raw.columns if of_redcap(c) is not None or _is_state(raw.frame, c)}
    left_out = {
        c
        for c in raw.columns
        if c in added or (c not in first and plain(c) not in stay and _is_blank(raw.frame, c))
    }
    event = header_called(raw.columns, EVENT)
    headers = {s: tuple(h for h in there if h not in left_out) for s, there in raw.headers.items()}
    frame = raw.frame.drop([c for c in left_out if c != event])
    kept = replace(raw, headers=headers, frame=frame)
    declared = {s: _of_fields(raw.declared.get(s), there, first) for s, there in headers.items()}
    return replace(kept, declared={**raw.declared, **declared})


def _is_blank(frame: pl.DataFrame, column: str) -> bool:
    return not (frame[column].fill_null("").str.strip_chars() != "").any()


def _is_state(frame: pl.DataFrame, column: str) -> bool:
    """Whether a column says how far a form is filled in."""
    if not column.casefold().endswith("_complete") and plain(column) not in {"complete?", "complete"}:
        return False
    return {(cell or "").strip().casefold() for cell in frame[column].unique().to_list()} <= _STATES


def _of_fields(declared: Declared | None, headers: Sequence[str], first: Iterable[str]) -> Declared:
    """What is declared of the fields that stay; without a label of its own, a field has the rest of its name as one."""
    known = declared or Declared()
    labels = {header: label for header, label in known.labels.items() if header in headers}
    fields = [header for header in headers if header not in first]
    return replace(known, labels={**rest_of_names(fields), **labels})


def rest_of_names(fields: Sequence[str]) -> Mapping[str, str]:
    """Of fields that all begin alike, up to an underscore, what each goes on with."""
    if len(fields) < 2:
        return {}
    # What the first and the last in order share, all share.
    names = sorted(field.lower() for field in fields)
    shared = "".join(
        a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(names[0], names[-1], strict=False))
    )
    length = shared.rfind("_") + 1
    return {field: field[length:] for field in fields if length > 1 and field[length:]}
