"""The formats of the report, and a document in one language as the contents of its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from oligoscope.bilingual import Language, Text
from oligoscope.printing.blocks import Depth, Document
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.docx.docx import write_docx
from oligoscope.report.file_names import ANSWER, PUBLISHED, REPORT, SUPPLEMENT, report_file
from oligoscope.report.html.html import NumberLinks, write_html

Writer = Callable[[Document, Language, NumberLinks], bytes]
_FILES_OF = {Depth.ANSWER: ANSWER, Depth.PAPER: REPORT, Depth.SUPPLEMENT: SUPPLEMENT}


@dataclass(frozen=True)
class Format:
    """A format of the report.

    Attributes:
        write: A document in one language as the bytes of a file.
        is_divided: Whether the answer, the paper and the supplement are files of their own, or parts of one.
    """

    write: Writer
    is_divided: bool = False

    def files(self, document: Document) -> Mapping[str, Document]:
        """The documents by the names of their files."""
        if not self.is_divided:
            return {REPORT: document}
        return {_FILES_OF[depth]: _titled(document, depth) for depth in document.depths()}


def _titled(document: Document, depth: Depth) -> Document:
    """One part of the report, which its title names; the paper has the title alone."""
    part, title, name = document.part(depth), document.title, depth.printed
    if depth is Depth.PAPER:
        return part
    return replace(part, title=Text(f"{title.zh}：{name.zh}", f"{title.en}: {name.en}"))


# By the ending of the files. A format that is added here is written, counted and recorded.
REPORT_FORMATS: dict[str, Format] = {
    "html": Format(lambda document, language, links: write_html(document, language, links=links).encode()),
    "docx": Format(lambda document, language, _links: write_docx(document, language), is_divided=True),
}


def report_contents(
    ending: str,
    document: Document,
    published: Document | None,
    language: Language,
    links: NumberLinks,
    left_out: LeftOut,
) -> dict[str, bytes]:
    """The files of one format, by their names; each is whole, and one that fails is left out.

    Args:
        ending: The format, of `REPORT_FORMATS`.
        document: The report.
        published: The numbers of a paper beside those of the run, where there are any.
        language: Of the words; its number style is in force.
        links: The place of each number on the page of numbers.
        left_out: Takes the files that fail.
    """
    form = REPORT_FORMATS[ending]
    documents = {**form.files(document), **({} if published is None else {PUBLISHED: published})}
    contents: dict[str, bytes] = {}
    for part, one in documents.items():
        name = report_file(language, ending, part)
        content = left_out.made(file_named(name), form.write, one, language, links)
        if not isinstance(content, Part):
            contents[name] = content
    return contents


def file_named(name: str) -> Text:
    """The file report.en.html."""
    return Text(f"文件 {name}", f"the file {name}")
