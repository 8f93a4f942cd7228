"""mapping.yaml is the user's: what is written there stays, what is new is added."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from oligoscope.bilingual import Text
from oligoscope.mapping.answers import (
    Edit,
    TakesChoice,
    TakesColumn,
    TakesDay,
    TakesHeader,
    TakesPlace,
    TakesSheet,
    TakesWord,
    with_edits,
)
from oligoscope.mapping.asking import GivenAnswers
from oligoscope.mapping.draft import Draft
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.mapping_file import mapping_text
from oligoscope.mapping.question import Question
from oligoscope.mapping.sheets import assign
from oligoscope.study.schemas import LESIONS, MEASUREMENTS, PATIENTS

HISTOLOGY, TPS, START = (PATIENTS.column(n) for n in ("histology", "pd_l1_tps", "treatment_started_on"))
STATE = MEASUREMENTS.column("state")
WORD = TakesWord("patients", HISTOLOGY, "NSCLC-x")


def levels(column: str, ours: str, word: str, table: str = "patients"):
    return (Edit((table, "levels", column, ours), (word,)),)


@pytest.mark.parametrize(
    ("takes", "answer", "edits"),
    [
        (WORD, "squamous", levels("histology", "squamous", "NSCLC-x")),
        (WORD, "鳞癌", levels("histology", "squamous", "NSCLC-x")),
        (WORD, "-", levels("histology", "", "NSCLC-x")),
        (WORD, "tuesday", None),
        (TakesWord("patients", TPS, "neg"), "<1%", levels("pd_l1_tps", "<1%", "neg")),
        (TakesWord("patients", TPS, "neg"), "0", levels("pd_l1_tps", "0", "neg")),
        (TakesWord("patients", TPS, "neg"), "101", None),
        (TakesWord("patients", START, "Xmas"), "2021-12-25", levels("treatment_started_on", "2021-12-25", "Xmas")),
        (TakesWord("patients", START, "Xmas"), "03/04/2021", None),
        (TakesPlace((("lesions", "organ"),), "Whatsit"), "lung", (Edit(("places", "Whatsit"), "lung"),)),
        (TakesPlace((("lesions", "organ"),), "Whatsit"), "own", (Edit(("places", "Whatsit"), "own"),)),
        (TakesPlace((("lesions", "organ"),), "Whatsit"), "lymph_node 4R", (Edit(("places", "Whatsit"), "lymph_node 4R"),)),
        (TakesPlace((("lesions", "organ"),), "Whatsit"), "-", levels("organ", "", "Whatsit", "lesions")),
        (TakesPlace((("lesions", "organ"),), "Whatsit"), "nowhere at all", None),
        (TakesHeader("lesions", "role", ("A b", "C")), "a_B", (Edit(("lesions", "columns", "role"), "A b"),)),
        (TakesHeader("lesions", "role", ("A b", "C")), "D", None),
        (TakesHeader("lesions", "role", ("A b", "C")), "-", ()),
        (TakesColumn("measurements", "Comment", (STATE,)), "状态", (Edit(("measurements", "columns", "state"), "Comment"),)),
        (TakesColumn("measurements", "Comment", (STATE,)), "-", ()),
        (TakesColumn("measurements", "Comment", (STATE,)), "yes", None),
        (TakesChoice((("patients", "dates", "a"), ("patients", "dates", "b")), ("day_first",)), "Day first",
         (Edit(("patients", "dates", "a"), "day_first"), Edit(("patients", "dates", "b"), "day_first"))),
        (TakesChoice((("patients", "dates", "a"),), ("day_first",)), "3", None),
        (TakesSheet("lesions", {"f.xlsx [S]": (("f.xlsx",), "S")}), "f.xlsx [S]",
         (Edit(("lesions", "files"), ("f.xlsx",)), Edit(("lesions", "sheet"), "S"))),
        (TakesSheet("lesions", {}), "f", None),
        (TakesDay(), "2021-02-29", None),
        (TakesDay(), "2021-02-28", ()),
    ],
)  # fmt: skip
def test_an_answer_is_lines_of_data_or_is_not_understood(takes, answer, edits):
    assert takes.edits(answer) == edits


def test_lines_are_added_and_what_is_stated_stays():
    tree = {"patients": {"files": ["p.csv"], "sheet": "A", "levels": {"sex": {"male": "M"}}}}

    changed = with_edits(
        tree, (*levels("sex", "male", "H"), Edit(("patients", "sheet"), "B"), *levels("sex", "female", "D"))
    )

    assert changed["patients"] == {
        "files": ["p.csv"], "sheet": "A", "levels": {"sex": {"male": ["M", "H"], "female": ["D"]}},
    }  # fmt: skip
    assert tree["patients"]["levels"] == {"sex": {"male": "M"}}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("squamous\n", "squamous"),
        ("\n", "other"),
        ("# a remark\n-\n", "-"),
        ("7: squamous\n", "squamous"),
        ("patients.histology=x: squamous\n", "squamous"),
        ("8: squamous\n", None),
        ("", None),
    ],
)
def test_answers_by_line_number_or_name(text, answer):
    question = Question("patients.histology=x", Text("", ""), Text("", ""), ("other",), WORD)

    assert GivenAnswers.of(text)(7, question) == answer


OLD = """\
# ours, do not touch
data:
  patients: p.csv  # short form
  # why lesions are in two files
  lesions:
    files: [a.csv, b.csv]
    levels: {role: {target: T}}
