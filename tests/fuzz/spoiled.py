"""A study before it is spoiled, and what a spoiled one is: files, a command, what surrounds it, which ends are right."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ruamel.yaml import YAML

from fuzz.worker import Around, in_child

T = TypeVar("T")
Rows = list[list[str]]
TABLES = ("patients", "lesions", "measurements", "treatments")
DONE, REFUSED, GATE = 0, 3, 4
ANY = frozenset({DONE, REFUSED, GATE})
ONLY_REFUSED = frozenset({REFUSED})
RUNS = frozenset({DONE, GATE})
USAGE = frozenset({2})
ANALYSES = (
    {"kind": "baseline", "variables": ["sex", "age_years", "histology"]},
    {"kind": "sites"},
    {"kind": "survival", "by": "pattern", "outcomes": ["os"]},
    {"kind": "response_rate"},
    {"kind": "timing"},
)


class Draw(Random):
    """Random numbers of one case; `each` takes one after the other, so that no kind is left out by chance.

    Attributes:
        nth: How often the same way to spoil was drawn before, over all cases of all seeds.
    """

    nth = 0

    def each(self, choices: Sequence[T]) -> T:
        """The next of the choices."""
        return choices[self.nth % len(choices)]


@dataclass(frozen=True)
class Special:
    """What is not bytes: a "link" to a place, a "pipe", a "folder", a "hole" of so many bytes, or a "parquet" file.

    A parquet file is one of the base study with a column of another type: `typed/patients.parquet ecog uint64`.
    """

    kind: str
    to: str = ""
    size: int = 0


Content = bytes | Special


@dataclass(frozen=True)
class Spoiled:
    """One case.

    Attributes:
        name: What was done, in few words; equal for equal mechanisms.
        files: In the study's folder.
        command: check, derive or run, and its options.
        allowed: Exit statuses that are right.
        place: What a refusal must name: the file, or study.yaml.
        detail: What was drawn.
        around: What surrounds the process.
        earlier: The output folder holds an earlier run.
        out: The output folder, seen from the case's folder.
        study: The study's folder, seen from there.
        prepare: Done in the empty folder of the case.
        settle: Done when the study and an earlier output lie there.
        clean: Done after all.
    """

    name: str
    files: Mapping[str, Content]
    command: tuple[str, ...] = ("check",)
    allowed: frozenset[int] = ANY
    place: str = ""
    detail: str = ""
    around: Around = field(default_factory=Around)
    earlier: bool = False
    out: str = "out"
    study: str = "study"
    prepare: Callable[[Path], None] | None = None
    settle: Callable[[Path], None] | None = None
    clean: Callable[[Path], None] | None = None


@dataclass(frozen=True)
class Base:
    """A small synthetic study that is right, in every format that is read.

    Attributes:
        tables: Header and rows of each table, as text.
        settings: Its study.yaml.
        formats: Bytes by format and file, as `formats["parquet"]["patients.parquet"]`.
        folder: Where they lie.
    """

    tables: Mapping[str, Rows]
    settings: Mapping[str, Any]
    formats: Mapping[str, Mapping[str, bytes]]
    folder: Path

    def rows(self, table: str) -> Rows:
        """The rows of a table, to be changed."""
        return [list(row) for row in self.tables[table]]

    def studied(self, **groups: Any) -> dict[str, Any]:
        """The settings, some groups replaced, to be changed."""
        return copy.deepcopy({**self.settings, **groups})

    def files(self, settings: Mapping[str, Any] | None = None, /, **tables: Rows) -> dict[str, Content]:
        """A study of csv files, some tables replaced."""
        found: dict[str, Content] = {
            f"{t}.csv": csv_bytes(tables[t]) if t in tables else self.formats["csv"][f"{t}.csv"]
            for t in TABLES
        }
        return {"study.yaml": yaml_bytes(self.settings if settings is None else settings), **found}

    def of_format(self, kind: str) -> dict[str, Content]:
        """The study in one format: csv, xlsx, parquet, typed, sav, dta, json, xpt, sdtm."""
        files: dict[str, Content] = dict(self.formats[kind])
        data: dict[str, Any]
        if kind in {"xpt", "sdtm"}:
            data = {"sdtm": {}}
        elif kind == "xlsx":
            data = {t: {"files": ["all.xlsx"], "sheet": t} for t in TABLES}
        else:
            ending = {"typed": "parquet"}.get(kind, kind)
            data = {t: f"{t}.{ending}" for t in TABLES}
        return {"study.yaml": yaml_bytes(self.studied(data=data)), **files}


def yaml_bytes(settings: Mapping[str, Any]) -> bytes:
    """Settings as study.yaml."""
    target = io.BytesIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode = True
    yaml.dump(dict(settings), target)
    return target.getvalue()


def csv_bytes(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a text file."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding, "surrogatepass" if encoding.startswith("utf") else "strict")


def place_files(files: Mapping[str, Content], folder: Path, base: Base) -> None:
    """Write the files of a case."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content.kind == "link":
            path.symlink_to(content.to)
        elif content.kind == "pipe":
            os.mkfifo(path)
        elif content.kind == "folder":
            path.mkdir(exist_ok=True)
        elif content.kind == "hole":
            with path.open("wb") as file:
                file.truncate(content.size)
        elif content.kind == "parquet":
            done = in_child(lambda wish=content.to, to=path: _write_typed(base.folder, wish, to))
            assert done.status == 0, content.to
        else:
            raise ValueError(content.kind)


