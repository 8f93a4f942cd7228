"""Parts of the documents that could not be made: left out and named, so that nothing else is lost with them.

A table, a figure, a section, a file: each is made inside `LeftOut.made`. Where no `LeftOut` is given (a document
built by itself) the error is raised.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from oligoscope.bilingual import Text

P = ParamSpec("P")
T = TypeVar("T")
_MOST_SHOWN = 200  # characters of an error's message
# Of a path from the root: documents and run.json are passed on, and do not say whose computer they come from.
_FOLDERS = re.compile(r"(?<![\w.])(?:[A-Za-z]:[\\/]|[\\/])(?:[^\\/'\"<>|:]+[\\/])+")
_MAKER = re.compile(r"^(tabulate|draw|write|build)_")


@dataclass(frozen=True, slots=True)
class Part:
    """One part that failed.

    Attributes:
        name: What it is, in words.
        reason: The kind of error and its message, on one line.
    """

    name: Text
    reason: str

    @property
    def text(self) -> Text:
        """One sentence for the reader of the report."""
        return Text(
            f"{self.name.zh}未能生成，已略去（{self.reason}）。其余内容与 results.csv 不受影响。",
            f"{self.name.en[:1].upper()}{self.name.en[1:]} could not be made and is left out ({self.reason}). Everything else, "
            "and results.csv, is as it would be.",
        )


@dataclass(frozen=True)
class LeftOut:
    """Gathers the parts that failed; each is named once."""

    parts: list[Part] = field(default_factory=list)

    def made(self, name: Text, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Part:
        """What `make` gives, or the part that failed."""
        try:
            return make(*args, **kwargs)
        except Exception as error:  # whatever fails in one part must not take the others with it
            part = Part(name, _reason(error))
            if part not in self.parts:
                self.parts.append(part)
            return part


def named_after(kind: Text, make: Callable[..., object]) -> Text:
    """`tabulate_imputation` makes the table (imputation)."""
    name = _MAKER.sub("", getattr(make, "__name__", "").strip("_")).replace("_", " ")
    return Text(f"{kind.zh}（{name}）", f"{kind.en} ({name})")


def _reason(error: Exception) -> str:
    message = _FOLDERS.sub("", " ".join(str(error).split()))
    short = message if len(message) <= _MOST_SHOWN else f"{message[:_MOST_SHOWN]}…"
    return f"{type(error).__name__}: {short}" if short else type(error).__name__
