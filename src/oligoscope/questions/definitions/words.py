"""How far the patterns hang on the definition, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import (
    changing_in_brackets,
    includes_one,
    joined,
    keys_of,
    listed,
    percent_text,
)
from oligoscope.printing.table import each_language
from oligoscope.printing.team_notes import given_by_team
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, definition_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import name_of


def definitions_paragraph(
    results: Results, population: str, group: str, chosen: str = "", *, in_short: bool = False
) -> Paragraph | None:
    """The share of one pattern and the hazard ratio between the patterns: as the study has them, and under other definitions.

    Args:
        results: With analysis "reclassification".
        population: The patients.
        group: The pattern whose share it is.
        chosen: The study's own definition; where the team has given the labels, or no name is given, all are others.
        in_short: For the answer: without the study's own ratio, which is the primary comparison, without how many
            classifications the definitions make and how far they agree, and without what their limits were set for.
    """
    keys: dict[str, Any] = {"population": population, "outcome": "pattern", "level": group, "variable": ""}
    found = results.find(analysis=RECLASSIFICATION, statistic=Statistic.PERCENT, **keys)
    of = {e.group: e for e in found if e.value is not None}
    # Of a definition that gives no patient the label there is no such row: its share is 0 of all.
    none = {size.group: replace(size, value=0.0) for size in sizes_of(results, population, "pattern")}
    shares = none | of
    if not of or len(shares) < 2:
        return None
    ratios = {e.group: e for e in ratios_between_patterns(results, population) if e.value is not None}
    own = "" if "pattern" in given_by_team(results) or chosen not in shares else chosen
    alike = classified_alike(results, population, tuple(shares))
    others = [name for name in shares if name != own]
    how_many = _classifications(own, list(shares), alike, is_named=not in_short)
    clear = _clear(others, ratios)
    agreements = [] if in_short else _agreements(results, population, own, clear)
    texts = [
        *_of_the_study(own, shares, ratios, group, in_short=in_short),
        *_of_others(
            None if in_short and own and clear else how_many,
            others,
            shares,
            ratios,
            group,
            own=own,
            in_short=in_short,
        ),
        *(() if in_short else (*_same_patients(agreements), *_of_metastases(shares))),
    ]
    of_ratio = [name for name in shares if name in ratios and not (in_short and name == own)]
    used = [*shares.values(), *(ratios[name] for name in of_ratio)]
    return Paragraph(joined(texts), keys_of(*used, *agreements))


def _is_alike(own: str, names: list[str], ratios: Mapping[str, Estimate]) -> bool:
    """Whether the ratios of these definitions and of the study's own leave out 1 on one side."""
    if own not in ratios or includes_one(ratios[own]) or not names:
        return False
    return len({(ratios[name].value or 0) < 1 for name in (own, *names)}) == 1


def _clear(names: list[str], ratios: Mapping[str, Estimate]) -> list[str]:
    """Those under which the limits of the ratio leave out 1."""
    return [name for name in names if name in ratios and not includes_one(ratios[name])]


def _agreements(results: Results, population: str, own: str, names: list[str]) -> list[Estimate]:
    """How often these definitions give a patient the label of the study's own; none where one is missing."""
    keys: dict[str, Any] = {"population": population, "outcome": "pattern", "variable": ""}
    found = results.find(analysis=RECLASSIFICATION, statistic=Statistic.PERCENT_AGREE, **keys)
    of = {frozenset(parts_of(e.group)): e for e in found if e.value is not None}
    pairs = [frozenset((own, name)) for name in names]
    return [of[pair] for pair in pairs] if own and pairs and all(pair in of for pair in pairs) else []


def _same_patients(agreements: list[Estimate]) -> Iterator[Text]:
    """That ratios without 1 under other definitions are of the same patients, most of them in the same groups."""
    if not agreements:
        return
    span = span_of_shares(agreements)
    n = len(agreements)
    those, be = (
        (f"the {n} whose 95% CI excludes 1 agree", "are")
        if n > 1
        else ("the one whose 95% CI excludes 1 agrees", "is")
    )
    yield Text(
        f"各定义用于同一批患者：95%CI 不含 1 的 {n} 种与本研究所用定义的一致率为 {span.zh}，不构成独立验证。",
        f"All are applied to the same patients: {those} with the definition used in {span.en} of them and {be} no independent "
        "confirmation.",
    )


