"""Series, given values and patients that are possible and hardly true: each beside neighbours just within the limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.demo.cohort import make_cohort
from oligoscope.intake.issues import Issues
from oligoscope.intake.plausibility_rules import PLAUSIBILITY
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol

START = date(2020, 1, 1)
RULES = {rule.id for rule in PLAUSIBILITY} | {"small_target"}
Rows = list[dict[str, Any]]


@dataclass
class Case:
    """One patient: lesions as `L1: -7:30 42:31:mri 84:absent` by role, and what else is given."""

    rules: set[str]
    targets: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    node: bool = False
    given: tuple[tuple[int, str, float | None], ...] = ()
    best: str | None = None
    lines: tuple[tuple[int, int], ...] = ()
    patient: Mapping[str, Any] = field(default_factory=dict)


def only(*rules: str, series: str, other: str = "", **more: Any) -> Case:
    """A patient with one target, or two."""
    return Case(set(rules), {"L1": series} | ({"L2": other} if other else {}), **more)


def tables_of(cases: Iterable[Case]) -> dict[str, pl.DataFrame]:
    """Every case as a patient of one study."""
    rows: dict[str, Rows] = {
        n: [] for n in ("patients", "lesions", "measurements", "treatments", "assessments", "progressions")
    }
    for number, case in enumerate(cases, 1):
        own = {"patient_id": f"P{number:03}"}
        rows["patients"].append({**own, "treatment_started_on": START, **case.patient})
        for role, lesions in (("target", case.targets), ("non_target", case.others), ("new", case.new)):
            for name, series in lesions.items():
                rows["lesions"].append(
                    {**own, "lesion_id": name, "role": role, "organ": "lung", "is_node": case.node}
                )
                rows["measurements"] += [{**own, "lesion_id": name, **_scan(scan)} for scan in series.split()]
        rows["assessments"] += [
            {**own, "assessed_on": START + timedelta(d), "overall_response": word, "sum_mm": total}
            for d, word, total in case.given
        ]
        rows["treatments"] += [
            {**own, "line": n, "regimen": "chemo", "started_on": START + timedelta(d)} for n, d in case.lines
        ]
        rows["progressions"] += [{**own, "best_response": case.best}] if case.best else []
    return {n: pl.DataFrame(found, infer_schema_length=None) for n, found in rows.items() if found}


def _scan(text: str) -> dict[str, Any]:
    day, value, *modality = text.split(":")
    number = value.replace(".", "").isdigit()
    return {
        "assessed_on": START + timedelta(int(day)),
        "diameter_mm": float(value) if number else None,
        "state": None if number else value,
        "modality": modality[0] if modality else None,
    }


def checked(tables: dict[str, pl.DataFrame], folder: Path, **settings: Any) -> Issues:
    for name, frame in tables.items():
        frame.write_csv(folder / f"{name}.csv")
    data = {name: {"files": (f"{name}.csv",)} for name in tables}
    protocol = Protocol.model_validate({"study": {}, "data": data, **settings})
    return validate_tables(read_tables(protocol, folder), protocol)[1]


def by_patient(issues: Issues) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for issue in issues:
        if issue.rule in RULES and issue.patient_id:
            found.setdefault(issue.patient_id, set()).add(issue.rule)
    return found


STEADY = "-7:30 42:31 84:29 126:30"
CASES = [
    only(series=STEADY),
    # ten times, or a tenth, of both neighbours; of the first and last, of two
    only("size_tenfold", series="-7:30 42:3.1 84:30 126:31"),
    only("size_tenfold", series="-7:30 42:31 84:300 126:31"),
    only("size_tenfold", "small_target", series="-7:3.0 42:30 84:31"),
    only("size_tenfold", series="-7:31 42:30 84:3.1"),
    only("size_tenfold", series="-7:31 42:30 84:310"),
    only("size_tenfold", series="-7:100 42:8 84:100"),  # a ratio of 12.5
    only("size_tenfold", series="-7:80 42:10 84:80"),  # and of 8
    only(series="-7:60 42:8 84:60 126:30"),  # of 7.5
    only(series="-7:101 42:8 84:60"),
    only(series="-7:31 42:30 84:3"),  # a whole number: a deep response
    only(series="-7:60 42:30 84:3.1"),
    # twice, and back
    only("size_spike", series="-7:20 42:40 84:20"),
    only("size_spike", series="-7:20 42:48 84:24"),
    only(series="-7:20 42:39 84:20"),
    only(series="-7:20 42:50 84:25"),  # the neighbours differ by a quarter
    only(series="-7:10 42:19 84:10"),
    only("size_spike", series="-7:40 42:40 84:20 126:40 168:41"),
    only(series="-7:40 42:20 84:40"),  # it may have shrunk and grown
    only(series="-7:70 42:40 84:20 126:40 168:41"),
    # growth
    only("growth_implausible", series="-7:10 42:20 63:60"),
    only("growth_implausible", series="-7:20 15:60"),  # 22 days: 4.6
    only(series="-7:20 18:60"),  # 25 days: 5.3
    only("small_target", series="-7:9 42:60"),  # from below 10 mm
    # two scans together
    only("scans_disagree", series="-7:30 42:30 43:37"),
    only("scans_disagree", series="-7:30 42:30 45:23"),
    only(series="-7:30 42:30 46:37"),  # four days
    only(series="-7:30 42:30 43:36"),  # a fifth
    only(series="-7:15 42:15 43:19"),  # 4 mm
    # gone and back
    only("lesion_comes_back", series="-7:20 42:0 84:20"),
    only("lesion_comes_back", series="-7:20 42:absent 84:15"),
    only(series="-7:20 42:0 84:9"),
    only(series="-7:20 42:0 84:31"),
    only(series="-7:20 42:not_evaluated 84:20"),
    only("lesion_comes_back", series=STEADY, new={"N1": "42:12 84:absent 126:12"}),
    only(series=STEADY, new={"N1": "42:12 84:absent 126:absent"}),
    only(series=STEADY, new={"N1": "42:12 84:not_evaluated 126:12"}),
    # modality
    only("modality_changes", series="-7:30:ct 42:31:mri 84:29:mri"),
    only("modality_changes", "small_target", series="-7:19:xray 42:20:ct 84:21:ct"),
    only(series="-7:30:ct 42:31:ct 84:29"),
    only(series="-7:30:ct 42:31:fdg_pet 84:29:ct"),
    # a target on an X-ray
    only("small_target", series="-7:19:xray 42:19:xray"),
    only(series="-7:20:xray 42:19:xray"),
    only(series="-7:19:ct 42:18:ct"),
    # the set of targets
    only("target_not_followed", series=STEADY, other="-7:20"),
    only("target_scan_missing", series=STEADY, other="-7:20 42:21 126:19"),
    only(series=STEADY, other="-7:20 42:21 84:not_evaluated 126:19"),
    only(series=STEADY, other="-7:20 42:21 105:22 126:19"),  # 21 days after the scan of the other
    only("target_scan_missing", series=STEADY, other="-7:20 42:21 106:22 126:19"),
    only(series=STEADY, other="-7:20 42:merged"),
    only(series="-7:30", other="-7:20"),
    # copies
    only("series_repeated", series="-7:32 42:28 84:24 126:20", other="-7:32 42:28 84:24 126:20"),
    only(series="-7:32 42:28 84:24", other="-7:32 42:28 84:24"),
    only(series="-7:32 42:28 84:28 126:20", other="-7:32 42:28 84:28 126:20"),  # two changes
    only(series="-7:32 42:28 84:24 126:20", other="-7:32 42:28 84:24 126:21"),
    # nodes
    Case({"large_node_not_target"}, others={"L1": "-7:15 42:15"}, node=True),
    Case(set(), others={"L1": "-7:14.9 42:15"}, node=True),
    Case(set(), {"L1": STEADY}, {"L2": "-7:15 42:15"}, node=True),
    # given sums and responses
    only("sum_differs", series=STEADY, other="-7:20 42:20 84:20 126:20", given=((42, "SD", 49.9),)),
    only(series=STEADY, other="-7:20 42:20 84:20 126:20", given=((42, "SD", 50.0), (84, "SD", 49.0), (126, "SD", None))),
    only(series=STEADY, other="-7:20 42:not_evaluated 84:20 126:20", given=((42, "NE", 31.0),)),
    only(series="-7:30 42:too_small", given=((42, "PR", 30.0),)),
    only("given_response_impossible", series=STEADY, given=((42, "CR", None),)),
    only(series="-7:30 42:0", given=((42, "CR", None),)),
    only("given_response_impossible", series="-7:30 42:0", others={"L2": "-7:present 42:present"}, given=((42, "CR", None),)),
    only(series="-7:30 42:0", others={"L2": "-7:present 42:absent"}, given=((42, "CR", None),)),
    only(series="-7:20 42:9", node=True, given=((42, "CR", None),)),
    only("given_response_impossible", series="-7:20 42:10", node=True, given=((42, "CR", None),)),
    only("given_response_impossible", series="-7:30 42:31", given=((42, "PR", None),)),
    only(series="-7:30 42:30", given=((42, "PR", None),)),
    only("given_response_impossible", series="-7:30 42:20", new={"N1": "42:12"}, given=((42, "PR", None),)),
    only(series="-7:30 42:20", new={"N1": "42:12"}, given=((42, "PD", None),)),
    only(series="-7:30 42:20", new={"N1": "84:12"}, given=((42, "PR", None),)),
    only("best_response_better", series=STEADY, given=((42, "SD", None),), best="PR"),
    only("best_response_better", series="-7:30 42:20", given=((42, "PR", None),), best="CR"),
    only(series="-7:30 42:20", given=((42, "PR", None),), best="SD"),  # it may ask for confirmation
    only(series="-7:30 42:20", given=((42, "PR", None),), best="PR"),
    # patients
    only("ecog_dead", series=STEADY, patient={"ecog": 5}),
    only(series=STEADY, patient={"ecog": 4}),
    only("dose_before_start", series=STEADY, patient={"last_dose_on": START - timedelta(8)}),
    only(series=STEADY, patient={"last_dose_on": START - timedelta(7)}),
    only("start_after_scans", series="-150:30 -90:30 -28:30"),
    only(series="-80:30 -50:30 -20:30"),
    only(series="-80:30 -10:30"),
    only("lines_out_of_order", series=STEADY, lines=((1, 0), (2, 200), (3, 199))),
    only(series=STEADY, lines=((1, 0), (2, 200), (3, 200))),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    return by_patient(checked(tables_of(CASES), tmp_path_factory.mktemp("cases")))


@pytest.mark.parametrize("number", range(1, len(CASES) + 1))
def test_a_series_breaks_these_rules_and_no_others(number: int, found: dict[str, set[str]]):
    case = CASES[number - 1]
    assert found.get(f"P{number:03}", set()) == case.rules, case


def test_the_order_of_rows_changes_nothing(found: dict[str, set[str]], tmp_path: Path):
    shuffled = {n: f.sample(fraction=1, shuffle=True, seed=5) for n, f in tables_of(CASES).items()}
    assert by_patient(checked(shuffled, tmp_path)) == found


@pytest.mark.parametrize("seed", [1, 11])
def test_a_clean_cohort_has_no_finding(seed: int, tmp_path: Path):
    cohort = make_cohort(seed, 30)
    issues = checked(dict(cohort.tables), tmp_path, study={"data_cutoff": cohort.data_cutoff})
    assert [issue.rule for issue in issues if issue.rule in RULES] == []


# ---- what only the whole study shows ---------------------------------------------------------------


def patients(n: int = 40, **columns: Any) -> pl.DataFrame:
    """Patients of one form, all different."""
    days = [START + timedelta(7 * i) for i in range(n)]
    born = [date(1950, 1, 1) + timedelta(131 * i) for i in range(n)]
    frame = pl.DataFrame({
        "patient_id": [f"P{i:03}" for i in range(n)], "sex": "male", "birth_date": born, "treatment_started_on": days, "stage": "IV",
        "last_known_alive_on": [day + timedelta(400) for day in days],
    })  # fmt: skip
    return frame.with_columns(pl.Series(name, values) for name, values in columns.items())


def sizes(n: int = 40, scans: int = 5) -> pl.DataFrame:
    """Two lesions of each patient, all with sizes of their own."""
    rng = np.random.default_rng(3)
    rows = [
        {
            "patient_id": f"P{i:03}", "lesion_id": f"L{j}", "assessed_on": START + timedelta(7 * i - 7 + 42 * k),
            "diameter_mm": round(first * rng.uniform(0.9, 1.1), 1),
        }
        for i in range(n) for j in (0, 1) for first in [rng.uniform(30, 60)] for k in range(scans)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def lesions(n: int = 40) -> pl.DataFrame:
    names = [(f"P{i:03}", f"L{j}") for i in range(n) for j in (0, 1)]
    return pl.DataFrame(names, schema=["patient_id", "lesion_id"], orient="row").with_columns(
        role=pl.lit("target"), organ=pl.lit("lung")
    )


def rules_of(
    folder: Path, people: pl.DataFrame, measured: pl.DataFrame, **settings: Any
) -> list[tuple[str, str | None]]:
    known = measured["patient_id"].unique().implode()
    tables = {
        "patients": people,
        "lesions": lesions().filter(pl.col("patient_id").is_in(known)),
        "measurements": measured,
    }
    whole = {
        "patient_number_unlike", "same_person", "stage_early", "follow_up_on_one_day", "digits_preferred", "patients_alike",
        "sizes_never_change",
    }  # fmt: skip
    return [(i.rule, i.patient_id) for i in checked(tables, folder, **settings) if i.rule in whole]


def renamed(number: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    return tuple(
        f.with_columns(pl.col("patient_id").replace("P007", number))
        for f in (patients(), sizes().filter(pl.col("patient_id") != "P007"))
    )  # pyright: ignore[reportReturnType]


def changed(column: str, *values: Any) -> pl.DataFrame:
    """The first patients with these values."""
    frame = patients()
    return frame.with_columns(pl.Series(column, [*values, *frame[column].to_list()[len(values) :]]))


def copied(*, scans: int = 5, lesion: str | None = None) -> pl.DataFrame:
    """The sizes of the first patient given to the second."""
    rows = sizes(scans=scans)
    own = rows.filter(pl.col("patient_id") == "P000")
    given = pl.Series("diameter_mm", own["diameter_mm"])
    second = rows.filter(pl.col("patient_id") == "P001").with_columns(given)
    if lesion is not None:
        second = pl.concat(
            [
                second.filter(pl.col("lesion_id") == lesion),
                rows.filter((pl.col("patient_id") == "P001") & (pl.col("lesion_id") != lesion)),
            ]
        )
    return pl.concat([rows.filter(pl.col("patient_id") != "P001"), second])


def rounded_to(step: float) -> pl.DataFrame:
    return sizes().with_columns((pl.col("diameter_mm") / step).round() * step)


def still(*numbers: str, decimals: bool = False) -> pl.DataFrame:
    """All sizes of these patients are those of their first scans."""
    rows = sizes() if decimals else sizes().with_columns(pl.col("diameter_mm").round())
    first = pl.col("diameter_mm").first().over("patient_id", "lesion_id")
    return rows.with_columns(
        pl.when(pl.col("patient_id").is_in(numbers)).then(first).otherwise("diameter_mm").alias("diameter_mm")
    )


NOTHING: list[tuple[str, str | None]] = []
WHOLE: dict[str, tuple[pl.DataFrame, pl.DataFrame, Sequence[tuple[str, str | None]]]] = {
    "sound": (patients(), sizes(), NOTHING),
    "a number with a letter": (*renamed("P0O7"), [("patient_number_unlike", "P0O7")]),
    "a number that is short": (*renamed("P07"), [("patient_number_unlike", "P07")]),
    "a note in the column": (*renamed("see above"), [("patient_number_unlike", "see above")]),
    "one person twice": (
        patients().with_columns(pl.when(pl.col("patient_id") == "P001").then(pl.col(c).first()).otherwise(c).alias(c) for c in ("birth_date", "treatment_started_on")),
        sizes().filter(pl.col("patient_id") != "P001"), [("same_person", "P001")],
    ),
    "two of one birthday": (changed("birth_date", date(1950, 5, 5), date(1950, 5, 5)), sizes(), NOTHING),
    "births in years": (
        patients().with_columns(pl.date(1950 + pl.int_range(pl.len()) % 3, 1, 1).alias("birth_date"), treatment_started_on=pl.lit(START)),
        sizes().head(0).vstack(sizes(1)), NOTHING,
    ),
    "one early stage": (changed("stage", "IB"), sizes(), [("stage_early", "P000")]),
    "two early stages": (changed("stage", "IB", "IIA"), sizes(), NOTHING),
    "one day for all": (patients(last_known_alive_on=[date(2022, 1, 1)] * 40), sizes(), [("follow_up_on_one_day", None)]),
    "one day for three in four": (changed("last_known_alive_on", *[date(2022, 1, 1)] * 30), sizes(), NOTHING),
    "rounded to 5": (patients(), rounded_to(5), [("digits_preferred", None)]),
    "whole": (patients(), rounded_to(1), NOTHING),
    "a copied patient": (patients(), copied(), [("patients_alike", "P001")]),
    "a patient who never changes": (patients(), still("P003", decimals=True), [("sizes_never_change", "P003")]),
    "one who never changes, in whole millimetres": (patients(), still("P003"), NOTHING),
    "two of forty": (patients(), still("P003", "P004"), [("sizes_never_change", "P003"), ("sizes_never_change", "P004")]),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_study_as_a_whole(name: str, tmp_path: Path):
    people, measured, expected = WHOLE[name]
    assert rules_of(tmp_path, people, measured) == expected


def test_a_study_that_asks_for_the_stage_knows_it(tmp_path: Path):
    rule = {"id": "late", "keep": "stage in [III, IV]", "excluded": {"zh": "早期", "en": "Early"}}
    assert rules_of(tmp_path, changed("stage", "IB"), sizes(), eligibility=[rule]) == []
