"""Reads one file of SPSS, Stata or SAS in a process of its own: `python statistics_worker.py SETTINGS < FILE > JSON`.

The reader is native code, and a damaged file can end the process it is read in. Only this file is run there, so that it
starts quickly; it imports nothing of the package.
"""

from __future__ import annotations

import io
import json
import os
import pathlib
import sys
from typing import Any


def read(raw: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """The columns of a file, and what is said of them, as JSON can hold them.

    Args:
        raw: The file.
        asked: `function` of pyreadstat; `encodings` to try, null for the file's own; `columns`, `rows` and `cells`, the
            limits; `user_missing`, whether kinds of missing values are distinguished.

    Returns:
        `encoding` that was right, `columns`, `cells` of each (none where there are too many columns), `labels`, `words`
        as pairs, `ranges`, `types` and `formats`; or `failed`, why not.
    """
    import pyreadstat  # noqa: PLC0415  # the parent reads this file for the name of it alone

    function = getattr(pyreadstat, asked["function"])
    failed = ""
    for encoding in asked["encodings"]:
        given = {} if encoding is None else {"encoding": encoding}
        try:
            _, meta = function(io.BytesIO(raw), metadataonly=True, output_format="dict", **given)
            found: dict[str, Any] = {}
            if len(meta.column_names) <= asked["columns"]:
                most = min(asked["rows"], asked["cells"] // max(1, len(meta.column_names)))
                if asked["user_missing"]:
                    given["user_missing"] = True
                found, meta = function(
                    io.BytesIO(raw), row_limit=most + 1, disable_datetime_conversion=True, output_format="dict", **given
                )  # fmt: skip
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            failed = str(error)
            continue
        return {
            "encoding": encoding,
            "columns": list(meta.column_names),
            "cells": [list(cells) for cells in found.values()],
            "labels": [label or "" for label in meta.column_labels],
            "words": {name: list(words.items()) for name, words in meta.variable_value_labels.items()},
            "ranges": {
                name: [(r["lo"], r["hi"]) for r in ranges] for name, ranges in meta.missing_ranges.items()
            },
            "types": meta.readstat_variable_types,
            "formats": {name: shown or "" for name, shown in meta.original_variable_types.items()},
        }
    return {"failed": failed}


def _main() -> None:
    answer = os.dup(1)
    with pathlib.Path(os.devnull).open("wb") as nothing:  # what the reader prints by itself is no answer
        os.dup2(nothing.fileno(), 1)
    found = read(sys.stdin.buffer.read(), json.loads(sys.argv[1]))
    with os.fdopen(answer, "w", encoding="utf-8") as out:
        json.dump(found, out)


if __name__ == "__main__":
    _main()