def _of_metastases(names: Iterable[str]) -> Iterator[Text]:
    """Which of these definitions have limits that were set for another state of disease."""
    rules = [PROGRESSION_DEFINITIONS[name] for name in names if name in PROGRESSION_DEFINITIONS]
    those = [rule.printed for rule in rules if rule.is_of_metastases]
    if those:
        zh, en = (listed([name[language] for name in those], language) for language in LANGUAGES)
        yield Text(
            f"{zh}的限值原为寡转移而定，此处用于进展病灶。",
            f"The limits of {en} were set for oligometastatic disease and are applied to progressing lesions here.",
        )


def classified_alike(results: Results, population: str, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Definitions by the patterns that they give these patients: those that agree on every patient together."""
    keys: dict[str, Any] = {"analysis": RECLASSIFICATION, "population": population, "outcome": "pattern"}
    labelled = {e.group: e.value for e in results.find(**keys, statistic=Statistic.N) if not e.level}
    same_labels = {
        frozenset(parts_of(e.group))
        for e in results.find(**keys, variable="", statistic=Statistic.PERCENT_AGREE)
        if e.value == _ALL_PATIENTS and all(labelled.get(name) == e.n for name in parts_of(e.group))
    }
    found: list[list[str]] = []
    for name in names:
        mine = next((those for those in found if frozenset((those[0], name)) in same_labels), None)
        if mine is None:
            found.append([name])
        else:
            mine.append(name)
    return [tuple(those) for those in found]


_ALL_PATIENTS = 100.0  # per cent


def _of_the_study(
    own: str, shares: Mapping[str, Estimate], ratios: Mapping[str, Estimate], group: str, *, in_short: bool
) -> Iterator[Text]:
    if not own:
        return
    name, pattern, share = definition_name(own), in_sentence(name_of(group)), percent_text(shares[own])
    ratio = Text("", "")
    if own in ratios and not in_short:
        of = _ratio_with_limits(ratios[own])
        ratio = Text(f"，进展后生存期的 HR 为 {of.zh}", f" and the HR of post-progression survival {of.en}")
    yield Text(
        f"按本研究所用定义（{name.zh}），{pattern.zh}的比例为 {share}{ratio.zh}。",
        f"By the definition used ({name.en}) the share of {pattern.en} is {share}{ratio.en}.",
    )


def _of_others(
    how_many: Text | None,
    others: list[str],
    shares: Mapping[str, Estimate],
    ratios: Mapping[str, Estimate],
    group: str,
    *,
    own: str,
    in_short: bool,
) -> Iterator[Text]:
    """How many classifications they make, where that is said; share and ratio where the limits leave out 1, and where they do not."""
    estimated = [name for name in others if name in ratios]
    if not estimated and how_many is not None:
        share = _share_of(others, shares, in_sentence(name_of(group)))
        yield Text(f"{how_many.zh}，{share.zh}。", f"{how_many.en}; {share.en}.")
        return
    if how_many is not None:
        yield Text(f"{how_many.zh}。", f"{how_many.en}.")
    unclear = [name for name in estimated if includes_one(ratios[name])]
    clear = _clear(others, ratios)
    clauses = []
    if clear:
        span = _span([ratios[name] for name in clear])
        share = _share_of(clear, shares, Text("", ""))
        n, of = len(others), Text("这", "definition") if how_many else Text("其他", "other definition")
        where = Text("各定义下", "under all of them")
        if len(clear) < n:
            where = Text(
                f"{of.zh} {n} 种定义中的 {len(clear)} 种下", f"under {len(clear)} of the {n} {of.en}s"
            )
        elif how_many is None:
            where = _under_others(n)
        if in_short and _is_alike(own, clear, ratios):
            where = _held(len(clear), n)
        zh = f"{where.zh}{share.zh}，HR 为 {span.zh}，95%CI 均不含 1"
        clauses.append(Text(zh, f"{where.en} {share.en} and the HR {span.en} (95% CI excluding 1)"))
    clauses += _with_one(unclear, shares, ratios, in_short=in_short)
    if without := len(others) - len(estimated):
        verb = "gives" if without == 1 else "give"
        clauses.append(Text(f"{without} 种定义不给出 HR", f"{without} {verb} no HR"))
    en = "; ".join(clause.en for clause in clauses)
    yield Text(f"{'；'.join(clause.zh for clause in clauses)}。", f"{en[:1].upper()}{en[1:]}.")


def _under_others(n: int) -> Text:
    if n == 1:
        return Text("另一种定义下", "under the other definition")
    return Text(f"其他 {n} 种定义下", f"under the {n} other definitions")


def _held(k: int, n: int) -> Text:
    """That the comparison comes out alike under so many of the other definitions, which are of the same patients."""
    if n == 1:
        return Text("另一种定义下结果一致：", "the result held under the other definition:")
    zh = f"其他 {n} 种互有重叠的定义" + (f"中，{k} 种下结果一致：" if k < n else "下结果均一致：")
    which = f"{k} of the {n}" if k < n else f"all {n}"
    return Text(zh, f"the result held under {which} other, overlapping definitions:")


def _share_of(names: list[str], shares: Mapping[str, Estimate], pattern: Text) -> Text:
    """`the share of oligoprogression is 46.3% to 54.6%`; without the pattern where it was named before."""
    span = span_of_shares([shares[name] for name in names])
    of = (
        Text(f"{pattern.zh}的比例", f"the share of {pattern.en}") if pattern.en else Text("比例", "the share")
    )
    return Text(f"{of.zh}为 {span.zh}", f"{of.en} is {span.en}")


def _with_one(
    names: list[str], shares: Mapping[str, Estimate], ratios: Mapping[str, Estimate], *, in_short: bool
) -> Iterator[Text]:
    """The definitions whose limits include 1: each by name, or how many; in short the figure's caption says which are averages."""
    if len(names) > MOST_NAMED:
        span, share = _span([ratios[name] for name in names]), _share_of(names, shares, Text("", ""))
        n = len(names)
        yield Text(
            f"{n} 种定义下{share.zh}，HR 为 {span.zh}，95%CI 包含 1",
            f"under {n} {share.en} and the HR {span.en} (95% CI with 1)",
        )
        return
    for name in names:
        of, share, ratio = definition_name(name), percent_text(shares[name]), _ratio_with_limits(ratios[name])
        changes = Text("", "") if in_short else changing_in_brackets(ratios[name])
        yield Text(
            f"{of.zh}定义下比例为 {share}，HR 为 {ratio.zh}，包含 1{changes.zh}",
            f"under {of.en} the share is {share} and the HR {ratio.en}, which includes 1{changes.en}",
        )


def _classifications(own: str, names: list[str], alike: list[tuple[str, ...]], *, is_named: bool) -> Text:
    """`The 6 other definitions make 5 other classifications: A and B classify every patient alike`."""
    n, k = len(names) - bool(own), sum(own not in those for those in alike)
    same = _alike_words(alike if is_named else ())
    within = Text(f"：{same.zh}", f": {same.en}") if same.en else Text("", "")
    if own:
        zh, en = (
            f"其他 {n} 种定义共得 {k} 种不同的分类",
            f"The {n} other definitions make {k} other classifications",
        )
        if n == 1:
            en = f"The other definition makes {k} other {'classification' if k == 1 else 'classifications'}"
        elif k == 1:
            en = f"The {n} other definitions make 1 other classification"
    else:
        zh, en = f"{n} 种定义共得 {k} 种不同的分类", f"The {n} definitions make {k} different classifications"
    return Text(f"{zh}{within.zh}", f"{en}{within.en}")


def _alike_words(groups: Iterable[tuple[str, ...]]) -> Text:
    """`A and B classify every patient alike`; blank where no two do."""
    those = [[definition_name(name) for name in names] for names in groups if len(names) > 1]
    zh = "；".join(f"{listed([n.zh for n in names], 'zh')}对每例患者的分类相同" for names in those)
    en = "; ".join(f"{listed([n.en for n in names], 'en')} classify every patient alike" for names in those)
    return Text(zh, en)


def _ratio_with_limits(ratio: Estimate) -> Text:
    """`0.91 (95% CI 0.73 to 1.12)`."""
    value = format_number(ratio.value, ratio.statistic.decimals)
    limits = each_language(lambda language: interval_words(ratio.low, ratio.high, 2, language))
    return Text(f"{value}（{limits.zh}）", f"{value} ({limits.en})")


def _span(ratios: list[Estimate]) -> Text:
    low, high = (format_number(e.value, e.statistic.decimals) for e in _ends(ratios))
    return Text(low, low) if low == high else Text(f"{low}~{high}", f"{low} to {high}")


def _unclear(ratios: list[Estimate]) -> Text:
    """`the 95% CI includes 1 under ≤2 sites (Chai 2021), HR 0.91 (95% CI 0.73 to 1.12)`; the range where that is true of many."""
    unclear = [e for e in ratios if includes_one(e)]
    if len(unclear) > MOST_NAMED:
        span, n = _span(unclear), len(unclear)
        return Text(
            f"{n} 种定义的 95%CI 包含 1（HR 为 {span.zh}）",
            f"the 95% CI includes 1 under {n} definitions (HR {span.en})",
        )
    named = [(definition_name(e.group), _ratio_with_limits(e)) for e in unclear]
    zh = "；".join(f"{name.zh}定义下 95%CI 包含 1，HR 为 {ratio.zh}" for name, ratio in named)
    en = "; ".join(f"{name.en}, HR {ratio.en}" for name, ratio in named)
    return Text(zh, f"the 95% CI includes 1 under {en}")


MOST_NAMED = 3


def dependence_sentence(results: Results, population: str) -> Text | None:
    """Whether the limits of the hazard ratio include 1 under any definition; None where no definition gives a ratio."""
    ratios = [e for e in ratios_between_patterns(results, population) if e.value is not None]
    if not ratios:
        return None
    if any(map(includes_one, ratios)):
        unclear = _unclear(ratios)
        return Text(
            f"进展模式及其与进展后生存期的关系取决于所用定义：{unclear.zh}。",
            f"The pattern and its association with post-progression survival depend on the definition in use: {unclear.en}.",
        )
    span = _span(ratios)
    return Text(
        f"进展模式取决于所用定义；各定义下进展后生存期的 HR 为 {span.zh}，95%CI 均不含 1。",
        f"The pattern depends on the definition in use; the HR of post-progression survival is {span.en} under them, and no 95% CI includes 1.",
    )


def span_of_shares(estimates: list[Estimate]) -> Text:
    """`46.3% to 54.6%`, the smallest and the largest; one where they are the same."""
    low, high = (percent_text(e) for e in _ends(estimates))
    return Text(f"{low}~{high}", f"{low} to {high}") if low != high else Text(low, low)


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


_OWN, _RULE = Text("本研究", "this study"), Text("参照", "reference")


def own_word(outcome: str, results: Results) -> Text:
    """What the definition of study.yaml is beside the others: the study's own, but for labels that the team gave."""
    return _RULE if outcome in given_by_team(results) else _OWN


def agreement_words(outcome: str, chosen: str, results: Results) -> Text:
    """What agreement with the study's own definition means; of resistance also why some schemes cannot agree."""
    own = definition_name(chosen)
    zh = f"一致率与 Cohen κ 均与本研究所用定义（{own.zh}）比较，要求两者判定一致"
    en = f"Agreement and Cohen's κ are with the definition this study uses ({own.en}) and ask that both give the same label"
    if outcome in given_by_team(results):
        zh = f"本研究的标签为研究团队所判定，各定义由本软件另行套用。一致率与 Cohen κ 均与研究方案所设的定义（{own.zh}）比较，要求两者判定一致"
        en = (
            "The labels of this study are the team's own; the program applied the definitions beside them. "
            f"Agreement and Cohen's κ are with the definition that the study file names ({own.en}) and ask that both give the same label"
        )
    if outcome != "resistance":
        return Text(f"{zh}。", f"{en}.")
    without, name = definition_name("schoenfeld_2021"), name_of(Resistance.NOT_ACQUIRED)
    return Text(
        f"{zh}；类别不同的定义必然不一致，例如 {without.zh} 没有“原发性耐药”，只有“{name.zh}”。",
        f"{en}; definitions with other categories disagree by construction: {without.en}, for one, has no primary resistance, "
        f"only “{name.en.lower()}”.",
    )
