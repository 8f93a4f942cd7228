"""Writes docs/supply/wheels.txt and docs/platforms.md: which platforms have ready-built wheels of every locked package.

print_platforms.py           asks the index, by uv, for the files whose hashes requirements.lock holds; writes both
print_platforms.py --check   reads wheels.txt, without a network; exit 1 where it is not true to the lock, or the page to it
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lock_files import ROOT, RUN, Locked, read_lock
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

FILES, PAGE = ROOT / "docs" / "supply" / "wheels.txt", ROOT / "docs" / "platforms.md"
HEAD = "# SHA-256 and name of every file of requirements.lock\n"
OTHER = "(for Pythons before 3.11)"
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))


@dataclass(frozen=True)
class Platform:
    """A kind of computer, and the platform tags of the wheels that it can install, the newest first."""

    name: str
    tags: tuple[str, ...]
    sys_platform: str = "linux"


def manylinux(newest: int, machine: str) -> tuple[str, ...]:
    """glibc 2.17 to 2.`newest`, with the older names of three of them."""
    old = {17: f"manylinux2014_{machine}", 12: f"manylinux2010_{machine}", 5: f"manylinux1_{machine}"}
    least = 5 if machine == "x86_64" else 17
    tags = [
        tag for n in range(newest, least - 1, -1) for tag in (f"manylinux_2_{n}_{machine}", old.get(n)) if tag
    ]
    return (*tags, f"linux_{machine}")


def musllinux(machine: str) -> tuple[str, ...]:
    return (*(f"musllinux_1_{n}_{machine}" for n in range(2, -1, -1)), f"linux_{machine}")


def macos(newest: int, machine: str) -> tuple[str, ...]:
    """macOS 10.9 (11 on ARM) to `newest`."""
    later = [(n, 0) for n in range(newest, 10, -1)]
    tens = [(10, n) for n in range(16, 8, -1)]
    kinds = {10: (machine, "universal2") if machine == "x86_64" else ("universal2",)}
    return tuple(
        f"macosx_{a}_{b}_{kind}" for a, b in (*later, *tens) for kind in kinds.get(a, (machine, "universal2"))
    )


PLATFORMS = (
    Platform("Linux x86-64, glibc 2.28 or later (Debian 10, RHEL 8, Ubuntu 20.04)", manylinux(28, "x86_64")),
    Platform("Linux x86-64, glibc 2.17 (CentOS 7)", manylinux(17, "x86_64")),
    Platform("Linux ARM64, glibc 2.28 or later", manylinux(28, "aarch64")),
    Platform("Linux x86-64, musl (Alpine)", musllinux("x86_64")),
    Platform("Linux ARM64, musl", musllinux("aarch64")),
    Platform("macOS 14 or later, Apple silicon", macos(14, "arm64"), "darwin"),
    Platform("macOS 12 and 13, Apple silicon", macos(12, "arm64"), "darwin"),
    Platform("macOS 14 or later, Intel", macos(14, "x86_64"), "darwin"),
    Platform("Windows x86-64", ("win_amd64",), "win32"),
    Platform("Windows ARM64", ("win_arm64",), "win32"),
    Platform("Windows 32-bit", ("win32",), "win32"),
)


def read_files() -> dict[str, str]:
    """Hash -> file name, as stored."""
    lines = FILES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("  ", 1) for line in lines if not line.startswith("#"))  # pyright: ignore[reportReturnType]


def ask_index() -> dict[str, str]:
    """Hash -> file name of every file of the locked versions, from the index that uv is set up with."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "pylock.toml"
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv if uv.is_file() else "uv", "pip", "compile", RUN, "--quiet", "--no-config", "--universal", "--no-deps",
             "--python-version", "3.11", "--generate-hashes", "--format", "pylock.toml", "-o", target], check=True,
        )  # fmt: skip
        packages = tomllib.loads(target.read_text(encoding="utf-8"))["packages"]
    found = [f for p in packages for f in (*p.get("wheels", ()), *([p["sdist"]] if "sdist" in p else []))]
    return {f["hashes"]["sha256"]: f.get("name") or f["url"].rsplit("/", 1)[-1] for f in found}


