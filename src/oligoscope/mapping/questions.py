"""What has to be asked, and what was taken: the findings of the check, one question for each distinct thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.written_dates import QUESTIONS
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import NOTHING, Issue, Issues, Word, by_word
from oligoscope.mapping.answers import (
    NOTHING_MEANT,
    Takes,
    TakesChoice,
    TakesHeader,
    TakesPlace,
    TakesWord,
)
from oligoscope.study.dictionary.headers import headers_of, nearest_columns
from oligoscope.study.dictionary.place_reading import OWN, proposals
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import allowed_levels, level_reader, name_and_word, nearest_levels
from oligoscope.study.schemas import TABLES

Confidence = Literal["certain", "likely", "asked"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing of the user's files and what it was taken for.

    Attributes:
        what: A table, a column, the shape of a sheet, the order of dates, or a unit.
        table: Ours.
        theirs: The sheet or the header, as the user wrote it.
        ours: Our name for it; blank for the shape of a sheet, which `seen` describes.
        n: Rows, or cells that are not blank.
        confidence: certain: by its name or as stated; likely: by its cells, check it; asked: open.
        samples: A few cells, and what they were read as.
        seen: Of the shape of a sheet, what was seen.
    """

    what: Literal["table", "column", "shape", "dates", "unit"]
    table: str
    theirs: str
    ours: str
    n: int | None
    confidence: Confidence
    samples: tuple[str, ...] = ()
    seen: Text = NOTHING


@dataclass(frozen=True)
class Question:
    """What is not certain and not guessed.

    Attributes:
        id: Under which the answer is kept.
        text: The question, with how often and where first.
        answers: What may be answered.
        proposals: The likeliest answers, the first is the one of the Enter key; none: it must be typed.
        takes: What the answer means.
    """

    id: str
    text: Text
    answers: Text
    proposals: tuple[str, ...]
    takes: Takes


_MISSING = Text("；- 表示缺失", "; - if it means missing")
_NONE_OF_IT = Text("；- 表示都不是", "; - for none")


def questions_of(
    issues: Issues, raw: Mapping[str, RawTable], matches: Mapping[str, Matches]
) -> Iterator[Question]:
    """The findings that an answer can settle, those about whole columns first.

    Args:
        issues: What the check found.
        raw: The tables as read.
        matches: Their columns.
    """
    of_rule: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        of_rule[issue.rule].append(issue)
    known = [i for i in of_rule["column_missing"] if i.column in {c.name for c in TABLES[i.table].columns}]
    yield from (_lacking(issue, raw, matches) for issue in _by_column(known))
    yield from (_ambiguous(issue, raw) for issue in _by_column(of_rule["column_ambiguous"]))
    cells = [*of_rule["value_unreadable"], *of_rule["value_ignored"]]
    dates = [i for i in cells if _question_of_date(i) is not None]
    yield from _orders(dates, matches)
    for issue in _by_column(of_rule["unit_unknown"]):
        yield _choice(issue, matches, "units", ("mm", "cm"), Text("长度的单位", "the unit of the lengths"))
    for issue in _by_column(of_rule["fraction_or_percent"]):
        what = Text(
            "百分数的写法：0.6 是 60 %（fraction）还是 0.6 %（percent）",
            "per cent: is 0.6 60 % (fraction) or 0.6 % (percent)",
        )
        yield _choice(issue, matches, "units", ("fraction", "percent"), what)  # fmt: skip
    settled = {(i.table, i.column, i.value) for i in dates}
    for word in by_word(i for i in cells if (i.table, i.column, i.value) not in settled):
        question = _word(word, raw, matches)
        if question is not None:
            yield question
    yield from _places(of_rule["place_unknown"], matches)


def found_column(issue: Issue, matches: Mapping[str, Matches]) -> Variable | None:
    """Our column that a finding is about, which names it as the user does."""
    of_table = matches.get(issue.table)
    if of_table is None:
        return None
    return next((m.column for m in of_table.found if issue.column in {m.shown, m.column.name}), None)


def names_of(columns: Iterable[Variable]) -> Text:
    """Our columns with their names, as answers list them."""
    listed = list(columns)
    return Text(
        "、".join(f"{c.name}（{c.label.zh}）" for c in listed),
        ", ".join(f"{c.name} ({c.label.en})" for c in listed),
    )


def _by_column(issues: Iterable[Issue]) -> list[Issue]:
    """The first finding of each column of a table."""
    return list({(i.table, i.column): i for i in reversed(list(issues))}.values())[::-1]


def _at(word: Word) -> Text:
    issue = word.first
    row = "" if issue.row is None else f"第 {issue.row} 行"
    row_en = "" if issue.row is None else f", row {issue.row}"
    return Text(
        f"{word.n} 处，首见 {issue.source} {row}".strip(),
        f"{word.n} of them, first in {issue.source}{row_en}",
    )


