"""Responses and rates as a table."""

from __future__ import annotations

from oligoscope.questions.response.table import tabulate_response_rate


def test_every_cell_key_is_in_the_results(made_results):
    keys = list(tabulate_response_rate(made_results).printed_keys())

    assert keys
    assert set(keys) <= {e.key for e in made_results.estimates}


def test_response_rates_have_exact_limits(made_results):
    """Clopper-Pearson of 184 of 289, R: binom.test(184, 289)."""
    table = tabulate_response_rate(made_results)
    orr = next(r for r in table.rows if r.cells[0].text.en.startswith("Objective"))

    assert [c.text.en for c in orr.cells[1:]] == ["63.7 (57.8 to 69.2)", "41.0 (35.3 to 46.9)", "<0.001"]
