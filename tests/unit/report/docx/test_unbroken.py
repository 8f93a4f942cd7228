"""Numbers that no line end parts, and blocks that share pages."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.drawing.figure import Figure
from oligoscope.printing.blocks import FigureBlock, Heading, Paragraph, TableBlock
from oligoscope.printing.table import Header, Row, Table, same, words
from oligoscope.report.docx import page_plan
from oligoscope.report.docx.column_widths import PADDING_MM, lay_out
from oligoscope.report.docx.faces import FACES, width_mm
from oligoscope.report.docx.heights import Heights, Piece
from oligoscope.report.docx.page_plan import plan_pages
from oligoscope.report.docx.pages import SMALLEST_SCALE, Page
from oligoscope.report.docx.unbroken import divided_in, unbroken, unbroken_in


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("9.3 months (95% CI 7.7 to 11.0)", "9.3_months (95%_CI_7.7_to_11.0)"),
        ("*P* < 0.001 and HR 0.6", "*P*_<_0.001 and HR 0.6"),
        ("共 289 例（图 3）", "共 289_例（图_3）"),
        ("see Fig. S3 and Table 2", "see Fig._S3 and Table_2"),
        ("to be, or not to be", "to be, or not to be"),
    ],
)
def test_spaces_inside_a_number_end_no_line(text, kept):
    assert unbroken(text).replace("\u00a0", "_") == kept


def test_in_a_cell_that_is_too_narrow_a_line_ends_at_the_spaces():
    assert unbroken_in("(7.7 to 11.0)", 40, 8) == "(7.7\u00a0to\u00a011.0)"
    assert unbroken_in("(7.7 to 11.0)", 10, 8) == "(7.7 to 11.0)"
    assert divided_in("Oligoprogression", 60, 8) == "Oligoprogression"
    assert "\u00ad" in divided_in("Oligoprogression", 15, 8)


def wide_table(columns: int) -> Table:
    head = (Header(same("Name"), align="start"), *(Header(same("Oligoprogression")) for _ in range(columns)))
    cells = [words(same("1234 (54.2)")), words(same("<0.001"))] * columns
    return Table("t", same("t"), head, (Row((words(same("A name")), *cells[:columns])),))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [3, 6, 8, 10])
def test_a_number_has_room_in_the_widest_face_whatever_the_heads_of_columns_want(columns, language):
    layout = lay_out(wide_table(columns), language)

    for piece, mm in zip(("1234", "<0.001"), layout.widths_mm[1:3], strict=True):
        assert width_mm(piece, layout.size_pt) + 2 * PADDING_MM <= mm


FIGURE = Figure("one", same("f"), Text("注", "note"), same("f"), pl.DataFrame(), lambda _language: Drawing())
LONG = Table("long", same("t"), wide_table(1).columns, wide_table(1).rows * 20)


def blocks() -> list:
    figure = FigureBlock(FIGURE, 1)
    return [Heading(same("H"), "h"), Paragraph(same("words " * 120)), figure, TableBlock(LONG, 1), figure]


def plan(height_mm: float):
    found = blocks()
    return found, plan_pages(found, [False] * len(found), lambda _block, _turned: height_mm, "en")


def test_a_figure_that_almost_fits_is_made_smaller():
    _, placed = plan(185.0)

    scales = [one.scale for one in placed if isinstance(one.block, FigureBlock)]
    assert SMALLEST_SCALE <= scales[0] < 1


def test_a_tall_figure_lets_the_table_below_it_fill_the_page():
    found, placed = plan(255.0)

    order = [found.index(one.block) for one in placed]
    assert order.index(3) < order.index(2)
    assert sorted({str(type(one.block)) for one in placed}) == sorted({str(type(block)) for block in found})


def test_what_fits_stays_as_it_is():
    found, placed = plan(60.0)

    assert [one.block for one in placed] == found
    assert all(one.scale == 1 for one in placed[:3])


def order_of(found: list) -> list[int]:
    placed = plan_pages(found, [False] * len(found), lambda _block, _turned: 200.0, "en")
    return [found.index(one.block) for one in placed]


def test_under_a_heading_a_tall_figure_lets_only_its_own_section_go_first():
    words = Paragraph(same("words " * 350))
    more = Paragraph(same("more " * 30))
    figure = FigureBlock(FIGURE, 1)

    assert order_of([words, Heading(same("H"), "h"), figure, more]) == [0, 1, 3, 2]
    assert order_of([words, Heading(same("H"), "h"), figure, Heading(same("I"), "i"), more]) == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_a_table_of_few_rows_that_would_leave_a_page_empty_lets_the_words_below_it_go_first():
    more = Paragraph(same("more " * 30))
    notes = (same("A long note of the table. " * 5),)
    short = TableBlock(replace(wide_table(1), id="short", rows=wide_table(1).rows * 11, notes=notes), 1)
    lengths = range(400, 1400, 50)

    orders = {tuple(order_of([Paragraph(same("words " * n)), short, more])) for n in lengths}

    assert orders == {(0, 1, 2), (0, 2, 1)}


def test_figures_that_follow_each_other_wait_together():
    """The words below both fill the page; the figures stay in their order."""
    words, other = Paragraph(same("words " * 350)), FigureBlock(replace(FIGURE, id="two"), 2)
    found = [words, FigureBlock(FIGURE, 1), other, Heading(same("H"), "h"), Paragraph(same("more " * 80))]

    assert order_of(found) == [0, 3, 4, 1, 2]


def test_a_section_goes_first_without_its_figure_but_no_heading_alone():
    """The figure of the next section waits with that of this one; a section of a figure alone stays below it."""
    words, one, two = Paragraph(same("words " * 350)), FIGURE, replace(FIGURE, id="two")
    section = [words, FigureBlock(one, 1), Heading(same("H"), "h"), FigureBlock(two, 2)]
    more, heading = Paragraph(same("more " * 80)), Heading(same("I"), "i")

    assert order_of([*section, more]) == [0, 2, 4, 1, 3]
    assert order_of([*section, heading, more]) == [0, 1, 2, 3, 4, 5]


def test_a_plan_is_tried_with_words_and_rows_a_little_taller():
    """A row too many at the foot of a page is the estimate's error: the page after it would be empty but for this row."""
    as_reckoned = Heights(FACES[0], "en", lambda _block, _turned: 0.0, is_short=False)
    taller = as_reckoned.taller(1.02)
    table, words = TableBlock(LONG, 1), "words " * 50

    assert sum(taller.rows(table)) > 1.01 * sum(as_reckoned.rows(table))
    assert taller.text("BodyText", words, is_turned=False).height == pytest.approx(
        1.02 * as_reckoned.text("BodyText", words, is_turned=False).height
    )


