"""What the analyses group and adjust by: covariates that follow from the tables as given."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.columns import number_of, with_blanks
from oligoscope.clinical.read_progressions import disease_as_read
from oligoscope.study.anchor import ANCHOR
from oligoscope.study.cell_lists import DIVIDER, escaped
from oligoscope.study.dictionary.per_cent import classes_of_per_cent
from oligoscope.study.schemas import StudyTables


def derive_covariates(tables: StudyTables, lesions: pl.DataFrame) -> pl.DataFrame:
    """One row a patient, p first: the patient columns and those derived from other tables.

    Added where they are not given: age_years (whole years at treatment start), age_60
    (>=60, <60), pd_l1 (levels of the TPS), brain_metastasis (a baseline lesion in the brain),
    n_target_lesions, first_line_regimen, new_therapy_day (first later systemic line), baseline_organs
    (of the lesions other than the primary), n_baseline_organs, n_baseline_lesions (targets and non-targets, the primary
    too; disease that cannot be counted is one), has_baseline. The columns are the same whatever the tables hold; what
    cannot be known is blank.
    """
    patients = tables.patients.with_row_index("p")
    patients = _age(_pd_l1(patients))
    patients = patients.join(_disease(lesions, tables), on="p", how="left")
    patients = patients.join(_lines(tables, patients), on="p", how="left")
    patients = with_blanks(patients, {"brain_metastasis": pl.String})
    if "lesions" in tables.whole.with_rows:
        from_lesions = pl.when(pl.col("has_brain_lesion").fill_null(False)).then(pl.lit("yes"))
        patients = patients.with_columns(
            pl.col("n_target_lesions", "n_baseline_lesions").fill_null(0),
            brain_metastasis=pl.coalesce("brain_metastasis", from_lesions.otherwise(pl.lit("no"))),
        )
    if "progressions" in tables.given or tables.progressions.height:
        patients = _with_read(patients, tables)
    judged = pl.col("has_baseline").fill_null("measurements" not in tables.whole.with_rows)
    return patients.drop("has_brain_lesion").with_columns(has_baseline=judged)


def _with_read(patients: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """Sites at baseline, and brain metastases by them, of patients of whom a team has read them and no lesion was given."""
    patients = patients.join(disease_as_read(tables), on="p", how="left", maintain_order="left")
    brain = pl.when("read_brain").then(pl.lit("yes")).when(~pl.col("read_brain")).then(pl.lit("no"))
    return patients.with_columns(
        baseline_organs=pl.coalesce("baseline_organs", "read_organs"),
        all_baseline_organs=pl.coalesce("all_baseline_organs", "read_organs"),
        n_baseline_organs=pl.coalesce("n_baseline_organs", "n_read_organs"),
        brain_metastasis=pl.coalesce("brain_metastasis", brain),
    ).drop("read_organs", "n_read_organs", "read_brain")  # fmt: skip


def _age(patients: pl.DataFrame) -> pl.DataFrame:
    start, birth = pl.col("treatment_started_on"), pl.col("birth_date")
    # Months are 8-bit numbers in a polars date: widen before they are multiplied.
    month_day = [d.dt.month().cast(pl.Int32) * 100 + d.dt.day() for d in (start, birth)]
    had_birthday = month_day[0] >= month_day[1]
    known = start != ANCHOR  # no age can be counted to a day that replaces an unknown one
    age = (start.dt.year() - birth.dt.year() - (~had_birthday).cast(pl.Int32)).cast(pl.Float64)
    patients = patients.with_columns(age_years=pl.coalesce("age_years", pl.when(known).then(age)))
    years = pl.col("age_years")
    return patients.with_columns(
        age_60=pl.when(years >= 60).then(pl.lit(">=60")).when(years < 60).then(pl.lit("<60"))
    )


def _pd_l1(patients: pl.DataFrame) -> pl.DataFrame:
    level = classes_of_per_cent(pl.col("pd_l1_tps"))
    return patients.with_columns(pd_l1=pl.coalesce("pd_l1", level))


def _disease(lesions: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """Disease of each patient at baseline, from the declared lesions."""
    baseline = lesions.filter(pl.col("role") != "new")
    found = baseline.group_by("p").agg(
        number_of(pl.col("role") == "target", "n_target_lesions"),
        number_of(pl.col("role").is_not_null(), "n_baseline_lesions"),
        (pl.col("organ") == "brain").any().alias("has_brain_lesion"),
    )
    found = found.join(_baseline_organs(baseline), on="p", how="left").with_columns(
        pl.col("baseline_organs", "all_baseline_organs").fill_null(""),
        pl.col("n_baseline_organs").fill_null(0),
    )
    scanned = tables.measurements.filter(pl.col("assessed_day") <= 0).select("patient_id").unique()
    scanned = (
        tables.patients.select("patient_id").with_row_index("p").join(scanned, on="patient_id", how="semi")
    )
    return found.join(scanned.select("p", has_baseline=pl.lit(True)), on="p", how="full", coalesce=True)


def _baseline_organs(baseline: pl.DataFrame) -> pl.DataFrame:
    """Organs in alphabetical order: of the lesions other than the primary, and of all."""
    named = baseline.filter(pl.col("organ").is_not_null())
    once = (
        named.group_by("p", "organ").agg((~pl.col("is_primary")).any().alias("metastatic")).sort("p", "organ")
    )
    return once.group_by("p", maintain_order=True).agg(
        escaped(pl.col("organ").filter(pl.col("metastatic"))).str.join(DIVIDER).alias("baseline_organs"),
        escaped(pl.col("organ")).str.join(DIVIDER).alias("all_baseline_organs"),
        number_of(pl.col("metastatic"), "n_baseline_organs"),
    )


def _lines(tables: StudyTables, patients: pl.DataFrame) -> pl.DataFrame:
    """First-line regimen and the start of the next systemic line."""
    lines = tables.treatments.filter(pl.col("line").is_not_null()).join(
        patients.select("patient_id", "p"), on="patient_id", how="inner"
    )
    ordered = lines.sort("p", "line", "started_day", nulls_last=True)
    return ordered.group_by("p", maintain_order=True).agg(
        pl.col("regimen").filter(pl.col("line") == 1).first().alias("first_line_regimen"),
        # A later line comes after the start: one dated before it, or on it, has a wrong date or number (a finding).
        pl.col("started_day")
        .filter((pl.col("line") > 1) & (pl.col("started_day") > 0))
        .min()
        .alias("new_therapy_day"),
    )
