"""Restricted means of the groups up to each horizon, and how far they lie apart."""

from __future__ import annotations

from oligoscope.bilingual import LANGUAGES, Count, Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, decimal, p_value, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.questions.restricted_means.horizons import UpTo, horizons_of
from oligoscope.results.results import Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_LOST = Header(Text("损失/月", "Months lost"), Text("（前者 vs 后者）", "(first vs second)"))
_NOTE = Text(
    "限制性平均生存时间：至时限为止 Kaplan-Meier 曲线下的面积；损失：时限减去限制性平均生存时间。差值为前者减后者，比值为前者比后者。"
    "共同随访：两组最长随访中的较小者。各组未作校正；1 个月为 30.4375 天。",
    "Restricted mean: area under the Kaplan-Meier curve up to the horizon; months lost: horizon minus restricted mean. The "
    "difference is the first group minus the second, the ratio the first over the second. Common follow-up: the smaller of the "
    "two groups' largest follow-ups. The groups are not adjusted for anything; 1 month is 30.4375 days.",
)


def tabulate_means(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """A heading an outcome, a row a horizon.

    Raises:
        KeyError: Nothing was compared.
    """
    found = horizons_of(results, population, by)
    if not found:
        raise KeyError(f"restricted_means/{population}/{by}")
    notes = Footnotes()
    people, (first, second) = name_of(population), (name_of(g) for g in found[0].groups)
    mean = Text("平均/月（95%CI）", "mean, months (95% CI)")
    rows = [
        row
        for outcome in dict.fromkeys(one.outcome for one in found)
        for row in _outcome_rows([one for one in found if one.outcome == outcome], notes)
    ]
    return Table(
        id=f"restricted_means_{population}_{by}",
        title=Text(
            f"{people.zh}的限制性平均生存时间（{first.zh} vs {second.zh}）",
            f"Restricted means in the {in_sentence(people).en} ({in_sentence(first).en} vs {in_sentence(second).en})",
        ),
        columns=(
            Header(Text("结局与时限", "Outcome and horizon"), align="start"),
            Header(first, mean),
            Header(Text(f"{second.zh}（参照）", f"{second.en} (reference)"), mean),
            _LOST,
            Header(Text("差值/月", "Difference, months"), LIMITS),
            Header(Text("比值", "Ratio"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _NOTE),
    )


def horizon_name(one: UpTo) -> Text:
    """`12 months`; of the common follow-up with these words."""
    if one.common is None:
        return Text(f"{one.months:g} 个月", f"{Count(format(one.months, 'g')):month|months}")
    months = format_number(one.months, 1)
    return Text(f"{months} 个月（共同随访）", f"{months} months (common follow-up)")


def _outcome_rows(found: list[UpTo], notes: Footnotes) -> list[Row]:
    sizes = [
        BLANK if e is None else Cell(same(f"*n*={format_number(e.n, 0)}"), e.key) for e in found[0].means
    ]
    heading = (words(column_name(found[0].outcome)), *sizes, *(BLANK,) * 4)
    return [Row(heading, is_heading=True), *(_horizon_row(one, notes) for one in found)]


def _horizon_row(one: UpTo, notes: Footnotes) -> Row:
    name = horizon_name(one)
    lost = [decimal(e) for e in one.lost]
    both = Text(*(" vs ".join(cell.text[language] for cell in lost) for language in LANGUAGES))
    return Row(
        (
            words(name) if one.common is None else Cell(name, one.common.key),
            *(with_limits(mean, notes) for mean in one.means),
            Cell(both, more_keys=tuple(key for cell in lost for key in cell.keys)),
            with_limits(one.difference, notes),
            with_limits(one.ratio, notes),
            BLANK if one.p is None else p_value(one.p, notes),
        ),
        indent=1,
    )
