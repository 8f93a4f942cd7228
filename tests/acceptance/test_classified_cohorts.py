"""Cohorts that a team has classified, alone, from the file to the whole report: all of it, in months; dates; survival alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.checked_study import Checked, check_study
from oligoscope.clinical.patients import derive_patients
from oligoscope.derivation import derive_study
from oligoscope.engines.deriving import How
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.printing.blocks import Document, FigureBlock, Notice, Paragraph, TableBlock
from oligoscope.report.document import build_document
from oligoscope.results.analyses import SITES, SURVIVAL, TEAM_LABELS
from oligoscope.results.statistics import Statistic

COHORT = Path(__file__).parent.parent / "oracle" / "classified.csv"
COVARIATES = ("patient_id", "sex", "age_years", "smoking", "histology", "stage")
ANALYSES = """
analyses:
  - {kind: follow_up, population: treated}
  - {kind: baseline, variables: [sex, age_60, smoking]}
  - {kind: baseline, population: matched, variables: [sex, smoking]}
  - {kind: predictors, variables: [sex, smoking]}
  - {kind: sites}
  - {kind: timing}
  - {kind: survival, outcomes: [pps, os, pfs]}
  - {kind: survival, by: resistance, outcomes: [os]}
  - {kind: landmark, population: treated}
  - {kind: time_dependent, population: treated}
  - {kind: competing_risks, population: treated}
  - {kind: subgroups, outcomes: [pps], variables: [sex]}
  - {kind: weighting, outcomes: [os]}
  - {kind: restricted_means, outcomes: [os]}
  - {kind: response_rate}
  - {kind: reclassification}
matching: {covariates: [sex, smoking], caliper: 0.5}
imputation: {variables: [], m: 2}
"""


def written(folder: Path, cohort: pl.DataFrame, settings: str = ANALYSES, suffix: str = "csv") -> Path:
    """A study of one table."""
    folder.mkdir(exist_ok=True)
    (cohort.write_csv if suffix == "csv" else cohort.write_parquet)(folder / f"cohort.{suffix}")
    text = f"study: {{title: T}}\ndata: {{cohort: cohort.{suffix}}}\n{settings}"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return folder


def ran(folder: Path) -> tuple[Checked, StudyRun, Document]:
    checked = check_study(folder)
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined, study_file=checked.file)
    return checked, run, build_document(run.protocol, run.results, checked.issues.frame().to_dicts())


def texts(document: Document) -> Iterator[Text]:
    for block in document.blocks:
        match block:
            case Paragraph(text=text) | Notice(text=text):
                yield text
            case TableBlock(table=table):
                yield from (table.title, *table.notes)
            case FigureBlock(figure=figure):
                yield from (figure.title, figure.caption)
            case _:
                pass


def says(document: Document, zh: str, en: str) -> bool:
    words = dict(zip(LANGUAGES, (zh, en), strict=True))
    return all(any(words[language] in text[language] for text in texts(document)) for language in LANGUAGES)


@pytest.fixture(scope="module")
def cohort() -> pl.DataFrame:
    return pl.read_csv(COHORT, infer_schema_length=None)


@pytest.fixture(scope="module")
def whole(cohort: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory):
    return ran(written(tmp_path_factory.mktemp("whole"), cohort))


def test_every_analysis_of_a_whole_cohort_runs(whole):
    _, run, _ = whole

    failed = {
        (e.analysis, str(e.warning))
        for e in run.results.estimates
        if e.value is None and e.statistic == Statistic.N
    }
    assert run.cohort.flow.sizes == {"screened": 60, "treated": 60, "progressed": 50}
    assert dict(run.cohort.flow.patterns) == {"oligoprogression": 30, "systemic": 20}
    assert {a.kind for a in run.protocol.analyses} <= {
        str(e.analysis) for e in run.results.estimates if e.value is not None
    }
    assert not failed


def test_the_report_says_whose_labels_they_are(whole):
    _, run, document = whole

    assert says(
        document,
        "为研究团队所判定，按所给采用",
        "classified or timed by the study team and are used as given",
    )
    assert says(document, "进展模式由研究团队判定。", "Progression pattern as classified by the study team.")
    assert says(document, "耐药类型由研究团队判定", "esistance type as classified by the study team")
    assert says(
        document,
        "研究团队的分类，以及与本软件规则的一致性",
        "Labels of the study team, and their agreement with the rules",
    )
    assert not says(document, "寡进展定义", "Oligoprogression meant")
    agreement = {
        e.outcome: e.value for e in run.results.find(analysis=TEAM_LABELS, statistic=Statistic.PERCENT_AGREE)
    }
    assert agreement["pattern"] == 100
    assert (
        agreement["resistance"] == 88
    )  # six progressed after month 6 with PD as best response: no type by the rule


def test_no_derivation_is_described_that_did_not_run(whole):
    _, _, document = whole

    written = {language: " ".join(text[language] for text in texts(document)) for language in LANGUAGES}
    for false in ("末次充分评估时删失", "基线器官含原发灶", "与本研究所用定义", "黑色细线"):
        assert false not in written["zh"]
    for false in (
        "last adequate", "include that of the primary", "the definition this study uses", "thin black line", "PFS2",
    ):  # fmt: skip
        assert false not in written["en"]
    assert says(document, "的起点、事件与删失由研究团队判定", "the program derived none of them")
    assert says(document, "基线器官为研究团队所列", "Organs at baseline are those that the study team listed")
    assert says(
        document, "最佳总体疗效（研究团队判定）", "best overall response as classified by the study team"
    )
    settings = next(
        b.table for b in document.blocks if isinstance(b, TableBlock) and b.table.id == "settings"
    )
    shown = {row.cells[0].text.en: row.cells[1].text.en for row in settings.rows}
    assert shown["Source of responses"] == "as read by the study team"
    assert not {"Date of PD", "Counting of nodes", "Missed assessments", "Minimum SD, days"} & set(shown)


def test_dates_give_the_same_groups_and_nearly_the_same_times(cohort: pl.DataFrame, tmp_path: Path, whole):
    start = date(2020, 1, 15)

    def after(months: float | None) -> date | None:
        return None if months is None else start + timedelta(days=round(months * 30.4375))

    rows = [
        {
            "treatment_started_on": start,
            "progressed_on": after(row["pfs_months"]) if row["pattern"] else None,
            "died_on": after(row["os_months"]) if row["os_event"] == "dead" else None,
            "last_known_alive_on": after(row["os_months"]) if row["os_event"] == "alive" else None,
        }
        for row in cohort.iter_rows(named=True)
    ]
    dated = cohort.select(*COVARIATES, "pattern", "best_response").hstack(
        pl.DataFrame(rows, infer_schema_length=None)
    )

    checked, run, document = ran(written(tmp_path / "dates", dated))

    assert {issue.rule for issue in checked.issues} == {"followed_to_contact"}
    assert run.cohort.flow.sizes == whole[1].cohort.flow.sizes
    for outcome in ("pfs", "os", "pps"):
        key = {
            "analysis": SURVIVAL,
            "population": "progressed",
            "outcome": outcome,
            "group": "systemic",
            "statistic": Statistic.MEDIAN,
        }
        assert run.results.value(**key) == pytest.approx(whole[1].results.value(**key), abs=0.05)
    assert says(document, "者于末次随访时删失", "it was censored at the last contact")


def test_survival_alone_is_a_study(cohort: pl.DataFrame, tmp_path: Path):
    settings = """
