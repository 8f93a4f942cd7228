"""What must be refused: other sites, guessed keys, paths, programs in words; and nothing private is left lying about."""

from __future__ import annotations

import csv
import http.client
import io
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.routing import Route

from browser import hostile
from browser.keyboard import WAIT, wait_for
from browser.serving import SOURCE, Serving, begin, listen, until_run
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.web.app import make_app
from oligoscope.web.jobs import Jobs
from oligoscope.web.session import Session
from oligoscope.web.studies import Home

NAME = "Hostile"
BASE = f"/en/studies/{NAME}"
PAGES = (
    "files", "columns", "words", "problems", "problems/understood", "patients", "definitions", "plan", "run", "answer", "answer/who",
    "answer/where", "answer/when", "answer/survival", "answer/definitions", "answer/response", "answer/management", "answer/methods",
    "answer/numbers/25", "paper", "output/report.{language}.html", "output/numbers.{language}.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """A hostile study that has run."""
    folder = hostile.write_hostile(server.home / NAME)
    folder.chmod(0o700)
    ended = subprocess.run(
        [sys.executable, "-m", "oligoscope", "run", str(folder), "--out", str(folder / "output"), "--lang", "both"],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert ended.returncode in {0, 4}, ended.stderr
    return folder


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
    "....//study.yaml", "./results.csv", "results.csv%00.png", "%00", "/etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd",
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


# Programs in words.


@pytest.fixture(scope="module")
def worked_on(signed_in: Any, server: Serving, study: Path) -> Path:
    """The hostile study, checked and with three patients drawn, as the pages do it."""
    page = signed_in.new_page()
    page.goto(f"{server.url}{BASE}/problems")
    page.get_by_role("button", name="Check the data").click()
    page.wait_for_selector("body:not(:has([data-job])) .counts", timeout=WAIT)
    page.goto(f"{server.url}{BASE}/patients")
    page.get_by_role("button", name="Draw three patients").click()
    page.wait_for_selector("article.patient", timeout=WAIT)
    page.close()
    return study


def harmless(page: Any, where: str) -> None:
    """Nothing of the study's words has become a part of the page, nor run."""
    assert page.evaluate("window.hacked") is None, where
    made = page.evaluate(
        "[...document.querySelectorAll('[onerror], [onload], [onmouseover], img[src=\"x\"]')].map((e) => e.outerHTML)"
    )
    assert made == [], where
    assert page.locator("script").evaluate_all(
        "all => all.every((s) => !s.text.startsWith('window.hacked'))"
    ), where


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_that_are_programs_stay_words_on_every_page(
    page: Any, server: Serving, worked_on: Path, language: str
):
    shown = ""
    for place in PAGES:
        address = f"{server.url}{BASE.replace('/en/', f'/{language}/')}/{place.format(language=language)}"
        page.goto(address)
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        harmless(page, place)
        shown += page.evaluate("document.body.textContent")

    assert all(
        word in shown for word in (*hostile.IDS, hostile.COLUMN, hostile.FILE, hostile.ORGAN, hostile.TITLE)
    )


def test_a_patient_with_such_a_number_has_a_page(page: Any, server: Serving, worked_on: Path):
    for patient in (hostile.SCRIPT, hostile.IMAGE, hostile.PATH, hostile.TEMPLATE):
        page.goto(f"{server.url}{BASE}/answer/patients/{quote(patient, safe='')}")
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        harmless(page, patient)
        assert patient in page.inner_text("h1")


def test_what_an_address_says_stays_words(page: Any, server: Serving, worked_on: Path):
    word = quote(hostile.IMAGE + hostile.SCRIPT, safe="")
    for step in ("problems", "patients", "definitions", "plan", "run", "paper", "files", "columns", "words"):
        page.goto(f"{server.url}{BASE}/{step}?problem={word}&of={word}&group={word}&from={word}")
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        harmless(page, step)
    page.goto(f"{server.url}{BASE}/answer?organ={word}&pps={word}&row={word}")
    page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
    harmless(page, "answer")


def test_a_list_of_patients_holds_no_formula(page: Any, server: Serving, worked_on: Path):
    """A spreadsheet that opens it computes nothing."""
    page.goto(f"{server.url}{BASE}/answer")
    page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
    page.locator("[data-picture=pattern] .mark").first.click()
    rows: list[list[str]] = []
    for mark in ("pattern=oligoprogression", "pattern=systemic"):
        page.goto(f"{server.url}{BASE}/answer?{mark}")
        page.wait_for_selector("#linked[data-ready]", timeout=WAIT)
        with page.expect_download() as saved:
            page.click("#selection-csv")
        rows += csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig")))
    cells = [cell for row in rows for cell in row]

    assert f"'{hostile.SUM}" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "\t", "\r"}]


