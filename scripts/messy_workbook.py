"""A made workbook as a hospital keeps it, for docs/worked-example.md: `python scripts/messy_workbook.py FOLDER [--lang zh] [--corrected]`.

The patients are those of the synthetic cohort; no patient is real. In English a row a scan, in Chinese a column a scan.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from oligoscope.demo.cohort import make_cohort

SEED, PROGRESSED = 7, 60
NAME = {"en": "registry.xlsx", "zh": "登记表.xlsx"}
Row = dict[str, Any]

EN = {
    "male": "M", "female": "F", "ever": "Y", "never": "N", "squamous": "SCC", "adenocarcinoma": "Adeno", "negative": "WT", "positive": "mutant",
    "unknown": "not tested", "<1%": "<1%", "1-49%": "1-49%", ">=50%": "≥50%", "target": "T", "non_target": "NT", "new": "New",
    "lung": "lung", "adrenal": "adrenal gland", "liver": "Liver", "pleura": "pleura", "bone": "bone mets", "brain": "brain",
    "yes": "Y", "no": "N", "malignant_effusion": "malignant effusion", "innumerable": "innumerable",
    "too_small": "too small", "not_evaluated": "not done", "present": "present", "increased": "increased", "absent": "gone",
    "unequivocal_progression": "PD", "unequivocal": "definite", "equivocal": "equivocal", "chemo_io": "chemo + IO",
    "chemo_io_antiangiogenic": "chemo + IO + bev", "chemo": "chemo", "io": "IO", "targeted": "TKI", "other": "other", "radiotherapy": "RT",
    "surgery": "Surgery", "ablation": "RFA", "progression": "PD", "lymph_node": "LN",
}  # fmt: skip
ZH = {
    "male": "男", "female": "女", "ever": "有", "never": "无", "squamous": "鳞状细胞癌", "adenocarcinoma": "肺腺癌", "negative": "野生型",
    "positive": "突变", "unknown": "未检测", "<1%": "＜1%", "1-49%": "1%~49%", ">=50%": "≥50%", "target": "靶病灶", "non_target": "非靶",
    "new": "新发", "lung": "肺", "adrenal": "肾上腺", "liver": "肝脏", "pleura": "胸膜", "bone": "骨转移", "brain": "颅脑", "yes": "是", "no": "否",
    "malignant_effusion": "恶性胸水", "innumerable": "多发", "too_small": "过小", "not_evaluated": "未查",
    "present": "存在", "increased": "增大", "absent": "消失", "unequivocal_progression": "明确进展", "unequivocal": "明确", "equivocal": "可疑",
    "chemo_io": "化疗+免疫", "chemo_io_antiangiogenic": "化疗+免疫+贝伐珠单抗", "chemo": "化疗", "io": "免疫单药", "targeted": "靶向治疗",
    "other": "其他", "radiotherapy": "放疗", "surgery": "手术", "ablation": "射频消融", "progression": "进展", "lymph_node": "淋巴结",
}  # fmt: skip
WORDS = {"en": EN, "zh": ZH}
HEADS = {
    "patients": {
        "en": ["Pt ID", "Gender", "Age", "Smoker", "PS", "Histo", "Stage", "PD-L1", "Driver gene", "C1D1", "Last dose", "Date of death", "Last FU"],
        "zh": ["住院号", "性别", "年龄（岁）", "吸烟史", "PS评分", "病理类型", "分期", "PD-L1（22C3）", "驱动基因", "首次用药时间", "末次用药时间", "死亡时间", "末次随访时间"],
    },
    "lesions": {
        "en": ["Pt ID", "Lesion No", "T/NT/New", "Site", "Primary", "Comment"],
        "zh": ["住院号", "病灶编号", "靶/非靶", "部位", "是否原发", "备注"],
    },
    "treatments": {
        "en": ["Pt ID", "Line", "Regimen", "Start", "End", "PD date", "Reason", "Local", "Site"],
        "zh": ["住院号", "治疗线数", "方案", "开始时间", "结束时间", "进展时间", "停药原因", "局部治疗", "照射部位"],
    },
}  # fmt: skip
UNITS = {"en": ["", "M/F", "years", "Y/N", "0-4", "", "", "%", "", "dd/mm/yyyy"], "zh": []}
TITLE = {"en": "Registry of patients on first-line immunotherapy", "zh": "一线免疫治疗登记表"}
TITLES = {
    "en": {
        "patients": "Demographics",
        "lesions": "Lesions",
        "scans": "Scans",
        "treatments": "Tx",
        "other": "Supplies",
    },
    "zh": {
        "patients": "患者基本信息",
        "lesions": "病灶",
        "scans": "",
        "treatments": "治疗",
        "other": "耗材领用",
    },
}
ODD_SITE = {"en": "left chest", "zh": "左胸占位"}
STAGE = {"en": "Stage {}", "zh": "{}期"}


def main() -> None:
    """Write the workbook that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--corrected", action="store_true", help="with the two wrong cells corrected")
    arguments = parser.parse_args()
    print(write_workbook(arguments.folder, arguments.lang, corrected=arguments.corrected))


