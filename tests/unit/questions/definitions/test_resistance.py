"""The types of resistance in words: by the study's own definition, and acquired resistance by the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oligoscope.questions.definitions.resistance_words import resistance_paragraph
from oligoscope.results.results import Results
from unit.stored_results import stored


def test_each_type_has_its_patients_and_the_others_their_range():
    found = resistance_paragraph(stored(), "progressed", "huang2025")

    assert found is not None
    first, second = found.text.en.split(". ")
    assert first == (
        "By the definition used (Huang 2025) the resistance of the 64 patients was "
        "acquired resistance in 47 (73.4%) and primary resistance in 17 (26.6%)"
    )
    assert second.startswith("The share of acquired resistance is ")
    assert second.endswith(
        " by the 3 other definitions: SITC 2023 (ICI plus chemotherapy), SITC 2020 (monotherapy) and Schoenfeld 2021."
    )
    assert found.text.zh.startswith(
        "按本研究所用定义（Huang 2025），64 例患者的耐药类型为继发性耐药 47 例（73.4%）、原发性耐药 17 例（26.6%）。"
        "其他 3 种定义，即 SITC 2023（免疫联合化疗）、SITC 2020（单药）、Schoenfeld 2021，所得继发性耐药的比例为"
    )
    values = {stored().at(key) for key in found.keys}
    assert {round(e.value or 0, 1) for e in values if e is not None} >= {47, 17, 73.4, 26.6}


def test_of_a_definition_of_the_teams_own_making_only_the_others_are_said():
    found = resistance_paragraph(stored(), "progressed", "")

    assert found is not None
    assert found.text.en.startswith("The share of acquired resistance is ")
    assert found.text.en.endswith(" by 4 definitions.")  # too many to be named
    assert found.text.zh.startswith("4 种定义下继发性耐药的比例为 ")


@pytest.mark.parametrize("statistic", ["percent", "n"])
def test_without_numbers_nothing_is_said_of_them(statistic):
    rows = (replace(e, value=None) if str(e.statistic) == statistic else e for e in stored().estimates)
    found = resistance_paragraph(Results(tuple(rows)), "progressed", "huang2025")

    if statistic == "n":
        assert found is not None
        assert "64 patients" not in found.text.en
    else:
        assert found is not None
        assert found.text.en.endswith("was acquired resistance in 47 and primary resistance in 17.")


def test_of_a_study_without_definitions_side_by_side_there_is_none():
    assert resistance_paragraph(Results(), "progressed", "huang2025") is None
