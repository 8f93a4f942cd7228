"""Repeat a run from its run.json, and say what differs: of each file, the numbers and their rows."""

from __future__ import annotations

import csv
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from oligoscope.bilingual import Count, Language, Text
from oligoscope.checked_study import Checked, check_study, must_run
from oligoscope.derivation import derive_study
from oligoscope.engines.deriving import How
from oligoscope.engines.written_tables import FileFormat
from oligoscope.errors import DataError, UsageError
from oligoscope.intake.input_files import input_files
from oligoscope.output_folder import checksum, not_ours, previous_run
from oligoscope.questions.registry import KINDS
from oligoscope.report.file_names import FigureChoice
from oligoscope.report.report_files import Styles
from oligoscope.results.results import KEYS
from oligoscope.results_files import ESTIMATES
from oligoscope.run_documents import report_again
from oligoscope.run_record import LIBRARIES, write_findings
from oligoscope.study.study_file import data_folder, read_study_file, study_file
from oligoscope.workflow import run_and_report

SHOWN = 10  # rows of one file
_TABLES = (".csv",)
_LISTED = Text("、", ", ")


class _WrittenAgain(BaseModel):
    """How `oligoscope report` wrote the documents once more."""

    model_config = ConfigDict(extra="forbid")
    languages: tuple[Language, ...]
    styles: Styles
    figures: FigureChoice


