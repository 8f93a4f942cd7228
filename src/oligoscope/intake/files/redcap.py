"""REDCap's data dictionary: what the codes of an export mean, and which columns are one list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import find_header
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.raw_table import INTERNAL, RawTable
from oligoscope.intake.files.sheet import USUAL, Sheet, UnreadableError
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import LimitSettings

# The columns of a data dictionary, of which these are read.
_NAME, _KIND, _LABEL, _CHOICES = (
    "Variable / Field Name",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
)
_WITH_CHOICES = frozenset({"radio", "dropdown", "checkbox"})
_YES_NO = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_CHECKED = {"1": "Yes", "0": "No", "checked": "Yes", "unchecked": "No"}
_BOX = re.compile(r"(?P<field>.+?)___(?P<code>.+)", re.ASCII)
_BOX_BY_LABEL = re.compile(r"(?P<label>.+) \(choice=(?P<word>.+)\)", re.DOTALL)
_SEPARATORS = re.compile(r"\s*[;,；，、/]\s*")  # of the words of a list, which a word of it cannot hold
_MARKUP = re.compile(r"<[^<>]{0,200}>")
# The headers of an export by labels, for the ones of an export by codes.
_OF_EVENTS = {
    "event name": "redcap_event_name",
    "repeat instrument": "redcap_repeat_instrument",
    "repeat instance": "redcap_repeat_instance",
}
_NO_DICTIONARY = Text(
    "不是 REDCap 的数据字典（应有列 Variable / Field Name、Field Type、Field Label、Choices…）。",
    "it is no data dictionary of REDCap, which has the columns Variable / Field Name, Field Type, Field Label and Choices",
)


@dataclass(frozen=True, slots=True)
class RedcapField:
    """One field of a project.

    Attributes:
        name: Of its column in an export by codes.
        label: Of its column in an export by labels.
        is_checkbox: Whether it has a column `name___code` for each choice.
        words: The word of each code.
    """

    name: str
    label: str
    is_checkbox: bool
    words: dict[str, str]


def read_dictionary(raw: bytes, limits: LimitSettings = USUAL) -> tuple[RedcapField, ...]:
    """The fields of a project, from its data dictionary as REDCap exports it.

    Raises:
        UnreadableError: It is no data dictionary.
    """
    sheet = read_csv(raw, None, limits)
    at = {plain(header): header for header in sheet.headers}
    headers = [at.get(plain(name)) for name in (_NAME, _KIND, _LABEL, _CHOICES)]
    if headers[0] is None or headers[1] is None:
        raise UnreadableError(_NO_DICTIONARY)
    columns = [
        [""] * sheet.frame.height if h is None else sheet.frame[h].fill_null("").to_list() for h in headers
    ]
    return tuple(_field(*cells) for cells in zip(*columns, strict=True))


def _field(name: str, kind: str, label: str, choices: str) -> RedcapField:
    kind = kind.strip().casefold()
    words = dict(_choices(choices)) if kind in _WITH_CHOICES else _YES_NO.get(kind, {})
    return RedcapField(name.strip(), _without_markup(label), kind == "checkbox", words)


def _choices(text: str) -> Iterator[tuple[str, str]]:
    """`1, Male | 2, Female`"""
    for choice in text.split("|"):
        code, comma, word = choice.partition(",")
        if comma and code.strip():
            yield code.strip(), _without_markup(word) or code.strip()


def _without_markup(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())


def with_dictionary(sheet: Sheet, fields: tuple[RedcapField, ...]) -> Sheet:
    """The records with words in place of codes, the names of fields as headers, and the boxes of a field as one list.

    Columns of boxes stay beside their list. Exports by codes and by labels become the same sheet.
    """
    names = _headers(sheet, fields)
    frame = sheet.frame.rename({old: new for old, new in names.items() if old != new})
    headers = [names[header] for header in sheet.headers]
    by_name = {field.name.casefold(): field for field in fields}
    labels: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    boxes: dict[str, list[tuple[str, str]]] = {}
    for header in headers:
        box = _BOX.fullmatch(header)
        field = by_name.get(header.casefold())
        if field is None and box is not None:
            field = by_name.get(box["field"].casefold())
            if field is not None and field.is_checkbox and (word := _word_of(field, box["code"])):
                boxes.setdefault(field.name, []).append((header, word))
                labels[header] = f"{field.label} ({word})"
                words[header] = {code: w for code, w in _CHECKED.items() if code.isdigit()}
        elif field is not None:
            if field.label:
                labels[header] = field.label
            if field.words and not field.is_checkbox:
                words[header] = field.words
    frame = frame.with_columns(_in_words(frame[header], known) for header, known in words.items())
    lists = {name: there for name, there in boxes.items() if name not in headers}
    frame = frame.with_columns(_listed(name, there) for name, there in lists.items())
    labels |= {name: by_name[name.casefold()].label for name in lists if by_name[name.casefold()].label}
    return replace(
        sheet, headers=(*headers, *lists), frame=frame, declared=Declared(labels, words, sheet.declared.missing)
    )  # fmt: skip


def _headers(sheet: Sheet, fields: tuple[RedcapField, ...]) -> dict[str, str]:
    """Each header as an export by codes has it; one that several fields may be stays as it is."""
    found: dict[str, str] = {}
    own = {field.name.casefold() for field in fields}
    for header in sheet.headers:
        form = " ".join(header.split())
        if header.casefold() in own or _BOX.fullmatch(header):
            found[header] = header
            continue
        box = _BOX_BY_LABEL.fullmatch(form)
        if box is not None:
            meant = [
                f"{f.name}___{code}"
                for f in fields
                if f.is_checkbox and f.label == box["label"]
                for code, word in f.words.items()
                if word == box["word"]
            ]
        else:
            meant = [f.name for f in fields if f.label and f.label == form and not f.is_checkbox]
            meant = meant or [_OF_EVENTS[k] for k in (form.casefold(),) if k in _OF_EVENTS]
        new = meant[0] if len(meant) == 1 else header
        found[header] = new if new == header or new not in (*sheet.headers, *found.values()) else header
    return found


def _word_of(field: RedcapField, code: str) -> str | None:
    """REDCap writes -1 as _1, and capitals as small letters, in the name of a column."""
    forms = {known.replace("-", "_").casefold(): word for known, word in field.words.items()}
    return field.words.get(code) or forms.get(code.casefold())


def _in_words(cells: pl.Series, words: dict[str, str]) -> pl.Series:
    known = {**_CHECKED, **words} if set(words.values()) == {"Yes", "No"} else words
    return cells.str.strip_chars().replace(list(known), list(known.values())).alias(cells.name)


def _listed(name: str, boxes: list[tuple[str, str]]) -> pl.Expr:
    """The words of the boxes that are ticked; blank where none is."""
    ticked = [
        pl.when(pl.col(header).str.to_lowercase().is_in(["yes", "1", "checked"])).then(
            pl.lit(_SEPARATORS.sub(" ", word))
        )
        for header, word in boxes
    ]
    joined = pl.concat_str(ticked, separator=";", ignore_nulls=True)
    return pl.when(joined != "").then(joined).alias(name)


_EVENT = "redcap_event_name"


def one_row_a_record(raw: RawTable, record: str) -> RawTable:
    """The events of a patient as one row; a column of which a patient has several values is left out, with a finding.

    Args:
        raw: The rows that belong to no repeating instrument.
        record: The field of the patient's number, the first of a project.
    """
    key = find_header(raw.columns, record)
    if key is None or _EVENT not in raw.frame.columns or not raw.frame[key].is_duplicated().any():
        return raw
    data = [c for c in raw.frame.columns if c not in {*INTERNAL, key, _EVENT}]
    known = [pl.when(pl.col(c).str.strip_chars() != "").then(pl.col(c)).alias(c) for c in data]
    frame = raw.frame.with_columns(known)
    values = frame.group_by(key, maintain_order=True).agg(pl.col(c).drop_nulls().n_unique() for c in data)
    unclear = [c for c in data if (values[c] > 1).any()]
    issues = [
        Issue(
            rule="redcap_events", table=raw.name, source=source, column=column, expected=_several(values, column)
        )
        for column in unclear
        for source in list(raw.headers)[:1]
    ]  # fmt: skip
    whole = frame.group_by(key, maintain_order=True).agg(
        pl.col(c).drop_nulls().first() if c in data else pl.col(c).first() for c in frame.columns if c != key
    )
    headers = {source: tuple(h for h in names if h not in unclear) for source, names in raw.headers.items()}
    kept = [c for c in frame.columns if c not in unclear]
    return replace(raw, frame=whole.select(kept), headers=headers).with_problems(*issues)


def _several(values: pl.DataFrame, column: str) -> Text:
    n = values.filter(pl.col(column) > 1).height
    return Text(f"{n} 名患者有多个取值", f"{n} patient(s) have several values")
