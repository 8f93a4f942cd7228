"""REDCap's data dictionary: what the codes of an export mean, and which columns are one list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import find_header
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.raw_table import INTERNAL, RawTable
from oligoscope.intake.files.redcap_rows import EVENT, header_called, of_redcap
from oligoscope.intake.files.sheet import USUAL, Sheet, UnreadableError
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import LimitSettings

# The columns of a data dictionary that are read: as REDCap exports them, as its interface for programs names them, in Chinese.
_NAME = (
    "Variable / Field Name",
    "field_name",
    "变量/字段名称",
    "变量/字段名",
    "变量名称",
    "变量名",
    "字段名称",
    "字段名",
)
_KIND = ("Field Type", "字段类型")
_LABEL = ("Field Label", "字段标签", "字段标题")
_CHOICES = (
    "Choices, Calculations, OR Slider Labels", "select_choices_or_calculations", "选项、计算或滑块标签", "选项、计算公式或滑块标签",
    "选项，计算，或滑块标签", "选项",
)  # fmt: skip
_HEAD = 4_000  # bytes in which the headers of a dictionary are
_WITH_CHOICES = frozenset({"radio", "dropdown", "checkbox"})
_YES_NO = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
_CHECKED = {"1": "Yes", "0": "No", "checked": "Yes", "unchecked": "No"}
_BOX = re.compile(r"(?P<field>.+?)___(?P<code>.+)", re.ASCII)
_BOX_BY_LABEL = re.compile(r"(?P<label>.+) \(choice=(?P<word>.+)\)", re.DOTALL)
_SEPARATORS = re.compile(r"\s*[;,；，、/]\s*")  # of the words of a list, which a word of it cannot hold
_MARKUP = re.compile(r"<[^<>]{0,200}>")
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
    headers = [_header(sheet.headers, names) for names in (_NAME, _KIND, _LABEL, _CHOICES)]
    if headers[0] is None or headers[1] is None:
        raise UnreadableError(_NO_DICTIONARY)
    columns = [
        [""] * sheet.frame.height if h is None else sheet.frame[h].fill_null("").to_list() for h in headers
    ]
    return tuple(_field(*cells) for cells in zip(*columns, strict=True))


def is_dictionary(raw: bytes) -> bool:
    """Whether a file begins with the headers of a data dictionary."""
    with suppress(UnreadableError):
        lines = raw[:_HEAD].splitlines(keepends=True)
        headers = read_csv(lines[0] if lines else b"", None).headers
        return _header(headers, _NAME) is not None and _header(headers, _KIND) is not None
    return False


def _header(headers: Iterable[str], names: Iterable[str]) -> str | None:
    at = {_signs_apart(header): header for header in headers}
    return next((at[form] for name in names if (form := _signs_apart(name)) in at), None)


def _signs_apart(header: str) -> str:
    return re.sub(r"[\s_]", "", plain(header))


def _field(name: str, kind: str, label: str, choices: str) -> RedcapField:
    kind = kind.strip().casefold()
    words = dict(_choices(choices)) if kind in _WITH_CHOICES else _YES_NO.get(kind, {})
    return RedcapField(name.strip(), _without_markup(label), kind == "checkbox", words)


def _choices(text: str) -> Iterator[tuple[str, str]]:
    """`1, Male | 2, Female`"""
    for choice in text.split("|"):
        code, *words = re.split("[,，]", choice, maxsplit=1)
        if words and code.strip():
            yield code.strip(), _without_markup(words[0]) or code.strip()


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
    labels = {header: " ".join(sheet.declared.labels.get(header, header).split()) for header in sheet.headers}
    for header, form in labels.items():
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
            # Fields of one label are exported in the order of the dictionary.
            same = [h for h, label in labels.items() if label == form]
            if len(meant) == len(same):
                meant = meant[same.index(header) : same.index(header) + 1]
            meant = meant or [own for own in (of_redcap(form),) if own is not None]
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


def one_row_a_record(raw: RawTable, record: str) -> RawTable:
    """The events of a patient as one row; a column of which a patient has several values is left out, with a finding.

    Args:
        raw: The rows that belong to no repeating instrument.
        record: The field of the patient's number, the first of a project.
    """
    key = find_header(raw.columns, record)
    event = header_called(raw.frame.columns, EVENT)
    if key is None or event is None or not raw.frame[key].is_duplicated().any():
        return raw
    data = [c for c in raw.frame.columns if c not in {*INTERNAL, key, event}]
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
