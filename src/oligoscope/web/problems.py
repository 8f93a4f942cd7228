"""What is wrong with the data: found by `check`, corrected here or by the coloured copy, and who leaves by which rule."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from ruamel.yaml import YAML, YAMLError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from oligoscope.bilingual import Language, Text
from oligoscope.errors import OligoscopeError
from oligoscope.study.edit_study import edit_study
from oligoscope.web.corrections import corrections_of, in_force
from oligoscope.web.drafting import MAP
from oligoscope.web.findings import GRADES, groups, resolved
from oligoscope.web.jobs import Job, is_fresh, kept
from oligoscope.web.output_files import policy_of
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.studies import Study

STEP: Final = "problems"
CHECK: Final = "check"
CORRECT: Final = "correct"
FEW: Final = 5  # words of a group, and places of a word, on the page of all groups
PAGE: Final = 50  # words on a group's own page
PLACES: Final = 1_000  # of a word there
_WAIT: Final = 60  # seconds for cells to be written
_LARGEST_COPY: Final = 32 << 20  # bytes of a coloured copy that comes back
_EMPTY: Final = frozenset({"-", "–", "—"})  # typed for a cell that becomes empty

_STALE = Text(
    "文件或设置在检查之后已改变。请重新检查。", "Files or settings have changed since the check. Check again."
)
_NOTHING = Text(
    "没有输入新值。请填写问题右侧的“新值”，或选择剔除。",
    "No new value was typed. Type one in the field beside a problem, or leave the rows out.",
)
_FAILED = Text("没有改动任何文件。", "No file was changed.")


def show(request: Request) -> Response:
    """The findings of the last check, or a button that begins one."""
    study, language = study_of(request), language_of(request)
    record = kept(study, CHECK)
    answer: dict[str, Any] = {} if record is None else record["answer"]
    found = groups(answer, language, labels_of(study))
    one = next((g for g in found if g.key == request.query_params.get("group")), None)
    listed = corrections_of(study.folder)
    last = jobs_of(request).of(study)
    held = {c.n for c in in_force(listed)}
    corrected = kept(study, CORRECT) if request.query_params.get("corrected") else None
    return step_page(
        request,
        study,
        STEP,
        "problems.html",
        record=record,
        answer=answer,
        fresh=is_fresh(record, study),
        graded=[(grade, [g for g in found if g.grade == grade and not g.is_reading]) for grade in GRADES],
        reading=[g for g in found if g.is_reading],
        one=one,
        begin=_number(request.query_params.get("from")),
        limits={"few": FEW, "page": PAGE, "places": PLACES},
        resolved=resolved(answer, language),
        accepts=accepts_issues(study),
        copies=copies(answer),
        corrections=[(c, c.n in held) for c in reversed(listed)],
        cancelled=last is not None and last.kind in {CHECK, CORRECT} and last.status == "cancelled",
        patients=kept(study, "patients"),
        patients_fresh=is_fresh(kept(study, "patients"), study),
        said=[t[language] for t in ((corrected or {}).get("answer", {}).get("said") or ())],
        problem=request.query_params.get("problem", ""),
    )


def labels_of(study: Study) -> dict[str, dict[str, Any]]:
    """What our columns are called, by table, as the pages of columns have it."""
    tables = ((kept(study, MAP) or {}).get("answer") or {}).get("tables") or ()
    return {table["table"]: {one["name"]: one["label"] for one in table["ours"]} for table in tables}


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) < 7 else 0


def accepts_issues(study: Study) -> bool:
    """Whether study.yaml goes on without the rows that must be left out."""
    try:
        tree = YAML(typ="safe").load(study.file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return False
    own = tree.get("study") if isinstance(tree, dict) else None
    return isinstance(own, dict) and own.get("accept_issues") is True


def copies(answer: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    """The coloured copies: number among the files of the check, name, and the file that each is a copy of."""
    files = list(answer.get("files") or ())
    found: list[tuple[int, str, str]] = []
    taken: set[str] = set()
    for source in dict.fromkeys(
        (i.get("source") or "").partition(" [")[0] for i in answer.get("issues") or ()
    ):
        stem = PurePosixPath(source).stem
        tries = (f"{stem}{part}.marked.xlsx" for part in ("", *(f"-{n}" for n in range(2, 50))))
        name = next((n for n in tries if n.casefold() not in taken), "")
        if name in files:
            taken.add(name.casefold())
            found.append((files.index(name), name, source))
    return found


def begin_check(request: Request, study: Study, language: Language) -> Job:
    """Read and check the study, as `oligoscope check` does.

    Raises:
        UsageError: Another command is running.
    """
    arguments = [CHECK, str(study.folder), "--out", str(study.checked), "--json", "--lang", language]
    return jobs_of(request).start(study, CHECK, arguments, language)


async def check(request: Request) -> Response:
    """Begin the check."""
    study, language = study_of(request), language_of(request)
    try:
        begin_check(request, study, language)
    except OligoscopeError as error:
        return to_step(request, study, STEP, problem=said(error, language))
    return to_step(request, study, STEP)


async def correct(request: Request) -> Response:
    """Write the new values that were typed, then check again."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    record = kept(study, CHECK)
    if record is None or not is_fresh(record, study) or form.get("check", [""])[0] != str(record["ended"]):
        return to_step(request, study, STEP, problem=_STALE[language])
    wanted = typed(form, record["answer"], language)
    if not wanted:
        return to_step(request, study, STEP, problem=_NOTHING[language])
    return await _change(request, study, language, {"corrections": wanted})


