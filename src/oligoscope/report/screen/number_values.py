"""Every number of results.csv with its method and its patients, as plain values."""

from __future__ import annotations

from typing import Any

from oligoscope.report.estimate_words import row_words, rule_words
from oligoscope.report.html.html import FIRST_ROW
from oligoscope.report.screen.linked_values import Patients
from oligoscope.report.screen.values import bits, both
from oligoscope.results.results import Estimate, Results
from oligoscope.results.selection import Selection
from oligoscope.study.protocol import Protocol


def number_values(protocol: Protocol, results: Results, patients: Patients) -> dict[str, Any]:
    """Rows of results.csv in order, and the sets of patients that they name by place.

    Returns:
        first: The number of the first row, as a spreadsheet counts. rows: of each the keys, value, low, high, n, unit, words,
        method and warning; `of`, `counted` and `at_risk`, places in `sets`; `reasons`. sets: condition and `bits`.
    """
    places: dict[Selection, int] = {}
    rules = rule_words(protocol)
    rows = []
    for place, e in enumerate(results.estimates):
        made = patients.traced.made_from[place]
        named = {"of": made.patients, "counted": made.counted, "at_risk": made.at_risk}
        # One without patients has no condition to print.
        known = {k: s for k, s in named.items() if s is not None and s.ways and s in patients.masks}
        sets = {k: places.setdefault(s, len(places)) for k, s in known.items()}
        words = both(row_words(e, rules))
        rows.append(
            _row(e) | {"words": words, **sets, "reasons": [both(reason.full) for reason in made.reasons]}
        )
    return {"first": FIRST_ROW, "rows": rows, "sets": [_set(s, patients) for s in places]}


def _row(e: Estimate) -> dict[str, Any]:
    return {
        "keys": [str(key) for key in e.key],
        "value": e.value,
        "low": e.low,
        "high": e.high,
        "n": e.n,
        "unit": both(e.unit.printed) if e.unit else ["", ""],
        "statistic": both(e.statistic.printed),
        "method": both(e.method.printed),
        "warning": both(e.warning.printed),
    }


def _set(selection: Selection, patients: Patients) -> dict[str, Any]:
    mask = patients.masks[selection]
    return {
        "words": both(selection.words()), "condition": selection.text(), "matched": selection.matched,
        "n": int(mask.sum()), "bits": bits(mask),
    }  # fmt: skip
