"""Small and odd studies end in results: no crash, nothing absurd, and a reason beside every number that is not given."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from itertools import chain
from types import ModuleType

import numpy as np
import pytest

from acceptance import odd_cohorts as odd
from acceptance.commands import oligoscope
from oligoscope import cohort, questions
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import OneWarning


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.mark.parametrize("asking_little", [False, True], ids=["defaults", "every model tried"])
@pytest.mark.parametrize(
    "n", [3, 20, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 5, 8, 12, 30, 40))]
)
def test_few_patients_end_in_results(n, asking_little, demo, tmp_path):
    for seed in range(2):
        tables = odd.patients_of(demo, n, seed)
        run = odd.run(odd.write_study(tables, tmp_path / str(seed)), asking_little=asking_little)

        assert run.results.estimates
        assert odd.absurdities(run) == []


ODD: dict[str, odd.Change] = {
    "no deaths": odd.no_deaths,
    "all died on day 0": odd.dead_on_day_0,
    "PD-L1 of no patient": odd.without("pd_l1"),
    "smoking of no patient": odd.without("smoking"),
    "men only": odd.always("sex", "male"),
}


@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.slow), 25])
@pytest.mark.parametrize("name", ODD)
def test_odd_patients_end_in_results(name, n, demo, tmp_path):
    tables = ODD[name](odd.patients_of(demo, n, 1))

    assert odd.absurdities(odd.run(odd.write_study(tables, tmp_path / "study"), asking_little=True)) == []


@pytest.fixture(scope="module")
def sixty(demo, tmp_path_factory):
    """Those of 60 patients that have progressed, of both patterns."""
    folder = odd.write_study(odd.patients_of(demo, 60), tmp_path_factory.mktemp("sixty") / "study")
    return odd.run(folder).cohort.population("progressed")


@pytest.mark.parametrize("kept", ["oligoprogression", "systemic"])
def test_one_pattern_only_ends_in_results(kept, sixty, demo, tmp_path):
    whole, patients = odd.patients_of(demo, 60), sixty
    ids = patients.filter(patients["pattern"] == kept)["patient_id"].to_list()
    tables = {name: t.filter(t["patient_id"].is_in(ids)) for name, t in whole.items()}

    run = odd.run(odd.write_study(tables, tmp_path / "study"), asking_little=True)

    assert odd.absurdities(run) == []
    (withheld,) = run.results.find(analysis=PREDICTORS)
    assert withheld.warning == "two_groups_needed"


def _settings(names: list[str]) -> str:
    listed = ", ".join(names)
    return (
        f"imputation: {{variables: [{listed}]}}\nmatching: {{covariates: [sex, {listed}]}}\nanalyses:\n"
        f"  - {{kind: predictors, variables: [sex, {listed}]}}\n  - {{kind: weighting, outcomes: [os]}}\n"
        "  - {kind: survival, population: matched, outcomes: [os]}\n"
    )


COVARIATES = [f"x{i:03d}" for i in range(200)]
WIDE: dict[str, tuple[odd.Change, str, str]] = {
    "a factor of 40 levels": (odd.with_factor(40), _settings(["centre"]), "columns"),
    "the same with missing values": (odd.with_factor(40, 0.2), _settings(["centre"]), "too_many_levels"),
    "200 covariates": (odd.with_covariates(200), _settings(COVARIATES), "too_many_columns"),
    "the same with missing values in each": (
        odd.with_covariates(200, 0.05), _settings(COVARIATES), "too_many_to_impute"
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDE)
def test_many_levels_or_covariates_end_in_seconds_with_advice(name, demo, tmp_path):
    change, settings, word = WIDE[name]
    folder = odd.write_study(change(odd.patients_of(demo, 200)), tmp_path / "study", settings)
    began = time.perf_counter()

    run = odd.run(folder)

    assert time.perf_counter() - began < 60  # a few seconds on an idle machine
    assert odd.absurdities(run) == []
    advice = [e.warning for e in run.results.estimates if word in e.warning and e.value is None]
    assert advice
    assert re.search("name fewer variables|join", advice[0].printed.en)


def _fits() -> Iterator[tuple[ModuleType, str, Callable[..., object]]]:
    """Every method of stats/ that a file of cohort/ or questions/ calls, where it is called."""
    rooms = (pkgutil.walk_packages(room.__path__, f"{room.__name__}.") for room in (cohort, questions))
    for found in chain(*rooms):
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if (inspect.isfunction(thing) or inspect.isclass(thing)) and thing.__module__.startswith(
                "oligoscope.stats."
            ):
                yield module, name, thing


# Models: what estimates or tests. (Kaplan-Meier curves, counts, the score and the matching are what all else is made of.)
MODELS = {
    "cox", "log_rank", "proportional_hazards", "logistic", "FirthModels", "pool", "pool_wald",
    "cox_interaction", "gray_test", "fine_gray", "cause_specific_cox", "compare_restricted_means", "piecewise_cox",
    "piecewise_states_cox", "compare_levels", "compare_values", "cochran_armitage", "smd_continuous", "weigh",
}  # fmt: skip


def _no_inverse(*_: object, **__: object) -> object:
    raise np.linalg.LinAlgError("Singular matrix")


def test_the_models_named_here_are_called_by_some_analysis():
    assert MODELS <= {name for _, name, _ in _fits()}


@pytest.fixture(scope="module")
def ninety(demo, tmp_path_factory):
    """A study of 90 patients, and the analyses that it has."""
    folder = odd.write_study(odd.patients_of(demo, 90), tmp_path_factory.mktemp("ninety") / "study")
    return folder, {e.analysis for e in odd.run(folder, asking_little=True).results.estimates}


# One of each kind of analysis; the others are slow.
SOON = {"cox", "FirthModels", "gray_test"}


@pytest.mark.parametrize(
    "name", [*sorted(SOON), *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(MODELS - SOON))]
)
def test_a_model_that_fails_takes_nothing_else_with_it(name, ninety, monkeypatch):
    folder, analyses = ninety
    for module, called, _ in list(_fits()):
        if called == name:
            monkeypatch.setattr(module, called, _no_inverse)

    run = odd.run(folder, asking_little=True)

    assert {e.analysis for e in run.results.estimates} >= analyses
    assert odd.absurdities(run) == []
    lost = [
        e
        for e in run.results.estimates
        if e.statistic == Statistic.N and e.value is None and e.warning == "no_answer"
    ]
    assert lost == []  # no whole analysis for one of its models


def test_every_reason_is_a_sentence_in_both_languages(demo, tmp_path):
    """A word without a sentence would be printed as it is."""
    words: set[OneWarning] = set()
    for n in (1, 6, 30):
        run = odd.run(odd.write_study(odd.patients_of(demo, n, 2), tmp_path / str(n)), asking_little=True)
        words |= {part for e in run.results.estimates for part in e.warning.parts}

    assert words
    for word in words:
        assert word.printed.zh != str(word)
        assert "{" not in word.printed.zh + word.printed.en


@pytest.mark.parametrize("n", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_a_report_is_written_of_few_patients(n, demo, tmp_path):
    folder, out = odd.write_study(odd.patients_of(demo, n, 3), tmp_path / "study"), tmp_path / "out"

    oligoscope("run", folder, "--accept-issues", "--lang", "en", "--out", out)

    page = (out / "report.en.html").read_text(encoding="utf-8")
    assert "no_answer" not in page
    assert not re.search(r"\b(nan|inf)\b", re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL))
