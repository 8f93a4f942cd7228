"""The answer of `oligoscope compare`: a study's results beside a paper's numbers, as lines and as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Language
from oligoscope.csv_files import guarded
from oligoscope.errors import UsageError
from oligoscope.number_format import format_number
from oligoscope.published.comparison import Compared, agreement, compare_published, comparison_frame
from oligoscope.published.paper import read_published
from oligoscope.questions.registry import analysis_named
from oligoscope.report.published.published_table import VERDICTS, agreement_text, tolerance_words
from oligoscope.results.results import Results, read_estimate, read_rows

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
        UsageError: There are no such results or no such paper, or `out` is not a .csv file.
    """
    if out is not None and out.suffix.lower() != ".csv":
        raise UsageError(
            f"--out must name a .csv file, not {out}.", zh=f"--out 须为 .csv 文件，而不是 {out}。"
        )
    paper = read_published(published)
    rows = compare_published(read_estimates(results), paper)
    frame = comparison_frame(rows)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        guarded(frame).write_csv(out, include_bom=True)
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
    except (pl.exceptions.PolarsError, ValueError, LookupError) as error:
        raise UsageError(
            f"{file} is not a {ESTIMATES} of Oligoscope: {error}",
            zh=f"{file} 不是 Oligoscope 的 {ESTIMATES}：{error}",
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
