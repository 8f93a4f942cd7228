"""One patient's lesions: what was seen of each at every scan, what progressed, and the picture of their sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.sheet import LINE_MM, SINCE_TREATMENT, Key, PlacedKey, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.report.patient.patient_words import MERGED, sized_text, state_text
from oligoscope.study.dictionary.given_lesions import ROLE
from oligoscope.study.dictionary.terms import State
from oligoscope.study.keys import in_sentence
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import organ_name

SCHEMA = {
    "lesion": pl.String, "name_zh": pl.String, "name_en": pl.String, "role": pl.String, "day": pl.Int64,
    "size_mm": pl.Float64, "segment": pl.Int64, "is_first_of_new": pl.Boolean, "progressing": pl.Boolean,
}  # fmt: skip
Y_LABEL = Text("长径（淋巴结为短径）/mm", "Longest diameter (nodes: short axis), mm")
NEW = Text("新病灶首次出现", "New lesion, first seen")
PROGRESSING = Text("首次进展时计为进展的病灶", "Counted as progressing at the first progression")
_CAPTION = Text(
    "每线为 1 个有径线记录的病灶；未测量的扫描处断线，不跨越连接；0 为消失。竖虚线为首次进展。{unsized}",
    "Each line is one lesion with recorded sizes; a line is broken where a scan did not measure it, never joined over it; 0 "
    "means disappeared. Dashed vertical line: first progression. {unsized}",
)
_UNSIZED = Text(
    "{n} 个病灶无径线记录，只列于表中。",
    "{n:lesion has no recorded size and is|lesions have no recorded size and are} in the table only.",
)

# Okabe & Ito hues with dash patterns and markers: three ways to tell lesions apart, one of them without hue.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b8860b", "#1a1a1a")
_LINES: tuple[Any, ...] = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
_MARKERS = ("o", "s", "^", "v", "P", "p", "h")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _AXIS, _FOOT = 15.0, 8.0, 62.0, 10.0, 4.0


def draw_lesion_spider(
    patient_id: str,
    readings: pl.DataFrame,
    progressed_day: int | None,
    *,
    n_unsized: int = 0,
    synthetic: bool = False,
) -> Figure:
    """Draw the sizes of one patient's lesions.

    Args:
        patient_id: Names the picture.
        readings: Columns of `SCHEMA`, a row a lesion and scan at which it has a size; a new `segment`
            begins after a scan without one.
        progressed_day: First progression, days from treatment start.
        n_unsized: Lesions without any size, counted in the caption.
        synthetic: Mark the picture as made from synthetic data.
    """
    caption = _CAPTION.filled(unsized=_UNSIZED.filled(n=Count(n_unsized)) if n_unsized else "")
    return Figure(
        id="lesion_spider",
        title=Text(f"患者 {patient_id} 各病灶的大小", f"Lesions of patient {patient_id} by size"),
        caption=Text(caption.zh, caption.en.rstrip()),
        alt=_alt(readings),
        data=readings,
        painter=lambda language: _paint(readings, progressed_day, language),
        synthetic=synthetic,
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(readings: pl.DataFrame) -> Text:
    zh, en = [], []
    for own in readings.partition_by("lesion", maintain_order=True):
        sizes = own.sort("day")["size_mm"]
        zh.append(f"{own['name_zh'][0]}：{sizes[0]:g} 至 {sizes[-1]:g} mm")
        en.append(f"{own['name_en'][0]}: {sizes[0]:g} to {sizes[-1]:g} mm")
    return Text(
        "病灶大小随时间变化。" + "；".join(zh) + "。", "Sizes of lesions over time. " + "; ".join(en) + "."
    )


def _look(i: int) -> dict[str, Any]:
    colour = _COLOURS[i % len(_COLOURS)]
    return {
        "color": colour,
        "linestyle": _LINES[(i // len(_COLOURS)) % len(_LINES)],
        "marker": _MARKERS[i % len(_MARKERS)],
    }


def _paint(readings: pl.DataFrame, progressed_day: int | None, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    rows = _key_rows(readings, width, language)
    above = 2.0 + len(rows) * LINE_MM + 2.5
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + _AXIS + _FOOT)
    sheet.paint_keys(rows, _LEFT, 2.0)
    axes = sheet.axes(_LEFT, above, width, _PLOT)
    for i, own in enumerate(readings.partition_by("lesion", maintain_order=True)):
        _paint_lesion(axes, own, _look(i))
    _scale(axes, readings, progressed_day)
    axes.set_xlabel(SINCE_TREATMENT[language], size=TEXT_PT, labelpad=2)
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)
    return sheet.drawing


def _key_rows(readings: pl.DataFrame, width: float, language: Language) -> list[list[PlacedKey]]:
    keys = []
    for i, own in enumerate(readings.partition_by("lesion", maintain_order=True)):
        colour, line, marker = _look(i).values()
        keys.append(Key(own[f"name_{language}"][0], "line", colour, colour, line, marker))
    signs = []
    if readings["is_first_of_new"].any():
        signs.append(Key(NEW[language], "marker", INK, INK, marker="*"))
    if readings["progressing"].any():
        signs.append(Key(PROGRESSING[language], "marker", "#ffffff", INK, marker="o", filled=False))
    return [*arrange_keys(keys, width), *(arrange_keys(signs, width) if signs else [])]


def _paint_lesion(axes: Axes, own: pl.DataFrame, look: dict[str, Any]) -> None:
    for segment in own.partition_by("segment", maintain_order=True):
        months = segment["day"].to_numpy() / DAYS_PER_MONTH
        axes.plot(
            months, segment["size_mm"].to_numpy(), linewidth=1.0, markersize=2.6, markeredgewidth=0, **look
        )
    for flag, marker, size, fill in (
        ("is_first_of_new", "*", 7, look["color"]),
        ("progressing", "o", 8, "none"),
    ):
        at = own.filter(flag)
        axes.plot(at["day"].to_numpy() / DAYS_PER_MONTH, at["size_mm"].to_numpy(), linestyle="none", marker=marker,
                  markersize=size, markerfacecolor=fill, markeredgecolor=INK, markeredgewidth=0.6, zorder=3)  # fmt: skip


def _scale(axes: Axes, readings: pl.DataFrame, progressed_day: int | None) -> None:
    months = readings["day"].to_numpy() / DAYS_PER_MONTH
    first, last = min(0.0, float(months.min())), max(1.0, float(months.max()))
    axes.set_xlim(first - 0.02 * (last - first), last * 1.03)
    axes.set_ylim(bottom=-0.02 * float(readings["size_mm"].max() or 1))  # pyright: ignore[reportArgumentType]
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if last / s <= 12)
    axes.set_xticks(np.arange(0, last * 1.03, step))
    axes.tick_params(labelsize=TEXT_PT)
    axes.axvline(0, color=FAINT, linewidth=0.5, zorder=0.5)
    if progressed_day is not None:
        x = progressed_day / DAYS_PER_MONTH
        axes.axvline(x, color="#b5500a", linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5)
        axes.annotate("PD", (x, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
                      ha="center", size=SMALL_PT)  # fmt: skip


# States that are said where there is no size; every other lesion without one is there.
_SEEN = frozenset({State.ABSENT, State.INCREASED, State.UNEQUIVOCAL_PROGRESSION})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen of one lesion at one time point; `size_mm` is None where it has no size."""

    number: int
    day: int
    size_mm: float | None
    text: Text
    is_seen: bool  # evaluated, and not merged into another lesion


