"""`@rule`: the sentence that a spec test checks, in both languages, with its chapter and source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from oligoscope.bilingual import Text

Test = TypeVar("Test", bound=Callable[..., None])

CHAPTERS: dict[str, Text] = {
    "selection": Text("基线：选择靶病灶", "Baseline: choosing target lesions"),
    "sums": Text("径线总和与最低值", "Sums of diameters and the nadir"),
    "target": Text("靶病灶疗效", "Target response"),
    "non_target": Text("非靶病灶疗效", "Non-target response"),
    "new": Text("新病灶", "New lesions"),
    "overall": Text("总体疗效", "Overall response"),
    "dates": Text("评估时间点与日期", "Time points and dates"),
    "best": Text("最佳总体疗效", "Best overall response"),
    "irecist": Text("iRECIST", "iRECIST"),
    "pattern": Text("进展模式", "Progression pattern"),
    "resistance": Text("耐药类型", "Resistance type"),
    "endpoints": Text("终点", "Endpoints"),
}


@dataclass(frozen=True)
class Rule:
    """One rule of the book."""

    chapter: str
    sentence: Text
    source: str


def rule(chapter: str, en: str, zh: str, source: str) -> Callable[[Test], Test]:
    """Give a spec test its rule; the book prints rules in the order of the files and of the lines."""
    assert chapter in CHAPTERS

    def mark(test: Test) -> Test:
        test.__dict__["rule"] = Rule(chapter, Text(zh, en), source)
        return test

    return mark