def test_a_table_that_is_parted_has_its_head_on_both_pages():
    page = Page(Heights(FACES[0], "en", lambda _block, _turned: 0.0, is_short=False), 0.2)
    page.used = page.height - 10

    page._put([Piece(before=0.0, height=40.0, after=0.0, line=4.0, head=6.0)])  # two rows above the foot

    assert (page.number, page.used) == (2, pytest.approx(40.0 - 2 * 4.0 + 6.0))


def test_what_is_decided_is_right_in_a_wider_face_too():
    """Words of half a page in Times: a figure that fits below them there does not where they are a quarter longer."""
    words, below = Paragraph(same("words " * 500)), Paragraph(same("more " * 60))
    found = [words, FigureBlock(FIGURE, 1), below]
    in_times, in_both = (
        [placed.block for placed in planned_in(faces, found, 100.0)] for faces in (FACES[:1], FACES)
    )

    assert in_times == found
    assert in_both == [words, below, found[1]]


def planned_in(faces, found: list, height_mm: float):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_plan, "FACES", faces)
        return plan_pages(found, [False] * len(found), lambda _block, _turned: height_mm, "en")


def test_a_table_is_parted_in_both_faces_or_in_none():
    found = [Paragraph(same("words " * 600)), TableBlock(LONG, 1)]
    each = [planned_in((face,), found, 0.0)[-1].is_whole for face in FACES]

    assert planned_in(FACES, found, 0.0)[-1].is_whole is all(each)
