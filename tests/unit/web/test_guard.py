"""What the guard lets through: our own pages in the one browser that has the key, nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from oligoscope.web.guard import POLICY, Guard
from oligoscope.web.session import Session

PORT = 8765
HOST = f"127.0.0.1:{PORT}"


async def _inner(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def asked(
    session: Session, method: str = "GET", path: str = "/en/", query: str = "", **headers: str
) -> tuple[int, dict[str, str]]:
    """The status and the headers of the answer to one request."""
    named = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in named.items()],
    }  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(Guard(_inner, session)(scope, receive, send))
    head = sent[0]
    return head["status"], {k.decode(): v.decode() for k, v in head["headers"]}


@pytest.fixture
def session() -> Session:
    return Session(PORT)


def cookie(session: Session) -> str:
    return f"{session.cookie}={session.key}"


def test_the_browser_with_the_key_is_let_in(session: Session):
    status, headers = asked(session, cookie=cookie(session))

    assert status == 200
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["cache-control"] == "private, no-store"


def test_without_the_key_there_is_nothing(session: Session):
    assert asked(session)[0] == 403
    assert asked(session, cookie=f"{session.cookie}=guess")[0] == 403
    assert asked(session, cookie=f"oligoscope-1={session.key}")[0] == 403
    assert asked(session, cookie="\x00;;;===")[0] == 403


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil:{PORT}", ""]
)
def test_a_forged_host_is_refused(session: Session, host: str):
    """A name of another site that leads to this computer (DNS rebinding)."""
    assert asked(session, host=host, cookie=cookie(session))[0] == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", f"https://{HOST}", "http://127.0.0.1:1"]
)
def test_a_post_of_another_site_is_refused(session: Session, origin: str | None):
    headers = {} if origin is None else {"origin": origin}

    assert asked(session, "POST", cookie=cookie(session), **headers)[0] == 403


def test_a_post_of_our_own_page_is_let_through(session: Session):
    own = {"origin": f"http://{HOST}", "cookie": cookie(session)}

    assert asked(session, "POST", **own)[0] == 200
    assert asked(session, "POST", **own, sec_fetch_site="same-origin")[0] == 200
    assert asked(session, "POST", **own, sec_fetch_site="cross-site")[0] == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_only_reading_and_posting_are_used(session: Session, method: str):
    assert asked(session, method, cookie=cookie(session), origin=f"http://{HOST}")[0] == 405


def test_the_token_opens_once_and_only_itself(session: Session):
    token = session.token
    assert asked(session, path="/", query="token=guess")[0] == 403

    status, headers = asked(session, path="/", query=f"token={token}")

    assert status == 303
    assert headers["location"] == "/"
    assert "HttpOnly" in headers["set-cookie"]
    assert "samesite=strict" in headers["set-cookie"].lower()
    assert asked(session, path="/", query=f"token={token}")[0] == 403


def test_the_key_is_not_shown(session: Session):
    assert session.key not in repr(session)
    assert str(session.token) not in repr(session)


def test_a_second_start_gets_a_new_address_and_no_page_can_ask_for_one(session: Session):
    first = session.token
    assert asked(session, "POST", "/renew")[0] == 403
    assert asked(session, "POST", "/renew", authorization="guess")[0] == 403
    assert asked(session, "POST", "/renew", authorization=session.secret, origin=f"http://{HOST}")[0] == 403
    assert asked(session, "POST", "/renew", authorization=session.secret, host="evil.example")[0] == 421
    assert session.token == first

    assert asked(session, "POST", "/renew", authorization=session.secret)[0] == 200

    assert asked(session, path="/", query=f"token={first}")[0] == 403
    assert asked(session, path="/", query=f"token={session.token}")[0] == 303


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_another_site_leads_here_by_a_link_and_loads_nothing_into_its_own_page(session: Session, site: str):
    """Another port of this computer is the same site, and its requests carry the cookie."""
    key = cookie(session)
    statuses = {
        dest: asked(session, cookie=key, sec_fetch_site=site, sec_fetch_dest=dest)[0]
        for dest in ("document", "image", "script", "iframe", "empty")
    }

    assert statuses == {"document": 200, "image": 403, "script": 403, "iframe": 403, "empty": 403}
    assert asked(session, cookie=key, sec_fetch_site="same-origin", sec_fetch_dest="image")[0] == 200
