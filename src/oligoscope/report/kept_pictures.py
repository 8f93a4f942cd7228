"""Pictures that an output folder holds already: taken from it where drawing them again would give the same.

run.json names of each picture the checksum of what it was drawn from (`drawn_from`) and what its painter read of the
journal's style: a decimal mark, a sign between limits, whether a letter is in italics. A picture is drawn again where one of
these is another now, or where its files are not as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import PNG_DPI, Figure, keep, rendered, undrawn_in
from oligoscope.drawing.rendering import Rendered, glyph_defs
from oligoscope.number_format import are_as_read
from oligoscope.report.as_written import as_written
from oligoscope.report.drawn_from import DrawnFrom
from oligoscope.style_reads import style_reads

IN_RUN_FILE = "pictures"
_SVG = re.compile(
    r'.*?<svg [^>]*? width="([\d.]+)pt" height="([\d.]+)pt" [^>]*>\s*<title [^>]*>[^<]*</title><desc [^>]*>[^<]*</desc>'
    r'(<defs class="glyphs">.*?</defs>)?(.*)</svg>\n',
    re.DOTALL,
)
_GLYPH = re.compile(r'<path id="([^"]*)" d="([^"]*)"/>')


@dataclass(frozen=True)
class Pictures:
    """The pictures of an output folder.

    Attributes:
        folder: The output folder; None where nothing is there yet.
        earlier: As its run.json describes them (`record`), by figure and language.
        checksums: Of the files in it, as its run.json has them.
        made: Those that were drawn or taken since, as `earlier`.
    """

    folder: Path | None = None
    earlier: Mapping[str, Any] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, out: Path, run: Mapping[str, Any]) -> Pictures:
        """Those of an output folder with this run.json."""
        found = run.get(IN_RUN_FILE)
        return cls(out, found if isinstance(found, dict) else {}, run.get("outputs") or {})

    def alike(self) -> Pictures:
        """The same folder, with nothing made since."""
        return Pictures(self.folder, self.earlier, self.checksums)

    @cached_property
    def _drawn_from(self) -> DrawnFrom:
        return DrawnFrom()

    def draw(self, figure: Figure, language: Language) -> None:
        """Have the picture ready in the style in force: taken from the folder, or drawn."""
        name = _name(figure, language)
        if name in self.made:
            return
        source = self._drawn_from.checksum(figure, language)
        found = None if source is None else self._taken(figure, language, source)
        if found is not None:
            keep(figure, language, PNG_DPI, found)
            self.made[name] = dict(self.earlier[name])
            return
        with style_reads() as style:
            rendered(figure, language, PNG_DPI)
        if source is not None:
            undrawn = undrawn_in(figure, language)
            self.made[name] = {"from": source, "style": dict(sorted(style.items())), "undrawn": undrawn}

    def _taken(self, figure: Figure, language: Language, source: str) -> Rendered | None:
        """The picture from the files of the folder, where they are what would be drawn now."""
        known = self.earlier.get(_name(figure, language))
        if self.folder is None or not isinstance(known, dict) or known.get("from") != source:
            return None
        style, undrawn, stem = known.get("style"), known.get("undrawn"), known.get("file")
        if not isinstance(style, dict) or not isinstance(undrawn, str) or not are_as_read(style):
            return None
        folder, checksums = self.folder, self.checksums
        svg, png = (as_written(folder, f"{stem}.{kind}", checksums) for kind in ("svg", "png"))
        return None if svg is None or png is None else read_picture(svg.decode(), png, undrawn)

    def written(self, figure: Figure, language: Language, stem: str) -> None:
        """Note that the picture is in these files of the folder."""
        if (known := self.made.get(_name(figure, language))) is not None:
            known["file"] = stem

    def keep(self, language: Language) -> None:
        """Note that those of a language stay as they are."""
        own = {name: known for name, known in self.earlier.items() if name.endswith(f".{language}")}
        self.made.update({name: dict(known) for name, known in own.items() if isinstance(known, dict)})

    def record(self, languages: Iterable[Language]) -> dict[str, Any]:
        """For run.json: those in these languages as they are now, the others as they were."""
        ends = tuple(f".{language}" for language in languages)
        others = {name: known for name, known in self.earlier.items() if not name.endswith(ends)}
        now = {name: known for name, known in self.made.items() if "file" in known}
        return dict(sorted({**others, **now}.items()))


def _name(figure: Figure, language: Language) -> str:
    return f"{figure.id}.{language}"


def read_picture(svg: str, png: bytes, undrawn: str) -> Rendered | None:
    """A picture from its files; None where the SVG is not as `to_svg` writes it.

    Args:
        svg: The whole file.
        png: The whole file.
        undrawn: Characters that no face could draw; of its texts no others are asked for.
    """
    found = _SVG.fullmatch(svg)
    if found is None:
        return None
    width, height, defined, marks = found.groups()
    glyphs = dict(_GLYPH.findall(defined or ""))
    if (defined or "") != (glyph_defs(glyphs) if defined else ""):
        return None
    return Rendered((width, height), marks, glyphs, (undrawn,), png)
