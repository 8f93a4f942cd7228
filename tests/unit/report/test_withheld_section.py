"""What is not given: numbers alike and missing for one reason stand in one row."""

from __future__ import annotations

import re
from typing import Any

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.withheld_section import tabulate_withheld, withheld_estimates, withheld_section
from oligoscope.results.analyses import MATCHING, SUBGROUPS, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome

RATIO: dict[str, Any] = {
    "analysis": SUBGROUPS, "population": "progressed", "outcome": Outcome.PPS, "group": "oligoprogression vs systemic",
    "statistic": Statistic.HAZARD_RATIO, "warning": "too_few_events minimum=5",
}  # fmt: skip
SEX = [Estimate(**RATIO, variable="sex", level=level) for level in ("male", "female")]
OTHER = Estimate(
    analysis=MATCHING,
    population="matched",
    statistic=Statistic.N_PAIRS,
    warning="too_few_to_match smallest=4 minimum=5",
)
GIVEN = Estimate(
    analysis=SURVIVAL, population="progressed", statistic=Statistic.MEDIAN, value=3.0, warning="unbalanced"
)
ENDED = Estimate(
    analysis=SURVIVAL, population="progressed", statistic=Statistic.SURVIVAL, warning="beyond_follow_up"
)


def test_numbers_alike_and_missing_for_one_reason_are_one_row():
    table = tabulate_withheld([*SEX, OTHER])
    said = [[cell.text.en for cell in row.cells] for row in table.rows]

    assert said == [
        ["Subgroups, Progressed population", "Post-progression survival, Oligoprogression vs systemic progression",
         "Hazard ratio", "Sex: male, female", "2", "a group has fewer than 5 events"],
        ["Matching, Matched population", "", "Pairs", "", "1",
         "the smaller group has 4 patients, fewer than the 5 that matching and weighting need"],
    ]  # fmt: skip
    assert table.rows[0].cells[4].keys == tuple(e.key for e in SEX)


def test_of_many_variables_the_first_are_named_and_all_counted():
    many = [Estimate(**RATIO, variable=f"variable_{i}") for i in range(9)]
    (row,) = tabulate_withheld(many).rows

    assert row.cells[3].text.en.endswith("and others, 9 in all")
    assert row.cells[4].text.en == "9"


def test_both_languages_say_the_same_and_nothing_stays_english_in_chinese():
    table = tabulate_withheld([*SEX, OTHER])
    for row in table.rows:
        for cell in row.cells:
            numbers = [re.findall(r"\d+", cell.text[language]) for language in LANGUAGES]
            assert numbers[0] == numbers[1]
            assert not re.search(r"[a-z]{4,}", cell.text.zh)


def test_what_is_given_or_only_ends_is_not_withheld():
    assert withheld_estimates(Results((GIVEN, ENDED, OTHER))) == [OTHER]
    assert list(withheld_section(Results((GIVEN, ENDED)))) == []
