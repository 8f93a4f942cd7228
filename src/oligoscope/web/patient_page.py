"""A patient's page: lesions over time, responses, why each label is what it is, and what other definitions say."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from oligoscope.errors import OligoscopeError
from oligoscope.web.answer_store import LINKED, fingerprint, read, read_values
from oligoscope.web.jobs import kept
from oligoscope.web.pages import jobs_of, language_of, said, step_page, study_of
from oligoscope.web.studies import Study

_WAIT = 30  # seconds
_KIND = "patient"
_MOST_KEPT = 200  # pages of patients


def _place(study: Study, patient: str) -> Path:
    """The folder of a patient's values: of this run, of these files."""
    made_from = f"{fingerprint(study)}\0{study.fingerprint()}\0{patient}"
    return study.state / "patients" / hashlib.sha256(made_from.encode()).hexdigest()[:24]


def _forget_old(folder: Path) -> None:
    """Pages of earlier runs go once there are many."""
    if (
        folder.is_dir()
        and len(found := sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)) > _MOST_KEPT
    ):
        for one in found[: _MOST_KEPT // 2]:
            shutil.rmtree(one, ignore_errors=True)


def _known(request: Request, study: Study) -> str:
    """The patient of the address.

    Raises:
        HTTPException: The run has none of that number.
    """
    patient = str(request.path_params["patient"])
    if patient not in (read(study, LINKED) or {"ids": ()})["ids"]:
        raise HTTPException(404)
    return patient


def show(request: Request) -> Response:
    """The page; what it shows is derived anew from the files of the study, which takes a few seconds once."""
    study, language = study_of(request), language_of(request)
    patient = _known(request, study)
    place, problem = _place(study, patient), ""
    if not place.is_dir():
        try:
            job = jobs_of(request).running(study)
            if job is None:
                _forget_old(place.parent)
                arguments = ["page:patient", str(study.folder), str(place), patient, "--lang", language]
                job = jobs_of(request).start(study, _KIND, arguments, language)
            if job.kind == _KIND:
                jobs_of(request).wait(job, _WAIT)
            record = kept(study, _KIND)
            problem = "" if record is None or place.is_dir() else str(record["answer"].get("message", ""))
        except OligoscopeError as error:
            problem = said(error, language)
    values = read_values(place / f"page.{language}.json")
    waits = jobs_of(request).running(study) is not None and values is None
    return step_page(
        request,
        study,
        "answer",
        "answer_patient.html",
        patient=patient,
        values=values,
        waits=waits,
        problem=problem,
    )


def picture(request: Request) -> Response:
    """A picture of the page."""
    study = study_of(request)
    language_of(request)
    place = _place(study, _known(request, study))
    known = {path.name: path for path in place.glob("*.svg")}
    path = known.get(str(request.path_params["name"]))
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="image/svg+xml")


# A team's own number may have a slash in it, such as 2020/113; it ends the address.
_ANSWER = "/{language}/studies/{study}/answer"
ROUTES = [
    Route(f"{_ANSWER}/patients/{{patient:path}}", show),
    Route(f"{_ANSWER}/pictures/{{patient:path}}/{{name}}", picture),
]
