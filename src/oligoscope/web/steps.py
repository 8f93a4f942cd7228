"""The way from files to the paper: one list, shown on every page of a study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from oligoscope.bilingual import Text
from oligoscope.web.studies import Study


@dataclass(frozen=True)
class Step:
    """One page on the way.

    Attributes:
        name: In its address.
        title: In the list of steps.
        opens: Whether the study has come so far that the page has something to show.
    """

    name: str
    title: Text
    opens: Callable[[Study], bool]


def _always(_study: Study) -> bool:
    return True


def _has_files(study: Study) -> bool:
    return bool(study.data_files())


def _is_mapped(study: Study) -> bool:
    return study.file.is_file()


def _is_checked(study: Study) -> bool:
    return study.kept("check").is_file() or study.has_run


def _has_run(study: Study) -> bool:
    return study.has_run


STEPS: Final = (
    Step("files", Text("文件", "Files"), _always),
    Step("columns", Text("列", "Columns"), _has_files),
    Step("words", Text("用词", "Words"), _has_files),
    Step("problems", Text("问题", "Problems"), _is_mapped),
    Step("patients", Text("三名患者", "Three patients"), _is_checked),
    Step("definitions", Text("定义", "Definitions"), _is_checked),
    Step("plan", Text("计划", "Plan"), _is_checked),
    Step("run", Text("运行", "Run"), _is_checked),
    Step("answer", Text("结果", "Answer"), _has_run),
    Step("paper", Text("论文", "Paper"), _has_run),
)


def reachable(step: Step, study: Study) -> bool:
    """Whether the page of a step may be opened now."""
    return step.opens(study)
