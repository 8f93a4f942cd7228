"""The files that `check` writes beside issues.csv; none of them can make it fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oligoscope.bilingual import Language, Text
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.check.marked_files import marked_files
from oligoscope.report.check.since_last import SinceLast, since_last
from oligoscope.workflow import Checked

_MARKED = Text("标注后的工作簿", "marked workbook")
_SINCE = Text("与上次检查的比较", "comparison with the last check")
_SAID = Text("已标注的副本：", "Marked copy: ")


@dataclass
class Beside:
    """What is written, and said of it.

    Attributes:
        files: Contents by name.
        shown: Of the files that are named on the terminal, what is said before the name.
        lines: Sentences, among them the parts that were left out.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    shown: dict[str, Text] = field(default_factory=dict)
    lines: list[Text] = field(default_factory=list)


def files_beside(
    checked: Checked, place: Path, language: Language, progress: Callable[[str], None]
) -> Beside:
    """Mark the user's files and compare with the check before; what fails is left out and said.

    Args:
        checked: The study as read, with its raw tables.
        place: The folder, where the check before wrote.
        language: Of what is written into workbooks.
        progress: Called with each stage.
    """
    beside, left_out = Beside(), LeftOut()
    since = left_out.made(_SINCE, since_last, checked.issues, place)
    since = None if isinstance(since, Part) else since
    if since is not None:
        beside.lines.append(since.text)
    left_out.made(_MARKED, _mark, checked, since, language, beside)
    beside.lines += [part.text for part in left_out.parts]
    return beside


def _mark(checked: Checked, since: SinceLast | None, language: Language, beside: Beside) -> None:
    for name, found in marked_files(checked.issues, checked.inputs, checked.raw, since, language):
        if isinstance(found, Text):
            beside.lines.append(found)
        else:
            beside.files[name], beside.shown[name] = found, _SAID
