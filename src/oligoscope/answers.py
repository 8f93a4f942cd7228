"""How a command answers: progress to standard error, one answer, errors as exit statuses."""

from __future__ import annotations

import gc
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any
from unicodedata import east_asian_width

import typer

from oligoscope.errors import Cancelled, OligoscopeError, SystemRefusal
from oligoscope.plain_text import on_terminal
from oligoscope.system.defects import defect_of
from oligoscope.system.libraries import quiet_libraries
from oligoscope.system.limits import must_fit
from oligoscope.system.memory import few_collections
from oligoscope.system.refusals import as_refusal
from oligoscope.system.signals import Stopped, exit_status, stop_on_signals
from oligoscope.system.streams import take_streams

_BAR = 24  # characters
STAGES = {
    "draw": ("drawing the synthetic cohort", "生成合成队列"),
    "read": ("reading the tables", "读取数据表"),
    "validate": ("checking every value", "逐项核查"),
    "derive": ("deriving responses, patterns and endpoints", "推导疗效、进展模式与终点"),
    "select": ("selecting the cohort", "筛选队列"),
    "impute": ("completing missing values", "多重插补缺失值"),
    "match": ("matching the groups", "倾向评分匹配"),
    "write": ("writing tables", "写出数据表"),
    "report": ("writing the report", "撰写报告"),
}


class Answer(dict[str, Any]):
    """What a command answers, by name, and what it holds until its end."""

    def __init__(self, holding: ExitStack) -> None:
        super().__init__()
        self._holding = holding

    def hold(self, resource: AbstractContextManager[object]) -> None:
        """Enter a resource that is left when the command ends, however it does."""
        self._holding.enter_context(resource)


@contextmanager
def answering(as_json: bool, chinese: bool) -> Iterator[tuple[Callable[[str], None], Answer]]:
    """Run a command's body: progress to standard error, the answer once, errors as exit statuses."""
    progress = _progress(chinese)
    try:
        must_fit()
        with ExitStack() as holding:
            answer = Answer(holding)
            yield progress, answer
        progress("")
        status = int(answer.pop("exit", 0))
    except (SystemExit, GeneratorExit, typer.Exit):
        raise
    except BaseException as error:  # a panic of compiled code is no Exception
        with suppress(KeyboardInterrupt, Stopped):
            progress("")
        _fail(known_error(error), as_json, chinese)
    else:
        lines = answer.pop("lines", [])
        typer.echo(on_terminal(_as_json(answer) if as_json else "\n".join(lines)))
        raise typer.Exit(status)


def known_error(error: BaseException) -> OligoscopeError:
    """Any error as one with a sentence for the user."""
    if isinstance(error, OligoscopeError):
        return error
    if isinstance(error, KeyboardInterrupt | Stopped):
        return stopped(error)
    return as_refusal(error) or defect_of(error, sys.argv[1:])


def stopped(error: BaseException) -> Cancelled:
    """The sentence of a command that was asked to end, with its exit status."""
    found = Cancelled("Stopped. Nothing was left half-written.", zh="已停止，没有留下不完整的文件。")
    found.exit_code = exit_status(error)
    return found


def _fail(error: OligoscopeError, as_json: bool, chinese: bool) -> None:
    message = error.in_language(chinese=chinese)
    if as_json:
        typer.echo(on_terminal(_as_json({"error": type(error).__name__, "message": message})))
    else:
        typer.echo(on_terminal(message), err=True)
    raise typer.Exit(error.exit_code)


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, default=str)


def _progress(chinese: bool) -> Callable[[str], None]:
    """One line a stage; on a terminal one line with a bar, written over and at last cleared."""
    live = sys.stderr.isatty()

    def show(stage: str) -> None:
        text = progress_line(stage, chinese=chinese, is_drawn=live) if stage else ""
        if live:
            sys.stderr.write(f"\r\x1b[2K{_cut(text, shutil.get_terminal_size().columns - 1)}")
        elif text:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    return show


def progress_line(stage: str, *, chinese: bool, is_drawn: bool) -> str:
    """`derive 3/50`, step 3 of 50, in words; with a bar where it is drawn on a terminal."""
    name, _, steps = stage.partition(" ")
    text = STAGES[name][chinese] if name in STAGES else _of_question(name)[chinese]
    if not steps:
        return f"… {text}"
    if not is_drawn:
        return f"… {text} {steps}"
    done, total = (int(n) for n in steps.split("/"))
    filled = round(_BAR * done / max(total, 1))
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {steps} {text}"


def _of_question(kind: str) -> tuple[str, str]:
    from oligoscope.questions.registry import question_of

    question = question_of(kind)
    stage = question.stage or question.kind.printed
    return stage.en, stage.zh


def _cut(text: str, columns: int) -> str:
    """As much of the line as the terminal is wide: a line that wraps cannot be written over."""
    width = 0
    for i, character in enumerate(text):
        width += 2 if east_asian_width(character) in "WF" else 1
        if width > columns:
            return text[:i]
    return text


def changed_line(names: list[str], *, chinese: bool) -> list[str]:
    """Results that are no longer as the run wrote them, which the documents then show; none where none is."""
    if not names:
        return []
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return [
        f"以下文件在运行之后被改动，报告按其现状写出：{shown}。"
        if chinese
        else f"Changed since the run, and reported as they are now: {shown}."
    ]


def run_command(app: Callable[[], object]) -> int:
    """Run the command line with streams and signals of our own; gives its exit status."""
    messages = take_streams()
    stop_on_signals()
    quiet_libraries()
    _refuse_undecodable(sys.argv[1:])
    with few_collections():
        status = _status_of(app)
    if messages is not None and messages.unsaid and status:  # what could not be said there is said here
        said = [line for line in messages.unsaid.splitlines() if not line.startswith("…")]
        with suppress(SystemRefusal):
            sys.stdout.write("".join(f"{line}\n" for line in said))
            sys.stdout.flush()
    gc.freeze()  # else Python searches all that is held once more before it ends: 0.5 s of a demo
    return status


def _refuse_undecodable(arguments: list[str]) -> None:
    """End with status 2 where an argument is no text: a name of other bytes cannot be written into any file of ours."""
    for argument in arguments:
        if any("\ud800" <= sign <= "\udfff" for sign in argument):
            shown = on_terminal(argument)
            typer.echo(
                f"{shown} is not text in UTF-8. Rename the file or folder, or set the locale in which its name was written.\n"
                f"{shown} 不是 UTF-8 文字。请重命名该文件或文件夹，或改用写出该名称时的区域设置。",
                err=True,
            )
            raise SystemExit(2)


def _status_of(command: Callable[[], object]) -> int:
    """Run a command; gives its exit status."""
    try:
        command()
        sys.stdout.flush()
    except SystemExit as ended:
        return _flushed(ended.code if isinstance(ended.code, int) else int(ended.code is not None))
    except BaseException as error:  # a panic of compiled code is no Exception
        known = known_error(error)
        sys.stderr.write(f"{known}\n")
        return known.exit_code
    return 0


def _flushed(status: int) -> int:
    """The exit status of a command that has ended: 2 where its answer does not reach standard output."""
    try:
        sys.stdout.flush()
    except SystemRefusal as error:
        sys.stderr.write(f"{error}\n")
        return status or error.exit_code
    return status
