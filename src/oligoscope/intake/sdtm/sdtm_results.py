"""The cells of TR: which test a row is, its length in millimetres, and its result in words."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import polars as pl

from oligoscope.intake.files.cells import clean, map_unique
from oligoscope.intake.files.columns import find_header
from oligoscope.intake.files.raw_table import ROW, SOURCE
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.sdtm.sdtm_domains import SUBJECT
from oligoscope.intake.sdtm.sdtm_lesions import link_header
from oligoscope.intake.sdtm.sdtm_terms import NOT_DONE, STATES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import SdtmSource, SdtmTest

USUAL_TESTS: dict[SdtmTest, tuple[str, ...]] = {
    "diameter": ("DIAMETER",),
    "longest": ("LDIAM",),
    "short_axis": ("SAXIS", "LPERP"),
    "state": ("TUMSTATE", "LNSTATE"),
    "new": (),
    "response": ("OVRLRESP",),
}
IN_MM = {"": Decimal(1), "mm": Decimal(1), "cm": Decimal(10)}  # an unknown unit makes a cell unreadable
_VALUES = (
    "TRTESTCD", "TRSTRESN", "TRSTRESC", "TRSTRESU", "TRORRES", "TRORRESU", "TRSTAT", "TRREASND", "TRDTC", "TRMETHOD", "TRDY",
)  # fmt: skip
NEVER = 99  # rank of a row that holds no size


def codes_of(settings: SdtmSource, test: SdtmTest) -> tuple[str, ...]:
    """The codes of one kind of test, in order of preference."""
    return settings.tests.get(test, USUAL_TESTS[test])


def read_results(tr: Sheet) -> pl.DataFrame:
    """The variables that are needed, blank where the file has none of that name; STRESC in plain form."""
    link = link_header(tr, "TR")
    there = {name: find_header(tr.headers, name) for name in _VALUES}
    blank = pl.lit(None, pl.String)
    reader = pl.col("READER") if "READER" in tr.frame.columns else blank
    frame = tr.frame.select(
        SOURCE, ROW, SUBJECT,
        (pl.col(link) if link in tr.frame.columns else blank).alias("lesion"),
        reader.alias("READER"),
        *((pl.col(header) if header else blank).alias(name) for name, header in there.items()),
    )  # fmt: skip
    frame = frame.with_columns(
        map_unique(frame[name], clean, pl.String).alias(name) for name in (*_VALUES, "lesion")
    )
    day = pl.col("TRDTC").str.replace(r"T.*$", "")
    return frame.with_columns(day, map_unique(frame["TRSTRESC"], plain, pl.String).alias("STRESC"))


def is_test(rows: pl.DataFrame, codes: tuple[str, ...]) -> pl.Expr:
    """True where a row is of one of these tests."""
    wanted = {plain(code) for code in codes}
    named = [code for code in rows["TRTESTCD"].unique().drop_nulls().to_list() if plain(code) in wanted]
    return pl.col("TRTESTCD").is_in(named).fill_null(value=False)


def not_done() -> pl.Expr:
    """True where a test was not done."""
    return (pl.col("TRSTAT").str.to_uppercase() == NOT_DONE).fill_null(value=False)


def result_word() -> pl.Expr:
    """The result of a row in words: not done; a result that is no number; an original result that is a state."""
    known = [plain(w) for words in STATES.values() for w in words]
    result, original = pl.col("TRSTRESC"), pl.col("TRORRES")
    is_known = original.str.to_lowercase().str.replace_all(r"[\s_]+", "").is_in(known)
    return (
        pl.when(not_done()).then(pl.lit(NOT_DONE))
        .when(_in_words(result)).then(result)
        .when(is_known | (result.is_null() & pl.col("TRSTRESN").is_null() & _in_words(original))).then(original)
    )  # fmt: skip


def _in_words(cells: pl.Expr) -> pl.Expr:
    return cells.is_not_null() & ~cells.str.contains(r"^\d+([.,]\d+)?(e[+-]?\d+)?$")


def millimetres(rows: pl.DataFrame) -> pl.Series:
    """The length as text in mm, exactly; with its unit, and so unreadable, where the unit is no length we know."""
    number = pl.coalesce("TRSTRESN", pl.when(pl.col("TRSTRESC").str.contains(r"^\d")).then("TRSTRESC"))
    original = pl.when(pl.col("TRSTRESC").is_null() & pl.col("TRORRES").str.contains(r"^\d")).then("TRORRES")
    unit = (
        pl.when(number.is_not_null()).then(pl.coalesce("TRSTRESU", "TRORRESU")).otherwise(pl.col("TRORRESU"))
    )
    measured = pl.when(pl.col("rank") < NEVER).then(pl.coalesce(number, original))
    lengths = rows.select(pl.concat_str(measured, pl.lit(" "), unit.fill_null(""))).to_series()
    return map_unique(lengths, _in_mm, pl.String)


def _in_mm(text: str) -> str:
    number, _, unit = text.partition(" ")
    try:
        return f"{(Decimal(number) * IN_MM[plain(unit)]).normalize():f}"
    except (InvalidOperation, KeyError):
        return text.strip()
