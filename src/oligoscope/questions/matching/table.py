"""Balance before and after matching: standardised differences of every level, variance ratios, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import STYLES, format_number, join_limits
from oligoscope.printing.cells import bracketed, count_text, decimal
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import is_of_several, not_judged, not_judged_note
from oligoscope.printing.method_texts import matching_words
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.results.analyses import BALANCE, MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, of_balance_not_judged, of_missed_balance
from oligoscope.study.keys import level_name
from oligoscope.study.vocabulary import column_name, name_of

COLUMNS: dict[Statistic, tuple[Text, Text]] = {
    Statistic.SMD_BEFORE: (Text("匹配前 |SMD|", "|SMD| before"), Text("", "")),
    Statistic.SMD_AFTER_ABSOLUTE: (Text("匹配后 |SMD|", "|SMD| after"), Text("均值", "mean")),
    Statistic.SMD_AFTER_MAXIMUM: (Text("匹配后 |SMD|", "|SMD| after"), Text("最大值", "largest")),
    Statistic.VARIANCE_RATIO_BEFORE: (Text("方差比", "Variance ratio"), Text("匹配前", "before")),
    Statistic.VARIANCE_RATIO_AFTER: (Text("方差比", "Variance ratio"), Text("匹配后", "after")),
}
_JUDGED = {Statistic.SMD_BEFORE, Statistic.SMD_AFTER_ABSOLUTE, Statistic.SMD_AFTER_MAXIMUM}


def tabulate_balance(results: Results, limit: float, further: Text | None = None) -> Table:
    """A heading a variable, a row a level; below them the pairs, the largest differences and the verdict.

    Args:
        results: With analyses "balance" and "matching".
        limit: The protocol's balance_limit; values above it are marked.
        further: A last note.
    """
    found, notes = results.find(analysis=BALANCE), Footnotes()
    columns = tuple(c for c in COLUMNS if any(e.statistic == c for e in found))
    judged = _JUDGED if not not_judged(results) else {Statistic.SMD_BEFORE}
    limits = {c: limit for c in columns if c in judged}
    rows = [_row(found, variable, level, columns, limits, notes) for variable, level in _order(found)]
    return Table(
        id="balance",
        title=Text(
            f"匹配前后各变量的均衡性（限值：|SMD|≤{limit:g}）",
            f"Balance before and after matching (limit: |SMD| ≤{limit:g})",
        ),
        columns=(
            Header(Text("变量与水平", "Variable and level"), align="start"),
            *(Header(COLUMNS[c][0], COLUMNS[c][1] if COLUMNS[c][1].en else None) for c in columns),
        ),
        rows=(*rows, *_verdict_rows(results, columns, notes)),
        notes=(
            *notes.notes(),
            *_choice(results),
            *_values(results),
            *not_judged_note(results),
            *(() if further is None else (further,)),
        ),
    )


def _values(results: Results) -> tuple[Text, ...]:
    """What the differences are and, of completed data, that they are of completed values."""
    several = is_of_several(results)
    verdict = Text("", "") if not_judged(results) else _BY_MEAN if several else _BY_LARGEST
    has_ratios = any(
        e.statistic in {Statistic.VARIANCE_RATIO_BEFORE, Statistic.VARIANCE_RATIO_AFTER}
        for e in results.find(analysis=BALANCE)
    )
    ratios = _VARIANCE_RATIOS if has_ratios else Text("", "")
    filled = (_NOTE if several else _NOTE_OF_ONE).filled(verdict=verdict, ratios=ratios)
    note = Text(filled.zh, filled.en.rstrip())
    return (note, _COMPLETED) if several else (note,)


_VARIANCE_RATIOS = Text(
    "方差比为第一组比第二组，仅适用于连续变量。",
    "Variance ratios, first group over second, exist for continuous variables only.",
)
_BY_MEAN = Text("；判定看各水平的均数中最大者", "; the verdict uses the largest mean of any level")
_BY_LARGEST = Text("判定看各水平中最大者。", "The verdict uses the largest of any level. ")


_COMPLETED = Text(
    "匹配前的 |SMD| 也取自插补后的数据，故有缺失的变量与基线特征表（只含已知值）不同。",
    "|SMD| before matching is of the imputed data, too, so that that of incomplete variables differs from the table of baseline "
    "characteristics, which holds known values only.",
)
_NOTE = Text(
    "|SMD|：标准化均数差（两组之差除以匹配前的合并标准差）的绝对值；变量行为所有水平合计的距离，不参与判定。"
    "匹配后为各插补数据集绝对值的均数与最大值{verdict}。{ratios}",
    "|SMD|: absolute standardised mean difference (over the pooled SD before matching). A variable's own row "
    "is the distance over all its levels and is not judged. After matching: mean and largest of the "
    "absolute values over the imputations{verdict}. {ratios}",
)


_NOTE_OF_ONE = Text(
    "|SMD|：标准化均数差（两组之差除以匹配前的合并标准差）的绝对值；变量行为所有水平合计的距离，不参与判定。"
    "{verdict}{ratios}",
    "|SMD|: absolute standardised mean difference (over the pooled SD before matching). A variable's own row "
    "is the distance over all its levels and is not judged. {verdict}{ratios}",
)


def _order(found: list[Estimate]) -> list[tuple[str, str]]:
    """The variable's own row first, then its levels."""
    variables = dict.fromkeys(e.variable for e in found)
    levels = {v: dict.fromkeys(e.level for e in found if e.variable == v and e.level) for v in variables}
    return [(v, level) for v in variables for level in ("", *levels[v])]


