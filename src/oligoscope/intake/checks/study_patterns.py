"""What only a study as a whole shows: numbers unlike the others, one person twice, copied patients, rounded sizes.

These read few columns of all patients, once, when a study is opened. Every limit is set so that a sound study has
no finding by chance; see each constant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.lesion_rules import TARGET_MM
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.intake.issues import Issue
from oligoscope.study.conditions import parse_condition
from oligoscope.study.dictionary.terms import State
from oligoscope.study.protocol import Protocol

PATIENT_COLUMNS = (
    "patient_id", "sex", "birth_date", "treatment_started_on", "stage", "died_on", "last_known_alive_on", "last_known_alive_day",
)  # fmt: skip
MEASUREMENT_COLUMNS = (
    "patient_id", "lesion_id", "assessed_on", "assessed_day", "diameter_mm", "state", "fragment", "modality", "reader",
)  # fmt: skip
# Of tables that are read in partitions: these checks hold few columns of all patients at once.
MOST_IN_PARTITIONS = 5_000
FEWEST = 20  # patients, before "nearly all" means anything
NEARLY_ALL = 0.95
MOST_EARLY = 0.01
ON_ONE_DAY = 0.8
CHANCE = 0.01  # expected number of equal pairs in the whole study
WHOLE_MM, ROUNDED, ROUNDED_Z = (
    100,
    0.4,
    6.0,
)  # sizes; share of 0 and 5 where a fifth is expected; standard errors
COPIED_VALUES = 4
STILL_SCANS, STILL_LESIONS, STILL_SHARE = 4, 2, 0.05
_EARLY = ["I", "IA", "IA1", "IA2", "IA3", "IB", "II", "IIA", "IIB"]


def find_patterns(tables: dict[str, TypedTable], protocol: Protocol, findings: Findings) -> None:
    """Every finding of the study as a whole.

    Args:
        tables: Patients, and perhaps measurements: typed, with at least the columns named above.
        protocol: The study: its cut-off, on which follow-up may end, and whether it asks for the stage.
        findings: With the names of the columns.
    """
    patients = tables["patients"].frame.filter(pl.col("patient_id").is_not_null())
    if patients.is_empty():
        return
    _find_numbers_unlike(patients, findings)
    _find_same_person(patients, findings)
    if not any("stage" in parse_condition(rule.keep).columns for rule in protocol.eligibility):
        _find_early_stages(patients, findings)  # else the study says itself who leaves
    findings.issues += _follow_up_on_one_day(patients, protocol.study.data_cutoff, findings)
    if "measurements" in tables:
        rows = _sized(tables["measurements"].frame)
        findings.issues += _digits_preferred(rows, findings)
        _find_patients_alike(rows, findings)
        _find_unchanged(rows, findings)


def find_not_sought(n_patients: int, source: str) -> Iterator[Issue]:
    """One finding where a study is so large that none of these was looked for."""
    if n_patients > MOST_IN_PARTITIONS:
        yield Issue(
            rule="patterns_not_sought", table="patients", source=source,
            expected=Text(f"{n_patients:,} 名患者，上限 {MOST_IN_PARTITIONS:,} 名", f"{n_patients:,} patients, and the limit is {MOST_IN_PARTITIONS:,}"),
        )  # fmt: skip


def _find_numbers_unlike(patients: pl.DataFrame, findings: Findings) -> None:
    """Numbers whose letters, digits and signs follow another form; and of another length where there are leading zeros."""
    numbers = pl.col("patient_id").str.strip_chars()
    kinds = numbers.str.replace_all(r"\p{L}", "A").str.replace_all(r"\d", "9")
    long = kinds.str.replace_all("A+", "A").str.replace_all("9+", "9")
    padded = patients.select(numbers.str.contains(r"(^|\D)0\d").mean()).item() >= 1 - NEARLY_ALL
    forms = patients.with_columns(form=kinds if padded else long)
    usual = (
        forms.group_by("form")
        .agg(n=pl.len(), like=pl.col("patient_id").sort().first())
        .sort("n", "form")
        .row(-1)
    )
    if patients.height < FEWEST or usual[1] < NEARLY_ALL * patients.height:
        return
    findings.flag(
        "patient_number_unlike", "patients", forms.filter(pl.col("form") != usual[0]), "patient_id",
        expected=Text(f"其他编号如 {usual[2]}", f"others are like {usual[2]}"),
    )  # fmt: skip


def _find_same_person(patients: pl.DataFrame, findings: Findings) -> None:
    key = ["sex", "birth_date", "treatment_started_on"]
    known = patients.drop_nulls(key)
    pairs = known.height * (known.height - 1) / 2
    # Days that two patients share by chance: births in whole years are few, and so are starts of a trial.
    shared = math.prod(_collision(known[name]) for name in key)
    if pairs * shared > CHANCE * 10:
        return
    other = pl.col("patient_id").first().over(key)
    twice = known.with_columns(other=other, nth=pl.int_range(pl.len()).over(key)).filter(pl.col("nth") > 0)
    findings.flag(
        "same_person", "patients", twice, "patient_id",
        expected=lambda row: Text(f"与 {row['other']} 相同", f"the same as {row['other']}"),
    )  # fmt: skip


def _collision(values: pl.Series) -> float:
    """The probability that two rows hold the same, taking each value's share without its own pair."""
    n = len(values)
    counts = values.value_counts()["count"]
    return 1.0 if n < 2 else max(float((counts * (counts - 1)).sum()) / (n * (n - 1)), 1 / (n * n))


