"""What `check` answers: the findings by word, where all of them are listed, and how many rows were read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Language, Text, both_plain
from oligoscope.check_files import Beside, files_beside
from oligoscope.checked_study import Checked
from oligoscope.errors import OligoscopeError
from oligoscope.intake.validation import matches_of
from oligoscope.output_folder import held
from oligoscope.pipeline import StudyRun
from oligoscope.questions.flow.figure import STEPS
from oligoscope.report.check.since_last import SinceLast
from oligoscope.run_record import write_findings
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_file import study_file
from oligoscope.study.vocabulary import name_of

_NAMED = 200  # patients of one rule
Hold = Callable[[AbstractContextManager[object]], None]


def answer_of_check(
    checked: Checked,
    place: Path,
    *,
    is_named: bool,
    language: Language,
    hold: Hold,
    progress: Callable[[str], None] = lambda _stage: None,
    in_full: bool = True,
) -> dict[str, Any]:
    """Write the findings, and say in lines and numbers what they are.

    Args:
        checked: The study as read.
        place: The folder of issues.csv.
        is_named: The user named it; else one that cannot be used is said and is no error.
        language: Of the lines.
        hold: Keeps the folder from other runs until the command ends.
        progress: Called with each stage.
        in_full: With the list of findings, what changed since the last check, and who left; for a program that reads the answer.

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
    answer = {**counts, "rows": rows, "out": out, "files": sorted(beside.files), "lines": lines}
    if not in_full:
        return answer
    flow = [] if beside.run is None else flow_steps(beside.run)
    return answer | {"issues": _listed(checked, beside), "since": _since(beside.since), "flow": flow}


def _listed(checked: Checked, beside: Beside) -> list[dict[str, Any]]:
    """The findings as issues.csv has them, each with its cell in a workbook, our name of its column and whether it is new."""
    ours = {
        (name, match.shown): match.column.name
        for name, raw in checked.raw.items()
        for match in matches_of(raw, checked.protocol).found
    }
    is_new = [None] * len(checked.issues) if beside.since is None else beside.since.is_new
    return [
        {**row, "cell": beside.cells.get(issue), "ours": ours.get((issue.table, issue.column)), "is_new": new}
        for row, issue, new in zip(checked.issues.frame().to_dicts(), checked.issues, is_new, strict=True)
    ]


def _since(since: SinceLast | None) -> dict[str, Any] | None:
    """How many are new and still open, and which are resolved."""
    if since is None:
        return None
    n_new = sum(since.is_new)
    return {"new": n_new, "open": len(since.is_new) - n_new, "resolved": since.resolved.to_dicts()}


def flow_steps(run: StudyRun) -> list[dict[str, Any]]:
    """Each population, and the rules that lead from it to the next with the patients who left by them."""
    flow, patients = run.cohort.flow, run.cohort.patients
    found: list[dict[str, Any]] = []
    for population, n in flow.sizes.items():
        found.append(
            {"kind": "population", "name": population, "sentence": both_plain(STEPS[population]), "n": n}
        )
        for step in flow.steps:
            if step.after != population:
                continue
            left = patients.filter(pl.col("excluded_because") == step.rule)["patient_id"]
            found.append({
                "kind": "rule", "name": step.rule, "sentence": both_plain(step.sentence), "n": step.n_before,
                "excluded": step.n_excluded, "not_assessable": step.n_not_assessable, "patients": left.head(_NAMED).to_list(),
            })  # fmt: skip
    for pattern, n in flow.patterns:
        found.append({"kind": "pattern", "name": pattern, "sentence": both_plain(name_of(pattern)), "n": n})
    return found


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
