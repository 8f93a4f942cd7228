"""study.yaml may be short: short forms are written out, and the preset fills in what the file does not state."""

from __future__ import annotations

from typing import Any

from oligoscope.study.schemas import TABLES
from oligoscope.study.setting_types import setting_type
from oligoscope.study.study_presets import PRESETS
from oligoscope.study.yaml_lines import Path


def has_short_form(path: Path) -> bool:
    """Whether one text serves both languages in place of a group of two."""
    return path in {("study", "title"), ("matching", "unseal")}


def group(settings: dict[str, Any], key: str) -> dict[str, Any]:
    """The group of settings at `key`; empty where there is none."""
    found = settings.get(key)
    return found if isinstance(found, dict) else {}


def in_long_form(settings: dict[str, Any]) -> dict[str, Any]:
    """The same settings with every short form written out; a group left blank is an empty group."""
    full = {key: {} if value is None and _is_group(key) else value for key, value in settings.items()}
    study = group(full, "study")
    if isinstance(study.get("title"), str):
        full["study"] = study | {"title": {"zh": study["title"], "en": study["title"]}}
    if isinstance(reason := group(full, "matching").get("unseal"), str):
        full["matching"] = group(full, "matching") | {"unseal": {"zh": reason, "en": reason}}
    if labels := group(full, "labels"):
        full["labels"] = {column: _label_in_long_form(label) for column, label in labels.items()}
    data = _with_redcap(dict(group(full, "data")))
    for name in TABLES:
        if name in data:
            data[name] = _with_database(_table_in_long_form(data[name]), data.get("database"))
    if "sdtm" in data:
        data["sdtm"] = _sdtm_in_long_form(data["sdtm"])
    if data:
        full["data"] = data
    return full


_REDCAP = {"records", "dictionary", "instruments"}
_INSTRUMENT = "redcap_repeat_instrument"


def _with_redcap(data: dict[str, Any]) -> dict[str, Any]:
    """One export of REDCap as the tables in it: the rows of no repeating instrument are patients, those of others a table each.

    A group that is not of this form stays as it is, and is refused as no such setting.
    """
    redcap = data.get("redcap")
    if (
        not isinstance(redcap, dict)
        or not set(redcap) <= _REDCAP
        or not isinstance(redcap.get("records"), str)
    ):
        return data
    instruments = redcap.get("instruments") or {}
    if not isinstance(instruments, dict) or not set(instruments) <= set(TABLES):
        return data
    given = {"files": [redcap["records"]]}
    if redcap.get("dictionary") is not None:
        given["dictionary"] = redcap["dictionary"]
    full = {key: value for key, value in data.items() if key != "redcap"}
    for name, instrument in {"patients": "", **instruments}.items():
        stated = full.get(name, {})
        if isinstance(stated, dict):
            where = {_INSTRUMENT: instrument} if instruments else {}
            full[name] = {**given, **stated, "where": {**where, **group(stated, "where")}}
    return full


def _label_in_long_form(label: Any) -> Any:
    """A name of a column, or of a level, that serves both languages."""
    if isinstance(label, str):
        return {"zh": label, "en": label}
    levels = group(label, "levels") if isinstance(label, dict) else {}
    if not levels:
        return label
    named = {
        word: {"zh": name, "en": name} if isinstance(name, str) else name for word, name in levels.items()
    }
    return label | {"levels": named}


def _is_group(key: str) -> bool:
    kind = setting_type((key,))
    return kind is not None and kind.model is not None


_LISTS = {"files", "missing", "header_row", "ignored_rows"}


def _table_in_long_form(source: Any) -> Any:
    if isinstance(source, str):
        return {"files": [source]}
    if isinstance(source, list) and all(isinstance(file, str) for file in source):
        return {"files": source}
    if not isinstance(source, dict):
        return source
    full = {key: _listed(value) if key in _LISTS else value for key, value in source.items()}
    if isinstance(full.get("wide"), dict):
        full["wide"] = {k: _listed(v) if k in {"value", "date"} else v for k, v in full["wide"].items()}
    if isinstance(full.get("join"), dict):
        full["join"] = [full["join"]]
    if isinstance(full.get("join"), list):
        full["join"] = [_with_lists(join) for join in full["join"]]
    return _with_lists(full)


def _with_database(source: Any, database: Any) -> Any:
    """A table by query has no files, and the database of the study where it names none."""
    if not isinstance(source, dict) or "query" not in source:
        return source
    return {"files": [], "database": database, **source}


def _sdtm_in_long_form(source: Any) -> Any:
    """A folder alone, and one word in place of a list."""
    if isinstance(source, str):
        return {"folder": source}
    full = _table_in_long_form(source)
    if not isinstance(full, dict):
        return full
    if isinstance(full.get("where"), dict):
        full["where"] = {domain: _listed_words(rows) for domain, rows in full["where"].items()}
    for key, listed in (("tests", _listed_words), ("treatment", _listed)):
        if key in full:
            full[key] = listed(full[key])
    return full


def _listed_words(words: Any) -> Any:
    return {key: _listed(value) for key, value in words.items()} if isinstance(words, dict) else words


def _with_lists(source: Any) -> Any:
    """Words of `levels` and `where` as lists, also where there is one word only."""
    if not isinstance(source, dict):
        return source
    full = dict(source)
    if isinstance(full.get("where"), dict):
        full["where"] = {column: _listed(words) for column, words in full["where"].items()}
    if isinstance(full.get("levels"), dict):
        full["levels"] = {
            column: {ours: _listed(words) for ours, words in levels.items()}
            if isinstance(levels, dict)
            else levels
            for column, levels in full["levels"].items()
        }
    return full


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def with_preset(settings: dict[str, Any]) -> dict[str, Any]:
    """What the preset states wherever the file states nothing; groups are merged key by key."""
    name = group(settings, "study").get("preset")
    preset = PRESETS.get(name, {}) if isinstance(name, str) else {}
    full = dict(settings)
    for key, value in preset.items():
        if key not in full:
            full[key] = value
        elif isinstance(value, dict) and isinstance(full[key], dict):
            full[key] = _merged(value, full[key])
    return full


def _merged(preset: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    # Another definition chosen by name has its own details, not the study preset's (`controlled`).
    if "preset" in stated and stated["preset"] != preset.get("preset"):
        return stated
    return {**preset, **stated}
