"""What every group of settings is: frozen, with no key that it does not know."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from oligoscope.bilingual import Text, without_marks


class Settings(BaseModel):
    """Frozen settings; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Settings):
    """One text in both languages, as a user writes it."""

    zh: str
    en: str

    @property
    def printed(self) -> Text:
        """As it is printed, with no letter marked."""
        return without_marks(Text(self.zh, self.en))
