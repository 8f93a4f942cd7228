"""What was missing and how it was completed: shares, imputations, levels as observed and as completed."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.cells import count, with_limits
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, words
from oligoscope.printing.whole_counts import Key, whole_counts
from oligoscope.questions.imputation.words import completion
from oligoscope.results.analyses import BASELINE, IMPUTATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

_OBSERVED, _COMPLETED = Text("观察值", "observed"), Text("插补后", "after imputation")


def tabulate_imputation(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """A block an incomplete variable: its levels in each group, observed and (where reported) completed.

    The completed counts are means over the imputations: analysis "imputation", outcome `by`, statistic n.
    """
    notes = Footnotes()
    groups = _groups(results, population, by)
    shares, made = completion(results, population, by)
    is_completed = results.find(analysis=IMPUTATION, population=population, outcome=by, statistic=Statistic.N)
    kinds = (_OBSERVED, _COMPLETED) if is_completed else (_OBSERVED,)
    rows = [row for share in shares for row in _variable_rows(results, share, by, groups, len(kinds), notes)]
    columns = (
        Header(Text("变量与水平", "Variable and level"), align="start"),
        # The levels are counted with the baseline table; where nothing asked for one, the shares are all there is.
        *(Header(name_of(group), kind) for group in groups for kind in kinds),
        *(() if groups else (Header(_VALUE),)),
    )
    return Table(
        id=f"imputation_{population}_{by}",
        title=_title(population, by) if groups else _TITLE_OF_SHARES,
        columns=columns,
        rows=(*rows, *_made_rows(made, len(columns), notes)),
        notes=(*notes.notes(), *((_NOTE,) if groups else ())),
    )


_VALUE = Text("取值", "Value")
_TITLE_OF_SHARES = Text("缺失值与多重插补", "Missing and imputed values")
_NOTE = Text(
    "表中为例（%）。观察值的百分比以已知者为分母，缺失行以该组全部患者为分母；插补后例数为各插补数据集的均数取整，使各水平之和等于组例数，"
    "百分比为各数据集百分比的均数；未取整的均数见 results.csv。观察值从不改变。",
    "Numbers are n (%). Percentages of observed values are of those known, of missing values of everyone in the group; "
    "counts after imputation are means over the imputations, rounded to whole patients so that levels make up their group, and "
    "percentages are means of those of the imputations; results.csv has the means unrounded. Observed values are never changed.",
)


def _title(population: str, by: str) -> Text:
    people, groups = name_of(population), column_name(by)
    return Text(
        f"{people.zh}按{groups.zh}分组的缺失值与多重插补 [例(%)]",
        f"Missing and imputed values in the {in_sentence(people).en}, by {in_sentence(groups).en} [n (%)]",
    )


def _groups(results: Results, population: str, by: str) -> tuple[str, ...]:
    """Everyone, then each group, as the baseline table has them."""
    sizes = results.find(
        analysis=BASELINE, population=population, outcome=by, variable="", statistic=Statistic.N
    )
    return tuple(e.group for e in sizes)


def _variable_rows(
    results: Results, share: Estimate, by: str, groups: tuple[str, ...], n_kinds: int, notes: Footnotes
) -> list[Row]:
    keys: dict[str, Any] = {"population": share.population, "outcome": by, "variable": share.variable}
    observed = results.find(analysis=BASELINE, statistic=Statistic.N, **keys)
    completed = whole_counts(results.find(analysis=IMPUTATION, statistic=Statistic.N, **keys))
    levels = list(dict.fromkeys(e.level for e in observed if e.level))
    missing = with_limits(share, notes)
    first = [missing, *(BLANK for _ in range(len(groups) * n_kinds - 1))]
    name = column_name(share.variable)
    title = Text(f"{name.zh}：缺失/%", f"{name.en}: missing, %")
    if not groups:
        return [Row((words(title), missing))]
    rows = [Row((words(title), *first), is_heading=True)]
    for level in levels:
        cells = [c for g in groups for c in _level_cells(results, keys, g, level, n_kinds, completed)]
        rows.append(Row((words(name_of(level)), *cells), indent=1))
    counts = [c for g in groups for c in (_missing(results, keys, g), *(BLANK,) * (n_kinds - 1))]
    return [*rows, Row((words(name_of("missing")), *counts), indent=1)]


def _level_cells(
    results: Results, keys: dict[str, str], group: str, level: str, n_kinds: int, patients: dict[Key, int]
) -> list[Cell]:
    own = keys | {"group": group, "level": level}
    cells = []
    for analysis in (BASELINE, IMPUTATION):
        n, share = (
            results.get(analysis=analysis, **own, statistic=s) for s in (Statistic.N, Statistic.PERCENT)
        )
        cells.append(count(n, share, None if n is None else patients.get(n.key)))
    return cells[:n_kinds]


def _missing(results: Results, keys: dict[str, str], group: str) -> Cell:
    return count(results.get(analysis=BASELINE, **keys, group=group, statistic=Statistic.MISSING), None)


def _made_rows(made: Estimate | None, n_columns: int, notes: Footnotes) -> list[Row]:
    if made is None:
        return []
    cells = (with_limits(made, notes), *(BLANK for _ in range(n_columns - 2)))
    return [Row((words(Text("插补次数（m）", "Imputations (m)")), *cells), is_heading=True)]
