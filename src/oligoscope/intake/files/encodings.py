"""Which encoding text is in that is not UTF-8 and declares none: Chinese or Western European."""

from __future__ import annotations

import re

CHINESE = "gb18030"  # what Chinese Excel writes
WESTERN = "cp1252"  # what Excel writes in Western Europe and America
NAMES = {CHINESE: "GB18030", WESTERN: "Windows-1252"}
_SAMPLE = 1_000_000  # bytes looked at, from the first that is not ASCII
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# Single, or two that meet inside a word of small letters.
_ACCENTED = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])|(?<=[a-z])[\x80-\xff]{2}(?=[a-z])")


def likeliest(raw: bytes) -> str:
    """Judge text by the bytes that are not ASCII: a Chinese character has two, an accented letter is one among letters.

    Four fifths of them must be so for the text to be Western: GB18030 has characters, though rare ones, whose second byte
    is a letter of ASCII.
    """
    first = _NOT_ASCII.search(raw)
    if first is None:
        return CHINESE
    sample = raw[max(0, first.start() - 1) : first.start() + _SAMPLE]
    accented = sum(map(len, _ACCENTED.findall(sample)))
    if 5 * accented < 4 * len(_NOT_ASCII.findall(sample)):
        return CHINESE
    try:
        sample.decode(WESTERN)
    except UnicodeDecodeError:
        return CHINESE
    return WESTERN


def other_than(encoding: str) -> str:
    """The encoding that text would be in if it is not in this one."""
    return WESTERN if encoding == CHINESE else CHINESE
