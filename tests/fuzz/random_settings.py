"""Random legal settings of a study, drawn from one seed: what a user may write in study.yaml.

Every kind of analysis, population, grouping, selection and option is drawn; nearly all settings of a case are left
at their defaults, so that many combinations of few are seen. Legal means that study.yaml allows each setting by
itself: what cannot be computed from the patients at hand is for the program to withhold, or to refuse with a reason.
"""

from __future__ import annotations

from random import Random
from typing import Any, get_args

from fuzz.materials import Material
from oligoscope.study.centre_settings import CentreUse
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.setting_types import setting_type
from oligoscope.study.weighting_settings import WeightedTarget

Settings = dict[str, Any]
OUTCOMES = ("pfs", "os", "pps", "dor", "pfs2", "ipfs")
POPULATIONS = ("treated", "progressed", "matched")
TREATED, WHOLE = ("treated",), ("treated", "progressed")
# What a user would ask of each kind (docs/methods.md): in which patients, and by which settings. The order is part of
# every draw, and R's answers to them are stored (tests/oracle): a new kind comes last.
ASKED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "baseline": (POPULATIONS, ("where", "by", "variables")),
    "survival": (POPULATIONS, ("where", "by", "outcomes", "minimum_events", "minimum_events_per_variable")),
    "response_rate": (WHOLE, ("where", "by")),
    "sites": (WHOLE, ("where", "by")),
    "reclassification": (WHOLE, ("where",)),
    "predictors": (WHOLE, ("where", "by", "variables", "minimum_events", "minimum_events_per_variable")),
    "landmark": (TREATED, ("where", "minimum_events")),
    "time_dependent": (TREATED, ("where", "minimum_events")),
    "competing_risks": (TREATED, ("where", "variables", "minimum_events")),
    "subgroups": (WHOLE, ("where", "by", "outcomes", "variables", "minimum_events")),
    "weighting": (WHOLE, ("where", "by", "outcomes", "minimum_events")),
    "follow_up": (WHOLE, ("where",)),
    "timing": (WHOLE, ("where", "by")),
    "illness_death": (
        TREATED,
        ("where", "variables", "minimum_events", "minimum_events_per_variable", "clock"),
    ),
    "at_progression": (("progressed", "matched"), ("where", "minimum_events", "minimum_events_per_variable")),
}
KINDS = tuple(ASKED)
ADJUSTED = ("landmark", "time_dependent", "subgroups")  # for `adjust_for`
LATER = {
    "best_response",
    "resistance",
    "pattern",
    "line_regimen",
    "local_after_progression",
}  # than treatment start
STRAY = 0.01  # how often a setting is asked where it may be of no use, for each of them
GROUPINGS = ("pattern", "resistance", "sex", "smoking", "histology", "age_60", "pd_l1", "brain_metastasis", "ecog",
             "best_response")  # fmt: skip
OF_TWO = ("predictors", "weighting", "subgroups")  # compare two groups; more are for the program to refuse
TWO_GROUPS = ("pattern", "sex", "smoking", "histology", "age_60", "brain_metastasis", "resistance")
RULES = (
    ("age", "age_years >= 18 and age_years <= 80"), ("older", "age_years > 50"), ("ecog", "ecog <= 1"),
    ("stage", "stage in [IIIC, IV, IVA, IVB]"), ("driver", "driver_gene == negative"),
    ("measurable", "n_target_lesions >= 1"), ("men", "sex == male"), ("organs", "n_baseline_organs <= 4"),
    ("lung", "not histology in [other]"), ("progressed", "progressed == yes"), ("expression", 'pd_l1 != "<1%"'),
)  # fmt: skip


def random_settings(rng: Random, material: Material) -> Settings:
    """A whole study.yaml as nested dicts, on the tables of `material`."""
    study = material.study | {"title": "Random settings", "accept_issues": True}
    if rng.random() < 0.1:
        study["preset"] = "huang2025"
    settings: Settings = {"study": study, "data": material.data}
    groups = {
        "eligibility": (_eligibility, 0.35),
        "response": (_response, 0.3),
        "progression": (_progression, 0.4),
        "resistance": (_resistance, 0.3),
        "endpoints": (_endpoints, 0.3),
    }
    for name, (draw, chance) in groups.items():
        if rng.random() < chance:
            settings[name] = _known(name, draw(rng))
    if rng.random() < 0.5:
        settings["imputation"] = _imputation(rng, material)
    if rng.random() < 0.6:
        settings["matching"] = _matching(rng, material)
    settings["analyses"] = _analyses(rng, material)
    if any(a["kind"] == "weighting" for a in settings["analyses"]) and rng.random() < 0.7:
        settings["weighting"] = _weighting(rng)
    _add(rng, settings, material)
    return settings


