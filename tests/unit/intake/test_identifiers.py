"""Direct identifiers: known by header and by form, left out and said; and what must not be taken for one."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from oligoscope.intake.identifier_forms import (
    _FORMS_IN_CELLS,
    _FORMS_OF_CELLS,
    ADDRESS,
    BIRTH_DATE,
    EMAIL,
    HOSPITAL_NUMBER,
    ID_NUMBER,
    LONGEST_QUOTED,
    NAME,
    TELEPHONE,
    Identifier,
    _Form,
    counted,
    kind_of_cells,
    kind_of_header,
    quoted,
)
from oligoscope.intake.issues import Issue

CARD = "11010519491231002X"  # the example of GB 11643-1999
CARDS = [CARD, "440524188001010014"]  # and its second one


def card(draw: random.Random) -> str:
    """A number with a region, a day and the right check digit."""
    body = f"{draw.choice((11, 33, 44, 51))}{draw.randrange(10000):04}{draw.randrange(1930, 2004)}{draw.randrange(1, 13):02}"
    body += f"{draw.randrange(1, 29):02}{draw.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


HEADERS: dict[Identifier, tuple[str, ...]] = {
    NAME: ("姓名", "患者姓名", "病人 姓名", "联系人", "name", "Patient Name", "patient_name", "PatientName", "first name",
           "Last_Name", "surname", "initials", "Pt. initials", "next of kin", "姓名拼音", "医生姓名"),
    ID_NUMBER: ("身份证号", "身份证号码", "公民身份号码", "证件号", "护照号", "ID card", "id_card_no", "National ID", "SSN",
                "Passport number", "NHS number", "identity number"),
    TELEPHONE: ("电话", "联系电话", "手机号", "家属手机", "联系方式", "phone", "Phone No.", "telephone", "Tel", "mobile number",
                "mobile_phone", "HomePhone", "contact number", "fax", "phone2", "emergency contact phone", "微信号"),
    ADDRESS: ("地址", "家庭住址", "现住址", "户口所在地", "address", "Home address", "street", "zip", "Postal code", "邮编"),
    EMAIL: ("邮箱", "电子邮件", "email", "E-mail", "e_mail", "email address"),
    HOSPITAL_NUMBER: ("住院号", "病案号", "门诊号", "医保号", "医保卡号", "MRN", "Hospital No.", "medical record number",
                      "insurance number", "chart no", "admission_id", "inpatient number"),
    BIRTH_DATE: ("DOB", "Date of birth", "出生年月", "生日"),
}  # fmt: skip
NO_HEADERS = (
    "patient_id", "sex", "smoking", "ecog", "hospital", "insurance", "insurance type", "admission", "admission date", "电话随访",
    "末次电话随访日期", "药名", "方案名称", "drug name", "study name", "regimen", "mobile", "mobility", "住院天数", "住院日期",
    "address_change_event_count", "contact", "家族史", "家属肿瘤史", "cell type", "cell count", "number", "id", "telomere", "zipper",
    "accession number", "检查号", "病理号", "lesion_id", "name of drug", "initial stage", "initial_therapy", "mailbox_n", "street_drug_use",
    "医保类型", "是否有联系方式", "ldh", "cea", "pd_l1_tps", "driver_gene", "site_id", "center", "phonation", "faxitron",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "header"), [(kind, h) for kind, headers in HEADERS.items() for h in headers]
)
def test_a_header_of_an_identifier_is_known(kind: Identifier, header: str) -> None:
    found = kind_of_header(header)

    assert found is not None, header
    assert found.name.en == kind.name.en


@pytest.mark.parametrize("header", NO_HEADERS)
def test_a_header_of_something_else_is_left_in_peace(header: str) -> None:
    found = kind_of_header(header)

    assert found is None, found and found.name.en


def test_a_column_called_name_is_a_drug_where_rows_are_no_patients() -> None:
    assert kind_of_header("name", of_patients=False) is None


FORMS: dict[str, tuple[Identifier, list[str]]] = {
    "id cards": (ID_NUMBER, CARDS),
    "an id card in a remark": (ID_NUMBER, ["stable", f"证件 {CARD}，复查", "", "good"]),
    "a card with a small x": (ID_NUMBER, [CARD.lower()]),
    "wide digits": (ID_NUMBER, ["".join(chr(ord(sign) + 0xFEE0) for sign in CARD)]),
    "cards of fifteen digits": (ID_NUMBER, ["110105491231002", "330102620504123", "440524800101001"]),
    "mobiles": (TELEPHONE, ["13812345678", "15900001111", "18657654321"]),
    "mobiles with a country": (TELEPHONE, ["+86 138 1234 5678", "+8615900001111", "186-5765-4321"]),
    "mobiles as fractions": (TELEPHONE, ["13812345678.0", "15900001111.0", "18657654321.0"]),
    "landlines": (TELEPHONE, ["0571-87654321", "(010) 62345678", "021-5234567"]),
    "abroad": (TELEPHONE, ["+1 415 555 2671", "(415) 555-2671", "+44 20 7946 0958"]),
    "a telephone in a remark": (TELEPHONE, ["no", "家属电话：13812345678", "ok"]),
    "a telephone in an English remark": (TELEPHONE, ["no", "call +44 20 7946 0958 before"]),
    "names": (NAME, ["张伟", "王秀英", "李娜", "刘洋", "欧阳明"]),
    "half hidden names": (NAME, ["张*", "王某某", "李某", "赵**", "陈○○"]),
    "addresses": (ADDRESS, ["浙江省杭州市拱墅区半山东路1号", "北京市朝阳区建国路88号3栋"]),
    "a village": (ADDRESS, ["安徽省黄山市歙县王村镇东山村12号"]),
    "a street": (ADDRESS, ["12 Baker Street", "1600 Pennsylvania Avenue"]),
    "mail": (EMAIL, ["ok", "zhang.san@example.com"]),
}  # fmt: skip
_SERIES = [f"1500000{n:04}" for n in range(40)]
NO_FORMS: dict[str, list[str]] = {
    "ages": ["61", "62.5", "70"],
    "LDH": ["138", "159", "186", "1381"],
    "platelets a litre": ["138000000000", "159000000000", "210000000000"],
    "viral load": ["13812345678", "1200", "50", "30000"],
    "copies": ["1.38e10", "2.4e9"],
    "dates": ["2020-03-04", "2021/5/6", "2020年3月4日", "20200304"],
    "times": ["2020-03-04 10:11:12", "20200304101112", "1583316672000"],
    "seconds since 1970": ["1583316672", "1583316673", "1583316999"],
    "accession numbers": _SERIES,
    "accession numbers by day": [f"202003{n:05}" for n in range(40)],
    "accession numbers of a machine": [f"13820{n:06}" for n in range(40)],
    "eighteen digits without a check digit": ["110105194912310021", "330102196205041230"],
    "eighteen digits without a day": ["110105194913310029"],
    "fifteen digits": ["110105499931002", "912345678901234", "123456789012345"],
    "UIDs": ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.13812345678.15900001111"],
    "lesions": ["T01", "T02", "NT-1", "L138-12345678"],
    "subjects": ["001-001-0001", "201-301-0001", "103-245-1234"],
    "subjects of CDISC": ["STUDY-138-12345678", "ABC123-0571-87654321"],
    "organs": ["肝", "肺", "金属植入", "黄疸", "胸膜", "白细胞", "高分化"],
    "hospitals": ["华西医院", "江苏省人民医院", "湘雅医院"] * 4,
    "cities": ["江门", "安庆", "温州", "金华", "石家庄"] * 6,
    "grades": ["高分化", "中分化", "低分化"] * 5,
    "regimens": ["卡铂+培美曲塞", "信迪利单抗"],
    "nodes": ["右肺门区、气管旁4R组", "纵隔7区淋巴结", "区域淋巴结第10组 2枚"],
    "sentences": ["市区医院路径管理 3 级", "患者于外院行2号方案化疗"],
    "mentions of follow-up": ["电话随访 2020-03-04", "telephone 2020-03-04"],
    "scores": ["12 Left Upper Lobe", "3 Patients"],
    "at": ["5 mg/kg @ day 1", "1@2"],
    "two telephone numbers by chance": ["13812345678", "15900001111"],
    "nothing": [],
}  # fmt: skip


def _cells(words: list[str]) -> pl.DataFrame:
    return counted(pl.LazyFrame({"cells": [word or None for word in words]}, schema={"cells": pl.String}))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_an_identifier_is_known(name: str) -> None:
    kind, words = FORMS[name]

    found = kind_of_cells(_cells(words))

    assert found is not None
    assert found[0].name.en == kind.name.en


@pytest.mark.parametrize("name", NO_FORMS)
def test_what_only_resembles_an_identifier_is_left_in_peace(name: str) -> None:
    assert kind_of_cells(_cells(NO_FORMS[name])) is None


def test_every_card_with_its_check_digit_is_known_and_none_with_another() -> None:
    draw = random.Random(1)
    for number in (card(draw) for _ in range(300)):
        assert kind_of_cells(_cells([number])) == (ID_NUMBER, 1)
        others = [d for d in "0123456789X" if d != number[-1]]
        assert kind_of_cells(_cells([number[:-1] + draw.choice(others)])) is None


FINDERS = [*_FORMS_IN_CELLS, *(form for form, _ in _FORMS_OF_CELLS)]


@pytest.mark.parametrize("form", FINDERS, ids=lambda form: f"{form.kind.name.en} {form.begins[:12]}")
def test_what_is_looked_for_first_is_never_too_strict(form: _Form) -> None:
    draw = random.Random(2)
    words = [word for _, given in FORMS.values() for word in given] + [card(draw) for _ in range(50)]
    within = [
        *words,
        *(
            f"{before}{word}{after}"
            for word in words
            for before in ("", "call ", "电话")
            for after in ("", ".0", " 号")
        ),
    ]
    cells = _cells(within)

    slowly = {cell: n for cell, n in cells.iter_rows() if form.holds(cell)}

    assert slowly
    assert form.cells(cells) == slowly


def test_the_number_of_cells_is_that_of_the_rows() -> None:
    assert kind_of_cells(_cells([CARD, CARD, "", CARDS[1], "none"])) == (ID_NUMBER, 3)


# ---- in a study -----------------------------------------------------------------------------------

WITH_IDENTIFIERS = """
    patient_id | treatment_started_on | 姓名   | 身份证号           | contact     | remark                | ldh
    P1         | 2020-01-10           | 张伟   | 11010519491231002X | 13812345678 | 家属电话：13812345678 | 138
    P2         | 2020-02-10           | 王秀英 | 440524188001010014 | 15900001111 | stable                | 159
    P3         | 2020-02-11           | 李娜   |                    | 18657654321 |                       | 186
