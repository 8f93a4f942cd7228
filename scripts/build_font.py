"""Build the font shipped with the figures: Noto Sans SC cut to GB2312, Latin, Greek and maths.

    python scripts/build_font.py NotoSansCJK-Regular.ttc src/oligoscope/drawing/fonts

Needs fonttools (build time only). The source is Debian's `fonts-noto-cjk`; its licence (SIL OFL 1.1)
declares no reserved font name, but the cut face is renamed all the same, so that it is not taken for
the whole Noto face and no system font of the same name is picked in its place.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
FAMILY = "Oligoscope Sans SC"
POSTSCRIPT = "OligoscopeSansSC-Regular"
FILE = f"{POSTSCRIPT}.otf"

RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x017F),  # Latin
    (0x0370, 0x03FF),  # Greek
    (0x2010, 0x205E), (0x2070, 0x209F),  # punctuation, superscripts, subscripts
    (0x2100, 0x214F), (0x2150, 0x218F),  # letter-like signs, Roman numerals (Ⅰ to Ⅻ of stages)
    (0x2190, 0x21FF), (0x2200, 0x22FF),  # arrows, maths
    (0x2460, 0x2473), (0x25A0, 0x25FF),  # circled numbers, geometric shapes
    (0x3000, 0x301F), (0xFF01, 0xFF5E),  # Chinese punctuation, full-width forms
)  # fmt: skip


def gb2312() -> set[int]:
    """Every character of GB2312 (rows 1 to 9 of signs, 16 to 87 of ideographs)."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            found |= {ord(c) for c in bytes((row, cell)).decode("gb2312", "ignore")}
    return found


def wanted() -> set[int]:
    ranges = {code for low, high in RANGES for code in range(low, high + 1)}
    return gb2312() | ranges | {0x3007}  # 〇 is not in GB2312


def cut(font: TTFont) -> None:
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.recalc_timestamp = False  # the same input gives the same bytes
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)


def rename(font: TTFont) -> None:
    """Give the cut face its own name; copyright, trademark and licence entries stay as they are."""
    names = {1: FAMILY, 2: "Regular", 3: f"{POSTSCRIPT} (cut from {FACE})", 4: FAMILY, 6: POSTSCRIPT}
    for r in list(font["name"].names):
        if r.nameID in names:
            font["name"].setName(names[r.nameID], r.nameID, r.platformID, r.platEncID, r.langID)
    cff = font["CFF "].cff
    cff.fontNames = [POSTSCRIPT]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = FAMILY, FAMILY
    for part in top.FDArray:
        part.FontName = part.FontName.replace("NotoSansCJKsc", "OligoscopeSansSC")


def main(source: Path, folder: Path) -> None:
    fonts = TTCollection(source).fonts
    font = next(f for f in fonts if f["name"].getDebugName(1) == FACE)
    cut(font)
    rename(font)
    font.recalcTimestamp = False
    font.save(folder / FILE)
    print(f"{folder / FILE}: {len(font.getBestCmap())} characters, {(folder / FILE).stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