def _find_early_stages(patients: pl.DataFrame, findings: Findings) -> None:
    staged = patients.filter(pl.col("stage").is_not_null())
    early = staged.filter(pl.col("stage").is_in(_EARLY))
    if staged.height < FEWEST or early.height > max(1, MOST_EARLY * staged.height):
        return
    findings.flag("stage_early", "patients", early, "stage")


def _follow_up_on_one_day(patients: pl.DataFrame, cutoff: date | None, findings: Findings) -> Iterator[Issue]:
    """One finding where most of the living were last seen on one day that is not the cutoff of a study that says so."""
    last = patients.filter(pl.col("died_on").is_null())["last_known_alive_on"].drop_nulls()
    if len(last) < FEWEST:
        return
    n, day = (
        last.value_counts()
        .sort("count", "last_known_alive_on")
        .select("count", "last_known_alive_on")
        .row(-1)
    )
    if n < ON_ONE_DAY * len(last):
        return
    is_cutoff = Text("，即数据截止日", ", the data cutoff") if day == cutoff else Text("", "")
    yield Issue(
        rule="follow_up_on_one_day", table="patients", source=patients["source"][0] or "",
        column=findings.names.get("patients", {}).get("last_known_alive_on", "last_known_alive_on"), value=str(day),
        expected=Text(f"{len(last)} 名中有 {n} 名{is_cutoff.zh}", f"{n} of {len(last)}{is_cutoff.en}"),
    )  # fmt: skip


def _sized(rows: pl.DataFrame) -> pl.DataFrame:
    """Measured rows in the order of patient, lesion, reader and day."""
    seen = pl.col("state").is_null() | (pl.col("state") == State.MEASURED.value)
    sized = rows.filter(
        seen & (pl.col("diameter_mm") > 0) & pl.col("fragment").is_null() & pl.col("patient_id").is_not_null()
    )
    # Typed tables are in the order of patient, lesion and date: of one reader they need no sorting.
    if sized["reader"].null_count() == sized.height and not sized["assessed_on"].null_count():
        return sized
    return sized.sort("patient_id", "lesion_id", "reader", "assessed_on", "assessed_day", maintain_order=True)


def _digits_preferred(rows: pl.DataFrame, findings: Findings) -> Iterator[Issue]:
    """One finding where whole millimetres end in 0 and 5 far more often than a fifth of the time."""
    sizes = rows["diameter_mm"]
    sizes = sizes.filter(sizes >= TARGET_MM)  # 5 mm means too small to measure
    whole = sizes.filter(sizes == sizes.floor())
    if len(whole) < WHOLE_MM or len(whole) < NEARLY_ALL * len(sizes):
        return
    share = int(((whole % 5) == 0).sum()) / len(whole)
    z = (share - 0.2) / math.sqrt(0.2 * 0.8 / len(whole))
    if share < ROUNDED or z < ROUNDED_Z:
        return
    yield Issue(
        rule="digits_preferred", table="measurements", source=rows["source"][0] or "",
        column=findings.names.get("measurements", {}).get("diameter_mm", "diameter_mm"),
        expected=Text(f"{len(whole)} 个径线中占 {100 * share:.0f}%", f"{100 * share:.0f} % of {len(whole)} diameters"),
    )  # fmt: skip


