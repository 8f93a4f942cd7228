"""What `check` answers: the findings by word, where all of them are listed, and how many rows were read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.check_files import files_beside
from oligoscope.checked_study import Checked
from oligoscope.errors import OligoscopeError
from oligoscope.output_folder import held
from oligoscope.run_record import write_findings
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_file import study_file

Hold = Callable[[AbstractContextManager[object]], None]


def answer_of_check(
    checked: Checked,
    place: Path,
    *,
    is_named: bool,
    language: Language,
    hold: Hold,
    progress: Callable[[str], None] = lambda _stage: None,
) -> dict[str, Any]:
    """Write the findings, and say in lines and numbers what they are.

    Args:
        checked: The study as read.
        place: The folder of issues.csv.
        is_named: The user named it; else one that cannot be used is said and is no error.
        language: Of the lines.
        hold: Keeps the folder from other runs until the command ends.
        progress: Called with each stage.

    Raises:
        UsageError, SystemRefusal: The named folder cannot be written.
    """
    issues = checked.issues
    beside = files_beside(checked, place, language, progress)
    refused = _written(checked, place, hold, beside.files, is_named=is_named)
    counts = {name: len(getattr(issues, name)) for name in ("errors", "quarantined", "warnings")}
    rows = {name: getattr(checked.tables, name).height for name in TABLES}
    written = place / "issues.csv"
    listed = Text(f"全部问题：{written}", f"All findings: {written}")[language]
    lines = [issues.message(language)] if issues else []
    lines += [listed if refused is None else refused.in_language(chinese=language == "zh")]
    if refused is None:
        lines += [f"{said[language]}{place / name}" for name, said in beside.shown.items()]
    lines += [line[language] for line in beside.lines]
    lines += [_rows_line(rows, language), _counts_line(**counts, language=language)]
    out = str(place) if refused is None else None
    return {**counts, "rows": rows, "out": out, "files": sorted(beside.files), "lines": lines}


def _written(
    checked: Checked, place: Path, hold: Hold, beside: dict[str, bytes], *, is_named: bool
) -> OligoscopeError | None:
    """Write the list; where its folder was not named and cannot be used, the reason is returned."""
    try:
        if not is_named:
            hold(held(place, study_file(checked.study).parent))
        write_findings(checked, place, "check", beside)
    except OligoscopeError as error:
        if is_named:
            raise
        return error
    return None


def _rows_line(rows: dict[str, int], language: Language) -> str:
    """How many rows of each table were read."""
    found = {name: n for name, n in rows.items() if n}
    if not found:
        return Text("没有数据行。", "No rows.")[language]
    if language == "zh":
        return "；".join(f"{TABLES[name].label.zh} {n} 行" for name, n in found.items())
    return "; ".join(f"{name} {n}" for name, n in found.items())


def _counts_line(errors: int, quarantined: int, warnings: int, language: Language) -> str:
    return Text(
        f"错误 {errors} 条，须剔除 {quarantined} 条，警告 {warnings} 条。",
        f"{errors} {'error' if errors == 1 else 'errors'}, {quarantined} quarantined, "
        f"{warnings} {'warning' if warnings == 1 else 'warnings'}.",
    )[language]
