"""Every adjusted hazard ratio beside the crude one: rows from the results, models by number, nothing of one analysis alone."""

from __future__ import annotations

from typing import Any

from oligoscope.printing.blocks import Numbering
from oligoscope.printing.document_parts import Draft
from oligoscope.report.adjusted_table import adjusted_section, tabulate_adjusted
from oligoscope.results.analyses import LANDMARK_AFTER_PROGRESSION, SUBGROUPS, SURVIVAL
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, landmark_after
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import Protocol

PAIR = Comparison.of("oligoprogression", "systemic")
PROTOCOL = Protocol.model_validate({
    "study": {},
    "data": {"patients": {"files": ["patients.csv"]}},
    "analyses": [
        {"kind": "survival", "outcomes": ["pps"]},
        {"kind": "landmark_after_progression", "adjust_for": ["months_to_progression", "sex"]},
        {"kind": "subgroups", "outcomes": ["pps"], "variables": ["sex"], "adjust_for": ["age_years"]},
    ],
})  # fmt: skip
FOR_TIME = Method(MethodPart.COX_ADJUSTED_FOR_TIME, MethodPart.EFRON)


def analysis(kind: Any, n: int, crude: float, adjusted: float | None, **keys: Any) -> list[Estimate]:
    """The rows of one comparison, with 30 and 40 events."""
    same: dict[str, Any] = {"analysis": kind, "population": "progressed", "outcome": Outcome.PPS, **keys}
    method: dict[str, Any] = {"method": FOR_TIME} if kind == SURVIVAL else {}
    why = NO_WARNING if adjusted is not None else WarningCode.TOO_FEW_EVENTS(minimum=5)
    limits: dict[str, Any] = {} if adjusted is None else {"low": adjusted / 2, "high": adjusted * 2}
    return [
        *(
            Estimate(**same, group=group, statistic=Statistic.EVENTS, value=events)
            for group, events in (("oligoprogression", 30), ("systemic", 40))
        ),
        Estimate(**same, group=PAIR, statistic=Statistic.HAZARD_RATIO, value=crude, low=crude / 2, high=crude * 2, n=n),
        Estimate(**same, group=PAIR, statistic=Statistic.EVENTS_PER_PARAMETER, value=35.0),
        Estimate(**same, **method, group=PAIR, statistic=Statistic.HAZARD_RATIO_ADJUSTED, value=adjusted, n=n, warning=why, **limits),
    ]  # fmt: skip


SURVIVED = analysis(SURVIVAL, 100, 0.6, 0.7)
LATER = analysis(LANDMARK_AFTER_PROGRESSION, 90, 0.65, 0.75, variable=landmark_after(28))
OF_MEN = analysis(SUBGROUPS, 50, 0.5, None, variable="sex", level="male")


def texts(*found: list[Estimate]) -> list[list[str]]:
    table = tabulate_adjusted(Results(tuple(e for rows in found for e in rows), {}), PROTOCOL)
    return [[cell.text.en for cell in row.cells] for row in table.rows]


def test_a_row_has_the_numbers_of_its_own_analysis():
    _, survival, landmark, men = texts(SURVIVED, LATER, OF_MEN)

    assert survival == [
        "Survival, progressed population", "100", "30 / 40", "0.60 (0.30 to 1.20)", "0.70 (0.35 to 1.40)", "1", "35.0",
    ]  # fmt: skip
    assert (
        landmark[0]
        == "Landmark analysis after progression, progressed population, 28 days after the first progression"
    )
    assert landmark[1:] == ["90", "30 / 40", "0.65 (0.33 to 1.30)", "0.75 (0.38 to 1.50)", "2", "35.0"]
    assert men[0] == "Subgroups, progressed population, sex, Male"
    assert men[4] == "–"


def test_what_a_model_holds_is_a_note_below():
    table = tabulate_adjusted(Results((*SURVIVED, *LATER, *OF_MEN), {}), PROTOCOL)
    notes = [note.en for note in table.notes]

    assert "Model 1 is adjusted for time to first progression." in notes
    assert "Model 2 is adjusted for time to first progression and sex." in notes
    assert "Model 3 is adjusted for age." in notes


def test_one_analysis_alone_has_no_such_table():
    def blocks(*found: list[Estimate]) -> list[Any]:
        results = Results(tuple(e for rows in found for e in rows), {})
        return list(adjusted_section(Draft(PROTOCOL, results, Numbering())))

    assert blocks(SURVIVED) == []
    assert blocks(SURVIVED, OF_MEN) == []
    assert len(blocks(SURVIVED, LATER)) == 1
