"""The mapping as the pages change it: drafted again from the files, what a person set, and the answers.

A mapping.yaml that was changed by hand since the pages wrote it is kept as it is; lines are then added to it only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from oligoscope.bilingual import Language
from oligoscope.errors import UsageError
from oligoscope.study.edit_mapping import edit_mapping, read_settings, write_mapping
from oligoscope.study.edit_study import edit_study
from oligoscope.web.jobs import BUSY, Job, Jobs, keep
from oligoscope.web.studies import DATA, STATE, Study
from oligoscope.web.uploads import data_folder

MAP: Final = "map"
_SET: Final = "set"  # what a person set: `data` and `answers`
_MARK: Final = "mapped"  # of the files and the mapping when they were drafted last
_ASKED: Final = "asked"  # the questions that came up
Keys = tuple[str, ...]


def study_at(folder: Any) -> Study:
    """The study of a folder in the home of studies, as a process of its own is given it."""
    return Study(folder.name, folder, folder.parent / STATE / folder.name)


def _load(study: Study, name: str) -> dict[str, Any]:
    try:
        found = json.loads(study.kept(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def was_set(study: Study) -> dict[str, Any]:
    """What a person set on the pages: lines of `data`, answers of tables, the data cut-off."""
    return _load(study, _SET)


def mark_of_files(study: Study) -> str:
    """Changes whenever a file does, or what a person set of a sheet."""
    digest = hashlib.sha256()
    for path in study.data_files():
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    digest.update(json.dumps(was_set(study).get("data", {}), sort_keys=True).encode())
    of_tables = {name: said for name, said in answers_given(study).items() if name.startswith("table.")}
    digest.update(json.dumps(of_tables, sort_keys=True).encode())
    digest.update(json.dumps(_own_data(study), sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _own_data(study: Study) -> dict[str, Any]:
    """What study.yaml itself states of its tables."""
    own = read_settings(study.file).get("data")
    return own if isinstance(own, dict) else {}


def _digest(study: Study) -> str:
    try:
        return hashlib.sha256(study.mapping.read_bytes()).hexdigest()
    except OSError:
        return ""


def is_drafted(study: Study) -> bool:
    """Whether the mapping is of the files as they are now."""
    known = _load(study, _MARK)
    return known.get("files") == mark_of_files(study) and known.get("mapping") == _digest(study)


def is_ours(study: Study) -> bool:
    """Whether mapping.yaml is as the pages left it, or is not there."""
    return not study.mapping.is_file() or _load(study, _MARK).get("mapping") == _digest(study)


def set_by_hand(study: Study, data: Mapping[Keys, Any], answers: Mapping[str, str | None]) -> None:
    """Keep what a person set, and write it where study.yaml or a mapping.yaml of theirs states the same table.

    Args:
        study: The study.
        data: By the keys under `data`; None removes a line.
        answers: By the question's id; None removes one.
    """
    tree = was_set(study)
    lines = tree.setdefault("data", {})
    for keys, value in data.items():
        _put(lines, keys, value)
    said = tree.setdefault("answers", {})
    for name, answer in answers.items():
        said[name] = answer
    study.keep(_SET, tree)
    own = _own_data(study)
    in_study = {keys: value for keys, value in data.items() if own.get(keys[0]) is not None}
    if in_study:
        whole: dict[tuple[str, ...], Any] = {
            ("data", name, "files"): _files(own[name])
            for name in {keys[0] for keys in in_study}
            if not isinstance(own[name], dict)
        }
        edit_study(study.file, whole | {("data", *keys): value for keys, value in in_study.items()})
    if not is_ours(study):
        there = {("data", *keys): value for keys, value in data.items() if keys not in in_study}
        edit_mapping(study.mapping, there | {("questions", name): answer for name, answer in answers.items()})


def _files(source: Any) -> list[str]:
    return [source] if isinstance(source, str) else list(source)


def _put(tree: dict[str, Any], keys: Keys, value: Any) -> None:
    *above, last = keys
    for key in above:
        if not isinstance(tree.get(key), dict):
            if value is None:
                return
            tree[key] = {}
        tree = tree[key]
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = value


def forget_file(study: Study, name: str) -> None:
    """What a person set of the tables of a file is of no use without it."""
    tree = was_set(study)
    lines = tree.get("data", {})
    gone = [
        table
        for table, source in lines.items()
        if isinstance(source, dict) and name in source.get("files", ())
    ]
    if gone:
        study.keep(_SET, tree | {"data": {table: lines[table] for table in lines if table not in gone}})


def answers_given(study: Study) -> dict[str, str]:
    """The answers that mapping.yaml has, and those that a person set since."""
    found = read_settings(study.mapping).get("questions")
    known = {str(k): str(v) for k, v in found.items() if v is not None} if isinstance(found, dict) else {}
    for name, answer in was_set(study).get("answers", {}).items():
        if answer is None:
            known.pop(name, None)
        else:
            known[name] = answer
    return known


def begin_map(jobs: Jobs, study: Study, language: Language, answers: Mapping[str, str] | None = None) -> Job:
    """Draft the mapping from the files as they are now, as `oligoscope map` does.

    Args:
        jobs: Where it runs.
        study: The study.
        language: Of the comments.
        answers: By the question's id.

    Raises:
        UsageError: Another command runs.
    """
    if jobs.running(study) is not None:
        raise UsageError(BUSY.en, zh=BUSY.zh)
    if is_ours(study):
        write_mapping(study.mapping, was_set(study).get("data", {}), answers_given(study))
        tree = was_set(study)
        tree["answers"] = {}  # they are in mapping.yaml now
        study.keep(_SET, tree)
        study.keep(_MARK, {"files": "", "mapping": _digest(study)})
    arguments = ["map", str(study.folder), "--json", "--lang", language]
    if not study.file.is_file():
        arguments += ["--data", str(data_folder(study))]
    elif "folder" not in _own_data(study) and data_folder(study) == study.data and study.data_files():
        edit_study(study.file, {("data", "folder"): DATA})
    given = None if not answers else json.dumps(dict(answers), ensure_ascii=False)
    if given is not None:
        arguments += ["--answers", "{stdin}"]
    return jobs.start(study, MAP, arguments, language, stdin=given, then=lambda job: _remember(study, job))


def _remember(study: Study, job: Job) -> None:
    """The mapping as it was just written is the pages' own; of a command that was stopped nothing is kept."""
    if job.stopping:
        return
    study.keep(_MARK, {"files": mark_of_files(study), "mapping": _digest(study)})
    job.fingerprint = study.fingerprint()
    keep(study, job, "failed" if "error" in job.answer else "done")
    asked = _load(study, _ASKED)
    for question in job.answer.get("questions", []):
        asked[question["id"]] = question["shown"]
    study.keep(_ASKED, asked)


def asked_before(study: Study) -> dict[str, Any]:
    """Every question that came up since the files were dropped, by its id, as a page shows it."""
    return _load(study, _ASKED)
