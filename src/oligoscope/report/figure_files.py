"""Every figure of a document as files: for screen and print, and the data behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Literal

from oligoscope.figures.figure import Figure, to_csv, to_png, to_svg
from oligoscope.figures.print_files import to_pdf, to_tiff
from oligoscope.report.blocks import Document
from oligoscope.study.vocabulary import Language

FigureChoice = Literal["usual", "all"]  # SVG and PNG; or PDF and TIFF at print resolution as well
FOLDER = "figures"
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.+-]+", re.ASCII)


def write_figure_files(
    document: Document, language: Language, folder: Path, choice: FigureChoice = "usual"
) -> list[str]:
    """Write figures/NAME.LANGUAGE.svg and .png, and figures/NAME.csv; gives the names, seen from `folder`.

    Args:
        document: Its numbered figures are written, each drawn once for all its files.
        language: Of the words in the pictures.
        folder: Where the folder of figures goes.
        choice: "all" adds .pdf and .tiff.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    figures = tuple(document.figures())
    written = []
    for figure, stem in zip(figures, file_stems(f.id for f in figures), strict=True):
        for ending, content in _files_of(figure, language, choice):
            name = f"{FOLDER}/{stem}.{ending}"
            (folder / name).write_bytes(content)
            written.append(name)
    return written


def is_old_picture(name: str, written: Set[str]) -> bool:
    """Whether a file is of a figure that is no longer among those written: another version drew others."""
    return name.startswith(f"{FOLDER}/") and _stem(name) not in {_stem(new) for new in written}


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].split(".", 1)[0]


def file_stems(ids: Iterable[str]) -> list[str]:
    """`survival_progressed:systemic_resistance_os` -> `survival_progressed-systemic_resistance_os`.

    Each name once, also where a file system takes capitals for small letters.
    """
    taken: set[str] = set()
    stems = []
    for name in ids:
        stem = _NOT_IN_FILE_NAMES.sub("-", name)
        tries = (stem if i == 1 else f"{stem}-{i}" for i in range(1, len(taken) + 2))
        free = next(one for one in tries if one.casefold() not in taken)
        taken.add(free.casefold())
        stems.append(free)
    return stems


def _files_of(figure: Figure, language: Language, choice: FigureChoice) -> Iterable[tuple[str, bytes]]:
    """(ending, content) of each file."""
    header = '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
    yield f"{language}.svg", (header + to_svg(figure, language)).encode()
    yield f"{language}.png", to_png(figure, language)
    yield "csv", to_csv(figure).encode()
    if choice == "all":
        yield f"{language}.pdf", to_pdf(figure, language)
        yield f"{language}.tiff", to_tiff(figure, language)
