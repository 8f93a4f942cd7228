"""The answer of `oligoscope compare`: a study's results beside a paper's numbers, as lines and as CSV."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Language
from oligoscope.csv_files import without_formulas
from oligoscope.errors import SystemRefusal, UsageError
from oligoscope.number_format import format_number
from oligoscope.published.comparison import Compared, agreement, compare_published, comparison_frame
from oligoscope.published.paper import read_published
from oligoscope.questions.registry import analysis_named
from oligoscope.report.published.published_table import VERDICTS, agreement_text, tolerance_words
from oligoscope.results.results import Results, read_estimate, read_rows
from oligoscope.system.refusals import reason
from oligoscope.system.whole_file import must_be_writable, write_whole

ESTIMATES = "results.csv"


def compare_with(
    results: Path, published: str, out: Path | None, language: Language, *, with_rows: bool
) -> dict[str, Any]:
    """Compare and, where asked for, write every number as a row.

    Args:
        results: The output folder of a run, or its results.csv.
        published: A paper of the package, or a .yaml file.
        out: A .csv file to write (UTF-8 with mark, for spreadsheets); None writes nothing.
        language: Of the lines.
        with_rows: Every number is in the answer, for JSON.

    Raises:
        UsageError: There are no such results or no such paper, or `out` is another file than such a comparison.
        SystemRefusal: `out` cannot be written.
    """
    if out is not None and out.suffix.lower() != ".csv":
        raise UsageError(
            f"--out must name a .csv file, not {out}.", zh=f"--out 须为 .csv 文件，而不是 {out}。"
        )
    if out is not None:
        _must_be_ours(out)
    paper = read_published(published)
    rows = compare_published(read_estimates(results), paper)
    frame = comparison_frame(rows)
    if out is not None:
        _write(frame, out)
    counted = {
        name: {
            "n": a.n,
            "within": a.n_within,
            "not_reproduced": a.n_not_reproduced,
            "percent": round(a.percent, 1),
        }
        for name, a in (("table_1", agreement(rows, table_1=True)), ("other", agreement(rows, table_1=False)))
    }
    lines = [*(_line(row, language) for row in rows), agreement_text(rows, paper)[language]]
    answer = {
        "published": paper.id,
        "agreement": counted,
        "out": None if out is None else str(out),
        "lines": lines,
    }
    return answer | ({"numbers": frame.to_dicts()} if with_rows else {})


def _must_be_ours(out: Path) -> None:
    """Refuse a file that is not such a comparison, before anything is read.

    Raises:
        UsageError: It is another file.
        SystemRefusal: It cannot be written.
    """
    if os.path.lexists(out):
        try:
            with out.open("rb") as file:
                head = file.readline(10_000) if out.is_file() else b""
        except OSError:
            head = b""
        if head.decode("utf-8-sig", "replace").strip() != ",".join(comparison_frame([]).columns):
            raise UsageError(
                f"{out} is not a comparison written by Oligoscope. Choose another name with --out.",
                zh=f"{out} 不是 Oligoscope 写出的比较结果。请用 --out 另取名字。",
            )
    must_be_writable(out)


def _write(frame: pl.DataFrame, out: Path) -> None:
    text = io.BytesIO()
    without_formulas(frame).write_csv(text, include_bom=True)
    try:
        write_whole({out: text.getvalue()})
    except OSError as error:
        why = reason(error)
        raise SystemRefusal(f"{out} cannot be written: {why.en}.", zh=f"{out} 无法写入：{why.zh}。") from None


def read_estimates(path: Path) -> Results:
    """The estimates of results.csv, given by the file or by its folder.

    Raises:
        UsageError: The file does not exist or has other columns.
    """
    file = path / ESTIMATES if path.is_dir() else path
    if not file.is_file():
        raise UsageError(
            f"{file} does not exist. Give the output folder of a run, or its {ESTIMATES}.",
            zh=f"{file} 不存在。请给出某次运行的输出文件夹，或其中的 {ESTIMATES}。",
        )
    try:
        return Results(tuple(read_estimate(row, analysis_named) for row in read_rows(file)))
    except (pl.exceptions.PolarsError, OSError, ValueError, LookupError):
        raise UsageError(
            f"{file} is not a {ESTIMATES} of Oligoscope, or it is damaged, or of another version. Run the study once more.",
            zh=f"{file} 不是 Oligoscope 的 {ESTIMATES}，或已损坏，或由其他版本写出。请重新运行该研究。",
        ) from None


def _line(row: Compared, language: Language) -> str:
    """One number on one line: place, keys, both values, difference, verdict and, where it failed, the reason."""
    printed = row.printed
    keys = "|".join(part for part in printed.estimate.key if part) + (
        "" if row.part == "value" else f" {row.part}"
    )
    values = [f"{printed.bound}{row.theirs:g}", _number(row.ours), _number(row.difference)]
    tolerance = tolerance_words(printed.tolerance)[language]
    why = f"  {row.reason[language]}" if row.reason is not None else ""
    return (
        "  ".join([printed.section, keys, *values, f"({tolerance})", VERDICTS[row.verdict][language]]) + why
    )


def _number(value: float | None) -> str:
    return format_number(value, 4 if value is not None and abs(value) < 0.1 else 2)
