"""A defect of the program, reported without a word of the data.

The report holds where the error arose: files of the program and its libraries, lines and functions, and the lines of
source there; no values of variables. Of the error's message only words stay that the program, the libraries it came
through or Python itself wrote: those that are words of their source. Everything else, every number too, becomes "…".
"""

from __future__ import annotations

import builtins
import linecache
import os
import platform
import re
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from oligoscope.errors import Defect

_WORD = re.compile(r"[A-Za-z_]{2,}")
_PIECE = re.compile(r"[A-Za-z_]{2,}|\w+|[^\w\s]+|\s+")
_LONGEST = 400  # characters of a message
_LIBRARIES = ("polars", "numpy", "scipy", "survival", "matplotlib", "openpyxl", "pydantic", "typer")


def defect_of(error: BaseException, command: Sequence[str]) -> Defect:
    """Write the report and give the error that names it.

    Args:
        error: What escaped.
        command: The words of the command line; options stay, what the user named does not.
    """
    text = report_of(error, command)
    path = _written(text)
    place = where(error)
    if path is None:
        return Defect(
            f"This is a defect of Oligoscope, not of your data ({place}). Earlier results are unchanged. What to report "
            f"(it holds no data):\n{text}",
            zh=f"这是 Oligoscope 的缺陷，不是数据的问题（{place}）。先前的结果未改动。请报告以下内容（不含数据）：\n{text}",
        )
    return Defect(
        f"This is a defect of Oligoscope, not of your data ({place}). Earlier results are unchanged. Please report it with "
        f"the file {path}: it holds no data, and you can read it first.",
        zh=f"这是 Oligoscope 的缺陷，不是数据的问题（{place}）。先前的结果未改动。请报告此问题并附上文件 {path}：其中不含数据，"
        "发送前可先查看。",
    )


def where(error: BaseException) -> str:
    """The last place of the program that the error came through: `clinical/labels, line 40`."""
    ours = [(name, line) for name, line, _, _ in _frames(error) if name.startswith("oligoscope/")]
    if not ours:
        return type(error).__name__
    name, line = ours[-1]
    return f"{name.removeprefix('oligoscope/').removesuffix('.py')}, line {line}"


def report_of(error: BaseException, command: Sequence[str]) -> str:
    """The whole report, as the head of this file says."""
    lines = [
        f"oligoscope {_version('oligoscope')}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"command: {' '.join(_without_values(command))}",
    ]
    for one in _chain(error):
        lines += ["", f"{type(one).__module__}.{type(one).__qualname__}: {without_data(str(one), one)}"]
        lines += [
            f"  {name}, line {line}, in {function}\n    {code}" for name, line, function, code in _frames(one)
        ]
    return "\n".join(lines) + "\n"


def without_data(message: str, error: BaseException) -> str:
    """A message in which only words stay that are in the source it came through, or in Python's own documentation."""
    known = _words_of(error)
    pieces = (p if p in known or not re.match(r"\w", p) else "…" for p in _PIECE.findall(message[:_LONGEST]))
    return re.sub(r"…(?:\W*…)+", "…", "".join(pieces))


def _words_of(error: BaseException) -> set[str]:
    texts = [str(one.__doc__) for one in vars(builtins).values()]
    files = {frame.tb_frame.f_code.co_filename for frame in _tracebacks(error.__traceback__)}
    texts += ["".join(linecache.getlines(name)) for name in files]
    return {word for text in texts for word in _WORD.findall(text)}


def _without_values(command: Sequence[str]) -> Iterator[str]:
    """The name of the command and its options; a path or a patient's number is not shown."""
    for i, word in enumerate(command):
        if i == 0 or word.startswith("--"):
            yield word.partition("=")[0] if re.fullmatch(r"[a-z-]+(=.*)?", word, re.DOTALL) else "…"
        else:
            yield "…"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen and len(seen) < 5:
        yield one
        seen.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(error: BaseException) -> Iterator[tuple[str, int, str, str]]:
    """(file, line, function, source) of every place."""
    for found in _tracebacks(error.__traceback__):
        code = found.tb_frame.f_code
        source = linecache.getline(code.co_filename, found.tb_lineno).strip()
        yield _short(code.co_filename), found.tb_lineno, code.co_name, source


def _tracebacks(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _short(name: str) -> str:
    """A path from the package on: where it is installed may hold a user's name."""
    parts = Path(name).parts
    for start in ("oligoscope", "site-packages"):
        if start in parts:
            at = len(parts) - 1 - parts[::-1].index(start)
            return "/".join(parts[at + (start == "site-packages") :])
    return Path(name).name


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _written(text: str) -> Path | None:
    try:
        handle, name = tempfile.mkstemp(prefix="oligoscope-defect-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError:
        return None
    return Path(name)