def _add(rng: Random, settings: Settings, material: Material) -> None:
    """Settings of few events and of centres."""
    for analysis in settings["analyses"]:
        if rng.random() < (0.4 if analysis["kind"] in ADJUSTED else STRAY):
            own = analysis.get("by", "pattern")
            known = [n for n in sorted(material.columns) if n not in {own, *LATER} or rng.random() < STRAY]
            analysis["adjust_for"] = rng.sample(known, rng.randint(1, 3))
        if rng.random() < (0.3 if analysis["kind"] in {"survival", *ADJUSTED} else STRAY):
            analysis["small_sample"] = rng.choice(("none", "firth"))
    if rng.random() < (0.3 if material.has_centres else STRAY):
        settings["centres"] = {"use": rng.choice(get_args(CentreUse))}


def _known(group: str, drawn: Any) -> Any:
    """Without settings that this version of the program does not have."""
    if not isinstance(drawn, dict):
        return drawn
    fields = setting_type((group,))
    return {name: value for name, value in drawn.items() if fields is not None and name in fields.keys}


def _some(rng: Random, draws: dict[str, Any], chance: float) -> Settings:
    """Some of the settings, each drawn by its own function."""
    return {name: draw() for name, draw in draws.items() if rng.random() < chance}


def _eligibility(rng: Random) -> list[Settings]:
    chosen = rng.sample(RULES, rng.randint(1, 4))
    return [
        {
            "id": name,
            "keep": keep,
            "excluded": {"zh": f"不符合 {name}", "en": f"Fails {name}"},
            **({"after": "treated"} if name == "progressed" or rng.random() < 0.15 else {}),
        }
        for name, keep in chosen
    ]


def _response(rng: Random) -> Settings:
    return _some(
        rng,
        {
            "criteria": lambda: rng.choice(("recist_1_1", "irecist")),
            "confirmation": lambda: rng.random() < 0.5,
            "confirmation_days": lambda: rng.choice((0, 28, 42, 56)),
            "max_ne_between": lambda: rng.randint(0, 2),
            "accept_sd_between_pr": lambda: rng.random() < 0.5,
            "cr_then_pr": lambda: rng.choice(("query", "reclassify_to_pr")),
            "minimum_sd_days": lambda: rng.choice((0, 35, 42, 49, 56)),
            "partial_sum_pd": lambda: rng.random() < 0.5,
            "pr_continues_until_pd": lambda: rng.random() < 0.5,
            "scan_window_days": lambda: rng.choice((7, 14, 28)),
            "visit_window_days": lambda: rng.choice((0, 3, 7)),
            "pd_date": lambda: rng.choice(("earliest", "latest")),
            "response_date": lambda: rng.choice(("earliest", "latest")),
        },
        0.3,
    )


def _progression(rng: Random) -> Settings:
    drawn = _some(
        rng,
        {
            "preset": lambda: rng.choice(tuple(PROGRESSION_DEFINITIONS)),
            "max_lesions": lambda: rng.choice((1, 2, 3, 5, None)),
            "max_organs": lambda: rng.choice((1, 2, 3, None)),
            "lesion_reference": lambda: rng.choice(("nadir", "previous")),
            "node_counting": lambda: rng.choice(("station", "lesion", "region")),
            "count_brain": lambda: rng.random() < 0.5,
            "mediastinal_nodes_are_organ": lambda: rng.random() < 0.5,
            "controlled": lambda: rng.choice(("flag", "majority", "off")),
            "window_days": lambda: rng.choice((0, 14, 28, 42)),
        },
        0.4,
    )
    if drawn.get("max_organs") is None and rng.random() > STRAY:  # nothing to count organs for
        drawn.pop("mediastinal_nodes_are_organ", None)
    return drawn


def _resistance(rng: Random) -> Settings:
    return {"preset": rng.choice(tuple(RESISTANCE_DEFINITIONS))}


def _endpoints(rng: Random) -> Settings:
    return _some(
        rng,
        {
            "missed_assessments": lambda: rng.choice(("ignore", "censor")),
            "new_therapy": lambda: rng.choice(("ignore", "censor")),
            "clinical_progression": lambda: rng.choice(("event", "ignore")),
            "death_without_baseline": lambda: rng.choice(("event", "early_only")),
            "schedule_days": lambda: rng.choice((21, 42, 63)),
            "pfs2_line": lambda: rng.choice((2, 3)),
        },
        0.5,
    )


def _imputation(rng: Random, material: Material) -> Settings:
    variables = [n for n in ("pd_l1", "sex", "smoking", "age_years", "stage") if n in material.columns]
    return _some(
        rng,
        {
            "m": lambda: rng.choice((1, 2, 3, 4, 5, "by_missing")),
            "variables": lambda: rng.sample(variables, rng.randint(1, 3)),
        },
        0.7,
    )


