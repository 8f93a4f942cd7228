"""The arguments and options that several commands take."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Lang(StrEnum):
    """The choices of --lang."""

    zh = "zh"
    en = "en"
    both = "both"


class Pictures(StrEnum):
    """The choices of --figures."""

    usual = "usual"
    all = "all"


class NewSettings(StrEnum):
    """The choices of `new --preset`."""

    none = "none"
    huang2025 = "huang2025"


StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="A study folder, or its study.yaml.")]
PatientArgument = Annotated[
    str, typer.Argument(metavar="PATIENT_ID", help="The patient, as in the data, or their study number.")
]
OutOption = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", help="Folder to write into (new, empty, or an earlier output)."),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="Folder of the tables, in place of data.folder in study.yaml."
    ),
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of what is written for people.")]
AcceptOption = Annotated[bool, typer.Option("--accept-issues", help="Continue without the quarantined rows.")]
FiguresOption = Annotated[
    Pictures, typer.Option("--figures", help="usual: SVG and PNG; all: PDF and TIFF for print as well.")
]
SPOKEN = "OLIGOSCOPE_LANGUAGE"  # of the surroundings: the language of the page that a command answers

NewSettingsOption = Annotated[
    NewSettings,
    typer.Option("--preset", help="none: what current guidance asks for; huang2025: that paper's settings."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]


def language_of(lang: Lang) -> Any:
    """The language of the answer; where documents are written in both, that of the page which asked, else English."""
    is_chinese = lang is Lang.zh or (lang is Lang.both and os.environ.get(SPOKEN) == "zh")
    return "zh" if is_chinese else "en"


def languages_of(lang: Lang) -> Any:
    """The languages of the documents."""
    return ("zh", "en") if lang is Lang.both else (lang.value,)