def _find_patients_alike(rows: pl.DataFrame, findings: Findings) -> None:
    """Patients with the sizes of another, lesion by lesion, where so many equal changes are no chance.

    The chance that two series are equal is at most that of their first sizes being equal, times the share of the most
    frequent change for each further change: steps of 0 tell nothing.
    """
    key = ["patient_id", "lesion_id", "reader"]
    same = pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(1)) for k in key)
    size = pl.col("diameter_mm")
    rows = rows.with_columns(step=pl.when(same).then((size - size.shift(1)).round(3)))
    steps = rows["step"].drop_nulls()
    steps = steps.filter(steps != 0)
    if steps.is_empty():
        return
    most = max(steps.value_counts()["count"].to_list()) / len(steps)
    first = _collision(rows.filter(pl.col("step").is_null())["diameter_mm"])
    lesions = rows.group_by(key, maintain_order=True).agg(
        pl.col("source", "source_row").first(), sizes=size.cast(pl.String).str.join(" "), n=pl.len(),
        changes=(pl.col("step") != 0).sum(),
    )  # fmt: skip
    patients = lesions.group_by("patient_id", "reader", maintain_order=True).agg(
        pl.col("source", "source_row").first(), sizes=pl.col("sizes").sort().str.join(" | "),
        n=pl.col("n").sum(), lesions=pl.len(), changes=pl.col("changes").sum(),
    )  # fmt: skip
    pairs = patients.height * (patients.height - 1) / 2
    chance = (
        math.log(pairs * first + 1e-300)
        + pl.col("changes") * math.log(most)
        + (pl.col("lesions") - 1) * math.log(first)
    )
    patients = patients.filter((pl.col("n") >= COPIED_VALUES) & (chance < math.log(CHANCE)))
    group = ["reader", "sizes"]
    alike = patients.with_columns(
        other=pl.col("patient_id").first().over(group), nth=pl.int_range(pl.len()).over(group)
    )
    alike = alike.filter((pl.col("nth") > 0) & (pl.col("other") != pl.col("patient_id")))
    findings.flag(
        "patients_alike", "measurements", alike, "patient_id",
        expected=lambda row: Text(f"{row['n']} 个径线均与 {row['other']} 相同", f"all {row['n']} diameters as those of {row['other']}"),
    )  # fmt: skip


def _find_unchanged(rows: pl.DataFrame, findings: Findings) -> None:
    """Patients with several lesions that all keep one size over several scans.

    Stable disease in whole millimetres may do so in a few patients; with decimals it does not.
    """
    key, size = ["patient_id", "lesion_id", "reader"], pl.col("diameter_mm")
    lesions = rows.group_by(key, maintain_order=True).agg(
        pl.col("source", "source_row", "diameter_mm").first(), sizes=size.n_unique(), scans=pl.len(),
        whole=(size == size.floor()).all(),
    )  # fmt: skip
    patients = lesions.group_by("patient_id", "reader", maintain_order=True).agg(
        pl.col("source", "source_row", "diameter_mm").first(), n=pl.len(), sizes=pl.col("sizes").max(),
        scans=pl.col("scans").min(), whole=pl.col("whole").all(),
    )  # fmt: skip
    several = patients.filter((pl.col("n") >= STILL_LESIONS) & (pl.col("scans") >= STILL_SCANS))
    still = several.filter(pl.col("sizes") == 1)
    if still.height < STILL_SHARE * several.height:
        still = still.filter(~pl.col("whole"))
    findings.flag(
        "sizes_never_change", "measurements", still, "diameter_mm",
        expected=lambda row: Text(f"{row['n']} 个病灶，{row['scans']} 次检查", f"{Count(row['n']):lesion|lesions} at {Count(row['scans']):scan|scans}"),
    )  # fmt: skip