"""
SECRETS = ("张伟", "王秀英", "李娜", CARD, CARDS[1], "13812345678", "15900001111", "18657654321")


def test_identifiers_are_left_out_and_said_without_a_value(check: Any) -> None:
    checked = check(patients=WITH_IDENTIFIERS)

    assert checked.found("identifier_left_out") == [
        ("patients.csv", 1, c, None) for c in ("contact", "remark", "姓名", "身份证号")
    ]
    expected = {i.column: i.expected.en for i in checked.issues if i.rule == "identifier_left_out"}
    assert expected == {
        "contact": "telephone numbers, 3 cells",
        "remark": "telephone numbers, 1 cell",
        "姓名": "names, 3 cells",
        "身份证号": "id card numbers, 2 cells",
    }
    assert "ldh" in checked.tables.patients.columns
    written = [checked.issues.message("zh"), checked.issues.message("en"), checked.issues.frame().write_csv()]
    written += [getattr(checked.tables, name).write_csv() for name in ("patients", "lesions", "measurements")]
    assert not [secret for secret in SECRETS for text in written if secret in text]


def test_what_the_study_names_is_kept_and_asked_about(check: Any) -> None:
    mapped = check(patients=WITH_IDENTIFIERS, sources={"patients": {"columns": {"reachable": "contact"}}})
    assert "reachable" in mapped.tables.patients.columns
    assert [c for _, _, c, _ in mapped.found("identifier_named")] == ["contact"]

    used = check(patients=WITH_IDENTIFIERS, settings={"matching": {"covariates": ["remark"]}})
    assert "remark" in used.tables.patients.columns
    assert [c for _, _, c, _ in used.found("identifier_named")] == ["remark"]


def test_a_patient_number_that_is_a_card_or_a_hospital_number_is_asked_about(check: Any) -> None:
    """Not where the header is one of ours: there is nothing that the study could mean by it but the patient."""
    rows = WITH_IDENTIFIERS.replace("patient_id", "住院号")
    mapped = check(patients=rows, sources={"patients": {"columns": {"patient_id": "住院号"}}})
    assert [c for _, _, c, _ in mapped.found("identifier_named")] == ["住院号"]

    rows = WITH_IDENTIFIERS.replace("P1 ", CARDS[0]).replace("P2 ", CARDS[1])
    assert [c for _, _, c, _ in check(patients=rows).found("identifier_named")] == ["patient_id"]


def test_a_cell_quoted_in_a_finding_is_masked_and_shortened() -> None:
    assert Issue(rule="value_unreadable", table="patients", value=f"no. {CARD}").value == "no. ***"
    assert quoted("13812345678") == "***"
    assert quoted("call zhang@example.com") == "call ***"
    assert quoted("家住浙江省杭州市拱墅区半山东路1号") == "***"
    assert quoted("0571-87654321 转 3") == "*** 转 3"
    for kept in (
        "4000",
        "-8",
        "2020-13-45",
        "12O",
        "1.2.840.13812345678.15900001111",
        "P0571-87654321",
        "+5",
        "40 x 30 mm",
    ):
        assert quoted(kept) == kept
    long = quoted("x" * 5000)
    assert len(long) == LONGEST_QUOTED + 1
    assert long.endswith("x…")


@pytest.mark.parametrize(
    "part", ["1", "a", "a.", "省", "省路", "杭州市", "a+.-", "a@b.", "1 Aa ", "1390000", "+1 23 ", "电话"]
)
def test_a_cell_of_any_length_is_searched_in_time_that_grows_with_its_length(part: str) -> None:
    """In time that grows with the square of it, this would take hours."""
    cell = part * 50_000 + " 123456"

    assert len(quoted(cell)) == LONGEST_QUOTED + 1
    kind_of_cells(pl.DataFrame({"cell": [cell], "n": [1]}))


@pytest.mark.parametrize(
    "secret", [CARD, "13812345678", "zhang.san@example.com", "浙江省杭州市拱墅区半山东路1号"]
)
@pytest.mark.parametrize("before", range(30, 130, 3))
def test_no_part_of_an_identifier_is_quoted_where_a_cell_is_cut(secret: str, before: int) -> None:
    for other in ("x " * 100, "y " * 20 + f"{CARD} {secret} " + "z " * 100):
        text = f"{CARD} " * 3 + other[:before] + f" {secret} " + "x " * 200
        shown = quoted(text)
        assert not [i for i in range(len(secret) - 7) if secret[i : i + 8] in shown]
