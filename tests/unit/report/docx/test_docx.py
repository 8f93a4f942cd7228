"""The Word file: its structure, its three-line tables, its faces, and the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn

from dates_in_words import with_months_in_numbers
from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Heading, TableBlock
from oligoscope.report.document import build_document
from oligoscope.report.docx.docx import MOST_ROWS, turned_blocks, write_docx
from oligoscope.report.labels import FIGURE, TABLE
from stored.golden import same_as_stored

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MM = 36000  # EMU


def written(document: Document, language: Language) -> bytes:
    return write_docx(document, language, dpi=72)


def opened(document: Document, language: Language) -> Any:
    return docx.Document(io.BytesIO(written(document, language)))


def outline(word: Any) -> Iterator[str]:
    """One line a paragraph, table row or section: what a golden file of structure holds."""
    for element in word.element.body:
        if element.tag == qn("w:p"):
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            name = "" if style is None else style.get(qn("w:val"))
            picture = next(element.iter(qn("wp:extent")), None)
            shown = text_of(element)
            if picture is not None:
                shown = f"[picture {int(picture.get('cx')) / MM:.0f} x {int(picture.get('cy')) / MM:.0f} mm]"
            yield f"{name}: {shown}".rstrip()
            section = element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            if section is not None:
                yield f"-- section ends: {page_of(section)}"
        elif element.tag == qn("w:tbl"):
            for row in element.iter(qn("w:tr")):
                yield "  | " + " | ".join(text_of(cell) for cell in row.iter(qn("w:tc")))
        else:
            yield f"-- section ends: {page_of(element)}"


def page_of(section: Any) -> str:
    size = section.find(qn("w:pgSz"))
    return "landscape" if size.get(qn("w:orient")) == "landscape" else "upright"


def text_of(element: Any) -> str:
    """Words with *italics* and ^raised letters; a field as {its code: what it shows}."""
    out = []
    for node in element.iter(qn("w:t"), qn("w:br"), qn("w:instrText"), qn("w:fldChar")):
        if node.tag == qn("w:br"):
            out.append(" / ")
        elif node.tag == qn("w:instrText"):
            out.append(node.text.strip())
        elif node.tag == qn("w:fldChar"):
            out.append({"begin": "{", "separate": ": ", "end": "}"}[node.get(qn("w:fldCharType"))])
        else:
            look = node.getparent().rPr
            italic = look is not None and look.find(qn("w:i")) is not None
            raised = look is not None and look.find(qn("w:vertAlign")) is not None
            out.append(f"*{node.text}*" if italic else f"^{node.text}" if raised else node.text)
    return "".join(out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_structure_is_the_stored_one(small_document, language):
    same_as_stored(f"document.{language}.txt", outline(opened(small_document, language)))


@pytest.fixture(scope="module")
def whole(made_results, made_protocol) -> Document:
    return build_document(made_protocol, made_results, (), {"version": "0.1.0", "python": "3.11"})


@pytest.fixture(scope="module")
def files(whole) -> dict[str, bytes]:
    """The whole report of the made study, in each language."""
    return {language: written(whole, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def words(files) -> dict[str, Any]:
    return {language: docx.Document(io.BytesIO(file)) for language, file in files.items()}


def test_the_same_document_gives_the_same_bytes(small_document):
    assert written(small_document, "zh") == written(small_document, "zh")


def test_no_time_stands_in_the_file(small_document):
    archive = zipfile.ZipFile(io.BytesIO(written(small_document, "en")))

    assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"created" not in archive.read("docProps/core.xml")
    assert archive.namelist()[0] == "[Content_Types].xml"


def test_both_languages_print_the_same_numbers(words):
    texts = ["\n".join(outline(words[language])) for language in LANGUAGES]
    # The name of the counter differs, and the pictures' heights may.
    texts = [re.sub(r"\[picture.*?\]", "", text) for text in texts]
    zh, en = (
        Counter(re.findall(r"\d+(?:\.\d+)*", text))
        for text in (_in_chinese(texts[0]), with_months_in_numbers(texts[1]))
    )

    assert zh == en
    assert zh.total() > 200


def _in_chinese(text: str) -> str:
    """Without the captions and notes in English below the Chinese ones."""
    english = ("Caption: Tab. ", "FigureCaption: Fig. ", "TableNote: Note: ")
    return "\n".join(line for line in text.split("\n") if not line.startswith(english))


def test_captions_and_notes_of_the_chinese_file_stand_in_english_below(words, whole):
    """As Chinese journals ask; of the numbered tables and figures of the paper and its supplement, with the same numbers."""
    lines = list(outline(words["zh"]))
    for label, style, block in (("Tab. ", "Caption", TableBlock), ("Fig. ", "FigureCaption", FigureBlock)):
        found = [
            (i, re.match(rf"{style}: {label}S?\{{SEQ \S+ .*?: (\d+)\}} (.*)", line))
            for i, line in enumerate(lines)
        ]
        found = [(i, m) for i, m in found if m]
        numbered = [
            b
            for b in whole.blocks
            if isinstance(b, block) and b.number is not None and b.depth is not Depth.ANSWER
        ]

        assert [int(m[1]) for _, m in found] == [b.number for b in numbered]
        assert all(re.match(rf"{style}: [表图]", lines[i - 1]) for i, _ in found)
        assert CJK.findall("".join(m[2] for _, m in found)) == []


def test_the_english_file_has_no_chinese(words):
    word = words["en"]
    texts = [*outline(word), word.sections[0].header.paragraphs[0].text, word.core_properties.title]
    texts += [about.get("descr") + about.get("title") for about in word.element.iter(qn("wp:docPr"))]

    assert CJK.findall("".join(texts)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_count_themselves_and_agree_with_the_blocks(whole, words, language):
    """The number shown is the block's own, and the one Word will count to."""
    lines = list(outline(words[language]))
    kinds = (("Caption", TABLE, TableBlock), ("FigureCaption", FIGURE, FigureBlock))
    for depth in whole.depths():
        for style, label, block in kinds:
            before = label[language] + depth.letter
            found = [re.match(rf"{style}: (.*?)\{{SEQ (\S+) .*?: (\d+)\}}", line) for line in lines]
            captions = [m.groups() for m in found if m and m[1] == before]
            numbers = [
                b.number for b in whole.part(depth).blocks if isinstance(b, block) and b.number is not None
            ]

            assert [int(number) for *_, number in captions] == numbers == list(range(1, len(numbers) + 1))
            assert {text for text, *_ in captions} == {before}
            assert len({counter for _, counter, _ in captions}) == 1


