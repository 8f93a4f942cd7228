"""The files of a study: dropped, shown as they are read, corrected, deleted."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.drafting import begin_map, forget_file, mark_of_files
from oligoscope.web.file_names import READ
from oligoscope.web.jobs import BUSY, kept
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.studies import Study
from oligoscope.web.uploads import LARGEST, MOST, TOGETHER, take

PREVIEW: Final = "preview"
_SHORT_WAIT = 2.5  # seconds that a page may take before it shows progress instead
_ROWS: Final = re.compile(r"\d{1,7}")
KINDS: Final = {
    "title": Text("标题", "Title"),
    "header": Text("表头", "Header"),
    "units": Text("单位", "Units"),
    "repeated_header": Text("重复表头", "Header again"),
    "note": Text("合计或注释", "Total or note"),
    "example": Text("示例", "Example"),
    "ignored_in_study_file": Text("不读", "Not data"),
    "after_last_row": Text("不读", "Not data"),
}
_NO_ROWS = Text("行号请写数字，如 3 或 3, 4。", "Write row numbers as digits, as 3 or 3, 4.")


def show(request: Request) -> Response:
    """The drop zone, and each file as it is read."""
    study, language = study_of(request), language_of(request)
    jobs = jobs_of(request)
    paths = study.data_files()
    record = kept(study, PREVIEW)
    problem = request.query_params.get("problem", "")
    if paths and not _is_fresh(record, study) and jobs.running(study) is None:
        try:
            job = jobs.start(
                study, PREVIEW, [f"page:{PREVIEW}", str(study.folder), "--lang", language], language
            )
            jobs.wait(job, _SHORT_WAIT)
            record = kept(study, PREVIEW)
        except OligoscopeError as error:
            problem = said(error, language)
    fresh = _is_fresh(record, study) and jobs.running(study) is None
    answer = record["answer"] if record is not None and fresh else {}
    previews = {one["file"]: one for one in answer.get("files", [])}
    return step_page(
        request,
        study,
        "files",
        "files.html",
        files=[_file(path, previews.get(path.name)) for path in paths],
        ready=fresh and "files" in answer,
        failed=str(answer.get("message", "")) if fresh else "",
        tables=answer.get("tables", []),
        kinds=KINDS,
        notice=answer.get("problem", ""),
        problem=problem,
        limits={"file": LARGEST, "together": TOGETHER, "files": MOST},
        accept=",".join(READ),
    )


def _is_fresh(record: dict[str, Any] | None, study: Study) -> bool:
    """Whether the previews are of the files as they are; those that failed are not tried again for the same files."""
    if record is None:
        return False
    mark = record["answer"].get("mark")
    return mark == mark_of_files(study) if mark else record.get("fingerprint") == study.fingerprint()


def _file(path: Any, preview: dict[str, Any] | None) -> dict[str, Any]:
    return {"name": path.name, "size": path.stat().st_size, "preview": preview}


async def correct(request: Request) -> Response:
    """What a person says of a sheet: the row of its header, rows that are no data, the tables that it holds."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    header, ignored = (_numbers(form.get(key, [""])[0]) for key in ("header_row", "ignored_rows"))
    if header is None or ignored is None:
        return to_step(request, study, "files", problem=_NO_ROWS[language])
    said_of_sheet = {
        "file": form.get("file", [""])[0],
        "sheet": form["sheet"][0] if form.get("has_title") else None,
        "tables": form.get("table", []),
        "header_row": header,
        "ignored_rows": ignored,
    }
    arguments = [f"page:{PREVIEW}", str(study.folder), "{stdin}", "--lang", language]
    try:
        jobs_of(request).start(study, PREVIEW, arguments, language, stdin=json.dumps(said_of_sheet))
    except OligoscopeError as error:
        return to_step(request, study, "files", problem=said(error, language))
    return to_step(request, study, "files")


def _numbers(text: str) -> list[int] | None:
    """The rows that are named; None where it is no list of rows."""
    parts = [part for part in re.split(r"[\s,，、;；]+", text.strip()) if part]
    if len(parts) > 200 or not all(_ROWS.fullmatch(part) and int(part) > 0 for part in parts):
        return None
    return [int(part) for part in parts]


async def delete(request: Request) -> Response:
    """Remove a file from the study."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    if jobs_of(request).running(study) is not None:
        return to_step(request, study, "files", problem=BUSY[language])
    name = form.get("name", [""])[0]
    for path in study.data_files():
        if path.name == name and form.get("sure", [""])[0] == "yes":
            path.unlink(missing_ok=True)
            forget_file(study, name)
    return to_step(request, study, "files")


async def go_on(request: Request) -> Response:
    """Draft the mapping of the columns, and show it."""
    study, language = study_of(request), language_of(request)
    jobs = jobs_of(request)
    try:
        job = begin_map(jobs, study, language)
    except OligoscopeError as error:
        return to_step(request, study, "files", problem=said(error, language))
    del job
    return to_step(request, study, "columns")


ROUTES = [
    Route("/{language}/studies/{study}/files", show),
    Route("/{language}/studies/{study}/files", take, methods=["POST"]),
    Route("/{language}/studies/{study}/files/sheet", correct, methods=["POST"]),
    Route("/{language}/studies/{study}/files/delete", delete, methods=["POST"]),
    Route("/{language}/studies/{study}/columns", go_on, methods=["POST"]),
]
