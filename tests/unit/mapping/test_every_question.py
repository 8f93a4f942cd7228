"""Every finding that is a question is asked once, can be answered by a line of mapping.yaml, and is then no finding."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from oligoscope.intake.rules import RULES
from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import content_of
from oligoscope.mapping.questions import ASKED
from oligoscope.study.protocol import LimitSettings
from unit.mapping.test_questions import LESIONS, PATIENTS, SCANS

DM = "USUBJID,DOMAIN,RFSTDTC,SEX\n1,DM,2020-01-01,M\n"
TU = "USUBJID,DOMAIN,TULNKID,TUSTRESC,TULOC\n1,TU,T1,TARGET,LUNG\n"
TR = "USUBJID,DOMAIN,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,TRDTC\n1,TR,T1,LDIAM,25,mm,2019-12-30\n1,TR,T1,XNEW,1,mm,2020-03-30\n"
KINDS = ("Lead", "Big", "Small", "Bulky", "Core", "Edge", "Inner", "Outer", "Old", "Odd")


@dataclass(frozen=True)
class Case:
    """Files with one finding, the question that it is, and an answer."""

    asked: str
    answer: str
    files: dict[str, str]
    rules: tuple[str, ...]
    quiet: tuple[str, ...] = field(
        default=()
    )  # findings that the answer settles; all of `rules` where none is named

    @property
    def settled(self) -> tuple[str, ...]:
        return self.quiet or self.rules


def scans(*sizes: str, header: str = SCANS.splitlines()[0]) -> dict[str, str]:
    rows = (f'{1 + i % 2},1,2019-12-{10 + i},"{size}"' for i, size in enumerate(sizes))
    return {"scans": "\n".join([header, *rows, ""])}


TPS = "Pt,Sex,C1D1,TPS\n1,M,2020-01-01,{}\n2,F,2020-01-01,{}\n3,F,2020-01-01,35\n"
UNITLESS = "Pt,Lesion #,Scan date,Size"
FOUR = "Pt,Sex,C1D1\n" + "".join(f"{i},M,2020-01-01\n" for i in range(1, 5))
SOME_IN_CM = (
    UNITLESS
    + "\n"
    + "".join(
        f"{patient},1,2019-12-{10 + day},{size}\n"
        for patient, sizes in ((1, (2.5, 3, 1.4)), (2, (31, 30, 22)), (3, (25, 40, 12)), (4, (18, 20, 21)))
        for day, size in enumerate(sizes)
    )
)
WIDE = "Pt,Lesion #,Scan1 size,Scan1 value,Scan1 date,Scan2 size,Scan2 value,Scan2 date\n1,1,25,9,2019-12-30,20,8,2020-03-30\n2,1,31,9,2019-12-28,30,8,2020-03-29\n"
CASES = [
    Case("measurements.wide", "Scan* size; Scan* date", {"scans": WIDE}, ("wide_unclear",)),
    Case("lesions.role", "Sort", {"lesions": LESIONS.replace("Type", "Sort")}, ("column_missing",)),
    Case("patients.sex", "Gender", {"patients": "Pt,患者性别,Gender,C1D1\n1,M,M,2020-01-01\n2,F,M,2020-01-01\n"}, ("column_ambiguous",)),
    Case("response.reader", "A", {"scans": "Pt,Lesion #,Scan date,Size (mm),Reader\n1,1,2019-12-30,25,A\n2,1,2019-12-28,31,B\n"}, ("reader_not_chosen",)),
    Case("sdtm.tests=XNEW", "new", {"dm": DM, "tu": TU, "tr": TR}, ("domain_rows_unused",)),
    Case("lesions.role.header", "Sort", {"lesions": "Pt,Lesion #,Type,Organ,Sort\n" + "".join(f"{1 + i % 2},{i},{w},Lung,T\n" for i, w in enumerate(KINDS))}, ("value_unreadable",)),
    Case("dates=scans.csv", "day_first", {"scans": SCANS.replace("2019-12-30", "03/04/2019")}, ("value_unreadable",)),
    Case("measurements.diameter_mm.units", "cm", scans("2.5", "3.1", "2.2", "1.4", header=UNITLESS), ("unit_unknown",)),
    Case("patients.sex.codes", "1=M, 2=F", {"patients": "Pt,Sex,C1D1\n1,1,2020-01-01\n2,2,2020-01-01\n"}, ("value_unreadable", "value_ignored")),
    Case("measurements.diameter_mm.units", "by_patient", {"patients": FOUR, "lesions": LESIONS, "scans": SOME_IN_CM}, ("patient_in_centimetres",)),
    Case("serials=scans.csv", "excel", {"scans": SCANS.replace("2019-12-30", "43829").replace("2019-12-28", "43827")}, ("value_unreadable",)),
    Case("patients.pd_l1_tps.units", "fraction", {"patients": TPS.format("0.6", "0.3").replace("35", "0.1")}, ("fraction_or_percent",)),
    Case("patients.pd_l1_tps.scale", "fraction", {"patients": TPS.format("60", "0.3")}, ("value_unreadable", "value_ignored")),
    Case("patients.pd_l1_tps.scale", "percent", {"patients": TPS.format("60", "0.3")}, ("value_unreadable", "value_ignored")),
    Case("measurements.decimal", "comma", scans("12,5", "30", "20,5", "17"), ("value_unreadable",)),
    Case("measurements.two_diameters", "recist", scans("12×8", "30", "20*10mm", "17"), ("value_unreadable",)),
    Case("patient_id.spelling", "same", {"scans": SCANS.replace("2,1,", "02,1,")}, ("unknown_patient",)),
    Case("lesion_id.spelling", "same", {"scans": SCANS.replace("2,1,", "2,01,")}, ("lesion_undeclared",)),
    Case("patients.sex=X", "female", {"patients": PATIENTS.replace("F,", "X,")}, ("value_unreadable", "value_ignored")),
    Case("places=Whatsit", "bone", {"lesions": LESIONS.replace("Bone", "Whatsit")}, ("place_unknown",)),
]  # fmt: skip


def drafted(folder: Path, case: Case, answers: dict[str, str]) -> Draft:
    tables = {"patients": PATIENTS, "lesions": LESIONS, "scans": SCANS} if "dm" not in case.files else {}
    for name, text in (tables | case.files).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return draft_of(content_of(folder, LimitSettings()), folder, {"study": {}}, answers)


def found(draft: Draft, rules: tuple[str, ...]) -> list[str]:
    return [issue.rule for issue in draft.issues if issue.rule in rules]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.asked}={case.answer}" for case in CASES])
def test_one_answer_settles_a_finding(tmp_path, case):
    first = drafted(tmp_path, case, {})
    then = drafted(tmp_path, case, {case.asked: case.answer})

    assert found(first, case.rules)
    assert [question.id for question in first.asked].count(case.asked) == 1
    assert len(first.asked) == 1
    assert found(then, case.settled) == []
    assert then.refused == {}
    assert then.open({case.asked: case.answer}) == ()


def test_every_kind_of_question_has_a_case():
    asked = {rule for kind in ASKED for rule in kind.rules}

    assert asked <= {rule for case in CASES for rule in case.rules}
    assert asked <= set(RULES)


@pytest.mark.parametrize(
    ("rule", "node", "other"), [("recist", 8.0, 12.0), ("longest", 12.0, 12.0), ("shortest", 8.0, 8.0)]
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_which_of_two_diameters_counts(tmp_path, rule, node, other, suffix):
    """RECIST 1.1, 3.1.2: the short axis of a node, the longest diameter of another lesion."""
    from oligoscope.intake.parquet.parquet_study import open_parquet
    from oligoscope.intake.readers import read_tables
    from oligoscope.intake.validation import validate_tables
    from oligoscope.study.protocol import Protocol

    tables = {
        "patients": {"patient_id": ["1"], "sex": ["M"], "treatment_started_on": ["2020-01-01"]},
        "lesions": {"patient_id": ["1"] * 2, "lesion_id": ["a", "b"], "role": ["target"] * 2, "organ": ["lung", "lymph node"]},
        "measurements": {"patient_id": ["1"] * 2, "lesion_id": ["a", "b"], "assessed_on": ["2019-12-30"] * 2, "diameter_mm": ["12×8", "0.8 x 1.2 cm"]},
    }  # fmt: skip
    for name, columns in tables.items():
        frame = pl.DataFrame(columns)
        file = tmp_path / f"{name}.{suffix}"
        _ = frame.write_csv(file) if suffix == "csv" else frame.write_parquet(file)
    sources = {name: {"files": [f"{name}.{suffix}"]} for name in tables}
    sources["measurements"]["two_diameters"] = rule  # type: ignore[assignment]
    protocol = Protocol.model_validate({"study": {}, "data": sources})

    if suffix == "parquet":
        read, issues, _ = open_parquet(protocol, tmp_path).read()
    else:
        read, issues = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert not issues.quarantined
    assert dict(read.measurements.select("lesion_id", "diameter_mm").rows()) == {"a": other, "b": node}
    assert read.measurements["diameter_um"].to_list() == [1000 * x for x in read.measurements["diameter_mm"]]
