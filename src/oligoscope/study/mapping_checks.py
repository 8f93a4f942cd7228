"""Does the program know the words of the `data` section? Columns, levels and constants against the tables of `schemas`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.study.database_url import fault_of_address
from oligoscope.study.dictionary.place_reading import OWN, proposals, read_stated
from oligoscope.study.dictionary.places import ORGANS
from oligoscope.study.dictionary.units import WHOLE_COLUMN
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_form, read_level
from oligoscope.study.protocol import SDTM_TESTS
from oligoscope.study.schemas import TABLES, TableSpec, day_name
from oligoscope.study.setting_types import nearest, not_among
from oligoscope.study.yaml_lines import Path

Fault = tuple[Path, Text]
_UNITS = {unit for units in WHOLE_COLUMN.values() for unit in units}


def check_mapping(data: dict[str, Any]) -> Iterator[Fault]:
    """Every place where a table's source names a column or a level that the table does not have."""
    for name, table in TABLES.items():
        source = data.get(name)
        if isinstance(source, dict):
            yield from _check_source(("data", name), source, table)
    yield from _check_places(("data", "places"), data.get("places"))
    yield from _check_address(("data", "database"), data.get("database"))
    sdtm = data.get("sdtm")
    if isinstance(sdtm, dict):
        yield from _check_sdtm(("data", "sdtm"), sdtm)


def _check_sdtm(path: Path, source: dict[str, Any]) -> Iterator[Fault]:
    """Unknown kinds of test, and unknown levels of a column of any table."""
    for name in source["tests"] if isinstance(source.get("tests"), dict) else ():
        if name not in SDTM_TESTS:
            what = Text("没有此类检查", "no such kind of test")
            yield (*path, "tests", name), _unknown(what, name, SDTM_TESTS)
    yield from _check_encoding(path, source)
    for table in TABLES.values():
        yield from _check_levels((*path, "levels"), source.get("levels"), table)


def _check_places(path: Path, places: Any) -> Iterator[Fault]:
    """Places that are none of the vocabulary."""
    for word, place in places.items() if isinstance(places, dict) else ():
        if isinstance(place, str) and place != OWN and read_stated(place) is None:
            known = (*(str(organ.word) for organ in ORGANS), OWN)
            near = next(iter(proposals(place)), None) or nearest(place, known)
            yield (*path, word), not_among(_NO_PLACE, near, ", ".join(known), stop="")


_NO_PLACE = Text("没有此部位", "no such place")


def our_columns(table: TableSpec) -> tuple[str, ...]:
    """The names a user may give: the columns, and `X_day` beside each date `X_on`."""
    dates = (c.name for c in table.columns if c.kind == "date" and c.name.endswith("_on"))
    return (*(c.name for c in table.columns), *(day_name(name) for name in dates))


def _check_source(path: Path, source: dict[str, Any], table: TableSpec) -> Iterator[Fault]:
    for key in ("columns", "levels", "constants"):
        yield from _check_names((*path, key), source.get(key), table)
    joins = source.get("join")
    for i, join in enumerate(joins if isinstance(joins, list) else ()):
        if isinstance(join, dict):
            yield from _check_names((*path, "join", i, "columns"), join.get("columns"), table)
    yield from _check_levels((*path, "levels"), source.get("levels"), table)
    yield from _check_units((*path, "units"), source.get("units"), table)
    for key in ("dates", "partial_dates"):
        yield from _check_dates((*path, key), source.get(key), table)
    if source.get("two_diameters") is not None and table.name != "measurements":
        yield (*path, "two_diameters"), _ONLY_MEASUREMENTS
    yield from _check_encoding(path, source)
    yield from _check_query(path, source)
    yield from _check_twice(path, source)
    yield from _check_wide((*path, "wide"), source.get("wide"), table)


_ONLY_MEASUREMENTS = Text("只有测量表有径线", "only measurements have diameters")
_WIDE = ("measurements", "lesions")


def _check_wide(path: Path, wide: Any, table: TableSpec) -> Iterator[Fault]:
    """A table that has no scans, patterns without their sign, dates stated twice or not at all, unknown columns."""
    if not isinstance(wide, dict):
        return
    if table.name not in _WIDE:
        yield (
            path,
            Text(
                "只有测量表和病灶表可以每次检查一列",
                "only measurements and lesions have a column for each scan",
            ),
        )
        return
    patterns = [(key, i, p) for key in ("value", "date") for i, p in enumerate(wide.get(key) or ())]
    columns = wide.get("columns")
    patterns += [("columns", name, p) for name, p in columns.items()] if isinstance(columns, dict) else []
    for key, at, pattern in patterns:
        if isinstance(pattern, str) and "*" not in pattern:
            yield (*path, key, at), Text("缺少 *（表示第几次检查）", "lacks the sign * for the scan")
    if isinstance(columns, dict):
        yield from _check_names((*path, "columns"), columns, TABLES["measurements"])
    if wide.get("date") and wide.get("dates_in") is not None:
        yield (
            (*path, "dates_in"),
            Text("日期已写在 date 中，只能取其一", "dates are stated under `date`, too; keep one of them"),
        )
    if not patterns and wide.get("dates_in") != "header":
        yield path, Text("缺少 value（如 [评效*]）", 'lacks `value`, as ["Scan * size"]')