def test_a_caption_stands_above_a_table_and_below_a_figure(small_document):
    body = [e for e in opened(small_document, "en").element.body if e.tag != qn("w:sectPr")]
    for i, element in enumerate(body):
        if element.tag == qn("w:tbl"):
            assert body[i - 1].find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == "Caption"
        if next(element.iter(qn("w:drawing")), None) is not None:
            assert body[i + 1].find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == "FigureCaption"


def borders(row: Any, side: str) -> set[str]:
    """Weights of the rules at one side of a row's cells."""
    return {
        rule.get(qn("w:sz")) for cell in row.iter(qn("w:tcBorders")) for rule in cell.iter(qn(f"w:{side}"))
    }


def test_tables_have_three_lines_and_no_more(words):
    """1.5, 0.75 and 1.5 points; a border's size is in eighths of a point."""
    for table in words["zh"].element.body.iter(qn("w:tbl")):
        head, *rows = table.iter(qn("w:tr"))
        last = rows[-1]

        assert borders(head, "top") == {"12"}
        assert borders(head, "bottom") == {"6"}
        assert borders(last, "bottom") == {"12"}
        assert [row for row in rows[:-1] if list(row.iter(qn("w:tcBorders")))] == []
        assert not list(table.iter(qn("w:tblBorders")))
        assert {rule.tag for cell in table.iter(qn("w:tcBorders")) for rule in cell} == {
            qn("w:top"),
            qn("w:bottom"),
        }


