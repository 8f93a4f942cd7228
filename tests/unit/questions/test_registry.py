"""The list of questions: each can be loaded, is named once, and a new one is a question like any other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oligoscope.bilingual import Text
from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import run_study
from oligoscope.questions import registry
from oligoscope.questions.question import Answer, Asked, Question
from oligoscope.questions.registry import ALWAYS, KINDS, QUESTIONS
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.analysis_options import OPTIONS, UNMATCHED, Options
from oligoscope.study.protocol import AnalysisSettings

METHODS = Path(__file__).parents[3] / "docs" / "methods.md"


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.numbers], ids=lambda q: q.kind)
def test_the_numbers_of_a_question_can_be_loaded(question: Question):
    assert callable(question.load())


def test_every_question_has_a_name_of_its_own():
    assert len({q.kind for q in QUESTIONS}) == len(QUESTIONS)


def test_a_question_of_study_yaml_has_options_numbers_and_a_line_of_progress():
    of_file = [q for q in QUESTIONS if q.options is not None]

    assert all(q.numbers and q.stage for q in of_file)
    assert [q.kind for q in QUESTIONS if q.stage] == [q.kind for q in of_file] == list(KINDS)


def test_every_other_question_with_numbers_is_always_asked():
    assert {q.kind for q in ALWAYS} == {q.kind for q in QUESTIONS if q.numbers and q.options is None}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_declared_is_possible(kind: str):
    options = KINDS[kind]

    assert set(options.needs) | set(options.apart_by) <= set(options.honours) <= set(OPTIONS)
    assert "by" in options.honours or not options.two_groups


def test_an_analysis_made_in_python_is_not_checked():
    assert AnalysisSettings(kind="anything").kind == "anything"


def test_the_methods_page_lists_what_study_yaml_can_ask_for():
    section = METHODS.read_text("utf-8").split("## Analyses by name in study.yaml\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]

    assert rows[1:] == list(_rows_of_the_page())


def _rows_of_the_page() -> Iterator[str]:
    for question in QUESTIONS:
        if question.options is not None:
            options = question.options
            takes = ", ".join(f"**{n}**" if n in options.needs else n for n in options.honours)
            cells = (
                question.kind.printed.en,
                f"`{question.kind}`",
                ", ".join(options.populations),
                takes,
                ", ".join(options.outcomes),
            )
            yield f"| {' | '.join(cells)} |".replace("|  |", "| |")


# ---- a question that the package does not have ----------------------------------------------------


MADE_UP_NUMBERS = Analysis("made_up", "自拟问题", "A made-up question")


def _count(asked: Asked) -> Answer:
    """How many patients of each group."""
    by, people = asked.settings.by, asked.patients
    keys: dict[str, Any] = {
        "analysis": MADE_UP_NUMBERS,
        "population": asked.settings.population,
        "outcome": by,
        "statistic": Statistic.N,
    }
    groups = people[by].drop_nulls().unique().sort().to_list()
    return [Estimate(**keys, group=g, value=people.filter(people[by] == g).height) for g in groups], {}


MADE_UP = Question(
    MADE_UP_NUMBERS,
    Text("计数", "counting"),
    options=Options(UNMATCHED, ("where", "by", "variables"), needs=("variables",), two_groups=True),
    numbers="made_up.numbers:answer",
)
Ask = Callable[[str], list[Estimate]]


@pytest.fixture
def ask(tmp_path, monkeypatch) -> Ask:
    """Ask it in study.yaml, once it is in the list; its numbers come from a module that only this test has."""
    module = ModuleType("made_up")
    module.__dict__["answer"] = _count
    monkeypatch.setitem(sys.modules, "oligoscope.questions.made_up.numbers", module)
    monkeypatch.setitem(registry.KINDS, MADE_UP.kind, MADE_UP.options)
    monkeypatch.setitem(registry._BY_KIND, MADE_UP.kind, MADE_UP)
    file = write_cohort(make_cohort(7, 60), tmp_path / "study")

    def answered(analysis: str) -> list[Estimate]:
        tables = ("patients", "lesions", "measurements", "treatments")
        data = ", ".join(f"{name}: {name}.csv" for name in tables)
        file.write_text(
            f"study: {{preset: null}}\ndata: {{{data}}}\nanalyses:\n  - {{kind: made_up, {analysis}}}\n",
            "utf-8",
        )
        checked = check_study(file)
        run = run_study(checked.protocol, checked.tables, study_file=checked.file)
        return run.results.find(analysis=MADE_UP_NUMBERS)

    return answered


def test_a_new_question_is_answered(ask: Ask):
    found = ask("by: sex, variables: [stage]")

    assert [(e.population, e.outcome, e.group) for e in found] == [
        ("progressed", "sex", "female"),
        ("progressed", "sex", "male"),
    ]
    assert sum(e.value or 0 for e in found) == 60


def test_a_new_question_without_patients_gives_the_reason(ask: Ask):
    (found,) = ask("by: sex, variables: [stage], where: {age_years: 1}")

    assert (found.statistic, found.value, found.warning) == (Statistic.N, None, "no_patients")


@pytest.mark.parametrize(
    ("analysis", "complaint"),
    [
        ("by: sex", "analyses[1] = made_up   made_up needs variables"),
        ("variables: [stage], population: matched", "made_up cannot be done in this population"),
        ("variables: [stage], outcomes: [os]", "made_up does not use this setting"),
        ("variables: [stge]", "the patients have no such column; did you mean stage?"),
        ("variables: [stage], by: age_years", "this column holds numbers or dates and cannot define groups"),
        ("variables: [stage], by: pd_l1", "made_up compares two groups, and this column has 3"),
        (
            "variables: [stage]}\n  - {kind: made_up, variables: [sex]",
            "gives the same numbers as analyses[1]",
        ),
        ("variables: [stage]}\n  - {kind: madeup", "did you mean made_up?"),
    ],
)
def test_a_new_question_is_checked_by_the_same_rules(ask: Ask, analysis: str, complaint: str):
    with pytest.raises(StudyFileError) as error:
        ask(analysis)

    assert complaint in str(error.value)
    assert "  line 4  " in str(error.value) or "  line 5  " in str(error.value)
