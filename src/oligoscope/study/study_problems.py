"""What must be corrected in study.yaml, in the user's words: none of the checker's are shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from oligoscope.bilingual import Language, Text
from oligoscope.plain_text import MESSAGE_LINES, one_line
from oligoscope.study.conditions import ConditionError, parse_condition
from oligoscope.study.protocol import Protocol
from oligoscope.study.setting_types import SettingType, allowed_values, nearest, not_among, setting_type
from oligoscope.study.short_forms import has_short_form
from oligoscope.study.yaml_lines import Path, Problem, YamlTree, dotted

_LONGEST_WORD, _LONGEST_LINE = 200, 1200  # characters printed


def condition_problems(settings: dict[str, Any], tree: YamlTree) -> Iterator[Problem]:
    """Eligibility rules whose condition cannot be read, or whose id is taken."""
    rules = settings.get("eligibility")
    seen: dict[str, int] = {}
    for i, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict):
            continue
        if isinstance(rule.get("keep"), str):
            try:
                parse_condition(rule["keep"])
            except ConditionError as error:
                yield problem_at(tree.lines, ("eligibility", i, "keep"), rule["keep"], error.text)
        name = str(rule.get("id"))
        if name in seen:
            first = dotted(("eligibility", seen[name]))
            expected = Text(
                f"{first} 已用此编号，编号不能重复。", f"{first} has this id already; each rule has its own"
            )
            yield problem_at(tree.lines, ("eligibility", i, "id"), name, expected)
        seen.setdefault(name, i)


def setting_problems(error: ValidationError, tree: YamlTree, kinds: Iterable[str]) -> Iterator[Problem]:
    """What the checker refused, each setting once, in the program's words; `kinds` are those of analyses."""
    of_kinds = SettingType(Literal[tuple(kinds)])
    seen: set[Path] = set()
    for fault in error.errors(include_url=False, include_context=False):
        path, kind = _known_part(tuple(fault["loc"]))
        if path in seen:
            continue
        if path[:1] == ("analyses",) and path[-1] == "kind":
            kind = of_kinds
        seen.add(path)
        if path[-1:] == ("visit_window_days",) and fault["type"] == "value_error":
            yield problem_at(tree.lines, path, _shown(fault["input"]), _LONGER_THAN_SCAN_WINDOW)
        # The second: patients, where sdtm is not given either.
        elif fault["type"] == "missing" or (fault["type"] == "value_error" and fault["input"] is None):
            expected = allowed_values(kind)
            missing = Text(f"缺少此项；应为 {expected.zh}", f"is missing; must be {expected.en}")
            yield problem_at(tree.lines, path, None, missing)
        elif fault["type"] == "extra_forbidden":
            yield problem_at(tree.lines, path, None, _unknown_key(path))
        else:
            refused = _refused(kind, fault["input"], fault["type"])
            if has_short_form(path):
                refused = Text(
                    f"应为一句话（中英文通用），或{refused.zh.removeprefix('应为 ')}",
                    f"must be one sentence for both languages, or {refused.en.removeprefix('must be ')}",
                )
            yield problem_at(tree.lines, path, _shown(fault["input"]), refused)


_LONGER_THAN_SCAN_WINDOW = Text("应为天数，不长于 scan_window_days", "must be days, at most scan_window_days")


def _known_part(path: Path) -> tuple[Path, SettingType]:
    """The path as far as it names settings (the checker appends names of its own)."""
    for end in range(len(path), 0, -1):
        kind = setting_type(path[:end])
        if kind is not None:
            # The next part is a key that no group has.
            group = kind.model is not None and end < len(path)
            return (path[: end + 1], kind) if group else (path[:end], kind)
    return path[:1], SettingType(Protocol)


def _unknown_key(path: Path) -> Text:
    kind = setting_type(path[:-1])
    keys = () if kind is None else kind.keys
    return not_among(Text("没有此设置", "no such setting"), nearest(str(path[-1]), keys), ", ".join(keys))


def _refused(kind: SettingType, value: Any, fault: str) -> Text:
    expected = allowed_values(kind)
    if fault == "string_pattern_mismatch":
        expected = Text("小写字母、数字和 _，以字母开头", "lower-case letters, digits and _, a letter first")
    near = nearest(value, kind.words) if isinstance(value, str) and kind.words else None
    zh = f"；是否为 {near}？" if near else ""
    en = f"; did you mean {near}?" if near else ""
    return Text(f"应为 {expected.zh}{zh}", f"must be {expected.en}{en}")


def _shown(value: Any) -> str:
    if isinstance(value, dict | list | tuple | BaseModel):
        return "{…}" if isinstance(value, dict | BaseModel) else "[…]"
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)[:60]


def problem_at(lines: Mapping[Path, int], path: Path, value: str | None, expected: Text) -> Problem:
    """With the line of the setting, or of the nearest group around it that the file has."""
    line = next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)
    return Problem(line, dotted(path), value, expected)


def problem_message(name: str, problems: list[Problem], language: Language) -> str:
    """All problems in the order of the file."""
    ordered = sorted(problems, key=lambda p: (p.line or 0, p.key))
    n = len(ordered)
    head = Text(f"{name} 有 {n} 处需要修改。", f"{name} has {n} {'problem' if n == 1 else 'problems'}.")
    tail = Text(
        "请修改上列各行。oligoscope new 可写出一份逐项说明的设置文件。",
        "Correct the lines above. `oligoscope new DIR` writes a file with every setting explained.",
    )
    shown = ordered if n <= MESSAGE_LINES else ordered[: MESSAGE_LINES - 1]
    lines = [one_line(_line(p, language), _LONGEST_LINE) for p in shown]
    if n > len(shown):
        rest = n - len(shown)
        lines.append(Text(f"  ……另有 {rest} 处", f"  … and {rest} more")[language])
    return "\n".join([head[language], *lines, tail[language]])


def _line(problem: Problem, language: Language) -> str:
    where = (
        "" if problem.line is None else Text(f"第 {problem.line} 行  ", f"line {problem.line}  ")[language]
    )
    key = one_line(problem.key, _LONGEST_WORD)
    if problem.value is not None:
        key = f"{key} = {one_line(problem.value, _LONGEST_WORD)}".removeprefix(" = ")
    return f"  {where}{key}   {problem.expected[language]}"
