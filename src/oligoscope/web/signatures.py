"""Who has looked at which patient and said that it is right: signed_patients.csv beside study.yaml."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from oligoscope.web.corrections import guarded
from oligoscope.web.studies import SIGNED, Study

Verdict = Literal["right", "wrong"]
HEAD: Final = ("study_number", "signed_by", "signed_on", "verdict", "words", "fingerprint")
_CHUNK: Final = 1 << 20
_writing = Lock()
_digests: dict[str, str] = {}  # of contents by the sizes and times of files, which tell that none has changed


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature.

    Attributes:
        study_number: Of the patient, as documents call them.
        signed_by: Name or initials.
        signed_on: ISO date and time.
        verdict: right, or wrong.
        words: Why it is wrong, or a remark.
        fingerprint: Of settings and data when it was signed.
        holds: Settings and data are still the same.
    """

    study_number: str
    signed_by: str
    signed_on: str
    verdict: str
    words: str
    fingerprint: str
    holds: bool


def signatures(study: Study) -> list[Signature]:
    """All signatures of a study, the first first; those from before a change of settings or data no longer hold."""
    try:
        text = (study.folder / SIGNED).read_text(encoding="utf-8-sig")
    except OSError:
        return []
    now = content_fingerprint(study)
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    return [
        Signature(*cells, holds=cells[-1] == now)
        for row in rows
        if len(row) == len(HEAD) and (cells := [_unguarded(cell) for cell in row])
    ]


def latest(study: Study) -> dict[str, Signature]:
    """The last signature of each patient, those that hold before those that do not."""
    ordered = sorted(signatures(study), key=lambda one: (one.holds, one.signed_on))
    return {one.study_number: one for one in ordered}


def sign(study: Study, number: str, by: str, verdict: Verdict, words: str) -> None:
    """Add a signature; none is ever taken out.

    Raises:
        OSError: The file cannot be written.
    """
    path = study.folder / SIGNED
    row = (
        number,
        by,
        datetime.now().isoformat(timespec="seconds"),
        verdict,
        words,
        content_fingerprint(study),
    )
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([guarded(cell) for cell in row])
    with _writing:
        earlier = path.read_bytes() if path.is_file() else (",".join(HEAD) + "\n").encode("utf-8-sig")
        draft = path.with_name(f".{path.name}.part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(earlier + line.getvalue().encode())
        draft.replace(path)


def content_fingerprint(study: Study) -> str:
    """Changes with the content of study.yaml, mapping.yaml or a file of data, and with nothing else."""
    known = study.fingerprint()
    if known not in _digests:
        digest = hashlib.sha256()
        for path in (study.file, study.mapping, *study.data_files()):
            if path.is_file():
                digest.update(f"{path.relative_to(study.folder).as_posix()}\0".encode())
                _add(digest, path)
        _digests.clear()
        _digests[known] = digest.hexdigest()[:16]
    return _digests[known]


def _add(digest: hashlib._Hash, path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    digest.update(b"\0")


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
