"""The team's labels beside the rules: numbers, table, Methods, and the note below tables and figures."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.checked_study import check_study
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.printing.team_notes import team_note
from oligoscope.questions.question import Chosen, Records
from oligoscope.questions.team_labels.numbers import answer
from oligoscope.questions.team_labels.patients import made_from
from oligoscope.questions.team_labels.table import tabulate_labels
from oligoscope.questions.team_labels.words import methods, unchecked
from oligoscope.results.analyses import SURVIVAL, TEAM_LABELS
from oligoscope.results.made_from import Reason
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.schemas import StudyTables

ROWS = """patient_id,pattern,resistance,best_response,n_progressing_lesions,pfs_months,os_months,os_event,pps_months
A,oligo,primary,SD,2,3,10,1,7
B,oligo,primary,SD,8,3,10,1,7
C,systemic,acquired,PR,9,3,10,0,2
D,systemic,acquired,PR,,9,12,1,3
E,,,CR,,,20,0,
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    folder = tmp_path_factory.mktemp("labels")
    (folder / "c.csv").write_text(ROWS, encoding="utf-8")
    (folder / "study.yaml").write_text(
        "study: {title: t}\ndata: {cohort: c.csv}\nanalyses: [{kind: survival, outcomes: [os]}]\n"
    )
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables)


def number(run: StudyRun, outcome: str, statistic: Statistic) -> tuple[float | None, int | None]:
    found = run.results.get(analysis=TEAM_LABELS, population="screened", outcome=outcome, statistic=statistic)
    assert found is not None
    return found.value, found.n


def test_labels_are_counted_and_compared_where_both_are_known(run: StudyRun):
    assert number(run, "pattern", Statistic.N) == (4, 5)
    assert number(run, "pattern", Statistic.N_ALIKE) == (2, 3)  # B has eight lesions; D has no count
    assert number(run, "resistance", Statistic.N_ALIKE) == (4, 4)
    assert number(run, "pps", Statistic.N_ALIKE) == (3, 4)  # C: 10 - 3 is not 2


def test_the_cross_table_has_the_teams_labels_in_rows(run: StudyRun):
    cells = {
        (str(e.variable), str(e.level)): e.value
        for e in run.results.find(analysis=TEAM_LABELS, outcome="pattern", statistic=Statistic.N)
        if e.variable
    }

    assert cells["oligoprogression", "systemic"] == 1
    assert sum(value or 0 for value in cells.values()) == 3


def test_a_study_without_a_cohort_has_no_row(run: StudyRun):
    tables = StudyTables(run.cohort.patients)

    assert answer(Records(run.protocol, tables, run.derived, run.cohort)) == ([], {})


def test_the_table_names_the_rule_and_the_share(run: StudyRun):
    table = tabulate_labels(run.results, run.protocol)

    by_name = {row.cells[0].text.en: [cell.text.en for cell in row.cells[1:]] for row in table.rows}
    assert by_name["Progression pattern"][:1] == ["4 (80.0)"]
    assert by_name["Progression pattern"][2:4] == ["3", "2 (66.7)"]
    assert by_name["Best overall response"][1:] == [""] * 4


def test_methods_and_limitations_say_whose_labels_they_are(run: StudyRun):
    (said,) = methods(run.protocol, run.results)
    ((open_, _),) = unchecked(run.protocol, run.results)

    assert "study team" in said.en
    assert "研究团队" in said.zh
    assert "progression pattern" in said.en
    assert "进展模式" in said.zh
    assert "overall survival" in open_.en
    assert "progression pattern" not in open_.en


def test_a_note_says_so_below_what_prints_them(run: StudyRun):
    keys = [e.key for e in run.results.find(analysis=SURVIVAL)]

    note = team_note(keys, run.results)

    assert note is not None
    assert [note[language] for language in LANGUAGES] == [
        "进展模式由研究团队判定。",
        "Progression pattern as classified by the study team.",
    ]
    assert team_note(keys, Results()) is None
    assert team_note([("flow", "treated", "", "", "", "", "n")], run.results) is None


def test_no_patient_is_named(run: StudyRun):
    estimate = run.results.find(analysis=TEAM_LABELS)[0]

    assert made_from(estimate, Chosen(run.cohort.flow, False, "pattern")).reasons == (Reason.NOT_WRITTEN,)


@pytest.mark.parametrize(
    "key",
    [
        ("survival", "progressed:oligoprogression", "os", "", "", "", "n"),
        ("matching", "matched", "", "oligoprogression vs systemic", "", "", "n_pairs"),
    ],
)
def test_a_report_written_again_still_says_whose_labels_they_are(key, run: StudyRun):
    note = team_note([key], run.results)

    assert note is not None
    assert note.en == "Progression pattern as classified by the study team."
