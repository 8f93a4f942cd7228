"""Synthetic measurement tables at registry scale, as parquet in our own columns.

N patients x 6 lesions x 8 visits: targets that shrink and grow back, nodes, non-target disease,
a sixth lesion that in half of the patients is new; deaths, later lines, a few scans not evaluated.
Every number is drawn from (seed, block of 50,000 patients), so that a smaller cohort is the
beginning of a larger one. No real patient is in them.

    python benchmarks/derive/generate.py --patients 100000 --out FOLDER
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

BLOCK = 50_000  # patients drawn at once
LESIONS, VISITS = 6, 8
VISIT_DAYS = 42
ORGANS = np.array(["lung", "lymph_node", "liver", "adrenal", "bone", "brain"])
STATIONS = np.array(["4R", "7", "10L", "11R", "2R"])
CUTOFF = date(2025, 4, 8)
STUDY = """\
study: {title: {zh: 合成测量, en: Synthetic measurements}, preset: huang2025, synthetic: true, data_cutoff: 2025-04-08}
data:
  patients: patients.parquet
  lesions: lesions.parquet
  measurements: measurements.parquet
  treatments: treatments.parquet
analyses: []
"""


def write_study(folder: Path, n_patients: int, seed: int = 1) -> Path:
    """Write the four tables and study.yaml; memory is that of one block."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        parts = Path(scratch)
        for block in range(-(-n_patients // BLOCK)):
            first = block * BLOCK
            tables = draw_block(np.random.default_rng((seed, block)), first)
            for name, table in tables.items():
                number = pl.col("patient_id").str.slice(1).cast(pl.Int64)
                kept = table if first + BLOCK <= n_patients else table.filter(number <= n_patients)
                kept.write_parquet(parts / f"{name}-{block:04d}.parquet", compression="lz4")
        for name in ("patients", "lesions", "measurements", "treatments"):
            files = sorted(parts.glob(f"{name}-*.parquet"))
            target = folder / f"{name}.parquet"
            if len(files) == 1:
                shutil.move(files[0], target)
            else:
                pl.scan_parquet(files).sink_parquet(target, compression="lz4", row_group_size=1_000_000)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def draw_block(rng: np.random.Generator, first: int) -> dict[str, pl.DataFrame]:
    """The tables of BLOCK patients, numbered from `first` + 1."""
    n = BLOCK
    ids = np.char.add("P", np.char.zfill(np.arange(first + 1, first + n + 1).astype(str), 8))
    start = np.datetime64("2018-01-01") + rng.integers(0, 1800, n)
    lesions = _draw_lesions(rng, n)
    visit = VISIT_DAYS * np.arange(VISITS) - 7 + rng.integers(-4, 5, (n, VISITS))
    visit[:, 0] = -rng.integers(1, 28, n)
    last = visit[:, -1]
    died = np.where(rng.random(n) < 0.6, last + rng.integers(1, 500, n), -1)
    return {
        "patients": _patients(rng, ids, start, last, died),
        "lesions": _lesions(rng, ids, lesions),
        "measurements": _measurements(rng, ids, start, visit, lesions),
        "treatments": _treatments(rng, ids, start, last),
    }


def _draw_lesions(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Role and organ of each lesion, (n, LESIONS): two to four targets first, then non-targets, then perhaps a new one."""
    number = np.arange(LESIONS)[None, :]
    targets = rng.choice([1, 2, 3, 4], n, p=[0.15, 0.35, 0.3, 0.2])[:, None]
    role = np.where(number < targets, "target", "non_target")
    is_new = rng.random(n) < 0.5
    role[is_new, -1] = "new"
    organ = ORGANS[(number + rng.integers(0, len(ORGANS), (n, 1))) % len(ORGANS)]
    return {"role": role, "organ": organ, "is_node": organ == "lymph_node"}


def _measurements(
    rng: np.random.Generator,
    ids: np.ndarray,
    start: np.ndarray,
    visit: np.ndarray,
    lesions: dict[str, np.ndarray],
) -> pl.DataFrame:
    n = len(ids)
    shape = (n, LESIONS, VISITS)
    role, node = lesions["role"], lesions["is_node"]
    target = (role == "target")[:, :, None]
    size = _sizes(rng, n, node)
    size = np.where(node[:, :, None], np.maximum(size, 3.0), size)
    seen_from = rng.integers(1, VISITS, n)[:, None, None]
    there = (role != "new")[:, :, None] | (np.arange(VISITS)[None, None, :] >= seen_from)
    luck = rng.random(shape)
    small = (size < 5) & ~node[:, :, None]
    gone = size < 1.5
    state = np.full(shape, "measured", dtype="<U23")
    state[~np.broadcast_to(target, shape)] = "present"
    state[np.broadcast_to(~target, shape) & (size < 4)] = "absent"
    state[np.broadcast_to(role == "non_target", (n, LESIONS)).reshape(n, LESIONS, 1) & (luck > 0.988)] = (
        "unequivocal_progression"
    )
    state[np.broadcast_to(target, shape) & small] = "too_small"
    state[np.broadcast_to(target, shape) & gone] = "absent"
    state[luck < 0.004] = "not_evaluated"
    state[:, :, 0] = np.where(target[:, :, 0], "measured", "present")
    diameter = np.where((state == "measured") & target, np.round(size, 1), np.nan)
    keep = there.ravel()
    rows, lesion, visits = (a.ravel()[keep] for a in np.indices(shape))
    names = np.array([f"L{i + 1}" for i in range(LESIONS)])
    return pl.DataFrame(
        {
            "patient_id": ids[rows],
            "lesion_id": names[lesion],
            "assessed_on": (start[rows] + visit[rows, visits]).astype("datetime64[D]"),
            "diameter_mm": diameter.ravel()[keep],
            "state": state.ravel()[keep],
        }
    ).with_columns(pl.col("diameter_mm").fill_nan(None), pl.lit("ct").alias("modality"))


def _sizes(rng: np.random.Generator, n: int, node: np.ndarray) -> np.ndarray:
    """Millimetres, (n, LESIONS, VISITS): killed at one rate, growing back at another (Stein's sum of exponentials)."""
    months = (VISIT_DAYS / 30.4375) * np.arange(VISITS)[None, None, :]
    baseline = np.maximum(rng.lognormal(np.log(28), 0.45, (n, LESIONS)), np.where(node, 15.2, 10.5))[
        :, :, None
    ]
    kill = rng.gamma(1.5, 0.12, (n, 1, 1)) * rng.lognormal(0, 0.3, (n, LESIONS, 1))
    grow = rng.gamma(1.2, 0.04, (n, 1, 1)) * rng.lognormal(0, 0.4, (n, LESIONS, 1))
    size = baseline * (np.exp(-kill * months) + np.exp(grow * months) - 1)
    noise = np.concatenate([np.zeros((n, LESIONS, 1)), rng.normal(0, 0.8, (n, LESIONS, VISITS - 1))], axis=2)
    return np.clip(size + noise, 0, 390)


def _patients(
    rng: np.random.Generator, ids: np.ndarray, start: np.ndarray, last: np.ndarray, died: np.ndarray
) -> pl.DataFrame:
    n = len(ids)
    died_on = np.where(died >= 0, start + died, np.datetime64("NaT", "D"))
    alive = np.where(died >= 0, died, last + rng.integers(0, 700, n))
    return pl.DataFrame(
        {
            "patient_id": ids,
            "sex": rng.choice(["male", "female"], n, p=[0.84, 0.16]),
            "age_years": rng.integers(35, 84, n).astype(float),
            "smoking": rng.choice(["ever", "never"], n, p=[0.77, 0.23]),
            "ecog": rng.choice([0, 1, 2], n, p=[0.14, 0.8, 0.06]).astype(np.int32),
            "histology": rng.choice(["squamous", "adenocarcinoma"], n, p=[0.6, 0.4]),
            "stage": rng.choice(["IIIB", "IIIC", "IV"], n, p=[0.05, 0.2, 0.75]),
            "pd_l1": rng.choice(["<1%", "1-49%", ">=50%"], n),
            "driver_gene": rng.choice(["negative", "positive"], n, p=[0.93, 0.07]),
            "treatment_started_on": start.astype("datetime64[D]"),
            "last_dose_on": (start + last).astype("datetime64[D]"),
            "died_on": died_on.astype("datetime64[D]"),
            "last_known_alive_on": (start + alive).astype("datetime64[D]"),
        }
    )


def _lesions(rng: np.random.Generator, ids: np.ndarray, lesions: dict[str, np.ndarray]) -> pl.DataFrame:
    n = len(ids)
    names = np.array([f"L{i + 1}" for i in range(LESIONS)])
    node = lesions["is_node"].ravel()
    station = np.where(node, STATIONS[rng.integers(0, len(STATIONS), n * LESIONS)], "")
    return pl.DataFrame(
        {
            "patient_id": np.repeat(ids, LESIONS),
            "lesion_id": np.tile(names, n),
            "role": lesions["role"].ravel(),
            "organ": lesions["organ"].ravel(),
            "station": station,
            "is_node": node,
            "is_primary": np.tile(np.arange(LESIONS) == 0, n),
        }
    ).with_columns(pl.col("station").replace("", None))


def _treatments(
    rng: np.random.Generator, ids: np.ndarray, start: np.ndarray, last: np.ndarray
) -> pl.DataFrame:
    n = len(ids)
    first = pl.DataFrame(
        {
            "patient_id": ids,
            "line": np.full(n, 1, np.int32),
            "regimen": rng.choice(["chemo_io", "chemo"], n, p=[0.9, 0.1]),
            "started_on": start.astype("datetime64[D]"),
        }
    )
    again = np.flatnonzero(rng.random(n) < 0.4)
    second = pl.DataFrame(
        {
            "patient_id": ids[again],
            "line": np.full(len(again), 2, np.int32),
            "regimen": np.full(len(again), "chemo"),
            "started_on": (start + last)[again].astype("datetime64[D]"),
        }
    )
    return pl.concat([first, second]).sort("patient_id", "line")


def main() -> None:
    """The command."""
    words = argparse.ArgumentParser(description="Write a synthetic study at registry scale (parquet).")
    words.add_argument("--patients", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args()
    write_study(given.out, given.patients, given.seed)


if __name__ == "__main__":
    main()
