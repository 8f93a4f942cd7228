"""The first page: try the sample, get the template, open my files, go on with a study."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import Job, keep
from oligoscope.web.pages import form_of, home_of, jobs_of, language_of, page, said, study_of, to_step
from oligoscope.web.studies import Study

SAMPLE_NAME = Text("示例研究", "Sample study")
NEW_NAME = Text("新研究", "New study")


async def root(request: Request) -> Response:
    """The first page in the language that the browser asks for."""
    wanted = request.headers.get("accept-language", "")
    return RedirectResponse("/zh/" if wanted.lower().startswith("zh") else "/en/", 303)


def start(request: Request) -> Response:
    """The first page."""
    language = language_of(request)
    studies = home_of(request).studies()
    return page(
        request,
        "start.html",
        studies=[(s, jobs_of(request).running(s)) for s in studies],
        proposed=home_of(request).free_name(NEW_NAME[language]),
        folder=str(home_of(request).folder),
        problem=request.query_params.get("problem", ""),
    )


async def create(request: Request) -> Response:
    """A new study for the user's own files."""
    language = language_of(request)
    form = await form_of(request)
    try:
        study = home_of(request).create(form.get("name", [""])[0])
    except OligoscopeError as error:
        return RedirectResponse(f"/{language}/?problem={quote(said(error, language))}", 303)
    return to_step(request, study, "files")


async def sample(request: Request) -> Response:
    """The synthetic cohort as a study of its own, run at once."""
    language = language_of(request)
    home = home_of(request)
    try:
        study = home.create(home.free_name(SAMPLE_NAME[language]))
        task = ["page:sample", str(study.folder), "--lang", language]
        jobs_of(request).start(study, "run", task, language, then=lambda job: _of_new_files(study, job))
    except OligoscopeError as error:
        return RedirectResponse(f"/{language}/?problem={quote(said(error, language))}", 303)
    return to_step(request, study, "run")


def _of_new_files(study: Study, job: Job) -> None:
    """The sample's task writes the files first, then runs them: the results are of the study as it is now."""
    if not job.stopping:
        job.fingerprint = study.fingerprint()
        keep(study, job, "failed" if "error" in job.answer else "done")


async def delete(request: Request) -> Response:
    """Remove a study, once its name was written beside the button."""
    language = language_of(request)
    study = study_of(request)
    form = await form_of(request)
    if form.get("sure", [""])[0] != "yes":
        text = Text("请先勾选确认框，再删除。", "Tick the box that says you are sure, then delete.")[language]
        return RedirectResponse(f"/{language}/?problem={quote(text)}", 303)
    jobs_of(request).forget(study)
    home_of(request).delete(study)
    return RedirectResponse(f"/{language}/", 303)


ROUTES = [
    Route("/", root),
    Route("/{language}/", start),
    Route("/{language}/studies", create, methods=["POST"]),
    Route("/{language}/sample", sample, methods=["POST"]),
    Route("/{language}/studies/{study}/delete", delete, methods=["POST"]),
]
