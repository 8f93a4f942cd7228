"""The styles of a Word report: faces of both scripts on every style, and the fonts that are named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from oligoscope.bilingual import Language, Text
from oligoscope.printing.blocks import Depth, Document
from oligoscope.report.docx.column_widths import PORTRAIT_MM, SIZES_PT

LATIN = "Times New Roman"
SONG, HEI = Text("宋体", "SimSun"), Text("黑体", "SimHei")  # as either system names them
WARN, FAINT = "8A1C1C", "595959"
PAGE_MM = (210.0, 297.0)  # A4
SIDE_MM = (PAGE_MM[0] - PORTRAIT_MM) / 2
TOP_MM = 20.0
TEXT_HEIGHT_MM = PAGE_MM[1] - 2 * TOP_MM
# Of single lines of Chinese, over the size of the letters. Its faces would make it 1.14 (SimSun) to 1.45 (those that other systems
# have in its place), and a paper of 12 pages one of 14: so the lines of running text are set exactly.
_CHINESE_LINE = 1.3


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style; sizes and spaces in points, lines as a multiple."""

    id: str
    name: str
    size: float
    before: float = 0
    after: float = 0
    lines: float = 1.0
    has_exact_lines: bool = False  # rows are equally high in whatever face a system has
    bold: bool = False
    is_heading: bool = False  # in the face of headings
    align: str = "left"
    colour: str = ""
    keeps_next: bool = False
    level: int | None = None  # in the outline
    bar: str = ""  # colour of a bar at the left
    fill: str = ""


def table_style(size_pt: float) -> str:
    """Style of the cells of a table at one size."""
    return f"TableText{size_pt * 2:.0f}"


def looks(language: Language, *, is_short: bool = False) -> tuple[Look, ...]:
    """Every paragraph style; Chinese letters are larger at the same size, so they get less of it.

    Args:
        language: zh or en.
        is_short: The file is the answer alone, which has two pages: closer lines, smaller letters.
    """
    is_chinese = language == "zh"
    side = "center" if is_chinese else "left"  # captions, by either's custom
    body = 9.5 if is_short and not is_chinese else 10.0  # a wider face makes more lines of English
    lines, title_size, above = (1.06 if is_chinese else 1.1, 12, 6) if is_short else (1.15, 16, 12)
    notices = {"Caution": ("B26A00", "FFF8EA"), "Reference": ("B26A00", "FFF8EA"), "Withheld": ("B26A00", "FFF8EA"), "Disclaimer": ("555555", "F4F4F4"),
               "Gate": (WARN, "FDF0F0"), "Failed": (WARN, "FDF0F0")}  # fmt: skip
    title = {"bold": not is_chinese, "is_heading": True, "align": side}

    def running(look: Look) -> Look:
        exact = {"lines": look.lines * _CHINESE_LINE, "has_exact_lines": True}
        return replace(look, **exact) if is_chinese else look

    return (
        Look("Title", "Title", title_size, after=above - 4, bold=True, is_heading=True, keeps_next=True),
        Look(
            "Heading1",
            "heading 1",
            11 if is_short else 14,
            above,
            4 if is_short else 6,
            bold=True,
            is_heading=True,
            keeps_next=True,
            level=0,
        ),
        Look("Heading2", "heading 2", 12, 10, 4, bold=True, is_heading=True, keeps_next=True, level=1),
        running(Look("BodyText", "Body Text", body, after=4 if is_short else 5, lines=lines)),
        Look(
            "Caption", "caption", 9.5, 6 if is_short else 10, 3 if is_short else 4, keeps_next=True, **title
        ),
        Look("FigureCaption", "Figure Caption", 9.5, 4, 2, **title),
        *(Look(table_style(s), f"Table Text {s:g}", s, lines=1.3, has_exact_lines=True) for s in SIZES_PT),
        running(
            Look(
                "TableNote",
                "Table Note",
                7.5 if is_short else 8,
                2 if is_short else 3,
                3 if is_short else 8,
                colour=FAINT,
            )
        ),
        running(Look("Reference", "Reference", 8, after=1)),
        Look("Figure", "Figure", body, 8, 0, align=side, keeps_next=True),
        *(
            running(
                Look(
                    f"Notice{kind}",
                    f"Notice {kind}",
                    body - 0.5,
                    *((3, 4, 1.05) if is_short else (6, 8, 1.15)),
                    bar=bar,
                    fill=fill,
                )
            )
            for kind, (bar, fill) in notices.items()
        ),
        Look("Header", "header", 9, align="center", colour=FAINT),
        Look("Footer", "footer", 9, align="center", colour=FAINT),
    )


