"""The studies of this computer: folders as the command line knows them, side by side in one folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from oligoscope.bilingual import Text
from oligoscope.errors import UsageError

STUDY_FILE: Final = "study.yaml"
MAPPING_FILE: Final = "mapping.yaml"
DATA: Final = "data"  # the user's files
OUTPUT: Final = "output"  # of run
KEY_FILE: Final = "study_numbers.csv"  # of study numbers, beside study.yaml
CORRECTIONS: Final = "corrections.csv"  # of cells, beside study.yaml
SIGNED: Final = "signed_patients.csv"  # patients who were looked at, beside study.yaml
CHECKED: Final = "check"  # of check
STATE: Final = ".oligoscope"  # beside the studies: what the pages remember of each
_LONGEST: Final = 80  # characters of a name
# Names of devices that Windows does not give to a folder.
_DEVICES: Final = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_SIGNS: Final = frozenset(" -_.,()（）·、")


@dataclass(frozen=True)
class Study:
    """One study.

    Attributes:
        name: Of its folder.
        folder: Where it is.
        state: What the pages remember of it; not part of the study.
    """

    name: str
    folder: Path
    state: Path

    @property
    def file(self) -> Path:
        return self.folder / STUDY_FILE

    @property
    def mapping(self) -> Path:
        return self.folder / MAPPING_FILE

    @property
    def data(self) -> Path:
        """Where uploaded files go: the folder data, or, where a study has its tables beside study.yaml, the study's own."""
        return self.folder / DATA

    @property
    def output(self) -> Path:
        return self.folder / OUTPUT

    @property
    def checked(self) -> Path:
        return self.folder / CHECKED

    @property
    def has_run(self) -> bool:
        return (self.output / "results.csv").is_file()

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        """Remember a value, whole or not at all."""
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = self.kept(name)
        draft = place.with_suffix(".part")
        draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        draft.replace(place)

    def data_files(self) -> list[Path]:
        """The user's files, in the folder data and beside study.yaml, by name."""
        places = [place for place in (self.data, self.folder) if place.is_dir()]
        found = [path for place in places for path in place.iterdir() if path.is_file()]
        return sorted(path for path in found if not _is_own(path, self.data))

    def fingerprint(self) -> str:
        """Changes whenever study.yaml, mapping.yaml or a file of data does."""
        digest = hashlib.sha256()
        for path in (self.file, self.mapping, *self.data_files()):
            if path.is_file():
                state = path.stat()
                digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    @property
    def changed_at(self) -> datetime:
        """When anything in its own folder was last written."""
        times = [self.folder.stat().st_mtime, *(entry.stat().st_mtime for entry in os.scandir(self.folder))]
        return datetime.fromtimestamp(max(times))

    def kept(self, name: str) -> Path:
        """A file of what the pages remember."""
        return self.state / f"{name}.json"


def _is_own(path: Path, data: Path) -> bool:
    """A file that is no data: hidden, of the settings, or one that is kept beside them."""
    return (
        path.name.startswith((".", "~$"))
        or path.suffix.lower() in {".yaml", ".yml"}
        or (path.suffix.lower() == ".json" and path.parent != data)
        or path.name in {KEY_FILE, CORRECTIONS, SIGNED}
    )


class Home:
    """The folder that holds the studies.

    Raises:
        OSError: It cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / STATE).mkdir(exist_ok=True, mode=0o700)

    def studies(self) -> list[Study]:
        """All of them, the last changed first. A folder is a study if it holds study.yaml, or files uploaded here."""
        found = [
            self._study(entry.name)
            for entry in os.scandir(self.folder)
            if entry.is_dir(follow_symlinks=False) and is_name(entry.name)
        ]
        known = [s for s in found if s.file.is_file() or s.data.is_dir() or s.state.is_dir()]
        return sorted(known, key=lambda study: study.changed_at, reverse=True)

    def study(self, name: str) -> Study | None:
        """The study of a name from an address; None where there is none, or the name is no name of a folder here."""
        if not is_name(name):
            return None
        study = self._study(name)
        inside = study.folder.resolve().parent == self.folder
        return study if inside and study.folder.is_dir() else None

    def create(self, name: str) -> Study:
        """An empty study.

        Raises:
            UsageError: The name cannot be used, or is taken.
        """
        name = unicodedata.normalize("NFC", name).strip()
        if not is_name(name):
            text = _bad_name(name)
            raise UsageError(text.en, zh=text.zh)
        study = self._study(name)
        try:
            study.folder.mkdir(mode=0o700)
        except FileExistsError:
            raise UsageError(
                f"There is a study named {name} already. Choose another name.",
                zh=f"已有名为 {name} 的研究，请另取名称。",
            ) from None
        study.data.mkdir(mode=0o700)
        study.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        return study

    def free_name(self, wanted: str) -> str:
        """The name, or the name with the first number that is free."""
        name, n = wanted, 1
        while (self.folder / name).exists():
            n += 1
            name = f"{wanted} {n}"
        return name

    def delete(self, study: Study) -> None:
        """Remove a study with everything in it, and what the pages remember of it."""
        shutil.rmtree(study.folder)
        shutil.rmtree(study.state, ignore_errors=True)

    def _study(self, name: str) -> Study:
        return Study(name, self.folder / name, self.folder / STATE / name)


def is_name(name: str) -> bool:
    """Whether a folder may have this name: letters and digits of any script, and a few signs; no path, nothing hidden."""
    return (
        0 < len(name) <= _LONGEST
        and len(name.encode()) <= 200
        and name == name.strip(" .")
        and not _DEVICES.match(name)
        and all(
            sign.isalnum() or sign in _SIGNS or unicodedata.category(sign).startswith("M") for sign in name
        )
    )


def _bad_name(name: str) -> Text:
    shown = name[:_LONGEST]
    return Text(
        f"“{shown}”不能用作研究名称。请用文字、数字、空格和连字符，不超过 {_LONGEST} 个字符。",
        f"“{shown}” cannot be the name of a study. Use letters, digits, spaces and hyphens, at most {_LONGEST} characters.",
    )
