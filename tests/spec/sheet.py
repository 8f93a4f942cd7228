"""A sheet of drawn patient tables: each is derived, compared with its expected columns, and kept for the rule book.

A drawing is a table of cells divided by `|`; columns that start with `->` are expected. A spec
test draws on the fixture `sheet`; `rule_book` runs the same tests to print the tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from oligoscope.clinical.irecist import best_irecist, derive_irecist
from oligoscope.clinical.patients import Derived
from oligoscope.clinical.resistance import derive_resistance
from oligoscope.clinical.target_selection import select_targets
from oligoscope.study.protocol import EndpointSettings, ProgressionSettings, ResponseSettings
from oligoscope.study.schemas import StudyTables
from spec.lesion_drawings import lesion_tables, pattern_tables
from spec.patient_tables import START, derive, study_tables

Rows = list[dict[str, str]]
JOINED = "joined"  # this scan belongs to the time point of the next row


@dataclass(frozen=True)
class Drawing:
    """One table of the rule book: its rows, the settings it was derived with, and the lines below it."""

    rows: Rows
    settings: dict[str, object] = field(default_factory=dict)
    below: dict[str, str] = field(default_factory=dict)
    one_scan: bool = False  # each row after the baseline is a separate patient
    last_scan: bool = False  # each row of the last day is


def read_drawing(text: str) -> Rows:
    """The rows of a drawn table, header by header."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    header, *rows = lines
    return [dict(zip(header, row, strict=True)) for row in rows]


