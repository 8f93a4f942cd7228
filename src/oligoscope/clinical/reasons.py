"""Why each label is what it is: the rule that decided, the numbers and dates it compared, the rows it read.

A reason is clauses parted by "; ": the rule's own sentence first, then what it was applied to. The sentences
and their forms in Chinese: report/patient/reason_words.py; tests/spec/reason_checker.py derives each of them
again from the rows. Percentages are cut, not rounded: 29.96 % is printed as 29.9 and never as the 30 it missed.
"""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Count
from oligoscope.clinical.best_response import MINIMUM_LABELS
from oligoscope.clinical.cited_rows import (
    PLACE,
    Evidence,
    as_text,
    cited_lesions,
    cited_points,
    cited_progressions,
    cited_table,
)
from oligoscope.clinical.endpoints import BY_IRECIST, PROGRESSION, READ_BY_TEAM
from oligoscope.clinical.overall_response import PROGRESSION_CAUSES
from oligoscope.clinical.read_progressions import READ
from oligoscope.clinical.reason_points import with_points
from oligoscope.study.dictionary.criteria import CRITERIA, RECIST_1_1
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import REASONS_OUT

LABELS = (
    "best_response", "confirmed_response", "ibest_response", "progressed_on", "iprogressed_on", "pattern", "resistance",
    Outcome.PFS, Outcome.IPFS, Outcome.DOR, Outcome.PPS, Outcome.OS,
)  # fmt: skip
_CAUSE_SENTENCES = {rule.label: rule.sentence for rule in PROGRESSION_CAUSES}
_BEST = "best response up to the first progression (RECIST 1.1, 4.4)"
_CONFIRMED = "best response, CR and PR confirmed (RECIST 1.1 table 3)"
_IBEST = "best iRECIST response before a confirmed progression (Seymour 2017)"


def explain(patients: pl.DataFrame, evidence: Evidence, protocol: Protocol) -> pl.DataFrame:
    """One row a patient and label: `REASONS_OUT`, ordered by patient and label.

    Args:
        patients: Derived, with the days and rules of `derive_best_response`, `derive_endpoints` and the rest.
        evidence: What the labels were derived from.
        protocol: The study.
    """
    patients = with_points(patients, evidence)
    found = pl.concat(_sentences(patients.lazy(), protocol)).collect()
    rows = as_text(_rows(patients, evidence), LABELS)
    order = pl.Enum(LABELS)
    return (
        found.join(rows, on=["p", "label"], how="left", maintain_order="left")
        .sort("p", pl.col("label").cast(order))
        .select(*REASONS_OUT)
    )


# ---- sentences -------------------------------------------------------------------------------------


