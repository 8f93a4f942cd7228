"""Weights in place of matches: hazard ratios for each target population, and how many patients they are worth."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, REFERENCE, bracketed, decimal, p_alone, with_limits
from oligoscope.printing.events_per_variable import patients_per_variable
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.method_texts import were_imputed
from oligoscope.printing.monte_carlo_notes import monte_carlo_notes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.questions.weighting.targets import TARGETS
from oligoscope.results.analyses import WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, is_comparison, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of


def tabulate_weighting(results: Results, population: str = "progressed", compared: str = "") -> Table:
    """A heading a target with the effective sizes, a row an outcome with its hazard ratio and P.

    Args:
        results: What was reported.
        population: The patients.
        compared: "A vs B", where they were weighted by several groupings; else the first.
    """
    notes = Footnotes()
    found = [e for e in results.find(analysis=WEIGHTING, population=population) if e.variable in TARGETS]
    comparisons = list(dict.fromkeys(e.group for e in found if is_comparison(e.group)))
    compared = compared or next(iter(comparisons), "")
    if len(comparisons) > 1:
        found = [e for e in found if e.group == compared or e.group in parts_of(compared)]
    found = [e for e in found if e.statistic not in _OF_SURVIVAL]
    groups = list(dict.fromkeys(e.group for e in found if e.statistic == Statistic.EFFECTIVE_N))
    rows: list[Row] = []
    reference = words(in_sentence(name_of(parts_of(compared)[-1]))) if compared else BLANK
    for target in dict.fromkeys(e.variable for e in found):
        rows += _target_rows([e for e in found if e.variable == target], target, groups, reference, notes)
    keys = {"analysis": WEIGHTING, "population": population, "group": compared}
    per_variable = results.get(**keys, statistic=Statistic.EVENTS_PER_PARAMETER)
    people, several = name_of(population), were_imputed(results, population)
    said = in_sentence(versus(compared))
    number = comparisons.index(compared) + 1 if compared in comparisons else 1
    return Table(
        id=f"weighting_{population}" if number == 1 else f"weighting_{population}_{number}",
        title=Text(
            f"{people.zh}加权后的风险比（{said.zh}）",
            f"Weighted hazard ratios in the {in_sentence(people).en} ({said.en})",
        ),
        columns=(
            Header(Text("目标人群与结局", "Target and outcome"), align="start"),
            Header(REFERENCE),
            Header(same("HR"), LIMITS),
            Header(same("*P*")),
            *(
                Header(name_of(g), Text("有效样本量（最大权重）", "effective n (largest weight)"))
                for g in groups
            ),
            Header(Text("最大 |SMD|", "Largest |SMD|")),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            LIMITS_NOTE,
            _NOTE.filled(mean=_MEAN if several else Text("", "")),
            *_cut(found, several=several),
            *patients_per_variable(per_variable),
            *monte_carlo_notes(found, _name_of_ratio),
        ),
    )


_NOTE = Text(
    "Cox 模型。有效样本量：与加权后患者提供同等信息量的等权患者数；最大权重为该组平均权重的倍数；最大 |SMD| 为各水平{mean}的最大者，超过限值则不作比较。HR：风险比；ATE：平均处理效应；ATT：第一组的平均处理效应。"
    "组别不是处理：进展模式与耐药类型要到首次进展后才知道。加权只平衡所列协变量。",
    "Cox models. Effective n: the number of equally weighted patients with the same information; the largest weight is a multiple of the mean weight "
    "of the group; the largest |SMD| is that of the level that is farthest apart,{mean} and beyond the limit nothing is compared. HR: hazard ratio; ATE: average treatment effect; ATT: that in the first "
    "group. The groups are not treatments, and pattern and resistance are known only after the first progression: weighting balances the listed covariates only.",
)


_MEAN = Text("在各插补中均值", " mean over the imputations,")
_OF_SURVIVAL = (Statistic.P_VALUE_LOG_RANK, Statistic.N, Statistic.EVENTS, Statistic.MEDIAN)


def _cut(found: list[Estimate], *, several: bool) -> tuple[Text, ...]:
    """How many weights were cut; nothing where none were to be."""
    cut = [e for e in found if e.statistic == Statistic.N_TRUNCATED]
    if not cut:
        return ()
    digits = 1 if several else 0
    zh, en = (
        "；".join(f"{TARGETS[e.variable].zh} {format_number(e.value, digits)} 例" for e in cut),
        "; ".join(f"{TARGETS[e.variable].en} {format_number(e.value, digits)}" for e in cut),
    )
    return (
        Text(
            f"权重被截断的例数{'（各插补的均值）' if several else ''}：{zh}。",
            f"Patients whose weights were cut{', mean over the imputations' if several else ''}: {en}.",
        ),
    )


def _worth(size: Estimate | None, largest: Estimate | None) -> Cell:
    """The effective size of a group, and its largest weight in brackets."""
    cell = decimal(size)
    if size is None or largest is None or largest.value is None:
        return cell
    weight = format_number(largest.value, 1)
    return Cell(
        each_language(lambda lang: bracketed(cell.text[lang], weight, lang)), cell.key, (largest.key,)
    )


def _name_of_ratio(e: Estimate) -> Text:
    target, outcome = TARGETS.get(e.variable, same(e.variable)), in_sentence(column_name(e.outcome))
    return Text(f"{target.zh}的{outcome.zh}", f"{target.en}, {outcome.en}")


def _target_rows(
    found: list[Estimate], target: str, groups: list[str], reference: Cell, notes: Footnotes
) -> list[Row]:
    sizes, largest = (
        {e.group: e for e in found if e.statistic == s}
        for s in (Statistic.EFFECTIVE_N, Statistic.LARGEST_WEIGHT)
    )
    balance = next((e for e in found if e.statistic == Statistic.LARGEST_SMD), None)
    nothing = next((e for e in found if e.statistic == Statistic.HAZARD_RATIO and not e.outcome), None)
    heading = Row(
        (
            words(TARGETS.get(target, same(target))),
            BLANK,
            BLANK if nothing is None else with_limits(nothing, notes),
            BLANK,
            *(_worth(sizes.get(g), largest.get(g)) for g in groups),
            BLANK if balance is None else with_limits(balance, notes),
        ),
        is_heading=True,
    )
    outcomes = dict.fromkeys(e.outcome for e in found if e.outcome)
    return [heading, *(_outcome_row(found, outcome, len(groups), reference, notes) for outcome in outcomes)]


def _outcome_row(
    found: list[Estimate], outcome: str, n_groups: int, reference: Cell, notes: Footnotes
) -> Row:
    here = {e.statistic: e for e in found if e.outcome == outcome}
    ratio, p = with_limits(here.get(Statistic.HAZARD_RATIO), notes), p_alone(here.get(Statistic.P_VALUE))
    return Row(
        (words(column_name(outcome)), reference, ratio, p, *(BLANK for _ in range(n_groups + 1))), indent=1
    )
