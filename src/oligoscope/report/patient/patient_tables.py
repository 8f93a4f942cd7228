"""The tables of a patient's page: labels, assessments, lesions by scan, the first progression, reasons."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import MISSING, format_number
from oligoscope.printing.table import Header, Row, Table, left, row_of, same
from oligoscope.report.patient.patient_lesions import LesionTrack, lesion_name
from oligoscope.report.patient.patient_page import PatientPage, Visit
from oligoscope.report.patient.patient_words import word
from oligoscope.report.patient.reason_words import rule_text
from oligoscope.study.dictionary.given_lesions import ROLE
from oligoscope.study.vocabulary import column_name, name_of_level

REASONS_ID = "patient-reasons"  # by this section a page of ours is known again


def tabulate_labels(page: PatientPage) -> Table:
    """What is known and derived of the patient, one row a label."""
    return Table(
        "patient_labels",
        Text("该患者的资料与推导结论", "What is known and derived of this patient"),
        left(Text("项目", "Item"), Text("取值", "Value")),
        tuple(row_of(column_name(label), value) for label, value in page.labels),
    )


def tabulate_visits(page: PatientPage) -> Table:
    """One row an assessment, baseline first."""
    visits, criteria = page.visits, page.criteria
    has_given = any(v.given for v in visits)
    heads = [
        Text("评估", "Assessment"), Text("日期", "Date"), Text("天", "Day"), Text("总和/mm", "Sum, mm"),
        Text("此前最小径/mm", "Nadir before, mm"), Text("较基线/%", "From baseline, %"), ROLE.level_name("target"),
        ROLE.level_name("non_target"), Text("新病灶", "New lesion"), Text("总体疗效", "Overall"), Text("iRECIST", "iRECIST"),
    ]  # fmt: skip
    heads += [Text("原有评效", "Given")] if has_given else []
    return Table(
        "patient_visits",
        Text(
            f"各次评估的径线总和与疗效（{criteria.zh} 与 iRECIST）",
            f"Sums and responses at each assessment ({criteria.en} and iRECIST)",
        ),
        tuple(Header(t) for t in heads),
        tuple(row_of(*_visit_words(v), *([_code(v.given)] if has_given else [])) for v in visits),
        (
            Text(
                "总和仅在全部靶病灶均评估时给出。–：不适用或未知。天数自治疗开始计算。",
                "A sum is given only where every target was evaluated. –: not applicable or not known. Days count from "
                "treatment start.",
            ),
        ),
    )


def _visit_words(visit: Visit) -> Iterator[Text]:
    yield _scan_name(visit.number)
    yield same(MISSING if visit.on is None else visit.on.isoformat())
    yield same(format_number(visit.day, 0))
    yield from (_size(visit.sum_mm), _size(visit.nadir_mm))
    yield same(format_number(visit.change_percent, 1))
    yield from (_code(visit.target), _code(visit.non_target), _yes_no(visit.new_lesion))
    yield from (_code(visit.overall), _code(visit.irecist))


def _size(mm: float | None) -> Text:
    return same(MISSING if mm is None else f"{mm:g}")


def _code(response: str | None) -> Text:
    return same(MISSING) if not response else name_of_level("best_response", response)


def _yes_no(value: bool | None) -> Text:
    return same(MISSING) if value is None else Text("有", "yes") if value else Text("无", "no")


def tabulate_lesions(page: PatientPage) -> Table:
    """One row a lesion, one column a scan."""
    heads = [Header(_scan_name(number), same(format_number(day, 0))) for number, day in page.scans]
    rows = []
    for lesion in page.lesions:
        seen = {r.number: r.text for r in lesion.readings}
        sizes = (seen.get(number, same(MISSING)) for number, _ in page.scans)
        rows.append(row_of(lesion_name(lesion), *sizes))
    return Table(
        "patient_lesions",
        Text("各病灶在各次扫描的径线（mm）或状态", "Size (mm) or state of each lesion at each scan"),
        (*left(Text("病灶", "Lesion")), *heads),
        tuple(rows),
        (
            Text(
                "列首为评估次序，其下为自治疗开始的天数；淋巴结为短径。NE：未评估；–：该次无记录。",
                "Columns: the assessment and, below it, the day from treatment start; nodes by short axis. NE: not evaluated; "
                "–: no record.",
            ),
        ),
    )


def _scan_name(number: int) -> Text:
    return Text("基线", "Baseline") if number == 0 else same(str(number))


def tabulate_progression(page: PatientPage) -> Table:
    """What each lesion did at the first progression, and its row in the data."""
    judged = [lesion for lesion in page.lesions if lesion.progressing is not None]
    return Table(
        "patient_progression",
        Text("首次进展时各病灶的判定", "Each lesion at the first progression"),
        (
            *left(Text("病灶", "Lesion")),
            Header(Text("参照/mm", "Reference, mm")),
            Header(Text("进展时/mm", "At progression, mm")),
            Header(Text("计为进展", "Counted as progressing")),
            Header(Text("数据行", "Row in the data")),
        ),
        tuple(_judged(lesion) for lesion in judged),
        (
            Text(
                "参照为该病灶此前的最小径（或上一次，依研究设定）。较参照增大至少 20% 且 5 mm，或明确进展，或明确为新病灶者计为进展。",
                "Reference: the lesion's smallest size before (or its last, as the study sets). A lesion counts if it grew by at "
                "least 20 % and 5 mm over it, progressed unequivocally or is unequivocally new.",
            ),
        ),
    )


def _judged(lesion: LesionTrack) -> Row:
    counts = Text("是", "yes") if lesion.progressing else Text("否", "no")
    if lesion.by_fallback:
        counts = Text("是（仅总和进展）", "yes (only the sum progressed)")
    row = same(MISSING if lesion.source_row is None else str(lesion.source_row))
    sizes = _size(lesion.reference_mm), _size(lesion.size_at_progression_mm)
    return row_of(lesion_name(lesion), *sizes, counts, row)


def _rows(source_rows: str | None) -> str:
    """`file.csv:12;15` with spaces, so that a long list can be broken into lines."""
    return (source_rows or MISSING).replace(":", ": ").replace(";", ", ")


def tabulate_reasons(page: PatientPage) -> Table:
    """One row a label: the rule that decided it and the rows it read."""
    rows = []
    for reason in page.reasons:
        label = column_name(reason.label)
        value = same(MISSING) if not reason.value else word(reason.value, reason.label)
        rule = same(MISSING) if not reason.rule else rule_text(reason.rule)
        rows.append(row_of(label, value, rule, same(_rows(reason.source_rows))))
    return Table(
        REASONS_ID,
        Text("每个结论、判定规则与来源行", "Each label, the rule that decided it and the rows it read"),
        left(
            Text("结论", "Label"), Text("取值", "Value"), Text("规则", "Rule"), Text("来源行", "Source rows")
        ),
        tuple(rows),
        (
            Text(
                "来源行为文件名与行号（首行为表头）。",
                "Source rows: file and row numbers, the header being row 1.",
            ),
        ),
    )
