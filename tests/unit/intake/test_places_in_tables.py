"""Columns of places in every table: one vocabulary, findings by word, and what a study states of its own words."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.clinical.patients import derive_patients
from oligoscope.errors import StudyFileError
from oligoscope.questions.registry import read_protocol
from oligoscope.study.protocol import Protocol

ROWS = """
    patient_id | lesion_id | role   | organ | side | station | is_node | is_primary | diffuse_kind
    P1         | L1        | target | {first}
    P2         | L1        | target | liver
"""


def lesions(first: str) -> str:
    """The lesions of two patients: the organ of the first, and after it its other columns."""
    return ROWS.format(first=first + " |" * (5 - first.count("|"))).replace("liver", "liver" + " |" * 5)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("右肺上叶原发灶", ("lung", "right", None, False, True, None)),
        ("左锁骨上淋巴结", ("lymph_node", "left", "1L", True, None, None)),
        ("4R组", ("lymph_node", None, "4R", True, None, None)),
        ("纵隔 | | 第7组", ("mediastinum", None, "7", True, None, None)),
        ("胸水", ("pleura", None, None, False, None, "malignant_effusion")),
        ("脑膜转移", ("brain", None, None, False, None, "leptomeningeal")),
        ("Brain metastasis | 左", ("brain", "left", None, False, None, None)),
        ("lung | | | | no", ("lung", None, None, False, False, None)),
        ("某处淋巴结", ("lymph_node", None, "某处淋巴结", True, None, None)),
        ("chest", ("chest", None, None, False, None, None)),
    ],
)
def test_what_the_words_say_fills_the_columns_beside_them(check, first, expected):
    tables = check(lesions=lesions(first)).tables.lesions

    names = ("organ", "side", "station", "is_node", "is_primary", "diffuse_kind")
    assert tables.filter(pl.col("patient_id") == "P1").select(names).row(0) == expected


def test_a_word_that_is_not_certain_is_one_finding_with_its_count_and_proposals(check):
    text = """
        patient_id | lesion_id | role   | organ
        P1         | L1        | target | 胸
        P1         | L2        | new    | 骨
        P2         | L1        | target | 胸
    """
    found = [i for i in check(lesions=text).issues if i.rule == "place_unknown"]

    assert [(i.value, i.row, i.column, i.grade) for i in found] == [("胸", 2, "organ", "warning")]
    assert found[0].expected.en == "2 rows, kept as it is written; it may be: lung, pleura, mediastinum"
    assert found[0].expected.zh.startswith("2 行")


@pytest.mark.parametrize(
    ("places", "organ", "station"),
    [({"锁骨上": "lymph_node 1"}, "lymph_node", "1"), ({"锁骨上": "own"}, "锁骨上", None), ({"锁骨上": "soft_tissue"}, "soft_tissue", None),
     ({"锁 骨上": "lymph_node axillary"}, "lymph_node", "axillary")],
)  # fmt: skip
def test_a_study_states_what_its_word_is(check, places, organ, station):
    checked = check(lesions=lesions("锁骨上"), sources={"places": places})

    assert "place_unknown" not in checked.rules
    assert checked.tables.lesions.select("organ", "station").row(0) == (organ, station)


def test_a_word_of_the_tables_own_levels_is_certain(check):
    checked = check(
        lesions=lesions("SITE 3"), sources={"lesions": {"levels": {"organ": {"pelvic mass": ["SITE 3"]}}}}
    )

    assert "place_unknown" not in checked.rules
    assert checked.tables.lesions["organ"][0] == "pelvic mass"


@pytest.mark.parametrize(
    ("first", "rule", "value"),
    [
        ("右肺上叶 | 左", "place_disagrees", "右肺上叶 / left"),
        ("4R | | 7", "place_disagrees", "4R / 7"),
        ("原发灶 | | | | no", "place_disagrees", "原发灶 / no"),
        ("胸水 | | | | | innumerable", "place_disagrees", "胸水 / innumerable"),
        ("脑转移 | | | yes", "place_disagrees", "脑转移 / yes"),
        ("纵隔淋巴结 | | | no", "node_denied", "纵隔淋巴结 / no"),
        ("双肺多发转移", "place_of_many", "双肺多发转移"),
    ],
)
def test_a_contradiction_is_a_finding_for_each_pair_of_words(check, first, rule, value):
    checked = check(lesions=lesions(first))

    assert [found[3] for found in checked.found(rule)] == [value]


@pytest.mark.parametrize(
    "first",
    [
        "右肺上叶 | 右",
        "纵隔淋巴结 | | 4R | yes",
        "4R | 右",
        "双肺多发转移 | | | | | innumerable",
        "liver | | | yes",
    ],
)
def test_what_agrees_is_no_finding(check, first):
    assert (
        not {"place_disagrees", "node_denied", "place_of_many", "place_unknown"}
        & check(lesions=lesions(first)).rules
    )


def test_a_node_that_is_denied_leaves_its_patient_out(check):
    """Whether a lesion is a node decides its response: RECIST 1.1, 4.3.1."""
    checked = check(lesions=lesions("纵隔淋巴结 | | | no"))

    assert checked.column("patients", "patient_id") == ["P2"]
    blank = check(
        lesions=lesions("纵隔淋巴结 | | | no"), sources={"lesions": {"levels": {"is_node": {"": ["no"]}}}}
    )
    assert blank.column("lesions", "is_node") == [True, False]


NODES = (
    "淋巴结",
    "纵隔淋巴结",
    "lymph_node",
    "Lymph Node - Mediastinal",
    "mediastinal lymph node",
    "4R组",
    "某处淋巴结",
    "隆突下",
    "LN 7",
    "淋巴結",
)


@pytest.mark.parametrize("organ", NODES)
def test_identical_millimetres_give_every_word_for_a_node_the_same_response(check, organ):
    """A node below 10 mm is normal: complete response."""
    sizes = "patient_id | lesion_id | assessed_on | diameter_mm\nP1 | L1 | 2020-01-01 | 20\nP1 | L1 | 2020-03-01 | 9\nP1 | L1 | 2020-05-01 | 8"
    tables = check(
        patients="patient_id | treatment_started_on | last_known_alive_on\nP1 | 2020-01-06 | 2020-11-01",
        lesions=f"patient_id | lesion_id | role | organ\nP1 | L1 | target | {organ}", measurements=sizes,
    ).tables  # fmt: skip
    protocol = Protocol.model_validate({"study": {}, "data": {"patients": {"files": ["p"]}}})

    assert derive_patients(tables, protocol).patients["best_response"].to_list() == ["CR"]


@pytest.mark.parametrize(
    "organ", ["brain", "Brain metastasis", "脑转移", "颅内", "右额叶", "CNS", "小脑", "脑膜转移"]
)
def test_every_word_for_the_brain_is_intracranial(check, organ):
    sizes = "patient_id | lesion_id | assessed_on | diameter_mm\nP1 | L1 | 2020-01-01 | 20\nP1 | L1 | 2020-03-01 | 20\nP1 | N | 2020-03-01 | 12"
    tables = check(
        patients="patient_id | treatment_started_on | last_known_alive_on\nP1 | 2020-01-06 | 2020-11-01",
        lesions=f"patient_id | lesion_id | role | organ\nP1 | L1 | target | lung\nP1 | N | new | {organ}", measurements=sizes,
    ).tables  # fmt: skip
    settings = {"study": {}, "data": {"patients": {"files": ["p"]}}, "progression": {"preset": "br38"}}
    derived = derive_patients(tables, Protocol.model_validate(settings)).patients

    assert derived.select(
        "n_progressing_intracranial", "n_progressing_extracranial", "progressing_organs"
    ).row(0) == (1, 0, "brain")


@pytest.mark.parametrize(
    ("cell", "organs", "diffuse"),
    [("肺、骨", "lung;bone", None), ("lung, liver", "lung;liver", None), ("右肺上叶；脑", "lung;brain", None), ("肺/左侧肾上腺", "lung;adrenal", None),
     ("无", None, None), ("胸水及脑", "pleura;brain", True), ("某处；脑", "某处;brain", None)],
)  # fmt: skip
def test_lists_of_organs_are_read_in_progressions(check, cell, organs, diffuse):
    progressions = f"patient_id | progressed_on | n_progressing_lesions | progressing_organs | baseline_organs\nP1 | 2020-05-01 | 2 | {cell} | {cell}"
    checked = check(progressions=progressions, sources={"lesions": None, "measurements": None})

    row = checked.tables.progressions.select("progressing_organs", "baseline_organs", "diffuse").row(0)
    assert row == (organs, organs, diffuse)
    assert len(checked.found("place_unknown")) == (2 if "某处" in cell else 0)


def test_the_organ_of_a_local_treatment_is_read(check):
    treatments = "patient_id | line | modality | organ | started_on\nP1 | | radiotherapy | 全脑 | 2020-06-01\nP1 | | radiotherapy | 脑、骨 | 2020-07-01\nP2 | | surgery | 左肾上腺 | 2020-08-01"

    assert check(treatments=treatments).column("treatments", "organ") == ["brain", "brain;bone", "adrenal"]


@pytest.mark.parametrize(
    ("place", "near"), [("lungg", "lung"), ("lymph_node 99", None), ("脑和肺", None), ("", None)]
)
def test_a_place_that_does_not_exist_is_refused_with_its_line(tmp_path, place, near):
    (tmp_path / "study.yaml").write_text(
        f'study: {{title: t}}\ndata:\n  patients: p.csv\n  lesions: l.csv\n  measurements: m.csv\n  places:\n    胸: "{place}"\n',
        encoding="utf-8",
    )
    with pytest.raises(StudyFileError) as refused:
        read_protocol(tmp_path)

    text = str(refused.value)
    assert "line 7" in text
    assert "data.places" in text
    assert near is None or f"did you mean {near}?" in text
