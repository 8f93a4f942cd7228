"""Which survival analyses are shown together, and what a set says."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from oligoscope.printing.blocks import Heading, Notice, Numbering
from oligoscope.printing.cautions import RESISTANCE_BY_TIME, TYPE_KNOWN_LATER
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.matched_notes import OTHER_GROUPS
from oligoscope.questions.survival.section import curve_sets, survival_section
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Protocol
from unit.stored_results import row, stored

SERIES = pl.DataFrame({"group": ["a", "b"], "months": [0.0, 0.0], "survival": [1.0, 1.0]})


def study(made_protocol: Protocol, *analyses: dict[str, Any]) -> tuple[Protocol, Results]:
    """The study with these survival analyses, each of which was done for all its outcomes."""
    asked = tuple(
        AnalysisSettings(**({"kind": "survival", "outcomes": ("os", "pfs", "pps")} | a)) for a in analyses
    )
    done = {(":".join((a.population, *a.where.values())), a.by, o) for a in asked for o in a.outcomes}
    sizes = (
        row(analysis=SURVIVAL, statistic=Statistic.N, other={"population": p, "outcome": o, "group": by})
        for p, by, o in sorted(done)
    )
    return made_protocol.model_copy(update={"analyses": asked}), Results(
        tuple(sizes), {f"km/{p}/{by}/{o}": SERIES for p, by, o in done}
    )


@pytest.fixture
def sets(made_protocol):
    def made(*analyses: dict[str, Any]):
        protocol, results = study(made_protocol, *analyses)
        return curve_sets(protocol, results), results

    return made


def test_before_and_after_matching_are_shown_together(sets):
    (one,), results = sets({}, {"population": "matched"})

    assert one.id == "survival_pattern"
    assert one.people.en == "progressed population before and after matching"
    assert one.panels(results, ("pfs", "os")) == [
        ("progressed", "pfs"), ("progressed", "os"), ("matched", "pfs"), ("matched", "os"),
    ]  # fmt: skip


def test_each_pattern_has_its_own_set_of_resistance_types(sets):
    where = ({"pattern": "oligoprogression"}, {"pattern": "systemic"})
    made, _ = sets(
        *({"by": "resistance", "population": p, "where": w} for w in where for p in ("progressed", "matched"))
    )

    assert [s.id for s in made] == ["survival_oligoprogression_resistance", "survival_systemic_resistance"]
    assert made[1].populations == ("progressed:systemic", "matched:systemic")


def test_parts_that_were_not_matched_are_shown_together(sets):
    (one,), _ = sets(*({"where": {"line_regimen": r}} for r in ("chemo_io", "chemo_io_antiangiogenic")))

    assert one.id == "survival_line_regimen_pattern"
    assert one.people.en == "each later-line regimen by itself"
    assert len(one.populations) == 2


def test_one_part_alone_and_the_matched_alone_keep_their_names(sets):
    (part,), _ = sets({"where": {"pattern": "oligoprogression", "local_after_progression": "no"}})
    (matched,), _ = sets({"population": "matched"})

    assert part.id == "survival_oligoprogression_no_pattern"
    assert part.people.en == "oligoprogression patients without local treatment"
    assert matched.id == "survival_matched_pattern"


def test_an_analysis_asked_for_in_two_rows_is_one_population(sets):
    (one,), results = sets({"outcomes": ("os",)}, {"outcomes": ("pps",)})

    assert one.populations == ("progressed",)
    assert one.panels(results) == [("progressed", "os"), ("progressed", "pps")]


def test_what_was_not_done_is_not_shown(made_protocol):
    protocol, _ = study(made_protocol, {})

    assert curve_sets(protocol, Results(())) == []


def test_each_set_has_its_own_cautions_also_where_another_set_had_them_before(made_protocol):
    """Which the report prints once, and names by their numbers where they apply again."""
    where = ({"pattern": "oligoprogression"}, {"pattern": "systemic"})
    asked = tuple(
        AnalysisSettings(
            kind="survival",
            by="resistance",
            population=p,
            where=w,
            outcomes=(Outcome.OS, Outcome.PFS, Outcome.PPS),
        )
        for w in where
        for p in ("progressed", "matched")
    )
    protocol = made_protocol.model_copy(update={"analyses": asked})
    given: list[list[Notice]] = []
    for block in survival_section(Draft(protocol, stored(), Numbering())):
        if isinstance(block, Heading):
            given.append([])
        elif isinstance(block, Notice):
            given[-1].append(block)

    assert len(given) == 2
    assert given[0] == given[1]
    assert {RESISTANCE_BY_TIME, TYPE_KNOWN_LATER, OTHER_GROUPS} <= {notice.text for notice in given[0]}
