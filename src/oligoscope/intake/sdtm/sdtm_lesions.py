"""TU to lesions: what each tumour is, by one reader; TR may mark which of them are new."""

from __future__ import annotations

import polars as pl

from oligoscope.intake.files.cells import map_unique
from oligoscope.intake.files.columns import find_header, listed
from oligoscope.intake.files.raw_table import RawTable, table_of
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.sdtm.sdtm_domains import SUBJECT
from oligoscope.intake.sdtm.sdtm_terms import (
    NEW_KINDS,
    ROLES,
    Levels,
    our_word,
    own_places,
    says_node,
    with_own,
)
from oligoscope.study.dictionary.places import NODE
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import SdtmSource, TableSource

MERGED = "TUMERGE"
NEW_IN_TR = "TR: new lesion"  # the column of what TR records of it
LINKS = ("LNKID", "LINKID")  # the standard name, and the one seen in its place


def link_header(sheet: Sheet, prefix: str) -> str:
    """The variable that links TU and TR."""
    found = (find_header(sheet.headers, prefix + link) for link in LINKS)
    return next((header for header in found if header is not None), prefix + LINKS[0])


def lesions_of(tu: Sheet, new_ids: pl.DataFrame, settings: SdtmSource) -> tuple[RawTable, pl.DataFrame]:
    """The lesions table that TU holds, under the names of its variables.

    Args:
        tu: The rows of one reader.
        new_ids: USUBJID and lesion of those that a row of TR calls new.
        settings: The study's own columns and words.

    Returns:
        The table, and of each lesion: USUBJID, lesion, is_node, is_new.
    """
    link = link_header(tu, "TU")
    frame = _identified(tu, link)
    is_new = pl.col("is_new").fill_null(value=False)
    frame = frame.join(
        new_ids.select(SUBJECT, pl.col("lesion").alias(link), is_new=True).unique(), on=[SUBJECT, link], how="left", maintain_order="left"
    ).with_columns(pl.when(is_new).then(pl.lit("NEW")).alias(NEW_IN_TR)).drop("is_new")  # fmt: skip
    mapping = _mapping(tu, link, frame, settings)
    return table_of("lesions", tu.source, frame, mapping, ()), _known(frame, link, mapping)


def _identified(tu: Sheet, link: str) -> pl.DataFrame:
    """Rows that identify a tumour, parts of a split one under the whole; merged ones are recorded in TR."""
    frame = tu.frame
    if (test := find_header(tu.headers, "TUTESTCD")) is not None:
        frame = frame.filter(~holds(frame[test], (MERGED,)))
    if link not in frame.columns:
        return frame.with_columns(pl.lit(None, pl.String).alias(link))
    return frame.join(whole_of(frame, link), on=[SUBJECT, link], how="left", maintain_order="left").with_columns(
        pl.coalesce("whole", link).alias(link)
    ).drop("whole")  # fmt: skip


def whole_of(frame: pl.DataFrame, link: str) -> pl.DataFrame:
    """Parts of split tumours (`T04.1` where `T04` is a tumour too): USUBJID, link and the whole."""
    ids = frame.select(SUBJECT, link).unique(maintain_order=True)
    parts = ids.with_columns(whole=pl.col(link).str.extract(r"^(.+)\.\d+$")).filter(
        pl.col("whole").is_not_null()
    )
    return parts.join(ids.select(SUBJECT, whole=pl.col(link)), on=[SUBJECT, "whole"], how="semi")


def _mapping(tu: Sheet, link: str, frame: pl.DataFrame, settings: SdtmSource) -> TableSource:
    """The usual variable of each column where the file has it, the study's own in its place."""
    usual = {
        "role": ("TUSTRESC", "TUORRES"), "new_kind": ("TUSTRESC", "TUORRES"), "organ": ("TULOC",), "side": ("TULAT",),
        # The words of the location say these where the study does not map them itself.
        **{name: ("TULOC",) for name in ("station", "diffuse_kind") if name in settings.levels},
    }  # fmt: skip
    columns: dict[str, str | tuple[str, ...]] = {"patient_id": SUBJECT, "lesion_id": link}
    for ours, theirs in usual.items():
        there = tuple(h for name in theirs if (h := find_header(tu.headers, name)) is not None)
        if there:
            columns[ours] = there
    own = {name: c for name, c in settings.columns.items() if name in usual or name in _MORE}
    columns |= own
    columns["role"] = (NEW_IN_TR, *listed(columns.get("role", ("TUSTRESC",))))
    return TableSource(files=(), columns=columns, levels=_levels(columns, frame, settings))


_MORE = (
    "station",
    "diffuse_kind",
    "is_node",
    "is_primary",
    "bone_kind",
    "soft_tissue",
    "region_scanned_at_baseline",
)


def _levels(columns: dict[str, str | tuple[str, ...]], frame: pl.DataFrame, settings: SdtmSource) -> Levels:
    own = settings.levels
    places = [
        word
        for header in listed(columns.get("organ", ()))
        if header in frame.columns
        for word in frame[header].unique().drop_nulls().to_list()
    ]
    usual = {"role": ROLES, "new_kind": NEW_KINDS}
    levels = {name: with_own(own.get(name, {}), words) for name, words in usual.items()}
    return {name: own[name] for name in _MORE if name in own} | levels | own_places(places, own)


def _known(frame: pl.DataFrame, link: str, mapping: TableSource) -> pl.DataFrame:
    """Of each lesion whether it is a node and whether it is new: both decide which rows of TR count."""

    def mapped(name: str) -> pl.Series:
        words, headers = mapping.levels.get(name, {}), listed(mapping.columns.get(name, ()))
        found = [
            map_unique(
                frame[h],
                lambda word: our_word(words, word) or (word if plain(word) in words else None),
                pl.String,
            )
            for h in headers
            if h in frame.columns
        ]
        blank = pl.Series([None] * frame.height, dtype=pl.String)
        return pl.select(pl.coalesce([*found, blank])).to_series()

    if frame.is_empty():
        return pl.DataFrame(
            schema={SUBJECT: pl.String, "lesion": pl.String, "is_node": pl.Boolean, "is_new": pl.Boolean}
        )
    mapped_rows = frame.select(SUBJECT, pl.col(link).alias("lesion")).with_columns(
        organ=mapped("organ"), role=mapped("role"), node=mapped("is_node"), by_words=_by_words(frame, mapping)
    )
    return mapped_rows.group_by(SUBJECT, "lesion", maintain_order=True).agg(
        (pl.col("by_words") | (pl.col("organ") == NODE) | (pl.col("node").is_in(["yes", "true"])))
        .any()
        .alias("is_node"),
        (pl.col("role") == "new").any().alias("is_new"),
    )


def _by_words(frame: pl.DataFrame, mapping: TableSource) -> pl.Series:
    """Whether the words of a location say node, where the study does not map them itself."""
    mapped = {plain(word) for words in mapping.levels.get("organ", {}).values() for word in words}
    headers = [header for header in listed(mapping.columns.get("organ", ())) if header in frame.columns]
    found = [
        map_unique(frame[h], lambda word: says_node(word) and plain(word) not in mapped, pl.Boolean)
        for h in headers
    ]
    nothing = pl.Series([False] * frame.height, dtype=pl.Boolean)
    return pl.select(pl.coalesce([*found, nothing])).to_series()
