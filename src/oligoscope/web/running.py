"""The command that runs for a study: followed, and cancelled."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import is_fresh, kept
from oligoscope.web.pages import jobs_of, language_of, study_of, to_step
from oligoscope.web.studies import Study


def state(request: Request) -> Response:
    """What runs for a study, or the last that did, as JSON."""
    job = jobs_of(request).of(study_of(request))
    return JSONResponse({"status": "none"} if job is None else job.shown())


def answer_of_now(request: Request, study: Study, kind: str, wait: float) -> dict[str, Any] | None:
    """The answer of a task of the study as it is; begun where there is none, and waited for so many seconds."""
    record, jobs, language = kept(study, kind), jobs_of(request), language_of(request)
    again = request.query_params.get("again") == "yes" and (record is None or record.get("exit") != 0)
    if is_fresh(record, study) and not again:
        return record
    with suppress(OligoscopeError):  # busy: the page follows what runs, and asks again at its end
        job = jobs.start(study, kind, [f"page:{kind}", str(study.folder), "--lang", language], language)
        jobs.wait(job, wait)
    record = kept(study, kind)
    return record if is_fresh(record, study) else None


async def cancel(request: Request) -> Response:
    """Stop what runs for a study, and show the page that asked for it."""
    study = study_of(request)
    language_of(request)
    jobs_of(request).cancel(study)
    back = request.query_params.get("to", "run")
    return to_step(request, study, back if back.isalpha() else "run")


ROUTES = [
    Route("/{language}/studies/{study}/job", state),
    Route("/{language}/studies/{study}/cancel", cancel, methods=["POST"]),
]
