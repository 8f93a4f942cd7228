"""A patient's page: what is on it, in both languages, and where it may be written."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.clinical.overall_response import PROGRESSION_CAUSES
from oligoscope.drawing.figure import to_svg
from oligoscope.errors import UsageError
from oligoscope.pipeline import run_study
from oligoscope.report.patient.patient_files import (
    build_patient_document,
    file_name,
    patient_files,
    write_patient_files,
    write_patient_html,
)
from oligoscope.report.patient.patient_lesions import spider_frame
from oligoscope.report.patient.patient_page import PatientPage, patient_page
from oligoscope.report.patient.reason_words import rule_text
from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS
from spec.patient_tables import protocol, study_tables

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LESIONS = [
    {"patient_id": "A", "lesion_id": "T1", "role": "target", "organ": "lung", "is_primary": True},
    {"patient_id": "A", "lesion_id": "T2", "role": "target", "organ": "lymph_node", "station": "7"},
    {"patient_id": "A", "lesion_id": "N1", "role": "non_target", "organ": "bone"},
    {"patient_id": "A", "lesion_id": "NEW1", "role": "new", "organ": "liver"},
    {"patient_id": "B", "lesion_id": "T1", "role": "target", "organ": "lung"},
]
SCANS = [
    (-7, 50, 20, "present"),
    (42, 30, 14, "present"),
    (84, "not_evaluated", 12, "absent"),
    (126, 28, 12, "present"),
]
TREATMENTS = [
    {"patient_id": "A", "line": 1, "regimen": "chemo_io", "started_day": 0, "ended_day": 126},
    {"patient_id": "A", "line": 2, "regimen": "chemo", "started_day": 140, "progressed_day": 260},
    {"patient_id": "A", "modality": "radiotherapy", "organ": "liver", "started_day": 133},
]


def tables():
    measured = []
    for day, t1, t2, n1 in SCANS:
        for lesion, value in (("T1", t1), ("T2", t2), ("N1", n1)):
            what = {"state": value} if isinstance(value, str) else {"diameter_mm": value}
            measured.append({"patient_id": "A", "lesion_id": lesion, "assessed_day": day, **what})
    measured.append(
        {
            "patient_id": "A",
            "lesion_id": "NEW1",
            "assessed_day": 126,
            "diameter_mm": 15,
            "certainty": "unequivocal",
        }
    )
    patients = [
        {"patient_id": "A", "died_day": 400, "sex": "male"},
        {"patient_id": "B", "last_known_alive_day": 90},
        {"patient_id": "C"},
    ]
    return study_tables(patients=patients, lesions=LESIONS, measurements=measured, treatments=TREATMENTS)


@pytest.fixture(scope="module")
def pages() -> dict[str, PatientPage]:
    given = tables()
    run = run_study(protocol(), given)
    return {p: patient_page(run, given, p) for p in "ABC"}


@pytest.fixture(scope="module")
def page(pages) -> PatientPage:
    return pages["A"]


class Words(HTMLParser):
    """The words a reader sees, and whether the elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.words.append(data)


def test_visits_are_baseline_and_every_assessment(page):
    assert [(v.number, v.day, v.sum_mm, v.overall) for v in page.visits] == [
        (0, -7, 70, None), (1, 42, 44, "PR"), (2, 84, None, "NE"), (3, 126, 40, "PD"),
    ]  # fmt: skip
    assert page.visits[1].change_percent == pytest.approx(-37.142857)
    assert [v.nadir_mm for v in page.visits] == [None, 70, 44, 44]
    assert page.visits[3].new_lesion


def test_lesions_say_what_was_seen_at_each_scan(page):
    seen = {t.lesion_id: [r.text.en for r in t.readings] for t in page.lesions}

    assert seen == {
        "T1": ["50", "30", "NE", "28"], "T2": ["20", "14", "12", "12"], "N1": ["present", "present", "absent", "present"], "NEW1": ["15"],
    }  # fmt: skip
    assert {t.lesion_id: t.progressing for t in page.lesions} == {
        "T1": False,
        "T2": False,
        "N1": False,
        "NEW1": True,
    }


