"""What is right for every command, whatever it was given: its end, its message, its folder and the files in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import signal
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from fuzz.spoiled import DONE, GATE, REFUSED, Spoiled
from fuzz.worker import GIGABYTE, Done

Fault = tuple[str, str]  # by a short name, equal for equal faults, and what was seen
MOST_LINES = 100
# Words of Python, of libraries and of the system that say nothing to a user.
NO_SENTENCE = re.compile(
    r"\b\w+(Error|Exception|Warning)\b|\[Errno|panicked at|<class|object at 0x|\bNoneType\b|\bPolars|"
    r"RUST_BACKTRACE|thread '|site-packages|\.py:\d+|pydantic|ruamel|openpyxl|core dumped",
)
SIGNALS = {-signal.SIGXCPU: "more than the processor time", -signal.SIGKILL: "killed (the clock, or memory)", -signal.SIGSEGV: "a crash of the interpreter",
           -signal.SIGABRT: "aborted", -signal.SIGXFSZ: "ended by the limit of a file's size", -signal.SIGPIPE: "ended by a closed stream"}  # fmt: skip
FORMULA = re.compile(r"^[=+@\t\r]|^-(?![\d.])")
MINE = ("my notes.txt",)  # what `try_case` adds to an earlier output
FOR_EXCEL = ("issues.csv", "flow.csv")


def snapshot(folder: Path) -> dict[str, str]:
    """The checksum of every file below a folder."""
    if not os.path.isdir(folder):  # noqa: PTH112  Path.is_dir raises where the name is too long
        return {}
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def judge(case: Spoiled, done: Done, place: Path, before: Mapping[str, str]) -> list[Fault]:
    """Everything that is wrong with the end of a command run in `place`."""
    out = place / case.out
    found = [*_ended(case, done), *_said(case, done), *_left(case, done, place, before)]
    if done.status in {DONE, GATE, REFUSED} and os.path.isfile(out / "run.json"):  # noqa: PTH113
        found += files_faults(out)
    return found


def _ended(case: Spoiled, done: Done) -> Iterator[Fault]:
    if done.status < 0 and done.status not in case.allowed:
        yield (
            SIGNALS.get(done.status, f"ended by signal {-done.status}"),
            f"{done.seconds:.1f} s; {done.err[-600:]}",
        )
    elif "Traceback (most recent call last)" in done.err + done.out:
        yield f"traceback: {_last_of_traceback(done.err + done.out)}", (done.err + done.out)[-2500:]
    elif done.status not in case.allowed:
        yield f"exit {done.status} where {sorted(case.allowed)} is right", (done.err + done.out)[-800:]
    if done.memory > 2 * GIGABYTE:
        yield "more than 2 GB of memory", f"{done.memory >> 20} MB"


def _last_of_traceback(text: str) -> str:
    """The kind of the error and the last of our functions that it came through."""
    ours = re.findall(r"/oligoscope/([\w/]+)\.py\", line \d+, in (\S+)", text)
    errors = re.findall(
        r"^([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Failure|Panic\w*)?)(?:: (.*))?$",
        text.strip(),
        re.MULTILINE,
    )
    kind = errors[-1] if errors else (text.strip().splitlines()[-1], "")
    told = re.sub(r"\d+", "#", kind[1])[:60]
    return f"{kind[0]} in {'.'.join(ours[-1]) if ours else '?'}: {told}"


def _said(case: Spoiled, done: Done) -> Iterator[Fault]:
    if done.status < 0 or "Traceback (most" in done.err:
        return
    told = "\n".join(line for line in done.err.splitlines() if not line.startswith("…"))
    if (case.command[0] == "check" and done.status in {0, REFUSED}) or "--json" in case.command:
        told += done.out
    closed = {*case.around.closed, *case.around.full}
    if done.status == REFUSED and not told.strip() and not closed & {1, 2}:
        yield "refused without a word", f"out {done.out[:200]!r}"
    if done.status == 2 and not told.strip() and 2 not in closed:
        yield "wrong usage without a word", ""
    lines = told.splitlines()
    if len(lines) > MOST_LINES:
        yield f"a message of more than {MOST_LINES} lines", f"{len(lines)} lines; {told[:300]}"
    if any(len(line) > 4000 for line in lines) and "--json" not in case.command:
        yield "a line of more than 4,000 characters", max(lines, key=len)[:200]
    if "--json" not in case.command and (word := NO_SENTENCE.search(told)):
        yield f"no sentence for a user: {word[0]}", told[max(0, word.start() - 300) : word.end() + 300]
    if "\x1b" in told or "\x07" in told or "\x00" in told:
        yield "control characters reach the terminal", ascii(told[:300])
    if "--json" in case.command and done.out.strip():
        try:
            json.loads(done.out)
        except ValueError:
            yield "--json: not JSON", done.out[:300]
    if done.status == REFUSED and case.place and case.place not in told:
        yield "a refusal does not name the file", f"{case.place}: {told[:400]}"


def _left(case: Spoiled, done: Done, place: Path, before: Mapping[str, str]) -> Iterator[Fault]:
    """The output folder is whole, and nothing lies beside it."""
    known = {"study", "home", case.out.split("/")[0], case.study.split("/")[0]}
    beside = sorted(p.name for p in place.iterdir() if p.name not in known)
    if beside and done.status != -signal.SIGKILL:
        yield "files are left beside the output folder", ", ".join(beside)[:200]
    out = place / case.out
    after = snapshot(out)
    for name in MINE:
        if name in before and before[name] not in after.values():
            yield "a file of the user's is lost", name
    if done.status in {DONE, GATE} and after:
        # A folder that was there keeps the permissions that it had.
        for path in [*(() if before else (out,)), *out.rglob("*")]:
            if path.lstat().st_mode & case.around.umask and not path.is_symlink() and path.name not in MINE:
                yield (
                    "the umask does not hold",
                    f"{path.name} {path.lstat().st_mode & 0o777:03o}, umask {case.around.umask:03o}",
                )
                break
    if done.status not in {DONE, GATE, REFUSED}:
        if after != before and not _is_whole(out, after):
            yield "an output folder in parts", f"{sorted(after)} after {sorted(before)}"
        return
    if case.command[0] == "check" and "--out" not in case.command:
        if after != before:
            yield "check wrote a file", ", ".join(after)
        return
    if done.status in {DONE, GATE} and not after:
        yield "done, and nothing is written", done.out[:300]
    if after and after != before and not _is_whole(out, after):
        yield "an output folder in parts", f"{sorted(after)} after {sorted(before)}"


def _is_whole(out: Path, files: Mapping[str, str]) -> bool:
    """run.json names every file but those of the user's, and each is what it says."""
    try:
        record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(record, dict):
        return False
    ours = {
        name: digest
        for name, digest in files.items()
        if name not in {"run.json", *MINE} and ".kept-" not in name
    }
    return record.get("outputs") == ours


