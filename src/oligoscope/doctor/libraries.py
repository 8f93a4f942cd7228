"""Python and the libraries: present, and within the bounds that the package declares."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from oligoscope.bilingual import Text
from oligoscope.doctor.check import Check, compared
from oligoscope.errors import UsageError

PACKAGE = "oligoscope"


def needed_libraries() -> list[Requirement]:
    """What the installed package declares that it needs on this computer; extras are left out."""
    declared = [Requirement(line) for line in requires(PACKAGE) or ()]
    return [one for one in declared if one.marker is None or one.marker.evaluate({"extra": ""})]


def check_libraries(
    needed: list[Requirement] | None = None, version_of: Callable[[str], str] = version
) -> Check:
    """Whether every library is there, in a version within its bounds.

    Args:
        needed: In place of what the package declares.
        version_of: The installed version of a library.

    Raises:
        UsageError: Libraries are missing, so that nothing else can be checked.
    """
    needed = needed_libraries() if needed is None else needed
    missing = [str(one) for one in needed if not _is_installed(one.name, version_of)]
    if missing:
        listed = ", ".join(missing)
        raise UsageError(
            f"{len(missing)} of {len(needed)} libraries are not installed: {listed}. Install the package again, with its "
            "lock file: pip install --require-hashes -r requirements.lock.",
            zh=f"{len(needed)} 个程序库中有 {len(missing)} 个未安装：{listed}。请按锁定文件重新安装："
            "pip install --require-hashes -r requirements.lock。",
        )
    said = Text(
        f"Python {platform.python_version()} 与 {len(needed)} 个程序库的版本",
        f"versions of Python ({platform.python_version()}) and {len(needed)} libraries",
    )
    return compared("libraries", said, (*_of_python(), *_out_of_bounds(needed, version_of)))


def _is_installed(name: str, version_of: Callable[[str], str]) -> bool:
    try:
        version_of(name)
    except PackageNotFoundError:
        return False
    return True


def _of_python() -> Iterator[Text]:
    bounds = metadata(PACKAGE)["Requires-Python"] or ""
    if platform.python_version() not in SpecifierSet(bounds, prereleases=True):
        yield _outside("Python", platform.python_version(), bounds)


def _out_of_bounds(needed: list[Requirement], version_of: Callable[[str], str]) -> Iterator[Text]:
    for one in needed:
        found = version_of(one.name)
        if not one.specifier.contains(found, prereleases=True):
            yield _outside(one.name, found, str(one.specifier))


def _outside(name: str, found: str, bounds: str) -> Text:
    return Text(f"{name} {found}：要求 {bounds}", f"{name} {found}: needed is {bounds}")


def broken_library(error: ImportError | OSError, spoiled: Check) -> UsageError:
    """The error that something which is installed cannot be loaded.

    Args:
        error: As Python gave it.
        spoiled: The check of the package's own files, which may say why.
    """
    reason = " ".join(str(error).split())[:200]
    zh = [
        f"有程序库或程序文件已安装但无法载入（{reason}）。请重新安装，或改用有现成安装包的平台（见 docs/platforms.md）。"
    ]
    en = [
        f"A library or a file of the program is installed but cannot be loaded ({reason}). Install it again, or use a platform "
        "that has ready-built wheels (docs/platforms.md)."
    ]
    return UsageError(
        "\n".join(en + [f"  {found.en}" for found in spoiled.findings]),
        zh="\n".join(zh + [f"  {found.zh}" for found in spoiled.findings]),
    )
