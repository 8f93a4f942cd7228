"""What the models of missing values take in which way; said in the methods by documents that load no model."""

from __future__ import annotations

from oligoscope.study.dictionary.outcomes import Outcome

ORDERED = ("pd_l1", "stage", "ecog")
# Every endpoint that is analysed afterwards belongs in the model, or its association is diluted.
OUTCOMES = (Outcome.OS, Outcome.PFS, Outcome.PPS)