def wheels_of(one: Locked, files: dict[str, str]) -> list[frozenset[Tag]]:
    names = (files[digest] for digest in one.hashes)
    return [parse_wheel_filename(name)[3] for name in names if name.endswith(".whl")]


def without_wheel(platform: Platform, python: tuple[int, int], files: dict[str, str]) -> list[str]:
    """The packages that this platform would have to build from source, for this Python."""
    abi = f"cp{python[0]}{python[1]}"
    fits = {*cpython_tags(python, [abi], platform.tags), *compatible_tags(python, abi, platform.tags)}
    environment = {
        "sys_platform": platform.sys_platform, "python_version": f"{python[0]}.{python[1]}",
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform.sys_platform],
    }  # fmt: skip
    needed = [one for one in read_lock(RUN) if not one.marker or Marker(one.marker).evaluate(environment)]
    return [one.name for one in needed if not any(tags & fits for tags in wheels_of(one, files))]


def rows(files: dict[str, str]) -> Iterator[str]:
    for platform in PLATFORMS:
        cells = []
        for python in PYTHONS:
            lacking = without_wheel(platform, python, files)
            cells.append(", ".join(f"`{name}`" for name in lacking) if lacking else "all")
        yield f"| {platform.name} | {' | '.join(cells)} |"


def page(files: dict[str, str]) -> str:
    """docs/platforms.md."""
    head = " | ".join(f"Python {a}.{b}" for a, b in PYTHONS)
    return "\n".join([
        "# Platforms", "",
        "Where `pip install --require-hashes -r requirements.lock` finds a ready-built wheel of every package (*all*), and which packages",
        "it does not find one of. Those would be built from source, with compilers (C, C++, Fortran, Rust) that the machine must have;",
        "this is not tested, and such a platform is not supported. Read from the names of the files whose hashes the lock file holds",
        "([wheels.txt](supply/wheels.txt)) by `scripts/supply/print_platforms.py`; a test holds this page to the lock file.", "",
        f"| platform | {head} |", "|---|" + "---|" * len(PYTHONS), *rows(files), "",
        "A wheel that fits is not a test: `scripts/supply/python_matrix.sh` installs and runs the program on the interpreters that a machine has,",
        "and `oligoscope doctor` checks an installation wherever it is. Windows ARM64 machines can run the x86-64 Python, which has all wheels.",
        "`oligoscope serve` needs no other packages, and any browser of the last years that runs scripts; the tests use Chromium on Linux. `scripts/portable.sh` makes a",
        "zip for Windows x86-64, macOS (Apple silicon) or Linux x86-64 from the same wheels, for one version of Python ([windows.md](windows.md#one-zip-without-an-installer));",
        "the one for Linux is started by `.ci/run`, of the others the layout is checked.",
        "On an older Linux (CentOS 7) or on Alpine use a container with a newer glibc. What to do on Windows: [windows.md](windows.md).", "",
    ])  # fmt: skip


def check(files: dict[str, str]) -> list[str]:
    """What is not true to the lock file."""
    locked = {digest: one.name for one in read_lock(RUN) for digest in one.hashes}
    found = [f"{files[d]}: its hash is not in the lock file" for d in files.keys() - locked.keys()]
    lacking = Counter(locked[d] for d in locked.keys() - files.keys())
    found += [f"{name}: {n} of its hashes are not in {FILES.name}" for name, n in lacking.items()]
    found += [
        f"{one.name}: none of its files is named"
        for one in read_lock(RUN)
        if all(files.get(d, OTHER) == OTHER for d in one.hashes)
    ]
    if not found and PAGE.read_text(encoding="utf-8") != page(files):
        found.append(f"{PAGE.name} is not what {FILES.name} gives")
    return sorted(found)


def main() -> None:
    if "--check" in sys.argv:
        found = check(read_files())
        sys.exit("\n".join(found) if found else 0)
    files = ask_index()
    locked = {d for one in read_lock(RUN) for d in one.hashes}
    files |= dict.fromkeys(locked - files.keys(), OTHER)  # of Pythons before 3.11, which uv leaves out
    lines = sorted(f"{digest}  {name}" for digest, name in files.items())
    FILES.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    PAGE.write_text(page(files), encoding="utf-8")
    print(FILES.relative_to(ROOT), PAGE.relative_to(ROOT), sep="\n")


if __name__ == "__main__":
    main()
