"""Responses in pictures: hues safe for colour-blind readers, apart in grey too, printed codes and their order."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.drawing.sheet import Key
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.vocabulary import column_name, name_of_level

# Grey values 27 (CR), 87 (PR), 141 (PD), 188 (SD), 232 (NE): distinct without their hue.
COLOURS: dict[str, str] = {
    "CR": "#001f4d",
    "PR": "#0072b2",
    "SD": "#a6c2dc",
    "NON_CR_NON_PD": "#9fbfb0",
    "PD": "#d97b20",
    "NE": "#e8e8e8",
}
UNKNOWN = "#ffffff"
NOT_GIVEN = Text("未评价", "Not assessed")
KIND: dict[bool, Text] = {
    True: column_name("confirmed_response"),
    False: Text("最佳总体疗效（未要求确认）", "Best overall response, unconfirmed"),
}


def printed(response: str | None) -> Text:
    """The printed code of a response."""
    return NOT_GIVEN if response is None else name_of_level("best_response", response)


def in_order(found: set[str | None]) -> list[str | None]:
    """Responses from the best to the worst, those without one last."""
    known: list[str | None] = [r.value for r in Response if r.value in found]
    return [*known, *([None] if None in found else [])]


def colour_of(response: str | None, *, pale: bool = False) -> str:
    """The fill of a response; pale, halfway to white, where signs are drawn over it."""
    full = COLOURS.get(response or "", UNKNOWN)
    if not pale:
        return full
    parts = (int(full[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{(part + 255) // 2:02x}" for part in parts)


def patch(response: str | None, text: str, *, pale: bool = False) -> Key:
    """The sign of a response in a legend."""
    return Key(text, "patch", colour_of(response, pale=pale), edge="#1a1a1a")
