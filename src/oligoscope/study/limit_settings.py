"""How large files of data may be, as study.yaml sets it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from oligoscope.study.settings_base import Settings


class LimitSettings(Settings):
    """How large a file of data may be; looked at before memory is spent on it."""

    file_mb: Annotated[int, Field(ge=1)] = 200  # of a file read whole, in millions of bytes
    unpacked_mb: Annotated[int, Field(ge=1)] = 200  # of a workbook once unpacked
    rows: Annotated[int, Field(ge=1)] = 2_000_000  # of a file read cell by cell
    parquet_rows: Annotated[int, Field(ge=1)] = 500_000_000  # of a parquet file read in typed columns
    columns: Annotated[int, Field(ge=1)] = 2_000
    cells: Annotated[int, Field(ge=1)] = 30_000_000  # rows by columns of a file read cell by cell
    cell_length: Annotated[int, Field(ge=1)] = 131_072  # characters
    name_length: Annotated[int, Field(ge=1)] = 500  # characters of the name of a column
