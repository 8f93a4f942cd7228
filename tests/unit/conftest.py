"""Results of a study and its protocol, for the rooms that only read Results."""

from __future__ import annotations

import pytest

from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from oligoscope.study.study_presets import PRESETS
from unit.stored_results import FEW, changed, compared, unmatched


@pytest.fixture(scope="session")
def made_results() -> Results:
    """Flow, baseline, survival and response of the stored run."""
    return unmatched()


@pytest.fixture(scope="session")
def compared_results() -> Results:
    """The same with the comparisons after matching."""
    return compared()


@pytest.fixture(scope="session")
def sparse_results() -> Results:
    """The same without comparisons, where one group is too sparse: its hazard ratios and P are withheld."""
    nothing = {"value": None, "low": None, "high": None, "warning": FEW}
    found = unmatched()
    for statistic in (Statistic.HAZARD_RATIO, Statistic.P_VALUE):
        found = changed(found, nothing, analysis=SURVIVAL, statistic=statistic)
    return found


@pytest.fixture(scope="session")
def made_protocol() -> Protocol:
    """The protocol of the paper's preset, marked synthetic."""
    title = {
        "zh": "驱动基因阴性非小细胞肺癌的进展模式",
        "en": "Progression patterns in driver-negative NSCLC",
    }
    study = {"title": title, "preset": "huang2025", "data_cutoff": "2025-04-08", "synthetic": True}
    data = {"patients": {"files": ("patients.csv",)}}
    return Protocol.model_validate({"study": study, "data": data, **PRESETS["huang2025"]})
