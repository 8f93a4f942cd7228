"""Every option of every kind of analysis changes a number, or is refused in study.yaml with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.cohort.select import select_cohort
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import REPORTED_TWICE, _analyse, _Stages, run_study
from oligoscope.questions.registry import KINDS, question_of
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, read_warnings
from oligoscope.stats.matching.weighting import weigh
from oligoscope.stats.survival.cox import cox
from oligoscope.study.analysis_checks import check_analyses
from oligoscope.study.analysis_options import CHANGING, OPTIONS
from oligoscope.study.protocol import (
    AnalysisSettings,
    Bilingual,
    ImputationSettings,
    MatchingSettings,
    Protocol,
)
from oligoscope.study.weighting_settings import WeightingSettings
from unit.stored_results import row

POPULATIONS = ("treated", "progressed", "matched")
# A rule after treatment, so that some who progressed belong to the treated and not to the progressed.
SETTINGS = """
study: {preset: null}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}
eligibility:
  - {id: young, keep: age_years <= 65, after: treated, excluded: {zh: 65 岁以上, en: Older than 65}}
imputation: {m: 2}
matching: {covariates: [age_years, histology, pd_l1], caliper: 0.5, caliper_scale: sd_logit, balance_limit: 1}
analyses: []
"""
# What each option is changed to; `sex` groups, because the treated and the progressed hold the same patterns.
CHANGED: dict[str, Any] = {
    "where": {"histology": "squamous"},
    "by": "resistance",
    "reference": "male",
    "outcomes": ("pfs",),
    "variables": ("stage",),
    "minimum_events": 10_000,
    "minimum_events_per_variable": 10_000,
    "horizon_months": 4.0,
    "period_ends": (3.0,),
    "weighted_test": "fleming_harrington",
    "rho_gamma": (1.0, 0.0),
    "clock": "reset",
    "small_sample": "firth",
    "exact_p": "mid_p",
    "adjust_for": ("age_years",),
    "landmark_days": 60,
}
# What is given beside ratios that change with time: asked where they do.
WHERE_RATIOS_CHANGE: dict[str, dict[str, Any]] = {
    "survival": {"by": "resistance", "outcomes": ("pfs",)},
    "reclassification": {"where": {"smoking": "ever"}},
    "landmark_after_progression": {"where": {"smoking": "never"}},
}
# What decides of models with few events, or of sparse tables: asked where they are few.
_OF_THE_MODEL = {"adjust_for": ("age_years",)}
_OF_FEW_EVENTS = {"minimum_events_per_variable": 10_000.0}
_FROM_PROGRESSION = {
    "by": "pattern",
    "outcomes": ("pps",),
}  # survival from then on has an adjusted model of its own
WHERE_FEW: dict[tuple[str, str], dict[str, Any]] = {
    ("survival", "minimum_events_per_variable"): _FROM_PROGRESSION,
    ("survival", "small_sample"): _FROM_PROGRESSION | _OF_FEW_EVENTS,
    ("baseline", "exact_p"): {"variables": ("ecog",), "where": {"smoking": "never"}},
    **{
        (kind, "minimum_events_per_variable"): _OF_THE_MODEL
        for kind in ("landmark", "time_dependent", "subgroups", "landmark_after_progression")
    },
    **{
        (kind, "small_sample"): _OF_THE_MODEL | _OF_FEW_EVENTS
        for kind in ("landmark", "time_dependent", "subgroups", "landmark_after_progression")
    },
}


@dataclass(frozen=True)
class Study:
    """A synthetic study, derived once, of which any analysis can be asked."""

    checked: Checked
    derived: Derived

    def asking(self, protocol: Protocol) -> Study:
        """The same patients under other settings."""
        return replace(self, checked=replace(self.checked, protocol=protocol))

    def ask(self, **settings: Any) -> list[Estimate]:
        """The numbers of one analysis."""
        analysis = AnalysisSettings(**settings)
        protocol = self.checked.protocol.model_copy(update={"analyses": (analysis,)})
        stages = _Stages(protocol, select_cohort(self.derived.patients, protocol), lambda _: None)
        return _analyse(stages, self.derived, analysis)[0]


def study_of(n: int, folder: Path) -> Study:
    file = write_cohort(make_cohort(7, n), folder)
    file.write_text(SETTINGS, "utf-8")
    checked = check_study(file)
    return Study(checked, derive_patients(checked.tables, checked.protocol))


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Study:
    return study_of(150, tmp_path_factory.mktemp("options") / "study")


@pytest.fixture(scope="module")
def larger(tmp_path_factory) -> Study:
    """In which ratios of definitions change with time, too."""
    return study_of(400, tmp_path_factory.mktemp("larger") / "study")


def usual(kind: str) -> dict[str, Any]:
    """Settings with which the kind has something to compute."""
    options = KINDS[kind]
    own: dict[str, Any] = {"kind": kind}
    if kind in {"landmark", "time_dependent", "competing_risks", "illness_death"}:
        own["population"] = "treated"
    if "by" in options.honours:
        own["by"] = "sex"
    if "variables" in options.honours:
        own["variables"] = ("histology",)
    if "outcomes" in options.honours:
        own["outcomes"] = ("os",)
    return own


def numbers(found: list[Estimate]) -> set[tuple[Any, ...]]:
    """What was found, without the name of the patients: a name alone is no other number."""
    return {(*e.key[2:], e.value, e.low, e.high, e.warning) for e in found}


def faults_at(option: str, settings: dict[str, Any]) -> list[Any]:
    found = check_analyses((AnalysisSettings(**settings),), KINDS)
    return [fault for fault in found if fault[0] == ("analyses", 0, option)]


@pytest.mark.parametrize(("kind", "option"), list(product(KINDS, OPTIONS)))
def test_an_option_changes_a_number_or_is_refused(study: Study, larger: Study, kind: str, option: str):
    before = usual(kind)
    after = before | {option: CHANGED[option]}
    before, after = (
        asked | WHERE_FEW.get((kind, option), {}) | one
        for asked, one in ((before, {}), (after, {option: after[option]}))
    )
    if option in CHANGING:
        power = {"weighted_test": "fleming_harrington"} if option == "rho_gamma" else {}
        before, after = (asked | WHERE_RATIOS_CHANGE.get(kind, {}) | power for asked in (before, after))
    if (kind, option) == ("predictors", "reference"):  # of which the first group is the reference by default
        after["reference"] = "female"

    if faults_at(option, after):
        assert option not in KINDS[kind].honours
        return
    is_of_larger = kind in {"reclassification", "landmark_after_progression"} and option in CHANGING
    asked_of = larger if is_of_larger else study
    one, other = asked_of.ask(**before), asked_of.ask(**after)
    assert any(e.value is not None for e in one)
    assert numbers(one) != numbers(other)


@pytest.mark.parametrize(("kind", "population"), list(product(KINDS, POPULATIONS)))
def test_a_population_changes_a_number_or_is_refused(study: Study, kind: str, population: str):
    before = usual(kind)
    after = before | {"population": population}
    if after == ({"population": "progressed"} | before):
        return

    if faults_at("population", after):
        assert population not in KINDS[kind].populations
        return
    # The definitions are those of the patients who progressed, of whom the rule after treatment takes some away.
    assert numbers(study.ask(**before)) != numbers(study.ask(**after))


@pytest.mark.parametrize(("kind", "option"), list(product(KINDS, OPTIONS)))
def test_the_default_of_an_option_may_be_written_out(kind: str, option: str):
    settings = usual(kind) | {option: AnalysisSettings.model_fields[option].default}

    assert not faults_at(option, settings)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_what_it_needs_is_refused(kind: str):
    found = [text.en for _, _, text in check_analyses((AnalysisSettings(kind=kind),), KINDS)]

    assert [n for n in ("outcomes", "variables") if any(f"needs {n}" in text for text in found)] == [
        n for n in ("outcomes", "variables") if n in KINDS[kind].needs
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_patients_of_whom_there_are_none_are_a_row_with_the_reason(study: Study, kind: str):
    found = study.ask(**usual(kind) | {"where": {"sex": "unknown"}})

    assert found
    assert {(e.value, e.warning) for e in found} == {(None, "no_patients")}


@pytest.mark.parametrize("kind", [k for k in KINDS if "by" in KINDS[k].honours])
def test_a_measured_column_makes_no_groups(study: Study, kind: str):
    found = study.ask(**usual(kind) | {"by": "os_days"})

    assert {(e.value, e.warning) for e in found} == {(None, "measured_not_levels")}


KNOWN = WeightingSettings(limits="robust")


# ---- weighting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"where": {"sex": "male"}},
        {"by": "sex"},
        {"population": "treated"},
        {"population": "treated", "by": "sex", "where": {"stage": "IV"}},
    ],
)
def test_weights_are_of_a_score_fitted_for_the_groups_in_the_patients_asked_for(study: Study, settings: dict):
    """Computed again from the patients themselves: two complete covariates, so nothing was imputed."""
    protocol = study.checked.protocol
    matching = protocol.matching.model_copy(update={"covariates": ("age_years", "histology")})
    imputation = protocol.imputation.model_copy(update={"variables": ()})
    own = Study(
        Checked(
            protocol.model_copy(update={"matching": matching, "imputation": imputation, "weighting": KNOWN}),
            study.checked.tables, study.checked.issues, study.checked.folder, {}, 0,
        ),
        study.derived,
    )  # fmt: skip
    asked = {"kind": "weighting", "outcomes": ("os",)} | settings
    found = Results(tuple(own.ask(**asked)))

    by, population = settings.get("by", "pattern"), settings.get("population", "progressed")
    people = select_cohort(study.derived.patients, protocol).population(population)
    for column, level in settings.get("where", {}).items():
        people = people.filter(pl.col(column) == level)
    people = people.filter(pl.col(by).is_not_null())
    first = {"pattern": "oligoprogression", "sex": "male"}[by]
    treated = (people[by] == first).to_numpy()
    columns = [people["age_years"].to_numpy(), (people["histology"] == "squamous").to_numpy().astype(float)]
    weights = weigh(treated, _probability(treated, np.column_stack(columns)), "ate").weights
    fit = cox(
        people["os_days"].to_numpy() / 30.4375, people["os_event"].to_numpy(), treated.astype(float)[:, None],
        weights=weights, cluster=np.arange(people.height),
    )  # fmt: skip
    (ratio,) = found.find(variable="ate", statistic=Statistic.HAZARD_RATIO)
    assert ratio.n == people.height
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (*fit.hazard_ratios, *_limits(fit)), rel=1e-6
    )


def _probability(treated: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's steps, written out."""
    x = np.column_stack([np.ones(len(design)), design])
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        beta += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), x.T @ (treated - p))
    return 1 / (1 + np.exp(-x @ beta))


