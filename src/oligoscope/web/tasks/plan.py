"""What a run will answer and what it will withhold, in words, before any outcome is compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oligoscope import __version__
from oligoscope.answers import Answer
from oligoscope.bilingual import Language, Text, both
from oligoscope.checked_study import check_study, must_run
from oligoscope.errors import DataError
from oligoscope.planning import TOGETHER, Plan, Planned, plan_study
from oligoscope.questions.registry import KIND_NAMES, KINDS
from oligoscope.results.warnings import Warnings
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.vocabulary import column_name, name_of, name_of_level
from oligoscope.web.tasks.run_task import Progress

_TOGETHER = Text("多变量模型", "model with all variables")


def answer_of(folder: Path, _rest: list[str], language: Language, progress: Progress, answer: Answer) -> None:
    """The plan of a study.

    Raises:
        DataError: The tables have errors.
    """
    checked = check_study(folder, None, language, progress)
    if checked.issues.errors:
        raise DataError(checked.issues.message(language))
    plan = plan_study(checked.protocol, checked.tables, checked.n_quarantined, progress, checked.file)
    must_accept = False
    try:
        must_run(checked, accept_issues=False, language=language)
    except DataError:
        must_accept = True
    answer.update(
        as_json(plan) | {"quarantined": len(checked.issues.quarantined), "must_accept": must_accept}
    )


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan as the page and the lock hold it."""
    protocol, flow = plan.protocol, plan.cohort.flow
    matching = plan.matching
    return {
        "version": __version__,
        "seed": protocol.study.seed,
        "data_cutoff": None if protocol.study.data_cutoff is None else protocol.study.data_cutoff.isoformat(),
        "imputations": protocol.imputation.m,
        "flow": flow.sizes | {"patterns": dict(flow.patterns)},
        "not_assessable": [
            {"rule": both(step.sentence), "n": step.n_not_assessable}
            for step in flow.steps
            if step.n_not_assessable and not step.in_every_study
        ],
        "minimum_group": protocol.matching.minimum_group,
        "balance_limit": protocol.matching.balance_limit,
        "matching": None
        if matching is None
        else {
            "pairs": matching.pairs,
            "largest_smd": matching.largest_smd,
            "is_imputed": matching.is_imputed,
            "withheld": _reason(matching.withheld),
            "covariates": [both(column_name(c)) for c in protocol.matching.covariates],
            "left_out": [{"name": both(column_name(n)), "why": _reason(why)} for n, why in matching.left_out],
        },
        "analyses": [_analysis(planned) for planned in plan.analyses],
    }


def _analysis(planned: Planned) -> dict[str, Any]:
    settings = planned.settings
    compares = "by" in KINDS[settings.kind].honours
    return {
        "kind": settings.kind,
        "name": both(KIND_NAMES[settings.kind]),
        "population": settings.population,
        "where": [both(_condition(c, v)) for c, v in settings.where.items()],
        "by": both(column_name(settings.by)) if compares else None,
        "reference": None if settings.reference is None else both(name_of_level(settings.by, settings.reference)),
        "outcomes": [both(name_of(o)) for o in settings.outcomes],
        "variables": [both(column_name(v)) for v in settings.variables],
        "n": planned.n,
        "groups": [{"name": both(name_of_level(settings.by, g)), "n": n} for g, n in planned.groups],
        "events": [{"name": both(name_of(o)), "n": n} for o, n in planned.events],
        "per_variable": planned.per_variable,
        "minimum_per_variable": settings.minimum_events_per_variable,
        "status": planned.status,
        "withheld": _reason(planned.withheld),
        "parts": list(_parts(planned, settings)),
    }  # fmt: skip


def _parts(planned: Planned, settings: AnalysisSettings) -> Iterator[dict[str, Any]]:
    """What is not given, those with the same reason together."""
    outcomes = {str(o) for o in Outcome}
    names = {str(v): v for v in settings.variables}
    together: dict[Warnings, list[Text]] = {}
    for name, why in planned.parts:
        if name == TOGETHER and name not in names:
            printed = _TOGETHER
        elif name in outcomes and name not in names:
            printed = name_of(name)
        else:
            printed = column_name(names.get(name, name))
        together.setdefault(why, []).append(printed)
    for why, printed in together.items():
        yield {"names": [both(one) for one in printed], "why": _reason(why)}


def _condition(column: str, word: str) -> Text:
    """A level of a column; one that is yes or no says nothing without the column."""
    level = name_of_level(column, word)
    if word.lower() not in {"yes", "no", "true", "false"} and not word.isdigit():
        return level
    name = column_name(column)
    return Text(f"{name.zh}：{level.zh}", f"{name.en}: {level.en}")


def _reason(why: Warnings) -> dict[str, str] | None:
    return both(why.printed) if why else None
