"""The stages of a run as a page lists them, and which of them a line of progress belongs to."""

from __future__ import annotations

from typing import Final

from oligoscope.answers import STAGES
from oligoscope.bilingual import Text

PHASES: Final = (
    Text("读取并核查数据", "Read and check the tables"),
    Text("推导疗效、进展模式与终点", "Derive responses, patterns and endpoints"),
    Text("筛选、插补、匹配", "Select, complete, match"),
    Text("逐项分析", "Answer each question"),
    Text("写出表、图与文字", "Write tables, figures and text"),
)
_ANALYSES: Final = 3
_OF_STAGE: Final = {
    "draw": 0, "read": 0, "validate": 0, "derive": 1, "select": 2, "impute": 2, "match": 2, "write": 4, "report": 4,
}  # fmt: skip
_OF_TEXT: Final = {text: _OF_STAGE[stage] for stage, both in STAGES.items() for text in both}


def phase_of(text: str) -> int:
    """The place in `PHASES` of what a command says that it is doing; a question's own words are of the analyses."""
    return _OF_TEXT.get(text, _ANALYSES) if text else 0
