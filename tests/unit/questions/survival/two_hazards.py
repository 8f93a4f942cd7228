"""Patients of two patterns whose hazards are proportional, or cross."""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

SETTINGS = AnalysisSettings(kind="survival", outcomes=(Outcome.PPS,))


def patients(*, crossing: bool) -> pl.DataFrame:
    """150 patients a group, all dead; the hazard of systemic progression is twice that of oligoprogression, or crosses it."""
    rng = np.random.default_rng(8)
    oligo = rng.exponential(300, 150)
    systemic = 300 * rng.weibull(4.0, 150) if crossing else rng.exponential(150, 150)
    return pl.DataFrame(
        {
            "pattern": ["oligoprogression"] * 150 + ["systemic"] * 150,
            "pps_days": np.ceil(np.concatenate([oligo, systemic])).astype(int),
            "pps_event": [True] * 300,
        }
    )
