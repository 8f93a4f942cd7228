"""Tables by query: the same values as from a csv, no password anywhere, and sentences for what is wrong."""

from __future__ import annotations

import builtins
import sqlite3

import pytest

from oligoscope.errors import StudyFileError
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import KINDS
from oligoscope.study.database_url import PASSWORD_VARIABLE, fault_of_address
from oligoscope.study.study_file import read_study_file, with_relative_paths

pytest.importorskip("sqlalchemy")

STUDY = """
study: {title: t, preset: huang2025, data_cutoff: 2025-04-08}
data:
  database: "sqlite:///clinic.db"
  patients: {query: "select * from patients"}
  lesions: {query: "select * from lesions"}
  measurements: {query: "select * from measurements order by patient_id desc"}
"""


@pytest.fixture
def clinic(folder):
    """The sound study as a database of typed columns."""
    with sqlite3.connect(folder / "clinic.db") as database:
        for name in ("patients", "lesions", "measurements"):
            header, *rows = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            columns = [f"{c} {'real' if c == 'diameter_mm' else 'text'}" for c in header.strip().split(",")]
            database.execute(f"create table {name} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            cells = [[c or None for c in row.split(",")] for row in rows]
            database.executemany(f"insert into {name} values ({marks})", cells)
    database.close()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def read(folder, text=None):
    if text is not None:
        (folder / "study.yaml").write_text(text, encoding="utf-8")
    protocol, _ = read_study_file(folder, KINDS)
    return protocol, read_tables(protocol, folder)


def test_a_query_gives_the_values_of_the_csv(clinic, check):
    protocol, raw = read(clinic)
    tables, issues = validate_tables(raw, protocol)
    of_csv = check()

    assert not issues.errors
    for name in ("patients", "lesions", "measurements"):
        ours, theirs = getattr(tables, name), getattr(of_csv.tables, name)
        places = ("source", "source_row")
        assert ours.drop(places).equals(theirs.drop(places)), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("select * from patients", "select * from no_such"), "no such table: no_such"),
        (("select * from patients", "selec"), "syntax error"),
        (("select * from patients", "delete from patients"), "readonly database"),
        (("sqlite:///clinic.db", "sqlite:///none.db"), "there is no such file"),
        (("sqlite:///clinic.db", "nosuchbase://h/d"), "cannot be used"),
        (("select * from patients", "select x'ff' as patient_id"), "holds bytes"),
    ],
)
def test_what_cannot_be_read_is_a_finding(clinic, change, said):
    _, raw = read(clinic, STUDY.replace(*change))

    (problem,) = raw["patients"].problems
    assert problem.rule == "file_unreadable"
    assert said in problem.expected.en
    assert sqlite3.connect(clinic / "clinic.db").execute("select count(*) from patients").fetchone() == (2,)


def test_a_query_larger_than_the_limits_is_refused(clinic):
    _, raw = read(clinic, STUDY + "limits: {rows: 1}\n")

    assert "limits.rows" in raw["patients"].problems[0].expected.en


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize(
    "address",
    ["postgresql+psycopg://u:hunter2@h/d", "postgresql://u@h/d?password=hunter2", "sqlite//hunter2"],
)
def test_a_password_in_study_yaml_is_refused_and_not_repeated(clinic, address, table):
    new = f'database: "{address}"'
    text = (
        STUDY.replace("patients: {", f"patients: {{{new}, ")
        if table
        else STUDY.replace('database: "sqlite:///clinic.db"', new)
    )

    with pytest.raises(StudyFileError) as refused:
        read(clinic, text)

    assert "database" in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("patients: {query: select 1}", "lacks data.database"),
        ('database: "sqlite:///a.db"\n  patients: {query: select 1, files: [a.csv]}', "keep one of them"),
    ],
)
def test_a_query_needs_a_database_and_no_files(clinic, data, said):
    with pytest.raises(StudyFileError, match=said):
        read(clinic, f"study: {{preset: huang2025}}\ndata:\n  {data}\n")


def test_without_the_extra_a_sentence_says_how_to_install_it(clinic, monkeypatch):
    real = builtins.__import__

    def without(name, *more):
        if name.startswith("sqlalchemy"):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    _, raw = read(clinic)

    assert "pip install 'oligoscope[sql]'" in raw["patients"].problems[0].expected.en


def test_the_password_comes_from_the_environment_and_is_in_no_message(clinic, monkeypatch):
    monkeypatch.setenv(PASSWORD_VARIABLE, "hunter2")
    _, raw = read(clinic, STUDY.replace("sqlite:///clinic.db", "sqlite+pysqlite://u@hunter2/x"))

    assert "hunter2" not in repr(raw["patients"].problems)


def test_settings_that_are_passed_on_name_the_file_of_a_database_from_its_folder(clinic):
    absolute = STUDY.replace("sqlite:///clinic.db", f"sqlite:///{clinic / 'clinic.db'}")
    protocol, _ = read(clinic, absolute)

    seen = with_relative_paths(protocol, clinic, clinic)

    assert str(clinic) not in seen.model_dump_json()
    assert seen.data.database == "sqlite:///clinic.db"


def test_addresses_without_a_password_are_taken():
    for address in (
        "sqlite:///a.db",
        "postgresql+psycopg://user@localhost:5433/clinic",
        "mssql+pyodbc://u@dsn",
    ):
        assert fault_of_address(address) is None
