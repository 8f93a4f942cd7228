"""Files dropped, shown as they are read, corrected and deleted; what is refused, and that nothing of it stays."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from browser.registry import LESIONS, PATIENTS, SCANS, workbook
from browser.serving import Serving
from oligoscope.web.uploads import LARGEST

LANGUAGES = ("zh", "en")
_WAIT = 60_000  # milliseconds
_numbers = iter(range(10_000))


def begin_study(page: Any, server: Serving, language: str = "en") -> str:
    """A new study; gives the address of its pages."""
    page.goto(f"{server.url}/{language}/")
    name = f"Files {next(_numbers)}"
    page.fill("#name", name)
    page.press("#name", "Enter")
    page.wait_for_url("**/files")
    return f"{server.url}/{language}/studies/{quote(name)}"


def drop(page: Any, *files: tuple[str, bytes]) -> None:
    """Choose files, and wait until the page shows how they are read."""
    page.set_input_files(
        "#choose", [{"name": name, "mimeType": "", "buffer": content} for name, content in files]
    )
    page.wait_for_selector("form[action$='/columns'] button", timeout=_WAIT)


def send(page: Any, where: str, name: str, body: bytes, query: str = "") -> Any:
    """Send a file as the page's script does; gives status and answer."""
    return page.request.post(
        f"{where}/files?name={quote(name, safe='')}{query}",
        data=body,
        headers={"origin": where.split("/en/", maxsplit=1)[0], "content-type": "application/octet-stream"},
    )


def held(server: Serving, where: str) -> list[str]:
    """Everything in the data of a study and among parts of uploads."""
    from urllib.parse import unquote

    name = unquote(where.rsplit("/", 1)[1])
    parts = (server.home / ".oligoscope" / name).glob("*.upload")
    return sorted(path.name for path in [*(server.home / name / "data").iterdir(), *parts])


def test_a_workbook_is_shown_as_it_is_read(page: Any, server: Serving):
    where = begin_study(page, server)
    drop(page, ("registry.xlsx", workbook()))

    rows = page.locator("table.rows").first.locator("tbody tr")
    assert [rows.nth(i).locator(".kind").inner_text() for i in range(4)] == ["Title", "Header", "Units", ""]
    assert page.locator(".sheet").first.locator("summary .tag").first.inner_text() == "Patients"
    assert "row 7 Total or note" in page.locator(".sheet").first.inner_text()
    assert held(server, where) == ["registry.xlsx"]


def test_a_column_for_each_scan_is_marked(page: Any, server: Serving):
    begin_study(page, server)
    wide = (
        ("Pt ID", "Lesion No", "T/NT/New", "Site", "Baseline date", "Baseline size (mm)", "Scan 1 date", "Scan 1 size (mm)"),
        ("A01", "1", "T", "RUL", "2020-01-02", 50, "2020-03-02", 30),
        ("A02", "1", "T", "Liver", "2020-02-02", 40, "2020-04-02", 60),
    )  # fmt: skip
    drop(page, ("wide.xlsx", workbook(Demographics=PATIENTS, Lesions=wide)))

    marked = page.locator("th:has(.scan-mark)").all_inner_texts()
    assert [text.split()[0] for text in marked] == ["E", "F", "G", "H"]


def test_the_row_of_the_header_can_be_corrected(page: Any, server: Serving):
    """What is set is in mapping.yaml, as the command line reads it; left blank, the header is found from the cells again."""
    where = begin_study(page, server)
    odd = (
        ("Nr", "begin", "n1", "n2"),
        ("x", "y", "z", "w"),
        ("Pt ID", "C1D1", "Gender", "Age"),
        ("A01", "2020-01-10", "M", 61),
    )
    drop(page, ("odd.xlsx", workbook(People=odd)))
    for row, header in (("1", "1"), ("", "3")):
        page.locator(".correct summary").first.click()
        page.fill("input[name=header_row]", row)
        page.locator(".correct button").first.click()
        page.wait_for_selector(f".is-header th:text-is('{header}')", timeout=_WAIT)
        page.wait_for_selector("form[action$='/columns'] button", timeout=_WAIT)
        page.click("form[action$='/columns'] button")
        page.wait_for_selector("text=Your column", timeout=_WAIT)
        mapping = (server.home / _name(where) / "mapping.yaml").read_text("utf-8")
        assert ("header_row:" in mapping) is bool(row)
        page.goto(f"{where}/files")
        page.wait_for_selector("form[action$='/columns'] button", timeout=_WAIT)


