"""One example of every setting under `data`: small files, the lines of study.yaml, and the column that shows what it does.

`print_settings.py` reads each with and without its setting and prints docs/data-settings.md from what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, ...]
ABSENT = object()

PATIENTS = """
patient_id,treatment_started_on
1,2020-01-10
2,2020-02-10
"""
LESIONS = """
patient_id,lesion_id,role,organ
1,A,target,lung
2,A,target,liver
"""
MEASUREMENTS = """
patient_id,lesion_id,assessed_on,diameter_mm
1,A,2020-01-02,50
1,A,2020-03-02,30
2,A,2020-02-01,41
2,A,2020-04-01,28
"""
# What every example has where it does not state the table itself.
AROUND = {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS}


@dataclass(frozen=True)
class Example:
    """One setting in use.

    Attributes:
        key: The setting, as `("data", "TABLE", "dates")`; TABLE is any table.
        data: What stands under `data:` of study.yaml.
        at: Where the setting is in `data`.
        shows: The table and the columns in which its effect is seen.
        files: Name and text of each file; blank lines at the ends do not count.
        sheets: Name of each workbook, its sheets and their lines.
        databases: Name of each SQLite file, its tables and their lines.
        instead: What is there in place of the setting for comparison; else it is left out.
        settings: What else the study states.
        hint: One more sentence.
    """

    key: Key
    data: str
    at: tuple[str | int, ...]
    shows: tuple[str, tuple[str, ...]]
    files: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    databases: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: Any = ABSENT
    settings: str = ""
    hint: str = ""


def _data(name: str, **rest: Any) -> Any:
    return Example(key=("data", name), at=(name,), **rest)


def _table(name: str, data: str, shows: tuple[str, tuple[str, ...]], **rest: Any) -> Example:
    at = rest.pop("at", (shows[0], name))
    return Example(key=("data", "TABLE", name), data=data, at=at, shows=shows, **rest)


def _inside(group: str, name: str, data: str, shows: tuple[str, tuple[str, ...]], **rest: Any) -> Example:
    at = (shows[0], group, name) if group == "wide" else (shows[0], group, 0, name)
    return Example(key=("data", "TABLE", group, name), data=data, at=at, shows=shows, **rest)


def _sdtm(
    name: str, lines: str, shows: tuple[str, tuple[str, ...]], files: dict[str, str], **rest: Any
) -> Example:
    data = lines if lines.startswith("sdtm") else f"sdtm: {lines}"
    changed = {**SDTM, **files}
    return Example(
        key=("data", "sdtm", name), data=data, at=("sdtm", name), shows=shows, files=changed, **rest
    )


SDTM = {
    "dm.csv": """
USUBJID,SEX,ARM,ACTARM,RFSTDTC
1,M,Drug,Drug late,2020-01-10
""",
    "tu.csv": """
USUBJID,TULNKID,TUTESTCD,TUSTRESC,TULOC,TUDTC
1,T01,TUMIDENT,TARGET,LUNG,2020-01-02
""",
    "tr.csv": """
