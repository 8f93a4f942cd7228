"""Requests that must be refused: of other sites, with guessed keys, with paths; and reading changes nothing."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from browser import hostile
from browser.keyboard import WAIT
from browser.serving import Serving
from oligoscope.web.app import make_app
from oligoscope.web.jobs import Jobs
from oligoscope.web.session import Session
from oligoscope.web.studies import Home

NAME = "Hostile"
BASE = f"/en/studies/{NAME}"


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """A hostile study that has run."""
    return hostile.run_hostile(server.home / NAME)


@pytest.fixture(scope="module")
def key(signed_in: Any) -> str:
    """The cookie of the browser that has the key, as a header."""
    return "; ".join(f"{one['name']}={one['value']}" for one in signed_in.cookies())


def ask(
    server: Serving, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> http.client.HTTPResponse:
    """A request as it is written, which a browser would tidy up first."""
    line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    line.putrequest(method, path, skip_host="host" in headers)
    for name, value in headers.items():
        if value:
            line.putheader(name.replace("_", "-"), value)
    if body is not None:
        line.putheader("content-length", str(len(body)))
    line.endheaders(body)
    answer = line.getresponse()
    answer.read()
    line.close()
    there = answer.headers.get("location", "")
    if answer.status == 307 and there.rstrip("/") == f"{server.url}{path}".rstrip("/"):
        # The same address with a slash at its end, or without.
        return ask(server, there.removeprefix(server.url), method, body, **headers)
    return answer


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder: when it was written and what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def idle(page: Any, server: Serving, name: str = NAME) -> None:
    """Wait until nothing runs for a study."""
    until = time.monotonic() + WAIT / 1000
    while page.request.get(f"{server.url}/en/studies/{name}/job").json()["status"] == "running":
        assert time.monotonic() < until
        time.sleep(0.1)


# Who may talk to the server.


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""])  # fmt: skip
def test_a_forged_host_is_refused(server: Serving, key: str, host: str):
    """As after a name of another site was made to lead to this computer."""
    answer = ask(server, "/en/", host=host.format(port=server.url.rsplit(":", 1)[1]), cookie=key)

    assert answer.status in {400, 421}


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}", ""]
)
def test_a_foreign_origin_changes_nothing(server: Serving, key: str, origin: str):
    form = {"content_type": "application/x-www-form-urlencoded", "cookie": key}
    origin = origin.format(host=server.url.removeprefix("http://"))
    answer = ask(server, "/en/studies", "POST", b"name=Foreign", origin=origin, **form)

    assert answer.status == 403
    assert not (server.home / "Foreign").exists()


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_changes_nothing_and_reads_nothing(
    signed_in: Any, server: Serving, study: Path, address: str
):
    """Another port of the same computer is the same site to a browser, and gets the cookie; another name is not."""
    attack = f"""<!doctype html><title>another site</title>
    <form id="f" method="post" action="{server.url}/en/studies" target="frame"><input name="name" value="Crossed"></form>
    <iframe name="frame"></iframe><iframe id="seen" src="{server.url}/en/"></iframe>
    <script src="{server.url}{BASE}/answer.json"></script><img src="{server.url}{BASE}/definitions?again=yes">
    <script>
    window.read = [];
    const tries = ["/en/", "{BASE}/answer.json", "{BASE}/output/results.csv"];
    const send = {{ method: "POST", credentials: "include", body: new URLSearchParams({{ name: "Crossed" }}) }};
    Promise.allSettled([
      ...tries.map((path) => fetch("{server.url}" + path, {{ credentials: "include" }}).then((a) => a.text()).then((t) => window.read.push(t))),
      fetch("{server.url}/en/studies", send), fetch("{server.url}/en/studies", {{ ...send, mode: "no-cors" }}),
      fetch("{server.url}{BASE}/delete", {{ ...send, mode: "no-cors", body: new URLSearchParams({{ sure: "yes" }}) }}),
      fetch("{server.url}{BASE}/files?name=a.csv", {{ ...send, mode: "no-cors", body: "a,b" }}),
    ]).then(() => {{
      navigator.sendBeacon("{server.url}/en/studies", new URLSearchParams({{ name: "Crossed" }}));
      document.getElementById("f").submit();
      setTimeout(() => {{ window.done = true; }}, 500);
    }});
    </script>"""
    before = state_of(study)
    with hostile.another_site(attack) as site:
        page = signed_in.new_page()
        page.goto(site.replace("127.0.0.1", address))
        page.wait_for_function("window.done")
        read = page.evaluate("window.read")
        framed = page.evaluate("document.getElementById('seen').contentDocument === null")
        page.evaluate(f"window.open('{server.url}/en/', 'opened') && 0")
        page.close()

    assert read == []
    assert framed
    assert not (server.home / "Crossed").exists()
    assert state_of(study) == before


def test_the_key_cannot_be_guessed_or_left_out(server: Serving, study: Path):
    tokens = ["", "a", "%00", "x" * 5000, "../../etc/passwd", "%E4%BD%A0"]
    name = "oligoscope-" + server.url.rsplit(":", 1)[1]
    answers = [ask(server, f"/?token={token}").status for token in tokens]
    cookies = [ask(server, "/en/", cookie=f"{name}={value}").status for value in ("", "a", "x" * 43, '"\\')]
    pages = [
        ask(server, f"{BASE}/{page}").status
        for page in ("answer", "answer.json", "output/results.csv", "nothing")
    ]

    assert {*answers, *cookies, *pages} == {403}
    assert "set-cookie" not in ask(server, "/?token=guess").headers


def test_a_new_address_needs_the_secret(server: Serving, key: str):
    for headers in ({}, {"authorization": "guess"}, {"authorization": "", "origin": server.url}):
        assert ask(server, "/renew", "POST", b"", cookie=key, **headers).status == 403
    assert ask(server, "/renew", cookie=key).status == 404


def test_no_line_stays_open_for_a_websocket(server: Serving, key: str):
    answer = ask(
        server, "/en/", cookie=key, origin=server.url, connection="Upgrade", upgrade="websocket",
        sec_websocket_version="13", sec_websocket_key="dGhlIHNhbXBsZSBub25jZQ==",
    )  # fmt: skip

    assert answer.status != 101


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_used(server: Serving, key: str, study: Path, method: str):
    assert ask(server, BASE + "/files", method, cookie=key, origin=server.url).status == 405


# No request that only reads changes anything.


def _routes(folder: Path) -> list[Route]:
    routes = make_app(Session(1), Home(folder), Jobs()).routes
    return [route for route in routes if isinstance(route, Route)]


_VALUES = {
    "language": "en", "study": NAME, "version": "1", "name": "results.csv", "name:path": "results.csv", "row": "25", "part": "who",
    "patient:path": "S0001", "number": "1",
}  # fmt: skip


def test_reading_every_page_leaves_the_folder_of_the_study_as_it_is(
    page: Any, server: Serving, study: Path, key: str, tmp_path: Path
):
    before = state_of(study)
    studies = sorted(path.name for path in server.home.iterdir())
    seen = 0
    routes = _routes(tmp_path)
    readable = {route.path for route in routes if "GET" in (route.methods or ())}
    for route in routes:
        path = route.path
        for name, value in _VALUES.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, "a new part of an address: name a value for it here"
        for query in (
            "",
            "?again=yes&replace=yes&sure=yes&name=x&problem=x&corrected=1&to=run&data=yes&key=yes&form=png",
        ):
            answer = ask(server, path + query, cookie=key)
            assert answer.status < 500 or answer.status == 503, path
            reads = route.path in readable
            assert reads or answer.status == 405, path
            seen += reads
            idle(page, server)

    assert seen > 60
    assert state_of(study) == before
    assert sorted(path.name for path in server.home.iterdir()) == studies


# Paths.


TRICKS = (
    "../study.yaml", "..%2fstudy.yaml", "%2e%2e/study.yaml", "%2e%2e%2fstudy.yaml", "..%5cstudy.yaml", "%252e%252e%252fstudy.yaml",
    "....//study.yaml", "./results.csv", "results.csv%00.png", "%00", "/etc/passwd", "%2fetc%2fpasswd", "file:" + "///etc/passwd",
    "study_numbers.csv", "..%c0%afstudy.yaml", "results.csv/", "figures/../../study.yaml", "CON", "results.csv::$DATA",
)  # fmt: skip


@pytest.mark.parametrize("place", [
    f"{BASE}/output/", "/static/1/", "/static/", "/en/studies/", f"{BASE}/answer/pictures/S0001/", f"{BASE}/answer/patients/", f"{BASE}/answer/pictures/",
    f"{BASE}/patients/timeline/", f"{BASE}/problems/marked/", f"{BASE}/answer/numbers/",
])  # fmt: skip
def test_no_address_leads_out_of_its_folder(server: Serving, study: Path, key: str, place: str):
    for trick in TRICKS:
        for end in ("", "/files") if place == "/en/studies/" else ("",):
            assert ask(server, place + trick + end, cookie=key).status in {400, 404}, trick


def test_a_link_in_the_folder_of_a_run_leads_nowhere(server: Serving, study: Path, key: str):
    (server.home / "Link").symlink_to(server.home.parent)
    shown = study / "output" / "flow.csv"
    kept = shown.read_bytes()
    shown.unlink()
    shown.symlink_to(study / "study.yaml")
    try:
        assert ask(server, f"{BASE}/output/flow.csv", cookie=key).status == 404
        assert ask(server, "/en/studies/Link/files", cookie=key).status == 404
    finally:
        shown.unlink()
        shown.write_bytes(kept)
        (server.home / "Link").unlink()


@pytest.mark.parametrize("name", ["../out", "a/b", "..", ".hidden", "a\0b", hostile.SCRIPT, "CON", "x" * 300, "", "a\nb", "a\u202eb"])  # fmt: skip
def test_a_study_has_no_name_that_is_a_path_or_a_program(page: Any, server: Serving, name: str):
    before = sorted(path.name for path in server.home.iterdir())
    answer = page.request.post(
        f"{server.url}/en/studies", form={"name": name}, headers={"origin": server.url}
    )

    assert "notice bad" in answer.text()
    assert "<script>window" not in answer.text()
    assert sorted(path.name for path in server.home.iterdir()) == before
