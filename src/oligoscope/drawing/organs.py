"""Organs in pictures: colours that are the same in every picture and distinct for colour-blind readers, and names."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import Text
from oligoscope.study import vocabulary

# Okabe & Ito 2008; every colour has a name beside it, so that none depends on its hue alone.
COLOURS: dict[str, str] = {
    "lung": "#0072b2",
    "lymph_node": "#e69f00",
    "bone": "#009e73",
    "liver": "#d55e00",
    "adrenal": "#cc79a7",
    "brain": "#3d3d3d",
    "pleura": "#56b4e9",
    "pericardium": "#8f7a4b",
    "peritoneum": "#d8c700",
    "kidney": "#7a5195",
    "none": "#d9d9d9",
}
OTHER_COLOUR = "#a6a6a6"
REST = "rest"  # rare organs drawn as one
_NAMES: dict[str, Text] = {
    "none": Text("基线无转移或未记录", "Nothing recorded"),
    REST: Text("其他器官", "Other organs"),
}


def colour_of_organ(organ: str) -> str:
    """The fill of an organ; organs without a colour of their own share a grey."""
    return COLOURS.get(organ, OTHER_COLOUR)


def organ_name(organ: str) -> Text:
    """The printed name of an organ, or of those that are drawn together."""
    return _NAMES.get(organ) or vocabulary.organ_name(organ)


def drawn_organs(by_size: Iterable[str], most: int) -> tuple[str, ...]:
    """The organs that are drawn by themselves, of organs in the order of their size: `most` at the most.

    One organ left over is drawn too: "other organs" then would be its own name.
    """
    organs = [o for o in by_size if o not in {"none", REST}]
    return tuple(organs if len(organs) <= most + 1 else organs[:most])