def _sentences(patients: pl.LazyFrame, protocol: Protocol) -> list[pl.LazyFrame]:
    minimum, window = protocol.response.minimum_sd_days, protocol.progression.window_days
    progressed, end = _on("progressed_day"), _on("_end_day")
    best = _clauses(pl.lit(_BEST), *_best("best", minimum))
    confirmed = _clauses(pl.lit(_CONFIRMED), *_best("confirmed", minimum))
    ibest = _clauses(pl.lit(_IBEST), _ibest())
    pattern = _clauses(pl.col("pattern_rule"), _pattern_facts())
    no_scan = pl.lit(f"no lesion scan within {Count(window):day|days} of the progression")
    clinical = pl.col("clinical_first")
    response = pl.col("_response")
    return [
        _reason(patients, "best_response", pl.col("best_response"), best),
        _reason(patients, "confirmed_response", pl.col("confirmed_response"), confirmed),
        _reason(patients, "ibest_response", pl.col("ibest_response"), ibest),
        _reason(patients, "progressed_on", pl.col("progressed_on"), _progression(protocol)),
        _reason(patients, "iprogressed_on", _on("iprogressed_day"), _irecist_progression()),
        _reason(
            patients, "pattern", pl.col("pattern"),
            pl.when(clinical).then(pl.lit("no imaging at progression"))
            .when(pl.col("pattern_rule").is_null()).then(no_scan).otherwise(pattern),
            pl.col("progressed_on"),
        ),
        _reason(patients, "resistance", pl.col("resistance"), _resistance(protocol.resistance.preset)),
        _reason(patients, Outcome.PFS, pl.col("pfs_days"), _clauses(pl.col("pfs_rule"), *_censoring(protocol, "pfs_rule", "progressed_day", "adequate_before_event_day"), _days("pfs_days"))),
        _reason(patients, Outcome.IPFS, pl.col("ipfs_days"), _clauses(pl.col("ipfs_rule"), *_censoring(protocol, "ipfs_rule", "iprogression_day", "adequate_before_ievent_day"), _days("ipfs_days"))),
        _reason(
            patients, Outcome.DOR, pl.col("dor_days"),
            _clauses(
                pl.lit("from the first CR or PR to the end of progression-free survival"), pl.col("dor_rule"),
                pl.format("{} on {}, end on {}, {}", response, _on("response_day"), _on("pfs_days"), _n_days(pl.col("dor_days"))),
            ),
        ),
        _reason(
            patients.with_columns(_end_day=pl.col("os_days")), Outcome.PPS, pl.col("pps_days"),
            _clauses(
                pl.lit("from the first progression to the end of overall survival"), pl.col("os_rule"),
                pl.format("progression on {}, end on {}, {}", progressed, end, _n_days(pl.col("pps_days"))),
            ),
        ),
        _reason(patients, Outcome.OS, pl.col("os_days"), _clauses(pl.col("os_rule"), _days("os_days"))),
    ]  # fmt: skip


def _clauses(*parts: pl.Expr) -> pl.Expr:
    """Joined by "; "; what is null is left out."""
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)


def _on(day: str) -> pl.Expr:
    return (pl.col("treatment_started_on") + pl.duration(days=pl.col(day))).cast(pl.Date).cast(pl.String)


def _days(column: str) -> pl.Expr:
    return pl.format("{}, {} after {}", _on(column), _n_days(pl.col(column)), "treatment_started_on")


def _n_days(days: pl.Expr) -> pl.Expr:
    return pl.format("{} {}", days, pl.when(days == 1).then(pl.lit("day")).otherwise(pl.lit("days")))


def _mm(column: str) -> pl.Expr:
    """Micrometres as millimetres, without a needless ".0"."""
    return (pl.col(column) / 1000).round(3).cast(pl.String).str.strip_suffix(".0")


