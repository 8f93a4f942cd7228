"""AACR Project GENIE BPC, the PRISSMM data sets of patients, cancers, regimens and imaging reports, to tables of a study.

Days are counted from the start of the first regimen for the index cancer. What a radiologist wrote of the change (improving, stable,
progressing) is read as a response, which a finding says; sizes of lesions and the places that progress are not in these
files, so that no pattern can be derived from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable, table_of
from oligoscope.intake.files.sheet import Sheet, UnreadableError, read_bytes
from oligoscope.intake.issues import Issue
from oligoscope.study.file_bytes import is_file
from oligoscope.study.protocol import LimitSettings, Protocol, TableSource

# The name of each data set in a release, and the one that packages give it.
FILES = {
    "patient": ("patient_level_dataset.csv", "patient.csv"),
    "cancer": ("cancer_level_dataset_index.csv", "cancer_index.csv"),
    "regimen": ("regimen_cancer_level_dataset.csv", "regimen.csv"),
    "imaging": ("imaging_level_dataset.csv", "imaging.csv"),
}
_NEEDED = {
    "patient": ("record_id", "naaccr_sex_code", "last_alive_int", "hybrid_death_int"),
    "cancer": ("record_id", "ca_seq", "dob_ca_dx_days", "ca_hist_adeno_squamous", "stage_dx", "ca_lung_cigarette"),
    "regimen": ("record_id", "ca_seq", "regimen_number_within_cancer", "dx_reg_start_int", "dx_reg_end_any_int"),
    "imaging": ("record_id", "dx_scan_days", "image_overall"),
}  # fmt: skip
_ID, _START = "record_id", "dx_reg_start_int"
RESPONSES = {
    "PR": ("Improving/Responding",), "SD": ("Stable/No change",), "PD": ("Progressing/Worsening/Enlarging",),
    "NE": ("Mixed", "Not stated/Indeterminate"),
}  # fmt: skip
_OF_PATIENTS = TableSource(
    files=(),
    columns={
        "patient_id": _ID, "sex": "naaccr_sex_code", "age_years": "age", "histology": "ca_hist_adeno_squamous", "stage": "stage_dx",
        "smoking": "ca_lung_cigarette", "died_day": "died_day", "last_known_alive_day": "alive_day",
    },
    levels={
        "sex": {"male": ("Male",), "female": ("Female",)},
        "histology": {"squamous": ("Squamous cell",), "adenocarcinoma": ("Adenocarcinoma",), "other": ("*",)},
        "stage": {"IV": ("Stage IV",), "": ("*",)},
        "smoking": {"never": ("Never used",), "": ("Unknown",), "ever": ("*",)},
    },
)  # fmt: skip
_OF_TREATMENTS = TableSource(
    files=(),
    columns={
        "patient_id": _ID, "line": "regimen_number_within_cancer", "started_day": "started_day", "ended_day": "ended_day",
    },
)  # fmt: skip
_OF_ASSESSMENTS = TableSource(
    files=(),
    columns={"patient_id": _ID, "assessed_day": "assessed_day", "overall_response": "image_overall"},
    levels={"overall_response": RESPONSES},
)


def genie_inputs(folder: Path) -> list[Path]:
    """Every file that is read."""
    return [path for names in FILES.values() if (path := _there(folder, names)) is not None]


def read_genie(protocol: Protocol, folder: Path) -> dict[str, RawTable]:
    """Patients, treatments and assessments of the data sets in `data.genie`; none where the study names no such folder.

    Args:
        protocol: The study.
        folder: The data folder.

    Returns:
        The tables; one that could not be read has no rows, and the reason in `problems`.
    """
    if protocol.data.genie is None:
        return {}
    place = folder / protocol.data.genie
    sets: dict[str, Sheet] = {}
    for name, names in FILES.items():
        try:
            sets[name] = _set(place, name, protocol.limits)
        except UnreadableError as error:
            problem = error.issue("patients", protocol.data.genie, _there(place, names))
            return {"patients": RawTable("patients", problems=(problem,))}
    starts = _starts(sets["regimen"].frame, sets["cancer"].frame)
    return {
        "patients": _patients(sets["patient"], starts),
        "treatments": _treatments(sets["regimen"], starts),
        "assessments": _assessments(sets["imaging"], starts),
    }


def _there(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if is_file(folder / name)), None)


def _set(folder: Path, name: str, limits: LimitSettings) -> Sheet:
    path = _there(folder, FILES[name])
    if path is None:
        listed = " / ".join(FILES[name])
        raise UnreadableError(Text(f"文件夹中没有 {listed}。", f"the folder has no {listed}"))
    sheet = read_csv(read_bytes(path, limits), None, limits).named(path.name)
    lacking = [column for column in _NEEDED[name] if column not in sheet.headers]
    if lacking:
        listed = ", ".join(lacking)
        raise UnreadableError(Text(f"{path.name} 缺少列 {listed}。", f"{path.name} lacks {listed}"))
    return sheet


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)


def _day(days: pl.Expr) -> pl.Expr:
    """Whole days as text; releases give some with decimals."""
    return days.floor().cast(pl.Int64).cast(pl.String)


def _starts(regimens: pl.DataFrame, cancers: pl.DataFrame) -> pl.DataFrame:
    """Of each patient, the first index cancer, and the days from birth and from diagnosis to its first regimen."""
    order = _number("ca_seq")
    first = cancers.sort(_ID, order, maintain_order=True).unique(_ID, keep="first", maintain_order=True)
    started = regimens.group_by(_ID, "ca_seq").agg(_number(_START).min().alias("start"))
    kept = first.select(_ID, "ca_seq", *_NEEDED["cancer"][2:]).join(started, on=[_ID, "ca_seq"], how="left")
    return kept.with_columns((_number("dob_ca_dx_days") + pl.col("start")).alias("birth_to_start"))


def _patients(patients: Sheet, starts: pl.DataFrame) -> RawTable:
    joined = patients.frame.select(*_NEEDED["patient"], SOURCE, ROW, EXCESS).join(
        starts, on=_ID, how="left", maintain_order="left"
    )
    since = pl.col("birth_to_start")
    frame = joined.with_columns(
        (since / 365.25).floor().cast(pl.Int64).cast(pl.String).alias("age"),
        _day(_number("hybrid_death_int") - since).alias("died_day"),
        _day(_number("last_alive_int") - since).alias("alive_day"),
    )
    return table_of(
        "patients", patients.source, frame.select(_columns(frame, _OF_PATIENTS)), _OF_PATIENTS, ()
    )


def _treatments(regimens: Sheet, starts: pl.DataFrame) -> RawTable:
    """The regimens for the index cancer."""
    of_index = regimens.frame.join(
        starts.select(_ID, "ca_seq", "start"), on=[_ID, "ca_seq"], maintain_order="left"
    )
    frame = of_index.with_columns(
        _day(_number(_START) - pl.col("start")).alias("started_day"),
        _day(_number("dx_reg_end_any_int") - pl.col("start")).alias("ended_day"),
    )
    return table_of(
        "treatments", regimens.source, frame.select(_columns(frame, _OF_TREATMENTS)), _OF_TREATMENTS, ()
    )


def _assessments(imaging: Sheet, starts: pl.DataFrame) -> RawTable:
    """The reports after the start that say how the cancer changed."""
    joined = imaging.frame.join(starts.select(_ID, "start"), on=_ID, how="left", maintain_order="left")
    frame = joined.with_columns((_number("dx_scan_days") - pl.col("start")).alias("since")).filter(
        (pl.col("since") >= 1) & (pl.col("image_overall").str.strip_chars() != "")
    )
    frame = frame.with_columns(_day(pl.col("since")).alias("assessed_day"))
    kept = frame.select(_columns(frame, _OF_ASSESSMENTS))
    return table_of("assessments", imaging.source, kept, _OF_ASSESSMENTS, _said(imaging.source, kept.height))


def _columns(frame: pl.DataFrame, mapping: TableSource) -> list[str]:
    return [
        *(c for c in mapping.columns.values() if isinstance(c, str) and c in frame.columns),
        SOURCE,
        ROW,
        EXCESS,
    ]


def _said(source: str, n: int) -> Iterator[Issue]:
    taken = list(RESPONSES.items())
    zh = f"{n} 份报告：" + "；".join(f"{'、'.join(words)} 作 {ours}" for ours, words in taken)
    en = f"{n} reports: " + "; ".join(f"{', '.join(words)} as {ours}" for ours, words in taken)
    yield Issue(
        rule="imaging_words",
        table="assessments",
        source=source,
        column="image_overall",
        expected=Text(zh, en),
    )
