"""Every document of a study into one folder: the report in each format and language, and one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.errors import UsageError
from oligoscope.number_format import PROFILES, language_of, number_style
from oligoscope.printing.blocks import Document, failed
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.document import Rows, build_document, build_published
from oligoscope.report.figure_files import drawn, write_contents, write_figure_files
from oligoscope.report.file_names import WORKBOOK, FigureChoice, numbers_file
from oligoscope.report.html.html import NO_LINKS, NumberLinks, number_links
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.numbers.numbers_html import write_numbers_html
from oligoscope.report.numbers.numbers_page import build_numbers_page
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.report.report_formats import REPORT_FORMATS, file_named, report_contents
from oligoscope.report.shared_work import Made, Task, hand_over, take_drawn, take_language
from oligoscope.report.xlsx.xlsx import write_xlsx
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

Styles = Mapping[Language, str]  # a named profile for some languages; the others keep the default
DEFAULT_STYLES: Styles = {}
Kept = Mapping[Language, Mapping[str, bytes]]  # of a language all files, by their names
NOTHING_KEPT: Kept = {}


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
    pictures: Pictures | None = None,
    kept: Kept = NOTHING_KEPT,
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
        pictures: Those that the output folder holds already, and afterwards what those written were drawn from.
        kept: Of some languages all files, which the output folder holds already: written as they are, unless a part of others fails.
    """
    left_out = LeftOut() if left_out is None else left_out
    pictures = Pictures() if pictures is None else pictures
    unkept = tuple[Language, ...](one for one in languages if one not in kept)
    own, handed = unkept, None
    # Pictures for print are made from the drawings. Where a language is kept, a second process would take more than it saves.
    if figures == "usual" and own and not kept and not left_out.parts:
        last = own[-1]
        task = Task(
            protocol, results, issues, run_info, last, styles.get(last), pictures.alike(), patients is not None
        )  # fmt: skip
        handed = hand_over(task, languages)
        own = tuple[Language, ...](one for one in unkept if one != handed)
    built = _Built(protocol, results, issues, run_info, styles, left_out)
    for language in LANGUAGES:
        if language in languages:
            begins()
        if language in {*own, *kept, *also_in_workbook}:
            built.build(language)
            if figures == "usual" and languages == (language,) and language in built.documents:
                take_drawn(built.documents[language], language, pictures)
    pages = _Pages(folder, languages, figures, styles, left_out, pictures, built.documents)
    pages.draw(own)
    for language, contents in kept.items():
        write_contents(folder, contents)
        pictures.keep(language)
        for _ in REPORT_FORMATS:
            begins()
    links = _write_numbers(folder, protocol, results, unkept, patients, left_out)
    files = _Files(folder, built.documents, built.published, styles, links, results, left_out)
    named = len(left_out.parts)
    files.write(own, begins)
    if handed is not None:
        _take(handed, built, pages, files, begins)
    files.write_workbook(begins)
    if kept and left_out.parts:  # those that are kept do not name it
        write_reports(
            folder, protocol, results, issues, run_info, languages, styles, also_in_workbook, figures,
            patients=patients, left_out=left_out, pictures=pictures,
        )  # fmt: skip
    elif len(left_out.parts) > named:  # a file failed: those written before it name it too
        if handed is not None:  # of it there may be the tables alone
            built.build(handed)
            pages.draw((handed,))
        files.write(languages, lambda: None)
        files.write_workbook(lambda: None)


def _take(
    language: Language, built: _Built, pages: _Pages, files: _Files, begins: Callable[[], None]
) -> None:
    """Take what the second process made of a language; where a part failed, here or there, make it here to name the part."""
    made = take_language()
    if made is None or built.left_out.parts:
        built.build(language)
        pages.draw((language,))
        files.write((language,), begins)
        return
    pages.take(language, made)
    for _ in REPORT_FORMATS:
        begins()


@dataclass(frozen=True)
class _Built:
    """The report, and the numbers of the paper beside those of the run, as values.

    Attributes:
        documents: The report by language, in which it will be written; of a language that the second process makes, what
            the workbook holds of it.
        published: Where there is a paper.
    """

    protocol: Protocol
    results: Results
    issues: Rows | None
    run_info: Mapping[str, Any]
    styles: Styles
    left_out: LeftOut
    documents: dict[Language, Document] = field(default_factory=dict)
    published: dict[Language, Document] = field(default_factory=dict)
    _by_style: dict[str | None, tuple[Document | Part, Document | Part | None]] = field(default_factory=dict)

    def build(self, language: Language) -> None:
        """Build the report of a language, once for all that have one style: its texts are in both languages."""
        style = self.styles.get(language)
        if style not in self._by_style:
            with number_style(style):
                self._by_style[style] = self._build()
        document, beside = self._by_style[style]
        if isinstance(document, Document):
            self.documents[language] = document
        if isinstance(beside, Document):
            self.published[language] = beside

    def _build(self) -> tuple[Document | Part, Document | Part | None]:
        made, left_out = self.left_out.made, self.left_out
        document = made(
            _REPORT, build_document, self.protocol, self.results, self.issues, self.run_info, left_out
        )
        if isinstance(document, Part):
            return document, None
        return document, made(_PUBLISHED, build_published, self.protocol, self.results, left_out)


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
class _Pages:
    """The pictures of the documents and their files."""

    folder: Path
    languages: tuple[Language, ...]
    figures: FigureChoice
    styles: Styles
    left_out: LeftOut
    pictures: Pictures
    documents: dict[Language, Document]

    def draw(self, languages: Iterable[Language]) -> None:
        """Draw those of these languages here; a document whose picture failed has a notice in its place."""
        for language in languages:
            if language not in self.documents:
                continue
            with number_style(self.styles.get(language)):
                document = drawn(
                    self.documents[language], language, self.left_out, self.figures, self.pictures
                )
                write_figure_files(
                    document, language, self.folder, self.figures, self.left_out, self.pictures
                )
            self.documents[language] = document

    def take(self, language: Language, made: Made) -> None:
        """Write what the second process made of a language."""
        write_contents(self.folder, made.files)
        self.pictures.made.update(made.pictures)
        self.documents[language] = made.tables


@dataclass(frozen=True)
class _Files:
    """The documents as files; each is made whole before it is written, so that one that fails leaves none."""

    folder: Path
    documents: Mapping[Language, Document]
    published: Mapping[Language, Document]
    styles: Styles
    links: Mapping[Language, NumberLinks]
    results: Results
    left_out: LeftOut

    def write(self, languages: Iterable[Language], begins: Callable[[], None]) -> None:
        """Every format of these languages."""
        named = self._named()
        for language in languages:
            links, beside = self.links.get(language, NO_LINKS), self.published.get(language)
            with number_style(self.styles.get(language)):
                for ending in REPORT_FORMATS:
                    begins()
                    if language in named:
                        found = report_contents(
                            ending, named[language], beside, language, links, self.left_out
                        )
                        write_contents(self.folder, found)

    def write_workbook(self, begins: Callable[[], None]) -> None:
        """One workbook of all languages."""
        begins()
        content = self.left_out.made(
            file_named(WORKBOOK), write_xlsx, self._named(), self.results, self.styles
        )
        if not isinstance(content, Part):
            (self.folder / WORKBOOK).write_bytes(content)

    def _named(self) -> dict[Language, Document]:
        """The documents, which name the parts that failed until now."""
        notices = [failed(part) for part in self.left_out.parts]
        in_order = sorted(self.documents.items(), key=lambda pair: LANGUAGES.index(pair[0]))
        return {one: document.with_notices(notices) for one, document in in_order}
