"""How a printed table is laid out: no number is broken, and the page is turned only where it must be."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.theme import MM_PER_PT
from oligoscope.printing.table import Header, Row, Table, same, words
from oligoscope.report.docx.column_widths import LANDSCAPE_MM, PORTRAIT_MM, lay_out, stacked
from oligoscope.report.docx.faces import SAFE_TIMES, em


def table(columns: int, text: str) -> Table:
    head = (Header(same("Name"), align="start"), *(Header(same(f"C{i}")) for i in range(columns)))
    return Table("t", same("t"), head, (Row((words(same("A name")), *[words(same(text))] * columns)),))


@pytest.mark.parametrize(
    ("columns", "is_turned", "is_stacked"), [(3, False, False), (9, False, True), (14, True, True)]
)
def test_a_table_is_stacked_before_it_is_turned(columns, is_turned, is_stacked):
    layout = lay_out(table(columns, "12.3 (11.0 to 14.5)"), "en")

    assert (layout.is_turned, layout.is_stacked) == (is_turned, is_stacked)
    assert sum(layout.widths_mm) == pytest.approx(LANDSCAPE_MM if is_turned else PORTRAIT_MM)


def test_a_table_that_fits_nowhere_still_fills_the_page_and_no_more():
    layout = lay_out(table(40, "12.3 (11.0 to 14.5)"), "en")

    assert sum(layout.widths_mm) == pytest.approx(LANDSCAPE_MM)


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_columns_take_the_largest_letters(language):
    assert lay_out(table(2, "163 (56.4)"), language).size_pt == 9


def test_brackets_at_the_end_go_below():
    assert stacked("9.3 (7.7 to 11.0)") == ("9.3", "(7.7 to 11.0)")
    assert stacked("9.3(7.7~11.0)") == ("9.3", "(7.7~11.0)")
    assert stacked("<0.001") == ("<0.001", "")
    assert stacked("(n=289)") == ("(n=289)", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_text_is_not_squeezed_by_columns_of_numbers(language):
    """A column of reasons beside five columns of numbers with limits keeps a third of the page."""
    head = (
        Header(same("Name"), align="start"),
        *(Header(same(f"C{i}")) for i in range(5)),
        Header(same("Why"), align="start"),
    )
    cells = [words(same("12.3 (11.0 to 14.5)"))] * 5
    layout = lay_out(
        Table(
            "t",
            same("t"),
            head,
            (Row((words(same("A name")), *cells, words(same("a reason in words " * 20)))),),
        ),
        language,
    )

    assert layout.widths_mm[-1] > sum(layout.widths_mm) / 4


@pytest.mark.parametrize("n_numbers", [1, 3, 5, 7])
@pytest.mark.parametrize("cell", ["", "0.084", "same side of 0.05"])
def test_no_word_of_a_head_is_divided_in_times_where_the_table_fits_in_it(n_numbers, cell):
    """Also of a column whose cells are blank, beside long ones."""
    names = ["Published", "Ours", "Difference", "Tolerance", "Verdict", "Heterogeneity", "Percentage"]
    head = (
        Header(same("Number"), align="start"),
        *(Header(same(name)) for name in names[:n_numbers]),
        Header(same("Reason, and what is wrong in the paper"), align="start"),
    )
    long = words(same("patients with second-line chemotherapy plus immunotherapy " * 4))
    tables = Table("t", same("t"), head, (Row((long, *[words(same(cell))] * n_numbers, long)),))
    layout = lay_out(tables, "en")
    wanted = [
        em(name, SAFE_TIMES) * SAFE_TIMES.bold * layout.size_pt * MM_PER_PT for name in names[:n_numbers]
    ]

    assert all(width >= need for width, need in zip(layout.widths_mm[1:], wanted, strict=False)), layout
