"""The facts of every patient, written partition by partition; no analyses."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from oligoscope.bilingual import Language
from oligoscope.checked_study import Checked, Progress, must_run, silent, with_place
from oligoscope.engines.collecting import Collected
from oligoscope.engines.deriving import How, derive_into
from oligoscope.engines.partitions import partition_tables
from oligoscope.errors import DataError
from oligoscope.output_folder import (
    scratch_beside,
    writing,
)
from oligoscope.run_record import how_to_repeat, write_findings, write_issues, write_record, write_table


def derive_study(
    checked: Checked,
    out: Path,
    progress: Progress = silent,
    how: How | None = None,
    accept_issues: bool = False,
    language: Language = "en",
) -> Collected:
    """Responses, patterns, resistance, endpoints and the reason of each, partition by partition; no analyses.

    Raises:
        DataError: Parquet tables hold rows that must be left out, and this was not accepted; the findings
            are written.
    """
    began, how = time.perf_counter(), how or How()
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    try:
        with writing(out) as folder, scratch_beside(out) as scratch:
            if checked.unread is None:
                parts = partition_tables(checked.tables, how.partition_patients, checked.n_quarantined)
                whole = checked.tables.whole
            else:
                parts = checked.unread.parts(how.partition_patients, scratch)
                whole = checked.unread.whole
            found = derive_into(folder, parts, protocol, whole, how, progress, checked.issues)
            checked = replace(checked, issues=found.issues)
            must_run(checked, accept_issues, language)
            progress("write")
            write_table(found.flow.frame(), folder / "flow.csv", mark=True)
            write_issues(checked.issues, folder)
            repeat = how_to_repeat(checked, out, format=how.file_format)
            write_record(folder, checked, "derive", "done", time.perf_counter() - began, repeat)
    except DataError as error:
        if checked.unread is None:
            raise
        write_findings(checked, out, "derive")
        raise with_place(error, out, language) from None
    return found
