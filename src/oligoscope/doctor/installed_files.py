"""The files of the installed package: whole, and as they were when it was built."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackagePath, distribution
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.doctor.check import Check, Ended, compared

PACKAGE = "oligoscope"


def check_own_files() -> Check:
    """`check_installed_files` of the package that runs."""
    return check_installed_files(distribution(PACKAGE), Path(__file__).parents[1])


def check_installed_files(installed: Distribution, running: Path) -> Check:
    """Whether each file has the checksum that the wheel recorded for it.

    Args:
        installed: The package as it was installed.
        running: The folder of the package that runs.
    """
    recorded = [file for file in installed.files or () if file.hash is not None and file.parts[0] == PACKAGE]
    if Path(str(installed.locate_file(PACKAGE))).resolve() != running.resolve() or not recorded:
        return Check("files", Ended.NOT_CHECKED, Text(
            "程序文件：程序从工作文件夹运行，不是从安装包运行，没有可对照的校验值",
            "files of the program: it runs from a work folder, not from an installed wheel, and there are no checksums to compare with",
        ))  # fmt: skip
    said = Text(f"{len(recorded)} 个程序文件的校验值", f"checksums of {len(recorded)} files of the program")
    return compared("files", said, _spoiled(recorded, installed))


def _spoiled(recorded: list[PackagePath], installed: Distribution) -> Iterator[Text]:
    for file in recorded:
        path = Path(str(installed.locate_file(file)))
        try:
            content = path.read_bytes()
        except OSError:
            yield Text(f"{file} 缺失或无法读取", f"{file} is missing or cannot be read")
            continue
        assert file.hash is not None
        digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest()).decode().rstrip("=")
        if digest != file.hash.value:
            yield Text(f"{file} 在安装后被改动", f"{file} was changed after it was installed")
