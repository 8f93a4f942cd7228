"""One patient's lesions through all scans: what was seen, what progressed, and the points of a spider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.clinical.responses import ResponseFrames
from oligoscope.report.patient.lesion_spider import SCHEMA
from oligoscope.report.patient.patient_words import MERGED, sized_text, state_text
from oligoscope.study.dictionary.given import ROLE
from oligoscope.study.dictionary.terms import State
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import name_of

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
    organ = name_of(lesion.organ) if lesion.organ else Text("部位未知", "site not known")
    return Text(
        f"{lesion.lesion_id} {role.zh}，{organ.zh}",
        f"{lesion.lesion_id} {role.en.lower()}, {organ.en.lower()}",
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
    return tuple(_tracks(frames, tables, progressed))


def _tracks(frames: ResponseFrames, tables: StudyTables, progressed: pl.DataFrame) -> Iterator[LesionTrack]:
    states = tables.measurements.select("source_row", "state", "certainty").unique("source_row")
    values = frames.values.join(states, on="source_row", how="left").sort("k", "day")
    at = {r["lesion_id"]: r for r in progressed.iter_rows(named=True)}
    for lesion in frames.lesions.iter_rows(named=True):
        own = values.filter(pl.col("lesion") == lesion["lesion"])
        found = at.get(lesion["lesion_id"])
        track = LesionTrack(
            lesion["lesion_id"], lesion["role"], lesion["organ"],
            tuple(_reading(r) for r in own.unique("k", keep="last").sort("k").iter_rows(named=True)),
        )  # fmt: skip
        yield track if found is None else replace(
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
