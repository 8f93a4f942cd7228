"""One patient's course as events and as a picture: treatment lines, local treatment, scans, progression, death."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import break_lines
from oligoscope.drawing.responses import colour_of, printed
from oligoscope.drawing.sheet import LINE_MM, SINCE_TREATMENT, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import (
    DOUBLE_COLUMN_MM,
    FAINT,
    INK,
    LINE_PT,
    SMALL_PT,
    TEXT_PT,
    cut_to_pt,
    text_width_pt,
)
from oligoscope.report.patient.patient_words import LINE
from oligoscope.study.cell_lists import words_in
from oligoscope.study.dictionary.given import LOCAL_TREATMENT, REGIMEN
from oligoscope.study.keys import in_sentence
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import name_of_level, organ_name

SCHEMA = {
    "lane": pl.String, "lane_zh": pl.String, "lane_en": pl.String, "kind": pl.String,
    "start_day": pl.Int64, "end_day": pl.Int64, "is_ongoing": pl.Boolean,
    "response": pl.String, "label_zh": pl.String, "label_en": pl.String,
}  # fmt: skip
_CAPTION = Text(
    "竖线为治疗开始（0）与首次进展；扫描处的字母为总体疗效，与前一次相同时不重复标注；箭头表示仍在继续或未知结束日期。1 个月为 30.4375 天。",
    "Vertical lines: start of treatment (0) and first progression. Letters at scans are the overall response, written where it "
    "differs from the scan before; an arrow means ongoing, or that the end is not known. 1 month is 30.4375 days.",
)


@dataclass(frozen=True, slots=True)
class Sign:
    """How a kind of event is drawn."""

    text: Text
    marker: str
    colour: str
    filled: bool = True


SIGNS: dict[str, Sign] = {
    "start": Sign(Text("治疗开始", "Treatment start"), "^", "#d9e2ea"),
    "local": Sign(Text("局部治疗", "Local treatment"), "P", "#5b3a8c"),
    "scan": Sign(Text("扫描", "Scan"), "o", "#ffffff"),
    "first_progression": Sign(Text("首次进展", "First progression"), "D", "#b5500a"),
    "clinical_progression": Sign(Text("临床进展", "Clinical progression"), "D", "#ffffff"),
    "line_progression": Sign(Text("该线进展", "Progression on a line"), "d", "#d97b20"),
    "death": Sign(Text("死亡", "Death"), "X", INK),
    "last_contact": Sign(Text("末次随访（存活）", "Last contact, alive"), ">", "#ffffff"),
}

# Millimetres.
_LEFT, _RIGHT, _LANE, _AXIS, _FOOT = 46.0, 8.0, 8.0, 10.0, 4.0


_CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # keeps upright lines off the letters


def draw_patient_timeline(patient_id: str, events: pl.DataFrame, *, synthetic: bool = False) -> Figure:
    """Draw the events of one patient, a lane a row, from the first named lane down.

    Args:
        patient_id: Names the picture.
        events: Columns of `SCHEMA`; kind is `line` or `response` (a bar) or one of `SIGNS`; days
            count from treatment start. Rows of one lane are together.
        synthetic: Mark the picture as made from synthetic data.
    """
    return Figure(
        id="patient_timeline",
        title=Text(f"患者 {patient_id} 的病程", f"Course of patient {patient_id}"),
        caption=_CAPTION,
        alt=_alt(patient_id, events),
        data=events,
        painter=lambda language: _paint(events, language),
        synthetic=synthetic,
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(patient_id: str, events: pl.DataFrame) -> Text:
    shown = events.filter(pl.col("kind") != "scan")
    n_scans = events.height - shown.height
    zh = "；".join(
        f"{row['label_zh'] or row['lane_zh']}（第 {row['start_day']} 天）"
        for row in shown.iter_rows(named=True)
    )
    en = "; ".join(
        f"{row['label_en'] or row['lane_en']} (day {row['start_day']})" for row in shown.iter_rows(named=True)
    )
    return Text(
        f"患者 {patient_id} 的时间轴，{n_scans} 次扫描。{zh}。",
        f"Timeline of patient {patient_id}, {Count(n_scans):scan|scans}. {en}.",
    )


def _paint(events: pl.DataFrame, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    kinds = set(events["kind"])
    keys = [
        Key(s.text[language], "marker", s.colour, INK, marker=s.marker, filled=s.filled)
        for k, s in SIGNS.items()
        if k in kinds
    ]
    rows = arrange_keys(keys, width)
    lanes = list(events["lane"].unique(maintain_order=True))
    above, plot = 2.0 + len(rows) * LINE_MM + 2.0, len(lanes) * _LANE
    sheet = Sheet(DOUBLE_COLUMN_MM, above + plot + _AXIS + _FOOT)
    sheet.paint_keys(rows, _LEFT, 2.0)
    axes = sheet.axes(_LEFT, above, width, plot)
    _scale(axes, events, len(lanes))
    for i, lane in enumerate(lanes):
        own = events.filter(pl.col("lane") == lane)
        _name_lane(sheet, own[f"lane_{language}"][0], above + (i + 0.5) * _LANE)
        _paint_lane(axes, own, i, width, language)
    for kind in ("first_progression", "clinical_progression"):
        for day in events.filter(pl.col("kind") == kind)["start_day"].head(1):
            axes.axvline(
                day / DAYS_PER_MONTH, color="#b5500a", linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5
            )
    axes.axvline(0, color=FAINT, linewidth=LINE_PT, zorder=0.5)
    axes.set_xlabel(SINCE_TREATMENT[language], size=TEXT_PT, labelpad=2)
    return sheet.drawing


def _name_lane(sheet: Sheet, name: str, y: float) -> None:
    lines = break_lines(name, (_LEFT - 6.0) * 72 / 25.4)[:2]
    for i, line in enumerate(lines):
        sheet.write(_LEFT - 3.0, y + (i - (len(lines) - 1) / 2) * 3.4, line, ha="right")


def _scale(axes: Axes, events: pl.DataFrame, n_lanes: int) -> None:
    days = pl.concat([events["start_day"], events["end_day"]]).drop_nulls().to_numpy() / DAYS_PER_MONTH
    first, last = min(0.0, float(days.min())), max(1.0, float(days.max()))
    room = 0.03 * (last - first)
    axes.set_xlim(first - room, last + room)
    axes.set_ylim(n_lanes, 0)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if last / s <= 12)
    axes.set_xticks(np.arange(0, last + room, step))
    axes.set_yticks([])
    axes.tick_params(labelsize=TEXT_PT)
    axes.spines["left"].set_visible(False)
    for lane in range(1, n_lanes):
        axes.axhline(lane, color="#d8d8d8", linewidth=0.4, zorder=0.2)


def _paint_lane(axes: Axes, events: pl.DataFrame, lane: int, width_mm: float, language: Language) -> None:
    low, high = axes.get_xlim()
    months_a_pt = (high - low) / width_mm * 25.4 / 72
    before, free_from = "", low
    for row in events.sort("start_day").iter_rows(named=True):
        x, label = row["start_day"] / DAYS_PER_MONTH, row[f"label_{language}"]
        if row["kind"] in {"line", "response"}:
            _paint_bar(axes, row, lane, label, months_a_pt)
            continue
        sign = SIGNS[row["kind"]]
        colour = colour_of(row["response"]) if row["kind"] == "scan" else sign.colour
        axes.plot([x], [lane + 0.5], linestyle="none", marker=sign.marker, markersize=4.5, zorder=3,
                  markerfacecolor=colour, markeredgecolor=INK, markeredgewidth=0.6)  # fmt: skip
        if row["kind"] == "scan":
            text = printed(row["response"])[language] if row["response"] else ""
            if text and text != before:
                free_from = _paint_code(axes, x, lane, text, free_from, months_a_pt)
            before = text
        elif label:
            after, before_it = ((end / months_a_pt) - 8 for end in (high - x, x - low))
            fits = text_width_pt(label, SMALL_PT) < after or after >= before_it
            shown = cut_to_pt(label, max(after, before_it), SMALL_PT)
            axes.annotate(shown, (x, lane + 0.5), xytext=(5 if fits else -5, 0), textcoords="offset points",
                          ha="left" if fits else "right", va="center_baseline", size=SMALL_PT)  # fmt: skip


def _paint_code(axes: Axes, x: float, lane: int, text: str, free_from: float, months_a_pt: float) -> float:
    """A response above its scan, or below where the one before would be touched; gives where room begins again."""
    half = (text_width_pt(text, SMALL_PT) / 2 + 0.5) * months_a_pt
    is_free = x - half >= free_from
    axes.text(
        x, lane + (0.19 if is_free else 0.79), text, ha="center", va="center", size=SMALL_PT, bbox=_CLEAR
    )
    return x + half if is_free else free_from


def _paint_bar(axes: Axes, row: dict, lane: int, label: str, months_a_pt: float) -> None:
    """A treatment line as a broad bar with its words, in it or after it; a response as a thin one under the scans."""
    start, stop = row["start_day"] / DAYS_PER_MONTH, row["end_day"] / DAYS_PER_MONTH
    is_line = row["kind"] == "line"
    height, colour, edge = (0.42, "#d9e2ea", INK) if is_line else (0.08, "#0072b2", "#0072b2")
    middle = lane + (0.5 if is_line else 0.95)
    length = max(stop - start, 0.02)
    axes.barh([middle], [length], left=[start], height=height, color=colour, edgecolor=edge, linewidth=0.4)
    if row["is_ongoing"]:
        size = 4 if is_line else 3
        axes.plot([stop], [middle], marker=">", markersize=size, color=edge, clip_on=False)
    if is_line and label:
        inside, after = length / months_a_pt - 4, (axes.get_xlim()[1] - stop) / months_a_pt - 9
        is_inside = text_width_pt(label, SMALL_PT) < inside or inside >= after
        shown = cut_to_pt(label, max(inside, after), SMALL_PT)
        axes.annotate(shown, (start if is_inside else stop, middle), xytext=(2 if is_inside else 7, 0),
                      textcoords="offset points", va="center_baseline", size=SMALL_PT)  # fmt: skip


FIRST_LINE = Text("一线治疗", "First-line treatment")
LOCAL = Text("局部治疗", "Local treatment")
SCANS = Text("扫描与总体疗效", "Scans and overall response")
PROGRESSION = Text("进展", "Progression")
END = Text("死亡或末次随访", "Death or last contact")
_NO_WORDS = Text("", "")
_IN_RESPONSE = Text("缓解持续", "Response")
_ON_DAY = Text("{what}，第 {day} 天", "{what}, day {day}")
_END_NOT_KNOWN = Text("结束日期无记录", "end not recorded")


def patient_events(
    row: dict[str, Any], tables: StudyTables, scans: list[tuple[int, str | None]], cutoff: date | None
) -> pl.DataFrame:
    """Everything that has a day, lane by lane.

    Args:
        row: The patient's derived labels.
        tables: The patient's own rows.
        scans: (day, overall response or None) of each assessment, baseline included.
        cutoff: Follow-up after this date is not counted, and not drawn.
    """
    end = _end_of_follow_up(row, scans)
    found = [
        *_lines(row, tables, end),
        *_local(tables),
        *_scans(row, scans),
        *_progressions(row),
        *_last(row),
    ]
    frame = pl.DataFrame(found, schema=SCHEMA, orient="row")
    start = row["treatment_started_on"]
    if cutoff is None or start is None:
        return frame
    last = (cutoff - start).days
    return frame.filter(pl.col("start_day") <= last).with_columns(pl.col("end_day").clip(upper_bound=last))


def _event(
    lane: str, name: Text, kind: str, day: int, label: Text = _NO_WORDS, **more: Any
) -> dict[str, Any]:
    return {
        "lane": lane, "lane_zh": name.zh, "lane_en": name.en, "kind": kind, "start_day": day, "end_day": None,
        "is_ongoing": False, "response": None, "label_zh": label.zh, "label_en": label.en,
    } | more  # fmt: skip


def _end_of_follow_up(row: dict[str, Any], scans: list[tuple[int, str | None]]) -> int:
    return max([row["os_days"] or 0, *(day for day, _ in scans), 1])


def _lines(row: dict[str, Any], tables: StudyTables, end: int) -> Iterator[dict[str, Any]]:
    """A lane a systemic line with its progression; without a treatments table only what patients say."""
    systemic = tables.treatments.filter(pl.col("modality").is_null() & pl.col("started_day").is_not_null())
    lines = systemic.sort("started_day", "line").to_dicts()
    for i, line in enumerate(lines):
        number, lane = line["line"], f"line {i}"
        name = FIRST_LINE if number is None else LINE.filled(line=number)
        regimen = REGIMEN.level_name(line["regimen"]) if line["regimen"] else _NO_WORDS
        # An end that is not known is not after the start of the next line.
        until = lines[i + 1]["started_day"] if i + 1 < len(lines) else end
        yield _bar(lane, name, line["started_day"], line["ended_day"], until, regimen)
        if line["progressed_day"] is not None and (number or 1) > 1:
            yield _event(lane, name, "line_progression", line["progressed_day"])
    if lines or row["treatment_started_on"] is None:
        return
    if row["last_dose_day"] is None:
        yield _event("line", FIRST_LINE, "start", 0, _END_NOT_KNOWN)
    else:
        yield _bar("line", FIRST_LINE, 0, row["last_dose_day"], end, _NO_WORDS)


def _bar(lane: str, name: Text, start: int, stop: int | None, until: int, label: Text) -> dict[str, Any]:
    end_day = max(until, start) if stop is None else stop
    return _event(lane, name, "line", start, label, end_day=end_day, is_ongoing=stop is None)


def _local(tables: StudyTables) -> Iterator[dict[str, Any]]:
    local = tables.treatments.filter(pl.col("modality").is_not_null() & pl.col("started_day").is_not_null())
    for t in local.sort("started_day").iter_rows(named=True):
        what = LOCAL_TREATMENT.level_name(t["modality"])
        if t["organ"]:
            organs = [organ_name(word) for word in words_in(t["organ"])]
            zh, en = "、".join(o.zh for o in organs), ", ".join(in_sentence(o).en for o in organs)
            what = Text(f"{what.zh}（{zh}）", f"{what.en} ({en})")
        yield _event("local", LOCAL, "local", t["started_day"], what)


def _scans(row: dict[str, Any], scans: list[tuple[int, str | None]]) -> Iterator[dict[str, Any]]:
    for day, response in scans:
        yield _event("scans", SCANS, "scan", day, response=response)
    if row["dor_days"] is not None and row["response_day"] is not None:
        start, stop = row["response_day"], row["response_day"] + row["dor_days"]
        is_ongoing = row["dor_event"] == 0
        yield _event("scans", SCANS, "response", start, _IN_RESPONSE, end_day=stop, is_ongoing=is_ongoing)


def _progressions(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, clinical = row["progressed_day"], row["clinical_progression_day"]
    if first is not None:
        kind = "clinical_progression" if row["progression_basis"] == "clinical" else "first_progression"
        yield _dated("progression", PROGRESSION, kind, first, Text("首次进展", "First progression"))
    if clinical is not None and clinical != first:
        what = Text("临床进展", "Clinical progression")
        yield _dated("progression", PROGRESSION, "clinical_progression", clinical, what)


def _last(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if row["os_days"] is None:
        return
    died = row["os_event"] == 1
    what = Text("死亡", "Death") if died else name_of_level("vital_status", "alive")
    yield _dated("end", END, "death" if died else "last_contact", row["os_days"], what)


def _dated(lane: str, name: Text, kind: str, day: int, what: Text) -> dict[str, Any]:
    """An event whose label says its day."""
    return _event(lane, name, kind, day, _ON_DAY.filled(what=what, day=f"{day:.1f}".removesuffix(".0")))
