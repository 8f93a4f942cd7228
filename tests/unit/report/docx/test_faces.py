"""The widths that lines of a Word file are reckoned with, beside those of the faces themselves."""

from __future__ import annotations

import string
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from oligoscope.drawing.theme import MM_PER_PT
from oligoscope.report.docx.column_widths import PADDING_MM
from oligoscope.report.docx.faces import FACES, SAFE_TIMES, SAFE_WIDE, em
from oligoscope.report.docx.heights import _WIDEST_EM, Heights

# STIX has the widths of Times, and comes with matplotlib as DejaVu does.
FILES = ("STIXGeneral.ttf", "DejaVuSerif.ttf")
SENTENCES = (
    "Post-progression survival was longer with oligoprogression than with systemic progression: median 9.4 months versus 4.4 months.",
    "HR 0.63 (95% CI 0.53 to 0.75), P<0.001; 0 to 6 months 0.54 (0.42 to 0.69), beyond 12 months 0.76 (0.54 to 1.07).",
    "Eisenhauer EA, Therasse P, Bogaerts J, et al. New response evaluation criteria in solid tumours. Eur J Cancer 2009;45(2):228-247.",
    "ECOG PS 0, PD-L1 ≥50%: mean |SMD| over the imputations 0.118 (limit 0.1).",
)


def width(face: FT2Font, text: str) -> float:
    """Of a line, in em."""
    face.set_size(100, 72)
    loaded = (face.load_char(ord(sign), flags=LoadFlags.NO_HINTING) for sign in text)
    return sum(glyph.linearHoriAdvance / 65536 / 100 for glyph in loaded)


@pytest.fixture(params=[0, 1])
def both(request):
    """(the face as it is reckoned with, the face)."""
    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / FILES[request.param]
    return FACES[request.param], FT2Font(str(file))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_line_is_as_wide_as_in_the_face(both, sentence):
    reckoned, face = both

    assert em(sentence, reckoned) == pytest.approx(width(face, sentence), rel=0.03)


@pytest.mark.parametrize(("safe", "at"), [(SAFE_TIMES, 0), (SAFE_WIDE, 1)])
def test_what_must_not_be_broken_is_never_reckoned_too_narrow(safe, at):
    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / FILES[at]
    face = FT2Font(str(file))
    numbers = ("0.63 (0.53 to 0.75)", "<0.001", "−0.227", "1163 (58.2)", "≥50%", "9.4 (7.8 to 11.5)")

    for text in (*numbers, *string.digits):
        assert em(text, safe) >= width(face, text) - 0.01, text


def test_the_widest_face_is_a_quarter_wider():
    times, wide = (sum(em(sentence, face) for sentence in SENTENCES) for face in FACES)

    assert 1.2 < wide / times < 1.32


@pytest.mark.parametrize("face", FACES)
def test_no_sign_is_wider_than_what_a_short_text_is_reckoned_with(face):
    signs = {*string.printable, *"%≥≤±−~+×χκ中，　", *face.signs}

    assert max(em(sign, face) for sign in signs) <= _WIDEST_EM


def lines_of(face: FT2Font, text: str, room: float) -> int:
    """In how many lines of so many em the words are set, one after the other."""
    lines, used, blank = 1, 0.0, width(face, " ")
    for word in text.split(" "):
        own = width(face, word)
        if used and used + blank + own > room:
            lines, used = lines + 1, own
        else:
            used += own + bool(used) * blank
    return lines


def test_lines_are_those_of_the_words_set_one_after_the_other(both):
    """Of narrow cells as of whole paragraphs: a line more or less, and on the whole as many."""
    reckoned, face = both
    heights = Heights(reckoned, "en", lambda _block, _turned: 0.0, is_short=False)
    size = 8.5
    em_mm = size * MM_PER_PT
    texts = [*SENTENCES, " ".join(SENTENCES), *(sentence[:45].rsplit(" ", 1)[0] for sentence in SENTENCES)]
    cases = [(text, mm) for text in texts for mm in (25.0, 32.0, 41.0, 57.0, 83.0, 120.0, 170.0)]

    found = [heights._lines(text, size, mm) for text, mm in cases]
    true = [lines_of(face, text, (mm - 2 * PADDING_MM) / em_mm) for text, mm in cases]

    assert all(abs(a - b) <= 1 + 0.1 * b for a, b in zip(found, true, strict=True))
    assert sum(found) == pytest.approx(sum(true), rel=0.03)
