"""The treating centres of a study: every use of them changes numbers, and what cannot take them is refused or says so."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import CENTRES, SURVIVAL
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.warnings import WarningCode

HEAD = """study: {preset: null}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}
imputation: {m: 2}
matching: {covariates: [age_years, histology], caliper: 0.5, balance_limit: 1, RATIO}
"""
ANALYSES = """analyses:
  - {kind: survival, outcomes: [pps, os]}
  - {kind: survival, population: matched, outcomes: [pps]}
  - {kind: landmark, population: treated}
  - {kind: time_dependent, population: treated}
  - {kind: subgroups, outcomes: [pps], variables: [sex]}
  - {kind: at_progression}
  - {kind: at_progression, population: matched}
  - {kind: predictors, variables: [sex, age_years]}
  - {kind: weighting, outcomes: [os]}
"""
TAKE_THEM = {"survival", "landmark", "time_dependent", "subgroups", "at_progression"}
RATIOS = (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A synthetic study of six centres; that of every twentieth patient is not known."""
    file = write_cohort(make_cohort(5, 240), tmp_path_factory.mktemp("centres") / "study")
    patients = pl.read_csv(file.parent / "patients.csv", infer_schema=False)
    centres = [None if i % 20 == 3 else f"C{7 * i % 13 % 6}" for i in range(patients.height)]
    patients.with_columns(pl.Series("hospital", centres), one=pl.lit("X")).write_csv(
        file.parent / "patients.csv"
    )
    return file.parent


def run(folder: Path, settings: str, ratio: str = "ratio: 1") -> StudyRun:
    (folder / "study.yaml").write_text(HEAD.replace("RATIO", ratio) + settings, "utf-8")
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, study_file=checked.file)


def mapped(column: str) -> str:
    """The settings with a column of the file as the centre."""
    return HEAD.replace(
        "patients: patients.csv", f"patients: {{files: [patients.csv], columns: {{centre: {column}}}}}"
    )


@pytest.fixture(scope="module")
def runs(folder) -> dict[str, StudyRun]:
    return {
        use: run(folder, f"centres: {{use: {use}}}\n{ANALYSES}")
        for use in ("none", "strata", "cluster", "frailty")
    }


@pytest.mark.parametrize("use", ["strata", "cluster", "frailty"])
@pytest.mark.parametrize("kind", sorted(TAKE_THEM))
def test_every_use_changes_the_ratios_of_every_analysis_that_takes_centres(runs, use, kind):
    before = {
        e.key: (e.value, e.low) for e in runs["none"].results.find(analysis=kind) if e.statistic in RATIOS
    }
    after = {e.key: e for e in runs[use].results.find(analysis=kind) if e.statistic in RATIOS and e.value}

    assert after
    changed = [key for key, e in after.items() if before[key] != (e.value, e.low)]
    of_centres = [key for key, e in after.items() if not e.warning.has(WarningCode.IGNORES_CENTRES)]
    assert of_centres
    # A frailty changes nothing where its variance is 0.
    assert changed == of_centres or (use == "frailty" and set(changed) < set(of_centres))
    assert changed or (use == "frailty" and kind != "survival")


@pytest.mark.parametrize("use", ["strata", "cluster", "frailty"])
def test_clusters_leave_the_ratio_and_strata_change_it(runs, use):
    keys = {
        "analysis": "survival",
        "population": "progressed",
        "outcome": "os",
        "statistic": Statistic.HAZARD_RATIO,
    }
    (plain,), (found,) = (runs[u].results.find(**keys) for u in ("none", use))

    assert (found.value == pytest.approx(plain.value, rel=1e-9)) == (use == "cluster")
    assert (found.low, found.high) != (plain.low, plain.high)


@pytest.mark.parametrize("use", ["strata", "cluster", "frailty"])
def test_what_does_not_take_centres_says_so(runs, use):
    inference = {Kind.RATIO, Kind.P_VALUE}
    found = [e for e in runs[use].results.estimates if e.value is not None and e.statistic.kind in inference]
    for e in found:
        takes = any(
            word in e.method
            for word in (
                "stratified by centre",
                "centre-robust",
                "robust to centres",
                "gamma frailty",
                "E-value",
            )
        )
        assert e.warning.has(WarningCode.IGNORES_CENTRES) != takes, e
    assert not any(e.warning.has(WarningCode.IGNORES_CENTRES) for e in runs["none"].results.estimates)


