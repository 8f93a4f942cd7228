"""What `map` answers: the draft in lines and numbers, written to mapping.yaml; questions are put where somebody can answer."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from oligoscope.bilingual import Language, Text
from oligoscope.errors import DataError, SystemRefusal, UsageError
from oligoscope.mapping.answers import NOTHING_MEANT, TakesDay
from oligoscope.mapping.asking import GivenAnswers, taken_for, unasked
from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import FolderContent, content_of
from oligoscope.mapping.mapping_file import line, mapping_text, question_lines, read_text
from oligoscope.mapping.question import Question, Taken
from oligoscope.mapping.question_shown import shown
from oligoscope.plain_text import one_line
from oligoscope.questions.registry import KINDS
from oligoscope.study.protocol import LimitSettings
from oligoscope.study.schemas import HOLD_PATIENTS, PATIENTS, TABLES
from oligoscope.study.short_forms import group
from oligoscope.study.study_file import (
    FILE_NAME,
    MAPPING_NAME,
    mapping_file,
    read_mapping,
    read_study_file,
    stated_settings,
    study_file,
    with_mapping,
)
from oligoscope.system.refusals import reason
from oligoscope.system.whole_file import write_whole

_CUTOFF = "study.data_cutoff"
_TRIES = 3  # at the terminal, for an answer that is not understood
_CUTOFF_QUESTION = Question(
    _CUTOFF,
    Text(
        "数据截止日是哪天？其后的随访不计。（以后可在 study.yaml 写 data_cutoff）",
        "Which day is the data cut-off? Follow-up after it is not counted. (Later: data_cutoff in study.yaml.)",
    ),
    Text("如 2025-04-08；- 表示没有", "as 2025-04-08; - for none"),
    (NOTHING_MEANT,),
    TakesDay(),
)


def answer_of_map(
    study: Path,
    answers: Path | None,
    language: Language,
    progress: Callable[[str], None],
    *,
    asks: bool,
    data: Path | None = None,
) -> dict[str, Any]:
    """Draft the mapping, ask what is open, write mapping.yaml (and study.yaml where there is none).

    Args:
        study: A study folder or its study.yaml, or a folder of files.
        answers: A file of answers; `-` is standard input.
        language: Of what is printed and of the comments.
        progress: Called with each stage.
        asks: Whether questions may be put at the terminal.
        data: The folder of the files, where it is not the one that study.yaml names, or the study's own.

    Raises:
        UsageError: There is no such folder, or no such file of answers.
        StudyFileError: study.yaml or mapping.yaml must be corrected.
        DataError: The folder holds no file that can be read.
        SystemRefusal: The files cannot be written.
    """
    work = _Work.of(study, data, language, progress)
    given = _given(answers)
    is_terminal = asks and given is None and sys.stdin is not None and sys.stdin.isatty()
    ask = _at_terminal(language, progress) if is_terminal else given or (lambda _number, _question: None)
    draft = work.asked_by(ask)
    files = work.written(draft)
    opened = work.still_open(draft)
    lines = _lines(draft, opened, work, files, language)
    return {
        "files": [str(file) for file in files],
        "data": draft.data,
        "response": draft.response,
        "taken": [_as_dict(taken, language) for taken in draft.taken],
        "questions": [
            {
                "number": n, "id": q.id, "text": q.text[language], "answers": q.answers[language],
                "proposals": list(q.proposals), "answer": work.answers.get(q.id), "shown": shown(q),
            }
            for n, q in work.numbered(draft)
        ],
        "tables": list(draft.tables),
        "unread": {name: {"zh": text.zh, "en": text.en} for name, text in draft.unread.items()},
        "open": [q.id for _, q in opened],
        "refused": {**draft.refused, **work.refused},
        "usable": _is_usable(draft),
        "lines": lines,
        "exit": 0 if _is_usable(draft) and not (draft.refused or work.refused) else 3,
    }  # fmt: skip


def _is_usable(draft: Draft) -> bool:
    """Whether there are patients, or a question where they are."""
    stated = any(draft.data.get(name) is not None for name in (*HOLD_PATIENTS, "sdtm", "genie"))
    return stated or any(question.id == f"table.{PATIENTS.name}" for question in draft.asked)


def _as_dict(taken: Taken, language: Language) -> dict[str, Any]:
    ours = taken.ours or taken.seen[language]
    return {
        "what": taken.what, "table": taken.table, "theirs": taken.theirs, "ours": ours, "n": taken.n,
        "confidence": taken.confidence, "samples": list(taken.samples),
    }  # fmt: skip


@dataclass
class _Work:
    """One run of `map`."""

    study: Path
    folder: Path
    settings: dict[str, Any]
    mapping: dict[str, Any]
    content: FolderContent
    language: Language
    progress: Callable[[str], None]
    answers: dict[str, str]
    has_study: bool
    data: Path | None  # as the command named it
    refused: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, study: Path, data: Path | None, language: Language, progress: Callable[[str], None]) -> _Work:
        # A study of files that are elsewhere may have no folder yet.
        file = study_file(study) if study.exists() or data is None else study / FILE_NAME
        if data is None and not (study.is_dir() or study.is_file()):
            raise UsageError(f"There is no folder {study}.", zh=f"没有文件夹 {study}。")
        settings, mapping = stated_settings(file, language), read_mapping(mapping_file(file), language)
        merged = group(with_mapping(settings, mapping), "data")
        if settings and (merged.get("patients") or merged.get("sdtm")):
            read_study_file(file, KINDS, language)  # every problem of it is said now
        folder = file.parent / str(merged.get("folder", ".")) if data is None else data
        if not folder.is_dir():
            raise UsageError(f"The data folder {folder} does not exist.", zh=f"数据文件夹 {folder} 不存在。")
        progress("read")
        states_tables = any(name in group(settings, "data") for name in (*TABLES, "sdtm", "genie"))
        nothing = FolderContent((), {})
        content = nothing if states_tables else content_of(folder, LimitSettings())
        if not states_tables and not content.sheets and not content.domains:
            raise DataError(_no_files(folder, content).en, zh=_no_files(folder, content).zh)
        answers = {key: str(value) for key, value in group(mapping, "questions").items() if value is not None}
        return cls(
            file, folder, settings, mapping, content, language, progress, answers, file.is_file(), data
        )

    def draft(self) -> Draft:
        self.progress("validate")
        return draft_of(self.content, self.folder, with_mapping(self.settings, self.mapping), self.answers)

    def asked_by(self, ask: Callable[[int, Question], str | None]) -> Draft:
        """The draft once every question was put that came up, those that an answer opened included."""
        draft = self.draft()
        while True:
            fresh = unasked([q for q in self.all_of(draft) if q.id not in self.answers], self.numbers)
            n = len(self.answers)
            for number, question in fresh:
                answer = ask(number, question)
                if answer is None:
                    continue
                if question.takes.edits(answer) is None:
                    self.refused[question.id] = answer
                else:
                    self.answers[question.id] = answer
            if len(self.answers) == n:
                return draft
            draft = self.draft()

    def all_of(self, draft: Draft) -> list[Question]:
        first = [] if self.has_study else [_CUTOFF_QUESTION]
        return [*first, *draft.asked]

    def numbered(self, draft: Draft) -> list[tuple[int, Question]]:
        return [(self.numbers.setdefault(q.id, len(self.numbers) + 1), q) for q in self.all_of(draft)]

    def still_open(self, draft: Draft) -> list[tuple[int, Question]]:
        return [(n, q) for n, q in self.numbered(draft) if q.id not in self.answers or q.id in draft.refused]

    def written(self, draft: Draft) -> list[Path]:
        """mapping.yaml with what is new, and a short study.yaml where there is none."""
        place, study = mapping_file(self.study), study_file(self.study)
        old = read_text(place)
        answers = {key: value for key, value in self.answers.items() if key != _CUTOFF}
        numbered = [(n, q) for n, q in self.numbered(draft) if q.id != _CUTOFF]
        text = mapping_text(old, self.settings, draft, numbered, answers, self.language)
        contents = {} if text == (old or "") else {place: text.encode()}
        if not self.has_study and contents:
            contents[study] = self._study_text().encode()
        try:
            if contents:
                place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(contents)
        except OSError as error:
            why = reason(error)
            raise SystemRefusal(
                f"{place} cannot be written: {why.en}.", zh=f"{place} 无法写入：{why.zh}。"
            ) from None
        return list(contents)

    def _title(self) -> str:
        """The name of the folder of the files; of files within the study, the study's."""
        files, study = self.folder.resolve(), self.study.parent.resolve()
        return study.name if files.parent == study else files.name

    def _study_text(self) -> str:
        """A short study.yaml: title, preset, seed, data cut-off, and the folder of files that are elsewhere."""
        tree: dict[str, Any] = {"study": {"title": self._title(), "preset": "huang2025", "seed": 20250408}}
        answer = self.answers.get(_CUTOFF)
        day = None if answer in {None, NOTHING_MEANT} else answer
        added = f"  data_cutoff: {day}\n" if day else "  # data_cutoff: 2025-04-08\n"
        note = Text(
            f"# 数据的对应关系在 {MAPPING_NAME}。全部设置见 oligoscope new 写出的文件。\n"
            "# preset: huang2025 的各项设置均取自该文；要取现行方法学建议的默认值，请以 oligoscope new 写出的 study.yaml 代替本文件。\n",
            f"# Where the data are: {MAPPING_NAME}. Every setting: oligoscope new writes a file with all of them.\n"
            "# preset: huang2025 has all settings of that paper; for what current guidance asks for, use the study.yaml of oligoscope new in place "
            "of this file.\n",
        )[self.language]
        elsewhere = (
            {} if self.data is None else {"data": {"folder": _seen_from(self.study.parent, self.data)}}
        )
        return note + _as_yaml(tree) + added + (_as_yaml(elsewhere) if elsewhere else "")