def _row(
    found: list[Estimate],
    variable: str,
    level: str,
    columns: tuple[Statistic, ...],
    limits: Mapping[Statistic, float],
    notes: Footnotes,
) -> Row:
    here = {e.statistic: e for e in found if (e.variable, e.level) == (variable, level)}
    has_levels = any(e.variable == variable and e.level for e in found)
    is_judged = bool(level) or not has_levels
    cells = (_cell(here.get(c), limits.get(c) if is_judged else None, notes) for c in columns)
    name = name_of(level) if level else column_name(variable)
    return Row((words(name), *cells), indent=1 if level else 0, is_heading=not level and has_levels)


def _cell(estimate: Estimate | None, limit: float | None, notes: Footnotes) -> Cell:
    if estimate is not None and estimate.value is not None and estimate.statistic in _JUDGED:
        estimate = replace(estimate, value=abs(estimate.value))
    cell = decimal(estimate)
    if estimate is None or estimate.value is None or limit is None or estimate.value <= limit:
        return cell
    decimals = estimate.statistic.decimals  # with 3 of them 0.1004 is printed as 0.100
    looks_equal = format_number(estimate.value, decimals) == format_number(limit, decimals)
    rounded = Text("（取整前）", " before it was rounded") if looks_equal else Text("", "")
    mark = notes.mark(Text(f"超过限值 {limit:g}{rounded.zh}", f"above the limit of {limit:g}{rounded.en}"))
    return Cell(cell.text, cell.key, mark=mark)


def _verdict_rows(results: Results, columns: tuple[Statistic, ...], notes: Footnotes) -> list[Row]:
    """Pairs, and the differences that the gate judges; the cell is in the first column after matching."""
    found = [e for e in results.find(analysis=MATCHING) if not e.variable]
    place = {column: i for i, column in enumerate(columns)}
    at = {
        Statistic.LARGEST_SMD: place.get(Statistic.SMD_AFTER_ABSOLUTE, 1),
        Statistic.MAXIMUM_SMD: place.get(Statistic.SMD_AFTER_MAXIMUM, 1),
        Statistic.N_PAIRS: 0,
    }
    rows: list[Row] = []
    for statistic, column in at.items():
        estimate = next((e for e in found if e.statistic == statistic), None)
        if estimate is None or (statistic == Statistic.MAXIMUM_SMD and not_judged(results)):
            continue
        cell = _pairs(estimate, notes) if statistic == Statistic.N_PAIRS else _smd(estimate, notes)
        cells = [cell if i == column else BLANK for i in range(len(columns))]
        name = words(_verdict_name(estimate, several=is_of_several(results)))
        rows.append(Row((name, *cells), is_heading=statistic == Statistic.LARGEST_SMD))
    return rows


