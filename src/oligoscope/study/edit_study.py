"""Change single settings of a study.yaml: its comments, order and other lines stay as they are."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from oligoscope.system.whole_file import write_whole

NOTHING = object()  # null as a value
Keys = tuple[str | int, ...]  # of groups, from the outermost; a number is the place in a list
Changes = Mapping[Keys, Any] | Mapping[tuple[str, ...], Any]


def edit_study(path: Path, changes: Changes) -> None:
    """Write settings into study.yaml.

    Args:
        path: The file; it is replaced whole.
        changes: By the path of keys (`("progression", "max_lesions")`); None removes the key, so that the default holds; `NOTHING` writes null.

    Raises:
        OSError: The file cannot be read or written.
        ruamel.yaml.YAMLError: It is no YAML.
    """
    text = path.read_text(encoding="utf-8-sig")
    changed = edited(text, changes)
    if changed != text:
        write_whole({path: changed.encode()})


def edited(text: str, changes: Changes) -> str:
    """The text of a study.yaml with the settings changed."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 200
    yaml.allow_unicode = True
    tree = yaml.load(text) or CommentedMap()
    for keys, value in changes.items():
        _put(tree, keys, value)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _put(tree: Any, keys: Keys, value: Any) -> None:
    *above, last = keys
    for key in above:
        if isinstance(key, int):
            tree = tree[key]
            continue
        if not isinstance(tree.get(key), dict | list):
            if value is None:
                return
            tree[key] = CommentedMap()
        tree = tree[key]
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = None if value is NOTHING else value
