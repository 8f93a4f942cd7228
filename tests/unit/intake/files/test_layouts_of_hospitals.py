"""Layouts that hospitals keep: words beside sizes, lesions in headers, genes in columns, pages within a table."""

from __future__ import annotations

import polars as pl
import pytest
from openpyxl import Workbook

from oligoscope.intake.checks.place_columns import PlaceWords
from oligoscope.intake.files.gene_columns import with_driver_genes
from oligoscope.intake.files.long_rows import lesions_in_headers
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.row_filter import without_notes
from oligoscope.intake.files.rows_of_no_lesion import without_sums
from oligoscope.intake.files.wide_plan import STATE, found_plan
from oligoscope.report.check.marked_book import anchor
from oligoscope.study.dictionary.words import read_level
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import PATIENTS

SOURCE = TableSource(files=("t.xlsx",))


def table(name: str, cells: dict[str, list[str | None]]) -> RawTable:
    n = len(next(iter(cells.values())))
    frame = pl.DataFrame(cells, schema_overrides=dict.fromkeys(cells, pl.String)).with_columns(
        pl.lit("t.xlsx").alias("__source"),
        pl.int_range(2, n + 2, dtype=pl.Int32).alias("__row"),
        pl.lit(None, dtype=pl.String).alias("__excess"),
    )
    return RawTable(name, frame, {"t.xlsx": tuple(cells)})


@pytest.mark.parametrize("header", ["评价", "变化", "remark", "Finding"])
@pytest.mark.parametrize(("words", "are_states"), [(["存在", "消失"], True), (["张某", "李某"], False)])
def test_words_beside_the_sizes_of_a_scan_are_states_whatever_they_are_called(header, words, are_states):
    cells = {
        "基线 / 日期": ["2021-01-01", "2021-01-01"], "基线 / 大小(mm)": ["20", None], f"基线 / {header}": [None, words[0]],
        "第1次 / 日期": ["2021-03-01", "2021-03-01"], "第1次 / 大小(mm)": ["12", None], f"第1次 / {header}": [None, words[1]],
    }  # fmt: skip

    plan = found_plan(pl.DataFrame(cells), list(cells), has_lesion=True, serials=False)

    assert plan is not None
    assert [STATE.name in scan.columns for scan in plan.scans] == [are_states] * 2


def test_each_lesion_has_the_place_of_its_own_header():
    raw = table("lesions", {
        "patient_id": ["P1", "P2"], "基线日期": ["2021-01-01"] * 2, "第1次日期": ["2021-03-01"] * 2,
        "靶病灶1部位": ["肺", "肝"], "靶病灶1基线": ["30", "22"], "靶病灶1第1次": ["20", "20"],
        "新病灶1部位": ["脑", None], "新病灶1基线": [None, None], "新病灶1第1次": ["9", None],
    })  # fmt: skip

    long = lesions_in_headers(raw, SOURCE)

    rows = long.frame.select("patient_id", "lesion_id", "role", "organ").rows()
    assert rows == [
        ("P1", "靶病灶1", "target", "肺"), ("P1", "新病灶1", "new", "脑"), ("P2", "靶病灶1", "target", "肝"),
    ]  # fmt: skip
    assert "靶病灶1部位" not in long.headers["t.xlsx"]


@pytest.mark.parametrize(
    ("egfr", "alk", "level"),
    [
        ("阴性", "阴性", "negative"),
        ("野生型", "(-)", "negative"),
        ("19del", "阴性", "positive"),
        ("EGFR L858R", None, "positive"),
        ("阴性", "阳性", "positive"),
        ("未检测", "未检测", "unknown"),
        ("阴性", "未检测", None),
        ("阴性", None, None),
        ("T790M", "阴性", None),
    ],
)
def test_a_column_for_each_gene_is_the_driver_gene(egfr, alk, level):
    raw = table("patients", {"patient_id": ["P1"], "EGFR": [egfr], "ALK融合": [alk]})

    read = with_driver_genes(raw, SOURCE)

    (cell,) = read.frame["EGFR/ALK融合"].to_list()
    assert read.labels == {"EGFR/ALK融合": "driver_gene"}
    assert read_level(PATIENTS.column("driver_gene"), cell) == level


@pytest.mark.parametrize("header", ["driver_gene", "驱动基因"])
def test_genes_beside_a_column_of_driver_genes_are_left_alone(header):
    raw = table("patients", {"patient_id": ["P1"], header: ["阴性"], "EGFR": ["阴性"], "ALK": ["阴性"]})

    assert with_driver_genes(raw, SOURCE) is raw


def test_yes_and_no_are_read_only_where_the_header_says_mutation():
    raw = table("patients", {"patient_id": ["P1"], "EGFR突变": ["无"], "ALK": ["无"]})

    assert with_driver_genes(raw, SOURCE).frame["EGFR突变/ALK"].to_list() == ["EGFR negative, ALK 无"]


@pytest.mark.parametrize(
    "word", ["本页小计", "第2页", "第 2 页 共 5 页", "续表", "续表2", "接上页", "Page 2 of 5", "(continued)"]
)
def test_what_divides_pages_is_no_row(word):
    raw = table("lesions", {
        "patient_id": ["P1", word, "P2"], "lesion_id": ["1", None, "1"], "organ": ["肺", None, "肝"], "role": ["靶", None, "靶"],
    })  # fmt: skip

    assert without_notes(raw).frame["patient_id"].to_list() == ["P1", "P2"]


@pytest.mark.parametrize("number", ["第2组", "续", "P2", "页2"])
def test_a_number_of_a_patient_is_no_page(number):
    raw = table("lesions", {
        "patient_id": ["P1", number, "P3"], "lesion_id": ["1", "2", "1"], "organ": ["肺", "肺", "肝"], "role": ["靶", "靶", "靶"],
    })  # fmt: skip

    assert number in without_notes(raw).frame["patient_id"].to_list()


def test_an_organ_that_is_answered_does_not_hide_that_the_word_is_diffuse_disease():
    words = PlaceWords({"malignanteffusion": "pleura", "xyz": "pleura"})

    place, other = words.one("Malignant effusion"), words.one("xyz")

    assert place is not None
    assert other is not None
    assert (place.organ, place.diffuse_kind) == ("pleura", "malignant_effusion")
    assert other.diffuse_kind is None


def test_a_finding_within_merged_cells_is_marked_at_the_first_of_them():
    sheet = Workbook().worksheets[0]
    sheet.merge_cells("A2:A4")

    assert anchor(sheet["A3"]).coordinate == "A2"
    assert anchor(sheet["B3"]).coordinate == "B3"


@pytest.mark.parametrize("word", ["靶病灶总和", "总和", "长径之和", "SLD", "Sum of diameters", "合计"])
def test_a_row_of_sums_or_dates_among_the_lesions_of_a_patient_is_no_lesion(word):
    raw = table("lesions", {"patient_id": ["P1"] * 3, "lesion_id": ["检查日期", "T1", word]})

    read = without_sums(raw, SOURCE)

    assert read.frame["lesion_id"].to_list() == ["T1"]
    assert [issue.value for issue in read.problems] == [word]
