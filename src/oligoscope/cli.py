"""The command line. Rooms are imported inside the commands, so that --help answers at once."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from oligoscope import __version__
from oligoscope.errors import Cancelled, OligoscopeError


class Lang(StrEnum):
    """The choices of --lang."""

    zh = "zh"
    en = "en"
    both = "both"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From lesion measurements to the report of an oligoprogression study. Data never leave this computer.",
    epilog="Exit status: 0 done; 2 wrong usage; 3 data or study.yaml must be mended; 4 a pre-set gate failed; 1 a defect of ours.",
)
StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="A study folder, or its study.yaml.")]
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
AcceptOption = Annotated[bool, typer.Option("--accept-issues", help="Go on without the quarantined rows.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]

_STAGES = {
    "draw": ("drawing the synthetic cohort", "生成合成队列"),
    "read": ("reading the tables", "读取数据表"),
    "validate": ("checking every value", "逐项核查"),
    "derive": ("deriving responses, patterns and endpoints", "推导疗效、进展模式与终点"),
    "select": ("selecting the cohort", "筛选队列"),
    "baseline": ("comparing baseline", "比较基线特征"),
    "survival": ("estimating survival", "估计生存"),
    "response_rate": ("estimating response rates", "估计缓解率"),
    "write": ("writing tables", "写出数据表"),
    "report": ("writing the report", "撰写报告"),
}


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"oligoscope {__version__}")
        raise typer.Exit


@app.command()
def demo(
    out: OutOption = Path("oligoscope-demo"),
    patients: Annotated[
        int, typer.Option("--patients", min=20, help="Patients with progression to draw.")
    ] = 579,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Another seed gives another cohort with the same margins.")
    ] = 20250408,
    lang: LangOption = Lang.both,
    as_json: JsonOption = False,
) -> None:
    """Draw the synthetic cohort, run the whole study on it, write the report."""
    with _answering(as_json, lang) as (progress, answer):
        from oligoscope.workflow import check_output, run_demo

        check_output(out, None)
        found = run_demo(out, patients, seed, _languages(lang), progress)
        answer.update(_summary(found, out))


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new study.")],
    lang: LangOption = Lang.both,
    as_json: JsonOption = False,
) -> None:
    """Write a study.yaml with every setting, its default, unit, source and a sentence saying why."""
    with _answering(as_json, lang) as (_, answer):
        from oligoscope.study.new_study import write_new_protocol

        path = write_new_protocol(folder, lang.value)
        answer.update(
            {
                "study": str(path),
                "lines": [f"Wrote {path}. Name your files under data, then: oligoscope check {folder}"],
            }
        )


@app.command()
def check(
    study: StudyArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for issues.csv.")] = None,
    data: DataOption = None,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Read and validate; list every problem with its place. Exit status 3 where rows must be mended."""
    with _answering(as_json, lang) as (progress, answer):
        from oligoscope.workflow import check_output, check_study, write_findings

        if out is not None:
            check_output(out, _folder_of(study))
        checked = check_study(study, data, _language(lang), progress)
        issues = checked.issues
        if out is not None:
            write_findings(checked, out, "check")
        counts = {
            "errors": len(issues.errors),
            "quarantined": len(issues.quarantined),
            "warnings": len(issues.warnings),
        }
        rows = {name: getattr(checked.tables, name).height for name in _TABLES}
        lines = [issues.message(_language(lang))] if issues else []
        lines.append("; ".join(f"{name} {n}" for name, n in rows.items() if n) or "no rows")
        lines.append(
            f"{counts['errors']} errors, {counts['quarantined']} quarantined, {counts['warnings']} warnings."
        )
        answer.update(
            counts | {"rows": rows, "lines": lines, "issues": issues.frame().to_dicts() if as_json else None}
        )
        answer["exit"] = 3 if issues.errors or issues.quarantined else 0


_TABLES = ("patients", "lesions", "measurements", "treatments", "assessments", "progressions")


