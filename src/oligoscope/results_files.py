"""Results as files and back, so that documents can be written again without computing anything.

Estimates are results.csv. Series are one CSV each in series/, which any program reads; their names
and the types of their columns are in series/index.json; which patients each row of results.csv is made from, in
series/patients.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.csv_files import as_written, without_formulas
from oligoscope.errors import UsageError
from oligoscope.plain_text import NOT_IN_FILE_NAMES, file_stem, free_stem
from oligoscope.questions.registry import analysis_named
from oligoscope.results.results import KEYS, Estimate, Results, read_estimate, read_rows
from oligoscope.results.saved_patients import encode_patients, with_saved_patients
from oligoscope.study.keys import decode, encode, is_plain

ESTIMATES = "results.csv"
SERIES = "series"
INDEX = "index.json"
KNOWN_KEYS = "keys.json"  # in series/; only where a key says more than its text
PATIENTS = "patients.json"  # in series/; which patients each row of results.csv is made from
_TYPES = {
    str(kind): kind
    for kind in (pl.String, pl.Float64, pl.Float32, pl.Int64, pl.Int32, pl.UInt32, pl.UInt8, pl.Boolean, pl.Date)
}  # fmt: skip


def write_results(results: Results, folder: Path) -> None:
    """Write results.csv and series/ into a folder.

    Raises:
        TypeError: A series has a column of a type that a CSV cannot carry.
    """
    blank = pl.col(pl.String).replace("", None)
    without_formulas(results.frame().with_columns(blank)).write_csv(folder / ESTIMATES)
    (folder / SERIES).mkdir(exist_ok=True)
    index: dict[str, Any] = {}
    for name, frame in results.series.items():
        file = _file_name(name, [entry["file"] for entry in index.values()])
        index[name] = {"file": file, "columns": _column_types(name, frame)}
        without_formulas(frame).write_csv(folder / SERIES / file)
    _write_json(index, folder / SERIES / INDEX)
    if keys := _known_keys(results):
        _write_json(keys, folder / SERIES / KNOWN_KEYS)
    if any(e.patients is not None for e in results.estimates):
        _write_json(encode_patients(results.estimates), folder / SERIES / PATIENTS, indent=None)


def _write_json(value: dict[str, Any], path: Path, indent: int | None = 1) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _known_keys(results: Results) -> dict[str, Any]:
    """Keys that cannot be made of their text again: what they are made of, and their columns and rows."""
    numbers: dict[str, int] = {}
    found: dict[str, dict[str, int]] = {}
    for row, estimate in enumerate(results.estimates):
        for column, key in zip(KEYS, estimate.key, strict=True):
            if not is_plain(key):
                value = json.dumps(encode(key), ensure_ascii=False)
                found.setdefault(column, {})[str(row)] = numbers.setdefault(value, len(numbers))
    return {"keys": [json.loads(value) for value in numbers], "rows": found} if found else {}


def _with_known_keys(rows: list[dict[str, Any]], path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return rows
    known = _read_json(path)
    keys = [decode(value) for value in known["keys"]]
    for column, places in known["rows"].items():
        for row, number in places.items():
            if rows[int(row)][column] == keys[number]:  # results.csv may have been edited since
                rows[int(row)][column] = keys[number]
    return rows


def _with_patients(estimates: list[Estimate], path: Path) -> Iterable[Estimate]:
    if not path.is_file():
        return estimates
    return with_saved_patients(estimates, _read_json(path))


def _column_types(name: str, frame: pl.DataFrame) -> dict[str, str]:
    types = {column: str(kind) for column, kind in frame.schema.items()}
    if strange := [column for column, kind in types.items() if kind not in _TYPES]:
        raise TypeError(f"series {name}: {', '.join(f'{c} is {types[c]}' for c in strange)}")
    return types


def _file_name(name: str, taken: list[str]) -> str:
    """`km/progressed:systemic/os` -> `km--progressed-systemic--os.csv`, a name that any system allows."""
    stem = "--".join(file_stem(part, NOT_IN_FILE_NAMES) for part in name.split("/"))
    stem = file_stem(stem, NOT_IN_FILE_NAMES)
    return f"{free_stem(stem, [file.removesuffix('.csv') for file in taken])}.csv"


def read_results(folder: Path) -> Results:
    """The results that `write_results` wrote there: equal to those written, to the last bit.

    Raises:
        UsageError: The folder holds no results, or files that this version cannot read.
    """
    for needed in (folder / ESTIMATES, folder / SERIES / INDEX):
        if not needed.is_file():
            raise UsageError(
                f"{folder} has no {needed.relative_to(folder).as_posix()}. Give the output folder of `oligoscope run` "
                "or `oligoscope demo`; a folder written by an earlier version must be run once more.",
                zh=f"{folder} 中没有 {needed.relative_to(folder).as_posix()}。请给出 oligoscope run 或 oligoscope demo 的"
                "输出文件夹；较早版本写出的文件夹须重新运行。",
            )
    with _unless_damaged(folder, ESTIMATES):
        rows = read_rows(folder / ESTIMATES)
    with _unless_damaged(folder, f"{SERIES}/{KNOWN_KEYS}"):
        rows = _with_known_keys(rows, folder / SERIES / KNOWN_KEYS)
    with _unless_damaged(folder, ESTIMATES):
        estimates = [read_estimate(row, analysis_named) for row in rows]
    with _unless_damaged(folder, f"{SERIES}/{PATIENTS}"):
        estimates = list(_with_patients(estimates, folder / SERIES / PATIENTS))
    with _unless_damaged(folder, f"{SERIES}/{INDEX}"):
        entries = {name: _entry(found) for name, found in _read_json(folder / SERIES / INDEX).items()}
    series = _read_series(folder, entries)
    with _unless_damaged(folder, ESTIMATES):
        return Results().plus(estimates, series)


def _read_series(folder: Path, entries: Mapping[str, tuple[str, dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Every series by its name, from its file and the types of its columns.

    Raises:
        UsageError: A file is missing or cannot be read.
    """
    frames: dict[str, pl.LazyFrame] = {}
    for name, (file, schema) in entries.items():
        with _unless_damaged(folder, f"{SERIES}/{file}"):
            if not (folder / SERIES / file).is_file():
                raise FileNotFoundError
            frames[name] = as_written(pl.scan_csv(folder / SERIES / file, schema=schema))
    try:  # at once: eighty small files, each in a query of its own, take twice the time
        return dict(zip(frames, pl.collect_all(frames.values()), strict=True))
    except BaseException as error:
        if not _is_damage(error):
            raise
    # Which of them is damaged shows when each is read by itself.
    series: dict[str, pl.DataFrame] = {}
    for name, frame in frames.items():
        with _unless_damaged(folder, f"{SERIES}/{entries[name][0]}"):
            series[name] = frame.collect()
    return series


