"""How patients are to be matched: settings that are checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from oligoscope.errors import UsageError

Method = Literal["nearest", "optimal"]
Order = Literal["descending", "ascending", "given", "random"]
CaliperScale = Literal["logit", "probability", "sd_logit"]


@dataclass(frozen=True, slots=True)
class MatchingOptions:
    """How patients are matched.

    Attributes:
        method: "nearest" (greedy) or "optimal" (most pairs, then least total distance).
        ratio: Controls to a treated patient, at most; 1 or more.
        replace: A control may be matched with several treated patients. Nearest is then optimal, too.
        order: In which order treated patients choose (nearest without replacement); ties as given.
        caliper: The largest distance of a pair, > 0; None for none.
        caliper_scale: What the caliper, and the distance, is measured on. "sd_logit": the distance is on
            the logit, the caliper in pooled SDs of it, sqrt((s1^2 + s0^2) / 2) before matching (Austin 2011).
        seed: Of the random order; needed for it alone.
    """

    method: Method = "nearest"
    ratio: int = 1
    replace: bool = False
    order: Order = "descending"
    caliper: float | None = 0.02
    caliper_scale: CaliperScale = "logit"
    seed: int | None = None

    def __post_init__(self) -> None:
        problems = [
            sentence
            for wrong, sentence in (
                (self.ratio < 1, f"ratio is {self.ratio}; it must be 1 or more."),
                (
                    self.caliper is not None and not 0 < self.caliper < math.inf,
                    f"caliper is {self.caliper}; it must be above 0, or none.",
                ),
                (self.order == "random" and self.seed is None, "order: random needs a seed."),
            )
            if wrong
        ]
        if problems:
            raise UsageError(" ".join(problems))

    @property
    def choice(self) -> tuple[object, ...]:
        """What distinguishes it from another matching: the order only where it matters, and no seed."""
        order = None if self.replace or self.method == "optimal" else self.order
        scale = None if self.caliper is None else self.caliper_scale
        return (self.method, order, self.ratio, self.replace, self.caliper, scale)
