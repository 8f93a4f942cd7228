"""Read the printed numbers of a paper from this package's data, or from a file laid out like them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ruamel.yaml.error import YAMLError

from oligoscope.bilingual import Text
from oligoscope.errors import UsageError
from oligoscope.results.analyses import analysis_of
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import statistic_of
from oligoscope.results.units import unit_of
from oligoscope.study.file_bytes import RefusedFileError, bytes_of, is_file
from oligoscope.study.yaml_limits import FILE_BYTES, YamlLimitError
from oligoscope.study.yaml_lines import safe_yaml

ToleranceKind = Literal["absolute", "factor", "same_side_of"]
TOLERANCES: tuple[ToleranceKind, ...] = ("absolute", "factor", "same_side_of")
_TYPED = {"analysis": analysis_of, "statistic": statistic_of, "unit": unit_of}
_NOT_OF_ESTIMATES = ("tolerance", "bound", "known_problem", "why")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far another result may lie from the printed one.

    Attributes:
        kind: `absolute` in the number's unit, `factor` times or divided by, `same_side_of` a limit (of P).
        size: The distance, the factor (above 1), or the limit.
    """

    kind: ToleranceKind = "absolute"
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number.

    Attributes:
        estimate: Its value and limits under the keys of our own estimates.
        section: Where it is printed.
        tolerance: How far ours may lie from it.
        bound: "<" where only "smaller than" is printed.
        known_problem: Where the paper contradicts itself or its methods; None where nothing is known.
        why: Why another result is to be expected; None where none is.
    """

    estimate: Estimate
    section: str
    tolerance: Tolerance = Tolerance()
    bound: Literal["", "<"] = ""
    known_problem: Text | None = None
    why: Text | None = None


@dataclass(frozen=True)
class Published:
    """A paper and the numbers printed in it.

    Attributes:
        id: Our name for the paper.
        enrolled_from, enrolled_to: First day of the first and of the last month of enrolment.
        data_cutoff: Last day of follow-up.
        sections: Names of the paper's sections by their number.
        printed: The printed numbers in the paper's order, each with its place and tolerance.
        results: The same numbers, found by the keys of our own estimates.
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
    printed: tuple[Printed, ...]
    results: Results
    section_of: Mapping[tuple[str, ...], str]


def published_papers() -> tuple[str, ...]:
    """The papers whose numbers come with the package."""
    names = (entry.name for entry in files("oligoscope.published").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def read_published(name: str) -> Published:
    """The printed numbers of one paper.

    Args:
        name: A paper that comes with the package, or the path of a .yaml file laid out as theirs.

    Raises:
        UsageError: No such paper comes with the package; the file does not exist or is not laid out so.
    """
    if name in published_papers():
        return _shipped(name)
    path = Path(name)
    if path.suffix not in {".yaml", ".yml"} or not is_file(path):
        known = ", ".join(published_papers())
        raise UsageError(
            f"No published numbers named {name!r}; there are: {known}. Or give a .yaml file of your own.",
            zh=f"没有名为 {name!r} 的已发表数字；现有：{known}。也可给出自己的 .yaml 文件。",
        )
    try:
        return _published(safe_yaml().load(bytes_of(path, FILE_BYTES).decode("utf-8")))
    except RefusedFileError as error:
        raise UsageError(
            f"{path} cannot be read: {error.text.en}.", zh=f"{path} 无法读取：{error.text.zh}"
        ) from None
    except YamlLimitError as error:
        line = error.problem_mark.line + 1
        raise UsageError(
            f"{path}, line {line}: {error.text.en}.", zh=f"{path} 第 {line} 行：{error.text.zh}"
        ) from None
    except (YAMLError, UnicodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{path} does not have the layout of published numbers (see huang2025.yaml of this package): {error}",
            zh=f"{path} 的格式不符合已发表数字文件的要求（参见本软件包中的 huang2025.yaml）：{error}",
        ) from None


@cache
def _shipped(name: str) -> Published:
    """A paper of the package, read once: the demo and each comparison with it ask for it again.

    From what `scripts/print_published.py` makes of its YAML, which takes 0.1 s to read.
    """
    text = files("oligoscope.published").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return _published(json.loads(text))


def _published(content: Mapping[str, Any]) -> Published:
    paper, design = content["paper"], content["paper"]["design"]
    printed = tuple(_printed(content["numbers"]))
    return Published(
        id=paper["id"],
        doi=paper["doi"],
        title=Text(**paper["title"]),
        authors=paper["authors"],
        journal=Text(**paper["journal"]),
        citation=paper["citation"],
        enrolled_from=_first_of_month(design["enrolled_from"]),
        enrolled_to=_first_of_month(design["enrolled_to"]),
        data_cutoff=_day(design["data_cutoff"]),
        sections=MappingProxyType({number: Text(**names) for number, names in content["sections"].items()}),
        printed=printed,
        results=Results(tuple(p.estimate for p in printed)),
        section_of=MappingProxyType({p.estimate.key: p.section for p in printed}),
    )


def _printed(blocks: list[dict[str, Any]]) -> Iterator[Printed]:
    """Every number with the keys and remarks of its block and row."""
    for block in blocks:
        shared = {name: block[name] for name in _NOT_OF_ESTIMATES if name in block}
        for row in (*block.get("values", ()), *_row_by_row(block)):
            fields = {**block["keys"], **shared, **row}
            remarks = {name: fields.pop(name, None) for name in _NOT_OF_ESTIMATES}
            numbers = {name: float(fields[name]) for name in ("value", "low", "high") if name in fields}
            typed: dict[str, Any] = {
                name: read(fields[name]) for name, read in _TYPED.items() if name in fields
            }
            yield Printed(
                Estimate(**{**fields, **numbers, **typed}),
                block["section"],
                _tolerance(remarks["tolerance"]),
                remarks["bound"] or "",
                _text(remarks["known_problem"]),
                _text(remarks["why"]),
            )


def _row_by_row(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A printed row of numbers, one a group, as single numbers."""
    for row in block.get("rows", ()):
        rest = {name: value for name, value in row.items() if name != "numbers"}
        for group, number in zip(block["groups"], row["numbers"], strict=True):
            yield {"group": group, "value": number, **rest}


def _tolerance(given: Mapping[str, float] | None) -> Tolerance:
    if not given:
        return Tolerance()
    ((kind, size),) = given.items()
    if kind not in TOLERANCES:
        raise ValueError(f"tolerance {kind!r} is none of {', '.join(TOLERANCES)}")
    return Tolerance(kind, float(size))


def _text(given: Mapping[str, str] | None) -> Text | None:
    return None if given is None else Text(given["zh"], given["en"])


def _day(given: date | str) -> date:
    """A date of YAML, or the same in JSON, which has texts."""
    return given if isinstance(given, date) else date.fromisoformat(given)


def _first_of_month(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