def _change(now: str, reference: str) -> pl.Expr:
    """ " (-29.9 %)", cut towards zero; nothing from a reference of 0."""
    difference = pl.col(now).cast(pl.Int64) - pl.col(reference).cast(pl.Int64)
    tenths = difference.abs() * 1000 // pl.when(pl.col(reference) > 0).then(pl.col(reference))
    sign = pl.when(difference < 0).then(pl.lit("-")).otherwise(pl.lit("+"))
    return pl.format(" ({}{}.{} %)", sign, tenths // 10, tenths % 10).fill_null("")


def _best(which: str, minimum: int) -> list[pl.Expr]:
    """What a best response rests on, and the sum it was judged by."""
    label = pl.col(f"{which}_response")
    seen, on, day = pl.col(f"{which}_scan"), _on(f"{which}_scan_day"), pl.col(f"{which}_scan_day")
    stable = label.is_in(MINIMUM_LABELS)
    at = pl.format("{} on {}", seen, on)
    relapsed = (label == "PD") & (seen != "PD")
    read_pd = (label == "PD") & seen.is_null()
    by_team = ~pl.col("was_assessed").fill_null(value=False)
    ended = pl.col("_ended_by")
    by = pl.format(" and again on {}", _on("confirmed_by_day")) if which == "confirmed" else pl.lit("")
    sentence = (
        pl.when(by_team & pl.col("read_best").is_not_null()).then(pl.lit("as the team has read it"))
        .when(by_team & ended.is_not_null()).then(pl.format("no assessment up to {}, when {} ended the count", _on("_ended_day"), ended))
        .when(by_team).then(pl.lit("no assessment after the start"))
        .when((label == "NE") & seen.is_null()).then(pl.lit("no assessment that counts could be evaluated"))
        .when(label == "NE").then(pl.format("{}, day {}, before day {}, and nothing later that counts", at, day, pl.lit(minimum)))
        .when(read_pd).then(pl.lit("a progression that was read, and no response before it that counts"))
        .when(relapsed).then(pl.format("{} after a CR, which is progression (footnote a)", at))
        .when(label == "PD").then(pl.format("{}, and no response before it that counts", at))
        .when(stable).then(pl.format("{}, day {}, at least day {}", at, day, pl.lit(minimum)))
        .otherwise(pl.concat_str(pl.format("first {}", at), by.fill_null("")))
    )  # fmt: skip
    sum_um, baseline = f"_{which}_sum_um", f"_{which}_baseline_um"
    size = pl.format("sum {} mm, baseline {} mm{}", _mm(sum_um), _mm(baseline), _change(sum_um, baseline))
    return [sentence, size]


def _ibest() -> pl.Expr:
    return pl.coalesce(
        pl.format("first {} on {}", "ibest_response", _on("_ibest_day")),
        pl.format("no assessment up to {}, when {} ended the count", _on("_ended_day"), "_ended_by"),
    )


def _progression(protocol: Protocol) -> pl.Expr:
    """The causes of the first progression, each with what it compared."""
    cause = pl.col("cause").fill_null("")

    def because(name: str, facts: pl.Expr) -> pl.Expr:
        has = cause.str.split("+").list.contains(name)
        return pl.when(has).then(pl.format("{}: {}", pl.lit(_CAUSE_SENTENCES[name]), facts))

    more = pl.col("_pd_sum_um") - pl.col("_pd_nadir_um")
    whole = (
        pl.when(pl.col("_pd_partial")).then(pl.lit("sum of the lesions evaluated")).otherwise(pl.lit("sum"))
    )
    target = pl.format(
        "{} {} mm on {}, nadir {} mm, +{} mm{}", whole, _mm("_pd_sum_um"), _on("_pd_target_day"), _mm("_pd_nadir_um"),
        (more / 1000).round(3).cast(pl.String).str.strip_suffix(".0"), _change("_pd_sum_um", "_pd_nadir_um"),
    )  # fmt: skip
    confirmed = pl.when(pl.col("_new_confirmed_day").is_not_null()).then(
        pl.format(", equivocal until {}", _on("_new_confirmed_day"))
    )
    new = pl.format(
        "{} seen first on {}{}", "_n_new_lesions", _on("_new_lesion_day"), confirmed.fill_null("")
    )
    by_scan = _clauses(
        because("new_lesion", new),
        because("target", target),
        because("non_target", pl.format("on {}", _on("_nontarget_day"))),
        because("reappearance", pl.format("on {}", _on("_disease_day"))),
    )
    criteria = CRITERIA[protocol.response.criteria]
    dated = f"dated by {criteria.printed.en}" if criteria.name != RECIST_1_1 else None
    on = _on("progressed_day")
    return (
        pl.when(pl.col("clinical_first")).then(pl.format("clinical progression, without imaging: on {}", on))
        .when(cause == READ).then(pl.format("read by the team: progression on {}", on))
        .when(cause == "given").then(pl.format("given as PD: on {}", on))
        .otherwise(_clauses(pl.lit(dated, pl.String), by_scan.replace("", None)))
    )  # fmt: skip


def _irecist_progression() -> pl.Expr:
    on, by = _on("iprogressed_day"), _on("_icpd_day")
    return (
        pl.when(pl.col("_icpd_day").is_not_null() & pl.col("iprogression_confirmed"))
        .then(pl.format("first iUPD of the block, on {}, confirmed (iCPD) on {}", on, by))
        .otherwise(pl.format("first iUPD of the block, on {}, neither confirmed nor taken back by a later scan", on))
    )  # fmt: skip


def _pattern_facts() -> pl.Expr:
    count = pl.format(
        "progressing lesions counted: {}, outside the brain {}, organs {}",
        "n_progressing_lesions", "n_progressing_extracranial", "n_organs",
    )  # fmt: skip
    control = pl.when(pl.col("n_others") > 0).then(
        pl.format("; other lesions that do not progress: {} of {}", "n_others_controlled", "n_others")
    )
    return pl.concat_str(count, control.fill_null(""))


def _resistance(preset: str) -> pl.Expr:
    months = pl.col("treatment_started_on").dt.offset_by("6mo")
    facts = pl.format(
        "best response {}, treatment from {}, progression on {}, six months end on {}",
        pl.col("reported_response").fill_null("NE"), "treatment_started_on", "progressed_on", months,
    )  # fmt: skip
    last = pl.when(pl.col("last_dose_on").is_null()).then(pl.lit("last dose not recorded")).otherwise(
        pl.format("last dose on {}", "last_dose_on")
    )  # fmt: skip
    confirmed = pl.when(pl.col("progression_confirmed").fill_null(value=False)).then(
        pl.lit("progression seen again after 4 weeks")
    ).otherwise(pl.lit("progression not seen again after 4 weeks"))  # fmt: skip
    more = [] if preset == "huang2025" else [last]
    more += [confirmed] if preset == "sitc_2020_mono" else []
    return _clauses(pl.col("resistance_rule"), facts, *more)


def _censoring(protocol: Protocol, by: str, progression: str, before: str) -> list[pl.Expr]:
    """The day of a new therapy, or the gap before the event, where one of them censored."""
    allowed = 2 * protocol.endpoints.schedule_days
    rule = pl.col(by)
    event = pl.min_horizontal(progression, "died_day")
    gap = event - pl.col(before).fill_null(0)
    on = (pl.col("treatment_started_on") + pl.duration(days=event)).cast(pl.Date).cast(pl.String)
    return [
        pl.when(rule.str.starts_with("new anticancer therapy")).then(
            pl.format("new therapy on {}", _on("new_therapy_day"))
        ),
        pl.when(rule.str.starts_with("two or more missed")).then(
            pl.format("event on {}, {} later, more than {}", on, _n_days(gap), pl.lit(allowed))
        ),
    ]


def _reason(
    patients: pl.LazyFrame, label: str, value: pl.Expr, rule: pl.Expr, where: pl.Expr | None = None
) -> pl.LazyFrame:
    kept = patients.filter((value if where is None else where).is_not_null())
    return kept.select(
        "p",
        "patient_id",
        pl.lit(label).alias("label"),
        value.cast(pl.String).alias("value"),
        rule.cast(pl.String).alias("rule"),
    )


# ---- the rows they rest on -------------------------------------------------------------------------


def _rows(patients: pl.DataFrame, evidence: Evidence) -> list[pl.DataFrame]:
    """Rows of every label: time points, lesions, and the patient's own rows of other tables."""
    ours = (
        pl.col("k").is_not_null()
        & (pl.col("k") >= 0)
        & ~pl.col("clinical_first")
        & pl.col("progressed_day").is_not_null()
    )
    scanned = patients.filter(ours)
    whole = cited_points(evidence, pl.concat(_wanted(patients.lazy(), evidence)).collect())
    parts = [whole]
    if evidence.from_lesions:
        first = scanned.select("p", "k", pl.col("cause").fill_null(""), nadir_k=pl.col("_nadir_k"))
        of_progression = cited_progressions(evidence, first)
        parts.append(of_progression)
    else:
        of_progression = whole.filter(pl.col("label") == "progressed_on")
    event = patients.filter((pl.col("pfs_rule") == PROGRESSION) & ~pl.col("clinical_first")).select("p")
    parts.append(of_progression.join(event, on="p", how="semi").with_columns(label=pl.lit(Outcome.PFS)))
    if not evidence.at_progression.is_empty():
        parts.append(cited_lesions(evidence, scanned))
    parts.append(pl.concat(_of_tables(patients.lazy(), evidence)).collect())
    return [part.select(pl.col(c).cast(kind) for c, kind in PLACE.items()) for part in parts]


def _of_tables(patients: pl.LazyFrame, evidence: Evidence) -> list[pl.LazyFrame]:
    """The patients' own rows, and those of progressions that a team has read."""
    own, read = evidence.tables.patients.lazy(), evidence.tables.progressions.lazy()
    progressed = pl.col("progressed_day").is_not_null()
    clinical = patients.filter(pl.col("clinical_first") & progressed)
    by_team = patients.filter((pl.col("cause") == READ) & ~pl.col("clinical_first") & progressed)
    as_read = patients.filter(
        ~pl.col("was_assessed").fill_null(value=False) & pl.col("read_best").is_not_null()
    )
    return [
        *(cited_table(own, patients.filter(pl.col(d).is_not_null()), n) for n, d in _OWN),
        cited_table(own, clinical, "progressed_on"),
        *(cited_table(read, by_team, label) for label in ("progressed_on", "pattern", Outcome.PFS)),
        cited_table(read, patients.filter(pl.col("ipfs_rule") == READ_BY_TEAM), Outcome.IPFS),
        *(cited_table(read, as_read, label) for label in ("best_response", "confirmed_response")),
    ]


_OWN = (
    ("resistance", "resistance"), (Outcome.PFS, "pfs_days"), (Outcome.IPFS, "ipfs_days"), (Outcome.DOR, "dor_days"), (Outcome.PPS, "pps_days"), (Outcome.OS, "os_days"),
)  # fmt: skip


def _wanted(patients: pl.LazyFrame, evidence: Evidence) -> list[pl.LazyFrame]:
    """The whole time points that labels rest on: columns p, k, label."""
    adequate = evidence.points.lazy().select("p", "k", "declared_day")

    def at(label: str, k: str) -> pl.LazyFrame:
        found = patients.filter(pl.col(k).is_not_null())
        return found.select("p", pl.col(k).cast(pl.Int32).alias("k"), pl.lit(label).alias("label"))

    def on(label: str, day: str, which: pl.Expr) -> pl.LazyFrame:
        days = patients.filter(which & pl.col(day).is_not_null()).select(
            "p", pl.col(day).alias("declared_day")
        )
        found = days.join(adequate, on=["p", "declared_day"], how="inner")
        return found.select("p", pl.col("k").cast(pl.Int32), pl.lit(label).alias("label"))

    def censored(label: str, by: str, before_event: str) -> list[pl.LazyFrame]:
        rule = pl.col(by).fill_null("")
        return [
            on(label, "last_adequate_day", rule.str.starts_with("no event")),
            on(label, "adequate_before_therapy_day", rule.str.starts_with("new anticancer therapy")),
            on(label, before_event, rule.str.starts_with("two or more missed")),
        ]

    everybody = pl.lit(value=True)
    given = pl.lit(not evidence.from_lesions)

    def before(label: str, total: str) -> pl.LazyFrame:
        found = patients.filter(pl.col(total).is_not_null())
        return found.select("p", pl.lit(0, pl.Int32).alias("k"), pl.lit(label).alias("label"))

    return [
        before("best_response", "_best_sum_um"),
        before("confirmed_response", "_confirmed_sum_um"),
        at("best_response", "_best_k"),
        at("confirmed_response", "_confirmed_k"),
        on("confirmed_response", "confirmed_by_day", everybody),
        at("ibest_response", "_ibest_k"),
        at("iprogressed_on", "_ipd_k"),
        at("iprogressed_on", "_icpd_k"),
        on(
            "progressed_on",
            "progressed_day",
            given & (pl.col("cause") == "given") & ~pl.col("clinical_first"),
        ),
        *censored(Outcome.PFS, "pfs_rule", "adequate_before_event_day"),
        *censored(Outcome.IPFS, "ipfs_rule", "adequate_before_ievent_day"),
        on(Outcome.IPFS, "iprogressed_day", pl.col("ipfs_rule") == BY_IRECIST),
        on(Outcome.DOR, "response_day", pl.col("dor_days").is_not_null()),
    ]
