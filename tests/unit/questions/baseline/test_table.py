"""Table 1 against the paper's printed cells."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.plain_text import plain
from oligoscope.printing.table import Table
from oligoscope.questions.baseline.numbers import compare_baseline
from oligoscope.questions.baseline.table import tabulate_baseline
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.protocol import AnalysisSettings
from unit.stored_results import VERSUS, changed


def row_of(table: Table, label: str) -> list[str]:
    return next([c.text.en for c in r.cells] for r in table.rows if r.cells[0].text.en == label)


@pytest.fixture(scope="module")
def paper() -> Results:
    """Of patients like those of Huang 2025, table 1, before matching; their diameters are made up."""
    levels = {
        "sex": ("male", "female", 255, 232),
        "age_60": (">=60", "<60", 163, 151),
        "histology": ("squamous", "adenocarcinoma", 200, 148),
    }
    columns = {
        name: [a] * oligo + [b] * (289 - oligo) + [a] * systemic + [b] * (290 - systemic)
        for name, (a, b, oligo, systemic) in levels.items()
    }
    columns |= {"pattern": ["oligoprogression"] * 289 + ["systemic"] * 290}
    patients = pl.DataFrame(columns).with_columns(baseline_sum_mm=pl.int_range(579) % 71 + 30.0)
    asked = AnalysisSettings(kind="baseline", population="progressed", variables=(*levels, "baseline_sum_mm"))
    return Results(tuple(compare_baseline(patients, asked)))


def test_the_paper_s_cells_are_printed_as_in_the_paper(paper):
    """Huang 2025, table 1, before matching."""
    table = tabulate_baseline(paper)

    assert row_of(table, "≥60")[1:4] == ["314 (54.2)", "163 (56.4)", "151 (52.1)"]
    assert row_of(table, "Squamous")[1:4] == ["348 (60.1)", "200 (69.2)", "148 (51.0)"]
    assert row_of(table, "Sex")[4] == "0.007"


def test_chinese_cells_have_no_space_and_ranges_a_tilde(paper):
    cells = {c.text.zh for r in tabulate_baseline(paper).rows for c in r.cells}

    assert "163(56.4)" in cells
    assert "64.0(46.0~82.0)" in cells


def test_levels_and_missing_add_up_to_the_group(made_results):
    table = tabulate_baseline(made_results)
    sizes = [int(plain(h.detail.en).strip("(n=)")) for h in table.columns if h.detail]
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
    ages = {"pattern": ["oligoprogression"] * 3 + ["systemic"] * 3, "age_years": [70.0, 55, 60, 50, 60, 70]}
    settings = AnalysisSettings(kind="baseline", population="progressed", variables=("age_years",))
    estimates = compare_baseline(pl.DataFrame(ages), settings)
    one_group = (e for e in estimates if e.group not in {"oligoprogression", VERSUS})

    table = tabulate_baseline(Results(tuple(estimates)))

    assert table.rows[0].cells[3].text.en == "60.0 ± 10.0"
    assert tabulate_baseline(Results(tuple(one_group))).rows[0].cells[2].text.en == "60.0 (55.0 to 65.0)"


def test_a_p_that_does_not_exist_says_why(made_results):
    nothing = {"value": None, "warning": read_warnings("too_few_patients")}
    table = tabulate_baseline(changed(made_results, nothing, variable="sex", statistic=Statistic.P_VALUE))

    assert row_of(table, "Sex")[4] == "–"
    assert any("too few patients" in note.en for note in table.notes)
