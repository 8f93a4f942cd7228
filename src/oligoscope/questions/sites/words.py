"""Where the disease first progressed, in words."""

from __future__ import annotations

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.organs import organ_name
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import groups_with_patients, joined, keys_of, listed, percent_text
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
        form = Text("{}（{}）", "{} ({})")[language]
        names = (in_sentence(organ_name(e.level))[language] for e in shares)
        parts = [form.format(name, percent_text(e)) for name, e in zip(names, shares, strict=True)]
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
