"""The key of study numbers: kept beside study.yaml, copied into the output for `report`, never over a file of the user's.

study_numbers.csv says which patient of the hospital has which study number. It is made once: the numbers in it stay when
patients are added, who get further ones. It is the one file to keep apart: with it a report names patients.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.csv_files import as_csv, as_written
from oligoscope.errors import DataError, OligoscopeError, UsageError
from oligoscope.plain_text import one_line
from oligoscope.study.file_bytes import MB, RefusedFileError, bytes_of, is_file
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_file import NUMBERS_NAME
from oligoscope.study.study_numbers import StudyNumbers
from oligoscope.system.whole_file import write_whole

COLUMNS = ("study_number", "patient_id")
_LARGEST = 200 * MB
_SHOWN = 5
_WRITABLE = 0o222  # by anybody


@dataclass(frozen=True)
class Key:
    """The study numbers of a run, and the file that keeps them.

    Attributes:
        numbers: As they were found there, or in the earlier output.
        place: The file beside study.yaml; None: nothing is written there.
    """

    numbers: StudyNumbers
    place: Path | None

    def for_patients(self, patient_ids: Iterable[str], seed: int) -> Key:
        """The key with a number for each patient; written beside study.yaml where that is new and can be.

        Raises:
            DataError: A study number is that of a patient; or the file is protected against writing and lacks patients.
        """
        ids = tuple(patient_ids)
        _must_not_be_patients(self.numbers, ids, self.place)
        numbers = self.numbers.extended(ids, seed)
        if self.place is not None and (numbers is not self.numbers or not is_file(self.place)):
            _may_be_written(self.place, sorted(numbers.of.keys() - self.numbers.of.keys()))
            # A study folder that only others may write is no reason to stop: the output holds the key, too.
            with suppress(OSError, OligoscopeError):
                write_whole({self.place: _as_bytes(numbers)})
                self.place.chmod(0o600)
        return Key(numbers, self.place)

    def copy_into(self, folder: Path) -> None:
        """The key into an output, from which `report` reads it."""
        (folder / NUMBERS_NAME).write_bytes(_as_bytes(self.numbers))
        (folder / NUMBERS_NAME).chmod(0o600)


def opened(
    protocol: Protocol, study_folder: Path, out: Path | None = None, *, is_repeated: bool = False
) -> Key | None:
    """`open_key`, where documents call patients by study numbers; None where they keep the numbers of the data."""
    if protocol.report.patient_numbers == "own":
        return None
    return open_key(study_folder, out, is_repeated=is_repeated)


def open_key(study_folder: Path, out: Path | None = None, *, is_repeated: bool = False) -> Key:
    """The key beside study.yaml, else of an earlier output in the same place, else one without numbers.

    Args:
        study_folder: Where study.yaml is.
        out: The output folder.
        is_repeated: The key of `out` is used as it is, and none is written: `verify` repeats a run.

    Raises:
        DataError: The file is no key, or rows of it are incomplete or contradict each other.
    """
    place = study_folder / NUMBERS_NAME
    if place.exists() and not is_file(place) and not is_repeated:
        raise _no_key(place)
    if is_file(place) and not is_repeated:
        return Key(read_key(place), place)
    earlier = None if out is None else out / NUMBERS_NAME
    known = read_key(earlier) if earlier is not None and is_file(earlier) else StudyNumbers()
    return Key(known, None if is_repeated else place)


def key_of_output(out: Path) -> StudyNumbers:
    """The study numbers of a run.

    Raises:
        UsageError: The output has no key.
        DataError: Its key cannot be read.
    """
    place = out / NUMBERS_NAME
    if is_file(place):
        return read_key(place)
    raise UsageError(
        f"{out} has no {NUMBERS_NAME}, which holds the study numbers of its patients. Put the one of the run back, or run the "
        "study once more; with `report: {patient_numbers: own}` in study.yaml the documents keep the numbers of your data.",
        zh=f"{out} 中没有 {NUMBERS_NAME}（患者的研究编号对照表）。请放回该次运行的对照表，或重新运行该研究；"
        "在 study.yaml 中写明 report: {patient_numbers: own}，则文档沿用数据中的编号。",
    )


def read_key(place: Path) -> StudyNumbers:
    """The numbers that a file keeps.

    Raises:
        DataError: It is no key, or rows of it are incomplete or contradict each other; all are named.
    """
    try:
        text = bytes_of(place, _LARGEST).decode("utf-8-sig")
        head, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    except (RefusedFileError, UnicodeDecodeError, csv.Error):
        raise _no_key(place) from None
    if tuple(name.strip() for name in head) != COLUMNS:
        raise _no_key(place)
    cells = [[cell.strip() for cell in row] for row in rows]
    if faults := list(_faults(cells)):
        raise _faulty(place, faults)
    pairs = pl.DataFrame(
        [row for row in cells if row], schema=dict.fromkeys(COLUMNS, pl.String), orient="row"
    )
    found = as_written(pairs)
    return StudyNumbers(dict(zip(found["patient_id"], found["study_number"], strict=True)))


def _faults(rows: list[list[str]]) -> Iterator[tuple[int, Text]]:
    """Row, as a spreadsheet counts, and what is wrong with it."""
    counts = [Counter(row[i] for row in rows if len(row) == len(COLUMNS)) for i in range(len(COLUMNS))]
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(COLUMNS) or not all(row):
            yield number, Text("缺研究编号或患者编号", "lacks the study number or the patient's number")
        elif counts[0][row[0]] > 1:
            yield number, Text(f"研究编号 {row[0]} 用于多行", f"the study number {row[0]} is in several rows")
        elif counts[1][row[1]] > 1:
            yield number, Text(f"患者 {row[1]} 有多个研究编号", f"patient {row[1]} has several study numbers")


def _must_not_be_patients(numbers: StudyNumbers, ids: tuple[str, ...], place: Path | None) -> None:
    """A study number that is a patient's own would print it.

    Raises:
        DataError: Some are.
    """
    theirs = numbers.that_hold_hospital_numbers(ids)
    rows = enumerate(numbers.of.values(), start=2)
    if same := [
        (
            row,
            Text(
                f"研究编号 {n} 是或含有某例患者的患者编号",
                f"the study number {n} is or holds the number of a patient",
            ),
        )
        for row, n in rows
        if n in theirs
    ]:
        raise _faulty(place or Path(NUMBERS_NAME), same)


def _may_be_written(place: Path, lacking: list[str]) -> None:
    """A file that somebody has protected is not replaced by one with further numbers.

    Raises:
        DataError: It is protected.
    """
    if not is_file(place) or place.stat().st_mode & _WRITABLE:
        return
    shown, n, more = one_line(str(place), 300), len(lacking), len(lacking) - _SHOWN
    names = ", ".join(one_line(name, 60) for name in lacking[:_SHOWN])
    raise DataError(
        f"{shown} is protected against writing and lacks {Count(n):patient|patients} of the data: {names}"
        f"{f' and {more} more' if more > 0 else ''}. It is left as it is. Put back the rows that it lost; where these patients are "
        "new, allow the file to be written, and they get numbers in it.",
        zh=f"{shown} 为只读，且缺少数据中的 {n} 例患者：{names}{' 等' if more > 0 else ''}。该文件未作改动。若有行丢失，请恢复；"
        "若为新增患者，请取消只读后重新运行，即为其编号。",
    )


def _no_key(place: Path) -> DataError:
    shown = one_line(str(place), 300)
    return DataError(
        f"{shown} is no key of study numbers: it must be a UTF-8 file with the columns {', '.join(COLUMNS)}. It is left as it "
        "is; give it another name, and a new key is made.",
        zh=f"{shown} 不是研究编号对照表：应为 UTF-8 文件，列为 {'、'.join(COLUMNS)}。该文件未作改动；请改名后重新运行，即生成新的对照表。",
    )


def _faulty(place: Path, faults: list[tuple[int, Text]]) -> DataError:
    shown, n, more = one_line(str(place), 300), len(faults), len(faults) - _SHOWN
    return DataError(
        f"{shown} has {n} {'row' if n == 1 else 'rows'} that cannot be used.\n"
        + "\n".join(f"  row {row}: {one_line(what.en, 200)}" for row, what in faults[:_SHOWN])
        + (f"\n  … and {more} more" if more > 0 else "")
        + "\nPut the file back as it was; without it, new numbers are made and earlier documents no longer fit.",
        zh=f"{shown} 中有 {n} 行无法使用。\n"
        + "\n".join(f"  第 {row} 行：{one_line(what.zh, 200)}" for row, what in faults[:_SHOWN])
        + (f"\n  ……另有 {more} 行" if more > 0 else "")
        + "\n请恢复原来的文件；若删除，将重新编号，以前的文档便对不上。",
    )


def _as_bytes(numbers: StudyNumbers) -> bytes:
    rows = [(number, name) for name, number in numbers.of.items()]
    return as_csv(pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row"), mark=True)


def where_the_key_is(study_folder: Path, out: Path) -> Text | None:
    """The sentence on the key of a run that has ended; None where it has none."""
    inside, beside = out / NUMBERS_NAME, study_folder / NUMBERS_NAME
    if not is_file(inside):
        return None
    if is_file(beside):
        return Text(
            f"文档以研究编号称呼患者；对照表：{beside}。请妥善保存，不要对外提供。",
            f"Documents call patients by study numbers. The key is {beside}: keep it, and do not pass it on.",
        )
    return Text(
        f"文档以研究编号称呼患者。研究文件夹不可写，对照表只在 {inside}；请保存到研究文件夹中，不要对外提供。",
        f"Documents call patients by study numbers. The study folder cannot be written, so the key is only in {inside}: "
        "copy it beside study.yaml, and do not pass it on.",
    )
