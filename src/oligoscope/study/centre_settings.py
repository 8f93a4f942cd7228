"""The section `centres` of study.yaml: how comparisons take the treating centres into account."""

from __future__ import annotations

from typing import Literal

from oligoscope.study.settings_base import Settings

CentreUse = Literal["none", "strata", "cluster", "frailty"]


class CentreSettings(Settings):
    """The treating centres, of the column `centre`."""

    # none: not taken into account; strata: patients are compared within centres, each with a baseline hazard of its own, for
    # many patients a centre (Glidden & Vittinghoff, Stat Med 2004, 23:369); cluster: limits and tests robust to patients of one
    # centre being alike (Lin & Wei, JASA 1989, 84:1074), by t of the number of centres less 1 (Cameron & Miller, J Hum Resour
    # 2015, 50:317), for many centres of few patients; frailty: hazards of centres differ by a
    # gamma factor (Therneau, Grambsch & Pankratz, JCGS 2003, 12:156), which keeps centres that have one group only. Localio et al., Ann Intern Med 2001, 135:112.
    use: CentreUse = "none"
