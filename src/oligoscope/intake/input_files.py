"""The files that a study names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from oligoscope.intake.genie import genie_inputs
from oligoscope.intake.issues import Issues
from oligoscope.intake.sdtm.sdtm import sdtm_inputs
from oligoscope.study.database_url import file_of_address
from oligoscope.study.file_bytes import is_file
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import TABLES
from oligoscope.study.study_file import mapping_file, study_file


def input_files(study: Path, protocol: Protocol, folder: Path) -> dict[str, Path]:
    """study.yaml, mapping.yaml, and every file that the study names and that was there to read, by its name in the study."""
    file, mapping = study_file(study), mapping_file(study)
    found = {_name_in(folder, path): path for path in _data_files(protocol, folder)}
    if is_file(mapping):
        found = {mapping.name: mapping, **found}
    return {file.name: file, **found}


def _name_in(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _data_files(protocol: Protocol, folder: Path) -> Iterator[Path]:
    if protocol.data.sdtm is not None:
        yield from sdtm_inputs(protocol.data.sdtm, folder)
    if protocol.data.genie is not None:
        yield from genie_inputs(folder / protocol.data.genie)
    sources = (getattr(protocol.data, name) for name in TABLES)
    named = (name for source in sources if source for name in _files_of(source))
    yield from (folder / name for name in dict.fromkeys(named) if is_file(folder / name))


def _files_of(source: TableSource) -> Iterator[str]:
    yield from source.files
    yield from (join.file for join in source.join)
    database = file_of_address(source.database or "")
    yield from (name for name in (source.dictionary, database) if name is not None)


def readable(inputs: Mapping[str, Path], issues: Issues) -> dict[str, Path]:
    """The inputs that could be read: what was refused (damaged, a device, too large) is not opened again."""
    refused = {issue.path for issue in issues if issue.rule == "file_unreadable"}
    return {name: path for name, path in inputs.items() if path not in refused}