@dataclass
class Sheet:
    """Where spec tests draw; `drawings` holds every table that was derived as expected."""

    drawings: list[Drawing] = field(default_factory=list)

    def selection(self, text: str) -> None:
        """Baseline lesions, one a row, to the role each should have."""
        rows = read_drawing(text)
        found = select_targets(
            pl.DataFrame([_baseline_lesion(row) for row in rows], infer_schema_length=None)
        )
        derived = dict(found.select("lesion_id", "proposed_role").iter_rows())
        self._keep(rows, [{"-> role": derived[row["lesion"]]} for row in rows])

    def scans(self, text: str, below: dict[str, str] | None = None, **settings: object) -> None:
        """One patient, a scan a row and a lesion a column (see `lesion_drawings`), to responses."""
        rows = read_drawing(text)
        tables = study_tables(**lesion_tables(rows))
        derived = derive(tables, response=ResponseSettings.model_validate(settings))
        points = [_response_cells(point) for point in derived.responses.iter_rows(named=True)]
        expected = [row for row in rows if _is_later(row) and JOINED not in row.values()]
        assert len(points) == len(expected), f"{len(points)} time points, {len(expected)} drawn"
        patient = derived.patients.row(0, named=True)
        assert {name: _word(patient[name]) for name in below or {}} == (below or {})
        self._keep(rows, points, settings, below, expected=expected)

    def one_scan(self, text: str, **settings: object) -> None:
        """As `scans`, but every row after `base` is a separate patient with that baseline."""
        rows = read_drawing(text)
        base, *patients = rows
        tables = together([lesion_tables([base, row]) for row in patients])
        derived = derive(tables, response=ResponseSettings.model_validate(settings))
        points = derived.responses.sort("patient_id").iter_rows(named=True)
        self._keep(rows, [_response_cells(point) for point in points], settings, expected=patients)
        self.drawings[-1] = replace(self.drawings[-1], one_scan=True)

    def best(self, text: str, **settings: object) -> None:
        """One patient a row, responses as "PR 56, SD 112", to the best response both ways."""
        rows = read_drawing(text)
        found = _from_responses(rows, ResponseSettings.model_validate({"source": "assessments", **settings}))
        names = {
            "-> unconfirmed": "best_response", "-> confirmed": "confirmed_response", "-> first response": "first_response_day",
            "-> first confirmed": "confirmed_first_response_day",
        }  # fmt: skip
        patients = found.patients.iter_rows(named=True)
        self._keep(
            rows, [{name: _word(p[column]) for name, column in names.items()} for p in patients], settings
        )

    def follow_up(self, text: str, cutoff: date | None = None, **settings: object) -> None:
        """One patient a row, responses and dates, to the endpoints: "140 event", "112 censored" or blank."""
        rows = read_drawing(text)
        response = ResponseSettings.model_validate({"source": "assessments"})
        study = {} if cutoff is None else {"study": {"data_cutoff": cutoff}}
        found = _from_responses(rows, response, endpoints=EndpointSettings.model_validate(settings), **study)
        patients = found.patients.iter_rows(named=True)
        shown = settings if cutoff is None else {**settings, "data_cutoff": (cutoff - START).days}
        self._keep(rows, [_endpoint_cells(patient) for patient in patients], shown)

    def course(self, text: str, **settings: object) -> None:
        """One patient, a scan a row with the days of other events on the first, to endpoints on the last."""
        rows = read_drawing(text)
        found = derive(
            study_tables(**lesion_tables(rows)), endpoints=EndpointSettings.model_validate(settings)
        )
        patient = found.patients.row(0, named=True)
        self._keep(rows, [_endpoint_cells(patient)], settings, expected=rows[-1:])

    def irecist(self, text: str, **below: str) -> None:
        """One patient, sums and states by scan, to iRECIST responses; `progressed` and `best` below."""
        rows = read_drawing(text)
        base, *later = rows
        points, patients = derive_irecist(irecist_points(base, later), 1)
        patient = patients.row(0, named=True)
        found = {"progressed": _word(patient["iprogressed_day"]), "best": _word(patient["ibest_response"])}
        assert {k: found[k] for k in below} == below
        derived = [{"-> response": word} for word in points["irecist_response"]]
        self._keep(rows, derived, below=below, expected=later)

    def irecist_last_scan(self, text: str) -> None:
        """As `irecist`, but every row of the last day is a patient of their own with the scans above."""
        rows = read_drawing(text)
        base, *later = rows
        last = later[-1]["scan"]
        before, patients = ([r for r in later if (r["scan"] == last) == own] for own in (False, True))
        derived = []
        for row in patients:
            points, _ = derive_irecist(irecist_points(base, [*before, row]), 1)
            words = points["irecist_response"].to_list()
            for drawn, word in zip(before, words[:-1], strict=True):
                self._compare(drawn, {"-> response": word})
            derived.append({"-> response": words[-1]})
        self._keep(rows, derived, expected=patients)
        self.drawings[-1] = replace(self.drawings[-1], last_scan=True)

    def irecist_best(self, text: str) -> None:
        """iRECIST responses, one patient a row, to the best of them."""
        rows = read_drawing(text)
        self._keep(rows, [{"-> best": best_irecist(row["responses"].split(", "))} for row in rows])

    def progression(self, text: str, below: dict[str, str] | None = None, **settings: object) -> None:
        """One patient, a scan a row and a lesion a column, to the pattern at the first progression."""
        rows = read_drawing(text)
        tables = study_tables(**lesion_tables(rows))
        found = derive(tables, progression=ProgressionSettings.model_validate(settings))
        patient = found.patients.row(0, named=True)
        lesions = found.lesions_at_progression.filter(pl.col("progressing"))["lesion_id"]
        patient["progressing"] = ", ".join(sorted(lesions))
        labels = {name: _word(patient[_PATTERN_NAMES.get(name, name)]) for name in below or {}}
        assert labels == (below or {})
        self._keep(rows, [], settings, below, expected=[])

    def pattern(self, text: str, **settings: object) -> None:
        """One patient a row, lesions in words (see `pattern_tables`), to pattern, counts and flags."""
        rows = read_drawing(text)
        for definition in dict.fromkeys(row.get("definition") for row in rows):
            stated = settings | ({} if definition is None else {"preset": definition})
            some = [row for row in rows if row.get("definition") == definition]
            tables = together([pattern_tables(row) for row in some])
            found = derive(tables, progression=ProgressionSettings.model_validate(stated))
            patients = found.patients.sort("patient_id").iter_rows(named=True)
            for row, patient in zip(some, patients, strict=True):
                self._compare(row, _pattern_cells(patient))
        self._keep(rows, [], settings, expected=[])

    def resistance(self, text: str) -> None:
        """One patient a row, dates and best response, to the type under each definition named by a column."""
        rows = read_drawing(text)
        patients = pl.DataFrame([_resistance_inputs(row) for row in rows], schema=_RESISTANCE_SCHEMA)
        presets = [name.removeprefix("-> ") for name in rows[0] if name.startswith("-> ")]
        found = {f"-> {name}": derive_resistance(patients, name)["resistance"] for name in presets}
        self._keep(rows, [{name: _word(types[i]) for name, types in found.items()} for i in range(len(rows))])

    def _keep(
        self,
        rows: Rows,
        derived: list[dict[str, str]],
        settings: dict[str, object] | None = None,
        below: dict[str, str] | None = None,
        expected: Rows | None = None,
    ) -> None:
        for row, found in zip(rows if expected is None else expected, derived, strict=True):
            self._compare(row, found)
        self.drawings.append(Drawing(rows, dict(settings or {}), dict(below or {})))

    @staticmethod
    def _compare(row: dict[str, str], found: dict[str, str]) -> None:
        expected = {name: cell for name, cell in row.items() if name.startswith("->")}
        assert {name: found[name] for name in expected} == expected, row


