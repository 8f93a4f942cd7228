"""A column for each driver gene (EGFR, ALK, ROS1) as one column of driver genes, in the words of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.long_rows import is_given
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.study.dictionary.missing_words import means_missing
from oligoscope.study.dictionary.words import plain, read_level, read_yes_no
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import PATIENTS

_DRIVER = PATIENTS.column("driver_gene")
_HEADER = re.compile(
    r"(?P<gene>EGFR|(?:EML4-?)?ALK|ROS-?1)\s*(?:基因)?\s*(?P<change>突变|融合|重排|MUTATION|MUTATED|FUSION|REARRANGEMENT|TRANSLOCATION)?"
    r"\s*(?:状态|检测|检测结果|结果|情况|STATUS|RESULTS?|TEST)?"
)
_NEEDED = {"EGFR", "ALK"}  # both must be known to be negative


def with_driver_genes(raw: RawTable, source: TableSource) -> RawTable:
    """The table with one column of driver genes, where the sheet has EGFR and ALK in columns of their own and no such column.

    A cell of it is `EGFR 19del, ALK negative`; its header names the columns that it is made from, which stay.
    """
    found = _genes(raw.columns)
    if not set(found) >= _NEEDED or is_given(raw.columns, raw.name, _DRIVER.name, source):
        return raw
    name = "/".join(header for header, _ in found.values())
    rows = zip(*(raw.frame[header].to_list() for header, _ in found.values()), strict=True)
    cells = [_joined(found, row) for row in rows]
    declared = {s: _labelled(raw.declared.get(s), name) for s in raw.headers}
    headers = {
        s: (*there, name) if any(h in there for h, _ in found.values()) else there
        for s, there in raw.headers.items()
    }
    frame = raw.frame.with_columns(pl.Series(name, cells, dtype=pl.String))
    return replace(raw, frame=frame, headers=headers, declared=declared)


def _labelled(declared: Declared | None, name: str) -> Declared:
    there = declared or Declared()
    return replace(there, labels={**there.labels, name: _DRIVER.name})


def _genes(headers: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Of each gene its header, and whether the header says that it is about a mutation; none where two are of one gene."""
    found: dict[str, tuple[str, bool]] = {}
    for header in headers:
        match = _HEADER.fullmatch(unicodedata.normalize("NFKC", header).upper().strip())
        if match is None:
            continue
        gene = re.sub(r"EML4-?|-", "", match["gene"])
        if gene in found:
            return {}
        found[gene] = (header, match["change"] is not None)
    return found


def _joined(genes: Mapping[str, tuple[str, bool]], cells: Sequence[str | None]) -> str | None:
    pairs = zip(genes.items(), cells, strict=True)
    said = [word for (gene, (_, change)), cell in pairs if (word := _said(gene, cell, is_change=change))]
    return ", ".join(said) or None


def _said(gene: str, cell: str | None, *, is_change: bool) -> str | None:
    """What a cell says of its gene; None where it is blank."""
    word = clean(cell) if cell else None
    if word is None:
        return None
    level = read_level(_DRIVER, word)
    if level is None and means_missing(_DRIVER, plain(word)):
        return None
    if level is None and is_change and (yes := read_yes_no(word)) is not None:
        level = "positive" if yes else "negative"
    if level is not None and gene not in word.upper():
        return f"{gene} {level}"
    return word if gene in word.upper() else f"{gene} {word}"
