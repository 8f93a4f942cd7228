"""`Rscript analysis.R` gives the rows of results.csv: of the synthetic cohort, of a trial, of every kind of study, and the odd ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from acceptance.hostile_study import CHINESE, COLUMNS, LONG, write_hostile_study
from acceptance.odd_cohorts import Tables, no_deaths, patients_of, with_patients, write_study
from oligoscope.checked_study import check_study
from oligoscope.pipeline import run_study
from oligoscope.report.r_script.script import SCRIPT, write_r_script
from oligoscope.results_files import write_results
from oligoscope.workflow import write_derived

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed"),
]
LEAST = 0.97  # of the rows with a value
TORIVUMAB = Path(__file__).parents[2] / "examples" / "torivumab"
PAIRS = "matching: {caliper: 0.9}\n"
HOSTILE = [
    {"kind": "baseline", "variables": ["word", *COLUMNS]},
    {"kind": "survival", "by": "arm", "outcomes": ["os"]},
    {"kind": "survival", "by": "=1+1", "outcomes": ["os"]},
    {"kind": "survival", "by": "all", "outcomes": ["os"]},
    {"kind": "survival", "by": "$_$", "outcomes": ["os"], "population": "matched"},
    {"kind": "survival", "by": "three", "outcomes": ["os"], "where": {"arm": LONG}},
    {"kind": "predictors", "by": "arm", "variables": ["sex", f"{CHINESE}列", "<script>"]},
    {"kind": "weighting", "by": "arm", "outcomes": ["os"]},
]


@dataclass(frozen=True)
class Said:
    """What the script printed.

    Attributes:
        status: Of its end.
        n: Numbers compared.
        share: Of the rows with a value those that R computed.
        untrue: What it found of the files that is not as it should be.
        analyses: Those whose numbers were compared.
        different: The lines of numbers that are not R's.
        missing: The lines of rows with a value that R did not compute, by analysis and statistic.
        errors: What it wrote to standard error.
    """

    status: int
    n: int
    share: float
    untrue: tuple[str, ...]
    analyses: frozenset[str]
    different: tuple[str, ...]
    missing: tuple[str, ...]
    errors: str


def results_of(study: Path, out: Path) -> Path:
    """The files of a run that R reads; no document is made."""
    checked = check_study(study)
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
    out.mkdir(parents=True)
    write_derived(run, out)
    write_results(run.results, out)
    write_r_script(run, checked.tables, out)
    return out


def ask_r(out: Path, **environment: str) -> Said:
    """Run the script there."""
    done = subprocess.run(
        ["Rscript", "--vanilla", str(out / SCRIPT)],
        capture_output=True, encoding="utf-8", check=False, env={**os.environ, **environment},
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if re.search(r" (same|DIFFER) +\w", line)]
    analyses = frozenset(re.split(r" (?:same|DIFFER) +", line)[1].split(" | ")[0] for line in lines)
    different = tuple(line for line in lines if " DIFFER " in line)
    untrue = tuple(
        line for line in done.stdout.splitlines() if line.endswith("NOT TRUE") or "R could not" in line
    )
    missing = tuple(line for line in done.stdout.splitlines() if re.search(r"^ +\d+  \w+ \| \w+ \| ", line))
    share = re.search(r"with a value recomputed \(([\d.]+) %\)", done.stdout)
    found = float(share[1]) / 100 if share else 0.0
    return Said(done.returncode, len(lines), found, untrue, analyses, different, missing, done.stderr)


def asked_of(study: Path, out: Path) -> Said:
    """What R says of a study, which must be whole: nothing differs, and 97 % of the rows or more are computed."""
    said = ask_r(results_of(study, out))

    assert said.different == ()
    assert said.untrue == ()
    assert said.status == 0, said.errors
    assert said.share >= LEAST
    return said


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Tables:
    return patients_of(tmp_path_factory.mktemp("whole"), 200)


def entered_late(tables: Tables) -> Tables:
    """A third of the patients came under observation after treatment had started."""

    def change(patients: pl.DataFrame) -> pl.DataFrame:
        rng = np.random.default_rng(1)
        days = np.where(rng.random(patients.height) < 0.3, rng.integers(0, 120, patients.height), 0)
        started = pl.col("treatment_started_on").str.to_date()
        entered = started + pl.duration(days=pl.col("_days"))
        dated = patients.with_columns(pl.Series("_days", days))
        return dated.with_columns(entered_on=entered.cast(pl.String)).drop("_days")

    return with_patients(change)(tables)


def of_centres(tables: Tables) -> Tables:
    """Patients of seven centres, some of whom entered late and of some of whom the centre is not known."""

    def change(patients: pl.DataFrame) -> pl.DataFrame:
        rng = np.random.default_rng(2)
        drawn = [None if n == 7 else f"C{n}" for n in rng.integers(0, 8, patients.height)]
        return patients.with_columns(pl.Series("centre", drawn))

    return with_patients(change)(entered_late(tables))


def of_centres_that_differ(tables: Tables) -> Tables:
    """Patients of six centres: mostly in the order of how long they were seen, so that survival differs between centres."""

    def change(patients: pl.DataFrame) -> pl.DataFrame:
        seen = pl.coalesce("died_on", "last_known_alive_on").str.to_date()
        days = patients.select(
            (seen - pl.col("treatment_started_on").str.to_date()).dt.total_days()
        ).to_series()
        rng = np.random.default_rng(4)
        noisy = days.to_numpy() + rng.normal(0, 600, patients.height)
        place = np.argsort(np.argsort(noisy)) * 6 // patients.height
        return patients.with_columns(pl.Series("centre", [f"C{n}" for n in place]))

    return with_patients(change)(tables)


def two_readers(tables: Tables) -> Tables:
    """Each lesion measured by two readers, the second of whom finds every seventh diameter larger."""
    own = tables["measurements"]
    larger = pl.when(pl.int_range(pl.len()) % 7 == 0).then(1.3).otherwise(1.0)
    diameter = (pl.col("diameter_mm").cast(pl.Float64) * larger).round(1).cast(pl.String)
    second = own.with_columns(diameter_mm=diameter, reader=pl.lit("B"))
    return {**tables, "measurements": pl.concat([own.with_columns(reader=pl.lit("A")), second])}


ALL = {
    "baseline", "balance", "competing_risks", "flow", "follow_up", "imputation", "landmark", "management", "matching",
    "predictors", "reclassification", "response_rate", "response_series", "sites", "subgroups", "survival", "time_dependent", "timing",
    "weighting",
}  # fmt: skip
NO_SCORE = ALL - {"balance"}
MORE = """analyses:
  - {kind: restricted_means, outcomes: [os, pps]}
  - {kind: survival, by: smoking, outcomes: [os, pfs], reference: ever}
  - {kind: survival, by: stage, outcomes: [os]}
  - {kind: survival, population: matched, outcomes: [os], where: {sex: male}}
  - {kind: subgroups, by: sex, outcomes: [os], variables: [age_60, ecog, age_years], reference: male}
  - {kind: competing_risks, population: treated, variables: [sex, ecog, stage, age_years]}
  - {kind: landmark, population: treated}
  - {kind: time_dependent, population: treated}
  - {kind: predictors, reference: systemic, variables: [sex, age_years, pd_l1]}
  - {kind: weighting, by: sex, outcomes: [os]}
  - {kind: baseline, by: stage, variables: [age_years, sex, ecog, smoking]}
  - {kind: baseline, population: matched, variables: [age_years, sex, ecog]}
