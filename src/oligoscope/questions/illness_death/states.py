"""The states of the illness-death model and the transitions between them."""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.study.dictionary.terms import Pattern

NONE, DEATH = "no_progression", "death"
OLIGO, SYSTEMIC = Pattern.OLIGO.value, Pattern.SYSTEMIC.value
NO_PATTERN = "progression_without_pattern"  # left out where no patient progressed in an unknown pattern
ALIVE = (NONE, OLIGO, SYSTEMIC, NO_PATTERN)
DEAD = {
    NONE: "death_without_progression",
    OLIGO: "death_after_oligoprogression",
    SYSTEMIC: "death_after_systemic",
    NO_PATTERN: "death_after_progression_without_pattern",
}
REPORTED_AT = (6, 12, 24)  # months, as survival


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the model: from a state of the living to another one or to death."""

    start: str
    end: str

    @property
    def enters(self) -> str:
        """The state that is occupied after it: death is one state a state that it is reached from."""
        return DEAD[self.start] if self.end == DEATH else self.end


# Those that have a model, in the order of the table.
MODELLED = (
    Transition(NONE, OLIGO),
    Transition(NONE, SYSTEMIC),
    Transition(NONE, DEATH),
    Transition(OLIGO, DEATH),
    Transition(SYSTEMIC, DEATH),
)
UNKNOWN = (Transition(NONE, NO_PATTERN), Transition(NO_PATTERN, DEATH))


def states_of(*, has_unknown: bool) -> tuple[str, ...]:
    """The living, then the dead by where they came from."""
    alive = ALIVE if has_unknown else ALIVE[:-1]
    return (*alive, *(DEAD[state] for state in alive))
