"""What is not given: numbers alike and missing for one reason stand in one row."""

from __future__ import annotations

import re
from typing import Any

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.withheld_section import tabulate_withheld, withheld_estimates, withheld_section
from oligoscope.results.analyses import MATCHING, SUBGROUPS, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.warnings import read_warnings
from unit.stored_results import row, withheld

RATIO: dict[str, Any] = {"analysis": SUBGROUPS, "statistic": Statistic.HAZARD_RATIO}
SEX = [withheld(**RATIO, variable="sex", level=level) for level in ("male", "female")]
FEW_PATIENTS = read_warnings("too_few_to_match smallest=4 minimum=5")
OTHER = withheld(FEW_PATIENTS, analysis=MATCHING, statistic=Statistic.N_PAIRS, other={"group": ""})
GIVEN = row(analysis=SURVIVAL, population="matched", statistic=Statistic.MEDIAN)
ENDED = withheld(
    read_warnings("beyond_follow_up"), analysis=SURVIVAL, statistic=at_months(Statistic.SURVIVAL, 12)
)


def test_numbers_alike_and_missing_for_one_reason_are_one_row():
    table = tabulate_withheld([*SEX, OTHER])
    said = [[cell.text.en for cell in row.cells] for row in table.rows]

    assert said == [
        ["Subgroups, Progressed population", "Post-progression survival, Oligoprogression vs systemic progression",
         "Hazard ratio", "Sex: male, female", "2", "a group has fewer than 5 events"],
        ["Matching, Matched population", "", "Pairs", "", "1",
         "the number of patients in the smaller group is 4, below the 5 that matching and weighting need"],
    ]  # fmt: skip
    assert table.rows[0].cells[4].keys == tuple(e.key for e in SEX)


def test_of_many_variables_the_first_are_named_and_all_counted():
    many = [withheld(**RATIO, other={"variable": f"variable_{i}", "level": ""}) for i in range(9)]
    (row,) = tabulate_withheld(many).rows

    assert row.cells[3].text.en.endswith("and others, 9 in all")
    assert row.cells[4].text.en == "9"


def test_both_languages_say_the_same_and_nothing_stays_english_in_chinese():
    table = tabulate_withheld([*SEX, OTHER])
    for line in table.rows:
        for cell in line.cells:
            numbers = [re.findall(r"\d+", cell.text[language]) for language in LANGUAGES]
            assert numbers[0] == numbers[1]
            assert not re.search(r"[a-z]{4,}", cell.text.zh)


def test_what_is_given_or_only_ends_is_not_withheld():
    assert GIVEN.warning
    assert withheld_estimates(Results((GIVEN, ENDED, OTHER))) == [OTHER]
    assert list(withheld_section(Results((GIVEN, ENDED)))) == []
