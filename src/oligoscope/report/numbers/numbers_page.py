"""The page of numbers as a value: every row of results.csv by analysis, and the patients each is made from.

As many patients must be found in the files of the run as the number says.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.questions.registry import QUESTIONS
from oligoscope.report.estimate_words import (
    group_words,
    level_of,
    outcome_words,
    rule_words,
    variable_of,
)
from oligoscope.report.html.html import FIRST_ROW
from oligoscope.report.numbers.patients_found import LISTED_WHOLE, Members, PatientFiles
from oligoscope.results.analyses import Analysis
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate, Results
from oligoscope.results.selection import Selection
from oligoscope.results.units import Unit
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One row of results.csv.

    Attributes:
        row: Its number, as a spreadsheet counts.
        estimate: The number with its keys.
        value, low, high: As they are stored, digit by digit.
        patients: Those it is made from, as far as the files confirm it.
        group, variable, level, method, warning: In words.
    """

    row: int
    estimate: Estimate
    value: str
    low: str
    high: str
    patients: MadeFrom
    group: Text
    variable: Text
    level: Text
    method: Text
    warning: Text


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Rows of one analysis, population and outcome."""

    analysis: Analysis
    population: str
    outcome: str
    rows: tuple[NumberRow, ...]

    @property
    def title(self) -> Text:
        """Population and outcome in words."""
        people = name_of(self.population)
        if not self.outcome:
            return people
        outcome = in_sentence(outcome_words(self.analysis, self.outcome))
        return Text(f"{people.zh}：{outcome.zh}", f"{people.en}: {outcome.en}")


@dataclass(frozen=True, slots=True)
class PatientSet:
    """Patients whom numbers are made from.

    Attributes:
        number: What links lead to.
        selection: The condition.
        condition: As it is printed; blank where every patient is meant.
        words: The same as a list of names.
        members: Who they are.
        size: How many, as it is printed; after matching the mean over the imputations, in whole patients.
        same_as: Number of an earlier set with the same patients, who are listed there.
    """

    number: int
    selection: Selection
    condition: str
    words: Text
    members: Members
    size: str
    same_as: int | None = None


@dataclass(frozen=True)
class NumbersPage:
    """Everything the page says; the writer adds the words."""

    title: Text
    synthetic: bool
    tables: tuple[NumberTable, ...]
    sets: tuple[PatientSet, ...]

    def analyses(self) -> Iterator[tuple[Analysis, Text, tuple[NumberTable, ...]]]:
        """Each analysis with its tables, in the order of the report."""
        for analysis in dict.fromkeys(t.analysis for t in self.tables):
            found = tuple(t for t in self.tables if t.analysis == analysis)
            yield analysis, analysis.printed, found

    @cached_property
    def places(self) -> Mapping[Selection, PatientSet]:
        """The set of each selection."""
        return {s.selection: s for s in self.sets}

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons that are given anywhere."""
        given = {r for t in self.tables for row in t.rows for r in row.patients.reasons}
        return tuple(reason for reason in Reason if reason in given)


def build_numbers_page(protocol: Protocol, results: Results, files: PatientFiles) -> NumbersPage:
    """Trace every number of a run to its patients.

    Args:
        protocol: The settings that ran.
        results: What was reported.
        files: The patients of the run.
    """
    traced = trace_patients(results, files)
    tables = tuple(_tables(_rows(results, traced, rule_words(protocol))))
    title = protocol.study.title.printed
    return NumbersPage(
        Text(f"数字与患者：{title.zh}", f"Numbers and patients: {title.en}"),
        protocol.study.synthetic,
        tables,
        tuple(_sets(tables, traced)),
    )


def _rows(results: Results, traced: Traced, rules: Mapping[str, Text]) -> Iterator[NumberRow]:
    stored = io.BytesIO()
    results.frame().select("value", "low", "high").write_csv(stored)
    cells = pl.read_csv(stored.getvalue(), infer_schema=False).fill_null("")
    numbered = enumerate(
        zip(results.estimates, cells.iter_rows(), traced.made_from, strict=True), start=FIRST_ROW
    )
    for row, (estimate, (value, low, high), patients) in numbered:
        yield NumberRow(
            row, estimate, value, low, high, patients,
            group_words(estimate), variable_of(estimate, rules), level_of(estimate),
            estimate.method.printed, estimate.warning.printed,
        )  # fmt: skip