def _verdict_name(estimate: Estimate, *, several: bool) -> Text:
    if estimate.statistic == Statistic.N_PAIRS:
        if not several:
            return Text("配对数", "Pairs")
        return Text("配对数（各插补的均数与范围）", "Pairs (mean and range over imputations)")
    name = level_name(estimate.level)
    if estimate.statistic == Statistic.MAXIMUM_SMD:
        if not several:
            return Text(f"最大 |SMD|：{name.zh}", f"Largest |SMD|: {name.en}")
        return Text(f"任一插补中的最大 |SMD|：{name.zh}", f"Largest |SMD| in any imputation: {name.en}")
    if estimate.value is None or of_balance_not_judged(estimate.warning):
        return Text("均衡性判定", "Verdict on balance")
    missed = of_missed_balance(estimate.warning)
    verdict = Text("未达到均衡", "balance missed") if missed else Text("达到均衡", "balanced")
    mean = Text("均值最大", "largest mean") if several else Text("最大", "largest")
    return Text(
        f"判定：{verdict.zh}（{mean.zh}的水平：{name.zh}）", f"Verdict: {verdict.en} ({mean.en}: {name.en})"
    )


def _smd(estimate: Estimate, notes: Footnotes) -> Cell:
    if estimate.value is not None and (few := of_balance_not_judged(estimate.warning)):
        return Cell(Text("不判断", "not judged"), estimate.key, mark=notes.mark(few.printed))
    mark = "" if estimate.value is not None else notes.withheld(estimate)
    for part in estimate.warning.parts:
        if part.code is WarningCode.VERDICT_BY_DRAWS:
            mark = notes.mark(part.printed)
    return Cell(decimal(estimate).text, estimate.key, mark=mark)


def _pairs(estimate: Estimate, notes: Footnotes) -> Cell:
    if estimate.value is None:
        return Cell(same("–"), estimate.key, mark=notes.withheld(estimate))
    value, low, high = estimate.value, estimate.low, estimate.high
    mark = notes.care(estimate)
    if low is None or high is None or low == high:
        return Cell(same(count_text(value)), estimate.key, mark=mark)

    def spread(language: str) -> str:
        style = STYLES[language]
        return join_limits(format_number(low, 0, style), format_number(high, 0, style), style)

    text = each_language(lambda lang: bracketed(count_text(value), spread(lang), lang))
    return Cell(text, estimate.key, mark=mark)


def _choice(results: Results) -> tuple[Text, ...]:
    """How it was matched and, where the gate failed, which other matching was found to balance better."""
    found = results.find(analysis=MATCHING)
    pairs = next((e for e in found if e.statistic == Statistic.N_PAIRS), None)
    made = [] if pairs is None or not pairs.method else [matching_words(pairs.method)]
    notes = [Text(f"匹配方法：{w.zh}。", f"Matching: {w.en}.") for w in made]
    better = next((e for e in found if e.variable == "next_better_choice"), None)
    if better is not None and better.value is not None:
        notes.append(_advice(better))
    return tuple(notes)


def _advice(better: Estimate) -> Text:
    """Another choice, found without looking at any outcome."""
    w, value, n = matching_words(better.method), format_number(better.value, 3), better.n
    rest = better.warning.printed
    missed = Text(f"，且{rest.zh}", f", though {rest.en}") if better.warning else Text("", "")
    return Text(
        f"未参考任何结局而试得的更好选择：{w.zh}（平均 {n} 对，最大的平均 |SMD| 为 {value}{missed.zh}）；本报告仍用原定方法。",
        f"A better choice found without looking at any outcome: {w.en} ({Count(n):pair|pairs} on average, largest mean |SMD| {value}"
        f"{missed.en}); this report keeps the choice set beforehand.",
    )