# The files.


def files_faults(out: Path) -> Iterator[Fault]:
    """Every file parses as its name says, and holds nothing alive."""
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        try:
            for fault, seen in _PARSERS.get(path.suffix.casefold(), _nothing)(path):
                yield fault, f"{path.relative_to(out)}: {seen}"
        except Exception as error:  # whatever a parser says of the file
            yield f"a {path.suffix} file does not parse", f"{path.relative_to(out)}: {error}"[:400]


def _nothing(_path: Path) -> Iterator[Fault]:
    yield from ()


ALIVE = {"script", "foreignobject", "iframe", "object", "embed", "animate", "set", "handler"}
OURS = re.compile(r"[\w\s.#:/-]*")


def _svg(path: Path) -> Iterator[Fault]:
    yield from _svg_text(path.read_bytes())


def _svg_text(raw: bytes) -> Iterator[Fault]:
    ids: set[str] = set()
    for element in ElementTree.fromstring(raw).iter():
        name = str(element.tag).rsplit("}", 1)[-1].casefold()
        if name in ALIVE:
            yield f"alive in SVG: <{name}>", str(element.text)[:100]
        for key, value in element.attrib.items():
            attribute = key.rsplit("}", 1)[-1].casefold()
            if attribute.startswith("on") or value.strip().casefold().startswith("javascript:"):
                yield f"alive in SVG: {attribute}", value[:100]
            if attribute == "href" and not value.startswith(("#", "data:image/")):
                yield "SVG refers to another place", value[:100]
            if attribute == "id":
                if value in ids:
                    yield "SVG: an id is there twice", value[:100]
                ids.add(value)


