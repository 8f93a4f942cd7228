"""Numbers of patients and lesions that are in their own table only in another spelling: one or two?

A question names no patient: it is copied into mapping.yaml as a comment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.near_identifiers import pairs
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.raw_table import SOURCE
from oligoscope.intake.issues import Issue
from oligoscope.mapping.answers import TakesSpelling
from oligoscope.mapping.question import Question, Seen
from oligoscope.study.dictionary.words import plain
from oligoscope.study.schemas import HOLD_PATIENTS, LESIONS

PATIENT, LESION = "patient_id", "lesion_id"
Spelt = dict[tuple[str, str], str]  # table and number there: the number in its own table


def patients_spelt(seen: Seen) -> Iterator[Question]:
    """One question a file for all its numbers of patients that differ from one of the patients' table in spelling alone."""
    there = [i for i in seen.found_of_study("unknown_patient") if i.patient_id is not None]
    home = next((name for name in HOLD_PATIENTS if name in seen.raw), None)
    if home is None or not there:
        return
    known = {patient for patient, _ in _numbers(seen, home)}
    near = pairs({i.patient_id or "" for i in there}, known)
    of_file: dict[str, list[Issue]] = defaultdict(list)
    for issue in there:
        if len(near[issue.patient_id or ""]) == 1:
            of_file[_file(issue.source)].append(issue)
    what = Text(
        "患者编号在患者表中只有另一种写法",
        "of patients that are in the table of patients in another spelling only",
    )
    # An answer for the whole study, as given before there was one for each file, stays one.
    as_one = len(of_file) == 1 or f"{PATIENT}.spelling" in seen.answers
    for issues in [list(chain.from_iterable(of_file.values()))] if as_one else of_file.values():
        if not issues:
            continue
        spelt: Spelt = {(i.table, i.patient_id or ""): near[i.patient_id or ""][0] for i in issues}
        question = _question(PATIENT, spelt, issues[0], what, Text("是否为同一患者", "the same patients"))
        file = _file(issues[0].source)
        if as_one:
            whole = all(_is_written_otherwise(seen, name, spelt, known) for name in of_file)
            yield replace(question, proposals=("same",) if whole else ())
        else:
            whole = _is_written_otherwise(seen, file, spelt, known)
            yield replace(question, id=f"{PATIENT}.spelling={file}", proposals=("same",) if whole else ())


def _file(source: str) -> str:
    return source.split(" [", 1)[0]


def _is_written_otherwise(seen: Seen, file: str, spelt: Spelt, known: set[str]) -> bool:
    """Whether a file writes all numbers in the other spelling, each of another patient: never 12 and 012 side by side."""
    numbers: set[str] = set()
    for name in {table for table, _ in spelt}:
        frame = seen.raw[name].frame
        header = next(
            (m.headers[0] for m in seen.matches[name].found if m.column.name == PATIENT and m.headers), None
        )
        if header is not None:
            own = frame.filter(pl.col(SOURCE).str.starts_with(file))[header].drop_nulls().unique()
            numbers |= {word for cell in own if (word := clean(cell))}
    theirs = {number: home for (_, number), home in spelt.items()}
    pairs_once = len({theirs[n] for n in numbers & theirs.keys()}) == len(numbers & theirs.keys())
    return bool(numbers) and numbers <= theirs.keys() and not numbers & known and pairs_once


def lesions_spelt(seen: Seen) -> Iterator[Question]:
    """The same of numbers of lesions, each beside the other lesions of its patient."""
    there = [i for i in seen.found_of_study("lesion_undeclared") if i.value is not None]
    if not there or LESIONS.name not in seen.raw:
        return
    of_patient: dict[str, set[str]] = defaultdict(set)
    for patient, lesion in _numbers(seen, LESIONS.name):
        of_patient[patient].add(lesion)
    everywhere = {plain(lesion) for lesion in chain.from_iterable(of_patient.values())}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for issue in there:
        word = issue.value or ""
        near = pairs([word], of_patient[issue.patient_id or ""])[word]
        # A word is read alike for all patients: it must be no number of another one's lesion.
        is_known = plain(word) in everywhere and plain(word) not in map(plain, near)
        found[issue.table, word] |= set() if is_known else set(near)
    spelt: Spelt = {key: next(iter(near)) for key, near in found.items() if len(near) == 1}
    first = next((i for i in there if (i.table, i.value) in spelt), None)
    if first is not None:
        what = Text(
            "病灶编号在病灶表中只有另一种写法",
            "of lesions that are in the table of lesions in another spelling only",
        )
        yield _question(LESION, spelt, first, what, Text("是否为同一病灶", "the same lesions"))


def _numbers(seen: Seen, table: str) -> set[tuple[str, str]]:
    """Patients, and lesions where the table has them, as they are written there."""
    frame = seen.raw[table].frame
    headers = [
        header
        for name in (PATIENT, LESION)
        for match in seen.matches[table].found
        if match.column.name == name
        for header in match.headers[:1]
    ]
    rows = (
        frame.select(pl.col(h).alias(str(i)) for i, h in enumerate(headers)).unique().rows()
        if headers
        else []
    )
    cleaned = ([clean(cell or "") or "" for cell in row] for row in rows)
    return {(row[0], row[1] if len(row) > 1 else "") for row in cleaned if row[0]}


def _question(
    column: str, spelt: Mapping[tuple[str, str], str], first: Issue, what: Text, ask: Text
) -> Question:
    n = len({number for _, number in spelt})
    tables = ", ".join(dict.fromkeys(table for table, _ in spelt))
    how = [way for way in _WAYS if any(_differ(way, a, b) for (_, a), b in spelt.items())]
    zh, en = "、".join(_WAYS[way].zh for way in how), ", ".join(_WAYS[way].en for way in how)
    row = f"{first.source} 第 {first.row} 行"
    return Question(
        f"{column}.spelling",
        Text(
            f"{tables} 中有 {n} 个{what.zh}（{zh}；首见 {row}），{ask.zh}？",
            f"Numbers {what.en}: {n} ({tables}: {en}; first in {first.source}, row {first.row}). Are they {ask.en}?",
        ),
        Text("same（相同）、different（不同）", "same, different"),
        (),
        TakesSpelling(column, tuple((table, number, known) for (table, number), known in spelt.items())),
    )


_WAYS = {
    "case": Text("大小写不同", "capitals"),
    "zeros": Text("前导零不同", "leading zeros"),
    "signs": Text("空格或符号不同", "spaces or signs"),
}


def _differ(way: str, a: str, b: str) -> bool:
    if way == "case":
        return a != b and a.casefold() == b.casefold()
    if way == "zeros":
        return len(re.findall("0", a)) != len(re.findall("0", b))
    return len(re.findall(r"[\W_]", a)) != len(re.findall(r"[\W_]", b))