analyses:
  - {kind: survival, population: treated, by: sex, outcomes: [os, pfs]}
  - {kind: survival, outcomes: [os]}
  - {kind: landmark, population: treated}
  - {kind: competing_risks, population: treated}
  - {kind: baseline, population: treated, by: sex, variables: [smoking]}
"""
    _, run, document = ran(
        written(tmp_path / "os", cohort.select(*COVARIATES, "os_months", "os_event"), settings)
    )

    assert run.cohort.flow.sizes == {"screened": 60, "treated": 60, "progressed": 0}
    ratio = run.results.find(analysis=SURVIVAL, outcome="os", statistic=Statistic.HAZARD_RATIO)
    assert [e.value is not None for e in ratio if e.population == "treated"] == [True]
    reasons = {(str(e.analysis), e.outcome): str(e.warning) for e in run.results.estimates if e.value is None}
    assert reasons["survival", "pfs"] == "time_not_given"
    assert reasons["landmark", "os"] == "progression_not_recorded"
    assert reasons["competing_risks", ""] == "time_not_given"
    assert says(document, "数据未记录其中何人进展", "the data do not say who of them progressed")
    assert not says(document, "原发性耐药", "Primary resistance was")


def test_nothing_of_a_pattern_alone_is_a_time(cohort: pl.DataFrame, tmp_path: Path):
    checked, run, _ = ran(
        written(
            tmp_path / "pattern",
            cohort.select(*COVARIATES, "pattern", "progressing_organs", "baseline_organs"),
        )
    )

    assert "follow_up_missing" in {issue.rule for issue in checked.issues}
    assert run.cohort.flow.sizes["progressed"] == 50
    days = [c for c in run.cohort.patients.columns if c.endswith("_days")]
    assert run.cohort.patients.select(pl.col(days).is_not_null().any()).row(0) == (False,) * len(days)
    assert all(e.value is None for e in run.results.find(analysis=SURVIVAL))
    assert any(e.value for e in run.results.find(analysis=SITES))


def test_parquet_in_partitions_derives_the_same(cohort: pl.DataFrame, tmp_path: Path):
    folders = []
    for suffix, how in (("csv", How()), ("parquet", How(partition_patients=7))):
        study = written(tmp_path / suffix, cohort, "", suffix)
        out = tmp_path / f"out-{suffix}"
        derive_study(check_study(study, in_partitions=True), out, how=how)
        folders.append(out)

    one, other = ((folder / "patients.csv").read_bytes() for folder in folders)
    assert one == other


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ("progression: {preset: strict3}", "pattern_by_rule"),
        ("progression: {max_lesions: 2}", "pattern_by_rule"),
        ("resistance: {preset: sitc_2023_ici_chemo}", "resistance_by_rule"),
    ],
)
def test_definitions_change_what_the_rules_say_and_no_label_of_the_team(
    settings, label, cohort, tmp_path: Path
):
    usual, other = (
        derive_patients(checked.tables, checked.protocol).patients
        for checked in (
            check_study(written(tmp_path / str(i), cohort, text)) for i, text in enumerate(("", settings))
        )
    )

    assert usual[label].to_list() != other[label].to_list()
    assert usual.select("pattern", "resistance", "pfs_days").equals(
        other.select("pattern", "resistance", "pfs_days")
    )


def test_the_teams_own_289_and_290(shared_path: Callable[..., Path], tmp_path: Path):
    """Labels and months of the file, whatever its other columns hold."""
    shutil.copy(shared_path("faults", "progressions_579", "spss579.xlsx"), tmp_path)
    (tmp_path / "study.yaml").write_text(
        """
