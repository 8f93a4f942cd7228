"""Three patients to be looked at: one plain, one at the limit of lesions, one near a threshold of response."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.clinical.progression_rules import resolve
from oligoscope.number_format import format_number
from oligoscope.pipeline import StudyRun

_SHRUNK, _GROWN = -30.0, 20.0  # per cent: partial response, progression


@dataclass(frozen=True, slots=True)
class Chosen:
    """A patient, and why this one is shown."""

    patient_id: str
    why: Text


def three_patients(run: StudyRun) -> tuple[Chosen, ...]:
    """At most three different patients, the borderline ones first looked for; fewer where there are none."""
    taken: list[Chosen] = []
    for choose in (_at_the_limit, _near_a_threshold, _plain):
        found = choose(run, [one.patient_id for one in taken])
        if found is not None:
            taken.append(found)
    return tuple(reversed(taken))


def _at_the_limit(run: StudyRun, taken: list[str]) -> Chosen | None:
    limit = resolve(run.protocol.progression).max_lesions
    rows = run.cohort.population("progressed").filter(
        pl.col("n_progressing_lesions").is_not_null(), ~pl.col("patient_id").is_in(taken)
    )
    if limit is None or rows.is_empty():
        return None
    distance = (pl.col("n_progressing_lesions") - limit).abs()
    row = rows.sort(distance, pl.col("n_not_evaluated").fill_null(0) == 0, "patient_id").row(0, named=True)
    n, unseen = row["n_progressing_lesions"], row["n_not_evaluated"] or 0
    return Chosen(row["patient_id"], Text(
        f"进展病灶 {n} 个，界限为 {limit} 个" + (f"；另有 {unseen} 个病灶当时未评估" if unseen else "") + "。",
        f"{n} progressing lesion{'' if n == 1 else 's'}, where the limit is {limit}"
        + (f"; {unseen} more not evaluated then" if unseen else "") + ".",
    ))  # fmt: skip


def _near_a_threshold(run: StudyRun, taken: list[str]) -> Chosen | None:
    change = 100 * (pl.col("sum_mm") / pl.col("baseline_mm") - 1)
    growth = 100 * (pl.col("sum_mm") / pl.col("nadir_mm") - 1)
    known = run.derived.responses.filter(~pl.col("patient_id").is_in(taken)).with_columns(
        change=pl.when(pl.col("baseline_mm") > 0).then(change),
        growth=pl.when(pl.col("nadir_mm") > 0).then(growth),
    )
    rows = (
        known.with_columns(
            to_shrunk=(pl.col("change") - _SHRUNK).abs(), to_grown=(pl.col("growth") - _GROWN).abs()
        )
        .with_columns(distance=pl.min_horizontal("to_shrunk", "to_grown"))
        .drop_nulls("distance")
    )
    if rows.is_empty():
        return None
    row = rows.sort("distance", "patient_id", "assessed_day").row(0, named=True)
    is_shrunk = row["to_shrunk"] is not None and row["to_shrunk"] == row["distance"]
    shown = format_number(row["change"] if is_shrunk else row["growth"], 1)
    on = row["assessed_on"]
    return Chosen(row["patient_id"], Text(
        f"{on} 的径线总和较{'基线' if is_shrunk else '此前最小'}变化 {shown}%，界限为 {'−30' if is_shrunk else '+20'}%。",
        f"The sum on {on} differs by {shown} % from {'baseline' if is_shrunk else 'its nadir'}; the threshold is {'−30' if is_shrunk else '+20'} %.",
    ))  # fmt: skip


def _plain(run: StudyRun, taken: list[str]) -> Chosen | None:
    for name in ("progressed", "treated"):
        rows = run.cohort.population(name).filter(~pl.col("patient_id").is_in(taken))
        if rows.height:
            clean = rows.sort(pl.col("flags").fill_null("") != "", "patient_id")
            return Chosen(clean["patient_id"][0], Text("一般患者。", "A typical patient."))
    return None
