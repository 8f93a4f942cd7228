"""Every setting of response, progression, resistance and endpoints changes a label of some small study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from oligoscope.checked_study import check_study
from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.protocol import (
    EndpointSettings,
    ProgressionSettings,
    Protocol,
    ResistanceSettings,
    ResponseSettings,
)
from oligoscope.study.schemas import StudyTables
from stored.golden import same_as_stored
from stored.renderings import digest

STUDY = """study: {preset: null}
data: {patients: p.csv, lesions: l.csv, measurements: m.csv, treatments: t.csv, assessments: a.csv}
response: {reader: A}
analyses: []
"""
# A patient each, named after what they are for: lesions at baseline, then what each scan shows of which lesion.
LESIONS = """
cr_then_pr    T1 lung
sd_between    T1 lung
partial       T1 lung, T2 liver
joined        T1 lung, T2 brain
dated         T1 lung, T2 brain
not_evaluated T1 lung
therapy       T1 lung
clinical      T1 lung
missed        T1 lung
nodes         T1 lung, T2 liver, +1 lymph_node@4R, +2 lymph_node@4R, +3 lymph_node@4R, +4 lymph_node@4R, +5 lymph_node@2R, +6 lymph_node@2L
brain         T1 lung, T2 liver, +1 lung, +2 lung, +3 lung, +4 lung, +5 brain, +6 brain
organs        T1 lung, T2 lung, +1 liver, +2 bone, +3 adrenal, +4 lymph_node@4R
slow          T1 lung, T2 lung, +1 liver, +2 liver, +3 liver, +4 liver, +5 liver
uncontrolled  T1 lung, T2 lung, T3 liver
acquired      T1 lung
late          T1 lung
visit         T1 lung, +1 brain
window        T1 lung, +1 liver
unscanned     T1 lung
"""
SCANS = """
cr_then_pr    0: T1 30; 56: T1 absent; 112: T1 12
sd_between    0: T1 100; 42: T1 70; 84: T1 80; 126: T1 70
partial       0: T1 20, T2 20; 42: T1 60, T2 not_evaluated
joined        0: T1 50, T2 50; 40: T1 30; 49: T2 30
dated         0: T1 50, T2 50; 40: T1 80; 49: T2 50
not_evaluated 0: T1 50; 42: T1 30; 75: T1 not_evaluated; 110: T1 not_evaluated; 145: T1 30
therapy       0: T1 50; 56: T1 50; 112: T1 80
clinical      0: T1 50; 56: T1 50; 112: T1 80
missed        0: T1 50; 42: T1 50
nodes         0: T1 50, T2 50; 56: T1 50, T2 50, +1 20, +2 20, +3 20, +4 20, +5 20, +6 20
brain         0: T1 50, T2 50; 56: T1 50, T2 50, +1 20, +2 20, +3 20, +4 20, +5 20, +6 20
organs        0: T1 50, T2 50; 56: T1 50, T2 50, +1 20, +2 20, +3 20, +4 20
slow          0: T1 30, T2 40; 42: T1 20, T2 40; 84: T1 23, T2 40; 126: T1 26, T2 40, +1 20, +2 20, +3 20, +4 20, +5 20
uncontrolled  0: T1 50, T2 50, T3 50; 56: T1 80, T2 80, T3 80
acquired      0: T1 50; 42: T1 20; 84: T1 20; 260: T1 60
late          0: T1 50; 60: T1 50; 120: T1 50; 200: T1 90
visit         0: T1 50; 40: T1 30; 45: +1 20
window        0: T1 50; 56: T1 80; 70: +1 20
"""
GIVEN, GIVEN_CR = ((56, "SD"), (112, "PD")), ((56, "CR"), (112, "PR"))


def tables_of(folder: Any) -> tuple[Protocol, StudyTables]:
    names = [line.split()[0] for line in LESIONS.strip().splitlines()]
    days = {"clinical": "80,,"}
    patients = ["patient_id,treatment_started_on,clinical_progression_day,died_day,last_known_alive_day"]
    for name in names:
        ends = (
            ",300,"
            if name in {"missed", "unscanned"}
            else f"{days[name].split(',')[0]},,400"
            if name in days
            else ",,400"
        )
        patients.append(f"{name},2020-01-01,{ends}")
    lesions = ["patient_id,lesion_id,role,organ,station,is_node"]
    for line in LESIONS.strip().splitlines():
        name, rest = line.split(maxsplit=1)
        for one in rest.split(", "):
            lesion, place = one.split()
            organ, _, station = place.partition("@")
            node = "yes" if organ == "lymph_node" else "no"
            lesions.append(
                f"{name},{lesion},{'new' if lesion[0] == '+' else 'target'},{organ},{station},{node}"
            )
    rows = ["patient_id,lesion_id,assessed_day,diameter_mm,state,certainty,reader"]
    for line in SCANS.strip().splitlines():
        name, rest = line.split(maxsplit=1)
        for scan in rest.split("; "):
            day, seen = scan.split(": ")
            for one in seen.split(", "):
                lesion, found = one.split()
                size, state = ("", found) if found.isalpha() or "_" in found else (found, "measured")
                sure = "unequivocal" if lesion[0] == "+" else ""
                rows += [f"{name},{lesion},{day},{size},{state},{sure},A"]
                rows += [f"{name},{lesion},{day},{50 if size else ''},{state},{sure},B"]
    texts = {
        "p": patients,
        "l": lesions,
        "m": rows,
        "t": [
            "patient_id,line,regimen,started_day,ended_day,progressed_day",
            *(f"{n},1,chemo_io,0,," for n in names),
            "therapy,2,chemo,70,,",
            "acquired,2,chemo,270,,300",
            "acquired,3,chemo,310,,330",
        ],
        "a": [
            "patient_id,assessed_day,overall_response,reader",
            *(
                f"{n},{day},{response},{reader}"
                for n in names
                for reader in ("A", "B")
                for day, response in (GIVEN_CR if n == "cr_then_pr" else GIVEN)
            ),
        ],
    }
    for file, lines in texts.items():
        (folder / f"{file}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    checked = check_study(folder)
    assert not checked.issues.errors, checked.issues.message("en")
    return checked.protocol, checked.tables


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> tuple[Protocol, StudyTables]:
    return tables_of(tmp_path_factory.mktemp("settings"))


# Section, setting, another value, and what else must be set for it to matter.
CASES: tuple[tuple[str, str, Any, dict[str, dict[str, Any]]], ...] = (
    ("response", "criteria", "irecist", {}),
    ("response", "source", "assessments", {}),
    ("response", "confirmation", True, {}),
    ("response", "confirmation_days", 90, {"response": {"confirmation": True}}),
    ("response", "max_ne_between", 2, {}),
    ("response", "accept_sd_between_pr", True, {"response": {"pr_continues_until_pd": False}}),
    ("response", "cr_then_pr", "reclassify_to_pr", {"response": {"source": "assessments"}}),
    ("response", "minimum_sd_days", 84, {}),
    ("response", "partial_sum_pd", False, {}),
    ("response", "pr_continues_until_pd", False, {}),
    ("response", "scan_window_days", 6, {}),
    ("response", "visit_window_days", 2, {}),
    ("response", "pd_date", "latest", {}),
    ("response", "response_date", "earliest", {}),
    ("response", "reader", "B", {}),
    *(("progression", "preset", p, {}) for p in tuple(PROGRESSION_DEFINITIONS) if p != "astro_estro5"),
    ("progression", "max_lesions", 7, {}),
    ("progression", "max_organs", 1, {}),
    ("progression", "lesion_reference", "previous", {}),
    ("progression", "node_counting", "lesion", {}),
    ("progression", "node_counting", "region", {"progression": {"max_lesions": 1}}),
    ("progression", "count_brain", False, {}),
    ("progression", "mediastinal_nodes_are_organ", True, {"progression": {"preset": "dingemans"}}),
    ("progression", "window_days", 7, {}),
    ("progression", "controlled", "majority", {}),
    ("progression", "controlled", "off", {}),
    *(("resistance", "preset", p, {}) for p in tuple(RESISTANCE_DEFINITIONS) if p != "huang2025"),
    ("endpoints", "missed_assessments", "censor", {}),
    ("endpoints", "new_therapy", "censor", {}),
    ("endpoints", "clinical_progression", "ignore", {}),
    ("endpoints", "schedule_days", 200, {"endpoints": {"missed_assessments": "censor"}}),
    ("endpoints", "death_without_baseline", "early_only", {}),
    ("endpoints", "pfs2_line", 3, {}),
)  # fmt: skip
LABELS = {"reasons", "responses", "patients"}
SHOWN = 3  # of the labels that a setting changes


@pytest.fixture(scope="module")
def derived(study) -> dict[str, tuple[Derived, Derived]]:
    """Of each case the labels before and after."""
    found: dict[str, Derived] = {}

    def once(settings: dict[str, dict[str, Any]]) -> Derived:
        if (key := str(settings)) not in found:
            found[key] = derive(study, settings)
        return found[key]

    return {
        case_name(section, name, value): (
            once(beside),
            once(beside | {section: beside.get(section, {}) | {name: value}}),
        )
        for section, name, value, beside in CASES
    }


def case_name(section: str, name: str, value: Any) -> str:
    return f"{section}.{name} = {value}"


@pytest.mark.parametrize(("section", "name", "value", "beside"), CASES)
def test_a_setting_changes_a_label(derived, section: str, name: str, value: Any, beside: dict[str, Any]):
    before, after = derived[case_name(section, name, value)]

    changed = [what for what in sorted(LABELS) if differ(getattr(before, what), getattr(after, what))]
    assert changed


def test_every_label_under_every_setting_is_the_stored_one(derived):
    """All labels under the usual settings, and of each other setting the first cells that differ, with a digest of all."""
    lines = [
        " ".join(cell) for what in sorted(LABELS) for cell in cells(next(iter(derived.values()))[0], what)
    ]
    for name, pair in derived.items():
        for what in sorted(LABELS):
            before, after = (dict.fromkeys(cells(one, what)) for one in pair)
            other = [" ".join(cell) for cell in after if cell not in before]
            lines += [f"{name}: {cell}" for cell in other[:SHOWN]]
            lines += [f"{name}: {len(other)} {what} {digest(str(other))}"] if len(other) > SHOWN else []

    same_as_stored("labels.txt", lines)


NOT_SHOWN = {
    "patient_id",
    "assessed_day",
    "label",
    "assessed_on",
    "source",
    "source_row",
    "source_rows",
    "treatment_started_on",
}


def cells(found: Derived, what: str) -> Iterator[tuple[str, str]]:
    """Where a cell is, and what it holds; blank cells are left out."""
    for row in getattr(found, what).to_dicts():
        place = " ".join(
            str(row[name]) for name in ("patient_id", "assessed_day", "label") if row.get(name) is not None
        )
        shown = {
            k: v
            for k, v in row.items()
            if v is not None and v not in {"", False} and k not in NOT_SHOWN and k[:2] != "n_"
        }
        if what == "patients":
            yield from ((place, f"{k}={v}") for k, v in shown.items())
        else:
            yield place, " ".join(f"{k}={v}" for k, v in shown.items())


def test_there_is_a_case_for_every_setting():
    models = {
        "response": ResponseSettings,
        "progression": ProgressionSettings,
        "resistance": ResistanceSettings,
        "endpoints": EndpointSettings,
    }

    settings = {(section, name) for section, model in models.items() for name in model.model_fields}

    assert {(section, name) for section, name, *_ in CASES} == settings


def derive(study: tuple[Protocol, StudyTables], settings: dict[str, dict[str, Any]]) -> Derived:
    protocol, tables = study
    sections = {
        name: getattr(protocol, name).model_copy(update=changed) for name, changed in settings.items()
    }
    return derive_patients(tables, protocol.model_copy(update=sections))


def differ(one: Any, other: Any) -> bool:
    """Whether a label is another; which reader's rows these are is not one."""
    one, other = (frame.drop("reader", "source_rows", strict=False) for frame in (one, other))
    return not one.equals(other)