def _write_typed(folder: Path, wish: str, path: Path) -> None:
    """A parquet file of the base study with one column of another type."""
    import polars as pl

    source, column, form = wish.split()
    frame = pl.read_parquet(folder / source)
    cells = pl.col(column)
    number = pl.int_range(pl.len()) % 100
    zoned = pl.Datetime("us", "Asia/Shanghai")
    forms = {
        "uint8": number.cast(pl.UInt8), "int8": number.cast(pl.Int8), "int16": number.cast(pl.Int16), "int32": number.cast(pl.Int32), "int64": number.cast(pl.Int64),
        "uint64": (pl.lit(2**64 - 1, pl.UInt64) - number.cast(pl.UInt64)), "int128": number.cast(pl.Int128) * 2**70, "float16": number.cast(pl.Float32),
        "decimal": number.cast(pl.Decimal(10, 2)), "bool": number > 50, "dictionary": cells.cast(pl.String).cast(pl.Categorical), "list": pl.concat_list(cells.cast(pl.String)),
        "struct": pl.struct(a=cells, b=number), "binary": cells.cast(pl.String).cast(pl.Binary), "map": pl.concat_list(pl.struct(key=cells.cast(pl.String), value=number)),
        "duration": number.cast(pl.Duration("us")), "null": pl.lit(None), "nan": pl.lit(float("nan")), "infinite": pl.lit(float("-inf")),
        "timestamp": pl.datetime(2020, 1, 1) + pl.duration(hours=number), "zoned": (pl.datetime(2020, 1, 1) + pl.duration(hours=number)).dt.replace_time_zone("UTC").cast(zoned),
        "time": pl.time(12), "year-1": pl.date(1, 1, 1), "year-9999": pl.date(9999, 12, 31),
    }  # fmt: skip
    frame.with_columns(forms[form].alias(column)).write_parquet(path)


def make_base(scratch: Path) -> Base:
    """Draw the synthetic study, and write it in every format; in a child, so that this process stays free of threads."""
    folder = scratch / "base"
    if not (folder / "done").exists():
        done = in_child(lambda: _write_base(folder))
        assert done.status == 0, "the base study cannot be written"
    tables = {
        name: list(csv.reader(io.StringIO((folder / "csv" / f"{name}.csv").read_text(encoding="utf-8-sig"))))
        for name in TABLES
    }
    formats = {
        kind.name: {f.name: f.read_bytes() for f in sorted(kind.iterdir())}
        for kind in sorted(folder.iterdir())
        if kind.is_dir()
    }
    drawn = YAML(typ="safe", pure=True).load(folder / "csv" / "study.yaml")
    settings = {
        "study": {
            "title": {"zh": "小研究", "en": "Small study"},
            "preset": "huang2025",
            "seed": 1,
            "synthetic": True,
            "data_cutoff": drawn["study"]["data_cutoff"].isoformat(),
        },
        "data": {name: f"{name}.csv" for name in TABLES},
        "analyses": [dict(one) for one in ANALYSES],
    }
    formats["csv"] = {name: raw for name, raw in formats["csv"].items() if name != "study.yaml"}
    return Base(tables, settings, formats, folder)


def _write_base(folder: Path) -> None:
    import openpyxl
    import polars as pl
    import pyreadstat

    from fuzz.sdtm_files import DOMAINS, write_xpt
    from oligoscope.demo.cohort import make_cohort, write_cohort

    for kind in ("csv", "xlsx", "parquet", "typed", "sav", "dta", "json", "xpt", "sdtm"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    write_cohort(make_cohort(11, 20), folder / "csv")
    for extra in folder.joinpath("csv").iterdir():
        if extra.stem not in {*TABLES, "study"}:
            extra.unlink()
    patients = pl.read_csv(folder / "csv" / "patients.csv", infer_schema=False)
    arms = pl.Series("arm", ["AB"[i % 2] for i in range(patients.height)])  # a column of the user's own
    patients.with_columns(arms).write_csv(folder / "csv" / "patients.csv")
    book = openpyxl.Workbook()
    book.remove(book.active)  # pyright: ignore[reportArgumentType]
    for name in TABLES:
        frame = pl.read_csv(folder / "csv" / f"{name}.csv", infer_schema=False)
        frame.write_parquet(folder / "parquet" / f"{name}.parquet")
        typed = pl.read_csv(folder / "csv" / f"{name}.csv", try_parse_dates=True, infer_schema_length=None)
        typed.write_parquet(folder / "typed" / f"{name}.parquet")
        pyreadstat.write_sav(typed, folder / "sav" / f"{name}.sav")  # pyright: ignore[reportArgumentType]  # stubs: no frame of polars fits
        pyreadstat.write_dta(typed, folder / "dta" / f"{name}.dta")  # pyright: ignore[reportArgumentType]  # stubs: no frame of polars fits
        columns = [{"name": c, "dataType": "string"} for c in frame.columns]
        data_set = {"datasetJSONVersion": "1.1.0", "columns": columns, "rows": frame.rows()}
        (folder / "json" / f"{name}.json").write_text(json.dumps(data_set), encoding="utf-8")
        sheet = book.create_sheet(name)
        sheet.append(typed.columns)
        for row in typed.rows():
            sheet.append(row)
    book.save(folder / "xlsx" / "all.xlsx")
    for name, rows in DOMAINS.items():
        (folder / "xpt" / f"{name}.xpt").write_bytes(write_xpt(name, rows))
        (folder / "sdtm" / f"{name}.csv").write_bytes(csv_bytes(rows))
    (folder / "done").touch()


def changed_cell(rng: Random, rows: Rows, column: str, value: str, times: int = 1) -> None:
    """Put a value into random rows of a column."""
    at = rows[0].index(column)
    for number in rng.sample(range(1, len(rows)), min(times, len(rows) - 1)):
        rows[number][at] = value
