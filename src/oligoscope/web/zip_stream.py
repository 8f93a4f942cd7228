"""A zip that is sent while it is made: nothing is held in memory or written to disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 18
_PACKED: Final = frozenset({".docx", ".xlsx", ".png", ".zip", ".parquet"})  # packing them again saves nothing


class _Sink(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._chunks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found = b"".join(self._chunks)
        self._chunks.clear()
        return found


def zip_of(members: Iterable[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    """The bytes of a zip.

    Args:
        members: Name in the zip, and the file or its content. A file that is gone by then is left out.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as made:  # pyright: ignore[reportArgumentType]
        for name, content in members:
            if isinstance(content, bytes):
                made.writestr(name, content)
            elif content.is_file():
                yield from _file(made, sink, name, content)
            yield sink.taken()
    yield sink.taken()


def _file(made: zipfile.ZipFile, sink: _Sink, name: str, path: Path) -> Iterator[bytes]:
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in _PACKED else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, made.open(info, "w", force_zip64=info.file_size > 1 << 30) as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
            yield sink.taken()
