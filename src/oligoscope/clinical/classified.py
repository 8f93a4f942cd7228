"""Patients whom a team has classified: a row of the cohort becomes a derived patient.

First the row is read as records are (`as_records`), so that the study's own rules apply to it as far as it goes. Then
what the team has given takes the place of what the rules say (`with_given`), label by label; of the labels of which both
are known the rules' own are kept beside it (pattern_by_rule, resistance_by_rule), for their agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from oligoscope.clinical.organs import derive_site_relation
from oligoscope.clinical.progression import classify
from oligoscope.clinical.progression_rules import resolve
from oligoscope.clinical.read_progressions import counts_as_read, organs_listed
from oligoscope.clinical.reasons import LABELS
from oligoscope.study.dictionary.classified import UNITS_OF_TIME, time_name
from oligoscope.study.dictionary.given import PROGRESSION_COLUMNS
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.given_times import gave_progression, given_days, given_event
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import REASONS_OUT, StudyTables

GIVEN = "as given by the team"
BY_DIFFERENCE = "overall survival minus progression-free survival, both as given by the team"
_LABELS = (
    "pattern", "resistance", "best_response", "n_progressing_lesions", "progressing_organs", "baseline_organs", "line_regimen",
    "local_after_progression",
)  # fmt: skip
_OF_PROGRESSION = {"pattern", "resistance", "n_progressing_lesions", "progressing_organs", "diffuse"}
_DATES_OF_PROGRESSION = {"progressed_on", "progressed_day"}
_READ_ELSEWHERE = {"lesions", "assessments", "progressions"}


@dataclass(frozen=True)
class GivenColumns:
    """What the team's table holds, whatever the rows of some of its patients.

    Attributes:
        names: Our columns that its files have; best_response only where some patient has one.
        is_alone: No other table says who responded or progressed.
        has_treatments: There is a table of treatments.
    """

    names: frozenset[str]
    is_alone: bool
    has_treatments: bool

    @classmethod
    def of(cls, tables: StudyTables) -> GivenColumns:
        """Those of a study."""
        filled = (c.name for c in tables.cohort if c.null_count() < len(c))
        names = tables.given.get("cohort") or frozenset(filled)
        there = tables.whole.with_rows
        if not tables.whole.gave_response:
            names -= {"best_response"}
        return cls(names, not there & _READ_ELSEWHERE, "treatments" in there)

    @property
    def labels(self) -> list[str]:
        """Labels that are the team's own."""
        return [name for name in _LABELS if name in self.names]

    @property
    def times(self) -> list[Outcome]:
        """Outcomes of which the team gives the time."""
        return [o for o in Outcome if any(time_name(o, unit.word) in self.names for unit in UNITS_OF_TIME)]

    @property
    def names_progression(self) -> bool:
        """Whether the table says who progressed, so that the others did not."""
        return bool(self.names & (_OF_PROGRESSION | _DATES_OF_PROGRESSION)) or Outcome.PFS in self.times

    @property
    def times_progression(self) -> bool:
        """Whether the table says when patients progressed."""
        return bool(self.names & _DATES_OF_PROGRESSION) or Outcome.PFS in self.times


def as_records(tables: StudyTables) -> StudyTables:
    """The tables with the cohort's rows as progressions that were read, and its survival as dates.

    Rules compare days and calendar months: a time in months is that many calendar months and the days of the rest, so that
    6.0 months end on the anniversary. No time that is reported is made of them.
    """
    if "cohort" not in tables.whole.with_rows:
        return tables
    starts = tables.patients.select("patient_id", start="treatment_started_on")
    cohort = tables.cohort.join(starts, on="patient_id", how="inner", maintain_order="left")
    progressed = gave_progression().fill_null(value=False)
    on = pl.coalesce("progressed_on", _date_after(Outcome.PFS))
    rows = cohort.with_columns(progressed_on=pl.when(progressed).then(on)).with_columns(
        progressed_day=(pl.col("progressed_on") - pl.col("start")).dt.total_days().cast(pl.Int32)
    )
    known = tables.progressions["patient_id"]
    rows = rows.filter(~pl.col("patient_id").is_in(known.implode())).select(tables.progressions.columns)
    of_progressions = {c.name for c in PROGRESSION_COLUMNS}
    given = GivenColumns.of(tables).names & of_progressions
    return replace(
        tables,
        patients=_with_survival(tables.patients, cohort),
        progressions=pl.concat([tables.progressions, rows]),
        given=tables.given | {"progressions": tables.given.get("progressions", frozenset()) | given},
        part_of=tables.whole,
    )


