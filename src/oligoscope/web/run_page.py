"""The run of a study: followed by stage, cancelled, begun again; and how the last one ended, in words."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.jobs import Jobs, is_fresh, kept
from oligoscope.web.locks import locks, record_run, shown_time
from oligoscope.web.pages import jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.phases import PHASES
from oligoscope.web.studies import Study

RUN = "run"
NOT_LOCKED = Text(
    "请先锁定计划，再运行：这样可以证明计划早于结果。",
    "Lock the plan before the run: it shows that the plan came before the results.",
)
_NOT_WRITTEN = Text("无法写入 plan.locked.json：", "plan.locked.json cannot be written: ")


def show(request: Request) -> Response:
    """The stage of the run, or how the last one ended."""
    study, jobs = study_of(request), jobs_of(request)
    record = kept(study, RUN)
    history = locks(study)
    return step_page(
        request,
        study,
        "run",
        "run.html",
        phases=[phase[language_of(request)] for phase in PHASES],
        ended=ended(study, jobs, record),
        record=record,
        is_stale=study.has_run and record is not None and not is_fresh(record, study),
        locks=history,
        shown_time=shown_time,
        problem=request.query_params.get("problem", ""),
    )


def ended(study: Study, jobs: Jobs, record: dict[str, Any] | None) -> str:
    """How the last run ended, as the page says it; blank where there was none, or one is running."""
    if jobs.interrupted(study) == RUN:
        return "interrupted"
    last = jobs.of(study)
    if last is not None and last.kind == RUN and last.status == "cancelled":
        return "cancelled"
    if record is None:
        return "done" if study.has_run else ""
    error = record["answer"].get("error", "")
    if error:
        return (
            "data"
            if record.get("exit") == 3
            else {"Defect": "defect", "Memory": "memory"}.get(error, "failed")
        )
    if not study.has_run:
        return ""
    return "gate" if record.get("exit") == 4 else "done"


def begin(request: Request) -> Response:
    """Run the study, as `oligoscope run` does; only under a locked plan."""
    study, language = study_of(request), language_of(request)
    if locks(study).current is None:
        return to_step(request, study, "plan", problem=NOT_LOCKED[language])
    arguments = ["run", str(study.folder), "--out", str(study.output), "--lang", "both", "--json"]
    try:
        if jobs_of(request).running(study) is None:
            record_run(study)
        jobs_of(request).start(study, RUN, arguments, language)
    except OligoscopeError as error:
        return to_step(request, study, "run", problem=said(error, language))
    except OSError as error:
        return to_step(request, study, "run", problem=f"{_NOT_WRITTEN[language]}{error.strerror}")
    return to_step(request, study, "run")


ROUTES = [
    Route("/{language}/studies/{study}/run", show),
    Route("/{language}/studies/{study}/run", begin, methods=["POST"]),
]
