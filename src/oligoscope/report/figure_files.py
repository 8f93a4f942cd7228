"""Every figure of a document as files: for screen and print, and its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from functools import partial
from pathlib import Path

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import (
    PNG_DPI,
    Figure,
    drawing_of,
    rendered,
    to_csv,
    to_png,
    to_svg,
    undrawn_in,
)
from oligoscope.plain_text import NOT_IN_FILE_NAMES, file_stem, free_stem
from oligoscope.printing.blocks import Block, Document, FigureBlock, Notice, failed
from oligoscope.printing.left_out import LeftOut, Part
from oligoscope.report.file_names import FIGURE_FORMATS, FigureChoice, FigureFormat
from oligoscope.report.kept_pictures import Pictures
from oligoscope.report.labels import FIGURE

FOLDER = "figures"


def drawn(
    document: Document,
    language: Language,
    left_out: LeftOut,
    choice: FigureChoice = "usual",
    pictures: Pictures | None = None,
) -> Document:
    """The same document, with a notice in the place of every figure that cannot be drawn.

    Args:
        document: Its figures are drawn, or taken from the pictures that are there.
        language: Of the words in the pictures.
        left_out: Takes the figures that fail.
        choice: Those for print are made from the drawings themselves, so that nothing is taken.
        pictures: Those of the output folder.
    """
    pictures = Pictures() if pictures is None else pictures

    def draw(figure: Figure) -> None:
        if choice == "usual":
            pictures.draw(figure, language)
        else:
            _draw(figure, language, choice)

    def block_of(block: Block) -> Block:
        if not isinstance(block, FigureBlock):
            return block
        number, title = block.shown_number, block.figure.title
        name = Text(f"{FIGURE.zh}{number}（{title.zh}）", f"figure {number} ({title.en})")
        made = left_out.made(name, draw, block.figure)
        return failed(made) if isinstance(made, Part) else block

    return naming_undrawn(replace(document, blocks=tuple(map(block_of, document.blocks))), language)


def _draw(figure: Figure, language: Language, choice: FigureChoice) -> None:
    """Draw it once for all its files."""
    if "pdf" in FIGURE_FORMATS[choice]:  # those for print are made from the drawing itself
        drawing_of(figure, language)
    rendered(figure, language, PNG_DPI)


def naming_undrawn(document: Document, language: Language) -> Document:
    """The same document; where its pictures have signs that no font here can draw, a notice names them first."""
    return naming_signs(document, undrawn_signs(document, language))


def undrawn_signs(document: Document, language: Language) -> str:
    """The signs of its pictures that no font here can draw, each once."""
    return "".join(dict.fromkeys("".join(undrawn_in(figure, language) for figure in document.figures())))


def naming_signs(document: Document, signs: str) -> Document:
    """The same document with a notice that names these signs; without any, as it is."""
    if not signs:
        return document
    listed = " ".join(signs)
    text = Text(
        f"图中有本机字体无法绘出的字，显示为方框：{listed}。表格与正文不受影响。安装含这些字的中文字体（如 Noto Sans CJK SC）后重新写出报告即可。",
        f"The figures hold signs that no font of this computer can draw; they appear as boxes: {listed}. Tables and text are not "
        "affected. Install a font that has them (such as Noto Sans CJK SC) and write the report again.",
    )
    return document.with_notices([Notice("caution", text)])


def write_figure_files(
    document: Document,
    language: Language,
    folder: Path,
    choice: FigureChoice = "usual",
    left_out: LeftOut | None = None,
    pictures: Pictures | None = None,
) -> list[str]:
    """Write the files of its figures; gives the names, seen from `folder`. The arguments are those of `figure_contents`."""
    return write_contents(folder, figure_contents(document, language, choice, left_out, pictures))


def write_contents(folder: Path, contents: Mapping[str, bytes]) -> list[str]:
    """Write files; gives their names."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return list(contents)


def figure_contents(
    document: Document,
    language: Language,
    choice: FigureChoice = "usual",
    left_out: LeftOut | None = None,
    pictures: Pictures | None = None,
) -> dict[str, bytes]:
    """figures/NAME.LANGUAGE.svg and .png, and figures/NAME.csv, by their names.

    Args:
        document: Its numbered figures, each drawn once for all its files.
        language: Of the words in the pictures.
        choice: "all" adds .pdf and .tiff.
        left_out: Takes the files that fail; None lets them raise.
        pictures: Takes note of the files.
    """
    figures = tuple(document.figures())
    contents: dict[str, bytes] = {}
    for figure, stem in zip(figures, file_stems(f.id for f in figures), strict=True):
        for ending, make in _files_of(figure, language, choice):
            name = f"{FOLDER}/{stem}.{ending}"
            content = (
                make() if left_out is None else left_out.made(Text(f"文件 {name}", f"the file {name}"), make)
            )
            if not isinstance(content, Part):
                contents[name] = content
        if pictures is not None:
            pictures.written(figure, language, f"{FOLDER}/{stem}.{language}")
    return contents


def is_old_picture(name: str, written: Set[str]) -> bool:
    """Whether a file is of a figure that is no longer among those written: another version drew others."""
    return name.startswith(f"{FOLDER}/") and _stem(name) not in {_stem(new) for new in written}


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(".", 1)[0]


def file_stems(ids: Iterable[str]) -> list[str]:
    """`survival_progressed:systemic_resistance_os` -> `survival_progressed-systemic_resistance_os`.

    Each name once, also where a file system takes capitals for small letters.
    """
    stems: list[str] = []
    for name in ids:
        stems.append(free_stem(file_stem(name, NOT_IN_FILE_NAMES), stems))
    return stems


def _files_of(
    figure: Figure, language: Language, choice: FigureChoice
) -> Iterable[tuple[str, Callable[[], bytes]]]:
    """(ending, what makes the content) of each file."""

    def made(kind: FigureFormat) -> bytes:
        _draw(figure, language, choice)
        return _WRITERS[kind](figure, language)

    for kind in FIGURE_FORMATS[choice]:
        ending = kind if kind == "csv" else f"{language}.{kind}"  # its numbers are the same in either
        yield ending, partial(made, kind)


def _svg_file(figure: Figure, language: Language) -> bytes:
    header = '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
    return (header + to_svg(figure, language)).encode()


def _pdf_file(figure: Figure, language: Language) -> bytes:
    # 0.1 s to load, for files that are seldom asked for.
    from oligoscope.drawing.print_files import to_pdf  # noqa: PLC0415

    return to_pdf(figure, language)


def _tiff_file(figure: Figure, language: Language) -> bytes:
    from oligoscope.drawing.print_files import to_tiff  # noqa: PLC0415  as above

    return to_tiff(figure, language)


_WRITERS: dict[FigureFormat, Callable[[Figure, Language], bytes]] = {
    "svg": _svg_file,
    "png": to_png,
    "csv": lambda figure, _: to_csv(figure).encode(),
    "pdf": _pdf_file,
    "tiff": _tiff_file,
}
