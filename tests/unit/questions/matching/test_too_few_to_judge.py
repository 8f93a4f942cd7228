"""Where too few were matched, balance is not judged: no verdict in results.csv, the table, the picture or the words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.cohort.complete import CompletedCohorts
from oligoscope.cohort.match import match_cohorts
from oligoscope.printing.matched_notes import missed_balance, with_way_of_matching
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.matching.words import gate_sentences, matching_paragraph
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import BASELINE, MATCHING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, join
from oligoscope.study.protocol import MatchingSettings, Protocol
from unit.stored_results import changed

FEW = WarningCode.TOO_FEW_IN_GROUP(minimum=5)


@pytest.fixture
def of_few(compared_results) -> Results:
    """The made study with 4 to 7 pairs."""
    found = changed(compared_results, {"warning": FEW}, analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    found = changed(found, {"warning": FEW}, analysis=MATCHING, statistic=Statistic.MAXIMUM_SMD)
    pairs = {"value": 5.6, "low": 4.0, "high": 7.0}
    found = changed(found, pairs, analysis=MATCHING, statistic=Statistic.N_PAIRS)
    return with_way_of_matching(found, MatchingSettings(minimum_group=5))


def small_study(n: int) -> tuple[CompletedCohorts, Protocol]:
    """n patients a group, alike in both."""
    rng = np.random.default_rng(3)
    sex, age = rng.permutation(["male", "female"] * n)[:n], rng.integers(50, 70, n)
    cohort = pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(2 * n)],
            "pattern": ["oligoprogression"] * n + ["systemic"] * n,
            "sex": [*sex, *sex],
            "age_years": [*age, *age],
        }
    )
    matching = {"covariates": ["sex", "age_years"], "caliper": None, "minimum_group": 5}
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"patients": {"files": ["p.csv"]}}, "matching": matching}
    )
    return CompletedCohorts((cohort,)), protocol


@pytest.mark.parametrize(("caliper", "few"), [(None, False), (1e-9, True)])
def test_rows_of_results_say_that_balance_was_not_judged(caliper, few):
    completed, protocol = small_study(12)
    frame = completed.cohorts[0]
    if few:  # only three of each group are alike
        ages = frame["age_years"].cast(pl.Float64).to_list()
        ages[15:] = [age + 0.37 * (i + 1) for i, age in enumerate(ages[15:])]
        completed = CompletedCohorts((frame.with_columns(age_years=pl.Series(ages)),))
        protocol = protocol.model_copy(
            update={"matching": protocol.matching.model_copy(update={"caliper": caliper})}
        )

    found = match_cohorts(completed, protocol, "pattern")

    judged = {
        e.statistic: e
        for e in found.estimates
        if e.statistic in {Statistic.LARGEST_SMD, Statistic.MAXIMUM_SMD}
    }
    after = [e for e in found.estimates if e.statistic == Statistic.SMD_AFTER_ABSOLUTE]
    before = [e for e in found.estimates if e.statistic == Statistic.SMD_BEFORE]
    pairs = next(e for e in found.estimates if e.statistic == Statistic.N_PAIRS)
    assert ((pairs.value or 0) < 5) == few
    assert all(e.warning.has(WarningCode.TOO_FEW_IN_GROUP) == few for e in (*judged.values(), *after))
    assert not any(e.warning for e in before)
    assert found.missed == NO_WARNING
    assert found.sealed == NO_WARNING


def test_a_difference_above_the_limit_is_missed_by_few_too_and_nothing_unseals_it():
    completed, protocol = small_study(12)
    frame = completed.cohorts[0]
    older = pl.when(pl.col("pattern") == "systemic").then(pl.col("age_years") % 5).otherwise(0)
    again = {
        "caliper": 0.2,
        "balance_limit": 0.001,
        "minimum_group": 12,
        "unseal": {"en": "why", "zh": "理由"},
    }
    matching = MatchingSettings.model_validate({"covariates": ["sex", "age_years"], **again})
    cohorts = CompletedCohorts((frame.with_columns(age_years=pl.col("age_years") + older),))

    found = match_cohorts(cohorts, protocol.model_copy(update={"matching": matching}), "pattern")

    largest = next(e for e in found.estimates if e.statistic == Statistic.LARGEST_SMD and not e.variable)
    assert found.verdict is not None
    assert not found.verdict.passed
    assert largest.warning.has(WarningCode.UNBALANCED)
    assert largest.warning.has(WarningCode.TOO_FEW_IN_GROUP)
    assert not largest.warning.has(WarningCode.UNSEALED)
    assert found.sealed.has(WarningCode.UNBALANCED)


def test_the_table_has_no_verdict_and_says_why(of_few, compared_results):
    table = tabulate_balance(of_few, 0.1)
    rows = {row.cells[0].text.en: row for row in table.rows}
    notes = " ".join(note.en for note in table.notes)

    assert "not judged" in [cell.text.en for cell in rows["Verdict on balance"].cells]
    assert not any("balanced" in name or "Largest" in name for name in rows)
    assert (
        "in at least one imputation a group has fewer than 5 patients, so that balance is not judged" in notes
    )
    assert "verdict uses" not in notes
    assert "至少一个插补数据集中有一组少于 5 例，故不判断均衡性" in "".join(n.zh for n in table.notes)
    judged = tabulate_balance(compared_results, 0.1)
    assert "the verdict uses the largest mean of any level" in " ".join(n.en for n in judged.notes)
    assert "not judged;" not in " ".join(n.en for n in judged.notes)


def test_words_and_pictures_agree_with_it(made_protocol, of_few):
    said, plot = matching_paragraph(of_few, 0.1, 5), draw_love_plot(of_few, 0.1)
    methods = " ".join(t.en for t in method_sentences(made_protocol, of_few))

    assert said is not None
    assert "With fewer than 5 pairs in some imputations nothing is compared" in said.text.en
    assert "部分插补数据集中配对不足 5 对" in said.text.zh
    assert "balance is not judged" in plot.caption.en
    assert "Balance was to be judged by" in methods
    assert missed_balance(of_few) == NO_WARNING
    assert gate_sentences(of_few) == ()


def test_few_whose_balance_is_missed_are_judged_everywhere(made_protocol, compared_results):
    missed = join(WarningCode.UNBALANCED(variable="sex", largest=0.3, limit=0.1), FEW)
    found = changed(compared_results, {"warning": missed}, analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    pairs = {"value": 5.6, "low": 4.0, "high": 7.0}
    found = changed(found, pairs, analysis=MATCHING, statistic=Statistic.N_PAIRS)

    said, plot, table = (
        matching_paragraph(found, 0.1, 5),
        draw_love_plot(found, 0.1),
        tabulate_balance(found, 0.1),
    )

    assert said is not None
    assert "the groups are not balanced" in said.text.en
    assert (
        said.text.en.count(
            "With fewer than 5 pairs in some imputations nothing is compared after the matching."
        )
        == 1
    )
    assert "部分插补数据集中配对不足 5 对，匹配后不作任何比较。" in said.text.zh
    assert any("balance missed" in row.cells[0].text.en for row in table.rows)
    whole = (
        said.text.en,
        plot.caption.en,
        *(n.en for n in table.notes),
        *(c.text.en for r in table.rows for c in r.cells),
    )
    assert not [text for text in whole if "balance is not judged" in text or text == "not judged"]
    assert len(gate_sentences(found)) == 1
    assert "Balance was judged by" in " ".join(t.en for t in method_sentences(made_protocol, found))


def test_pairs_that_are_too_few_everywhere_are_so_without_a_range(compared_results):
    pairs = {"value": 2.0, "low": 2.0, "high": 2.0}
    few = changed(compared_results, pairs, analysis=MATCHING, statistic=Statistic.N_PAIRS)

    said = matching_paragraph(few, 0.1, 5)

    assert said is not None
    assert "With fewer than 5 pairs nothing is compared" in said.text.en


def test_a_level_has_no_difference_where_its_variable_has_none(compared_results):
    """PD-L1 has three levels, whose differences are printed beside that of the variable."""
    keys = {"analysis": BASELINE, "population": "matched", "variable": "pd_l1", "statistic": Statistic.SMD}
    whole = changed(
        compared_results,
        lambda e: e if e.level else replace(e, value=None, warning=FEW),
        **keys,
    )

    def sizes(results: Results) -> list[str]:
        table = tabulate_baseline(results, "matched")
        names = [row.cells[0].text.en for row in table.rows]
        at = names.index("PD-L1 expression")
        return [row.cells[-1].text.en for row in table.rows[at + 1 : at + 4]]

    assert all(sizes(compared_results))
    assert not any(sizes(whole))


def test_the_reason_is_that_of_some_imputations_only_where_the_pairs_differ_so(compared_results):
    withheld = changed(
        compared_results, {"value": None, "warning": FEW}, population="matched", statistic=Statistic.P_VALUE
    )

    def reasons(low: float, high: float) -> set[str]:
        pairs = {"value": (low + high) / 2, "low": low, "high": high}
        found = changed(withheld, pairs, analysis=MATCHING, statistic=Statistic.N_PAIRS)
        rows = with_way_of_matching(found, MatchingSettings(minimum_group=5)).find(
            population="matched", statistic=Statistic.P_VALUE
        )
        return {e.warning.printed[language] for e in rows for language in LANGUAGES}

    assert reasons(4, 7) == {
        "in at least one imputation a group has fewer than 5 patients",
        "至少一个插补数据集中有一组少于 5 例",
    }
    assert reasons(3, 4) == reasons(30, 31) == {"a group has fewer than 5 patients", "有一组少于 5 例"}
