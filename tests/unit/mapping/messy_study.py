"""A small clean study, and the same study as two hospitals keep it: a long workbook and a wide one, in Chinese."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook

START = date(2021, 1, 5)
STUDY = "study: {title: Clean, preset: huang2025, data_cutoff: 2024-12-31}\ndata: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}\n"
# Lesion: role, organ, station, primary, diffuse, cells of the scans.
COURSES: dict[str, list[tuple[str, str, str, str, str, list[Any]]]] = {
    "P1": [("target", "lung", "", "yes", "", [40, 24, 22, 35]), ("target", "lymph_node", "4R", "no", "", [20, 12, 12, 12]),
           ("non_target", "bone", "", "no", "", ["present"] * 4)],
    "P2": [("target", "lung", "", "yes", "", [30, 20, 19, 18]), ("non_target", "liver", "", "no", "", ["present", "present", "present", "unequivocal_progression"]),
           ("new", "brain", "", "no", "", ["", "", "", "present"])],
    "P3": [("target", "lung", "", "yes", "", [50, 51, 80, ""]), ("target", "liver", "", "no", "", [30, 30, 55, ""]), ("target", "adrenal", "", "no", "", [20, 20, 40, ""]),
           ("new", "bone", "", "no", "", ["", "", "present", ""]), ("new", "pleura", "", "no", "malignant_effusion", ["", "", "present", ""])],
    "P4": [("target", "lung", "", "yes", "", [25, 12, "absent", "absent"]), ("non_target", "lymph_node", "7", "no", "", ["present", "absent", "absent", "absent"])],
    "P5": [("target", "liver", "", "no", "", [33, 30, 28, 45]), ("non_target", "lung", "", "yes", "", ["present", "present", "not_evaluated", "increased"])],
    "P6": [("target", "lung", "", "yes", "", [44, 30, 25, 24]), ("target", "adrenal", "", "no", "", [22, 15, 15, 30]), ("non_target", "bone", "", "no", "", ["present"] * 4),
           ("non_target", "liver", "", "no", "", ["present"] * 4)],
    "P7": [("target", "lung", "", "yes", "", [44, 30, 25, 24]), ("non_target", "lung", "", "no", "lymphangitic", ["present", "present", "present", "unequivocal_progression"])],
}  # fmt: skip
SEX = {"P1": "male", "P2": "female", "P3": "male", "P4": "male", "P5": "female", "P6": "male", "P7": "female"}
STAGE = {"P1": "IV", "P2": "IIIC", "P3": "IVB", "P4": "IVA", "P5": "IV", "P6": "IV", "P7": "IV"}
HISTOLOGY = {
    "P1": "squamous",
    "P2": "adenocarcinoma",
    "P3": "squamous",
    "P4": "adenocarcinoma",
    "P5": "squamous",
    "P6": "adenocarcinoma",
    "P7": "squamous",
}
PD_L1 = {"P1": "<1%", "P2": ">=50%", "P3": "", "P4": "1-49%", "P5": ">=50%", "P6": "<1%", "P7": ""}
DIED = {"P1": 700, "P3": 300, "P5": 500}
SCANS = (-7, 45, 90, 140)  # days from treatment start

ZH = {
    "male": "男", "female": "女", "squamous": "鳞状细胞癌", "adenocarcinoma": "肺腺癌", "IV": "Ⅳ期", "IIIC": "ⅢC期", "IVB": "ⅣB期", "IVA": "IVA期",
    "<1%": "＜1%", ">=50%": "≥50%", "1-49%": "1-49%", "": None, "target": "靶病灶", "non_target": "非靶", "new": "新发病灶",
    "lung": "肺", "lymph_node": "淋巴结", "bone": "骨", "liver": "肝脏", "brain": "颅脑", "adrenal": "左肾上腺", "pleura": "胸膜",
    "yes": "是", "no": "否", "malignant_effusion": "恶性胸水", "lymphangitic": "癌性淋巴管炎",
    "present": "存在", "absent": "消失", "unequivocal_progression": "明确进展", "not_evaluated": "未查", "increased": "较前增大",
}  # fmt: skip


def day(patient: str, days: int) -> date:
    """A day of a patient, counted from the start of treatment."""
    return START + timedelta(days=30 * int(patient[1:]) + days)


def number(patient: str) -> str:
    """The patient's number in the hospital."""
    return f"ZY10{patient[1:]}"


