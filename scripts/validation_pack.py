"""Runs the tests of the validation pack and writes validation.zh.html and validation.en.html.

    validation_pack.py DIR

Exit 0 where every requirement is shown to be met, 1 where one is not; the documents are written either way. Needs the
repository (or the sdist, which holds the tests) and an environment of requirements-dev.lock with the package installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT / "tests"), os.environ.get("PYTHONPATH"))))

import oligoscope  # noqa: E402 - tests/ must be on the path first
from oligoscope.bilingual import LANGUAGES, Text  # noqa: E402
from validation.outcomes import run_tests  # noqa: E402
from validation.pack import files_to_run, is_shown, print_pack  # noqa: E402
from validation.requirements import REQUIREMENTS  # noqa: E402


def commit() -> str:
    """The commit of the repository; blank where this is none."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def checksum_of(folder: Path) -> str:
    """SHA-256 over names and bytes of every file of a folder that is part of the program."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def libraries() -> str:
    """The installed libraries that the lock file of the program names, with their versions."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {line.split("==")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}
    found = {
        d.metadata["Name"].lower().replace("_", "-").replace(".", "-"): d.version for d in distributions()
    }
    return ", ".join(f"{name} {found[name]}" for name in sorted(locked & found.keys()))


def identity() -> list[tuple[Text, str]]:
    """What is validated, and on what."""
    return [
        (Text("程序与版本", "Program and version"), f"oligoscope {oligoscope.__version__}"),
        (Text("提交", "Commit"), commit() or "-"),
        (Text("程序文件的 SHA-256", "SHA-256 of the program's files"), checksum_of(Path(oligoscope.__file__).parent)),
        (Text("锁定文件的 SHA-256", "SHA-256 of the lock file"), hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()),
        (Text("Python", "Python"), platform.python_version()),
        (Text("系统", "System"), f"{platform.system()} {platform.release()}, {platform.machine()}"),
        (Text("程序库", "Libraries"), libraries()),
        (Text("运行日期", "Date of the run"), date.today().isoformat()),
    ]  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    found = run_tests(files_to_run())
    about = identity()
    for language in LANGUAGES:
        path = folder / f"validation.{language}.html"
        path.write_text(print_pack(found, about, language), encoding="utf-8")
        print(path)
    missing = [one.id for one in REQUIREMENTS if not is_shown(one, found)]
    if missing:
        sys.exit(f"not shown to be met: {', '.join(missing)}")


if __name__ == "__main__":
    main()
