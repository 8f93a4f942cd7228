"""Whether the zip of a platform could run there, as far as can be seen from elsewhere; exit 1 with each thing that is wrong.

check_layout.py FILE.zip windows|macos|linux 3.12
"""

from __future__ import annotations

import re
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 200  # characters of a path below the folder; Windows allows 260 with the folder before it
# Machine code of each platform, and what no other platform can load.
NATIVE = {"windows": (".pyd", ".dll"), "macos": (".so", ".dylib"), "linux": (".so",)}
MAGIC = {"windows": (b"MZ",), "macos": (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"), "linux": (b"\x7fELF",)}
STARTS = {"windows": "start.bat", "macos": "start.command", "linux": "start.sh"}
RESERVED = re.compile(r'[<>:"|?*\\]|[ .]$|(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)', re.IGNORECASE)


def problems(packed: zipfile.ZipFile, platform: str, python: str) -> list[str]:
    """Everything that would keep it from running."""
    found: list[str] = []
    entries = {info.filename.partition("/")[2]: info for info in packed.infolist()}
    names = set(entries)
    for wanted in (STARTS[platform], "start.py", "README.txt", "files.sha256", "lib/oligoscope/cli.py"):
        if wanted not in names:
            found.append(f"{wanted} is not in it")
    found += [
        f"{name}: a name or length that Windows does not allow"
        for name in names
        if RESERVED.search(name) or len(name) > LONGEST
    ]
    tag = "cp" + python.replace(".", "")
    natives = 0
    for name, info in entries.items():
        suffix = Path(name).suffix
        if suffix not in {".so", ".pyd", ".dll", ".dylib"} and ".so." not in name:
            continue
        natives += 1
        with packed.open(info) as file:
            head = file.read(4)
        if not head.startswith(MAGIC[platform]):
            found.append(f"{name}: machine code of another platform")
        other = re.search(r"(?:cpython-|\.cp)(3\d+)", name)
        if other and "cp" + other[1] != tag:
            found.append(f"{name}: built for another Python")
    if natives < 50:
        found.append(f"only {natives} files of machine code")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    installed = {
        re.sub(r"[-_.]+", "-", n.split("/")[1].split("-")[0]).lower() for n in names if ".dist-info/" in n
    }
    for line in declared:
        package = re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ \[]", line)[0]).lower()
        if package not in installed:
            found.append(f"{package} is not in it")
    start = packed.read(entries[STARTS[platform]]) if STARTS[platform] in names else b""
    is_crlf = b"\r\n" in start
    if is_crlf != (platform == "windows") or (is_crlf and b"\n" in start.replace(b"\r\n", b"")):
        found.append(f"{STARTS[platform]}: line ends of another platform")
    if (
        platform != "windows"
        and STARTS[platform] in names
        and not entries[STARTS[platform]].external_attr >> 16 & 0o100
    ):
        found.append(f"{STARTS[platform]}: may not be executed")
    if python.encode() not in start:
        found.append(f"{STARTS[platform]}: does not name Python {python}")
    return found


def main() -> None:
    """Check the zip that the arguments name."""
    path, platform, python = sys.argv[1:4]
    with zipfile.ZipFile(path) as packed:
        found = problems(packed, platform, python)
    print("\n".join(found) or f"{Path(path).name}: sound for {platform}, Python {python}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
