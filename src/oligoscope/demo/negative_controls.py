"""Cohorts drawn wrongly on purpose: how many of the paper's numbers agree with them, too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from oligoscope.bilingual import Text
from oligoscope.demo.times import CALIBRATED, Calibration

SEEDS = (20250408, 1, 2, 3, 4, 5)  # the demo's own, and five more
COUNTS = "negative_controls.json"  # written by scripts/negative_controls.py
_EQUAL_TAILS = {
    (outcome, pattern): (
        CALIBRATED.beyond_median[outcome, "oligoprogression"] + CALIBRATED.beyond_median[outcome, "systemic"]
    )
    / 2
    for outcome, pattern in CALIBRATED.beyond_median
}


@dataclass(frozen=True)
class NegativeControl:
    """A cohort that is wrong in one respect.

    Attributes:
        name: In the file of counts.
        words: What is wrong with it, as a table prints it.
        calibration: What it is drawn with.
    """

    name: str
    words: Text
    calibration: Calibration


AS_THE_DEMO = NegativeControl(
    "demo", Text("与演示队列相同的抽样方式", "Drawn as the demo cohort"), CALIBRATED
)
CONTROLS: tuple[NegativeControl, ...] = (
    NegativeControl(
        "independent_times",
        Text("生存时间独立随机抽取，不分层", "Times drawn independently, not by strata"),
        Calibration(stratified=False),
    ),
    NegativeControl(
        "few_primary",
        Text("两种进展模式的原发性耐药均为 10%", "Primary resistance in 10% of both patterns"),
        Calibration(primary_share={"oligoprogression": 0.1, "systemic": 0.1}),
    ),
    NegativeControl(
        "equal_tails",
        Text(
            "超过中位数以后的时间在两种进展模式中相同",
            "The same times beyond the median in both patterns",
        ),
        Calibration(beyond_median=_EQUAL_TAILS),
    ),
)


@dataclass(frozen=True)
class AgreementCounts:
    """How many numbers of a paper lie within tolerance, for cohorts drawn at several seeds.

    Attributes:
        of: Numbers compared, those of the baseline table left out.
        within: By name of the control, by seed.
    """

    of: int
    within: Mapping[str, Mapping[int, int]]

    def span(self, name: str) -> tuple[int, int]:
        """The smallest and the largest count of a control."""
        found = self.within[name].values()
        return min(found), max(found)


def counted(paper: str) -> AgreementCounts | None:
    """The counts of a paper's negative controls; None where there are none for it."""
    known = json.loads((files("oligoscope.demo") / COUNTS).read_text(encoding="utf-8"))
    if paper not in known:
        return None
    of, within = known[paper]["of"], known[paper]["within"]
    return AgreementCounts(of, {name: {int(s): n for s, n in by.items()} for name, by in within.items()})
