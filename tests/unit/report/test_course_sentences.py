"""Sentences about where and when, in every direction."""

from __future__ import annotations

import re
from typing import Any

import pytest

from oligoscope.questions.definitions.words import definitions_paragraph
from oligoscope.questions.sites.words import sites_paragraph
from oligoscope.questions.survival.words import group_sizes_paragraph
from oligoscope.questions.timing.words import timing_paragraph
from oligoscope.results import analyses
from oligoscope.results.analyses import RECLASSIFICATION, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import OLIGO, SYSTEMIC, row

SITES: dict[str, Any] = {"analysis": analyses.SITES, "population": "progressed", "outcome": "pattern"}
TIMING: dict[str, Any] = {"analysis": analyses.TIMING, "population": "progressed", "outcome": "pattern"}


def sites() -> Results:
    shares = {OLIGO: {"bone": 9.7, "lung": 66.4, "brain": 4.8, "lymph_node": 24.2}, SYSTEMIC: {"lung": 62.8}}
    rows = [row(**SITES, group=g, statistic=Statistic.N, value=100.0) for g in ("all", *shares)]
    rows += [
        row(
            **SITES,
            group=g,
            variable="organ",
            statistic=Statistic.PERCENT,
            value=v,
            n=100,
            other={"level": o},
        )
        for g, organs in shares.items()
        for o, v in organs.items()
    ]
    same: dict[str, Any] = {"variable": "site_relation", "level": "same", "statistic": Statistic.PERCENT}
    rows += [row(**SITES, **same, group=g, value=v, n=100) for g, v in ((OLIGO, 78.5), (SYSTEMIC, 53.1))]
    rows.append(
        row(**SITES, group=OLIGO, variable="organ", level="lung", statistic=Statistic.N, value=66.0, n=100)
    )
    return Results(tuple(rows))


def timing(first: float, last: float, p: float | None) -> Results:
    rows = [row(**TIMING, group=g, statistic=Statistic.N, value=100.0) for g in ("all", OLIGO, SYSTEMIC)]
    share: dict[str, Any] = {"group": OLIGO, "variable": "window", "statistic": Statistic.PERCENT}
    rows += [
        row(**TIMING, **share, level=w, value=v, low=v - 5, high=v + 5, n=50)
        for w, v in (("0-8", first), ("8-10", 50.0), (">10", last))
    ]
    rows.append(row(**TIMING, variable="month", statistic=Statistic.P_VALUE, value=p))
    return Results(tuple(rows))


def numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


def test_the_three_commonest_organs_of_each_group_from_the_largest():
    found = sites_paragraph(sites(), "progressed", "pattern")

    assert found is not None
    assert found.text.en == (
        "The most frequent organs of first progression were lung in 66 (66.4%), lymph nodes (24.2%) and bone (9.7%) with "
        "oligoprogression; and lung (62.8%) with systemic progression. Progression was confined to organs involved at baseline in "
        "78.5% of patients with oligoprogression and 53.1% of patients with systemic progression."
    )
    assert numbers(found.text.zh) == numbers(found.text.en)
    assert len(found.keys) == 7


def test_without_sites_nothing_is_said():
    assert sites_paragraph(Results(()), "progressed", "pattern") is None
    assert timing_paragraph(Results(()), "progressed", "pattern") is None


@pytest.mark.parametrize(
    ("first", "last", "p", "en", "zh"),
    [
        (42.0, 63.0, 0.001, "Overall, the share of oligoprogression rose with the time of progression", "所占比例越高"),
        (63.0, 42.0, 0.001, "Overall, the share of oligoprogression fell with the time of progression", "所占比例越低"),
        (55.0, 63.0, 0.001, "the share rose with the month of progression (Cochran-Armitage test, *P*=0.001), though not from each window to the next", "并非逐段上升"),
        (63.0, 45.0, 0.05, "Its trend with the month", "无统计学意义"),
        (42.0, 63.0, 0.05, "Its trend with the month of progression was not statistically significant", "无统计学意义"),
    ],
)  # fmt: skip
def test_the_trend_over_the_months_has_its_direction(first, last, p, en, zh):
    found = timing_paragraph(timing(first, last, p), "progressed", "pattern")

    assert found is not None
    assert en in found.text.en
    assert zh in found.text.zh
    assert numbers(found.text.zh) == numbers(found.text.en)


def test_the_windows_are_named_in_words():
    found = timing_paragraph(timing(42.0, 63.0, None), "progressed", "pattern")

    assert found is not None
    assert found.text.en == (
        "Of the first progressions, the share of oligoprogression was 42.0% among those up to month 8 (95% CI 37.0% to 47.0%; "
        "*n*=50), 50.0% among those after month 8 and up to month 10 (95% CI 45.0% to 55.0%; *n*=50) and 63.0% among those after "
        "month 10 (95% CI 58.0% to 68.0%; *n*=50)."
    )


def test_the_sizes_of_the_groups_or_nothing_where_one_is_unknown():
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed:systemic", "outcome": Outcome.OS}
    results = Results(
        tuple(
            row(**keys, group=g, statistic=Statistic.N, value=float(n))
            for g, n in (("primary", 132), ("acquired", 158))
        )
    )

    found = group_sizes_paragraph(results, "progressed:systemic", Outcome.OS, ("acquired", "primary"))

    assert found is not None
    assert (
        found.text.en
        == "In the progressed population (systemic progression), 158 had acquired resistance and 132 had primary resistance."
    )
    assert (
        group_sizes_paragraph(results, "progressed:systemic", Outcome.OS, ("acquired", "unclassifiable"))
        is None
    )


def test_the_share_of_one_pattern_moves_with_the_definition():
    keys: dict[str, Any] = {"analysis": RECLASSIFICATION, "population": "progressed", "outcome": "pattern"}
    shares = {"huang2025": 49.9, "chai2021": 80.5, "strict3": 46.6}
    rows = tuple(
        row(**keys, group=name, level=OLIGO, statistic=Statistic.PERCENT, value=value, n=579)
        for name, value in shares.items()
    )
    found = definitions_paragraph(Results(rows), "progressed", OLIGO)

    assert found is not None
    assert found.text.en == (
        "The 3 definitions make 3 different classifications; the share of oligoprogression is 46.6% to 80.5%. The limits of ≤3 lesions "
        "were set for oligometastatic disease and are applied to progressing lesions here."
    )
    assert numbers(found.text.zh) == numbers(found.text.en)
    assert definitions_paragraph(Results(rows[:1]), "progressed", OLIGO) is None


def test_few_patients_are_counted_and_not_given_in_per_cent():
    lung: dict[str, Any] = {"variable": "organ", "level": "lung", "statistic": Statistic.PERCENT}
    rows = [row(**SITES, group=g, statistic=Statistic.N, value=4.0) for g in ("all", SYSTEMIC)]
    rows.append(row(**SITES, **lung, group=SYSTEMIC, value=75.0, n=4))
    found = sites_paragraph(Results(tuple(rows)), "progressed", "pattern")

    assert found is not None
    assert (
        found.text.en
        == "The most frequent organs of first progression were lung (3/4) with systemic progression."
    )
