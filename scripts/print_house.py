"""Draws the house from the code: the blocks between marks in docs/architecture.md, and docs/images/house.svg.

    python scripts/print_house.py            # write them
    python scripts/print_house.py --check    # exit 1 where they are not as the code is

The floors are those of the contract in pyproject.toml; what a room is for is the docstring of its package or module;
what it imports is read from its files, and so is which tests import a question and its statistics.
"""

from __future__ import annotations

import ast
import html
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "oligoscope"
PAGE, PICTURE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "images" / "house.svg"
TESTS = ROOT / "tests"
PARTS = ("question", "numbers", "table", "figure", "words", "section")


def floors() -> list[list[str]]:
    """The rooms of each floor that are built, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["id"] == "floors")
    built = [
        [r for r in (room.strip() for room in layer.split("|")) if not r.startswith("(")] for layer in layers
    ]
    return [rooms for rooms in built if rooms]


def files_of(room: str) -> list[Path]:
    """The modules of a room."""
    single = PACKAGE / f"{room}.py"
    return [single] if single.exists() else sorted((PACKAGE / room).rglob("*.py"))


def purpose(path: Path) -> str:
    """The first sentence of a docstring, without its last full stop."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).rstrip(".")


def imported(room: str) -> list[str]:
    """The rooms that this room's files import, in the order of the floors."""
    found = set()
    for path in files_of(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oligoscope."):
                found.add((node.module or "").split(".")[1])
    return [r for floor in floors() for r in floor if r in found - {room}]


def shown(room: str) -> str:
    """A room as it is named in text."""
    return f"{room}/" if (PACKAGE / room).is_dir() else f"{room}.py"


def floors_table() -> str:
    """One row a room."""
    rows = ["| floor | room | what it is for | imports |", "|---|---|---|---|"]
    for number, rooms in zip(range(len(floors()), 0, -1), floors(), strict=True):
        for room in rooms:
            module = PACKAGE / room / "__init__.py" if (PACKAGE / room).is_dir() else PACKAGE / f"{room}.py"
            names = ", ".join(f"`{name}`" for name in imported(room))
            rows.append(f"| {number} | `{shown(room)}` | {purpose(module)} | {names} |")
    return "\n".join(rows)


def questions_table() -> str:
    """One row a question: what it asks, and the files of its folder."""
    rows = ["| question | what it asks | its files |", "|---|---|---|"]
    for folder in sorted(p.parent for p in (PACKAGE / "questions").glob("*/__init__.py")):
        names = [p.stem for p in folder.glob("*.py") if p.stem != "__init__"]
        ordered = [n for n in PARTS if n in names] + sorted(set(names) - set(PARTS))
        rows.append(f"| `{folder.name}/` | {purpose(folder / '__init__.py')} | {', '.join(ordered)} |")
    return "\n".join(rows)


def modules_imported(path: Path) -> set[str]:
    """The modules of the package that a file imports."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    found = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name for name in found if name.startswith("oligoscope.")}


def files_of_question(folder: Path) -> list[Path]:
    """Its folder, and the modules of `cohort/` that report rows of its kinds: where matching and completion happen."""
    kinds = set(re.findall(r"\banalyses\.([A-Z_]+)", (folder / "question.py").read_text(encoding="utf-8")))
    imports = re.compile(rf"from oligoscope\.results\.analyses import .*\b({'|'.join(kinds) or '-'})\b")
    cohort = (PACKAGE / "cohort").glob("*.py")
    return [*folder.glob("*.py"), *(p for p in cohort if imports.search(p.read_text(encoding="utf-8")))]


def tests_table() -> str:
    """One row a question: the tests that compare its statistics with R's, and those of its own files."""
    rows = [
        "| question | compared with R in `tests/oracle/` | its tests in `tests/unit/questions/` |",
        "|---|---|---|",
    ]
    for folder in sorted(p.parent for p in (PACKAGE / "questions").glob("*/__init__.py")):
        own = f"oligoscope.questions.{folder.name}."
        used = {name for path in files_of_question(folder) for name in modules_imported(path)}
        used = {name for name in used if name.startswith("oligoscope.stats.")}
        oracles = [p for p in sorted((TESTS / "oracle").glob("test_*.py")) if modules_imported(p) & used]
        units = [f"{folder.name}/"] if (TESTS / "unit" / "questions" / folder.name).is_dir() else []
        units += [
            p.stem
            for p in sorted((TESTS / "unit" / "questions").glob("test_*.py"))
            if any(name.startswith(own) for name in modules_imported(p))
        ]
        cells = ([p.stem for p in oracles], units)
        shown = (", ".join(f"`{name}`" for name in names) or "–" for names in cells)
        rows.append(f"| `{folder.name}/` | {' | '.join(shown)} |")
    return "\n".join(rows)


def picture() -> str:
    """The floors as rows of boxes, the doors on top, with the walk of a number beside them."""
    width, height, gap, left, room_width = 900, 34, 10, 30, 820
    rows = floors()
    total = len(rows) * (height + gap) + 20
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" role="img" font-family="Arial, Helvetica, sans-serif" font-size="14">',
        "<title>The floors of Oligoscope: a room imports only rooms below it</title>",
        f'<rect width="{width}" height="{total}" fill="#ffffff"/>',
    ]
    for i, rooms in enumerate(rows):
        y, each = 10 + i * (height + gap), room_width / len(rooms)
        out.append(f'<text x="8" y="{y + 22}" fill="#5f6b76">{len(rows) - i}</text>')
        for j, room in enumerate(rooms):
            x = left + 10 + j * each
            out += [
                f'<rect x="{x:.0f}" y="{y}" width="{each - 8:.0f}" height="{height}" rx="4" fill="#e8eef4" stroke="#33516e"/>',
                f'<text x="{x + (each - 8) / 2:.0f}" y="{y + 22}" text-anchor="middle" fill="#16283a">{html.escape(shown(room))}</text>',
            ]
    return "\n".join([*out, "</svg>", ""])


def with_block(page: str, name: str, block: str) -> str:
    """The page with a block between its marks."""
    mark = re.compile(
        rf"(<!-- {name}: printed by scripts/print_house\.py -->\n).*?(<!-- end of {name} -->)", re.DOTALL
    )
    return mark.sub(lambda m: f"{m[1]}{block}\n{m[2]}", page)


def main() -> int:
    """Write both, or compare them with what there is."""
    page = PAGE.read_text(encoding="utf-8")
    new = page
    for name, block in (("floors", floors_table), ("questions", questions_table), ("tests", tests_table)):
        new = with_block(new, name, block())
    wanted = {PAGE: new, PICTURE: picture()}
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv:
        for path in stale:
            path.write_text(wanted[path], encoding="utf-8")
            print(path.relative_to(ROOT))
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not as the code is: run scripts/print_house.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
