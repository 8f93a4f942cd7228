"""Write the choices of the cards into study.yaml, once the program's own checks accept them."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from oligoscope.answers import Answer
from oligoscope.bilingual import Language
from oligoscope.checked_study import check_study
from oligoscope.errors import StudyFileError
from oligoscope.questions.registry import KINDS, read_protocol
from oligoscope.study.definition_edit import choices_of, definition_changes
from oligoscope.study.edit_study import edit_study
from oligoscope.study.study_file import FILE_NAME, MAPPING_NAME, data_folder, stated_settings
from oligoscope.web.tasks.choice_words import as_words, from_words
from oligoscope.web.tasks.run_task import Progress

_SETTING: Final = re.compile(r"\b(study|progression|resistance|matching|analyses)(?:\[\d+\])?(?:\.(\w+))?")
_CARDS: Final = {
    ("study", "preset"): "study_preset",
    ("progression", "preset"): "preset",
    ("resistance", "preset"): "resistance",
    ("matching", "covariates"): "covariates",
    ("analyses", "reference"): "reference",
}


def answer_of(folder: Path, rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """Change study.yaml, or say at which card a choice was refused."""
    wanted = from_words(json.loads(Path(rest[0]).read_text(encoding="utf-8")))
    file = folder / FILE_NAME
    protocol = read_protocol(folder, language)
    before = file.read_text(encoding="utf-8-sig")
    changes = definition_changes(stated_settings(folder, language), protocol, wanted, KINDS)
    if not changes:
        answer.update({"lines": [], "changed": [], "choices": as_words(choices_of(protocol, KINDS))})
        return
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(scratch)
        for name in (FILE_NAME, MAPPING_NAME):
            if (folder / name).is_file():
                shutil.copy(folder / name, draft / name)
        edit_study(draft / FILE_NAME, changes)
        try:
            chosen = choices_of(read_protocol(draft, language), KINDS)
            check_study(draft, data_folder(folder, protocol), language, progress)
        except StudyFileError as error:
            answer.update({"refused": list(refusals(error.in_language(chinese=language == "zh")))})
            return
        after = (draft / FILE_NAME).read_text(encoding="utf-8-sig")
    edit_study(file, changes)
    answer.update({"changed": list(changed_lines(before, after)), "choices": as_words(chosen)})


def refusals(message: str) -> Iterator[dict[str, str]]:
    """Each sentence of the checks, with the card that it is about; blank where it is about none."""
    lines = [line.strip() for line in message.splitlines()]
    for line in lines[1:-1] or lines:
        found = _SETTING.search(line)
        keys = ("", "") if found is None else (found[1], found[2] or "")
        card = _CARDS.get(keys, keys[1] if keys[0] == "progression" else "")
        yield {"card": card, "text": re.sub(r"^(line \d+|第 \d+ 行)\s+", "", line)}


def changed_lines(before: str, after: str) -> Iterator[dict[str, Any]]:
    """Lines of a file that are not as they were: the number in the new file, what was there and what is there now."""
    old, new = before.splitlines(), after.splitlines()
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = max(i_end - i, j_end - j)
        for k in range(pairs):
            was = old[i + k].strip() if i + k < i_end else ""
            now = new[j + k].strip() if j + k < j_end else ""
            yield {"line": min(j + k, max(j_end - 1, j)) + 1, "was": was, "now": now}