def _name(where: str) -> str:
    from urllib.parse import unquote

    return unquote(where.rsplit("/", 1)[1])


def test_a_sheet_can_be_left_out_and_taken_again(page: Any, server: Serving):
    begin_study(page, server)
    drop(page, ("registry.xlsx", workbook(Demographics=PATIENTS, Lesions=LESIONS, Scans=SCANS)))
    sheet = page.locator(".sheet", has_text="Scans").first
    sheet.locator(".correct summary").click()
    sheet.locator("input[value=measurements]").uncheck()
    sheet.locator(".correct button").click()
    page.wait_for_selector(
        ".sheet:has(.sheet-title:text-is('Scans')) .tag:text-is('Not read')", timeout=_WAIT
    )
    sheet = page.locator(".sheet:has(.sheet-title:text-is('Scans'))")
    sheet.locator("summary").first.click()
    sheet.locator(".correct summary").click()
    sheet.locator("input[value=measurements]").check()
    sheet.locator(".correct button").click()

    page.wait_for_selector(
        ".sheet:has(.sheet-title:text-is('Scans')) .tag:text-is('Measurements')", timeout=_WAIT
    )


def test_a_file_of_the_same_name_replaces_only_after_a_yes(page: Any, server: Serving):
    where = begin_study(page, server)
    drop(page, ("patients.csv", b"patient_id,treatment_started_on\n1,2020-01-10\n"))
    newer = b"patient_id,treatment_started_on\n1,2020-01-10\n2,2020-02-10\n"
    stored = server.home / _name(where) / "data" / "patients.csv"

    assert send(page, where, "PATIENTS.csv", newer).status == 409
    page.set_input_files("#choose", [{"name": "patients.csv", "mimeType": "", "buffer": newer}])
    page.wait_for_selector("dialog[open]")
    page.click("dialog button[value=no]")
    page.wait_for_selector("text=The old file was kept.")
    assert stored.stat().st_size < len(newer)
    page.set_input_files("#choose", [{"name": "patients.csv", "mimeType": "", "buffer": newer}])
    page.wait_for_selector("dialog[open]")
    page.click("dialog button[value=yes]")
    page.wait_for_selector("text=2 rows of data", timeout=_WAIT)
    assert stored.read_bytes() == newer


def test_a_file_is_deleted(page: Any, server: Serving):
    where = begin_study(page, server)
    drop(page, ("patients.csv", b"patient_id,treatment_started_on\n1,2020-01-10\n"))
    page.click(".file-head summary")
    page.click(".file-head .danger")
    page.wait_for_selector("text=No files yet")

    assert held(server, where) == []


