"""What one needs to repeat a study, as the members of a zip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from oligoscope.bilingual import Text
from oligoscope.plan_lock import PLAN_FILE
from oligoscope.web.answer_store import RUN_FILE
from oligoscope.web.output_files import file_of, listed
from oligoscope.web.studies import KEY_FILE, OUTPUT, Study

_OF_PATIENTS: Final = ("patient_id", "matched_with")
README: Final = Text(
    "如何重做本研究\n\n1. 安装 Oligoscope（版本见 output/run.json 的 version）。\n2. 在本文件夹运行：oligoscope verify output\n"
    "   或在浏览器中打开：oligoscope serve，并把本文件夹放入研究所在的文件夹。\n3. analysis.R 用 R 重做全部分析。\n\n"
    "study.yaml 为全部设置；output/results.csv 为每个报告数字；output/run.json 记录版本、种子与各文件的校验和。\n",
    "How to repeat this study\n\n1. Install Oligoscope (its version is in output/run.json).\n2. In this folder run: oligoscope verify output\n"
    "   or open it in the browser: oligoscope serve, with this folder in the folder of studies.\n3. analysis.R repeats every analysis in R.\n\n"
    "study.yaml has every setting, output/results.csv every reported number, output/run.json versions, seed and checksums.\n",
)
WITHOUT: Final = Text(
    "\n本压缩包不含数据文件，也不含逐例列出患者的表；重做须另有数据。\n",
    "\nThis zip has no data and no lists of patients; to repeat the study you need the data besides.\n",
)


def members_of(study: Study, *, with_data: bool, with_key: bool) -> Iterator[tuple[str, Path | bytes]]:
    """Settings, data, results, documents, the record of the run.

    Args:
        study: One that has run.
        with_data: Whether the user's files and all lists of single patients are in it.
        with_key: Whether the key of study numbers is.
    """
    note = "" if with_data else "\n".join((WITHOUT.zh, WITHOUT.en))
    yield "README.txt", f"{README.zh}\n{README.en}{note}".encode()
    for path in (study.file, study.mapping, study.folder / PLAN_FILE):
        if path.is_file():
            yield path.name, path
    if with_data:
        for path in study.data_files():
            yield path.relative_to(study.folder).as_posix(), path
    yield f"{OUTPUT}/{RUN_FILE}", study.output / RUN_FILE
    for name in sorted(listed(study)):
        path = file_of(study, name)
        if path is not None and (with_data or not lists_patients(path)):
            yield f"{OUTPUT}/{name}", path
    if with_key:
        for folder, name in ((study.folder, KEY_FILE), (study.output, f"{OUTPUT}/{KEY_FILE}")):
            if (folder / KEY_FILE).is_file():
                yield name, folder / KEY_FILE


def lists_patients(path: Path) -> bool:
    """Whether a file of a run has rows of single patients."""
    if path.name == "patients.json":
        return False  # conditions on columns, no patient
    if path.suffix != ".csv":
        return path.name.startswith("numbers.")
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline(65536)
    return any(name in head for name in _OF_PATIENTS) or path.name == "issues.csv"
