"""Links from a printed number to its row on the page of numbers; without such a page, nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from oligoscope.bilingual import Language, Text
from oligoscope.printing.table import Key
from oligoscope.report.estimate_words import row_words, rule_words
from oligoscope.report.file_names import numbers_file
from oligoscope.report.html.html_page import inline
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

FIRST_ROW = 2  # of results.csv as a spreadsheet counts: the head is row 1
_ROWS = Text("本处各数字在 results.csv 中的行（{}）", "Rows of results.csv with these numbers ({})")
_ROW = Text("第 {} 行", "Row {}")
_BELOW_TITLE = Text(
    '表中的每个数字都是链接，指向它在 results.csv 中的行、方法与所依据的患者；正文与图的各行列于其下：<a href="{}">数字与患者</a>。',
    "Every number in a table is a link to its row in results.csv, its method and its patients; the rows of a "
    'paragraph or figure are listed below it: <a href="{}">Numbers and patients</a>.',
)


def row_anchor(row: int) -> str:
    """The place of a row of results.csv on the page."""
    return f"row-{row}"


def row_numbers(results: Results) -> dict[Key, int]:
    """The row of each estimate in results.csv."""
    return {e.key: i for i, e in enumerate(results.estimates, start=FIRST_ROW)}


@dataclass(frozen=True)
class NumberLinks:
    """The place of each number: its row, and what the row is in words."""

    language: Language = "en"
    rows: Mapping[Key, int] = field(default_factory=dict)
    words: Mapping[Key, Text] = field(default_factory=dict)

    def cell(self, keys: Sequence[Key], markup: str) -> str:
        """The content of a cell as a link to the first of its rows."""
        known = [key for key in keys if key in self.rows]
        return (
            f'<a class="number" href="{self._address(known[0])}">{markup}</a>' if known and markup else markup
        )

    def listed(self, keys: Sequence[Key]) -> str:
        """A folded list of the rows that a paragraph or figure states."""
        known = [key for key in dict.fromkeys(keys) if key in self.rows]
        if not known:
            return ""
        items = "".join(f"<li>{self._item(key)}</li>" for key in known)
        return f'\n<details class="rows"><summary>{_ROWS[self.language].format(len(known))}</summary><ul>{items}</ul></details>'

    def below_title(self) -> str:
        """The sentence that says where the links lead."""
        if not self.rows:
            return ""
        return (
            f'<p class="to-numbers">{_BELOW_TITLE[self.language].format(numbers_file(self.language))}</p>\n'
        )

    def _address(self, key: Key) -> str:
        return f"{numbers_file(self.language)}#{row_anchor(self.rows[key])}"

    def _item(self, key: Key) -> str:
        number, name = _ROW[self.language].format(self.rows[key]), inline(self.words[key][self.language])
        return f'<a href="{escape(self._address(key))}">{number}</a> {name}'


NO_LINKS = NumberLinks()


def number_links(protocol: Protocol, results: Results, language: Language) -> NumberLinks:
    """Links to every row of these results."""
    rules = rule_words(protocol)
    words = {e.key: row_words(e, rules) for e in results.estimates}
    return NumberLinks(language, row_numbers(results), words)