NAMES = [
    "../patients.csv", "..\\patients.csv", "C:\\patients.csv", "/etc/patients.csv", "a\0b.csv", ".hidden.csv", "con.csv", "LPT1.xlsx", "study.yaml",
    "~$book.xlsx", "a\u202egpj.csv", "x" * 300 + ".csv", "patients.csv.", "book.xlsm", "book.xlsb", "all.zip", "note.docx", "run.exe", "",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_paths_or_no_data_are_refused(page: Any, server: Serving, name: str):
    where = begin_study(page, server)
    answer = send(page, where, name, b"patient_id\n1\n")

    assert answer.status == 400
    assert answer.json()["problem"].endswith(".")
    assert held(server, where) == []
    assert not (server.home / "patients.csv").exists()


def _package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


CONTENTS = [
    ("a workbook with macros under another name", "a.xlsx", _package(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "macros"),
    ("an old workbook with macros", "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600) + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
    ("a zip bomb", "a.xlsx", _package(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=bytes(60_000_000)), "unpacks to"),
    ("an archive named as a workbook", "a.xlsx", _package(readme_xml=b"x"), "not what the name says"),
    ("text named as a workbook", "a.xlsx", b"hello", "not what the name says"),
    ("a program", "a.csv", b"MZ\x90\x00", "program"),
    ("nothing", "a.csv", b"", "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "content", "said"), CONTENTS, ids=[c[0] for c in CONTENTS])
def test_what_is_not_data_is_refused(
    page: Any, server: Serving, what: str, name: str, content: bytes, said: str
):
    where = begin_study(page, server)
    answer = send(page, where, name, content)

    assert answer.status == 415, what
    assert said in answer.json()["problem"]
    assert held(server, where) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page: Any, server: Serving):
    where = begin_study(page, server)
    page.evaluate(
        """(size) => { const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(size)], 'large.csv'));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })); }""",
        2 * LARGEST,
    )
    page.wait_for_selector("text=the limit is 100 MB")

    assert held(server, where) == []


def test_what_was_cancelled_is_not_kept(page: Any, server: Serving):
    where = begin_study(page, server)
    page.evaluate(
        """(size) => { const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(size).fill(49)], 'long.csv'));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
        document.querySelector('.sending button').click(); }""",
        LARGEST - 1,
    )
    page.wait_for_selector("text=Cancelled; nothing was kept.")
    page.wait_for_timeout(500)

    assert held(server, where) == []


def test_bytes_are_counted_while_they_come(page: Any, server: Serving):
    """A sender that says less than it sends, or nothing, is stopped at the limit; one that ends early leaves nothing."""
    import socket

    where = begin_study(page, server)
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    host = server.url.removeprefix("http://")
    path = where.removeprefix(server.url)
    head = f"POST {path}/files?name=large.csv HTTP/1.1\r\nHost: {host}\r\nOrigin: {server.url}\r\nCookie: {cookies}\r\nTransfer-Encoding: chunked\r\n\r\n"
    address = (host.split(":")[0], int(host.split(":")[1]))
    with socket.create_connection(address, 60) as line:
        line.sendall(head.encode())
        piece = b"100000\r\n" + b"1" * 0x100000 + b"\r\n"
        try:
            for _ in range(LARGEST // 0x100000 + 2):
                line.sendall(piece)
        except OSError:
            pass  # the server has closed the line
        else:
            assert b" 413 " in line.recv(100)
    with socket.create_connection(address, 60) as line:
        line.sendall(head.encode() + b"5\r\nhello\r\n")
    page.wait_for_timeout(1000)

    assert held(server, where) == []


def test_a_script_in_a_cell_or_a_name_is_words(page: Any, server: Serving):
    begin_study(page, server)
    hostile = "<script>document.title='x'</script><img src=x onerror=alert(1)>"
    rows = (("patient_id", "treatment_started_on", hostile), (hostile, "2020-01-10", "=1+1"))
    drop(page, ("a&b 'c'.xlsx", workbook(Patients=rows)))

    assert "<script>" in page.locator("table.rows").inner_text()
    assert page.title() == "Files · Oligoscope"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_files_has_no_barrier(page: Any, server: Serving, language: str, scheme: str):
    from browser.accessible import violations

    page.emulate_media(color_scheme=scheme)
    begin_study(page, server, language)
    assert violations(page) == []
    drop(page, ("registry.xlsx", workbook()), ("broken.xls", b"\xd0\xcf\x11\xe0" + bytes(600)))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_many_files_at_once(page: Any, server: Serving):
    where = begin_study(page, server)
    rows = {"patients": PATIENTS[1:], "lesions": LESIONS, "measurements": SCANS}
    drop(page, *((f"{name}.xlsx", workbook(Sheet1=of)) for name, of in rows.items()))

    assert held(server, where) == [f"{name}.xlsx" for name in sorted(rows)]
    assert Path(server.home).is_dir()
