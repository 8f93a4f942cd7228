"""What the linked pictures are drawn from: patients in columns, and who is in each mark of each picture.

A mark is a row of results.csv that counts patients, with the patients it counts: nothing is counted anew here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from oligoscope.bilingual import Text
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.report.estimate_words import level_of, rule_words, variable_of
from oligoscope.report.html.html import FIRST_ROW
from oligoscope.report.numbers.numbers_page import Traced, trace_patients
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.report.screen.values import Mask, bits, both
from oligoscope.results.analyses import BASELINE, FLOW, RESPONSE_RATE, SITES, SURVIVAL, TIMING, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.selection import PATIENTS_FILE, Selection
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import OF_CURVES
from oligoscope.study.cell_lists import divided
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import ALL
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of, name_of_level, organ_name

TIMES: Final = (Outcome.PPS, Outcome.PFS, Outcome.OS)
LISTED: Final = ("pattern", "resistance", "best_response")  # columns of the list of patients
ORGANS: Final = "progressing_organs"
BEFORE: Final = ("all_baseline_organs", "baseline_organs")
NO_ORGAN: Final = "none"


@dataclass(frozen=True)
class Patients:
    """The patients of a run, in the order of patients.csv, and who is in each selection."""

    frame: pl.DataFrame
    traced: Traced
    masks: Mapping[Selection, Mask] = field(repr=False)

    @property
    def ids(self) -> list[str]:
        return self.frame["patient_id"].to_list()

    def counted(self, place: int) -> Mask | None:
        """Who the estimate in this place counts; None where they cannot be named."""
        found = self.traced.made_from[place].counted
        return None if found is None else self.masks.get(found)


def find_patients(results: Results, files: PatientFiles) -> Patients:
    """The patients of a run and of each of its numbers."""
    traced = trace_patients(results, files)
    _, found = files.masks(dict.fromkeys(s for made in traced.made_from for s in made.selections()))
    masks = {selection: np.logical_or.reduce(each) for selection, each in found.items() if each}
    frame = files.frames[PATIENTS_FILE].collect()
    return Patients(frame.with_columns(pl.col("patient_id").cast(pl.String)), traced, masks)


def linked_values(protocol: Protocol, results: Results, patients: Patients) -> dict[str, Any]:
    """Everything the linked pictures need; texts are pairs of Chinese and English.

    Returns:
        ids: numbers of the patients. columns: words of the list, as places in `levels`. times: days and event of each
        outcome. organs: of progression, as places in `names`. sets: pictures of bars, each with its marks: value, text,
        n, row of results.csv, and `bits`, the patients. flow: boxes. bands: of organs. curves: of each outcome.
    """
    frame = patients.frame
    return {
        "ids": patients.ids,
        "days_per_month": DAYS_PER_MONTH,
        "columns": {name: _column(frame, name) for name in LISTED if name in frame.columns},
        "times": {str(one): _times(frame, one) for one in TIMES if f"{one}_days" in frame.columns},
        "organs": _organs(frame),
        "flow": list(_flow(protocol, results, patients)),
        "sets": list(_pictures(results, patients)),
        "bands": _bands(results, frame),
        "curves": [_curve(results, outcome) for outcome in TIMES],
        "progressed": bits((frame["population"] == POPULATION).fill_null(value=False).to_numpy()),
    }


# ---- the list of patients -------------------------------------------------------------------------


def _column(frame: pl.DataFrame, name: str) -> dict[str, Any]:
    words = frame[name].fill_null("").to_list()
    levels = [word for word in dict.fromkeys(words) if word]
    places = {word: place for place, word in enumerate(levels)}
    return {
        "title": both(column_name(name)),
        "levels": levels,
        "names": [both(name_of_level(name, word)) for word in levels],
        "of": [places.get(word, -1) for word in words],
    }


def _times(frame: pl.DataFrame, outcome: str) -> dict[str, Any]:
    days = frame[f"{outcome}_days"].cast(pl.Float64, strict=False)
    event = frame[f"{outcome}_event"].cast(pl.Int8, strict=False).fill_null(-1)
    return {"title": both(column_name(outcome)), "days": days.to_list(), "event": event.to_list()}


def _organs(frame: pl.DataFrame) -> dict[str, Any]:
    if ORGANS not in frame.columns:
        return {"names": [], "of": []}
    lists = frame.select(divided(pl.col(ORGANS)).alias("o"))["o"].to_list()
    words = list(dict.fromkeys(word for found in lists for word in found or () if word))
    places = {word: place for place, word in enumerate(words)}
    of = [[places[word] for word in dict.fromkeys(found or ()) if word] for found in lists]
    return {"names": [both(organ_name(word)) for word in words], "of": of}


# ---- bars -----------------------------------------------------------------------------------------


def _pictures(results: Results, patients: Patients) -> Iterator[dict[str, Any]]:
    """A picture a variable, in the order of the report."""
    yield from _of_column(patients.frame, "pattern")
    yield from _of_column(patients.frame, "resistance")
    wanted: tuple[tuple[Analysis, str, str, str], ...] = (
        (RESPONSE_RATE, "best_response", "", "best_response"),
        (SITES, BY, "organ", "organ"),
        (SITES, BY, "site_relation", "site_relation"),
        (TIMING, BY, "window", "window"),
        (TIMING, BY, "month", "month"),
    )
    for analysis, outcome, variable, name in wanted:
        places = _counts(results, analysis, outcome, variable)
        yield from _picture(results, patients, name, places, str(analysis))
    every = _counts(results, BASELINE, BY, None)
    for variable in dict.fromkeys(results.estimates[place].variable for place in every):
        of_it = [place for place in every if results.estimates[place].variable == variable]
        yield from _picture(results, patients, str(variable), of_it, str(BASELINE))


def _counts(results: Results, analysis: Analysis, outcome: str, variable: str | None) -> list[int]:
    """Places of the numbers of patients at each level, of all groups together."""
    return [
        place
        for place, e in enumerate(results.estimates)
        if (e.analysis, e.population, e.outcome, e.group) == (analysis, POPULATION, outcome, ALL)
        and e.statistic == Statistic.N
        and e.level
        and (e.variable == variable if variable is not None else bool(e.variable))
    ]


def _picture(
    results: Results, patients: Patients, name: str, places: Sequence[int], chapter: str
) -> Iterator[dict[str, Any]]:
    marks = [_mark(results.estimates[place], place, patients) for place in places]
    marks = [mark for mark in marks if mark["n"]]
    if marks:
        first = results.estimates[places[0]]
        title = variable_of(first, {}) if first.variable else column_name(first.outcome)
        yield {"name": name, "chapter": chapter, "title": both(title), "marks": marks}


def _mark(e: Estimate, place: int, patients: Patients) -> dict[str, Any]:
    found = patients.counted(place)
    mark = {
        "value": str(e.level),
        "text": both(level_of(e)),
        "n": int(e.value or 0),
        "row": place + FIRST_ROW,
    }
    if found is None:
        reasons = patients.traced.made_from[place].reasons
        why = reasons[0].full if reasons else Text("无法列出患者。", "The patients cannot be listed.")
        return mark | {"why": both(why)}
    return mark | {"bits": bits(found)}


def _of_column(frame: pl.DataFrame, name: str) -> Iterator[dict[str, Any]]:
    """The levels of a derived label of the progressed."""
    if name not in frame.columns:
        return
    progressed = (frame["population"] == POPULATION).fill_null(value=False)
    words = [word for word in frame.filter(progressed)[name].drop_nulls().unique().to_list() if word]
    marks = []
    for word in sorted(words):
        found = (progressed & (frame[name] == word)).fill_null(value=False).to_numpy()
        marks.append(
            {
                "value": word,
                "text": both(name_of_level(name, word)),
                "n": int(found.sum()),
                "bits": bits(found),
            }
        )
    if marks:
        yield {"name": name, "chapter": name, "title": both(column_name(name)), "marks": marks}


# ---- flow, bands, curves --------------------------------------------------------------------------


def _flow(protocol: Protocol, results: Results, patients: Patients) -> Iterator[dict[str, Any]]:
    rules = rule_words(protocol)
    for place, e in enumerate(results.estimates):
        kind = "population" if e.statistic == Statistic.N else "excluded"
        is_box = kind == "population" or e.statistic == Statistic.N_EXCLUDED
        if e.analysis != FLOW or not is_box or e.value is None or (e.variable and kind == "population"):
            continue
        text = name_of(e.group or e.population) if kind == "population" else variable_of(e, rules)
        found = patients.counted(place)
        yield {
            "kind": "group" if e.group else kind, "population": str(e.population),
            "value": str(e.variable or e.group or e.population), "text": both(text), "n": int(e.value),
            "row": place + FIRST_ROW, **({} if found is None else {"bits": bits(found)}),
        }  # fmt: skip


def _bands(results: Results, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Organ at baseline to organ of progression; where the patients found are not as many as were counted, none are named."""
    links = results.series.get(f"sites/flow/{POPULATION}")
    before = next((name for name in BEFORE if name in frame.columns), None)
    if links is None or links.is_empty() or before is None or ORGANS not in frame.columns:
        return []
    is_same = pl.col("from_organ") == pl.col("to_organ")
    kept = (
        links.with_columns(counted=pl.when(is_same).then("n").otherwise("n_new"))
        .filter(pl.col("weight_to") > 0)
        .group_by("from_organ", "to_organ", maintain_order=True)
        .agg(pl.col("counted", "weight_from", "weight_to").sum())
        .sort("weight_to", "from_organ", "to_organ", descending=[True, False, False])
    )
    lists = frame.select(divided(pl.col(before)).alias("b"), divided(pl.col(ORGANS)).alias("p"), "population")
    has = {(c, o): m for c in "bp" for o, m in _members(lists, c).items()}
    progressed = (lists["population"] == POPULATION).fill_null(value=False).to_numpy()
    none = np.zeros(frame.height, bool)
    bands = []
    for a, b, n, left, right in kept.iter_rows():
        there, here = has.get(("b", a), none), has.get(("p", b), none)
        if a == NO_ORGAN:
            there = ~np.logical_or.reduce([m for (c, _), m in has.items() if c == "b"] or [none])
        found = progressed & here & there & (~has.get(("b", b), none) if a != b else True)
        band = {
            "from": a, "to": b, "n": n, "left": left, "right": right,
            "text": [both(_organ(a)), both(_organ(b))],
        }  # fmt: skip
        bands.append(band | ({"bits": bits(found)} if int(found.sum()) == n else {}))
    return bands


