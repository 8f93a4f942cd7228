"""The checksum of what a picture is drawn from: its painter with all the painter holds, the program, its libraries, the faces.

Two pictures of the same checksum are drawn alike, but for what their painters read of a journal's style (`style_reads`).
Values that are equal count as the same: results that were read back from a folder hold 377.0 for 377, and a level that its
text names is a text (`study/keys.py`).
"""

from __future__ import annotations

import functools
import platform
import types
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import polars as pl
from pydantic import BaseModel

import oligoscope
from oligoscope.bilingual import Language
from oligoscope.drawing.figure import PNG_DPI, Figure
from oligoscope.drawing.theme import families
from oligoscope.study.keys import Key, encode, is_plain

_LIBRARIES = ("matplotlib", "numpy", "polars", "pillow", "fonttools", "zlib-ng")
_PLAIN = (bytes, date, timedelta, Decimal, Path, range)
_SIZE = 16  # bytes


class Unknown(TypeError):
    """A value of which it is not known what it consists of: no checksum is made."""


class DrawnFrom:
    """Checksums of pictures; what several of them hold is gone through once."""

    def __init__(self) -> None:
        # What was gone through is held, so that nothing else takes its place in memory.
        self._known: dict[int, tuple[object, bytes]] = {}
        self._within: dict[int, int] = {}
        self._surroundings = surroundings()

    def checksum(self, figure: Figure, language: Language) -> str | None:
        """Of one picture in one language; None where it holds something unknown, so that it is drawn each time."""
        try:
            painted = self._of((figure.painter, figure.id, figure.synthetic, figure.width_mm))
        except (Unknown, RecursionError):
            self._within.clear()
            return None
        return _hashed((self._surroundings, language.encode(), painted)).hex()

    def _of(self, value: object) -> bytes:
        if isinstance(value, str) and (not isinstance(value, Key) or is_plain(value)):
            return _hashed((b"str", value.encode("utf-8", "surrogatepass")))
        if isinstance(value, int | float):
            return _hashed((b"number", _number(value).encode()))
        if value is None or type(value) in _PLAIN:
            return _hashed((type(value).__name__.encode(), repr(value).encode()))
        known = self._known.get(id(value))
        if known is not None:
            return known[1]
        if id(value) in self._within:  # a circle: by the place where it began
            return b"circle%d" % (len(self._within) - self._within[id(value)])
        self._within[id(value)] = len(self._within)
        found = _hashed(self._parts(value))
        del self._within[id(value)]
        self._known[id(value)] = value, found
        return found

    def _parts(self, value: object) -> Iterator[bytes]:
        """What makes up a value, its kind first."""
        kind = type(value)
        yield f"{kind.__module__}.{kind.__qualname__}".encode()
        if isinstance(value, pl.DataFrame | pl.Series | np.ndarray):
            yield from _cells(value)
        elif isinstance(value, type | types.ModuleType | types.BuiltinFunctionType | Enum):
            yield f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value)}".encode()
        elif isinstance(value, types.FunctionType | types.MethodType | functools.partial):
            yield from self._function(value)
        elif isinstance(value, Mapping):
            yield from map(self._of, (part for pair in value.items() for part in pair))
        elif isinstance(value, tuple | list):
            yield from map(self._of, value)
        elif isinstance(value, Set):
            yield from sorted(map(self._of, value))
        else:
            yield from self._object(value)

    def _function(self, value: Any) -> Iterator[bytes]:
        """A function by where it is written, with what it holds; what it calls by its name is the program's."""
        if isinstance(value, functools.partial):
            yield from map(self._of, (value.func, value.args, value.keywords))
        elif isinstance(value, types.MethodType):
            yield from map(self._of, (value.__func__, value.__self__))
        else:
            code = value.__code__
            yield f"{value.__module__}.{value.__qualname__}:{code.co_firstlineno}".encode()
            yield from _instructions(code)
            held = [cell.cell_contents for cell in value.__closure__ or ()]
            yield from map(self._of, (held, value.__defaults__, value.__kwdefaults__))

    def _object(self, value: Any) -> Iterator[bytes]:
        """An object of ours by its fields, a text with parts by these too."""
        if isinstance(value, Key):
            yield repr(encode(value)).encode("utf-8", "surrogatepass")
        elif is_dataclass(value):
            yield from (self._of(getattr(value, one.name)) for one in fields(value) if one.compare)
        elif isinstance(value, BaseModel):
            yield from map(self._of, value.__dict__.items())
        else:
            raise Unknown(type(value))


def _hashed(parts: Iterable[bytes]) -> bytes:
    digest = blake2b(digest_size=_SIZE)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


def _number(value: float) -> str:
    """377 and 377.0 alike; integers that no float holds keep their digits."""
    return repr(value) if isinstance(value, int) and abs(value) >= 1 << 53 else repr(float(value))


def _cells(value: pl.DataFrame | pl.Series | np.ndarray[Any, Any]) -> Iterator[bytes]:
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise Unknown(value.dtype)
        yield f"{value.dtype}{value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
        return
    frame = value.to_frame() if isinstance(value, pl.Series) else value
    if pl.Object in frame.dtypes:
        raise Unknown(pl.Object)
    yield repr(frame.schema).encode()
    is_nested = any(kind.is_nested() for kind in frame.dtypes)
    yield (repr(frame.rows()) if is_nested else frame.write_csv()).encode("utf-8", "surrogatepass")


def _instructions(code: types.CodeType) -> Iterator[bytes]:
    """Tells two functions apart that are written in the same line."""
    yield code.co_code
    yield repr((code.co_names, [*map(_constant, code.co_consts)])).encode()
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _instructions(inner)


def _constant(value: object) -> object:
    """A constant of a function; a set in one order, code by itself."""
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return None if isinstance(value, types.CodeType) else value


def surroundings(more_libraries: Iterable[str] = ()) -> bytes:
    """The program as it is installed here, its libraries, and how matplotlib is set up on this computer."""
    libraries = [f"{name} {_version(name)}" for name in (*_LIBRARIES, *more_libraries)]
    machine = (platform.python_version(), platform.machine(), platform.system(), PNG_DPI, families())
    # To read which window system matplotlib would draw on starts it; nothing here is drawn on one.
    settings = [(name, matplotlib.rcParams[name]) for name in matplotlib.rcParams if name != "backend"]
    return _hashed((program(), repr((libraries, machine, sorted(settings))).encode()))


@cache
def program() -> bytes:
    """The program that runs: read once, as it was loaded once."""
    texts = sorted(Path(oligoscope.__file__).parent.rglob("*.py"))
    return _hashed(part for path in texts for part in (path.name.encode(), path.read_bytes()))


def _version(library: str) -> str:
    try:
        return version(library)
    except ModuleNotFoundError:
        return ""
