"""The answer: one screen, the linked pictures behind it, and the report's own tables and figures in the paper's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Language, Text
from oligoscope.errors import OligoscopeError
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.web.answer_store import (
    LINKED,
    NUMBERS,
    folder_of,
    make_ready,
    members,
    read,
    report_of,
    why_not,
)
from oligoscope.web.jobs import is_fresh, kept
from oligoscope.web.pages import jobs_of, language_of, said, step_page, study_of
from oligoscope.web.studies import Study

_SUPPLEMENT: Final = "-supplement"


@dataclass(frozen=True)
class Part:
    """One tab.

    Attributes:
        name: In its address.
        title: On the tab.
        sections: Of the report, by id; what is in the supplement follows what is in the paper.
        pictures: The linked pictures at its head.
    """

    name: str
    title: Text
    sections: tuple[str, ...]
    pictures: tuple[str, ...] = ()


PARTS: Final = (
    Part("who", Text("研究对象", "Who was studied"), ("patients", "baseline"), ("flow", "baseline")),
    Part("where", Text("进展部位", "Where"), ("sites", "organ-sets"), ("bands", "organ", "site_relation")),
    Part("when", Text("进展时间", "When"), ("timing",), ("window", "month")),
    Part("survival", Text("生存", "Survival"), ("primary", "survival", "unbiased", "subgroups", "weighting"), (str(Outcome.PPS), str(Outcome.PFS), str(Outcome.OS))),
    Part("predictors", Text("相关因素", "Predictors"), ("predictors",)),
    Part("matching", Text("匹配", "Matching"), ("matching", "imputation")),
    Part("definitions", Text("定义", "Definitions"), ("definitions",), ("pattern", "resistance")),
    Part("response", Text("疗效", "Response"), ("response", "courses"), ("best_response",)),
    Part("management", Text("处理", "Management"), ("management",)),
)  # fmt: skip
METHODS: Final = Part(
    "methods",
    Text("方法与局限", "Methods"),
    (
        "methods",
        "limitations",
        "withheld",
        "issues",
        "run",
        "strobe",
        "statistics-checklist",
        "target",
        "abbreviations",
        "references",
    ),
)
OTHER: Final = Part("other", Text("其余", "More"), ())  # what a new question adds
_FIRST: Final = "summary"
_NONE: Final = Part("", Text("", ""), ())  # of a page that is no tab


def _base(section: dict[str, Any]) -> str:
    return str(section["id"]).removesuffix(_SUPPLEMENT)


def parts_of(report: dict[str, Any]) -> list[tuple[Part, list[dict[str, Any]]]]:
    """The tabs that have anything to show, each with its sections in order."""
    known = {name for part in (*PARTS, METHODS) for name in part.sections} | {_FIRST, "about"}
    rest = tuple(dict.fromkeys(_base(s) for s in report["sections"] if _base(s) not in known))
    parts = (*PARTS, Part(OTHER.name, OTHER.title, rest), METHODS)
    found = []
    for part in parts:
        sections = [s for name in part.sections for s in report["sections"] if _base(s) == name]
        if sections:
            found.append((part, sections))
    return found


def _not_ready(request: Request, study: Study, language: Language) -> Response | None:
    """The page that says what is awaited or what failed; None where the values are there."""
    try:
        if not study.has_run:
            raise HTTPException(404)
        ready, problem = make_ready(study, jobs_of(request), language), ""
    except OligoscopeError as error:
        ready, problem = False, said(error, language)
    if ready:
        return None
    waits = jobs_of(request).running(study) is not None
    return step_page(
        request,
        study,
        "answer",
        "answer_wait.html",
        waits=waits,
        problem=problem or ("" if waits else why_not(study)),
    )


def show(request: Request) -> Response:
    """The first screen."""
    study, language = study_of(request), language_of(request)
    waiting = _not_ready(request, study, language)
    if waiting is not None:
        return waiting
    report = _report(study, language)
    first = next((s for s in report["sections"] if s["id"] in {_FIRST, "about"}), {"blocks": []})
    blocks = first["blocks"]
    return step_page(
        request,
        study,
        "answer",
        "answer.html",
        report=report,
        parts=[part for part, _ in parts_of(report)],
        part=None,
        sentences=[b for b in blocks if b["kind"] == "paragraph"],
        cautions=[b for b in blocks if b["kind"] == "notice" and b["notice"] != "disclaimer"],
        disclaimers=[b for b in blocks if b["kind"] == "notice" and b["notice"] == "disclaimer"],
        tables=[b for b in blocks if b["kind"] == "table"],
        linked=(folder_of(study) / LINKED).is_file(),
        changed=_changed(study),
    )


def show_part(request: Request) -> Response:
    """One tab: the report's sections, with the linked pictures of its question."""
    study, language = study_of(request), language_of(request)
    waiting = _not_ready(request, study, language)
    if waiting is not None:
        return waiting
    report = _report(study, language)
    parts = parts_of(report)
    found = next(((p, s) for p, s in parts if p.name == request.path_params["part"]), None)
    if found is None:
        raise HTTPException(404)
    part, sections = found
    return step_page(
        request,
        study,
        "answer",
        "answer_part.html",
        report=report,
        parts=[one for one, _ in parts],
        part=part,
        sections=sections,
        linked=(folder_of(study) / LINKED).is_file() and bool(part.pictures),
        changed=_changed(study),
    )


