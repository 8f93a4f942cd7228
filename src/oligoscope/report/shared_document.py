"""A report that leaves the study: without small counts, pictures of single patients, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import Cell, Header, Table, same
from oligoscope.results.results import Results
from oligoscope.results.small_cells import Hidden, hidden_numbers

WITHHELD = same("[c]")  # as national statistical offices mark a confidential number
# Tables without a count of patients, and so without a key: what they hold is no number of the study's.
_WITHOUT_COUNTS = {
    "issue_counts",
    "files",
    "inputs",
    "settings",
    "withheld",
    "strobe",
    "abbreviations",
    "citations",
}
_COUNTS_DRAWN = re.compile(r"n|n_.+|weight|events|count")
_SIZE = re.compile(r"\*n\*=[\d.,\u202f]+")  # in the head of a column
_SENTENCE = Text("（此处一句含小例数，已略去。）", "(A sentence with a small count is left out here.)")


def for_sharing(blocks: tuple[Block, ...], results: Results, smallest: int) -> tuple[Block, ...]:
    """The blocks without counts of 1 to `smallest` - 1, and without what they could be computed from.

    Args:
        blocks: Of the whole report.
        results: Its numbers.
        smallest: The smallest count that is printed.
    """
    hidden = hidden_numbers(results, smallest)
    sharing = _Sharing(hidden, smallest)
    return (_notice(smallest), *(sharing.block(block) for block in blocks))


def _notice(smallest: int) -> Notice:
    few = smallest - 1
    return Notice("caution", Text(
        f"本报告供对外提供：1 至 {few} 例的计数印作“<{smallest}”；“{WITHHELD.zh}”为可由以推算小例数而一并略去的数；"
        "显示单个患者或小例数的图、逐条清单和“数字与患者”页已略去。可对外提供的只有 report.*、answer.*、supplement.*、tables.xlsx 与 figures；"
        "results.csv、series 及其余文件含全部计数与患者，请留在本单位。",
        f"This report may be passed on: counts of 1 to {few} are printed as <{smallest}; {WITHHELD.en} is in the place of a number from which "
        "a small count could be computed; figures of single patients or of small counts, lists of rows and the page of numbers "
        "and patients are left out. Only report.*, answer.*, supplement.*, tables.xlsx and figures may be passed on: results.csv, series and all other "
        "files hold every count and the patients, and stay inside.",
    ))  # fmt: skip


class _Sharing:
    """What is hidden, and how each block looks without it."""

    def __init__(self, hidden: Hidden, smallest: int) -> None:
        self.hidden, self.smallest = hidden, smallest
        few = "|".join(str(n) for n in range(smallest - 1, 0, -1))
        zh = "例|名|位|对|个匹配组|次评估"
        en = "patients?|pairs?|sets?|events?|deaths?|visits?|of the patients"
        self._in_words = re.compile(rf"(?<![\d.,<])(?:{few})(?![\d.%])\s*(?:{zh}|{en})\b")

    def block(self, block: Block) -> Block:
        match block:
            case TableBlock(table=table):
                return self._table(block, table)
            case FigureBlock():
                return self._figure(block)
            case Paragraph():
                return Paragraph(_SENTENCE) if self._tells(block) else block
            case Notice():
                return Notice(block.kind, _SENTENCE) if self._says_few(block.text) else block
            case Heading():
                return block

    def _tells(self, block: Paragraph) -> bool:
        return any(key in self.hidden for key in block.keys) or self._says_few(block.text)

    def _says_few(self, text: Text) -> bool:
        return any(self._in_words.search(text[language]) for language in LANGUAGES)

    def _table(self, block: TableBlock, table: Table) -> Block:
        if table.id not in _WITHOUT_COUNTS and not any(table.printed_keys()):
            return _left_out(block, table.title, _LIST)
        columns = tuple(map(self._header, table.columns))
        rows = tuple(replace(row, cells=tuple(map(self._cell, row.cells))) for row in table.rows)
        notes = tuple(note for note in table.notes if not self._says_few(note))
        return replace(block, table=replace(table, columns=columns, rows=rows, notes=notes))

    def _cell(self, cell: Cell) -> Cell:
        if not any(key in self.hidden for key in cell.keys):
            return cell
        if cell.key is not None and cell.key not in self.hidden:  # a count whose percentage is hidden
            zh, en = (cell.text[language].split("(")[0].strip() for language in LANGUAGES)
            return Cell(Text(zh, en), cell.key, mark=cell.mark)
        return Cell(self._sign(cell.keys), mark=cell.mark)

    def _sign(self, keys: tuple[tuple[str, ...], ...]) -> Text:
        is_small = any(key in self.hidden.small and key[-1] in _COUNTS for key in keys)
        return same(f"<{self.smallest}") if is_small else WITHHELD

    def _header(self, header: Header) -> Header:
        if header.key is None or header.key not in self.hidden:
            return header
        sign = self._sign((header.key,))
        detail = header.detail or Text("", "")
        zh, en = (_SIZE.sub(f"*n*={sign[language]}", detail[language]) for language in LANGUAGES)
        return replace(header, detail=Text(zh, en), key=None)

    def _figure(self, block: FigureBlock) -> Block:
        figure = block.figure
        if "patient_id" in figure.data.columns:
            return _left_out(block, figure.title, _SINGLE)
        drawn = any(e.key in self.hidden for e in figure.estimates) or any(self._few_drawn(figure.data))
        return _left_out(block, figure.title, _SMALL) if drawn or self._says_few(figure.caption) else block

    def _few_drawn(self, data: pl.DataFrame) -> Iterator[bool]:
        for name in data.columns:
            if _COUNTS_DRAWN.fullmatch(name) and data[name].dtype.is_numeric():
                yield bool(data[name].is_between(0, self.smallest, closed="none").any())


_COUNTS = {
    "n",
    "events",
    "missing",
    "n_excluded",
    "n_not_assessable",
    "n_evaluable",
    "n_entered_late",
    "n_never_at_risk",
    "n_pairs",
    "n_visits",
}
_LIST = Text("为逐条清单", "it is a list")
_SINGLE = Text("显示单个患者", "it shows single patients")
_SMALL = Text("含小例数", "it holds small counts")


def _left_out(block: TableBlock | FigureBlock, title: Text, why: Text) -> Notice:
    """The notice in the place of a table or a figure, under the number that it has in the text."""
    if isinstance(block, FigureBlock):
        zh, en = f"图 {block.shown_number}", f"Figure {block.shown_number}"
    else:
        number = block.shown_number
        zh, en = ("表", "Table") if number is None else (f"表 {number}", f"Table {number}")
    return Notice("withheld", Text(
        f"{zh}（{title.zh}）略去：{why.zh}。", f"{en} ({title.en}) is left out: {why.en}.",
    ))  # fmt: skip
