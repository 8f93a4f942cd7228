"""A new study.yaml: every setting with its default and a sentence why, in the user's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.errors import SystemRefusal, UsageError
from oligoscope.study.analysis_options import Kinds
from oligoscope.study.protocol import (
    Bilingual,
    DataSettings,
    Label,
    Protocol,
    SdtmSource,
    StudySettings,
    TableSource,
)
from oligoscope.study.schemas import TABLES
from oligoscope.study.setting_notes import SETTING_NOTES, notes_of_kinds
from oligoscope.study.setting_types import allowed_values, setting_type
from oligoscope.study.study_presets import OWN_ANALYSES, PAPER_ELIGIBILITY, PRESETS
from oligoscope.study.template.book import HEADER_ROW, TEMPLATE_FILE, template_workbook
from oligoscope.study.template.words import sheet_title
from oligoscope.system.refusals import reason
from oligoscope.system.whole_file import write_whole

NoteLanguage = Literal["zh", "en", "both"]
Preset = Literal["huang2025"]
FIRST_SHEETS = ("patients", "lesions", "measurements", "treatments")


def write_new_protocol(
    folder: Path,
    kinds: Kinds,
    names: Mapping[str, Text],
    language: NoteLanguage = "both",
    preset: Preset | None = None,
) -> Path:
    """Write a study.yaml with every setting, and the workbook that it reads, ready to be filled in.

    Args:
        folder: Made if it is not there.
        kinds: The kinds of analysis, which its comments list.
        names: What each of them is called.
        language: The language of the comments and the workbook; both gives each sentence twice.
        preset: Whose settings; None for what current guidance asks for, with the paper's eligibility and questions to be changed.

    Returns:
        The study.yaml written; TEMPLATE_FILE is beside it.

    Raises:
        UsageError: There is a study.yaml, or a workbook of that name, already.
        SystemRefusal: It cannot be written.
    """
    file, book = folder / "study.yaml", folder / TEMPLATE_FILE
    languages = LANGUAGES if language == "both" else (language,)
    comments = Comments(SETTING_NOTES | notes_of_kinds(kinds, names), languages)
    try:
        if file.exists() or book.exists():
            raise FileExistsError
        written = protocol_text(_new_protocol(language, preset), comments).encode()
        write_whole({file: written, book: template_workbook(language)}, replace=False)
    except FileExistsError:
        there = file if file.exists() else book
        raise UsageError(
            f"{there} exists already and was not changed.", zh=f"{there} 已存在，未改动。"
        ) from None
    except OSError as error:
        why = reason(error)
        raise SystemRefusal(
            f"{file} cannot be written: {why.en}.", zh=f"{file} 无法写入：{why.zh}。"
        ) from None
    return file


@dataclass(frozen=True, slots=True)
class Comments:
    """What is written above the settings: the sentences of `setting_notes`, in one language or two."""

    notes: Mapping[str, Text]
    languages: tuple[Language, ...]

    def of(self, note: str) -> tuple[str, ...]:
        return self.lines(self.notes[note])

    def lines(self, text: Text) -> tuple[str, ...]:
        return tuple(text[language] for language in self.languages)


def protocol_text(protocol: Protocol, comments: Comments) -> str:
    """Settings as YAML, each under its comment and with what it may hold."""
    rows = [*comments.lines(_HEAD), *comments.lines(_OF_PAPER if protocol.study.preset else _OF_GUIDANCE)]
    for name in Protocol.model_fields:
        rows += ["", *_entry(name, getattr(protocol, name), name, 0, comments)]
    return "\n".join([*rows, "", *comments.lines(_EXAMPLE)]) + "\n"


_HEAD = Text(
    "# Oligoscope 研究设置。每项上方说明含义、单位、出处和允许的取值；删去的项取默认值。",
    "# Settings of an Oligoscope study. Above each: what it means, its unit, source and allowed values. A deleted line takes its default.",
)
_OF_GUIDANCE = Text(
    "# 插补、匹配与定义取现行方法学建议的默认值；入选标准与分析题目沿用 Huang 等（2025），请按本研究的方案修改。要全部按该文：oligoscope new DIR --preset huang2025。",
    "# Imputation, matching and definitions are what current guidance asks for; eligibility and questions are those of Huang et al. (2025), to be "
    "changed to your protocol. For all settings of that paper: oligoscope new DIR --preset huang2025.",
)
_OF_PAPER = Text(
    "# 各项均取自 Huang 等（2025）。要取现行方法学建议的默认值：oligoscope new DIR。",
    "# All settings are those of Huang et al. (2025). For what current guidance asks for: oligoscope new DIR.",
)
WHOSE_SETTINGS: Mapping[Preset | None, Text] = {  # what the command answers
    None: Text(
        "其中插补、匹配与定义取现行方法学建议的默认值；加 --preset huang2025 则全部取自 Huang 等（2025）。",
        "Its imputation, matching and definitions are what current guidance asks for; --preset huang2025 writes all settings of Huang et al. (2025).",
    ),
    "huang2025": Text(
        "其中各项取自 Huang 等（2025）；不加 --preset 则取现行方法学建议的默认值。",
        "Its settings are those of Huang et al. (2025); without --preset they are what current guidance asks for.",
    ),
}
_EXAMPLE = Text(
    """# 长写法示例，沿用您自己的文件、列名和取值：