def _changed(study: Study) -> bool:
    """Whether settings or files have changed since the run that the pages show; not known of a run of the command line."""
    record = kept(study, "run")
    return record is not None and not is_fresh(record, study)


def _report(study: Study, language: Language) -> dict[str, Any]:
    found = report_of(study, language)
    if found is None:
        raise HTTPException(404)
    return found


def linked(request: Request) -> Response:
    """The patients in columns and the marks of every picture, for the script of the linked pictures."""
    place = folder_of(study_of(request)) / LINKED
    if not place.is_file():
        raise HTTPException(404)
    return FileResponse(place, media_type="application/json")


def number(request: Request) -> Response:
    """One row of results.csv: value, limits, method, and the patients it is made from."""
    study, language = study_of(request), language_of(request)
    waiting = _not_ready(request, study, language)
    if waiting is not None:
        return waiting
    row, sets = _row_of(study, str(request.path_params["row"]))
    known = read(study, LINKED) or {"ids": []}
    named = [
        (kind, sets[row[kind]], members(sets[row[kind]]["bits"], known["ids"]))
        for kind in ("counted", "of", "at_risk")
        if kind in row and (kind == "counted" or row[kind] != row.get("counted"))
    ]
    report = _report(study, language)
    return step_page(
        request, study, "answer", "answer_number.html", report=report, parts=[p for p, _ in parts_of(report)], part=_NONE,
        row=row, number=int(request.path_params["row"]), named=named, place=0 if language == "zh" else 1,
    )  # fmt: skip


def number_bits(request: Request) -> Response:
    """Who is behind a number, for the linked pictures."""
    row, sets = _row_of(study_of(request), str(request.path_params["row"]))
    place = row.get("counted", row.get("of"))
    found = None if place is None else sets[place]["bits"]
    return JSONResponse({"text": row["words"], "bits": found, "why": row["reasons"][:1]})


def _row_of(study: Study, row: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    numbers = read(study, NUMBERS)
    if numbers is None or not row.isascii() or not row.isdigit() or len(row) > 9:
        raise HTTPException(404)
    place = int(row) - numbers["first"]
    if not 0 <= place < len(numbers["rows"]):
        raise HTTPException(404)
    return numbers["rows"][place], numbers["sets"]


_STUDY = "/{language}/studies/{study}"
ROUTES = [
    Route(f"{_STUDY}/answer", show),
    Route(f"{_STUDY}/answer.json", linked),
    Route(f"{_STUDY}/answer/numbers/{{row}}.json", number_bits),
    Route(f"{_STUDY}/answer/numbers/{{row}}", number),
    Route(f"{_STUDY}/answer/{{part}}", show_part),
]
