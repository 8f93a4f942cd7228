"""What `derive` and `run` answer where the data must be corrected first."""

from __future__ import annotations

from pathlib import Path

from oligoscope.checked_study import Checked, must_run, with_place
from oligoscope.command_options import Lang, language_of
from oligoscope.errors import DataError
from oligoscope.run_record import write_findings


def stop_if_unusable(checked: Checked, accept: bool, out: Path, lang: Lang, command: str) -> None:
    """Where the data must be corrected, write the findings and raise the error."""
    try:
        must_run(checked, accept, language_of(lang))
    except DataError as error:
        write_findings(checked, out, command)
        raise with_place(error, out, language_of(lang)) from None