def _date_after(outcome: Outcome) -> pl.Expr:
    """The day on which a time from the start ends."""
    start, months = pl.col("start"), pl.col(time_name(outcome, "months"))
    rest = ((months - months.floor()) * 30.4375).round(0).cast(pl.Int32)
    calendar = start.dt.offset_by(pl.format("{}mo", months.floor().cast(pl.Int32))) + pl.duration(days=rest)
    counted = start + pl.duration(days=given_days(outcome).round(0).cast(pl.Int32))
    return pl.when(months.is_not_null()).then(calendar).otherwise(counted).cast(pl.Date)


def _with_survival(patients: pl.DataFrame, cohort: pl.DataFrame) -> pl.DataFrame:
    """Dates of death and of last contact where a cohort gives times in their place."""
    event = given_event(Outcome.OS)
    ends = cohort.select(
        "patient_id",
        _died=pl.when(event == 1).then(_date_after(Outcome.OS)),
        _alive=pl.when(event == 0).then(_date_after(Outcome.OS)),
    )
    patients = patients.join(ends, on="patient_id", how="left", maintain_order="left")
    undated = pl.col("died_on").is_null() & pl.col("last_known_alive_on").is_null()
    started = pl.col("treatment_started_on")
    return patients.with_columns(
        died_on=pl.when(undated).then(pl.col("_died")).otherwise(pl.col("died_on")),
        last_known_alive_on=pl.when(undated).then(pl.col("_alive")).otherwise(pl.col("last_known_alive_on")),
    ).with_columns(
        died_day=(pl.col("died_on") - started).dt.total_days().cast(pl.Int32),
        last_known_alive_day=(pl.col("last_known_alive_on") - started).dt.total_days().cast(pl.Int32),
    ).drop("_died", "_alive")  # fmt: skip


def with_given(patients: pl.DataFrame, tables: StudyTables, protocol: Protocol) -> pl.DataFrame:
    """Derived patients with what the team has given in place of what the rules say.

    Times are those given, not rounded to days. Blank stays blank: what a team has not classified is no label of theirs.
    """
    if "cohort" not in tables.whole.with_rows:
        return patients
    given = GivenColumns.of(tables)
    by_rule = classify(counts_as_read(as_records(tables)), resolve(protocol.progression))
    patients = patients.join(
        by_rule.select("p", _pattern="pattern"), on="p", how="left", maintain_order="left"
    )
    patients = patients.join(
        _overlay(tables.cohort, given), on="patient_id", how="left", maintain_order="left"
    )
    is_in = pl.col("_in_cohort").fill_null(value=False)

    def theirs(name: str) -> pl.Expr:
        return pl.when(is_in).then(pl.col(f"_{name}_given")).otherwise(pl.col(name)).alias(name)

    labels = [theirs(name) for name in given.labels]
    if "best_response" in given.labels:
        best = pl.when(is_in).then(pl.col("_best_response_given"))
        labels += [best.otherwise(pl.col(n)).alias(n) for n in ("confirmed_response", "reported_response")]
    checkable = is_in & pl.col("progressed_on").is_not_null() & pl.col("_best_response_given").is_not_null()
    patients = patients.with_columns(
        *labels,
        pattern_by_rule=pl.when(is_in & pl.col("_pattern_given").is_not_null()).then(
            pl.coalesce("pattern", "_pattern")
        ),
        resistance_by_rule=pl.when(checkable & pl.col("_resistance_given").is_not_null()).then(
            pl.col("resistance")
        ),
        progressed=_progressed(given, is_in),
    )
    patients = patients.with_columns(*_times(given, is_in))
    patients = patients.drop(c for c in patients.columns if c.startswith("_"))
    return derive_site_relation(patients)


def _overlay(cohort: pl.DataFrame, given: GivenColumns) -> pl.DataFrame:
    """What the team gives of each patient, in columns that the derived patients do not have."""
    organs = {n: pl.col(n) for n in _LABELS} | {
        n: organs_listed(n) for n in ("progressing_organs", "baseline_organs")
    }
    progressed = gave_progression()
    events = {o: given_event(o) for o in Outcome}
    events[Outcome.PFS] = pl.coalesce(events[Outcome.PFS], pl.when(progressed).then(pl.lit(1, pl.Int8)))
    events[Outcome.PPS] = pl.coalesce(events[Outcome.PPS], events[Outcome.OS])
    times = {o: given_days(o) for o in Outcome}
    if Outcome.PPS not in given.times:
        # Rounded where floating point ends, so that equal differences stay equal.
        difference = (times[Outcome.OS] - times[Outcome.PFS]).round(9)
        times[Outcome.PPS] = pl.when(progressed).then(pl.max_horizontal(difference, 0.0))
    both = {o: times[o].is_not_null() & events[o].is_not_null() for o in Outcome}
    return cohort.select(
        "patient_id",
        pl.lit(value=True).alias("_in_cohort"),
        progressed.alias("_progressed_given"),
        *(column.alias(f"_{name}_given") for name, column in organs.items()),
        *(pl.when(both[o]).then(times[o]).alias(f"_{o.days}_given") for o in Outcome),
        *(pl.when(both[o]).then(events[o]).alias(f"_{o.event}_given") for o in Outcome),
    )


