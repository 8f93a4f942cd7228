"""Writes docs/data-settings.md: every setting under `data` with its meaning, what it may be, and an example that was read.

PYTHONPATH=src python scripts/print_settings.py
"""

from __future__ import annotations

import copy
import csv
import io
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import openpyxl
import polars as pl
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML
from settings_examples import (
    ABSENT,
    AROUND,
    CENTRAL_EUROPEAN,
    EXAMPLES,
    OF_DATA,
    OF_JOIN,
    OF_SDTM,
    OF_TABLES,
    OF_WIDE,
    Example,
)

from oligoscope.errors import StudyFileError
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import KINDS
from oligoscope.study.protocol import DataSettings, JoinSource, SdtmSource, TableSource, WideSource
from oligoscope.study.setting_notes import SETTING_NOTES
from oligoscope.study.setting_types import SettingType, allowed_values, setting_type
from oligoscope.study.study_file import data_folder, read_study_file

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data-settings.md"
TABLE = "TABLE"
ALONE = {"sdtm", "genie", "cohort"}  # with one of them no other table is needed
MODELS = {
    ("data",): DataSettings,
    ("data", TABLE): TableSource,
    ("data", TABLE, "wide"): WideSource,
    ("data", TABLE, "join"): JoinSource,
    ("data", "sdtm"): SdtmSource,
}
# What a setting that is a group itself may be.
GROUPS = {
    TableSource: "the name of a file, a list of names, or [a group of settings](#a-table-in-the-long-form)",
    WideSource: "`true`, `false`, or [a group of settings](#a-column-for-each-scan-wide)",
    JoinSource: "[a group of settings](#columns-from-another-file-join), or a list of groups",
    SdtmSource: "the name of a folder, or [a group of settings](#sdtm-domains-sdtm)",
}
SILENT = {"follow_up_missing"}  # the files of the examples have no day of last contact
BEGIN, END = (
    "<!-- printed by scripts/print_settings.py -->",
    "<!-- end of what scripts/print_settings.py prints -->",
)
_yaml = YAML(typ="safe")


@dataclass(frozen=True)
class Reading:
    """What was read with some settings.

    Attributes:
        cells: The values of the columns shown, a row a line.
        rules: The findings, by their names.
        refused: The words of the loader, where it did not take the settings.
    """

    cells: tuple[tuple[str, ...], ...] = ()
    rules: tuple[str, ...] = ()
    refused: str = ""


def _write_files(example: Example, folder: Path) -> None:
    given = {**{f"{name}.csv": text for name, text in AROUND.items()}, **example.files}
    for name in ("tables", "domains"):  # for the settings that name a folder
        (folder / name).mkdir()
    inside = {f"tables/{name}.csv": text for name, text in AROUND.items()}
    if example.key == ("data", "sdtm", "folder"):
        given = {f"domains/{name}": text for name, text in example.files.items()}
    if example.key == ("data", "sdtm", "files"):
        given["tu_onco.csv"] = given.pop("tu.csv")
    for name, text in {**inside, **given}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        encoding = "cp1250" if example.key in CENTRAL_EUROPEAN else "utf-8"
        path.write_text(text.strip() + "\n", encoding=encoding)
    for name, sheets in example.sheets.items():
        _write_workbook(folder / name, sheets)
    for name, tables in example.databases.items():
        with closing(sqlite3.connect(folder / name)) as database, database:
            for table, text in tables.items():
                head, *rows = _rows(text)
                database.execute(f"create table {table} ({', '.join(f'{column} text' for column in head)})")
                database.executemany(f"insert into {table} values ({', '.join('?' * len(head))})", rows)


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.strip())))