def _no_files(folder: Path, content: FolderContent) -> Text:
    bad_zh = "".join(f"\n  {name}：{text.zh}" for name, text in content.unread.items())
    bad_en = "".join(f"\n  {name}: {text.en}" for name, text in content.unread.items())
    return Text(
        f"{folder} 中没有可读的数据文件。{bad_zh}",
        f"{folder} holds no file of data that can be read.{bad_en}",
    )


def _given(answers: Path | None) -> GivenAnswers | None:
    if answers is None:
        return None
    try:
        text = sys.stdin.read() if str(answers) == "-" else answers.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"{answers} cannot be read as text in UTF-8.", zh=f"{answers} 无法按 UTF-8 文字读取。"
        ) from None
    return GivenAnswers.of(text)


def _at_terminal(
    language: Language, progress: Callable[[str], None]
) -> Callable[[int, Question], str | None]:
    """Put each question on the terminal; the end of input leaves the rest open."""
    ended = False

    def ask(number: int, question: Question) -> str | None:
        nonlocal ended
        progress("")
        for _ in range(0 if ended else _TRIES):
            sys.stderr.write("\n".join(question_lines(number, question, language)) + "\n> ")
            sys.stderr.flush()
            written = sys.stdin.readline()
            if not written:
                ended = True
                return None
            answer = taken_for(written.strip(), question)
            if answer is None or question.takes.edits(answer) is not None:
                return answer
            sys.stderr.write(Text("未能理解。", "That is not understood.")[language] + "\n")
        return None

    return ask