def _progressed(given: GivenColumns, is_in: pl.Expr) -> pl.Expr:
    """Whether the patient progressed: as the team's row says, else as another table does; blank where none says so."""
    elsewhere = pl.lit(None, pl.String) if given.is_alone else pl.col("progressed")
    if given.is_alone and given.names_progression:
        elsewhere = pl.lit("no")
    named = pl.when(pl.col("_progressed_given")).then(pl.lit("yes")).otherwise(elsewhere)
    return pl.when(is_in).then(named).otherwise(pl.col("progressed"))


def _times(given: GivenColumns, is_in: pl.Expr) -> list[pl.Expr]:
    """Times and events as given; those that cannot be known from this table alone are blank."""
    times = list(given.times)
    if {Outcome.OS, Outcome.PFS} <= set(times) and Outcome.PPS not in times:
        times.append(Outcome.PPS)
    found = [
        pl.when(is_in).then(pl.col(f"_{name}_given")).otherwise(pl.col(name)).alias(name)
        for o in times
        for name in (o.days, o.event)
    ]
    if Outcome.PFS in times:
        day = pl.when(is_in & (pl.col("progressed") == "yes")).then(pl.col(f"_{Outcome.PFS.days}_given"))
        found.append(pl.coalesce(day, pl.col("progressed_day").cast(pl.Float64)).alias("progressed_day"))
        # Between which assessments a time of the team's own ended is not known.
        found += [
            pl.when(~is_in).then(pl.col(name)).alias(name) for name in ("pfs_lower_days", "n_assessments")
        ]
    unknown: list[str] = []
    if given.is_alone and not given.times_progression:
        # Of a death it is not known whether a progression came before it.
        unknown += [
            name
            for o in (Outcome.PFS, Outcome.IPFS, Outcome.DOR)
            if o not in times
            for name in (o.days, o.event)
        ]
    if not given.has_treatments:
        unknown += ["pfs2_ema_days", "pfs2_ema_event"]
    return found + [pl.when(~is_in).then(pl.col(name)).alias(name) for name in unknown]


def _written(column: str, kind: pl.DataType) -> pl.Expr:
    """A label as text; a time in days to the hundredth, whole where it is."""
    value = pl.col(column)
    return value.round(2).cast(pl.String).str.strip_suffix(".0") if kind.is_float() else value.cast(pl.String)


def given_reasons(reasons: pl.DataFrame, patients: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """The reasons, those of labels and times that are the team's own with the row that gives them."""
    if "cohort" not in tables.whole.with_rows:
        return reasons
    given = GivenColumns.of(tables)
    values: dict[str, tuple[str, str]] = {name: (name, GIVEN) for name in given.labels}
    if "best_response" in values:
        values["confirmed_response"] = ("confirmed_response", GIVEN)
    values |= {o: (o.days, GIVEN) for o in given.times}
    if {Outcome.OS, Outcome.PFS} <= set(given.times):
        values.setdefault(Outcome.PPS, (Outcome.PPS.days, BY_DIFFERENCE))
    place = tables.cohort.select("patient_id", _place=pl.format("{}:{}", "source", "source_row"))
    theirs = patients.join(place, on="patient_id", how="inner")
    rows = [
        theirs.filter(pl.col(column).is_not_null()).select(
            "patient_id", pl.lit(label).alias("label"), _written(column, theirs.schema[column]).alias("value"),
            pl.lit(rule).alias("rule"), source_rows="_place",
        )
        for label, (column, rule) in values.items()
    ]  # fmt: skip
    own = pl.DataFrame({"patient_id": theirs["patient_id"]})
    replaced = own.join(pl.DataFrame({"label": [str(label) for label in values]}), how="cross")
    kept = reasons.join(replaced, on=["patient_id", "label"], how="anti", maintain_order="left")
    order = pl.Enum([*LABELS, *(name for name in values if name not in LABELS)])
    places = patients.select("patient_id", "p")
    times = patients.select("patient_id", **{str(o): pl.col(o.days).is_null() for o in Outcome})
    blank = times.unpivot(index="patient_id", variable_name="label").filter("value")
    return (
        pl.concat([kept.join(blank, on=["patient_id", "label"], how="anti", maintain_order="left"), *rows])
        .join(places, on="patient_id", how="left")
        .sort("p", pl.col("label").cast(order), maintain_order=True)
        .select(*REASONS_OUT)
    )
