"""DM, DS, DD and EX to patients, their first line of treatment, death and follow-up.

Death is DM.DTHDTC; else the DS row of a death (DSSTDTC); else the DD row (DDDTC, the day of the record).
The last day known alive is the latest whole date of EX, TU, TR and of DS rows other than a death.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.files.cells import map_unique
from oligoscope.intake.files.columns import find_header, listed
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm_dates import complete_dates, period, whole_days
from oligoscope.intake.sdtm.sdtm_domains import SUBJECT
from oligoscope.intake.sdtm.sdtm_terms import SEXES, Levels, with_own
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import JoinSource, SdtmSource, TableSource

DIED, ALIVE, FIRST, LAST = "DTHDTC", "last day alive", "EXSTDTC", "EXENDTC"
# Columns of lesions, measurements, assessments and treatments.
_OF_OTHERS = {
    "role", "new_kind", "organ", "station", "diffuse_kind", "side", "is_node", "is_primary", "bone_kind", "soft_tissue",
    "region_scanned_at_baseline", "state", "certainty", "modality", "overall_response", "regimen",
}  # fmt: skip


def one_a_patient(name: str, column: str, rows: pl.DataFrame) -> Sheet:
    """Rows of USUBJID, a column, SOURCE and ROW as a sheet that can be joined to the patients."""
    frame = rows.select(SUBJECT, column, SOURCE, ROW, pl.lit(None, pl.String).alias(EXCESS))
    return Sheet(name, (SUBJECT, column), (), frame)


# ---- DM --------------------------------------------------------------------------------------------


def patient_rows(dm: Sheet, settings: SdtmSource) -> tuple[pl.DataFrame, list[Issue]]:
    """The rows of DM, ages in years, partial dates completed by the rule."""
    frame, issues = dm.frame, list[Issue]()
    for name in ("BRTHDTC", "RFSTDTC"):
        if (header := find_header(dm.headers, name)) is not None:
            frame, found = complete_dates(frame, header, settings.partial_dates, "patients")
            issues += found
    age, unit = find_header(dm.headers, "AGE"), find_header(dm.headers, "AGEU")
    if age is not None and unit is not None:
        in_years = holds(frame[unit], ("YEARS", "YEAR", "")).alias("in_years")
        age_text = (
            pl.when(in_years)
            .then(pl.col(age))
            .otherwise(pl.concat_str(pl.col(age), pl.lit(" "), pl.col(unit)))
        )
        frame = frame.with_columns(age_text.alias(age))
    return frame, issues


def patient_mapping(dm: Sheet, settings: SdtmSource, joins: tuple[JoinSource, ...]) -> TableSource:
    """Which variable of DM, or of what is joined to it, is which of our columns."""
    usual = {"patient_id": SUBJECT, "sex": "SEX", "birth_date": "BRTHDTC", "age_years": "AGE", "arm": "ARM"}
    if settings.start == "reference_start":
        usual["treatment_started_on"] = "RFSTDTC"
    columns: dict[str, str | tuple[str, ...]] = {
        ours: header
        for ours, theirs in usual.items()
        if (header := find_header(dm.headers, theirs)) is not None
    }
    columns |= {ours: theirs for ours, theirs in settings.columns.items() if ours not in _OF_OTHERS}
    own = {name: words for name, words in settings.levels.items() if name not in _OF_OTHERS}
    levels: Levels = own | {"sex": with_own(own.get("sex", {}), SEXES)}
    return TableSource(files=(), columns=columns, levels=levels, join=joins)


# ---- death and follow-up ---------------------------------------------------------------------------


def deaths(
    dm: Sheet, ds: Sheet | None, dd: Sheet | None, alive: pl.DataFrame, settings: SdtmSource
) -> tuple[Sheet, list[Issue]]:
    """The day of each death from the first domain that has it; domains that disagree are a finding."""
    dated_rows = [
        _dates(dm, "DTHDTC", None),
        *([] if ds is None else [_dates(ds, "DSSTDTC", ("DSDECOD", ("DEATH", "DIED")))]),
        *([] if dd is None else [_dates(dd, "DDDTC", None)]),
    ]
    rows = pl.concat([t.with_columns(domain=i) for i, t in enumerate(dated_rows)])
    first = rows.unique(SUBJECT, keep="first", maintain_order=True)
    issues = [
        *_disagreeing(rows),
        *_from_records(first.filter(pl.col("domain") == len(dated_rows) - 1) if dd else None),
    ]
    partial = first.filter(pl.Series([period(text) is not None for text in first["date"]], dtype=pl.Boolean))
    first, dated = complete_dates(first, "date", settings.partial_dates, "patients")
    first = _not_before_alive(first, partial, alive)
    return one_a_patient("death", DIED, first.rename({"date": DIED})), [*issues, *dated]


def _dates(sheet: Sheet, column: str, only: tuple[str, tuple[str, ...]] | None) -> pl.DataFrame:
    """USUBJID, date, SOURCE and ROW of the rows with a date (and, of `only`, one of the words)."""
    header, frame = find_header(sheet.headers, column), sheet.frame
    if only is not None:
        chosen = find_header(sheet.headers, only[0])
        frame = frame.clear() if chosen is None else frame.filter(holds(frame[chosen], only[1]))
    date = pl.lit(None, pl.String) if header is None else pl.col(header)
    return frame.select(SUBJECT, date.alias("date"), SOURCE, ROW).drop_nulls([SUBJECT, "date"])


def _disagreeing(rows: pl.DataFrame) -> Iterator[Issue]:
    by_patient = rows.with_columns(pl.col("date").str.slice(0, 10)).group_by(SUBJECT, maintain_order=True).agg(
        pl.col("date").unique(maintain_order=True), pl.col(SOURCE).first(), pl.col(ROW).first()
    )  # fmt: skip
    for row in by_patient.filter(pl.col("date").list.len() > 1).iter_rows(named=True):
        others = ", ".join(row["date"][1:])
        yield Issue(
            rule="death_dates_differ", table="patients", source=row[SOURCE], row=row[ROW], column=DIED, value=row["date"][0],
            expected=Text(f"其他域为 {others}", f"other domains have {others}"), patient_id=row[SUBJECT],
        )  # fmt: skip


def _from_records(rows: pl.DataFrame | None) -> Iterator[Issue]:
    if rows is not None and rows.height:
        expected = Text(f"{rows.height} 名患者", f"{Count(rows.height):patient|patients}")
        yield Issue(
            rule="death_from_record",
            table="patients",
            source=rows[SOURCE][0],
            column="DDDTC",
            expected=expected,
        )


def _not_before_alive(first: pl.DataFrame, partial: pl.DataFrame, alive: pl.DataFrame) -> pl.DataFrame:
    """A death known to the month is not put before a later day of that month on which the patient was seen."""
    spans = {text: span for text in partial["date"].unique() if (span := period(text)) is not None}
    if not spans:
        return first
    ends = partial.select(
        SUBJECT,
        end=pl.col("date").replace_strict({t: s.last for t, s in spans.items()}, return_dtype=pl.Date),
    )
    seen = first.join(ends, on=SUBJECT, how="left", maintain_order="left")
    seen = seen.join(alive, on=SUBJECT, how="left", maintain_order="left")
    later = (pl.col("alive") > whole_days(seen["date"])) & (pl.col("alive") <= pl.col("end"))
    day = pl.when(later.fill_null(value=False)).then(pl.col("alive").cast(pl.String)).otherwise("date")
    return seen.with_columns(day.alias("date")).drop("end", "alive")


def last_alive(sheets: dict[str, Sheet]) -> pl.DataFrame:
    """The latest whole date on which each patient is recorded: USUBJID, alive, SOURCE, ROW."""
    found = []
    dated = (("ex", FIRST), ("ex", LAST), ("tu", "TUDTC"), ("tr", "TRDTC"), ("ds", "DSSTDTC"))
    for domain, column in (pair for pair in dated if pair[0] in sheets):
        sheet = sheets[domain]
        if domain == "ds" and (event := find_header(sheet.headers, "DSDECOD")) is not None:
            alive = ~holds(sheet.frame[event], ("DEATH", "DIED"))
            sheet = replace(sheet, frame=sheet.frame.filter(alive))
        found.append(_dates(sheet, column, None))
    if not found:
        return pl.DataFrame(schema={SUBJECT: pl.String, "alive": pl.Date, SOURCE: pl.String, ROW: pl.Int32})
    rows = pl.concat(found)
    rows = rows.with_columns(whole_days(rows["date"]).alias("alive")).drop_nulls("alive")
    return (
        rows.sort("alive", maintain_order=True).unique(SUBJECT, keep="last", maintain_order=True).drop("date")
    )


# ---- EX --------------------------------------------------------------------------------------------


def doses(ex: Sheet, settings: SdtmSource) -> tuple[pl.DataFrame, list[Issue]]:
    """First and last dose of the treatment asked for.

    Returns:
        One row a patient: USUBJID, EXSTDTC, EXENDTC (the last start where an end is not given), SOURCE and
        ROW of the first dose, and last_row of the last; and a finding for each partial date.
    """
    frame = ex.frame
    if settings.treatment and (header := find_header(ex.headers, "EXTRT")) is not None:
        frame = frame.filter(holds(frame[header], settings.treatment))
    end = find_header(ex.headers, LAST)
    frame = frame.with_columns((pl.lit(None, pl.String) if end is None else pl.col(end)).alias(LAST))
    issues: list[Issue] = []
    for column in (FIRST, LAST):
        frame, found = complete_dates(frame, column, settings.partial_dates, "treatments")
        issues += found
    frame = frame.with_columns(pl.coalesce(LAST, FIRST).alias(LAST)).drop_nulls([SUBJECT, FIRST])
    per_patient = frame.group_by(SUBJECT, maintain_order=True).agg(
        pl.col(SOURCE, ROW).sort_by(FIRST).first(),
        pl.col(FIRST).min(),
        pl.col(LAST).max(),
        pl.col(ROW).sort_by(LAST).last().alias("last_row"),
    )
    return per_patient, issues


def first_line(given: pl.DataFrame, dm: Sheet, settings: SdtmSource) -> tuple[pl.DataFrame, TableSource]:
    """The treatments table: line 1 from first to last dose; its regimen where `levels.regimen` reads the arm."""
    column = settings.columns.get("regimen", "ARM")
    arm = find_header(dm.headers, listed(column)[0])
    words = settings.levels.get("regimen")
    frame = given.with_columns(pl.lit(None, pl.String).alias(EXCESS))
    columns: dict[str, str | tuple[str, ...]] = {"patient_id": SUBJECT, "started_on": FIRST, "ended_on": LAST}
    if arm is not None and words:
        known = {plain(word) for listed in words.values() for word in listed}
        arms = dm.frame.select(SUBJECT, pl.col(arm).alias("regimen of the arm")).unique(SUBJECT, keep="first")
        frame = frame.join(arms, on=SUBJECT, how="left", maintain_order="left")
        regimens = map_unique(
            frame["regimen of the arm"], lambda word: word if plain(word) in known else None, pl.String
        )
        frame = frame.with_columns(regimens.alias("regimen of the arm"))
        columns["regimen"] = "regimen of the arm"
    levels: Levels = {} if words is None else {"regimen": words}
    return frame.drop("last_row"), TableSource(
        files=(), columns=columns, levels=levels, constants={"line": 1}
    )
