"""Balance with weights, and survival with weights: two tables beside that of the hazard ratios."""

from __future__ import annotations

from collections.abc import Sequence

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, bracketed, p_alone, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.method_texts import were_imputed
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, key_of, same, words
from oligoscope.questions.weighting.survival_words import AIPW, at_month, lead_of, months_of
from oligoscope.questions.weighting.targets import DOUBLY_ROBUST, SHORT, TARGETS
from oligoscope.results.analyses import WEIGHTED_BALANCE, WEIGHTING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import in_sentence, parts_of, versus
from oligoscope.study.vocabulary import column_name, name_of


def tabulate_weighted_balance(
    results: Results, population: str, by: str, compared: str, limit: float
) -> Table:
    """A heading a variable, a row a level: |SMD| without weights and with each of them.

    Args:
        results: With analysis "weighted_balance".
        population: The patients.
        by: What makes the groups.
        compared: "A vs B".
        limit: Values above it are marked.
    """
    found = results.find(analysis=WEIGHTED_BALANCE, population=population, group=compared)
    targets, several = list(dict.fromkeys(e.outcome for e in found)), were_imputed(results, population)
    rows = []
    for variable in dict.fromkeys(e.variable for e in found):
        own = [e for e in found if e.variable == variable]
        levels = [*dict.fromkeys(e.level for e in own if e.level)]
        for level in ("", *(levels if len(levels) > 2 else ())):
            here = [e for e in own if e.level == level]
            name = words(in_sentence(name_of(level)) if level else column_name(variable))
            cells = (_unweighted(here), *(_weighted(here, t, limit, several=several) for t in targets))
            rows.append(Row((name, *cells), indent=1 if level else 0))
    people, said = name_of(population), in_sentence(versus(compared))
    is_above = any(e.statistic == Statistic.SMD_WEIGHTED_ABSOLUTE and (e.value or 0.0) > limit for e in found)
    return Table(
        id=f"weighting_balance_{population}_{by}",
        title=Text(
            f"{people.zh}加权前后的 |SMD|（{said.zh}；限值 {limit:g}）",
            f"|SMD| with and without weights in the {in_sentence(people).en} ({said.en}; limit {limit:g})",
        ),
        columns=(
            Header(Text("变量与水平", "Variable and level"), align="start"),
            Header(Text("未加权", "Unweighted")),
            *(Header(SHORT[t], _SPREAD if several else None) for t in targets),
        ),
        rows=tuple(rows),
        notes=(
            _BALANCE_NOTE.filled(spread=_SPREAD_NOTE if several else Text("", "")),
            *([_ABOVE] if is_above else []),
        ),
    )


_SPREAD = Text("均值（最大值）", "mean (largest)")
_SPREAD_NOTE = Text("；均值与最大值均为各插补数据集的", "; mean and largest of the imputations")
_BALANCE_NOTE = Text(
    "|SMD|：标准化均数差的绝对值，除以加权前的标准差{spread}。分类变量的变量行为所有水平合计的距离，不参与判定；"
    "只有两个水平者，各水平与之相同，不另列。",
    "|SMD|: absolute standardised mean difference, over the SD without weights{spread}. "
    "A categorical variable's own row is the distance over all its levels, which is not judged; of a variable with two levels both have the same "
    "and are not listed.",
)


_ABOVE = Text("* 超过限值。", "* Above the limit.")


def _unweighted(here: Sequence[Estimate]) -> Cell:
    found = next((e for e in here if e.statistic == Statistic.SMD_UNWEIGHTED), None)
    if found is None or found.value is None:
        return Cell(same("–"), key_of(found))
    return Cell(same(format_number(abs(found.value), 3)), found.key)


def _weighted(here: Sequence[Estimate], target: str, limit: float, *, several: bool) -> Cell:
    """The mean of the imputations with the largest in brackets, or the one value there is."""
    of = {e.statistic: e for e in here if e.outcome == target}
    mean, largest = of.get(Statistic.SMD_WEIGHTED_ABSOLUTE), of.get(Statistic.SMD_WEIGHTED_MAXIMUM)
    if mean is None or mean.value is None or largest is None:
        return BLANK
    star = "*" if mean.value > limit else ""
    size, most = f"{format_number(mean.value, 3)}{star}", format_number(largest.value, 3)
    if not several:
        return Cell(same(size), mean.key)
    return Cell(each_language(lambda lang: bracketed(size, most, lang)), mean.key, (largest.key,))


