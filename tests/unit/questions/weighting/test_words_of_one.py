"""Where nothing was imputed, weights are of one cohort, and nothing is called a mean over imputations."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.questions.weighting.figure import draw_weighted_balance
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.questions.weighting.tables import tabulate_weighted_balance
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.results import Results
from unit.stored_results import VERSUS, stored, without

OF = ("progressed", "pattern", VERSUS)


def of_one() -> Results:
    """The stored results as of one cohort, in which there is no Monte Carlo error."""
    rows = without(stored(), IMPUTATION).estimates
    return Results(
        tuple(e for e in rows if "imputations" not in e.method + str(e.statistic)), stored().series
    )


def texts(results: Results) -> list[Text]:
    ratios = tabulate_weighting(results, "progressed", VERSUS)
    balance = tabulate_weighted_balance(results, *OF, 0.1)
    heads = [head.detail for head in balance.columns if head.detail is not None]
    cells = [cell.text for row in balance.rows for cell in row.cells]
    return [draw_weighted_balance(results, *OF, 0.1).caption, *ratios.notes, *balance.notes, *heads, *cells]


@pytest.mark.parametrize("language", LANGUAGES)
def test_imputations_are_mentioned_where_there_were_several(language):
    said = {"en": ("imputation", "mean (largest)"), "zh": ("插补", "均值（最大值）")}[language]

    several = "\n".join(text[language] for text in texts(stored()))
    one = "\n".join(text[language] for text in texts(of_one()))

    assert all(words in several for words in said)
    assert not any(words in one for words in said)
    assert {"en": "farthest apart, and beyond", "zh": "最大 |SMD| 为各水平的最大者"}[language] in one
