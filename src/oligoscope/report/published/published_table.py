"""Published against reproduced: a paper's printed numbers beside ours, with difference, verdict and reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from oligoscope.bilingual import Language, Text, join_texts
from oligoscope.number_format import ENGLISH as AS_PRINTED
from oligoscope.number_format import MISSING, STYLES, NumberStyle, format_number, format_p
from oligoscope.printing.blocks import Block, Paragraph, TableBlock
from oligoscope.printing.cells import bracketed, interval
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, left, same, words
from oligoscope.published.comparison import Compared, agreement, compare_published
from oligoscope.published.paper import Published, Tolerance, ToleranceKind, published_papers, read_published
from oligoscope.report.published.negative_controls_table import negative_controls
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.study.dictionary.reported import LOG_RANK, OBJECTIVE_RESPONSE, ORGAN, SAME_ORGAN
from oligoscope.study.keys import ALL, VERSUS, is_comparison, parts_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of

VERDICTS: dict[str, Text] = {
    "within": Text("符合", "Within"),
    "outside": Text("超出", "Outside"),
    "not_reproduced": Text("未再现", "Not reproduced"),
}
_TOLERANCES: dict[ToleranceKind, Text] = {
    "absolute": Text("绝对差", "absolute"),
    "factor": Text("倍数", "factor"),
    "same_side_of": Text("同侧", "same side of"),
}
_STATISTICS: dict[str, Text] = {
    Statistic.N: Text("例数", "Patients"),
    Statistic.PERCENT: Text("百分比/%", "Percentage"),
    Statistic.PERCENT_OF_ALL: Text("占全部患者的百分比/%", "Percentage of all patients"),
    Statistic.N_PERCENT: Text("占寡进展患者的百分比/%", "Percentage of oligoprogression"),
    Statistic.MEDIAN: Text("中位数/月", "Median, months"),
    Statistic.MEDIAN_PLAIN: Text("中位数/月（plain 法置信限）", "Median, months (plain limits)"),
    Statistic.HAZARD_RATIO: Text("风险比", "Hazard ratio"),
    Statistic.ODDS_RATIO_UNIVARIABLE: Text("单因素比值比", "Crude odds ratio"),
    Statistic.P_VALUE: Text("*P* 值", "*P*"),
    Statistic.P_VALUE_UNIVARIABLE: Text("单因素 *P* 值", "Univariable *P*"),
}
_WHAT: dict[str, Text] = {
    "flow": Text("筛选流程", "Flow"),
    "baseline": Text("基线", "Baseline"),
    **{v.name: v.label for v in (OBJECTIVE_RESPONSE, SAME_ORGAN, ORGAN, LOG_RANK)},
}
_HIDDEN = frozenset({"pattern", "best_response", "survival", "sites", "predictors", "response_rate", ""})
_WORST = ("within", "outside", "not_reproduced")


def tabulate_published(rows: Sequence[Compared], published: Published, *, only_missed: bool = False) -> Table:
    """One row a printed number with its limits.

    Args:
        rows: Of `compare_published`, or some of them.
        published: The paper.
        only_missed: Leave out numbers that lie within their tolerance with both limits.
    """
    numbers = [tuple(found) for _, found in groupby(rows, key=lambda r: r.printed.estimate.key)]
    if only_missed:
        numbers = [found for found in numbers if _verdict(found) != "within"]
    notes = (_WITHOUT_BASELINE, *_NOTES) if only_missed else _NOTES
    return Table(
        "published_missed" if only_missed else "published",
        _TITLE_MISSED if only_missed else _TITLE,
        (
            *left(Text("论文章节", "Section"), Text("数字", "Number")),
            Header(Text("论文", "Published")),
            Header(Text("本次", "Ours")),
            Header(Text("差值", "Difference")),
            *left(Text("容差", "Tolerance"), Text("判定", "Verdict")),
            *left(Text("原因，及论文自身的问题", "Reason, and what is wrong in the paper")),
        ),
        tuple(_row(found, published) for found in numbers),
        notes,
    )


_TITLE = Text("论文数字与再现结果", "Published against reproduced")
_TITLE_MISSED = Text("不在容差内的数字", "Numbers not within tolerance")
_WITHOUT_BASELINE = Text(
    "本表不含论文的基线特征表。", "The paper's table of baseline characteristics is left out of this table."
)
_NOTES = (
    Text(
        "括号内为 95% 置信区间；差值为本次减论文。容差：绝对差以该数的单位计；倍数指乘以或除以该数；同侧指 *P* 值位于该界值的同一侧；"
        "置信限与其数字同一容差。",
        "Brackets hold 95% limits; the difference is ours less the printed number. Tolerance: absolute, in the unit of the "
        "number; factor, times or divided by it; same side of, *P* on the same side of that limit; limits share the "
        "tolerance of their number.",
    ),
)  # fmt: skip


def _row(found: Sequence[Compared], published: Published) -> Row:
    first = found[0]
    section = first.printed.section
    name = published.sections.get(section, same(section))
    verdict = _verdict(found)
    return Row((
        words(name if section.startswith("Table") else Text(f"{section} {name.zh}", f"{section} {name.en}")),
        words(_name(first.printed.estimate)),
        words(_theirs(found)),
        _ours(found),
        words(_difference(first)),
        words(tolerance_words(first.printed.tolerance)),
        words(VERDICTS[verdict]),
        words(_remarks(found)) if verdict != "within" or first.printed.known_problem else BLANK,
    ))  # fmt: skip


def tolerance_words(tolerance: Tolerance) -> Text:
    """`factor 1.1`: how far ours may lie from the printed number."""
    name, size = _TOLERANCES[tolerance.kind], f"{tolerance.size:g}"
    return Text(f"{name.zh} {size}", f"{name.en} {size}")


def _verdict(found: Iterable[Compared]) -> str:
    """The worst of a number and its limits."""
    return max((row.verdict for row in found), key=_WORST.index)


def _name(e: Estimate) -> Text:
    parts = [name_of(e.population)] if e.population != "progressed" else []
    parts += [_word(word) for word in (e.outcome, e.variable, e.level, e.analysis) if word not in _HIDDEN][:3]
    parts += [_groups(e.group)] if e.group not in {"", ALL} else []
    statistic = _STATISTICS.get(e.statistic, e.statistic.printed)
    return join_texts([*parts, statistic], "，", ", ")


def _word(word: str) -> Text:
    if is_comparison(word):
        return _groups(word)
    return _WHAT.get(word, name_of(word))


def _groups(group: str) -> Text:
    return join_texts(map(name_of, parts_of(group)), " 与 ", VERSUS)


def _theirs(found: Sequence[Compared]) -> Text:
    bound = found[0].printed.bound
    text = _with_limits(found, [row.theirs for row in found], AS_PRINTED)
    return Text(bound + text.zh, bound + text.en)


def _ours(found: Sequence[Compared]) -> Cell:
    values = [row.ours for row in found]
    if values[0] is None:
        return words(same(MISSING))
    e, key = found[0].printed.estimate, found[0].ours_key
    # Worked out or turned round, it is no longer the stored number that a key would lead to; P stays what it is.
    if key != e.key and e.statistic.kind is not Kind.P_VALUE:
        key = None
    return Cell(_with_limits(found, values, None if key else AS_PRINTED), key)


def _with_limits(
    found: Sequence[Compared], values: Sequence[float | None], style: NumberStyle | None
) -> Text:
    e = found[0].printed.estimate
    if e.statistic.kind is Kind.P_VALUE:
        return each_language(lambda lang: _p(values[0], lang, style))
    decimals = e.statistic.decimals
    shown = format_number(values[0], decimals, style)
    if len(values) == 1:
        return same(shown)
    return each_language(lambda lang: bracketed(shown, interval(values[1], values[2], decimals, lang), lang))


def _p(value: float | None, language: Language, style: NumberStyle | None) -> str:
    # The paper's P is shown as it prints it, whatever the smallest P of the report's style.
    return f"{value:.4f}".removesuffix("0") if style is AS_PRINTED else format_p(value, STYLES[language])


def _difference(row: Compared) -> Text:
    statistic = row.printed.estimate.statistic
    if row.difference is None or row.printed.bound or statistic.kind is Kind.P_VALUE:
        return same(MISSING if row.difference is None else "")
    return same(format_number(row.difference, statistic.decimals, AS_PRINTED))


def _remarks(found: Sequence[Compared]) -> Text:
    remarks = [found[0].printed.known_problem, next((r.reason for r in found if r.reason), None)]
    return join_texts(dict.fromkeys(t for t in remarks if t is not None), " ", " ")


def published_section(protocol: Protocol, results: Results) -> Iterator[Block]:
    """Only for a synthetic cohort, which was drawn after the paper; other data are not expected to agree."""
    paper = protocol.study.preset
    if not protocol.study.synthetic or paper is None or paper not in published_papers():
        return
    published = read_published(paper)
    rows = compare_published(results, published)
    if all(row.ours is None for row in rows):
        return
    yield Paragraph(DRAWN_AFTER_IT)  # before the share, which means nothing without it
    yield Paragraph(agreement_text(rows, published))
    yield from negative_controls(published)
    rest = tuple(row for row in rows if not row.in_table_1)
    yield TableBlock(tabulate_published(rest, published, only_missed=True))
    yield TableBlock(tabulate_published(rows, published), is_folded=True)


def agreement_text(rows: tuple[Compared, ...], published: Published) -> Text:
    """How many numbers lie within their tolerance, the baseline table apart."""
    table, rest = agreement(rows, table_1=True), agreement(rows, table_1=False)
    percent = format_number(rest.percent, 1)
    return Text(
        f"论文（doi:{published.doi}）在基线特征表以外共印出 {rest.n} 个数字（置信限单独计），其中 {rest.n_within} 个（{percent}%）在容差内；"
        f"基线特征表（匹配前后）共 {table.n} 个，{table.n_within} 个在容差内。",
        f"Outside its table of baseline characteristics the paper (doi:{published.doi}) prints {rest.n} numbers, limits counted one "
        f"by one; {rest.n_within} of them ({percent}%) are within tolerance. Of the {table.n} numbers of that table, "
        f"before and after matching, {table.n_within} are.",
    )


DRAWN_AFTER_IT = Text(
    "合成队列按这些数字抽取，数字相近只说明本软件能再现所给的数字，不构成对论文结论的验证。",
    "The synthetic cohort was drawn after these numbers: agreement shows only that the program reproduces the numbers it was "
    "given and confirms nothing the paper concludes.",
)