def _is_later(row: dict[str, str]) -> bool:
    return row["scan"] != "base" and int(row["scan"]) > 0


def together(patients: list[dict[str, list[dict]]]) -> StudyTables:
    """Tables of single patients "A" as one study of patients "P01", "P02", …"""
    joined: dict[str, list[dict]] = {}
    for number, tables in enumerate(patients, start=1):
        for name, rows in tables.items():
            joined.setdefault(name, []).extend(row | {"patient_id": f"P{number:02}"} for row in rows)
    return study_tables(**joined)


def _word(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _baseline_lesion(row: dict[str, str]) -> dict[str, Any]:
    def given(name: str) -> str | None:
        return row.get(name) or None

    size, slice_mm = given("mm"), given("slice")
    return {
        "patient_id": "A",
        "lesion_id": row["lesion"],
        "organ": row["organ"],
        "is_node": row["organ"] == "lymph_node",
        "size_um": None if size is None else round(float(size) * 1000),
        "slice_mm": None if slice_mm is None else float(slice_mm),
        "modality": given("modality"),
        "bone_kind": given("bone"),
        "soft_tissue": None if given("soft tissue") is None else given("soft tissue") == "yes",
        "diffuse_kind": given("diffuse"),
        "previously_irradiated": given("irradiated") == "yes",
        "progressed_since_irradiation": given("grown since") == "yes",
    }


def _response_cells(point: dict[str, Any]) -> dict[str, str]:
    names = {
        "-> overall": "overall_response", "-> target": "target_response", "-> other": "non_target_response",
        "-> sum": "sum_mm", "-> nadir": "nadir_mm", "-> cause": "cause", "-> iRECIST": "irecist_response",
    }  # fmt: skip
    cells = {name: _word(point[column]) for name, column in names.items()}
    return cells | {"-> dated": str((point["declared_on"] - START).days)}


def _from_responses(rows: Rows, response: ResponseSettings, **settings: Any) -> Derived:
    """Patients "P01", "P02", … of a table with responses in words and, where drawn, further days."""
    tables: dict[str, list[dict]] = {"patients": [], "assessments": [], "treatments": []}
    days = {"death": "died_day", "alive": "last_known_alive_day", "clinical": "clinical_progression_day"}
    days["entry"] = "entered_day"
    for number, row in enumerate(rows, start=1):
        key = {"patient_id": f"P{number:02}"}
        tables["patients"].append(key | {days[n]: int(row[n]) for n in days if row.get(n)})
        for item in filter(None, row["responses"].split(", ")):
            word, day = item.split()
            tables["assessments"].append(key | {"overall_response": word, "assessed_day": int(day)})
        if row.get("read"):
            tables.setdefault("progressions", []).append(key | {"progressed_day": int(row["read"])})
        if row.get("therapy"):
            tables["treatments"].append(key | {"line": 2, "started_day": int(row["therapy"])})
        if row.get("baseline") == "no":
            tables.setdefault("measurements", [])
        elif "baseline" in row:
            lesion = {"lesion_id": "T1", "assessed_day": -7, "diameter_mm": 50.0}
            tables.setdefault("measurements", []).append(key | lesion)
    return derive(study_tables(**tables), response=response, **settings)


def _endpoint_cells(patient: dict[str, Any]) -> dict[str, str]:
    def cell(name: str) -> str:
        days, event = patient[f"{name}_days"], patient[f"{name}_event"]
        return "" if days is None else f"{days} {'event' if event else 'censored'}"

    def entry(name: str) -> str:
        if patient[f"{name}_days"] is None:
            return ""
        found = patient.get(f"{name}_entry_days", 0)
        return "never at risk" if found is None else f"{found:g}"

    entries = {"-> PFS from": "pfs", "-> OS from": "os", "-> PPS from": "pps", "-> DOR from": "dor"}
    names = {"-> PFS": "pfs", "-> OS": "os", "-> PPS": "pps", "-> DOR": "dor", "-> iPFS": "ipfs"}
    others = {
        "-> pattern": "pattern", "-> flags": "flags", "-> unconfirmed": "best_response",
        "-> PFS after": "pfs_lower_days", "-> assessments": "n_assessments",
        "-> interval": "assessment_interval_days",
    }  # fmt: skip
    times = {column: cell(name) for column, name in names.items()}
    return (
        times
        | {column: entry(name) for column, name in entries.items()}
        | {column: _word(patient[name]).replace(";", ", ") for column, name in others.items()}
    )


IRECIST_SCHEMA = {
    "p": pl.UInt32, "k": pl.Int32, "day": pl.Int64, "target_sum_um": pl.Int64, "n_targets": pl.Int32,
    "baseline_um": pl.Int64, "target_gone": pl.Boolean, "non_target": pl.String, "non_target_grew": pl.Boolean,
    "new_target_sum_um": pl.Int64, "n_new_lesions": pl.Int64, "new_non_target_grew": pl.Boolean, "symptom": pl.Boolean,
    "target_progressed": pl.Boolean,
}  # fmt: skip
_OTHER = {"": None, "gone": "CR", "stable": "NON_CR_NON_UPD", "unequivocal": "UPD"}


def irecist_points(base: dict[str, str], later: Rows) -> pl.DataFrame:
    """What `derive_irecist` reads, from drawn rows; a growing category is marked with +."""

    def length(cell: str | None) -> int | None:
        return None if cell in {None, "", "NE", "partial PD"} else round(float(str(cell)) * 1000)

    points = []
    for k, row in enumerate(later, start=1):
        other, new = row.get("non-target", ""), row.get("new", "")
        total = length(row.get("sum"))
        points.append(
            {
                "p": 0,
                "k": k,
                "day": int(row["scan"]),
                "target_sum_um": total,
                "target_progressed": row.get("sum", "").endswith("partial PD"),
                "n_targets": 1 if base.get("sum") else 0,
                "baseline_um": length(base.get("sum")),
                "target_gone": total == 0,
                "non_target": _OTHER[other.removesuffix("+")],
                "non_target_grew": other.endswith("+"),
                "new_target_sum_um": length(row.get("new mm")),
                "n_new_lesions": int(new.removesuffix("+") or 0),
                "new_non_target_grew": new.endswith("+"),
                "symptom": row.get("symptom") == "yes",
            }
        )
    return pl.DataFrame(points, schema=IRECIST_SCHEMA)


_PATTERN_NAMES = {"lesions": "n_progressing_lesions", "organs": "progressing_organs"}


def _pattern_cells(patient: dict[str, Any]) -> dict[str, str]:
    names = {
        "-> pattern": "pattern", "-> lesions": "n_progressing_lesions", "-> organs": "n_organs", "-> flags": "flags",
        "-> failure": "failure", "-> brain": "n_progressing_intracranial", "-> outside": "n_progressing_extracranial",
    }  # fmt: skip
    return {name: _word(patient[column]).replace(";", ", ") for name, column in names.items()}


_RESISTANCE_SCHEMA = {
    "treatment_started_on": pl.Date, "progressed_on": pl.Date, "last_dose_on": pl.Date, "reported_response": pl.String,
    "progression_confirmed": pl.Boolean, "rapid_progression": pl.Boolean,
}  # fmt: skip


def _resistance_inputs(row: dict[str, str]) -> dict[str, Any]:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row.get(name) else None

    def yes_or_no(name: str) -> bool | None:
        return row[name] == "yes" if row.get(name) else None

    start = day("start")
    assert start is not None
    last = day("last dose")
    if row.get("weeks"):
        last = start + timedelta(weeks=int(row["weeks"]))
    return {
        "treatment_started_on": start,
        "progressed_on": day("progression"),
        "last_dose_on": last,
        "reported_response": row.get("best") or None,
        "progression_confirmed": yes_or_no("confirmed"),
        "rapid_progression": yes_or_no("rapid"),
    }