def _limits(fit: Any) -> tuple[float, float]:
    log, error = fit.coefficients[0], fit.robust_standard_errors[0]
    return float(np.exp(log - 1.959964 * error)), float(np.exp(log + 1.959964 * error))


# ---- matching and imputation ----------------------------------------------------------------------

# Section, setting, another value, and what else must be set for it to matter.
COMPLETED: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
    ("matching", "covariates", ("age_years",), {}),
    ("matching", "method", "nearest", {}),
    ("matching", "ratio", 2, {}),
    ("matching", "replace", True, {}),
    *(("matching", "order", order, {"method": "nearest"}) for order in ("ascending", "given", "random")),
    ("matching", "caliper", 0.05, {}),
    ("matching", "caliper", None, {}),
    *(("matching", "caliper_scale", scale, {"caliper": 0.02}) for scale in ("logit", "probability")),
    ("matching", "caliper_scale", "sd_logit", {"caliper": 0.02, "caliper_scale": "logit"}),
    ("matching", "balance_limit", 0.001, {}),
    ("matching", "minimum_group", 500, {}),
    ("matching", "minimum_events_per_variable", 500, {}),
    ("matching", "unseal", Bilingual(zh="理由", en="a reason"), {"balance_limit": 0.001}),
    ("matching", "exact", ("sex",), {}),
    ("matching", "imputations", "across", {}),
    ("matching", "time_zero", "progression", {}),
    ("matching", "covariates_at_progression", ("best_response",), {"time_zero": "progression"}),
    ("imputation", "variables", ("pd_l1", "stage"), {}),
    ("imputation", "m", 3, {}),
)


