"""Every publication that a text of a report calls by author and year is a numbered reference of the same part."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import oligoscope
from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.printing.blocks import Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.document import build_document
from oligoscope.study.dictionary.sources import SOURCES
from oligoscope.study.protocol import Protocol
from unit.stored_results import stored

# "Turnbull 1976", "Lin et al. 2020", "von Hippel (2020", "Uno 等，2014"; not "March 2020" and not the date 2020-03-01.
AUTHOR_YEAR = re.compile(
    r"[A-Z][A-Za-z-]+(?: et al\.?| 等| and others)?[,，]? ?[(（]?(?:19|20)\d\d(?![\d-])",
)
MONTHS = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
}  # fmt: skip
# What is printed in a report; notes of settings and rules of reading are not.
PRINTED = (
    "questions",
    "printing",
    "report",
    "results",
    "clinical/management_texts.py",
    "study/dictionary/definitions.py",
)
# In the meaning of a statistic, which the page of numbers and docs/output.md print.
ONLY_IN_MEANINGS = {"von Hippel 2020", "White, Royston & Wood 2011"}


def names() -> list[str]:
    return [name for source in SOURCES for name in source.names]


def cited(text: str) -> Iterator[str]:
    """What a text calls by author and year."""
    for found in AUTHOR_YEAR.findall(text):
        if found.split()[0] not in MONTHS:
            yield found


def is_a_source(name: str) -> bool:
    return any(name in known for known in names())


def literals(path: Path) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value


def test_every_source_that_the_program_can_name_has_an_entry():
    house = Path(oligoscope.__file__).parent
    paths = [
        p
        for name in PRINTED
        for p in ([house / name] if name.endswith(".py") else (house / name).rglob("*.py"))
    ]
    found = {name for path in paths for text in literals(path) for name in cited(text)}

    assert {"Turnbull 1976", "Andersen et al. 2017", "Tsai 2024"} <= found
    assert {
        name for name in found if not is_a_source(name) and not any(name in m for m in ONLY_IN_MEANINGS)
    } == set()


def texts(block: object, language: Language) -> Iterator[str]:
    match block:
        case Paragraph(text=text) | Notice(text=text):
            yield text[language]
        case FigureBlock(figure=figure):
            yield figure.caption[language]
        case TableBlock(table=table):
            yield from (note[language] for note in table.notes)
            yield from (cell.text[language] for row in table.rows for cell in row.cells)


def test_every_source_named_in_a_part_is_in_its_list(made_protocol: Protocol):
    """Of the stored run, which has every kind of analysis; with every analysis of the preset in the Methods."""
    document = build_document(made_protocol, stored())
    for language in LANGUAGES:
        depth, is_list = Depth.ANSWER, False
        named: dict[Depth, set[str]] = {d: set() for d in Depth}
        listed: dict[Depth, list[str]] = {d: [] for d in Depth}
        for block in document.blocks:
            if isinstance(block, Heading):
                depth, is_list = block.depth, block.id.startswith("references")
            for text in texts(block, language):
                if is_list:
                    listed[depth].append(text)
                else:
                    named[depth] |= set(cited(re.sub(r"\[\d+\]", "", text)))
        for d in (Depth.PAPER, Depth.SUPPLEMENT):
            assert len(named[d]) > 3
            entries = {s.entry[language]: s.names for s in SOURCES}
            here = [
                name for text in listed[d] for e, own in entries.items() if text.endswith(e) for name in own
            ]
            assert {name for name in named[d] if not any(name in one for one in here)} == set(), d
