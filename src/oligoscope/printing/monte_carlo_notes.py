"""Notes on the Monte Carlo error of pooled ratios: how large it is, and which number of imputations would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from oligoscope.bilingual import LANGUAGES, Text, join_texts
from oligoscope.number_format import format_number
from oligoscope.printing.cells import count_text
from oligoscope.printing.sentences import listed
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import in_sentence

Naming = Callable[[Estimate], Text]  # of the ratio that an error is of
ERRORS = (Statistic.MONTE_CARLO_ERROR, Statistic.MONTE_CARLO_ERROR_UNIVARIABLE)
NEEDED = Statistic.IMPUTATIONS_FOR_LAST_DIGIT
_MOST = 1000  # imputations
_EACH = 6  # errors named one by one; of more the largest
_DECIMALS = 3
_RULES = (Statistic.IMPUTATIONS_BY_WHITE, Statistic.IMPUTATIONS_BY_VON_HIPPEL)
NEEDS = (NEEDED, *_RULES)


def monte_carlo_notes(found: Iterable[Estimate], naming: Naming) -> tuple[Text, ...]:
    """Notes below a table of pooled ratios; none where nothing was pooled.

    Args:
        found: The rows of the table's analysis and population.
        naming: The name of a ratio in the table.
    """
    rows = [e for e in found if e.value is not None]
    errors = [e for e in rows if e.statistic in ERRORS]
    if not errors:
        return ()
    too_few = too_few_imputations(rows, naming)
    return (
        _errors(errors, rows, naming),
        *(() if too_few is None else (too_few,)),
        *_of_either_side(rows, naming),
    )


def _of_either_side(rows: Iterable[Estimate], naming: Naming) -> tuple[Text, ...]:
    """Of which ratios *P* may lie on the other side of 0.05 with other draws; none where all are settled."""
    unsettled = [e for e in rows if e.warning.has(WarningCode.P_BY_DRAWS)]
    if not unsettled:
        return ()
    names = [in_sentence(naming(e)) for e in unsettled]
    zh, en = (listed([name[language] for name in names], language) for language in LANGUAGES)
    m = imputations_of(unsettled[0])
    return (
        Text(
            f"以 {m} 次插补，{zh}的 *P* 值与 0.05 之差在其 Monte Carlo 误差范围内：换一批插补值，*P* 值可能落在 0.05 的另一侧。",
            f"With {m} imputations the *P* of {en} differs from 0.05 by no more than its Monte Carlo error allows: with other draws it could "
            "lie on the other side of 0.05.",
        ),
    )


def imputations_of(estimate: Estimate) -> int:
    """How many imputations an error was estimated from."""
    steps = (step for step in estimate.method.steps if step.part == MethodPart.JACKKNIFE_OVER)
    return int(dict(next(steps).values)["m"])


def too_few_imputations(rows: Sequence[Estimate], naming: Naming) -> Text | None:
    """That a last printed digit is not settled, and how many imputations would do; None where all are.

    Args:
        rows: With values.
        naming: The name of a ratio.
    """
    short = [e for e in rows if e.statistic == NEEDED and (e.value or 0) > imputations_of(e)]
    if not short:
        return None
    worst = max(short, key=lambda e: e.value or 0)
    m, name, needed = imputations_of(worst), in_sentence(naming(worst)), _many(worst.value or 0)
    white, von_hippel = (
        _many(max((e.value or 0 for e in rows if e.statistic == rule), default=0)) for rule in _RULES
    )
    n = len(short)
    return Text(
        f"以 {m} 次插补，{n} 个合并比值的末位数字可能随抽样而变。末位稳定（误差不超过其半个单位）需 {needed} 次（{name.zh}）；"
        f"White、Royston 与 Wood（2011）的规则（误差不超过标准误的十分之一）需 {white} 次，von Hippel（2020）的规则（标准误的变异系数不超过 5%）"
        f"需 {von_hippel} 次。",
        f"With {m} imputations the last printed digit of {n} pooled {'ratio' if n == 1 else 'ratios'} could change with other draws. "
        f"For a stable last digit (Monte Carlo error of half its unit or less) {needed} are needed ({name.en}); the rule of White, Royston & Wood (2011; "
        f"an error of a tenth of the standard error or less) asks for {white}, that of von Hippel (2020; standard errors repeatable to 5%) "
        f"for {von_hippel}.",
    )


def _many(value: float) -> str:
    """A number of imputations; beyond what can be done in practice only that it is beyond."""
    return count_text(value) if value <= _MOST else f">{_MOST}"


def _errors(errors: Sequence[Estimate], rows: Sequence[Estimate], naming: Naming) -> Text:
    m = imputations_of(errors[0])
    if len(errors) > _EACH:
        worst = max(errors, key=lambda e: e.value or 0)
        name, value = in_sentence(naming(worst)), _size(worst)
        return Text(
            f"合并比值的 Monte Carlo 误差（对 {m} 次插补作刀切法）：均不超过 {value}（{name.zh}）；逐项见 results.csv。",
            f"Monte Carlo error of the pooled ratios (jackknife over {m} imputations): {value} at most ({name.en}); each is in "
            "results.csv.",
        )
    of_p = {_ratio_of(e): e for e in rows if e.statistic == Statistic.MONTE_CARLO_ERROR_OF_P}
    each = join_texts((_one(e, of_p.get(_ratio_of(e)), naming) for e in errors), "；", "; ")
    return Text(
        f"合并比值的 Monte Carlo 误差（对 {m} 次插补作刀切法）：{each.zh}。",
        f"Monte Carlo error of the pooled ratios (jackknife over {m} imputations): {each.en}.",
    )


def _ratio_of(e: Estimate) -> tuple[str, ...]:
    return e.analysis, e.population, e.outcome, e.group, e.variable, e.level


def _one(error: Estimate, of_p: Estimate | None, naming: Naming) -> Text:
    name, size = in_sentence(naming(error)), _size(error)
    if of_p is None:
        return Text(f"{name.zh} {size}", f"{name.en} {size}")
    p = _size(of_p)
    return Text(
        f"{name.zh} {size}（*P* 值的 Monte Carlo 误差 {p}）",
        f"{name.en} {size} (Monte Carlo error of its *P* {p})",
    )


def _size(error: Estimate) -> str:
    value = error.value or 0.0
    least = 10.0**-_DECIMALS
    return f"<{format_number(least, _DECIMALS)}" if 0 < value < least / 2 else format_number(value, _DECIMALS)
