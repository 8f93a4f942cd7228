"""Whether the weights balance the groups: differences of every level before and after, and the gate set beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.cohort.match import names_of_rows, reason_in_sentence
from oligoscope.cohort.weighted_groups import Scored
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.matching.balance import balance
from oligoscope.stats.matching.weighting import Weighting
from oligoscope.study.keys import Level, LevelOf
from oligoscope.study.protocol import MatchingSettings

Place = tuple[str, str, str]  # variable, level (blank for a whole variable), kind
# Overlap weights and entropy balancing make means equal but for rounding, which differs from one computer to the next.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class _Differences:
    """Standardised differences of one level in each imputation that has it."""

    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def absolute(self) -> float:
        return float(np.mean(np.abs(self.after)))

    @property
    def largest(self) -> float:
        return float(np.max(np.abs(self.after)))


@dataclass(frozen=True, slots=True)
class WeightedBalance:
    """The differences of all variables and levels with the weights of one target; `names`: their keys."""

    rows: dict[Place, _Differences]
    names: dict[str, str]

    @classmethod
    def of(
        cls, scored: Sequence[Scored], weights: Sequence[NDArray[np.float64]], covariates: Sequence[str]
    ) -> WeightedBalance:
        """As the balance after matching: over the SD before, in each imputation."""
        found: dict[Place, list[tuple[float, float]]] = defaultdict(list)
        for one, own in zip(scored, weights, strict=True):
            before = balance(one.covariates, one.treated).rows
            after = balance(one.covariates, one.treated, own).rows
            for b, a in zip(before, after, strict=True):
                place = b.variable, "" if b.level is None else str(b.level), b.kind
                found[place].append((b.smd, 0.0 if abs(a.smd) < _ROUNDING else a.smd))
        rows = {place: _Differences(*zip(*pairs, strict=True)) for place, pairs in found.items()}
        table = pl.DataFrame(
            {"variable": [v for v, _, _ in rows], "level": [level or None for _, level, _ in rows]},
            schema={"variable": pl.String, "level": pl.String},
        )
        return cls(rows, names_of_rows(table, tuple(covariates)))

    def worst(self, *, in_any: bool = False) -> tuple[str, float]:
        """The level or number that is farthest apart on average, or in any imputation, and how far."""
        sizes = {
            place: d.largest if in_any else d.absolute
            for place, d in self.rows.items()
            if place[2] != "factor"
        }
        # Of equal ones, as the two levels of a variable, the first: the last digits differ from one computer to the next.
        most = max(sizes.values())
        (variable, level, _), size = next((p, s) for p, s in sizes.items() if s >= most * (1 - _ROUNDING))
        name = f"{variable}={level}" if level else variable
        return self.names.get(name, name), size

    def missed(self, matching: MatchingSettings) -> Warnings:
        """That the largest mean difference is beyond the limit; blank where it is not."""
        name, size = self.worst()
        if size <= matching.balance_limit:
            return NO_WARNING
        variable = name.variable if isinstance(name, LevelOf) else name
        limit = matching.balance_limit
        return WarningCode.WEIGHTS_UNBALANCED(variable=variable, largest=f"{size:.3f}", limit=limit)

    def gate_rows(self, missed: Warnings) -> Iterator[dict[str, Any]]:
        """What the gate judged."""
        for statistic, in_any in ((Statistic.LARGEST_SMD, False), (Statistic.MAXIMUM_SMD, True)):
            name, size = self.worst(in_any=in_any)
            yield {"statistic": statistic, "value": size, "level": name, "warning": missed}

    def level_rows(self, covariates: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Each variable and level before and after."""
        own = {str(name): name for name in covariates}
        for (name, level, _), differences in self.rows.items():
            variable = own.get(name, name)
            keys = {"variable": variable, "level": Level.of(variable, level) if level else ""}
            for statistic, values in (
                (Statistic.SMD_UNWEIGHTED, differences.before),
                (Statistic.SMD_WEIGHTED, differences.after),
            ):
                mean = _mean(values)
                if np.isnan(mean):
                    yield keys | {
                        "statistic": statistic,
                        "warning": WarningCode.INFINITE_IN_BOTH_DIRECTIONS(),
                    }
                else:
                    yield keys | {"statistic": statistic, "value": mean}
            yield keys | {"statistic": Statistic.SMD_WEIGHTED_ABSOLUTE, "value": differences.absolute}
            yield keys | {"statistic": Statistic.SMD_WEIGHTED_MAXIMUM, "value": differences.largest}


def _mean(values: Sequence[float]) -> float:
    with np.errstate(invalid="ignore"):
        return float(np.mean(values))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the balance set beforehand, and the size of the weighted groups, say of the weights of one target.

    Attributes:
        balance: With these weights.
        withheld: Why no outcome is compared with them; blank where outcomes are.
        doubts: The balance that was missed, and the reason of study.yaml to compare outcomes all the same.
    """

    balance: WeightedBalance
    withheld: Warnings
    doubts: Warnings


def judge(
    scored: Sequence[Scored],
    weightings: Sequence[Weighting],
    covariates: Sequence[str],
    matching: MatchingSettings,
) -> Judgement:
    """Whether outcomes may be compared with these weights: the gate of every analysis that uses them.

    Args:
        scored: Each completed cohort with its score.
        weightings: Its weights.
        covariates: Of the score.
        matching: The limit of balance, the smallest group, and the reason to compare all the same.
    """
    found = WeightedBalance.of(scored, [w.weights for w in weightings], covariates)
    missed = found.missed(matching)
    reason = _unsealed(matching) if missed else NO_WARNING
    fewest = min(min(w.effective_n_treated, w.effective_n_controls) for w in weightings)
    is_small = fewest < matching.minimum_group
    few = WarningCode.TOO_FEW_EFFECTIVE(minimum=matching.minimum_group) if is_small else NO_WARNING
    return Judgement(found, few or (NO_WARNING if reason else missed), join(missed, reason))


def _unsealed(matching: MatchingSettings) -> Warnings:
    """The reason of study.yaml for which estimates are given though the balance was missed; blank where there is none."""
    if matching.unseal is None:
        return NO_WARNING
    return WarningCode.WEIGHTS_UNSEALED(reason=reason_in_sentence(matching.unseal))
