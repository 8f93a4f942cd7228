"""The sizes of a target over time: what one scan says beside those before and after it.

The conditions are columns over rows with their neighbours in time, so that the screening of whole partitions
(`screening`) and the findings are made by the same expressions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import INDEX, Findings, Frames, RowRule
from oligoscope.intake.checks.lesion_rules import NOT_SEEN
from oligoscope.study.dictionary.terms import State

_LESION = ["patient_id", "lesion_id"]
TENFOLD = (8.0, 12.5)  # cm for mm is 10; a lesion may change by a fifth meanwhile
SMALL_MM = 10.0  # a last size may be a deep response; one in cm is below it and has a decimal
SPIKE, ALIKE, SPIKE_MM = 2.0, 1.2, 10.0  # repeated readings of one lesion differ by less than 20 %
DOUBLING_DAYS, GROWTH_MM = 5.0, 10.0
CLOSE_DAYS, CLOSE_MM = 3, 5.0
BACK_MM, BACK = 10.0, 1.5  # measurable before and after, and of about the same size

_SIZE, _BEFORE, _AFTER = pl.col("_size"), pl.col("_before"), pl.col("_after")
_BEFORE_2, _AFTER_2 = pl.col("_before_2"), pl.col("_after_2")
_SINCE = pl.col("_since")


def sized_series(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Rows with a size, absent being 0, with those of the same lesion before and after.

    Args:
        rows: Of targets, in order of key and assessed_day; with state, diameter_mm, fragment, modality.
        key: The columns that tell a lesion (and its reader).
    """
    absent = (pl.col("state") == State.ABSENT.value).fill_null(value=False)
    size = pl.when(absent).then(0.0).otherwise("diameter_mm")
    sized = rows.with_columns(_size=size).filter(
        _SIZE.is_not_null() & pl.col("fragment").is_null() & pl.col("assessed_day").is_not_null()
    )
    before = {n: pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(n)) for k in key) for n in (1, 2)}
    after = {n: pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(-n)) for k in key) for n in (1, 2)}
    day, modality = pl.col("assessed_day"), pl.col("modality")
    return sized.with_columns(
        _before=pl.when(before[1]).then(_SIZE.shift(1)),
        _before_2=pl.when(before[2]).then(_SIZE.shift(2)),
        _after=pl.when(after[1]).then(_SIZE.shift(-1)),
        _after_2=pl.when(after[2]).then(_SIZE.shift(-2)),
        _since=pl.when(before[1]).then(day - day.shift(1)),
        _modality_before=pl.when(before[1]).then(modality.shift(1)),
    )


def _tenfold(more: pl.Expr, less: pl.Expr) -> pl.Expr:
    return ((more / less).is_between(*TENFOLD) & (less > 0)).fill_null(value=False)


def _alike(one: pl.Expr, other: pl.Expr, by: float) -> pl.Expr:
    return (one <= other * by) & (other <= one * by)


def _is_tenfold() -> pl.Expr:
    low = _tenfold(_BEFORE, _SIZE) & _tenfold(_AFTER, _SIZE)
    high = _tenfold(_SIZE, _BEFORE) & _tenfold(_SIZE, _AFTER)
    first = _BEFORE.is_null() & _tenfold(_AFTER, _SIZE) & _tenfold(_AFTER_2, _SIZE)
    in_cm = (_SIZE < SMALL_MM) & (_SIZE != _SIZE.floor())
    last_low = _tenfold(_BEFORE, _SIZE) & _tenfold(_BEFORE_2, _SIZE) & in_cm
    last_high = _tenfold(_SIZE, _BEFORE) & _tenfold(_SIZE, _BEFORE_2)
    return low | high | first | (_AFTER.is_null() & (last_low | last_high))


def _is_spike() -> pl.Expr:
    least, most = pl.min_horizontal(_BEFORE, _AFTER), pl.max_horizontal(_BEFORE, _AFTER)
    alike = _alike(_BEFORE, _AFTER, ALIKE) & (least > 0)
    # A lesion may shrink and grow again between three scans; one that was stable before and after does not.
    steady = _alike(_BEFORE_2, _BEFORE, ALIKE) & _alike(_AFTER_2, _AFTER, ALIKE)
    up = (most * SPIKE <= _SIZE) & (_SIZE - most >= SPIKE_MM)
    down = (_SIZE > 0) & (least >= _SIZE * SPIKE) & (least - _SIZE >= SPIKE_MM) & steady
    return (alike & (up | down)).fill_null(value=False)


def _grows_too_fast() -> pl.Expr:
    doublings = 3 * (_SIZE / _BEFORE).log() / math.log(2)  # of the volume of a sphere
    fast = (_SINCE > CLOSE_DAYS) & (_BEFORE >= GROWTH_MM) & (_SIZE - _BEFORE >= GROWTH_MM)
    returned = _alike(_SIZE, _BEFORE_2, BACK).fill_null(value=False)  # the size before is the wrong one
    return (fast & (_SINCE < doublings * DOUBLING_DAYS)).fill_null(value=False) & ~returned


def _is_close() -> pl.Expr:
    other = (pl.col("modality") != pl.col("_modality_before")).fill_null(value=False)
    differ = ((_SIZE - _BEFORE).abs() >= CLOSE_MM) & ~_alike(_SIZE, _BEFORE, ALIKE)
    return (_SINCE.is_between(1, CLOSE_DAYS) & differ).fill_null(value=False) & ~other


