"""Comparability at progression as it is printed."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.printing.adjusting import accounts_for_both, not_adjusted_for
from oligoscope.printing.table import Table
from oligoscope.questions.at_progression.figure import draw_at_progression
from oligoscope.questions.at_progression.numbers import compare_at_progression
from oligoscope.questions.at_progression.section import at_progression_methods, still_apart
from oligoscope.questions.at_progression.table import tabulate_groups, tabulate_ratios
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from unit.questions.at_progression.test_at_progression import asked, cohort

BOTH = ("progressed", "matched")


@pytest.fixture(scope="module")
def results() -> Results:
    patients = [cohort()]
    return Results(
        tuple(
            e for matched in (False, True) for e in compare_at_progression(asked(patients, matched=matched))
        )
    )


def protocol(limit: float = 0.1) -> Protocol:
    analyses = [{"kind": "at_progression"}, {"kind": "at_progression", "population": "matched"}]
    matching = {
        "balance_limit": limit,
        "covariates_at_progression": ["months_to_progression", "best_response"],
    }
    files = {"patients": {"files": ["patients.csv"]}}
    return Protocol.model_validate({"study": {}, "data": files, "matching": matching, "analyses": analyses})


def row(table: Table, name: str) -> list[str]:
    return next([c.text.en for c in r.cells] for r in table.rows if r.cells[0].text.en == name)


def test_the_groups_are_printed_before_and_after_matching_with_both_differences(results):
    table = tabulate_groups(results, BOTH)
    smd = next(
        e
        for e in results.find(statistic=Statistic.SMD_AFTER_ABSOLUTE, variable="months_to_progression")
        if not e.level
    )

    assert len(table.columns) == 7
    assert row(table, "Time to first progression, months")[-1] == f"{smd.value:.3f}"
    assert [h.text.en for h in table.columns].count("|SMD|") == 2


def test_what_is_described_only_is_marked(results):
    table = tabulate_groups(results, BOTH)
    marks = {r.cells[0].text.en: r.cells[0].mark for r in table.rows if r.cells[0].mark}

    assert marks == {"Progressing lesions": "a", "Later-line regimen": "b"}
    assert any("enters neither score nor model" in note.en for note in table.notes)


def test_patients_without_a_later_line_are_not_called_missing():
    """Their regimen is blank because there is none; percentages are of those who had one."""
    blank = pl.when(pl.int_range(pl.len()) % 3 > 0).then(pl.col("line_regimen"))
    found = Results(tuple(compare_at_progression(asked([cohort().with_columns(line_regimen=blank)]))))
    table = tabulate_groups(found, ("progressed",))

    assert any(row(table, "No later line, or none recorded")[1:])
    assert not [r for r in table.rows if r.cells[0].text.en == "Missing"]
    assert any("of those with a later line" in note.en for note in table.notes)


def test_every_way_of_comparing_has_its_ratio_beside_the_adjusted_one(results):
    table = tabulate_ratios(results, BOTH)
    names = [r.cells[0].text.en for r in table.rows]
    matched = row(table, "Matched population")
    adjusted = next(e for e in results.find(population="matched", statistic=Statistic.HAZARD_RATIO_ADJUSTED))

    assert names == [
        "Neither matched nor weighted", "Inverse probability weights (ATE)", "Weighted to the oligoprogression group (ATT)", "Overlap weights",
        "Matched population",
    ]  # fmt: skip
    assert matched[4].startswith(f"{adjusted.value:.2f} (")


def test_the_love_plot_draws_differences_at_progression_only(results):
    figure = draw_at_progression(results, 0.1)

    assert figure.id == "at_progression_balance"
    assert set(figure.data["variable"]) == {"months_to_progression", "best_response", "ecog_at_progression"}


def test_without_matched_patients_there_is_no_love_plot(results):
    with pytest.raises(KeyError):
        draw_at_progression(Results(tuple(results.find(population="progressed"))), 0.1)


@pytest.mark.parametrize(
    ("limit", "said"), [(0.1, "still differed, most in"), (100, "were alike (largest |SMD|")]
)
def test_one_sentence_says_how_far_the_matched_are_apart_and_the_adjusted_ratio(results, limit, said):
    ((text, estimates),) = still_apart(protocol(limit), results)

    assert said in text.en
    assert [e.statistic for e in estimates] == [Statistic.SMD_AFTER_ABSOLUTE, Statistic.HAZARD_RATIO_ADJUSTED]


def test_it_is_not_said_that_no_estimate_accounts_for_both(results):
    assert accounts_for_both(results)
    assert not any("No estimate accounts for both" in t.en for t in not_adjusted_for(protocol(), results))


def test_methods_name_the_covariates_and_what_was_not_adjusted_for(results):
    (text,) = at_progression_methods(protocol(), results)

    assert "time to first progression and best overall response" in text.en
    assert "nor treatment after progression" in text.en
