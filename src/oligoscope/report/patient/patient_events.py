"""One patient's records to the events of a timeline: one row a bar or a sign, in lanes from the top down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.report.patient.patient_timeline import SCHEMA
from oligoscope.report.patient.patient_words import LINE
from oligoscope.study.dictionary.given import LOCAL_TREATMENT, REGIMEN
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import name_of

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
        name = (
            FIRST_LINE if number is None else Text(LINE.zh.format(line=number), LINE.en.format(line=number))
        )
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
            organ = name_of(t["organ"])
            what = Text(f"{what.zh}（{organ.zh}）", f"{what.en} ({organ.en.lower()})")
        yield _event("local", LOCAL, "local", t["started_day"], what)


def _scans(row: dict[str, Any], scans: list[tuple[int, str | None]]) -> Iterator[dict[str, Any]]:
    for day, response in scans:
        yield _event("scans", SCANS, "scan", day, response=response)
    if row["dor_days"] is not None and row["response_day"] is not None:
        stop = row["response_day"] + row["dor_days"]
        yield _event(
            "scans",
            SCANS,
            "response",
            row["response_day"],
            _IN_RESPONSE,
            end_day=stop,
            is_ongoing=row["dor_event"] == 0,
        )


def _progressions(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, clinical = row["progressed_day"], row["clinical_progression_day"]
    if first is not None:
        kind = "clinical_progression" if row["progression_basis"] == "clinical" else "first_progression"
        yield _event(
            "progression", PROGRESSION, kind, first, _on_day(Text("首次进展", "First progression"), first)
        )
    if clinical is not None and clinical != first:
        what = _on_day(Text("临床进展", "Clinical progression"), clinical)
        yield _event("progression", PROGRESSION, "clinical_progression", clinical, what)


def _last(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if row["os_days"] is None:
        return
    died = row["os_event"] == 1
    what = Text("死亡", "Death") if died else Text("存活", "Alive")
    yield _event(
        "end", END, "death" if died else "last_contact", row["os_days"], _on_day(what, row["os_days"])
    )


def _on_day(what: Text, day: int) -> Text:
    return Text(_ON_DAY.zh.format(what=what.zh, day=day), _ON_DAY.en.format(what=what.en, day=day))