def _check_units(path: Path, units: Any, table: TableSpec) -> Iterator[Fault]:
    known = {
        c.name: WHOLE_COLUMN[c.unit.word] for c in table.columns if c.unit and c.unit.word in WHOLE_COLUMN
    }
    for name, unit in units.items() if isinstance(units, dict) else ():
        if name not in known:
            what = Text("不是百分数列或长度列", "is not a column of percentages or lengths")
            yield (*path, name), _unknown(what, name, tuple(known))
        elif unit in _UNITS and (unit not in known[name] or (unit == "by_patient" and name != "diameter_mm")):
            yield (
                (*path, name),
                _unknown(Text("不是此列的单位", "is no unit of this column"), unit, known[name]),
            )


def _check_dates(path: Path, dates: Any, table: TableSpec) -> Iterator[Fault]:
    known = tuple(c.name for c in table.columns if c.kind == "date")
    for name in dates if isinstance(dates, dict) else ():
        if name not in known:
            yield (*path, name), _unknown(Text("不是日期列", "is not a column of dates"), name, known)


def _check_address(path: Path, address: Any) -> Iterator[Fault]:
    if isinstance(address, str) and (fault := fault_of_address(address)) is not None:
        yield path, fault


def _check_query(path: Path, source: dict[str, Any]) -> Iterator[Fault]:
    """A query has a database, and replaces files."""
    yield from _check_address((*path, "database"), source.get("database"))
    if not source.get("query"):
        return
    if source.get("files"):
        yield (*path, "query"), Text("files 与 query 只能取其一", "files are given, too; keep one of them")
    if not source.get("database"):
        expected = Text(
            "缺少 data.database（数据库地址）", "lacks data.database, the address of the database"
        )
        yield (*path, "query"), expected


def _check_encoding(path: Path, source: dict[str, Any]) -> Iterator[Fault]:
    encoding = source.get("encoding")
    if not isinstance(encoding, str):
        return
    try:
        b"a".decode(encoding)  # without bytes Python does not look the name up
    except UnicodeError:
        return  # UTF-16 and the like, which one byte is not
    except (LookupError, ValueError):
        yield (*path, "encoding"), _NO_ENCODING


_NO_ENCODING = Text(
    "没有此编码（如 utf-8、gb18030、latin-1、cp1252）",
    "no such encoding (as utf-8, gb18030, latin-1, cp1252)",
)


def _check_names(path: Path, names: Any, table: TableSpec) -> Iterator[Fault]:
    known = our_columns(table)
    for name in names if isinstance(names, dict) else ():
        if name not in known and not table.extra_columns:
            what = Text(f"{table.label.zh}表没有此列", f"{table.name} has no such column")
            yield (*path, name), _unknown(what, name, known)


def _check_levels(path: Path, levels: Any, table: TableSpec) -> Iterator[Fault]:
    columns = {c.name: c for c in table.columns}
    for name, words in levels.items() if isinstance(levels, dict) else ():
        column = columns.get(name)
        if column is None or not isinstance(words, dict):
            continue
        allowed = _level_words(column)
        for word in words:
            if allowed and word and word not in allowed:
                yield (*path, name, word), _no_level(column, str(word), allowed)


def _no_level(column: Variable, word: str, allowed: tuple[str, ...]) -> Text:
    """That a column has no such level, with the words it has and what they are called."""
    what = Text(
        f"{column.name}（{column.label.zh}）没有此取值",
        f"{column.name} ({column.label.en}) has no such level",
    )
    near = read_level(column, word) or nearest(word, allowed)
    names = [column.level_name(one) for one in allowed]
    said = Text(
        "、".join(_beside(one, name.zh) for one, name in zip(allowed, names, strict=True)),
        ", ".join(_beside(one, name.en) for one, name in zip(allowed, names, strict=True)),
    )
    zh, en = (not_among(what, near, said[language], stop="")[language] for language in LANGUAGES)
    return Text(zh, en)


def _beside(word: str, name: str) -> str:
    return word if level_form(word) == level_form(name) else f"{word} ({name})"


def _level_words(column: Variable) -> tuple[str, ...]:
    if column.kind == "boolean":
        return ("yes", "no", "true", "false")
    return column.words if column.kind == "level" else ()


def _check_twice(path: Path, source: dict[str, Any]) -> Iterator[Fault]:
    columns, constants = source.get("columns"), source.get("constants")
    for name in constants if isinstance(constants, dict) else ():
        if isinstance(columns, dict) and name in columns:
            yield (*path, "constants", name), _TWICE


_TWICE = Text(
    "此列同时写在 columns 与 constants 中，只能取其一。", "is in columns and in constants; keep one of them"
)


def _unknown(what: Text, word: str, known: tuple[str, ...]) -> Text:
    return not_among(what, nearest(word, known), ", ".join(known), stop="")
