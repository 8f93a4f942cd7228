"""The words that are not certain, asked once each: places, levels, codes, dates, units, and the data cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oligoscope.bilingual import Language, Text
from oligoscope.errors import OligoscopeError
from oligoscope.study.edit_mapping import read_settings
from oligoscope.study.edit_study import edit_study
from oligoscope.web.columns_page import OF_COLUMNS, drafted
from oligoscope.web.drafting import answers_given, asked_before, begin_map, set_by_hand
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.studies import Study

_CUTOFF: Final = "cutoff"
_NO_DAY = Text("截止日请写成 2025-04-08 的形式。", "Write the cut-off as 2025-04-08.")
_EARLIEST, _LATEST = date(1980, 1, 1), date(2100, 1, 1)


def show(request: Request) -> Response:
    """The open questions, what was answered, and what was taken without asking."""
    study = study_of(request)
    view = drafted(study)
    questions = [q for q in view["open"] if q["shown"]["kind"] not in OF_COLUMNS]
    words = [q for q in questions if q["shown"]["kind"] in {"word", "place"}]
    return step_page(
        request,
        study,
        "words",
        "words.html",
        view=view,
        first=[q for q in questions if q not in words],
        groups=_by_column(words),
        of_columns=len(view["open"]) - len(questions),
        cutoff=cutoff_of(study),
        cutoff_asked=is_cutoff_known(study),
        answered=_answered(study),
        taken=_taken(view["tables"]),
        seen=[one for one in view["taken"] if one["what"] in {"dates", "unit", "shape"}],
        problem=request.query_params.get("problem", ""),
    )


def cutoff_of(study: Study) -> str:
    """The data cut-off of study.yaml; blank where there is none."""
    settings = read_settings(study.file).get("study")
    found = settings.get("data_cutoff") if isinstance(settings, dict) else None
    return "" if found is None else str(found)


def is_cutoff_known(study: Study) -> bool:
    """Whether there is a cut-off, or it was said that there is none."""
    return bool(cutoff_of(study)) or bool(study.kept(_CUTOFF).is_file())


def _by_column(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words of each column together; places of the whole study are one group."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for question in questions:
        shown = question["shown"]
        key = ("", "") if shown["kind"] == "place" else (shown["table"], shown["column"])
        group = groups.setdefault(key, {"kind": shown["kind"], "label": shown["label"], "questions": []})
        group["questions"].append(question)
    return list(groups.values())


def _answered(study: Study) -> list[dict[str, Any]]:
    known = asked_before(study)
    return [
        {"id": name, "text": known[name]["text"], "answer": _named(known[name], answer)}
        for name, answer in answers_given(study).items()
        if name in known
    ]


def _named(shown: Mapping[str, Any], answer: str) -> dict[str, str]:
    found = next((choice for choice in shown["choices"] if choice["value"] == answer), None)
    return {"zh": answer, "en": answer} if found is None else found


def _taken(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The words that were understood without a question, by table and column."""
    found: list[dict[str, Any]] = []
    for table in tables:
        ours = {column["name"]: column for column in table["ours"]}
        for column in table["columns"]:
            words = [w for w in column["words"] if w["level"] is not None or w["missing"]]
            if words and column["ours"] in ours:
                of = ours[column["ours"]]
                found.append({
                    "table": table["label"], "header": column["header"], "label": of["label"],
                    "words": [w | {"name": of["levels"].get(w["level"], {"zh": w["level"], "en": w["level"]})} for w in words],
                })  # fmt: skip
    return found


async def answer(request: Request) -> Response:
    """Write the answers where `oligoscope map --answers` writes them, and draft again."""
    study, language = study_of(request), language_of(request)
    step = "columns" if request.query_params.get("to") == "columns" else "words"
    form = await form_of(request)
    jobs = jobs_of(request)
    problem = "" if step == "columns" else _take_cutoff(study, form, language)
    opened = [q for q in drafted(study)["open"] if (q["shown"]["kind"] in OF_COLUMNS) == (step == "columns")]
    given = answers_of(form, opened)
    try:
        if not problem and (given or not drafted(study)["fresh"]):
            jobs.wait(begin_map(jobs, study, language, given), 0)
    except OligoscopeError as error:
        problem = said(error, language)
    return to_step(request, study, step, problem=problem or left_blank(len(opened) - len(given))[language])


def left_blank(n: int) -> Text:
    """How many questions were sent without an answer; blank where none was."""
    if not n:
        return Text("", "")
    rest = "1 question has" if n == 1 else f"{n} questions have"
    return Text(f"还有 {n} 个问题没有回答。", f"{rest} no answer yet.")


def answers_of(form: Mapping[str, list[str]], questions: list[dict[str, Any]]) -> dict[str, str]:
    """The answers of a form to the open questions; a question that was left blank stays open.

    Args:
        form: `a:ID` is what was chosen, `f:ID` what was typed and counts before it, `k:ID:CODE` the meaning of a code.
        questions: Those that are open.
    """
    found: dict[str, str] = {}
    for question in questions:
        name, codes = question["id"], question["shown"]["codes"]
        if codes:
            meant = {code: form.get(f"k:{name}:{code}", [""])[0] for code in codes}
            given = ", ".join(f"{code}={word}" for code, word in meant.items()) if all(meant.values()) else ""
        else:
            given = form.get(f"f:{name}", [""])[0].strip() or form.get(f"a:{name}", [""])[0].strip()
        if given:
            found[name] = given
    return found


def _take_cutoff(study: Study, form: Mapping[str, list[str]], language: Language) -> str:
    """Write the cut-off into study.yaml; what is wrong with it, blank where nothing is."""
    if "cutoff" not in form or not study.file.is_file():
        return ""
    text = form["cutoff"][0].strip()
    if form.get("no_cutoff", [""])[0] == "yes":
        day = None
    elif not text:
        return ""
    else:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return _NO_DAY[language]
        if not _EARLIEST <= day <= _LATEST:
            return _NO_DAY[language]
    if str(day or "") != cutoff_of(study):
        edit_study(study.file, {("study", "data_cutoff"): day})
    study.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    study.kept(_CUTOFF).write_text("{}", encoding="utf-8")
    return ""


async def again(request: Request) -> Response:
    """Ask a question once more whose answer was given."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    jobs = jobs_of(request)
    try:
        name = form.get("id", [""])[0]
        if jobs.running(study) is None and name in answers_given(study):
            set_by_hand(study, {}, {name: None})
        begin_map(jobs, study, language)
    except OligoscopeError as error:
        return to_step(request, study, "words", problem=said(error, language))
    return to_step(request, study, "words")


async def draft_again(request: Request) -> Response:
    """Draft from the files as they are now."""
    study, language = study_of(request), language_of(request)
    step = "columns" if request.query_params.get("to") == "columns" else "words"
    try:
        begin_map(jobs_of(request), study, language)
    except OligoscopeError as error:
        return to_step(request, study, step, problem=said(error, language))
    return to_step(request, study, step)


ROUTES = [
    Route("/{language}/studies/{study}/words", show),
    Route("/{language}/studies/{study}/answers", answer, methods=["POST"]),
    Route("/{language}/studies/{study}/answers/again", again, methods=["POST"]),
    Route("/{language}/studies/{study}/draft", draft_again, methods=["POST"]),
]