def tabulate_weighted_survival(results: Results, population: str, by: str, compared: str) -> Table:
    """A heading an outcome; a row a month of the weighted curves, and of the doubly robust difference.

    Args:
        results: With analysis "weighting".
        population: The patients.
        by: What makes the groups.
        compared: "A vs B".
    """
    notes, groups = Footnotes(), parts_of(compared)
    found = [
        e
        for e in results.find(analysis=WEIGHTING, population=population)
        if e.outcome and (e.group == compared or e.group in groups)
    ]
    lead = lead_of(found)
    rows: list[Row] = []
    for outcome in dict.fromkeys(e.outcome for e in found):
        own = [e for e in found if e.outcome == outcome]
        rows.append(Row((words(column_name(outcome)), *(BLANK for _ in range(4))), is_heading=True))
        rows += _of_curves(own, lead, groups, compared, notes)
        rows += _of_differences(own, groups, compared, notes)
    people, said = name_of(population), in_sentence(versus(compared))
    return Table(
        id=f"weighting_survival_{population}_{by}",
        title=Text(
            f"{people.zh}加权后的生存率（{said.zh}）",
            f"Survival with weights in the {in_sentence(people).en} ({said.en})",
        ),
        columns=(
            Header(Text("结局与方法", "Outcome and method"), align="start"),
            *(Header(name_of(g), Text("%（95%CI）", "% (95% CI)")) for g in groups),
            Header(Text("差值/百分点", "Difference, points"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _SURVIVAL_NOTE),
    )


_SURVIVAL_NOTE = Text(
    "加权曲线为加权 Kaplan-Meier 估计，*P* 为加权 Log-rank 检验，比较整条曲线，不限于所在行的时点。双重稳健：增广逆概率加权（AIPW），倾向评分模型与结局模型有一个正确即可；"
    "其目标人群为全部患者，与重叠权重的目标人群不同。",
    "Curves are weighted Kaplan-Meier estimates, their *P* is that of the weighted log-rank test, of the whole curves and not of one month. "
    "Doubly robust: augmented inverse probability weighting (AIPW), consistent if the model of the score or that of the outcome is "
    "correctly specified; it is about all patients, and not about the overlap population.",
)


def _of_curves(
    own: list[Estimate], lead: str, groups: tuple[str, ...], compared: str, notes: Footnotes
) -> list[Row]:
    at = {(e.group, e.statistic): e for e in own if e.variable == lead}
    months = months_of(own, lead)
    rows = []
    for i, month in enumerate(months):
        cells = (with_limits(at.get((g, at_months(Statistic.SURVIVAL, month))), notes, 100) for g in groups)
        p = p_alone(at.get((compared, Statistic.P_VALUE_LOG_RANK))) if i == 0 else BLANK
        name = TARGETS.get(lead, same(lead))
        rows.append(Row((words(at_month(name, month)), *cells, BLANK, p), indent=1))
    return rows


def _of_differences(
    own: list[Estimate], groups: tuple[str, ...], compared: str, notes: Footnotes
) -> list[Row]:
    at = {(e.group, e.statistic): e for e in own if e.variable == AIPW}
    months = [
        e.statistic.months  # type: ignore[union-attr]
        for e in own
        if e.variable == AIPW and e.statistic.family == Statistic.SURVIVAL_DIFFERENCE
    ]
    rows = []
    for month in months:
        cells = (with_limits(at.get((g, at_months(Statistic.SURVIVAL, month))), notes, 100) for g in groups)
        difference = with_limits(at[compared, at_months(Statistic.SURVIVAL_DIFFERENCE, month)], notes, 100)
        p = p_alone(at.get((compared, at_months(Statistic.P_VALUE, month))))
        rows.append(Row((words(at_month(DOUBLY_ROBUST, month)), *cells, difference, p), indent=1))
    return rows
