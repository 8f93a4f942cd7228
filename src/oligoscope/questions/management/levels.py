"""What is counted of the table of management: its columns, and their levels in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.clinical.management_texts import NOTES, TIERS, WITHHELD
from oligoscope.study.dictionary import reported

COLUMNS = {"tier": "tier", "withheld": "withheld_because", "note": "notes"}
NAMES: dict[str, Text] = {
    variable.name: variable.label for variable in (reported.TIER, reported.WITHHELD, reported.NOTE)
}
LEVELS: dict[str, dict[str, Text]] = {
    "tier": TIERS,
    "withheld": WITHHELD,
    "note": {name: Text(text.zh.rstrip("。"), text.en.rstrip(".")) for name, text in NOTES.items()},
}
