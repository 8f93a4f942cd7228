"""The main comparisons on one axis: also those of the other definitions, with the share that each calls oligoprogression."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.report.main_comparisons import draw_main_comparisons, tabulate_main_comparisons
from oligoscope.results.analyses import RECLASSIFICATION, TEAM_LABELS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, read_warnings
from oligoscope.study.dictionary.definitions import definition_name
from unit.stored_results import OLIGO, SYSTEMIC, row

KEYS: dict[str, Any] = {"analysis": RECLASSIFICATION, "population": "progressed"}
BETWEEN = f"{OLIGO} vs {SYSTEMIC}"
FOUND = {"huang2025": (49.9, 0.63), "strict3": (46.6, 0.68), "chai2021": (78.9, 0.91), "br38": (54.6, 0.66)}
CHANGING = ("strict3", "chai2021")


@pytest.fixture(scope="module")
def ratios() -> list[Estimate]:
    return [
        row(
            **KEYS, outcome="pps", group=name, level=BETWEEN, statistic=Statistic.HAZARD_RATIO,
            value=ratio, low=ratio - 0.1, high=ratio + 0.1, n=579,
            warning=read_warnings(WarningCode.NON_PROPORTIONAL) if name in CHANGING else NO_WARNING,
        )
        for name, (_, ratio) in FOUND.items()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def results(compared_results: Results, ratios: list[Estimate]) -> Results:
    shares = (
        row(
            **KEYS,
            outcome="pattern",
            group=name,
            level=OLIGO,
            statistic=Statistic.PERCENT,
            value=share,
            n=579,
        )
        for name, (share, _) in FOUND.items()
    )
    others = (e for e in compared_results.estimates if e.analysis != RECLASSIFICATION)
    return Results((*others, *shares, *ratios), compared_results.series)


def drawn(results: Results, chosen: str = "huang2025") -> list[Estimate]:
    """Ratios of other definitions in the picture."""
    estimates = draw_main_comparisons(results, chosen).estimates
    return [e for e in estimates if e.analysis == RECLASSIFICATION and e.outcome == "pps"]


def test_each_definition_but_the_studys_own_has_a_row(results, ratios):
    assert drawn(results) == [e for e in ratios if e.group != "huang2025"]
    assert drawn(results, "chai2021") == [e for e in ratios if e.group != "chai2021"]


def test_beside_labels_of_the_team_no_definition_is_the_studys_own(results, ratios):
    own = replace(
        results.find(statistic=Statistic.N)[0],
        analysis=TEAM_LABELS, population="progressed", outcome="pattern", group="", variable="", level="",
    )  # fmt: skip
    given = Results((*results.estimates, own), results.series)

    assert drawn(given) == ratios


def test_a_definition_without_a_ratio_has_no_row(results, ratios):
    left_out = next(e for e in ratios if e.group != "huang2025")
    without = tuple(
        replace(e, value=None, low=None, high=None) if e == left_out else e for e in results.estimates
    )

    assert drawn(Results(without, results.series)) == [
        e for e in ratios if e.group not in {"huang2025", left_out.group}
    ]


def test_a_row_of_a_definition_names_its_share_and_no_counts_of_the_studys_own_groups(results, ratios):
    table = tabulate_main_comparisons(results, "huang2025")
    assert table is not None
    rows = {row.cells[0].text.en: row for row in table.rows}

    for ratio in ratios[1:]:
        printed = rows[f"{definition_name(ratio.group).en}: {FOUND[ratio.group][0]}%"]
        (share,) = printed.cells[0].keys
        assert share == replace(ratio, outcome="pattern", level=OLIGO, statistic=Statistic.PERCENT).key
        assert [cell.text.en for cell in printed.cells[1:3]] == ["", ""]
        assert printed.cells[3].keys == (ratio.key,)


def test_definitions_whose_ratio_changes_with_time_are_named_together_in_the_caption(results, ratios):
    assert sum(bool(e.warning) for e in ratios) == 2
    caption = draw_main_comparisons(results, "huang2025").caption

    assert caption.en.count("some other definitions") == 1
    assert caption.zh.count("部分其他定义") == 1
    assert caption.en.endswith("Sources of the other definitions: references of the paper.")
