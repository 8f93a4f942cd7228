"""Where the disease first progressed, in words."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.organs import organ_name
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import (
    groups_with_patients,
    is_of_few,
    joined,
    keys_of,
    listed,
    percent_text,
)
from oligoscope.results.analyses import SITES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

MOST_ORGANS = 3  # named in one sentence; table and figure have all


def sites_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """The organs most often named in each group, and how often it was in organs involved at baseline."""
    found = results.find(analysis=SITES, population=population, outcome=by, statistic=Statistic.PERCENT)
    groups = groups_with_patients(results, SITES, population, by)
    organs = {g: _most([e for e in found if e.group == g and e.variable == "organ"]) for g in groups}
    organs = {g: shares for g, shares in organs.items() if shares}
    if not organs:
        return None
    old = {e.group: e for e in found if (e.variable, e.level) == ("site_relation", "same")}
    kept = {g: old[g] for g in organs if g in old and old[g].value is not None}
    counts = results.find(analysis=SITES, population=population, outcome=by, statistic=Statistic.N)
    of = {(e.group, e.variable, e.level): e for e in counts}
    sentences = [_organs_text(organs, of)]
    if kept:
        sentences.append(_old_places_text(kept, of))
    shown = (*(e for shares in organs.values() for e in shares), *kept.values())
    used = (*shown, *(of.get((e.group, e.variable, e.level)) for e in shown))
    return Paragraph(joined(sentences), keys_of(*used))


def _most(shares: list[Estimate]) -> list[Estimate]:
    """The organs with the largest shares; equal ones in the order of the results."""
    return sorted((e for e in shares if e.value), key=lambda e: -(e.value or 0))[:MOST_ORGANS]


_Counts = Mapping[tuple[str, str, str], Estimate]  # by group, variable and level


def _share(share: Estimate, counts: _Counts, language: Language) -> str:
    """`lung in 193 (66.8%)`, without its first word; of few patients the count alone."""
    n = counts.get((share.group, share.variable, share.level))
    if n is None or is_of_few(share):
        return Text(f"（{percent_text(share)}）", f" ({percent_text(share)})")[language]
    count = format_number(n.value, 0)
    return Text(f" {count} 例（{percent_text(share)}）", f" in {count} ({percent_text(share)})")[language]


def _organs_text(organs: dict[str, list[Estimate]], counts: _Counts) -> Text:
    def named(shares: list[Estimate], language: Language) -> str:
        names = (in_sentence(organ_name(e.level))[language] for e in shares)
        parts = [f"{name}{_share(e, counts, language)}" for name, e in zip(names, shares, strict=True)]
        return listed(parts, language)

    zh = "；".join(f"{name_of(g).zh}组为{named(shares, 'zh')}" for g, shares in organs.items())
    parts = [f"{named(shares, 'en')} with {in_sentence(name_of(g)).en}" for g, shares in organs.items()]
    return Text(
        f"首次进展最常见的器官：{zh}。",
        f"The most frequent organs of first progression were {'; and '.join(parts)}.",
    )


def _of_patients(share: Estimate, counts: _Counts) -> str:
    n, of = counts.get((share.group, share.variable, share.level)), in_sentence(name_of(share.group)).en
    if n is None or is_of_few(share):
        return f"{percent_text(share)} of patients with {of}"
    return f"{Count(format_number(n.value, 0)):patient|patients} with {of} ({percent_text(share)})"


def _old_places_text(kept: dict[str, Estimate], counts: _Counts) -> Text:
    zh = "，".join(f"{name_of(g).zh}组{_share(e, counts, 'zh')}" for g, e in kept.items())
    en = listed([_of_patients(e, counts) for e in kept.values()], "en")
    return Text(
        f"进展仅发生在基线已受累器官的患者：{zh}。",
        f"Progression was confined to organs involved at baseline in {en}.",
    )
