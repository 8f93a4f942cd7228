"""Table 1: who the patients are, by group, with the test and the standardised mean difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import (
    bracketed,
    comparison_of,
    count,
    decimal,
    group_header,
    interval,
    p_value,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import baseline_notes, matched_notes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_MISSING = None  # in place of a level: its row is of the patients without one
MEANS = (
    MethodPart.STUDENT_T,
    MethodPart.WELCH_T,
    MethodPart.ANOVA,
    MethodPart.WELCH_ANOVA,
    MethodPart.WEIGHTED_WALD,
)  # compare means


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the numbers of one table are found."""

    results: Results
    population: str
    by: str

    def get(self, **keys: Any) -> Estimate | None:
        return self.results.get(analysis=BASELINE, population=self.population, outcome=self.by, **keys)

    def find(self, **keys: Any) -> list[Estimate]:
        return self.results.find(analysis=BASELINE, population=self.population, outcome=self.by, **keys)

    @property
    def decimals(self) -> int:
        """Of the counts: one where they are means over imputations, so that all of them look alike."""
        counts = (
            e.value
            for e in self.find(statistic=Statistic.N)
            if e.value is not None and (e.variable or not e.method)
        )
        return int(any(value != round(value) for value in counts))


def tabulate_baseline(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """Baseline characteristics of a population by group, variables in the order reported.

    Categories print n (%) of the patients in whom the variable is known; numbers print mean ± SD
    where a t test compared them and median (Q1, Q3) otherwise. Missing values have their own row.
    """
    source, notes = _Source(results, population, by), Footnotes()
    sizes = source.find(variable="", statistic=Statistic.N)
    groups = tuple(e.group for e in sizes)
    comparison = comparison_of(source.find(), groups)
    rows = [
        row
        for variable in dict.fromkeys(e.variable for e in source.find() if e.variable)
        for _, row in _variable_rows(source, variable, groups, comparison, notes)
    ]
    return Table(
        id=f"baseline_{population}_{by}",
        title=_title(population, by),
        columns=(
            Header(Text("基线特征", "Characteristic"), align="start"),
            *(
                group_header(size, source.get(group=size.group, statistic=Statistic.WEIGHTED_N))
                for size in sizes
            ),
            Header(same("*P*")),
            Header(same("SMD")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            *matched_notes(results, population),
            *baseline_notes(results, population),
            _ABBREVIATIONS,
        ),
    )


def tabulate_baseline_before_after(
    results: Results, before: str = "progressed", after: str = "matched", by: str = "pattern"
) -> Table:
    """Table 1 before and after matching side by side; a level that occurs on one side only is blank on the other."""
    notes = Footnotes()
    sides = [_side(results, population, by, notes) for population in (before, after)]
    variables = dict.fromkeys(v for side in sides for v in side.rows)
    rows = [row for variable in variables for row in _joined(variable, sides)]
    groups = column_name(by)
    return Table(
        id=f"baseline_before_after_{by}",
        title=Text(
            f"匹配前后按{groups.zh}分组的基线特征 [例(%)]",
            f"Baseline characteristics by {in_sentence(groups).en} before and after matching [n (%)]",
        ),
        columns=(
            Header(Text("基线特征", "Characteristic"), align="start"),
            *_side_headers(sides[0], Text("匹配前", "before")),
            *_side_headers(sides[1], Text("匹配后", "after")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            *matched_notes(results, after),
            *baseline_notes(results, after),
            _ABBREVIATIONS,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One population of the table: its columns, and its rows by variable."""

    headers: tuple[Header, ...]
    rows: dict[str, list[tuple[str | None, Row]]]


def _side(results: Results, population: str, by: str, notes: Footnotes) -> _Side:
    source = _Source(results, population, by)
    sizes = source.find(variable="", statistic=Statistic.N)
    groups = tuple(e.group for e in sizes)
    comparison = comparison_of(source.find(), groups)
    variables = dict.fromkeys(e.variable for e in source.find() if e.variable)
    rows = {v: _variable_rows(source, v, groups, comparison, notes) for v in variables}
    headers = (
        group_header(size, source.get(group=size.group, statistic=Statistic.WEIGHTED_N)) for size in sizes
    )
    return _Side((*headers, Header(same("*P*")), Header(same("SMD"))), rows)


def _side_headers(side: _Side, when: Text) -> tuple[Header, ...]:
    def detail(own: Text | None) -> Text:
        inside = "" if own is None else own.en.strip("()")
        return Text(f"{when.zh}，{inside}", f"{when.en}, {inside}") if inside else when

    return tuple(Header(h.text, detail(h.detail), h.key) for h in side.headers)


def _joined(variable: str, sides: list[_Side]) -> list[Row]:
    """Rows of one level side by side; the row of missing values stays last."""
    found = [dict(side.rows.get(variable, [])) for side in sides]
    names = sorted(dict.fromkeys(name for rows in found for name in rows), key=lambda n: n == _MISSING)

    def cells(side: int, name: str | None) -> tuple[Cell, ...]:
        row = found[side].get(name)
        return row.cells[1:] if row is not None else tuple(BLANK for _ in sides[side].headers)

    rows = []
    for name in names:
        model = found[0].get(name) or found[1][name]
        rows.append(Row((model.cells[0], *cells(0, name), *cells(1, name)), model.indent, model.is_heading))
    return rows


_ABBREVIATIONS = Text(
    "类别变量为例（%），百分比以该变量已知者为分母；数值变量为均数±标准差或中位数（Q1，Q3）。"
    "SMD：标准化均数差；Q1、Q3：第一、第三四分位数。",
    "Categories are n (%) of the patients in whom the variable is known; numbers are mean ± SD or median "
    "(Q1, Q3). SMD: standardised mean difference; SD: standard deviation; Q1, Q3: first and third quartile.",
)


def _title(population: str, by: str) -> Text:
    people, groups = name_of(population), column_name(by)
    return Text(
        f"{people.zh}按{groups.zh}分组的基线特征 [例(%)]",
        f"Baseline characteristics of the {in_sentence(people).en} by {in_sentence(groups).en} [n (%)]",
    )


def _variable_rows(
    source: _Source, variable: str, groups: tuple[str, ...], comparison: str, notes: Footnotes
) -> list[tuple[str | None, Row]]:
    """Rows by level: blank for the variable's own, None for missing values."""
    levels = [e.level for e in source.find(variable=variable, statistic=Statistic.N) if e.level]
    levels = list(dict.fromkeys(levels))
    rows: list[tuple[str | None, Row]] = [
        ("", _head_row(source, variable, groups, comparison, notes, has_levels=bool(levels)))
    ]
    rows += [(level, _level_row(source, variable, level, groups, comparison)) for level in levels]
    return rows + [(_MISSING, row) for row in _missing_row(source, variable, groups)]


def _head_row(
    source: _Source,
    variable: str,
    groups: tuple[str, ...],
    comparison: str,
    notes: Footnotes,
    *,
    has_levels: bool,
) -> Row:
    p = source.get(group=comparison, variable=variable, statistic=Statistic.P_VALUE)
    smd = source.get(group=comparison, variable=variable, statistic=Statistic.SMD)
    as_mean = p is not None and bool(p.method) and not p.method.without(MethodPart.MEDIAN_P, *MEANS)
    name, middle = words(column_name(variable)), tuple(BLANK for _ in groups)
    if not has_levels:
        name = words(_with_form(column_name(variable), as_mean))
        middle = tuple(_value_cell(source, variable, group, as_mean) for group in groups)
    return Row((name, *middle, p_value(p, notes), decimal(smd, 3)), is_heading=has_levels)


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
    return Cell(
        each_language(lambda lang: bracketed(value, interval(median.low, median.high, 1, lang), lang)),
        median.key,
    )


def _level_row(source: _Source, variable: str, level: str, groups: tuple[str, ...], comparison: str) -> Row:
    decimals = source.decimals

    def cell(group: str) -> Cell:
        keys = {"group": group, "variable": variable, "level": level}
        return count(
            source.get(**keys, statistic=Statistic.N),
            source.get(**keys, statistic=Statistic.PERCENT),
            decimals,
        )

    smd = source.get(group=comparison, variable=variable, level=level, statistic=Statistic.SMD)
    return Row((words(name_of(level)), *map(cell, groups), BLANK, decimal(smd, 3)), indent=1)


def _missing_row(source: _Source, variable: str, groups: tuple[str, ...]) -> list[Row]:
    missing = [source.get(group=g, variable=variable, statistic=Statistic.MISSING) for g in groups]
    if not any(e is not None and e.value for e in missing):
        return []
    cells = [
        BLANK if e is None or e.value is None else Cell(same(format_number(e.value, 0)), e.key)
        for e in missing
    ]
    return [Row((words(name_of("missing")), *cells, BLANK, BLANK), indent=1)]
