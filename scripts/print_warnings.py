"""Writes the list of warnings into docs/methods.md, from their declaration in results/warnings.py."""

from __future__ import annotations

import re
from pathlib import Path

from oligoscope.results.warnings import WarningCode

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "methods.md"
BEGIN, END = "<!-- warnings -->\n", "<!-- end of warnings -->\n"
_COUNTED = re.compile(r"\{(\w+):[^|{}]*\|([^{}]*)\}")


def with_warnings(text: str) -> str:
    """The document with the list as it is declared now, between its two marks."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{listed()}\n{END}{after}"


def listed() -> str:
    """A row a code: the text in results.csv, and what it means in both languages."""
    head = ["| `warning` | Meaning | 含义 |", "|---|---|---|"]
    return "\n".join([*head, *map(_row, sorted(WarningCode))]) + "\n"


def _row(code: WarningCode) -> str:
    # In the order of the sentence; a vertical line would end the cell.
    names = sorted(code.names, key=lambda name: code.text.en.index("{" + name))
    values = "".join(f" {name}=…" for name in names)
    # Of the words after a count, those for several.
    texts = (_COUNTED.sub(r"{\1} \2", text) for text in (code.text.zh, code.text.en))
    zh, en = (text.replace("|", "\\|") for text in texts)
    return f"| `{code}{values}` | {en} | {zh} |"


if __name__ == "__main__":
    DOCUMENT.write_text(with_warnings(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    print("docs/methods.md")