def write_workbook(folder: Path, language: str, *, corrected: bool = False) -> Path:
    """The workbook; two cells are wrong until they are corrected."""
    tables = {name: table.to_dicts() for name, table in make_cohort(SEED, PROGRESSED).tables.items()}
    odd = next(row for row in tables["lesions"] if row["organ"] == "pleura")
    for row in tables["lesions"]:
        row["is_odd"] = row is odd
    if not corrected:
        _spoil(tables)
    book = Workbook()
    book.remove(book.worksheets[0])
    titles = TITLES[language]
    _patients(book.create_sheet(titles["patients"]), tables["patients"], language)
    (_lesions_and_scans if language == "en" else _wide)(book, tables, language)
    _treatments(book.create_sheet(titles["treatments"]), tables["treatments"], language)
    other = book.create_sheet(titles["other"])
    for row in (["Date", "Item", "Number"], [date(2021, 3, 1), "gloves", 20]):
        other.append(row)
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / NAME[language])
    return folder / NAME[language]


def _spoil(tables: dict[str, list[Row]]) -> None:
    """A death dated before the treatment, and a size with a digit too many."""
    died = next(
        row for row in tables["patients"] if row["died_on"] and row["treatment_started_on"].year == 2020
    )
    died["died_on"] = died["died_on"].replace(year=2002)
    own = next(rows for rows in _scans_of_lesions(tables, but=died["patient_id"]) if _is_steady(rows))
    own[2]["diameter_mm"] *= 10


def _scans_of_lesions(tables: dict[str, list[Row]], *, but: str) -> list[list[Row]]:
    """The scans of each lesion in turn, without those of one patient."""
    scans: dict[tuple[str, str], list[Row]] = {}
    for row in tables["measurements"]:
        if row["patient_id"] != but:
            scans.setdefault((row["patient_id"], row["lesion_id"]), []).append(row)
    return list(scans.values())


def _is_steady(rows: list[Row]) -> bool:
    """Whether a lesion has much the same size at the first scan and at three later ones or more.

    Of 20 to 40 mm: ten times as much is still a size that a tumour can have.
    """
    sizes = [row["diameter_mm"] or 0 for row in rows]
    return len(rows) > 3 and 20 <= min(sizes) and max(sizes) <= min(40, 1.25 * min(sizes))


def _shown(day: date | None) -> str | None:
    return None if day is None else f"{day:%d/%m/%Y}"


def _patients(sheet: Worksheet, rows: list[Row], language: str) -> None:
    w, head = WORDS[language], HEADS["patients"][language]
    sheet.append([TITLE[language]])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(head))
    sheet.append([])
    sheet.append(head)
    if UNITS[language]:
        sheet.append(UNITS[language])
    for row in rows:
        pd_l1 = w[row["pd_l1"]] if row["pd_l1"] else {"en": "ND", "zh": "未查"}[language]
        start = row["treatment_started_on"]
        sheet.append([
            row["patient_id"], w[row["sex"]], row["age_years"] if language == "en" else f"{row['age_years']}岁", w[row["smoking"]],
            row["ecog"] if language == "en" else f"{row['ecog']}分", w[row["histology"]], STAGE[language].format(row["stage"]), pd_l1,
            w[row["driver_gene"]], _shown(start) if language == "en" else f"{start.year}年{start.month}月{start.day}日",
            row["last_dose_on"], row["died_on"], row["last_known_alive_on"],
        ])  # fmt: skip
    sheet.append([{"en": "Total", "zh": "合计"}[language], len(rows)])


