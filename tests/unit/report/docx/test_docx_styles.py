"""Lines of running text: those of Chinese are equally high in every face, and pages are planned with the same height."""

from __future__ import annotations

import pytest

from oligoscope.report.docx.docx_styles import looks, styles
from oligoscope.report.docx.faces import FACES
from oligoscope.report.docx.heights import Heights

RUNNING = ("BodyText", "TableNote", "Reference", "NoticeCaution", "NoticeGate")


@pytest.mark.parametrize("is_short", [True, False])
@pytest.mark.parametrize("name", RUNNING)
def test_chinese_lines_do_not_depend_on_the_face(name: str, *, is_short: bool) -> None:
    (look,) = (one for one in looks("zh", is_short=is_short) if one.id == name)
    (english,) = (one for one in looks("en", is_short=is_short) if one.id == name)

    assert look.has_exact_lines
    assert 1.2 <= look.lines <= 1.7
    assert not english.has_exact_lines
    heights = Heights(FACES[0], "zh", lambda _block, _turned: 0.0, is_short=is_short)
    for text in ("进展后生存期", "Post-progression survival"):  # notes are in both languages
        assert heights.line(name, text) == pytest.approx(look.size * look.lines * 25.4 / 72)


def test_a_picture_is_not_cut_to_the_height_of_a_line() -> None:
    (figure,) = (one for one in looks("zh") if one.id == "Figure")

    assert not figure.has_exact_lines
    assert styles("zh", is_short=False).count('w:lineRule="exact"') > styles("en", is_short=False).count(
        'w:lineRule="exact"'
    )
