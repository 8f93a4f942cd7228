"""How patients are to be matched: settings that are checked, and say themselves in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from oligoscope.errors import UsageError

Method = Literal["nearest", "optimal"]
Order = Literal["descending", "ascending", "given", "random"]
CaliperScale = Literal["logit", "probability", "sd_logit"]

_ORDER_WORDS: Mapping[Order, str] = MappingProxyType(
    {
        "descending": "highest score first",
        "ascending": "lowest score first",
        "given": "in the order given",
        "random": "in random order",
    }
)
_SCALE_WORDS: Mapping[CaliperScale, str] = MappingProxyType(
    {"logit": "on the logit", "probability": "on the probability", "sd_logit": "SD of the logit"}
)


@dataclass(frozen=True, slots=True)
class MatchingOptions:
    """How patients are matched.

    Attributes:
        method: "nearest" (greedy) or "optimal" (most pairs, then least total distance).
        ratio: Controls to a treated patient, at most; 1 or more.
        replace: A control may serve several treated patients. Nearest is then optimal, too.
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
    def words(self) -> str:
        """The method in words, as printed with every matching."""
        parts = ["optimal (most pairs, then least total distance)"]
        if self.method == "nearest":
            parts = (
                ["nearest neighbour"] if self.replace else [f"nearest neighbour, {_ORDER_WORDS[self.order]}"]
            )
        parts.append(f"1:{self.ratio}")
        parts.append("with replacement" if self.replace else "without replacement")
        scale = _SCALE_WORDS[self.caliper_scale]
        parts.append("no caliper" if self.caliper is None else f"caliper {self.caliper:g} {scale}")
        return ", ".join(parts)
