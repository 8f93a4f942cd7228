"""The limitation that comparisons are withheld because events are few."""

from __future__ import annotations

from typing import Any

from oligoscope.report.limitations import limitations
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from unit.stored_results import FEW, row, withheld

RATIO: dict[str, Any] = {
    "analysis": SURVIVAL,
    "population": "progressed",
    "statistic": Statistic.HAZARD_RATIO,
}


def _sentences(protocol, *estimates: Estimate) -> list[str]:
    return [text.en for text, _ in limitations(protocol, Results(estimates)) if "too few events" in text.en]


def test_withheld_comparisons_are_counted_in_both_languages(made_protocol):
    estimates = [withheld(**RATIO, outcome=o) for o in ("os", "pfs")]

    texts = limitations(made_protocol, Results(tuple(estimates)))

    assert _sentences(made_protocol, *estimates) == ["Hazard ratios withheld because of too few events: 2."]
    assert any("有 2 项风险比因事件太少" in text.zh for text, _ in texts)


def test_a_second_warning_beside_it_does_not_hide_it(made_protocol):
    both = withheld(read_warnings("too_few_events minimum=5; group_known_only_at_progression"), **RATIO)

    assert _sentences(made_protocol, both) == ["Hazard ratios withheld because of too few events: 1."]


def test_where_events_suffice_nothing_is_said(made_protocol):
    assert _sentences(made_protocol, row(**RATIO, value=0.7, low=0.5, high=0.9)) == []


def test_a_p_that_is_printed_with_a_caution_is_not_withheld(made_protocol):
    keys: dict[str, Any] = RATIO | {"statistic": Statistic.P_VALUE}
    printed = row(**keys, value=0.2, warning=FEW)

    assert _sentences(made_protocol, printed) == []
