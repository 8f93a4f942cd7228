"""Table 1: who the patients are, by group, with the test and the standardised mean difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import (
    bracketed,
    comparison_of,
    count,
    decimal,
    group_header,
    limits_of,
    p_value,
    whole_number,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import (
    are_partners,
    baseline_notes,
    is_matched,
    is_of_several,
    matched_notes,
)
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.printing.test_statistics import StatisticColumn
from oligoscope.printing.titles import titled
from oligoscope.printing.whole_counts import Key, whole_counts
from oligoscope.results.analyses import BALANCE, BASELINE
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import ALL
from oligoscope.study.vocabulary import column_name, name_of

Column = TypeVar("Column")
_MISSING = None  # in place of a level: its row is of the patients without one
MEANS = (
    MethodPart.STUDENT_T,
    MethodPart.WELCH_T,
    MethodPart.ANOVA,
    MethodPart.WELCH_ANOVA,
    MethodPart.WEIGHTED_WALD,
)  # compare means


@dataclass(frozen=True)
class _Source:
    """Where the numbers of one population are found, and the footnotes of the table they are printed in."""

    results: Results
    population: str
    by: str
    notes: Footnotes

    def get(self, **keys: Any) -> Estimate | None:
        return self.results.get(analysis=BASELINE, population=self.population, outcome=self.by, **keys)

    def find(self, **keys: Any) -> list[Estimate]:
        return self.results.find(analysis=BASELINE, population=self.population, outcome=self.by, **keys)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        return tuple(e.group for e in self.find(variable="", statistic=Statistic.N))

    @cached_property
    def comparison(self) -> str:
        return comparison_of(self.find(), self.groups)

    @cached_property
    def is_compared(self) -> bool:
        """Whether there are two groups or more; of one there is neither a test nor a difference."""
        return sum(group != ALL for group in self.groups) > 1

    def tested(self, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """What is in the columns of tests; nothing where groups are not compared."""
        return columns if self.is_compared else ()

    @property
    def headers(self) -> tuple[Header, ...]:
        sizes = self.find(variable="", statistic=Statistic.N)
        weights = (self.get(group=size.group, statistic=Statistic.WEIGHTED_N) for size in sizes)
        groups = (
            group_header(size, weight, self.patients.get(size.key))
            for size, weight in zip(sizes, weights, strict=True)
        )
        return (*groups, *self.tested((*self.statistics.heads(), Header(same("*P*")), Header(same("SMD")))))

    @property
    def rows(self) -> dict[str, dict[str | None, Row]]:
        """Of each variable its rows by level: blank for the variable's own, None for missing values."""
        variables = dict.fromkeys(e.variable for e in self.find() if e.variable)
        return {variable: dict(_variable_rows(self, variable)) for variable in variables}

    @cached_property
    def statistics(self) -> StatisticColumn:
        return StatisticColumn.of(self.find())

    @cached_property
    def patients(self) -> dict[Key, int]:
        """The counts as they are printed: whole, and adding up."""
        return whole_counts([*self.find(statistic=Statistic.N), *self.find(statistic=Statistic.MISSING)])


