"""Read the printed numbers of a paper from this package's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from oligoscope.errors import UsageError
from oligoscope.results import Estimate, Results
from oligoscope.study.vocabulary import Text


@dataclass(frozen=True)
class Published:
    """A paper and the numbers printed in it.

    Attributes:
        id: Our name for the paper.
        enrolled_from, enrolled_to: First day of the first and of the last month of enrolment.
        data_cutoff: Last day of follow-up.
        sections: Names of the paper's sections by their number.
        results: The printed numbers, found by the keys of our own estimates.
        section_of: Where each number is printed, by its key.
    """

    id: str
    doi: str
    title: Text
    authors: str
    journal: Text
    citation: str
    enrolled_from: date
    enrolled_to: date
    data_cutoff: date
    sections: Mapping[str, Text]
    results: Results
    section_of: Mapping[tuple[str, ...], str]


def published_papers() -> tuple[str, ...]:
    """The papers whose numbers come with the package."""
    names = (entry.name for entry in files("oligoscope.published").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_published(name: str) -> Published:
    """The printed numbers of one paper.

    Raises:
        UsageError: No such paper comes with the package.
    """
    if name not in published_papers():
        raise UsageError(f"No published numbers named {name!r}; there are: {', '.join(published_papers())}.")
    text = files("oligoscope.published").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content = YAML(typ="safe", pure=True).load(text)
    paper, design = content["paper"], content["paper"]["design"]
    printed = [(section, estimate) for section, estimate in _estimates(content["numbers"])]
    return Published(
        id=paper["id"],
        doi=paper["doi"],
        title=Text(**paper["title"]),
        authors=paper["authors"],
        journal=Text(**paper["journal"]),
        citation=paper["citation"],
        enrolled_from=_first_of_month(design["enrolled_from"]),
        enrolled_to=_first_of_month(design["enrolled_to"]),
        data_cutoff=design["data_cutoff"],
        sections=MappingProxyType({number: Text(**names) for number, names in content["sections"].items()}),
        results=Results(tuple(estimate for _, estimate in printed)),
        section_of=MappingProxyType({estimate.key: section for section, estimate in printed}),
    )


def _estimates(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, Estimate]]:
    """Every number with the section it is printed in."""
    for block in blocks:
        for row in (*block.get("values", ()), *_count_rows(block)):
            fields = {**block["keys"], **row}
            yield block["section"], Estimate(**{**fields, "value": float(fields["value"])})


def _count_rows(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A printed row of counts, one number a group, as single numbers."""
    for row in block.get("counts", ()):
        for group, count in zip(block["groups"], row["n"], strict=True):
            yield {"group": group, "variable": row["variable"], "level": row["level"], "value": count}


def _first_of_month(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