def _word(word: Word, raw: Mapping[str, RawTable], matches: Mapping[str, Matches]) -> Question | None:
    issue, column = word.first, found_column(word.first, matches)
    text = issue.value
    if column is None or text is None or column.kind in {"id", "text"} or not _is_whole(issue, raw):
        return None
    # A formula is calculated in Excel, and a column of serial numbers is saved as dates: neither is answered by word.
    if text.startswith("=") or issue.expected == QUESTIONS["serial"]:
        return None
    levels = nearest_levels(column, text) if column.levels else ()
    near = tuple(str(level.word) for level in levels)
    said, where = issue.expected, _at(word)
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


def _places(issues: list[Issue], matches: Mapping[str, Matches]) -> Iterator[Question]:
    """One question a word, in whatever columns it occurs."""
    of_word: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        of_word[issue.value or ""].append(issue)
    for text, there in of_word.items():
        columns = [(i.table, column.name) for i in there if (column := found_column(i, matches)) is not None]
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
        )


def _question_of_date(issue: Issue) -> str | None:
    """`order` or `century`, where the order of day and month has to be known."""
    return next((name for name in ("order", "century") if issue.expected == QUESTIONS[name]), None)


def _orders(issues: list[Issue], matches: Mapping[str, Matches]) -> Iterator[Question]:
    """One question for all columns of dates of a file."""
    of_file: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        of_file[issue.source.split(" [")[0]].append(issue)
    for file, there in of_file.items():
        columns = {
            (i.table, column.name): i for i in there if (column := found_column(i, matches)) is not None
        }
        shown = "、".join(dict.fromkeys(i.column for i in columns.values()))
        short = any(_question_of_date(i) == "century" for i in there)
        words = ("day_first", "month_first", *(("year_first",) if short else ()))
        value = there[0].value
        yield Question(
            f"dates={file}",
            Text(
                f"{file} 的日期（{shown}）如“{value}”，日、月孰先？（{len(there)} 处，首见第 {there[0].row} 行）",
                f"In dates of {file} ({shown.replace('、', ', ')}) as “{value}”, which comes first? ({len(there)} of them, first in row {there[0].row})",
            ),
            Text("、".join(words), ", ".join(words)),
            (),
            TakesChoice(tuple((table, "dates", column) for table, column in columns), words),
        )


def _choice(
    issue: Issue, matches: Mapping[str, Matches], setting: str, words: tuple[str, ...], what: Text
) -> Question:
    column = found_column(issue, matches)
    name = issue.column if column is None else column.name
    return Question(
        f"{issue.table}.{name}.{setting}",
        Text(
            f"“{issue.column}”{what.zh}？（{issue.expected.zh}）",
            f"“{issue.column}”, {what.en}? ({issue.expected.en})",
        ),
        Text("、".join(words), ", ".join(words)),
        (),
        TakesChoice(((issue.table, setting, name),), words),
    )


def _lacking(issue: Issue, raw: Mapping[str, RawTable], matches: Mapping[str, Matches]) -> Question:
    """Which header is a required column?"""
    used = {h for m in matches[issue.table].found for h in m.headers}
    rest = tuple(h for h in raw[issue.table].columns if h not in used)
    column = next(c for c in TABLES[issue.table].columns if c.name == issue.column)
    near = nearest_columns(rest, [column])
    return Question(
        f"{issue.table}.{column.name}",
        Text(
            f"{issue.source} 的哪一列是“{column.label.zh}”（{column.name}）？",
            f"Which column of {issue.source} is {column.label.en} ({column.name})?",
        ),
        Text("、".join(rest) + _NONE_OF_IT.zh, ", ".join(rest) + _NONE_OF_IT.en),
        tuple(h for h in rest if near.get(h) or (column.levels and _are_levels(raw[issue.table], h, column))),
        TakesHeader(issue.table, column.name, rest),
    )


def _are_levels(table: RawTable, header: str, column: Variable) -> bool:
    """Whether at least half of the different words of a column are levels of ours."""
    if header not in table.frame.columns:
        return False
    words = [word for cell in table.frame[header].unique().drop_nulls().to_list() if (word := clean(cell))]
    read = level_reader(column)
    return bool(words) and 2 * sum(read(word) is not None for word in words) >= len(words)


def _ambiguous(issue: Issue, raw: Mapping[str, RawTable]) -> Question:
    """Which of several headers is the column?"""
    there = raw[issue.table].headers.get(issue.source, ())
    column = next(c for c in TABLES[issue.table].columns if issue.column in headers_of(there, c))
    names = headers_of(there, column)
    return Question(
        f"{issue.table}.{column.name}",
        Text(
            f"{issue.source} 中 {'、'.join(names)} 都可能是“{column.label.zh}”，采用哪一列？",
            f"In {issue.source} each of {', '.join(names)} may be {column.label.en}; which is meant?",
        ),
        Text("、".join(names) + _NONE_OF_IT.zh, ", ".join(names) + _NONE_OF_IT.en),
        names,
        TakesHeader(issue.table, column.name, names),
    )
