"""Headers of columns: how they are compared, what unit one states, and which column of a table it certainly is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from oligoscope.study.dictionary.units import unit_named
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import plain

_SIGNS = re.compile(r"[-\u2010-\u2015\u2212./:*?#&+'\u2019]")
_BRACKET = re.compile(r"\s*[(\[【](?P<note>[^()\[\]【】]*)[)\]】]")
_LAST_PART = re.compile(r"^(?P<name>.*[^\s/,、_])\s*[/,、_ ]\s*(?P<note>[^\s/,、_]+)$", re.DOTALL)
# 长径厘米; of other units the characters may belong to the name.
_LAST_CHARACTERS = re.compile(r"(?P<note>厘米|公分|毫米)$")
_DIVIDED = frozenset({"days", "weeks", "months"})
# What a bracket behind a name may say besides a unit without making it another column: the form of dates, what may be
# written, the antibody, the edition. Any other note may (a visit, a side, an arm), and the header is not taken.
_NOTES = (
    *(f"{a}{sign}{b}{sign}{c}" for sign in ("", "-", "/", ".") for a, b, c in (
        ("yyyy", "mm", "dd"), ("dd", "mm", "yyyy"), ("mm", "dd", "yyyy"), ("dd", "mmm", "yyyy"), ("yyyy", "m", "d"),
        ("年", "月", "日"),
    )),
    "必填", "选填", "required", "optional", "date", "日期", "m/f", "f/m", "男/女", "男女", "y/n", "yes/no", "是/否", "有/无", "a/d",
    "0-4", "0-5", "0/1", "0~4", "0~5", "0-100", "0~100", "分", "级", "期", "线", "score",
    "22c3", "28-8", "sp263", "sp142", "e1l3n", "dako 22c3", "ventana sp263", "ihc", "免疫组化",
    "recist", "recist1.1", "recist v1.1", "recist 1.1", "ecog", "who", "zubrod", "ps",
    "ajcc", "ajcc8", "ajcc 8th", "ajcc第8版", "第8版", "第八版", "8th", "8th edition", "8版", "v8", "tnm", "uicc 8",
)  # fmt: skip


@cache
def header_form(header: str) -> str:
    """The form in which headers are compared: width, case, spaces, underscores and joining signs do not matter."""
    return _SIGNS.sub("", plain(header))


def header_unit(header: str) -> str | None:
    """The unit a header states, as `长径（mm）`, `Size, cm`, `PFS/月` or `厘米`: mm, cm, years, months, weeks, days or percent."""
    written = unicodedata.normalize("NFKC", header).strip()
    patterns = (_BRACKET, _LAST_PART, _LAST_CHARACTERS)
    notes = [found["note"] for pattern in patterns for found in pattern.finditer(written)]
    return next((unit for note in (*notes, written) if (unit := unit_named(note))), None)


def bare_header(header: str) -> str:
    """A header without the units and notes beside its name that cannot change its meaning."""
    written = unicodedata.normalize("NFKC", header)
    name = _BRACKET.sub(lambda found: "" if _changes_nothing(found["note"]) else found[0], written).strip()
    last = _LAST_PART.match(name)
    return last["name"] if last and unit_named(last["note"]) else name


@cache
def forms_of(column: Variable) -> Mapping[str, int]:
    """Every name of a column in `header_form`: 2 a printed name (or ours), 3 an alias."""
    # A time without its unit may be in days or months.
    labels = () if column.unit and column.unit.word in _DIVIDED else (column.label.zh, column.label.en)
    names = (column.name, *labels, column.printed.zh, column.printed.en)
    aliases = {header_form(alias): 3 for alias in column.aliases}
    return MappingProxyType(aliases | {header_form(name): 2 for name in names})


def headers_of(headers: Iterable[str], column: Variable) -> tuple[str, ...]:
    """The headers that are certainly this column; of several those with its most exact name.

    Our own name is more exact than a printed name, and that than an alias. A note beside the name does not count, nor does
    a unit that the column may have: `访视日期（天）` is no date, `吸烟（年）` no level, `年龄（月）` no age in years.
    """
    forms = forms_of(column)
    ranked = [(rank, header) for header in headers if (rank := _rank(header, column, forms)) is not None]
    best = min((rank for rank, _ in ranked), default=None)
    return tuple(header for rank, header in ranked if rank == best)


def nearest_columns(headers: Iterable[str], columns: Iterable[Variable]) -> dict[str, tuple[Variable, ...]]:
    """Of each header that is none of the columns for certain, those that were probably meant; at most three, nearest first."""
    of_form: dict[str, Variable] = {}
    for column in columns:
        of_form |= dict.fromkeys(forms_of(column), column)
    found: dict[str, tuple[Variable, ...]] = {}
    for header in headers:
        form = header_form(bare_header(header))
        near = get_close_matches(form, of_form, n=6, cutoff=0.7)
        near += [known for known in of_form if len(known) > 1 and known in form]
        meant = {of_form[name].name: of_form[name] for name in near}
        found[header] = tuple(meant.values())[:3]
    return found


def _may_have(column: Variable, unit: str | None) -> bool:
    """Whether a header with this unit may be the column: none of a word or date; of a time its own; of a length any length."""
    if unit is None:
        return True
    own = None if column.unit is None else column.unit.word
    return unit == own or {unit, own} == {"mm", "cm"}


def _rank(header: str, column: Variable, forms: Mapping[str, int]) -> int | None:
    """How exact a header is: 0 our name, 1 our name in other letters, 2 a printed name, 3 an alias; None: another column."""
    if header == column.name:
        return 0
    if plain(header) == plain(column.name):
        return 1
    if (rank := forms.get(header_form(header))) is not None:
        return rank
    if not _may_have(column, header_unit(header)):
        return None
    bare = header_form(bare_header(header))
    if column.unit is not None and column.unit.word in _DIVIDED and header_unit(header) == column.unit.word:
        return forms.get(bare, 3 if bare in _forms_without_unit(column) else None)
    return forms.get(bare)


@cache
def _forms_without_unit(column: Variable) -> frozenset[str]:
    """Names of a time without its unit: they are the column only where the header states that unit."""
    names = (column.label.zh, column.label.en, column.printed.zh, column.printed.en, *column.aliases)
    return frozenset(header_form(bare_header(name)) for name in names)


def _changes_nothing(note: str) -> bool:
    return plain(note) in _PLAIN_NOTES or unit_named(note) is not None


_PLAIN_NOTES = frozenset(map(plain, _NOTES))
