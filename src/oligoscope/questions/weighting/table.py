"""Weights in place of matches: hazard ratios for each target population, and how many patients they are worth."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, REFERENCE, decimal, p_alone, with_limits
from oligoscope.printing.events_per_variable import patients_per_variable
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.monte_carlo_notes import monte_carlo_notes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.results.analyses import WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, is_comparison, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of

TARGETS: dict[str, Text] = {
    "ate": Text("逆概率加权（全部患者，ATE）", "Inverse probability (all patients, ATE)"),
    "att": Text("按第一组加权（ATT）", "Weighted to the first group (ATT)"),
    "overlap": Text("重叠加权（重叠人群）", "Overlap weights (overlap population)"),
}


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
    groups = list(dict.fromkeys(e.group for e in found if e.statistic == Statistic.EFFECTIVE_N))
    rows: list[Row] = []
    reference = words(in_sentence(name_of(parts_of(compared)[-1]))) if compared else BLANK
    for target in dict.fromkeys(e.variable for e in found):
        rows += _target_rows([e for e in found if e.variable == target], target, groups, reference, notes)
    keys = {"analysis": WEIGHTING, "population": population, "group": compared}
    per_variable = results.get(**keys, statistic=Statistic.EVENTS_PER_PARAMETER)
    people = name_of(population)
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
            *(Header(name_of(g), Text("有效样本量", "effective n")) for g in groups),
        ),
        rows=tuple(rows),
        notes=(
            *notes.notes(),
            LIMITS_NOTE,
            _NOTE,
            *patients_per_variable(per_variable),
            *monte_carlo_notes(found, _name_of_ratio),
        ),
    )


_NOTE = Text(
    "权重来自倾向评分；Cox 模型，稳健标准误。有效样本量：与加权后患者提供同等信息量的等权患者数。HR：风险比；ATE：平均处理效应；ATT：第一组的平均处理效应。"
    "组别不是处理：进展模式与耐药类型要到首次进展后才知道。加权只平衡预后因素。",
    "Weights come from the propensity score; Cox models with robust standard errors. Effective n: the number of equally weighted patients with the same information. HR: hazard ratio; ATE: average treatment effect; ATT: that in the first "
    "group. The groups are not treatments, and pattern and resistance are known only after the first progression: weighting balances prognostic factors only.",
)


def _name_of_ratio(e: Estimate) -> Text:
    target, outcome = TARGETS.get(e.variable, same(e.variable)), in_sentence(column_name(e.outcome))
    return Text(f"{target.zh}的{outcome.zh}", f"{target.en}, {outcome.en}")


def _target_rows(
    found: list[Estimate], target: str, groups: list[str], reference: Cell, notes: Footnotes
) -> list[Row]:
    sizes = {e.group: e for e in found if e.statistic == Statistic.EFFECTIVE_N}
    nothing = next((e for e in found if e.statistic == Statistic.HAZARD_RATIO and not e.outcome), None)
    heading = Row(
        (
            words(TARGETS.get(target, same(target))),
            BLANK,
            BLANK if nothing is None else with_limits(nothing, notes),
            BLANK,
            *(decimal(sizes.get(g)) for g in groups),
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
        (words(column_name(outcome)), reference, ratio, p, *(BLANK for _ in range(n_groups))), indent=1
    )
