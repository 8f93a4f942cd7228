"""The plan: what will run and what will be withheld, locked before any outcome is shown."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.web.jobs import is_fresh, kept
from oligoscope.web.locks import lock, locks, shown_time
from oligoscope.web.pages import language_of, step_page, study_of, to_step
from oligoscope.web.running import answer_of_now
from oligoscope.web.studies import Study

PLAN: Final = "plan"
_WAIT: Final = 4  # seconds; a longer one is followed by its progress
_SIGNING: Final = "oligoscope.web.signatures"
_NOT_MADE = Text("计划尚未作出，请稍候再锁定。", "The plan is not made yet. Wait a moment, then lock it.")
_NOT_WRITTEN = Text("无法写入 plan.locked.json：", "plan.locked.json cannot be written: ")


def show(request: Request) -> Response:
    """The plan of the study as it is, and its locks."""
    study = study_of(request)
    record = answer_of_now(request, study, PLAN, _WAIT)
    found: dict[str, Any] = {} if record is None else record["answer"]
    is_made = "analyses" in found
    history = locks(study)
    return step_page(
        request,
        study,
        "plan",
        "plan.html",
        plan=found if is_made else None,
        groups=_by_status(found) if is_made else (),
        error="" if is_made else str(found.get("message", "")),
        must_correct=record is not None and record.get("exit") == 3,
        locks=history,
        shown_time=shown_time,
        signatures=signatures_of(study),
        problem=request.query_params.get("problem", ""),
    )


def lock_plan(request: Request) -> Response:
    """Lock the plan that was shown; the run comes next."""
    study, language = study_of(request), language_of(request)
    record = kept(study, PLAN)
    if record is None or not is_fresh(record, study) or "analyses" not in record["answer"]:
        return to_step(request, study, "plan", problem=_NOT_MADE[language])
    if locks(study).current is None:
        try:
            lock(study, record["answer"] | {"signed": signatures_of(study)})
        except OSError as error:
            return to_step(request, study, "plan", problem=f"{_NOT_WRITTEN[language]}{error.strerror}")
    return to_step(request, study, "run")


def _by_status(plan: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    found = [(s, [a for a in plan["analyses"] if a["status"] == s]) for s in ("runs", "part", "withheld")]
    return [(status, analyses) for status, analyses in found if analyses]


def signatures_of(study: Study) -> list[dict[str, Any]]:
    """Who signed which patient, by study number; none where no page asks for it."""
    if find_spec(_SIGNING) is None:
        return []
    module: Any = import_module(_SIGNING)
    names = ("study_number", "signed_by", "signed_on", "verdict", "holds")
    return [{name: getattr(one, name, "") for name in names} for one in module.signatures(study)]


ROUTES = [
    Route("/{language}/studies/{study}/plan", show),
    Route("/{language}/studies/{study}/plan", lock_plan, methods=["POST"]),
]
