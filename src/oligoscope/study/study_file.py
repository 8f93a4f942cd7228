"""study.yaml to settings: the preset fills in, every problem is reported at once with its line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from oligoscope.bilingual import Language, Text
from oligoscope.errors import StudyFileError
from oligoscope.study.analysis_checks import Fault, check_analyses
from oligoscope.study.analysis_options import Kinds
from oligoscope.study.database_url import address_of_file, file_of_address
from oligoscope.study.file_bytes import NoSuchFileError, RefusedFileError, bytes_of, is_file, is_folder
from oligoscope.study.label_checks import check_labels
from oligoscope.study.mapping_checks import check_mapping
from oligoscope.study.protocol import JoinSource, Protocol, TableSource
from oligoscope.study.schemas import TABLES
from oligoscope.study.setting_checks import check_settings
from oligoscope.study.short_forms import group, in_long_form, with_preset
from oligoscope.study.study_problems import condition_problems, problem_at, problem_message, setting_problems
from oligoscope.study.yaml_limits import FILE_BYTES
from oligoscope.study.yaml_lines import Path as KeyPath
from oligoscope.study.yaml_lines import Problem, read_yaml

FILE_NAME = "study.yaml"
MAPPING_NAME = "mapping.yaml"
NUMBERS_NAME = "study_numbers.csv"  # the key of study numbers, no table of the study
# Kept beside study.yaml, and no tables: the key, corrections of cells, and who signed which patient.
KEPT_NAMES = frozenset({NUMBERS_NAME, "corrections.csv", "signed_patients.csv"})


@dataclass(frozen=True)
class StudyFile:
    """Where each setting is written, for what can only be judged once the data are read.

    Attributes:
        name: The file.
        lines: The line of every setting it holds.
        language: The language of an error's message.
    """

    name: str = FILE_NAME
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    language: Language = "en"

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Nothing where there are no faults.

        Raises:
            StudyFileError: All of them, each with its line.
        """
        problems = [problem_at(self.lines, *fault) for fault in faults]
        if problems:
            raise StudyFileError(problem_message(self.name, problems, self.language))


def read_study_file(path: Path, kinds: Kinds, language: Language = "en") -> tuple[Protocol, StudyFile]:
    """Read the settings of a study, and where they are written.

    Args:
        path: A study folder, or its study.yaml.
        kinds: What it can ask for.
        language: The language of an error's message.

    Raises:
        StudyFileError: The file cannot be read, or settings must be corrected; all of them are named.
    """
    file = study_file(path)
    tree = read_yaml(_read_text(file, language), _keeps_text)
    problems = list(tree.problems)
    if not isinstance(tree.value, dict):
        problems = problems or [Problem(None, "", None, _NOT_A_STUDY)]
        raise StudyFileError(problem_message(file.name, problems, language))
    settings = with_mapping(in_long_form(tree.value), read_mapping(mapping_file(path), language))
    problems += condition_problems(settings, tree)
    problems += [
        problem_at(tree.lines, key, None, expected)
        for key, expected in check_mapping(group(settings, "data"))
    ]
    protocol = None
    try:
        protocol = Protocol.model_validate(with_preset(settings), context={"kinds": kinds})
    except ValidationError as error:
        problems += setting_problems(error, tree, kinds)
    else:
        faults = (
            *check_settings(protocol),
            *check_analyses(protocol.analyses, kinds),
            *check_labels(protocol.labels),
        )
        problems += [problem_at(tree.lines, *fault) for fault in faults]
    if problems or protocol is None:
        raise StudyFileError(problem_message(file.name, problems, language))
    return protocol, StudyFile(file.name, tree.lines, language)


def stated_settings(path: Path, language: Language = "en") -> dict[str, Any]:
    """What study.yaml states, in long form and not yet checked; nothing where there is none.

    Raises:
        StudyFileError: It is no YAML of keys and values.
    """
    file = study_file(path)
    if not is_file(file):
        return {}
    tree = read_yaml(_read_text(file, language), _keeps_text)
    if not isinstance(tree.value, dict) or tree.problems:
        problems = tree.problems or [Problem(None, "", None, _NOT_A_STUDY)]
        raise StudyFileError(problem_message(file.name, problems, language))
    return in_long_form(tree.value)


