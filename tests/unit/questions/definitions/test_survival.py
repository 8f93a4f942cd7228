"""The hazard ratio of post-progression survival under each definition of the pattern."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from oligoscope.cohort.times import Fewest
from oligoscope.questions.definitions.numbers import compare_definitions, survival_under_definitions
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.questions.definitions.words import (
    classified_alike,
    definitions_paragraph,
    dependence_sentence,
)
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from unit.questions.survival.two_hazards import SETTINGS, patients

OLIGO = "oligoprogression"
ANY = Fewest(1, 1)


def labelled(*, crossing: bool = False, **more: Any) -> pl.DataFrame:
    """300 patients: labels of the study's definition, and of a second that calls every tenth systemic one an oligoprogression."""
    rows = patients(crossing=crossing).rename({"pattern": "pattern:huang2025"})
    own = pl.col("pattern:huang2025")
    wider = pl.when(pl.int_range(pl.len()) % 10 == 0).then(pl.lit(OLIGO)).otherwise(own)
    return rows.with_columns(wider.alias("pattern:chai2021"), **more)


def ratios(rows: pl.DataFrame, fewest: Fewest = ANY) -> dict[str, Estimate]:
    return {e.group: e for e in survival_under_definitions(rows, "progressed", fewest)}


def test_each_definition_has_its_own_row_and_the_labels_make_the_ratio():
    found = ratios(labelled())

    assert list(found) == ["huang2025", "chai2021"]
    assert found["huang2025"].key == (
        "reclassification", "progressed", "pps", "huang2025", "", "oligoprogression vs systemic", "hazard_ratio",
    )  # fmt: skip
    own, wider = (e.value or 0 for e in found.values())
    assert 0 < own < wider < 1  # patients of the worse group among the better one bring the ratio nearer to 1
    assert not found["huang2025"].warning


def test_one_death_of_each_of_two_patients_is_the_textbook_fit():
    """Deaths O, S, O, S in this order: partial likelihood h/(2h+2) * 1/(h+2) * h/(h+1), largest at h = (1 + sqrt(17)) / 2."""
    rows = pl.DataFrame(
        {
            "pattern:huang2025": [OLIGO, "systemic", OLIGO, "systemic"],
            "pps_days": [100, 200, 300, 400],
            "pps_event": [True] * 4,
        }
    )

    assert ratios(rows)["huang2025"].value == pytest.approx((1 + math.sqrt(17)) / 2, rel=1e-6)