def _as_yaml(tree: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _seen_from(folder: Path, other: Path) -> str:
    """A folder as it is reached from another one; on another drive, whole."""
    try:
        return Path(os.path.relpath(other.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return other.resolve().as_posix()


def _lines(
    draft: Draft, opened: list[tuple[int, Question]], work: _Work, files: list[Path], language: Language
) -> list[str]:
    """The draft for people."""
    lines: list[str] = []
    for name in dict.fromkeys(taken.table for taken in draft.taken):
        lines.append(f"{TABLES[name].label[language]} ({name})")
        lines += [f"  {line(taken, language)}" for taken in draft.taken if taken.table == name]
    lines += [one_line(f"{name}: {text[language]}", 800) for name, text in draft.unread.items()]
    if not _is_usable(draft):
        shown = ", ".join(sheet.shown for sheet in work.content.sheets)
        lines.append(
            Text(
                f"没有找到患者表。请在 {MAPPING_NAME} 的 data 中写明。现有的表：{shown}",
                f"No sheet of patients was found; name it under `data` in {MAPPING_NAME}. The sheets are: {shown}",
            )[language]
        )
    for key, value in {**draft.refused, **work.refused}.items():
        lines.append(Text(f"答案未能理解：{key}：{value}", f"Not understood: {key}: {value}")[language])
    for number, question in opened:
        lines += question_lines(number, question, language)
    lines += [Text(f"已写出 {file}", f"Wrote {file}")[language] for file in files]
    if files or _is_usable(draft):
        lines.append(_last(sum(q.id != _CUTOFF for _, q in opened), work, language))
    return lines


def _last(n: int, work: _Work, language: Language) -> str:
    study = work.study.parent if work.study.name == FILE_NAME else work.study
    # A study.yaml that was there does not name the folder.
    place = f"{study} --data {work.data}" if work.data is not None and work.has_study else f"{study}"
    if n:
        return Text(
            f"还有 {n} 个问题未答：写在 {MAPPING_NAME} 的 questions 下，再运行 oligoscope map {place}",
            f"{n} open {'question' if n == 1 else 'questions'}: answer under `questions` in {MAPPING_NAME}, then: oligoscope map {place}",
        )[language]
    return Text(
        f"没有待答的问题。接着：oligoscope check {place}",
        f"No open questions. Next: oligoscope check {place}",
    )[language]
