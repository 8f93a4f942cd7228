"""A text that a user writes in both languages."""

from __future__ import annotations

from oligoscope.bilingual import Text, without_marks
from oligoscope.study.settings_base import Settings


class Bilingual(Settings):
    """One text in both languages, as a user writes it."""

    zh: str
    en: str

    @property
    def printed(self) -> Text:
        """As it is printed, with no letter marked."""
        return without_marks(Text(self.zh, self.en))
