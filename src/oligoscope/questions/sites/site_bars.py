"""Figure 4A: the share of each group that progressed in each organ, with the number of patients."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import group_colour, group_keys, percent_axis, share_text, widest_mm
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.organs import organ_name
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import INK, SINGLE_COLUMN_MM, SMALL_PT
from oligoscope.printing.table import each_language
from oligoscope.printing.titles import titled
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.vocabulary import name_of

MOST_ORGANS = 10  # in one picture; the table has all of them
X_LABEL = Text("该组患者中的比例/%", "Patients of the group, %")

# Millimetres.
_RIGHT, _TOP, _BAR, _GAP, _AXIS, _FOOT = 3.0, 2.0, 3.4, 2.4, 9.0, 4.0
_WIDEST_NAME = 0.4  # of the picture; a longer name is cut


@dataclass(frozen=True)
class SiteShares:
    """What the picture shows: organs from the most frequent, and each group's share in them."""

    sizes: dict[str, int]
    organs: tuple[str, ...]
    n_left_out: int
    percent: dict[tuple[str, str], Estimate]  # (organ, group)
    count: dict[tuple[str, str], Estimate]

    def texts(self, language: Language) -> dict[tuple[str, str], str]:
        """What is written beside each bar."""
        return {key: share_text(p, self.count.get(key), language) for key, p in self.percent.items()}


def draw_site_bars(
    results: Results,
    population: str = "progressed",
    by: str = "pattern",
    width_mm: float = SINGLE_COLUMN_MM,
) -> Figure:
    """Organs of first progression by group, from the estimates of analysis `sites`.

    Raises:
        KeyError: No such estimates.
    """
    shares = shares_of(results, population, by)
    return Figure(
        id=f"site_bars_{population}_{by}",
        title=titled(_TITLE, population, by),
        caption=_caption(shares),
        alt=_alt(shares),
        data=_data(shares),
        painter=lambda language: _paint(shares, width_mm, language),
        estimates=(*shares.percent.values(), *shares.count.values()),
        width_mm=width_mm,
    )


_TITLE = Text(
    "{people}按{groups}分组的首次进展部位分布", "Organs of first progression in the {people} by {groups}"
)


def shares_of(results: Results, population: str, by: str) -> SiteShares:
    """Everything the picture shows, found in the results."""
    found = results.find(analysis=SITES, population=population, outcome=by)
    sizes = {e.group: int(e.value or 0) for e in found if not e.variable and e.group != "all"}
    at = [e for e in found if e.variable == "organ" and e.group in sizes]
    organs = tuple(dict.fromkeys(e.level for e in at))
    if not organs:
        raise KeyError(f"sites of {population}")
    kept = organs[:MOST_ORGANS]
    percent = {(e.level, e.group): e for e in at if e.statistic == Statistic.PERCENT and e.level in kept}
    count = {(e.level, e.group): e for e in at if e.statistic == Statistic.N and e.level in kept}
    return SiteShares(sizes, kept, len(organs) - len(kept), percent, count)


def _caption(shares: SiteShares) -> Text:
    left = shares.n_left_out
    more = Text("", "")
    if left:
        more = Text(
            f"另有 {left} 个少见器官未绘出，见表。",
            f" {Count(left):rarer organ is|rarer organs are} not drawn; the table has all.",
        )
    return Text(
        f"柱旁为比例（例数）；同一患者可有多个进展器官，故各比例之和可超过 100%。{more.zh}",
        "Beside each bar the share (number of patients); a patient may progress in several organs, so that shares may add "
        f"up to more than 100%.{more.en}",
    )


def _alt(shares: SiteShares) -> Text:
    def sentence(language: Language) -> str:
        colon, comma, stop = ("：", "、", "；") if language == "zh" else (": ", ", ", "; ")
        texts = shares.texts(language)
        parts = (
            name_of(group)[language]
            + colon
            + comma.join(f"{organ_name(o)[language]} {texts.get((o, group), '')}" for o in shares.organs[:4])
            for group in shares.sizes
        )
        return Text("条形图。{}。", "Bar chart. {}.")[language].format(stop.join(parts))

    return each_language(sentence)


def _data(shares: SiteShares) -> pl.DataFrame:
    rows = [
        {"organ": o, "group": g, "n": c.value, "n_group": shares.sizes[g], "percent": p.value if (p := shares.percent.get((o, g))) else None}
        for (o, g), c in shares.count.items()
    ]  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.col("n").cast(pl.Int64))


def _paint(shares: SiteShares, width_mm: float, language: Language) -> Drawing:
    groups = tuple(shares.sizes)
    names = [fitted(organ_name(o)[language], _WIDEST_NAME * width_mm) for o in shares.organs]
    left = widest_mm(names) + 4.0
    texts = shares.texts(language)
    largest = max((p.value or 0.0) for p in shares.percent.values())
    room = widest_mm(list(texts.values()), SMALL_PT) + 2.0
    keys = group_keys(shares.sizes, language, width_mm - left - _RIGHT)
    above = _TOP + len(keys) * LINE_MM + 1.5
    step = len(groups) * _BAR + _GAP
    height = len(names) * step
    sheet = Sheet(width_mm, above + height + _AXIS + _FOOT)
    sheet.paint_keys(keys, left, _TOP)
    width = width_mm - left - _RIGHT
    axes = sheet.axes(left, above, width - room, height)
    axes.set_ylim(height, 0)
    for i, organ in enumerate(shares.organs):
        sheet.write(left - 2.0, above + (i + 0.5) * step, names[i], ha="right")
        for j, group in enumerate(groups):
            _paint_bar(axes, shares, texts, organ, group, i * step + _GAP / 2 + (j + 0.5) * _BAR)
    percent_axis(axes, largest, X_LABEL, language)
    axes.set_yticks([])
    return sheet.drawing


def _paint_bar(
    axes: Axes, shares: SiteShares, texts: dict[tuple[str, str], str], organ: str, group: str, y: float
) -> None:
    percent = shares.percent.get((organ, group))
    value = percent.value if percent is not None and percent.value is not None else 0.0
    axes.barh(y, value, height=_BAR * 0.86, color=group_colour(group, tuple(shares.sizes)), linewidth=0)
    axes.annotate(
        texts.get((organ, group), ""), (value, y), xytext=(2, 0), textcoords="offset points",
        va="center_baseline", size=SMALL_PT, color=INK, annotation_clip=False,
    )  # fmt: skip
