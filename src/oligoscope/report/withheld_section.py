"""Numbers that were asked for and are not given, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from oligoscope.bilingual import Text, join_texts
from oligoscope.printing.blocks import Block, Notice, TableBlock
from oligoscope.printing.table import Cell, Header, Row, Table, left, same, words
from oligoscope.report.estimate_words import (
    group_words,
    level_of,
    outcome_words,
    variable_of,
)
from oligoscope.results.results import Estimate, Results
from oligoscope.results.warnings import OF_CURVES
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

MOST_NAMED = 4  # variables named in one cell


def withheld_section(results: Results) -> Iterator[Block]:
    """Nothing where every number was given."""
    estimates = withheld_estimates(results)
    if not estimates:
        return
    yield Notice(
        "withheld",
        Text(
            "下列结果因数据不足或前提不成立而不给出，原因逐条列明。",
            "These numbers are not given, because the data do not support them; the reason is given beside each.",
        ),
    )
    yield TableBlock(tabulate_withheld(estimates))


def withheld_estimates(results: Results) -> list[Estimate]:
    """Estimates without a value and with a reason; that a curve ends is no reason."""
    return [
        e for e in results.estimates if e.value is None and e.warning and not e.warning.has_only(*OF_CURVES)
    ]


def tabulate_withheld(estimates: Sequence[Estimate]) -> Table:
    """One row for all numbers of one analysis and population that are alike and missing for one reason."""
    rows = sorted(estimates, key=_alike)  # stable: analyses keep their own order inside
    order = {e.analysis: i for i, e in reversed(list(enumerate(estimates)))}
    groups = [tuple(found) for _, found in groupby(rows, key=_alike)]
    groups.sort(key=lambda found: order[found[0].analysis])
    return Table(
        "withheld",
        Text("未给出的结果及原因", "Numbers that are not given, and why"),
        (
            *left(Text("分析与人群", "Analysis and population"), Text("结局与分组", "Outcome and groups")),
            *left(Text("统计量", "Statistic"), Text("涉及", "Of")),
            Header(Text("个数", "Numbers")),
            *left(Text("原因", "Why")),
        ),
        tuple(_row(found) for found in groups),
    )


def _alike(e: Estimate) -> tuple[str, ...]:
    return (e.analysis, e.population, e.outcome, e.group, e.statistic, e.warning)


def _row(found: Sequence[Estimate]) -> Row:
    first = found[0]
    return Row((
        words(_listed(first.analysis.printed, name_of(first.population))),
        words(_listed(outcome_words(first.analysis, first.outcome), group_words(first))),
        words(first.statistic.printed),
        words(_parts(found)),
        Cell(same(str(len(found))), first.key, tuple(e.key for e in found[1:])),
        words(first.warning.printed),
    ))  # fmt: skip


def _parts(found: Sequence[Estimate]) -> Text:
    """The variables and their levels, the first few by name."""
    by_variable: dict[str, list[Estimate]] = {}
    for e in found:
        if e.variable or e.level:
            by_variable.setdefault(e.variable, []).append(e)
    names = [
        join_texts((variable_of(of[0], {}), _listed(*(in_sentence(level_of(e)) for e in of))), "：", ": ")
        for of in by_variable.values()
    ]
    kept = join_texts(names[:MOST_NAMED], "；", "; ")
    if len(names) <= MOST_NAMED:
        return kept
    return Text(f"{kept.zh} 等 {len(names)} 项", f"{kept.en} and others, {len(names)} in all")


def _listed(*texts: Text) -> Text:
    return join_texts(texts, "，", ", ")
