"""Identifiers that differ only in how they are written: P01 and p01, 12 and 012, P-1 and P 1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from oligoscope.study.dictionary.words import plain

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)", re.ASCII)
_SIGNS = re.compile(r"[-./\\#]+|\.0$", re.ASCII)


def loose(identifier: str) -> str:
    """The form in which identifiers are compared that a person would take for the same."""
    return _ZEROS.sub("", _SIGNS.sub("", plain(identifier.removesuffix(".0"))))


def pairs(unknown: Iterable[str], known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of each unknown identifier, the known ones that differ only in how they are written, in alphabetical order.

    Nothing is matched by this: two patients may be 12 and 012.
    """
    by_form: dict[str, list[str]] = {}
    wanted = {identifier: loose(identifier) for identifier in unknown}
    forms = set(wanted.values())
    for identifier in sorted(set(known)):
        form = loose(identifier)
        if form in forms:
            by_form.setdefault(form, []).append(identifier)
    return {identifier: tuple(by_form.get(form, ())) for identifier, form in wanted.items()}
