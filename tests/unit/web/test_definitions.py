"""The cards of the definitions: their counts, their words, and what may stand in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.planning import plan_study
from oligoscope.web.definitions import patients_of
from oligoscope.web.pages import render
from oligoscope.web.studies import Study
from oligoscope.web.tasks.choice_words import as_words, from_words
from oligoscope.web.tasks.counts import counts_of
from oligoscope.web.tasks.plan import as_json
from oligoscope.web.tasks.save_definitions import changed_lines, refusals

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("study")
    head = f'patient_id,treatment_started_on,pattern,best_response,pfs_months,pfs_event,os_months,os_event,"{HOSTILE}"'
    rows = [
        f"P{i},2020-01-0{1 + i % 9},{'oligoprogression' if i % 2 else 'systemic'},SD,{2 + i},1,{5 + i},{i % 3 % 2},{HOSTILE if i % 3 else 'b'}"
        for i in range(12)
    ]
    (folder / "cohort.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (folder / "study.yaml").write_text(
        f"study: {{seed: 1}}\ndata: {{cohort: cohort.csv}}\nmatching: {{covariates: ['{HOSTILE}']}}\n"
        f"analyses:\n- {{kind: survival, outcomes: [os], by: '{HOSTILE}'}}\n- {{kind: baseline, variables: ['{HOSTILE}']}}\n",
        encoding="utf-8",
    )
    return check_study(folder)


def _page(template: str, tmp_path: Path, **values: Any) -> str:
    study = Study("A", tmp_path / "A", tmp_path / "state")
    shared = {
        "study": study,
        "steps": (),
        "here": "x",
        "job": None,
        "path": "/",
        "problem": "",
        "error": "",
        "must_correct": False,
    }
    return "".join(render(template, language, shared | values) for language in ("zh", "en"))  # type: ignore[arg-type]


def test_words_of_the_users_are_escaped_on_the_cards_and_in_the_plan(checked: Checked, tmp_path: Path):
    from oligoscope.web.locks import locks, shown_time

    counts = counts_of(checked)
    plan = as_json(plan_study(checked.protocol, checked.tables)) | {"quarantined": 0, "must_accept": False}
    study = Study("A", tmp_path / "A", tmp_path / "state")

    cards = _page(
        "definitions.html", tmp_path, counts=counts, chosen=counts["choices"], now=patients_of(counts), refused={"": [HOSTILE]},
        changed=[{"line": 3, "was": HOSTILE, "now": HOSTILE}],
    )  # fmt: skip
    planned = _page(
        "plan.html", tmp_path, plan=plan, groups=[("runs", plan["analyses"])], locks=locks(study), shown_time=shown_time, signatures=[]
    )  # fmt: skip

    assert "&lt;img src=x" in cards
    assert "&lt;img src=x" in planned
    assert "<img src=x" not in cards + planned


def test_the_labels_of_a_team_are_said_to_be_theirs(checked: Checked, tmp_path: Path):
    counts = counts_of(checked)

    html = _page("definitions.html", tmp_path, counts=counts, chosen=counts["choices"], now=patients_of(counts), refused={}, changed=None)  # fmt: skip

    assert counts["theirs"] == ["pattern"]
    assert patients_of(counts)["patterns"] == [6, 6, 0]
    assert "your team’s own labels (progression pattern) of 12 patients" in html
    assert "贵团队自己的判定（进展模式），涉及 12 例" in html


def test_every_choice_has_its_place_among_the_counts(checked: Checked):
    counts = counts_of(checked)
    size = 3
    for _, values in counts["axes"]:
        size *= len(values)

    assert len(counts["numbers"]) == size
    beyond = counts | {"choices": counts["choices"] | {"max_lesions": "77"}}
    assert patients_of(beyond)["patterns"] is None


def test_choices_come_back_from_their_words(checked: Checked):
    words = counts_of(checked)["choices"] | {"max_lesions": "none", "count_brain": "no", "max_organs": "2"}

    assert as_words(from_words(words)) == words


@pytest.mark.parametrize(
    ("message", "card"),
    [
        ("study.yaml has 1 problem.\n  line 4  progression.max_lesions = 0   must be 1 or more\nCorrect the lines above.", "max_lesions"),
        ("study.yaml 有 1 处需要修改。\n  第 4 行  matching.covariates[1] = x   没有此列\n请修改上列各行。", "covariates"),
        ("study.yaml has 1 problem.\n  line 9  analyses[3].reference = x   no such group\nCorrect the lines above.", "reference"),
        ("study.yaml has 1 problem.\n  line 9  labels.x   unknown\nCorrect the lines above.", ""),
    ],
)  # fmt: skip
def test_a_refusal_is_shown_at_its_card(message: str, card: str):
    (found,) = refusals(message)

    assert found["card"] == card
    assert not found["text"].startswith(("line", "第"))


def test_the_lines_that_changed_are_named():
    before = "study: {}\nprogression:\n  max_lesions: 5  # ours\n"
    after = "study: {}\nprogression:\n  max_lesions: 3  # ours\n  controlled: off\n"

    assert list(changed_lines(before, after)) == [
        {"line": 3, "was": "max_lesions: 5  # ours", "now": "max_lesions: 3  # ours"},
        {"line": 4, "was": "", "now": "controlled: off"},
    ]
