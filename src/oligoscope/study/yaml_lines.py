"""YAML text to plain values, with the line of every setting and every fault of the text itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from oligoscope.bilingual import Text
from oligoscope.plain_text import forbidden_in, turning_in
from oligoscope.study.yaml_limits import CountingParser, YamlLimitError

Path = tuple[str | int, ...]  # ("eligibility", 2, "keep")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct in study.yaml."""

    line: int | None
    key: str
    value: str | None  # as the user wrote it; None where the value is not the problem
    expected: Text


@dataclass(frozen=True)
class YamlTree:
    """What the text states, and where."""

    value: Any
    lines: dict[Path, int]
    problems: list[Problem]


def read_yaml(text: str, keeps_text: Callable[[Path], bool]) -> YamlTree:
    """Read YAML 1.2; a repeated key, an unknown tag or an impossible date is a problem, not an exception.

    Args:
        text: The file.
        keeps_text: True for the paths whose scalars stay as written (`007`, `1-49%`, `no`).
    """
    yaml = safe_yaml()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor that is used again: the later one counts
            node = yaml.compose(text)
    except YAMLError as error:
        return YamlTree(None, {}, [_syntax_problem(error, text)])
    reader = _Reader(yaml, keeps_text)
    value = None if node is None else reader.value(node, ())
    return YamlTree(value, reader.lines, reader.problems)


def safe_yaml() -> YAML:
    """A reader of YAML 1.2 that makes plain values only, and refuses what is larger than any study (`yaml_limits`)."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Parser = CountingParser
    return yaml


def dotted(path: Path) -> str:
    """`("eligibility", 2, "keep")` as people read it: `eligibility[3].keep` (the first is 1)."""
    text = ""
    for part in path:
        shown = part or '""'
        text += f"[{part + 1}]" if isinstance(part, int) else f".{shown}" if text else str(shown)
    return text


@dataclass
class _Reader:
    yaml: YAML
    keeps_text: Callable[[Path], bool]
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _open: list[int] = field(default_factory=list)  # nodes being read: an alias to one of them never ends

    def value(self, node: Node, path: Path) -> Any:
        if id(node) in self._open:
            self._problem(node, path, Text("别名不能引用自身。", "an alias cannot hold itself"))
            return None
        self._open.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, path)
            if isinstance(node, SequenceNode):
                return [self.value(item, self._at((*path, i), item)) for i, item in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self._open.pop()

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, ScalarNode):
                self._problem(key, path, Text("键必须是一个词。", "a key must be one word"))
                continue
            name = str(key.value)
            if fault := _fault_of(name):
                self._problem(key, path, fault)
                continue
            if name in found:
                first = self.lines[(*path, name)]
                expected = Text(
                    f"重复的键，第 {first} 行已写过。", f"written twice; the first is on line {first}"
                )
                self._problem(key, (*path, name), expected)
                continue
            found[name] = self.value(item, self._at((*path, name), key))
        return found

    def _scalar(self, node: Node, path: Path) -> Any:
        is_null = node.tag == "tag:yaml.org,2002:null"
        if fault := _fault_of(str(node.value)):
            self._problem(node, path, fault)
        if self.keeps_text(path) and not is_null:
            return str(node.value)
        try:
            return self.yaml.constructor.construct_object(node)
        except (YAMLError, ValueError, OverflowError):
            return str(
                node.value
            )  # an impossible date or a foreign tag: refused where the setting is checked

    def _at(self, path: Path, node: Node) -> Path:
        self.lines[path] = node.start_mark.line + 1
        return path

    def _problem(self, node: Node, path: Path, expected: Text) -> None:
        self.problems.append(Problem(node.start_mark.line + 1, dotted(path), None, expected))


def _fault_of(text: str) -> Text | None:
    """What is wrong with the characters of a text, though YAML allows them or an escape in quotes can write them."""
    if signs := forbidden_in(text):
        listed = _listed(signs)
        return Text(
            f"含有无法写入文档的字符 {listed}，请删除。",
            f"holds {listed}, which no document can hold; delete it",
        )
    if signs := turning_in(text):
        listed = _listed(signs)
        return Text(
            f"含有会颠倒其后文字的不可见字符 {listed}，请删除。",
            f"holds {listed}, which turns the text after it round; delete it",
        )
    return None


def _listed(signs: str) -> str:
    return " ".join(f"U+{ord(sign):04X}" for sign in signs)


def _syntax_problem(error: YAMLError, text: str) -> Problem:
    """A fault that stops the reading, with what to do."""
    if isinstance(error, YamlLimitError):
        return Problem(error.problem_mark.line + 1, "", None, error.text)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        line = next((i for i, row in enumerate(text.splitlines(), 1) if not row.isprintable()), None)
        expected = Text("含有不可见的控制字符，请删除。", "holds a control character; delete it")
        return Problem(line, "", None, expected)
    fault = f"{error.problem or ''} {error.context or ''}"
    line = error.problem_mark.line + 1
    return Problem(line, "", _line_of(text, line), _SYNTAX_HINTS[_kind_of_fault(fault)])


def _kind_of_fault(fault: str) -> str:
    if "'\\t'" in fault:
        return "tab"
    if "another document" in fault:
        return "documents"
    if "alias" in fault:
        return "alias"
    if "mapping values" in fault or "block mapping" in fault or "block collection" in fault:
        return "indent"
    return "quote"


_SYNTAX_HINTS = {
    "tab": Text("缩进请用空格，不能用制表符。", "indent by spaces, not by a tab"),
    "documents": Text("一个文件只能有一份设置（去掉 ---）。", "one file holds one study; take out the ---"),
    "alias": Text("* 开头的文字要加引号。", "text that begins with * must be in quotes"),
    "indent": Text(
        "缩进或冒号有误：同级的键要对齐，含“: ”的文字要加引号。",
        "the indentation or a colon is wrong: align the keys of one level, and quote text that holds ': '",
    ),
    "quote": Text(
        "无法解析：检查括号和引号是否成对；以 > | % @ & * ! [ { 开头的文字要加引号。",
        "cannot be read: are brackets and quotes closed? Text that begins with > | % @ & * ! [ or { must be in quotes",
    ),
}


def _line_of(text: str, line: int) -> str | None:
    rows = text.splitlines()
    return rows[line - 1].strip() if line <= len(rows) else None
