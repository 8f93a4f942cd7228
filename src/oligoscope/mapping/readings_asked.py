"""How a whole column, file or table is read: the order of day and month, units, per cent, the comma, two diameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from oligoscope.bilingual import Text
from oligoscope.intake.checks.column_readings import DIAMETER
from oligoscope.intake.checks.written_dates import QUESTIONS
from oligoscope.intake.checks.written_numbers import DECIMAL_COMMA, TWO_DIAMETERS, asked_of_scale
from oligoscope.intake.issues import Issue
from oligoscope.mapping.answers import TakesChoice, TakesScale
from oligoscope.mapping.question import Question, Seen, at_first, by_column, found_column
from oligoscope.study.schemas import MEASUREMENTS

_CELLS = ("value_unreadable", "value_ignored")


def is_of_whole_column(issue: Issue, seen: Seen) -> bool:
    """Whether the finding of a cell is asked of its column, file or table and not of its word."""
    return not seen.is_of_standard(issue.table) and (
        _question_of_date(issue) is not None
        or _is_two_diameters(issue, seen)
        or _is_comma(issue, seen)
        or _is_of_scale(issue)
    )


def orders(seen: Seen) -> Iterator[Question]:
    """Day or month first: one question for all columns of dates of a file."""
    dates = [i for i in seen.found_of_study(*_CELLS) if _question_of_date(i) is not None]
    yield from _orders(dates, seen)


def serials(seen: Seen) -> Iterator[Question]:
    """Whether numbers of five digits are the days that Excel counts: one question for all columns of dates of a file."""
    of_file: dict[str, list[Issue]] = defaultdict(list)
    for issue in seen.found_of_study(*_CELLS):
        if issue.expected == QUESTIONS["serial"]:
            of_file[issue.source.split(" [")[0]].append(issue)
    words = ("excel", "excel_1904")
    for file, there in of_file.items():
        columns = {(i.table, c.name): i for i in there if (c := found_column(i, seen.matches)) is not None}
        shown = list(dict.fromkeys(i.column for i in columns.values()))
        first = there[0]
        yield Question(
            f"serials={file}",
            Text(
                f"{file} 的日期（{'、'.join(shown)}）写作“{first.value}”，是 Excel 的日期序号吗？（{len(there)} 处，首见第 {first.row} 行）",
                f"Dates of {file} ({', '.join(shown)}) are written as “{first.value}”. Are they days that Excel counts? ({len(there)} of them, first in row {first.row})",
            ),
            Text(
                "excel（自 1900 年起）、excel_1904（Mac 旧版，自 1904 年起）",
                "excel (from 1900), excel_1904 (old Excel for Mac, from 1904)",
            ),
            ("excel",),
            TakesChoice(tuple((table, "dates", column) for table, column in columns), words),
        )


def units(seen: Seen) -> Iterator[Question]:
    """Millimetres or centimetres, of a column without a unit."""
    for issue in by_column(seen.found_of_study("unit_unknown")):
        yield _choice(issue, seen, "units", ("mm", "cm"), Text("长度的单位", "the unit of the lengths"))


def units_by_patient(seen: Seen) -> Iterator[Question]:
    """Centimetres of some patients beside millimetres of the others; no patient is named."""
    there = seen.found_of_study("patient_in_centimetres")
    for issue in there[:1]:
        n = len(there)
        yield Question(
            f"{issue.table}.{DIAMETER}.units",
            Text(
                f"“{issue.column}”：{n} 名患者的径线约为其他患者的十分之一（首见 {issue.source} 第 {issue.row} 行），是否为 cm？",
                f"“{issue.column}”: the sizes of {n} {'patient' if n == 1 else 'patients'} are about a tenth of the others' (first in {issue.source}, row {issue.row}). Are they in cm?",
            ),
            Text(
                "by_patient（这些患者为 cm，其余为 mm）、mm（均为 mm）",
                "by_patient (these in cm, the others in mm), mm (all in mm)",
            ),
            (),
            TakesChoice(((issue.table, "units", DIAMETER),), ("by_patient", "mm")),
        )


def fractions(seen: Seen) -> Iterator[Question]:
    """Parts of 1 or per cent, of a column without a number above 1."""
    for issue in by_column(seen.found_of_study("fraction_or_percent")):
        yield _choice(issue, seen, "units", ("fraction", "percent"), _PER_CENT)


def scales(seen: Seen) -> Iterator[Question]:
    """Parts of 1 or per cent, of the numbers below 1 of a column with others above."""
    of_column: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in seen.found_of_study(*_CELLS):
        if _is_of_scale(issue):
            of_column[issue.table, issue.column].append(issue)
    for (table, _), there in of_column.items():
        first = there[0]
        column = found_column(first, seen.matches)
        name = first.column if column is None else column.name
        words = tuple(dict.fromkeys(issue.value or "" for issue in there))
        where = at_first(len(there), first)
        yield Question(
            f"{table}.{name}.scale",
            Text(
                f"“{first.column}”中小于 1 的数字（如 {words[0]}；{where.zh}）怎样写的：0.6 是 60 %（fraction）还是 0.6 %（percent）？同列另有大于 1 的数字",
                f"How are the numbers below 1 in “{first.column}” written (as {words[0]}; {where.en}): is 0.6 60 % (fraction) or 0.6 % (percent)? Others of the column are above 1",
            ),
            Text("fraction、percent", "fraction, percent"),
            (),
            TakesScale(table, name, words),
        )


def commas(seen: Seen) -> Iterator[Question]:
    """Whether 12,5 is twelve and a half: one question for each table."""
    of_table: dict[str, list[Issue]] = defaultdict(list)
    for issue in seen.found_of_study(*_CELLS):
        if _is_comma(issue, seen):
            of_table[issue.table].append(issue)
    for table, there in of_table.items():
        first, where = there[0], at_first(len(there), there[0])
        yield Question(
            f"{table}.decimal",
            Text(
                f"“{first.column}”中“{first.value}”的逗号是否为小数点？（{where.zh}）",
                f"Is the comma of “{first.value}” in “{first.column}” a decimal point? ({where.en})",
            ),
            Text("comma（是）、point（否）", "comma (it is), point (it is not)"),
            (),
            TakesChoice(((table, "decimal"),), ("comma", "point")),
        )


def two_diameters(seen: Seen) -> Iterator[Question]:
    """Which of two diameters in a cell counts: one question for the column."""
    there = [i for i in seen.found_of_study(*_CELLS) if _is_two_diameters(i, seen)]
    if there:
        first, where = there[0], at_first(len(there), there[0])
        yield Question(
            f"{MEASUREMENTS.name}.two_diameters",
            Text(
                f"“{first.column}”有两个径线的格（如“{first.value}”；{where.zh}）取哪一个？recist：淋巴结取短径，其他病灶取长径（RECIST 1.1）",
                f"Of cells of “{first.column}” with two diameters (as “{first.value}”; {where.en}), which counts? recist: the short axis of a node, the longest diameter of another lesion (RECIST 1.1)",
            ),
            Text("recist、longest（长者）、shortest（短者）", "recist, longest, shortest"),
            ("recist",),
            TakesChoice(((MEASUREMENTS.name, "two_diameters"),), ("recist", "longest", "shortest")),
        )


_PER_CENT = Text(
    "百分数的写法：0.6 是 60 %（fraction）还是 0.6 %（percent）",
    "per cent: is 0.6 60 % (fraction) or 0.6 % (percent)",
)


def _is_two_diameters(issue: Issue, seen: Seen) -> bool:
    column = found_column(issue, seen.matches)
    return issue.expected == TWO_DIAMETERS and column is not None and column.name == DIAMETER


def _is_comma(issue: Issue, seen: Seen) -> bool:
    """Until the study states what a comma is, of its own table."""
    return issue.expected == DECIMAL_COMMA and "decimal" not in seen.stated.get(issue.table, {})


def _is_of_scale(issue: Issue) -> bool:
    try:
        return issue.value is not None and issue.expected == asked_of_scale(f"{Decimal(issue.value):f}")
    except ArithmeticError:
        return False


def _question_of_date(issue: Issue) -> str | None:
    """`order` or `century`, where the order of day and month has to be known."""
    return next((name for name in ("order", "century") if issue.expected == QUESTIONS[name]), None)


def _orders(issues: list[Issue], seen: Seen) -> Iterator[Question]:
    """One question for all columns of dates of a file."""
    of_file: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        of_file[issue.source.split(" [")[0]].append(issue)
    for file, there in of_file.items():
        columns = {
            (i.table, column.name): i for i in there if (column := found_column(i, seen.matches)) is not None
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


def _choice(issue: Issue, seen: Seen, setting: str, words: tuple[str, ...], what: Text) -> Question:
    column = found_column(issue, seen.matches)
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
