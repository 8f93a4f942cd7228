"""What a rule for the data is: its grade and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from oligoscope.bilingual import Text

Grade = Literal["error", "quarantine", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Its name in issues.csv.
        grade: What follows where it is broken.
        tables: The tables it is about.
        finding: The heading over its findings; {source} is the file or sheet, {n} the number of findings.
        why: Why it has this grade.
        remedy: What the user can do.
    """

    id: str
    grade: Grade
    tables: str
    finding: Text
    why: Text
    remedy: Text


ALL = "all"  # tables
CORRECT = Text("请核对原始记录并更正文件。", "Check the source document and correct the file.")
CORRECT_DATE = Text("请核对哪个日期有误并更正。", "Find out which of the dates is wrong and correct it.")


EITHER = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")


def in_number(text: str, n: int) -> str:
    """`{n} row(s) that [was|were]` for one or for many."""
    return EITHER.sub(r"\1" if n == 1 else r"\2", text).replace("(s)", "" if n == 1 else "s")
