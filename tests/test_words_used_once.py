"""A word that the program reads is written where it is made and where it is read: one that occurs once may be misspelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from script_modules import script
from stored.golden import same_as_stored

ROOT = Path(__file__).resolve().parents[1]
TOKEN = re.compile(r"[\w#][\w:./*+#-]*")
# Files of people's own sentences: what they say of a word does not make it one that is read.
READ_TOO = ("tests/**/*.py", "tests/**/*.R", "docs/*.md", "README.md", "src/oligoscope/**/*.R")


def literals() -> Counter[str]:
    """How often each word that the program reads is written as a literal (scripts/wrong_words.py says which are read)."""
    return Counter(word.text for word in script("wrong_words").all_words(""))


def tokens(*patterns: str) -> Iterator[str]:
    """Words of the files, names of Python included: `pl.col("n")` may be read as an attribute."""
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if "golden" in path.parts:  # what the program wrote
                continue
            for word in TOKEN.findall(path.read_text(encoding="utf-8")):
                yield word
                if len(parts := re.split(r"[^\w#]+", word)) > 1:
                    yield from parts


def test_words_that_occur_once_are_the_listed_ones():
    """Names of other programs' settings, terms of CDISC, colours: listed, so that a letter changed in one is seen."""
    written = literals()
    elsewhere = set(tokens(*READ_TOO))
    of_package = Counter(tokens("src/**/*.py"))

    once = sorted(word for word in written if of_package[word] < 2 and word not in elsewhere)
    same_as_stored("words_used_once.txt", once)
    assert once  # a rule that finds nothing would not see a misspelt word either
