"""The paper: style and language, which figures and tables it prints, its files, and a zip that repeats the study."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.errors import OligoscopeError, UsageError
from oligoscope.web.answer_store import RUN_FILE, is_ready, make_ready, read_values, report_of
from oligoscope.web.jobs import kept, still_of
from oligoscope.web.output_files import file_of, listed
from oligoscope.web.pages import form_of, jobs_of, language_of, said, step_page, study_of, to_step
from oligoscope.web.studies import Study
from oligoscope.web.study_zip import members_of
from oligoscope.web.zip_stream import zip_of

STYLES: Final[dict[Language, dict[str, Text]]] = {
    "zh": {
        "": Text("通用", "Plain"),
        "zh-cma": Text("中华医学会系列杂志", "Journals of the Chinese Medical Association"),
        "zh-ath": Text("Huang 2025 所用格式", "As Huang 2025 prints"),
    },
    "en": {
        "": Text("通用", "Plain"),
        "en-jama": Text("JAMA", "JAMA"),
        "en-lancet": Text("The Lancet", "The Lancet"),
        "en-nejm": Text("NEJM", "NEJM"),
    },
}
_KIND: Final = "report"
_MOMENT: Final = 30  # seconds between the last file and the answer
_PICTURES: Final = ("svg", "png", "tiff", "pdf", "csv")
_DOCUMENTS: Final = (
    ("report", "docx", Text("论文（Word）", "The paper (Word)")),
    ("answer", "docx", Text("结论速览（Word）", "The answer (Word)")),
    ("supplement", "docx", Text("补充材料（Word）", "The supplement (Word)")),
    ("report", "html", Text("完整报告（网页）", "The whole report (web page)")),
    ("numbers", "html", Text("数字与患者（网页）", "Numbers and patients (web page)")),
    ("published", "docx", Text("与已发表数字对照（Word）", "Published against reproduced (Word)")),
)


def show(request: Request) -> Response:
    """Choices above, files below."""
    study, language = study_of(request), language_of(request)
    if not study.has_run:
        raise HTTPException(404)
    problem = request.query_params.get("problem", "")
    try:
        make_ready(study, jobs_of(request), language)
    except OligoscopeError as error:
        problem = problem or said(error, language)
    report = report_of(study, language)
    files = listed(study)
    record = read_values(study.output / RUN_FILE) or {}
    done, message = _how_it_ended(study)
    return step_page(
        request,
        study,
        "paper",
        "paper.html",
        shown=[] if report is None else list(_shown(report)),
        ready=is_ready(study),
        styles=STYLES,
        chosen=record.get("styles") or {},
        documents=[
            (
                title,
                [(one, f"{name}.{one}.{ending}") for one in LANGUAGES if f"{name}.{one}.{ending}" in files],
            )
            for name, ending, title in _DOCUMENTS
        ],
        workbook="tables.xlsx" in files,
        script="analysis.R" in files,
        pictures=_formats(files),
        problem=problem or message,
        done=done,
    )


def _how_it_ended(study: Study) -> tuple[bool, str]:
    """Whether the documents of this run were written here, and what was said where the last attempt failed."""
    record, path = kept(study, _KIND), study.output / RUN_FILE
    if record is None or not path.is_file() or float(record["ended"]) < path.stat().st_mtime - _MOMENT:
        return False, ""  # none, or of an earlier run
    done = record["exit"] in {0, 4}
    return done, "" if done else str(record["answer"].get("message", ""))


def _shown(report: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Every numbered table and figure of the paper and the supplement, with where it is printed."""
    for section in report["sections"]:
        for block in section["blocks"]:
            if section["depth"] != "answer" and block["kind"] in {"table", "figure"} and block["label"]:
                in_paper = section["depth"] == "paper"
                yield {**block, "in_paper": in_paper, "key": f"{block['kind']}:{block['name']}"}


