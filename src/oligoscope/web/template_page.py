"""The workbook to fill in, made once for each version of the program."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from oligoscope import __version__
from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.pages import home_of, jobs_of, language_of, refusal, said
from oligoscope.web.studies import STATE, Study

_NAME = Text("oligoscope-模板.xlsx", "oligoscope-template.xlsx")
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 30.0  # seconds to make it
_SHARED = ".shared"  # no study can have this name
_NOT_MADE = Text("模板未能写出，请重试。", "The workbook could not be made. Try again.")


def template(request: Request) -> Response:
    """The workbook, in both languages."""
    language = language_of(request)
    folder = home_of(request).folder / STATE / _SHARED
    folder.mkdir(exist_ok=True, mode=0o700)
    name = f"template-{__version__}.xlsx"
    if not (folder / name).is_file():
        jobs, owner = jobs_of(request), Study(_SHARED, folder, folder)
        try:
            job = jobs.running(owner) or jobs.start(
                owner, "template", ["page:template", str(folder), name, "--lang", language], language
            )
        except OligoscopeError as error:
            return refusal(request, Text(said(error, "zh"), said(error, "en")), 503)
        jobs.wait(job, _LONGEST)
    if not (folder / name).is_file():
        return refusal(request, _NOT_MADE, 503)
    return FileResponse(folder / name, filename=_NAME[language], media_type=_KIND)


ROUTES = [Route("/{language}/template.xlsx", template)]