def _write_workbook(path: Path, sheets: dict[str, str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, text in sheets.items():
        sheet = book.create_sheet(title)
        for row in _rows(text):
            sheet.append(row)
    book.save(path)


def _changed(data: dict[str, Any], example: Example) -> dict[str, Any]:
    """The settings without the one that the example is of, or with another in its place."""
    changed = copy.deepcopy(data)
    here: Any = changed
    for part in example.at[:-1]:
        here = [here] if part == 0 and isinstance(here, dict) else here
        here = here[part]
    if example.instead is ABSENT:
        del here[example.at[-1]]
    else:
        here[example.at[-1]] = example.instead
    return changed


def _read(data: dict[str, Any], example: Example, folder: Path) -> Reading:
    full = dict(data)
    if not ALONE & {*full, *_yaml.load(example.data)}:
        stated = example.key[1] if example.key[1] in AROUND else ""
        full = {**{name: f"{name}.csv" for name in AROUND if name != stated}, **full}
    with (folder / "study.yaml").open("w", encoding="utf-8") as out:
        _yaml.dump({"study": {"title": "t"}, "data": full, **(_yaml.load(example.settings) or {})}, out)
    try:
        protocol, _ = read_study_file(folder, KINDS)
    except StudyFileError as error:
        return Reading(refused=str(error))
    tables, issues = validate_tables(read_tables(protocol, data_folder(folder, protocol)), protocol)
    table, columns = example.shows
    frame: pl.DataFrame = getattr(tables, table)
    absent = [pl.lit(None, pl.String).alias(c) for c in columns if c not in frame.columns]
    shown = frame.with_columns(absent).select(pl.col(columns).cast(pl.String))
    cells = tuple(tuple(cell or "" for cell in row) for row in shown.rows())
    return Reading(
        cells if frame.height else (),
        tuple(rule for rule in dict.fromkeys(i.rule for i in issues) if rule not in SILENT),
    )


def readings(example: Example) -> tuple[Reading, Reading]:
    """What is read with the setting, and without it."""
    data = _yaml.load(example.data)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_files(example, folder)
        return _read(data, example, folder), _read(_changed(data, example), example, folder)


def _default(key: tuple[str, ...]) -> str:
    field = MODELS[key[:-1]].model_fields[key[-1]]
    if field.default is PydanticUndefined:
        return "required"
    value = field.default
    if value in (None, (), {}, ""):
        return "default: none"
    said = (
        str(value).lower()
        if isinstance(value, bool)
        else ", ".join(value)
        if isinstance(value, tuple)
        else value
    )
    return f"default: `{said}`"


def _allowed(key: tuple[str, ...]) -> str:
    path = tuple("patients" if part == TABLE else part for part in key)
    path = tuple(
        part for name in path for part in ((name, 0) if name == "join" and key[-1] != "join" else (name,))
    )
    kind = setting_type(path)
    assert kind is not None, key
    if kind.model is not None:
        return GROUPS[kind.model]
    options = [option for option in kind.options if option is not NoneType]
    return ", or ".join(_words(option, kind.limits) for option in options)


def _words(option: Any, limits: tuple[Any, ...]) -> str:
    if get_origin(option) is tuple:
        return "a list `[…]`"
    if get_origin(option) is dict:
        inner = SettingType(get_args(option)[1])
        few = ", ".join(f"`{word}`" for word in inner.words)
        return f"a group `{{name: …}}`{f'; each is one of {few}' if few else ''}"
    few = SettingType(option).words
    return " or ".join(f"`{word}`" for word in few) or allowed_values(SettingType(option, limits)).en


def _what(reading: Reading) -> tuple[str, str]:
    if reading.refused:
        return "refused", ""
    cells = "<br>".join(" · ".join(cell or "–" for cell in row) for row in reading.cells) or "nothing"
    return cells.replace("<1%", "&lt;1%"), ", ".join(f"`{rule}`" for rule in reading.rules)


def _example(example: Example, given: Reading, without: Reading) -> Iterator[str]:
    files = example.files
    if example.key[1] == "sdtm":
        files = {name: text for name, text in files.items() if SDTM_FILES.get(name) != text}
    around = {text.strip() for text in AROUND.values()}
    for name, text in files.items():
        if text.strip() not in around:
            yield f"`{name}`\n\n```csv\n{text.strip()}\n```\n"
    for name, tables in (*example.sheets.items(), *example.databases.items()):
        kind = "sheet" if name in example.sheets else "table"
        for table, text in tables.items():
            yield f"`{name}`, {kind} `{table}`\n\n```csv\n{text.strip()}\n```\n"
    yield f"```yaml\n{lines_of(example)}\n```\n"
    table, columns = example.shows
    other = "without it" if example.instead is ABSENT else f"with `{example.instead}`"
    yield f"| {table} | {' · '.join(f'`{c}`' for c in columns)} | findings |"
    yield "|---|---|---|"
    for name, reading in (("with it", given), (other, without)):
        cells, rules = _what(reading)
        yield f"| {name} | {cells} | {rules} |"
    yield ""


def lines_of(example: Example) -> str:
    """What an example writes into study.yaml."""
    lines = "\n".join(f"  {line}" for line in example.data.splitlines())
    return f"data:\n{lines}" + (f"\n{example.settings}" if example.settings else "")


SDTM_FILES = OF_SDTM[0].files


def section(example: Example, given: Reading, without: Reading) -> str:
    """The part of the page about one setting."""
    key = example.key
    note = SETTING_NOTES[".".join(key)]
    lines = [
        f"### `{'.'.join(key[1:])}`\n",
        f"{note.en}\n{note.zh}\n",
        f"May be {_allowed(key)}; {_default(key)}.\n" + (f"{example.hint}\n" if example.hint else ""),
        *_example(example, given, without),
    ]
    return "\n".join(lines)


def groups_in(model: type[BaseModel], name: str) -> set[type[BaseModel]]:
    """The groups of settings that a setting is made of, also in a list."""
    found = SettingType(model.model_fields[name].annotation)
    inner = [SettingType(get_args(option)[0]) for option in found.options if get_origin(option) is tuple]
    return {kind.model for kind in (found, *inner) if kind.model is not None}


SECTIONS = (
    ("Where the data are", "", OF_DATA),
    (
        "A table in the long form",
        "TABLE is patients, lesions, measurements, treatments, assessments, progressions or cohort.\n",
        OF_TABLES,
    ),
    (
        "A column for each scan (`wide`)",
        "Only of measurements and lesions. `*` is the scan, `<lesion>` the lesion; columns of scans that are certain are found "
        "without it ([data.md](data.md#the-shape-of-a-sheet)).\n",
        OF_WIDE,
    ),
    ("Columns from another file (`join`)", "", OF_JOIN),
    (
        "SDTM domains (`sdtm`)",
        "What each column is read from: [sdtm.md](sdtm.md). The domains of the examples, where none are shown:\n\n"
        + "\n".join(f"`{name}`\n\n```csv\n{text.strip()}\n```\n" for name, text in SDTM_FILES.items()),
        OF_SDTM,
    ),
)


def printed() -> str:
    """The part of the page that is made from the declarations and from what was read."""
    lines = [BEGIN, ""]
    for title, before, examples in SECTIONS:
        lines += [f"## {title}\n", *([before] if before else [])]
        lines += [section(example, *readings(example)) for example in examples]
    return "\n".join([*lines, END])


def printed_page(page: str) -> str:
    """The page with this part as it is now."""
    before, rest = page.split(BEGIN, 1)
    return before + printed() + rest.split(END, 1)[1]


if __name__ == "__main__":
    PAGE.write_text(printed_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print(PAGE.relative_to(PAGE.parents[1]), len(EXAMPLES))