@contextmanager
def _unless_damaged(folder: Path, name: str) -> Iterator[None]:
    """Read a file of a run inside this: whatever it holds in place of what we wrote, the error names it.

    Raises:
        UsageError: The file cannot be read.
    """
    try:
        yield
    except BaseException as error:
        if not _is_damage(error):
            raise
        why = (
            f" ({error})" if type(error) in {ValueError, LookupError} and str(error) else ""
        )  # of our own reading
        raise UsageError(
            f"The results in {folder} cannot be read: {name} is damaged or missing{why}. It was changed since, or written by "
            "another version; run the study once more.",
            zh=f"{folder} 中的结果无法读取：{name} 已损坏或缺失{why}（写出后被改动，或由其他版本写出）。请重新运行该研究。",
        ) from None


def _is_damage(error: BaseException) -> bool:
    """Whether an error is of what a file holds; a reader may panic on damaged bytes, which is no Exception."""
    is_of_reader = isinstance(error, Exception) or type(error).__name__ == "PanicException"
    return is_of_reader and not isinstance(error, MemoryError)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _entry(found: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The file of a series and the types of its columns.

    Raises:
        ValueError: It is not the name of a file in the folder of series.
    """
    file = str(found["file"])
    if re.search(NOT_IN_FILE_NAMES, file) or not file.endswith(".csv"):
        raise ValueError
    return file, {column: _TYPES[kind] for column, kind in found["columns"].items()}