def is_short(document: Document) -> bool:
    """Whether a file is the answer alone."""
    return document.depths() == (Depth.ANSWER,)


# ---- styles ---------------------------------------------------------------------------------------


def _faces(language: Language, *, is_heading: bool = False) -> str:
    chinese = (HEI if is_heading else SONG)[language]
    return f'<w:rFonts w:ascii="{LATIN}" w:eastAsia="{chinese}" w:hAnsi="{LATIN}" w:cs="{LATIN}"/>'


_LANGUAGES = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'


def defaults(language: Language) -> str:
    """What every style begins from."""
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_faces(language)}"
        f'<w:sz w:val="21"/><w:szCs w:val="21"/>{_LANGUAGES}</w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )


def styles(language: Language, *, is_short: bool) -> str:
    """Every style; the template's, whose headings and tables name other faces, are left out."""
    own = (_style(look, language) for look in looks(language, is_short=is_short))
    return "".join((_needed_by_word(language), *own))


def _needed_by_word(language: Language) -> str:
    return (
        f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:rPr>{_faces(language)}{_LANGUAGES}</w:rPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )


def _style(look: Look, language: Language) -> str:
    paragraph = ["<w:keepNext/><w:keepLines/>" if look.keeps_next else "<w:keepLines/>" if look.bar else ""]
    if look.bar:
        paragraph.append(
            f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="{look.bar}"/></w:pBdr>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>'
        )
    line, rule = (look.size * 20, "exact") if look.has_exact_lines else (240, "auto")
    paragraph.append(
        f'<w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}" '
        f'w:line="{look.lines * line:.0f}" w:lineRule="{rule}"/>'
    )
    paragraph.append('<w:ind w:left="170" w:right="60"/>' if look.bar else "")
    paragraph.append(f'<w:jc w:val="{look.align}"/>')
    paragraph.append("" if look.level is None else f'<w:outlineLvl w:val="{look.level}"/>')
    letters = [
        _faces(language, is_heading=look.is_heading),
        "<w:b/><w:bCs/>" if look.bold else "",
        f'<w:color w:val="{look.colour or "1A1A1A"}"/>',
        f'<w:sz w:val="{look.size * 2:.0f}"/><w:szCs w:val="{look.size * 2:.0f}"/>',
        _LANGUAGES,
    ]
    return (
        f'<w:style w:type="paragraph" w:styleId="{look.id}"><w:name w:val="{escape(look.name)}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{"".join(paragraph)}</w:pPr>'
        f"<w:rPr>{''.join(letters)}</w:rPr></w:style>"
    )


# ---- fonts ----------------------------------------------------------------------------------------


def fonts() -> str:
    """Each face with its other name and its kind, from which a system without it takes another."""
    faces = (
        (LATIN, "Liberation Serif", "02020603050405020304", "00", "roman"),
        (SONG.zh, SONG.en, "02010600030101010101", "86", "roman"),
        (SONG.en, SONG.zh, "02010600030101010101", "86", "roman"),
        (HEI.zh, HEI.en, "02010609060101010101", "86", "modern"),
        (HEI.en, HEI.zh, "02010609060101010101", "86", "modern"),
    )
    return "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="{charset}"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, panose, charset, family in faces
    )
