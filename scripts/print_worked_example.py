"""Writes what the commands in docs/worked-example.md and its Chinese page answer, and makes their pictures.

python scripts/print_worked_example.py              runs every `$ command` of both pages and writes its answer below it
python scripts/print_worked_example.py --pictures   and makes docs/images/worked-example/ (needs Chromium)

`<!-- shown: PATTERN -->` above a block keeps the lines that match, `…` is for the others; `<!-- typed: a | b -->` are answers at the
terminal; the block below `<!-- file: NAME -->` is written to that file first.
"""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": ROOT / "docs" / "worked-example.md", "zh": ROOT / "docs" / "worked-example.zh.md"}
PICTURES = ROOT / "docs" / "images" / "worked-example"
FONTS = ROOT / "src" / "oligoscope" / "drawing" / "fonts"
BLOCK = re.compile(
    r"(?:<!-- typed: (?P<typed>.*) -->\n)?(?:<!-- shown: (?P<shown>.*) -->\n)?```console\n\$ (?P<command>.+)\n(?P<answer>(?:(?!```).*\n)*)```"
)
# Of each picture: the page in the folder that the commands worked in, and the height of its top that is shown.
SHOWN = {
    "en": (("understood", "registry/check/understood.en.html", 1150), ("report", "registry-report/report.en.html", 1300)),
    "zh": (("understood", "登记/check/understood.zh.html", 1150), ("report", "登记报告/report.zh.html", 1300)),
}  # fmt: skip
WIDTH, COLOURS = 1000, 32


def printed_page(page: str, folder: Path) -> str:
    """The page with the answers that its commands give when they are run in `folder`, one after another."""
    return BLOCK.sub(lambda found: _block(found, folder), page)


def _block(found: re.Match[str], folder: Path) -> str:
    command, typed, shown = found["command"], found["typed"], found["shown"]
    answer = _answer(command, None if typed is None else [a.strip() for a in typed.split("|")], folder)
    lines = answer.splitlines() if shown is None else list(_kept(answer.splitlines(), re.compile(shown)))
    head = found[0][: found.start("answer") - found.start()]
    return head + "".join(f"{line}\n" for line in lines) + "```"


def _kept(lines: list[str], shown: re.Pattern[str]) -> Iterator[str]:
    is_gap = False
    for line in filter(str.strip, lines):
        if not shown.search(line):
            is_gap = True
            continue
        if is_gap:
            yield "…"
        yield line
        is_gap = False
    if is_gap:
        yield "…"


def _answer(command: str, typed: list[str] | None, folder: Path) -> str:
    """What a command prints, without its progress; with what is typed beside each question."""
    program, *arguments = shlex.split(command)
    if program == "python":
        arguments[0] = str(ROOT / arguments[0])
        words = [sys.executable, *arguments]
    else:
        words = [sys.executable, "-m", program, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    terminal, end = pty.openpty()
    os.write(terminal, "".join(f"{answer}\n" for answer in typed or ()).encode())
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdin=end if typed is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    os.close(end)
    os.close(terminal)
    if done.returncode not in {0, 3, 4}:
        raise RuntimeError(f"{command}\n{done.stderr}")
    if typed is None:
        return done.stdout
    asked = "\n".join(line for line in done.stderr.splitlines() if line and not line.startswith("…"))
    for answer in typed:
        asked = re.sub(
            r"(?m)^> (?!\0)", lambda _, said=answer: f">\0 {said}\n".replace(" \n", "\n"), asked, count=1
        )
    return asked.replace("\0", "").rstrip("\n") + "\n" + done.stdout


def take_pictures(language: str, folder: Path) -> None:
    """Pictures of the tops of two pages that the commands made."""
    settings = folder / "fonts.conf"
    settings.write_text(
        f'<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include><dir>{FONTS}</dir></fontconfig>'
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, page, height in SHOWN[language]:
        raw = folder / f"{name}.png"
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
             "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH},{height}", f"--screenshot={raw}",
             str(folder / page)],
            env={**os.environ, "FONTCONFIG_FILE": str(settings)}, capture_output=True, check=True,
        )  # fmt: skip
        target = PICTURES / f"{name}.{language}.png"
        Image.open(raw).convert("RGB").quantize(COLOURS).save(target, optimize=True)
        print(target.relative_to(ROOT))


def main() -> None:
    for language, path in PAGES.items():
        folder = Path(tempfile.mkdtemp())
        try:
            page = printed_page(path.read_text(encoding="utf-8"), folder)
            path.write_text(page, encoding="utf-8", newline="\n")
            print(path.relative_to(ROOT))
            if "--pictures" in sys.argv:
                take_pictures(language, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