def test_a_workbook_with_links_and_commands_is_read_and_nothing_is_fetched(page: Any, server: Serving):
    """Its cells are words; what it links to is not opened. Entities of XML that grow are no memory."""
    page.goto(f"{server.url}/en/")
    page.fill("#name", "Linked")
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.1)
        content = _linked(f"http://127.0.0.1:{elsewhere.getsockname()[1]}/book.xlsx")
        page.set_input_files("#choose", [{"name": "linked.xlsx", "mimeType": "", "buffer": content}])
        page.wait_for_selector("form[action$='/columns'] button, .file-head", timeout=WAIT)
        page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    harmless(page, "linked.xlsx")
    grows = _linked("x", declared='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + "&a;" * 1000 + '"><!ENTITY c "' + "&b;" * 1000 + '">]>')  # fmt: skip
    page.set_input_files("#choose", [{"name": "grows.xlsx", "mimeType": "", "buffer": grows}])
    page.get_by_text("grows.xlsx").first.wait_for()
    page.wait_for_timeout(1000)
    page.wait_for_selector("body:not(:has([data-job]))", timeout=WAIT)
    harmless(page, "grows.xlsx")


def _linked(target: str, declared: str = "") -> bytes:
    """A workbook with a link to another, a command for DDE, and formulas that ask for both."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.append(["patient_id", "treatment_started_on"])
    sheet.append(["=cmd|'/C calc'!A0", "=[1]Sheet1!A1"])
    sheet.append([f'=WEBSERVICE("{target}")', "2020-01-10"])
    made = io.BytesIO()
    book.save(made)
    out = io.BytesIO()
    link = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/C calc">'
        '<ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>'
    )
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" Target="{target}"/></Relationships>'
    )
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in parts.namelist():
            text = parts.read(name)
            if declared and name.startswith("xl/worksheets/sheet"):
                text = declared.encode() + text.replace(b"<sheetData>", b"<sheetData><!-- -->").replace(
                    b"patient_id", b"&c;"
                )
            package.writestr(name, text)
        package.writestr("xl/externalLinks/externalLink1.xml", link)
        package.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", relation)
    return out.getvalue()


# What is left where others could read it.


def test_no_word_of_the_patients_is_in_the_log(server: Serving, worked_on: Path):
    said = server.log.read_text("utf-8")

    assert not [word for word in (*hostile.IDS, hostile.LEVEL, hostile.ORGAN, "S0001", NAME) if word in said]
    assert len(said.splitlines()) < 20  # the address in both languages, and a refused websocket


def test_only_the_user_can_read_the_folders(page: Any, server: Serving):
    page.goto(f"{server.url}/en/")
    page.fill("#name", "Private")
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    folders = [
        server.home,
        server.home / ".oligoscope",
        server.home / "Private",
        server.home / ".oligoscope" / "Private",
    ]

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 4


def test_deleting_deletes_the_files_and_what_the_pages_remember(page: Any, server: Serving, worked_on: Path):
    shutil.copytree(worked_on, server.home / "Copy")
    page.goto(f"{server.url}/en/studies/Copy/definitions")
    page.wait_for_selector("#choices", timeout=WAIT)
    page.goto(f"{server.url}/en/")
    card = page.locator("li.card", has=page.get_by_role("link", name="Copy", exact=True))
    card.locator("summary").click()
    card.get_by_role("button", name="Delete the study").click()
    assert (server.home / "Copy").exists()  # the box is not ticked
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="Delete the study").click()
    page.wait_for_function("!document.body.textContent.includes('Copy')")

    assert not (server.home / "Copy").exists()
    assert not (server.home / ".oligoscope" / "Copy").exists()


# Two at once; the listener; limits.


def test_two_studies_run_at_once_in_two_tabs_and_a_page_can_be_left(signed_in: Any, server: Serving):
    names = ("One", "Two")
    for seed, name in enumerate(names):
        write_cohort(make_cohort(seed, 20), server.home / name)
    first, second = (signed_in.new_page() for _ in names)
    for tab, name in zip((first, second), names, strict=True):
        tab.goto(f"{server.url}/en/studies/{name}/plan")
        tab.locator("main form button.main").click(timeout=WAIT)
        tab.wait_for_url("**/run")
    for tab, name in zip((first, second), names, strict=True):
        tab.goto(f"{server.url}/en/studies/{name}/run")
        tab.locator("main form button.main").click()
        tab.locator("[data-stages]").wait_for(timeout=WAIT)
    first.reload()
    first.close()
    second.get_by_role("button", name="Cancel").click()
    wait_for(second, "text=Cancelled.")
    assert not (server.home / "Two" / "output").exists()

    again = signed_in.new_page()
    again.goto(f"{server.url}/en/studies/One/run")
    until_run(again)
    assert (server.home / "One" / "output" / "results.csv").is_file()
    again.close()
    second.close()


def test_the_listener_of_these_tests_hears_a_page_that_violates_its_policy(signed_in: Any, server: Serving):
    attack = (
        '<script>window.hacked=1</script><img src="x" onerror="window.hacked=1"><p style="color:red">x</p>'
    )
    page = signed_in.new_page()
    heard = listen(page)

    def spoil(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{attack}</main>"))

    page.route("**/en/", spoil)
    page.goto(f"{server.url}/en/")
    page.wait_for_load_state("networkidle")
    ran = page.evaluate("window.hacked")
    page.close()

    assert ran is None
    assert {word for one in heard for word in one.split() if word.startswith(("script-src", "style-src"))} >= {
        "script-src-elem", "script-src-attr", "style-src-attr",
    }  # fmt: skip


def test_a_step_that_needs_more_memory_than_it_may_use_says_so(chromium: Any, tmp_path: Path):
    serving = begin(tmp_path / "home", tmp_path / "log.txt", "--memory", "256")
    context = chromium.new_context(locale="en")
    try:
        page = context.new_page()
        page.goto(serving.entry)
        page.get_by_role("button", name="Run the sample").click()
        page.get_by_text("needs more memory than the 256 MB").wait_for(timeout=WAIT)
        assert not (serving.home / "Sample study" / "output").exists()
    finally:
        context.close()
        serving.stop()