@dataclass(frozen=True, slots=True)
class LesionTrack:
    """One lesion through all scans, and what it did at the first progression (None: not judged)."""

    lesion_id: str
    role: str
    organ: str | None
    readings: tuple[Reading, ...]
    progressing: bool | None = None
    by_fallback: bool = False
    reference_mm: float | None = None
    size_at_progression_mm: float | None = None
    source_row: int | None = None


def lesion_name(lesion: LesionTrack) -> Text:
    """`L01 target, lung`."""
    role = ROLE.level_name(lesion.role)
    organ = organ_name(lesion.organ) if lesion.organ else Text("部位未知", "site not known")
    return Text(
        f"{lesion.lesion_id} {role.zh}，{organ.zh}",
        f"{lesion.lesion_id} {role.en.lower()}, {in_sentence(organ).en}",
    )


def scan_days(frames: ResponseFrames) -> tuple[tuple[int, int], ...]:
    """(number, day) of every time point at which lesions were looked at; baseline by its last day."""
    days = frames.values.group_by("k").agg(pl.col("day").min(), pl.col("day").max().alias("last")).sort("k")
    return tuple((k, last if k == 0 else first) for k, first, last in days.iter_rows())


def lesion_tracks(
    frames: ResponseFrames, tables: StudyTables, progressed: pl.DataFrame
) -> tuple[LesionTrack, ...]:
    """Every declared lesion of one patient.

    Args:
        frames: Lesion values of this patient alone.
        tables: The patient's own rows.
        progressed: This patient's rows of `Derived.lesions_at_progression`.
    """
    states = tables.measurements.select("source_row", "state", "certainty").unique("source_row")
    values = frames.values.join(states, on="source_row", how="left").sort("k", "day")
    at = {r["lesion_id"]: r for r in progressed.iter_rows(named=True)}
    tracks = []
    for lesion in frames.lesions.iter_rows(named=True):
        own = values.filter(pl.col("lesion") == lesion["lesion"]).unique("k", keep="last").sort("k")
        readings = tuple(_reading(r) for r in own.iter_rows(named=True))
        track = LesionTrack(lesion["lesion_id"], lesion["role"], lesion["organ"], readings)
        found = at.get(lesion["lesion_id"])
        tracks.append(track if found is None else _judged(track, found))
    return tuple(tracks)