#   measurements:
#     files: [影像.xlsx]
#     sheet: 测量
#     columns: {patient_id: 病案号, lesion_id: 病灶, assessed_on: 检查日期, diameter_mm: 长径}
#     levels: {state: {absent: [消失], not_evaluated: [未查]}}
#     missing: [NA, 不详]""",
    """# The long form, with your own files, columns and words:
#   measurements:
#     files: [scans.xlsx]
#     sheet: measurements
#     columns: {patient_id: SUBJECT, lesion_id: LESION, assessed_on: SCAN_DATE, diameter_mm: LONGEST_MM}
#     levels: {state: {absent: [Absent], not_evaluated: [Not done]}}
#     missing: [NA]""",
)


def _new_protocol(language: NoteLanguage, preset: Preset | None) -> Protocol:
    tables = {
        name: TableSource(
            files=(TEMPLATE_FILE,), sheet=sheet_title(TABLES[name], language), header_row=(HEADER_ROW,)
        )
        for name in FIRST_SHEETS
    }
    own = {"eligibility": PAPER_ELIGIBILITY, "analyses": OWN_ANALYSES}
    settings: dict[str, Any] = {
        "study": StudySettings(preset=preset),
        "data": DataSettings.model_validate(tables),
        **(own if preset is None else PRESETS[preset]),
    }
    return Protocol.model_validate(settings)


def _entry(key: str, value: Any, note: str, depth: int, comments: Comments) -> Iterator[str]:
    """One setting: its sentences, then its line, or its own entries below it."""
    pad = "  " * depth
    yield from (f"{pad}# {line}" for line in comments.of(note))
    if isinstance(value, BaseModel) and not isinstance(value, TableSource | Bilingual):
        yield f"{pad}{key}:"
        for name in type(value).model_fields:
            yield from _entry(name, getattr(value, name), f"{note}.{name}", depth + 1, comments)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        yield from _notes_of_items(type(value[0]), note, pad, comments)
        yield f"{pad}{key}:"
        yield from (f"{pad}  - {_flow(item)}" for item in value)
    else:
        if note == "data.sdtm" and value is None:
            yield from _notes_of_items(SdtmSource, note, pad, comments)
        if note == "labels":
            yield from _notes_of_items(Label, note, pad, comments)
        yield f"{pad}{key}: {_flow(value)}{_allowed(note, comments)}"


def _notes_of_items(model: type[BaseModel], note: str, pad: str, comments: Comments) -> Iterator[str]:
    for name in model.model_fields:
        yield from (f"{pad}#   {name}: {line}" for line in comments.of(f"{note}.{name}"))


def _allowed(note: str, comments: Comments) -> str:
    """The allowed values, where the value itself does not show them."""
    kind = setting_type(tuple(note.split(".")))
    if kind is None or kind.model is not None or note == "study.title":
        return ""
    return "  # " + " / ".join(comments.lines(allowed_values(kind)))


def _flow(value: Any) -> str:
    """One value on one line of YAML."""
    if isinstance(value, TableSource):
        return _flow(value.model_dump(exclude_defaults=True))
    if isinstance(value, BaseModel):
        stated = {n: getattr(value, n) for n in type(value).model_fields}
        return _flow({n: v for n, v in stated.items() if v is not None and v not in ((), {})})
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _plain(value) if isinstance(value, str) else str(value)


def _plain(text: str) -> str:
    is_word = re.fullmatch(r"[A-Za-z][\w./]*", text, re.ASCII)
    safe = is_word and text.casefold() not in {"true", "false", "null"}
    return text if safe else json.dumps(text, ensure_ascii=False)
