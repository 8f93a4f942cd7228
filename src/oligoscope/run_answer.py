"""What `derive`, `run` and `demo` answer: patients, files and parts left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.cohort.select import Flow
from oligoscope.command_options import Lang, language_of
from oligoscope.number_key import where_the_key_is
from oligoscope.printing.left_out import LeftOut


def summary_of(flow: Flow, out: Path, lang: Lang) -> dict[str, Any]:
    """The numbers of patients in each population, and the files written."""
    lines = [
        Text(
            f"筛选 {flow.n_screened} 例，治疗 {flow.n_treated} 例，进展 {flow.n_progressed} 例。",
            f"{flow.n_screened} screened, {flow.n_treated} treated, {flow.n_progressed} with progression.",
        )[language_of(lang)]
    ]
    lines += [
        Text(f"报告：{p}", f"Report: {p}")[language_of(lang)] for p in sorted(out.glob("report.*.html"))
    ]
    lines.append(Text(f"全部文件：{out}", f"All files: {out}")[language_of(lang)])
    return {
        "out": str(out), "n_screened": flow.n_screened, "n_treated": flow.n_treated, "n_progressed": flow.n_progressed,
        "patterns": dict(flow.patterns), "lines": lines,
    }  # fmt: skip


def name_key(answer: dict[str, Any], study_folder: Path, out: Path, lang: Lang) -> None:
    """Where the key of study numbers is, for documents that call patients by them."""
    if sentence := where_the_key_is(study_folder, out):
        answer["lines"] = [*answer["lines"], sentence[language_of(lang)]]


def name_left_out(answer: dict[str, Any], left_out: LeftOut, lang: Lang) -> None:
    """The parts of the report that could not be made, before all other lines, and their exit status."""
    answer["left_out"] = [part.text[language_of(lang)] for part in left_out.parts]
    if left_out.parts:
        answer["lines"] = [*answer["left_out"], *answer["lines"]]
        answer["exit"] = 4


def name_gate(answer: dict[str, Any], lang: Lang) -> None:
    """A criterion set beforehand that was not met, before all other lines, and its exit status."""
    gate = Text(
        "有一项预设标准未达到，报告中已注明。",
        "A criterion set beforehand was not met; the report is marked.",
    )
    answer["lines"] = [gate[language_of(lang)], *answer["lines"]]
    answer["exit"] = 4
