"""Organs of the first progression by group, in old places or new, and organ by organ since baseline."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.cells import count, group_header
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, words
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.reported import ORGAN
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of, name_of_level

_BLOCKS: dict[str, Text] = {
    "organ": ORGAN.label,
    "site_relation": column_name("site_relation"),
    "same_organ": Text(
        "基线受累器官中再次进展者", "Of patients with the organ at baseline, progressed there"
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
    people, groups = name_of(population), column_name(by)
    return Table(
        id=f"sites_{population}_{by}",
        title=Text(
            f"{people.zh}按{groups.zh}分组的首次进展部位 [例(%)]",
            f"Sites of first progression of the {in_sentence(people).en} by {in_sentence(groups).en} [n (%)]",
        ),
        columns=(Header(Text("部位", "Site"), align="start"), *(group_header(s) for s in sizes)),
        rows=tuple(rows),
        notes=(
            Text(
                "同一患者可有多个进展器官，故百分比之和可超过 100%；最后一组的分母为基线该器官受累的患者数（含原发灶所在器官）。",
                "A patient may progress in several organs, so percentages may add up to more than 100. In the last block the "
                "denominator is the patients with disease in that organ at baseline, the primary tumour's organ included.",
            ),
        ),
    )


def _row(found: list[Estimate], variable: str, level: str, sizes: list[Estimate]) -> Row:
    name = name_of_level(variable, level) if variable == "site_relation" else name_of(level)
    return Row((words(name), *(_cell(found, variable, level, s.group) for s in sizes)), indent=1)


def _cell(found: list[Estimate], variable: str, level: str, group: str) -> Cell:
    here = {e.statistic: e for e in found if (e.variable, e.level, e.group) == (variable, level, group)}
    return count(here[Statistic.N], here.get(Statistic.PERCENT)) if Statistic.N in here else BLANK
