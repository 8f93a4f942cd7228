"""The command line. Rooms are imported inside the commands, so that --help answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from oligoscope import __version__
from oligoscope.answers import answering, changed_line, run_command
from oligoscope.command_options import (
    AcceptOption,
    DataOption,
    FiguresOption,
    JsonOption,
    Lang,
    LangOption,
    NewSettings,
    NewSettingsOption,
    OutOption,
    PatientArgument,
    Pictures,
    StudyArgument,
    language_of,
    languages_of,
)
from oligoscope.system.second_process import second_process
from oligoscope.web.command import serve

DRAWS = "oligoscope.report.shared_work"  # what the second process of a command is for

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From lesion measurements to the report of an oligoprogression study. Data never leave this computer.",
    epilog="Exit status: 0 done; 2 wrong usage, or the computer refused (disk, permission, memory); 3 data or study.yaml must be corrected; 4 a pre-set gate failed, or a part of the report could not be made; 130 or 143 stopped; 1 a defect of ours.",
)
app.command()(serve)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"oligoscope {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        serve()


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
    figures: FiguresOption = Pictures.usual,
    as_json: JsonOption = False,
) -> None:
    """Draw the synthetic cohort, run the whole study on it, write the report."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        answer.hold(second_process(DRAWS))
        from oligoscope.output_folder import held
        from oligoscope.printing.left_out import LeftOut
        from oligoscope.run_answer import name_left_out, summary_of
        from oligoscope.workflow import run_demo

        answer.hold(held(out, None))
        left_out = LeftOut()
        found = run_demo(out, patients, seed, languages_of(lang), progress, figures.value, left_out)
        answer.update(summary_of(found.cohort.flow, out, lang))
        name_left_out(answer, left_out, lang)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new study.")],
    preset: NewSettingsOption = NewSettings.none,
    lang: LangOption = Lang.both,
    as_json: JsonOption = False,
) -> None:
    """Write a study.yaml with every setting and why, and a workbook to fill in, which it reads."""
    with answering(as_json, lang is Lang.zh) as (_, answer):
        from oligoscope.questions.registry import KIND_NAMES, KINDS
        from oligoscope.study.new_study import WHOSE_SETTINGS, write_new_protocol
        from oligoscope.study.template.book import TEMPLATE_FILE

        whose = "huang2025" if preset is NewSettings.huang2025 else None
        path = write_new_protocol(folder, KINDS, KIND_NAMES, lang.value, whose)
        book = path.with_name(TEMPLATE_FILE)
        line = _in_language(
            lang,
            f"Wrote {path} and {book.name} beside it. Fill in the workbook, or name your own files under data, then: oligoscope check {folder}",
            f"已写出 {path} 及同一文件夹中的 {book.name}。请填写该工作簿，或在 data 下写明您自己的文件，然后运行：oligoscope check {folder}",
        )
        said = WHOSE_SETTINGS[whose]
        lines = [line, _in_language(lang, said.en, said.zh)]
        answer.update({"study": str(path), "workbook": str(book), "preset": preset.value, "lines": lines})


@app.command()
def check(
    study: StudyArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for issues.csv and the other files; else the folder check in the study's.",
        ),
    ] = None,
    data: DataOption = None,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft", help="First draft mapping.yaml, as map does, and list what is to be answered."
        ),
    ] = False,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Read and validate; list every problem with its place, and say what was understood. Exit status 3 where rows must be corrected."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.check_answer import answer_of_check
        from oligoscope.checked_study import check_study
        from oligoscope.output_folder import held

        drafted: dict[str, Any] = {"lines": [], "exit": 0}
        if draft:
            from oligoscope.map_answer import answer_of_map

            drafted = answer_of_map(study, None, language_of(lang), progress, asks=False, data=data)
            answer.update(drafted)
            if not drafted["usable"]:
                return

        if out is not None:
            answer.hold(held(out, _folder_of(study)))
        checked = check_study(study, data, language_of(lang), progress, keep_raw=True)
        place = out or _folder_of(study) / "check"
        found = answer_of_check(
            checked,
            place,
            is_named=out is not None,
            language=language_of(lang),
            hold=answer.hold,
            progress=progress,
            in_full=as_json,
        )
        answer.update(found)
        answer["lines"] = [*drafted["lines"], *found["lines"]]
        answer["exit"] = 3 if found["errors"] or found["quarantined"] else drafted["exit"]


