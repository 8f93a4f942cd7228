"""Best overall response, unconfirmed and confirmed (RECIST 1.1 table 3).

Responses count up to the first progression of any basis (imaging, a progression read by the team, or
clinical where the study counts it) and up to a new systemic therapy; a scan on the day of either still
counts. Clinical progression ends the count and is itself no response: deterioration describes no
objective response (RECIST 1.1, 4.3 and 4.4), so that only a scan can make the best response PD. A patient
who started treatment and was never assessed is NE (labels.py). SD must be reached `minimum_sd_days` after the start; SD earlier and then
progression is PD, SD earlier and then nothing is NE. A confirmed CR or PR needs a second one
`confirmation_days` later with nothing worse between than the accepted NE (and, if set, one SD).

Disease seen after CR is progression (table 3, footnote a): under `cr_then_pr: query` such a scan
never confirms a response, and no confirmation reaches across it. The footnote speaks of a CR at the
first time point: where the first response that could be evaluated is CR and the very next one shows
disease, that scan does not count as SD either. `reclassify_to_pr` reads the CR as PR. A scan that showed no
disease (targets gone, non-target lesions not evaluated: PR by table 1) is no such disease; for the confirmation
of the CR it counts as an NE between.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from oligoscope.study.protocol import ResponseSettings

_CODES = ("", "CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE")
_NONE, _CR, _PR, _SD, _NON, _PD, _NE = range(7)
MINIMUM_LABELS = ("SD", "NON_CR_NON_PD")  # those that must last so many days from the start


def derive_best_response(
    points: pl.DataFrame, n_patients: int, settings: ResponseSettings, ended: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Best response of each patient, both ways.

    Args:
        points: Columns p, k, declared_day, overall_response and, optionally, new_therapy_day and disease_day
            (null: no lesion was seen; without the column a PR or SD says that one was) with new_lesion;
            sorted by p and k.
        n_patients: Patients are numbered 0 to n_patients - 1.
        settings: How responses are read.
        ended: First progressions that are no time point: columns p, ended_day and as_pd (it was read on
            images, so that it is PD; else clinical). Later responses do not count; a later PD does, for it
            documents the progression.

    Returns:
        Columns p, best_response, confirmed_response (null without any assessment),
        first_response_day and confirmed_first_response_day (first CR or PR; both start on the same
        date), best_response_day, cr_then_pr; and, for the reason of either, best_scan_day and
        confirmed_scan_day (the scan that carries it; of an NE the last one evaluated), best_scan and
        confirmed_scan (the response there), confirmed_by_day (the scan that confirms a CR or PR), was_assessed.
    """
    ended_day, read_pd = _ends(ended, n_patients)
    code, day, clear = _grid(points, ended_day)
    assessed = _in_row(code != _NONE) if code.size else np.zeros(n_patients, bool)
    after_cr = _worse_after_cr(code) & ~clear
    queried = _in_row(after_cr)
    if settings.cr_then_pr == "reclassify_to_pr":
        code = np.where(_in_row(after_cr)[:, None] & (code == _CR), _PR, code)
        after_cr = np.zeros_like(after_cr)
    lasting = ~(after_cr & _relapse_of_first_cr(code))
    stable_from = settings.minimum_sd_days
    everything = np.ones_like(lasting)
    unconfirmed = _best(
        code, day, everything, stable_from, _in_row(code == _CR), _in_row(code == _PR), read_pd
    )
    cr, pr, cr_by, pr_by = _confirmed(code, day, ~after_cr, clear, settings)
    confirmed = _best(code, day, lasting, stable_from, _in_row(cr), _in_row(pr), read_pd)
    first = _first_day(day, (code == _CR) | (code == _PR))
    first_confirmed = _first_day(day, cr | pr)
    best_day = _first_day(day, code == unconfirmed[:, None])
    best_day = np.where((unconfirmed == _PD) & read_pd, np.minimum(best_day, ended_day), best_day)
    names = np.array(_CODES)
    best_scan, best_scan_day, _ = _carrier(
        code, day, unconfirmed, everything, stable_from, code == _CR, code == _PR
    )
    carrier, carrier_day, place = _carrier(code, day, confirmed, lasting, stable_from, cr, pr)
    by = np.select([confirmed == _CR, confirmed == _PR], [_at(cr_by, place), _at(pr_by, place)], _NEVER)
    return pl.DataFrame(
        {
            "p": np.arange(n_patients, dtype=np.uint32),
            "best_response": names[np.where(assessed, unconfirmed, _NONE)],
            "confirmed_response": names[np.where(assessed, confirmed, _NONE)],
            "first_response_day": first,
            "confirmed_first_response_day": first_confirmed,
            "best_response_day": best_day,
            "cr_then_pr": queried,
            "best_scan": names[best_scan],
            "best_scan_day": best_scan_day,
            "confirmed_scan": names[carrier],
            "confirmed_scan_day": carrier_day,
            "confirmed_by_day": by,
            "was_assessed": assessed,
        }
    ).with_columns(
        pl.col("best_response", "confirmed_response", "best_scan", "confirmed_scan").replace("", None),
        pl.col(
            "first_response_day", "confirmed_first_response_day", "best_response_day", "best_scan_day",
            "confirmed_scan_day", "confirmed_by_day",
        ).replace(_NEVER, None),
    )  # fmt: skip


