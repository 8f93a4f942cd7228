"""Every choice that a page offers is an answer that its question understands."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.mapping.answers import Takes, TakesChoice, TakesCodes, TakesPlace, TakesWord
from oligoscope.mapping.question import Question
from oligoscope.mapping.question_shown import shown
from oligoscope.study.schemas import TABLES

NO = Text("", "")


def asked(takes: Takes) -> Question:
    return Question("q", NO, NO, (), takes)


def test_every_level_of_every_column_is_understood():
    for table in TABLES.values():
        for column in table.columns:
            if column.kind in {"level", "boolean"}:
                question = asked(TakesWord(table.name, column, "?"))
                for choice in shown(question)["choices"]:
                    assert question.takes.edits(choice["value"]) is not None, (column.name, choice)


def test_every_place_is_understood():
    question = asked(TakesPlace((("lesions", "organ"),), "?"))
    found = shown(question)

    assert [c["value"] for c in found["choices"] if question.takes.edits(c["value"]) is None] == []
    assert {"lung", "lymph_node 4R", "own", "-"} <= {c["value"] for c in found["choices"]}


def test_codes_and_orders_of_dates():
    sex = TABLES["patients"].column("sex")
    codes = shown(asked(TakesCodes("patients", sex, ("1", "2"))))
    dates = shown(asked(TakesChoice((("patients", "dates", "died_on"),), ("day_first", "month_first"))))

    assert codes["codes"] == ["1", "2"]
    assert dates["kind"] == "dates"
    assert [c["en"] for c in dates["choices"]] == ["Day first (31/12/2020)", "Month first (12/31/2020)"]
