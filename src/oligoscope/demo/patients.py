"""Who: patients of the synthetic cohort, their covariates, and why the others were not eligible.

The progressed patients have Table 1's printed counts exactly, pattern by pattern; which patient has
which level is random, with the associations one expects (men smoke, smokers have squamous tumours).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.demo.draws import Floats, Ints, Words, assign_levels, scaled_counts, stream
from oligoscope.demo.times import printed
from oligoscope.published.paper import Published
from oligoscope.results.analyses import BASELINE
from oligoscope.results.statistics import Statistic

PATTERNS = ("oligoprogression", "systemic")

# Levels in the order a higher score leads to; the counts come from the paper.
_LEVELS: dict[str, tuple[str, ...]] = {
    "age_60": ("<60", ">=60"),
    "sex": ("female", "male"),
    "smoking": ("never", "ever"),
    "ecog": ("0", "1"),
    "histology": ("adenocarcinoma", "squamous"),
    "stage": ("IIIC", "IV"),
    "brain_metastasis": ("no", "yes"),
    "pd_l1": ("<1%", "1-49%", ">=50%"),
}

# Not printed in the paper: for each progressed patient so many without progression, and so many
# screened but not eligible, with the shares of the reasons.
NOT_PROGRESSED_RATIO = 0.416
EXCLUDED_RATIO = 1.17
_REASONS = {"age": 0.05, "stage": 0.30, "regimen": 0.33, "driver": 0.14, "measurable": 0.06, "ecog": 0.12}


def count_patterns(published: Published, n_progressed: int) -> dict[str, int]:
    """Progressed patients by pattern, in the paper's proportion."""
    counts = [_count(published, pattern, "", "") for pattern in PATTERNS]
    return dict(zip(PATTERNS, scaled_counts(counts, n_progressed), strict=True))


def draw_patients(seed: int, published: Published, n_progressed: int) -> pl.DataFrame:
    """Every screened patient.

    Returns:
        One row a patient: pattern ("" without progression), excluded ("" or the rule that excludes),
        first_line, driver_gene, the variables of Table 1 as words, age_years.
    """
    parts = [
        _draw_group(seed, published, pattern, pattern, n)
        for pattern, n in count_patterns(published, n_progressed).items()
    ]
    parts.append(_draw_group(seed, published, "", "all", round(NOT_PROGRESSED_RATIO * n_progressed)))
    excluded = _draw_group(seed, published, "excluded", "all", round(EXCLUDED_RATIO * n_progressed))
    parts.append(_exclude(seed, excluded.with_columns(pattern=pl.lit(""))))
    return pl.concat(parts)


def _draw_group(seed: int, published: Published, pattern: str, margins: str, n: int) -> pl.DataFrame:
    """Eligible patients with the printed margins of one column of Table 1."""
    rng = stream(seed, f"covariates/{pattern}")
    columns: dict[str, Words] = {}
    for variable in ("age_60", "sex", "smoking", "histology", "stage", "brain_metastasis", "ecog", "pd_l1"):
        levels = _LEVELS[variable]
        margin = [_count(published, margins, variable, level) for level in levels]
        counts = dict(zip(levels, scaled_counts(margin, n), strict=True))
        columns[variable] = assign_levels(rng, counts, _tendency(variable, columns, n))
    regimen = np.where(rng.random(n) < 0.03, "chemo_io_antiangiogenic", "chemo_io")
    return pl.DataFrame(columns).with_columns(
        pattern=pl.lit(pattern),
        excluded=pl.lit(""),
        driver_gene=pl.lit("negative"),
        first_line=pl.Series(regimen),
        age_years=pl.Series(_draw_ages(rng, columns["age_60"])),
    )


def _count(published: Published, group: str, variable: str, level: str) -> float:
    return printed(
        published,
        BASELINE,
        outcome="pattern",
        group=group,
        variable=variable,
        level=level,
        statistic=Statistic.N,
    )


def _tendency(variable: str, drawn: dict[str, Words], n: int) -> Floats:
    """How much each patient leans to the later levels, given what is drawn already."""

    def has(name: str, level: str) -> Floats:
        return (drawn[name] == level).astype(float)

    match variable:
        case "smoking":
            return 2.5 * has("sex", "male")
        case "histology":
            return 0.8 * has("smoking", "ever") + 0.4 * has("sex", "male")
        case "brain_metastasis":  # a brain metastasis makes stage IV
            return np.where(drawn["stage"] == "IV", 0.5 * has("histology", "adenocarcinoma"), -np.inf)
        case "ecog":
            return 0.3 * has("age_60", ">=60") + 0.3 * has("brain_metastasis", "yes")
        case "pd_l1":
            return 0.3 * has("smoking", "ever")
        case _:
            return np.zeros(n)


def _draw_ages(rng: np.random.Generator, age_60: Words) -> Ints:
    """Whole years from 29 to 79; the older group leans to 60, the younger to 59."""
    n = len(age_60)
    older = 60 + np.floor(20 * rng.beta(1.2, 2.2, n))
    younger = 59 - np.floor(31 * rng.beta(1.3, 3.0, n))
    return np.where(age_60 == ">=60", older, younger).astype(np.int64)


def _exclude(seed: int, patients: pl.DataFrame) -> pl.DataFrame:
    """Change eligible patients so that each fails one rule of eligibility."""
    rng = stream(seed, "exclusion")
    n = patients.height
    counts = dict(zip(_REASONS, scaled_counts(list(_REASONS.values()), n), strict=True))
    reason = assign_levels(rng, counts, np.zeros(n))
    chosen = rng.choice(["targeted", "chemo", "io", "other"], n, p=[0.45, 0.35, 0.12, 0.08])
    early = rng.choice(["IA", "IB", "IIA", "IIB", "IIIA", "IIIB"], n, p=[0.1, 0.08, 0.07, 0.15, 0.3, 0.3])
    driver = rng.choice(["positive", "unknown"], n, p=[0.7, 0.3])
    patients = patients.with_columns(
        excluded=pl.Series(reason), other=pl.Series(chosen), early=pl.Series(early), odd_driver=pl.Series(driver),
        too_old=pl.Series(rng.integers(81, 90, n)), worse=pl.Series(rng.choice(["2", "3"], n, p=[0.85, 0.15])),
    )  # fmt: skip
    because, is_targeted = pl.col("excluded"), pl.col("other") == "targeted"
    return patients.with_columns(
        age_years=pl.when(because == "age").then("too_old").otherwise("age_years"),
        age_60=pl.when(because == "age").then(pl.lit(">=60")).otherwise("age_60"),
        stage=pl.when(because == "stage").then("early").otherwise("stage"),
        brain_metastasis=pl.when(because == "stage").then(pl.lit("no")).otherwise("brain_metastasis"),
        first_line=pl.when(because == "regimen").then("other").otherwise("first_line"),
        driver_gene=pl.when((because == "regimen") & is_targeted)
        .then(pl.lit("positive"))
        .when(because == "driver")
        .then("odd_driver")
        .otherwise("driver_gene"),
        ecog=pl.when(because == "ecog").then("worse").otherwise("ecog"),
    ).drop("other", "early", "odd_driver", "too_old", "worse")
