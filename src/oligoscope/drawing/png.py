"""Pixels as a PNG file, without the search for the best filter of each line, which takes longer than all else and
makes pictures of lines and letters no smaller."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from zlib_ng import zlib_ng

_INCHES_A_METRE = 1 / 0.0254
_LEVEL = 2
_ROWS = 16  # packed at a time, which stay in the processor's nearest cache


def png_of(pixels: NDArray[np.uint8], dpi: int) -> bytes:
    """Opaque pixels as PNG, with their resolution; the same pixels give the same bytes.

    Args:
        pixels: Shape (height, width, 4), of which the opacity is left out.
        dpi: Of the print.
    """
    height, width, _ = pixels.shape
    a_metre = round(dpi * _INCHES_A_METRE)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", a_metre, a_metre, 1)),
            _chunk(b"IDAT", b"".join(_packed(pixels))),
            _chunk(b"IEND", b""),
        )
    )


def _packed(pixels: NDArray[np.uint8]) -> Iterator[bytes]:
    height, width, _ = pixels.shape
    packer = zlib_ng.compressobj(_LEVEL)
    lines = np.zeros((_ROWS, 1 + 3 * width), np.uint8)  # each begins with its filter: none
    for top in range(0, height, _ROWS):
        rows = pixels[top : top + _ROWS]
        for colour in range(3):  # three at a time would be copied dot by dot
            lines[: len(rows), 1 + colour :: 3] = rows[:, :, colour]
        yield packer.compress(lines[: len(rows)].data)
    yield packer.flush()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