"""
ADJUSTED = """analyses:
  - {kind: landmark, population: treated, adjust_for: [age_years, ecog, pd_l1]%(more)s}
  - {kind: time_dependent, population: treated, adjust_for: [age_years, ecog, pd_l1]%(more)s}
  - {kind: subgroups, outcomes: [pps], variables: [sex, age_60, stage], adjust_for: [months_to_progression, sex, ecog, histology]%(more)s}
  - {kind: subgroups, by: smoking, outcomes: [os], variables: [sex], adjust_for: [age_years, pd_l1]%(more)s}
  - {kind: survival, outcomes: [pps]%(more)s}
  - {kind: baseline, where: {stage: IIIC}, variables: [sex, smoking, ecog, brain_metastasis], exact_p: mid_p}
"""
BY_FIRTH = ADJUSTED % {"more": ", small_sample: firth, minimum_events_per_variable: 60, minimum_events: 1"}


def test_a_trial_that_nobody_here_wrote(shared_path, tmp_path):
    raw = shared_path("data", "torivumab_nsclc", "raw")
    text = (TORIVUMAB / "study.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.yaml").write_text(
        text.replace("../../../shared/data/torivumab_nsclc/raw", str(raw)), encoding="utf-8"
    )

    asked_of(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "settings", "analyses"),
    [
        (None, PAIRS, ALL),
        (None, PAIRS + "imputation: {variables: []}\n", ALL - {"imputation"}),
        (None, "matching: {method: optimal, caliper: 0.05, caliper_scale: probability, ratio: 3}\n", ALL),
        (None, "matching: {minimum_events_per_variable: 300}\n", NO_SCORE),
        (no_deaths, "", {"survival", "predictors", "baseline"}),
        (entered_late, PAIRS + MORE, {"survival", "restricted_means", "competing_risks", "delayed_entry", "landmark"}),
        (
            None,
            "matching: {caliper: 0.2, caliper_scale: sd_logit, exact: [sex], order: ascending, imputations: across}\n"
            + MORE,
            {"survival", "restricted_means", "competing_risks"},
        ),
        (None, "response: {criteria: irecist, confirmation: true}\n", ALL),
        (of_centres, "centres: {use: strata}\nmatching: {ratio: 2, replace: true}\n", ALL | {"centres"}),
        (of_centres, "centres: {use: cluster}\nmatching: {ratio: 2, replace: true}\n", ALL | {"centres"}),
        (two_readers, "response: {reader: A}\n", {"reader_agreement"}),
        (None, ADJUSTED % {"more": ""}, {"landmark", "time_dependent", "subgroups"}),
        (entered_late, BY_FIRTH, {"landmark", "time_dependent", "subgroups", "survival"}),
    ],
    ids=[
        "pairs", "not imputed", "optimal", "not matched", "nobody dead", "entered late", "other settings",
        "iRECIST", "within centres, sets", "robust to centres", "two readers",
        "adjusted", "Firth, entered late",
    ],
)  # fmt: skip
def test_every_kind_of_study(change, settings, analyses, whole, tmp_path):
    tables = whole if change is None else change(whole)
    said = asked_of(write_study(tables, tmp_path / "study", settings), tmp_path / "out")

    assert said.analyses >= analyses


@pytest.mark.parametrize("use", ["strata", "cluster", "frailty"])
def test_proportional_hazards_of_centres_that_differ(use, tmp_path):
    """Patients of a centre die earlier the later it comes, so that a frailty has a variance in most models."""
    tables = of_centres_that_differ(patients_of(tmp_path / "whole", 400))
    said = asked_of(
        write_study(tables, tmp_path / "study", f"centres: {{use: {use}}}\n" + PAIRS), tmp_path / "out"
    )

    assert not [line for line in said.missing if "proportional_hazards" in line or "hazard_ratio" in line]


def test_labels_that_a_team_gave(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    shutil.copy(Path(__file__).parents[1] / "oracle" / "classified.csv", folder)
    text = "study: {title: Months, preset: huang2025}\ndata: {cohort: classified.csv}\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")

    assert "team_labels" in asked_of(folder, tmp_path / "out").analyses


def test_words_of_the_users_are_data(tmp_path):
    study = write_hostile_study(tmp_path / "研究 'x'", HOSTILE)
    said = ask_r(results_of(study, tmp_path / "out of it"), LC_ALL="C")

    assert said.different == ()
    assert said.status == 0, said.errors
    assert said.n >= 200


def test_a_number_that_is_not_rs_ends_it_with_status_1(whole, tmp_path):
    analysis = "analyses: [{kind: survival, outcomes: [os]}]\n"
    out = results_of(write_study(whole, tmp_path / "study", analysis), tmp_path / "out")
    changed = pl.read_csv(out / "results.csv").with_columns(
        value=pl.when(pl.col("statistic") == "hazard_ratio")
        .then(pl.col("value") * (1 + 2e-6))
        .otherwise("value")
    )
    changed.write_csv(out / "results.csv")
    said = ask_r(out)

    assert said.status == 1
    assert len(said.different) == 1
    assert "hazard_ratio" in said.different[0]