def write_clean(folder: Path) -> Path:
    """The study as Oligoscope's own tables."""
    folder.mkdir()
    patients = [
        {"patient_id": number(p), "sex": SEX[p], "age_years": 60 + i, "stage": STAGE[p], "histology": HISTOLOGY[p], "ecog": i % 2, "pd_l1": PD_L1[p],
         "driver_gene": "negative", "treatment_started_on": day(p, 0), "last_known_alive_on": None if p in DIED else day(p, 800),
         "died_on": day(p, DIED[p]) if p in DIED else None}
        for i, p in enumerate(COURSES)
    ]  # fmt: skip
    lesions, measurements = [], []
    for p, own in COURSES.items():
        for i, (role, organ, station, primary, diffuse, cells) in enumerate(own, 1):
            lesions.append({"patient_id": number(p), "lesion_id": str(i), "role": role, "organ": organ, "station": station, "is_primary": primary, "diffuse_kind": diffuse})  # fmt: skip
            measurements += [
                {"patient_id": number(p), "lesion_id": str(i), "assessed_on": day(p, at),
                 "diameter_mm": cell if isinstance(cell, int) else None, "state": cell if isinstance(cell, str) else ""}
                for at, cell in zip(SCANS, cells, strict=True) if cell != ""
            ]  # fmt: skip
    treatments = [
        {"patient_id": number(p), "line": 1, "regimen": "chemo_io", "started_on": day(p, 0)} for p in COURSES
    ]
    for name, rows in (
        ("patients", patients),
        ("lesions", lesions),
        ("measurements", measurements),
        ("treatments", treatments),
    ):
        pl.DataFrame(rows, infer_schema_length=None).write_csv(folder / f"{name}.csv")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def _sheet(book: Workbook, title: str, rows: list[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)


def _patients(book: Workbook, title: str) -> None:
    rows: list[list[Any]] = [["肺癌寡进展登记表"], ["住院号", "性别", "年龄（岁）", "病理类型", "分期", "PS评分", "PD-L1（22C3）", "驱动基因", "一线治疗开始时间", "死亡时间", "末次随访时间"]]  # fmt: skip
    for i, p in enumerate(COURSES):
        died = day(p, DIED[p]) if p in DIED else None
        last = day(p, 800) if died is None else None
        start = day(p, 0)
        shown = f"{start.day:02}/{start.month:02}/{start.year}"  # which is the day?
        rows.append([number(p), ZH[SEX[p]], f"{60 + i}岁", ZH[HISTOLOGY[p]], ZH[STAGE[p]], f"{i % 2}分", ZH[PD_L1[p]] or "未测", "野生型", shown, died, last])  # fmt: skip
    _sheet(book, title, [*rows, ["合计", "7例"], ["注：年龄为治疗开始时"]])


def _treatments(book: Workbook) -> None:
    rows = [["住院号", "治疗线数", "方案", "开始时间"]]
    _sheet(book, "治疗", [*rows, *([number(p), "一线", "化疗+免疫", day(p, 0)] for p in COURSES)])


def _empty_book() -> Workbook:
    """A workbook without the sheet it is made with."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def write_long(folder: Path) -> Path:
    """A workbook with a row a scan: titles, totals, own words, a remark that holds the diffuse kinds, a sheet of others."""
    folder.mkdir()
    book = _empty_book()
    _patients(book, "患者基本信息")
    lesions: list[list[Any]] = [["住院号", "病灶编号", "靶/非靶", "器官", "淋巴结站", "是否原发", "备注"]]
    scans: list[list[Any]] = [["住院号", "病灶编号", "检查日期", "长径(mm)", "说明"]]
    for p, own in COURSES.items():
        for i, (role, organ, station, primary, diffuse, cells) in enumerate(own, 1):
            lesions.append([number(p), i, ZH[role], ZH[organ], station, ZH[primary], ZH[diffuse]])
            scans += [
                [number(p), i, day(p, at), cell if isinstance(cell, int) else None, ZH[cell] if isinstance(cell, str) else None]
                for at, cell in zip(SCANS, cells, strict=True) if cell != ""
            ]  # fmt: skip
    _sheet(book, "病灶", lesions)
    _sheet(book, "影像测量", scans)
    _treatments(book)
    _sheet(book, "耗材领用", [["日期", "品名", "数量"], [date(2021, 3, 1), "手套", 20]])
    book.save(folder / "登记表.xlsx")
    return folder


def write_wide(folder: Path) -> Path:
    """A workbook with a column for each scan and its date, and a sheet of patients whose name says nothing."""
    folder.mkdir()
    book = _empty_book()
    _patients(book, "表1")
    head = ["住院号", "病灶编号", "病灶性质", "部位", "淋巴结站", "是否原发", "备注"]
    n = range(1, len(SCANS) + 1)
    rows: list[list[Any]] = [[*head, *(f"评效{i}" for i in n), *(f"日期{i}" for i in n)]]
    for p, own in COURSES.items():
        for i, (role, organ, station, primary, diffuse, cells) in enumerate(own, 1):
            shown = [ZH[c] if isinstance(c, str) else c for c in cells]
            dates = [None if c == "" else day(p, at) for at, c in zip(SCANS, cells, strict=True)]
            rows.append(
                [number(p), i, ZH[role], ZH[organ], station, ZH[primary], ZH[diffuse], *shown, *dates]
            )
    _sheet(book, "表2", rows)
    _treatments(book)
    book.save(folder / "数据.xlsx")
    return folder
