"""Footnotes of a table: letters given in order of first use, one letter a text."""

from __future__ import annotations

from string import ascii_lowercase

from oligoscope.bilingual import Text
from oligoscope.results.results import Estimate


class Footnotes:
    """Collects the notes of one table while it is being made."""

    def __init__(self) -> None:
        self._texts: list[Text] = []

    def mark(self, text: Text) -> str:
        """The letter of this note; a new note takes the next letter."""
        if text not in self._texts:
            self._texts.append(text)
        return ascii_lowercase[self._texts.index(text)]

    def method(self, estimate: Estimate) -> str:
        """Letter of the test that made this P, or of the reason why there is none."""
        if estimate.value is None:
            return self.withheld(estimate)
        return self.mark(estimate.method.printed)

    def withheld(self, estimate: Estimate) -> str:
        """Letter of the reason why a number is not given; none where no reason was stored."""
        if estimate.value is not None or not estimate.warning:
            return ""
        why = estimate.warning.printed
        return self.mark(Text(f"未给出：{why.zh}", f"not given: {why.en}"))

    def care(self, estimate: Estimate) -> str:
        """Letter of the reason why a number that is given should be read with care."""
        if estimate.value is None or not estimate.warning:
            return self.withheld(estimate)
        why = estimate.warning.printed
        return self.mark(Text(f"解读时注意：{why.zh}", f"interpret with caution: {why.en}"))

    def notes(self) -> tuple[Text, ...]:
        return tuple(
            Text(f"{letter}：{text.zh}。", f"{letter}: {text.en}.")
            for letter, text in zip(ascii_lowercase, self._texts, strict=False)
        )
