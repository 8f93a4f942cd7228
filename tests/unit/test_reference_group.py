"""The reference of a comparison is the group that study.yaml names: ratios are inverted, their limits swapped, P the same."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import StudyFileError
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.questions.survival.figure import curves_of, legend_table
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.study.keys import is_comparison, parts_of

pytestmark = pytest.mark.slow

HEAD = """study: {preset: null, seed: 1}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}
imputation: {variables: [], m: 1}
matching: {covariates: [sex, age_60]}
analyses:
"""
KINDS = (
    "kind: survival, outcomes: [pps, os]",
    "kind: survival, population: matched, outcomes: [os]",
    "kind: subgroups, outcomes: [pps], variables: [sex]",
    "kind: restricted_means, outcomes: [pps]",
    "kind: weighting, outcomes: [pps]",
    "kind: predictors, variables: [sex, ecog]",
)
REFERENCE = {"predictors": "systemic"}  # of all others the default is systemic


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    file = write_cohort(make_cohort(3, 160), tmp_path_factory.mktemp("reference") / "study")
    patients = pl.read_csv(file.parent / "patients.csv", infer_schema=False)
    patients.with_columns(
        site=pl.Series([("north", "south", "east")[i % 3] for i in range(patients.height)]),
        ward=pl.Series([("yes", "no")[i % 2] for i in range(patients.height)]),
    ).write_csv(file.parent / "patients.csv")
    return file.parent


def _run(folder: Path, lines: list[str]) -> StudyRun:
    text = HEAD + "".join(f"  - {{{line}}}\n" for line in lines)
    (folder / "study.yaml").write_text(text, "utf-8")
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, study_file=checked.file)


@pytest.fixture(scope="module")
def both(folder) -> tuple[StudyRun, StudyRun]:
    """As it is by default, and with the other group as reference."""
    named = [
        f"{line}, reference: {'systemic' if 'predictors' in line else 'oligoprogression'}" for line in KINDS
    ]
    return _run(folder, list(KINDS)), _run(folder, named)


def _reversed(e: Estimate) -> tuple[str, ...]:
    turned = " vs ".join(reversed(parts_of(e.group))) if is_comparison(e.group) else str(e.group)
    return e.analysis, e.population, e.outcome, turned, e.variable, e.level, str(e.statistic)


def test_ratios_are_inverted_limits_swapped_and_p_the_same(both):
    default, other = (
        {(*e.key[:3], str(e.group), *map(str, e.key[4:])): e for e in r.results.estimates} for r in both
    )
    compared = {"survival", "subgroups", "restricted_means", "weighting", "predictors"}
    n_ratios = n_p = 0
    for e in both[0].results.estimates:
        # The effect on the first group (ATT) is of other patients where the other group is the first.
        if e.analysis not in compared or not is_comparison(e.group) or e.variable == "att" or e.value is None:
            continue
        found = other[tuple(map(str, _reversed(e)))]
        if e.statistic.kind is Kind.RATIO:
            n_ratios += 1
            if e.low is not None:
                assert (found.low, found.high) == pytest.approx((1 / e.high, 1 / e.low), rel=1e-7), e.key
            assert found.value == pytest.approx(1 / e.value, rel=1e-7), e.key
        elif e.statistic.kind is Kind.P_VALUE:
            n_p += 1
            assert found.value == pytest.approx(e.value, rel=1e-7, abs=1e-12), e.key
    assert default.keys() != other.keys()
    assert n_ratios >= 12
    assert n_p >= 12


def test_words_tables_and_legends_follow(both):
    default, other = (r.results for r in both)
    keys = {"population": "progressed", "by": "pattern", "outcome": "os"}
    lines = [
        legend_table(curves_of(r, **keys), language).lines
        for r in (default, other)
        for language in ("zh", "en")
    ]
    assert "参照：广泛进展" in lines[0][-2]
    assert "reference: systemic progression" in lines[1][-2]
    assert "参照：寡进展" in lines[2][-2]
    assert "reference: oligoprogression" in lines[3][-2]

    groups = ("oligoprogression", "systemic")
    said = [survival_paragraph(r, "progressed", "os", groups).text for r in (default, other)]
    assert "寡进展组的总生存期长于广泛进展组" in said[0].zh
    assert "longer with oligoprogression than with systemic progression" in said[0].en
    assert "广泛进展组的总生存期短于寡进展组" in said[1].zh
    assert "shorter with systemic progression than with oligoprogression" in said[1].en

    rows = [tabulate_survival(r, "progressed", "pattern").rows for r in (default, other)]
    at = [next(row for row in own if row.cells[7].text.en == "Reference") for own in rows]
    assert [row.cells[0].text.en for row in at] == ["Systemic progression", "Oligoprogression"]


def test_the_reference_of_a_yes_no_column_may_be_written_as_yaml_has_it(folder):
    for word in ("yes", "no"):
        run = _run(folder, [f"kind: survival, outcomes: [os], by: ward, reference: {word}"])
        (ratio,) = run.results.find(statistic=Statistic.HAZARD_RATIO, outcome="os")

        assert parts_of(ratio.group)[-1] == word


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kind: survival, outcomes: [os], reference: systemc", "analyses[1].reference = systemc"),
        ("kind: survival, outcomes: [os], reference: systemc", "did you mean systemic?"),
        ("kind: survival, outcomes: [os], by: ward, reference: maybe", "there are: no, yes"),
        ("kind: survival, outcomes: [os], by: site, reference: north", "3 groups (east, north, south)"),
        ("kind: sites, reference: systemic", "sites does not use this setting"),
        ("kind: baseline, variables: [sex], reference: systemic", "baseline does not use this setting"),
        ("kind: landmark, population: treated, reference: systemic", "landmark does not use this setting"),
    ],
)
def test_a_reference_that_cannot_be_is_refused_with_its_line(folder, line, said):
    with pytest.raises(StudyFileError) as refused:
        _run(folder, [line])

    assert said in str(refused.value)
    assert "line 6" in str(refused.value)
