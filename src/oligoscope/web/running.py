"""The command that runs for a study: followed, and cancelled."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oligoscope.web.pages import jobs_of, language_of, study_of, to_step


def state(request: Request) -> Response:
    """What runs for a study, or the last that did, as JSON."""
    job = jobs_of(request).of(study_of(request))
    return JSONResponse({"status": "none"} if job is None else job.shown())


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
