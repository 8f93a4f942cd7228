"""Where answers come from: the file itself, a file of answers, or a person at the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from oligoscope.mapping.question import Question
from oligoscope.study.yaml_lines import read_yaml

Ask = Callable[[int, Question], str | None]  # None: it stays open


@dataclass
class GivenAnswers:
    """Answers given at once: by number or id, or one a line in the order of the questions."""

    by_name: dict[str, str]
    lines: Iterator[str] = field(default_factory=lambda: iter(()))

    @classmethod
    def of(cls, text: str) -> GivenAnswers:
        """The answers of a text: YAML with `number: answer` or `id: answer`, or one answer a line; a blank line is Enter."""
        # A dash alone begins a list in YAML; here it is the answer for a missing word.
        tree = read_yaml(re.sub(r"(?m)(:[ \t]+)-[ \t]*$", r"\1'-'", text), lambda _: True)
        if isinstance(tree.value, dict) and not tree.problems:
            return cls({key: str(value) for key, value in tree.value.items() if value is not None})
        lines = text.splitlines()
        return cls({}, iter(line.strip() for line in lines if not line.lstrip().startswith("#")))

    def __call__(self, number: int, question: Question) -> str | None:
        """The answer to a question; None where there is none."""
        given = self.by_name.get(question.id, self.by_name.get(str(number)))
        if given is None:
            given = next(self.lines, None)
        return taken_for(given, question)


def taken_for(given: str | None, question: Question) -> str | None:
    """What a line means: a blank one is the first proposal."""
    if given is None:
        return None
    if given.strip():
        return given.strip()
    return question.proposals[0] if question.proposals else None


def unasked(questions: Iterable[Question], seen: dict[str, int]) -> list[tuple[int, Question]]:
    """The questions that were not put yet, each with a number that stays its own."""
    fresh = [q for q in questions if q.id not in seen]
    for question in fresh:
        seen[question.id] = len(seen) + 1
    return [(seen[q.id], q) for q in fresh]