questions:
  # asked last year
  a=b: '-'  # Dr. W.
"""


def text_of(old: str | None, data: dict, own: dict | None = None, answers: dict | None = None) -> str:
    asked = Question("a=b", Text("甲？", "A?"), Text("", ""), (), WORD)
    new = Question("c=d", Text("丙？", "C?"), Text("可答", "any"), ("x",), WORD)
    draft = Draft(data, (), (asked, new), {}, {})
    return mapping_text(
        old, {"data": own or {}}, draft, [(1, asked), (2, new)], {"a=b": "-"} | (answers or {}), "en"
    )


def test_comments_forms_and_answers_of_the_user_stay():
    data = {
        "patients": {"files": ["p.csv"], "levels": {"sex": {"male": ["M"]}}},
        "lesions": {"files": ["a.csv", "b.csv"], "levels": {"role": {"target": ["T", "TL"]}}},
    }

    text = text_of(OLD, data)
    tree = YAML(typ="safe").load(text)

    for kept in ("# ours, do not touch", "# why lesions are in two files", "# asked last year", "# Dr. W."):
        assert kept in text
    assert tree["data"]["patients"] == {"files": "p.csv", "levels": {"sex": {"male": ["M"]}}}
    assert tree["data"]["lesions"]["levels"]["role"]["target"] == ["T", "TL"]
    assert tree["questions"] == {"a=b": "-", "c=d": None}
    assert text_of(text, data) == text


def test_nothing_new_leaves_every_byte():
    data = {
        "patients": {"files": ["p.csv"]},
        "lesions": {"files": ["a.csv", "b.csv"], "levels": {"role": {"target": ["T"]}}},
    }

    assert text_of(OLD, data).split("questions:")[0] == OLD.split("questions:", maxsplit=1)[0]


def test_what_study_yaml_states_is_not_repeated():
    data = {"patients": {"files": ["p.csv"], "missing": ["ND"], "levels": {"sex": {"male": ["M"]}}}}

    tree = YAML(typ="safe").load(
        text_of(None, data, own={"patients": {"files": ["p.csv"], "missing": ["ND"]}})
    )

    assert tree["data"] == {"patients": {"levels": {"sex": {"male": ["M"]}}}}


def test_a_file_of_comments_keeps_them():
    assert text_of("# mine\n", {"patients": {"files": ["p.csv"]}}).startswith("# mine\n")


# ---- which sheet is which table --------------------------------------------------------------------

PT = ("patient_id", "treatment_started_on", "sex", "age_years")
LE = ("patient_id", "lesion_id", "role", "organ")
ME = ("patient_id", "lesion_id", "assessed_on", "diameter_mm")


def sheets(*named: tuple[str, str | None, tuple[str, ...]]) -> tuple[FoundSheet, ...]:
    return tuple(FoundSheet(file, title, headers, 5) for file, title, headers in named)


@pytest.mark.parametrize(
    ("found", "tables", "asked"),
    [
        ([("b.xlsx", "患者", PT), ("b.xlsx", "病灶", LE), ("b.xlsx", "测量", ME)], {"patients": "certain", "lesions": "certain", "measurements": "certain"}, []),
        ([("b.xlsx", "1", PT), ("b.xlsx", "2", LE), ("b.xlsx", "3", ME)], {"patients": "likely", "lesions": "likely", "measurements": "likely"}, []),
        ([("one.csv", None, (*PT, *LE[1:], *ME[2:]))], {"patients": "likely", "lesions": "likely", "measurements": "likely"}, []),
        ([("patients.csv", None, PT), ("b.xlsx", "patients", PT)], {}, ["table.patients"]),
        ([("x.csv", None, PT), ("y.csv", None, PT)], {}, ["table.patients"]),
        ([("patients.csv", None, PT), ("stock.csv", None, ("date", "item", "price"))], {"patients": "certain"}, []),
        ([("patients.csv", None, ("item", "price"))], {}, []),
    ],
)  # fmt: skip
def test_a_sheet_is_the_table_it_is_called_or_that_it_alone_fits(found, tables, asked):
    assigned, questions = assign(sheets(*found), frozenset())

    assert {a.table: a.confidence for a in assigned} == tables
    assert [q.id for q in questions] == asked


def test_parts_of_a_table_may_be_taken_together():
    (question,) = assign(sheets(("x.csv", None, PT), ("y.csv", None, PT)), frozenset())[1]

    assert question.takes.edits("all") == (Edit(("patients", "files"), ("x.csv", "y.csv")),)


def test_a_stated_table_is_not_looked_for():
    assert assign(sheets(("x.csv", None, PT)), frozenset({"patients"})) == ((), ())


def test_columns_of_treatment_need_a_sheet_of_their_own():
    tables = {
        a.table for a in assign(sheets(("a.csv", None, (*PT, "organ")), ("b.csv", None, LE)), frozenset())[0]
    }

    assert tables == {"patients", "lesions"}
    assert LESIONS.name in tables
