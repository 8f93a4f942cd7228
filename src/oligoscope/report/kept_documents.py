"""Documents that an output folder holds already: taken from it where writing them again would give the same.

run.json names, for each language, the checksum of what its documents were made from: the files of the run that they read, its
settings, the journal's style, the program with its libraries and fonts. The documents of a language are written again where one
of these is another now, or where one of its files is not as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from oligoscope.bilingual import Language
from oligoscope.report.as_written import as_written
from oligoscope.report.drawn_from import surroundings

IN_RUN_FILE = "documents"
_LIBRARIES = ("python-docx", "lxml")


@dataclass(frozen=True)
class Documents:
    """The documents of an output folder.

    Attributes:
        folder: The output folder; None where nothing is there yet.
        earlier: As its run.json describes them (`record`), by language.
        checksums: Of the files in it, as its run.json has them.
        made: Those that were written or taken since, as `earlier`.
    """

    folder: Path | None = None
    earlier: Mapping[str, Any] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, out: Path, run: Mapping[str, Any]) -> Documents:
        """Those of an output folder with this run.json."""
        found = run.get(IN_RUN_FILE)
        return cls(out, found if isinstance(found, dict) else {}, run.get("outputs") or {})

    def taken(self, language: Language, source: str) -> dict[str, bytes] | None:
        """The files of a language by their names, where they were made from the same (`made_from`) and are as they were written."""
        known = self.earlier.get(language)
        if self.folder is None or not isinstance(known, dict) or known.get("from") != source:
            return None
        names = known.get("files")
        if not isinstance(names, list) or not names:
            return None
        files = dict[str, bytes]()
        for name in map(str, names):
            content = as_written(self.folder, name, self.checksums)
            if content is None:
                return None
            files[name] = content
        return files

    def written(self, language: Language, source: str, files: Iterable[str]) -> None:
        """Note which of these files of the folder are of a language, and what they were made from."""
        own = (name for name in files if f".{language}." in name or name.endswith(".csv"))
        self.made[language] = {"from": source, "files": sorted(own)}

    def record(self, languages: Iterable[Language]) -> dict[str, Any]:
        """For run.json: those in these languages as they are now, the others as they were."""
        others = {
            language: known for language, known in self.earlier.items() if language not in set(languages)
        }
        return dict(sorted({**others, **self.made}.items()))


def made_from(run: Path, names: Iterable[str], facts: Mapping[str, Any]) -> str:
    """The checksum of what documents are made from.

    Args:
        run: The output folder.
        names: The files in it that they read, and folders of such; those that are not there count, too.
        facts: All else that decides what they say, as values of JSON.
    """
    digest = sha256(surroundings(_LIBRARIES))
    digest.update(json.dumps(facts, sort_keys=True, default=str).encode())
    for name in sorted(names):
        paths = sorted((run / name).iterdir()) if (run / name).is_dir() else [run / name]
        for path in paths:
            content = path.read_bytes() if path.is_file() else None
            digest.update(repr((path.name, content and sha256(content).hexdigest())).encode())
    return digest.hexdigest()
