"""mapping.yaml: the draft written for people, and kept as they changed it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from oligoscope.bilingual import Language, Text
from oligoscope.mapping.draft import Draft
from oligoscope.mapping.question import Confidence, Question, Taken
from oligoscope.plain_text import one_line
from oligoscope.study.schemas import TABLES
from oligoscope.study.short_forms import group

_WIDTH = 110  # of a line of comment
CONFIDENCE: dict[Confidence, Text] = {
    "certain": Text("确定", "certain"),
    "likely": Text("很可能，请核对", "likely, check it"),
    "asked": Text("待答", "asked"),
}
_HEAD = Text(
    "oligoscope map 写出的对应关系。可以手工修改；再次运行 map 时，已写的内容、答案和注释都保留。\n"
    "data 与 study.yaml 的 data 写法相同；同一项两处都写时，以 study.yaml 为准。",
    "The mapping drafted by oligoscope map. Change it as you like: another run of map keeps what is written here.\n"
    "`data` is written as in study.yaml; what study.yaml states itself counts before this file.",
)
_QUESTIONS = Text(
    "在冒号后写答案（- 表示缺失或都不是），保存后再次运行 oligoscope map；已答的不再问。",
    "Write the answer after the colon (- for missing, or none of it) and run oligoscope map again; what is answered is not asked again.",
)


def mapping_text(
    old: str | None,
    own: dict[str, Any],
    draft: Draft,
    numbered: Sequence[tuple[int, Question]],
    answers: Mapping[str, str],
    language: Language,
) -> str:
    """The file with what the draft adds, blank where there is nothing to state; what it holds, and its comments, stay.

    Args:
        old: The file as it is; None where there is none.
        own: What study.yaml states of each section, and is not repeated here.
        draft: What was taken.
        numbered: The questions that came up, each with its number.
        answers: By the question's id.
        language: Of the comments.
    """
    yaml = _yaml()
    found = yaml.load(old) if old and old.strip() else None
    tree = found if isinstance(found, CommentedMap) else CommentedMap()
    if not (old and old.strip()):
        old = None
        tree.yaml_set_start_comment(_HEAD[language] + "\n")
    data = _group(tree, "data")
    fresh = [
        name for name in TABLES if name in draft.data and name not in data and name not in group(own, "data")
    ]
    _add(data, draft.data, group(own, "data"))
    for name in fresh:
        lines = [line(taken, language) for taken in draft.taken if taken.table == name]
        if name in data and lines:
            data.yaml_set_comment_before_after_key(name, before="\n".join(["", *lines]), indent=2)
    if "sdtm" in data and "sdtm" in draft.data and not (old and "sdtm" in old):
        lines = [line(taken, language) for taken in draft.taken if taken.what == "domain"]
        data.yaml_set_comment_before_after_key("sdtm", before="\n".join(lines), indent=2)
    response = {key: word for key, word in draft.response.items() if key not in group(own, "response")}
    if response:
        _add(_group(tree, "response"), response, {})
    if numbered:
        _add_questions(tree, numbered, answers, draft.refused, language)
    if not data:
        del tree["data"]
    if not tree:
        return old or ""
    out = io.StringIO()
    yaml.dump(tree, out)
    return (old or "") + out.getvalue() if found is None else out.getvalue()


def line(taken: Taken, language: Language) -> str:
    """What was taken for what, on one line."""
    label = ""
    if taken.what == "column":
        names = {c.name: c.label for c in TABLES[taken.table].columns}
        label = f" ({names[taken.ours][language]})" if taken.ours in names else ""
    n = "" if taken.n is None else _counted(taken)[language]
    detail = ", ".join(part for part in (CONFIDENCE[taken.confidence][language], n) if part)
    samples = f": {', '.join(taken.samples)}" if taken.samples else ""
    meaning = taken.ours or taken.seen[language]
    return one_line(f"{taken.theirs} -> {meaning}{label} [{detail}]{samples}", 300)


def _counted(taken: Taken) -> Text:
    if taken.what == "table":
        return Text(f"{taken.n} 行", f"{taken.n} {'row' if taken.n == 1 else 'rows'}")
    return Text(f"{taken.n} 格", f"{taken.n} {'cell' if taken.n == 1 else 'cells'}")


def question_lines(number: int, question: Question, language: Language) -> list[str]:
    """A question as it is printed: its number and text, then what may be answered."""
    head = f"{number}. {question.text[language]}"
    first = question.proposals[:1]
    enter = Text(f"（回车：{first[0]}）", f" (Enter: {first[0]})")[language] if first else ""
    allowed = Text("可答：", "Answer: ")[language] + question.answers[language]
    return [one_line(head, 1000), one_line(f"   {allowed}{enter}", 1000)]


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 4096
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    return yaml


def _group(tree: CommentedMap, key: str) -> CommentedMap:
    if not isinstance(tree.get(key), CommentedMap):
        tree[key] = CommentedMap(tree.get(key) or {})
    return tree[key]


def _add(there: CommentedMap, more: Mapping[str, Any], own: Any) -> None:
    """Every key of the draft that neither this file nor study.yaml has; words are added to lists of words."""
    for key, value in more.items():
        stated = own.get(key) if isinstance(own, Mapping) else None
        if isinstance(value, Mapping):
            group = there.get(key)
            if key in TABLES and isinstance(group, str | list):  # the short form
                group = CommentedMap(files=group)
            if group is None:
                group = CommentedMap()
            if isinstance(group, CommentedMap):
                _add(group, value, stated)
                if group and (len(group) > 1 or "files" not in group or key not in there):
                    there[key] = group
        elif stated is not None:
            continue
        elif key in there and not isinstance(value, str) and _are_words(value) and _are_words(there[key]):
            old = [there[key]] if isinstance(there[key], str) else there[key]
            if new := [word for word in value if word not in old]:
                there[key] = [*old, *new]
        else:
            there.setdefault(key, value)


def _are_words(value: Any) -> bool:
    """A word, or a list of words."""
    return isinstance(value, str) or (
        isinstance(value, Sequence) and all(isinstance(word, str) for word in value)
    )


def _add_questions(
    tree: CommentedMap,
    numbered: Sequence[tuple[int, Question]],
    answers: Mapping[str, str],
    refused: Mapping[str, str],
    language: Language,
) -> None:
    is_new = "questions" not in tree
    group = _group(tree, "questions")
    if is_new:
        tree.yaml_set_comment_before_after_key("questions", before="\n" + _QUESTIONS[language])
    for number, question in numbered:
        answer = answers.get(question.id)
        if question.id in refused:
            answer = None
        if question.id not in group:
            group[question.id] = answer
            before = "\n".join(question_lines(number, question, language))
            group.yaml_set_comment_before_after_key(question.id, before=before, indent=2)
        elif answer is not None:
            group[question.id] = answer


def read_text(file: Path) -> str | None:
    """The file as it is; None where there is none."""
    return file.read_text("utf-8-sig") if file.is_file() else None
