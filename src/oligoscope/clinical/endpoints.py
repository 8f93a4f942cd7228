"""Times to events in days from treatment start (end - start, no added day), and who is censored when.

PFS: first progression or death; without either, the last adequate assessment (overall response not
NE), never the last contact, unless the study dates no assessment at all. Settings add the FDA-style censorings: at two or more missed
assessments before the event, and at a new anticancer therapy. A death of a patient without a baseline
scan is an event where missed assessments are ignored (EMA), else only within two scan intervals (FDA); a
setting of its own says otherwise. iPFS follows the same rules, with the progression that iRECIST dates, a
clinical one, or one that the team has read on images where the lesions show none. OS: death, else last known alive,
both up to the data cut-off. Rules and sources: docs/rule-book.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from oligoscope.clinical.columns import join_flags
from oligoscope.clinical.read_progressions import READ
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import EndpointSettings
from oligoscope.study.rules import OTHERWISE, Rule, first_that_holds
from oligoscope.study.schemas import WholeStudy

HALF_YEAR = 183  # days
BETWEEN_ASSESSMENTS = ("pfs_lower_days", "n_assessments", "assessment_interval_days")

# Why a time ends where it does; the sentence must be true of the patient, so that each case has its own.
PROGRESSION = "first progression"
DEATH = "death without progression"
NO_EVENT = "no event: censored at the last adequate assessment"
LAST_CONTACT = "no event and no dated assessment in the study: censored at the last contact"
NEVER_ADEQUATE = "no event and no adequate assessment after the start: censored at the start"
NO_BASELINE = "no baseline assessment: censored at the start"
THERAPY = "new anticancer therapy first: censored at the last adequate assessment before it"
THERAPY_AND_NOTHING = (
    "new anticancer therapy first and no adequate assessment before it: censored at the start"
)
MISSED = "two or more missed assessments before the event: censored at the last adequate one"
MISSED_ALL = "two or more missed assessments and no adequate one before the event: censored at the start"
BY_IRECIST = "first progression as iRECIST dates it"
CLINICAL = "clinical progression"
READ_BY_TEAM = "progression that was read on images"
DIED = "death"
ALIVE = "alive when last seen: censored"
ALIVE_AT_CUTOFF = "alive at the data cut-off: censored"
NOT_SEEN_AGAIN = "no contact after the start: censored at the start"


def derive_endpoints(
    patients: pl.DataFrame,
    points: pl.DataFrame,
    settings: EndpointSettings,
    cutoff: date | None,
    whole: WholeStudy,
) -> pl.DataFrame:
    """Add pfs_, os_, pps_, dor_, pfs2_, pfs2_ema_ and ipfs_ days and events, and why each ends where it does.

    Besides, PFS ends after pfs_lower_days and no later than pfs_days (`_between_assessments`). Those reasons are pfs_rule, ipfs_rule, os_rule and dor_rule, with cutoff_day and the days of adequate
    assessments: last_adequate_day, adequate_before_therapy_day, adequate_before_event_day,
    adequate_before_ievent_day; iprogression_day is the progression that ends iPFS.

    Args:
        patients: With p, treatment_started_on, died_day, last_known_alive_day, progressed_day,
            new_therapy_day, response_day (first CR or PR), has_baseline, imaging_day and cause (first
            progression by imaging), clinical_day, clinical_first, iprogressed_day, ibest_response.
        points: Time points with p, seen_day, declared_day, overall_response.
        settings: The study's endpoint settings.
        cutoff: Follow-up after this date is not counted.
        whole: Without a date of death or contact of anybody there is no OS; where no assessment is dated, patients without
            an event of PFS are censored at their last contact, and PFS is blank without one.
    """
    dated = not whole.with_rows.isdisjoint(("lesions", "measurements", "assessments"))
    patients = patients.with_columns(_cutoff_day(cutoff), _assessed=pl.lit(dated))
    patients = _survival(patients, points, is_followed=whole.is_followed)
    patients = _progression_free(_last_adequate(patients, points), settings)
    patients = _between_assessments(patients, points)
    after = pl.col("progressed_day").is_not_null() & (pl.col("progressed_day") <= pl.col("os_days"))
    responded = pl.col("response_day").is_not_null() & (pl.col("response_day") <= pl.col("pfs_days"))
    patients = _second_progression(patients)
    patients = _immune_progression_free(patients, points, settings)
    return patients.with_columns(
        pps_days=pl.when(after).then(pl.col("os_days") - pl.col("progressed_day")),
        pps_event=pl.when(after).then(pl.col("os_event")),
        # Undefined, not 0, for a patient who never responded.
        dor_days=pl.when(responded).then(pl.col("pfs_days") - pl.col("response_day")),
        dor_event=pl.when(responded).then(pl.col("pfs_event")),
        dor_rule=pl.when(responded).then(pl.col("pfs_rule")),
    ).drop("last_scan_day", "_assessed")


def _second_progression(patients: pl.DataFrame) -> pl.DataFrame:
    """PFS2 from the start of the later line, and (EMA) from the first treatment.

    Censored at the last adequate scan on the line or, where none was recorded, at the end of follow-up.
    """
    start, limit = pl.col("line_start_day"), pl.col("cutoff_day").fill_null(2**30)
    began = start.is_not_null() & (start <= limit)
    event_day = pl.min_horizontal("line_progressed_day", "died_day")
    event = (event_day <= limit).fill_null(False)
    end = pl.when(event).then(event_day).otherwise(pl.coalesce("line_last_day", "os_days"))
    end = pl.min_horizontal(end, limit)
    alive_end, alive_event = pl.col("os_days"), pl.col("os_event")
    return patients.with_columns(
        pfs2_days=pl.when(began).then(pl.max_horizontal(end - start, 0).cast(pl.Int32)),
        pfs2_event=pl.when(began).then(event.cast(pl.Int8)),
        pfs2_ema_days=pl.when(began).then(pl.max_horizontal(end, start).cast(pl.Int32)).otherwise(alive_end),
        pfs2_ema_event=pl.when(began).then(event.cast(pl.Int8)).otherwise(alive_event),
    )


def _immune_progression_free(
    patients: pl.DataFrame, points: pl.DataFrame, settings: EndpointSettings
) -> pl.DataFrame:
    """iPFS: progression as iRECIST dates it, clinical or read, or death; else, and where PFS is, censored.

    Of every patient whose lesions were read: a patient who died or progressed clinically before any scan
    has an event as in PFS.
    """
    was_read = (pl.col("cause") == READ).fill_null(value=False)
    patients = patients.with_columns(_read_day=pl.when(was_read).then(pl.col("imaging_day")))
    patients = patients.with_columns(
        iprogression_day=pl.min_horizontal("iprogressed_day", "clinical_day", "_read_day")
    )
    before = _adequate_before(patients, points, "iprogression_day")
    patients = patients.join(before.rename({"day": "adequate_before_ievent_day"}), on="p", how="left")
    days, event, rule = _free_of("iprogression_day", "adequate_before_ievent_day", settings)
    # Only a progression that lesions showed can turn out not to be one.
    shown = pl.col("progressed_day").is_not_null() & ~pl.col("clinical_first") & ~was_read
    later = shown & (
        pl.col("iprogressed_day").is_null() | (pl.col("iprogressed_day") > pl.col("progressed_day"))
    )
    read_so = pl.col("iprogression_confirmed").is_not_null() & _started()
    judged = read_so & pl.col("has_baseline") & pl.col("ibest_response").is_not_null()
    pseudo = pl.when(judged & later).then(pl.lit("pseudoprogression"))
    cause = (
        pl.when(pl.col("iprogressed_day") == pl.col("iprogression_day")).then(pl.lit(BY_IRECIST))
        .when(pl.col("clinical_day") == pl.col("iprogression_day")).then(pl.lit(CLINICAL))
        .otherwise(pl.lit(READ_BY_TEAM))
    )  # fmt: skip
    rule = pl.when(rule == PROGRESSION).then(cause).otherwise(rule)
    return patients.with_columns(
        **_outcome(Outcome.IPFS, read_so, days, event, rule), flags=join_flags("flags", pseudo)
    ).drop("_read_day")


def _started() -> pl.Expr:
    """Treatment started, by the cut-off: nothing can be counted from a later start."""
    not_later = (pl.col("cutoff_day") >= 0).fill_null(value=True)
    return pl.col("treatment_started_on").is_not_null() & not_later


def _cutoff_day(cutoff: date | None) -> pl.Expr:
    if cutoff is None:
        return pl.lit(None, dtype=pl.Int32).alias("cutoff_day")
    return (
        (pl.lit(cutoff) - pl.col("treatment_started_on")).dt.total_days().cast(pl.Int32).alias("cutoff_day")
    )


def _survival(patients: pl.DataFrame, points: pl.DataFrame, *, is_followed: bool) -> pl.DataFrame:
    """OS; a death or contact after the cut-off counts as alive at the cut-off. Blank where no patient was followed."""
    # The last scan itself, also one on which a lesion could not be evaluated: a response may be dated to an earlier one.
    scans = points.group_by("p").agg(pl.col("seen_day").max().alias("last_scan_day"))
    patients = patients.join(scans, on="p", how="left")
    # Scans and progressions were seen in the living: OS cannot end before PFS does.
    last = pl.max_horizontal(
        "last_known_alive_day", "last_scan_day", "clinical_progression_day", "imaging_day", pl.lit(0)
    )
    died = pl.col("died_day").is_not_null() & (pl.col("died_day") <= pl.col("cutoff_day").fill_null(2**30))
    end = pl.when(died).then(pl.col("died_day")).otherwise(pl.min_horizontal(
        pl.max_horizontal(last, "died_day"), "cutoff_day"))  # fmt: skip
    ends = (
        Rule("event", DIED, died),
        Rule("censored", ALIVE_AT_CUTOFF, end == pl.col("cutoff_day")),
        Rule("censored", NOT_SEEN_AGAIN, end == 0),
        Rule("censored", ALIVE, OTHERWISE),
    )
    rule = first_that_holds(ends, lambda rule: rule.sentence)
    known = _started() & pl.lit(is_followed)
    return patients.with_columns(**_outcome(Outcome.OS, known, end, died, rule))


def _outcome(
    outcome: Outcome, where: pl.Expr, days: pl.Expr, event: pl.Expr, rule: pl.Expr
) -> dict[str, pl.Expr]:
    """Days, event and rule of an outcome, of the patients of whom it is known."""
    parts = {outcome.days: days.cast(pl.Int32), outcome.event: event.cast(pl.Int8), f"{outcome}_rule": rule}
    return {name: pl.when(where).then(value) for name, value in parts.items()}


def _last_adequate(patients: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """The last assessment that was not NE: of all, before a new therapy, and before the event."""
    found = (
        _adequate(patients, points, "new_therapy_day")
        .group_by("p")
        .agg(
            pl.col("day").max().alias("last_adequate_day"),
            pl.col("day")
            .filter(pl.col("day") <= pl.col("new_therapy_day"))
            .max()
            .alias("adequate_before_therapy_day"),
        )
    )
    before = _adequate_before(patients, points, "progressed_day")
    before = before.rename({"day": "adequate_before_event_day"})
    return patients.join(found, on="p", how="left").join(before, on="p", how="left")


def _adequate(patients: pl.DataFrame, points: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Days of the assessments up to the cut-off that were not NE: p, day, and these columns of the patient."""
    rows = points.filter(pl.col("overall_response") != Response.NE)
    rows = rows.select("p", day=pl.col("declared_day"))
    rows = rows.join(patients.select("p", "cutoff_day", *columns), on="p", how="inner")
    return rows.filter(pl.col("day") <= pl.col("cutoff_day").fill_null(2**30))


