"""From the cells of sheets to the rows of each table: continued blocks, columns of scans, one sheet for several tables."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.intake.files.blocks import filled_down, shared
from oligoscope.intake.files.long_rows import in_long_rows, lesions_in_headers
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.rows_of_no_lesion import without_sums
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import LESIONS, MEASUREMENTS

_OF_LESIONS = (LESIONS.name, MEASUREMENTS.name)


def own_rows(tables: Mapping[str, RawTable], sources: Mapping[str, TableSource]) -> dict[str, RawTable]:
    """Every table with its own rows and columns, also where one sheet holds several of them."""
    whole = {name: filled_down(raw, sources[name]) for name, raw in tables.items()}
    whole |= {name: without_sums(whole[name], sources[name]) for name in _OF_LESIONS if name in whole}
    scans: dict[str, frozenset[str]] = {}
    if MEASUREMENTS.name in whole:
        before = whole[MEASUREMENTS.name]
        after = in_long_rows(before, sources[MEASUREMENTS.name])
        scans = {
            sheet: frozenset(before.headers[sheet]) - frozenset(there)
            for sheet, there in after.headers.items()
        }
        whole[MEASUREMENTS.name] = after
    if LESIONS.name in whole:
        before = whole[LESIONS.name]
        after = lesions_in_headers(before, sources[LESIONS.name])
        for sheet, there in after.headers.items():
            own = frozenset(before.headers[sheet]) - frozenset(there)
            scans[sheet] = scans.get(sheet, frozenset()) | own
        whole[LESIONS.name] = after
    return shared(whole, sources, scans)
