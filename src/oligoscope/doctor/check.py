"""One thing that was looked at, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oligoscope.bilingual import Language, Text

MOST_SHOWN = 5  # findings of one check on a terminal; all of them are in the JSON answer


class Ended(StrEnum):
    """How a check ended."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CHECKED = "not_checked"


_MARKS = {
    Ended.AGREES: Text("一致  ", "agrees     "),
    Ended.DIFFERS: Text("不一致", "DIFFERS    "),
    Ended.NOT_CHECKED: Text("未检查", "not checked"),
}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: A word for programs.
        ended: How it ended.
        said: What was looked at and how much of it, or why it was not.
        findings: Each difference, with its place and both values.
    """

    name: str
    ended: Ended
    said: Text
    findings: tuple[Text, ...] = ()

    def lines(self, language: Language) -> list[str]:
        """For a terminal: the outcome, and the first findings under it."""
        shown = [f"    {finding[language]}" for finding in self.findings[:MOST_SHOWN]]
        if rest := len(self.findings) - len(shown):
            more = Text(
                f"另有 {rest} 处；加 --json 可全部列出。", f"and {rest} more; --json lists all of them."
            )
            shown.append(f"    {more[language]}")
        return [f"{_MARKS[self.ended][language]}  {self.said[language]}", *shown]

    def as_data(self, language: Language) -> dict[str, Any]:
        """For a program."""
        return {
            "name": self.name,
            "outcome": self.ended.value,
            "said": self.said[language],
            "findings": [finding[language] for finding in self.findings],
        }


def answer_of(checks: list[Check], language: Language) -> dict[str, Any]:
    """What the command answers: every check, the verdict, and exit status 4 where something differs."""
    differing = [check for check in checks if check.ended is Ended.DIFFERS]
    verdict = Text(
        f"{len(checks)} 项检查中有 {len(differing)} 项不一致：在查明原因前，请勿使用此安装得出的结果。建议按锁定文件重新安装后再次检查。",
        f"{len(differing)} of {len(checks)} checks differ: do not use results of this installation before the reason is known. "
        "Install it again from the lock file, and check once more.",
    ) if differing else Text("此安装给出与存档一致的结果。", "This installation gives the stored answers.")  # fmt: skip
    return {
        "checks": [check.as_data(language) for check in checks],
        "agrees": not differing,
        "lines": [*(line for check in checks for line in check.lines(language)), verdict[language]],
        "exit": 4 if differing else 0,
    }


def compared(name: str, said: Text, findings: Iterable[Text]) -> Check:
    """A check that agrees where nothing was found."""
    found = tuple(findings)
    return Check(name, Ended.DIFFERS if found else Ended.AGREES, said, found)
