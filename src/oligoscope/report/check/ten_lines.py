"""Ten lines that say what was understood of a study's files, for a person to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Count, Text, join_texts
from oligoscope.intake.issues import Issues
from oligoscope.intake.rule import in_number
from oligoscope.pipeline import StudyRun
from oligoscope.plain_text import shielded
from oligoscope.report.check.taken import TableTaken
from oligoscope.report.check.three_patients import Chosen
from oligoscope.study.decisive_columns import deciding_columns
from oligoscope.study.dictionary.variable import MILLIMETRES, Variable
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES, day_name

SHOWN = 4  # words or headers named in a line; the tables below it hold all
_NOT_YET = Text("更正错误后才能给出。", "Known once the errors are corrected.")
_PARQUET = Text("按本程序的列名读入的 parquet 文件。", "Parquet files with our own columns.")
_NOTHING = Text("无。", "None.")
_INSTEAD = {"age_years": "birth_date", "birth_date": "age_years", "pd_l1": "pd_l1_tps", "pd_l1_tps": "pd_l1"}


@dataclass(frozen=True)
class Understood:
    """Everything the page says.

    Attributes:
        protocol: The settings.
        tables: What the files were taken for; none of typed parquet.
        issues: The findings.
        unread: Sheets of the workbooks that no table was read from, as `file [sheet]`.
        run: The study, derived and selected; None where it cannot be.
        chosen: Patients to look at.
        n_patients: Of those read, and not set aside.
    """

    protocol: Protocol
    tables: tuple[TableTaken, ...]
    issues: Issues
    unread: tuple[str, ...]
    run: StudyRun | None
    chosen: tuple[Chosen, ...]
    n_patients: int


def ten_lines(found: Understood) -> tuple[tuple[Text, Text], ...]:
    """Name and sentence of each line."""
    return (
        (Text("文件与工作表", "Files and sheets"), _of_tables(found, _sheets)),
        (Text("列", "Columns"), _of_tables(found, _columns)),
        (Text("用词", "Words"), _of_tables(found, lambda f: _words(f, places=False))),
        (Text("部位", "Places"), _of_tables(found, lambda f: _words(f, places=True))),
        (Text("单位", "Units"), _of_tables(found, _units)),
        (Text("日期", "Dates"), _of_tables(found, _dates)),
        (Text("问题与剔除", "Findings and patients left out"), _findings(found)),
        (Text("纳入与排除", "Inclusion and exclusion"), _flow(found)),
        (Text("因缺列而不能做的", "What cannot be done because a column is absent"), _lacking(found)),
        (Text("请核对的患者", "Patients to check"), _patients(found)),
    )


def _of_tables(found: Understood, say: Callable[[Understood], Text]) -> Text:
    return say(found) if found.tables else _PARQUET


def _sheets(found: Understood) -> Text:
    parts = []
    for table in found.tables:
        name, n = TABLES[table.raw.name].label, table.raw.frame.height
        sources = shielded(", ".join(table.raw.headers))
        parts.append(Text(f"{name.zh}：{sources}，{n} 行", f"{name.en}: {sources}, {Count(n):row|rows}"))
    unread = shielded(", ".join(found.unread))
    rest = Text(f"未读入的工作表：{unread}", f"sheets not read: {unread}") if unread else Text("", "")
    return _sentence([*parts, rest])


def _columns(found: Understood) -> Text:
    matches = [m for t in found.tables for m in t.matches.found if m.headers]
    other = [m for m in matches if m.shown.casefold() != m.column.name]
    left = [header for table in found.tables for header in table.left]
    some = [
        Text(f"{shielded(m.shown)} → {m.column.label.zh}", f"{shielded(m.shown)} → {m.column.label.en}")
        for m in other
    ]
    return _sentence((
        Text(f"读入 {len(matches)} 列", f"{Count(len(matches)):column is|columns are} read"),
        _some(some, Text("按其他列名识别", "by another header")),
        _some([Text(shielded(h), shielded(h)) for h in left], Text("未读入", "not read")),
    ))  # fmt: skip


def _words(found: Understood, *, places: bool) -> Text:
    taken = [word for table in found.tables for word in table.words if word.is_place is places]
    read = sorted((w for w in taken if w.is_read), key=lambda w: -w.n)
    some = [
        Text(f"{shielded(w.word)} → {w.taken.zh}（{w.n}）", f"{shielded(w.word)} → {w.taken.en} ({w.n})")
        for w in read
    ]
    unread = [
        Text(f"{shielded(w.word)}（{w.n}）", f"{shielded(w.word)} ({w.n})") for w in taken if not w.is_read
    ]
    if not taken:
        return Text("均为本程序的用词。", "All are words of the program.")
    return _sentence((
        _some(some, Text("读作本程序的用词", "read as words of the program")), _some(unread, Text("未能读懂", "not understood")),
    ))  # fmt: skip


def _units(found: Understood) -> Text:
    parts = []
    for table in found.tables:
        for match in table.matches.found:
            column, reading = match.column, match.reading
            if column.unit is None or not match.headers or column.kind != "number":
                continue
            unit = reading.unit or ("mm" if column.unit is MILLIMETRES else "")
            sign = column.unit.sign or Text(column.unit.word, column.unit.word)
            said = Text(unit, unit) if unit else sign
            if unit == "fraction":
                said = Text("小数（0.6 即 60%）", "parts of 1 (0.6 is 60 %)")
            parts.append(Text(f"{column.label.zh}：{said.zh}", f"{column.label.en}: {said.en}"))
    return _sentence(dict.fromkeys(parts)) if parts else _NOTHING


_ORDERS = {
    "day_first": Text("日在前", "day first"), "month_first": Text("月在前", "month first"), "year_first": Text("年在前", "year first"),
    "excel": Text("Excel 的日期序号", "days as Excel counts them"), "excel_1904": Text("Excel 的日期序号（自 1904 年起）", "days as Excel counts them from 1904"),
}  # fmt: skip


def _dates(found: Understood) -> Text:
    matches = [m for t in found.tables for m in t.matches.found if m.column.kind == "date" and m.headers]
    ordered = [m for m in matches if m.reading.date_order]
    parts = [
        Text(f"{m.column.label.zh}：{_ORDERS[o].zh}", f"{m.column.label.en}: {_ORDERS[o].en}")
        for m in ordered
        if (o := m.reading.date_order)
    ]
    n = sum(issue.rule == "partial_date" for issue in found.issues)
    partial = Text(
        f"{n} 个日期只有年或月，按规则取某一日", f"{n} dates known to the month or year are given a day by rule"
    ) if n else Text("", "")  # fmt: skip
    usual = Text("", "")
    if len(ordered) < len(matches):
        usual = Text("其余日期写法无歧义", "the other dates are unambiguous") if ordered else Text(
            "全部日期写法无歧义", "all dates are unambiguous"
        )  # fmt: skip
    return _sentence((*parts, usual, partial))


def _findings(found: Understood) -> Text:
    issues = found.issues
    left = {i.patient_id for i in issues if i.rule == "patient_left_out"}
    n_errors, n_warnings = len(issues.errors), len(issues.warnings)
    return Text(
        f"错误 {n_errors} 条，须剔除 {len(issues.quarantined)} 条，警告 {n_warnings} 条；整例剔除 {len(left)} 名患者，其余 {found.n_patients} 名读入。",
        f"{in_number(f'{n_errors} error(s)', n_errors)}, {len(issues.quarantined)} quarantined, "
        f"{in_number(f'{n_warnings} warning(s)', n_warnings)}; {in_number(f'{len(left)} patient(s) [is|are]', len(left))} left out "
        f"whole, {found.n_patients} read.",
    )


def _flow(found: Understood) -> Text:
    if found.run is None:
        return _NOT_YET
    flow = found.run.cohort.flow
    left = [
        Text(f"{s.sentence.zh} {s.n_excluded}", f"{s.sentence.en} {s.n_excluded}")
        for s in flow.steps
        if s.n_excluded
    ]
    out = join_texts(left, "；", "; ")
    return Text(
        f"筛选 {flow.n_screened} 例，治疗 {flow.n_treated} 例，进展 {flow.n_progressed} 例。排除：{out.zh or '无'}。",
        f"{flow.n_screened} screened, {flow.n_treated} treated, {flow.n_progressed} with progression. Excluded: {out.en or 'none'}.",
    )


def lacking(found: Understood) -> Iterator[tuple[Text, Variable]]:
    """The columns that this study reads and no file has, with the name of their table."""
    deciding = deciding_columns(found.protocol)
    for table in found.tables:
        spec = TABLES[table.raw.name]
        given = {match.column.name for match in table.matches.found}
        for column in spec.columns:
            is_given = column.name in given or (column.kind == "date" and day_name(column.name) in given)
            is_read = (spec.name, column.name) in deciding or column.kind == "date" or column.decisive
            lost = column.lost_without
            if is_given or not is_read or lost is None or _INSTEAD.get(column.name) in given:
                continue
            if not lost.zh.startswith("没有"):  # nothing is lost
                yield spec.label, column


def _lacking(found: Understood) -> Text:
    some = [
        Text(f"{c.label.zh}（{c.lost_without.zh}）", f"{c.label.en} ({c.lost_without.en})")
        for _, c in lacking(found)
        if c.lost_without is not None
    ]
    return _sentence([_some(some, Text("缺", "absent"))]) if some else _NOTHING


def _patients(found: Understood) -> Text:
    if not found.chosen:
        return _NOT_YET if found.run is None else _NOTHING
    return _sentence(
        Text(f"{shielded(c.patient_id)}：{c.why.zh.rstrip('。')}", f"{shielded(c.patient_id)}: {c.why.en.rstrip('.')}") for c in found.chosen
    )  # fmt: skip


def _some(texts: Sequence[Text], name: Text) -> Text:
    """`name (12): a, b, c, …`; blank where there are none."""
    if not texts:
        return Text("", "")
    more = Text("等", " and others") if len(texts) > SHOWN else Text("", "")
    shown = join_texts(texts[:SHOWN], "、", ", ")
    n = len(texts)
    return Text(f"{name.zh} {n} 个：{shown.zh}{more.zh}", f"{name.en}, {n}: {shown.en}{more.en}")


def _sentence(parts: Iterable[Text]) -> Text:
    joined = join_texts(parts, "；", "; ")
    zh, en = joined.zh, joined.en
    return Text(f"{zh}。" if zh else "无。", f"{en[:1].upper()}{en[1:]}." if en else "None.")
