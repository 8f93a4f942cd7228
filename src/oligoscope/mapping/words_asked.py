"""Words that are no level, number, date or place: one question for each different word of a column, or of the study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.written_dates import QUESTIONS
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import Issue, Word, by_word
from oligoscope.mapping.answers import NOTHING_MEANT, TakesPlace, TakesWord
from oligoscope.mapping.codes_asked import columns_of_codes
from oligoscope.mapping.headers_asked import header_question, misread_columns
from oligoscope.mapping.question import Question, Seen, at, found_column, place_of
from oligoscope.mapping.readings_asked import is_of_whole_column
from oligoscope.study.dictionary.place_reading import OWN, proposals
from oligoscope.study.dictionary.words import allowed_levels, name_and_word, nearest_levels
from oligoscope.study.schemas import TABLES

_MISSING = Text("；- 表示缺失", "; - if it means missing")


def words(seen: Seen) -> Iterator[Question]:
    """One question for each different word of a column; what is asked of the whole column is none."""
    waiting = {
        key
        for key, (column, _, _) in misread_columns(seen).items()
        if seen.answers.get(header_question(key[0], column)) != NOTHING_MEANT
    }
    waiting |= columns_of_codes(seen).keys()
    cells = [
        i
        for i in seen.found("value_unreadable", "value_ignored")
        if not is_of_whole_column(i, seen) and (i.table, i.column) not in waiting
    ]
    for one in by_word(cells):
        question = _word(one, seen)
        if question is not None:
            yield question


def _word(word: Word, seen: Seen) -> Question | None:
    issue, column = word.first, found_column(word.first, seen.matches)
    text = issue.value
    if column is None or text is None or column.kind in {"id", "text"} or not _is_whole(issue, seen.raw):
        return None
    # A formula is calculated in Excel, and a column of serial numbers is saved as dates: neither is answered by word.
    if text.startswith("=") or issue.expected == QUESTIONS["serial"]:
        return None
    levels = nearest_levels(column, text) if column.levels else ()
    near = tuple(str(level.word) for level in levels)
    said, where = issue.expected, at(word)
    if column.levels:
        said = allowed_levels(column)
    proposed = near if column.levels else (NOTHING_MEANT,)
    if column.name == "pd_l1_tps":  # a class in words is one of the classes beside it
        classes = TABLES[issue.table].column("pd_l1")
        near_class = tuple(str(level.word) for level in nearest_levels(classes, text))
        allowed = allowed_levels(classes)
        said = Text(
            f"{said.zh}；或{allowed.zh.removeprefix('应为')}",
            f"{said.en}, or {allowed.en.removeprefix('must be ')}",
        )
        proposed = (*near_class, NOTHING_MEANT)
    names = [name_and_word(level) for level in levels]
    guess = Text(
        f" 最接近：{'、'.join(n.zh for n in names)}。" if names else "",
        f" Nearest: {', '.join(n.en for n in names)}." if names else "",
    )
    return Question(
        f"{issue.table}.{column.name}={text}",
        Text(
            f"“{issue.column}”（{column.label.zh}）中的“{text}”是什么意思？（{where.zh}）{guess.zh}",
            f"What does “{text}” mean in “{issue.column}” ({column.label.en})? ({where.en}){guess.en}",
        ),
        Text(said.zh + _MISSING.zh, said.en + _MISSING.en),
        proposed,
        TakesWord(issue.table, column, text),
        word.n,
        place_of(issue),
    )


def _is_whole(issue: Issue, raw: Mapping[str, RawTable]) -> bool:
    """Whether the finding quotes the cell as it is: not shortened, not masked."""
    table = raw.get(issue.table)
    if table is None:
        return False
    of_column = [issue.column] if issue.column in table.frame.columns else table.frame.columns
    columns = [table.frame[h] for h in of_column if table.frame[h].dtype == pl.String]
    return any(
        clean(cell) == issue.value for cells in columns for cell in cells.unique().drop_nulls().to_list()
    )


def places(seen: Seen) -> Iterator[Question]:
    """One question for each different word of a place, in whatever columns it occurs."""
    of_word: dict[str, list[Issue]] = defaultdict(list)
    for issue in seen.found("place_unknown"):
        of_word[issue.value or ""].append(issue)
    for text, there in of_word.items():
        columns = [
            (i.table, column.name) for i in there if (column := found_column(i, seen.matches)) is not None
        ]
        if not text or not columns:
            continue
        first = there[0]
        yield Question(
            f"places={text}",
            Text(
                f"“{first.column}”中的部位“{text}”是哪里？（{first.source} 第 {first.row} 行起；{first.expected.zh}）",
                f"Which place is “{text}” in “{first.column}”? (from {first.source}, row {first.row}; {first.expected.en})",
            ),
            Text(
                "器官名（如 lung、bone、lymph_node 4R）；own 表示另一个器官；- 表示不是部位",
                "an organ (as lung, bone, lymph_node 4R); own if it is another organ; - if it is no place",
            ),
            (*proposals(text), OWN),
            TakesPlace(tuple(dict.fromkeys(columns)), text),
            where=place_of(first),
        )
