"""Studies in which little can be said: two pairs, one pattern, nobody dead, a failed gate; what no report of them may print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from acceptance import odd_cohorts as odd
from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.cohort.select import Cohort
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Block, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock

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


# What no reader should meet: a limit beside a limit that are none, an infinite or missing number, a sentence with a blank.
ABSURD = re.compile(
    r"∞|\binf\b|\bnan\b|\bNone\b(?! of the )|\(\)|（）|[:：，,;；(（] ?[.。;；)）]|^ ?[.。，,]|\*?P\*?=[–-]|(?<![.\d])\b1 (patients|pairs|events)\b"
)
TWICE_UNREACHED = re.compile(r"NR ?(~|–|to) ?NR")


def blocks_in(document: Document) -> Iterator[tuple[str, Text]]:
    """(kind, text) of every sentence of a report; the cells of tables apart."""
    for block in document.blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text) | Notice(text=text):
                yield type(block).__name__, text
            case TableBlock(table=table):
                yield from (("note", text) for text in (table.title, *table.notes))
                yield from (("cell", cell.text) for row in table.rows for cell in row.cells)
            case FigureBlock(figure=figure):
                yield from (("figure", text) for text in (figure.title, figure.caption))


def absurd(document: Document, pattern: re.Pattern[str] = ABSURD) -> list[str]:
    """Texts that no reader should meet, in either language. A standardised difference may be infinite: cells may hold ∞."""
    return [
        f"{kind}: {shown}"
        for kind, text in blocks_in(document)
        for shown in (plain(text[language]) for language in LANGUAGES)
        if pattern.search(shown.replace("∞", "") if kind == "cell" else shown)
    ]


def empty_pictures(document: Document) -> list[str]:
    """Figures and tables without a number: nothing was estimated of what they show."""
    return [_id(block) for block in document.blocks if _is_empty(block)]


def _is_empty(block: Block) -> bool:
    match block:
        case FigureBlock(figure=figure):
            return figure.data.is_empty() or (
                bool(figure.estimates) and all(e.value is None for e in figure.estimates)
            )
        case TableBlock(table=table):
            return not table.rows
        case _:
            return False


def _id(block: Block) -> str:
    match block:
        case FigureBlock(figure=figure):
            return figure.id
        case TableBlock(table=table):
            return table.id
        case _:
            return ""
