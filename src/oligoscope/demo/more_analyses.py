"""Analyses of the demo besides those of the paper whose preset it takes."""

from __future__ import annotations

from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.study_presets import PAPER_ANALYSES

MORE_ANALYSES: tuple[AnalysisSettings, ...] = (
    AnalysisSettings(
        kind="illness_death",
        population="treated",
        variables=("age_60", "sex", "smoking", "histology", "ecog", "brain_metastasis"),
    ),
    AnalysisSettings(kind="interval_censored"),
    AnalysisSettings(kind="at_progression"),
    AnalysisSettings(kind="at_progression", population="matched"),
    # Adjusted for what the comparison from the day of progression is adjusted for, so that the two can be compared.
    AnalysisSettings(kind="landmark_after_progression", adjust_for=("months_to_progression", "ecog")),
)
DEMO_ANALYSES: tuple[AnalysisSettings, ...] = (*PAPER_ANALYSES, *MORE_ANALYSES)