def _adequate_before(patients: pl.DataFrame, points: pl.DataFrame, progression: str) -> pl.DataFrame:
    """The last adequate assessment before that progression or death, where there is one: p, day."""
    rows = _adequate(patients, points, progression, "died_day")
    rows = rows.filter(pl.col("day") < pl.min_horizontal(progression, "died_day"))
    return rows.group_by("p").agg(pl.col("day").max())


def _between_assessments(patients: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Add pfs_lower_days, n_assessments and assessment_interval_days: between which days PFS ended, and the assessments until then.

    An event lies after the last adequate assessment before it, or after the start, and no later than the day on which it
    was found; so does a death, since there was no assessment between. Without an event both are the same day. The interval
    is the mean over the first half-year: later ones are longer in most schedules, and would make patients who progress late
    seem to be assessed less often. All are blank where the study dates no assessment.

    References:
        Panageas et al., J Natl Cancer Inst 2007, 99:428; of deaths: Joly et al., Biostatistics 2002, 3:433.
    """
    days = _adequate(patients, points, Outcome.PFS.days)
    seen = days.filter((pl.col("day") > 0) & (pl.col("day") <= pl.col(Outcome.PFS.days)))
    early = pl.col("day").filter(pl.col("day") <= HALF_YEAR)
    counts = seen.group_by("p").agg(
        n_assessments=pl.len().cast(pl.Int32), assessment_interval_days=(early.max() / early.len()).round(2)
    )
    before = pl.max_horizontal(pl.col("adequate_before_event_day").fill_null(0), 0)
    lower = pl.when(pl.col(Outcome.PFS.event) == 1).then(before).otherwise(pl.col(Outcome.PFS.days))
    known = pl.col("_assessed") & pl.col(Outcome.PFS.days).is_not_null()
    return patients.join(counts, on="p", how="left", maintain_order="left").with_columns(
        pfs_lower_days=pl.when(known).then(lower.cast(pl.Int32)),
        n_assessments=pl.when(known).then(pl.col("n_assessments").fill_null(0)),
        assessment_interval_days=pl.when(known).then(pl.col("assessment_interval_days")),
    )


def _progression_free(patients: pl.DataFrame, settings: EndpointSettings) -> pl.DataFrame:
    days, event, rule = _free_of("progressed_day", "adequate_before_event_day", settings)
    return patients.with_columns(**_outcome(Outcome.PFS, _started() & days.is_not_null(), days, event, rule))


def _free_of(progression: str, before: str, settings: EndpointSettings) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Days to progression or death, whether that is an event, and the rule.

    Args:
        progression: The column with the day of the progression.
        before: The column with the day of the last adequate assessment before progression or death.
        settings: Which censorings are asked for.
    """

    def in_time(day: str) -> pl.Expr:
        return pl.when(pl.col(day) <= pl.col("cutoff_day").fill_null(2**30)).then(pl.col(day))

    progressed, died = in_time(progression), in_time("died_day")
    event_day = pl.min_horizontal(progressed, died)
    therapy = pl.col("new_therapy_day")
    by_therapy = pl.lit(settings.new_therapy == "censor") & (therapy < event_day.fill_null(2**30)).fill_null(
        False
    )
    missed = pl.lit(settings.missed_assessments == "censor") & (
        event_day - pl.col(before).fill_null(0) > 2 * settings.schedule_days
    ).fill_null(False)
    # Without a baseline no later scan can be judged: only the death counts.
    death = pl.lit(settings.counts_death_without_baseline) | (died <= 2 * settings.schedule_days)
    unjudged = (
        ~pl.col("has_baseline") & progressed.is_null() & ~(died.is_not_null() & death).fill_null(value=False)
    )
    last = pl.col("last_adequate_day")
    contact = pl.when(pl.col("os_days") > 0).then(pl.col("os_days"))
    before_therapy = pl.col("adequate_before_therapy_day")
    ends = (
        _End("censored", NO_BASELINE, unjudged, day=pl.lit(0)),
        _End("censored", THERAPY_AND_NOTHING, by_therapy & before_therapy.is_null(), day=pl.lit(0)),
        _End("censored", THERAPY, by_therapy, day=before_therapy),
        _End("censored", MISSED_ALL, missed & pl.col(before).is_null(), day=pl.lit(0)),
        _End("censored", MISSED, missed, day=pl.col(before)),
        _End("event", PROGRESSION, progressed <= event_day, day=event_day),
        _End("event", DEATH, event_day.is_not_null(), day=event_day),
        _End("censored", LAST_CONTACT, ~pl.col("_assessed"), day=contact),
        _End("censored", NEVER_ADEQUATE, last.is_null(), day=pl.lit(0)),
        _End("censored", NO_EVENT, OTHERWISE, day=last),
    )
    return (
        first_that_holds(ends, lambda end: end.day),
        first_that_holds(ends, lambda end: pl.lit(end.label == "event")),
        first_that_holds(ends, lambda end: end.sentence),
    )


@dataclass(frozen=True, slots=True)
class _End(Rule[str]):
    """How a follow-up ends, "event" or "censored", and on which day."""

    day: pl.Expr = field(kw_only=True)
