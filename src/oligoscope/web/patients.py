"""Three patients to look at and to sign: what the files say of them, and what was made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import is_fresh, kept
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.signatures import Verdict, latest, sign, signatures
from oligoscope.web.studies import Study

STEP: Final = "patients"
_WAIT: Final = 20  # seconds
_MOST_DRAWS: Final = 10_000
_LONGEST_NAME, _LONGEST_WORDS = 60, 2_000

_AGAIN = Text(
    "文件或设置已改变，请重新抽取患者后再签名。",
    "Files or settings have changed. Draw the patients again, then sign.",
)
_WHO = Text("请填写签名人的姓名或缩写。", "Write your name or initials to sign.")
_WHY = Text("请写明哪里不对。", "Say what is wrong.")
_VERDICT = Text("请选择“正确”或“不正确”。", "Choose whether this is right or wrong.")
_CANNOT = Text("签名无法写入研究文件夹。", "The signature cannot be written into the folder of the study.")


def show(request: Request) -> Response:
    """The three patients, each with the form to sign."""
    study = study_of(request)
    record = kept(study, STEP)
    answer: dict[str, Any] = {} if record is None else record["answer"]
    made = signatures(study)
    return step_page(
        request,
        study,
        STEP,
        "patients.html",
        record=record,
        answer=answer,
        fresh=is_fresh(record, study),
        patients=answer.get("patients") or (),
        signed=latest(study),
        signatures=list(reversed(made)),
        by=made[-1].signed_by if made else "",
        problem=request.query_params.get("problem", ""),
        problem_of=request.query_params.get("of", ""),
    )


async def draw(request: Request) -> Response:
    """Draw three patients, or another three."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    wanted = form.get("draw", ["1"])[0]
    number = min(int(wanted), _MOST_DRAWS) if wanted.isdigit() and len(wanted) < 7 and int(wanted) else 1
    jobs = jobs_of(request)
    try:
        task = ["page:patients", str(study.folder), str(number), str(_pictures(study)), "--lang", language]
        job = jobs.start(study, STEP, task, language)
    except OligoscopeError as error:
        return to_step(request, study, STEP, problem=said(error, language))
    await run_in_threadpool(jobs.wait, job, _WAIT)
    return to_step(request, study, STEP)


async def take_signature(request: Request) -> Response:
    """Keep what was said of one patient."""
    study, language = study_of(request), language_of(request)
    form = {name: values[0].strip() for name, values in (await form_of(request)).items()}
    record = kept(study, STEP)
    patients = [] if record is None else record["answer"].get("patients") or []
    places = {patient["number"]: n for n, patient in enumerate(patients, 1)}
    number, verdict = form.get("number", ""), form.get("verdict", "")
    by, words = form.get("by", "")[:_LONGEST_NAME], form.get("words", "")[:_LONGEST_WORDS]
    if number not in places or not is_fresh(record, study):
        return to_step(request, study, STEP, problem=_AGAIN[language])
    wrong = _VERDICT if verdict not in {"right", "wrong"} else None
    wrong = wrong or (_WHO if not by else _WHY if verdict == "wrong" and not words else None)
    there = f"/{language}/studies/{quote(study.name, safe='')}/{STEP}"
    n = places[number]
    if wrong is None:
        said_so: Verdict = "right" if verdict == "right" else "wrong"
        try:
            await run_in_threadpool(sign, study, number, by, said_so, words)
        except OSError:
            wrong = _CANNOT
    if wrong is not None:
        return RedirectResponse(f"{there}?problem={quote(wrong[language])}&of={n}#sign-{n}", 303)
    return RedirectResponse(f"{there}#sign-{n}", 303)


def picture(request: Request) -> Response:
    """The course of one of the three patients, as the page's own language draws it."""
    study, language = study_of(request), language_of(request)
    number = str(request.path_params["number"])
    path = _pictures(study) / f"timeline-{number}.{language}.svg"
    if number not in {"1", "2", "3"} or not path.is_file():
        raise HTTPException(404)
    # The elements of the drawing have styles of their own; nothing else of it is let in.
    return Response(path.read_bytes(), media_type="image/svg+xml")


def _pictures(study: Study) -> Path:
    return study.state / "patients"


ROUTES = [
    Route("/{language}/studies/{study}/patients", show),
    Route("/{language}/studies/{study}/patients", draw, methods=["POST"]),
    Route("/{language}/studies/{study}/patients/sign", take_signature, methods=["POST"]),
    Route("/{language}/studies/{study}/patients/timeline/{number}", picture),
]
