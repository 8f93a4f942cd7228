"""Every document of a study into one folder: the report in each format and language, and one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ParamSpec

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.errors import UsageError
from oligoscope.number_format import PROFILES, language_of, number_style
from oligoscope.printing.blocks import Depth, Document, failed
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.document import Rows, build_document, build_published
from oligoscope.report.docx.docx import write_docx
from oligoscope.report.figure_files import drawn, write_figure_files
from oligoscope.report.file_names import (
    ANSWER,
    PUBLISHED,
    REPORT,
    SUPPLEMENT,
    WORKBOOK,
    FigureChoice,
    numbers_file,
    report_file,
)
from oligoscope.report.html.html import NO_LINKS, NumberLinks, number_links, write_html
from oligoscope.report.numbers.numbers_html import write_numbers_html
from oligoscope.report.numbers.numbers_page import build_numbers_page
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.report.second_pictures import begin_drawing, take_drawn
from oligoscope.report.xlsx.xlsx import write_xlsx
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

P = ParamSpec("P")
Styles = Mapping[Language, str]  # a named profile for some languages; the others keep the default
DEFAULT_STYLES: Styles = {}
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


def styles_of(names: Iterable[str], languages: Iterable[Language]) -> Styles:
    """The profile of each language, from names such as en-lancet.

    Raises:
        UsageError: A name is unknown, is for a language that is not written, or two are for the same.
    """
    chosen: dict[Language, str] = {}
    wanted = tuple(languages)
    for name in names:
        if name not in PROFILES:
            raise UsageError(
                f"There is no style {name}. Choose from: {', '.join(PROFILES)}.",
                zh=f"没有名为 {name} 的格式。可选：{'、'.join(PROFILES)}。",
            )
        language: Language | None = next((one for one in wanted if one == language_of(name)), None)
        if language is None:
            raise UsageError(
                f"{name} is a style for {language_of(name)}, which --lang leaves out.",
                zh=f"{name} 是 {language_of(name)} 的格式，而 --lang 不含该语言。",
            )
        if language in chosen:
            raise UsageError(
                f"{chosen[language]} and {name} are both for {language}; give one of them.",
                zh=f"{chosen[language]} 与 {name} 都用于 {language}，只能给一个。",
            )
        chosen[language] = name
    return chosen


def count_parts(languages: tuple[Language, ...]) -> int:
    """How often `write_reports` will say that a part begins: pictures and each format, then the workbook."""
    return (1 + len(REPORT_FORMATS)) * len(languages) + 1


def write_reports(  # noqa: PLR0913, PLR0917  what to write and how, each with its usual value
    folder: Path,
    protocol: Protocol,
    results: Results,
    issues: Rows | None,
    run_info: Mapping[str, Any],
    languages: tuple[Language, ...] = LANGUAGES,
    styles: Styles = DEFAULT_STYLES,
    also_in_workbook: tuple[Language, ...] = (),
    figures: FigureChoice = "usual",
    begins: Callable[[], None] = lambda: None,
    patients: PatientFiles | None = None,
    left_out: LeftOut | None = None,
) -> None:
    """Write report.LANGUAGE.FORMAT for each of `REPORT_FORMATS`, the files of the figures and tables.xlsx.

    Of a format that is divided, report.LANGUAGE.FORMAT is the paper, with answer.… and supplement.… beside it. Of a
    synthetic cohort drawn after a paper, published.LANGUAGE.FORMAT holds the numbers of both.

    Args:
        folder: Where to.
        protocol: The settings that ran.
        results: The only source of numbers.
        issues: As `build_document` takes them.
        run_info: As `build_document` takes it.
        languages: Those to write.
        styles: Number styles by language.
        also_in_workbook: Further languages for the workbook, which holds all of them.
        figures: Which files of each figure.
        begins: Called before each of the `count_parts` parts of the work.
        patients: The patients of the run; with them numbers.LANGUAGE.html is written and the report leads there.
        left_out: Gathers what could not be made; every document that is written names it.
    """
    left_out = LeftOut() if left_out is None else left_out
    if figures == "usual" and languages:  # those for print are made from the drawings themselves
        begin_drawing(protocol, results, issues, run_info, languages, styles)
    documents: dict[Language, Document] = {}
    published: dict[Language, Document] = {}
    for language in LANGUAGES:
        if language not in {*languages, *also_in_workbook}:
            continue
        # Pictures take their numbers when they are drawn, so they are drawn inside the style too.
        with number_style(styles.get(language)):
            built = left_out.made(_REPORT, build_document, protocol, results, issues, run_info, left_out)
            if language in languages:
                begins()
            if isinstance(built, Part):
                continue
            if figures == "usual" and languages and language == languages[-1]:
                take_drawn(built, language)
            documents[language] = (
                drawn(built, language, left_out, figures) if language in languages else built
            )
            beside = left_out.made(_PUBLISHED, build_published, protocol, results, left_out)
            if isinstance(beside, Document):
                published[language] = beside
            if language in languages:
                write_figure_files(documents[language], language, folder, figures, left_out)
    links = _write_numbers(folder, protocol, results, languages, patients, left_out)
    files = _Files(folder, documents, published, languages, styles, links, results, left_out)
    named = len(left_out.parts)
    files.write(begins)
    if len(left_out.parts) > named:  # a file failed: those written before it name it too
        files.write(lambda: None)


_REPORT = Text("整份报告", "the whole report")
_PUBLISHED = Text("论文数字与再现结果", "the numbers of the paper beside those of the run")
_NUMBERS = Text("“数字与患者”页", "the page of numbers and patients")


def _write_numbers(
    folder: Path,
    protocol: Protocol,
    results: Results,
    languages: tuple[Language, ...],
    patients: PatientFiles | None,
    left_out: LeftOut,
) -> dict[Language, NumberLinks]:
    """The page of numbers in each language, and the links that lead there."""
    if patients is None:
        return {}
    numbers = left_out.made(_NUMBERS, build_numbers_page, protocol, results, patients)
    links: dict[Language, NumberLinks] = {}
    for language in () if isinstance(numbers, Part) else languages:
        page = left_out.made(
            _NUMBERS, lambda page, one: write_numbers_html(page, one).encode(), numbers, language
        )
        found = left_out.made(_NUMBERS, number_links, protocol, results, language)
        if not isinstance(page, Part) and not isinstance(found, Part):
            (folder / numbers_file(language)).write_bytes(page)
            links[language] = found
    return links


@dataclass(frozen=True)
class _Files:
    """The documents as files; each is made whole before it is written, so that one that fails leaves none."""

    folder: Path
    documents: Mapping[Language, Document]
    published: Mapping[Language, Document]
    languages: tuple[Language, ...]
    styles: Styles
    links: Mapping[Language, NumberLinks]
    results: Results
    left_out: LeftOut

    def write(self, begins: Callable[[], None]) -> None:
        """Every format a language, then the workbook."""
        named: dict[Language, Document] = {
            one: document.with_notices([failed(part) for part in self.left_out.parts])
            for one, document in self.documents.items()
        }
        for language in self.languages:
            with number_style(self.styles.get(language)):
                for ending, form in REPORT_FORMATS.items():
                    begins()
                    if language in named:
                        self._report(named[language], form, ending, language)
        begins()
        self._write(WORKBOOK, write_xlsx, named, self.results)

    def _report(self, document: Document, form: Format, ending: str, language: Language) -> None:
        links, files = self.links.get(language, NO_LINKS), dict(form.files(document))
        if language in self.published:
            files[PUBLISHED] = self.published[language]
        for name, part in files.items():
            self._write(report_file(language, ending, name), form.write, part, language, links)

    def _write(self, name: str, make: Callable[P, bytes], *args: P.args, **kwargs: P.kwargs) -> None:
        content = self.left_out.made(Text(f"文件 {name}", f"the file {name}"), make, *args, **kwargs)
        if not isinstance(content, Part):
            (self.folder / name).write_bytes(content)
