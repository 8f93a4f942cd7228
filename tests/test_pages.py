"""The pages for users: the two READMEs are one, and what a page tells to type exists."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
import typer

from oligoscope import cli
from oligoscope.study.file_bytes import refused_by_system
from oligoscope.system.refusals import reason

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = typer.main.get_command(cli.app).commands  # pyright: ignore[reportAttributeAccessIssue]
MARKED = re.compile(r"<!-- command: (\w+) -->\n```\w+\n((?:.+\n)+)```")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def links_of(page: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", page) if not target.startswith("README")]


def test_both_readmes_have_the_same_commands():
    english, chinese = text_of("README.md"), text_of("README.zh.md")

    assert MARKED.findall(english) == MARKED.findall(chinese)
    assert [name for name, _ in MARKED.findall(english)] == ["demo", "tests"]


def test_both_readmes_link_to_the_same_pages_and_to_each_other():
    english, chinese = text_of("README.md"), text_of("README.zh.md")

    assert set(links_of(english)) == set(links_of(chinese))
    assert "(README.zh.md)" in english
    assert "(README.md)" in chinese


def test_both_readmes_have_the_same_parts():
    def parts(page: str) -> list[str]:
        return re.findall(r"(?m)^(#+|!|-|<!-- .* -->|```)", page)

    assert parts(text_of("README.md")) == parts(text_of("README.zh.md"))


def test_the_pages_on_windows_type_the_same_and_quote_the_program():
    english, chinese = text_of("docs/windows.md"), text_of("docs/windows.zh.md")

    assert re.findall(r"```powershell\n[^`]+```", english) == re.findall(r"```powershell\n[^`]+```", chinese)
    denied = PermissionError(errno.EACCES, "Permission denied")
    for said in (reason(denied), refused_by_system(denied).text):
        assert said.en in english
        assert said.zh.rstrip("。") in chinese
    lines = MARKED.findall(text_of("README.md"))[0][1].replace(
        ".venv/bin/pip", ".venv\\Scripts\\python -m pip"
    )
    for words in lines.strip().split(" && ")[1:3]:
        assert words in english


def typed_in(page: str) -> set[str]:
    """The command lines of a page, in a block or between backticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", page, re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    outside = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    lines += [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", outside)]
    return {found[0] for line in lines if (found := re.match(r"oligoscope [a-z]+\b.*", line))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_a_page_exists_with_its_options(page):
    unknown = []
    for line in typed_in(page.read_text(encoding="utf-8")):
        command = COMMANDS.get(line.split()[1])
        known = {option for parameter in command.params for option in parameter.opts} if command else set()
        options = re.findall(r"(?<!\S)\[?(--[a-z-]+)", line.split("   ")[0])
        if command is None or set(options) - known - {"--help"}:
            unknown.append(line)

    assert unknown == []
