"""The primary comparison in a table: survival from the first progression on, with which the key results begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.adjusting import adjusted_by_method, adjusted_in_short
from oligoscope.printing.blocks import Block, Notice, Paragraph
from oligoscope.printing.cautions import LEAD
from oligoscope.printing.cells import (
    LIMITS,
    comparison_of,
    median_months,
    p_alone,
    whole_number,
    with_limits,
)
from oligoscope.printing.changing_hazards import change_of, changing_in_short, value_with_limits
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import gate_note, is_of_several, is_weighted, matched_notes
from oligoscope.printing.sentences import is_significant, joined, keys_of, ratio_words
from oligoscope.printing.table import BLANK, Header, Row, Table, each_language, same, words
from oligoscope.questions.survival.table import groups_of, outcomes_of
from oligoscope.questions.survival.words import median_in_short
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, is_of, parts_of
from oligoscope.study.vocabulary import column_name, name_of

_LEAD = Outcome.PPS
LEAD_TABLE = "answer_lead"
_UNADJUSTED = Text("未校正的 HR", "unadjusted HR")
_FOR_TIME = Text("校正首次进展时间后", "Adjusted for time to progression")
_FOR_TIME_AND_ECOG = Text(
    "校正首次进展时间与基线 ECOG 评分后", "Adjusted for time to progression, baseline ECOG PS"
)
_COLUMNS = (
    Header(Text("患者与分组", "Patients and group"), align="start"),
    Header(same("*n*")),
    Header(Text("死亡", "Deaths")),
    Header(Text("中位时间/月", "Median, months"), LIMITS),
    Header(same("HR"), LIMITS),
    Header(same("*P*")),
)
_NOTE = Text(
    "HR：风险比（Cox 模型）；*P*：Log-rank 检验。", "HR: hazard ratio (Cox model); *P*: log-rank test."
)
_NOTE_ADJUSTED = Text(
    "HR：风险比（Cox 模型）；*P*：Log-rank 检验，校正后为 Wald 检验。",
    "HR: hazard ratio (Cox model); *P*: log-rank test, Wald test where adjusted.",
)


def lead_sentence(draft: Draft) -> Iterator[Block]:
    """Which way the primary comparison went, with medians and ratio; nothing where it is not given."""
    said = lead_paragraph(draft.results)
    if said is not None:
        yield said
        yield Notice("caution", LEAD)


def lead_table(draft: Draft) -> Iterator[Block]:
    """The table, where any patients were compared from their first progression on."""
    if any(_is_compared(draft.results, people) for people in (POPULATION, MATCHED)):
        yield draft.table(tabulate_lead)


def lead_paragraph(results: Results) -> Paragraph | None:
    """Which way the primary comparison went, unadjusted and adjusted; where its ratio changes with time, how.

    The table has the limits of the medians, the figure the restricted means.

    None where the comparison is not given.
    """
    if not _is_compared(results, POPULATION):
        return None
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": POPULATION, "outcome": _LEAD}
    groups = groups_of(results, POPULATION, BY, _LEAD)
    comparison = comparison_of(results.find(**keys), groups)
    ratio = results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO)
    p = results.get(**keys, group=comparison, variable="log_rank", statistic=Statistic.P_VALUE)
    if ratio is None or p is None or ratio.value is None or p.value is None:
        return None
    first, second = parts_of(comparison)
    a, b, what = (in_sentence(one) for one in (name_of(first), name_of(second), column_name(_LEAD)))
    medians = [results.get(**keys, group=g, statistic=Statistic.MEDIAN) for g in (first, second)]
    between = _medians(medians)
    numbers = each_language(lambda language: ratio_words(_UNADJUSTED[language], ratio, p, language))
    zh, en = f"中位数为 {between.zh}，{numbers.zh}", f"median {between.en}; {numbers.en}"
    start = f"{what.en[:1].upper()}{what.en[1:]}"
    change = change_of(results, ratio)
    changed = () if change is None else (change.test, *change.periods)
    adjusted = results.get(**keys, group=comparison, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    if not is_significant(p):
        text = Text(
            f"{a.zh}组与{b.zh}组的{what.zh}差异无统计学意义：{zh}。",
            f"The difference in {what.en} between {a.en} and {b.en} was not statistically significant: {en}.",
        )
    elif ratio.value < 1:
        text = Text(
            f"{a.zh}组的{what.zh}长于{b.zh}组：{zh}。",
            f"{start} was longer with {a.en} than with {b.en}: {en}.",
        )
    else:
        text = Text(
            f"{a.zh}组的{what.zh}短于{b.zh}组：{zh}。",
            f"{start} was shorter with {a.en} than with {b.en}: {en}.",
        )
    times = _times_to_progression(results, (first, second))
    texts = [text, *changing_in_short(change), *_adjusted_in_words(adjusted, times)]
    return Paragraph(joined(texts), keys_of(ratio, p, *medians, *changed, adjusted, *times))


def _medians(medians: Sequence[Estimate | None]) -> Text:
    """`9.4 versus 4.4 months`; each in words where one was not reached."""
    first, second = medians
    m, n = median_in_short(first), median_in_short(second)
    if first is None or first.value is None or second is None or second.value is None:
        return Text(f"{m.zh}与 {n.zh}", f"{m.en} versus {n.en}")
    value = format_number(first.value, 1)
    return Text(f"{value} 与 {n.zh}", f"{value} versus {n.en}")


def _times_to_progression(results: Results, groups: tuple[str, str]) -> list[Estimate]:
    """Medians of the groups, all of whom progressed, where they were followed from treatment and both are given."""
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": POPULATION, "outcome": Outcome.PFS}
    found = [results.get(**keys, group=group, statistic=Statistic.MEDIAN) for group in groups]
    given = [e for e in found if e is not None and e.value is not None]
    return given if len(given) == len(groups) else []


def _adjusted_in_words(ratio: Estimate | None, times: list[Estimate]) -> Iterator[Text]:
    """What the ratio is adjusted for, which is all; how the groups differ in their times."""
    if ratio is None or ratio.value is None:
        return
    of, between = value_with_limits(ratio, 2), Text("", "")
    if times:
        medians = _medians(times)
        between = Text(f"（中位数为 {medians.zh}）", f" (median {medians.en})")
    has_ecog = "ecog" in adjusted_by_method(ratio.method)
    and_ecog = Text("与基线 ECOG 评分", " and baseline ECOG PS") if has_ecog else Text("", "")
    yield Text(
        f"仅校正首次进展时间{between.zh}{and_ecog.zh}后，HR 为 {of.zh}。",
        f"Adjusted for time to progression{between.en}{and_ecog.en} only: HR {of.en}.",
    )


def tabulate_lead(results: Results) -> Table:
    """Deaths, medians and hazard ratios of the patterns from the first progression on, before and after matching."""
    notes = Footnotes()
    compared = [people for people in (POPULATION, MATCHED) if _is_compared(results, people)]
    rows = tuple(row for people in compared for row in _rows(results, people, notes))
    what, groups = column_name(_LEAD), column_name(BY)
    matched = _after_matching(results) if MATCHED in compared else ()
    return Table(
        LEAD_TABLE,
        Text(
            f"主要比较：按{groups.zh}分组的{what.zh}",
            f"Primary comparison: {in_sentence(what).en} by {in_sentence(groups).en}",
        ),
        _COLUMNS,
        rows,
        (
            *notes.notes(),
            *matched,
            _NOTE_ADJUSTED if _is_adjusted(results) else _NOTE,
            *adjusted_in_short(results),
        ),
    )


def _is_adjusted(results: Results) -> bool:
    found = results.find(analysis=SURVIVAL, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    return any(e.value is not None for e in found)


def _after_matching(results: Results) -> tuple[Text, ...]:
    """In short, where every patient counts as one."""
    if is_of_several(results) and not is_weighted(results, MATCHED):
        return _MEANS, *((_MISSED,) if gate_note(results) else ())
    return matched_notes(results, MATCHED)


_MEANS = Text(
    "匹配后例数为各插补数据集的均数，估计值合并。",
    "After matching: counts averaged over imputations, estimates pooled.",
)


_MISSED = Text(
    "匹配未达到预设的均衡标准（见下文“未达到预设标准”）。",
    "Balance was not achieved (notice below).",
)


def _is_compared(results: Results, people: str) -> bool:
    found = results.find(
        analysis=SURVIVAL, population=people, outcome=_LEAD, statistic=Statistic.HAZARD_RATIO
    )
    return _LEAD in outcomes_of(results, people, BY) and any(is_of(e.group, BY) for e in found)


def _rows(results: Results, people: str, notes: Footnotes) -> Iterator[Row]:
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": people, "outcome": _LEAD}
    groups = groups_of(results, people, BY, _LEAD)
    comparison = comparison_of(results.find(**keys), groups)
    reference = parts_of(comparison)[-1]
    yield Row((words(name_of(people)), *(BLANK,) * (len(_COLUMNS) - 1)), is_heading=True)

    def of(statistic: Statistic, group: str, variable: str = "") -> Estimate | None:
        return results.get(**keys, group=group, statistic=statistic, variable=variable)

    for group in groups:
        ratio = (words(Text("参照", "Reference")), BLANK)
        if group != reference:
            test = of(Statistic.P_VALUE, comparison, "log_rank")
            ratio = (with_limits(of(Statistic.HAZARD_RATIO, comparison), notes), p_alone(test))
        described = (
            whole_number(of(Statistic.N, group)),
            whole_number(of(Statistic.EVENTS, group)),
            median_months(of(Statistic.MEDIAN, group), notes),
        )
        yield Row((words(name_of(group)), *described, *ratio), indent=1)
    adjusted = of(Statistic.HAZARD_RATIO_ADJUSTED, comparison)
    if adjusted is not None and adjusted.value is not None:
        test = of(Statistic.P_VALUE_ADJUSTED, comparison)
        cells = (
            words(adjusted_name(adjusted)),
            BLANK,
            BLANK,
            BLANK,
            with_limits(adjusted, notes),
            p_alone(test),
        )
        yield Row(cells, indent=1)


def adjusted_name(ratio: Estimate) -> Text:
    """What an adjusted ratio is adjusted for, as the name of its row."""
    has_ecog = "ecog" in adjusted_by_method(ratio.method)
    return _FOR_TIME_AND_ECOG if has_ecog else _FOR_TIME