def _judged(track: LesionTrack, found: dict[str, Any]) -> LesionTrack:
    """With what the lesion did at the first progression."""
    return replace(
        track, progressing=found["progressing"], by_fallback=found["fallback"] and found["progressing"],
        reference_mm=_mm(found["reference_um"]), size_at_progression_mm=_mm(found["size_um"]),
        source_row=found["source_row"],
    )  # fmt: skip


def _mm(size_um: int | None) -> float | None:
    return None if size_um is None else size_um / 1000


def _reading(row: dict[str, Any]) -> Reading:
    size, state = _mm(row["size_um"]), row["state"]
    shown = "" if size is None else f"{size:g}"
    if row["merged_into"]:
        text = MERGED.filled(into=row["merged_into"])
    elif not row["evaluated"]:
        text = state_text(State.NOT_EVALUATED)
    elif size is None or (size == 0 and state == "absent"):
        text = state_text("equivocal" if row["suspected"] else state if state in _SEEN else State.PRESENT)
    elif state in {"too_small", "split"}:
        text = sized_text(shown, state)
    else:
        text = Text(shown, shown)
    return Reading(row["k"], row["day"], size, text, row["evaluated"] and not row["merged_into"])


def spider_frame(
    lesions: tuple[LesionTrack, ...], scans: tuple[tuple[int, int], ...], progressed_day: int | None
) -> pl.DataFrame:
    """Every size of every lesion; a new segment begins after a time point that did not size the lesion."""
    order = {number: i for i, (number, _) in enumerate(scans)}
    at_progression = _scan_of_progression(scans, progressed_day)
    rows = []
    for lesion in lesions:
        name = lesion_name(lesion)
        before, segment = None, 0
        sized = [r for r in lesion.readings if r.is_seen and r.size_mm is not None]
        for i, r in enumerate(sized):
            segment += before is not None and order[r.number] > before + 1
            before = order[r.number]
            progressing = bool(lesion.progressing) and r.number == at_progression
            is_first_of_new = lesion.role == "new" and i == 0
            which = (lesion.lesion_id, name.zh, name.en, lesion.role)
            rows.append((*which, r.day, r.size_mm, segment, is_first_of_new, progressing))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _scan_of_progression(scans: tuple[tuple[int, int], ...], progressed_day: int | None) -> int | None:
    """Number of the time point at which the first progression was judged: the last that began by its day."""
    if progressed_day is None:
        return None
    return max((number for number, day in scans if 0 < day <= progressed_day), default=None)