class _Asked(BaseModel):
    """What the command of a run was asked for, as `how_to_repeat` records it."""

    model_config = ConfigDict(extra="forbid")
    study: str
    data: str | None = None
    accept_issues: bool = False
    languages: tuple[Language, ...] = ()
    figures: FigureChoice = "usual"
    format: FileFormat = "csv"
    written_again: tuple[_WrittenAgain, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not the same.

    Attributes:
        file: Its name in the output folder.
        what: In which way it differs.
        rows: Of a table, the rows that differ, up to SHOWN of them.
    """

    file: str
    what: Text
    rows: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Verification:
    """What repeating a run showed.

    Attributes:
        differences: Empty where every file is the same to the byte.
        n_files: Files that were compared.
        versions: Programs that are not those of the run.
        edited: Files that were changed in the folder after the run; the run's own bytes were compared.
    """

    differences: tuple[Difference, ...]
    n_files: int
    versions: tuple[Text, ...] = ()
    edited: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether every file came out as it was."""
        return not self.differences

    def answer(self, language: Language) -> dict[str, Any]:
        """For people (`lines`) and for programs."""
        found = [
            {"file": d.file, "what": d.what[language], "rows": [row[language] for row in d.rows]}
            for d in self.differences
        ]
        return {
            "same": self.is_same, "files": self.n_files, "differences": found,
            "versions": [text[language] for text in self.versions], "edited": list(self.edited),
            "lines": [text[language] for text in self._lines()],
        }  # fmt: skip

    def _lines(self) -> Iterator[Text]:
        n, different = self.n_files, len(self.differences)
        if self.is_same:
            yield Text(
                f"结果相同：重新运行得到的 {n} 个文件与原来逐字节一致。",
                f"The same to the byte: {Count(n):file|files} of the repeated run.",
            )
        else:
            yield Text(
                f"结果不同：{n} 个文件中有 {different} 个不一致。",
                f"Not the same: {different} of {Count(n):file|files} {'differs' if different == 1 else 'differ'}.",
            )
        yield from self.versions
        if self.edited:
            names = _LISTED.zh.join(self.edited), _LISTED.en.join(self.edited)
            yield Text(
                f"运行之后在文件夹中被改动的文件（比较的是运行时写出的内容）：{names[0]}。",
                f"Changed in the folder after the run (what the run wrote was compared): {names[1]}.",
            )
        for difference in self.differences:
            yield Text(f"{difference.file}：{difference.what.zh}", f"{difference.file}: {difference.what.en}")
            yield from (Text(f"  {row.zh}", f"  {row.en}") for row in difference.rows)


def verify_run(
    out: Path,
    study: Path | None = None,
    data: Path | None = None,
    language: Language = "en",
    progress: Callable[[str], None] = lambda _stage: None,
) -> Verification:
    """Repeat the run of an output folder in a temporary one, and compare every file with what the run wrote.

    Args:
        out: The output folder; nothing in it is touched.
        study: The study, where it is not where run.json says.
        data: The folder of its tables, likewise.
        language: The language of an error's message.
        progress: Called with each stage.

    Raises:
        UsageError: The folder is no output of ours, or of a version that did not record how to repeat a run.
        DataError: An input is not there, or is not the one that was read.
    """
    record = previous_run(out)
    if record is None:
        raise not_ours(out)
    asked = _asked(record, out)
    study = study or out / asked.study
    data = data or (None if asked.data is None else out / asked.data)
    _must_have_inputs(record, study, data)
    with tempfile.TemporaryDirectory(prefix="oligoscope-verify-") as folder:
        again = Path(folder) / "out"
        _repeat(record, asked, study, data, again, language, progress, out)
        return _compared(record, out, again)


def _asked(record: Mapping[str, Any], out: Path) -> _Asked:
    found = record.get("repeat")
    try:
        if isinstance(found, dict):
            return _Asked.model_validate({**found, "written_again": record.get("written_again", ())})
    except ValidationError:
        pass
    raise UsageError(
        f"{out} was written by version {record.get('version', 'unknown')}, which did not record how to repeat the run, or "
        "its run.json was changed since. Run the study once more.",
        zh=f"{out} 由 {record.get('version', '未知')} 版写出，其中没有记录如何重复该次运行，或 run.json 已被改动。请重新运行该研究。",
    )


# ---- the inputs ------------------------------------------------------------------------------------


def _must_have_inputs(record: Mapping[str, Any], study: Path, data: Path | None) -> None:
    """Raise where a file that the run read is missing, or has other bytes; all of them are named."""
    inputs = record.get("inputs")
    known = dict(inputs) if isinstance(inputs, dict) else {}
    file = study_file(study)
    if not file.is_file():
        raise DataError(
            f"The study of this run is not where run.json says: {file} does not exist. Name it with --study.",
            zh=f"run.json 所写的位置没有该研究：{file} 不存在。请用 --study 指定。",
        )
    faults = list(_faults({file.name: file}, {file.name: known.get(file.name)}))
    if not faults:
        protocol, _ = read_study_file(study, KINDS)
        folder = data if data is not None else data_folder(study, protocol)
        found = input_files(study, protocol, folder)
        faults = [*_faults(found, known), *_not_known(found, known)]
        places = {name: found.get(name, folder / name) for name in known}
        faults = [fault.filled(place=places.get(name, folder / name)) for name, fault in faults]
    else:
        faults = [fault.filled(place=file) for _, fault in faults]
    if faults:
        raise DataError(
            "The run cannot be repeated: its inputs are not those that were read.\n"
            + "\n".join(f"  {fault.en}" for fault in faults)
            + "\nPut the files back, or say where they are with --study and --data.",
            zh="无法重复该次运行：输入文件与当时读入的不同。\n"
            + "\n".join(f"  {fault.zh}" for fault in faults)
            + "\n请恢复这些文件，或用 --study 与 --data 指明其位置。",
        )


def _faults(found: Mapping[str, Path], known: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name, digest in known.items():
        if name not in found:
            yield name, Text(f"{name}：在 {{place}} 找不到", f"{name}: not found at {{place}}")
        elif (now := checksum(found[name])) != digest:
            before = str(digest)[:12]
            yield (
                name,
                Text(
                    f"{name}：校验和不同（当时 {before}…，现为 {now[:12]}…），{{place}}",
                    f"{name}: another checksum ({before}… then, {now[:12]}… now), {{place}}",
                ),
            )


def _not_known(found: Mapping[str, Path], known: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for name in found.keys() - known.keys():
        yield name, Text(f"{name}：当时没有此文件，{{place}}", f"{name}: was not there then, {{place}}")


# ---- the run ---------------------------------------------------------------------------------------


def _repeat(
    record: Mapping[str, Any], asked: _Asked, study: Path, data: Path | None, out: Path, language: Language,
    progress: Callable[[str], None], earlier: Path,
) -> None:  # fmt: skip
    command = str(record.get("command"))
    checked = check_study(study, data, language, progress, in_partitions=command == "derive")
    # Its key may have got further patients since, or be gone.
    checked = replace(checked, repeats=earlier)
    if record.get("status") == "findings":
        _repeat_findings(checked, out, command, language)
    elif command == "derive":
        derive_study(checked, out, progress, How(file_format=asked.format), asked.accept_issues, language)
    else:
        must_run(checked, asked.accept_issues, language)
        with_study = study_file(study).parent if command == "demo" else None
        run_and_report(checked, out, asked.languages, progress, command, with_study, asked.figures)
        for more in asked.written_again:
            report_again(out, more.languages, more.styles, more.figures, progress)


def _repeat_findings(checked: Checked, out: Path, command: str, language: Language) -> None:
    """A run that ended in findings; those of parquet tables are found while the partitions are read."""
    if checked.unread is None or checked.issues.errors:
        write_findings(checked, out, command)
        return
    try:
        derive_study(checked, out, language=language)
    except DataError:
        return  # the findings are written


# ---- the comparison --------------------------------------------------------------------------------


def _compared(record: Mapping[str, Any], out: Path, again: Path) -> Verification:
    before: Mapping[str, str] = record["outputs"]
    now: Mapping[str, str] = (previous_run(again) or {"outputs": {}})["outputs"]
    names = sorted(before.keys() | now.keys())
    edited = tuple(n for n, digest in before.items() if checksum(out / n) != digest)
    differences = [_difference(n, out, again, before, now) for n in names if before.get(n) != now.get(n)]
    return Verification(tuple(differences), len(names), tuple(_versions(record)), edited)


def _difference(
    name: str, out: Path, again: Path, before: Mapping[str, str], now: Mapping[str, str]
) -> Difference:
    if name not in now:
        return Difference(name, Text("重新运行没有写出此文件", "the repeated run did not write it"))
    if name not in before:
        return Difference(name, Text("只有重新运行写出此文件", "only the repeated run wrote it"))
    if not name.endswith(_TABLES) or checksum(out / name) != before[name]:
        return Difference(name, Text("内容不同", "its bytes differ"))
    n, rows = _rows_that_differ(out / name, again / name)
    if not n:
        return Difference(name, Text("内容不同，各行相同", "its bytes differ, its rows do not"))
    more = (Text(f"……另有 {n - SHOWN} 行", f"… and {n - SHOWN} more"),) if n > SHOWN else ()
    what = Text(f"{n} 行不同", f"{n} {'row differs' if n == 1 else 'rows differ'}")
    return Difference(name, what, (*rows, *more))


def _rows_that_differ(one: Path, other: Path) -> tuple[int, tuple[Text, ...]]:
    """How many rows differ, and the first of them: the row, the column, and both values."""
    head, mine = _read(one)
    new_head, theirs = _read(other)
    if head != new_head:
        return 1, (Text(f"列不同：{head} 与 {new_head}", f"the columns differ: {head} and {new_head}"),)
    keys = len(KEYS) if one.name == ESTIMATES else 0
    shown: list[Text] = []
    n = abs(len(mine) - len(theirs))
    if n:
        shown.append(
            Text(f"行数：原 {len(mine)}，现 {len(theirs)}", f"rows: {len(mine)} then, {len(theirs)} now")
        )
    for number, (before, now) in enumerate(zip(mine, theirs, strict=False), 2):
        if before != now:
            n += 1
            if len(shown) < SHOWN:
                shown.append(_row(number, head, before, now, keys))
    return n, tuple(shown)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file)) or [[]]
    return head, rows


def _row(number: int, head: list[str], before: list[str], now: list[str], n_keys: int) -> Text:
    name = ", ".join(cell for cell in before[:n_keys] if cell) or (before[0] if before else "")
    cells = [(c, a, b) for c, a, b in zip(head, before, now, strict=False) if a != b]
    zh = "；".join(f"{c} 原 {_cut(a)}，现 {_cut(b)}" for c, a, b in cells)
    en = "; ".join(f"{c} {_cut(a)} then, {_cut(b)} now" for c, a, b in cells)
    return Text(f"第 {number} 行（{name}）：{zh}", f"row {number} ({name}): {en}")


def _cut(cell: str, most: int = 40) -> str:
    return (cell if len(cell) <= most else f"{cell[: most - 1]}…") or "–"


def _versions(record: Mapping[str, Any]) -> Iterator[Text]:
    """Programs of other versions than the run's."""
    before = {
        "oligoscope": record.get("version"),
        "python": record.get("python"),
        **(record.get("libraries") or {}),
    }
    now = {"oligoscope": version("oligoscope"), "python": platform.python_version()}
    now |= {name: version(name) for name in LIBRARIES}
    for name, used in now.items():
        if before.get(name) != used:
            yield Text(
                f"{name} 版本：运行时为 {before.get(name)}，现为 {used}。",
                f"Version of {name}: {before.get(name)} in the run, {used} now.",
            )