USUBJID,TRLNKID,TRTESTCD,TRSTRESC,TRSTRESN,TRSTRESU,TRDTC
1,T01,LDIAM,50,50,mm,2020-01-02
1,T01,LDIAM,30,30,mm,2020-03-02
""",
}
_START = ("patients", ("patient_id", "treatment_started_on"))
_DIAMETERS = ("measurements", ("patient_id", "lesion_id", "assessed_on", "diameter_mm"))
_SIZES = ("measurements", ("diameter_mm",))

OF_DATA = (
    _data(
        "folder",
        data="folder: tables\npatients: enrolled.csv",
        files={"tables/enrolled.csv": PATIENTS},
        shows=("patients", ("patient_id",)),
        hint="`--data FOLDER` of a command replaces it.",
    ),
    _data(
        "patients",
        data="patients: patients.csv\nlesions: lesions.csv\nmeasurements: measurements.csv",
        files={"patients.csv": PATIENTS},
        shows=_START,
        hint="The short form of a table is the name of its file, or a list of names: `patients: [north.csv, south.csv]`.",
    ),
    _data(
        "lesions",
        data="lesions: lesions.csv",
        files={"lesions.csv": LESIONS},
        shows=("lesions", ("lesion_id", "organ")),
    ),
    _data(
        "measurements",
        data="measurements: measurements.csv",
        files={"measurements.csv": MEASUREMENTS},
        shows=_SIZES,
    ),
    _data(
        "treatments",
        data="treatments: lines.csv",
        files={"lines.csv": "patient_id,line,regimen,started_on\n1,1,化疗+免疫,2020-01-10\n2,1,chemo_io,2020-02-10\n1,2,多西他赛,2020-06-01"},
        shows=("treatments", ("patient_id", "line", "regimen")),
    ),
    _data(
        "assessments",
        data="assessments: responses.csv",
        files={"responses.csv": "patient_id,assessed_on,overall_response\n1,2020-03-02,部分缓解\n2,2020-04-01,PR"},
        shows=("assessments", ("patient_id", "overall_response")),
    ),
    _data(
        "progressions",
        data="progressions: progressions.csv",
        files={"progressions.csv": "patient_id,progressed_on,progressing_organs\n1,2020-09-01,肺、脑"},
        shows=("progressions", ("patient_id", "progressed_on", "progressing_organs")),
    ),
    _data(
        "cohort",
        data="cohort: cohort.csv",
        files={"cohort.csv": "patient_id,pattern,os_months,os_event\n1,寡进展,17.2,1\n2,广泛进展,9.5,0"},
        shows=("cohort", ("patient_id", "pattern", "os_months")),
        hint="Alone it is a study: [data.md](data.md#a-cohort-that-the-team-has-classified-already).",
    ),
    _data(
        "partial_dates",
        data="partial_dates: first\npatients: patients.csv",
        files={"patients.csv": "patient_id,treatment_started_on,died_on\n1,2020-01-10,2021-03\n2,2020-02-10,2022"},
        shows=("patients", ("died_on",)),
        hint="Without it the middle is taken.",
    ),
    _data(
        "places",
        data="places: {左胸占位: pleura, 锁上: lymph_node 1, 腹膜后: own}\nlesions: lesions.csv",
        files={"lesions.csv": "patient_id,lesion_id,role,organ\n1,A,target,左胸占位\n1,B,non_target,锁上\n2,A,target,腹膜后"},
        shows=("lesions", ("organ", "station")),
    ),
    _data(
        "database",
        data='database: "sqlite:///clinic.db"\npatients: {query: "select * from people"}',
        databases={"clinic.db": {"people": PATIENTS}},
        shows=_START,
        hint="A server: `postgresql+psycopg://reader@dbhost/clinic`. The password is never here: [data.md](data.md#a-database).",
    ),
    _data(
        "sdtm",
        data="sdtm: {}",
        files=SDTM,
        shows=("measurements", ("patient_id", "lesion_id", "diameter_mm")),
        hint="`sdtm: domains` is short for `sdtm: {folder: domains}`.",
    ),
    _data(
        "genie",
        data="genie: released",
        settings="response: {source: assessments}",
        files={
            "released/patient_level_dataset.csv": "record_id,naaccr_sex_code,last_alive_int,hybrid_death_int\nG1,Female,22400,22500",
            "released/cancer_level_dataset_index.csv": "record_id,ca_seq,dob_ca_dx_days,ca_hist_adeno_squamous,stage_dx,ca_lung_cigarette\nG1,0,22000,Squamous cell,Stage IV,Current user",
            "released/regimen_cancer_level_dataset.csv": "record_id,ca_seq,regimen_number_within_cancer,dx_reg_start_int,dx_reg_end_any_int\nG1,0,1,30,100",
            "released/imaging_level_dataset.csv": "record_id,dx_scan_days,image_overall\nG1,10,Stable/No change\nG1,80,Improving/Responding",
        },
        shows=("assessments", ("patient_id", "overall_response")),
    ),
)  # fmt: skip

OF_TABLES = (
    _table(
        "files",
        "patients: {files: [north.csv, south.csv]}",
        _START,
        files={
            "north.csv": "patient_id,treatment_started_on\n1,2020-01-10",
            "south.csv": "patient_id,treatment_started_on\n2,2020-02-10",
        },
        instead=["north.csv"],
    ),
    _table(
        "sheet",
        "patients: {files: registry.xlsx, sheet: Enrolled}",
        _START,
        sheets={"registry.xlsx": {"Enrolled": PATIENTS, "Screened": "patient_id,treatment_started_on\n1,2020-01-11\n2,2020-02-11"}},
        hint="Several: `sheet: [Enrolled, Screened]`; every sheet that has the columns of the table: `sheet: all`.",
    ),
    _table(
        "header_row",
        "patients: {files: patients.csv, header_row: 3}",
        _START,
        files={"patients.csv": "No,Start\npatient,of treatment\npatient_id,treatment_started_on\n1,2020-01-10\n2,2020-02-10"},
        instead=2,
        hint="A header of two rows: `[2, 3]`.",
    ),
    _table(
        "units_row",
        "patients: {files: patients.csv, units_row: 2}",
        ("patients", ("patient_id", "age_years")),
        files={"patients.csv": "patient_id,treatment_started_on,age_years\n(No.),(day),(in years)\n1,2020-01-10,61\n2,2020-02-10,70"},
    ),
    _table(
        "ignored_rows",
        "patients: {files: patients.csv, ignored_rows: [2, 4]}",
        ("patients", ("patient_id",)),
        files={"patients.csv": "patient_id,treatment_started_on\nP0,2020-01-01\n1,2020-01-10\ntest,2020-01-01\n2,2020-02-10"},
    ),
    _table(
        "last_row",
        "patients: {files: patients.csv, last_row: 3}",
        ("patients", ("patient_id",)),
        files={"patients.csv": "patient_id,treatment_started_on\n1,2020-01-10\n2,2020-02-10\n7,2020-03-01\n8,2020-03-02"},
    ),
    _table(
        "columns",
        "patients: {files: patients.csv, columns: {treatment_started_on: [First infusion, Planned]}}",
        _START,
        files={"patients.csv": "patient_id,First infusion,Planned\n1,2020-01-10,2020-01-08\n2,,2020-02-10"},
        hint="One column: `{treatment_started_on: First infusion}`.",
    ),
    _table(
        "levels",
        'patients: {files: patients.csv, levels: {sex: {male: ["1"], female: ["2"]}, smoking: {ever: ["*"], "": [refused]}}}',
        ("patients", ("sex", "smoking")),
        files={"patients.csv": "patient_id,treatment_started_on,sex,smoking\n1,2020-01-10,1,20 pack-years\n2,2020-02-10,2,refused"},
    ),
    _table(
        "where",
        "patients: {files: patients.csv, where: {Centre: [North, South]}}",
        ("patients", ("patient_id",)),
        files={"patients.csv": "patient_id,treatment_started_on,Centre\n1,2020-01-10,North\n2,2020-02-10,South\n3,2020-02-20,Other trial"},
    ),
    _table(
        "missing",
        'patients: {files: patients.csv, missing: [pending, "999"]}',
        ("patients", ("sex", "age_years")),
        files={"patients.csv": "patient_id,treatment_started_on,sex,age_years\n1,2020-01-10,pending,61\n2,2020-02-10,male,999"},
    ),
    _table(
        "units",
        "patients: {files: patients.csv, units: {pd_l1_tps: fraction}}",
        ("patients", ("pd_l1_tps", "pd_l1")),
        files={"patients.csv": "patient_id,treatment_started_on,pd_l1_tps\n1,2020-01-10,0.6\n2,2020-02-10,0.02"},
        hint="Lengths: `{diameter_mm: cm}`.",
    ),
    _table(
        "dates",
        "patients: {files: patients.csv, dates: {treatment_started_on: day_first}}",
        _START,
        files={"patients.csv": "patient_id,treatment_started_on\n1,10/01/2020\n2,10/02/2020"},
    ),
    _table(
        "partial_dates",
        "patients: {files: patients.csv, partial_dates: {died_on: last}}",
        ("patients", ("died_on",)),
        files={"patients.csv": "patient_id,treatment_started_on,died_on\n1,2020-01-10,2021-03\n2,2020-02-10,2022"},
    ),
    _table(
        "two_diameters",
        "measurements: {files: sizes.csv, two_diameters: longest}",
        _SIZES,
        files={
            "sizes.csv": "patient_id,lesion_id,assessed_on,diameter_mm\n1,A,2020-01-02,50×30\n2,A,2020-02-01,41×28"
        },
    ),
    _table(
        "decimal",
        "measurements: {files: sizes.csv, decimal: comma}",
        _SIZES,
        files={"sizes.csv": 'patient_id,lesion_id,assessed_on,diameter_mm\n1,A,2020-01-02,"50,5"\n2,A,2020-02-01,"41,2"'},
    ),
    _table(
        "encoding",
        "patients: {files: patients.csv, encoding: cp1250, columns: {city: Miasto}}",
        ("patients", ("city",)),
        files={"patients.csv": "patient_id,treatment_started_on,Miasto\n1,2020-01-10,Łódź\n2,2020-02-10,Gdańsk"},
        hint="The file of this example is in Windows-1250.",
    ),
    _table(
        "constants",
        "treatments: {files: lines.csv, constants: {line: 2}}",
        ("treatments", ("patient_id", "line")),
        files={"lines.csv": "patient_id,regimen,started_on\n1,chemo,2020-06-01"},
    ),
    _table(
        "query",
        'database: "sqlite:///clinic.db"\npatients: {query: "select * from people where arm = \'IO\'"}',
        ("patients", ("patient_id",)),
        databases={"clinic.db": {"people": "patient_id,treatment_started_on,arm\n1,2020-01-10,IO\n2,2020-02-10,IO\n3,2020-02-20,chemo"}},
        instead="select * from people",
    ),
    _table(
        "database",
        'database: "sqlite:///clinic.db"\npatients: {query: "select * from people", database: "sqlite:///archive.db"}',
        _START,
        databases={
            "clinic.db": {"people": "patient_id,treatment_started_on\n1,2020-01-11\n2,2020-02-11"},
            "archive.db": {"people": PATIENTS},
        },
        hint="For a table that is in another database than `data.database`.",
    ),
    _table(
        "dictionary",
        "patients: {files: records.csv, dictionary: dictionary.csv, columns: {patient_id: record_id, sex: gender}}",
        ("patients", ("patient_id", "sex")),
        files={
            "records.csv": "record_id,gender,treatment_started_on\n1,7,2020-01-10\n2,8,2020-02-10",
            "dictionary.csv": 'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"\n'
            'record_id,demo,text,Record ID,\ngender,demo,radio,Gender,"7, Male | 8, Female"\ntreatment_started_on,demo,text,Start,',
        },
    ),
    _table(
        "wide",
        "measurements: {files: sizes.csv, wide: {value: [CT*], date: [day*]}}",
        _DIAMETERS,
        files={"sizes.csv": "patient_id,lesion_id,CTa,CTb,daya,dayb\n1,A,50,30,2020-01-02,2020-03-02\n2,A,41,28,2020-02-01,2020-04-01"},
    ),
    _table(
        "join",
        "patients: {files: patients.csv, join: {file: laboratory.csv, key: No, columns: {ldh: LDH}}}",
        ("patients", ("patient_id", "ldh")),
        files={"patients.csv": PATIENTS, "laboratory.csv": "No,LDH\n1,210\n2,345"},
        hint="Several files: a list of such groups.",
    ),
)  # fmt: skip

_WIDE = "patient_id,lesion_id,CTa,CTb,daya,dayb,bya,byb\n1,A,50,30,2020-01-02,2020-03-02,CT,MRI\n2,A,41,28,2020-02-01,2020-04-01,CT,CT"
OF_WIDE = (
    _inside(
        "wide",
        "value",
        "measurements: {files: sizes.csv, wide: {value: [CT*, MR*], date: [day*]}}",
        _DIAMETERS,
        files={"sizes.csv": "patient_id,lesion_id,CTa,MRb,daya,dayb\n1,A,50,30,2020-01-02,2020-03-02\n2,A,41,28,2020-02-01,2020-04-01"},
    ),
    _inside(
        "wide",
        "date",
        "measurements: {files: sizes.csv, wide: {value: [CT*], date: [day*]}}",
        _DIAMETERS,
        files={"sizes.csv": _WIDE},
    ),
    _inside(
        "wide",
        "dates_in",
        'measurements: {files: sizes.csv, wide: {value: ["CT *"], dates_in: header}}',
        _DIAMETERS,
        files={"sizes.csv": "patient_id,lesion_id,CT 2020-01-02,CT 2020-03-02\n1,A,50,30"},
        hint="In a row of the sheet: `dates_in: 1`.",
    ),
    _inside(
        "wide",
        "columns",
        "measurements: {files: sizes.csv, wide: {value: [CT*], date: [day*], columns: {modality: by*}}}",
        ("measurements", ("diameter_mm", "modality")),
        files={"sizes.csv": _WIDE},
    ),
)  # fmt: skip

_LAB = {"patients.csv": PATIENTS, "laboratory.csv": "No,LDH,Visit\n1,210,base\n2,345,base\n1,500,week 6"}
OF_JOIN = (
    _inside(
        "join",
        "file",
        "patients: {files: patients.csv, join: {file: laboratory.csv, key: No, columns: {ldh: LDH}, where: {Visit: base}}}",
        ("patients", ("ldh",)),
        files={**_LAB, "second.csv": "No,LDH,Visit\n1,199,base\n2,301,base"},
        instead="second.csv",
    ),
    _inside(
        "join",
        "key",
        "patients: {files: patients.csv, join: {file: laboratory.csv, key: Trial No, columns: {ldh: LDH}}}",
        ("patients", ("ldh",)),
        files={"patients.csv": PATIENTS, "laboratory.csv": "No,Trial No,LDH\n1,2,345\n2,1,210"},
        instead="No",
    ),
    _inside(
        "join",
        "sheet",
        "patients: {files: patients.csv, join: {file: laboratory.xlsx, sheet: LDH start, key: No, columns: {ldh: LDH}}}",
        ("patients", ("ldh",)),
        files={"patients.csv": PATIENTS},
        sheets={"laboratory.xlsx": {"LDH week 6": "No,LDH\n1,500\n2,600", "LDH start": "No,LDH\n1,210\n2,345"}},
    ),
    _inside(
        "join",
        "columns",
        "patients: {files: patients.csv, join: {file: laboratory.csv, key: No, columns: {ldh: LDH}, where: {Visit: base}}}",
        ("patients", ("ldh",)),
        files=_LAB,
    ),
    _inside(
        "join",
        "where",
        "patients: {files: patients.csv, join: {file: laboratory.csv, key: No, columns: {ldh: LDH}, where: {Visit: base}}}",
        ("patients", ("ldh",)),
        files=_LAB,
    ),
)  # fmt: skip

_EX = {
    "ex.csv": "USUBJID,EXTRT,EXSTDTC,EXENDTC\n1,DRUG,2020-01-11,2020-05-01\n1,PLACEBO,2020-01-12,2020-08-01"
}
_SIZE = ("measurements", ("diameter_mm",))
OF_SDTM = (
    _sdtm("folder", "{folder: domains}", _SIZE, {}),
    _sdtm("files", "{files: {tu: tu_onco.csv}}", ("lesions", ("lesion_id", "organ")), {}),
    _sdtm("start", "{start: first_dose}", ("patients", ("treatment_started_on",)), _EX),
    _sdtm("treatment", "{treatment: [DRUG]}", ("patients", ("last_dose_on",)), _EX),
    _sdtm(
        "partial_dates",
        "{partial_dates: last}",
        ("patients", ("died_on",)),
        {"dm.csv": "USUBJID,SEX,RFSTDTC,DTHDTC\n1,M,2020-01-10,2021-03"},
    ),
    _sdtm(
        "tests",
        "{tests: {longest: [MAXDIA]}}",
        _SIZE,
        {"tr.csv": SDTM["tr.csv"].replace("LDIAM", "MAXDIA")},
    ),
    _sdtm(
        "where",
        "{where: {tr: {TRMETHOD: [CT SCAN]}}}",
        ("measurements", ("assessed_on", "diameter_mm")),
        {
            "tr.csv": "USUBJID,TRLNKID,TRTESTCD,TRSTRESC,TRSTRESN,TRSTRESU,TRMETHOD,TRDTC\n1,T01,LDIAM,50,50,mm,CT SCAN,2020-01-02\n"
            "1,T01,LDIAM,52,52,mm,PHOTOGRAPHY,2020-01-04"
        },
    ),
    _sdtm(
        "missing",
        '{missing: ["."]}',
        ("patients", ("sex", "died_on")),
        {"dm.csv": "USUBJID,SEX,RFSTDTC,DTHDTC\n1,M,2020-01-10,."},
    ),
    _sdtm(
        "encoding",
        "{encoding: cp1250, columns: {city: CITY}}",
        ("patients", ("city",)),
        {"dm.csv": "USUBJID,SEX,RFSTDTC,CITY\n1,M,2020-01-10,Łódź"},
        hint="The file dm.csv of this example is in Windows-1250.",
    ),
    _sdtm("columns", "{columns: {arm: ACTARM}}", ("patients", ("arm",)), {}),
    _sdtm(
        "levels",
        "{levels: {organ: {lung: [CHEST]}}}",
        ("lesions", ("organ",)),
        {"tu.csv": SDTM["tu.csv"].replace("LUNG", "CHEST")},
    ),
    _sdtm(
        "join",
        "{join: {file: qs.csv, key: USUBJID, columns: {ecog: QSSTRESN}, where: {QSTESTCD: [ECOG101]}}}",
        ("patients", ("ecog",)),
        {"qs.csv": "USUBJID,QSTESTCD,QSSTRESN\n1,ECOG101,1\n1,OTHER,5"},
    ),
)
CENTRAL_EUROPEAN = frozenset(
    {("data", "TABLE", "encoding"), ("data", "sdtm", "encoding")}
)  # examples in Windows-1250
EXAMPLES = (*OF_DATA, *OF_TABLES, *OF_WIDE, *OF_JOIN, *OF_SDTM)
