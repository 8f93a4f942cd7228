"""Columns, levels, groups and readers that study.yaml names and the tables do not have are refused with their line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import StudyFileError
from oligoscope.intake.checks.variables_left_out import with_variables_left_out
from oligoscope.intake.issues import Issues
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import FOLLOW_UP, MATCHING, SURVIVAL, WEIGHTING
from oligoscope.results.statistics import Statistic

HEAD = """study: {preset: null}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A synthetic study with a column of three levels, one without a value, and one with a blank in it."""
    file = write_cohort(make_cohort(3, 80), tmp_path_factory.mktemp("names") / "study")
    patients = pl.read_csv(file.parent / "patients.csv", infer_schema=False)
    n = patients.height
    patients.with_columns(
        site=pl.Series([("north", "south", "east")[i % 3] for i in range(n)]),
        ward=pl.Series([("yes", "no")[i % 2] for i in range(n)]),
        night=pl.Series([("yes", "no")[i // 2 % 2] for i in range(n)]),
        weight=pl.Series([60.5 + i % 30 for i in range(n)]),
        one_blank=pl.Series([None if i == 5 else ("a", "b")[i % 2] for i in range(n)]),
        nothing=pl.Series([None] * n, dtype=pl.String),
    ).write_csv(file.parent / "patients.csv")
    return file.parent


def refusal(folder: Path, text: str) -> list[str]:
    """The lines of the message, without the first and the last: refused before anything is computed."""
    (folder / "study.yaml").write_text(HEAD + text, "utf-8")
    with pytest.raises(StudyFileError) as refused:
        check_study(folder)
    return str(refused.value).splitlines()[1:-1]


def refusal_of_groups(folder: Path, text: str) -> list[str]:
    """The same of what is known once the populations are: who is in which group."""
    with pytest.raises(StudyFileError) as refused:
        run(folder, text)
    return str(refused.value).splitlines()[1:-1]


def run(folder: Path, text: str) -> StudyRun:
    (folder / "study.yaml").write_text(HEAD + text, "utf-8")
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, study_file=checked.file)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("matching:\n  covariates: [sex, smokng]", "matching.covariates[2] = smokng"),
        ("matching:\n  exact: [smokng]", "matching.exact[1] = smokng"),
        ("imputation:\n  variables: [smokng]", "imputation.variables[1] = smokng"),
        (
            "eligibility:\n  - {id: a, keep: smokng == ever, excluded: {zh: a, en: a}}",
            "eligibility[1].keep = smokng",
        ),
        ("analyses:\n  - {kind: baseline, by: smokng, variables: [sex]}", "analyses[1].by = smokng"),
        ("analyses:\n  - {kind: baseline, variables: [sex, smokng]}", "analyses[1].variables[2] = smokng"),
        ("analyses:\n  - {kind: predictors, variables: [smokng]}", "analyses[1].variables[1] = smokng"),
        (
            "analyses:\n  - {kind: competing_risks, population: treated, variables: [smokng]}",
            "analyses[1].variables[1] = smokng",
        ),
        ("analyses:\n  - {kind: sites, where: {smokng: ever}}", "analyses[1].where.smokng"),
    ],
)
def test_a_column_that_is_not_there_is_refused_with_its_line_and_the_nearest_name(folder, text, key):
    (message,) = refusal(folder, text)

    assert message.startswith(f"  line 4  {key}   the patients have no such column; did you mean smoking?")
    assert "there are: sex, age_years" in message
    assert "pattern, resistance" in message


def test_every_unknown_name_is_reported_at_once(folder):
    text = (
        "matching: {covariates: [age_year, nosuch]}\nanalyses:\n  - {kind: sites, where: {hair: red}, by: x}"
    )

    assert len(refusal(folder, text)) == 4


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("{sex: mal}", "did you mean male?"),
        ("{site: nort}", "did you mean north? (there are: east, north, south)"),
        ("{pattern: oligo}", "no patient has this value"),
    ],
)
def test_a_level_that_no_patient_can_have_is_refused(folder, where, said):
    (message,) = refusal(folder, f"analyses:\n  - {{kind: survival, outcomes: [os], where: {where}}}")

    assert message.startswith("  line 4  analyses[1].where.")
    assert said in message


def test_levels_in_where_are_words_whatever_yaml_makes_of_them(folder):
    found = run(folder, "analyses:\n  - {kind: follow_up, where: {ecog: 1, ward: yes}}").results

    assert {e.population for e in found.find(analysis=FOLLOW_UP)} == {"progressed:1:ward=yes"}
    assert all(e.value is not None for e in found.find(analysis=FOLLOW_UP))


def test_a_measured_column_makes_no_groups(folder):
    (message,) = refusal(folder, "analyses:\n  - {kind: survival, by: weight, outcomes: [os]}")

    assert (
        "line 4  analyses[1].by = weight   this column holds numbers or dates and cannot define groups"
        in message
    )


@pytest.mark.parametrize(
    "analysis",
    [
        "{kind: weighting, by: site, outcomes: [os]}",
        "{kind: predictors, by: site, variables: [sex]}",
        "{kind: subgroups, by: site, outcomes: [os], variables: [sex]}",
    ],
)
def test_what_compares_two_groups_is_refused_three(folder, analysis):
    (message,) = refusal_of_groups(folder, f"analyses:\n  - {analysis}")

    assert message.startswith("  line 4  analyses[1].by = site")
    assert "compares two groups, and this column has 3 (east, north, south)" in message


def test_groups_of_the_same_name_by_two_columns_keep_their_own_numbers(folder):
    """Every number is reported once, under the words of its own column."""
    text = "analyses:\n  - {kind: survival, by: ward, outcomes: [os]}\n  - {kind: survival, by: night, outcomes: [os]}"

    found = run(folder, text).results.find(analysis=SURVIVAL, statistic=Statistic.MEDIAN)

    assert {e.group for e in found} == {"no", "yes", "night=no", "night=yes"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("response: {reader: A}", "response.reader = A   the data have no column of readers"),
        (
            "response: {source: assessments, criteria: irecist}",
            "response.criteria = irecist   has no effect with",
        ),
        (
            "response: {source: assessments, partial_sum_pd: false}",
            "partial_sum_pd = false   has no effect with",
        ),
        ("matching: {method: optimal, order: random}", "matching.order = random   has no effect"),
        ("matching: {replace: true, order: given}", "matching.order = given   has no effect"),
        (
            "matching: {caliper: null, caliper_scale: logit}",
            "caliper_scale = logit   has no effect without",
        ),
        (
            "progression: {preset: huang2025, mediastinal_nodes_are_organ: false}",
            "mediastinal_nodes_are_organ = false   has no effect: the definition",
        ),
    ],
)
def test_a_setting_that_the_others_leave_without_an_effect_is_refused(folder, text, said):
    (message,) = refusal(folder, text)

    assert message.startswith("  line 3  ")
    assert said in message


# ---- variables that exist and cannot be used ------------------------------------------------------

UNUSABLE = """
matching: {covariates: [age_years, smoking, nothing, one_blank], caliper: null, balance_limit: 9}
imputation: {variables: []}
analyses:
  - {kind: baseline, population: matched, variables: [age_years]}
  - {kind: weighting, outcomes: [os]}
  - {kind: weighting, outcomes: [os], by: smoking}
  - {kind: predictors, variables: [sex, nothing]}
  - {kind: subgroups, outcomes: [os], variables: [sex, nothing, weight, one_blank], minimum_events: 1}
  - {kind: competing_risks, population: treated, variables: [sex, nothing, weight, one_blank]}
