"""The printed numbers are in the package as printed, and agree with the paper's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oligoscope.errors import UsageError
from oligoscope.published.paper import Published, read_published
from oligoscope.results.analyses import BASELINE, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from script_modules import script

# A row of Table 1 as the text prints it: the level, then counts with percentages.
_ROW = re.compile(
    r"^(?P<level>[^\t]+)\t(?P<all>\d+)\([\d.]+\)\t(?P<oligo>\d+)\([\d.]+\)\t(?P<systemic>\d+)\([\d.]+\)", re.M
)
_LEVELS = {
    ("≥60",): "age_60 >=60", ("<60",): "age_60 <60", ("男",): "sex male", ("女",): "sex female",
    ("0",): "ecog 0", ("1",): "ecog 1", ("鳞癌",): "histology squamous", ("腺癌",): "histology adenocarcinoma",
    ("ⅢC",): "stage IIIC", ("Ⅳ",): "stage IV", ("<1%",): "pd_l1 <1%", ("1%~49%",): "pd_l1 1-49%", ("≥50%",): "pd_l1 >=50%",
}  # fmt: skip


@pytest.fixture(scope="module")
def paper() -> Published:
    return read_published("huang2025")


def counts(results: Results) -> dict[tuple[str, str, str], float | None]:
    found = results.find(analysis=BASELINE, population="progressed", outcome="pattern", statistic=Statistic.N)
    return {(e.variable, e.level, e.group): e.value for e in found}


def test_identity_and_dates(paper: Published):
    assert paper.doi == "10.3969/j.issn.2095-1264.2025.05.07"
    assert (paper.enrolled_from, paper.enrolled_to) == (date(2018, 4, 1), date(2022, 10, 1))
    assert paper.data_cutoff == date(2025, 4, 8)


def test_table_1_has_51_counts_that_add_up(paper: Published):
    printed = counts(paper.results)
    cells = {key: value for key, value in printed.items() if key[0]}

    assert len(cells) == 51
    for variable in {key[0] for key in cells}:
        for group in ("all", "oligoprogression", "systemic"):
            total = sum(value or 0 for key, value in cells.items() if (key[0], key[2]) == (variable, group))
            assert total == printed["", "", group], (variable, group)
    for variable, level, _ in cells:
        parts = [cells[variable, level, group] or 0 for group in ("oligoprogression", "systemic")]
        assert sum(parts) == cells[variable, level, "all"], (variable, level)


def test_every_number_names_its_section(paper: Published):
    assert set(paper.section_of) == {estimate.key for estimate in paper.results.estimates}
    assert set(paper.section_of.values()) <= set(paper.sections)


def test_limits_stand_beside_their_value(paper: Published):
    part = "progressed:oligoprogression:no"  # without local treatment
    keys: dict[str, Any] = {
        "analysis": SURVIVAL,
        "population": part,
        "outcome": Outcome.OS,
        "group": "oligoprogression",
    }
    found = paper.results.get(**keys, statistic=Statistic.MEDIAN_PLAIN)

    assert found is not None
    assert (found.value, found.low, found.high, found.n) == (19.0, 17.1, 20.9, 266)


def test_what_is_read_is_what_the_yaml_says(paper: Published):
    """`python scripts/print_published.py` makes the one of the other."""
    assert read_published(str(script("print_published").FOLDER / "huang2025.yaml")) == paper
    printer = script("print_published")
    for source in printer.FOLDER.glob("*.yaml"):
        assert source.with_suffix(".json").read_text(encoding="utf-8") == printer.as_json(source)


def test_an_unknown_paper_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="huang2025"):
        read_published("huang2052")


@pytest.mark.shared
def test_the_counts_of_table_1_are_those_of_the_text(paper: Published, shared_path: Callable[..., Path]):
    text = next(shared_path("paper").glob("*.txt")).read_text(encoding="utf-8")
    printed = counts(paper.results)
    rows = {row["level"].strip(): row for row in _ROW.finditer(text)}

    for (level,), name in _LEVELS.items():
        variable, ours = name.split(" ")
        row = rows[level]
        assert printed[variable, ours, "all"] == int(row["all"])
        assert printed[variable, ours, "oligoprogression"] == int(row["oligo"])
        assert printed[variable, ours, "systemic"] == int(row["systemic"])
    # "Yes" and "no" stand twice, for smoking and then for brain metastases.
    for level, (smoking, brain) in {"是": ("ever", "yes"), "否": ("never", "no")}.items():
        first, second = (row for row in _ROW.finditer(text) if row["level"].strip() == level)
        assert printed["smoking", smoking, "systemic"] == int(first["systemic"])
        assert printed["brain_metastasis", brain, "systemic"] == int(second["systemic"])
        assert printed["smoking", smoking, "oligoprogression"] == int(first["oligo"])
        assert printed["brain_metastasis", brain, "oligoprogression"] == int(second["oligo"])
