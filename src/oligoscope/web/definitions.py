"""The definitions of a study as cards: each choice with why it matters, and the patients it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import keep_again, kept
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.running import answer_of_now
from oligoscope.web.studies import Study

COUNTS: Final = "counts"
SAVE: Final = "save_definitions"
SINGLE: Final = (
    "study_preset", "preset", "max_lesions", "max_organs", "controlled", "count_brain", "mediastinal_nodes_are_organ",
    "node_counting", "lesion_reference", "resistance", "reference",
)  # fmt: skip
_WAIT: Final = 4  # seconds; a longer one is followed by its progress
_OTHER: Final = "other"
_NO_NUMBER = Text("请填写病灶数，1~10。", "Write the number of lesions, 1 to 10.")


def show(request: Request) -> Response:
    """The cards, with the counts as far as they are known."""
    study = study_of(request)
    record = answer_of_now(request, study, COUNTS, _WAIT)
    found: dict[str, Any] = {} if record is None else record["answer"]
    saved = kept(study, SAVE)
    is_asked = request.query_params.get("saved") == "yes" and jobs_of(request).running(study) is None
    answer: dict[str, Any] = saved["answer"] if saved is not None and is_asked else {}
    refused: dict[str, list[str]] = {}
    for one in answer.get("refused", ()):
        refused.setdefault(one["card"], []).append(one["text"])
    is_counted = "choices" in found
    job = jobs_of(request).running(study)
    # Choices that were refused, or are still being checked, are shown again as they were made.
    chosen = _given(study) if refused or (job is not None and job.kind == SAVE) else None
    return step_page(
        request,
        study,
        "definitions",
        "definitions.html",
        counts=found if is_counted else None,
        chosen=chosen or found.get("choices"),
        now=patients_of(found) if is_counted else None,
        error="" if is_counted else str(found.get("message", "")),
        must_correct=record is not None and record.get("exit") == 3,
        refused=refused,
        changed=answer.get("changed"),
        problem=request.query_params.get("problem", "") or str(answer.get("message", "")),
    )  # fmt: skip


def numbers(request: Request) -> Response:
    """The counts of every choice, for the page's script."""
    record = kept(study_of(request), COUNTS)
    if record is None or "choices" not in record["answer"]:
        raise HTTPException(404)
    return JSONResponse(record["answer"])


async def save(request: Request) -> Response:
    """Write the choices into study.yaml, by the program's own checks."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    chosen = {name: form.get(name, [""])[0] for name in SINGLE}
    if chosen["max_lesions"] == _OTHER:
        chosen["max_lesions"] = form.get("max_lesions_number", [""])[0].strip() or "?"
    given = json.dumps(chosen | {"covariates": form.get("covariate", [])}, ensure_ascii=False)
    arguments = [f"page:{SAVE}", str(study.folder), "{stdin}", "--lang", language]
    jobs = jobs_of(request)
    try:
        job = jobs.start(study, SAVE, arguments, language, given, lambda _job: _stamp(study))
    except OligoscopeError as error:
        return to_step(request, study, "definitions", problem=said(error, language))
    await run_in_threadpool(jobs.wait, job, _WAIT)
    if job.status == "done" and job.answer.get("changed") == []:
        return to_step(request, study, "plan")
    place = f"/{language}/studies/{quote(study.name, safe='')}/definitions"
    return RedirectResponse(f"{place}?saved=yes#saved", 303)


def _stamp(study: Study) -> None:
    """The counts of every choice hold whichever of them is chosen: only the choices themselves are others now."""
    saved, counts = kept(study, SAVE), kept(study, COUNTS)
    if saved is None or counts is None or not saved["answer"].get("changed"):
        return
    if counts.get("fingerprint") == saved.get("fingerprint") and "choices" in counts["answer"]:
        counts["answer"]["choices"] = saved["answer"]["choices"]
        keep_again(study, COUNTS, counts)


def _given(study: Study) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        found = json.loads((study.state / f"{SAVE}.given").read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return None


def patients_of(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Patients by pattern and by type of resistance under the choices that study.yaml has."""
    chosen = counts["choices"]
    own = next(d["values"] for d in counts["definitions"] if d["name"] == chosen["preset"])
    place, known = 0, True
    for name, values in counts["axes"]:
        word = own.get(name, "") if chosen[name] == "definition" else chosen[name]
        known = known and word in values
        place = place * len(values) + (values.index(word) if word in values else 0)
    preset = chosen["study_preset"]
    found = counts["numbers"][3 * place : 3 * place + 3] if known and counts["is_live"] else None
    types = counts["types_of"].get(preset, {}).get(chosen["resistance"], {})
    return {"patterns": found, "types": types, "n": counts["n"].get(preset)}


ROUTES = [
    Route("/{language}/studies/{study}/definitions", show),
    Route("/{language}/studies/{study}/definitions", save, methods=["POST"]),
    Route("/{language}/studies/{study}/definitions.json", numbers),
]