"""


@pytest.fixture(scope="module")
def unusable(folder) -> StudyRun:
    return run(folder, UNUSABLE)


def test_a_covariate_without_a_value_is_a_row_an_issue_and_a_sentence(unusable):
    row = unusable.results.get(
        analysis=MATCHING, population="matched", variable="nothing", statistic=Statistic.COVARIATE
    )
    issues = with_variables_left_out(Issues(), unusable.left_out)
    methods = " ".join(text.en for text in method_sentences(unusable.protocol, unusable.results))

    assert row is not None
    assert (row.value, row.warning) == (None, "blank_for_all")
    assert any((i.rule, i.column) == ("variable_left_out", "nothing") for i in issues)
    assert "logistic regression on age, smoking history" in methods
    assert (
        "The following covariates could not be included: nothing (the variable is blank for every patient)"
        in methods
    )


@pytest.mark.parametrize(
    ("analysis", "variable", "reason"),
    [
        ("predictors", "nothing", "blank_for_all"),
        ("subgroups", "nothing", "blank_for_all"),
        ("subgroups", "weight", "measured_not_levels"),
        ("competing_risks", "nothing", "blank_for_all"),
        ("competing_risks", "weight", "measured_not_levels"),
    ],
)
def test_a_variable_that_cannot_be_used_is_a_row_with_the_reason(unusable, analysis, variable, reason):
    found = unusable.results.find(analysis=analysis, variable=variable)

    assert {(e.value, e.warning) for e in found} == {(None, reason)}


@pytest.mark.parametrize("analysis", ["subgroups", "competing_risks"])
def test_one_value_missing_leaves_the_other_patients_in(unusable, analysis):
    """Complete cases, and how many they are."""

    def n(variable: str) -> int:
        statistic = {"subgroups": "p_value_interaction", "competing_risks": "p_value_gray"}[analysis]
        found = unusable.results.find(analysis=analysis, variable=variable, statistic=statistic)
        assert not found[0].warning
        return found[0].n or 0

    assert n("sex") - n("one_blank") in {0, 1}
    assert n("one_blank") > 50


def test_the_score_of_a_variable_s_own_groups_does_not_hold_it(unusable):
    row = unusable.results.get(
        analysis=WEIGHTING, population="progressed", variable="smoking", statistic=Statistic.COVARIATE
    )

    assert row is not None
    assert row.warning == "makes_the_groups"


def test_where_compares_numbers_as_numbers(folder):
    found = {
        word: run(folder, f"analyses:\n  - {{kind: follow_up, where: {{weight: '{word}'}}}}").results.find(
            analysis=FOLLOW_UP, statistic=Statistic.MEDIAN
        )
        for word in ("75.5", "75.50", "heavy")
    }

    assert found["75.5"][0].n == found["75.50"][0].n
    assert found["75.5"][0].n
    assert found["heavy"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "matching: {covariates: [sex, os_days]}",
            "matching.covariates[2] = os_days   is not a characteristic",
        ),
        ("matching: {exact: [pattern]}", "matching.exact[1] = pattern   is not a characteristic"),
        ("imputation: {variables: [patient_id]}", "variables[1] = patient_id   is not a characteristic"),
        ("matching: {covariates: [sex, sex]}", "matching.covariates[2] = sex   is listed twice"),
        (
            "matching: {covariates: [months_to_progression]}",
            "matching.covariates[1] = months_to_progression   is known only at the first progression",
        ),
        (
            "matching: {exact: [ecog_at_progression]}",
            "matching.exact[1] = ecog_at_progression   is known only at the first progression",
        ),
        (
            "matching: {covariates_at_progression: [best_respons]}",
            "matching.covariates_at_progression[1] = best_respons",
        ),
        (
            "matching: {covariates_at_progression: [sex, line_regimen]}",
            "matching.covariates_at_progression[2] = line_regimen   is treatment after progression",
        ),
        (
            "matching: {covariates_at_progression: [n_progressing_organs]}",
            "matching.covariates_at_progression[1] = n_progressing_organs   is not a confounder at progression",
        ),
        (
            "matching: {covariates_at_progression: [pps_days]}",
            "matching.covariates_at_progression[1] = pps_days   is not a confounder at progression",
        ),
        (
            "matching: {covariates_at_progression: [sex, sex]}",
            "matching.covariates_at_progression[2] = sex   is listed twice",
        ),
        (
            "analyses: [{kind: landmark, population: treated, adjust_for: [sex, best_response]}]",
            "adjust_for[2] = best_response   is known only after treatment start",
        ),
        (
            "analyses: [{kind: time_dependent, population: treated, adjust_for: [pattern]}]",
            "adjust_for[1] = pattern   is not a characteristic",
        ),
        (
            "analyses: [{kind: subgroups, outcomes: [os], variables: [sex], adjust_for: [months_to_progression]}]",
            "adjust_for[1] = months_to_progression   is known only after treatment start",
        ),
        (
            "analyses: [{kind: subgroups, outcomes: [pps], variables: [sex], adjust_for: [line_regimen]}]",
            "adjust_for[1] = line_regimen   is treatment after progression",
        ),
        (
            "analyses: [{kind: landmark_after_progression, adjust_for: [months_to_progression, line_regimen]}]",
            "adjust_for[2] = line_regimen   is treatment after progression",
        ),
        (
            "analyses: [{kind: subgroups, by: sex, outcomes: [pps], variables: [stage], adjust_for: [sex]}]",
            "adjust_for = sex   this variable is what makes the groups",
        ),
        (
            "analyses: [{kind: landmark, population: treated, adjust_for: [sexx]}]",
            "adjust_for[1] = sexx",
        ),
        (
            "analyses: [{kind: survival, outcomes: [os], population: matched, small_sample: firth}]",
            "small_sample = firth   changes nothing after matching",
        ),
    ],
)
def test_what_is_no_characteristic_at_the_start_is_no_covariate(folder, text, said):
    assert said in "\n".join(refusal(folder, text))


@pytest.mark.parametrize("analysis", ["survival, population: matched", "weighting"])
def test_with_time_zero_at_progression_no_outcome_is_counted_from_before_it(folder, analysis):
    text = f"matching: {{time_zero: progression}}\nanalyses:\n  - {{kind: {analysis}, outcomes: [pps, os]}}"

    (message,) = refusal(folder, text)

    assert "analyses[1].outcomes = os   is counted from before the first progression" in message


def test_with_time_zero_at_progression_what_is_known_then_may_be_a_covariate(folder):
    text = "matching: {time_zero: progression, covariates: [sex, months_to_progression]}\nanalyses: []"

    assert run(folder, text).results.find(analysis=FOLLOW_UP) == []


def test_a_misspelt_level_of_an_eligibility_rule_is_refused(folder):
    rule = "eligibility:\n  - {id: own, keep: 'site in [nort, south]', excluded: {zh: 无, en: none}}"

    (message,) = refusal(folder, rule)

    assert "eligibility[1].keep = nort" in message
    assert "did you mean north?" in message


def test_a_level_without_patients_may_be_in_an_eligibility_rule(folder):
    rule = "eligibility:\n  - {id: own, keep: 'site in [north, overseas]', excluded: {zh: 无, en: none}}\nanalyses: []"

    assert run(folder, rule).cohort.flow.n_treated > 0


def test_a_column_with_a_level_a_patient_is_left_out_of_the_score_at_once(folder):
    patients = pl.read_csv(folder / "patients.csv", infer_schema=False)
    numbered = patients.with_columns(number=pl.format("N{}", pl.int_range(pl.len())))
    numbered.write_csv(folder / "patients.csv")
    text = "matching: {covariates: [sex, number]}\nanalyses:\n  - {kind: survival, population: matched, outcomes: [os]}"

    found = run(folder, text).results.find(analysis=MATCHING, statistic=Statistic.COVARIATE)
    patients.write_csv(folder / "patients.csv")

    assert [(e.variable, e.warning.split(" ")[0]) for e in found] == [("number", "levels_beyond_a_model")]