def _formats(files: frozenset[str]) -> list[tuple[str, int]]:
    """The formats in which pictures are there, with how many files."""
    found = [
        (end, sum(f.startswith("figures/") and f.endswith(f".{end}") for f in files)) for end in _PICTURES
    ]
    return [(end, n) for end, n in found if n]


async def write(request: Request) -> Response:
    """Keep the choices in study.yaml, then write the documents again from the saved results, as `oligoscope report` does."""
    study, language = study_of(request), language_of(request)
    form = await form_of(request)
    jobs, report = jobs_of(request), report_of(study, language)
    try:
        if not study.has_run or report is None:
            raise UsageError("This study has no results yet.", zh="该研究尚无结果。")
        if jobs.running(study) is None:
            _place(study, report, frozenset(form.get("in_paper", [])))
        jobs.start(study, _KIND, _arguments(study, form), language)
    except OligoscopeError as error:
        return to_step(request, study, "paper", problem=said(error, language))
    return to_step(request, study, "paper")


def _arguments(study: Study, form: dict[str, list[str]]) -> list[str]:
    """Of `oligoscope report`."""
    wanted = form.get("lang", ["both"])[0]
    lang = wanted if wanted in LANGUAGES else "both"
    arguments = ["report", str(study.output), "--study", str(study.folder), "--lang", lang, "--json"]
    for one in LANGUAGES:
        style = form.get(f"style_{one}", [""])[0]
        if style and style in STYLES[one] and lang in {one, "both"}:
            arguments += ["--style", style]
    if form.get("print", [""])[0] == "yes":
        arguments += ["--figures", "all"]
    return arguments


def _place(study: Study, report: dict[str, Any], ticked: frozenset[str]) -> None:
    """Write into study.yaml the tables and figures that are to be printed elsewhere than now."""
    from oligoscope.study.edit_study import edit_study  # noqa: PLC0415  needed only where something is changed

    moved = [one for one in _shown(report) if (one["key"] in ticked) != one["in_paper"]]
    changes = {
        ("report", f"{one['kind']}s", one["name"]): "paper" if one["key"] in ticked else "supplement"
        for one in moved
    }
    if changes:
        before = study.fingerprint()
        try:
            edit_study(study.file, changes)
        except OSError:
            raise UsageError("study.yaml cannot be written.", zh="无法写入 study.yaml。") from None
        still_of(study, before)  # no number depends on where tables and figures are printed


def bundle(request: Request) -> Response:
    """The zip that repeats the study, sent while it is made."""
    study = study_of(request)
    language_of(request)
    if not study.has_run:
        raise HTTPException(404)
    asked = request.query_params
    members = members_of(study, with_data=asked.get("data") == "yes", with_key=asked.get("key") == "yes")
    return _as_zip(f"{study.name}.zip", members)


def pictures(request: Request) -> Response:
    """Every picture in one format."""
    study = study_of(request)
    language_of(request)
    ending = request.query_params.get("form", "")
    names = [n for n in sorted(listed(study)) if n.startswith("figures/") and n.endswith(f".{ending}")]
    found = [(name, file_of(study, name)) for name in names]
    if ending not in _PICTURES or not found:
        raise HTTPException(404)
    return _as_zip(f"{study.name} {ending}.zip", ((name, path) for name, path in found if path is not None))


def _as_zip(name: str, members: Iterable[tuple[str, Path | bytes]]) -> Response:
    name = quote(name, safe="")
    # Marked as it is, so that it is not packed a second time on its way.
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "content-encoding": "identity"}
    return StreamingResponse(zip_of(members), media_type="application/zip", headers=headers)


_STUDY = "/{language}/studies/{study}"
ROUTES = [
    Route(f"{_STUDY}/paper", show),
    Route(f"{_STUDY}/paper", write, methods=["POST"]),
    Route(f"{_STUDY}/paper/study.zip", bundle),
    Route(f"{_STUDY}/paper/figures.zip", pictures),
]
