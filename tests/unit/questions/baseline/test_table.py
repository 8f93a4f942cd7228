"""Table 1 against the paper's printed cells."""

from __future__ import annotations

from typing import Any

from oligoscope.printing.table import Table
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import read_method
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings


def row_of(table: Table, label: str) -> list[str]:
    return next([c.text.en for c in r.cells] for r in table.rows if r.cells[0].text.en == label)


def test_the_paper_s_cells_are_printed_as_in_the_paper(made_results):
    """Huang 2025, table 1, before matching."""
    table = tabulate_baseline(made_results)

    assert row_of(table, "≥60")[1:4] == ["314 (54.2)", "163 (56.4)", "151 (52.1)"]
    assert row_of(table, "Squamous")[1:4] == ["348 (60.1)", "200 (69.2)", "148 (51.0)"]
    assert row_of(table, "Sex")[4] == "0.007"


def test_chinese_cells_have_no_space_and_ranges_a_tilde(made_results):
    cells = {c.text.zh for r in tabulate_baseline(made_results).rows for c in r.cells}

    assert "163(56.4)" in cells
    assert "71.0(48.0~101.0)" in cells


def test_levels_and_missing_add_up_to_the_group(made_results):
    table = tabulate_baseline(made_results)
    sizes = [int(h.detail.en.strip("(n=)")) for h in table.columns if h.detail]
    sums: dict[str, list[int]] = {}
    variable = ""
    for row in table.rows:
        if row.is_heading:
            variable = row.cells[0].text.en
        elif row.indent:
            counts = [int(c.text.en.split(" ")[0]) for c in row.cells[1:4]]
            sums[variable] = [a + b for a, b in zip(sums.get(variable, [0, 0, 0]), counts, strict=True)]

    assert list(sums.values()) == [sizes] * 8


def test_every_test_is_named_beside_its_p(made_results):
    table = tabulate_baseline(made_results)
    marks = {c.mark for r in table.rows for c in r.cells if c.mark}

    assert marks == {"a", "b"}
    assert [n.en.split(":")[0] for n in table.notes[:2]] == ["a", "b"]


def test_a_t_test_makes_the_row_print_mean_and_sd():
    keys: dict[str, Any] = {"analysis": BASELINE, "population": "progressed", "outcome": "pattern"}
    of_group: dict[str, Any] = {**keys, "group": "systemic", "variable": "age_years"}
    estimates = (
        Estimate(**keys, group="systemic", statistic=Statistic.N, value=3, n=3),
        Estimate(**of_group, statistic=Statistic.MEAN, value=61.25),
        Estimate(**of_group, statistic=Statistic.SD, value=7.0),
        Estimate(**of_group, statistic=Statistic.MEDIAN, value=60, low=55, high=66),
        Estimate(**keys, group="oligoprogression vs systemic", variable="age_years", statistic=Statistic.P_VALUE, value=0.2,
                 method=read_method("Welch t")),
    )  # fmt: skip

    one_group = [e for e in estimates if " vs " not in e.group]
    table = tabulate_baseline(
        Results((*estimates, Estimate(**keys, group="oligoprogression", statistic=Statistic.N, value=2)))
    )

    assert table.rows[0].cells[1].text.en == "61.3 ± 7.0"
    assert tabulate_baseline(Results(tuple(one_group))).rows[0].cells[1].text.en == "60.0 (55.0 to 66.0)"


def test_a_p_that_does_not_exist_says_why():
    keys: dict[str, Any] = {"analysis": BASELINE, "population": "progressed", "outcome": "pattern"}
    table = tabulate_baseline(
        Results(
            (
                Estimate(**keys, group="a", statistic=Statistic.N, value=3),
                Estimate(**keys, group="b", statistic=Statistic.N, value=2),
                Estimate(
                    **keys,
                    group="a vs b",
                    variable="sex",
                    statistic=Statistic.P_VALUE,
                    warning=read_warnings("too_few_patients"),
                ),
            )
        )
    )

    assert table.rows[0].cells[3].text.en == "–"
    assert "too few patients" in table.notes[0].en
