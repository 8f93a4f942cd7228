"""The first rows of every file of a study and what they are taken for; before it, what a person said of a sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from oligoscope.answers import Answer
from oligoscope.bilingual import Language, Text
from oligoscope.mapping.previews import Reading, previews_of
from oligoscope.mapping.sheet_use import SheetSaid, changes_of
from oligoscope.study.schemas import TABLES
from oligoscope.study.short_forms import group
from oligoscope.study.study_file import mapping_file, read_mapping, stated_settings, study_file, with_mapping
from oligoscope.web.drafting import answers_given, is_ours, mark_of_files, set_by_hand, study_at, was_set
from oligoscope.web.tasks.run_task import Progress
from oligoscope.web.uploads import data_folder

_NOT_KNOWN = Text(
    "按此表头仍未认出是哪张表。请在“此表内容”中勾选。",
    "With this header the sheet is still not recognised. Tick what it holds.",
)


def answer_of(folder: Path, rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """The previews; `rest` may name a file of what a person said of a sheet."""
    study = study_at(folder)
    problem = ""
    if rest:
        said = json.loads(Path(rest[0]).read_text(encoding="utf-8"))
        if not _changed(folder, said, language):
            problem = _NOT_KNOWN[language]
    mark = mark_of_files(study)
    settings, answers = _settings(folder, language), answers_given(study)
    place = _place(folder, settings)
    files = previews_of(place, settings, answers, progress) if place.is_dir() else []
    tables = [{"name": name, "zh": table.label.zh, "en": table.label.en} for name, table in TABLES.items()]
    answer.update({"files": files, "tables": tables, "mark": mark, "problem": problem, "folder": place.name})


def _settings(folder: Path, language: Language) -> dict[str, Any]:
    """What study.yaml states, what a person set, and a mapping.yaml that was changed by hand; a draft is drafted again."""
    file, study = study_file(folder), study_at(folder)
    stated = stated_settings(file, language)
    mapping = {"data": was_set(study).get("data", {})}
    if not is_ours(study):
        mapping = read_mapping(mapping_file(file), language)
    return with_mapping(stated, mapping)


def _place(folder: Path, settings: dict[str, Any]) -> Path:
    stated = group(settings, "data").get("folder")
    return data_folder(study_at(folder)) if stated is None else folder / str(stated)


def _changed(folder: Path, said: dict[str, Any], language: Language) -> bool:
    """Write what a person said of a sheet; False where it is not known which table it is."""
    study, settings = study_at(folder), _settings(folder, language)
    place, answers = _place(folder, settings), answers_given(study)
    sheet = SheetSaid(
        (said["file"], said["sheet"]),
        tuple(said["tables"]),
        tuple(said["header_row"]),
        tuple(said["ignored_rows"]),
    )
    before = Reading(place, settings)
    after = Reading(place, settings, rows={sheet.place: sheet.rows}) if sheet.rows else before
    changes = changes_of(sheet, before, after, answers)
    set_by_hand(study, changes.data, changes.answers)
    return bool(changes.data or changes.answers or not sheet.header_row)