_BACK = (_SIZE == 0) & (_BEFORE >= BACK_MM) & (_AFTER >= BACK_MM) & _alike(_BEFORE, _AFTER, BACK)
# Uptake says no size, and one visit may have both.
_BY = ~pl.col("modality").is_in(["fdg_pet"]) & ~pl.col("_modality_before").is_in(["fdg_pet"])


def _beside(row: dict[str, Any]) -> Text:
    """The sizes before and after."""
    sizes = [row["_before_2"] if row["_after"] is None else None, row["_before"], row["_after"]]
    sizes += [row["_after_2"] if row["_before"] is None else None]
    listed = ", ".join(f"{size:g}" for size in sizes if size is not None)
    return Text(f"前后为 {listed} mm", f"beside {listed} mm")


def _faster(row: dict[str, Any]) -> Text:
    days = row["_since"] * math.log(2) / (3 * math.log(row["_size"] / row["_before"]))
    return Text(
        f"{row['_since']} 天前为 {row['_before']:g} mm，体积倍增时间 {days:.1f} 天",
        f"{row['_before']:g} mm {Count(row['_since']):day|days} before: the volume doubles in {days:.1f} days",
    )


def _days_before(row: dict[str, Any]) -> Text:
    days = "day" if row["_since"] == 1 else "days"
    return Text(
        f"{row['_since']} 天前为 {row['_before']:g} mm",
        f"{row['_before']:g} mm {row['_since']} {days} before",
    )


def _other_modality(row: dict[str, Any]) -> Text:
    return Text(f"前次为 {row['_modality_before']}", f"{row['_modality_before']} at the scan before")


SERIES_RULES = (
    RowRule("size_tenfold", "measurements", "diameter_mm", _is_tenfold(), _beside),
    RowRule("size_spike", "measurements", "diameter_mm", _is_spike() & ~_is_tenfold(), _beside),
    RowRule("growth_implausible", "measurements", "diameter_mm", _grows_too_fast() & ~_is_tenfold() & ~_is_spike(), _faster),
    RowRule("scans_disagree", "measurements", "diameter_mm", _is_close(), _days_before),
    RowRule("lesion_comes_back", "measurements", "diameter_mm", _BACK.fill_null(value=False), _beside),
)  # fmt: skip
MODALITY_CHANGES = RowRule(
    "modality_changes", "measurements", "modality",
    ((pl.col("modality") != pl.col("_modality_before")) & _BY).fill_null(value=False), _other_modality,
)  # fmt: skip


def check_series(frames: Frames, findings: Findings) -> None:
    """Sizes of targets beside those before and after; the first change of modality of each."""
    series = sized_series(target_rows(frames, findings), [*_LESION, "reader"])
    for rule in SERIES_RULES:
        findings.flag(rule.rule, rule.table, series.filter(rule.holds), rule.column, expected=rule.expected)
    rule = MODALITY_CHANGES
    changed = series.filter(rule.holds).unique(_LESION, keep="first", maintain_order=True)
    findings.flag(rule.rule, rule.table, changed, rule.column, expected=rule.expected)
    _check_new_lesions(frames, findings)


def target_rows(frames: Frames, findings: Findings) -> pl.DataFrame:
    """The rows of targets, one of each lesion, reader and day, in order of time."""
    targets = findings.good("lesions", frames["lesions"]).filter(pl.col("role") == "target")
    rows = findings.good("measurements", frames["measurements"])
    rows = rows.join(targets.select(_LESION), on=_LESION, how="semi", maintain_order="left")
    key = [*_LESION, "reader", "assessed_day"]
    return rows.sort(*key, INDEX).unique([*key, "fragment"], keep="first", maintain_order=True)


def _check_new_lesions(frames: Frames, findings: Findings) -> None:
    """New lesions seen, absent at one scan, and seen again."""
    new = findings.good("lesions", frames["lesions"]).filter(pl.col("role") == "new")
    rows = findings.good("measurements", frames["measurements"])
    rows = rows.join(new.select(_LESION), on=_LESION, how="semi", maintain_order="left")
    rows = rows.filter(pl.col("state").is_null() | ~pl.col("state").is_in(_LEFT_OUT))
    key = [*_LESION, "reader"]
    rows = rows.sort(*key, "assessed_day", INDEX)
    absent = is_absent()
    beside = [
        (~absent).shift(step) & pl.all_horizontal(pl.col(k).eq_missing(pl.col(k).shift(step)) for k in key)
        for step in (1, -1)
    ]
    back = rows.filter((absent & beside[0] & beside[1]).fill_null(value=False))
    findings.flag(
        "lesion_comes_back", "measurements", back, "lesion_id",
        expected=Text("前后两次均可见", "seen at the scans before and after"),
    )  # fmt: skip


_LEFT_OUT = [state for state in NOT_SEEN if state != State.ABSENT.value]


def is_absent() -> pl.Expr:
    """Whether a row says that its lesion is gone."""
    gone = (pl.col("state") == State.ABSENT.value).fill_null(value=False)
    return gone | (pl.col("diameter_mm") == 0).fill_null(value=False)