def _site(row: Row, language: str) -> str:
    if row["organ"] == "lymph_node":
        return f"LN station {row['station']}" if language == "en" else f"{row['station']}组淋巴结"
    if row["is_odd"]:
        return ODD_SITE[language]
    return WORDS[language][row["organ"]]


def _lesion(row: Row, language: str) -> list[Any]:
    w = WORDS[language]
    diffuse = w[row["diffuse_kind"]] if row["diffuse_kind"] else None
    return [
        row["patient_id"],
        row["lesion_id"],
        w[row["role"]],
        _site(row, language),
        w[row["is_primary"]],
        diffuse,
    ]


def _state(row: Row, language: str) -> str | None:
    return None if row["state"] == "measured" else WORDS[language][row["state"]]


def _lesions_and_scans(book: Workbook, tables: dict[str, list[Row]], language: str) -> None:
    lesions = book.create_sheet(TITLES[language]["lesions"])
    lesions.append(HEADS["lesions"][language])
    first: dict[str, int] = {}
    for number, row in enumerate(tables["lesions"], 2):
        again = first.setdefault(row["patient_id"], number) != number
        lesions.append([None if again else row["patient_id"], *_lesion(row, language)[1:]])
    _merge(lesions, [row["patient_id"] for row in tables["lesions"]])
    scans = book.create_sheet(TITLES[language]["scans"])
    scans.append(["Pt ID", "Lesion No", "Scan date", "Size (mm)", "Certain", "Comment"])
    for row in tables["measurements"]:
        certain = WORDS[language][row["certainty"]] if row["certainty"] else None
        size = None if row["diameter_mm"] is None else f"{row['diameter_mm']:g}mm"
        shown = f"{row['assessed_on']:%d-%b-%Y}"
        scans.append([row["patient_id"], row["lesion_id"], shown, size, certain, _state(row, language)])


def _merge(sheet: Worksheet, patients: list[str]) -> None:
    """One cell of the patient's number over all of the patient's lesions."""
    begin = 0
    for at in range(1, len(patients) + 1):
        if at == len(patients) or patients[at] != patients[begin]:
            if at - begin > 1:
                sheet.merge_cells(start_row=begin + 2, end_row=at + 1, start_column=1, end_column=1)
            begin = at


def _wide(book: Workbook, tables: dict[str, list[Row]], language: str) -> None:
    cells: dict[tuple[str, str], list[Row]] = {}
    for row in tables["measurements"]:
        cells.setdefault((row["patient_id"], row["lesion_id"]), []).append(row)
    most = max(len(found) for found in cells.values())
    sheet = book.create_sheet(TITLES[language]["lesions"])
    numbers = range(1, most + 1)
    sheet.append(
        [*HEADS["lesions"][language], *(name.format(i) for i in numbers for name in ("评效{}", "日期{}"))]
    )
    for lesion in tables["lesions"]:
        line = _lesion(lesion, language)
        for row in cells.get((lesion["patient_id"], lesion["lesion_id"]), ()):
            size = row["diameter_mm"] if row["diameter_mm"] is not None else _state(row, language)
            line += [size, row["assessed_on"]]
        sheet.append(line)


def _treatments(sheet: Worksheet, rows: list[Row], language: str) -> None:
    w = WORDS[language]
    sheet.append(HEADS["treatments"][language])
    for row in rows:
        line = {"en": "{}L", "zh": "{}线"}[language].format(row["line"]) if row["line"] else None
        words = [
            w[row[name]] if row[name] else None for name in ("regimen", "stop_reason", "modality", "organ")
        ]
        days = [row[name] for name in ("started_on", "ended_on", "progressed_on")]
        sheet.append([row["patient_id"], line, words[0], *days, *words[1:]])


if __name__ == "__main__":
    main()
