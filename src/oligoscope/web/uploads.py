"""Files come in: counted while they stream, looked at, and put among the study's data whole or not at all."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from oligoscope.bilingual import Text
from oligoscope.web.file_content import MB, refused_content
from oligoscope.web.file_names import cleaned, refused_name
from oligoscope.web.jobs import BUSY
from oligoscope.web.pages import jobs_of, language_of, study_of
from oligoscope.web.studies import Study

LARGEST: Final = 100 * MB  # bytes of a file
TOGETHER: Final = 1000 * MB  # bytes of all files of a study
MOST: Final = 200  # files of a study
_SLOWEST: Final = 60.0  # seconds without a byte
_OLD: Final = 24 * 3600  # seconds, of a part that a server left when it was killed

_TOO_LARGE = Text(
    f"文件超过上限 {LARGEST // MB} MB。请删去不用的列或工作表，或另存为 csv。",
    f"The file is larger than the limit of {LARGEST // MB} MB. Delete columns or sheets that are not needed, or save it as csv.",
)
_TOO_MUCH = Text(
    f"一项研究的文件合计不超过 {TOGETHER // MB} MB、{MOST} 个。",
    f"All files of a study may have {TOGETHER // MB} MB together, and may be {MOST} at most.",
)
_THERE = Text(
    "已有同名文件。要用新文件替换吗？", "A file of this name is there already. Replace it with the new one?"
)
_SHORT = Text("文件没有传完，未保留。请重试。", "The file did not arrive whole and was not kept. Try again.")
_DISK = Text(
    "无法写入磁盘（空间不足或没有权限），文件未保留。",
    "The disk cannot be written (no space, or no permission); the file was not kept.",
)


def data_folder(study: Study) -> Path:
    """Where files go: the folder data, or, where a study has its tables beside study.yaml, there."""
    beside = study.file.is_file() and any(path.parent == study.folder for path in study.data_files())
    within = study.data.is_dir() and any(path.parent == study.data for path in study.data_files())
    return study.folder if beside and not within else study.data


def namesake(study: Study, name: str) -> Path | None:
    """The file of the study that has a name, whatever its capitals."""
    return next((path for path in study.data_files() if path.name.casefold() == name.casefold()), None)


async def take(request: Request) -> Response:
    """Take one file as the body of a POST; its name, and whether it may replace another, are in the address."""
    study, language = await run_in_threadpool(study_of, request), language_of(request)
    name = cleaned(request.query_params.get("name", ""))
    refused = await run_in_threadpool(_refused, request, study, name)
    if refused is None:
        refused = await _store(request, study, name)
    if refused is None:
        return JSONResponse({"name": name})
    status, text = refused
    return JSONResponse({"problem": text[language], "exists": status == 409 and text is _THERE}, status)


def _refused(request: Request, study: Study, name: str) -> tuple[int, Text] | None:
    """Why a file is not even begun."""
    if text := refused_name(name):
        return 400, text
    if jobs_of(request).running(study) is not None:
        return 409, BUSY
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > LARGEST:
        return 413, _TOO_LARGE
    there = namesake(study, name)
    if there is not None and request.query_params.get("replace") != "yes":
        return 409, _THERE
    files = study.data_files()
    if len(files) >= MOST and there is None:
        return 413, _TOO_MUCH
    return None


async def _store(request: Request, study: Study, name: str) -> tuple[int, Text] | None:
    part = study.state / f"{secrets.token_hex(8)}.upload"
    try:
        await run_in_threadpool(_begin, study)
        size = await _received(_timely(request), part)
        if size is None:
            return 413, _TOO_LARGE
        expected = request.headers.get("content-length")
        if expected is not None and expected != str(size):
            return 400, _SHORT
        return await run_in_threadpool(_finish, study, part, name)
    except (ClientDisconnect, TimeoutError):
        return 400, _SHORT
    except OSError:
        return 507, _DISK
    finally:
        part.unlink(missing_ok=True)


def _begin(study: Study) -> None:
    """The state's folder, without what a server that was killed left there."""
    study.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in study.state.glob("*.upload"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _OLD:
                old.unlink()


async def _timely(request: Request) -> AsyncIterator[bytes]:
    """The body; TimeoutError where nothing more comes."""
    stream = aiter(request.stream())
    while True:
        try:
            yield await asyncio.wait_for(anext(stream), _SLOWEST)
        except StopAsyncIteration:
            return


async def _received(chunks: AsyncIterator[bytes], part: Path) -> int | None:
    """The bytes written; None where there are more than a file may have."""
    size = 0
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                return None
            if chunk:
                await run_in_threadpool(file.write, chunk)
    return size


def _finish(study: Study, part: Path, name: str) -> tuple[int, Text] | None:
    """Look at a file that is whole, and put it in its place."""
    if text := refused_content(part, name):
        return 415, text
    there = namesake(study, name)
    size = sum(path.stat().st_size for path in study.data_files() if path != there)
    if size + part.stat().st_size > TOGETHER:
        return 413, _TOO_MUCH
    folder = data_folder(study) if there is None else there.parent
    folder.mkdir(exist_ok=True, mode=0o700)
    if there is not None and there.name != name:
        there.unlink()
    part.replace(folder / name)
    return None
