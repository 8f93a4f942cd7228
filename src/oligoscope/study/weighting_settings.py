"""The section `weighting` of study.yaml: how weights are made, and what the limits know of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oligoscope.study.settings_base import Settings

WeightedTarget = Literal["overlap", "ate", "att", "entropy_ate", "entropy_att"]


class WeightingSettings(Settings):
    """Weights in place of matches; covariates, balance limit and `unseal` are those of the matching."""

    # Whose weights the curves, the log-rank test and the love plot have, and which are printed first. Overlap weights balance
    # exactly and no patient has a huge one: Li, Morgan & Zaslavsky, JASA 2018, 113:390; Li, Thomas & Li, Am J Epidemiol 2019, 188:250.
    lead: WeightedTarget = "overlap"
    targets: Annotated[tuple[WeightedTarget, ...], Field(min_length=1)] = ("overlap", "ate", "att")
    # The share of patients whose weights are cut at either end; none: none is cut (Cole & Hernán, Am J Epidemiol 2008, 168:656).
    truncate: Annotated[float, Field(gt=0, lt=0.5)] | None = None
    # robust: the score taken as known; stacked: as estimated (Shu et al., Biometrics 2021, 77:1101); bootstrap: drawn again with
    # each sample (Austin, Stat Med 2016, 35:5642).
    limits: Literal["robust", "stacked", "bootstrap"] = "stacked"
    resamples: Annotated[int, Field(ge=50, le=10_000)] = 200  # samples of each imputation, with `bootstrap`

    @property
    def lead_first(self) -> tuple[WeightedTarget, ...]:
        """The targets in the order in which they are reported: that which leads, then the others."""
        return tuple(dict.fromkeys((self.lead, *self.targets)))
