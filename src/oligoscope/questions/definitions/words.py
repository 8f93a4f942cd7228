"""How far the labels hang on the definition, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import keys_of, percent_text
from oligoscope.printing.team_notes import given_by_team
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.keys import in_sentence, is_comparison
from oligoscope.study.vocabulary import name_of


def definitions_paragraph(results: Results, population: str, group: str) -> Paragraph | None:
    """How far the share of one pattern, and the hazard ratio between the patterns, move with the definition."""
    keys: dict[str, Any] = {"population": population, "outcome": "pattern", "level": group, "variable": ""}
    found = results.find(analysis=RECLASSIFICATION, statistic=Statistic.PERCENT, **keys)
    of = {e.group: e for e in found if e.value is not None}
    # Of a definition that gives no patient the label there is no such row: its share is 0 of all.
    shares = [
        of.get(size.group, replace(size, value=0.0)) for size in sizes_of(results, population, "pattern")
    ]
    if not of or len(shares) < 2:
        return None
    low, high = _ends(shares)
    n, name = len(shares), in_sentence(name_of(group))
    own = Text("（含本研究所用）", " (this study's included)")
    if "pattern" in given_by_team(results):
        own = Text("", "")
    if percent_text(low) == percent_text(high):
        text = Text(
            f"同一批患者按 {n} 种定义{own.zh}，{name.zh}的比例均为 {percent_text(low)}",
            f"Under all {n} definitions{own.en} the share of {name.en} in these patients is {percent_text(low)}",
        )
    else:
        text = Text(
            f"同一批患者按 {n} 种定义{own.zh}，{name.zh}的比例为 {percent_text(low)} 至 {percent_text(high)}",
            f"Under {n} definitions{own.en} the share of {name.en} in the same patients ranges from {percent_text(low)} to {percent_text(high)}",
        )
    ratios = [e for e in ratios_between_patterns(results, population) if e.value is not None]
    more, ends = (_range_of(ratios, n), _ends(ratios)) if len(ratios) > 1 else (Text("", ""), ())
    return Paragraph(Text(f"{text.zh}{more.zh}。", f"{text.en}{more.en}."), keys_of(low, high, *ends))


def sizes_of(results: Results, population: str, outcome: str) -> list[Estimate]:
    """How many patients each definition gives a label."""
    keys: dict[str, Any] = {"population": population, "outcome": outcome, "level": "", "variable": ""}
    found = results.find(analysis=RECLASSIFICATION, statistic=Statistic.N, **keys)
    return [e for e in found if e.value and not is_comparison(e.group)]


def ratios_between_patterns(results: Results, population: str) -> list[Estimate]:
    """Hazard ratios of post-progression survival, one a definition; none where no definition gives one."""
    keys: dict[str, Any] = {"population": population, "outcome": Outcome.PPS}
    found = results.find(analysis=RECLASSIFICATION, statistic=Statistic.HAZARD_RATIO, **keys)
    return found if any(e.value is not None for e in found) else []


def _ends(estimates: list[Estimate]) -> tuple[Estimate, Estimate]:
    """The smallest and the largest."""
    return min(estimates, key=lambda e: e.value or 0), max(estimates, key=lambda e: e.value or 0)


def _range_of(ratios: list[Estimate], n_definitions: int) -> Text:
    """`, and the HR of post-progression survival from 0.55 to 0.61`."""
    low, high = (format_number(e.value, e.statistic.decimals) for e in _ends(ratios))
    zh, en = f"均为 {low}", f"is {low}"
    if low != high:
        zh, en = f"为 {low} 至 {high}", f"from {low} to {high}"
    if len(ratios) < n_definitions:
        zh, en = f"{zh}（其中 {len(ratios)} 种可估计）", f"{en} (estimable under {len(ratios)} of them)"
    return Text(f"，进展后生存期的 HR {zh}", f", and the HR of post-progression survival {en}")


_OWN, _RULE = Text("本研究", "this study"), Text("参照", "reference")


def own_word(outcome: str, results: Results) -> Text:
    """What the definition of study.yaml is beside the others: the study's own, but for labels that the team gave."""
    return _RULE if outcome in given_by_team(results) else _OWN


def agreement_words(outcome: str, chosen: str, results: Results) -> Text:
    """What agreement with the study's own definition means; of resistance also why some schemes cannot agree."""
    own = definition_name(chosen)
    zh = f"一致率与 Cohen κ 均与本研究所用定义（{own.zh}）比较，要求标签完全相同"
    en = f"Agreement and Cohen's κ are with the definition this study uses ({own.en}) and ask for identical labels"
    if outcome in given_by_team(results):
        zh = f"本研究的标签为研究团队所判定，各定义由本软件另行套用。一致率与 Cohen κ 均与研究方案所设的定义（{own.zh}）比较，要求标签完全相同"
        en = (
            "The labels of this study are the team's own; the program applied the definitions beside them. "
            f"Agreement and Cohen's κ are with the definition that the study file names ({own.en}) and ask for identical labels"
        )
    if outcome != "resistance":
        return Text(f"{zh}。", f"{en}.")
    without, name = definition_name("schoenfeld_2021"), name_of(Resistance.NOT_ACQUIRED)
    return Text(
        f"{zh}；类别不同的定义必然不一致，例如 {without.zh} 没有“原发性耐药”，只有“{name.zh}”。",
        f"{en}; definitions with other categories disagree by construction: {without.en}, for one, has no primary resistance, "
        f"only “{name.en.lower()}”.",
    )
