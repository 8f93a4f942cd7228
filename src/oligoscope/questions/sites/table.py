"""Organs of the first progression by group, in old places or new, and organ by organ since baseline."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import count, group_header
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, words
from oligoscope.printing.team_notes import given_by_team
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.study.dictionary.reported import ORGAN
from oligoscope.study.vocabulary import column_name, name_of, name_of_level

_BLOCKS: dict[str, Text] = {
    "organ": ORGAN.label,
    "site_relation": column_name("site_relation"),
    "same_organ": Text(
        "基线受累器官中该处进展者", "Of patients with the organ at baseline, progressed there"
    ),
}


def tabulate_sites(results: Results, population: str = "progressed", by: str = "pattern") -> Table:
    """n (%) by group; the last block has its own denominators: those with the organ at baseline."""
    found = results.find(analysis=SITES, population=population, outcome=by)
    sizes = [e for e in found if not e.variable and e.statistic == Statistic.N]
    rows: list[Row] = []
    for variable, heading in _BLOCKS.items():
        levels = list(dict.fromkeys(e.level for e in found if e.variable == variable))
        rows.append(Row((words(heading), *(BLANK for _ in sizes)), is_heading=True))
        rows += [_row(found, variable, level, sizes) for level in levels]
    return Table(
        id=f"sites_{population}_{by}",
        title=titled(_TITLE, population, by),
        columns=(Header(Text("部位", "Site"), align="start"), *(group_header(s) for s in sizes)),
        rows=tuple(rows),
        notes=(_NOTE_OF_TEAM if "baseline_organs" in given_by_team(results) else _NOTE,),
    )


_TITLE = Text(
    "{people}按{groups}分组的首次进展部位 [例(%)]",
    "Sites of first progression of the {people} by {groups} [n (%)]",
)
_NOTE = Text(
    "同一患者可有多个进展器官，故百分比之和可超过 100%；最后一组的分母为基线该器官受累的患者数（含原发灶所在器官）。",
    "A patient may progress in several organs, so percentages may add up to more than 100. In the last block the "
    "denominator is the patients with disease in that organ at baseline, the primary tumour's organ included.",
)

_NOTE_OF_TEAM = Text(
    "同一患者可有多个进展器官，故百分比之和可超过 100%；最后一组的分母为研究团队所列基线器官含该器官的患者数。",
    "A patient may progress in several organs, so percentages may add up to more than 100. In the last block the "
    "denominator is the patients for whom the study team listed that organ at baseline.",
)


def _row(found: list[Estimate], variable: str, level: str, sizes: list[Estimate]) -> Row:
    name = name_of_level(variable, level) if variable == "site_relation" else name_of(level)
    here = {(e.group, e.statistic): e for e in found if (e.variable, e.level) == (variable, level)}
    cells = (_cell(here, size.group) for size in sizes)
    return Row((words(name), *cells), indent=1)


def _cell(here: dict[tuple[str, Statistic | StatisticAt], Estimate], group: str) -> Cell:
    n = here.get((group, Statistic.N))
    return BLANK if n is None else count(n, here.get((group, Statistic.PERCENT)))