def test_centres_are_counted_and_the_methods_say_how_they_were_used(runs):
    for use, said in (
        ("none", "comparisons do not take the centres into account"),
        ("strata", "compared within centres"),
        ("frailty", "a gamma frailty shared by the patients of a centre"),
        ("cluster", "allow for correlation between patients of one centre"),
    ):
        results = runs[use].results
        (n,) = results.find(analysis=CENTRES, population="treated", statistic=Statistic.N_CENTRES)
        (unknown,) = results.find(
            analysis=CENTRES, population="treated", statistic=Statistic.N_CENTRE_UNKNOWN
        )
        text = " ".join(str(s.en) for s in method_sentences(runs[use].protocol, results))

        assert n.value == 6
        assert unknown.value > 0
        assert "Patients were treated at 6 centres; " in text
        assert said in text
        assert ("whose centre is not known count as one centre" in text) == (use != "none")


def test_weighted_sets_are_compared_robustly_to_centres(folder):
    settings = "analyses: [{kind: survival, population: matched, outcomes: [os]}]\n"
    found = run(folder, "centres: {use: cluster}\n" + settings, "ratio: 2, replace: true").results
    ratio, p = (
        found.get(
            analysis=SURVIVAL, population="matched", outcome="os", group="oligoprogression vs systemic", **k
        )
        for k in (
            {"statistic": Statistic.HAZARD_RATIO},
            {"statistic": Statistic.P_VALUE, "variable": "log_rank"},
        )
    )

    assert ratio is not None
    assert p is not None
    assert "centre-robust limits" in ratio.method
    assert "robust to centres by F" in p.method
    assert not found.find(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO_TWO_WAY)


def test_fewer_than_two_centres_change_nothing_and_are_named(folder):
    settings = "analyses: [{kind: survival, outcomes: [os]}]\n"

    def one(use: str) -> StudyRun:
        text = mapped("one").replace("RATIO", "ratio: 1") + f"centres: {{use: {use}}}\n" + settings
        (folder / "study.yaml").write_text(text, "utf-8")
        checked = check_study(folder)
        return run_study(checked.protocol, checked.tables)

    runs = [one(use) for use in ("strata", "none")]
    asked, plain = (run.results for run in runs)
    said = [
        "Fewer than two centres are known" in " ".join(s.en for s in method_sentences(r.protocol, r.results))
        for r in runs
    ]
    n = asked.get(analysis=CENTRES, population="treated", statistic=Statistic.N_CENTRES)

    assert n is not None
    assert n.warning.has(WarningCode.ONE_CENTRE_ONLY)
    assert said == [True, False]
    assert asked.find(analysis=SURVIVAL) == plain.find(analysis=SURVIVAL)


def test_one_centre_in_a_subgroup_has_no_ratio_between_centres(folder):
    settings = "centres: {use: cluster}\nanalyses: [{kind: survival, outcomes: [os], where: {centre: C0}}]\n"
    found = run(folder, settings).results.find(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO)

    assert [
        (
            e.value,
            e.warning.has(
                WarningCode.TOO_FEW_CENTRES, WarningCode.TOO_FEW_EVENTS, WarningCode.TOO_FEW_IN_GROUP
            ),
        )
        for e in found
    ] == [(None, True)]


def test_centres_without_the_column_and_firths_method_are_refused_with_their_line(folder):
    def refusal(text: str) -> list[str]:
        (folder / "study.yaml").write_text(text, "utf-8")
        with pytest.raises(StudyFileError) as refused:
            check_study(folder)
        return str(refused.value).splitlines()[1:-1]

    survival = "analyses: [{kind: survival, outcomes: [os], small_sample: firth}]\n"
    text = HEAD.replace("RATIO", "ratio: 1") + "centres: {use: strata}\n"
    (firth,) = refusal(text + survival)
    patients = pl.read_csv(folder / "patients.csv", infer_schema=False)
    patients.drop("hospital").write_csv(folder / "patients.csv")
    none = refusal(text + survival.replace(", small_sample: firth", ""))
    patients.write_csv(folder / "patients.csv")

    assert "Firth's method cannot take the treating centres" in firth
    assert ["centres.use" in line and "column `centre` is missing" in line for line in none] == [True]


@pytest.mark.parametrize("name", ["centre", "hospital"])
def test_a_column_that_groups_or_excludes_goes_on_working(folder, name, tmp_path):
    patients = pl.read_csv(folder / "patients.csv", infer_schema=False).rename(
        {"hospital": name}, strict=False
    )
    for table in ("lesions", "measurements", "treatments"):
        (tmp_path / f"{table}.csv").write_bytes((folder / f"{table}.csv").read_bytes())
    patients.write_csv(tmp_path / "patients.csv")
    rule = f'eligibility: [{{id: known, keep: {name} != "C5", excluded: {{zh: 其他, en: Other}}}}]\n'
    found = run(tmp_path, rule + f"analyses: [{{kind: survival, by: {name}, outcomes: [os]}}]\n")

    groups = {e.group for e in found.results.find(analysis=SURVIVAL, statistic=Statistic.MEDIAN)}
    assert groups == {"C0", "C1", "C2", "C3", "C4"} & {*patients[name].drop_nulls()}
