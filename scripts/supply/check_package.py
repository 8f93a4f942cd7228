"""Builds sdist and wheel and checks what is in them; leaves them in the folder that is named.

    check_package.py FOLDER

The wheel holds every committed file of src/oligoscope, its metadata and licences, and nothing else; the sdist the committed
files that pyproject.toml names. Neither holds data of tests beyond that, caches, or a path of this machine. The wheel
built from the sdist is the same, byte by byte, as the one built from the work tree.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = f"oligoscope-{SETTINGS['project']['version']}"
NEEDED = (  # of each kind that code asks for by name and whose absence no import shows
    r"oligoscope/drawing/fonts/.+\.(ttf|otf|ttc)", r"oligoscope/drawing/fonts/OFL\.txt", r"oligoscope/published/huang2025\.(yaml|json)",
    r"oligoscope/doctor/answers/results\.csv", r"oligoscope/doctor/study/study\.yaml", r"oligoscope/py\.typed",
)  # fmt: skip
UNWANTED = re.compile(
    r"(^|/)(tests|benchmarks|__pycache__|\.git|\.venv)/|\.py[co]$|\.(parquet|xlsx|docx|sas7bdat|xpt)$"
)
LARGEST = 6_000_000  # bytes of the wheel; a package index is no place for data


def committed(*folders: str) -> set[str]:
    """Names of the committed files in these folders of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *folders], cwd=ROOT, capture_output=True, check=True
    )
    return {name for name in listed.stdout.decode().split("\0") if name}


def build(source: Path, kind: str, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def faults_of_wheel(names: set[str]) -> list[str]:
    """What the wheel has too much or lacks."""
    code = {name.removeprefix("src/") for name in committed("src/oligoscope")}
    info = {f"{NAME}.dist-info/{n}" for n in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
    licences = {f"{NAME}.dist-info/licenses/{n}" for n in SETTINGS["project"]["license-files"]}
    found = [f"wheel: {name} is not committed" for name in names - code - info - licences]
    found += [f"wheel: {name} is missing" for name in (code | info | licences) - names]
    found += [
        f"wheel: no file {pattern}" for pattern in NEEDED if not any(re.fullmatch(pattern, n) for n in names)
    ]
    return found + [f"wheel: {name} does not belong there" for name in names if UNWANTED.search(name)]


def faults_of_sdist(names: set[str]) -> list[str]:
    """What the sdist has too much or lacks."""
    included = SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    wanted = committed(*(entry.lstrip("/") for entry in included))
    always = {"pyproject.toml", "README.md", "LICENSE", ".gitignore", "PKG-INFO"}
    found = [
        f"sdist: {name} is not committed, or not named in pyproject.toml" for name in names - wanted - always
    ]
    return found + [f"sdist: {name} is missing" for name in (wanted | always) - names]


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wheel, sdist = build(ROOT, "wheel", folder), build(ROOT, "sdist", folder)
    with zipfile.ZipFile(wheel) as file:
        in_wheel = set(file.namelist())
    with tarfile.open(sdist) as file, tempfile.TemporaryDirectory() as scratch:
        in_sdist = {m.name.removeprefix(f"{NAME}/") for m in file.getmembers() if m.isfile()}
        file.extractall(scratch, filter="data")
        again = build(Path(scratch) / NAME, "wheel", Path(scratch) / "again").read_bytes()
    faults = faults_of_wheel(in_wheel) + faults_of_sdist(in_sdist)
    if again != wheel.read_bytes():
        faults.append("the wheel built from the sdist differs from the one built from the work tree")
    if wheel.stat().st_size > LARGEST:
        faults.append(f"the wheel has {wheel.stat().st_size} bytes")
    print(
        f"{wheel.name}: {len(in_wheel)} files, {wheel.stat().st_size / 1e6:.1f} MB; {sdist.name}: {len(in_sdist)} files"
    )
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
