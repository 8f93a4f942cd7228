"""The workbook to fill in."""

from __future__ import annotations

from pathlib import Path

from oligoscope.answers import Answer
from oligoscope.bilingual import Language
from oligoscope.study.template.book import template_workbook
from oligoscope.system.whole_file import write_whole
from oligoscope.web.tasks.run_task import Progress


def answer_of(
    folder: Path, rest: list[str], _language: Language, _progress: Progress, answer: Answer
) -> None:
    """Write it as the file that `rest` names."""
    place = folder / rest[0]
    write_whole({place: template_workbook("both")})
    answer.update({"file": str(place)})