class _Page(HTMLParser):
    """Elements and attributes of a page as a browser sees them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.faults: list[Fault] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        if tag == "script":
            self.scripts.append("")
        elif tag in ALIVE - {"set", "animate"}:
            self.faults.append((f"alive in HTML: <{tag}>", str(attrs)[:200]))
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().casefold().startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                self.faults.append((f"alive in HTML: {name}", f"<{tag}> {value}"[:200]))
            if (
                name in {"src", "href", "action", "formaction", "srcdoc"}
                and (value or "").startswith(("http", "//"))
                and name != "href"
            ):
                self.faults.append(("HTML loads from another place", f"<{tag}> {name} {value}"[:200]))

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


def _html(path: Path) -> Iterator[Fault]:
    import lxml.html

    text = path.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    page.close()
    yield from page.faults
    ours = _scripts_of_ours()
    for script in page.scripts:
        if script.strip() and script.strip() not in ours:
            yield "alive in HTML: a script that is not ours", script[:200]
    whole = lxml.html.document_fromstring(text.encode())
    for element in whole.iter():
        if isinstance(element.tag, str) and any(str(a).casefold().startswith("on") for a in element.attrib):
            yield "alive in HTML: an event", lxml.html.tostring(element)[:200].decode(errors="replace")
    for found in re.finditer(r"<svg\b.*?</svg>", text, re.DOTALL):
        try:
            list(ElementTree.fromstring(_with_namespaces(found[0])).iter())
        except ElementTree.ParseError as error:
            yield "HTML: an SVG in it does not parse", f"{error}: {found[0][:100]}"


def _with_namespaces(svg: str) -> str:
    return (
        svg
        if "xlink:" not in svg or "xmlns:xlink" in svg
        else svg.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
    )


def _scripts_of_ours() -> set[str]:
    """Scripts that the program's own pages hold, word for word in its source."""
    import oligoscope

    root = Path(str(oligoscope.__file__)).parent
    found: set[str] = set()
    for path in [*root.rglob("*.js"), *root.rglob("*.html"), *root.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found |= {one.strip() for one in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)}
        if path.suffix == ".js":
            found.add(text.strip())
    return found


def _csv(path: Path) -> Iterator[Fault]:
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    widths = {len(row) for row in rows if row}
    if len(widths) > 1:
        yield "csv: rows of several widths", str(widths)
    if path.name in FOR_EXCEL or text != path.read_bytes().decode("utf-8"):
        for row in rows:
            for cell in row:
                if FORMULA.search(cell):
                    yield "csv for Excel: a formula", cell[:100]
                    return


def _json(path: Path) -> Iterator[Fault]:
    text = path.read_text(encoding="utf-8")
    json.loads(text, parse_constant=_no_constant)
    yield from ()


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _zip_of_xml(path: Path) -> Iterator[Fault]:
    with zipfile.ZipFile(path) as parts:
        bad = parts.testzip()
        if bad is not None:
            yield "a damaged part", bad
        names = parts.namelist()
        if len(set(names)) < len(names):
            yield "a part is there twice", path.name
        for name in names:
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
            if "vba" in name.casefold() or "activex" in name.casefold():
                yield "alive in an office file", name
            if name.endswith(".rels") and b'TargetMode="External"' in (content := parts.read(name)):
                for target in re.findall(rb'Target="([^"]*)"[^>]*TargetMode="External"', content):
                    if not target.startswith((b"http", b"#")):
                        yield "an office file refers to another place", target.decode(errors="replace")


def _xlsx(path: Path) -> Iterator[Fault]:
    import openpyxl

    yield from _zip_of_xml(path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield "xlsx: a formula", f"{sheet.title}!{cell.coordinate} {cell.value}"[:200]


def _docx(path: Path) -> Iterator[Fault]:
    import docx

    yield from _zip_of_xml(path)
    docx.Document(str(path))


def _png(path: Path) -> Iterator[Fault]:
    from PIL import Image

    with Image.open(path) as image:
        image.verify()
        if max(image.size) > 20_000:
            yield "a picture of more than 20,000 pixels", str(image.size)


_PARSERS = {
    ".svg": _svg, ".html": _html, ".csv": _csv, ".json": _json, ".xlsx": _xlsx, ".docx": _docx, ".png": _png, ".tif": _png, ".tiff": _png,
}  # fmt: skip
