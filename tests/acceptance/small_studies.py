"""Studies in which little can be said: two pairs, one pattern, nobody dead, a failed gate; what no report of them may print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from acceptance import odd_cohorts as odd
from oligoscope.cohort.select import Cohort

COHORT = Path(__file__).parent.parent / "oracle" / "classified.csv"
TWO_PAIRS = "matching: {covariates: [sex, age_years, smoking, histology], caliper: 0.01}\n"
# Their pairs are far apart in age.
FOUR_PAIRS = (
    "matching: {covariates: [sex, age_years, smoking, histology], caliper: 0.5, minimum_group: 4%s}\n"
)
SEALED, UNSEALED = (
    FOUR_PAIRS % ", unseal: null",
    FOUR_PAIRS % ", unseal: {zh: 研究者的理由, en: a reason of ours}",
)

Writer = Callable[[Path, Path], Path]  # the synthetic cohort's folder, and the study's


def _of_patients(n: int, seed: int, change: odd.Change = lambda tables: tables, settings: str = "") -> Writer:
    return lambda demo, to: odd.write_study(change(odd.patients_of(demo, n, seed)), to, settings)


def _chosen(choose: Callable[[Cohort], list[str]], n: int = 60) -> Writer:
    """Of the patients of a study those that a rule names, once it is known who progressed and how."""

    def write(demo: Path, to: Path) -> Path:
        whole = odd.patients_of(demo, n)
        ids = choose(odd.run(odd.write_study(whole, to.parent / f"{to.name}_whole")).cohort)
        return odd.write_study({k: t.filter(pl.col("patient_id").is_in(ids)) for k, t in whole.items()}, to)

    return write


def _one_pattern(cohort: Cohort) -> list[str]:
    progressed = cohort.population("progressed")
    return progressed.filter(pl.col("pattern") == "systemic")["patient_id"].to_list()


def _one_each(cohort: Cohort) -> list[str]:
    progressed = cohort.population("progressed")
    return progressed.group_by("pattern", maintain_order=True).first()["patient_id"].to_list()


def _none_progressed(cohort: Cohort) -> list[str]:
    return cohort.population("treated").filter(pl.col("progressed") == "no")["patient_id"].to_list()


def _classified(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Writer:
    """The patients whom a team has classified, with their times changed."""

    def write(_demo: Path, to: Path) -> Path:
        to.mkdir()
        change(pl.read_csv(COHORT, infer_schema_length=None)).write_csv(to / "cohort.csv")
        (to / "study.yaml").write_text(
            "study: {title: T, preset: huang2025}\ndata: {cohort: cohort.csv}\neligibility: []\nimputation: {m: 2}\n",
            "utf-8",
        )
        return to

    return write


def _on_one_day(cohort: pl.DataFrame) -> pl.DataFrame:
    return cohort.with_columns(pfs_months=3.0, pfs_event=1, os_months=pl.max_horizontal("os_months", 3.0))


def _one_group_alive(cohort: pl.DataFrame) -> pl.DataFrame:
    alive = pl.when(pl.col("pattern") == "oligo").then(pl.lit("alive"))
    return cohort.with_columns(os_event=alive.otherwise(pl.col("os_event")))


STUDIES: dict[str, Writer] = {
    "two pairs": _of_patients(40, 3, settings=TWO_PAIRS),
    "no PD-L1": _of_patients(30, 1, odd.without("pd_l1")),
    "one pattern": _chosen(_one_pattern),
    "nobody dead": _of_patients(60, 2, odd.no_deaths),
    "one patient a group": _chosen(_one_each),
    "no progression": _chosen(_none_progressed),
    "progression on one day": _classified(_on_one_day),
    "one group alive": _classified(_one_group_alive),
    "sealed": _of_patients(40, 3, settings=SEALED),
    "unsealed": _of_patients(40, 3, settings=UNSEALED),
}
