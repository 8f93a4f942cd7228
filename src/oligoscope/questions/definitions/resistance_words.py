"""The types of resistance by the study's own definition and by others, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oligoscope.bilingual import Count, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import is_of_few, joined, keys_of, listed, percent_text
from oligoscope.printing.team_notes import given_by_team
from oligoscope.questions.definitions.words import MOST_NAMED, span_of_shares
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.keys import in_sentence, is_comparison
from oligoscope.study.vocabulary import name_of


def resistance_paragraph(results: Results, population: str, chosen: str) -> Paragraph | None:
    """How many patients had each type of resistance by the study's own definition, and the share of acquired resistance by others.

    Args:
        results: With analysis "reclassification".
        population: The patients.
        chosen: The study's own definition; where the team has given the labels, all are others.
    """
    keys: dict[str, Any] = {"population": population, "outcome": "resistance", "variable": ""}
    found = results.find(analysis=RECLASSIFICATION, **keys)
    known = [e for e in found if e.level and e.value is not None and not is_comparison(e.group)]
    own = "" if "resistance" in given_by_team(results) else chosen
    counts = [e for e in known if e.group == own and e.statistic is Statistic.N]
    shares = [e for e in known if e.statistic is Statistic.PERCENT]
    acquired = [e for e in shares if e.group != own and e.level == Resistance.ACQUIRED]
    texts = [
        *_types_of_the_study(own, counts, {e.level: e for e in shares if e.group == own}),
        *_acquired_by_others(acquired, is_beside=bool(counts)),
    ]
    used = [*counts, *(e for e in shares if e.group == own), *acquired]
    return Paragraph(joined(texts), keys_of(*used)) if texts else None


def _types_of_the_study(own: str, counts: list[Estimate], shares: Mapping[str, Estimate]) -> Iterator[Text]:
    if not counts:
        return
    zh, en = list[str](), list[str]()
    for e in counts:
        name, n, share = in_sentence(name_of(e.level)), format_number(e.value, 0), shares.get(e.level)
        within = "" if share is None or is_of_few(share) else percent_text(share)
        zh.append(f"{name.zh} {n} 例" + (f"（{within}）" if within else ""))
        en.append(f"{name.en} in {n}" + (f" ({within})" if within else ""))
    of, n = definition_name(own), counts[0].n or 0
    yield Text(
        f"按本研究所用定义（{of.zh}），{n} 例患者的耐药类型为{listed(zh, 'zh')}。",
        f"By the definition used ({of.en}) the resistance of the {Count(n):patient|patients} was {listed(en, 'en')}.",
    )


def _acquired_by_others(acquired: list[Estimate], *, is_beside: bool) -> Iterator[Text]:
    """Beside the study's own definition, or alone."""
    if not acquired:
        return
    name, span, n = in_sentence(name_of(Resistance.ACQUIRED)), span_of_shares(acquired), len(acquired)
    zh, en = f"{n} 种定义", f"by {Count(n):definition|definitions}"
    if is_beside:
        zh, en = f"其他 {n} 种定义", f"by the {n} other definitions"
        if n == 1:
            zh, en = "另一种定义", "by the other definition"
    names = [definition_name(e.group) for e in acquired if n <= MOST_NAMED]
    if names:
        zh += f"，即 {listed([each.zh for each in names], 'zh')}，"
        en += f": {listed([each.en for each in names], 'en')}"
    yield Text(
        f"{zh}{'所得' if names else '下'}{name.zh}的比例为 {span.zh}。",
        f"The share of {name.en} is {span.en} {en}.",
    )
