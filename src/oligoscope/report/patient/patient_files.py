"""A patient's page on disk: where it goes, and never over a file that is not such a page."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from oligoscope.bilingual import Language
from oligoscope.errors import UsageError
from oligoscope.plain_text import digest, file_stem
from oligoscope.report.patient.patient_html import write_patient_html
from oligoscope.report.patient.patient_page import PatientPage
from oligoscope.report.patient.patient_tables import REASONS_ID

_OURS = ('<meta name="generator" content="Oligoscope">', f'<section id="{REASONS_ID}"')


def patient_files(patient_id: str, out: Path, languages: Iterable[Language]) -> dict[Language, Path]:
    """Where each language's page goes.

    Args:
        patient_id: Names the files in a folder.
        out: A file ending in .html (of two languages, NAME.zh.html and NAME.en.html), else a folder.
        languages: zh, en or both.

    Raises:
        UsageError: A file there is not a patient's page of ours.
    """
    languages = tuple(languages)
    paths: dict[Language, Path]
    if out.suffix.lower() == ".html" and not out.is_dir():
        stem = out.with_suffix("")
        paths = {lang: out if len(languages) == 1 else Path(f"{stem}.{lang}.html") for lang in languages}
    elif out.exists() and not out.is_dir():
        raise UsageError(
            f"{out} is a file. Choose a folder, or a file that ends in .html, with --out.",
            zh=f"{out} 是文件。请用 --out 指定文件夹，或以 .html 结尾的文件。",
        )
    else:
        paths = {lang: out / f"patient-{file_name(patient_id)}.{lang}.html" for lang in languages}
    foreign = [str(p) for p in paths.values() if p.exists() and not is_patient_page(p)]
    if foreign:
        raise UsageError(
            f"Not a patient's page written by Oligoscope: {', '.join(foreign)}. Choose another name with --out.",
            zh=f"不是 Oligoscope 写出的患者页：{', '.join(foreign)}。请用 --out 另取名字。",
        )
    return paths


def file_name(patient_id: str) -> str:
    """The identifier as a part of a file name: signs that some system forbids become "_", a long one is cut.

    Where that changes it, a number made from the whole follows, so that `A/1` and `A:1` have a page each.
    """
    stem = file_stem(patient_id, r'[\x00-\x1f\x7f<>:"/\\|?*\s]+', "_").strip("._")
    if stem == patient_id or stem.endswith(digest(patient_id)):
        return stem
    return f"{stem or 'patient'}-{digest(patient_id)}"


def is_patient_page(path: Path) -> bool:
    """Whether a file is a patient's page of ours, and so may be written again."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return all(mark in text for mark in _OURS)


def write_patient_files(page: PatientPage, paths: dict[Language, Path]) -> None:
    """Write the page in each language, whole or not at all.

    Raises:
        UsageError: The folder cannot be written.
    """
    try:
        for language, path in paths.items():
            other = next((p.name for lang, p in paths.items() if lang != language), None)
            _write(path, write_patient_html(page, language, other))
    except OSError as error:
        raise UsageError(
            f"The page cannot be written: {error}. Choose another place with --out.",
            zh=f"患者页无法写出：{error}。请用 --out 另选位置。",
        ) from None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
