"""The web application: the routes of every page, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.web import (
    answer_page,
    columns_page,
    definitions,
    files_page,
    output_files,
    paper_page,
    patient_page,
    patients,
    plan_page,
    problems,
    run_page,
    running,
    start,
    template_page,
    words_page,
)
from oligoscope.web.guard import Guard
from oligoscope.web.jobs import Jobs
from oligoscope.web.pages import STATIC_FOLDER, refusal
from oligoscope.web.session import Session
from oligoscope.web.studies import Home

_ROUTES = [
    *start.ROUTES,
    *running.ROUTES,
    *template_page.ROUTES,
    *files_page.ROUTES,
    *columns_page.ROUTES,
    *words_page.ROUTES,
    *problems.ROUTES,
    *patients.ROUTES,
    *definitions.ROUTES,
    *plan_page.ROUTES,
    *run_page.ROUTES,
    *patient_page.ROUTES,
    *answer_page.ROUTES,
    *paper_page.ROUTES,
    *output_files.ROUTES,
]
_KEPT = "public, max-age=31536000, immutable"  # the address changes with the content

_REASONS = {
    404: Text("没有这个页面，或该研究已被删除。", "There is no such page, or the study was deleted."),
    405: Text("不支持该请求方法。", "This method is not used here."),
    413: Text("文件过大。", "That is too large."),
    415: Text("不支持该格式。", "That form is not understood."),
}
_OTHER = Text("该请求无法处理。", "That request could not be handled.")
_DEFECT = Text(
    "程序内部出错，研究的文件没有改变。请返回上一页重试。",
    "Something in the program went wrong; the files of the study are unchanged. Go back and try again.",
)


def make_app(session: Session, home: Home, jobs: Jobs) -> Starlette:
    """The application of one running server."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        jobs.close()

    app = Starlette(
        routes=[*_ROUTES, Route("/static/{version}/{name}", _static)],
        middleware=[Middleware(Guard, session=session), Middleware(GZipMiddleware, minimum_size=500)],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=lifespan,
    )
    app.state.home, app.state.jobs = home, jobs
    return app


def _static(request: Request) -> Response:
    """A file of our own style and script; the folder is flat, so a name with a separator is none."""
    known = {path.name: path for path in STATIC_FOLDER.iterdir() if path.is_file()}
    path = known.get(str(request.path_params["name"]))
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, headers={"cache-control": _KEPT})


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal(request, _REASONS.get(status, _OTHER), status)


async def _failed(request: Request, _error: Exception) -> Response:
    return refusal(request, _DEFECT, 500)
