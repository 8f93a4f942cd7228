"""What a file states of its columns beside their cells: names in words, words of codes, codes that mean missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from oligoscope.bilingual import Text
from oligoscope.intake.issues import Issue

_SHOWN = 10  # codes named in one finding


@dataclass(frozen=True)
class Declared:
    """The dictionary that a file brings along, of SPSS, Stata, SAS or REDCap.

    Attributes:
        labels: The name in words of a column, by header.
        words: Of a column with words for its codes, the word of each code; the cells hold the words.
        missing: Of a column, each code that the file declares missing, as it is shown, with the number of its cells; these
            are blank.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def words_of(self, header: str, codes: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each of these that is a code of the column, with its word."""
        known = self.words.get(header, {})
        yield from ((code, known[code]) for code in codes if code in known)

    def prefixed(self, prefix: str) -> Declared:
        """The same for a joined file, whose headers have a prefix."""
        return Declared(
            {prefix + name: label for name, label in self.labels.items()},
            {prefix + name: words for name, words in self.words.items()},
        )

    def issues(self, table: str, source: str) -> Iterator[Issue]:
        """A finding for each column with cells that the file declares missing."""
        for header, codes in self.missing.items():
            listed = [f"{code} × {n}" for code, n in list(codes.items())[:_SHOWN]]
            zh = f"按文件的声明视为缺失：{'；'.join(listed)}"
            en = f"missing as the file declares: {'; '.join(listed)}"
            first = next(iter(codes))
            yield Issue(
                rule="declared_missing", table=table, source=source, column=header, value=first, expected=Text(zh, en)
            )  # fmt: skip


NOTHING_DECLARED = Declared()
