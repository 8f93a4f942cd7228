"""Which columns of a sheet belong to which scan: as the study states it, or found where it is certain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.scan_headers import ScanHeader, is_day, is_number, is_serial, scan_header
from oligoscope.intake.issues import NOTHING
from oligoscope.study.dictionary.given_lesions import MEASUREMENT_COLUMNS, STATE
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.words import level_form, level_reader, plain, read_yes_no, words_of
from oligoscope.study.protocol import WideSource

VALUE, DATE, SIZE = "value", "assessed_on", "diameter_mm"
_OURS = {column.name for column in MEASUREMENT_COLUMNS} | {VALUE}
LESION = "<lesion>"


@dataclass(frozen=True, slots=True)
class Scan:
    """The columns of one scan, of one lesion where the headers name lesions.

    Attributes:
        name: Of the scan.
        lesion: None where the rows are lesions.
        columns: `value` or a column of measurements: the header it is read from.
        day: The date of the scan in every row; None: in a column, or in a row of dates.
    """

    name: str
    lesion: str | None
    columns: Mapping[str, str]
    day: str | None = None


@dataclass(frozen=True, slots=True)
class WidePlan:
    """The scans of a sheet in their order.

    Attributes:
        scans: Their columns.
        dates_in_rows: Whether some rows of the sheet hold the dates of the rows below them.
        problems: Why this is not certain, or cannot be; the sheet is then left as it is.
        seen: What was seen, one sentence.
    """

    scans: tuple[Scan, ...] = ()
    dates_in_rows: bool = False
    problems: tuple[Text, ...] = ()
    seen: Text = NOTHING
    headers: frozenset[str] = field(default_factory=frozenset)


# ---- stated -----------------------------------------------------------------------------------------


def stated_plan(wide: WideSource, headers: Sequence[str], days: Mapping[str, str]) -> WidePlan:
    """The scans by the patterns of study.yaml; a pattern that no header has is a problem."""
    patterns = [(VALUE, p) for p in wide.value] + [(DATE, p) for p in wide.date]
    patterns += list(wide.columns.items())
    if wide.dates_in == "header" and not any(role == VALUE for role, _ in patterns):
        found = [h for h in headers if is_day(h) or is_serial(h)]
        scans = tuple(Scan(h, None, {VALUE: h}, day=h) for h in found)
        lacking = () if scans else (Text("没有列名是日期", "no header is a date"),)
        return _described(WidePlan(scans, problems=lacking))
    by_scan: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    problems: list[Text] = []
    of_scan: dict[str, dict[str, str]] = defaultdict(dict)  # for every lesion
    in_headers = any(LESION in pattern for pattern in wide.value)
    for role, pattern in patterns:
        hits = _hits(pattern, headers)
        if not hits:
            problems.append(Text(f"没有列名符合 {pattern}", f"no header is like {pattern}"))
        for header, scan, lesion in hits:
            if lesion is None and (role == DATE or (in_headers and role != VALUE)):
                of_scan[scan].setdefault(role, header)
            else:
                by_scan[lesion, scan].setdefault(role, header)
    scans = []
    for (lesion, name), columns in by_scan.items():
        read = of_scan[name] | columns
        main = read.get(VALUE) or next(iter(read.values()))
        day = days.get(main)
        if wide.dates_in == "header":
            day = next((d for d in (_day_in(main),) if d), None)
        if wide.dates_in is not None and day is None:
            problems.append(Text(f"{main} 没有日期", f"{main} has no date"))
        scans.append(Scan(name, lesion, read, day))
        if wide.dates_in is None and DATE not in read and wide.date:
            problems.append(Text(f"{main} 没有对应的日期列", f"{main} has no column of its date"))
    in_rows = wide.dates_in is None and not wide.date
    return _described(WidePlan(tuple(scans), in_rows, tuple(problems)))


def _day_in(header: str) -> str | None:
    found = scan_header(header, serials=True)
    return found.day if found else None


def _hits(pattern: str, headers: Iterable[str]) -> list[tuple[str, str, str | None]]:
    form = re.escape(_even(pattern)).replace(re.escape(LESION), "(?P<lesion>.+?)")
    form = form.replace(re.escape("*"), "(?P<scan>.+?)", 1)
    found = re.compile(form, re.IGNORECASE)
    hits = []
    for header in headers:
        if match := found.fullmatch(_even(header)):
            named = match.groupdict()
            hits.append((header, plain(named.get("scan") or ""), named.get("lesion")))
    return hits


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text) or "")


# ---- found ------------------------------------------------------------------------------------------


def found_plan(
    frame: pl.DataFrame, headers: Sequence[str], *, has_lesion: bool, serials: bool
) -> WidePlan | None:
    """The scans of a sheet without a column of dates of assessment; None where no headers name scans.

    It is certain where each scan has one column of values and a date, and the cells are sizes, words of state and dates.

    Args:
        frame: The cells.
        headers: Of the sheet, in order.
        has_lesion: Whether the rows name lesions.
        serials: Whether dates may be numbers, as in a workbook.
    """
    seen = [found for header in headers if (found := scan_header(header, serials=serials)) is not None]
    seen = _with_states(frame, seen)
    if has_lesion:
        seen = [replace(s, lesion=None) if s.lesion is None else s for s in seen]
    named = [s for s in seen if s.lesion is not None and not has_lesion]
    columns = (
        named + [s for s in seen if s.lesion is None] if named else [s for s in seen if s.lesion is None]
    )
    values = _value_columns(frame, columns, lesions=bool(named))
    if len({v.scan for v in values}) < 2:
        return None
    dates = [s for s in columns if s.role == DATE]
    others = [s for s in columns if s.role in _OURS and s.role not in {VALUE, DATE, SIZE}]
    main = [s for s in values if s.role in {VALUE, SIZE} or s.role.startswith("?")]
    problems: list[Text] = []
    if not has_lesion and not named:
        problems.append(
            Text("没有病灶编号列，列名中也没有病灶", "there is no column of lesions, and none in the headers")
        )
    if (roles := {s.role for s in main}) and len(roles) > 1:
        listed = ", ".join(sorted({s.header for s in main if s.scan == main[0].scan}))
        problems.append(
            Text(f"每次检查有多列数值（{listed}）", f"a scan has several columns of values ({listed})")
        )
    scans = tuple(_scans(main, dates, [*others, *(s for s in values if s not in main)]))
    in_rows = not dates and not any(scan.day for scan in scans)
    if not in_rows:
        lacking = [scan for scan in scans if scan.day is None and DATE not in scan.columns]
        problems += [
            Text(f"{first} 没有日期列", f"{first} has no column of its date")
            for scan in lacking
            for first in [next(iter(scan.columns.values()))]
        ]
    twice = [
        s.header
        for s in (*dates, *main)
        if s.header not in {h for scan in scans for h in scan.columns.values()}
    ]
    problems += [
        Text(f"{h} 与另一列属于同一次检查", f"{h} and another column are of one scan")
        for h in twice
        if not _alone(h, dates, scans)
    ]
    problems += _doubts(frame, scans, serials=serials)
    return _described(WidePlan(scans, in_rows, tuple(problems)))


def _with_states(frame: pl.DataFrame, columns: list[ScanHeader]) -> list[ScanHeader]:
    """Columns of words that say how a lesion is, whatever they are called: half or more of their words are states.

    None where a header says state already, where two kinds of columns may be it, and beside no column of sizes.
    """
    if any(s.role == "state" for s in columns) or not any(s.role in {VALUE, SIZE} for s in columns):
        return columns
    families: dict[str, list[str]] = defaultdict(list)
    for s in columns:
        if s.role.startswith("?"):
            families[s.role].append(s.header)
    states = [role for role, family in families.items() if _are_states(frame, family)]
    if len(states) != 1:
        return columns
    return [replace(s, role="state") if s.role == states[0] else s for s in columns]


def _are_states(frame: pl.DataFrame, headers: Sequence[str]) -> bool:
    words = {word for h in headers for c in frame[h].unique().drop_nulls() if (word := clean(c))}
    read = level_reader(STATE)
    return bool(words) and 2 * sum(read(word) is not None for word in words) >= len(words)


def _alone(header: str, dates: Sequence[ScanHeader], scans: Sequence[Scan]) -> bool:
    """Whether a date belongs to a scan without values."""
    names = {scan.name for scan in scans}
    return any(d.header == header and d.scan not in names for d in dates)


def _value_columns(frame: pl.DataFrame, columns: Sequence[ScanHeader], *, lesions: bool) -> list[ScanHeader]:
    """Columns of sizes and states; where none says so, the family of headers with the most columns of numbers."""
    kept = [s for s in columns if (s.lesion is not None) == lesions]
    sure = [s for s in kept if s.role in {VALUE, SIZE}]
    if sure:
        return [s for s in kept if s.role in {VALUE, SIZE, "state"}]
    families: dict[str, list[ScanHeader]] = defaultdict(list)
    for s in kept:
        if s.role.startswith("?") and _share(frame[s.header], _is_value) >= 0.9:
            families[s.role].append(s)
    many = [family for family in families.values() if len(family) > 1]
    if len(many) == 1:
        return many[0]
    return [s for s in kept if s.role == "state"]


def _scans(
    main: Sequence[ScanHeader], dates: Sequence[ScanHeader], others: Sequence[ScanHeader]
) -> Iterable[Scan]:
    by_scan: dict[tuple[str | None, str], dict[str, str]] = {}
    days: dict[str, str | None] = {}
    order: dict[tuple[str | None, str], float] = {}
    for s in (*main, *others):
        key = (s.lesion, s.scan)
        role = VALUE if s.role.startswith("?") else s.role
        if s in main:
            by_scan.setdefault(key, {})
            order[key] = s.order
        for target in (k for k in list(by_scan) if k == key or (s.lesion is None and k[1] == s.scan)):
            by_scan[target].setdefault(role, s.header)
        days[s.scan] = s.day or days.get(s.scan)
    for d in dates:
        for (lesion, scan), columns in by_scan.items():
            if scan == d.scan and d.lesion in {None, lesion}:
                columns.setdefault(DATE, d.header)
    lesions = list(dict.fromkeys(lesion for lesion, _ in by_scan))
    for key in sorted(by_scan, key=lambda k: (lesions.index(k[0]), order[k])):
        yield Scan(key[1], key[0], by_scan[key], days.get(key[1]))


def _doubts(frame: pl.DataFrame, scans: Sequence[Scan], *, serials: bool) -> Iterable[Text]:
    """Columns whose cells are not what their headers say."""
    done: set[str] = set()
    for scan in scans:
        for role, header in scan.columns.items():
            test = _is_date if role == DATE else _is_value if role in {VALUE, SIZE} else None
            if (
                test is None
                or header in done
                or (role == DATE and serials and _share(frame[header], is_serial) >= 0.9)
            ):
                continue
            done.add(header)
            if _share(frame[header], test) < 0.5:
                first = next(
                    (c for c in frame[header].drop_nulls() if not c.isspace() and c and not test(c)), ""
                )
                what = Text("日期", "dates") if role == DATE else Text("径线或状态", "sizes or states")
                yield Text(
                    f"{header} 的单元格多不是{what.zh}（如“{first}”）",
                    f"most cells of {header} are no {what.en} (as “{first}”)",
                )


def _share(cells: pl.Series, test: object) -> float:
    words = [c for c in cells.unique().drop_nulls().to_list() if c and not c.isspace()][:2000]
    return sum(bool(test(c)) for c in words) / len(words) if words else 1.0  # type: ignore[operator]


def _is_value(cell: str) -> bool:
    word = clean(cell) or ""
    return is_number(word) or is_day(word) or _is_state(word) or read_yes_no(word) is not None


def _is_date(cell: str) -> bool:
    word = clean(cell) or ""
    return is_day(word) or bool(_LOOSE_DATE.fullmatch(word)) or _is_state(word)


def _is_state(word: str) -> bool:
    """Whether a word says how a lesion is, what the response was, or that it was not assessed."""
    known = any(level_form(word) in words_of(levels) for levels in (STATE.levels, RESPONSES))
    return known or means_missing(STATE, plain(word))


_LOOSE_DATE = re.compile(
    r"\d{1,4}[-/. ]([A-Za-z]{3,9}|\d{1,2})[-/. ,]+\d{1,4}|\d{1,2}月\d{1,2}日|[A-Za-z]{3,9} \d{1,2},? \d{4}"
)


def _described(plan: WidePlan) -> WidePlan:
    used = [h for scan in plan.scans for h in scan.columns.values()]
    if not used:
        return plan
    n = len({scan.name for scan in plan.scans})
    first, last = used[0], used[-1]
    dates = next((scan.columns[DATE] for scan in plan.scans if DATE in scan.columns), "")
    zh = (
        f"日期取自 {dates} 等列"
        if dates
        else "日期取自列名"
        if any(s.day for s in plan.scans)
        else "日期取自日期行"
    )
    en = (
        f"dates from {dates} and its like"
        if dates
        else "dates from the headers"
        if any(s.day for s in plan.scans)
        else "dates from the rows of dates"
    )
    seen = Text(
        f"每次检查一列：{n} 次（{first} 至 {last}），{zh}",
        f"a column for each of {Count(n):scan|scans} ({first} to {last}), {en}",
    )
    return replace(plan, seen=seen, headers=frozenset(used))
