"""Theirs left, ours right: which column is which, and what is lost without one."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.web.drafting import MAP, Keys, begin_map, is_drafted, set_by_hand, was_set
from oligoscope.web.jobs import kept
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.studies import Study

OF_COLUMNS: Final = frozenset({"sheet", "header", "column", "wide", "test"})  # kinds of questions
CONFIDENCE: Final = {
    "certain": Text("确定", "Certain"),
    "likely": Text("很可能，请核对", "Likely, check it"),
    "stated": Text("由您确定", "Set by you"),
    "identifier": Text("直接标识", "Identifies a person"),
}


def show(request: Request) -> Response:
    """Every table with its columns, the questions about them on top."""
    study = study_of(request)
    view = drafted(study)
    questions = [q for q in view["open"] if q["shown"]["kind"] in OF_COLUMNS]
    return step_page(
        request,
        study,
        "columns",
        "columns.html",
        view=view,
        tables=view["tables"],
        questions=questions,
        confidence=CONFIDENCE,
        lacking=_lacking(view["tables"]),
        left=len(view["open"]) - len(questions),
        problem=request.query_params.get("problem", ""),
    )


def drafted(study: Study) -> dict[str, Any]:
    """The last draft: `known`, `fresh`, `failed` (its message), `tables`, `open` (questions without an answer), `refused`."""
    record = kept(study, MAP)
    answer = {} if record is None else record["answer"]
    opened = set(answer.get("open", ()))
    return {
        "known": record is not None,
        "fresh": record is not None and is_drafted(study),
        "failed": str(answer.get("message", "")) if "error" in answer else "",
        "data": answer.get("data", {}),
        "usable": bool(answer.get("usable", False)),
        "tables": answer.get("tables", []),
        "taken": answer.get("taken", []),
        "unread": answer.get("unread", {}),
        "refused": answer.get("refused", {}),
        "open": [q for q in answer.get("questions", ()) if q["id"] in opened and q["shown"]["kind"] != "day"],
    }


def _lacking(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The required columns that no header is."""
    return [
        {"table": table["label"], **column}
        for table in tables
        if not table["standard"]
        for column in table["ours"]
        if column["required"] and column["read_from"] is None
    ]


async def change(request: Request) -> Response:
    """Write the columns that a person chose, and draft again."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    jobs = jobs_of(request)
    try:
        if jobs.running(study) is None:
            view = drafted(study)
            lines = chosen(form, view["tables"], was_set(study).get("data", {}), view["data"])
            if lines:
                set_by_hand(study, lines, {})
        jobs.wait(begin_map(jobs, study, language), 0)
    except OligoscopeError as error:
        return to_step(request, study, "columns", problem=said(error, language))
    return to_step(request, study, "columns")


def chosen(
    form: dict[str, list[str]], tables: list[dict[str, Any]], by_hand: dict[str, Any], data: dict[str, Any]
) -> dict[Keys, Any]:
    """The lines of `data` that follow from the choices that differ from what is read now.

    Args:
        form: `c:TABLE:N` holds the column that the header N of a table is.
        tables: As they are read now.
        by_hand: The lines of `data` that a person set before.
        data: All lines of `data`, which say where a table is.
    """
    lines: dict[Keys, Any] = {}
    for table in tables:
        of_table: dict[Keys, Any] = {}
        name = table["table"]
        known = {column["name"] for column in table["ours"]}
        was = (by_hand.get(name) or {}).get("columns") or {}
        for n, column in enumerate(table["columns"]):
            wanted = form.get(f"c:{name}:{n}", [column["ours"] or ""])[0]
            header, now = column["header"], column["ours"] or ""
            if wanted == now or (wanted and wanted not in known):
                continue
            for ours in [ours for ours, theirs in was.items() if theirs == header]:
                of_table.setdefault((name, "columns", ours), None)
            if wanted:
                of_table[name, "columns", wanted] = header
            elif table["extra"] and now not in was:
                # Kept under a name of its own, so that it is none of ours.
                free = f"{header} (own)" if header.casefold() in known else header
                of_table[name, "columns", free] = header
        lines |= (_place(name, data) | of_table) if of_table else {}
    return lines


def _place(table: str, data: dict[str, Any]) -> dict[Keys, Any]:
    """The lines that say where a table is: a table of which only columns are stated would be nowhere."""
    source = data.get(table)
    if not isinstance(source, dict):
        return {}
    of_redcap = source.get("where") or source.get("dictionary")
    keys = ("files", "sheet", *(("where", "dictionary", "columns") if of_redcap else ()))
    return {(table, key): source[key] for key in keys if source.get(key) is not None}


ROUTES = [
    Route("/{language}/studies/{study}/columns", show),
    Route("/{language}/studies/{study}/columns/change", change, methods=["POST"]),
]
