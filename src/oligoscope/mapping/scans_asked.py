"""Which columns are scans, and whose readings count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.written_dates import needs_order
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.raw_table import SOURCE
from oligoscope.intake.files.scan_headers import is_day, is_number, scan_header
from oligoscope.mapping.answers import TakesReader, TakesWide
from oligoscope.mapping.question import Question, Seen
from oligoscope.study.dictionary.given_lesions import STATE
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.words import plain

_SCAN = re.compile(r"\d+|baseline|screening|基线|筛选|[一二三四五六七八九十]+", re.IGNORECASE)
_SHARE = 0.5  # of the cells of a family of columns that must be sizes, or days


def readers(seen: Seen) -> Iterator[Question]:
    """Whose readings count: one question for the study. A reader that study.yaml names is corrected there."""
    there = [issue for issue in seen.found("reader_not_chosen") if issue.value is None]
    names = tuple(dict.fromkeys(name for issue in there for name in _readers(seen, issue.table)))
    if names:
        listed = ", ".join(dict.fromkeys(issue.source for issue in there))
        yield Question(
            "response.reader",
            Text(
                f"{listed} 含多位阅片者，采用哪一位的结果？",
                f"{listed}: several readers; whose readings count?",
            ),
            Text("、".join(names), ", ".join(names)),
            (),
            TakesReader(names),
        )


def _readers(seen: Seen, table: str) -> list[str]:
    if table not in seen.raw:
        return []
    frame = seen.raw[table].frame
    headers = [h for m in seen.matches[table].found if m.column.name == "reader" for h in m.headers]
    found = {word for h in headers for cell in frame[h].unique().drop_nulls() if (word := clean(cell))}
    return sorted(found)


def wide(seen: Seen) -> Iterator[Question]:
    """Which columns are scans: one question for a table, with every doubt about it."""
    doubts: dict[str, list[Text]] = {}
    sources: dict[str, str] = {}
    for issue in seen.found_of_study("wide_unclear"):
        doubts.setdefault(issue.table, []).append(issue.expected)
        sources.setdefault(issue.table, issue.source)
    for table, texts in doubts.items():
        source = sources[table]
        headers = seen.raw[table].headers.get(source, ())
        frame = seen.raw[table].frame
        proposals = _patterns(frame.filter(pl.col(SOURCE) == source), headers)
        yield Question(
            f"{table}.wide",
            Text(
                f"{source} 似为每次检查一列，哪些列是径线、哪些是日期？（{'；'.join(t.zh for t in texts[:3])}）",
                f"{source} seems to have a column for each scan; which are sizes, which are dates? ({'; '.join(t.en for t in texts[:3])})",
            ),
            Text(
                "径线列名; 日期列名，* 为检查（如 scan* size; scan* date）；日期在列名中写 header，在某一行写行号（如 * size; 2）；- 表示不是每次检查一列",
                "headers of sizes; headers of dates, with * for the scan (as scan* size; scan* date); header if the headers are the dates, a number if that row holds them (as * size; 2); - if there is no column for each scan",
            ),
            proposals,
            TakesWide(table, tuple(headers)),
        )


def _patterns(frame: pl.DataFrame, headers: Sequence[str]) -> tuple[str, ...]:
    """Families of headers that differ in their scan alone: those of sizes with those of dates, the largest first."""
    of_scans = [h for h in headers if scan_header(h, serials=False) is not None and h in frame.columns]
    families = Counter(pattern for h in of_scans if (pattern := _SCAN.sub("*", h, count=1)) != h)
    sizes, dates = list[str](), list[str]()
    for pattern, n in families.most_common():
        cells = [c for h in of_scans if _SCAN.sub("*", h, count=1) == pattern for c in _words(frame[h])]
        if n < 2 or pattern == "*" or not cells:
            continue
        if sum(map(is_number, cells)) >= _SHARE * len(cells):
            sizes.append(pattern)
        elif sum(is_day(c) or needs_order(c) for c in cells) >= _SHARE * len(cells):
            dates.append(pattern)
    return tuple(f"{size}; {date}" for size in sizes for date in dates)


def _words(cells: pl.Series) -> list[str]:
    found = (clean(cell) for cell in cells.unique().drop_nulls().to_list())
    return [word for word in found if word is not None and not means_missing(STATE, plain(word))]
