"""`oligoscope serve`: the server on this computer only, and the browser opened on it."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn

from oligoscope.bilingual import Text
from oligoscope.errors import SystemRefusal
from oligoscope.web.app import make_app
from oligoscope.web.guard import RENEW
from oligoscope.web.jobs import Jobs
from oligoscope.web.session import Session
from oligoscope.web.studies import STATE, Home

LOOPBACK: Final = "127.0.0.1"
USUAL_PORT: Final = 8765
NOTE: Final = "running.json"  # where the server listens, for a second start


def serve(folder: Path, port: int | None, opens: bool, memory: int | None = None) -> None:
    """Serve the studies of a folder until it is stopped.

    Args:
        folder: Holds the studies; made where it is not there.
        port: On 127.0.0.1; None takes the usual one, or any that is free.
        opens: Whether the browser is opened.
        memory: Bytes that one command may use; None does not limit it.

    Raises:
        SystemRefusal: The port is taken, or the folder cannot be made.
    """
    try:
        home = Home(folder)
    except OSError as error:
        raise SystemRefusal(
            f"The folder {folder} cannot be made or read: {error.strerror}. Name another one: oligoscope serve FOLDER.",
            zh=f"无法创建或读取文件夹 {folder}。请另指定：oligoscope serve 文件夹。",
        ) from None
    again = None if port is not None else running_address(home)
    if again is not None:
        _say(again, home)
        if opens:
            _open(again)
        return
    listener = _listener(port)
    session = Session(listener.getsockname()[1])
    app = make_app(session, home, Jobs(memory))
    # No access log: addresses hold names of studies and patients.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=2, h11_max_incomplete_event_size=64 << 10, limit_concurrency=100, ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    address = session.address()
    _say(address, home)
    note = home.folder / STATE / NOTE
    with suppress(OSError):
        note.touch(mode=0o600)
        note.write_text(json.dumps({"port": session.port, "secret": session.secret}), encoding="utf-8")
    if opens:
        threading.Timer(0.2, _open, [address]).start()
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        with suppress(OSError):
            note.unlink()


def running_address(home: Home) -> str | None:
    """A new address of the server that serves these studies already; None where none does."""
    try:
        known = json.loads((home.folder / STATE / NOTE).read_text(encoding="utf-8"))
        asked = http.client.HTTPConnection(LOOPBACK, int(known["port"]), timeout=2)
        asked.request("POST", RENEW, headers={"authorization": str(known["secret"])})
        answer = asked.getresponse()
        return answer.read().decode() if answer.status == 200 else None
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return None


def _say(address: str, home: Home) -> None:
    text = Text(
        f"Oligoscope 已在本机运行，数据不离开本机。请在浏览器中打开（此地址只能用一次）：\n  {address}\n研究所在文件夹：{home.folder}\n停止：按 Ctrl+C。",
        f"Oligoscope runs on this computer only; data never leave it. Open in a browser (this address works once):\n  {address}\nStudies: {home.folder}\nStop: Ctrl+C.",
    )
    sys.stdout.write(f"{text.en}\n\n{text.zh}\n")
    sys.stdout.flush()


def _open(address: str) -> None:
    with suppress(Exception):  # a computer without a browser has the address on the terminal
        webbrowser.open(address)


def _listener(port: int | None) -> socket.socket:
    """A socket that listens on 127.0.0.1."""
    wanted = [port] if port is not None else [USUAL_PORT, 0]
    for number in wanted:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two programs share the port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((LOOPBACK, number))
            made.listen(128)  # where another program bound itself at the same moment, only one of the two can
        except (OSError, OverflowError):
            made.close()
            continue
        return made
    raise SystemRefusal(
        f"Port {port} is used by another program. Choose another one, or leave --port out.",
        zh=f"端口 {port} 已被其他程序占用。请另选，或不写 --port。",
    )
