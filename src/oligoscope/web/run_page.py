"""The run of a study: followed by stage, cancelled, begun again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import kept
from oligoscope.web.pages import jobs_of, language_of, said, step_page, study_of, to_step


def show(request: Request) -> Response:
    """The stage of the run, or how the last one ended."""
    study = study_of(request)
    job = jobs_of(request).of(study)
    last = job if job is not None and job.kind == "run" and job.status != "running" else None
    record = kept(study, "run")
    return step_page(
        request,
        study,
        "run",
        "run.html",
        last=None if last is None else last.status,
        message="" if record is None else str(record["answer"].get("message", "")),
        problem=request.query_params.get("problem", ""),
    )


async def begin(request: Request) -> Response:
    """Run the study, as `oligoscope run` does."""
    study, language = study_of(request), language_of(request)
    arguments = ["run", str(study.folder), "--out", str(study.output), "--lang", "both", "--json"]
    try:
        jobs_of(request).start(study, "run", arguments, language)
    except OligoscopeError as error:
        return to_step(request, study, "run", problem=said(error, language))
    return to_step(request, study, "run")


ROUTES = [
    Route("/{language}/studies/{study}/run", show),
    Route("/{language}/studies/{study}/run", begin, methods=["POST"]),
]
