"""The house rules of docs/architecture.md, held by tests."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import oligoscope
from source_trees import nodes_of, tree_of

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "oligoscope"
MODULES = sorted(PACKAGE.rglob("*.py"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

LINES_AT_MOST = 400
# One declared list each, which is looked up and not read through.
LISTS = frozenset(f"results/{name}.py" for name in ("statistics", "warnings", "methods")) | {
    "study/protocol.py"
}
LINES_OF_A_LIST = 600
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc", "core"}
# Together they take seconds to import; a command that only prints its help does without.
HEAVY = {"jinja2", "matplotlib", "numpy", "openpyxl", "polars", "pydantic", "ruamel", "scipy", "survival"}

# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    r"(?<![\w.])(/" + r"(?:work|root|home/\w+|Users/\w+)/|file:/" + r"/|[A-Z]:\\Users)"
)
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", "pythonhosted" + r"\.org", r"npmjs\." + "org", "deb.debian" + ".org"])
)

HELP = """
import sys, time
begun = time.process_time()
from oligoscope.cli import main
sys.argv = ["oligoscope", "--help"]
try:
    main()
except SystemExit:
    pass
seconds = time.process_time() - begun
import json
print("\\n" + json.dumps({"seconds": seconds, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the work tree's package, whatever copy is installed."""
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def tracked_files() -> list[Path]:
    """Files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git repository")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def name_of(requirement: str) -> str:
    """`ruamel.yaml>=0.18,<0.20` -> `ruamel-yaml`, as lock files write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


RUNTIME = [name_of(requirement) for requirement in PYPROJECT["project"]["dependencies"]]


# What a command loads, and of the libraries that take long to load those that it must not.
LOADS = {
    "derive": ("oligoscope.checked_study, oligoscope.derivation, oligoscope.unusable_answer, oligoscope.run_answer",
               {"matplotlib", "docx", "xlsxwriter", "scipy", "survival"}),
    "map": ("oligoscope.map_answer", {"matplotlib", "docx", "xlsxwriter", "scipy", "survival"}),
    "report": ("oligoscope.run_documents, oligoscope.report.shared_work as work; work.get_ready()",
               {"scipy", "survival", "openpyxl"}),
    "run": ("oligoscope.workflow", {"scipy.stats", "scipy.optimize"}),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("command", LOADS)
def test_a_command_loads_no_library_that_it_does_not_need(command):
    rooms, unneeded = LOADS[command]
    code = f"import {rooms}\nimport sys\nsys.exit(' '.join(sorted({unneeded} & set(sys.modules))) or 0)"

    assert run("-c", code).stderr.strip() == ""


def test_rooms_import_only_the_floors_below():
    """The contracts of pyproject.toml: floors, no circles, statistics that know no frames."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

    outcome = run("-c", code)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_public_names_are_sorted():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    lists = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    ]

    assert len(lists) == 1
    names = ast.literal_eval(lists[0])
    assert list(names) == sorted(names)


def test_the_package_says_the_version_it_is_built_as():
    text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")

    assert f'__version__ = "{PYPROJECT["project"]["version"]}"' in text


def test_help_is_answered_without_the_heavy_libraries(record_property):
    """Measured and recorded, not limited, in seconds: those belong to the machine, the modules to us."""
    measured = []
    for _ in range(3):
        outcome = run("-c", HELP)
        assert outcome.returncode == 0, outcome.stderr
        measured.append(json.loads(outcome.stdout.splitlines()[-1]))

    seconds = min(one["seconds"] for one in measured)
    record_property("help_cpu_seconds", seconds)
    assert HEAVY & set(measured[0]["modules"]) == set()


def test_every_module_says_what_it_is():
    silent = [path.relative_to(PACKAGE) for path in MODULES if not ast.get_docstring(tree_of(path))]

    assert silent == []


def test_no_module_is_named_for_nothing():
    named = {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}

    assert named & NAMES_THAT_SAY_NOTHING == set()


def test_no_module_is_too_long_to_read():
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }

    assert {n: k for n, k in lengths.items() if k > (LINES_OF_A_LIST if n in LISTS else LINES_AT_MOST)} == {}


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if hit := MACHINE_PATHS.search(line) or REGISTRIES.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {hit[0]}")

    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text).strip() + "\n")
    entries = [entry for entry in entries if entry.strip()]

    assert all(re.match(r"[a-z0-9-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    assert {name_of(entry) for entry in entries} >= set(RUNTIME)
    assert not re.search(r"://|index-url|find-links", text)


def test_both_lock_files_name_the_same_versions():
    def versions(name: str) -> set[str]:
        return set(re.findall(r"(?m)^[a-z0-9-]+==\S+", (ROOT / name).read_text(encoding="utf-8")))

    small, large = (versions(name) for name in LOCKS)
    assert small <= large


def test_every_dependency_is_bounded_and_explained():
    """docs/dependencies.md says why we have it; pyproject.toml says from where to where it serves."""
    explained = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    requirements = PYPROJECT["project"]["dependencies"]
    names = [re.split("[=<>]", requirement)[0] for requirement in requirements]

    assert [r for r in requirements if "==" not in r and not (">=" in r and "<" in r)] == []
    assert [name for name in names if f"`{name}`" not in explained] == []


def test_the_package_imports_only_what_it_declares():
    imported = set()
    for path in MODULES:
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])

    named = {
        "fonttools": "fontTools",
        "python-docx": "docx",
        "ruamel-yaml": "ruamel",
        "zlib-ng": "zlib_ng",
    }  # imported under another name
    declared = {named.get(name, name) for name in RUNTIME}
    extras = {
        "pyspark",
        "sqlalchemy",
    }  # of the extras [spark] and [sql]; imported only where it was asked for
    assert imported - sys.stdlib_module_names - {"oligoscope"} - extras <= declared
    assert declared <= imported


def test_every_room_is_in_the_picture_of_the_house():
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.name for path in PACKAGE.iterdir() if path.suffix == ".py" and path.stem != "__init__"]
    rooms += [f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")]

    assert [room for room in rooms if room not in picture] == []


def test_the_picture_of_the_house_is_drawn_from_the_code():
    script = ROOT / "scripts" / "print_house.py"
    checked = subprocess.run(
        [sys.executable, script, "--check"], check=False, capture_output=True, text=True, encoding="utf-8"
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", ["demo", "tests"])
def test_the_readme_has_the_command_that_is_tried_for_every_change(name):
    """.ci/run takes both commands from the README, between markers, and runs them unchanged."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(rf"<!-- command: {name} -->\n```bash\n(.+)\n```\n", text)

    assert len(commands) == 1


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("README*.md")), ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))],
    ids=lambda path: path.name,
)
def test_links_lead_to_files_that_exist(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", oligoscope.__all__)
def test_every_public_name_can_be_imported(name):
    assert getattr(oligoscope, name)
