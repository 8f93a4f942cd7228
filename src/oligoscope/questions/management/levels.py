"""What is counted of the table of management: its columns, and their levels in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.clinical.management_texts import NOTES, TIERS, WITHHELD

COLUMNS = {"tier": "tier", "withheld": "withheld_because", "note": "notes"}
NAMES: dict[str, Text] = {
    "tier": Text("分层", "Tier"),
    "withheld": Text("不给出建议的原因", "Nothing suggested because"),
    "note": Text("附注", "Note"),
}
LEVELS: dict[str, dict[str, Text]] = {
    "tier": TIERS,
    "withheld": WITHHELD,
    "note": {name: Text(text.zh.rstrip("。"), text.en.rstrip(".")) for name, text in NOTES.items()},
}
