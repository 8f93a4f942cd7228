"""What every group of settings is: frozen, and without unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from oligoscope.bilingual import Text, without_marks


class Settings(BaseModel):
    """Frozen settings; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Settings):
    """A text of the user's in both languages."""

    zh: str
    en: str

    @property
    def printed(self) -> Text:
        """As it is printed, with no letter marked."""
        return without_marks(Text(self.zh, self.en))
