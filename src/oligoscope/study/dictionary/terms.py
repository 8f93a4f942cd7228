"""The codes of every stage: responses, states of a lesion, patterns, types of resistance, populations."""

from __future__ import annotations

from enum import StrEnum


class Response(StrEnum):
    """Response codes of RECIST 1.1 (Eisenhauer 2009)."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON_CR_NON_PD"
    PD = "PD"
    NE = "NE"


class State(StrEnum):
    """What a reader recorded of one lesion at one scan."""

    MEASURED = "measured"
    TOO_SMALL = "too_small"
    ABSENT = "absent"
    PRESENT = "present"
    INCREASED = "increased"
    UNEQUIVOCAL_PROGRESSION = "unequivocal_progression"
    NOT_EVALUATED = "not_evaluated"
    MERGED = "merged"
    SPLIT = "split"


class Pattern(StrEnum):
    """Progression pattern at the first progression."""

    OLIGO = "oligoprogression"
    SYSTEMIC = "systemic"


class Resistance(StrEnum):
    """Resistance type to first-line immunotherapy."""

    PRIMARY = "primary"
    ACQUIRED = "acquired"
    UNCONFIRMED_PRIMARY = "unconfirmed_primary"
    NOT_ACQUIRED = "not_acquired_by_definition"
    UNCLASSIFIABLE = "unclassifiable"


class Population(StrEnum):
    """The patients a number is about."""

    EXCLUDED = "excluded"
    TREATED = "treated"
    PROGRESSED = "progressed"