_NEVER = 2**31 - 1


def _ends(ended: pl.DataFrame | None, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The day of a first progression that is no time point, by patient, and whether it counts as PD."""
    day, as_pd = np.full(n, _NEVER, dtype=np.int64), np.zeros(n, dtype=bool)
    if ended is not None and not ended.is_empty():
        rows = ended["p"].to_numpy()
        day[rows], as_pd[rows] = ended["ended_day"].to_numpy(), ended["as_pd"].to_numpy()
    return day, as_pd


def _grid(points: pl.DataFrame, ended_day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes and days as (patients, assessments), cut after the first progression and at a new therapy.

    The last: True at a PR at which no disease was seen.
    """
    n = len(ended_day)
    points = points.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64).over("p"))
    width = 0 if points.is_empty() else int(points["place"].max()) + 1  # pyright: ignore[reportArgumentType]
    code = np.zeros((n, width), dtype=np.int8)
    day = np.full((n, width), _NEVER, dtype=np.int64)
    numbers = {name: i for i, name in enumerate(_CODES)}
    rows, places = points["p"].to_numpy(), points["place"].to_numpy()
    code[rows, places] = points["overall_response"].replace_strict(numbers, return_dtype=pl.Int8).to_numpy()
    day[rows, places] = points["declared_day"].to_numpy()
    clear = np.zeros((n, width), dtype=bool)
    if "disease_day" in points.columns:
        nothing = pl.col("disease_day").is_null() & ~pl.col("new_lesion")
        clear[rows, places] = points.select(nothing.fill_null(value=False)).to_series().to_numpy()
    if "new_therapy_day" in points.columns:
        therapy = points["new_therapy_day"].fill_null(_NEVER).to_numpy()
        code[rows, places] = np.where(points["declared_day"].to_numpy() > therapy, _NONE, code[rows, places])
    code = np.where((day > ended_day[:, None]) & (code != _PD), _NONE, code)
    progressed_before = np.cumsum(code == _PD, axis=1) - (code == _PD) > 0
    code = np.where(progressed_before, _NONE, code).astype(np.int8)
    return code, day, clear & (code == _PR)


def _worse_after_cr(code: np.ndarray) -> np.ndarray:
    """True at PR, SD or Non-CR/Non-PD after an earlier CR."""
    had_cr = np.cumsum(code == _CR, axis=1) > 0
    return had_cr & np.isin(code, (_PR, _SD, _NON))


def _relapse_of_first_cr(code: np.ndarray) -> np.ndarray:
    """True from the second evaluated response on, where the first is CR and the second is not."""
    evaluated = (code != _NE) & (code != _NONE)
    number = np.cumsum(evaluated, axis=1)
    first_is_cr = _in_row(evaluated & (number == 1) & (code == _CR))
    second_is_other = _in_row(evaluated & (number == 2) & (code != _CR))
    return (first_is_cr & second_is_other)[:, None] & (number >= 2)


def _in_row(where: np.ndarray) -> np.ndarray:
    """Patients with any True."""
    return np.logical_or.reduce(where, axis=1)


