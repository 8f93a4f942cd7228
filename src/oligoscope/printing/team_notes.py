"""The note below a table or figure that prints labels which are the study team's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oligoscope.bilingual import Text
from oligoscope.results.analyses import RECLASSIFICATION, RESPONSE_SERIES, TEAM_LABELS
from oligoscope.results.results import KEYS, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import Key, Level, Patients, in_sentence
from oligoscope.study.vocabulary import OWNERS, column_name

# Labels of which a reader must know who gave them; times and sites are in the Methods.
_NAMED = ("pattern", "resistance", "best_response")
_OUTCOME = KEYS.index("outcome")


def given_by_team(results: Results) -> frozenset[str]:
    """The labels and outcomes that the study team has given of some patient."""
    return frozenset(
        e.outcome for e in results.find(analysis=TEAM_LABELS, statistic=Statistic.N, variable="")
    )


def no_response_known(results: Results, population: str = "treated") -> bool:
    """Whether the best response of no patient is known, so that nothing can be said of responses and what rests on them."""
    found = results.find(
        analysis=RESPONSE_SERIES, population=population, outcome="best_response", statistic=Statistic.N
    )
    return any(e.value is None for e in found)


def resistance_unknown(results: Results) -> bool:
    """Whether analyses by type of resistance were withheld, because no type could be derived and the team gave none."""
    return any(
        e.warning.has(WarningCode.RESISTANCE_NOT_KNOWN)
        for e in results.estimates
        if e.analysis != RECLASSIFICATION
    )


def team_note(keys: Iterable[tuple[str, ...]], results: Results) -> Text | None:
    """Which of the labels that these estimates are about the team has given; None where there are none."""
    given = given_by_team(results)
    own = [name for name in _NAMED if name in given]
    if not own:
        return None
    about = {
        name for key in keys if key[0] not in (TEAM_LABELS, RECLASSIFICATION) for name in _variables(key)
    }
    shown = [column_name(name) for name in own if name in about]
    if not shown:
        return None
    zh, en = "、".join(name.zh for name in shown), " and ".join(in_sentence(name).en for name in shown)
    return Text(f"{zh}由研究团队判定。", f"{en[:1].upper()}{en[1:]} as classified by the study team.")


def _variables(key: tuple[str, ...]) -> Iterator[str]:
    """The variables whose levels a key names, and the label it is about."""
    yield key[_OUTCOME]
    for part in key:
        levels = (
            part.where if isinstance(part, Patients) else part.parts if isinstance(part, Key) else (part,)
        )
        for level in levels:
            if isinstance(level, Level):
                yield level.variable
            else:  # as read from a file, where a part of a population or a comparison is one word
                yield from (OWNERS.get(word, "") for word in str(level).replace(" vs ", ":").split(":"))