def test_the_spider_is_broken_at_a_scan_that_did_not_measure_the_lesion(page):
    frame = spider_frame(page.lesions, page.scans, page.progressed_day)

    assert frame.filter(pl.col("lesion") == "T1").select("day", "segment").rows() == [
        (-7, 0),
        (42, 0),
        (126, 1),
    ]
    assert frame.filter(pl.col("lesion") == "T2")["segment"].to_list() == [0, 0, 0, 0]
    assert frame.filter("is_first_of_new")["lesion"].to_list() == ["NEW1"]
    assert frame.filter("progressing").select("lesion", "day").rows() == [("NEW1", 126)]


def test_the_timeline_has_lines_local_treatment_progressions_and_death(page):
    kinds = page.events.select("kind", "start_day", "end_day").rows()

    assert ("line", 0, 126) in kinds
    assert ("line", 140, 400) in kinds  # its end is not recorded: an arrow to the end of follow-up
    assert ("line_progression", 260, None) in kinds
    assert ("local", 133, None) in kinds
    assert ("first_progression", 126, None) in kinds
    assert ("response", 42, 126) in kinds
    assert ("death", 400, None) in kinds
    assert page.events.filter(pl.col("kind") == "scan").height == 4


def test_every_label_has_its_rule_and_rows(page):
    reasons = {r.label: r for r in page.reasons}

    assert {"best_response", "progressed_on", "pattern", "resistance", "pfs"} <= set(reasons)
    assert all(r.rule for r in page.reasons)
    assert reasons["pattern"].source_rows == "measurements.csv:14"


def test_a_patient_without_any_scan_has_a_page_too(pages):
    assert pages["C"].visits == ()
    assert pages["C"].advice is None
    assert "没有病灶记录" in write_patient_html(pages["C"], "zh")
    assert "No lesion is recorded" in write_patient_html(pages["C"], "en")


def test_an_unknown_patient_is_an_error_with_the_nearest_ids():
    given = study_tables(patients=[{"patient_id": p} for p in ("S0333", "S0334", "X9")])
    run = run_study(protocol(), given)

    with pytest.raises(UsageError, match=r"no patient 'S333' among the 3 patients.*S0333"):
        patient_page(run, given, "S333")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_asks_for_nothing_from_outside(page, language):
    html = write_patient_html(page, language, "other.html")
    seen = Words(html)

    assert seen.open == []
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="(?!#|other\.html)', html)
    assert html.count("<svg") == 3  # two pictures, and the letters of both


def test_the_english_page_has_no_chinese(page):
    html = write_patient_html(page, "en")

    assert CJK.findall(" ".join(Words(html).words)) == []
    assert 'class="other"' not in html


def test_what_a_user_wrote_cannot_become_markup():
    bad = '<b>"A&'
    given = study_tables(
        patients=[{"patient_id": bad}], lesions=[{"patient_id": bad, "lesion_id": "<i>", "role": "target", "organ": "<u>"}],
        measurements=[{"patient_id": bad, "lesion_id": "<i>", "assessed_day": d, "diameter_mm": 20} for d in (-7, 42)],
    )  # fmt: skip
    html = write_patient_html(patient_page(run_study(protocol(), given), given, bad), "en")

    assert "<b>" + '"A' not in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_the_pictures_never_change_by_themselves(page):
    for figure in build_patient_document(page).figures():
        assert to_svg(figure, "zh") == to_svg(figure, "zh")


def test_only_the_reader_who_decides_is_on_the_page():
    measured = [
        {"patient_id": "A", "lesion_id": "T1", "assessed_day": day, "diameter_mm": size, "reader": reader}
        for reader, sizes in (("R1", (50, 30)), ("R2", (50, 90))) for day, size in zip((-7, 42), sizes, strict=True)
    ]  # fmt: skip
    measured += [
        {"patient_id": "B", "lesion_id": "T1", "assessed_day": -7, "diameter_mm": 20, "reader": "R2"}
    ]
    lesions = [{"patient_id": p, "lesion_id": "T1", "role": "target", "organ": "lung"} for p in "AB"]
    given = study_tables(
        patients=[{"patient_id": "A"}, {"patient_id": "B"}], lesions=lesions, measurements=measured
    )
    run = run_study(protocol(response={"reader": "R1"}), given)

    assert [v.overall for v in patient_page(run, given, "A").visits] == [None, "PR"]
    assert patient_page(run, given, "B").visits == ()


