"""Reads a lock file: names, exact versions, markers and hashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN, DEV, SPARK, SUPPLY = (ROOT / f"requirements{part}.lock" for part in ("", "-dev", "-spark", "-supply"))
_HEAD = re.compile(r"(?m)^([a-z0-9][a-z0-9-]*)==(\S+)(?: ; ([^\\\n]+?))? \\$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(path: Path) -> list[Locked]:
    """Every package of the file, in its order.

    Raises:
        ValueError: A line is neither a package with a version, a hash, nor a comment.
    """
    text = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    found = [
        Locked(head[1], head[2], head[3] or "", tuple(_HASH.findall(text[head.end() : end])))
        for head, end in zip(heads, ends, strict=True)
    ]
    known = sum(1 + len(one.hashes) for one in found)
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if known != len(lines) or not all(one.hashes for one in found):
        raise ValueError(f"{path.name} has lines that are not a package with its version and hashes")
    return found