def read_mapping(file: Path, language: Language = "en") -> dict[str, Any]:
    """What mapping.yaml beside study.yaml states: `data` in its long form, `response`, and the answers under `questions`.

    Args:
        file: The file; where there is none, nothing is stated.
        language: The language of an error's message.

    Raises:
        StudyFileError: The file cannot be read, or must be corrected; all of its problems are named.
    """
    if not is_file(file):
        return {}
    tree = read_yaml(_read_text(file, language), _keeps_text)
    problems, value = list(tree.problems), tree.value
    if not isinstance(value, dict):
        if problems or value is not None:
            raise StudyFileError(
                problem_message(file.name, problems or [Problem(None, "", None, _NOT_A_MAPPING)], language)
            )
        return {}
    for key in value:
        if key not in _MAPPING_KEYS:
            problems.append(problem_at(tree.lines, (key,), None, _NOT_A_MAPPING))
    settings = in_long_form({"data": value.get("data") or {}})
    data = group(settings, "data")
    problems += [problem_at(tree.lines, key, None, expected) for key, expected in check_mapping(data)]
    response = group(value, "response")
    problems += [
        problem_at(tree.lines, ("response", key), None, _NOT_OF_A_MAPPING)
        for key in response
        if key not in _OF_RESPONSE
    ]
    tables = {
        name: {"files": [], **source} if name in TABLES and isinstance(source, dict) else source
        for name, source in data.items()
    }
    try:
        tree_of_mapping = {"study": {}, "data": {"patients": {"files": []}, **tables}, "response": response}
        Protocol.model_validate(tree_of_mapping)
    except ValidationError as error:
        problems += setting_problems(error, tree, ("flow",))
    if problems:
        raise StudyFileError(problem_message(file.name, problems, language))
    return {"data": data, "response": response, "questions": group(value, "questions")}


