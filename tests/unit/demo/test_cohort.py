"""The synthetic cohort shows what it was meant to show, read by an independent RECIST reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oligoscope.demo.cohort import SyntheticCohort, make_cohort, write_cohort
from oligoscope.errors import UsageError
from oligoscope.published.paper import Published, read_published
from oligoscope.questions.registry import read_protocol
from oligoscope.results.analyses import BASELINE, RESPONSE_RATE
from oligoscope.results.statistics import Statistic
from oligoscope.study.schemas import TABLES
from unit.demo import slow_recist as slow

SEEDS = (20250408, 1, 2)
PATTERNS = ("oligoprogression", "systemic")


@dataclass(frozen=True)
class Read:
    """A cohort and what the independent reader says of its treated patients."""

    cohort: SyntheticCohort
    readings: dict[str, slow.Reading]

    @property
    def treated(self) -> pl.DataFrame:
        return self.cohort.truth.filter(pl.col("excluded") == "")

    @property
    def progressed(self) -> pl.DataFrame:
        return self.cohort.truth.filter(pl.col("pattern") != "")


def _by_patient(table: pl.DataFrame) -> dict[str, list[slow.Row]]:
    rows: dict[str, list[slow.Row]] = {}
    for row in table.iter_rows(named=True):
        rows.setdefault(row["patient_id"], []).append(row)
    return rows


def _read(cohort: SyntheticCohort) -> Read:
    lesions, scans = _by_patient(cohort.tables["lesions"]), _by_patient(cohort.tables["measurements"])
    starts = dict(cohort.tables["patients"].select("patient_id", "treatment_started_on").iter_rows())
    treated = cohort.truth.filter(pl.col("excluded") == "")["patient_id"]
    return Read(cohort, {p: slow.read_patient(starts[p], lesions[p], scans[p]) for p in treated})


@pytest.fixture(scope="module", params=SEEDS)
def read(request: pytest.FixtureRequest) -> Read:
    return _read(make_cohort(request.param))


@pytest.fixture(scope="module")
def published() -> Published:
    return read_published("huang2025")


def test_every_patient_progresses_on_the_day_and_in_the_pattern_meant(read: Read):
    assert read.progressed["pattern"].value_counts().sort("pattern").rows() == [
        ("oligoprogression", 289),
        ("systemic", 290),
    ]
    for patient, pattern, on in read.treated.select("patient_id", "pattern", "progressed_on").iter_rows():
        reading = read.readings[patient]
        assert (reading.progressed_on, reading.pattern) == (on, pattern), patient


def test_oligoprogression_leaves_most_other_lesions_controlled_under_every_reading(read: Read):
    for patient in read.progressed.filter(pl.col("pattern") == "oligoprogression")["patient_id"]:
        reading = read.readings[patient]
        assert reading.most_controlled, patient
        assert len(reading.progressing) <= 5, patient


def test_best_responses_are_those_meant_and_their_rates_the_printed_ones(read: Read, published: Published):
    for patient, responder, complete in read.treated.select(
        "patient_id", "responder", "complete"
    ).iter_rows():
        best = read.readings[patient].best()
        assert (best in {"CR", "PR"}, best == "CR") == (responder, complete), patient
    for pattern in PATTERNS:
        responders = read.progressed.filter(pl.col("pattern") == pattern)["responder"]
        printed = published.results.value(
            analysis=RESPONSE_RATE, population="progressed", outcome="best_response",
            group=pattern, variable="orr", statistic=Statistic.PERCENT,
        )  # fmt: skip
        assert round(100 * responders.sum() / len(responders), 1) == printed


def test_resistance_follows_from_response_and_six_calendar_months(read: Read):
    """Huang 2025, 1.3; no patient progresses so near the anniversary that a day decides."""
    starts = dict(read.cohort.tables["patients"].select("patient_id", "treatment_started_on").iter_rows())
    for patient, responder, resistance, on in read.progressed.select(
        "patient_id", "responder", "resistance", "progressed_on"
    ).iter_rows():
        primary = not responder and on <= _six_months_after(starts[patient])
        assert resistance == ("primary" if primary else "acquired"), patient


def test_acquired_resistance_within_six_months_is_a_lost_response_and_not_rare(read: Read):
    """Huang 2025, 1.3: stable disease is acquired resistance only from six months, a response always."""
    starts = read.cohort.tables["patients"].select("patient_id", "treatment_started_on")
    acquired = read.progressed.filter(pl.col("resistance") == "acquired").join(starts, on="patient_id")
    early = acquired.filter(pl.col("progressed_on") < pl.col("treatment_started_on").dt.offset_by("6mo"))

    assert early["responder"].all()
    assert early.height > 0.25 * acquired.height
    assert not acquired["responder"].all()


def _six_months_after(start: date) -> date:
    year, month = start.year + (start.month + 5) // 12, (start.month + 5) % 12 + 1
    last_days = {2: 29 if year % 4 == 0 else 28, 4: 30, 6: 30, 9: 30, 11: 30}
    return date(year, month, min(start.day, last_days.get(month, 31)))


def test_table_1_has_the_printed_counts(published: Published):
    cohort = make_cohort(5, pd_l1_missing_share=0)
    table = cohort.tables["patients"].join(cohort.truth.select("patient_id", "pattern"), on="patient_id")
    table = table.with_columns(
        age_60=pl.when(pl.col("age_years") >= 60).then(pl.lit(">=60")).otherwise(pl.lit("<60")),
        ecog=pl.col("ecog").cast(pl.String),
    ).filter(pl.col("pattern") != "")
    found = published.results.find(analysis=BASELINE, population="progressed", statistic=Statistic.N)
    cells = [e for e in found if e.variable]

    drawn = {
        e.key: table.filter(
            (pl.col(e.variable) == e.level) & ((pl.col("pattern") == e.group) | (e.group == "all"))
        ).height
        for e in cells
    }

    assert len(cells) == 51
    assert drawn == {e.key: e.value for e in cells}


def test_brain_metastasis_is_a_brain_lesion_at_baseline(read: Read):
    lesions = read.cohort.tables["lesions"].filter(pl.col("role") != "new")
    with_lesion = set(lesions.filter(pl.col("organ") == "brain")["patient_id"])
    patients = read.cohort.tables["patients"]

    assert set(patients.filter(pl.col("brain_metastasis") == "yes")["patient_id"]) == with_lesion


def test_dates_are_in_order(read: Read):
    patients, cutoff = read.cohort.tables["patients"], read.cohort.data_cutoff
    end = pl.coalesce("died_on", "last_known_alive_on")
    measured = read.cohort.tables["measurements"].join(patients, on="patient_id")
    treated = read.cohort.tables["treatments"].join(patients, on="patient_id")
    days_before = (pl.col("treatment_started_on") - pl.col("assessed_on")).dt.total_days()

    assert patients.filter(pl.col("birth_date") >= pl.col("treatment_started_on")).is_empty()
    assert patients.filter((pl.col("treatment_started_on") > end) | (end > cutoff)).is_empty()
    assert patients.filter(pl.col("last_dose_on") > end).is_empty()
    assert patients.filter(pl.col("died_on").is_null() == pl.col("last_known_alive_on").is_null()).is_empty()
    assert measured.filter((pl.col("assessed_on") > end) | (days_before > 28)).is_empty()
    assert treated.filter((pl.col("ended_on") < pl.col("started_on")) | (pl.col("ended_on") > end)).is_empty()
    assert treated.filter(pl.col("progressed_on") > end).is_empty()


def test_targets_are_measurable_and_at_most_five_and_two_an_organ(read: Read):
    """RECIST 1.1, 3.1 and 3.2; all lymph nodes are one organ."""
    lesions = read.cohort.tables["lesions"].filter(pl.col("role") == "target")
    starts = read.cohort.tables["patients"].select("patient_id", "treatment_started_on")
    baseline = (
        read.cohort.tables["measurements"]
        .join(starts, on="patient_id")
        .filter(pl.col("assessed_on") <= pl.col("treatment_started_on"))
        .join(lesions, on=["patient_id", "lesion_id"])
    )
    least = pl.when(pl.col("is_node") == "yes").then(15).otherwise(10)

    assert baseline.height == lesions.height
    assert baseline.filter((pl.col("diameter_mm") < least).fill_null(True)).is_empty()
    assert lesions.group_by("patient_id").len()["len"].max() == 5
    assert lesions.group_by("patient_id", "organ").len()["len"].max() == 2
    assert lesions.group_by("patient_id", "station").len().filter(
        pl.col("station").is_not_null() & (pl.col("len") > 1)
    ).is_empty()  # fmt: skip


def test_only_known_columns_and_words_are_written(read: Read):
    for name, table in read.cohort.tables.items():
        spec = TABLES[name]
        known = {column.name for column in spec.columns} | (
            {"brain_metastasis"} if name == "patients" else set()
        )
        assert set(table.columns) <= known
        assert table.select(c for c in spec.key if c in table.columns).is_duplicated().sum() == 0
        for column in spec.columns:
            if column.kind == "level" and column.name in table.columns:
                assert set(table[column.name].drop_nulls().cast(pl.String)) <= set(column.words), column.name


def test_every_reason_of_exclusion_occurs_and_more_are_treated_than_progress(read: Read):
    reasons = Counter(read.cohort.truth["excluded"])
    targets = set(read.cohort.tables["lesions"].filter(pl.col("role") == "target")["patient_id"])
    unmeasurable = set(read.cohort.truth.filter(pl.col("excluded") == "measurable")["patient_id"])

    assert set(reasons) == {"", "age", "stage", "regimen", "driver", "measurable", "ecog"}
    assert reasons[""] > read.progressed.height
    assert set(read.cohort.truth["patient_id"]) - targets == unmeasurable


def test_scans_are_also_incomplete_doubtful_and_too_small_to_measure(read: Read):
    states = Counter(read.cohort.tables["measurements"]["state"])
    certainty = Counter(read.cohort.tables["measurements"]["certainty"].drop_nulls())

    assert min(states[s] for s in ("not_evaluated", "too_small", "absent", "increased")) > 0
    assert certainty["equivocal"] > 0


def test_the_independent_reader_notices_a_changed_diameter(published: Published):
    """A target half as large again at its second scan is a progression a little early."""
    cohort = make_cohort(20250408)
    patient = cohort.truth.filter((pl.col("pattern") == "oligoprogression") & pl.col("responder"))[
        "patient_id"
    ][0]
    lesions = _by_patient(cohort.tables["lesions"])[patient]
    scans = _by_patient(cohort.tables["measurements"])[patient]
    target = next(lesion["lesion_id"] for lesion in lesions if lesion["role"] == "target")
    own = [row for row in scans if row["lesion_id"] == target]
    own[1].update(state="measured", diameter_mm=300.0)
    start = cohort.tables["patients"].filter(pl.col("patient_id") == patient)["treatment_started_on"][0]

    reading = slow.read_patient(start, lesions, scans)

    assert reading.progressed_on == own[1]["assessed_on"]


def test_one_seed_gives_one_cohort_and_another_seed_another():
    first, again, other = make_cohort(7, 60), make_cohort(7, 60), make_cohort(8, 60)

    assert all(first.tables[name].equals(again.tables[name]) for name in first.tables)
    assert not first.tables["measurements"].equals(other.tables["measurements"])


def test_more_missing_pd_l1_changes_nothing_else():
    few, many = make_cohort(7, 60, pd_l1_missing_share=0), make_cohort(7, 60, pd_l1_missing_share=0.5)

    assert many.tables["patients"]["pd_l1"].null_count() > 0.4 * many.tables["patients"].height
    assert few.tables["patients"]["pd_l1"].null_count() == 0
    assert few.tables["patients"].drop("pd_l1").equals(many.tables["patients"].drop("pd_l1"))
    assert few.tables["measurements"].equals(many.tables["measurements"])


@pytest.mark.parametrize("n", [20, 101, 1000])
def test_other_sizes_keep_the_margins_to_the_nearest_patient(n: int):
    read = _read(make_cohort(3, n))

    assert read.progressed.height == n
    assert abs(read.progressed.filter(pl.col("pattern") == "oligoprogression").height - n * 289 / 579) < 1
    for patient, pattern, on in read.treated.select("patient_id", "pattern", "progressed_on").iter_rows():
        assert (read.readings[patient].progressed_on, read.readings[patient].pattern) == (on, pattern)


def test_too_few_patients_are_refused_in_words():
    with pytest.raises(UsageError, match="at least 20"):
        make_cohort(1, 3)


def test_the_written_study_is_marked_synthetic_in_both_languages(tmp_path: Path):
    path = write_cohort(make_cohort(9, 40), tmp_path / "study")

    protocol = read_protocol(path)

    assert protocol.study.synthetic
    assert protocol.study.seed == 9
    assert "合成" in protocol.study.title.zh
    assert "Synthetic" in protocol.study.title.en
    assert (tmp_path / "study" / "patients.csv").read_bytes().startswith(b"\xef\xbb\xbf")
