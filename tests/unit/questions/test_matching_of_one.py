"""Where nothing was imputed there is one cohort, and nothing is called a mean over imputations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.matching.words import matching_paragraph
from oligoscope.questions.survival.words import group_sizes_paragraph
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING
from oligoscope.study.dictionary.outcomes import Outcome


@pytest.fixture
def of_one(compared_results) -> Results:
    """The made study with one cohort, whose balance was reached."""
    kept = (e for e in compared_results.estimates if e.analysis != IMPUTATION)
    rows = (replace(e, warning=NO_WARNING) for e in kept)
    whole = (replace(e, low=e.value, high=e.value) if e.statistic == Statistic.N_PAIRS else e for e in rows)
    return Results(tuple(whole), compared_results.series)


def test_imputations_are_not_mentioned(of_one):
    table, paragraph = tabulate_balance(of_one, 0.1), matching_paragraph(of_one, 0.1)
    sizes = group_sizes_paragraph(of_one, "matched", Outcome.OS, ("oligoprogression", "systemic"))
    plot = draw_love_plot(of_one, 0.1)
    assert sizes is not None
    texts = [sizes.text, plot.caption, *table.notes, *(cell.text for row in table.rows for cell in row.cells)]
    texts += [] if paragraph is None else [paragraph.text]

    for text in texts:
        for language in LANGUAGES:
            assert "imputation" not in text[language]
            assert "插补" not in text[language]


def test_the_largest_of_any_imputation_is_not_drawn(of_one, compared_results):
    several = draw_love_plot(compared_results, 0.1)
    one = draw_love_plot(of_one, 0.1)

    assert "smd_after_maximum" in {e.statistic for e in several.estimates}
    assert {e.statistic for e in one.estimates} == {"smd_before", "smd_after_absolute"}