@app.command()
def derive(
    study: StudyArgument,
    out: OutOption,
    data: DataOption = None,
    accept_issues: AcceptOption = False,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Responses, progression pattern, resistance and endpoints of every patient, and the reason of each."""
    with _answering(as_json, lang) as (progress, answer):
        from oligoscope.workflow import check_output, check_study, derive_study

        check_output(out, _folder_of(study))
        checked = check_study(study, data, _language(lang), progress)
        _stop_if_unusable(checked, accept_issues, out, lang, "derive")
        run = derive_study(checked, out, progress)
        answer.update(_summary(run, out))


@app.command()
def run(
    study: StudyArgument,
    out: OutOption,
    data: DataOption = None,
    accept_issues: AcceptOption = False,
    lang: LangOption = Lang.both,
    as_json: JsonOption = False,
) -> None:
    """The whole study: derive, select, compare, report."""
    with _answering(as_json, lang) as (progress, answer):
        from oligoscope.workflow import check_output, check_study, run_and_report

        check_output(out, _folder_of(study))
        checked = check_study(study, data, _language(lang), progress)
        _stop_if_unusable(checked, accept_issues, out, lang, "run")
        found = run_and_report(checked, out, _languages(lang), progress)
        answer.update(_summary(found, out))


def _stop_if_unusable(checked: Any, accept: bool, out: Path, lang: Lang, command: str) -> None:
    """Where the data must be mended: write the findings, then say so."""
    from oligoscope.errors import DataError
    from oligoscope.workflow import must_run, write_findings

    try:
        must_run(checked, accept, _language(lang))
    except DataError as error:
        write_findings(checked, out, command)
        raise DataError(f"{error}\nAll findings: {out / 'issues.csv'}") from None


def _summary(run: Any, out: Path) -> dict[str, Any]:
    flow = run.cohort.flow
    lines = [f"{flow.n_screened} screened, {flow.n_treated} treated, {flow.n_progressed} with progression."]
    lines += [f"Report: {p}" for p in sorted(out.glob("report.*.html"))]
    lines.append(f"All files: {out}")
    return {
        "out": str(out), "n_screened": flow.n_screened, "n_treated": flow.n_treated, "n_progressed": flow.n_progressed,
        "patterns": dict(flow.patterns), "lines": lines,
    }  # fmt: skip


def _folder_of(study: Path) -> Path:
    return study if study.is_dir() else study.parent


def _language(lang: Lang) -> Any:
    return "zh" if lang is Lang.zh else "en"


def _languages(lang: Lang) -> Any:
    return ("zh", "en") if lang is Lang.both else (lang.value,)


@contextmanager
def _answering(as_json: bool, lang: Lang) -> Iterator[tuple[Callable[[str], None], dict[str, Any]]]:
    """Run a command's body: progress to standard error, the answer once, errors as exit statuses."""
    answer: dict[str, Any] = {}
    try:
        yield _progress(lang), answer
        status = int(answer.pop("exit", 0))
    except KeyboardInterrupt:
        _fail(Cancelled("Stopped. Nothing was left half-written."), as_json)
    except OligoscopeError as error:
        _fail(error, as_json)
    else:
        lines = answer.pop("lines", [])
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str) if as_json else "\n".join(lines))
        raise typer.Exit(status)


def _fail(error: OligoscopeError, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))
    else:
        typer.echo(str(error), err=True)
    raise typer.Exit(error.exit_code)


def _progress(lang: Lang) -> Callable[[str], None]:
    """One line a stage; on a terminal the line is written over."""
    live = sys.stderr.isatty()

    def show(stage: str) -> None:
        english, chinese = _STAGES[stage]
        text = f"… {chinese if lang is Lang.zh else english}"
        sys.stderr.write(f"\r\x1b[2K{text}" if live else f"{text}\n")
        sys.stderr.flush()

    return show


def main() -> None:
    """The `oligoscope` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