def _matching(rng: Random, material: Material) -> Settings:
    names = ("age_60", "sex", "stage", "smoking", "histology", "brain_metastasis", "pd_l1", "ecog", "age_years",
             "n_baseline_organs", "n_baseline_lesions")  # fmt: skip
    known = [n for n in names if n in material.columns]
    exact = [n for n in ("sex", "smoking", "histology", "brain_metastasis") if n in material.columns]
    later = [
        "months_to_progression",
        "best_response",
        *(n for n in ("n_baseline_organs", "ecog", "stage") if n in known),
    ]
    drawn = _some(
        rng,
        {
            "covariates": lambda: rng.sample(known, rng.randint(1, len(known))),
            "method": lambda: rng.choice(("nearest", "optimal")),
            "ratio": lambda: rng.choice((1, 2, 3)),
            "replace": lambda: rng.random() < 0.5,
            "order": lambda: rng.choice(("descending", "ascending", "given", "random")),
            "caliper": lambda: rng.choice((None, 0.02, 0.1, 0.2, 1.0)),
            "caliper_scale": lambda: rng.choice(("logit", "probability", "sd_logit")),
            "balance_limit": lambda: rng.choice((0.05, 0.1, 0.25, 1.0)),
            "minimum_group": lambda: rng.choice((2, 5, 10)),
            "minimum_events_per_variable": lambda: rng.choice((0.5, 1, 3)),
            "unseal": lambda: rng.choice(("a reason", {"zh": "理由", "en": "a reason"})),
            "exact": lambda: rng.sample(exact, rng.randint(0, 2)),
            "imputations": lambda: rng.choice(("within", "across")),
            "time_zero": lambda: rng.choice(("treatment", "progression")),
            "covariates_at_progression": lambda: rng.sample(later, rng.randint(1, len(later))),
        },
        0.4,
    )
    of_no_use = {
        "order": drawn.get("method") == "optimal" or drawn.get("replace", False),
        "caliper_scale": drawn.get("caliper", 1) is None,
    }
    return {name: value for name, value in drawn.items() if not of_no_use.get(name) or rng.random() < STRAY}


def _weighting(rng: Random) -> Settings:
    """Weights of one target or more, the first of them leading; seldom a leading one that is not made."""
    targets = rng.sample(get_args(WeightedTarget), rng.randint(1, 5))
    drawn: Settings = {"targets": targets, "lead": targets[0] if rng.random() > STRAY else "overlap"}
    drawn |= _some(
        rng,
        {"truncate": lambda: rng.choice((0.01, 0.05)), "limits": lambda: rng.choice(("robust", "stacked"))},
        0.4,
    )
    if rng.random() < 0.1:
        drawn |= {"limits": "bootstrap", "resamples": 50}
    return drawn


def _analyses(rng: Random, material: Material) -> list[Settings]:
    drawn = [_analysis(rng, material) for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 6)))]
    seen: list[Settings] = []
    found: list[Settings] = []
    for analysis in drawn:
        own = {name: analysis.get(name) for name in ("kind", "population", "where", "by")}
        if own not in seen or rng.random() < STRAY:  # the same numbers twice are refused
            found.append(analysis)
        seen.append(own)
    return found


def _analysis(rng: Random, material: Material) -> Settings:
    kind = rng.choice(KINDS)
    populations, options = ASKED[kind]
    settings: Settings = {"kind": kind}
    if rng.random() < 0.6 or kind in {"landmark", "time_dependent", "competing_risks", "illness_death"}:
        settings["population"] = rng.choice(POPULATIONS if rng.random() < STRAY else populations)
    groupings = TWO_GROUPS if kind in OF_TWO and rng.random() < 0.9 else GROUPINGS
    draws = {
        "where": (0.3, lambda: _where(rng, material)),
        "by": (0.4, lambda: rng.choice([n for n in groupings if n in material.columns])),
        "outcomes": (1, lambda: rng.sample(OUTCOMES, rng.choice((1, 1, 2, 3)))),
        "variables": (1, lambda: rng.sample(sorted(material.columns), rng.randint(1, 5))),
        "minimum_events": (0.3, lambda: rng.choice((1, 2, 5, 10, 20))),
        "minimum_events_per_variable": (0.3, lambda: rng.choice((1, 2.5, 5, 10))),
        "clock": (0.5, lambda: rng.choice(("forward", "reset"))),
    }
    for name, (often, draw) in draws.items():
        if rng.random() < (often if name in options else STRAY):
            settings[name] = draw()
    by = settings.get("by", "pattern")
    if (
        len(settings.get("variables", ())) > 1 and rng.random() > STRAY
    ):  # what makes the groups tells nothing of them
        settings["variables"] = [n for n in settings["variables"] if n != by]
    return settings


def _where(rng: Random, material: Material) -> Settings:
    columns = [n for n, levels in material.columns.items() if levels]
    chosen = rng.sample(columns, rng.choice((1, 1, 1, 2)))
    return {name: rng.choice(material.columns[name]) for name in chosen}