@pytest.fixture(scope="module")
def incomplete(study: Study) -> Study:
    """The same with some stages blank, which no covariate asks for."""
    patients = study.derived.patients.with_columns(
        stage=pl.when(pl.int_range(pl.len()) % 9 != 0).then(pl.col("stage"))
    )
    return Study(study.checked, replace(study.derived, patients=patients))


@pytest.mark.parametrize(("section", "name", "value", "beside"), COMPLETED)
def test_a_setting_of_matching_or_imputation_changes_a_number(
    incomplete: Study, section: str, name: str, value: Any, beside: dict[str, Any]
):
    protocol = incomplete.checked.protocol
    before, after = (as_read(protocol, section, beside | more) for more in ({}, {name: value}))

    assert matched(incomplete, before) != matched(incomplete, after)


def as_read(protocol: Protocol, section: str, update: dict[str, Any]) -> Protocol:
    """The settings with others in one section, as study.yaml would be read with them."""
    made = protocol.model_copy(update={section: getattr(protocol, section).model_copy(update=update)})
    return Protocol.model_validate(made.model_dump())


def test_there_is_a_case_for_every_setting_of_matching_and_imputation():
    models = {"matching": MatchingSettings, "imputation": ImputationSettings}

    assert {(s, name) for s, model in models.items() for name in model.model_fields} == {
        (section, name) for section, name, *_ in COMPLETED
    }


def matched(study: Study, protocol: Protocol) -> set[tuple[Any, ...]]:
    """Everything that completing and matching report."""
    stages = _Stages(protocol, select_cohort(study.derived.patients, protocol), lambda _: None)
    stages.match()
    return numbers(list(stages.results.estimates))


