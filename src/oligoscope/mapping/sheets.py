"""Which sheet of which file is which table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import find_column
from oligoscope.intake.files.header_words import PATIENT, may_be_patient
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.scan_headers import scan_header
from oligoscope.intake.files.sheet_choice import Fitness, alike
from oligoscope.intake.files.sheet_names import day_in
from oligoscope.intake.files.sheet_wanted import fitness
from oligoscope.mapping.answers import ALL, TakesSheet
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.question import Confidence, Question
from oligoscope.study.dictionary.sheet_titles import SHEET_TITLES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import ALL_SHEETS, FILE_NAME, SHEET_TITLE, TableSource
from oligoscope.study.schemas import COHORT, LESIONS, MEASUREMENTS, PATIENTS, PROGRESSIONS, TABLES, TableSpec
from oligoscope.study.template.words import sheet_title

_WITHIN_COHORT = {PATIENTS.name, PROGRESSIONS.name}  # whose columns a cohort has, too
_LINKS = {"patient_id", "lesion_id", "reader"}  # columns that several tables share
_MANY = 4  # columns of a table that a sheet must have where the patient's number has an unknown name
_NOTHING_STATED = TableSource(files=())
_NOTHING_NAMED: Mapping[str, str] = {}
_SHOWN = 6  # sheets that a question lists
_FEWEST = 2  # columns of its own that a table must have in a sheet that is not called after it


@dataclass(frozen=True)
class Assigned:
    """A table and its sheets.

    Attributes:
        table: Ours.
        sheets: Where it is.
        confidence: certain: by its title and headers; likely: by its headers alone.
    """

    table: str
    sheets: tuple[FoundSheet, ...]
    confidence: Confidence


def assign(
    sheets: Sequence[FoundSheet], stated: frozenset[str], known: Sequence[Assigned] = ()
) -> tuple[tuple[Assigned, ...], tuple[Question, ...]]:
    """The sheet of each table that is not stated, and a question where several may be meant.

    A sheet of other people fits no table and is left alone; one sheet may serve several tables.

    Args:
        sheets: Of the files.
        stated: Tables that are not looked for.
        known: Those among them whose sheets are known.
    """
    found: list[Assigned] = list(known)
    questions: list[Question] = []
    open_tables = [table for table in TABLES.values() if table.name not in stated]
    for table in open_tables:
        called = tuple(s for s in _called(table, sheets) if not _is_a_visit(table, s, sheets))
        if len({sheet.file for sheet in called}) > 1:
            questions.append(_which(table, called))
        elif called:
            whole = not fitness(called[0].headers, table, _NOTHING_STATED).lacking
            found.append(Assigned(table.name, called[:1], "certain" if whole else "likely"))
    settled = {one.table for one in found} | {str(q.id).removeprefix("table.") for q in questions}
    for table in (t for t in open_tables if t.name not in settled):
        best = _best(table, sheets, found)
        best = (_parts(table, best, sheets, found) if best else ()) or best
        if len(best) > 1:
            _ask(table, best, {}, questions)
        elif best:
            found.append(Assigned(table.name, best, "likely"))
        else:
            parts, named = _named_parts(table, sheets, found)
            if parts:
                _ask(table, parts, named, questions)
    return tuple(found[len(known) :]), tuple(questions)


def sheets_stated(
    table: str, sheets: Sequence[FoundSheet], files: Sequence[str], titles: Sequence[str]
) -> Assigned:
    """The sheets that a study names for a table: by their titles, else those called after the table, else the only one."""
    there = [s for s in sheets if s.file in files]
    named = {plain(title) for title in titles}
    own = [s for s in there if s.sheet is not None and plain(s.sheet) in named]
    if not own and not named - {plain(ALL_SHEETS)}:
        own = there if len(there) == len(files) else list(_called(TABLES[table], there))
    return Assigned(table, tuple(own), "certain")


def _ask(
    table: TableSpec,
    sheets: tuple[FoundSheet, ...],
    named: Mapping[str, str],
    questions: list[Question],
) -> None:
    """One more question; lesions and their measurements in the same sheets are asked about once."""
    for i, asked in enumerate(questions):
        takes = asked.takes
        if not isinstance(takes, TakesSheet) or ALL not in takes.sheets or takes.columns != named:
            continue
        if {s.shown for s in sheets} == takes.sheets.keys() - {ALL}:
            questions[i] = _which(TABLES[takes.table], sheets, named, (*takes.also, table.name))
            return
    questions.append(_which(table, sheets, named))


def _parts(
    table: TableSpec, best: Sequence[FoundSheet], sheets: Sequence[FoundSheet], found: Sequence[Assigned]
) -> tuple[FoundSheet, ...]:
    """The sheets that are alike and so may be parts of the table, among them the one that fits best."""
    able = [s for s in sheets if (own := _own(table, s, found)) is not None and own >= _FEWEST]
    parts = tuple(s for s in able if _is_part(s, best[0]))
    return parts if set(best) <= set(parts) else ()


def _is_part(sheet: FoundSheet, first: FoundSheet) -> bool:
    """Whether two sheets have the same headers, and are of the same instrument of an export where they are of one."""
    return alike(sheet.headers, first.headers) and sheet.instrument == first.instrument


def _named_parts(
    table: TableSpec, sheets: Sequence[FoundSheet], found: Sequence[Assigned]
) -> tuple[tuple[FoundSheet, ...], dict[str, str]]:
    """Sheets that are alike and lack only what their titles, or the names of their files, may say: patient or day."""
    for first in sheets:
        parts = tuple(s for s in sheets if _is_part(s, first))
        if len(parts) < _FEWEST or any(first in a.sheets for a in found):
            continue
        for named in _ways(parts):
            source = TableSource(files=(), columns=dict(named))
            able = (_own(table, part, found, source) for part in parts)
            if all(own is not None and own + 1 >= _FEWEST for own in able):
                return parts, named
    return (), {}


def _ways(parts: Sequence[FoundSheet]) -> Iterator[dict[str, str]]:
    """What titles and names of files may hold: each patient has one, or each day."""
    titles = [part.title for part in parts]
    files = [Path(part.file).stem for part in parts]
    lacks_patient = any(find_column(part.headers, PATIENTS.column(PATIENT)) is None for part in parts)
    days = SHEET_TITLE if all(map(day_in, titles)) else FILE_NAME if all(map(day_in, files)) else None
    if lacks_patient and days != SHEET_TITLE and len({*titles}) == len(parts):
        yield {PATIENT: SHEET_TITLE}
    if lacks_patient and days != FILE_NAME and len({*files}) > 1:
        yield {PATIENT: FILE_NAME}
    if days is not None:
        day = {MEASUREMENTS.column("assessed_on").name: days}
        if not lacks_patient:
            yield day
        yield {PATIENT: FILE_NAME if days == SHEET_TITLE else SHEET_TITLE, **day}


def without_second(found: Sequence[Assigned], stated: Mapping[str, Sequence[str]]) -> tuple[Assigned, ...]:
    """A file of a classified cohort holds its patients and progressions, unless there are lesions: it is no second table of them.

    Args:
        found: The sheet of each table that is not stated.
        stated: The files of each that is.
    """
    files = {one.table: {sheet.file for sheet in one.sheets} for one in found}
    files |= {table: set(names) for table, names in stated.items()}
    cohort = files.get(COHORT.name)
    if cohort is None or {LESIONS.name, MEASUREMENTS.name} & files.keys():
        return tuple(found)
    return tuple(one for one in found if one.table not in _WITHIN_COHORT or files[one.table] != cohort)


def _called(table: TableSpec, sheets: Sequence[FoundSheet]) -> tuple[FoundSheet, ...]:
    """The sheets that are called after a table and have a column of it, the surest title first."""
    names = (
        table.name,
        table.label.zh,
        table.label.en,
        sheet_title(table, "both"),
        *SHEET_TITLES.get(table.name, ()),
    )
    ranks = {plain(name): rank for rank, name in reversed(list(enumerate(names)))}
    called = [(ranks[plain(s.title)], s) for s in sheets if plain(s.title) in ranks and _known(table, s)]
    return tuple(sheet for _, sheet in sorted(called, key=lambda one: one[0]))


def _is_a_visit(table: TableSpec, sheet: FoundSheet, sheets: Sequence[FoundSheet]) -> bool:
    """Whether a sheet called after a table has hardly a column of it, and is one of several that are alike (基线, 第1次, …)."""
    fit = fitness(sheet.headers, table, _NOTHING_STATED)
    poor = bool(fit.lacking) or fit.known <= _FEWEST
    return poor and any(s != sheet and alike(s.headers, sheet.headers) for s in sheets)


def _known(table: TableSpec, sheet: FoundSheet) -> int:
    return fitness(sheet.headers, table, _NOTHING_STATED).known


def _best(
    table: TableSpec, sheets: Sequence[FoundSheet], found: Sequence[Assigned]
) -> tuple[FoundSheet, ...]:
    """The sheets with most columns of the table that no other table has there; none where they are too few."""
    scored = [(own, s) for s in sheets if (own := _own(table, s, found)) is not None and own >= _FEWEST]
    most = max((own for own, _ in scored), default=0)
    return tuple(s for own, s in scored if own == most)


def _own(
    table: TableSpec, sheet: FoundSheet, found: Sequence[Assigned], source: TableSource = _NOTHING_STATED
) -> int | None:
    """How many headers are the table's alone; None where a column that it needs is missing."""
    fit = fitness(sheet.headers, table, source)
    within = _within(sheet, found)
    taken = {
        header_of(sheet.headers, a.table, c.name, source)
        for a in found
        if sheet in a.sheets and not (table == COHORT and a.table in within)
        for c in TABLES[a.table].columns
    }
    scans = sum(_is_scan(h) for h in sheet.headers if h not in taken)
    # The names of lesions may be in the headers of scans.
    in_headers = (
        {"lesion_id", "role"}
        if scans >= _FEWEST and table.name in {LESIONS.name, MEASUREMENTS.name}
        else set()
    )
    if set(fit.lacking) - in_headers - _without_patient(sheet, fit):
        return None
    # A cohort may hold every column of patients; what makes it one are labels and times.
    shared = _LINKS | ({c.name for c in PATIENTS.columns} if table == COHORT else set())
    own = {
        header_of(sheet.headers, table.name, c.name, source) for c in table.columns if c.name not in shared
    }
    n = len(own - taken - {None})
    return n + scans if table.name == MEASUREMENTS.name or in_headers else n


