"""Each table as it is read: every header of the user's, with what it was taken for, and what is lost without a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Match, all_listed
from oligoscope.intake.files.header_words import known_header
from oligoscope.intake.files.raw_table import INTERNAL, RawTable
from oligoscope.mapping.question import Seen
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_reader, plain
from oligoscope.study.schemas import TABLES, day_name

_SAMPLES, _WORDS = 6, 60


def tables_seen(seen: Seen) -> list[dict[str, Any]]:
    """The tables in the order of the dictionary, in both languages.

    Of each: `table`, `label`, `sources`, `columns` (theirs) and `ours` (the columns it may have, with what each decides, what
    is lost without it, and the header it is read from). Numbers of patients and days of birth are not among the samples.
    """
    return [_table(name, seen) for name in TABLES if name in seen.raw]


def _table(name: str, seen: Seen) -> dict[str, Any]:
    raw, found = seen.raw[name], seen.matches[name]
    by_header = {header: match for match in found.found for header in match.headers}
    stated = seen.stated.get(name) or {}
    set_by_hand = {plain(header) for header in all_listed(stated.get("columns") or {})}
    left_out = {issue.column for issue in seen.found("identifier_left_out") if issue.table == name}
    wide = {shape.source for shape in raw.shapes if shape.wide.en}
    theirs = [
        _theirs(header, raw, by_header.get(header), set_by_hand, left_out)
        for header in raw.columns
        if header not in INTERNAL and header in raw.frame.columns
    ]
    spec = TABLES[name]
    read = {match.column.name: match.shown for match in found.found}
    return {
        "table": name,
        "label": {"zh": spec.label.zh, "en": spec.label.en},
        "sources": list(raw.headers),
        "n": raw.frame.height,
        "wide": bool(wide),
        "extra": spec.extra_columns,
        "standard": seen.is_of_standard(name),
        "columns": theirs,
        "ours": [_ours(column, read) for column in spec.columns],
    }


def _theirs(
    header: str, raw: RawTable, match: Match | None, set_by_hand: set[str], left_out: set[str]
) -> dict[str, Any]:
    cells = [word for cell in raw.frame[header].drop_nulls().to_list() if (word := clean(cell)) is not None]
    ours = {name for column in TABLES[raw.name].columns for name in (column.name, day_name(column.name))}
    column = None if match is None or match.column.name not in ours else match.column
    if header in left_out:
        confidence = "identifier"
    elif column is None:
        confidence = "none"
    elif plain(header) in set_by_hand:
        confidence = "stated"
    else:
        confidence = "certain" if known_header(header) else "likely"
    hidden = header in left_out or (column is not None and _is_hidden(column))
    counts = Counter(cells)
    return {
        "header": header,
        "n": len(cells),
        "distinct": len(counts),
        "ours": None if column is None else column.name,
        "confidence": confidence,
        "hidden": hidden,
        "samples": [] if hidden else list(counts)[:_SAMPLES],
        "words": [] if hidden or column is None else list(_words(column, counts)),
    }


def _is_hidden(column: Variable) -> bool:
    """The number of a patient and the day of birth belong to no further file."""
    return column.kind == "id" or column.name == "birth_date"


def _words(column: Variable, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """The different words of a column of levels, how often each is there, and what it was read as."""
    if not column.levels and column.kind != "boolean":
        return
    read = level_reader(column) if column.levels else None
    for word, n in sorted(counts.items(), key=lambda one: -one[1])[:_WORDS]:
        level = read(word) if read is not None else None
        missing = level is None and means_missing(column, plain(word))
        yield {"word": word, "n": n, "level": level, "missing": missing}


def _ours(column: Variable, read: Mapping[str, str]) -> dict[str, Any]:
    name = next((n for n in (column.name, day_name(column.name)) if n in read), None)
    return {
        "name": column.name,
        "label": {"zh": column.label.zh, "en": column.label.en},
        "required": column.required,
        "read_from": None if name is None else read[name],
        "decides": _both(column.decides),
        "lost": _both(column.lost_without),
        "levels": {str(level.word): {"zh": level.name.zh, "en": level.name.en} for level in column.levels},
    }


def _both(text: Any) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
