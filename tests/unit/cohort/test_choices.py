"""The counts of a choice of definition are those of a run with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.clinical.patients import Countable, count_in_every_way, label_only
from oligoscope.clinical.progression_rules import resolve
from oligoscope.cohort.choices import (
    count_patterns,
    count_resistance,
    labelled_by_team,
    select_by_definition,
)
from oligoscope.cohort.select import select_cohort
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.study.protocol import EligibilityRule, Protocol

CHOICES = [
    {"max_lesions": 3},
    {"max_lesions": None, "max_organs": 2},
    {"controlled": "off"},
    {"preset": "dingemans", "controlled": "preset"},
    {"preset": "br38", "controlled": "preset", "node_counting": "lesion"},
    {"node_counting": "region", "lesion_reference": "previous"},
]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("study")
    write_cohort(make_cohort(3, 60), folder)
    return check_study(folder)


@pytest.fixture(scope="module")
def countable(checked: Checked) -> Countable:
    return count_in_every_way(
        checked.tables, checked.protocol, ("nadir", "previous"), ("station", "lesion", "region")
    )


def _with(protocol: Protocol, **progression: object) -> Protocol:
    return protocol.model_copy(update={"progression": protocol.progression.model_copy(update=progression)})


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_choice_has_the_patterns_of_a_run_with_it(
    checked: Checked, countable: Countable, choice: dict[str, object]
):
    protocol = _with(checked.protocol, **choice)
    run = select_cohort(label_only(checked.tables, protocol), protocol).flow
    before = select_cohort(countable.patients, checked.protocol).population("progressed")
    way = protocol.progression.lesion_reference, protocol.progression.node_counting

    found = count_patterns(before, countable.counts[way], [resolve(protocol.progression)])[0]

    assert {"oligoprogression": found.oligo, "systemic": found.systemic} == dict(run.patterns)
    assert found.unclassifiable == run.n_progressed - sum(dict(run.patterns).values())


@pytest.mark.parametrize("preset", ["huang2025", "sitc_2023_ici_chemo", "sitc_2020_mono", "schoenfeld_2021"])
def test_a_preset_has_the_types_of_a_run_with_it(checked: Checked, countable: Countable, preset: str):
    resistance = checked.protocol.resistance.model_copy(update={"preset": preset})
    protocol = checked.protocol.model_copy(update={"resistance": resistance})
    run = select_cohort(label_only(checked.tables, protocol), protocol).population("progressed")["resistance"]
    before = select_cohort(countable.patients, checked.protocol).population("progressed")

    found = count_resistance(before, countable.definitions)[preset]

    assert {word: n for word, n in found.items() if word} == dict(run.drop_nulls().value_counts().iter_rows())


def test_labels_of_the_team_stay_under_every_definition(tmp_path: Path):
    (tmp_path / "cohort.csv").write_text(
        "patient_id,treatment_started_on,pattern,resistance,n_progressing_lesions,best_response,pfs_months,pfs_event\n"
        "A,2020-01-01,oligoprogression,acquired,9,PR,8,1\nB,2020-01-01,systemic,primary,1,PD,2,1\n",
        encoding="utf-8",
    )
    (tmp_path / "study.yaml").write_text("study: {seed: 1}\ndata: {cohort: cohort.csv}\n", encoding="utf-8")
    team = check_study(tmp_path)
    found = count_in_every_way(team.tables, team.protocol, ("nadir",), ("station",))
    theirs = labelled_by_team(team.tables)
    patients = select_cohort(found.patients, team.protocol).population("progressed")
    strict = replace(resolve(team.protocol.progression), max_lesions=1)

    numbers = count_patterns(patients, found.counts["nadir", "station"], [strict], theirs["pattern"])[0]
    types = count_resistance(patients, found.definitions, theirs["resistance"])["huang2025"]

    assert set(theirs) == {"pattern", "resistance"}
    assert (numbers.oligo, numbers.systemic, numbers.unclassifiable) == (1, 1, 0)
    assert (types["acquired"], types["primary"]) == (1, 1)


def test_a_rule_of_eligibility_on_a_label_makes_the_choice_decide_who_is_studied(
    checked: Checked, countable: Countable
):
    rule = EligibilityRule.model_validate(
        {"id": "few", "keep": "pattern == oligoprogression", "excluded": {"zh": "广泛", "en": "Systemic"}}
    )

    assert not select_by_definition(checked.protocol, countable)
    assert select_by_definition(checked.protocol.model_copy(update={"eligibility": (rule,)}), countable)
