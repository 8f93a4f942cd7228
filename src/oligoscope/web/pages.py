"""A page is a template filled with values; both languages of a sentence stand side by side in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import Jobs
from oligoscope.web.steps import STEPS, reachable
from oligoscope.web.studies import Home, Study

_FOLDER: Final = Path(__file__).parent
STATIC_FOLDER: Final = _FOLDER / "static"
_LONGEST_FORM: Final = 1 << 20  # bytes


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["segment"] = lambda name: quote(str(name), safe="")
    return made


@cache
def version_of_static() -> str:
    """A part of the address of style and script: a new one where a file has changed."""
    digest = hashlib.sha256()
    for path in sorted(STATIC_FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def language_of(request: Request) -> Language:
    """The language of the address."""
    found = request.path_params.get("language")
    if found not in LANGUAGES:
        raise HTTPException(404)
    return "zh" if found == "zh" else "en"


def home_of(request: Request) -> Home:
    """The folder of studies."""
    return request.app.state.home


def jobs_of(request: Request) -> Jobs:
    """The commands that run."""
    return request.app.state.jobs


def study_of(request: Request) -> Study:
    """The study of the address.

    Raises:
        HTTPException: There is none.
    """
    study = home_of(request).study(str(request.path_params["study"]))
    if study is None:
        raise HTTPException(404)
    return study


def render(template: str, language: Language, values: Mapping[str, Any]) -> str:
    """A template's text; `say(zh, en)` in it is the sentence of the language."""
    return (
        _environment()
        .get_template(template)
        .render(
            say=lambda zh, en: zh if language == "zh" else en,
            language=language,
            other="en" if language == "zh" else "zh",
            static=f"/static/{version_of_static()}",
            **values,
        )
    )


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of no study."""
    language = language_of(request)
    shared = {"study": None, "steps": (), "here": None, "job": None, "path": _without_language(request)}
    return HTMLResponse(render(template, language, shared | values), status)


def step_page(
    request: Request, study: Study, here: str, template: str, status: int = 200, **values: Any
) -> Response:
    """A page of one step of a study, with the way on top of it.

    Args:
        here: The step's name, one of `STEPS`.
        values: What the template needs beside `study`, `steps`, `here`, `job`.
    """
    language = language_of(request)
    job = jobs_of(request).running(study)
    shared: dict[str, Any] = {
        "study": study,
        "steps": [(step, reachable(step, study)) for step in STEPS],
        "here": here,
        "job": None if job is None else job.shown(),
        "path": _without_language(request),
    }
    return HTMLResponse(render(template, language, shared | values), status)


def _without_language(request: Request) -> str:
    """The address in the other language is this after /zh or /en."""
    path = quote(request.url.path.removeprefix(f"/{request.path_params['language']}"))
    return f"{path}?{request.url.query}" if request.url.query else path


def to_step(request: Request, study: Study, step: str, problem: str = "") -> Response:
    """Answer a POST by the page of a step, with a sentence on top of it where something was refused."""
    asked = f"?problem={quote(problem, safe='')}" if problem else ""
    return RedirectResponse(
        f"/{language_of(request)}/studies/{quote(study.name, safe='')}/{step}{asked}", 303
    )


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form (urlencoded), each with all its values in order.

    Raises:
        HTTPException: It is longer than a megabyte, or no such form.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=20_000
        )
    except (UnicodeDecodeError, ValueError):
        raise HTTPException(400) from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def said(error: OligoscopeError, language: Language) -> str:
    """An error's sentence."""
    return error.in_language(chinese=language == "zh")


def refusal(request: Request, text: Text, status: int) -> Response:
    """A page that says why not, in the language of the address where it has one."""
    found = request.path_params.get("language")
    language: Language = "zh" if found == "zh" else "en"
    values = {"study": None, "steps": (), "here": None, "job": None, "path": "/", "text": text[language]}
    return HTMLResponse(render("refusal.html", language, values), status)
