"""Links of organs with their weights, and sets of organs."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.clinical.organs import derive_site_relation
from oligoscope.questions.sites.numbers import describe_sites
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.vocabulary import name_of

OLIGO, SYSTEMIC = "oligoprogression", "systemic"


def patients(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    """(pattern, organs at baseline, organs of progression) of each patient."""
    frame = pl.DataFrame(rows, schema=["pattern", "all_baseline_organs", "progressing_organs"], orient="row")
    return frame.with_columns(
        patient_id=pl.format("P{}", pl.int_range(pl.len())), site_relation=pl.lit("same")
    )


SOME = patients([
    (OLIGO, "lung", "lung"),                          # where it was
    (OLIGO, "lung;lymph_node", "liver"),              # a new organ, from two
    (SYSTEMIC, "lung;bone", "bone;brain"),            # one old, one new
    (SYSTEMIC, "", "brain"),                          # nothing recorded at baseline
    (SYSTEMIC, "lung", ""),                           # progression in no named organ: not of this analysis
])  # fmt: skip


@pytest.fixture(scope="module")
def sites() -> Results:
    found, series = describe_sites(SOME, AnalysisSettings(kind="sites"))
    return Results(tuple(found)).plus(series=series)


def links(results: Results) -> dict[tuple[str, str], tuple[float, ...]]:
    """n, n_new, weight_from and weight_to of each link, all groups together."""
    flow = results.series["sites/flow/progressed"]
    found = flow.group_by("from_organ", "to_organ").agg(
        pl.col("n", "n_new", "weight_from", "weight_to").sum()
    )
    return {(a, b): tuple(numbers) for a, b, *numbers in found.iter_rows()}


def test_an_organ_that_was_involved_comes_from_itself(sites):
    assert links(sites)["lung", "lung"] == (1, 0, 1.0, 1.0)
    # The bone progressed in the bone, whatever else was involved; the new organ leaves it too, so that each has half.
    assert links(sites)["bone", "bone"] == (1, 0, 0.5, 1.0)
    assert links(sites)["lung", "bone"] == (1, 0, 0.0, 0.0)


def test_a_new_organ_comes_evenly_from_all_organs_at_baseline(sites):
    assert links(sites)["lung", "liver"] == links(sites)["lymph_node", "liver"] == (1, 1, 1.0, 0.5)
    assert links(sites)["bone", "brain"] == (1, 1, 0.5, 0.5)


def test_nothing_at_baseline_is_a_source_of_its_own(sites):
    assert links(sites)["none", "brain"] == (1, 1, 1.0, 1.0)


def test_what_comes_to_an_organ_adds_up_to_its_patients(sites):
    """And what leaves one at baseline never to more than its own: a band is as high as the patients in it."""
    flow = sites.series["sites/flow/progressed"]
    reached, left = (
        dict(flow.group_by(organ).agg(pl.col(weight).sum()).iter_rows())
        for organ, weight in (("to_organ", "weight_to"), ("from_organ", "weight_from"))
    )

    assert reached == pytest.approx({"lung": 1, "liver": 1, "bone": 1, "brain": 2})
    assert left == pytest.approx({"lung": 3, "lymph_node": 1, "bone": 1, "none": 1})


def test_a_set_of_organs_is_counted_once_a_patient(sites):
    counted = sites.series["sites/combinations/progressed"]

    assert counted.rows() == [
        (OLIGO, "liver", 1), (OLIGO, "lung", 1), (SYSTEMIC, "bone;brain", 1), (SYSTEMIC, "brain", 1)
    ]  # fmt: skip


def test_each_grouping_has_series_of_its_own():
    by_sex = SOME.with_columns(sex=pl.lit("male"))
    _, usual = describe_sites(by_sex, AnalysisSettings(kind="sites"))
    _, other = describe_sites(by_sex, AnalysisSettings(kind="sites", by="sex"))

    assert not set(usual) & set(other)
    assert set(other["sites/combinations/progressed/sex"]["group"]) == {"male"}


@pytest.mark.parametrize("organ", ["a:b", "x_1", "A vs B", "all", "male", "CR", "<b>"])
def test_an_organ_that_is_none_of_ours_is_printed_as_it_is_written(organ):
    found, _ = describe_sites(patients([(OLIGO, organ, organ)]), AnalysisSettings(kind="sites"))

    levels = {e.level for e in found if e.variable == "organ"}
    assert levels == {organ}
    assert {name_of(level).en for level in levels} == {organ}


def test_same_and_new_sites_are_counted_of_no_patient_where_no_sites_at_baseline_were_given():
    rows = [(OLIGO, None, "lung"), (SYSTEMIC, None, "liver;brain")]
    frame = pl.DataFrame(
        rows, schema=["pattern", "all_baseline_organs", "progressing_organs"], orient="row",
        schema_overrides={"all_baseline_organs": pl.String},
    )  # fmt: skip
    frame = derive_site_relation(frame.with_columns(patient_id=pl.format("P{}", pl.int_range(pl.len()))))

    found, _ = describe_sites(frame, AnalysisSettings(kind="sites"))

    assert frame["site_relation"].to_list() == [None, None]
    assert frame["new_organs"].to_list() == [None, None]
    assert {e.variable for e in found if e.variable} == {"organ"}


def test_a_patient_without_sites_at_baseline_is_counted_neither_as_same_nor_as_new():
    rows = [(OLIGO, "lung", "lung"), (OLIGO, None, "liver"), (OLIGO, "", "bone")]
    frame = pl.DataFrame(rows, schema=["pattern", "all_baseline_organs", "progressing_organs"], orient="row")
    frame = derive_site_relation(frame.with_columns(patient_id=pl.format("P{}", pl.int_range(pl.len()))))

    found, _ = describe_sites(frame, AnalysisSettings(kind="sites"))

    assert frame["site_relation"].to_list() == ["same", None, "new"]
    of = {
        (e.level, e.statistic): e.value for e in found if e.variable == "site_relation" and e.group == OLIGO
    }
    assert of["same", Statistic.PERCENT] == of["new", Statistic.PERCENT] == 50