def _tables(rows: Iterable[NumberRow]) -> Iterator[NumberTable]:
    """Rows of the same analysis, population and outcome together, analyses in the order of the report."""
    groups: dict[tuple[Analysis, str, str], list[NumberRow]] = {}
    for row in rows:
        e = row.estimate
        groups.setdefault((e.analysis, e.population, e.outcome), []).append(row)
    order = [question.kind for question in QUESTIONS]
    for keys in sorted(groups, key=lambda k: order.index(k[0])):
        yield NumberTable(*keys, tuple(groups[keys]))


def _sets(tables: Iterable[NumberTable], traced: Traced) -> Iterator[PatientSet]:
    """The sets in the order in which they are first needed; patients listed once are not listed again."""
    used = dict.fromkeys(s for t in tables for row in t.rows for s in row.patients.selections())
    listed: dict[Members, int] = {}
    for number, selection in enumerate((s for s in used if traced.members[s].n_different), start=1):
        members = traced.members[selection]
        whole = members.n_different <= LISTED_WHOLE
        same_as = listed.get(members) if whole else None
        size = format_number(fmean(members.counts), 0)
        yield PatientSet(number, selection, selection.text(), selection.words(), members, size, same_as)
        if whole:
            listed.setdefault(members, number)


# Of these the patients found are fewer than n on purpose, and the page says so.
NOT_ALL_FOUND = {Reason.QUARANTINED}


@dataclass(frozen=True)
class Traced:
    """Of every estimate the patients it is made from, and the members of each selection."""

    made_from: tuple[MadeFrom, ...]
    members: Mapping[Selection, Members]


def trace_patients(results: Results, files: PatientFiles) -> Traced:
    """Find the patients of every estimate; where the files do not confirm them, name none and say why."""
    lacking: dict[Selection, bool] = {}
    named = [_named(e, files, lacking) for e in results.estimates]
    members = files.find(selection for selection, is_lacking in lacking.items() if not is_lacking)
    checked = tuple(_checked(e, m, members) for e, m in zip(results.estimates, named, strict=True))
    return Traced(checked, members)


def _named(estimate: Estimate, files: PatientFiles, lacking: dict[Selection, bool]) -> MadeFrom:
    """What an estimate is made from, where everything was written; `lacking` gathers the selections that were judged."""
    found = estimate.patients
    if found is None:
        return MadeFrom(reasons=(Reason.NOT_SAVED,))
    for selection in found.selections():
        if selection not in lacking:
            no_pairs = selection.matched and files.pairs is None
            lacking[selection] = no_pairs or bool(files.lacking(selection.terms()))
        if lacking[selection]:
            return MadeFrom(reasons=(Reason.NOT_WRITTEN,))
    return found


def _checked(estimate: Estimate, made: MadeFrom, members: Mapping[Selection, Members]) -> MadeFrom:
    """What was found must be n, and what is counted the value, unless a reason says why not."""
    if made.patients is None:
        return made
    here, reasons = members[made.at_risk or made.patients], made.reasons
    if estimate.n is None:
        reasons = reasons or (Reason.NO_N,)
    elif size_of(here, smallest=Reason.FEWEST in reasons) != estimate.n and not NOT_ALL_FOUND & set(reasons):
        some = made.patients.matched and here.counts
        if not (some and min(here.counts) <= estimate.n <= max(here.counts)):
            return MadeFrom(reasons=(Reason.NOT_EQUAL,))
        reasons = (*(r for r in reasons if r is not Reason.MEAN), Reason.SOME)
    made = replace(made, reasons=reasons)
    if made.counted is None or estimate.value is None:
        return replace(made, counted=None)
    if Reason.MATCHING_WEIGHTS in reasons or _is_value(estimate, made, members):
        return made
    return replace(made, counted=None, reasons=(*reasons, Reason.NOT_COUNTED))


def size_of(found: Members, *, smallest: bool = False) -> int:
    """Patients found; of several imputations the rounded mean, as n is, or the fewest."""
    if not found.counts:
        return 0
    return min(found.counts) if smallest else round(fmean(found.counts))


def _is_value(estimate: Estimate, made: MadeFrom, members: Mapping[Selection, Members]) -> bool:
    """Whether the patients counted make the value: their number, or their share of those of n."""
    if made.counted is None or made.patients is None or estimate.value is None:
        return False
    counted, out_of = members[made.counted].counts, members[made.patients].counts
    if not counted:
        return estimate.value == 0
    if estimate.unit != Unit.PERCENT:
        return abs(fmean(counted) - estimate.value) < 1e-6
    shares = [100 * k / n for k, n in zip(counted, out_of, strict=True) if n]
    return bool(shares) and abs(fmean(shares) - estimate.value) < 1e-6