study: {title: T}
data:
  cohort:
    files: [spss579.xlsx]
    columns: {patient_id: ID, pattern: pattern, resistance: resist, best_response: BOR, pfs_months: PFS, os_months: OS, os_event: death,
      n_progressing_lesions: n_les, progressing_organs: organs, baseline_organs: bl_org}
    levels:
      pattern: {oligoprogression: ["1"], systemic: ["2"]}
      resistance: {acquired: ["1"], primary: ["2"]}
      best_response: {CR: ["1"], PR: ["2"], SD: ["3"], PD: ["4"]}
analyses: [{kind: survival, outcomes: [pfs, os, pps]}]
""",
        encoding="utf-8",
    )

    _, run, _ = ran(tmp_path)

    assert dict(run.cohort.flow.patterns) == {"oligoprogression": 289, "systemic": 290}
    medians = {
        (e.outcome, str(e.group)): e.value
        for e in run.results.find(analysis=SURVIVAL, statistic=Statistic.MEDIAN)
        if e.group and not e.variable
    }
    # R 4.2.2, survival 3.5-3: survfit on the months as written
    assert {key: round(value or 0, 2) for key, value in medians.items()} == {
        ("pfs", "oligoprogression"): 7.5, ("pfs", "systemic"): 5.0, ("os", "oligoprogression"): 20.0, ("os", "systemic"): 10.5,
        ("pps", "oligoprogression"): 9.8, ("pps", "systemic"): 4.5,
    }  # fmt: skip


def test_a_cohort_without_lesions_is_matched_on_what_it_has_and_the_rest_is_named(tmp_path):
    """The default score: what the table does not have is left out, each with its reason."""
    columns = [*COVARIATES, "pattern", "os_months", "os_event", "pfs_months", "pfs_event"]
    cohort = pl.read_csv(COHORT, infer_schema=False).select(columns)
    asked = "analyses: [{kind: survival, population: matched, outcomes: [os]}]\nmatching: {unseal: a test}"

    _, run, document = ran(written(tmp_path / "study", cohort, asked))

    assert run.matched is not None
    assert run.matched.verdict is not None
    left = {e.variable for e in run.left_out}
    assert {"ecog", "brain_metastasis", "n_baseline_organs", "n_baseline_lesions", "pd_l1"} == left
    said = " ".join(text.en for text in texts(document))
    assert "0.2 (scale: standard deviations of the logit)" in said
    assert "baseline lesions" in said


def test_a_cohort_may_give_the_number_of_lesions_at_baseline(tmp_path):
    columns = [*COVARIATES, "pattern", "os_months", "os_event", "pfs_months", "pfs_event"]
    cohort = pl.read_csv(COHORT, infer_schema=False).select(columns)
    cohort = cohort.with_columns(n_baseline_lesions=pl.Series([str(1 + i % 5) for i in range(cohort.height)]))
    asked = "analyses: [{kind: survival, population: matched, outcomes: [os]}]\nmatching: {unseal: a test}"

    _, run, _ = ran(written(tmp_path / "study", cohort, asked))

    assert "n_baseline_lesions" not in {e.variable for e in run.left_out}
    rows = run.results.find(variable="n_baseline_lesions", statistic=Statistic.SMD_AFTER)
    assert [e.level for e in rows] == [""]  # one number, not a class for every count