@app.command(name="map")
def map_files(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="A study folder, or a folder that only holds the files.")
    ],
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", help="Answers by number or one a line; - reads standard input."
        ),
    ] = None,
    data: DataOption = None,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Draft mapping.yaml: which sheet, column and word is what; what is not certain is asked, once."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.map_answer import answer_of_map

        answer.update(answer_of_map(study, answers, language_of(lang), progress, asks=not as_json, data=data))


@app.command()
def derive(  # noqa: PLR0913, PLR0917  the options of a command are its arguments
    study: StudyArgument,
    out: OutOption,
    data: DataOption = None,
    accept_issues: AcceptOption = False,
    engine: Annotated[
        Literal["polars", "spark"], typer.Option(help="Where it is done; the bytes written are the same.")
    ] = "polars",
    partition_patients: Annotated[
        int, typer.Option(min=1, metavar="N", help="Patients in a partition; memory grows with it.")
    ] = 20_000,
    spark_master: Annotated[
        str | None,
        typer.Option(metavar="URL", help="As local[2] or spark://host:7077; else SPARK_MASTER's."),
    ] = None,
    table_format: Annotated[
        Literal["csv", "parquet"], typer.Option("--format", help="Of the tables written.")
    ] = "csv",
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Responses, progression pattern, resistance and endpoints of every patient, and the reason of each."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.checked_study import check_study
        from oligoscope.derivation import derive_study
        from oligoscope.engines.deriving import How
        from oligoscope.output_folder import held
        from oligoscope.run_answer import summary_of
        from oligoscope.unusable_answer import stop_if_unusable

        answer.hold(held(out, _folder_of(study)))
        checked = check_study(study, data, language_of(lang), progress, in_partitions=True)
        stop_if_unusable(checked, accept_issues, out, lang, "derive")
        how = How(engine, partition_patients, spark_master, table_format)
        found = derive_study(checked, out, progress, how, accept_issues, language_of(lang))
        answer.update(summary_of(found.flow, out, lang))


@app.command()
def run(
    study: StudyArgument,
    out: OutOption,
    data: DataOption = None,
    accept_issues: AcceptOption = False,
    lang: LangOption = Lang.both,
    figures: FiguresOption = Pictures.usual,
    as_json: JsonOption = False,
) -> None:
    """The whole study: derive, select, compare, report."""
    with answering(as_json, language_of(lang) == "zh") as (progress, answer):
        answer.hold(second_process(DRAWS))
        from oligoscope.checked_study import check_study
        from oligoscope.output_folder import held
        from oligoscope.printing.left_out import LeftOut
        from oligoscope.run_answer import name_gate, name_key, name_left_out, summary_of
        from oligoscope.unusable_answer import stop_if_unusable
        from oligoscope.workflow import run_and_report

        answer.hold(held(out, _folder_of(study)))
        checked = check_study(study, data, language_of(lang), progress)
        stop_if_unusable(checked, accept_issues, out, lang, "run")
        left_out = LeftOut()
        found = run_and_report(
            checked, out, languages_of(lang), progress, figures=figures.value, left_out=left_out
        )
        answer.update(summary_of(found.cohort.flow, out, lang))
        name_key(answer, _folder_of(study), out, lang)
        name_left_out(answer, left_out, lang)
        if found.failed_gates:
            name_gate(answer, lang)


@app.command()
def report(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The output folder of an earlier run.")],
    lang: LangOption = Lang.both,
    style: Annotated[
        list[str] | None,
        typer.Option("--style", metavar="NAME", help="zh-cma, zh-ath, en-jama, en-lancet, en-nejm."),
    ] = None,
    figures: FiguresOption = Pictures.usual,
    study: Annotated[
        Path | None,
        typer.Option(
            "--study", metavar="STUDY", help="Print tables and figures where its study.yaml places them now."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the documents again from the saved results, in a journal's number style; nothing is recomputed."""
    with answering(as_json, language_of(lang) == "zh") as (progress, answer):
        answer.hold(second_process(DRAWS))
        from oligoscope.output_folder import changed_since, held_run
        from oligoscope.printing.left_out import LeftOut
        from oligoscope.report.report_files import styles_of
        from oligoscope.run_answer import name_left_out
        from oligoscope.run_documents import report_again, report_settings

        styles = styles_of(style or (), languages_of(lang))
        answer.hold(held_run(out))
        changed = changed_since(out, lambda name: name == "results.csv" or name.startswith("series/"))
        left_out = LeftOut()
        placed_by = None if study is None else report_settings(study, language_of(lang))
        files = report_again(out, languages_of(lang), styles, figures.value, progress, left_out, placed_by)
        written = [str(out / name) for name in files]
        lines = [_in_language(lang, f"Wrote {name}", f"已写出 {name}") for name in written]
        lines[:0] = changed_line(changed, chinese=lang is Lang.zh)
        answer.update({"out": str(out), "files": written, "changed": changed, "lines": lines})
        name_left_out(answer, left_out, lang)


@app.command()
def verify(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The output folder of an earlier run.")],
    study: Annotated[
        Path | None,
        typer.Option("--study", metavar="STUDY", help="The study, where it is not where run.json says."),
    ] = None,
    data: DataOption = None,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Repeat a run from its run.json and say what differs. Exit status 4 where something does."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.verification import verify_run

        found = verify_run(out, study, data, language_of(lang), progress)
        answer.update(found.answer(language_of(lang)))
        answer["exit"] = 0 if found.is_same else 4


@app.command()
def compare(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="The output folder of a run, or its results.csv.")
    ],
    published: Annotated[
        str,
        typer.Argument(
            metavar="PUBLISHED", help="A paper such as huang2025, or a .yaml file of printed numbers."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Every number as a row.")
    ] = None,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Printed numbers of a paper beside ours, with difference, tolerance and the reason where they differ."""
    with answering(as_json, lang is Lang.zh) as (_, answer):
        from oligoscope.output_folder import finish_left
        from oligoscope.report.published.compare_files import compare_with

        finish_left(results)
        answer.update(compare_with(results, published, out, language_of(lang), with_rows=as_json))


@app.command(context_settings={"ignore_unknown_options": True})  # a number may begin with a minus sign
def patient(
    study: StudyArgument,
    patient_id: PatientArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE_OR_DIR", help="A file ending in .html, or a folder.")
    ],
    data: DataOption = None,
    accept_issues: AcceptOption = False,
    lang: LangOption = Lang.both,
    as_json: JsonOption = False,
) -> None:
    """One patient's page: timeline, lesions, responses by visit, every label with its rule and rows."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.patient_answer import answer_of_patient

        options = {
            "accept_issues": accept_issues,
            "language": language_of(lang),
            "languages": languages_of(lang),
        }
        answer.update(answer_of_patient(study, patient_id, out, data, progress, **options))


@app.command()
def doctor(lang: LangOption = Lang.en, as_json: JsonOption = False) -> None:
    """Check this installation against stored answers, in seconds; nothing is left behind. Exit status 4 where it differs."""
    with answering(as_json, lang is Lang.zh) as (progress, answer):
        from oligoscope.doctor.check import answer_of
        from oligoscope.doctor.installed_files import check_own_files
        from oligoscope.doctor.libraries import broken_library, check_libraries

        checks = [check_libraries(), check_own_files()]
        try:
            from oligoscope.doctor.examination import examine
        except (ImportError, OSError) as error:
            raise broken_library(error, checks[-1]) from None
        answer.update(answer_of([*checks, *examine(progress)], language_of(lang)))


def _in_language(lang: Lang, en: str, zh: str) -> str:
    return zh if language_of(lang) == "zh" else en


def _folder_of(study: Path) -> Path:
    return study if study.is_dir() else study.parent


def main() -> None:
    """The `oligoscope` command."""
    sys.exit(run_command(app))
