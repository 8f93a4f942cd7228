"""The files of a run: those that its run.json lists, and no other; each with the policy that its content needs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from oligoscope.web.answer_store import RUN_FILE
from oligoscope.web.pages import language_of, study_of
from oligoscope.web.studies import KEY_FILE, Study

_TYPES: Final = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".tiff": "image/tiff",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".R": "text/plain; charset=utf-8",
}
_SHOWN: Final = frozenset({".svg", ".png"})  # in the page; all others are saved
_INLINE: Final = re.compile(r"<(style|script)\b[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)


def listed(study: Study) -> frozenset[str]:
    """The files that the run and its documents wrote; never the key of study numbers."""
    path = study.output / RUN_FILE
    try:
        return _listed(str(path), path.stat().st_mtime_ns)
    except (OSError, ValueError):
        return frozenset()


@lru_cache(maxsize=8)
def _listed(path: str, _changed: int) -> frozenset[str]:
    outputs = json.loads(Path(path).read_text(encoding="utf-8")).get("outputs", {})
    return frozenset(name for name in outputs if isinstance(name, str) and not name.endswith(KEY_FILE))


def file_of(study: Study, name: str) -> Path | None:
    """The file of that name; None where run.json does not list it, or it is not a file inside the output."""
    if name not in listed(study):
        return None
    path = study.output / name
    try:
        inside = path.resolve(strict=True).is_relative_to(study.output.resolve(strict=True))
    except OSError:
        return None
    return path if inside and path.is_file() and not path.is_symlink() else None


def policy_of(page: str, images: str = "'self' data:") -> str:
    """What a page of the report may load: its own style and script, named by their digests, and these images."""
    found: dict[str, list[str]] = {"style": [], "script": []}
    for kind, content in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        found[kind.lower()].append(f"'sha256-{digest}'")
    sources = {kind: " ".join(dict.fromkeys(digests)) or "'none'" for kind, digests in found.items()}
    return (
        f"default-src 'none'; style-src {sources['style']}; script-src {sources['script']}; img-src {images}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def show(request: Request) -> Response:
    """One file of the run."""
    study = study_of(request)
    language_of(request)
    name = str(request.path_params["name"])
    path = file_of(study, name)
    if path is None:
        raise HTTPException(404)
    if path.suffix == ".html":
        page = path.read_text(encoding="utf-8")
        return HTMLResponse(page, headers={"content-security-policy": policy_of(page)})
    kind = "inline" if path.suffix in _SHOWN and "save" not in request.query_params else "attachment"
    media = _TYPES.get(path.suffix, "application/octet-stream")
    return FileResponse(path, media_type=media, filename=path.name, content_disposition_type=kind)


ROUTES = [Route("/{language}/studies/{study}/output/{name:path}", show)]