def tabulate_baseline(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """Baseline characteristics of a population by group, variables in the order reported.

    Categories print n (%) of the patients in whom the variable is known; numbers print mean ± SD
    where a t test compared them and median (Q1, Q3) otherwise. Missing values have their own row.
    """
    source = _Source(results, population, by, Footnotes())
    rows = tuple(row for of_variable in source.rows.values() for row in of_variable.values())
    return Table(
        id=f"baseline_{population}_{by}",
        title=titled(_TITLE, population, by),
        columns=(_CHARACTERISTIC, *source.headers),
        rows=rows,
        notes=_notes(source),
    )


def tabulate_baseline_before_after(
    results: Results, before: str = "progressed", after: str = "matched", by: str = "pattern"
) -> Table:
    """Table 1 before and after matching side by side; a level that occurs on one side only is blank on the other."""
    notes = Footnotes()
    sources = [_Source(results, population, by, notes) for population in (before, after)]
    headers = (
        _side_headers(sources[0].headers, Text("匹配前", "before")),
        _side_headers(sources[1].headers, Text("匹配后", "after")),
    )
    sides = [source.rows for source in sources]
    blanks = [(BLANK,) * len(side) for side in headers]
    rows = [
        row for v in dict.fromkeys(v for side in sides for v in side) for row in _joined(v, sides, blanks)
    ]
    return Table(
        id=f"baseline_before_after_{by}",
        title=titled(_TITLE_OF_BOTH, before, by),
        columns=(_CHARACTERISTIC, *headers[0], *headers[1]),
        rows=tuple(rows),
        notes=_notes(sources[1]),
    )


def _notes(source: _Source) -> tuple[Text, ...]:
    of_matching = (f(source.results, source.population) for f in (matched_notes, baseline_notes))
    has_numbers = any(e.statistic == Statistic.MEAN for e in source.find())
    kinds = (_OF_CATEGORIES, *((_OF_NUMBERS,) if has_numbers else ()), *source.tested((_SMD,)))
    return (*source.notes.notes(), *(note for notes in of_matching for note in notes), *kinds)


def _side_headers(headers: tuple[Header, ...], when: Text) -> tuple[Header, ...]:
    def detail(own: Text | None) -> Text:
        # A space in both languages: Word may break the line there, and so narrow a column that holds only numbers below.
        return when if own is None else Text(f"{when.zh} {own.zh}", f"{when.en} {own.en}")

    return tuple(Header(h.text, detail(h.detail), h.key) for h in headers)


def _joined(
    variable: str, sides: list[dict[str, dict[str | None, Row]]], blanks: list[tuple[Cell, ...]]
) -> Iterator[Row]:
    """Rows of one level side by side; the row of missing values stays last."""
    found = [side.get(variable, {}) for side in sides]
    names = dict.fromkeys(name for rows in found for name in rows)
    for name in sorted(names, key=lambda n: n == _MISSING):
        rows = [side.get(name) for side in found]
        model = next(row for row in rows if row is not None)
        cells = (blank if row is None else row.cells[1:] for row, blank in zip(rows, blanks, strict=True))
        yield Row((model.cells[0], *(c for side in cells for c in side)), model.indent, model.is_heading)


_CHARACTERISTIC = Header(Text("基线特征", "Characteristic"), align="start")
_TITLE = Text(
    "{people}按{groups}分组的基线特征 [例(%)]", "Baseline characteristics of the {people} by {groups} [n (%)]"
)
_TITLE_OF_BOTH = Text(
    "匹配前后按{groups}分组的基线特征 [例(%)]",
    "Baseline characteristics by {groups} before and after matching [n (%)]",
)
_OF_CATEGORIES = Text(
    "分类变量以例（%）表示，百分比以该变量已知者为分母。",
    "Categorical variables are n (%) of the patients in whom the variable is known.",
)
_SMD = Text(
    "SMD：标准化均数差的绝对值；两水平变量只列于变量行。",
    "SMD: absolute standardised mean difference; of a variable with two levels in its own row.",
)
_SMD_IN_SHORT = Text("SMD：标准化均数差的绝对值。", "SMD: absolute standardised mean difference.")


def notes_in_short(notes: Iterable[Text]) -> tuple[Text, ...]:
    """The notes of a table in which a variable with two levels has one row."""
    return tuple(_SMD_IN_SHORT if note == _SMD else note for note in notes)


_OF_NUMBERS = Text(
    "连续变量以均数±标准差或中位数（Q1，Q3）表示；Q1、Q3：第一、第三四分位数。",
    "Continuous variables are mean ± SD or median (Q1, Q3); SD: standard deviation; Q1, Q3: first and third quartile.",
)


def _variable_rows(source: _Source, variable: str) -> Iterator[tuple[str | None, Row]]:
    found = source.find(variable=variable, statistic=Statistic.N)
    levels = list(dict.fromkeys(e.level for e in found if e.level))
    yield "", _head_row(source, variable, has_levels=bool(levels))
    for level in levels:
        yield level, _level_row(source, variable, level)
    missing = [source.get(group=g, variable=variable, statistic=Statistic.MISSING) for g in source.groups]
    if any(e is not None and e.value for e in missing):
        cells = (
            BLANK if e is None or e.value is None else whole_number(e, source.patients.get(e.key))
            for e in missing
        )
        yield (
            _MISSING,
            Row(
                (
                    words(name_of("missing")),
                    *cells,
                    *source.tested((*source.statistics.blanks(), BLANK, BLANK)),
                ),
                indent=1,
            ),
        )


def _head_row(source: _Source, variable: str, *, has_levels: bool) -> Row:
    p = source.get(group=source.comparison, variable=variable, statistic=Statistic.P_VALUE)
    smd = source.get(group=source.comparison, variable=variable, statistic=Statistic.SMD)
    as_mean = p is not None and bool(p.method) and not p.method.without(MethodPart.MEDIAN_P, *MEANS)
    name, middle = words(column_name(variable)), tuple(BLANK for _ in source.groups)
    if not has_levels:
        medians = (source.get(group=g, variable=variable, statistic=Statistic.MEDIAN) for g in source.groups)
        if as_mean or any(e is not None and e.value is not None for e in medians):
            name = words(_with_form(column_name(variable), as_mean))
        middle = tuple(_value_cell(source, variable, group, as_mean) for group in source.groups)
    tested = source.statistics.cells(p, source.notes)
    tests = source.tested((*tested, p_value(p, source.notes), _absolute(smd)))
    return Row((name, *middle, *tests), is_heading=has_levels)


def _with_form(name: Text, as_mean: bool) -> Text:
    if as_mean:
        return Text(f"{name.zh}，均数±标准差", f"{name.en}, mean ± SD")
    return Text(f"{name.zh}，中位数（Q1，Q3）", f"{name.en}, median (Q1, Q3)")


def _value_cell(source: _Source, variable: str, group: str, as_mean: bool) -> Cell:
    mean = source.get(group=group, variable=variable, statistic=Statistic.MEAN)
    sd = source.get(group=group, variable=variable, statistic=Statistic.SD)
    if as_mean and mean is not None and sd is not None:
        text = f"{format_number(mean.value, 1)} ± {format_number(sd.value, 1)}"
        return Cell(Text(text.replace(" ", ""), text), mean.key, (sd.key,))
    median = source.get(group=group, variable=variable, statistic=Statistic.MEDIAN)
    if median is None or median.value is None:
        return Cell(same("–"), median.key if median else None)
    value = format_number(median.value, 1)
    limits = limits_of(median, 1)
    return Cell(each_language(lambda lang: bracketed(value, limits[lang], lang)), median.key)


def _level_row(source: _Source, variable: str, level: str) -> Row:
    def cell(group: str) -> Cell:
        keys = {"group": group, "variable": variable, "level": level}
        n, share = (source.get(**keys, statistic=s) for s in (Statistic.N, Statistic.PERCENT))
        return count(n, share, None if n is None else source.patients.get(n.key))

    smd = _smd_of_level(source, variable, level)
    return Row(
        (
            words(name_of(level)),
            *map(cell, source.groups),
            *source.tested((*source.statistics.blanks(), BLANK, _absolute(smd))),
        ),
        indent=1,
    )


def _smd_of_level(source: _Source, variable: str, level: str) -> Estimate | None:
    """The difference of a level; over several imputations the mean of its absolute values, as the balance is judged.

    Where there are two levels, theirs is that of the variable, whose row has it. After matching it is known of the variables of the score.
    """
    keys: dict[str, Any] = {"group": source.comparison, "variable": variable, "statistic": Statistic.SMD}
    levels, own = [e for e in source.find(**keys) if e.level], source.get(**keys)
    if len(levels) == _TWO or (own is not None and own.value is None):
        return None
    if not is_matched(source.population) or not is_of_several(source.results):
        return source.get(**keys, level=level)
    if not are_partners(source.population, source.by):
        return None
    return source.results.get(
        analysis=BALANCE,
        population=source.population,
        variable=variable,
        level=level,
        statistic=Statistic.SMD_AFTER_ABSOLUTE,
    )


_TWO = 2


def _absolute(smd: Estimate | None) -> Cell:
    """An SMD without its sign: one measure in all tables, and that of the limit."""
    return decimal(smd if smd is None or smd.value is None else replace(smd, value=abs(smd.value)))
