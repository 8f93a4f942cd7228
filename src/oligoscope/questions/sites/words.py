"""Where the disease first progressed, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.organs import organ_name
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import groups_with_patients, joined, keys_of, listed, percent_text
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

# ---- where ----------------------------------------------------------------------------------------


def sites_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """The organs most often named in each group, and how often it was in organs involved at baseline."""
    keys: dict[str, Any] = {
        "analysis": SITES,
        "population": population,
        "outcome": by,
        "statistic": Statistic.PERCENT,
    }
    groups = groups_with_patients(results, SITES, population, by)
    organs = {g: _most(list(results.find(**keys, group=g, variable="organ"))) for g in groups}
    organs = {g: shares for g, shares in organs.items() if shares}
    if not organs:
        return None
    old = {g: results.get(**keys, group=g, variable="site_relation", level="same") for g in organs}
    kept = {g: e for g, e in old.items() if e is not None and e.value is not None}
    sentences = [_organs_text(organs)]
    if kept:
        sentences.append(_old_places_text(kept))
    used = (*(e for shares in organs.values() for e in shares), *kept.values())
    return Paragraph(joined(sentences), keys_of(*used))


def _most(shares: list[Estimate]) -> list[Estimate]:
    """The organs with the largest shares; equal ones in the order of the results."""
    return sorted((e for e in shares if e.value), key=lambda e: -(e.value or 0))[:MOST_ORGANS]


def _organs_text(organs: dict[str, list[Estimate]]) -> Text:
    def named(shares: list[Estimate], language: Language) -> str:
        gap = "" if language == "zh" else " "
        left, right = ("（", "）") if language == "zh" else ("(", ")")
        parts = [
            f"{in_sentence(organ_name(e.level))[language]}{gap}{left}{percent_text(e)}{right}" for e in shares
        ]
        return listed(parts, language)

    zh = "；".join(f"{name_of(g).zh}组为{named(shares, 'zh')}" for g, shares in organs.items())
    parts = [f"{named(shares, 'en')} with {in_sentence(name_of(g)).en}" for g, shares in organs.items()]
    return Text(
        f"首次进展最常见的器官：{zh}。",
        f"The most frequent organs of first progression were {'; and '.join(parts)}.",
    )


def _old_places_text(kept: dict[str, Estimate]) -> Text:
    zh = "，".join(f"{name_of(g).zh}组为 {percent_text(e)}" for g, e in kept.items())
    en = listed(
        [f"{percent_text(e)} of patients with {in_sentence(name_of(g)).en}" for g, e in kept.items()], "en"
    )
    return Text(
        f"进展仅发生在基线已受累器官的患者比例：{zh}。",
        f"Progression was confined to organs involved at baseline in {en}.",
    )


MOST_ORGANS = 3  # named in one sentence; table and figure have all
