"""A document as one self-contained HTML file: pictures and styles inside, no script, no request.

Where there is a page of numbers, each printed number is a link to its row there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure, glyphs_of, to_svg
from oligoscope.plain_text import anchor, plain
from oligoscope.printing.blocks import (
    Block,
    Depth,
    Document,
    FigureBlock,
    Heading,
    Notice,
    Paragraph,
    TableBlock,
)
from oligoscope.printing.table import Cell, Header, Key, Row, Table
from oligoscope.report.estimate_words import row_words, rule_words
from oligoscope.report.file_names import numbers_file, report_file
from oligoscope.report.html.html_page import PageFrame, contents, html_page, inline, scrolled, section
from oligoscope.report.labels import COLON, FIGURE, NOTE, TABLE, notice_name
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

_SKIP = Text("跳到正文", "Skip to the report")
_MOST_SEEN_AT_ONCE = 3  # pictures that need no overview
_WAYS = Text("报告的各部分", "Parts of the report")
_PICTURES = Text("全部图", "All figures")
_SCROLL = Text("可左右滚动", "scrolls sideways")
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
    """The place of each number: its row, and what it is made into words from, which few rows are asked for."""

    language: Language = "en"
    rows: Mapping[Key, int] = field(default_factory=dict)
    results: Results = field(default_factory=Results)
    rules: Mapping[str, Text] = field(default_factory=dict)

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
        number, estimate = _ROW[self.language].format(self.rows[key]), self.results.at(key)
        name = "" if estimate is None else inline(row_words(estimate, self.rules)[self.language])
        return f'<a href="{escape(self._address(key))}">{number}</a> {name}'


NO_LINKS = NumberLinks()


def number_links(protocol: Protocol, results: Results, language: Language) -> NumberLinks:
    """Links to every row of these results."""
    return NumberLinks(language, row_numbers(results), results, rule_words(protocol))


def write_html(
    document: Document, language: Language, other_file: str | None = None, links: NumberLinks = NO_LINKS
) -> str:
    """The whole page.

    Args:
        document: What to write.
        language: zh or en; every word of the page is in it.
        other_file: File of the other language; by default report.en.html or report.zh.html.
        links: The place of each number on the page of numbers.
    """
    other: Language = "en" if language == "zh" else "zh"
    frame = PageFrame(
        document.title, _SKIP, _ways(document),
        other_file or report_file(other), document.synthetic, below_title=links.below_title(), contents_name=_WAYS,
    )  # fmt: skip
    # Before the pictures: the letters of all of them, each once.
    parts = (glyphs_of(document.figures(), language), *_parts(document, language, links))
    return html_page(frame, "\n".join(part for part in parts if part), language)


def _parts(document: Document, language: Language, links: NumberLinks) -> Iterator[str]:
    """The sections of each part of the report, the first under the title of the page, the others under their own."""
    for i, depth in enumerate(document.depths()):
        sections = "\n".join(
            section(
                h.id,
                h.text,
                [_block(b, language, links) for b in blocks],
                language,
                synthetic=document.synthetic,
                named_also=_name_id(depth) if i else "",
            )
            for h, blocks in document.part(depth).sections()
        )
        title = f'<p class="part" id="{_name_id(depth)}">{depth.printed[language]}</p>\n' if i else ""
        yield f'<div class="depth" id="{_part_id(depth)}">\n{title}{sections}\n</div>'
        if not i:  # the answer comes before the list of what else there is
            yield contents([(h.id, h.text) for h, _ in document.sections()], language)
            yield _overview(document, language)


def _part_id(depth: Depth) -> str:
    return f"part-{depth.name.lower()}"


def _name_id(depth: Depth) -> str:
    return f"{_part_id(depth)}-name"


def _ways(document: Document) -> tuple[tuple[str, Text], ...]:
    """The parts of the report, where it has several."""
    depths = document.depths()
    return tuple((_part_id(depth), depth.printed) for depth in depths) if len(depths) > 1 else ()


def _overview(document: Document, language: Language) -> str:
    """Every picture small, each a link to itself in the text; drawn from the large one, so nothing is in the page twice."""
    items, heading = "", None
    for block in document.blocks:
        heading = block if isinstance(block, Heading) else heading
        if isinstance(block, FigureBlock) and heading is not None:
            items += _small_picture(block, heading, language)
    is_long = items.count("<li>") > _MOST_SEEN_AT_ONCE
    return (
        f'<nav class="overview" aria-label="{_PICTURES[language]}"><ul>{items}</ul></nav>' if is_long else ""
    )


def _small_picture(block: FigureBlock, heading: Heading, language: Language) -> str:
    name = anchor(block.figure.id)
    return (
        f'<li><a href="#figure-{name}" title="{escape(plain(block.figure.title[language]))}">'
        f'<svg viewBox="0 0 100 70" aria-hidden="true"><use href="#{name}-picture" width="100" height="70"/></svg>'
        f"{FIGURE[language]}{block.shown_number} {inline(heading.text[language])}</a></li>"
    )


def _block(block: Block, language: Language, links: NumberLinks) -> str:
    match block:
        case Heading():
            return f'<h3 id="{escape(block.id)}">{inline(block.text[language])}</h3>'
        case Paragraph():
            small = ' class="note"' if block.is_small else ""
            return f"<p{small}{_data_key(block.keys)}>{inline(block.text[language])}</p>{links.listed(block.keys)}"
        case Notice():
            name = notice_name(block, language)
            strong = f"<strong>{name}{COLON[language]}</strong>" if name else ""
            return f'<div class="notice {block.kind}" role="note"><p>{strong}{inline(block.text[language])}</p></div>'
        case TableBlock():
            return _table_block(block, language, links)
        case FigureBlock():
            return _figure(block, language) + links.listed([e.key for e in block.figure.estimates])


# ---- tables ---------------------------------------------------------------------------------------


def _table_block(block: TableBlock, language: Language, links: NumberLinks) -> str:
    drawn = _table(block.table, block.shown_number, language, links)
    if not block.is_folded:
        return drawn
    return f"<details><summary>{inline(block.table.title[language])}</summary>\n{drawn}\n</details>"


def _table(table: Table, number: str | None, language: Language, links: NumberLinks) -> str:
    label = "" if number is None else f'<b class="number">{TABLE[language]}{number}</b> '
    caption = f"<caption><span>{label}{inline(table.title[language])}</span></caption>"
    head = "".join(_header(h, language, links) for h in table.columns)
    groups = "\n".join(_row_group(rows, table, language, links) for rows in _row_groups(table.rows))
    name = escape(plain(table.title[language]))
    n_columns = len(table.columns)
    size = "few" if n_columns <= 8 else "many" if n_columns <= 10 else "many most"
    markup = f'<table id="table-{anchor(table.id)}" class="{size}">{caption}\n<thead><tr>{head}</tr></thead>\n{groups}\n</table>'
    return scrolled(markup, f"{name} ({_SCROLL[language]})", language) + _notes(table.notes, language)


def _header(header: Header, language: Language, links: NumberLinks) -> str:
    keys = () if header.key is None else (header.key,)
    text = inline(header.text[language])
    if header.detail is None:
        text = links.cell(keys, text)
    else:
        text += f"<br><small>{links.cell(keys, inline(header.detail[language]))}</small>"
    return f'<th scope="col" class="{header.align}"{_data_key(keys)}>{text}</th>'


def _row_groups(rows: Sequence[Row]) -> Iterable[list[Row]]:
    """Rows cut before each heading row; a heading opens its own body so that its scope is that body."""
    group: list[Row] = []
    for row in rows:
        if row.is_heading and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _row_group(rows: Sequence[Row], table: Table, language: Language, links: NumberLinks) -> str:
    return "<tbody>" + "\n".join(_row(row, table, language, links) for row in rows) + "</tbody>"


def _row(row: Row, table: Table, language: Language, links: NumberLinks) -> str:
    first, *others = row.cells
    if row.runs_over:
        width = len(table.columns)
        return (
            f'<tr class="heading"><th scope="rowgroup" colspan="{width}">{_cell(first, language)}</th></tr>'
        )
    scope = "rowgroup" if row.is_heading else "row"
    cells = [f'<th scope="{scope}" class="start indent-{row.indent}">{_cell(first, language)}</th>']
    cells += [
        f'<td class="{header.align}"{_data_key(cell.keys)}>{_cell(cell, language, links)}</td>'
        for cell, header in zip(others, table.columns[1:], strict=True)
    ]
    opening = '<tr class="heading">' if row.is_heading else "<tr>"
    return opening + "".join(cells) + "</tr>"


def _cell(cell: Cell, language: Language, links: NumberLinks = NO_LINKS) -> str:
    mark = f"<sup>{escape(cell.mark)}</sup>" if cell.mark else ""
    return links.cell(cell.keys, inline(cell.text[language])) + mark


def _data_key(keys: Sequence[Key]) -> str:
    """The row of the number in results.csv: all seven keys for programs, the named ones for people."""
    if not keys:
        return ""
    exact = ";".join("|".join(key) for key in keys)
    shown = "; ".join(" / ".join(part for part in key if part) for key in keys)
    return f' data-key="{escape(exact)}" title="results.csv: {escape(shown)}"'


def _notes(notes: Sequence[Text], language: Language) -> str:
    texts = [note[language] for note in notes if note[language]]
    if not texts:
        return ""
    space = "" if language == "zh" else " "
    return f'\n<p class="note">{NOTE[language]}{inline(space.join(texts))}</p>'


# ---- figures --------------------------------------------------------------------------------------


def _figure(block: FigureBlock, language: Language) -> str:
    figure = block.figure
    size = "wide" if figure.width_mm > 100 else "narrow"
    label = f'<b class="number">{FIGURE[language]}{block.shown_number}</b> '
    name = escape(plain(figure.title[language]))
    return (
        f'<figure id="figure-{anchor(figure.id)}" class="{size}">\n'
        f"{scrolled(_picture(figure, language), f'{name} ({_SCROLL[language]})', language)}\n"
        f"<figcaption>{label}{inline(figure.title[language])}</figcaption>"
        f"{_notes((figure.caption,), language)}\n</figure>"
    )


def _picture(figure: Figure, language: Language) -> str:
    """Without what a file of its own needs: the letters, which the page holds, and names of older readers of SVG."""
    return to_svg(figure, language, with_glyphs=False).replace(' xlink:href="', ' href="')