def _organ(word: str) -> Text:
    return Text("基线无病灶记录", "None at baseline") if word == NO_ORGAN else organ_name(word)


def _members(lists: pl.DataFrame, column: str) -> dict[str, Mask]:
    """Of each organ, who has it."""
    words = [w for w in lists[column].explode().drop_nulls().unique().to_list() if w]
    holds = lists.select(
        pl.col(column).list.contains(word).fill_null(value=False).alias(word) for word in words
    )
    return {word: holds[word].to_numpy() for word in words}


def _curve(results: Results, outcome: str) -> dict[str, Any]:
    """The curves by pattern and the numbers at risk; why there is none, where there is none."""
    name = f"{POPULATION}/{BY}/{outcome}"
    km, risk = results.series.get(f"km/{name}"), results.series.get(f"at_risk/{name}")
    found: dict[str, Any] = {"outcome": str(outcome), "title": both(column_name(outcome))}
    if km is None or km.filter(pl.len().over("group") > 1).is_empty():
        return found | {"why": both(_why_none(results, outcome))}
    groups = km["group"].unique(maintain_order=True).to_list()
    return found | {"groups": [_one(km, risk, group) for group in groups]}


def _one(km: pl.DataFrame, risk: pl.DataFrame | None, group: str) -> dict[str, Any]:
    own = km.filter(pl.col("group") == group)
    steps = {c: own[c].fill_nan(None).round(5).to_list() for c in ("months", "survival", "low", "high")}
    at_risk: list[tuple[float, int]] = []
    if risk is not None:
        at_risk = list(risk.filter(pl.col("group") == group).select("months", "n_at_risk").iter_rows())
    return {
        "value": group, "text": both(name_of(group)), **steps, "censored": own["n_censored"].to_list(), "at_risk": at_risk,
    }  # fmt: skip


def _why_none(results: Results, outcome: str) -> Text:
    rows = results.find(analysis=SURVIVAL, population=POPULATION, outcome=outcome)
    reasons = [e for e in rows if e.value is None and e.warning and not e.warning.has_only(*OF_CURVES)]
    if reasons:
        why = reasons[0].warning.printed
        return Text(f"{why.zh}。", f"{why.en[:1].upper()}{why.en[1:]}.")
    return Text(
        "本研究没有可用于该曲线的数据：需要首次进展、进展模式与其后的生存时间。",
        "This study has no data for the curve: it needs a first progression, its pattern and the time that followed.",
    )