def _within(sheet: FoundSheet, found: Sequence[Assigned]) -> set[str]:
    """The tables that a cohort replaces: where a sheet has labels or times of it, and there are no lesions."""
    has_lesions = any(one.table in {LESIONS.name, MEASUREMENTS.name} for one in found)
    theirs = {c.name for name in _WITHIN_COHORT for c in TABLES[name].columns}
    only = (c.name for c in COHORT.columns if c.name not in theirs)
    has_own = any(header_of(sheet.headers, COHORT.name, name, _NOTHING_STATED) for name in only)
    return _WITHIN_COHORT if has_own and not has_lesions else set()


def _is_scan(header: str) -> bool:
    """Whether a header names a scan and what its cells hold: PDL1 and bl_org name none."""
    found = scan_header(header)
    return found is not None and (found.role == "value" or found.role in _MEASURED)


_MEASURED = {column.name for column in MEASUREMENTS.columns}


def _without_patient(sheet: FoundSheet, fit: Fitness) -> set[str]:
    """The patient's number, where a sheet has many columns of a table and a header that may be it: which one is asked."""
    may_be = any(map(may_be_patient, sheet.headers))
    return {PATIENT} if may_be and fit.known >= _MANY else set()


def _which(
    table: TableSpec,
    sheets: Sequence[FoundSheet],
    named: Mapping[str, str] = _NOTHING_NAMED,
    also: tuple[str, ...] = (),
) -> Question:
    places: dict[str, tuple[tuple[str, ...], str | None]] = {s.shown: ((s.file,), s.sheet) for s in sheets}
    files = tuple(dict.fromkeys(s.file for s in sheets))
    are_parts = all(_is_part(s, sheets[0]) for s in sheets)
    if are_parts:
        titles = {s.sheet for s in sheets}
        places[ALL] = (files, sheets[0].sheet if len(titles) == 1 and len(files) > 1 else ALL_SHEETS)
    tables = [TABLES[name] for name in (table.name, *also)]
    zh, en = "、".join(t.label.zh for t in tables), " and ".join(t.label.en for t in tables)
    names = ", ".join(t.name for t in tables)
    asked = Text(f"哪张表是“{zh}”（{names}）？", f"Which sheet holds {en} ({names})?")
    allowed = Text("、".join(places) + "；- 表示没有", ", ".join(places) + "; - for none")
    if are_parts:
        said = _said_of(named)
        asked = Text(
            f"“{zh}”（{names}）在 {len(sheets)} 张列名相同的表中{said.zh}，是否全部读入？",
            f"{en} ({names}): {len(sheets)} sheets have the same headers{said.en}. Are all of them read?",
        )
        # Titles that are numbers of patients belong to no further file.
        one = ["FILE [TITLE]"] if SHEET_TITLE in named.values() else [s.shown for s in sheets[:_SHOWN]]
        one += ["…"] if len(sheets) > len(one) else []
        allowed = Text(
            f"{ALL}（全部）；或其中一张（{'、'.join(one)}），则其余各表不读入；- 表示没有",
            f"{ALL}; or one of them ({', '.join(one)}), and the others are left out; - for none",
        )
    return Question(
        f"table.{table.name}",
        asked,
        allowed,
        (ALL,) if are_parts and (named or len(files) < len(sheets)) else (),
        TakesSheet(
            table.name,
            places,
            also,
            named,
            {s.shown: s.instrument.edits(table.name) for s in sheets if s.instrument},
        ),
    )


def _said_of(named: Mapping[str, str]) -> Text:
    """What the titles of sheets or the names of files are taken for."""
    zh, en = "", ""
    for ours, place in named.items():
        label = MEASUREMENTS.column(ours).label
        where = (
            Text("表名", "the title of each")
            if place == SHEET_TITLE
            else Text("文件名", "the name of each file")
        )
        zh += f"，{where.zh}为“{label.zh}”"
        en += f", {where.en} is {label.en}"
    return Text(zh, en)
