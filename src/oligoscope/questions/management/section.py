"""What a source suggests by pattern and time window, for how many of the patients, and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.clinical import management
from oligoscope.clinical.management_texts import (
    CAUTION,
    EVIDENCE,
    INTERVAL,
    INTERVAL_IF_STABLE,
    NO_INTERVAL,
    SUGGESTIONS,
    TIERS,
    WITHHELD,
)
from oligoscope.printing.blocks import Block, Heading, Notice, Paragraph
from oligoscope.printing.cells import count
from oligoscope.printing.document_parts import Chapter, Draft, Parts, Place, Section
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, words
from oligoscope.results.analyses import MANAGEMENT
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.reported import TIER


def management_section(draft: Draft) -> Iterator[Block]:
    """Counts of each tier with its suggestion and evidence, then of those from whom it is withheld."""
    if not draft.results.find(analysis=MANAGEMENT, statistic=Statistic.N):
        return
    yield Notice("caution", CAUTION)
    yield draft.table(tabulate_management)
    yield Heading(Text("证据", "Evidence"), "management-evidence", 3)
    for text in _evidence(draft.results):
        yield Paragraph(text)


def tabulate_management(results: Results, population: str = "progressed") -> Table:
    """A row a tier, then a row a reason to withhold; n (%) of all progressed patients."""
    rows = [
        Row((words(TIERS[t.label]), _count(results, population, "tier", t.label), words(SUGGESTIONS[t.suggestion]), words(_interval(t))))
        for t in management.TIERS
    ]  # fmt: skip
    reasons = [
        r.label for r in management.WITHHOLDING if _n(results, population, "withheld", r.label) is not None
    ]
    if reasons:
        rows.append(Row((words(_WITHHELD_HEADING), BLANK, BLANK, BLANK), is_heading=True))
        rows += [
            Row(
                (words(WITHHELD[name]), _count(results, population, "withheld", name), BLANK, BLANK), indent=1
            )
            for name in reasons
        ]
    return Table(
        f"management_{population}",
        Text(
            "各进展模式与进展时间的文献处理观点及例数 [例(%)]",
            "Management by pattern and time window [n (%)]",
        ),
        (
            Header(TIER.label, align="start"),
            Header(Text("患者", "Patients")),
            Header(Text("文献观点", "Suggestion of the source"), align="start"),
            Header(Text("复查间隔", "Imaging"), align="start"),
        ),
        tuple(rows),
        (_NOTE,),
    )


_WITHHELD_HEADING = Text("不给出建议的患者", "Patients without a suggestion")
_NOTE = Text(
    "百分比以全部已进展患者为分母；每位患者只计入一个分层，或一个不给出建议的原因。",
    "Percentages are of all who progressed; each patient counts in one tier, or under one reason to withhold.",
)


def _n(results: Results, population: str, variable: str, level: str) -> Estimate | None:
    return results.get(
        analysis=MANAGEMENT, population=population, variable=variable, level=level, statistic=Statistic.N
    )


def _count(results: Results, population: str, variable: str, level: str) -> Cell:
    n = _n(results, population, variable, level)
    if n is None:
        return words(Text("0", "0"))
    share: dict[str, Any] = {"variable": variable, "level": level, "statistic": Statistic.PERCENT}
    return count(n, results.get(analysis=MANAGEMENT, population=population, **share))


def _interval(tier: management.Tier) -> Text:
    if tier.weeks is None:
        return NO_INTERVAL
    template = INTERVAL if tier.label == "early_systemic" else INTERVAL_IF_STABLE
    low, high = tier.weeks
    return Text(template.zh.format(low=low, high=high), template.en.format(low=low, high=high))


def _evidence(results: Results, population: str = "progressed") -> Iterator[Text]:
    """The evidence for the tiers that hold patients, each once."""
    held = [t for t in management.TIERS if _n(results, population, "tier", t.label) is not None]
    yield from (EVIDENCE[name] for name in dict.fromkeys(name for t in held for name in t.evidence))


_CHAPTER = Chapter("management", MANAGEMENT.printed, place=Place.DETAILS)
PARTS = Parts((Section(management_section, _CHAPTER),))