def typed(
    form: Mapping[str, Sequence[str]], answer: Mapping[str, Any], language: Language
) -> list[dict[str, Any]]:
    """The new values, by the findings that they are for: `w-N` for all cells with the word of finding N, `v-N` for one."""
    issues = list(answer.get("issues") or ())
    after: dict[int, str] = {}
    words = {w.places[0].n: w for g in groups(answer, language) for w in g.words}
    allowed = {p.n for w in words.values() for p in w.editable}
    for sign in ("w", "v"):
        for name, values in form.items():
            kind, _, number = name.partition("-")
            value = values[0].strip()
            if kind != sign or not value or not number.isdigit():
                continue
            n = int(number)
            of_word = (
                [p.n for p in words[n].editable] if sign == "w" and n in words and words[n].is_one else []
            )
            for one in of_word if sign == "w" else [n]:
                if one in allowed:
                    after[one] = "" if value in _EMPTY else value
    found = [
        {**{k: issues[n].get(k) for k in ("source", "row", "column", "cell", "value")}, "after": new}
        for n, new in sorted(after.items())
    ]
    return list({(f["source"], f["row"], f["column"], f["cell"]): f for f in found}.values())


async def undo(request: Request) -> Response:
    """Take one correction back, then check again."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    return await _change(request, study, language, {"undo": [_number(form.get("n", [""])[0])]})


async def returned(request: Request) -> Response:
    """Take the corrections out of a coloured copy that comes back; the script of the page sends it as it is."""
    study, language = study_of(request), language_of(request)
    record = kept(study, CHECK)
    known = {source for _, _, source in copies({} if record is None else record["answer"])}
    source = request.query_params.get("source", "")
    if source not in known:
        raise HTTPException(404)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_COPY:
            raise HTTPException(413)
    study.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = study.state / "returned.xlsx"
    place.write_bytes(body)
    answer = await _change(request, study, language, {"returned": str(place), "source": source})
    place.unlink(missing_ok=True)
    return JSONResponse({"to": answer.headers["location"]})


async def _change(request: Request, study: Study, language: Language, asked: dict[str, Any]) -> Response:
    """Let a child write the files, then begin the check."""
    jobs = jobs_of(request)
    try:
        task = ["page:correct", str(study.folder), "{stdin}", "--lang", language]
        job = jobs.start(study, CORRECT, task, language, stdin=json.dumps(asked, ensure_ascii=False))
        await run_in_threadpool(jobs.wait, job, _WAIT)
        if job.status == "failed":
            why = str(job.answer.get("message", ""))
            return to_step(request, study, STEP, problem=f"{_FAILED[language]} {why}")
        if job.status == "done":
            begin_check(request, study, language)
    except OligoscopeError as error:
        return to_step(request, study, STEP, problem=said(error, language))
    return RedirectResponse(f"/{language}/studies/{quote(study.name, safe='')}/{STEP}?corrected=1", 303)


async def leave_out(request: Request) -> Response:
    """Go on without the rows that must be left out, or no longer; study.yaml says so."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    leaves = form.get("accept", [""])[0] == "yes"
    try:
        edit_study(study.file, {("study", "accept_issues"): True if leaves else None})
        begin_check(request, study, language)
    except OligoscopeError as error:
        return to_step(request, study, STEP, problem=said(error, language))
    except (OSError, YAMLError):
        text = Text("study.yaml 无法改写。", "study.yaml cannot be changed.")
        return to_step(request, study, STEP, problem=text[language])
    return to_step(request, study, STEP)


def marked(request: Request) -> Response:
    """A coloured copy, to be saved."""
    study = study_of(request)
    language_of(request)
    record = kept(study, CHECK)
    number = _number(str(request.path_params["number"]))
    names = {n: name for n, name, _ in copies({} if record is None else record["answer"])}
    path = study.checked / names.get(number, "")
    if number not in names or not path.is_file():
        raise HTTPException(404)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(path, media_type=kind, filename=path.name)


_OTHER_PAGE = re.compile(r'<p class="other"><a href="[^"]*"')


def understood(request: Request) -> Response:
    """The page to read and sign that `check` wrote; only its own style, known by its digest, is let in."""
    study, language = study_of(request), language_of(request)
    path = study.checked / f"understood.{language}.html"
    if not path.is_file():
        raise HTTPException(404)
    other = "en" if language == "zh" else "zh"
    there = f"/{other}/studies/{quote(study.name, safe='')}/{STEP}/understood"
    html = _OTHER_PAGE.sub(f'<p class="other"><a href="{there}"', path.read_text(encoding="utf-8"), count=1)
    return HTMLResponse(html, headers={"content-security-policy": policy_of(html, images="data:")})


_PLACE = "/{language}/studies/{study}/problems"
ROUTES = [
    Route(_PLACE, show),
    Route(_PLACE, check, methods=["POST"]),
    Route(f"{_PLACE}/correct", correct, methods=["POST"]),
    Route(f"{_PLACE}/undo", undo, methods=["POST"]),
    Route(f"{_PLACE}/returned", returned, methods=["POST"]),
    Route(f"{_PLACE}/leave-out", leave_out, methods=["POST"]),
    Route(f"{_PLACE}/marked/{{number}}", marked),
    Route(f"{_PLACE}/understood", understood),
]
