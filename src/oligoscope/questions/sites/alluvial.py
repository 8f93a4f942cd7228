"""Figure 3: from the organs involved at baseline to the organs of first progression.

A bar is as high as the number beside it: the patients with disease in that organ, who can be in several bars. An
organ that was involved at baseline is linked with itself; a new one evenly with all organs the patient had at
baseline. Level bands are thus disease that progressed where it was, crossing bands disease in new places. (Linking
every organ with every other would draw a wide band from nodes to lungs that had been involved all along.) At each
end a patient counts one in the bar, shared by the bands; what no band leaves from did not progress.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.alluvial import Node, paint_alluvial
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.organs import REST, drawn_organs, organ_name
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.printing.table import each_language
from oligoscope.printing.team_notes import given_by_team
from oligoscope.questions.sites.series import alluvial_name, flow_name
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

MOST_ORGANS = 9  # on a side; the rarest beyond are drawn as one
_LAST = {REST: 1, "none": 2}  # after the organs, whatever their size


@dataclass(frozen=True)
class Alluvium:
    """What the picture shows.

    Attributes:
        n: Patients.
        n_organs: Organs involved on either side, counted once a patient.
        links: from_organ, to_organ, n (patients), weight_from and weight_to (patients in either bar); rare organs as one,
            those without weight left out.
        baseline: Nodes of the left side, from the top.
        progression: Nodes of the right side, from the top.
        printed: The estimates beside the nodes.
    """

    n: int
    n_organs: tuple[int, int]
    links: pl.DataFrame
    baseline: tuple[Node, ...]
    progression: tuple[Node, ...]
    printed: tuple[Estimate, ...]


def draw_alluvial(
    results: Results,
    population: str = "progressed",
    by: str = "pattern",
    *,
    group: str = "all",
) -> Figure:
    """The flow from organ to organ of a population, or of one group of it, from the series `sites/flow/…`.

    Raises:
        KeyError: The series of this population was not made, or no patient is in it.
    """
    shown = alluvium_of(results, population, by, group)
    totals = (_total(shown.n, shown.n_organs[0]), _total(shown.n, shown.n_organs[1]))
    return Figure(
        id=alluvial_name(population, by) + ("" if group == "all" else f"_{group}"),
        title=_title(population, group),
        caption=_caption(results),
        alt=_alt(shown),
        data=shown.links,
        painter=lambda language: paint_alluvial(shown.links, shown.baseline, shown.progression, totals, language),
        estimates=shown.printed,
        width_mm=DOUBLE_COLUMN_MM,
    )  # fmt: skip


_CAPTION = Text(
    "条的高度即其旁所列的患者数（该器官受累者），两侧比例尺相同；同一患者可计入多个条，合并绘制的器官为各器官患者数之和。"
    "进展器官基线已受累者，色带来自该器官本身；新发者（基线未受累），色带平均来自该患者基线的全部受累器官。"
    "在每个条内，一例患者由进出的色带均分，故色带两端的高度可以不同；左侧条中无色带的部分为该器官未进展且无新发器官的患者。"
    "{baseline}色带颜色同基线器官。",
    "A bar is as high as the number of patients beside it (those with disease in that organ), on one scale for both sides; "
    "a patient may be in several bars, and organs drawn together are the sum of their patients. An organ of progression that "
    "was involved at baseline is linked with itself; a new one evenly with all organs the patient had at baseline. In each bar "
    "a patient is shared evenly by the bands that leave or reach it, so that the two ends of a band can differ in height; "
    "on the left, the part of a bar without a band is patients in whom that organ did not progress and no other organ was new. "
    "{baseline} Bands have the colour of the organ at baseline.",
)

_WITH_PRIMARY = Text("基线器官含原发灶所在器官。", "Organs at baseline include that of the primary tumour.")
_OF_TEAM = Text("基线器官为研究团队所列。", "Organs at baseline are those that the study team listed.")


def _caption(results: Results) -> Text:
    baseline = _OF_TEAM if "baseline_organs" in given_by_team(results) else _WITH_PRIMARY
    return Text(_CAPTION.zh.format(baseline=baseline.zh), _CAPTION.en.format(baseline=baseline.en))


def _title(population: str, group: str) -> Text:
    people = name_of(population)
    if group != "all":
        people = Text(
            f"{people.zh}中{name_of(group).zh}患者", f"{people.en} with {in_sentence(name_of(group)).en}"
        )
    return Text(
        f"{people.zh}基线受累器官与首次进展器官的流向图",
        f"Flow from organs at baseline to organs of first progression in the {in_sentence(people).en}",
    )


def alluvium_of(results: Results, population: str, by: str, group: str) -> Alluvium:
    """Everything the picture shows, found in the results."""
    flow = results.series[flow_name(population, by)]
    flow = flow if group == "all" else flow.filter(pl.col("group") == group)
    keys: dict[str, Any] = {
        "analysis": SITES,
        "population": population,
        "outcome": by,
        "group": group,
        "statistic": Statistic.N,
    }
    size = results.get(**keys)
    if size is None or flow.is_empty():
        raise KeyError(flow_name(population, by))
    at = {e.level: e for e in results.find(**keys, variable="organ")}
    stayed = {e.level: e for e in results.find(**keys, variable="same_organ")}
    there = {organ: int(e.n or 0) for organ, e in stayed.items()}
    now = {organ: int(e.value or 0) for organ, e in at.items()}
    new = {organ: n - int((stayed[organ].value if organ in stayed else 0) or 0) for organ, n in now.items()}
    links = _merged(flow, drawn_organs(there, MOST_ORGANS), drawn_organs(now, MOST_ORGANS))
    kept = {organ: int((stayed[organ].value if organ in stayed else 0) or 0) for organ in there}
    without = round(links.filter(pl.col("from_organ") == "none")["weight_from"].sum())
    baseline = _nodes(there | ({"none": without} if without else {}), kept, MOST_ORGANS)
    progression = _nodes(now, new, MOST_ORGANS)
    n_organs = (sum(there.values()), sum(now.values()))
    printed = (size, *at.values(), *stayed.values())
    return Alluvium(int(size.value or 0), n_organs, links, baseline, progression, printed)


def _merged(flow: pl.DataFrame, left: Iterable[str], right: Iterable[str]) -> pl.DataFrame:
    """Links of all groups together, rare organs as one, the largest first."""

    def kept(column: str, organs: Iterable[str]) -> pl.Expr:
        known = pl.col(column).is_in([*organs, "none"])
        return pl.when(known).then(pl.col(column)).otherwise(pl.lit(REST)).alias(column)

    linked = pl.when(pl.col("from_organ") == pl.col("to_organ")).then("n").otherwise("n_new")
    return (
        flow.with_columns(n=linked)
        .filter(pl.col("weight_to") > 0)
        .with_columns(kept("from_organ", left), kept("to_organ", right))
        .group_by("from_organ", "to_organ", maintain_order=True)
        .agg(pl.col("n").sum(), pl.col("weight_from", "weight_to").sum().round(9))
        .sort("weight_to", "from_organ", "to_organ", descending=[True, False, False])
    )


def _nodes(counts: dict[str, int], parts: dict[str, int], most: int) -> tuple[Node, ...]:
    """Nodes of one side: the largest first, organs drawn together and patients without any last.

    `parts` are those of the patients that are named in brackets.
    """
    drawn = {*drawn_organs(counts, most), "none"}
    n: dict[str, int] = {}
    of_them: dict[str, int] = {}
    for organ, count in counts.items():
        name = organ if organ in drawn else REST
        n[name] = n.get(name, 0) + count
        of_them[name] = of_them.get(name, 0) + parts.get(organ, 0)
    order = sorted((o for o in n if n[o]), key=lambda organ: (_LAST.get(organ, 0), -n[organ], organ))
    return tuple(Node(organ, n[organ], None if organ == "none" else of_them[organ]) for organ in order)


def _total(n: int, n_organs: int) -> Text:
    """What one side adds up to: patients, and organs counted once a patient."""
    return Text(
        f"患者 {n} 例，受累器官 {n_organs} 个",
        f"{Count(n):patient|patients}, {Count(n_organs):organ|organs} involved",
    )


def _alt(shown: Alluvium) -> Text:
    def sentence(language: Language) -> str:
        names = [
            (organ_name(a)[language], organ_name(b)[language], n)
            for a, b, n in shown.links.head(5).select("from_organ", "to_organ", "n").iter_rows()
        ]
        if language == "zh":
            listed = "；".join(f"{a}→{b} {n} 例" for a, b, n in names)
            return f"流向图，{shown.n} 例患者。最宽的连线：{listed}。"
        listed = "; ".join(f"{a} to {b}, {Count(n):patient|patients}" for a, b, n in names)
        return f"Flow diagram of {Count(shown.n):patient|patients}. Widest links: {listed}."

    return each_language(sentence)
