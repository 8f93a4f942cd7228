"""UpSet of the organs of first progression: which sets of organs progress together, by group.

After Lex et al. 2014: a column a set of organs, the most frequent first; its height is the number of patients,
stacked by group; dots name the organs; bars at the left give each organ's own number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import group_colour, group_keys, widest_mm
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.organs import organ_name
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, SMALL_PT, TEXT_PT
from oligoscope.printing.sentences import listed
from oligoscope.printing.table import each_language
from oligoscope.printing.titles import titled
from oligoscope.questions.sites.series import combinations_name
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.cell_lists import words_in
from oligoscope.study.keys import in_sentence, word_of

MOST_SETS = 20
Y_LABEL = Text("患者数", "Patients")
SIZE_LABEL = Text("该器官的患者数", "Patients, by organ")
_EMPTY, _BAND = "#d9d9d9", "#f3f3f3"

# Millimetres.
_LEFT, _SIZES, _RIGHT, _TOP, _PLOT = 3.0, 34.0, 3.0, 2.0, 46.0
_ROW, _BETWEEN, _AXIS, _FOOT = 5.2, 3.0, 9.0, 4.0
_WIDEST_NAME = 45.0  # a longer name is cut


@dataclass(frozen=True)
class OrganSets:
    """What the picture shows.

    Attributes:
        n: Patients.
        sizes: Patients of each group.
        sets: Drawn sets of organs with their number of patients by group, the most frequent first.
        n_left_out: Patients of the sets that are not drawn, and how many such sets.
        not_drawn: Patients of each organ that is in no drawn set.
        organs: Patients of each organ, the most frequent first.
        printed: The estimates that are printed.
    """

    n: int
    sizes: dict[str, int]
    sets: tuple[tuple[tuple[str, ...], dict[str, int]], ...]
    n_left_out: tuple[int, int]
    not_drawn: dict[str, int]
    organs: dict[str, int]
    printed: tuple[Estimate, ...]


def draw_upset(results: Results, population: str = "progressed", by: str = "pattern") -> Figure:
    """Sets of organs of first progression, from the series `sites/combinations/…`.

    Raises:
        KeyError: The series of this population was not made.
    """
    shown = sets_of(results, population, by)
    return Figure(
        id=f"upset_{population}_{by}",
        title=titled(_TITLE, population, by),
        caption=_caption(shown),
        alt=_alt(shown),
        data=results.series[combinations_name(population, by)],
        painter=lambda language: _paint(shown, language),
        estimates=shown.printed,
        width_mm=DOUBLE_COLUMN_MM,
    )


_TITLE = Text(
    "{people}首次进展器官的组合（按{groups}，UpSet 图）",
    "Combinations of organs of first progression in the {people} by {groups} (UpSet plot)",
)


def sets_of(results: Results, population: str, by: str) -> OrganSets:
    """Everything the picture shows, found in the results."""
    frame = results.series[combinations_name(population, by)]
    found = results.find(analysis=SITES, population=population, outcome=by, statistic=Statistic.N)
    organs = [e for e in found if e.group == "all" and e.variable == "organ"]
    whole = [e for e in found if e.group and not e.variable]
    sizes = {e.group: int(e.value or 0) for e in whole if e.group != "all"}
    totals = (
        frame.group_by("organs", maintain_order=True).agg(pl.col("n").sum()).sort("n", "organs", descending=[True, False])
    )  # fmt: skip
    drawn, rest = totals.head(MOST_SETS), totals.slice(MOST_SETS)
    keys_of = {word_of(group): group for group in sizes}
    by_set: dict[str, dict[str, int]] = {}
    for group, names, n in frame.select("group", "organs", "n").iter_rows():
        by_set.setdefault(names, {})[keys_of.get(group) or group] = n
    sets = tuple((words_in(names), by_set[names]) for names in drawn["organs"])
    named = {organ for members, _ in sets for organ in members}
    rows, others = (
        {e.level: int(e.value or 0) for e in organs if (e.level in named) == is_drawn}
        for is_drawn in (True, False)
    )
    not_drawn = {organ: n for organ, n in others.items() if n}
    left_out = int(rest["n"].sum()), rest.height
    return OrganSets(sum(sizes.values()), sizes, sets, left_out, not_drawn, rows, (*whole, *organs))


def _caption(shown: OrganSets) -> Text:
    n, sets = shown.n_left_out
    more = Text("", "")
    if sets:
        more = Text(
            f"另有 {sets} 种组合共 {n} 例未绘出。",
            f" Not drawn: {Count(sets):further combination|further combinations} with {Count(n):patient|patients}.",
        )
    organs = Text("", "")
    if shown.not_drawn:
        named = [(in_sentence(organ_name(organ)), n) for organ, n in shown.not_drawn.items()]
        zh = "、".join(f"{name.zh}（{n} 例）" for name, n in named)
        en = listed([f"{name.en} (*n*={n})" for name, n in named], "en")
        organs = Text(f"未单列的器官：{zh}。", f" Organs in no combination that is drawn: {en}.")
    return Text(
        f"每列为一种器官组合，柱高为首次进展恰好累及这些器官的患者数；左侧为各器官的患者总数。{more.zh}{organs.zh}",
        "Each column is a combination of organs; its height is the number of patients whose first progression involved exactly these "
        f"organs. Left: all patients with progression in the organ.{more.en}{organs.en}",
    )


def _alt(shown: OrganSets) -> Text:
    def sentence(language: Language) -> str:
        joint, stop = ("+", "；") if language == "zh" else (" + ", "; ")
        named = [
            (joint.join(organ_name(o)[language] for o in members), sum(counts.values())) for members, counts in shown.sets[:5]
        ]  # fmt: skip
        if language == "zh":
            return f"UpSet 图，{shown.n} 例患者。最常见的组合：{stop.join(f'{name} {n} 例' for name, n in named)}。"
        listed = stop.join(f"{name}, {n}" for name, n in named)
        return f"UpSet plot of {Count(shown.n):patient|patients}. Most frequent combinations: {listed}."

    return each_language(sentence)


def _paint(shown: OrganSets, language: Language) -> Drawing:
    names = [fitted(organ_name(o)[language], _WIDEST_NAME) for o in shown.organs]
    named = widest_mm(names) + 3.0
    left = _LEFT + _SIZES + named
    width = DOUBLE_COLUMN_MM - left - _RIGHT
    keys = group_keys(shown.sizes, language, width)
    above = _TOP + len(keys) * LINE_MM + 4.0
    matrix = _ROW * len(names)
    below = above + _PLOT + _BETWEEN
    sheet = Sheet(DOUBLE_COLUMN_MM, below + matrix + _AXIS + _FOOT)
    sheet.paint_keys(keys, left, _TOP)
    _paint_columns(sheet.axes(left, above, width, _PLOT), shown, language)
    _paint_dots(sheet.axes(left, below, width, matrix), shown)
    _paint_sizes(sheet.axes(_LEFT, below, _SIZES, matrix), shown, language)
    for i, name in enumerate(names):
        sheet.write(_LEFT + _SIZES + named / 2, below + (i + 0.5) * _ROW, name, ha="center")
    return sheet.drawing


def _paint_columns(axes: Axes, shown: OrganSets, language: Language) -> None:
    groups = tuple(shown.sizes)
    for i, (_, counts) in enumerate(shown.sets):
        start = 0
        for group in groups:
            n = counts.get(group, 0)
            axes.bar(i, n, bottom=start, width=0.68, color=group_colour(group, groups), linewidth=0)
            start += n
        axes.annotate(
            str(start), (i, start), xytext=(0, 1.5), textcoords="offset points", ha="center", va="bottom", size=SMALL_PT
        )  # fmt: skip
    axes.set_xlim(-0.6, len(shown.sets) - 0.4)
    axes.set_xticks([])
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)
    axes.tick_params(labelsize=TEXT_PT)


def _paint_dots(axes: Axes, shown: OrganSets) -> None:
    """A dot for each organ of a set, joined from the first to the last; pale dots for the others."""
    axes.set_axis_off()
    axes.set_xlim(-0.6, len(shown.sets) - 0.4)
    axes.set_ylim(len(shown.organs), 0)
    rows = {organ: i + 0.5 for i, organ in enumerate(shown.organs)}
    for i in range(0, len(rows), 2):
        axes.axhspan(i, i + 1, color=_BAND, linewidth=0)
    for i, (members, _) in enumerate(shown.sets):
        inside = sorted(rows[organ] for organ in members)
        outside = [y for organ, y in rows.items() if organ not in members]
        dots: dict[str, Any] = {"marker": "o", "markeredgewidth": 0}
        axes.plot([i] * len(outside), outside, linestyle="none", markersize=3.6, color=_EMPTY, **dots)
        axes.plot([i] * len(inside), inside, linewidth=1.0, markersize=4.2, color=INK, **dots)


def _paint_sizes(axes: Axes, shown: OrganSets, language: Language) -> None:
    """Bars that grow to the left, each with its number."""
    largest = max(shown.organs.values())
    for i, n in enumerate(shown.organs.values()):
        axes.barh(i + 0.5, n, height=0.62, color="#7f7f7f", linewidth=0)
        axes.annotate(
            str(n), (n, i + 0.5), xytext=(-2, 0), textcoords="offset points", ha="right", va="center_baseline", size=SMALL_PT
        )  # fmt: skip
    axes.set_xlim(largest * 1.3, 0)
    axes.set_ylim(len(shown.organs), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["right"].set_visible(True)
    axes.set_xticks([t for t in MaxNLocator(3, integer=True).tick_values(0, largest) if 0 <= t <= largest])
    axes.set_xlabel(SIZE_LABEL[language], size=TEXT_PT, labelpad=2)
    axes.tick_params(labelsize=TEXT_PT)