def with_mapping(settings: dict[str, Any], mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with what mapping.yaml states of `data` and `response`, key by key, wherever they state nothing.

    Args:
        settings, mapping: Both in long form.
    """
    stated = {name: below for name in ("data", "response") if (below := mapping.get(name))}
    return {**settings, **{name: _under(below, group(settings, name)) for name, below in stated.items()}}


def _under(below: Any, above: Any) -> Any:
    """Two trees as one; of two values the one above counts."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: _under(below[key], one) if key in below else one for key, one in above.items()}}


def seen_from_output(out: Path, path: Path) -> str:
    """A path relative to the output; where nothing but the root holds both, its last name alone.

    A path from the root names people and departments, and the output may be passed on.
    """
    try:
        seen = Path(os.path.relpath(path.resolve(), out.resolve()))
    except ValueError:  # another drive
        return path.resolve().name
    is_from_root = seen.parts.count("..") >= len(out.resolve().parts) - 1
    return path.resolve().name if is_from_root else seen.as_posix()


def with_relative_paths(protocol: Protocol, here: Path, inside: Path) -> Protocol:
    """The same with every path seen from its folder: settings are in run.json and in the report, which are passed on.

    Args:
        protocol: The settings as they were read.
        here: The folder of study.yaml.
        inside: The folder of the tables that is used, be it another one than study.yaml names.
    """
    data = protocol.data
    tables = {name: _seen(source, inside) for name in TABLES if (source := getattr(data, name)) is not None}
    sdtm = data.sdtm
    if sdtm is not None:
        of_sdtm = inside / sdtm.folder
        files = {domain: _seen_from(of_sdtm, name) for domain, name in sdtm.files.items()}
        changed = {
            "folder": _seen_from(inside, sdtm.folder),
            "files": files,
            "join": _joins(sdtm.join, of_sdtm),
        }
        sdtm = sdtm.model_copy(update=changed)
    changed = {"folder": _seen_from(here, data.folder), "sdtm": sdtm, **tables}
    if data.genie is not None:
        changed["genie"] = _seen_from(inside, data.genie)
    if data.database is not None:
        changed["database"] = _address_seen_from(inside, data.database)
    return protocol.model_copy(update={"data": data.model_copy(update=changed)})


def _seen(source: TableSource, folder: Path) -> TableSource:
    files = tuple(_seen_from(folder, name) for name in source.files)
    changed: dict[str, object] = {"files": files, "join": _joins(source.join, folder)}
    if source.database is not None:
        changed["database"] = _address_seen_from(folder, source.database)
    if source.dictionary is not None:
        changed["dictionary"] = _seen_from(folder, source.dictionary)
    return source.model_copy(update=changed)


def _address_seen_from(folder: Path, address: str) -> str:
    file = file_of_address(address)
    return address if file is None else address_of_file(_seen_from(folder, file))


def _joins(joins: tuple[JoinSource, ...], folder: Path) -> tuple[JoinSource, ...]:
    return tuple(join.model_copy(update={"file": _seen_from(folder, join.file)}) for join in joins)


def _seen_from(folder: Path, path: str) -> str:
    """A path from the root as it is reached from a folder; of another drive it stays as it is."""
    if not Path(path).is_absolute():
        return path
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path


def study_file(path: Path) -> Path:
    """The study.yaml meant by a folder or a file."""
    return path / FILE_NAME if is_folder(path) else path


def mapping_file(path: Path) -> Path:
    """The mapping.yaml that belongs to a study: beside its study.yaml."""
    return study_file(path).parent / MAPPING_NAME


def data_folder(path: Path, protocol: Protocol) -> Path:
    """The folder of the study's tables: `data.folder`, seen from study.yaml."""
    return study_file(path).parent / protocol.data.folder


def _read_text(file: Path, language: Language) -> str:
    try:
        raw = bytes_of(file, FILE_BYTES)
    except NoSuchFileError:
        raise StudyFileError(_no_file(file)[language]) from None
    except RefusedFileError as error:
        text = Text(f"{file} 无法读取：{error.text.zh}", f"{file} cannot be read: {error.text.en}.")
        raise StudyFileError(text[language]) from None
    if not raw.strip():
        text = Text(
            f"{file} 是空文件。oligoscope new 可写出一份带说明的设置文件。",
            f"{file} is empty. `oligoscope new DIR` writes one with every setting explained.",
        )
        raise StudyFileError(text[language])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text = Text(
            f"{file} 第 {line} 行不是 UTF-8 编码。请在编辑器中另存为 UTF-8。",
            f"{file} is not UTF-8 at line {line}. Save it again as UTF-8.",
        )
        raise StudyFileError(text[language]) from None


def _no_file(file: Path) -> Text:
    return Text(
        f"找不到 {file}。研究是一个含 {FILE_NAME} 的文件夹；oligoscope new 可新建一个。",
        f"{file} does not exist. A study is a folder with {FILE_NAME} in it; `oligoscope new DIR` makes one.",
    )


_MAPPING_KEYS = ("data", "response", "questions")
_NOT_A_MAPPING = Text(
    "只能有 data、response、questions 三组。", "holds `data`, `response` and `questions` only"
)
_OF_RESPONSE = ("reader", "source")  # what the files themselves decide or ask; rules are study.yaml's
_NOT_OF_A_MAPPING = Text(
    "response 下只能有 reader 和 source；其他设置请写在 study.yaml。",
    "`response` holds `reader` and `source` only; other settings belong into study.yaml",
)
_NOT_A_STUDY = Text(
    "文件应为 键: 值 的形式，如 study: {…}。", "the file must be keys and values, as study: {…}"
)


def _keeps_text(path: KeyPath) -> bool:
    """The user's words (`007`, `no`, `1-49%`) and sentences are text, whatever YAML makes of them."""
    if path[:1] == ("data",):
        return "constants" not in path
    if path[:1] == ("questions",):
        return True
    if path[:1] == ("analyses",) and ("where" in path or path[-1] == "reference"):
        return True  # levels are words: `ecog: 1`, `brain_metastasis: yes`
    if path[:1] == ("labels",):
        return True
    return bool(path) and path[-1] in {"keep", "zh", "en", "reader", "title", "id", "excluded"}