@pytest.mark.parametrize("unseal", [None, Bilingual(zh="理由", en="a reason")])
def test_outcomes_after_a_matching_that_missed_its_balance_are_withheld_until_a_reason_is_given(
    incomplete: Study, unseal: Bilingual | None
):
    own = incomplete.checked.protocol
    matching = own.matching.model_copy(update={"balance_limit": 0.001, "unseal": unseal})
    strict = incomplete.asking(own.model_copy(update={"matching": matching}))
    of_matched: dict[str, Any] = {"population": "matched", "by": "pattern"}

    survival = strict.ask(kind="survival", outcomes=("os", "pps"), **of_matched)
    baseline = strict.ask(kind="baseline", variables=("sex",), **of_matched)

    assert any(e.value is not None for e in baseline)
    if unseal is None:
        assert [(e.outcome, e.value) for e in survival] == [("os", None), ("pps", None)]
        assert all(e.warning.has_only(WarningCode.UNBALANCED) for e in survival)
    else:
        assert any(e.statistic == Statistic.HAZARD_RATIO and e.value is not None for e in survival)


# ---- any analyses together ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_any_analyses_together_report_every_number_once_or_are_refused(study: Study, seed: int):
    """Random analyses of a study file: no key comes twice with other numbers."""
    drawn = tuple(AnalysisSettings(**one) for one in _analyses(np.random.default_rng(seed), 12))
    kept: list[AnalysisSettings] = []
    for analysis in drawn:  # without those that the study file would refuse
        if not list(check_analyses((*kept, analysis), KINDS)):
            kept.append(analysis)
    protocol = study.checked.protocol.model_copy(update={"analyses": tuple(kept)})

    try:
        found = run_study(protocol, study.checked.tables).results
    except StudyFileError as error:
        assert "analyses[" in str(error)  # noqa: PT017  either outcome is right
        return
    assert not [e.key for e in found.estimates if e.warning == REPORTED_TWICE]
    for analysis in kept:
        assert found.find(analysis=question_of(analysis.kind).kind, population=analysis.patients)


NUMBER = row(analysis=BASELINE, statistic=Statistic.N, value=3)
NONE = replace(NUMBER, value=None, warning=read_warnings("no_patients"))
OTHER, TWICE = replace(NUMBER, value=4), replace(NUMBER, value=None, warning=REPORTED_TWICE)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((NUMBER, NUMBER), NUMBER),
        ((NUMBER, NONE), NUMBER),
        ((NONE, NUMBER), NUMBER),
        ((NONE, NONE), NONE),
        ((NUMBER, OTHER), TWICE),
        ((NUMBER, OTHER, NUMBER), TWICE),
        ((NUMBER, replace(NUMBER, low=1)), TWICE),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_key_that_comes_twice_ends_no_run(study: Study, given, kept, together: bool):
    """Of two numbers that differ neither is given, whether one analysis made both or each its own."""
    protocol = study.checked.protocol
    stages = _Stages(protocol, select_cohort(study.derived.patients, protocol), lambda _: None)
    for part in (given,) if together else [(e,) for e in given]:
        stages.add(part)

    assert stages.results.estimates == (kept,)


@pytest.mark.parametrize("kind", [k for k in KINDS if {"by", "variables"} <= set(KINDS[k].honours)])
def test_the_variable_of_the_groups_describes_no_groups(kind: str):
    """Everybody in a group has the same value of it: an infinite difference, or a model of itself."""
    settings = usual(kind) | {"by": "sex", "variables": ("histology", "sex")}

    assert [text.en for _, _, text in faults_at("variables", settings)] == [
        "this variable is what makes the groups; delete it"
    ]


def _analyses(rng: np.random.Generator, n: int) -> Iterator[dict[str, Any]]:
    wheres: tuple[dict[str, str], ...] = (
        {}, {}, {"sex": "male"}, {"pattern": "systemic"}, {"sex": "female", "smoking": "never"}, {"histology": "other"},
    )  # fmt: skip
    groupings = ("pattern", "pattern", "sex", "resistance", "stage", "smoking", "brain_metastasis", "ecog")
    for _ in range(n):
        kind = str(rng.choice(list(KINDS)))
        options = KINDS[kind]
        own: dict[str, Any] = {"kind": kind, "where": wheres[rng.integers(len(wheres))]}
        own["population"] = options.populations[rng.integers(len(options.populations))]
        if "by" in options.honours:
            own["by"] = groupings[rng.integers(len(groupings))]
        if "variables" in options.honours:
            own["variables"] = tuple(
                rng.choice(["age_60", "histology", "pd_l1", "ecog"], 2, replace=False).tolist()
            )
        if "outcomes" in options.honours:
            own["outcomes"] = tuple(rng.choice(options.outcomes, 2, replace=False).tolist())
        yield own
