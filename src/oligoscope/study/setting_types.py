"""What a setting may hold, in words: read from its type in `protocol`, so that it is stated once."""

from __future__ import annotations

import difflib
import types
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from oligoscope.bilingual import Text
from oligoscope.study.protocol import Protocol
from oligoscope.study.yaml_lines import Path


@dataclass(frozen=True, slots=True)
class SettingType:
    """The type of one setting: its annotation and its limits."""

    annotation: Any
    limits: tuple[Any, ...] = ()

    @property
    def model(self) -> type[BaseModel] | None:
        """The group of settings it is, if it is one."""
        return next((a for a in self.options if isinstance(a, type) and issubclass(a, BaseModel)), None)

    @property
    def options(self) -> tuple[Any, ...]:
        """The annotations it may be, `X | Y` and `Annotated` taken apart."""
        return tuple(_options(self.annotation))

    @property
    def keys(self) -> tuple[str, ...]:
        """The settings inside it."""
        return () if self.model is None else tuple(self.model.model_fields)

    @property
    def words(self) -> tuple[str, ...]:
        """Words it may be; empty where it is not one of a few words."""
        return tuple(str(word) for option in self.options for word in _few_words(option))


def setting_type(path: Path) -> SettingType | None:
    """The type of the setting at `path` of a Protocol; None where there is no such setting."""
    here = SettingType(Protocol)
    for part in path:
        found = _inside(here, part)
        if found is None:
            return None
        here = found
    return here


def allowed_values(kind: SettingType) -> Text:
    """The allowed values in a short sentence."""
    texts = [_words_for(option, kind.limits) for option in kind.options]
    return Text("，或".join(t.zh for t in texts), ", or ".join(t.en for t in texts))


def nearest(word: str, words: tuple[str, ...]) -> str | None:
    """The word that was probably meant."""
    near = {w.casefold(): w for w in words}
    found = difflib.get_close_matches(word.casefold(), near, n=1, cutoff=0.6)
    return near[found[0]] if found else None


def not_among(what: Text, near: str | None, listed: str, stop: str = "。") -> Text:
    """`no such column; did you mean age? (there are: age, sex)`; `stop` ends the Chinese where no word is near."""
    zh, en = (f"；是否为 {near}？", f"; did you mean {near}?") if near else (stop, "")
    return Text(f"{what.zh}{zh}（可用：{listed}）", f"{what.en}{en} (there are: {listed})")


def _inside(kind: SettingType, part: str | int) -> SettingType | None:
    if isinstance(part, str) and part in kind.keys and kind.model is not None:
        field = kind.model.model_fields[part]
        return SettingType(field.annotation, tuple(field.metadata))
    for option in kind.options:
        origin, arguments = get_origin(option), get_args(option)
        if origin is tuple and isinstance(part, int):
            return SettingType(arguments[0])
        if origin is dict and isinstance(part, str):
            return SettingType(arguments[1])
    return None


def _options(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return [annotation]
    if origin in {Union, types.UnionType}:
        return [inner for option in get_args(annotation) for inner in _options(option)]
    return [annotation]


def _few_words(option: Any) -> tuple[Any, ...]:
    if get_origin(option) is Literal:
        return get_args(option)
    return tuple(option) if isinstance(option, type) and issubclass(option, StrEnum) else ()


def _words_for(option: Any, limits: tuple[Any, ...]) -> Text:
    origin, arguments = get_origin(option), get_args(option)
    if origin is Annotated:
        return _words_for(arguments[0], _constraints(arguments[1:]))
    if few := _few_words(option):
        words = ", ".join(str(word) for word in few)
        return Text(words, words if len(few) == 1 else f"one of {words}")
    if origin is tuple:
        return Text("列表 [ , ]", "a list [ , ]")
    if origin is dict:
        return Text("一组 键: 值", "a group of key: value")
    if isinstance(option, type) and issubclass(option, BaseModel):
        keys = ", ".join(option.model_fields)
        return Text(f"一组设置（{keys}）", f"a group of settings ({keys})")
    if option in {int, float}:
        return _number_words(option is int, _constraints(limits))
    return _PLAIN_WORDS.get(option, Text("文字", "text"))


_PLAIN_WORDS = {
    bool: Text("true 或 false", "true or false"),
    date: Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD"),
    types.NoneType: Text("null（不设）", "null (none)"),
}


def _number_words(whole: bool, limits: tuple[Any, ...]) -> Text:
    bounds = {name: getattr(limit, name) for limit in limits for name in _SIGNS if hasattr(limit, name)}
    limits_shown = ", ".join(f"{_SIGNS[name]} {bound:g}" for name, bound in bounds.items())
    zh, en = ("整数", "a whole number") if whole else ("数字", "a number")
    return Text(f"{zh} {limits_shown}".strip(), f"{en} {limits_shown}".strip())


_SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


def _constraints(limits: tuple[Any, ...]) -> tuple[Any, ...]:
    inner = [m for limit in limits for m in getattr(limit, "metadata", ())]
    return (*limits, *inner)
