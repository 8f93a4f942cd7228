"""Columns of codes that nothing explains (1, 2, 9): one question for each column, and none for each code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean
from oligoscope.intake.issues import Issue
from oligoscope.mapping.answers import TakesCodes
from oligoscope.mapping.question import Question, Seen
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import allowed_levels, plain

_CODE = re.compile(r"-?\d{1,2}")
_OF_LEVELS = {"level", "boolean"}


def is_code(word: str) -> bool:
    """Whether a word is a code, which says nothing by itself."""
    return bool(_CODE.fullmatch(word))


def codes(seen: Seen) -> Iterator[Question]:
    """What does each code of a column mean? Also those that could be read: the others show that they are no words."""
    for (table, _), (column, first, counts) in columns_of_codes(seen).items():
        listed = sorted(counts, key=lambda code: (len(code), code))
        allowed = allowed_levels(column) if column.levels else _YES_NO
        shown_zh = "、".join(f"{code}（{counts[code]} 处）" for code in listed)
        shown_en = ", ".join(f"{code} ({counts[code]})" for code in listed)
        example = ", ".join(f"{code}=…" for code in listed)
        yield Question(
            f"{table}.{column.name}.codes",
            Text(
                f"{first.source} 的“{first.column}”（{column.label.zh}）是代码：{shown_zh}。各是什么意思？",
                f"“{first.column}” ({column.label.en}) of {first.source} holds codes: {shown_en}. What does each mean?",
            ),
            Text(
                f"每个代码写一次：{example}；含义为 {allowed.zh.removeprefix('应为').strip()}；- 表示缺失",
                f"each code once: {example}; meanings are {allowed.en.removeprefix('must be ')}; - is missing",
            ),
            (),
            TakesCodes(table, column, tuple(listed)),
        )


_YES_NO = Text("应为 yes 或 no", "must be yes or no")


def columns_of_codes(seen: Seen) -> dict[tuple[str, str], tuple[Variable, Issue, Counter[str]]]:
    """Of each table and column of theirs whose words are all codes, one of them not read: ours, a finding, the codes."""
    found: dict[tuple[str, str], tuple[Variable, Issue, Counter[str]]] = {}
    for issue in seen.found("value_unreadable", "value_ignored"):
        key = (issue.table, issue.column)
        if key in found or issue.table not in seen.raw or not is_code(issue.value or ""):
            continue
        frame = seen.raw[issue.table].frame
        match = next((m for m in seen.matches[issue.table].found if m.shown == issue.column), None)
        if match is None or match.column.kind not in _OF_LEVELS:
            continue
        cells = [clean(cell) for h in match.headers for cell in frame[h].drop_nulls().to_list()]
        words = Counter(word for word in cells if word and not means_missing(match.column, plain(word)))
        if len(words) > 1 and all(map(is_code, words)):
            found[key] = (match.column, issue, words)
    return found