@pytest.mark.parametrize("more", [{}, {"pps_entry_days": pl.col("pps_days") // 3}])
@pytest.mark.parametrize("crossing", [False, True])
def test_under_the_own_definition_it_is_the_ratio_of_the_survival(crossing: bool, more: dict[str, Any]):
    rows = patients(crossing=crossing).with_columns(**more)
    (own,) = (e for e in compare_survival(rows, SETTINGS)[0] if e.statistic == Statistic.HAZARD_RATIO)
    here = ratios(labelled(crossing=crossing, **more))["huang2025"]

    assert own.value is not None
    assert (here.value, here.low, here.high, here.n) == (own.value, own.low, own.high, own.n)
    assert (here.warning, here.method) == (own.warning, own.method)


@pytest.mark.parametrize(
    ("rows", "fewest", "code"),
    [
        (labelled(), Fewest(500, 1), WarningCode.TOO_FEW_IN_GROUP),
        (labelled(), Fewest(1, 500), WarningCode.TOO_FEW_EVENTS),
        (labelled().filter(pl.col("pattern:huang2025") == OLIGO), ANY, WarningCode.ONE_GROUP_ONLY),
    ],
)
def test_too_few_are_a_row_with_the_reason(rows: pl.DataFrame, fewest: Fewest, code: WarningCode):
    for estimate in ratios(rows, fewest).values():
        assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
        assert estimate.warning.has(code)


def test_a_ratio_that_changes_with_time_says_so():
    assert ratios(labelled(crossing=True))["huang2025"].warning == "non_proportional"


def test_a_delayed_entry_is_taken_and_those_never_at_risk_are_left_out():
    late = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.col("pps_days") // 2).otherwise(0)
    plain, entered = ratios(labelled()), ratios(labelled(pps_entry_days=late))
    gone = ratios(labelled(pps_entry_days=pl.when(pl.int_range(pl.len()) >= 10).then(late)))

    assert entered["huang2025"].value != plain["huang2025"].value
    assert (entered["huang2025"].n, gone["huang2025"].n) == (300, 290)


def test_without_a_time_there_is_no_row_and_no_column():
    rows = labelled(pps_days=pl.lit(None, pl.Int64))
    results = Results((*compare_definitions(rows), *ratios(rows).values()))

    assert not ratios(rows)
    assert len(tabulate_reclassification(results, "progressed", "pattern", "huang2025").columns) == 5


def test_the_table_and_the_sentence_print_them():
    rows = labelled()
    results = Results((*compare_definitions(rows), *ratios(rows).values()))
    table = tabulate_reclassification(results, "progressed", "pattern", "huang2025")
    low, high = sorted(f"{e.value:.2f}" for e in ratios(rows).values())
    said = definitions_paragraph(results, "progressed", OLIGO)

    assert [(c.text.zh, c.text.en) for c in table.columns][3] == ("进展后生存期 HR", "PPS HR")
    assert table.rows[0].cells[3].text.en.startswith(f"{low} (")
    assert any("systemic progression is the reference" in n.en and "为参照" in n.zh for n in table.notes)
    assert said is not None
    assert said.text.en.endswith(f" and the HR {low} to {high} (95% CI excluding 1).")
    assert said.text.zh.endswith(f"，HR 为 {low}~{high}，95%CI 均不含 1。")


def test_the_sentence_says_under_how_many_definitions_there_is_one():
    few = pl.when(pl.int_range(pl.len()) < 3).then(pl.lit(OLIGO)).otherwise(pl.lit("systemic"))
    third = labelled().with_columns(few.alias("pattern:strict3"))
    results = Results((*compare_definitions(third), *ratios(third, Fewest(5, 1)).values()))
    said = definitions_paragraph(results, "progressed", OLIGO)

    assert said is not None
    assert "; 1 gives no HR. " in said.text.en
    assert "；1 种定义不给出 HR。" in said.text.zh


def three(chai_to_systemic: bool = False) -> Results:
    """The study's definition, one that classifies every patient alike, and one whose groups are drawn without regard to survival."""
    mixed = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit(OLIGO)).otherwise(pl.lit("systemic"))
    own = pl.col("pattern:huang2025")
    rows = labelled().with_columns(
        own.alias("pattern:strict3"), (own if chai_to_systemic else mixed).alias("pattern:chai2021")
    )
    return Results((*compare_definitions(rows), *ratios(rows).values()))


def test_definitions_that_classify_every_patient_alike_are_counted_once():
    results = three()
    said = definitions_paragraph(results, "progressed", OLIGO, "huang2025")
    table = tabulate_reclassification(results, "progressed", "pattern", "huang2025")
    agreement = results.get(
        analysis=RECLASSIFICATION, population="progressed", outcome="pattern", variable="", group="huang2025 vs strict3",
        statistic=Statistic.PERCENT_AGREE,
    )  # fmt: skip

    assert classified_alike(results, "progressed", ("huang2025", "strict3", "chai2021")) == [
        ("huang2025", "strict3"),
        ("chai2021",),
    ]
    assert said is not None
    assert (
        "The 2 other definitions make 1 other classification: Huang 2025 and ≤3 lesions classify every patient alike."
        in said.text.en
    )
    assert "其他 2 种定义共得 1 种不同的分类：Huang 2025、≤3 个病灶对每例患者的分类相同。" in said.text.zh
    assert (
        "All are applied to the same patients: the one whose 95% CI excludes 1 agrees with the definition used in 100.0% of them and is "
        "no independent confirmation." in said.text.en
    )
    assert "95%CI 不含 1 的 1 种与本研究所用定义的一致率为 100.0%，不构成独立验证。" in said.text.zh
    assert agreement is not None
    assert agreement.key in said.keys
    assert table.rows[0].cells[0].text.en == "Huang 2025 (this study)"


def test_the_sentence_gives_the_ratio_in_use_and_names_those_whose_limits_include_1():
    results = three()
    found = {e.group: e for e in results.find(outcome="pps", statistic=Statistic.HAZARD_RATIO)}
    own, mixed = found["huang2025"], found["chai2021"]
    said = definitions_paragraph(results, "progressed", OLIGO, "huang2025")
    limits = f"(95% CI {mixed.low:.2f} to {mixed.high:.2f})"

    assert said is not None
    assert mixed.low is not None
    assert mixed.high is not None
    assert mixed.low < 1 < mixed.high
    assert said.text.en.startswith(
        "By the definition used (Huang 2025) the share of oligoprogression is 50.0%"
    )
    assert (
        f"the HR of post-progression survival {own.value:.2f} (95% CI {own.low:.2f} to {own.high:.2f})"
        in said.text.en
    )
    assert (
        f"; under ≤2 sites (Chai 2021) the share is 50.0% and the HR {mixed.value:.2f} {limits}, which includes 1. "
        in said.text.en
    )
    assert "；≤2 个部位（Chai 2021）定义下比例为 50.0%，HR 为" in said.text.zh
    assert set(said.keys) >= {own.key, mixed.key}


def test_in_short_it_is_said_of_how_many_others_and_not_how_many_classifications_they_make():
    mixed, alike = (
        definitions_paragraph(results, "progressed", OLIGO, "huang2025", in_short=True)
        for results in (three(), three(True))
    )
    unclear = [
        replace(e, low=0.5, high=2.0) if e.statistic is Statistic.HAZARD_RATIO else e
        for e in three().estimates
    ]
    none = definitions_paragraph(Results(tuple(unclear)), "progressed", OLIGO, "huang2025", in_short=True)

    assert mixed is not None
    assert alike is not None
    assert none is not None
    assert (
        "50.0%. The result held under 1 of the 2 other, overlapping definitions: the share is 50.0% and the HR"
        in mixed.text.en
    )
    assert "其他 2 种互有重叠的定义中，1 种下结果一致：比例为 50.0%" in mixed.text.zh
    assert "50.0%. The result held under all 2 other, overlapping definitions: the share is" in alike.text.en
    assert "其他 2 种互有重叠的定义下结果均一致：比例为" in alike.text.zh


def test_a_ratio_with_1_in_its_limits_that_changes_with_time_is_called_an_average():
    results = three()
    found = {e.group: e for e in results.find(outcome="pps", statistic=Statistic.HAZARD_RATIO)}
    changes = replace(found["chai2021"], warning=WarningCode.NON_PROPORTIONAL())
    said = definitions_paragraph(
        Results(tuple(changes if e.key == changes.key else e for e in results.estimates)), "progressed", OLIGO, "huang2025"
    )  # fmt: skip

    assert said is not None
    assert ", which includes 1 (an average: this HR changes with time)." in said.text.en
    assert "，包含 1（该 HR 随时间改变，为平均值）。" in said.text.zh
    in_short = definitions_paragraph(
        Results(tuple(changes if e.key == changes.key else e for e in results.estimates)), "progressed", OLIGO, "huang2025",
        in_short=True,
    )  # fmt: skip
    assert in_short is not None
    assert in_short.text.en.endswith(", which includes 1.")  # the figure's caption says it of every row


@pytest.mark.parametrize(
    ("names", "of_metastases"),
    [
        (("huang2025", "br38"), ""),
        (("huang2025", "strict3"), "≤3 lesions"),
        (
            ("astro_estro5", "dingemans", "chai2021", "core"),
            "≤5 lesions (ESTRO-ASTRO), ≤5 lesions in ≤3 organs (Dingemans 2019) and ≤3 lesions in ≤2 organ systems (CORE)",
        ),
    ],
)
def test_limits_that_were_set_for_oligometastatic_disease_are_named(names, of_metastases):
    """ESTRO-ASTRO, Guckenberger 2020, Dingemans 2019 and CORE are of metastases at one time; Huang, Chai and BR38 of progression."""
    keys = {"analysis": RECLASSIFICATION, "population": "progressed", "outcome": "pattern", "level": OLIGO}
    one = next(iter(ratios(labelled()).values()))
    rows = [
        replace(one, **keys, group=name, statistic=Statistic.PERCENT, value=50.0 + i, low=None, high=None)
        for i, name in enumerate(names)
    ]
    said = definitions_paragraph(Results(tuple(rows)), "progressed", OLIGO)

    assert said is not None
    assert ("oligometastatic" in said.text.en, "寡转移" in said.text.zh) == (bool(of_metastases),) * 2
    assert of_metastases in said.text.en


def test_the_limitation_says_whether_any_limits_include_1():
    depends, steady = (
        dependence_sentence(three(), "progressed"),
        dependence_sentence(three(True), "progressed"),
    )

    assert depends is not None
    assert steady is not None
    assert "depend on the definition in use: the 95% CI includes 1 under ≤2 sites (Chai 2021)" in depends.en
    assert "no 95% CI includes 1" in steady.en
    assert dependence_sentence(Results(()), "progressed") is None


def test_many_definitions_with_1_in_their_limits_are_counted():
    names = ("huang2025", "chai2021", "strict3", "core", "br38")
    keys = {"analysis": RECLASSIFICATION, "population": "progressed", "outcome": Outcome.PPS}
    one = next(iter(ratios(labelled()).values()))
    rows = tuple(
        replace(one, group=name, value=0.8 + i / 100, low=0.5, high=1.4) for i, name in enumerate(names)
    )
    said = dependence_sentence(Results(rows), "progressed")

    assert len(Results(rows).find(**keys)) == len(names)
    assert said is not None
    assert said.en.endswith("the 95% CI includes 1 under 5 definitions (HR 0.80 to 0.84).")
    assert "5 种定义的 95%CI 包含 1（HR 为 0.80~0.84）" in said.zh