def _confirmed(
    code: np.ndarray, day: np.ndarray, usable: np.ndarray, clear: np.ndarray, settings: ResponseSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where a CR, and where a PR or CR counting as PR, is confirmed by a later scan; the days of those scans."""
    cr_by, pr_by = (np.full(code.shape, _NEVER, dtype=np.int64) for _ in range(2))
    cr = np.zeros_like(code, dtype=bool)
    pr = np.zeros_like(code, dtype=bool)
    width = code.shape[1]
    sd_allowed = 1 if settings.accept_sd_between_pr else 0
    responds = np.isin(code, (_CR, _PR))
    keeps_cr = np.isin(code, (_CR, _NE)) | clear
    keeps_pr = np.isin(code, (_CR, _PR, _NE) + ((_SD,) if sd_allowed else ())) & usable
    for i in range(width - 1):
        cr_open = code[:, i] == _CR
        pr_open = cr_open | ((code[:, i] == _PR) & usable[:, i])
        n_ne = np.zeros(len(code), dtype=np.int32)
        n_clear = np.zeros(len(code), dtype=np.int32)
        n_sd = np.zeros(len(code), dtype=np.int32)
        for j in range(i + 1, width):
            late = day[:, j] - day[:, i] >= settings.confirmation_days
            allowed = (n_ne <= settings.max_ne_between) & late & usable[:, j]
            now = code[:, j]
            cr_now = cr_open & allowed & (now == _CR) & (n_ne + n_clear <= settings.max_ne_between)
            pr_now = pr_open & allowed & (n_sd <= sd_allowed) & responds[:, j]
            for by, now_confirmed, before in ((cr_by, cr_now, cr), (pr_by, pr_now, pr)):
                rows = np.flatnonzero(now_confirmed & ~before[:, i])
                by[rows, i] = day[rows, j]
            cr[:, i] |= cr_now
            pr[:, i] |= pr_now
            n_ne += now == _NE
            n_clear += clear[:, j]
            n_sd += now == _SD
            cr_open &= keeps_cr[:, j]
            pr_open &= keeps_pr[:, j]
            if not (cr_open | pr_open).any():
                break
    return cr, pr, cr_by, pr_by


def _best(
    code: np.ndarray,
    day: np.ndarray,
    usable: np.ndarray,
    stable_from: int,
    cr: np.ndarray,
    pr: np.ndarray,
    read_pd: np.ndarray,
) -> np.ndarray:
    """CR, PR as found; then SD (or Non-CR/Non-PD) long enough after the start; then PD; then NE."""
    lasted = usable & (day >= stable_from)
    stable = (np.isin(code, (_CR, _PR, _SD)) & lasted).any(axis=1)
    persisting = _in_row((code == _NON) & lasted)
    progressed = read_pd | _in_row(code == _PD) | (np.isin(code, (_PR, _SD, _NON)) & ~usable).any(axis=1)
    return np.select([cr, pr, stable, persisting, progressed], [_CR, _PR, _SD, _NON, _PD], default=_NE)


def _carrier(
    code: np.ndarray,
    day: np.ndarray,
    label: np.ndarray,
    usable: np.ndarray,
    stable_from: int,
    cr: np.ndarray,
    pr: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The scan a best response rests on: its response, day and place; of NE the last one evaluated."""
    n, width = code.shape
    if width == 0:
        return np.full(n, _NONE), np.full(n, _NEVER, dtype=np.int64), np.zeros(n, dtype=np.int64)
    where = np.zeros_like(usable)

    def carried(of: int, scans: Callable[[np.ndarray], np.ndarray]) -> None:
        rows = np.flatnonzero(label == of)
        where[rows] = scans(rows)

    def lasted(rows: np.ndarray) -> np.ndarray:
        return usable[rows] & (day[rows] >= stable_from)

    carried(_CR, lambda r: cr[r])
    carried(_PR, lambda r: pr[r])
    carried(_SD, lambda r: lasted(r) & (code[r] >= _CR) & (code[r] <= _SD))
    carried(_NON, lambda r: lasted(r) & (code[r] == _NON))
    carried(_PD, lambda r: (code[r] == _PD) | (~usable[r] & (code[r] >= _PR) & (code[r] <= _NON)))
    carried(_NE, lambda r: (code[r] != _NONE) & (code[r] != _NE))
    last = width - 1 - np.argmax(where[:, ::-1], axis=1)
    place = np.where(label == _NE, last, np.argmax(where, axis=1))
    found = where.any(axis=1)
    return np.where(found, _at(code, place), _NONE), np.where(found, _at(day, place), _NEVER), place


def _at(grid: np.ndarray, place: np.ndarray) -> np.ndarray:
    if grid.shape[1] == 0:
        return np.full(len(grid), _NEVER, dtype=np.int64)
    return grid[np.arange(len(grid)), place]


def _first_day(day: np.ndarray, where: np.ndarray) -> np.ndarray:
    if day.shape[1] == 0:
        return np.full(len(day), _NEVER, dtype=np.int64)
    return np.where(where, day, _NEVER).min(axis=1)