# ---- words ----------------------------------------------------------------------------------------

RULES = sorted(
    {f"{d.name}: {r.sentence.en}" for d in RESISTANCE_DEFINITIONS.values() for r in d.rules}
    | {r.sentence for r in PROGRESSION_CAUSES}
)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_its_sentence_in_chinese(rule):
    """A rule that is new or changed needs its sentence in report/patient/reason_words.py."""
    assert CJK.search(rule_text(rule).zh)


@pytest.mark.parametrize(
    ("rule", "chinese"),
    [
        (
            "core: at most 3 progressing lesions, at most 2 organs of progression",
            "≤3 个病灶且≤2 个器官系统（CORE）：进展病灶不超过 3 个，进展器官不超过 2 个",
        ),
        (
            "br38: at most 5 progressing lesions outside the brain",
            "颅外≤5 个病灶（BR38）：脑外进展病灶不超过 5 个",
        ),
        ("a new lesion; the target lesions progressed", "出现新病灶；靶病灶进展"),
        ("a sentence nobody knows", "a sentence nobody knows"),
    ],
)
def test_rules_are_put_together_from_their_clauses(rule, chinese):
    assert rule_text(rule).zh == chinese
    assert rule_text(rule).en.partition(": ")[2] == rule.partition(": ")[2]


# ---- files ----------------------------------------------------------------------------------------


def test_two_languages_go_into_two_files(tmp_path):
    assert {p.name for p in patient_files("A/1", tmp_path, LANGUAGES).values()} == {
        "patient-A_1-a5b3d27a.zh.html",
        "patient-A_1-a5b3d27a.en.html",
    }
    assert {p.name for p in patient_files("A", tmp_path / "x.html", LANGUAGES).values()} == {
        "x.zh.html",
        "x.en.html",
    }


def test_one_language_takes_the_name_given(tmp_path):
    assert patient_files("A", tmp_path / "x.html", ("en",))["en"].name == "x.html"


def test_a_file_that_is_not_a_page_of_ours_is_left_alone(tmp_path, page):
    mine = tmp_path / "x.html"
    mine.write_text("my notes", encoding="utf-8")

    with pytest.raises(UsageError, match="Not a patient's page"):
        patient_files("A", mine, ("en",))
    assert mine.read_text(encoding="utf-8") == "my notes"


def test_a_page_of_ours_is_written_again(tmp_path, page):
    for _ in range(2):
        write_patient_files(page, patient_files("A", tmp_path, LANGUAGES))

    assert sorted(p.name for p in tmp_path.iterdir()) == ["patient-A.en.html", "patient-A.zh.html"]
    assert 'href="patient-A.en.html"' in (tmp_path / "patient-A.zh.html").read_text(encoding="utf-8")


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path):
    (tmp_path / "x").write_text("", encoding="utf-8")

    with pytest.raises(UsageError, match="is a file"):
        patient_files("A", tmp_path / "x", ("en",))


@pytest.mark.parametrize(
    ("written", "name"),
    [("S 1", "S_1-"), ("../../x", "x-"), ("患者1", "患者1"), ("...", "patient-"), ("S-1.a", "S-1.a")],
)
def test_an_identifier_becomes_a_name_every_system_allows(written, name):
    """One that had to be changed ends in a number of its own, so that two patients never share a page."""
    made = file_name(written)

    assert made.startswith(name)
    assert len(made) == len(name) + (8 if name.endswith("-") else 0)


def test_identifiers_that_would_share_a_name_have_a_page_each_and_no_name_is_too_long():
    alike = ["A/1", "A:1", "A 1", "A_1", "甲" * 100, "甲" * 101, "x" * 300, "x" * 299 + "y"]
    names = [file_name(one) for one in alike]

    assert len({name.casefold() for name in names}) == len(alike)
    assert all(len(f"patient-{name}.zh.html".encode()) <= 255 for name in names)
