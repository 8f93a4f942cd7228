"""Lists of patients as HTML: a condition, how many, and the folded list of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from oligoscope.bilingual import Language, Text
from oligoscope.report.html.html_page import inline
from oligoscope.report.numbers.numbers_page import PatientSet
from oligoscope.report.numbers.numbers_words import (
    COUNT,
    EVERY_ROW,
    IN_PAIRS,
    LISTED,
    LISTED_PART,
    NOT_EVERYWHERE,
    OF_IMPUTATIONS,
    ONE,
    SAME,
)
from oligoscope.report.numbers.patients_found import Members
from oligoscope.study.vocabulary import name_of

SINGLE_COUNTS = 10  # so many imputations are counted one by one; of more, the fewest and the most
STATIONS: dict[str, Text] = {
    "screened": name_of("screened"),
    "treated": name_of("treated"),
    "progressed": name_of("progressed"),
    "matched": name_of("matched"),
}


def patient_lists(sets: Iterable[PatientSet], language: Language) -> Iterator[str]:
    """Every set, those of one population together."""
    by_station: dict[str, list[PatientSet]] = {name: [] for name in STATIONS}
    for one in sets:
        by_station[_station(one)].append(one)
    for name, found in by_station.items():
        if found:
            yield f'<h3 id="patients-{name}">{STATIONS[name][language]}</h3>'
            yield from (_set(one, language) for one in found)


def _station(one: PatientSet) -> str:
    if one.selection.matched:
        return "matched"
    first = next((t for t in one.selection.shared if t.column == "population"), None)
    return "screened" if first is None else first.words[0]


def _set(one: PatientSet, language: Language) -> str:
    title = inline(one.selection.words()[language] or EVERY_ROW[language])
    condition = one.selection.text()
    code = f"<code>{escape(condition)}</code>" if condition else EVERY_ROW[language]
    pairs = f"{IN_PAIRS[language]} " if one.selection.matched else ""
    return (
        f'<div class="patients" id="patients-{one.number}"><h4>{one.number}. {title}</h4>'
        f"<p>{_count(one.members, language)}</p><p>{pairs}{code}</p>{_listed(one, language)}</div>"
    )


def _count(members: Members, language: Language) -> str:
    counts = members.counts
    if len(counts) < 2:
        return (ONE if counts == (1,) else COUNT)[language].format(*counts)
    shown = ", ".join(map(str, counts)) if len(counts) <= SINGLE_COUNTS else f"{min(counts)}–{max(counts)}"
    return OF_IMPUTATIONS[language].format(shown, members.n_different)


def _listed(one: PatientSet, language: Language) -> str:
    if one.same_as is not None:
        return f"<p>{SAME[language].format(one.same_as)}</p>"
    members = one.members
    whole = len(members.ids) == members.n_different
    summary = LISTED[language] if whole else LISTED_PART[language].format(len(members.ids))
    note = f"<p>{NOT_EVERYWHERE[language]}</p>" if any(members.imputations) else ""
    return f'<details><summary>{summary}</summary>{note}<p class="ids">{_ids(members)}</p></details>'


def _ids(members: Members) -> str:
    if not members.imputations:
        return ", ".join(map(escape, members.ids))
    pairs = zip(members.ids, members.imputations, strict=True)
    return ", ".join(
        escape(i) + (f" ({', '.join(map(str, within))})" if within else "") for i, within in pairs
    )