def test_the_head_is_repeated_and_no_row_is_cut(words):
    for table in words["en"].element.body.iter(qn("w:tbl")):
        rows = list(table.iter(qn("w:tr")))

        assert [next(row.iter(qn("w:tblHeader")), None) is not None for row in rows] == [True] + [False] * (
            len(rows) - 1
        )
        assert all(next(row.iter(qn("w:cantSplit")), None) is not None for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_style_names_a_chinese_face_and_the_language(small_document, language):
    faces = {"zh": {"宋体", "黑体"}, "en": {"SimSun", "SimHei"}}[language]
    styles = [
        s for s in opened(small_document, language).styles.element if s.get(qn("w:type")) == "paragraph"
    ]

    assert len(styles) > 10
    for style in styles:
        fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert fonts.get(qn("w:eastAsia")) in faces
        assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Times New Roman"
        assert not [name for name in fonts.attrib if "Theme" in name]
        assert style.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"


def test_cells_have_no_spacing_around_them(small_document):
    for style in opened(small_document, "zh").styles.element:
        if (style.get(qn("w:styleId")) or "").startswith("TableText"):
            spacing = style.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
            assert (spacing.get(qn("w:before")), spacing.get(qn("w:after"))) == ("0", "0")


def test_every_style_used_is_in_the_file(words):
    word = words["en"]
    used = {e.get(qn("w:val")) for e in word.element.body.iter(qn("w:pStyle"))}

    assert used <= {s.get(qn("w:styleId")) for s in word.styles.element}


def test_pictures_say_what_they_show_and_keep_within_the_text(small_document):
    word = opened(small_document, "en")
    about = list(word.element.iter(qn("wp:docPr")))
    sizes = [(s.width / MM, s.height / MM) for s in word.inline_shapes]

    assert [a.get("descr") for a in about] == ["The line falls from 1 to 0 (P)."] * 2
    assert len({a.get("id") for a in about}) == 2
    assert sizes[0] == pytest.approx((90, 60), abs=0.5)
    assert sizes[1][0] < 174
    assert sizes[1][1] < 230
    assert sizes[1][0] / sizes[1][1] == pytest.approx(190 / 400, rel=0.01)


def test_synthetic_data_are_marked_above_every_page(small_document):
    for document, shown in (
        (small_document, "合成数据，非真实患者"),
        (replace(small_document, synthetic=False), "合成研究"),
    ):
        word = opened(document, "zh")

        assert [s.header.paragraphs[0].text for s in word.sections] == [shown] * len(word.sections)


def test_pages_are_numbered(small_document):
    word = opened(small_document, "en")

    assert text_of(word.sections[-1].footer.paragraphs[0]._p) == "Page {PAGE: 1} of {NUMPAGES: 1}"


def test_a_table_too_wide_turns_the_page_with_the_words_around_it(small_document):
    turned = turned_blocks(small_document.blocks, "en")
    names = [getattr(block, "id", None) or type(block).__name__ for block in small_document.blocks]

    assert [name for name, is_turned in zip(names, turned, strict=True) if is_turned] == [
        "wide", "TableBlock", "Paragraph",
    ]  # fmt: skip


def test_no_page_is_turned_for_nothing(whole):
    """Only beside long reasons; the tables of results all stand upright."""
    for language in LANGUAGES:
        turned = turned_blocks(whole.blocks, language)
        tables = [
            b.table.id
            for b, is_turned in zip(whole.blocks, turned, strict=True)
            if is_turned and isinstance(b, TableBlock)
        ]

        assert [name for name in tables if not name.startswith("published")] == []


def test_a_long_list_is_cut_and_says_so(small_document):
    lines = list(outline(opened(small_document, "en")))

    assert sum("row " in line for line in lines) == MOST_ROWS
    assert (
        lines[-2]
        == "TableNote: Note: The first 40 of 100 rows are printed here; tables.xlsx holds every one."
    )


def test_a_numbered_table_is_never_cut(small_document):
    *_, folded = small_document.blocks
    document = replace(small_document, blocks=(Heading(folded.table.title, "h"), TableBlock(folded.table, 1)))

    assert sum("row " in line for line in outline(opened(document, "zh"))) == 100


def local_name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def test_elements_stand_in_the_order_the_format_asks_for(files):
    """Word refuses a file whose properties are out of order (ECMA-376, CT_PPr, CT_RPr, CT_TcPr)."""
    order = {
        "pPr": [
            "pStyle",
            "keepNext",
            "keepLines",
            "pBdr",
            "shd",
            "spacing",
            "ind",
            "jc",
            "outlineLvl",
            "sectPr",
        ],
        "rPr": ["rFonts", "b", "bCs", "i", "color", "sz", "szCs", "vertAlign", "lang"],
        "tcPr": ["tcW", "gridSpan", "tcBorders", "tcMar", "vAlign"],
        "tblPr": ["tblW", "jc", "tblInd", "tblLayout", "tblCellMar", "tblLook", "tblCaption"],
        "tcBorders": ["top", "bottom"],
    }
    archive = zipfile.ZipFile(io.BytesIO(files["zh"]))
    for part in ("word/document.xml", "word/styles.xml", "word/header1.xml", "word/footer1.xml"):
        for element in ElementTree.fromstring(archive.read(part)).iter():
            wanted = order.get(local_name(element))
            if wanted:
                places = [wanted.index(local_name(child)) for child in element]
                assert places == sorted(places), ElementTree.tostring(element)
