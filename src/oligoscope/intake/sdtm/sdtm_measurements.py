"""TR to measurements: of each lesion and scan one row, with the diameter that RECIST adds up, or a state.

A target's diameter is the test DIAMETER where there is one; else the short axis of a node (SAXIS,
LPERP) and the longest diameter (LDIAM) of any other lesion (RECIST 1.1, 4.1). A part of a split tumour
(`T04.1`) is a fragment of the whole; of merged ones (`T02/T03`) the first carries the diameter and the
others are merged into it (RECIST 1.1, 4.3.2; SDTM guide, RECIST 1.1 supplement).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.files.cells import map_unique
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable, row_issues, table_of
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm_dates import complete_dates, study_day_dates
from oligoscope.intake.sdtm.sdtm_domains import SUBJECT
from oligoscope.intake.sdtm.sdtm_lesions import whole_of
from oligoscope.intake.sdtm.sdtm_results import (
    NEVER,
    codes_of,
    is_test,
    millimetres,
    not_done,
    read_results,
    result_word,
)
from oligoscope.intake.sdtm.sdtm_terms import CERTAINTIES, MERGED, MODALITIES, STATES, Levels, with_own
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import SdtmSource, TableSource

DIAMETER, STATE, CERTAINTY = "TRSTRESN", "TRSTRESC", "TRSTRESC of a new lesion"
FRAGMENT, INTO = "part of a split lesion", "merged into"
_SCAN = (SUBJECT, "lesion", "fragment", "TRDTC", "READER", "TRMETHOD")


def new_lesions(tr: Sheet, settings: SdtmSource) -> pl.DataFrame:
    """USUBJID and lesion of the tumours that a row of TR calls new (`tests.new`)."""
    rows = read_results(tr)
    wanted = is_test(rows, codes_of(settings, "new")) & pl.col("STRESC").is_in(["y", "yes"])
    return rows.filter(wanted).select(SUBJECT, "lesion").unique(maintain_order=True)


def measurements_of(tr: Sheet, known: pl.DataFrame, starts: pl.DataFrame, settings: SdtmSource) -> RawTable:
    """The measurements table that TR holds.

    Args:
        tr: The rows of one reader, with the column READER.
        known: The lesions: USUBJID, lesion, is_node, is_new.
        starts: USUBJID and start, the reference start that study days count from.
        settings: Tests, words, and the rule for partial dates.
    """
    rows = _with_known(_whole_lesions(read_results(tr)), known)
    rows = rows.with_columns(rank=_rank(rows, settings), is_state=is_test(rows, codes_of(settings, "state")))
    issues = _unused(rows, settings)
    rows = _one_a_scan(rows.filter((pl.col("rank") < NEVER) | pl.col("is_state")))
    undated = (pl.col("TRDTC").is_null() & not_done()).fill_null(value=False)
    without = rows.filter(undated)
    issues += row_issues("not_done_undated", "measurements", without, "TRDTC", patient=SUBJECT)
    issues += _long_nodes(rows, settings)
    rows = rows.filter(~undated)
    days = study_day_dates(rows, "TRDY", starts)
    rows, dated = complete_dates(rows, "TRDTC", settings.partial_dates, "measurements", days)
    issues += dated
    levels = _levels(settings)
    written = _written(_merged_apart(rows), levels)
    return table_of("measurements", tr.source, written, _mapping(levels), issues)


def _whole_lesions(rows: pl.DataFrame) -> pl.DataFrame:
    parts = whole_of(rows, "lesion")
    rows = rows.join(parts, on=[SUBJECT, "lesion"], how="left", maintain_order="left")
    part = pl.when(pl.col("whole").is_not_null()).then(pl.col("lesion").str.extract(r"\.(\d+)$"))
    return rows.with_columns(part.alias("fragment"), pl.coalesce("whole", "lesion").alias("lesion")).drop(
        "whole"
    )


def _with_known(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The TU data of each lesion; for merged ones (`T02/T03`, which TU does not list) those of the first part."""
    own = rows.select(SUBJECT, "lesion").unique().join(known, on=[SUBJECT, "lesion"], how="anti")
    merged = own.filter(pl.col("lesion").str.contains("/", literal=True)).with_columns(is_merged=True)
    rows = rows.join(merged, on=[SUBJECT, "lesion"], how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("is_merged").fill_null(value=False))
    rows = rows.with_columns(
        first=pl.when("is_merged").then(pl.col("lesion").str.split("/").list.first()).otherwise("lesion")
    )
    found = known.rename({"lesion": "first"})
    rows = rows.join(found, on=[SUBJECT, "first"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("is_node", "is_new").fill_null(value=False)).drop("first")


def _rank(rows: pl.DataFrame, settings: SdtmSource) -> pl.Expr:
    """Which size test of a lesion at a scan counts: the smallest; one that was not done after those that were."""
    plain_size, long, short = (codes_of(settings, t) for t in ("diameter", "longest", "short_axis"))
    has_short = is_test(rows, (*plain_size, *short)).any().over(SUBJECT, "lesion")
    rank = pl.lit(NEVER)
    for place, code in enumerate((*plain_size, *short, *long)):
        # The longest diameter is used where a node never has a short axis, which is a finding.
        counts = ~pl.col("is_node") if code in long else pl.col("is_node") | pl.lit(code in plain_size)
        counts = counts | ~has_short if code in long else counts
        rank = pl.when(is_test(rows, (code,)) & counts & (rank == NEVER)).then(place).otherwise(rank)
    done = pl.coalesce("TRSTRESN", "TRSTRESC", "TRORRES").is_not_null()
    return pl.when(done | (rank == NEVER)).then(rank).otherwise(rank + 20)


def _one_a_scan(rows: pl.DataFrame) -> pl.DataFrame:
    """The size that counts, with the state beside it; a state alone where no size was taken.

    Two rows of one test remain two: validation finds whether they repeat or contradict each other.
    """
    sizes = rows.filter(pl.col("rank") < NEVER)
    sizes = sizes.filter(pl.col("rank") == pl.col("rank").min().over(_SCAN))
    states = rows.filter("is_state")
    beside = (
        states.select(*_SCAN, beside=result_word())
        .drop_nulls("beside")
        .unique(_SCAN, keep="first", maintain_order=True)
    )
    sizes = sizes.join(beside, on=_SCAN, how="left", nulls_equal=True, maintain_order="left")
    alone = states.join(sizes, on=_SCAN, how="anti", nulls_equal=True, maintain_order="left")
    return pl.concat([sizes, alone.with_columns(beside=pl.lit(None, pl.String))]).sort(
        ROW, maintain_order=True
    )


def _merged_apart(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of merged tumours (`T02/T03`): the first part carries them, of each other part a row says so."""
    merged, rest = rows.filter("is_merged"), rows.filter(~pl.col("is_merged"))
    rest = rest.with_columns(into=pl.lit(None, pl.String))
    if merged.is_empty():
        return rest
    # Rows with nothing but the remark "merged" are replaced by the row of the merged lesion.
    only_remark = (not_done() & pl.col("TRREASND").str.to_uppercase().str.contains("MERGED")).fill_null(
        value=False
    )
    parts = merged.with_columns(part=pl.col("lesion").str.split("/")).with_columns(
        into=pl.col("part").list.first()
    )
    first = parts.with_columns(lesion=pl.col("into"), into=pl.lit(None, pl.String)).drop("part")
    others = parts.with_columns(lesion=pl.col("part").list.slice(1)).explode("lesion").drop("part")
    gone = {name: pl.lit(None, pl.String) for name in ("TRSTRESN", "TRORRES", "TRSTAT")}
    others = others.with_columns(**gone, TRSTRESC=pl.lit(MERGED), beside=pl.lit(None, pl.String))
    return pl.concat([rest.filter(~only_remark), first.select(rest.columns), others.select(rest.columns)])


def _written(rows: pl.DataFrame, levels: Levels) -> pl.DataFrame:
    """The cells as validation reads them: millimetres, state, and of a new lesion how sure the reader was."""
    sure = {plain(word) for words in levels["certainty"].values() for word in words}
    word = rows.select(pl.coalesce(result_word(), "beside")).to_series()
    form = map_unique(word, plain, pl.String)
    certainty = pl.Series(form.is_in(list(sure)).fill_null(value=False)) & rows["is_new"]
    return rows.select(
        SOURCE, ROW, pl.lit(None, pl.String).alias(EXCESS), SUBJECT, pl.col("lesion").alias("TRLNKID"), "TRDTC", "TRMETHOD", "READER",
        millimetres(rows).alias(DIAMETER),
        pl.when(~certainty).then(word).alias(STATE),
        pl.when(certainty).then(word).alias(CERTAINTY),
        pl.col("fragment").alias(FRAGMENT),
        pl.col("into").alias(INTO),
    )  # fmt: skip


def _levels(settings: SdtmSource) -> Levels:
    usual = {"state": STATES, "certainty": CERTAINTIES, "modality": MODALITIES}
    return {name: with_own(settings.levels.get(name, {}), words) for name, words in usual.items()}


def _mapping(levels: Levels) -> TableSource:
    columns: Mapping[str, str | tuple[str, ...]] = {
        "patient_id": SUBJECT, "lesion_id": "TRLNKID", "assessed_on": "TRDTC", "diameter_mm": DIAMETER, "state": STATE,
        "certainty": CERTAINTY, "fragment": FRAGMENT, "merged_into": INTO, "modality": "TRMETHOD", "reader": "READER",
    }  # fmt: skip
    return TableSource(files=(), columns=dict(columns), levels=levels)


# ---- what was found --------------------------------------------------------------------------------


def _unused(rows: pl.DataFrame, settings: SdtmSource) -> list[Issue]:
    """Tests whose rows are not read, as sums of diameters: derived, not copied."""
    used = (pl.col("rank") < NEVER) | pl.col("is_state") | is_test(rows, codes_of(settings, "new"))
    # A second size of the same lesion (LPERP besides LDIAM) is expected and needs no finding.
    sizes = tuple(code for test in ("diameter", "longest", "short_axis") for code in codes_of(settings, test))
    return unused_rows(rows.filter(~used & ~is_test(rows, sizes)), "TRTESTCD", "measurements")


def unused_rows(rows: pl.DataFrame, column: str, table: str) -> list[Issue]:
    """One finding a file and test code whose rows are not read."""
    counts = rows.group_by(SOURCE, column, maintain_order=True).len()
    return [
        Issue(
            rule="domain_rows_unused",
            table=table,
            source=source,
            column=column,
            value=code,
            expected=Text(f"{n} 行", f"{Count(n):row|rows}"),
        )
        for source, code, n in counts.iter_rows()
    ]


def _long_nodes(rows: pl.DataFrame, settings: SdtmSource) -> list[Issue]:
    """Nodes of which only the longest diameter is known."""
    long = rows.filter(pl.col("is_node") & is_test(rows, codes_of(settings, "longest")))
    return row_issues(
        "node_without_short_axis", "measurements", long.unique([SUBJECT, "lesion"], keep="first", maintain_order=True), "TRTESTCD",
        patient=SUBJECT, value="TRTESTCD", expected=Text("应为短径", "must be the short axis"),
    )  # fmt: skip
