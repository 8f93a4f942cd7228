"""How large study.yaml may be: counted while it is parsed, before anything is built from it.

A few lines can expand to more than any memory holds (an anchor that repeats others, which repeat others), and brackets in
brackets for more calls than Python makes. These limits cannot be settings: they are for the file that holds the settings.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    ScalarEvent,
)
from ruamel.yaml.parser import Parser

from oligoscope.bilingual import Text

FILE_BYTES = 500_000
DEPTH = 50  # groups in groups; study.yaml needs 7
NODES = 60_000  # keys, values and groups, each alias counted as what it repeats
ALIASES = 1_000
_LONG = 100  # characters of a word that count as one more

TOO_DEEP = Text(
    f"嵌套超过 {DEPTH} 层；设置文件最多需要 7 层。",
    f"groups within groups of more than {DEPTH} levels; settings need 7",
)
TOO_MANY = Text(
    f"内容（展开别名后）超过 {NODES:,} 项。",
    f"more than {NODES:,} keys and values, with what its aliases repeat",
)
TOO_MANY_ALIASES = Text(f"别名（*）超过 {ALIASES:,} 个。", f"more than {ALIASES:,} aliases (*)")


class YamlLimitError(MarkedYAMLError):
    """The text is larger, deeper or more often repeated than any study's; `text` says which in both languages."""

    def __init__(self, text: Text, event: Event) -> None:
        super().__init__(problem=text.en, problem_mark=event.start_mark)
        self.text = text


class CountingParser(Parser):
    """A parser that counts what it hands on."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self._n = 0
        self._aliases = 0
        self._sizes: dict[str, int] = {}  # of what each anchor holds
        self._open: list[
            tuple[str | None, int]
        ] = []  # the anchor of each open group, and the number before it

    def get_event(self) -> Event:
        """The next event.

        Raises:
            YamlLimitError: One of the limits is passed.
        """
        event = super().get_event()
        self._count(event)
        if self._n > NODES:
            raise YamlLimitError(TOO_MANY, event)
        return event

    def _count(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            self._aliases += 1
            if self._aliases > ALIASES:
                raise YamlLimitError(TOO_MANY_ALIASES, event)
            self._n += self._sizes.get(event.anchor, 1)
        elif isinstance(event, CollectionStartEvent):
            if len(self._open) >= DEPTH:
                raise YamlLimitError(TOO_DEEP, event)
            self._open.append((event.anchor, self._n))
            self._n += 1
        elif isinstance(event, CollectionEndEvent):
            anchor, before = self._open.pop()
            self._keep(anchor, before)
        elif isinstance(event, ScalarEvent):
            before = self._n
            self._n += 1 + len(event.value) // _LONG
            self._keep(event.anchor, before)

    def _keep(self, anchor: str | None, before: int) -> None:
        if anchor is not None:
            self._sizes[anchor] = self._n - before
